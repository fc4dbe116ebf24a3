"""Reading the history: which changes there were, what each did, what happened to one signal."""

from collections.abc import Callable, Iterable
from itertools import chain, pairwise
from typing import Any

import sqlalchemy as sa

from scrutiny.core.history import (
    Change,
    Deed,
    Difference,
    Effect,
    Moved,
    Step,
    Touched,
    ally_differences,
    signal_differences,
)
from scrutiny.core.signals import Signal
from scrutiny.store import roster
from scrutiny.store.changes import CHANGES, change_of
from scrutiny.store.tables import (
    ALLY,
    ALLY_WAS,
    CHANGE,
    EDITABLE,
    REVIVAL,
    SETTING_WAS,
    SIGNAL,
    SIGNAL_WAS,
    SIGNALS,
    signal_of,
)

Ask = Callable[[sa.Select[Any]], sa.CursorResult[*tuple[Any, ...]]]  # runs a query on the ledger as it is known


def changes(ask: Ask, author: str | None, ally: str | None, limit: int | None) -> list[Change]:
    """The changes, newest first: those of an author, those that touched an ally or its signals."""
    asked = CHANGES.order_by(CHANGE.c.id.desc()).limit(limit)
    if author is not None:
        asked = asked.where(CHANGE.c.author == author)
    if ally is not None:
        asked = asked.where(CHANGE.c.id.in_(_touching(ally)))
    return [change_of(row) for row in ask(asked)]


def _touching(slug: str) -> sa.CompoundSelect[Any]:
    """The numbers of the changes that touched an ally, or a signal while it was that ally's."""
    number = sa.select(ALLY.c.id).where(ALLY.c.slug == slug).scalar_subquery()
    came = _of(number, SIGNAL, SIGNAL.c.id, SIGNAL.c.added_by)
    went = _of(number, SIGNAL, SIGNAL.c.id, SIGNAL.c.removed_by).where(SIGNAL.c.removed_by.is_not(None))
    was = sa.select(SIGNAL_WAS.c.change_id).where(SIGNAL_WAS.c.ally_id == number)
    return sa.union(
        sa.select(ALLY.c.added_by).where(ALLY.c.slug == slug),
        sa.select(ALLY_WAS.c.change_id).where(ALLY_WAS.c.ally_id == number),
        came,
        went,
        was,
        _of(number, SIGNAL_WAS, SIGNAL_WAS.c.signal_id, SIGNAL_WAS.c.change_id),
        _of(number, REVIVAL, REVIVAL.c.signal_id, REVIVAL.c.removed_by),
        _of(number, REVIVAL, REVIVAL.c.signal_id, REVIVAL.c.revived_by),
    )


def _of(
    number: sa.ScalarSelect[Any], events: sa.Table, signal: sa.Column[Any], change: sa.Column[Any]
) -> sa.Select[Any]:
    """The changes of events after which their signal was an ally's: as the next edit found it, or as it is."""
    later, now = SIGNAL_WAS.alias("later"), SIGNAL.alias("now")
    found = sa.select(later.c.ally_id).where(later.c.signal_id == signal, later.c.change_id > change)
    found = found.order_by(later.c.change_id).limit(1)
    is_ = sa.select(now.c.ally_id).where(now.c.id == signal)
    owner = sa.func.coalesce(found.scalar_subquery(), is_.scalar_subquery())
    return sa.select(change).select_from(events).where(owner == number)


def steps(ask: Ask, signal: Signal) -> list[Step]:
    """What happened to one signal, the first first."""
    deeds = _deeds(ask, signal)
    numbers = sorted({number for number, _, _ in deeds})
    by_number = {row.id: change_of(row) for row in ask(CHANGES.where(CHANGE.c.id.in_(numbers)))}
    return [Step(by_number[number], deed, differences) for number, deed, differences in deeds]


def _deeds(ask: Ask, signal: Signal) -> list[tuple[int, Deed, tuple[Difference, ...]]]:
    (added,) = ask(sa.select(SIGNAL.c.added_by, SIGNAL.c.removed_by).where(SIGNAL.c.id == signal.id))
    found: list[tuple[int, Deed, tuple[Difference, ...]]] = [(added.added_by, Deed.ADDED, ())]
    images = [*_images(ask, SIGNAL_WAS.c.signal_id == signal.id)]
    for (number, before), (_, after) in pairwise([*images, (0, signal)]):
        found.append((number, Deed.EDITED, signal_differences(before, after)))
    for row in ask(sa.select(REVIVAL).where(REVIVAL.c.signal_id == signal.id)):
        found += [(row.removed_by, Deed.REMOVED, ()), (row.revived_by, Deed.REVIVED, ())]
    if added.removed_by is not None:
        found.append((added.removed_by, Deed.REMOVED, ()))
    return sorted(found, key=lambda deed: (deed[0], deed[1] is not Deed.ADDED))


