"""Where a file's rows wait: tables of the connection's own, so that filling them locks nobody out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice
from typing import Any

import sqlalchemy as sa

from scrutiny.core.exported import PRIVATE, Alike
from scrutiny.core.text import folded
from scrutiny.store.engines.engine import Engine
from scrutiny.store.tables import ALLY, CONTENT, SIGNAL

CHUNK = 5_000  # rows written before what they say alike, which is kept until then
MANY = 1 << 13  # different things that rows say alike of which the numbers are remembered

# On a server, text that is compared or sorted goes by its bytes, as SQLite does.
_BYTEWISE = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_TYPES: dict[str, Any] = dict.fromkeys(("event", "cameo"), _BYTEWISE) | {"score": sa.Float()}
_HERE = {"happened_on": "date"}  # what the tables call a column that a file calls otherwise

# The rows of files on their way in: each with what it has for itself, and the number of what many say alike, which is
# written down but once.
_OWN = sa.Table(
    "own",
    sa.MetaData(),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("line", sa.Integer),
    sa.Column("uid", _BYTEWISE),
    sa.Column("happened_on", sa.Date),
    sa.Column("ally", _BYTEWISE),
    sa.Column("summary", sa.String),
    sa.Column("source", sa.String),
    sa.Column("words", _BYTEWISE),
    sa.Column("alike", sa.Integer),
    sa.Column("mirror", sa.String),  # the summary of the same event as the other side has it
    sa.Column("mentions", sa.Integer),
    prefixes=["TEMPORARY"],
)
ALIKE = sa.Table(
    "alike",
    _OWN.metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    *(sa.Column(name, _TYPES.get(name, sa.String)) for name in Alike._fields),
    prefixes=["TEMPORARY"],
)
INCOMING = (
    sa.select(*(one for one in _OWN.c if one.name != "alike"), *ALIKE.c)
    .join_from(_OWN, ALIKE, ALIKE.c.number == _OWN.c.alike)
    .subquery("incoming")
)

Waiting = tuple[int, str, str, str, str, str, Alike, str, int]  # as feeds.Row names them


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
    _OWN.metadata,
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
    _OWN.metadata.create_all(connection, checkfirst=True)
    before = _last(connection, _OWN.c.place)
    alike = _Numbered(_last(connection, ALIKE.c.number))
    columns = [column for column in _OWN.c if not column.primary_key]
    coming = iter(rows)
    for first in coming:
        engine.load(connection, _OWN, columns, _waiting(chain((first,), islice(coming, CHUNK)), alike))
        engine.load(connection, ALIKE, list(ALIKE.c), alike.new())
    return Staged(before + 1, _last(connection, _OWN.c.place))


def is_named(name: str, named: frozenset[str] | None) -> bool:
    """Whether a file has a column of the tables; one that names None has all."""
    return named is None or _HERE.get(name, name) in named


def said(name: str, where: sa.FromClause = INCOMING) -> sa.ColumnElement[Any]:
    """A cell of a signal as a row says it."""
    cell = where.c[name]
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


class _Numbered:
    """The numbers of what rows say alike; what was said before has its number, unless that is long ago."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._numbers: dict[Alike, int] = {}
        self._new: list[tuple[object, ...]] = []

    def number(self, alike: Alike) -> int:
        """Its number, which may be a new one."""
        found = self._numbers.get(alike)
        if found is None:
            if len(self._numbers) > MANY:
                self._numbers.clear()
            found = self._numbers[alike] = self._last = self._last + 1
            self._new.append((found, *alike))
        return found

    def new(self) -> list[tuple[object, ...]]:
        """Those that got a number since this was last asked."""
        new, self._new = self._new, []
        return new


def _waiting(rows: Iterable[Waiting], alike: _Numbered) -> Iterator[tuple[object, ...]]:
    """The rows under the columns in which they wait."""
    number = alike.number
    for line, uid, on, ally, summary, source, said, mirror, mentions in rows:
        words = folded(f"{summary} {source}")
        yield line, uid, on, ally, summary, source, words, number(said), mirror, mentions


def _last(connection: sa.Connection, number: sa.Column[int]) -> int:
    return int(connection.scalar(sa.select(sa.func.max(number))) or 0)
