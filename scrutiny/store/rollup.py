"""Signal days kept summed up, so that reports need not read signals one by one, however many there are.

What a change did to the sums follows from its own record: which signals it added, edited, removed and brought back.
The SQL is written out, the same for every engine: SQLAlchemy would take longer to put it together than `log` has.
"""

import operator
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from scrutiny.core.filters import ALL as ALL_ORIGINS
from scrutiny.core.filters import FEEDS, Filter
from scrutiny.core.parts import ALL, Asked, Part, Sum
from scrutiny.core.signals import CREDIBILITY, DESK, RELIABILITY, UNGRADED
from scrutiny.store import search
from scrutiny.store.conditions import ACCEPTED, adds, conditions
from scrutiny.store.tables import ALLY, SIGNAL, SIGNAL_DAY, SUMMED

ANYBODY = ""  # who acted, in the row that says what all signals of a day come to

_DAY = ("origin", "ally_id", "happened_on")
_KEY = ", ".join((*_DAY, "actor"))
_COLUMNS = ", ".join((*_DAY, "actor", *SUMMED.values()))


def follow(connection: sa.Connection, change: int) -> None:
    """Makes of the sums what they come to after a change, which the caller's transaction has made."""
    connection.execute(sa.text(_FOLLOW), {"change": change})
    connection.exec_driver_sql("DELETE FROM signal_day WHERE signals = 0")


def wrong(connection: sa.Connection) -> list[tuple[Any, ...]]:
    """Origin, ally and day of those signal days whose sums are not what their signals come to, in order.

    They are compared as they are: in a difference a text that is no number would be 0.
    """
    return list(map(tuple, connection.exec_driver_sql(_WRONG)))


def make_anew(connection: sa.Connection) -> None:
    """Makes of the sums what the signals come to, whatever they were."""
    connection.exec_driver_sql("DELETE FROM signal_day")
    connection.exec_driver_sql(f"INSERT INTO signal_day ({_COLUMNS}) {_WHOLE}")


# -- read


def answers(wanted: Filter) -> bool:
    """Whether the sums can tell what a filter means: it asks for nothing by which they are not told apart."""
    parts = ("allies", "actors", "origins", "since", "until", "after")
    return wanted == Filter(**{part: getattr(wanted, part) for part in parts}) and wanted.origins[1:] == ()


def is_by_day(wanted: Filter) -> bool:
    """Whether no two of its rows are of one ally and day."""
    return len(wanted.actors) < 2 and wanted.origins[:1] not in ((), (FEEDS,), (ALL_ORIGINS,))


def rows(wanted: Filter, columns: Sequence[Asked]) -> sa.FromClause:
    """The rows of an answer: ally_id, happened_on, and each column under its name."""
    day = SIGNAL_DAY.c
    where: list[sa.ColumnElement[bool]] = [day.actor.in_([str(one) for one in wanted.actors] or [ANYBODY])]
    if wanted.allies:
        where.append(day.ally_id.in_(sa.select(ALLY.c.id).where(ALLY.c.slug.in_(wanted.allies))))
    if wanted.origins and wanted.origins != (ALL_ORIGINS,):
        where.append(day.origin != DESK if wanted.origins == (FEEDS,) else day.origin == wanted.origins[0])
    bounds = ((wanted.since, operator.ge), (wanted.until, operator.le), (wanted.after, operator.gt))
    where += [is_within(day.happened_on, on) for on, is_within in bounds if on]
    kept = sa.select(day.ally_id, day.happened_on, *(day[SUMMED[asked]] for asked in columns)).where(*where)
    if wanted.origins != (ALL_ORIGINS,):
        return kept.subquery()
    return kept.union_all(_accepted(wanted, columns)).subquery()


def counts(wanted: Filter) -> sa.Select[Any]:
    """The number of each ally that has any, and how many signals."""
    kept = rows(wanted, [(ALL, Sum.SIGNALS)])
    count = sa.func.sum(kept.c[SUMMED[ALL, Sum.SIGNALS]])
    return sa.select(kept.c.ally_id, count).group_by(kept.c.ally_id).having(count > 0)


def _accepted(wanted: Filter, columns: Sequence[Asked]) -> sa.Select[Any]:
    """What events that were accepted take away: they speak through the desk's signals.

    They are few: + 0 keeps SQLite from walking through all signals of an ally.
    """
    takes = (sa.type_coerce(-adds(asked), sa.BigInteger).label(SUMMED[asked]) for asked in columns)
    asked = sa.select(SIGNAL.c.ally_id, SIGNAL.c.happened_on, *takes)
    asked = asked.join_from(SIGNAL, ALLY, ALLY.c.id == SIGNAL.c.ally_id + 0)
    return asked.where(*conditions(replace(wanted, origins=(FEEDS,)), search.by_text), ACCEPTED)