def _images(ask: Ask, of: sa.ColumnElement[bool]) -> Iterable[tuple[int, Signal]]:
    """What signals were before changes, each with the change, the earliest first."""
    kept = [SIGNAL_WAS.c[name] for name in EDITABLE]
    others = [column for column in SIGNAL.c if column.name not in EDITABLE]
    asked = (
        sa.select(*kept, *others, SIGNAL_WAS.c.change_id, ALLY.c.slug.label("ally"))
        .join_from(SIGNAL_WAS, SIGNAL, SIGNAL.c.id == SIGNAL_WAS.c.signal_id)
        .join(ALLY, ALLY.c.id == SIGNAL_WAS.c.ally_id)
        .where(of)
        .order_by(SIGNAL_WAS.c.change_id, SIGNAL_WAS.c.signal_id)
    )
    return [(row["change_id"], signal_of(row)) for row in ask(asked).mappings()]


def effect(ask: Ask, connection: sa.Connection, change: Change, limit: int) -> Effect:
    """What a change did; at most so many of its signals one by one, the first of each deed."""
    number = change.number
    back = sa.select(REVIVAL.c.signal_id).where(REVIVAL.c.revived_by == number)
    out = sa.select(REVIVAL.c.signal_id).where(REVIVAL.c.removed_by == number)
    edited = sa.select(SIGNAL_WAS.c.signal_id).where(SIGNAL_WAS.c.change_id == number)
    of = {
        Deed.ADDED: SIGNAL.c.added_by == number,
        Deed.EDITED: SIGNAL.c.id.in_(edited),
        Deed.REMOVED: (SIGNAL.c.removed_by == number) | SIGNAL.c.id.in_(out),
        Deed.REVIVED: SIGNAL.c.id.in_(back),
    }
    counts = {deed: int(ask(sa.select(sa.func.count()).where(where)).scalar() or 0) for deed, where in of.items()}
    touched = chain.from_iterable(_touched(ask, number, deed, where, limit) for deed, where in of.items())
    counted = {deed: count for deed, count in counts.items() if count}
    return Effect(change, counted, tuple(touched), tuple(_moved(connection, number)))


def _touched(ask: Ask, number: int, deed: Deed, where: sa.ColumnElement[bool], limit: int) -> Iterable[Touched]:
    """Signals as they stood after a change."""
    first = sa.select(SIGNAL.c.id).where(where).order_by(SIGNAL.c.id).limit(limit)
    rows = ask(SIGNALS.where(SIGNAL.c.id.in_(first))).mappings()
    now = {signal.id: signal for signal in map(signal_of, rows)}
    some = SIGNAL_WAS.c.signal_id.in_(first)
    after = now | {one.id: one for _, one in reversed([*_images(ask, some & (SIGNAL_WAS.c.change_id > number))])}
    before = {one.id: one for _, one in _images(ask, some & (SIGNAL_WAS.c.change_id == number))}
    for one, signal in sorted(after.items(), key=lambda pair: pair[0] or 0):
        differences = signal_differences(before[one], signal) if deed is Deed.EDITED else ()
        yield Touched(signal, deed, differences)


def _moved(connection: sa.Connection, number: int) -> Iterable[Moved]:
    """Allies and settings that a change touched."""
    before = {state.number: state for state in roster.images(connection, number)}
    after = {state.number: state for state in roster.states(connection, number)}
    new = set(connection.scalars(sa.select(ALLY.c.id).where(ALLY.c.added_by == number)))
    for one in sorted(new | before.keys()):
        then, name = after[one], after[one].ally.name
        if one in new or before[one].removed_by is not None:
            yield Moved("ally", name, Deed.ADDED if one in new else Deed.REVIVED)
        elif then.removed_by is not None:
            yield Moved("ally", before[one].ally.name, Deed.REMOVED)
        else:
            yield Moved("ally", name, Deed.EDITED, ally_differences(before[one].ally, then.ally))
    asked = sa.select(SETTING_WAS).where(SETTING_WAS.c.change_id == number).order_by(SETTING_WAS.c.name)
    later = roster.settings_after(connection, number)
    for row in connection.execute(asked):
        if later[row.name] != row.value:
            yield Moved("setting", row.name, Deed.EDITED, (Difference("value", row.value, later[row.name]),))
