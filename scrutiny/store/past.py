"""The ledger as it stood: relations that take the tables' names in a query and show what they held after a change."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from scrutiny.errors import ScrutinyError
from scrutiny.store.conditions import ally_after, first_since
from scrutiny.store.tables import CHANGE, EDITABLE, NOTE, NOTE_WAS, REVIVAL, SIGNAL, SIGNAL_WAS


def until(connection: sa.Connection, known: datetime) -> int:
    """The number of the last change that was known at a time; ScrutinyError where there was none yet."""
    found = last(connection, known)
    if not found:
        begun = connection.scalar(sa.select(sa.func.min(CHANGE.c.at)))
        when = f": it begins on {begun.astimezone():%Y-%m-%d %H:%M}" if begun else ""
        raise ScrutinyError(f"the ledger knew nothing by then{when}")
    return found


def last(connection: sa.Connection, at: datetime) -> int:
    """The number of the last change made by a time; 0 where there was none."""
    return int(connection.scalar(sa.select(sa.func.max(CHANGE.c.id)).where(CHANGE.c.at <= at)) or 0)


def relations(number: int, schema: str | None) -> tuple[sa.CTE, ...]:
    """What to put before a query that asks for the ledger as it stood after a change.

    Later edits and removals are not yet made, later signals not yet there. `schema` is where the tables are, on an
    engine on which a relation would otherwise refer to itself.
    """
    signal, was, revival, change = (_real(table, schema) for table in (SIGNAL, SIGNAL_WAS, REVIVAL, CHANGE))
    note, note_was = (_real(table, schema) for table in (NOTE, NOTE_WAS))
    # Each hides the table of its name from those after it, on a server, so the one that asks most comes first.
    return (
        _signals(signal, was, revival, number).cte("signal"),
        sa.select(was).where(was.c.change_id <= number).cte("signal_was"),
        _notes(note, note_was, number).cte("note"),
        sa.select(note_was).where(note_was.c.change_id <= number).cte("note_was"),
        sa.select(revival).where(revival.c.revived_by <= number).cte("revival"),
        sa.select(change).where(change.c.id <= number).cte("change"),
    )


def _real(table: sa.Table, schema: str | None) -> sa.TableClause:
    return sa.table(table.name, *(sa.column(one.name, one.type) for one in table.c), schema=schema)


def _signals(signal: sa.TableClause, was: sa.TableClause, revival: sa.TableClause, number: int) -> Any:
    """Signals that were not edited since as they are, the others as the first later edit found them."""
    out = (
        sa.select(revival.c.removed_by)
        .where(revival.c.signal_id == signal.c.id, revival.c.removed_by <= number, revival.c.revived_by > number)
        .scalar_subquery()
    )
    gone = sa.case((signal.c.removed_by <= number, signal.c.removed_by), else_=out).label("removed_by")
    edited = sa.select(was.c.signal_id).where(was.c.change_id > number)

    def cells(of: sa.TableClause) -> list[sa.ColumnElement[object]]:
        named = {"removed_by": gone} | {name: of.c[name] for name in EDITABLE}
        return [named.get(one.name, one) for one in signal.c]

    there = signal.c.added_by <= number
    as_it_is = sa.select(*cells(signal)).where(there, signal.c.id.not_in(edited))
    as_it_was = sa.select(*cells(was)).join_from(was, signal, signal.c.id == was.c.signal_id)
    return as_it_is.union_all(as_it_was.where(there, first_since(was, number)))


def _notes(note: sa.TableClause, was: sa.TableClause, number: int) -> Any:
    """Notes of the ally whose they were; whether one was taken back by then is asked of the changes by then."""
    ally = ally_after(note, was, note.c.id, number).label("ally_id")
    cells = [ally if one.name == "ally_id" else one for one in note.c]
    return sa.select(*cells).where(note.c.added_by <= number)
