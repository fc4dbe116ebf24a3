"""The record of changes: each command that changes the ledger is one, and some can be taken back."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from scrutiny.errors import ScrutinyError
from scrutiny.store import roster
from scrutiny.store.conditions import IN_LEDGER
from scrutiny.store.tables import CHANGE, REVIVAL, SIGNAL, next_number

LONGEST = 200  # characters of what a change says it did
UNDOABLE = ("log", "import")  # the commands whose changes undo takes back


@dataclass(frozen=True, slots=True)
class Undoable:
    """A change that can be taken back: its number, what it did, how many of its signals are in the ledger."""

    change: int
    what: str
    signals: int


def record(
    connection: sa.Connection, now: datetime, author: str, command: str, what: str, undoes: int | None = None
) -> int:
    """Writes the change that a command makes; its number. Its time never goes back, whatever the clock does."""
    last = connection.scalar(sa.select(CHANGE.c.at).order_by(CHANGE.c.id.desc()).limit(1))
    number = next_number(connection, CHANGE)
    row = {"id": number, "at": max(now, last) if last else now, "author": author, "command": command}
    connection.execute(sa.insert(CHANGE).values(row | {"what": what[:LONGEST], "undoes": undoes}))
    return number


def undoable(connection: sa.Connection, author: str, number: int | None) -> Undoable:
    """The change of that number, else the author's latest that can be taken back.

    ScrutinyError where there is none, where it was taken back already, or where it is of another sort.
    """
    asked = sa.select(CHANGE)
    if number is None:
        undone = sa.select(CHANGE.c.undoes).where(CHANGE.c.undoes.is_not(None))
        asked = asked.where(CHANGE.c.author == author, CHANGE.c.command.in_(UNDOABLE), CHANGE.c.id.not_in(undone))
        asked = asked.order_by(CHANGE.c.id.desc()).limit(1)
    else:
        asked = asked.where(CHANGE.c.id == number)
    row = connection.execute(asked).first()
    if row is None:
        raise ScrutinyError("there is nothing of yours to take back" if number is None else f"no change {number}")
    if row.command not in UNDOABLE:
        raise ScrutinyError(f"change {number} ({row.command}: {row.what}) cannot be taken back")
    if connection.scalar(sa.select(CHANGE.c.id).where(CHANGE.c.undoes == row.id)):
        raise ScrutinyError(f"change {row.id} was taken back already")
    held = connection.scalar(sa.select(sa.func.count()).where(_brought_by(row.id)))
    return Undoable(row.id, f"{row.command}: {row.what}", held or 0)


def take_back(connection: sa.Connection, number: int, change: int) -> None:
    """Marks what a change brought as removed by another; the allies that it added go where nothing refers to them."""
    connection.execute(sa.update(SIGNAL).where(_brought_by(number)).values(removed_by=change))
    roster.take_back(connection, number)


def _brought_by(change: int) -> sa.ColumnElement[bool]:
    """The signals in the ledger that a change added or brought back."""
    back = sa.select(REVIVAL.c.signal_id).where(REVIVAL.c.revived_by == change)
    return IN_LEDGER & ((SIGNAL.c.added_by == change) | SIGNAL.c.id.in_(back))
