"""Notes in the store: written once, and in the ledger as long as the change that wrote them stands."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from scrutiny.core.notes import Note
from scrutiny.errors import BrokenLedger
from scrutiny.store.conditions import ally_after
from scrutiny.store.tables import ALLY, CHANGE, CHECK, NOTE, NOTE_WAS, UNREADABLE, next_number

Ask = Callable[[sa.Select[Any]], sa.CursorResult[*tuple[Any, ...]]]  # runs a query on the ledger as it is known

_TURN = CHANGE.alias("turn")
_TURNS = sa.select(sa.func.count()).where(_TURN.c.about == NOTE.c.added_by)
STANDS = _TURNS.scalar_subquery() % 2 == 0  # of a note: its change was never taken back, or was reapplied since
NOTES = (
    sa.select(NOTE, ALLY.c.slug.label("ally"), CHANGE.c.author, CHANGE.c.at)
    .join_from(NOTE, ALLY, ALLY.c.id == NOTE.c.ally_id)
    .join(CHANGE, CHANGE.c.id == NOTE.c.added_by)
)  # each as note_of wants it


def note_of(row: sa.RowMapping) -> Note:
    """The note of a row of NOTES; BrokenLedger for a row that is none."""
    try:
        return read_note(row)
    except UNREADABLE as error:
        raise BrokenLedger(f"note {row['id']} cannot be read: {error}", CHECK) from None


def read_note(row: sa.RowMapping) -> Note:
    """The same; what is wrong with a row that is none is raised as it is."""
    return Note(
        ally=row["ally"],
        noted_on=row["noted_on"],
        text=row["text"],
        author=row["author"],
        recorded_at=row["at"],
        number=row["id"],
        change=row["added_by"],
    )


def stood_after(number: int) -> sa.ColumnElement[bool]:
    """Whether a note was in the ledger right after a change."""
    return (NOTE.c.added_by <= number) & (_TURNS.where(_TURN.c.id <= number).scalar_subquery() % 2 == 0)


def notes(ask: Ask, allies: Sequence[str], up_to: date | None, limit: int | None) -> list[Note]:
    """The notes on some allies, or on all, dated up to a day, newest first."""
    asked = NOTES.where(STANDS)
    if allies:
        asked = asked.where(ALLY.c.slug.in_(allies))
    if up_to is not None:
        asked = asked.where(NOTE.c.noted_on <= up_to)
    asked = asked.order_by(NOTE.c.noted_on.desc(), NOTE.c.id.desc()).limit(limit)
    return [note_of(row) for row in ask(asked).mappings()]


def add(connection: sa.Connection, note: Note, change: int) -> Note:
    """Writes a note on an ally that is there; the note with its number."""
    ally = sa.select(ALLY.c.id).where(ALLY.c.slug == note.ally).scalar_subquery()
    number = next_number(connection, NOTE)
    cells = {"id": number, "ally_id": ally, "noted_on": note.noted_on, "text": note.text, "added_by": change}
    connection.execute(sa.insert(NOTE).values(cells))
    return note_of(connection.execute(NOTES.where(NOTE.c.id == number)).mappings().one())


def count(connection: sa.Connection, some: sa.ColumnElement[bool]) -> int:
    """How many such notes there are."""
    return connection.scalar(sa.select(sa.func.count(NOTE.c.id)).where(some)) or 0


def number_on(connection: sa.Connection, ally: int) -> int:
    """How many notes on an ally, by its number, are in the ledger."""
    return count(connection, (NOTE.c.ally_id == ally) & STANDS)


def whose_after(number: int) -> sa.ColumnElement[int]:
    """The number of the ally whose a note was after a change."""
    return ally_after(NOTE, NOTE_WAS, NOTE.c.id, number)


def move(connection: sa.Connection, old: int, into: int, change: int) -> int:
    """Gives one ally's notes to another, those that were taken back among them; how many are in the ledger."""
    theirs, moved = NOTE.c.ally_id == old, number_on(connection, old)
    _keep(connection, theirs, change)
    connection.execute(sa.update(NOTE).where(theirs).values(ally_id=into))
    return moved


def restore(connection: sa.Connection, undoes: int, number: int) -> int:
    """Gives the notes that a change moved back to the ally whose they were; how many are in the ledger."""
    moved = moved_by(undoes)
    _keep(connection, moved, number)
    image = NOTE_WAS.alias("image")
    mine = (image.c.note_id == NOTE.c.id) & (image.c.change_id == undoes)
    connection.execute(sa.update(NOTE).where(mine).values(ally_id=image.c.ally_id))
    return count(connection, moved & STANDS)


def moved_since(connection: sa.Connection, change: int) -> int | None:
    """The first of the notes that a change moved which is no longer the ally's to whom it moved them."""
    asked = sa.select(NOTE.c.id).where(moved_by(change), NOTE.c.ally_id != whose_after(change))
    return connection.scalar(asked.order_by(NOTE.c.id).limit(1))


def moved_by(change: int) -> sa.ColumnElement[bool]:
    """Of a note: a change gave it to another ally."""
    return NOTE.c.id.in_(sa.select(NOTE_WAS.c.note_id).where(NOTE_WAS.c.change_id == change))


def _keep(connection: sa.Connection, some: sa.ColumnElement[bool], change: int) -> None:
    """Writes whose the notes are before a change moves them."""
    cells = sa.select(NOTE.c.id, sa.literal(change), NOTE.c.ally_id).where(some)
    connection.execute(sa.insert(NOTE_WAS).from_select(["note_id", "change_id", "ally_id"], cells))
