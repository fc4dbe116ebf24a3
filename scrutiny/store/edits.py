"""Changing what is there: edits keep what stood before, removals and returns their change; nothing is deleted."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import sqlalchemy as sa

from scrutiny.core.allies import Ally
from scrutiny.core.history import Amount
from scrutiny.core.names import key
from scrutiny.core.signals import Signal
from scrutiny.errors import BadValue, ScrutinyError, Unknown
from scrutiny.store import roster
from scrutiny.store.conditions import IN_LEDGER
from scrutiny.store.tables import (
    ALLY,
    CHANGE,
    EDITABLE,
    NOTE,
    REVIVAL,
    SIGNAL,
    SIGNAL_WAS,
    SIGNALS,
    next_number,
    row_of,
    signal_of,
)

CHUNK = 500  # numbers in one question


def add(connection: sa.Connection, signal: Signal, change: int, author: str) -> Signal:
    """Writes a signal of an ally that is there; the signal with its number."""
    at = sa.select(CHANGE.c.at).where(CHANGE.c.id == change).scalar_subquery()
    ally = sa.select(ALLY.c.id).where(ALLY.c.slug == signal.ally).scalar_subquery()
    number = next_number(connection, SIGNAL)
    cells = row_of(signal) | {"id": number, "recorded_at": at, "recorded_by": author}
    connection.execute(sa.insert(SIGNAL).values(cells | {"ally_id": ally, "added_by": change}))
    return signal_of(connection.execute(SIGNALS.where(SIGNAL.c.id == number)).mappings().one())


def keep(connection: sa.Connection, signals: sa.ColumnElement[bool], change: int) -> int:
    """Writes what the signals say before a change edits them; how many."""
    cells = [SIGNAL.c.id, sa.literal(change), *(SIGNAL.c[name] for name in EDITABLE)]
    into = ["signal_id", "change_id", *EDITABLE]
    connection.execute(sa.insert(SIGNAL_WAS).from_select(into, sa.select(*cells).where(signals)))
    return connection.scalar(sa.select(sa.func.count()).where(SIGNAL_WAS.c.change_id == change)) or 0


def edit(connection: sa.Connection, before: Signal, after: Signal, change: int) -> None:
    """Makes of one signal another, of an ally that is there."""
    keep(connection, SIGNAL.c.id == before.id, change)
    cells = {name: cell for name, cell in row_of(after).items() if name in EDITABLE}
    ally = sa.select(ALLY.c.id).where(ALLY.c.slug == after.ally).scalar_subquery()
    connection.execute(sa.update(SIGNAL).where(SIGNAL.c.id == before.id).values(cells | {"ally_id": ally}))


def remove(connection: sa.Connection, signals: sa.ColumnElement[bool], change: int) -> int:
    """Marks signals as taken out by a change; how many."""
    return connection.execute(sa.update(SIGNAL).where(signals).values(removed_by=change)).rowcount


def remove_all(connection: sa.Connection, signals: Sequence[Signal], change: int) -> None:
    """Marks the signals as taken out by a change."""
    for at in range(0, len(signals), CHUNK):
        remove(connection, SIGNAL.c.id.in_([one.id for one in signals[at : at + CHUNK]]), change)


def revive(connection: sa.Connection, signals: sa.ColumnElement[bool], change: int) -> int:
    """Brings back signals that are out, keeping when they were away; how many."""
    away = sa.select(SIGNAL.c.id, SIGNAL.c.removed_by, sa.literal(change)).where(signals)
    connection.execute(sa.insert(REVIVAL).from_select(["signal_id", "removed_by", "revived_by"], away))
    back = sa.select(REVIVAL.c.signal_id).where(REVIVAL.c.revived_by == change)
    are_out = SIGNAL.c.removed_by.is_not(None)  # others of the change may be back already
    return connection.execute(
        sa.update(SIGNAL).where(SIGNAL.c.id.in_(back), are_out).values(removed_by=None)
    ).rowcount


def refuse_another_principal(connection: sa.Connection) -> None:
    """ScrutinyError once there are signals or notes, those taken out among them: they speak of one principal."""
    for table, what in ((SIGNAL, "signals"), (NOTE, "notes")):
        if connection.scalar(sa.select(table.c.id).limit(1)):
            raise ScrutinyError(
                f"the principal cannot be changed once the ledger has {what}",
                "follow another principal in a ledger of its own: --db other.db",
            )


# -- allies


def edit_ally(connection: sa.Connection, name: str, edited: Callable[[Ally], Ally], change: int) -> Ally:
    """Makes of the ally of that name what `edited` makes of it as it stands; its new state."""
    known = roster.read(connection)
    old = known.ally(name)
    new = known.checked(edited(old), instead_of=old)
    roster.write(connection, roster.state_of(connection, old.slug), new, change)
    return new


def merge(connection: sa.Connection, old: str, into: str, change: int) -> tuple[Ally, Ally, Amount]:
    """Gives one ally's signals, notes and names to another and takes it out; both as they were, how much moved."""
    from scrutiny.store import notes  # 2 ms, which log need not pay

    known = roster.read(connection)
    gone, kept = known.ally(old), known.ally(into)
    if gone == kept:
        raise BadValue(f"{gone.name} cannot be merged into itself")
    states = {name: roster.state_of(connection, ally.slug) for name, ally in (("gone", gone), ("kept", kept))}
    theirs = SIGNAL.c.ally_id == states["gone"].number
    signals = keep(connection, theirs, change)
    connection.execute(sa.update(SIGNAL).where(theirs).values(ally_id=states["kept"].number))
    moved = Amount(signals, notes.move(connection, states["gone"].number, states["kept"].number, change))
    roster.remove(connection, states["gone"], change)
    names = [gone.name, gone.slug, *([gone.code] if gone.code else ()), *gone.aliases]
    new = {key(name): name for name in names if key(name) not in kept.keys}
    grown = replace(kept, aliases=(*kept.aliases, *new.values()))
    roster.write(connection, states["kept"], roster.read(connection).checked(grown, instead_of=kept), change)
    return gone, kept, moved


