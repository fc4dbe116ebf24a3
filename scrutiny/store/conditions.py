"""A filter in SQL, and the weights of signals in SQL: the same rules as in the core."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from scrutiny.core.filters import ALL, FEEDS, Filter
from scrutiny.core.near import nearest, said_near
from scrutiny.core.parts import Asked, Sum
from scrutiny.core.signals import CREDIBILITY, DESK, RELIABILITY, UNGRADED
from scrutiny.errors import BadValue
from scrutiny.store.tables import ALLY, CHANGE, EDITABLE, REVIVAL, SIGNAL, SIGNAL_WAS

Matches = Callable[[Sequence[str]], sa.ColumnElement[bool]]
Readable = Callable[[], Sequence[str]]  # gives the names of the feeds that can be read

IN_LEDGER = SIGNAL.c.removed_by.is_(None)
HUNDREDTHS = sa.cast(sa.func.round(SIGNAL.c.score * 100), sa.Integer)
WEIGHT = sa.case(  # in sixteenths
    (SIGNAL.c.grade.is_(None), UNGRADED),
    else_=sa.case(RELIABILITY, value=sa.func.substr(SIGNAL.c.grade, 1, 1))
    * sa.case(CREDIBILITY, value=sa.func.substr(SIGNAL.c.grade, 2, 1)),
)

_WEIGHTED = WEIGHT * HUNDREDTHS
_ADDS = {
    Sum.SIGNALS: sa.literal(1),
    Sum.WEIGHT: WEIGHT,
    Sum.WEIGHTED: _WEIGHTED,
    Sum.POSITIVE: sa.case((SIGNAL.c.score > 0, _WEIGHTED), else_=0),
}

_DESKS = SIGNAL.alias("desks")
ACCEPTED = SIGNAL.c.uid.in_(  # by IN, which asks once for all of them, also of the ledger as it stood
    sa.select(_DESKS.c.event).where(
        _DESKS.c.event.is_not(None), _DESKS.c.origin == DESK, _DESKS.c.removed_by.is_(None)
    )
)


def conditions(wanted: Filter, matches: Matches) -> list[sa.ColumnElement[bool]]:
    """What must hold of a signal and its ally; `matches` is the engine's full text search."""
    members = {
        ALLY.c.slug: wanted.allies,
        SIGNAL.c.kind: wanted.kinds,
        SIGNAL.c.act: wanted.acts,
        SIGNAL.c.actor: wanted.actors,
        SIGNAL.c.domain: wanted.domains,
        SIGNAL.c.driver: wanted.drivers,
    }
    found: list[sa.ColumnElement[bool]] = [IN_LEDGER]
    found += [column.in_([str(one) for one in any_of]) for column, any_of in members.items() if any_of]
    if wanted.no_act:
        found.append(SIGNAL.c.act.is_(None))
    if wanted.grades:
        found.append(sa.or_(*(_graded(grade) for grade in wanted.grades)))
    if wanted.origins:
        found.append(sa.or_(*(_from(origin) for origin in wanted.origins)))
    if wanted.batch is not None:
        found.append(SIGNAL.c.batch_id == wanted.batch)
    if wanted.since:
        found.append(SIGNAL.c.happened_on >= wanted.since)
    if wanted.until:
        found.append(SIGNAL.c.happened_on <= wanted.until)
    if wanted.after:
        found.append(SIGNAL.c.happened_on > wanted.after)
    if wanted.days:
        found.append(SIGNAL.c.happened_on.in_(wanted.days))
    if wanted.words:
        found.append(matches(wanted.words))
    if wanted.recorded_by:
        found.append(SIGNAL.c.recorded_by == wanted.recorded_by)
    if wanted.arrived_after:
        found.append(~_held(wanted.arrived_after))
    if wanted.arrived_until:
        found.append(_held(wanted.arrived_until))
    return found


def adds(asked: Asked) -> sa.ColumnElement[int]:
    """What one signal adds to a column of sums."""
    part, what = asked
    named = {SIGNAL.c.kind: part.kinds, SIGNAL.c.domain: part.domains, SIGNAL.c.driver: part.drivers}
    holds = [column.in_([str(one) for one in any_of]) for column, any_of in named.items() if any_of]
    return sa.case((sa.or_(*holds), _ADDS[what]), else_=0) if holds else _ADDS[what]


