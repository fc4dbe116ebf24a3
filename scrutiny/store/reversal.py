"""Taking a change back, or reapplying it: what it did is reversed by a change of its own, which can be in turn."""

from collections.abc import Iterable

import sqlalchemy as sa

from scrutiny.core.history import Change, Reversal
from scrutiny.core.names import counted
from scrutiny.errors import ScrutinyError
from scrutiny.store import changes, edits, roster
from scrutiny.store.changes import ARRIVING
from scrutiny.store.conditions import IN_LEDGER, edited_since
from scrutiny.store.roster import State
from scrutiny.store.tables import ALLY, ALLY_WAS, CHANGE, EDITABLE, REVIVAL, SETTING_WAS, SIGNAL, SIGNAL_WAS


def reverse(connection: sa.Connection, change: Change, undoes: int, number: int, *, even_edited: bool) -> Reversal:
    """Reverses, as the change of that number, what the change `undoes` did, which is about `change`.

    What an import brought goes less what was removed since, and where `even_edited` says so though some of it was
    edited since; anything else is refused where a later change stands in the way: ScrutinyError names it.
    """
    import_ = change.command == "import"
    brought = _brought_by(undoes)
    edited = _edited_since(connection, brought, undoes)
    if not import_:
        _refuse_gone(connection, undoes)
        _refuse_back(connection, undoes)
        for signal in edited:
            raise _edited_in_the_way(connection, signal, undoes)
    elif edited and not even_edited:
        raise ScrutinyError(
            f"{counted(len(edited), 'signal')} of {change.said} {'was' if len(edited) == 1 else 'were'} edited since",
            f"take it back all the same: scrutiny undo {change.number} --yes",
        )
    _refuse_otherwise(connection, undoes)
    _reverse_settings(connection, undoes, number)
    restored = _restore(connection, undoes, number)
    revived = edits.revive(connection, SIGNAL.c.removed_by == undoes, number)
    removed = edits.remove(connection, IN_LEDGER & brought, number)
    if import_ and not (removed or revived or restored):  # others did all of it since
        _refuse_gone(connection, undoes)
        _refuse_back(connection, undoes)
    _reverse_allies(connection, change, undoes, number)
    _refuse_homeless(connection)
    return Reversal(change, removed, revived, restored, len(edited))


# -- signals


def _brought_by(change: int) -> sa.ColumnElement[bool]:
    """The signals that a change added or brought back."""
    back = sa.select(REVIVAL.c.signal_id).where(REVIVAL.c.revived_by == change)
    return (SIGNAL.c.added_by == change) | SIGNAL.c.id.in_(back)


def _refuse_gone(connection: sa.Connection, undoes: int) -> None:
    """Refuses where somebody else removed what is to be removed."""
    asked = sa.select(SIGNAL.c.id, SIGNAL.c.removed_by).where(_brought_by(undoes), SIGNAL.c.removed_by.is_not(None))
    for signal, later in connection.execute(asked.order_by(SIGNAL.c.id).limit(1)):
        raise _in_the_way(connection, "removed", signal, later)


def _refuse_back(connection: sa.Connection, undoes: int) -> None:
    """Refuses where somebody else brought back what is to come back."""
    asked = sa.select(REVIVAL.c.signal_id, REVIVAL.c.revived_by).where(REVIVAL.c.removed_by == undoes)
    for signal, later in connection.execute(asked.order_by(REVIVAL.c.signal_id).limit(1)):
        raise _in_the_way(connection, "brought back", signal, later)


def _refuse_otherwise(connection: sa.Connection, undoes: int) -> None:
    """Refuses where what is to become again what it was is no longer what the change made of it."""
    mine = SIGNAL.c.id.in_(sa.select(SIGNAL_WAS.c.signal_id).where(SIGNAL_WAS.c.change_id == undoes))
    for signal in _edited_since(connection, mine, undoes):
        raise _edited_in_the_way(connection, signal, undoes)
    asked = sa.select(SIGNAL.c.id, SIGNAL.c.removed_by).where(mine, SIGNAL.c.removed_by > undoes)
    for signal, later in connection.execute(asked.order_by(SIGNAL.c.id).limit(1)):
        raise _in_the_way(connection, "removed", signal, later)


def _refuse_homeless(connection: sa.Connection) -> None:
    """Refuses a reversal after which a signal would belong to an ally that is not there."""
    asked = sa.select(SIGNAL.c.id, ALLY.c.removed_by).join_from(SIGNAL, ALLY)
    for signal, later in connection.execute(asked.where(IN_LEDGER, ALLY.c.removed_by.is_not(None)).limit(1)):
        raise _in_the_way(connection, "took out the ally of", signal, later)


def _in_the_way(connection: sa.Connection, did: str, signal: int, later: int) -> ScrutinyError:
    return _stands(changes.found(connection, later), f"it {did} #{signal} since")


def _edited_in_the_way(connection: sa.Connection, signal: int, undoes: int) -> ScrutinyError:
    asked = sa.select(SIGNAL_WAS.c.change_id).where(SIGNAL_WAS.c.signal_id == signal)
    return _stands(_standing(connection, asked.where(SIGNAL_WAS.c.change_id > undoes)), f"it edited #{signal} since")


def _stands(change: Change, what: str) -> ScrutinyError:
    reversal = f"redo {change.about}" if change.command == "undo" else f"undo {change.about or change.number}"
    return ScrutinyError(f"{change.said} stands in the way: {what}", f"first: scrutiny {reversal}")


