"""The two sides of a copy, read alike whatever store is behind them, and the digest that shows them the same."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from scrutiny.errors import BrokenLedger, ScrutinyError
from scrutiny.store.engines.engine import Engine, Say
from scrutiny.store.tables import CHECK

TABLES: list[sa.Table] = SQLModel.metadata.sorted_tables  # each after those that it refers to
CHUNK = 10_000  # rows read, and written in a transaction, at a time

Row = tuple[Any, ...]
Told = Callable[[int], None]  # so many rows more


class Digest:
    """How many rows a table has, and a SHA-256 over them; docs/formats.md says of what exactly."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = hashlib.sha256()

    def __str__(self) -> str:
        return f"{self.rows} {self._sum.hexdigest()}"

    def add(self, rows: Sequence[Row]) -> None:
        """Goes on over these."""
        self._sum.update("".join([f"{_line(row)}\n" for row in rows]).encode())
        self.rows += len(rows)


def of_all(tables: Mapping[str, Digest]) -> str:
    """One digest of all tables by name."""
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(tables.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _refuse_cell(cell: object) -> object:
    raise BrokenLedger(f"the ledger is not sound: {cell!r} is neither text nor a number", CHECK)


_line = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_refuse_cell).encode


@dataclass(frozen=True, slots=True)
class Side:
    """A store with a connection to it; what it says of an error is said under its own name."""

    store: Engine
    connection: sa.Connection

    def rows(self, table: sa.Table) -> Iterator[list[Row]]:
        """All rows in the order of their key, some at a time, within the caller's transaction."""
        asked = sa.select(*map(self.store.written, columns(table))).order_by(*table.primary_key.columns)
        with explained(self.store), self.connection.execute(asked, execution_options={"yield_per": CHUNK}) as found:
            for part in found.partitions():
                yield [tuple(row) for row in part]

    def count(self) -> int:
        """How many rows there are in all."""
        with explained(self.store):
            return sum(self.connection.scalar(sa.select(sa.func.count()).select_from(one)) or 0 for one in TABLES)

    def digest(self, table: sa.Table, told: Told) -> Digest:
        """That of a table, read in a transaction of its own."""
        found = Digest()
        with explained(self.store):
            self.store.begin_reading(self.connection)
            for part in self.rows(table):
                found.add(part)
                told(len(part))
            self.connection.exec_driver_sql("COMMIT")
        return found

    @contextmanager
    def writing(self, say: Say, lost: ScrutinyError | None = None) -> Iterator[None]:
        """One transaction; one that fails ends with the connection. Where nobody answers its end, `lost` says so."""
        with explained(self.store):
            self.store.begin_writing(self.connection, say)
            yield
            try:
                self.connection.exec_driver_sql("COMMIT")
            except sa.exc.DBAPIError as error:
                raise (lost if lost and error.connection_invalidated else error) from None

    def load(self, table: sa.Table, rows: Sequence[Row]) -> None:
        """Writes rows as the other side reads them."""
        try:
            self.store.load(self.connection, table, columns(table), rows)
        except ScrutinyError as error:
            error.hint = error.hint or f"is it the ledger? {CHECK}"
            raise

    def settle(self) -> None:
        """Makes the store one that is in use."""
        with explained(self.store):
            self.store.settle(self.connection, TABLES)


def columns(table: sa.Table) -> list[sa.Column[Any]]:
    """By name, so that the digest does not depend on which was there first."""
    return sorted(table.c, key=lambda column: column.name)


@contextmanager
def explained(store: Engine) -> Iterator[None]:
    """What the driver raises, in the store's own words."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise store.explained(error.orig or error) from None
