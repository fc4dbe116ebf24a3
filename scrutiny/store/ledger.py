"""The ledger: every question that the program asks of its store, and every change it makes, is a method here."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import PurePath
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import sqlalchemy as sa

from scrutiny.core.allies import Ally, Principal, Roster
from scrutiny.core.filters import Filter
from scrutiny.core.history import Amount, Change, Difference, Effect, Reversal, Step, signal_differences
from scrutiny.core.parts import DAILY
from scrutiny.core.signals import DESK, Signal
from scrutiny.errors import BadValue, BrokenLedger, ScrutinyError, Unknown
from scrutiny.store import changes, edits, past, rollup, roster, schema, search
from scrutiny.store.conditions import IN_LEDGER, Readable, check_origins, conditions
from scrutiny.store.engines.engine import Engine, Say, dispose, unanswered
from scrutiny.store.tables import ALLY, CHANGE, SIGNAL, SIGNALS, UNREADABLE, signal_of

if TYPE_CHECKING:  # imports of their own, below, for what only some commands do
    from scrutiny.core.arrival import Arrived, Batch, Merged
    from scrutiny.core.events import Candidate, Group
    from scrutiny.core.exported import Cell
    from scrutiny.core.notes import Note
    from scrutiny.core.parts import Asked
    from scrutiny.core.shares import Days, Reading
    from scrutiny.store.copying import Copied, Progress
    from scrutiny.store.events import Accepted
    from scrutiny.store.soundness import Problem
    from scrutiny.store.waiting import Staged, Waiting

Now = Callable[[], datetime]
SAMPLE = 10  # signals that an import shows
COUNTED = 10_000  # signals that are counted to say of how many some are shown

_JOINED = sa.join(SIGNAL, ALLY)
_LIVE = SIGNALS.where(IN_LEDGER)


@dataclass(frozen=True, slots=True)
class Logged:
    """What a change wrote: its number, its signals with their numbers, the allies it added."""

    change: int
    signals: tuple[Signal, ...]
    allies: tuple[Ally, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import brought: its change (None where nothing was new), each file's counts, the allies it added.

    `sample` is the first of the signals that it added.
    """

    change: int | None
    files: "tuple[Merged, ...]"
    allies: tuple[Ally, ...]
    sample: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit did: its change, the signal before and after, what is different, the allies it added."""

    change: int
    before: Signal
    after: Signal
    differences: tuple[Difference, ...]
    allies: tuple[Ally, ...]


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest of some signals, and how many these are; where the count is not exact, they are more."""

    signals: list[Signal]
    count: int
    is_exact: bool = True


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
        feeds: Readable,
        writing: bool,
        absent: bool = False,
        known: datetime | None = None,
    ) -> None:
        self.absent = absent  # nothing is there yet, and nothing was made
        self.author = author
        self.until: int | None = None  # the last change that is known, where a reader asked for the past
        self._feeds = feeds
        self._known = known
        self._made: int | None = None  # the change that is being made
        self._is_kept = False  # a change is written, whatever becomes of what follows
        self._is_rehearsing = False
        self._is_writing = writing
        self._store = store
        self._connection = connection
        self._say = say
        self._now = now

    def __enter__(self) -> Self:
        """A reader sees one moment of the ledger until it leaves."""
        try:
            if not self._is_writing:
                self._store.begin_reading(self._connection)
            if self._known is not None:
                self.until = past.until(self._connection, self._known)
        except BaseException as error:
            self.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        wrong = (
            self._first_problem() if isinstance(error, UNREADABLE) and not isinstance(error, ScrutinyError) else None
        )
        dispose(self._connection)
        if isinstance(error, sa.exc.DBAPIError):
            refused = self._store.explained(error.orig or error)
            refused.hint = "its change was written: scrutiny history" if self._is_kept else refused.hint
            raise refused from None
        if wrong:
            raise BrokenLedger(f"{self._store.where} is not sound: {wrong.what}", wrong.hint) from None

    def _first_problem(self) -> "Problem | None":
        """Why a row could not be read, where it is the ledger's fault and not this program's."""
        with suppress(sa.exc.SQLAlchemyError):  # where no transaction is left
            self._connection.exec_driver_sql("ROLLBACK")
        with suppress(sa.exc.SQLAlchemyError, ScrutinyError):
            self._store.begin_reading(self._connection)  # as a server is asked for many rows, by a writer too
            return next(iter(self.problems()), None)
        return None

    # -- its schema, its past

    def begin(self) -> None:
        """Makes the schema and writes what a new ledger knows, unless another program was first."""
        with self._writing():
            if schema.revision(self._connection, self._store.where) is None:
                schema.upgrade(self._connection)
                roster.seed(self._connection, self._record(changes.FIRST, "the principal and its first allies"))

    def upgrade(self) -> None:
        """Brings the schema up to date, unless another program was first, after a copy where the engine makes one."""
        with self._writing():
            before = schema.revision(self._connection, self._store.where)
            if before != schema.HEAD:
                copy = self._store.keep_aside(f"schema-{before}")
                self._say(f"note: the ledger's schema goes from {before} to {schema.HEAD}")
                if copy is not None:
                    self._say(f"note: a copy of it as it was: {copy}")
                schema.upgrade(self._connection)

    @contextmanager
    def at(self, known: datetime) -> Iterator[Self]:
        """Within, the ledger as it stood at a time; empty where that was before its first change."""
        before = self.until
        last = past.last(self._connection, known)
        self.until = last if before is None else min(before, last)
        try:
            yield self
        finally:
            self.until = before

    def _ask(self, asked: sa.Select[*tuple[Any, ...]], **how: Any) -> sa.CursorResult[*tuple[Any, ...]]:
        """Runs a query on the ledger as it is, or as it is known."""
        if self.until is not None:
            asked = asked.add_cte(*past.relations(self.until, self._store.schema))
        return self._connection.execute(asked, execution_options=how)

    # -- the principal and the allies

    def roster(self) -> Roster:
        """The allies and the principal."""
        return roster.read(self._connection, self.until)

    def set_principal(self, principal: Principal) -> int | None:
        """Follows another principal; the change's number, if it is another.

        ScrutinyError once there are signals or notes.
        """
        if self.roster().principal == principal:
            return None
        with self._change("setting", f"principal {principal.name}") as change:
            edits.refuse_another_principal(self._connection)
            roster.follow(self._connection, principal, change)
        return change

    def add_ally(self, ally: Ally) -> int:
        """Adds an ally; the change's number. ScrutinyError where its slug or a name is taken."""
        with self._change("ally add", ally.slug) as change:
            self.roster().checked(ally)
            roster.ensure(self._connection, [ally], change)
        return change

    def edit_ally(self, name: str, edited: Callable[[Ally], Ally]) -> tuple[int, Ally]:
        """Makes of the ally of that name what `edited` makes of it as it stands; the change, and its new state."""
        with self._writing():
            slug = self.roster().ally(name).slug
            change = self._record("ally edit", slug)
            return change, edits.edit_ally(self._connection, slug, edited, change)

    def merge_allies(self, old: str, into: str) -> tuple[int, Ally, Ally, Amount]:
        """Gives an ally's signals, notes and names to another; the change, both as they were, how much moved."""
        with self._writing():
            known = self.roster()
            gone, kept = known.ally(old).slug, known.ally(into).slug
            change = self._record("ally merge", f"{gone} into {kept}")
            return (change, *edits.merge(self._connection, gone, kept, change))

    def remove_ally(self, name: str) -> tuple[int, Ally]:
        """Takes out an ally without signals and notes; the change, and the ally as it was."""
        with self._writing():
            slug = self.roster().ally(name).slug
            change = self._record("ally remove", slug)
            return change, edits.remove_ally(self._connection, slug, change)

    def everyone(self) -> dict[str, Ally]:
        """Every ally that was ever there, by slug."""
        return {one.ally.slug: one.ally for one in roster.states(self._connection, self.until)}

    def ally_names(self) -> dict[str, str]:
        """What the allies are called, by slug, those that are no longer there among them."""
        return {slug: ally.name for slug, ally in self.everyone().items()}

    def signal_counts(self) -> dict[str, int]:
        """How many signals each ally has, by slug."""
        if self._is_summed(Filter()):
            asked = rollup.counts(Filter())
        else:
            asked = sa.select(SIGNAL.c.ally_id, sa.func.count()).where(IN_LEDGER).group_by(SIGNAL.c.ally_id)
        slugs = {row.id: row.slug for row in self._ask(sa.select(ALLY.c.id, ALLY.c.slug))}
        return {slugs[ally]: int(count) for ally, count in self._ask(asked)}

    # -- signals in

    def add(self, signals: Sequence[Signal], allies: Iterable[Ally] = ()) -> Logged:
        """Adds signals in one change, and those of the allies that are not there yet."""
        what = ", ".join(f"{signal.ally} {signal.word}" for signal in signals)
        with self._change("log", what) as change:
            added = roster.ensure(self._connection, allies, change)
            written = tuple(edits.add(self._connection, signal, change, self.author) for signal in signals)
        return Logged(change, written, added)

    def stage(self, rows: "Iterable[Waiting]") -> "Staged":
        """Reads a file's signals, as they are exported, into a waiting place of this connection's own."""
        from scrutiny.store import waiting  # 4 ms

        self._connection.exec_driver_sql("BEGIN")
        with self._ended(rehearsing=False):
            return waiting.stage(self._store, self._connection, rows)

    def merge(
        self, files: "Sequence[tuple[Staged, Arrived]]", allies: Iterable[Ally] = (), *, update: bool = False
    ) -> "Brought":
        """Brings the staged files in as one change, each as a batch; nothing new leaves no change behind.

        With `update` signals become what a file says of their uid.
        """
        from scrutiny.store import incoming

        merged: list[Merged] = []
        names = ", ".join(PurePath(arrived.name).name for _, arrived in files)
        with suppress(_NothingNewError), self._change("import", names) as change:
            new = {ally.slug: ally for ally in allies}
            added: tuple[Ally, ...] = ()
            for staged, arrived in files:
                one, met = incoming.merge(self._store, self._connection, staged, arrived, change, new, update=update)
                merged.append(one)
                added += met
            added += roster.bring_back(self._connection, change)
            if not any(one.is_news for one in merged):
                raise _NothingNewError
            first = SIGNALS.where(SIGNAL.c.added_by == change).order_by(SIGNAL.c.id).limit(SAMPLE)
            sample = tuple(map(signal_of, self._connection.execute(first).mappings()))
            return Brought(change, tuple(merged), added, sample)
        return Brought(None, tuple(merged), (), ())

    def batches(self) -> "list[Batch]":
        """What each import of a file brought, newest first."""
        from scrutiny.store import batches

        return batches.batches(self._ask, self.until)

    def batch_to_remove(self, number: int) -> "Batch":
        """The batch of that number; ScrutinyError where there is none, or nothing of it is in the ledger."""
        from scrutiny.store import batches

        return batches.to_remove(self._ask, number)

    def remove_batch(self, number: int, *, even_edited: bool = False) -> "tuple[int, Batch, int]":
        """Takes a batch out, in one change; its number, the batch as it was, how many signals."""
        from scrutiny.store import batches

        with self._writing():
            found = batches.to_remove(self._ask, number)
            if found.edited and not even_edited:
                raise batches.edited(found)
            change = self._record(changes.BATCH_REMOVAL, found.said)
            return change, found, batches.remove(self._connection, found, change)

    def likely_repeats(self, signal: Signal) -> list[Signal]:
        """The ally's signals of the same day that have the same source or the same summary."""
        same = SIGNAL.c.summary == signal.summary
        if signal.source:
            same |= SIGNAL.c.source == signal.source
        asked = _LIVE.where(ALLY.c.slug == signal.ally, SIGNAL.c.happened_on == signal.happened_on, same)
        return [signal_of(row) for row in self._connection.execute(asked.order_by(SIGNAL.c.id)).mappings()]

    def edit(self, number: int | None, edited: Callable[[Signal, Roster], tuple[Signal, Ally | None]]) -> Edited:
        """Makes of a signal what `edited` makes of it as it stands, of an ally that may be new."""
        with self._writing():
            known, before = self.roster(), self.signal(number)
            if before.removed:
                raise edits.removed(before.id)
            after, ally = edited(before, known)
            differences = signal_differences(before, after)
            if not differences:
                raise BadValue("nothing is to be changed", "say what, as in: scrutiny edit 12 B2 --act visit")
            parts = ", ".join(one.part for one in differences).replace("happened_on", "date")
            change = self._record("edit", f"#{before.id} {parts}")
            added = roster.ensure(self._connection, [] if ally is None else [ally], change)
            edits.edit(self._connection, before, after, change)
        return Edited(change, before, after, differences, added)

    def remove(self, numbers: Sequence[int | None]) -> tuple[int, list[Signal]]:
        """Takes signals out of the ledger, in one change; its number, and the signals as they were."""
        with self._writing():
            signals = self.named(numbers)
            change = self._record("remove", ", ".join(f"#{one.id}" for one in signals))
            edits.remove_all(self._connection, signals, change)
        return change, signals

    def named(self, numbers: Sequence[int | None]) -> list[Signal]:
        """The signals of those numbers, each once; Unknown or ScrutinyError where one is not in the ledger."""
        known = [self.signal(None).id if one is None else one for one in numbers]
        return edits.named(self._connection, [one for one in known if one is not None])

    # -- signals out

    def signal(self, number: int | None) -> Signal:
        """The signal of that number, removed or not; the latest one in the ledger where the number is None."""
        if number is None:
            asked = _LIVE.order_by(SIGNAL.c.id.desc()).limit(1)
        else:
            asked = SIGNALS.where(SIGNAL.c.id == number)
        row = self._ask(asked).mappings().first()
        if row is None:
            if number is None:
                raise Unknown("the ledger has no signal yet")
            raise Unknown(f"no signal #{number}", "see them with: scrutiny list")
        return signal_of(row)

    def signals(self, wanted: Filter, limit: int | None = None) -> list[Signal]:
        """The signals that a filter means, newest first."""
        asked = SIGNALS.where(*self._conditions(wanted, by_text=limit is not None))
        asked = asked.order_by(SIGNAL.c.happened_on.desc(), SIGNAL.c.id.desc()).limit(limit)
        return [signal_of(row) for row in self._ask(asked).mappings()]

    def newest(self, wanted: Filter, limit: int | None) -> Newest:
        """The newest of the signals that a filter means, and how many it means.

        Where sums do not tell these are counted, but no more than COUNTED, or than are asked for.
        """
        signals, count = self._newest(wanted, limit)
        if len(signals) != limit:
            return Newest(signals, len(signals))
        if self._is_summed(wanted):
            return Newest(signals, self.count(wanted))
        most = max(COUNTED, limit)
        if count is None:
            count = self._counted(wanted, most + 1)
        return Newest(signals, min(count, most), is_exact=count <= most)

    def _newest(self, wanted: Filter, limit: int | None) -> tuple[list[Signal], int | None]:
        """The same, and how many it means where that was found, too."""
        if not limit or not wanted.words or self.until is not None:
            return self.signals(wanted, limit), None
        after = search.before_recent(self._connection) if limit <= search.RECENT else None
        if after is not None:  # so frequent words are met soon, and then it does not matter how frequent
            signals = self.signals(replace(wanted, after=max(after, wanted.after or after)), limit)
            if len(signals) == limit:
                return signals, None
        if self._is_of_words(wanted):
            numbers = self._store.newest(self._connection, wanted.words, limit)
            if numbers is not None:
                return self.numbered(numbers), None
        if self._store.are_common(self._connection, wanted.words):
            return self.signals(wanted, limit), None
        meant = self._where(sa.select(SIGNAL.c.id).select_from(_JOINED), wanted)
        rows = self._ask(search.newest(meant, limit)).all()
        return self.numbered([number for number, _ in rows]), rows[0][1] if rows else 0

    def _counted(self, wanted: Filter, most: int) -> int:
        """How many signals a filter means, or `most` where it means more."""
        if self._is_of_words(wanted):
            return self._store.count(self._connection, wanted.words, most)
        by_text = bool(wanted.words and self.until is None) and self._store.are_common(self._connection, wanted.words)
        meant = sa.select(SIGNAL.c.id).select_from(_JOINED).where(*self._conditions(wanted, by_text=by_text))
        return self._ask(sa.select(sa.func.count()).select_from(self._store.at_most(meant, most))).scalar() or 0

    def count(self, wanted: Filter) -> int:
        """How many signals a filter means."""
        if self._is_of_words(wanted):
            return self._store.count(self._connection, wanted.words)
        asked = self._where(sa.select(sa.func.count()).select_from(_JOINED), wanted)
        if self._is_summed(wanted):
            return sum(int(count) for _, count in self._ask(rollup.counts(wanted)))
        return self._ask(asked).scalar() or 0

    def has(self, wanted: Filter) -> bool:
        """Whether a filter means any signal."""
        asked = self._where(sa.select(SIGNAL.c.id).select_from(_JOINED), wanted)
        return self._ask(asked.limit(1)).first() is not None

    def exported(self, wanted: Filter) -> "Generator[tuple[Cell, ...]]":
        """The cells of the signals that a filter means by date, then uid, a thousand at a time.

        Whoever stops early closes it, while the ledger is still open.
        """
        from scrutiny.store import exporting

        asked = self._where(exporting.exported(self._store), wanted).order_by(SIGNAL.c.happened_on, SIGNAL.c.uid)
        return self._streamed(asked, exporting.CHUNK)

    def _streamed(self, asked: sa.Select[Any], at_a_time: int) -> "Generator[tuple[Cell, ...]]":
        """The rows of a question as they are read; a server keeps nothing open for it once it is closed."""
        with self._ask(asked, yield_per=at_a_time) as found:
            yield from found

    def private_uids(self) -> frozenset[str]:
        """The uids of all signals that are marked private, or were as the ledger is known, taken out or not."""
        asked = sa.select(SIGNAL.c.uid).where(SIGNAL.c.private)
        now = frozenset(self._connection.scalars(asked))
        return now if self.until is None else now.union(self._ask(asked).scalars())

    def days(self, wanted: Filter, asked: "Sequence[Asked]" = ()) -> "list[Days]":
        """What the signals that a filter means come to, day by day: each ally's days that has any, by slug."""
        from scrutiny.store import shares  # 10 ms with the trend, which log need not pay

        where = self._conditions(wanted)
        source = shares.kept(wanted, asked) if self._is_summed(wanted) else shares.signals(where)
        return shares.days(self._ask, source, asked)

    def readings(self, wanted: Filter) -> "list[Reading]":
        """What the signals that a filter means say, day by day: each reading once, with how many signals say it."""
        from scrutiny.store import shares

        return shares.readings(self._ask, self._conditions(wanted))

    def _is_summed(self, wanted: Filter) -> bool:
        """Whether the sums that are kept of the ledger as it is say what a filter means."""
        return self.until is None and rollup.answers(wanted)

    def _is_of_words(self, wanted: Filter) -> bool:
        """Whether a filter means signals of the ledger as it is by their words alone."""
        return bool(wanted.words) and self.until is None and wanted == Filter(words=wanted.words)

    def _where(self, asked: sa.Select[Any], wanted: Filter) -> sa.Select[Any]:
        return asked.where(*self._conditions(wanted))

    def _conditions(self, wanted: Filter, *, by_text: bool = False) -> list[sa.ColumnElement[bool]]:
        """What holds of the signals that a filter means; with `by_text` as can be seen from each by itself."""
        check_origins(self._connection, wanted.origins, self._feeds)
        by_text = by_text or self.until is not None
        return conditions(wanted, search.by_text if by_text else partial(self._store.matches, self._connection))

    # -- notes

    def note(self, ally: str, on: date, text: str) -> "tuple[Ally, Note]":
        """Records a note on the ally of that name, in one change; the ally, and the note as the ledger keeps it."""
        from scrutiny.core.notes import Note, subject
        from scrutiny.store import notes  # 2 ms, which log need not pay

        with self._writing():
            whom = subject(self.roster(), ally)
            draft = Note(whom.slug, on, text)
            return whom, notes.add(self._connection, draft, self._record("note", f"{whom.slug} {on}"))

    def notes(self, allies: Sequence[str] = (), up_to: date | None = None, limit: int | None = None) -> "list[Note]":
        """The notes on some allies, by slug, or on all, dated up to a day, newest first."""
        from scrutiny.store import notes

        return notes.notes(self._ask, allies, up_to, limit)

    # -- feed events

    def candidates(self, wanted: Filter, limit: int | None = None) -> "list[Candidate]":
        """The feed events worth reading up among those that a filter means, the first of them first."""
        from scrutiny.store import events  # 3 ms, which log need not pay

        of_desk = Filter(origins=(DESK,))
        desk = rollup.rows(of_desk, DAILY) if self._is_summed(of_desk) else events.desk_days()
        return events.candidates(self._ask, lambda asked: self._where(asked, wanted), desk, limit)

    def count_candidates(self, wanted: Filter) -> int:
        """How many there are."""
        from scrutiny.store import events

        asked = self._where(sa.select(sa.func.count()).select_from(_JOINED), wanted)
        return self._ask(asked.where(events.IS_CANDIDATE)).scalar() or 0

    def accept(self, number: int | None, accepted: Callable[[Signal, Roster], Signal]) -> "Accepted":
        """Makes of a feed event, as it stands, what `accepted` makes of it: a signal of the desk."""
        from scrutiny.store import events

        self.signal(number)  # Unknown already where there is no ledger to be written
        with self._writing():
            event = events.acceptable(self._connection, self.signal(number))
            draft = accepted(event, self.roster())
            others = (one for one in self.likely_repeats(draft) if one.id != event.id)
            repeats = tuple(one for one in others if one.origin == DESK or events.is_page(one.source))
            change = self._record("accept", f"#{event.id} {draft.ally} {draft.word}")
            signal = edits.add(self._connection, draft, change, self.author)
        return events.Accepted(change, event, signal, repeats)

    def accepted_as(self, event: Signal) -> int | None:
        """The number of the desk's signal that a feed event became; None where it became none."""
        from scrutiny.store import events

        return events.accepted_as(self._ask, event)

    def duplicates(self, wanted: Filter) -> "list[Group]":
        """The events that several origins report, newest first: those with a report that a filter means."""
        from scrutiny.core.events import together
        from scrutiny.store import events

        groups = together(events.alike(self._ask, wanted.allies))
        if wanted == Filter(allies=wanted.allies):
            return groups
        meant = set(self._ask(self._where(sa.select(SIGNAL.c.id).select_from(_JOINED), wanted)).scalars())
        return [group for group in groups if any(report.number in meant for report in group)]

    def numbered(self, numbers: Sequence[int]) -> list[Signal]:
        """The signals of those numbers, in their order."""
        from scrutiny.store import events

        return events.numbered(self._ask, numbers)

    # -- history

    def changes(self, author: str | None = None, ally: str | None = None, limit: int | None = None) -> list[Change]:
        """The changes, newest first: an author's, or those that touched an ally or its signals."""
        from scrutiny.store import history  # 3 ms, which log need not pay

        return history.changes(self._ask, author, ally, limit)

    def steps(self, signal: Signal) -> list[Step]:
        """What happened to one signal, the first first."""
        from scrutiny.store import history

        return history.steps(self._ask, signal)

    def effect(self, number: int, limit: int) -> Effect:
        """What a change did; at most so many of its signals and notes of each deed one by one."""
        from scrutiny.store import history

        row = self._ask(changes.CHANGES.where(CHANGE.c.id == number)).first()
        if row is None:
            raise ScrutinyError(f"no change {number}", "see them with: scrutiny history")
        return history.effect(self._ask, self._connection, changes.change_of(row), limit)

    # -- taking back

    def to_undo(self, number: int | None, *, anyone: bool = False) -> Change:
        """The change of that number, else this author's latest (or anyone's) that stands and can be taken back."""
        return changes.to_undo(self._connection, None if anyone else self.author, number)

    def to_redo(self, number: int | None, *, anyone: bool = False) -> Change:
        """The change of that number, else the one that this author (or anyone) took back last."""
        return changes.to_redo(self._connection, None if anyone else self.author, number)

    def undo(self, change: int, *, even_edited: bool = False) -> Reversal:
        """Takes a change back; ScrutinyError where a later one stands in the way."""
        return self._reverse("undo", self.to_undo, change, even_edited=even_edited)

    def redo(self, change: int, *, even_edited: bool = False) -> Reversal:
        """Reapplies a change that was taken back; ScrutinyError as above."""
        return self._reverse("redo", self.to_redo, change, even_edited=even_edited)

    def _reverse(self, command: str, find: Callable[[int], Change], number: int, *, even_edited: bool) -> Reversal:
        from scrutiny.store import reversal  # 3 ms, as above

        with self._writing():
            found = find(number)
            new = self._record(command, f"change {number}")
            undoes = changes.reverses(self._connection, new, found)
            return reversal.reverse(self._connection, found, undoes, new, even_edited=even_edited)

    def rehearsing(self) -> Self:
        """The same ledger, from now on for trying alone."""
        self._is_rehearsing = True
        return self

    @contextmanager
    def rehearsed(self) -> Iterator[Self]:
        """Within, whatever is done is only tried: it is refused where it would be, and leaves nothing behind."""
        self._is_rehearsing = True
        try:
            yield self
        finally:
            self._is_rehearsing = False

    # -- soundness

    def problems(self) -> "list[Problem]":
        """What is wrong with the ledger, by its engine and by every rule over every row; empty where it is sound."""
        from scrutiny.store import soundness

        damage = [soundness.Problem(*one) for one in self._store.damage(self._say)]
        found = damage + list(soundness.problems(self._connection))
        if any(one.signals for one in found):  # which may well be why their sums are wrong
            return found
        return found + list(soundness.wrong_sums(self._connection))

    def make_sums_anew(self) -> int:
        """Makes what is kept of signal days what their signals come to, which are sound; how many days were wrong."""
        with self._writing():
            schema.refuse_another(self._connection, self._store.where)
            days = rollup.wrong(self._connection)
            rollup.make_anew(self._connection)
        return len(days)

    def size(self) -> tuple[int, int]:
        """How many signals it holds, removed ones among them, and how many changes."""
        signals, made = (sa.select(sa.func.count()).select_from(table) for table in (SIGNAL, CHANGE))
        return self._connection.scalar(signals) or 0, self._connection.scalar(made) or 0

    def copied_to(self, place: str, progress: "Progress") -> "Copied":
        """Copies all there is to another place, or goes on with such a copy that was broken off."""
        from scrutiny.store.copying import copy
        from scrutiny.store.sides import Side

        return copy(Side(self._store, self._connection), place, progress, self._say)

    # -- changes and transactions

    def _record(self, command: str, what: str) -> int:
        schema.refuse_another(self._connection, self._store.where)
        self._made = changes.record(self._connection, self._now(), self.author, command, what)
        return self._made

    @contextmanager
    def _change(self, command: str, what: str) -> Iterator[int]:
        """One change and all that it changes, as one transaction."""
        with self._writing():
            yield self._record(command, what)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, once it is this writer's turn."""
        self._store.begin_writing(self._connection, self._say)
        self._made = None
        with self._ended(rehearsing=self._is_rehearsing):
            yield
            if self._made is not None:
                rollup.follow(self._connection, self._made)

    @contextmanager
    def _ended(self, *, rehearsing: bool) -> Iterator[None]:
        try:
            yield
        except BaseException:
            with suppress(sa.exc.SQLAlchemyError):  # where the connection itself is gone, nothing is left to undo
                self._connection.exec_driver_sql("ROLLBACK")
            raise
        try:
            self._connection.exec_driver_sql("ROLLBACK" if rehearsing else "COMMIT")
        except sa.exc.DBAPIError as error:
            if error.connection_invalidated and self._made is not None and not rehearsing:
                raise unanswered(self._store.where) from None
            raise
        self._is_kept = self._made is not None and not rehearsing
