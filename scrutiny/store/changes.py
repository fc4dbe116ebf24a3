"""The record of changes: each command that changes the ledger is one; an undo or redo reverses another."""

import unicodedata
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from scrutiny.core.history import Change
from scrutiny.core.text import inert
from scrutiny.errors import ScrutinyError
from scrutiny.store.tables import CHANGE, next_number

LONGEST = 200  # characters of what a change says it did
FIRST = "new ledger"  # the command of the change that made the ledger
BATCH_REMOVAL = "batches remove"
REVERSING = ("undo", "redo")
ARRIVING = ("log", "import", "edit", "accept", "note")  # commands whose signals or note may be all that an ally has

_LATER = CHANGE.alias("later")
_ABOUT = _LATER.c.about == CHANGE.c.id
_TURNS = sa.select(sa.func.count()).where(_ABOUT).scalar_subquery()  # how often it was taken back or reapplied
_LATEST = sa.select(sa.func.max(_LATER.c.id)).where(_ABOUT).scalar_subquery()
CHANGES = sa.select(CHANGE, _TURNS.label("turns"), _LATEST.label("latest"))
_MINE_TO_TAKE_BACK = CHANGE.c.about.is_(None) & (CHANGE.c.command != FIRST)


def change_of(row: Any) -> Change:
    """The change of a row of CHANGES."""
    undone_by = row.latest if row.turns % 2 else None
    return Change(row.id, row.at, row.author, row.command, row.what, row.about, undone_by)


def record(connection: sa.Connection, now: datetime, author: str, command: str, what: str) -> int:
    """Writes the change that a command makes; its number. Its time never goes back, whatever the clock does."""
    last = connection.scalar(sa.select(CHANGE.c.at).order_by(CHANGE.c.id.desc()).limit(1))
    number = next_number(connection, CHANGE)
    row = {"id": number, "at": max(now, last) if last else now, "author": author, "command": command}
    connection.execute(sa.insert(CHANGE).values(row | {"what": storable(what)[:LONGEST]}))
    return number


def storable(name: str) -> str:
    """A file's name as a ledger can keep it: what no text may hold is written as codes."""
    return "".join(inert(sign) if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in name)


def reverses(connection: sa.Connection, number: int, change: Change) -> int:
    """Marks a change as one that reverses another, or its latest reversal; the number of what it reverses."""
    latest = connection.scalar(sa.select(sa.func.max(CHANGE.c.id)).where(CHANGE.c.about == change.number))
    undoes = int(latest or change.number)
    marks = {"undoes": undoes, "about": change.number}
    connection.execute(sa.update(CHANGE).where(CHANGE.c.id == number).values(marks))
    return undoes


def found(connection: sa.Connection, number: int) -> Change:
    """The change of that number; ScrutinyError where there is none."""
    row = connection.execute(CHANGES.where(CHANGE.c.id == number)).first()
    if row is None:
        raise ScrutinyError(f"no change {number}", "see them with: scrutiny history")
    return change_of(row)


def to_undo(connection: sa.Connection, author: str | None, number: int | None) -> Change:
    """The change of that number, else the author's latest that stands, anybody's where no author is given.

    ScrutinyError where there is none, or where it cannot be taken back.
    """
    if number is None:
        asked = CHANGES.where(_MINE_TO_TAKE_BACK, _TURNS % 2 == 0)
        row = connection.execute(_of(asked, author).order_by(CHANGE.c.id.desc()).limit(1)).first()
        if row is None:
            raise ScrutinyError(f"there is nothing{' of yours' if author else ''} to take back")
        return change_of(row)
    change = found(connection, number)
    if change.command == FIRST:
        raise ScrutinyError(f"{change.said} cannot be taken back")
    if change.about is not None:
        other = "redo" if change.command == "undo" else "undo"
        raise ScrutinyError(f"{change.said} is about another", f"reverse it with: scrutiny {other} {change.about}")
    if change.undone_by is not None:
        raise ScrutinyError(
            f"change {number} was taken back already, by change {change.undone_by}",
            f"reapply it with: scrutiny redo {number}",
        )
    return change


def to_redo(connection: sa.Connection, author: str | None, number: int | None) -> Change:
    """The change of that number, else the one that the author took back last, unless something new came since."""
    if number is None:
        mine = _of(sa.select(sa.func.max(CHANGE.c.id)).where(CHANGE.c.about.is_(None)), author)
        since = connection.scalar(mine) or 0
        undo = CHANGE.alias("undo")
        asked = CHANGES.join_from(CHANGE, undo, undo.c.id == _LATEST).where(_TURNS % 2 == 1, undo.c.id > since)
        if author is not None:
            asked = asked.where(undo.c.author == author)
        row = connection.execute(asked.order_by(undo.c.id.desc()).limit(1)).first()
        if row is None:
            what = f"there is nothing{' of yours' if author else ''} to reapply since your last change"
            raise ScrutinyError(what, "reapply a given one with: scrutiny redo CHANGE")
        return change_of(row)
    change = found(connection, number)
    if change.about is not None:
        raise ScrutinyError(f"{change.said} is about another", f"name that: scrutiny redo {change.about}")
    if change.undone_by is None:
        raise ScrutinyError(f"change {number} stands; there is nothing to reapply")
    return change


def _of(asked: sa.Select[Any], author: str | None) -> sa.Select[Any]:
    return asked if author is None else asked.where(CHANGE.c.author == author)