def check_origins(connection: sa.Connection, origins: Sequence[str], feeds: Readable) -> None:
    """BadValue for an origin that is none of the feeds and that no signal has, not even a removed one.

    The ledger is asked only about a name that is not well known: at worst that looks at every signal.
    """
    for origin in origins:
        if origin in (DESK, FEEDS, ALL):
            continue
        readable = feeds()
        if origin not in readable and not connection.scalar(sa.select(_has(origin))):
            others = connection.scalars(sa.select(SIGNAL.c.origin).distinct().order_by(SIGNAL.c.origin))
            known = list(dict.fromkeys([DESK, FEEDS, *readable, ALL, *others]))
            near = said_near(nearest(origin, known)) or f"; known: {', '.join(known)}"
            raise BadValue(f"no origin '{origin}'{near}")


def _has(origin: str) -> sa.Exists:
    return sa.exists().where(SIGNAL.c.origin == origin)


def first_since(was: Any, until: Any) -> sa.ColumnElement[bool]:
    """Of the images of a signal the first that an edit after a change kept: what it said right after that change."""
    earlier = was.alias("earlier")
    is_first = ~sa.exists().where(
        earlier.c.signal_id == was.c.signal_id, earlier.c.change_id > until, earlier.c.change_id < was.c.change_id
    )
    return sa.and_(was.c.change_id > until, is_first)


def ally_after(of: Any, was: Any, thing: sa.ColumnElement[int], until: Any) -> sa.ColumnElement[int]:
    """The number of the ally whose a signal or note was after a change: as its next image has it, or as it is.

    `of` and `was` are the table of such things and that of their images, `thing` is the number of one.
    """
    now, later = of.alias("now"), was.alias("later")
    found = sa.select(later.c.ally_id).where(later.c[f"{of.name}_id"] == thing, later.c.change_id > until)
    found = found.order_by(later.c.change_id).limit(1)
    is_ = sa.select(now.c.ally_id).where(now.c.id == thing)
    return sa.func.coalesce(found.scalar_subquery(), is_.scalar_subquery())


def edited_since(until: sa.ColumnElement[int]) -> sa.Select[tuple[int]]:
    """The signals that say something else than after a change."""
    now = SIGNAL.alias("now")
    apart = sa.or_(*(now.c[name].is_distinct_from(SIGNAL_WAS.c[name]) for name in EDITABLE))
    asked = sa.select(SIGNAL_WAS.c.signal_id).join_from(SIGNAL_WAS, now, now.c.id == SIGNAL_WAS.c.signal_id)
    return asked.where(first_since(SIGNAL_WAS, until), apart)


def _held(at: datetime) -> sa.ColumnElement[bool]:
    """Of a signal that the ledger held at a time as it holds it now.

    Added by then, not taken out unless it came back by then, and not edited since into something else.
    """
    until = sa.select(sa.func.coalesce(sa.func.max(CHANGE.c.id), 0)).where(CHANGE.c.at <= at).scalar_subquery()
    stands = SIGNAL.c.removed_by.is_(None) | (SIGNAL.c.removed_by > until)
    was_out = sa.exists().where(
        REVIVAL.c.signal_id == SIGNAL.c.id, REVIVAL.c.removed_by <= until, REVIVAL.c.revived_by > until
    )
    return (SIGNAL.c.added_by <= until) & stands & ~was_out & SIGNAL.c.id.not_in(edited_since(until))


def _graded(grade: str) -> sa.ColumnElement[bool]:
    if grade == "none":
        return SIGNAL.c.grade.is_(None)
    return sa.func.substr(SIGNAL.c.grade, 1, len(grade)) == grade


def _from(origin: str) -> sa.ColumnElement[bool]:
    if origin == FEEDS:
        return SIGNAL.c.origin != DESK
    if origin == ALL:  # an accepted event speaks through the desk signal that it became
        return (SIGNAL.c.origin == DESK) | ~ACCEPTED
    return SIGNAL.c.origin == origin