# -- in SQL


def _summed(shares: str, actor: str = "actor") -> str:
    """What shares come to, by day and by who acted."""
    sums = ", ".join(f"sum({_said(asked)}) AS {name}" for asked, name in SUMMED.items())
    return f"SELECT {', '.join(_DAY)}, {actor} AS actor, {sums} FROM ({shares}) AS share GROUP BY 1, 2, 3, 4"  # noqa: S608  # ours


def _said(asked: Asked) -> str:
    """What a share adds to a column."""
    part, what = asked
    weighted = "share.weight * share.score"
    said = {Sum.SIGNALS: "share.signals", Sum.WEIGHT: "share.weight"}.get(what, weighted)
    holds = [_holds(part)] if part != ALL else []
    if what is Sum.POSITIVE:
        holds.append("share.score > 0")
    return f"CASE WHEN {' AND '.join(holds)} THEN {said} ELSE 0 END" if holds else said


def _holds(part: Part) -> str:
    """The same as Part.holds, of a share."""
    named = {"kind": part.kinds, "domain": part.domains, "driver": part.drivers}
    any_of = (f"share.{place} IN ({', '.join(map(repr, map(str, some)))})" for place, some in named.items() if some)
    return f"({' OR '.join(any_of)})"


def _shares(of: str, sign: str = "") -> str:
    """What each signal, or what it was, is of its day; taken away from it where the sign says so."""
    letters = (f"substr({of}.grade, 1, 1)", RELIABILITY), (f"substr({of}.grade, 2, 1)", CREDIBILITY)
    graded = " * ".join(
        f"CASE {letter} {' '.join(f'WHEN {one!r} THEN {value}' for one, value in values.items())} END"
        for letter, values in letters
    )
    cells = (*_DAY, "actor", "kind", "domain", "driver")
    return (
        f"{', '.join(f'{of}.{one}' for one in cells)}, {sign}1 AS signals,"
        f" {sign}(CASE WHEN {of}.grade IS NULL THEN {UNGRADED} ELSE {graded} END) AS weight,"
        f" CAST(round({of}.score * 100) AS INTEGER) AS score"
    )


_LIVE = f"SELECT {_shares('signal')} FROM signal WHERE signal.removed_by IS NULL"  # noqa: S608  # ours
_EDITED = "(SELECT signal_id FROM signal_was WHERE change_id = :change)"
_REVIVED = "(SELECT signal_id FROM revival WHERE revived_by = :change)"
_DID = f"""
    {_LIVE} AND signal.added_by = :change
    UNION ALL {_LIVE} AND signal.id IN {_EDITED}
    UNION ALL {_LIVE} AND signal.id IN {_REVIVED} AND signal.id NOT IN {_EDITED}
    UNION ALL SELECT {_shares("signal_was", "-")} FROM signal_was JOIN signal ON signal.id = signal_was.signal_id
        WHERE signal_was.change_id = :change AND signal.id NOT IN {_REVIVED}
        AND (signal.removed_by IS NULL OR signal.removed_by = :change)
    UNION ALL SELECT {_shares("signal", "-")} FROM signal
        WHERE signal.removed_by = :change AND signal.id NOT IN {_REVIVED} AND signal.id NOT IN {_EDITED}
"""  # noqa: S608  # ours: what is there now by the change, less what was there before it
_TOGETHER = ", ".join(f"sum({one})" for one in SUMMED.values())
_ADDED = ", ".join(f"{one} = signal_day.{one} + excluded.{one}" for one in SUMMED.values())
_FOLLOW = f"""
    WITH did AS MATERIALIZED ({_summed(_DID)})
    INSERT INTO signal_day ({_COLUMNS})
    SELECT {_COLUMNS} FROM did
    UNION ALL SELECT {", ".join(_DAY)}, {ANYBODY!r}, {_TOGETHER} FROM did GROUP BY {", ".join(_DAY)}
    ON CONFLICT ({_KEY}) DO UPDATE SET {_ADDED}
"""  # noqa: S608  # ours
_WHOLE = f"{_summed(_LIVE)} UNION ALL {_summed(_LIVE, repr(ANYBODY))}"
_WRONG = f"""
    WITH summed AS ({_WHOLE}), kept AS (SELECT {_COLUMNS} FROM signal_day)
    SELECT DISTINCT {", ".join(_DAY)} FROM (
        SELECT * FROM (SELECT * FROM summed EXCEPT SELECT * FROM kept) AS lacking
        UNION ALL SELECT * FROM (SELECT * FROM kept EXCEPT SELECT * FROM summed) AS odd
    ) AS compared
    ORDER BY 1, 2, 3
"""  # noqa: S608  # ours
