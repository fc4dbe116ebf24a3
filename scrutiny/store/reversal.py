"""Taking a change back, or reapplying it: what it did is reversed by a change of its own, which can be in turn."""

from collections.abc import Iterable

import sqlalchemy as sa

from scrutiny.core.history import Change, Reversal
from scrutiny.core.names import counted
from scrutiny.core.signals import DESK
from scrutiny.errors import ScrutinyError
from scrutiny.store import changes, edits, notes, roster
from scrutiny.store.changes import ARRIVING
from scrutiny.store.conditions import IN_LEDGER, edited_since
from scrutiny.store.roster import State
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
)


def reverse(connection: sa.Connection, change: Change, undoes: int, number: int, *, even_edited: bool) -> Reversal:
    """Reverses, as the change of that number, what the change `undoes` did, which is about `change`.

    What an import brought goes less what was removed since, and where `even_edited` says so though some of it was
    edited since; anything else is refused where a later change stands in the way: ScrutinyError names it.
    """
    import_ = change.command == "import"
    brought = _brought_by_import(change.number) if import_ else _brought_by(undoes)
    again = import_ and change.undone_by is not None
    edited = [] if again else _edited_since(connection, brought, undoes)
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
    follows = _reverse_settings(connection, undoes, number)
    _restore(connection, undoes, number)
    noted = notes.restore(connection, undoes, number) + notes.count(connection, NOTE.c.added_by == change.number)
    removed = 0 if again else edits.remove(connection, IN_LEDGER & brought, number)
    revived = edits.revive(connection, SIGNAL.c.removed_by == undoes, number)
    if again and not revived:  # another import brought them, and was taken back
        revived = edits.revive(connection, brought & SIGNAL.c.removed_by.in_(_by_imports()), number)
    if import_ and not (removed or revived):  # others did all of it since
        _refuse_gone(connection, undoes)
        _refuse_back(connection, undoes)
    _reverse_allies(connection, change, undoes, number)
    _refuse_homeless(connection)
    refuse_accepted_twice(connection, number)
    if follows:
        _refuse_namesakes(connection)
    return Reversal(change, removed, revived, _only_restored(connection, number), len(edited), noted)


# -- signals


def _brought_by(change: int, added_by: sa.ColumnElement[int] = SIGNAL.c.added_by) -> sa.ColumnElement[bool]:
    """The signals that a change added or brought back."""
    back = sa.select(REVIVAL.c.signal_id).where(REVIVAL.c.revived_by == change)
    return (added_by == change) | SIGNAL.c.id.in_(back)


def _brought_by_import(change: int) -> sa.ColumnElement[bool]:
    """The signals that an import added, or brought back at first or when it was reapplied."""
    chain = sa.select(CHANGE.c.id).where((CHANGE.c.id == change) | (CHANGE.c.about == change))
    back = sa.select(REVIVAL.c.signal_id).where(REVIVAL.c.revived_by.in_(chain))
    return (SIGNAL.c.added_by == change) | SIGNAL.c.id.in_(back)


def _by_imports() -> sa.Select[int]:
    """The changes that took an import back."""
    root = CHANGE.alias("root")
    return (
        sa.select(CHANGE.c.id).join_from(CHANGE, root, root.c.id == CHANGE.c.about).where(root.c.command == "import")
    )


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
    if (note := notes.moved_since(connection, undoes)) is not None:
        later_moves = sa.select(NOTE_WAS.c.change_id).where(NOTE_WAS.c.note_id == note, NOTE_WAS.c.change_id > undoes)
        raise _stands(_standing(connection, later_moves), "it gave a note to another ally since")


def _refuse_homeless(connection: sa.Connection) -> None:
    """Refuses a reversal after which a signal or a note would belong to an ally that is not there."""
    for ally, later in connection.execute(
        sa.select(ALLY.c.id, ALLY.c.removed_by).where(ALLY.c.removed_by.is_not(None))
    ):
        asked = sa.select(SIGNAL.c.id).where(SIGNAL.c.ally_id == ally, IN_LEDGER).limit(1)
        for signal in connection.scalars(asked):
            raise _in_the_way(connection, "took out the ally of", signal, later)
        if notes.number_on(connection, ally):
            raise _stands(changes.found(connection, later), "it took out the ally of the note since")


def refuse_accepted_twice(connection: sa.Connection, number: int) -> None:
    """Refuses a change that brings what was accepted from an event which another signal was accepted from since.

    Few signals have an event: + 0 keeps SQLite from walking through all that the change brought, or all there are.
    """
    other = SIGNAL.alias("other")
    brought = _brought_by(number, SIGNAL.c.added_by + 0)
    asked = (
        sa.select(SIGNAL.c.id, other.c.id)
        .join_from(SIGNAL, other, (other.c.event == SIGNAL.c.event) & (other.c.id != SIGNAL.c.id))
        .where(brought, SIGNAL.c.event.is_not(None), other.c.added_by != number)
        .where(IN_LEDGER, other.c.removed_by.is_(None), SIGNAL.c.origin == DESK, other.c.origin == DESK)
    )
    for signal, later in connection.execute(asked.order_by(SIGNAL.c.id + 0).limit(1)):
        raise ScrutinyError(
            f"the event of #{signal} was accepted again since, as #{later}", f"first: scrutiny remove {later}"
        )


def _refuse_namesakes(connection: sa.Connection) -> None:
    """Refuses a reversal after which an ally could be found by what is another's, or the principal's."""
    known = roster.read(connection)
    for ally in known.allies:
        try:
            known.checked(ally, instead_of=ally)
        except ScrutinyError as error:
            raise ScrutinyError(
                f"{ally.name} stands in the way: {error.message}", f"first: scrutiny ally remove {ally.slug}"
            ) from None


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
    by_root: dict[int, list[Change]] = {}
    for (number,) in connection.execute(later.distinct()).all():
        change = changes.found(connection, number)
        by_root.setdefault(change.about or change.number, []).append(change)
    standing = [turns for turns in by_root.values() if len(turns) % 2] or list(by_root.values())
    return max((one for turns in standing for one in turns), key=lambda change: change.number)


