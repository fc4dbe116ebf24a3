"""Where a file's rows wait: tables of the connection's own, so that filling them locks nobody out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from scrutiny.core.exported import COLUMNS, PRIVATE, Cells
from scrutiny.core.text import folded
from scrutiny.store.engines.engine import Engine
from scrutiny.store.tables import ALLY, CONTENT, SIGNAL

# On a server, text that is compared or sorted goes by its bytes, as SQLite does.
_BYTEWISE = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_TYPES: dict[str, Any] = dict.fromkeys(("uid", "ally", "event"), _BYTEWISE) | {"date": sa.Date(), "score": sa.Float()}
_THERE = {"happened_on": "date"}  # what a file calls a column that the tables call otherwise
_HERE = {there: here for here, there in _THERE.items()}

# A file's rows on their way in, as they stand there; a table of the connection's own, so that it locks nobody out.
INCOMING = sa.Table(
    "incoming",
    sa.MetaData(),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("line", sa.Integer),
    sa.Column("mirror", sa.String),  # the summary of the same event as the other side has it
    sa.Column("cameo", _BYTEWISE),
    sa.Column("mentions", sa.Integer),
    sa.Column("words", _BYTEWISE),
    *(sa.Column(_HERE.get(name, name), _TYPES.get(name, sa.String)) for name in COLUMNS),
    prefixes=["TEMPORARY"],
)

Waiting = tuple[int, Cells, str, str, int]  # line, cells, mirror, cameo, mentions
_SUMMARY, _SOURCE = COLUMNS.index("summary"), COLUMNS.index("source")


class State(StrEnum):
    """What a row is to the signal that the ledger has of its uid, or of its story."""

    SAME = "same"
    DIFFERS = "differs"
    UPDATED = "updated"  # it differed, and the signal is now what it says
    OUT = "out"  # removed by hand
    BACK = "back"  # went with an import that was taken back
    STORY = "story"


# The rows of a file that the ledger has already.
MATCHED = sa.Table(
    "matched",
    INCOMING.metadata,
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("signal_id", sa.Integer),
    sa.Column("state", sa.String),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True, slots=True)
class Staged:
    """Where a file's rows stand among all that wait."""

    first: int
    last: int

    @property
    def rows(self) -> int:
        """How many they are."""
        return self.last - self.first + 1

    @property
    def mine(self) -> sa.ColumnElement[bool]:
        """That a row is the file's."""
        return INCOMING.c.place.between(self.first, self.last)


def stage(engine: Engine, connection: sa.Connection, rows: Iterable[Waiting]) -> Staged:
    """Puts a file's signals beside the ledger; locks nobody out."""
    INCOMING.metadata.create_all(connection, checkfirst=True)
    before = _last(connection)
    columns = [column for column in INCOMING.c if not column.primary_key]
    engine.load(connection, INCOMING, columns, _waiting(rows))
    return Staged(before + 1, _last(connection))


def is_named(name: str, named: frozenset[str] | None) -> bool:
    """Whether a file has a column of the tables; one that names None has all."""
    return named is None or _THERE.get(name, name) in named


def said(name: str) -> sa.ColumnElement[Any]:
    """A cell of a signal as a row says it."""
    cell = INCOMING.c[name]
    if name == "private":
        return cell == PRIVATE
    if name == "mentions":
        return sa.func.nullif(cell, 0)
    return sa.func.nullif(cell, "") if SIGNAL.c[name].nullable else cell


def apart(named: frozenset[str] | None) -> sa.ColumnElement[bool]:
    """That a row says otherwise than the signal and its ally; of a part that it does not name it says nothing."""
    parts = (SIGNAL.c[name].is_distinct_from(said(name)) for name in CONTENT if is_named(name, named))
    return sa.or_(ALLY.c.slug != INCOMING.c.ally, *parts)


def signals_in(state: State) -> sa.Select[Any]:
    """The numbers of the signals of which a row is in a state."""
    return sa.select(MATCHED.c.signal_id).where(MATCHED.c.state == state.value)


def _waiting(rows: Iterable[Waiting]) -> Iterator[tuple[object, ...]]:
    """The rows under the columns in which they wait."""
    for line, cells, mirror, cameo, mentions in rows:
        yield (line, mirror, cameo, mentions, folded(f"{cells[_SUMMARY]} {cells[_SOURCE]}")) + cells  # noqa: RUF005  # unpacking makes a list first


def _last(connection: sa.Connection) -> int:
    return int(connection.scalar(sa.select(sa.func.max(INCOMING.c.place))) or 0)