def _standing(connection: sa.Connection, later: sa.Select[int]) -> Change:
    """The latest of some changes that was not taken back since by another of them."""
    latest: dict[int, list[Change]] = {}
    for (number,) in connection.execute(later.distinct()).all():
        change = changes.found(connection, number)
        latest.setdefault(change.about or change.number, []).append(change)
    odd = [one for of in latest.values() if len(of) % 2 for one in of] or [
        one for of in latest.values() for one in of
    ]
    return max(odd, key=lambda change: change.number)


def _edited_since(connection: sa.Connection, signals: sa.ColumnElement[bool], change: int) -> list[int]:
    """Those of the signals that say something else than right after a change."""
    asked = sa.select(SIGNAL.c.id).where(signals, SIGNAL.c.id.in_(edited_since(sa.literal(change))))
    return list(connection.scalars(asked.order_by(SIGNAL.c.id)))


def _restore(connection: sa.Connection, undoes: int, number: int) -> int:
    """Makes the signals that a change edited what they were before it; how many."""
    of = sa.select(SIGNAL_WAS.c.signal_id).where(SIGNAL_WAS.c.change_id == undoes)
    count = edits.keep(connection, SIGNAL.c.id.in_(of), number)
    if count:
        image = SIGNAL_WAS.alias("image")
        mine = (image.c.signal_id == SIGNAL.c.id) & (image.c.change_id == undoes)
        before = {name: sa.select(image.c[name]).where(mine).scalar_subquery() for name in EDITABLE}
        connection.execute(sa.update(SIGNAL).where(SIGNAL.c.id.in_(of)).values(before))
    return count


# -- settings and allies


def _reverse_settings(connection: sa.Connection, undoes: int, number: int) -> None:
    asked = sa.select(SETTING_WAS).where(SETTING_WAS.c.change_id == undoes)
    if before := {row.name: row.value for row in connection.execute(asked)}:
        if roster.settings_after(connection, undoes) != roster.settings_after(connection):
            later = sa.select(SETTING_WAS.c.change_id).where(SETTING_WAS.c.change_id > undoes)
            raise _stands(_standing(connection, later), "it changed the principal since")
        edits.refuse_signals(connection)
        roster.set_all(connection, before, number)


def _reverse_allies(connection: sa.Connection, change: Change, undoes: int, number: int) -> None:
    """Allies that came go, those that were edited become what they were, those that went come back, in this order."""
    before = {state.number: state for state in roster.images(connection, undoes)}
    after = {state.number: state for state in roster.states(connection, undoes)}
    now = {state.number: state for state in roster.states(connection)}
    came = set(connection.scalars(sa.select(ALLY.c.id).where(ALLY.c.added_by == undoes)))
    came |= {one for one, state in before.items() if state.removed_by is not None}
    if change.command in ARRIVING:
        lost = set(connection.scalars(sa.select(SIGNAL.c.ally_id).where(SIGNAL.c.removed_by == number).distinct()))
        _leave(connection, [now[one] for one in sorted(came | lost)], number)
    else:
        for one in came:
            _go(connection, after[one], now[one], undoes, number)
    there = {one: state for one, state in before.items() if state.removed_by is None}
    for one in sorted(there, key=lambda one: now[one].removed_by is not None):
        if now[one].removed_by is None and after[one].removed_by is not None:
            continue  # it came back in another way
        if (now[one].ally, now[one].removed_by) != (after[one].ally, after[one].removed_by):
            raise _ally_in_the_way(connection, now[one], undoes)
        present = [state.ally for state in now.values() if state.number == one and state.removed_by is None]
        roster.read(connection).checked(there[one].ally, instead_of=present[0] if present else None)
        roster.write(connection, now[one], there[one].ally, number)


def _go(connection: sa.Connection, after: State, now: State, undoes: int, number: int) -> None:
    """Takes out an ally that a command added by name; refused where it is in use or was changed since."""
    if signals := _count(connection, now):
        raise ScrutinyError(
            f"{counted(signals, 'signal')} of {now.ally.name} would have no ally",
            "see: scrutiny list " + now.ally.slug,
        )
    if (now.ally, now.removed_by) != (after.ally, after.removed_by):
        raise _ally_in_the_way(connection, now, undoes)
    roster.remove(connection, now, number)


def _leave(connection: sa.Connection, states: Iterable[State], number: int) -> None:
    """Takes out the allies that came with signals, have none left, and were not edited since they came."""
    for state in states:
        is_there = state.removed_by is None
        if is_there and _came_with_signals(connection, state) and not _count(connection, state):
            roster.remove(connection, state, number)


def _came_with_signals(connection: sa.Connection, state: State) -> bool:
    of = ALLY_WAS.c.ally_id == state.number
    back = sa.select(sa.func.max(ALLY_WAS.c.change_id)).where(of, ALLY_WAS.c.removed_by.is_not(None))
    came = connection.scalar(back) or connection.scalar(sa.select(ALLY.c.added_by).where(ALLY.c.id == state.number))
    root = CHANGE.alias("root")
    asked = sa.select(root.c.command).join_from(
        CHANGE, root, root.c.id == sa.func.coalesce(CHANGE.c.about, CHANGE.c.id)
    )
    command = connection.execute(asked.where(CHANGE.c.id == came)).scalar_one()
    edited = connection.scalar(sa.select(sa.exists().where(of, ALLY_WAS.c.change_id > came)))
    return command in ARRIVING and not edited


def _count(connection: sa.Connection, state: State) -> int:
    return connection.scalar(sa.select(sa.func.count()).where(IN_LEDGER, SIGNAL.c.ally_id == state.number)) or 0


def _ally_in_the_way(connection: sa.Connection, now: State, undoes: int) -> ScrutinyError:
    asked = sa.select(ALLY_WAS.c.change_id).where(ALLY_WAS.c.ally_id == now.number, ALLY_WAS.c.change_id > undoes)
    return _stands(_standing(connection, asked), f"it touched {now.ally.name} since")