def _edited_since(connection: sa.Connection, signals: sa.ColumnElement[bool], change: int) -> list[int]:
    """Those of the signals that say something else than right after a change."""
    asked = sa.select(SIGNAL.c.id).where(signals, SIGNAL.c.id.in_(edited_since(sa.literal(change))))
    return list(connection.scalars(asked.order_by(SIGNAL.c.id)))


def _restore(connection: sa.Connection, undoes: int, number: int) -> None:
    """Makes the signals that a change edited what they were before it."""
    of = sa.select(SIGNAL_WAS.c.signal_id).where(SIGNAL_WAS.c.change_id == undoes)
    if edits.keep(connection, SIGNAL.c.id.in_(of), number):
        image = SIGNAL_WAS.alias("image")
        mine = (image.c.signal_id == SIGNAL.c.id) & (image.c.change_id == undoes)
        connection.execute(sa.update(SIGNAL).where(mine).values({name: image.c[name] for name in EDITABLE}))


def _only_restored(connection: sa.Connection, number: int) -> int:
    """How many signals a reversal made what they were, and neither took out nor brought back besides."""
    back = sa.select(REVIVAL.c.signal_id).where(REVIVAL.c.revived_by == number)
    asked = sa.select(sa.func.count()).select_from(sa.join(SIGNAL_WAS, SIGNAL, SIGNAL.c.id == SIGNAL_WAS.c.signal_id))
    stays = SIGNAL.c.removed_by.is_distinct_from(number) & SIGNAL.c.id.not_in(back)
    return connection.scalar(asked.where(SIGNAL_WAS.c.change_id == number, stays)) or 0


# -- settings and allies


def _reverse_settings(connection: sa.Connection, undoes: int, number: int) -> bool:
    """Follows the principal of before, if the change was about that; whether it was."""
    asked = sa.select(SETTING_WAS).where(SETTING_WAS.c.change_id == undoes)
    before = {row.name: row.value for row in connection.execute(asked)}
    if not before:
        return False
    if roster.settings_after(connection, undoes) != roster.settings_after(connection):
        later = sa.select(SETTING_WAS.c.change_id).where(SETTING_WAS.c.change_id > undoes)
        raise _stands(_standing(connection, later), "it changed the principal since")
    edits.refuse_another_principal(connection)
    roster.set_all(connection, before, number)
    return True


def _reverse_allies(connection: sa.Connection, change: Change, undoes: int, number: int) -> None:
    """Allies that came go, those that were edited become what they were, those that went come back, in this order."""
    before = {state.number: state for state in roster.images(connection, undoes)}
    after = {state.number: state for state in roster.states(connection, undoes)}
    now = {state.number: state for state in roster.states(connection)}
    came = set(connection.scalars(sa.select(ALLY.c.id).where(ALLY.c.added_by == undoes)))
    came |= {one for one, state in before.items() if state.removed_by is not None}
    if change.command in ARRIVING:
        lost = set(connection.scalars(sa.select(SIGNAL.c.ally_id).where(SIGNAL.c.removed_by == number).distinct()))
        lost |= set(connection.scalars(sa.select(SIGNAL_WAS.c.ally_id).where(SIGNAL_WAS.c.change_id == number)))
        lost |= set(connection.scalars(sa.select(NOTE.c.ally_id).where(NOTE.c.added_by == change.number)))
        leave(connection, [now[one] for one in sorted(came | lost)], number)
    else:
        for one in came:
            _go(connection, after[one], now[one], undoes, number)
    there = {one: state for one, state in before.items() if state.removed_by is None}
    known = roster.read(connection)
    for one in sorted(there, key=lambda one: now[one].removed_by is not None):
        if now[one].removed_by is None and after[one].removed_by is not None:
            continue  # it came back in another way
        if (now[one].ally, now[one].removed_by) != (after[one].ally, after[one].removed_by):
            raise _ally_in_the_way(connection, now[one], undoes)
        others = known.parted(now[one].ally) if now[one].removed_by is None else known
        roster.write(connection, now[one], others.checked(there[one].ally), number)
        known = others.joined(there[one].ally)


def _go(connection: sa.Connection, after: State, now: State, undoes: int, number: int) -> None:
    """Takes out an ally that a command added by name; refused where it is in use or was changed since."""
    if (some := edits.amount_on(connection, now)).any:
        raise ScrutinyError(
            f"{some.said} of {now.ally.name} would have no ally",
            f"see: scrutiny {'list' if some.signals else 'note'} {now.ally.slug}",
        )
    if (now.ally, now.removed_by) != (after.ally, after.removed_by):
        raise _ally_in_the_way(connection, now, undoes)
    roster.remove(connection, now, number)


def leave(connection: sa.Connection, states: Iterable[State], number: int) -> None:
    """Takes out the allies that came with signals, hold nothing any more, and were not edited since they came."""
    for state in states:
        is_there = state.removed_by is None
        if is_there and _came_with_signals(connection, state) and not edits.amount_on(connection, state).any:
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


def _ally_in_the_way(connection: sa.Connection, now: State, undoes: int) -> ScrutinyError:
    asked = sa.select(ALLY_WAS.c.change_id).where(ALLY_WAS.c.ally_id == now.number, ALLY_WAS.c.change_id > undoes)
    return _stands(_standing(connection, asked), f"it touched {now.ally.name} since")
