"""Reading the history: which changes there were, what each did, what happened to one signal."""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain, pairwise
from typing import Any

import sqlalchemy as sa

from scrutiny.core.allies import Ally
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
from scrutiny.store import notes, roster
from scrutiny.store.changes import CHANGES, change_of
from scrutiny.store.conditions import ally_after
from scrutiny.store.tables import (
    ALLY,
    ALLY_WAS,
    CHANGE,
    EDITABLE,
    NOTE,
    NOTE_WAS,
    REVIVAL,
    SETTING_WAS,
    SIGNAL,
    SIGNAL_WAS,
    SIGNALS,
    signal_of,
)

Ask = Callable[[sa.Select[Any]], sa.CursorResult[*tuple[Any, ...]]]  # runs a query on the ledger as it is known


def changes(ask: Ask, author: str | None, ally: str | None, limit: int | None) -> list[Change]:
    """The changes, newest first: those of an author, those that touched an ally, its signals or its notes."""
    asked = CHANGES.order_by(CHANGE.c.id.desc()).limit(limit)
    if author is not None:
        asked = asked.where(CHANGE.c.author == author)
    if ally is not None:
        asked = asked.where(CHANGE.c.id.in_(_touching(ally)))
    return [change_of(row) for row in ask(asked)]


def _touching(slug: str) -> sa.CompoundSelect[Any]:
    """The numbers of the changes that touched an ally, or a signal or note while it was that ally's."""
    number = sa.select(ALLY.c.id).where(ALLY.c.slug == slug).scalar_subquery()
    came = _of(number, SIGNAL, SIGNAL.c.id, SIGNAL.c.added_by)
    went = _of(number, SIGNAL, SIGNAL.c.id, SIGNAL.c.removed_by).where(SIGNAL.c.removed_by.is_not(None))
    was = sa.select(SIGNAL_WAS.c.change_id).where(SIGNAL_WAS.c.ally_id == number)
    of_notes = (NOTE, NOTE_WAS)  # a merge, which gives them to another, touches both allies
    turned = sa.join(NOTE, CHANGE, CHANGE.c.about == NOTE.c.added_by)
    return sa.union(
        sa.select(ALLY.c.added_by).where(ALLY.c.slug == slug),
        sa.select(ALLY_WAS.c.change_id).where(ALLY_WAS.c.ally_id == number),
        came,
        went,
        was,
        _of(number, SIGNAL_WAS, SIGNAL_WAS.c.signal_id, SIGNAL_WAS.c.change_id),
        _of(number, REVIVAL, REVIVAL.c.signal_id, REVIVAL.c.removed_by),
        _of(number, REVIVAL, REVIVAL.c.signal_id, REVIVAL.c.revived_by),
        _of(number, NOTE, NOTE.c.id, NOTE.c.added_by, of_notes),
        _of(number, turned, NOTE.c.id, CHANGE.c.id, of_notes),
    )


def _of(
    number: sa.ScalarSelect[Any],
    events: sa.FromClause,
    thing: sa.Column[Any],
    change: sa.Column[Any],
    of: tuple[sa.Table, sa.Table] = (SIGNAL, SIGNAL_WAS),
) -> sa.Select[Any]:
    """The changes of events after which their signal or note was an ally's."""
    return sa.select(change).select_from(events).where(ally_after(*of, thing, change) == number)


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
    """What a change did; at most so many of its signals and notes one by one, the first of each deed."""
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
    note_counts, noted = _noted(connection, change, limit)
    others = (*_moved(connection, number), *noted, *_set(connection, number))
    return Effect(change, counted, note_counts, tuple(touched), others)


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
    """Allies that a change touched."""
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


def _noted(connection: sa.Connection, change: Change, limit: int) -> tuple[dict[Deed, int], list[Moved]]:
    """How many notes a change made, took out, brought back or gave to another ally, and the first of each deed."""
    number = change.number
    turn = {"undo": Deed.REMOVED, "redo": Deed.REVIVED}.get(change.command, Deed.ADDED)
    of = {
        turn: NOTE.c.added_by == (change.about or number),
        Deed.EDITED: notes.moved_by(number) & notes.stood_after(number),
    }
    counts = {deed: count for deed, where in of.items() if (count := notes.count(connection, where))}
    if not counts:
        return {}, []
    allies = {state.number: state.ally for state in roster.states(connection, number)}
    mine = (NOTE_WAS.c.note_id == NOTE.c.id) & (NOTE_WAS.c.change_id == number)
    asked = sa.select(NOTE.c.noted_on, NOTE.c.text, notes.whose_after(number).label("whose"), NOTE_WAS.c.ally_id)
    asked = asked.join_from(NOTE, NOTE_WAS, mine, isouter=True).order_by(NOTE.c.id).limit(limit)
    found = []
    for deed in counts:
        for row in connection.execute(asked.where(of[deed])):
            name = f"{allies[row.whose].name} {row.noted_on}"
            found.append(Moved("note", name, deed, (_note_difference(deed, row, allies),)))
    return counts, found


def _note_difference(deed: Deed, row: sa.Row[Any], allies: Mapping[int, Ally]) -> Difference:
    if deed is Deed.EDITED:
        return Difference("ally", allies[row.ally_id].slug, allies[row.whose].slug)
    return Difference("text", *((row.text, None) if deed is Deed.REMOVED else (None, row.text)))


def _set(connection: sa.Connection, number: int) -> Iterable[Moved]:
    """Settings that a change touched."""
    asked = sa.select(SETTING_WAS).where(SETTING_WAS.c.change_id == number).order_by(SETTING_WAS.c.name)
    later = roster.settings_after(connection, number)
    for row in connection.execute(asked):
        if later[row.name] != row.value:
            yield Moved("setting", row.name, Deed.EDITED, (Difference("value", row.value, later[row.name]),))
