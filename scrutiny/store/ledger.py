"""The ledger: every question that the program asks of its store, and every change it makes, is a method here."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import sqlalchemy as sa

from scrutiny.core.acts import Kind
from scrutiny.core.allies import Ally, Principal, Roster
from scrutiny.core.filters import Filter
from scrutiny.core.signals import Actor, Domain, Driver, Signal
from scrutiny.core.text import checked
from scrutiny.errors import ScrutinyError, Unknown
from scrutiny.store import changes, roster, schema
from scrutiny.store.changes import Undoable
from scrutiny.store.conditions import HUNDREDTHS, IN_LEDGER, WEIGHT, conditions
from scrutiny.store.engines import engine
from scrutiny.store.engines.engine import Engine, Say, dispose
from scrutiny.store.engines.sqlite import Sqlite
from scrutiny.store.tables import ALLY, CHANGE, SIGNAL, row_of, signal_of

if TYPE_CHECKING:  # imports of their own, below, for what only some commands do
    from scrutiny.core.shares import DayShare
    from scrutiny.store.incoming import Arrived, Merged

Now = Callable[[], datetime]

_JOINED = sa.join(SIGNAL, ALLY)
_SIGNALS = sa.select(SIGNAL, ALLY.c.slug.label("ally")).select_from(_JOINED)
_LIVE = _SIGNALS.where(IN_LEDGER)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _silent(_: str) -> None:
    pass


def open_ledger(place: str, *, writing: bool, author: str, say: Say = _silent, now: Now = _now) -> "Ledger":
    """The ledger at a path or URL. A writer makes it where there is none; a reader finds an empty one there.

    `say` hears what takes long. Raises BrokenLedger for what is no ledger or is from a newer program.
    """
    store = engine(place)
    if writing:
        checked(author, "author")
    try:
        absent = not store.exists()
        if absent and writing:
            store.prepare(lambda connection: Ledger(store, connection, author, say, now, writing=True).begin())
        found: Engine = Sqlite(None) if absent and not writing else store
        connection = found.connect(writing=writing)
        try:
            if not schema.is_current(connection, store.where):
                if not writing and not absent:  # an empty store, which a reader leaves as it is
                    dispose(connection)
                    found, absent = Sqlite(None), True
                    connection = found.connect(writing=False)
                Ledger(found, connection, author, say, now, writing=True).begin()
        except BaseException:
            dispose(connection)
            raise
    except sa.exc.DBAPIError as error:
        raise store.explained(error.orig or error) from None
    return Ledger(found, connection, author, say, now, writing=writing, absent=absent and not writing)


@dataclass(frozen=True, slots=True)
class Logged:
    """What a change wrote: its number, its signals with their numbers, the allies it added."""

    change: int
    signals: tuple[Signal, ...]
    allies: tuple[Ally, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import brought: its change (None where nothing was new), each file's counts, the allies it added."""

    change: int | None
    files: "tuple[Merged, ...]"
    allies: tuple[Ally, ...]


class _NothingNewError(Exception):
    """An import brought nothing, so that its change is not worth a record."""


