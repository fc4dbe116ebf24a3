"""Places for ledgers of many sizes, in files or on a server, and the ledgers themselves, each made once."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

import psycopg

from scrutiny.store import schema
from tests import server
from tests.benchmarks import made
from tests.benchmarks.timed import PROGRAM, Call, Ran, run

COPIED = 100_000  # signals of a ledger up to which a copy is written in; a larger one hardly grows by what is timed
DURABLE = "fsync=on"  # as servers run; tests do without
SQLITE, POSTGRESQL = "sqlite", "postgresql"


class Places(Protocol):
    """Where ledgers can be put."""

    name: str
    server: str  # a database to connect to, where it takes that

    def fresh(self, name: str) -> str:
        """A place of that name with nothing there."""
        ...

    def is_there(self, name: str) -> bool:
        """Whether a ledger was kept there."""
        ...

    def place(self, name: str) -> str:
        """What --db says for it."""
        ...

    def copy(self, name: str, to: str) -> str:
        """A copy of it, under another name."""
        ...

    def settle(self, name: str, to: str) -> None:
        """Does at once what the engine does some time after much was written, and gives the place its name."""
        ...

    def gone(self, name: str) -> None:
        """Takes it away, if it is there."""
        ...

    def size(self, name: str) -> int:
        """How many bytes it takes."""
        ...


class Files:
    """SQLite files in a folder."""

    name, server = SQLITE, ""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def place(self, name: str) -> str:
        """Its path."""
        return str(self._folder / f"{name}.db")

    def is_there(self, name: str) -> bool:
        """Whether there is such a file."""
        return Path(self.place(name)).exists()

    def fresh(self, name: str) -> str:
        """A path of no file."""
        self.gone(name)
        return self.place(name)

    def gone(self, name: str) -> None:
        """And what lies beside it."""
        gone(Path(self.place(name)))

    def copy(self, name: str, to: str) -> str:
        """The file, copied."""
        return str(shutil.copyfile(self.place(name), self.fresh(to)))

    def settle(self, name: str, to: str) -> None:
        """Leaves nothing beside the file."""
        with closing(sqlite3.connect(self.place(name))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        Path(self.place(name)).rename(self.fresh(to))

    def size(self, name: str) -> int:
        """Of the file."""
        return Path(self.place(name)).stat().st_size


class Databases:
    """Databases on a server of this run's own."""

    name = POSTGRESQL

    def __init__(self, url: str) -> None:
        self._url = url
        self.server = f"{url}/postgres"

    def place(self, name: str) -> str:
        """Its URL."""
        return f"{self._url}/{_database(name)}"

    def is_there(self, name: str) -> bool:
        """Never: the server goes with the run."""
        return False

    def fresh(self, name: str) -> str:
        """An empty database."""
        self.gone(name)
        self._do(f"CREATE DATABASE {_database(name)}")
        return self.place(name)

    def gone(self, name: str) -> None:
        """Whoever is in it."""
        self._do(f"DROP DATABASE IF EXISTS {_database(name)} WITH (FORCE)")

    def copy(self, name: str, to: str) -> str:
        """The database, copied."""
        self.gone(to)
        self._do(f"CREATE DATABASE {_database(to)} TEMPLATE {_database(name)}")
        return self.place(to)

    def settle(self, name: str, to: str) -> None:
        """Counts what is there and clears up, as a server does by itself within minutes."""
        with psycopg.connect(self.place(name), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        self._do(f"ALTER DATABASE {_database(name)} RENAME TO {_database(to)}")

    def size(self, name: str) -> int:
        """Of its tables, with their indices."""
        asked = "SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables"
        with psycopg.connect(self.place(name)) as connection:
            found = connection.execute(asked).fetchone()
        return int(found[0]) if found else 0

    def _do(self, command: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(command.encode())  # psycopg takes a text only where it is a literal


def gone(path: Path) -> None:
    """Takes away a SQLite file, and what SQLite keeps beside it."""
    for beside in ("", "-wal", "-shm"):
        Path(f"{path}{beside}").unlink(missing_ok=True)


def _database(name: str) -> str:
    return "ledger_" + name.replace("-", "_")


@contextmanager
def places(store: str, folder: Path) -> Iterator[Places | None]:
    """Those of a kind of store; None where this machine has no server."""
    if store == SQLITE:
        yield Files(folder)
    elif server.programs() is None:
        yield None
    else:
        with server.folder(on_disk=True) as own, server.cluster(own, DURABLE) as running:
            yield Databases(running.url)


class Ledgers:
    """Ledgers of twelve allies over twenty years, of so many signals each.

    `imports` tells what making each took, of those that were made in this run.
    """

    def __init__(self, places: Places, folder: Path) -> None:
        self.places = places
        self.imports: dict[int, Ran] = {}
        self._folder = folder

    def file(self, rows: int) -> Path:
        """The file that a ledger is made from."""
        path = self._folder / f"{rows}.csv"
        if not path.exists():
            part = path.with_suffix(".part")
            made.own_csv(part, rows, made.TWELVE)
            part.rename(path)
        return path

    def of(self, rows: int) -> str:
        """The ledger to read in, made where it is not there yet."""
        name = self.called(rows)
        if rows not in self.imports and not self.places.is_there(name):
            place = self.places.fresh(f"{name}-new")
            self.imports[rows] = run(ours(place, "import", str(self.file(rows))))
            self.places.settle(f"{name}-new", name)
        return self.places.place(name)

    def to_write(self, rows: int) -> str:
        """The same to write in: a copy, unless it is so large that it does not matter."""
        place = self.of(rows)
        return self.places.copy(self.called(rows), f"{rows}-copy") if rows <= COPIED else place

    @staticmethod
    def called(rows: int) -> str:
        """What the ledger of so many signals is called; one of an older schema is called otherwise."""
        return f"{rows}-{schema.HEAD}"


def ours(place: str, *args: str) -> Call:
    """A command of the program on a ledger."""
    return Call((*PROGRAM, *args), {"SCRUTINY_DB": place, "SCRUTINY_USER": "bench"})
