"""Where tests keep their ledgers: in files, or in databases on a server of their own."""

import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
import sqlalchemy as sa
from psycopg.pq import TransactionStatus
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from scrutiny.store.engines import engine
from scrutiny.store.engines.engine import Engine

OWN = "ledger.db"
UNUSED_WITHIN = 2.0  # seconds in which what a test left open may close
SORTING = (
    "TEMPLATE template0 ICU_LOCALE 'en-US' LOCALE_PROVIDER icu"  # unlike bytes, so that a forgotten COLLATE shows
)


class Store(Protocol):
    """Places of one kind."""

    def fresh(self, home: Path) -> str:
        """The place of a test's own ledger, of which nothing is there yet."""
        ...

    def lasting(self) -> str:
        """A place for a ledger that outlives the test, of which others have copies."""
        ...

    def copy(self, template: str, home: Path) -> str:
        """Makes the test's own ledger what another is; its place."""
        ...


def is_there(place: str) -> bool:
    """Whether anything was made there."""
    if "://" not in place:
        return Path(place).exists()
    with psycopg.connect(place) as connection:
        return bool(connection.execute("SELECT FROM pg_tables WHERE schemaname = 'public'").rowcount)


def state(place: str) -> object:
    """Whatever a ledger holds: its bytes, or its rows."""
    if "://" not in place:
        return Path(place).read_bytes()
    with raw(place) as store:
        tables = sa.inspect(store).get_table_names()
        return {name: sorted(map(repr, store.exec_driver_sql(f'SELECT * FROM "{name}"'))) for name in tables}  # noqa: S608


def before_the_next_write(patched: pytest.MonkeyPatch, place: str, do: Callable[[], None]) -> None:
    """Has something done while the next command waits for its turn to write."""
    kind = type(engine(place))
    begin = kind.begin_writing

    def interrupted(self: Engine, *args: Any) -> None:
        patched.setattr(kind, "begin_writing", begin)
        do()
        begin(self, *args)

    patched.setattr(kind, "begin_writing", interrupted)


@contextmanager
def raw(place: str) -> Iterator[sa.Connection]:
    """A store without the program: each statement is done for good, and what is referred to must be there."""
    url = place.replace("postgresql:", "postgresql+psycopg:", 1) if "://" in place else f"sqlite:///{place}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        yield connection


PAST_ITS_RULES = {
    "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON"),
    "postgresql": (
        "SET session_replication_role = replica",
        """
        DO $$ DECLARE one record; BEGIN
          FOR one IN SELECT conrelid::regclass AS of, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0
          LOOP EXECUTE 'ALTER TABLE ' || one.of || ' DROP CONSTRAINT ' || quote_ident(one.conname); END LOOP;
        END $$
        """,
    ),
}


@contextmanager
def lawless(place: str) -> Iterator[sa.Connection]:
    """A store in which nothing is refused that its schema forbids."""
    with raw(place) as store:
        for statement in PAST_ITS_RULES[store.dialect.name]:
            store.exec_driver_sql(statement)
        yield store


class Files:
    """Ledgers in SQLite files."""

    def __init__(self, folder: Callable[[str], Path]) -> None:
        self._folder = folder

    def fresh(self, home: Path) -> str:
        """In the home."""
        return str(home / OWN)

    def lasting(self) -> str:
        """In a folder of its own."""
        return str(self._folder("lasting") / OWN)

    def copy(self, template: str, home: Path) -> str:
        """The file, copied."""
        return str(shutil.copyfile(template, home / OWN))


class Sessions:
    """Sessions on a server that one command hands on to the next, as good as new.

    To begin one takes longer than most that is asked in it. What a session is by itself, other tests see to.
    """

    def __init__(self) -> None:
        self._idle: dict[str, list[Any]] = defaultdict(list)

    @contextmanager
    def handed_on(self) -> Iterator[None]:
        """Within, the program's sessions are."""
        begin = PGDialect_psycopg.connect

        def begun(dialect: Any, **how: Any) -> Any:
            place = repr({name: value for name, value in how.items() if name != "context"})
            session = self._idle[place].pop() if self._idle[place] else begin(dialect, **how)
            session.place = place
            return session

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(PGDialect_psycopg, "connect", begun)
            patched.setattr(PGDialect_psycopg, "do_close", lambda _, session: self._ended(session))
            yield
            self.end()

    def _ended(self, session: Any) -> None:
        """Keeps a session that can go on, without what was set in it."""
        if session.closed or session.info.transaction_status != TransactionStatus.IDLE or not session.autocommit:
            session.close()
            return
        session.execute("RESET ALL; DISCARD TEMP", prepare=False)
        self._idle[session.place].append(session)

    def end(self) -> None:
        """Ends those that are idle."""
        for sessions in self._idle.values():
            while sessions:
                sessions.pop().close()


class Databases:
    """Ledgers on a PostgreSQL server.

    A worker's tests have one database, each its own copy. A copy in which nothing was written is kept for the next
    test that wants such a one, since making one takes as long as a few commands.
    """

    def __init__(self, server: str, worker: str, sessions: Sessions) -> None:
        self._server = server
        self._worker = worker
        self._numbers = count(1)
        self._own = f"ledger_{worker}"
        self._holds: str | None = None  # what the test's own is a copy of
        self._spare: set[str] = set()  # templates of which there is an unwritten copy
        self._connection = psycopg.connect(f"{server}/postgres", autocommit=True)
        self._sessions = sessions
        self._nothing = self.lasting()

    def close(self) -> None:
        """Ends the talk with the server."""
        self._connection.close()

    def fresh(self, home: Path) -> str:
        """An empty database."""
        return self.copy(self._nothing, home)

    def lasting(self) -> str:
        """A database that stays."""
        name = f"lasting{next(self._numbers)}_{self._worker}"
        self._do(f"CREATE DATABASE {name} {SORTING}")
        return self._url(name)

    def copy(self, template: str, home: Path) -> str:
        """The test's own database, made anew from the other, or an unwritten copy of that."""
        wanted = template.rpartition("/")[2]
        self._put_aside()
        if wanted in self._spare:
            self._do(f"ALTER DATABASE {wanted}_spare RENAME TO {self._own}")
            self._spare.remove(wanted)
        else:
            self._when_unused(wanted)
            self._do(f"CREATE DATABASE {self._own} TEMPLATE {wanted} STRATEGY FILE_COPY")  # half the work
        self._holds = wanted
        return self._url(self._own)

    def _put_aside(self) -> None:
        """Keeps the test's own database for another test if nothing was written in it, else drops it."""
        self._sessions.end()
        if self._holds is None:
            return
        if self._when_unused(self._own) == 0 and self._holds not in self._spare:
            self._do(f"ALTER DATABASE {self._own} RENAME TO {self._holds}_spare")
            self._spare.add(self._holds)
        else:
            self._do(f"DROP DATABASE {self._own} WITH (FORCE)")
        self._holds = None

    def _when_unused(self, name: str) -> int | None:
        """How many rows were ever written in a database, once nobody is in it; None where somebody stays."""
        until = time.monotonic() + UNUSED_WITHIN
        while time.monotonic() < until:
            found = self._connection.execute(
                "SELECT numbackends, tup_inserted + tup_updated + tup_deleted"
                " FROM pg_stat_database WHERE datname = %s",
                (name,),
            ).fetchone()
            assert found
            if not found[0]:
                return int(found[1])
            time.sleep(0.001)
        return None

    def _do(self, command: str) -> None:
        self._connection.execute(command.encode())  # psycopg takes a text only where it is a literal

    def _url(self, name: str) -> str:
        return f"{self._server}/{name}"
