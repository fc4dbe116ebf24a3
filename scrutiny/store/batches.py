"""The batches: what each import of a file brought, and taking one of them out again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from scrutiny.core.arrival import Batch, Merged
from scrutiny.core.names import counted
from scrutiny.errors import ScrutinyError
from scrutiny.store import edits, reversal, roster
from scrutiny.store.conditions import IN_LEDGER, edited_since
from scrutiny.store.tables import BATCH, CHANGE, SIGNAL

Ask = Callable[[sa.Select[Any]], sa.CursorResult[*tuple[Any, ...]]]  # runs a query on the ledger as it is known


def batches(ask: Ask, until: int | None) -> list[Batch]:
    """The batches of the changes up to one, newest first."""
    held = sa.select(SIGNAL.c.batch_id, sa.func.count().label("held")).where(
        IN_LEDGER, SIGNAL.c.batch_id.is_not(None)
    )
    held_by = {row.batch_id: row.held for row in ask(held.group_by(SIGNAL.c.batch_id))}
    asked = sa.select(BATCH, CHANGE.c.at, CHANGE.c.author).join_from(BATCH, CHANGE, CHANGE.c.id == BATCH.c.change_id)
    if until is not None:
        asked = asked.where(BATCH.c.change_id <= until)
    return [_batch(row, held_by.get(row.id, 0)) for row in ask(asked.order_by(BATCH.c.id.desc()))]


def to_remove(ask: Ask, number: int) -> Batch:
    """The batch of that number, with how much of it was edited; ScrutinyError where nothing of it is there."""
    found = next((one for one in batches(ask, None) if one.number == number), None)
    if found is None:
        raise ScrutinyError(f"no batch {number}", "see them with: scrutiny batches")
    if not found.held:
        raise ScrutinyError(f"nothing of {found.said} is in the ledger", "see what became of it: scrutiny history")
    edited = SIGNAL.c.id.in_(edited_since(sa.literal(found.change)))
    count = sa.select(sa.func.count()).select_from(SIGNAL).where(_of(number), edited)
    return replace(found, edited=ask(count).scalar() or 0)


def remove(connection: sa.Connection, batch: Batch, change: int) -> int:
    """Takes out a batch's signals, and the allies that came with them alone; how many signals.

    An import brings them back, as it does those of an import that was taken back.
    """
    count = edits.remove(connection, _of(batch.number), change)
    lost = set(connection.scalars(sa.select(SIGNAL.c.ally_id).where(SIGNAL.c.removed_by == change).distinct()))
    reversal.leave(connection, [one for one in roster.states(connection) if one.number in lost], change)
    return count


def edited(batch: Batch) -> ScrutinyError:
    """What is said of a batch that is not taken out unasked."""
    were = "was" if batch.edited == 1 else "were"
    return ScrutinyError(
        f"{counted(batch.edited, 'signal')} of {batch.said} {were} edited since",
        f"remove it all the same: scrutiny batches remove {batch.number} --yes",
    )


def _of(number: int) -> sa.ColumnElement[bool]:
    return (SIGNAL.c.batch_id == number) & IN_LEDGER


def _batch(row: Any, held: int) -> Batch:
    counts = {name: getattr(row, name) for name in Merged.COUNTS}
    return Batch(row.id, row.change_id, row.at, row.author, row.name, row.sha256, row.format, counts, held)
