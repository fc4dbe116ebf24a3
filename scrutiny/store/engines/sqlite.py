"""SQLite: a file of the analyst's own."""

import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from scrutiny.errors import BrokenLedger, ScrutinyError
from scrutiny.store.engines import copies
from scrutiny.store.engines.copies import Progress
from scrutiny.store.engines.engine import GIVE_UP_AFTER, SAY_AFTER, WAITING, Fill, Say, dispose, gave_up
from scrutiny.store.search import by_text
from scrutiny.store.tables import SIGNAL, SIGNAL_DAY

BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a file
CACHE = 4_000  # KiB of pages that a writer keeps, and twice as much again of what it sorts
ARRIVING = 17_000  # of pages while rows arrive: large imports touch an index everywhere
COMMON = 10  # of so many signals one has the words: in SQLite going through all takes as long as looking these up
MANY = 50  # the same where going through all is going through an index of their days
FOUND = "SELECT rowid FROM signal_search WHERE signal_search MATCH :asked"
RESTORE = "bring back a copy, and keep this one aside: scrutiny db restore COPY"


class Sqlite:
    """A ledger in a file; without a path, one in memory."""

    schema: str | None = "main"
    upgrades_itself = True

    def __init__(self, path: Path | None, called: str | None = None) -> None:
        self.path = path
        self.where = called or (str(path) if path else "a new ledger")

    @property
    def file(self) -> Path:
        """The file, of a ledger that has one."""
        if self.path is None:
            raise ScrutinyError("a ledger in memory has no file")
        return self.path

    def exists(self) -> bool:
        """Whether the file is there and holds anything; an empty file is as good as none."""
        if self.path is None:
            return False
        try:
            if self.path.is_dir():
                raise ScrutinyError(f"{self.where} is a folder", "name a file in it: --db ledger.db")
            _refuse_part(self.path)
            return self.path.stat().st_size > 0
        except FileNotFoundError:
            return False
        except OSError as error:
            raise ScrutinyError(f"cannot open {self.where}: {error.strerror}") from None

    def connect(self, *, writing: bool) -> sa.Connection:
        """Opens the file; without a path, a ledger in memory."""

        def opened() -> sqlite3.Connection:
            connection = self.open(writing)
            try:
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA synchronous = FULL")
                if writing:
                    connection.execute(f"PRAGMA cache_size = -{CACHE}")
                    connection.execute("PRAGMA threads = 1")  # beside our own, for what is long to sort
                    use_wal(connection)
                elif self.path:
                    connection.execute("PRAGMA query_only = ON")
            except sqlite3.Error:  # this is no database
                connection.close()
                raise
            return connection

        return sa.create_engine(
            "sqlite://", creator=opened, poolclass=sa.pool.StaticPool, isolation_level="AUTOCOMMIT"
        ).connect()

    def open(self, writing: bool) -> sqlite3.Connection:
        """SQLite's own connection to the file."""
        if self.path is None:
            return sqlite3.connect(":memory:")
        uri = f"{self.path.as_uri()}?mode=rw"
        if not writing and not os.access(self.path.parent, os.W_OK) and not self._beside("-wal").exists():
            uri += "&immutable=1"  # nobody can write here, and reading would want to make files beside it
        return sqlite3.connect(uri, uri=True, timeout=GIVE_UP_AFTER, isolation_level=None)

    def refuse_closed(self, connection: sa.Connection) -> None:  # a file that may not be read cannot be opened
        """Nothing."""

    def begin_reading(self, connection: sa.Connection) -> None:
        """A deferred transaction: in WAL mode a reader neither waits nor makes anybody wait."""
        connection.exec_driver_sql("BEGIN")

    def begin_writing(self, connection: sa.Connection, say: Say) -> None:
        """Takes the write lock at once, so that no write can fail half way for want of it."""
        raw: Any = connection.connection.driver_connection
        self._take_turn(raw, say)

    def _take_turn(self, connection: sqlite3.Connection, say: Say) -> None:
        for patience in (SAY_AFTER, GIVE_UP_AFTER - SAY_AFTER):
            connection.execute(f"PRAGMA busy_timeout = {round(patience * 1000)}")
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if not _is_busy(error):
                    raise self.explained(error) from None
                if patience == SAY_AFTER:
                    say(WAITING)
            else:
                return
        raise gave_up(self.where)

    def are_common(self, connection: sa.Connection, words: Sequence[str]) -> bool:
        """As the index finds them."""
        return _are_many(connection, words, COMMON)

    def at_most(self, meant: sa.Select[int], most: int) -> sa.FromClause:
        """As they are met."""
        return meant.limit(most).subquery()

    def count(self, connection: sa.Connection, words: Sequence[str], most: int | None = None) -> int:
        """Those in the index, which counts without a look at them, less those that were taken out."""
        asked = sa.select(sa.func.count()).where(SIGNAL.c.removed_by.is_not(None), by_text(words))
        gone = connection.scalar(asked) or 0
        return _counted(connection, words, None if most is None else most + gone) - gone

    def newest(self, connection: sa.Connection, words: Sequence[str], limit: int) -> Sequence[int]:
        """Many are not looked up, but met on the way through the index of days: + 0 hides that they could be.

        So they are found about as fast where all of them are old; no text is read.
        """
        number = SIGNAL.c.id + 0 if _are_many(connection, words, MANY) else SIGNAL.c.id
        asked = sa.select(SIGNAL.c.id).where(SIGNAL.c.removed_by.is_(None), number.in_(_found(words)))
        asked = asked.order_by(SIGNAL.c.happened_on.desc(), SIGNAL.c.id.desc()).limit(limit)
        return connection.scalars(asked).all()

    def matches(self, connection: sa.Connection, words: Sequence[str]) -> sa.ColumnElement[bool]:
        """By the index."""
        return SIGNAL.c.id.in_(_found(words))

    def instant(self, at: sa.ColumnElement[datetime]) -> sa.ColumnElement[str]:
        """From the text that is kept, 2026-02-24 09:30:00.000000."""
        text = sa.type_coerce(at, sa.String)
        day, clock, fraction = (sa.func.substr(text, *of, type_=sa.String) for of in ((1, 10), (12, 8), (20,)))
        return day + "T" + clock + sa.func.replace(fraction, ".000000", "", type_=sa.String) + "Z"

    def moment(self, text: sa.ColumnElement[str]) -> sa.ColumnElement[datetime]:
        """As SQLAlchemy writes it here."""
        day, clock, fraction = (sa.func.substr(text, *of, type_=sa.String) for of in ((1, 10), (12, 8), (20,)))
        digits = sa.case((fraction == "Z", ".000000"), else_=sa.func.replace(fraction, "Z", "", type_=sa.String))
        return sa.type_coerce(day + " " + clock + digits, SIGNAL.c.recorded_at.type)

    @contextmanager
    def arriving(self, connection: sa.Connection, batch: int) -> Iterator[None]:
        """Without looking again at rules that hold, and with the index filled all at once: half the time."""
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.exec_driver_sql(f"PRAGMA cache_size = -{ARRIVING}")
        try:
            yield
            connection.exec_driver_sql(
                "INSERT INTO signal_search (rowid, words) SELECT id, words FROM signal WHERE batch_id = ?", (batch,)
            )
        finally:
            connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE}")
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")

    def load(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Sequence[sa.Column[Any]],
        rows: Iterable[Sequence[Any]],
    ) -> None:
        """By the driver itself: through SQLAlchemy a row costs three times as much."""
        raw: Any = connection.connection.driver_connection
        names, marks = ", ".join(one.name for one in columns), ", ".join("?" * len(columns))
        try:
            raw.executemany(
                f"INSERT INTO {table.name} ({names}) VALUES ({marks})",  # noqa: S608  # our own names
                rows,
            )
        except sqlite3.Error as error:
            raise self.explained(error) from None

    def written(self, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
        """As it is kept: 2026-02-24, or 2026-02-24 09:30:00.000000."""
        kind = getattr(column.type, "impl", column.type)
        return sa.type_coerce(column, sa.String) if isinstance(kind, sa.Date | sa.DateTime) else column

    @contextmanager
    def filling(self, connection: sa.Connection, say: Say) -> Iterator[None]:
        """Whose turn it is holds a file beside the ledger, which stays there with a copy that is broken off.

        Looking again at rules that hold would be a third of the time.
        """
        turn = self._beside(".copying")
        try:
            file = os.open(turn, os.O_CREAT | os.O_RDWR, 0o600)
            size = os.fstat(file).st_size
            os.close(file)
        except OSError as error:
            raise ScrutinyError(f"cannot write {turn}: {error.strerror}") from None
        if size:  # a file of somebody's, perhaps the ledger itself
            raise ScrutinyError(f"{turn} is in the way of a copy", "copy to another place")
        with closing(sqlite3.connect(turn, isolation_level=None)) as held:
            held.execute("PRAGMA journal_mode = MEMORY")  # nothing is written there
            self._take_turn(held, say)
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            connection.exec_driver_sql(f"PRAGMA cache_size = -{ARRIVING}")
            yield
            with suppress(OSError):  # a system that keeps open files
                turn.unlink(missing_ok=True)

    def clear(self, connection: sa.Connection, tables: Sequence[sa.Table]) -> None:
        """From the last to the first, without the search index, in which many of these rows are not yet."""
        triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for table in reversed(tables):
            connection.execute(sa.delete(table))
        for _, made in triggers:
            connection.exec_driver_sql(made)

    def settle(self, connection: sa.Connection, tables: Sequence[sa.Table]) -> None:
        """The search index is made anew, since some rows were indexed as they came."""
        for table in tables:
            if "id" in table.c:
                last = connection.scalar(sa.select(sa.func.max(table.c.id))) or 0
                connection.exec_driver_sql("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (last, table.name))
        connection.exec_driver_sql("INSERT INTO signal_search (signal_search) VALUES ('rebuild')")

    def prepare(self, fill: Fill) -> None:
        """Makes a new ledger out of sight and links it into place, so that a race costs nobody anything.

        Where the file system has no links the file is made empty, to be filled where it is.
        """
        fresh = self._beside(f".{os.getpid()}-{secrets.token_hex(4)}.new")
        try:
            self.make_room()
            os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            Sqlite(fresh).fill(fill)
            self._link(fresh)
        except OSError as error:
            raise ScrutinyError(f"cannot make a ledger at {self.where}: {error.strerror}") from None
        finally:
            for name in ("", *BESIDE):
                Path(f"{fresh}{name}").unlink(missing_ok=True)

    def fill(self, fill: Fill) -> None:
        """Fills the file, which nobody else knows yet."""
        connection = self.connect(writing=True)
        try:
            fill(connection)
        finally:
            dispose(connection)

    def _link(self, fresh: Path) -> None:
        try:
            os.link(fresh, self.file)
        except FileExistsError:
            if not self.exists():  # somebody made it empty beforehand
                self.file.chmod(0o600)
        except OSError:
            os.close(os.open(self.file, os.O_CREAT | os.O_RDWR, 0o600))

    # -- copies and checks

    def keep_aside(self, why: str) -> Path:
        """Copies the ledger beside itself: ledger.WHY.db."""
        to = copies.free_name(self.file, why)
        self.copy(to, lambda *_: None)
        return to

    def copy(self, to: Path, progress: Progress, *, force: bool = False) -> None:
        """Copies the ledger as it is at this moment to a file that appears whole or not at all."""
        if to.exists() and self.file.exists() and to.samefile(self.file):
            raise ScrutinyError(f"{to} is the ledger itself", "name another file")
        _refuse_part(to)
        try:
            copies.copy(lambda: self.open(writing=False), to, progress, force=force)
        except sqlite3.Error as error:
            raise self.explained(error) from None

    def make_room(self) -> None:
        """Makes the folder that the file is in, for its owner alone.

        ScrutinyError where that cannot be, or where what a ledger wrote last lies there without the ledger: SQLite
        would take it for that of the new one.
        """
        try:
            for folder in reversed([one for one in self.file.parents if not one.exists()]):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise ScrutinyError(f"cannot make a ledger at {self.where}: {error.strerror}") from None
        left = [self._beside(suffix) for suffix in BESIDE if self._beside(suffix).exists()]
        if left and not self.file.exists():
            raise ScrutinyError(
                f"{left[0]} is there without its ledger", "it may hold the last signals of one: move both or neither"
            )

    def is_damaged(self) -> bool:
        """Whether SQLite cannot make sense of a file that was once a database."""
        if not copies.begins_as_a_database(self.file):
            return False
        try:
            with closing(self.open(writing=False)) as connection:
                return [said for (said,) in connection.execute("PRAGMA quick_check(1)")] != ["ok"]
        except sqlite3.OperationalError:
            return False
        except sqlite3.DatabaseError:
            return True

    def damage(self, say: Say) -> Iterator[tuple[str, tuple[int, ...]]]:
        """What SQLite's own checks find: of references, of the search index; BrokenLedger for broken pages."""
        try:
            with closing(self.open(writing=False)) as connection:
                connection.execute("PRAGMA ignore_check_constraints = ON")  # whose rules are looked at row by row
                said = [said for (said,) in connection.execute("PRAGMA integrity_check(20)") if said != "ok"]
                if any(not _is_of_a_cell(one) for one in said):
                    more = f", and {len(said) - 1} more" if len(said) > 1 else ""
                    raise BrokenLedger(f"{self.where} is damaged: {said[0]}{more}", RESTORE)
                for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
                    if table != SIGNAL_DAY.name:  # whose rows are held against the signals
                        touched = (row,) if table == SIGNAL.name else ()
                        yield f"row {row} of {table} refers to a row of {parent} that is not there", touched
            if os.access(self.file, os.W_OK) and os.access(self.file.parent, os.W_OK):
                yield from ((what, ()) for what in self._damage_of_search(say))
        except sqlite3.Error as error:
            raise self.explained(error) from None

    def _damage_of_search(self, say: Say) -> Iterator[str]:
        """The index's own check is a command to it, and so needs a writer's turn, though it writes nothing."""
        with closing(self.open(writing=True)) as connection:
            self._take_turn(connection, say)
            try:
                connection.execute("INSERT INTO signal_search (signal_search, rank) VALUES ('integrity-check', 1)")
            except sqlite3.DatabaseError:
                yield "the search index does not agree with the signals"
            connection.execute("ROLLBACK")

    def _beside(self, suffix: str) -> Path:
        return Path(f"{self.path}{suffix}")

    def explained(self, error: BaseException) -> ScrutinyError:
        """What SQLite says, in the analyst's words."""
        said = str(error)
        if _is_busy(error):
            return gave_up(self.where)
        if any(sign in said for sign in ("not a database", "malformed", "disk image", "no such", "Could not decode")):
            return BrokenLedger(f"{self.where} is not a ledger, or is damaged: {said}", RESTORE)
        if "readonly" in said:
            return ScrutinyError(f"{self.where} may not be written", "check the rights of the file and its folder")
        if "disk I/O" in said:
            return ScrutinyError(f"the disk of {self.where} failed; nothing was written", "is it full, or gone?")
        if "full" in said:
            return ScrutinyError(f"the disk of {self.where} is full; nothing was written", "make room and try again")
        return ScrutinyError(f"cannot use {self.where}: {said}")


def _refuse_part(path: Path) -> None:
    """ScrutinyError for a name under which SQLite keeps a part of another file: it would destroy what is there."""
    for suffix in BESIDE:
        whole = Path(str(path).removesuffix(suffix))
        if whole != path and whole.is_file():
            raise ScrutinyError(f"{path} belongs to {whole}", "name another file")


def _asked(words: Sequence[str]) -> str:
    """In FTS5's own language, each word a quoted prefix."""
    return " ".join(f'"{word}"*' for word in words)


def _found(words: Sequence[str]) -> Any:
    """The numbers of the signals that the index finds."""
    return sa.text(FOUND).bindparams(asked=_asked(words)).columns(sa.column("rowid", sa.Integer))


def _counted(connection: sa.Connection, words: Sequence[str], most: int | None) -> int:
    """How many the index finds, which stops when there are so many."""
    asked = sa.text(f"SELECT count(*) FROM ({FOUND} LIMIT :most)")  # noqa: S608  # ours
    return int(connection.scalar(asked, {"asked": _asked(words), "most": -1 if most is None else most}))


def _are_many(connection: sa.Connection, words: Sequence[str], among: int) -> bool:
    """Whether more than one of so many signals has the words, taken out or not."""
    few = (connection.scalar(sa.select(sa.func.max(SIGNAL.c.id))) or 0) // among
    return _counted(connection, words, few + 1) > few


def _is_busy(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError) and ("locked" in str(error) or "busy" in str(error))


def _is_of_a_cell(said: str) -> bool:
    """Whether the integrity check speaks of a value, which the rules of the domain name better."""
    return said.startswith(("NULL value in", "non-", "NUMERIC value in", "TEXT value in")) or "CHECK" in said


def use_wal(connection: sqlite3.Connection) -> None:
    """Lets readers and a writer work side by side, unless the file is in use in its older mode just now."""
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        with suppress(sqlite3.OperationalError):  # does not wait its turn; the next writer tries again
            connection.execute("PRAGMA journal_mode = WAL")
