"""Reading what signals come to, day by day: two queries, which bring sums and the allies, and no signals."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa

from scrutiny.core.filters import Filter
from scrutiny.core.parts import DAILY, Asked
from scrutiny.core.shares import Days, Reading
from scrutiny.store import rollup
from scrutiny.store.conditions import HUNDREDTHS, WEIGHT, adds
from scrutiny.store.tables import ALLY, SIGNAL, SUMMED

Ask = Callable[[sa.Select[Any]], sa.CursorResult[Any]]
Adds = Callable[[Asked], sa.ColumnElement[int]]
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Source:
    """Rows, the columns in which they have the ally's number and the day, and what each adds to a column of sums.

    Where no two rows are of one ally and day, nothing is added up, which would take as long again as reading them.
    """

    rows: sa.FromClause
    key: tuple[sa.ColumnElement[int], sa.ColumnElement[date]]
    adds: Adds
    where: Sequence[Condition] = ()
    is_by_day: bool = False


def days(ask: Ask, source: Source, asked: Sequence[Asked]) -> list[Days]:
    """The days of each ally that has any, by slug, with the columns that all have and those asked for."""
    columns = _columns(asked)
    key = source.key
    summed = source.adds if source.is_by_day else partial(_added, source.adds)
    cells: list[sa.ColumnElement[Any]] = [*key, *map(summed, columns)]
    query = sa.select(*cells).select_from(source.rows).where(*source.where).order_by(*key)
    if not source.is_by_day:
        query = query.group_by(*key).having(sa.func.sum(source.adds(DAILY[0])) > 0)
    allies, on, *found = _transposed(ask(query)) or ((), ())
    if source.is_by_day:
        list(map(sum, found))  # where a cell that is kept is no number, that is a TypeError here and not later
    ordinals = {day: date.fromisoformat(str(day)).toordinal() for day in set(on)}
    slugs = {row.id: row.slug for row in ask(sa.select(ALLY.c.id, ALLY.c.slug))}
    of_all = [
        Days(
            slugs[ally],
            tuple(map(ordinals.__getitem__, on[of])),
            dict(zip(columns, (one[of] for one in found), strict=True)),
        )
        for ally, of in _stretches(allies)
    ]
    return sorted(of_all, key=lambda one: one.ally)


def kept(wanted: Filter, asked: Sequence[Asked]) -> Source:
    """The sums that are kept of the ledger as it is; only where they can answer."""
    rows = rollup.rows(wanted, _columns(asked))
    key = rows.c.ally_id, rows.c.happened_on
    return Source(rows, key, lambda one: rows.c[SUMMED[one]], is_by_day=rollup.is_by_day(wanted))


def signals(where: Sequence[Condition]) -> Source:
    """The signals of which this holds."""
    return Source(sa.join(SIGNAL, ALLY), (SIGNAL.c.ally_id, SIGNAL.c.happened_on), adds, where)


def readings(ask: Ask, where: Sequence[Condition]) -> list[Reading]:
    """What the signals of which this holds say, day by day: alike in weight and score, and how many."""
    cells = (ALLY.c.slug.label("ally"), SIGNAL.c.happened_on, WEIGHT.label("weight"), HUNDREDTHS.label("score"))
    said = sa.select(*cells).select_from(sa.join(SIGNAL, ALLY)).where(*where).subquery("said")
    found = ask(sa.select(*said.c, sa.func.count().label("signals")).group_by(*said.c))
    return [Reading(row.ally, row.happened_on, row.weight, row.score, row.signals) for row in found]


def _columns(asked: Sequence[Asked]) -> tuple[Asked, ...]:
    return tuple(dict.fromkeys((*DAILY, *asked)))


def _added(adds: Adds, asked: Asked) -> sa.ColumnElement[int]:
    """The sum, of which a server would make a number of another type."""
    return sa.cast(sa.func.sum(adds(asked)), sa.BigInteger)


def _transposed(found: sa.CursorResult[Any]) -> list[tuple[Any, ...]]:
    """The columns of what was found, as the driver gives them: making rows would take longer than reading does.

    By way of the strategy, which makes of a driver's error one of SQLAlchemy's, as the cursor alone would not.
    """
    return list(zip(*found.cursor_strategy.fetchall(found, found.cursor), strict=True))


def _stretches(allies: Sequence[int]) -> Iterator[tuple[int, slice]]:
    """Where each ally's days are."""
    first = 0
    for ally, count in Counter(allies).items():
        yield ally, slice(first, first + count)
        first += count