class Ledger(AbstractContextManager["Ledger"]):
    """An open ledger. Rows never leave it: it takes and gives domain values."""

    def __init__(
        self,
        store: Engine,
        connection: sa.Connection,
        author: str,
        say: Say,
        now: Now,
        *,
        writing: bool,
        absent: bool = False,
    ) -> None:
        self.absent = absent  # nothing is there yet, and nothing was made
        self.author = author
        self._is_writing = writing
        self._store = store
        self._connection = connection
        self._say = say
        self._now = now

    def __enter__(self) -> Self:
        """A reader sees one moment of the ledger until it leaves."""
        if not self._is_writing:
            self._store.begin_reading(self._connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        dispose(self._connection)
        if isinstance(error, sa.exc.DBAPIError):
            raise self._store.explained(error.orig or error) from None

    # -- the principal and the allies

    def begin(self) -> None:
        """Makes the schema and writes what a new ledger knows, unless another program was first."""
        with self._writing():
            if not schema.is_current(self._connection, self._store.where):
                schema.upgrade(self._connection)
                roster.seed(self._connection, self._record("new ledger", "the principal and its first allies"))

    def roster(self) -> Roster:
        """The allies and the principal."""
        return roster.read(self._connection)

    def set_principal(self, principal: Principal) -> None:
        """Follows another principal; ScrutinyError once there are signals."""
        with self._change("setting", f"principal {principal.name}") as change:
            if self._connection.scalar(sa.select(SIGNAL.c.id).limit(1)):
                raise ScrutinyError(
                    "the principal cannot be changed once the ledger has signals",
                    "follow another principal in a ledger of its own: --db other.db",
                )
            roster.follow(self._connection, principal, change)

    def add_ally(self, ally: Ally) -> None:
        """Adds an ally; ScrutinyError where its slug or a name is taken."""
        with self._change("ally add", ally.slug) as change:
            self.roster().checked(ally)
            roster.ensure(self._connection, [ally], change)

    def edit_ally(self, name: str, edited: Callable[[Ally], Ally]) -> Ally:
        """Makes of the ally of that name what `edited` makes of it as it stands; its new state."""
        with self._change("ally edit", name):
            known = self.roster()
            old = known.ally(name)
            new = known.checked(edited(old), instead_of=old)
            roster.write(self._connection, new)
        return new

    def ally_name(self, slug: str) -> str:
        """What an ally is called, even one that was taken back."""
        return str(self._connection.execute(sa.select(ALLY.c.name).where(ALLY.c.slug == slug)).scalar_one())

    def signal_counts(self) -> dict[str, int]:
        """How many signals each ally has, by slug."""
        asked = sa.select(ALLY.c.slug, sa.func.count()).select_from(_JOINED).where(IN_LEDGER)
        return dict(iter(self._connection.execute(asked.group_by(ALLY.c.slug))))

    # -- signals in

    def add(self, signals: Sequence[Signal], allies: Iterable[Ally] = ()) -> Logged:
        """Adds signals in one change, and those of the allies that are not there yet."""
        what = ", ".join(f"{signal.ally} {signal.word}" for signal in signals)
        with self._change("log", what) as change:
            added = roster.ensure(self._connection, allies, change)
            at = self._connection.scalar(sa.select(CHANGE.c.at).where(CHANGE.c.id == change))
            numbers = {row.slug: row.id for row in self._connection.execute(sa.select(ALLY.c.slug, ALLY.c.id))}
            for signal in signals:
                cells = row_of(signal) | {"recorded_at": at, "recorded_by": self.author}
                cells |= {"ally_id": numbers[signal.ally], "added_by": change}
                self._connection.execute(sa.insert(SIGNAL).values(cells))
            rows = self._connection.execute(_SIGNALS.where(SIGNAL.c.added_by == change).order_by(SIGNAL.c.id))
            written = tuple(signal_of(row) for row in rows.mappings())
        return Logged(change, written, added)

    def stage(self, file: int, signals: Iterable[tuple[int, Signal]]) -> None:
        """Reads a file's signals, each with its line, into a waiting place of this connection's own."""
        from scrutiny.store import incoming  # 4 ms

        incoming.INCOMING.create(self._connection, checkfirst=True)
        self._connection.exec_driver_sql("BEGIN")
        with self._ended():
            incoming.stage(self._connection, file, signals)

    def merge(self, files: "Sequence[Arrived]", allies: Iterable[Ally] = ()) -> Brought:
        """Brings the staged files in as one change, each as a batch; nothing new leaves no change behind."""
        from scrutiny.store import incoming

        merged: list[Merged] = []
        names = ", ".join(PurePath(file.name).name for file in files)
        with suppress(_NothingNewError), self._change("import", names) as change:
            added = roster.ensure(self._connection, allies, change)
            for number, file in enumerate(files):
                merged.append(incoming.merge(self._connection, number, file, change))
            if not any(one.added or one.revived for one in merged):
                raise _NothingNewError
            return Brought(change, tuple(merged), added)
        return Brought(None, tuple(merged), ())

    def likely_repeats(self, signal: Signal) -> list[Signal]:
        """The ally's signals of the same day that have the same source or the same summary."""
        same = SIGNAL.c.summary == signal.summary
        if signal.source:
            same |= SIGNAL.c.source == signal.source
        asked = _LIVE.where(ALLY.c.slug == signal.ally, SIGNAL.c.happened_on == signal.happened_on, same)
        return [signal_of(row) for row in self._connection.execute(asked.order_by(SIGNAL.c.id)).mappings()]

    # -- signals out

    def signal(self, number: int | None) -> Signal:
        """The signal of that number, removed or not; the latest one in the ledger where the number is None."""
        if number is None:
            asked = _LIVE.order_by(SIGNAL.c.id.desc()).limit(1)
        else:
            asked = _SIGNALS.where(SIGNAL.c.id == number)
        row = self._connection.execute(asked).mappings().first()
        if row is None:
            if number is None:
                raise Unknown("the ledger has no signal yet")
            raise Unknown(f"no signal #{number}", "see them with: scrutiny list")
        return signal_of(row)

    def signals(self, wanted: Filter, limit: int | None = None) -> list[Signal]:
        """The signals that a filter means, newest first."""
        asked = self._where(_SIGNALS, wanted).order_by(SIGNAL.c.happened_on.desc(), SIGNAL.c.id.desc()).limit(limit)
        return [signal_of(row) for row in self._connection.execute(asked).mappings()]

    def count(self, wanted: Filter) -> int:
        """How many signals a filter means."""
        asked = self._where(sa.select(sa.func.count()).select_from(_JOINED), wanted)
        return self._connection.scalar(asked) or 0

    def exported(self, wanted: Filter) -> Generator[Signal]:
        """The signals that a filter means by date, then uid, a thousand at a time.

        Whoever stops early closes it, while the ledger is still open.
        """
        asked = self._where(_SIGNALS, wanted).order_by(SIGNAL.c.happened_on, SIGNAL.c.uid)
        rows = self._connection.execute(asked, execution_options={"yield_per": 1000})
        yield from (signal_of(row) for row in rows.mappings())

    def shares(self, wanted: Filter) -> "list[DayShare]":
        """What the signal days that a filter means come to, by ally, then day."""
        from scrutiny.core.shares import DayShare  # 10 ms with the trend, which log need not pay

        by = [ALLY.c.slug, *(SIGNAL.c[name] for name in ("happened_on", "actor", "kind", "domain", "driver"))]
        weighted = WEIGHT * HUNDREDTHS
        positive = sa.case((SIGNAL.c.score > 0, weighted), else_=0)
        sums = (sa.func.count(), *map(sa.func.sum, (WEIGHT, weighted, positive)))
        asked = sa.select(*by, *sums).select_from(_JOINED)
        return [
            DayShare(
                slug,
                on,
                Actor(actor),
                Kind(kind),
                domain and Domain(domain),
                driver and Driver(driver),
                *rest,
            )
            for slug, on, actor, kind, domain, driver, *rest in self._connection.execute(
                self._where(asked, wanted).group_by(*by).order_by(*by[:2])
            )
        ]

    def _where(self, asked: sa.Select[Any], wanted: Filter) -> sa.Select[Any]:
        return asked.where(*conditions(wanted, self._store.matches))

    # -- taking back

    def undoable(self, number: int | None) -> Undoable:
        """The change of that number, else this author's latest that can be taken back.

        ScrutinyError where there is none, where it was taken back already, or where it is of another sort.
        """
        return changes.undoable(self._connection, self.author, number)

    def undo(self, number: int) -> int:
        """Takes back what a log or an import added; the number of the change that did so."""
        with self._writing():
            changes.undoable(self._connection, self.author, number)  # somebody may have been quicker
            change = self._record("undo", f"change {number}", undoes=number)
            changes.take_back(self._connection, number, change)
        return change

    # -- changes and transactions

    def _record(self, command: str, what: str, undoes: int | None = None) -> int:
        return changes.record(self._connection, self._now(), self.author, command, what, undoes)

    @contextmanager
    def _change(self, command: str, what: str) -> Iterator[int]:
        """One change and all that it changes, as one transaction."""
        with self._writing():
            yield self._record(command, what)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, once it is this writer's turn."""
        self._store.begin_writing(self._connection, self._say)
        with self._ended():
            yield

    @contextmanager
    def _ended(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            with suppress(sa.exc.SQLAlchemyError):  # where the connection itself is gone, nothing is left to undo
                self._connection.exec_driver_sql("ROLLBACK")
            raise
        self._connection.exec_driver_sql("COMMIT")