def remove_ally(connection: sa.Connection, name: str, change: int) -> Ally:
    """Takes out an ally; ScrutinyError while signals or notes refer to it."""
    ally = roster.read(connection).ally(name)
    state = roster.state_of(connection, ally.slug)
    if (some := amount_on(connection, state)).any:
        raise ScrutinyError(
            f"{ally.name} has {some.said}",
            f"give them to another ally with: scrutiny ally merge {ally.slug} --into ALLY",
        )
    roster.remove(connection, state, change)
    return ally


def amount_on(connection: sa.Connection, ally: roster.State) -> Amount:
    """How many signals and notes on an ally are in the ledger."""
    from scrutiny.store import notes  # as above

    asked = sa.select(sa.func.count()).where(IN_LEDGER, SIGNAL.c.ally_id == ally.number)
    return Amount(connection.scalar(asked) or 0, notes.number_on(connection, ally.number))


# -- signals named by people


def named(connection: sa.Connection, numbers: Sequence[int]) -> list[Signal]:
    """The signals of those numbers, each once; Unknown or ScrutinyError where one is not in the ledger."""
    found: dict[int | None, Signal] = {}
    for at in range(0, len(numbers), CHUNK):
        asked = SIGNALS.where(SIGNAL.c.id.in_(numbers[at : at + CHUNK]))
        found |= {signal.id: signal for signal in map(signal_of, connection.execute(asked).mappings())}
    for number in numbers:
        if number not in found:
            raise Unknown(f"no signal #{number}", "see them with: scrutiny list")
        if found[number].removed:
            raise removed(number)
    return [found[number] for number in dict.fromkeys(numbers)]


def removed(number: int | None) -> ScrutinyError:
    """What is said of a signal that is no longer in the ledger."""
    return ScrutinyError(f"#{number} was removed", f"see by which change with: scrutiny history {number}")
