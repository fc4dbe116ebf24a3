"""Files on their way in: what waits is merged by sets in one transaction."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import sqlalchemy as sa

from scrutiny.core.allies import Ally
from scrutiny.core.arrival import Arrived, Merged
from scrutiny.core.exported import Alike
from scrutiny.store import edits, reversal, roster, updating
from scrutiny.store.changes import BATCH_REMOVAL, storable
from scrutiny.store.engines.engine import Engine
from scrutiny.store.tables import ALLY, BATCH, CELLS, CHANGE, SIGNAL, next_number
from scrutiny.store.waiting import ALIKE, INCOMING, MATCHED, Staged, State, apart, said, signals_in

SHOWN = 20  # lines that differ from the ledger, told one by one


def merge(
    engine: Engine,
    connection: sa.Connection,
    staged: Staged,
    arrived: Arrived,
    change: int,
    newcomers: Mapping[str, Ally],
    *,
    update: bool,
) -> tuple[Merged, tuple[Ally, ...]]:
    """Brings a staged file into the ledger, and those of the newcomers, by slug, of which it brings anything.

    The caller's transaction holds the write lock.
    """
    batch = _batch(connection, arrived, change)
    connection.execute(sa.delete(MATCHED))
    _match(connection, staged.mine, arrived.named)
    if arrived.is_feed:
        _match_stories(connection, staged.mine)
    allies = _ensure(connection, staged.mine, newcomers, change, update=update)
    revived = edits.revive(connection, SIGNAL.c.id.in_(signals_in(State.BACK)), change)
    updated, again = updating.update(connection, arrived.named, change) if update else (0, 0)
    revived -= again
    found = sum(_counts(connection).values())
    added = _add(engine, connection, staged.mine & _unmatched(), change, batch)
    if staged.rows > added + found:  # a uid stands there twice
        _match(connection, staged.mine & _unmatched() & ~_brought(staged, batch), arrived.named)
    reversal.refuse_accepted_twice(connection, change)
    counts = _counts(connection)
    differing, stories, out = (counts.get(state, 0) for state in (State.DIFFERS, State.STORY, State.OUT))
    merged = Merged(
        arrived=arrived,
        batch=batch,
        added=added,
        known=staged.rows - added - revived - updated - differing - stories - out,
        differing=differing,
        updated=updated,
        revived=revived,
        removed=out,
        repeats=arrived.repeats + stories,
        differences=_differing(connection),
    )
    connection.execute(sa.update(BATCH).where(BATCH.c.id == batch).values(merged.counts))
    return merged, allies


def _batch(connection: sa.Connection, arrived: Arrived, change: int) -> int:
    number = next_number(connection, BATCH)
    row: dict[str, Any] = {"id": number, "change_id": change, "name": storable(PurePath(arrived.name).name)}
    row |= {"sha256": arrived.sha256, "format": arrived.format}
    connection.execute(sa.insert(BATCH).values(row | dict.fromkeys(Merged.COUNTS, 0)))
    return number


def _match(connection: sa.Connection, rows: sa.ColumnElement[bool], named: frozenset[str] | None) -> None:
    """Notes what the ledger has of the rows' uids; a row that does not name a part says nothing else of it."""
    state = sa.case(
        (SIGNAL.c.removed_by.in_(_with_batches()), State.BACK.value),
        (SIGNAL.c.removed_by.is_not(None), State.OUT.value),
        (apart(named), State.DIFFERS.value),
        else_=State.SAME.value,
    )
    asked = (
        sa.select(INCOMING.c.place, SIGNAL.c.id, state)
        .join_from(INCOMING, SIGNAL, SIGNAL.c.uid == INCOMING.c.uid)
        .join(ALLY, ALLY.c.id == SIGNAL.c.ally_id)
        .where(rows)
    )
    connection.execute(sa.insert(MATCHED).from_select(["place", "signal_id", "state"], asked))


def _with_batches() -> sa.CompoundSelect[Any]:
    """The changes that took an import back, or a batch of it."""
    turn, about = CHANGE.alias("turn"), CHANGE.alias("about")
    turns = sa.select(turn.c.id).join_from(turn, about, about.c.id == turn.c.about)
    return turns.where(about.c.command.in_(("import", BATCH_REMOVAL))).union_all(
        sa.select(CHANGE.c.id).where(CHANGE.c.command == BATCH_REMOVAL)
    )


def _match_stories(connection: sa.Connection, rows: sa.ColumnElement[bool]) -> None:
    """Notes which events the same feed brought before: from the same page, or as the other side has them.

    An event that somebody removed by hand does not come back under another number, and none comes back while its
    story is there under another.
    """
    back = INCOMING.c.place.in_(sa.select(MATCHED.c.place).where(MATCHED.c.state == State.BACK.value))
    again = sa.select(_stories(rows & back).subquery().c.place)
    connection.execute(sa.delete(MATCHED).where(MATCHED.c.place.in_(again)))
    asked = _stories(rows & _unmatched())
    connection.execute(sa.insert(MATCHED).from_select(["place", "signal_id", "state"], asked))


def _stories(rows: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Where the rows stand whose story is there or was removed by hand, and as which signal."""
    same = sa.and_(
        SIGNAL.c.summary == INCOMING.c.summary,
        SIGNAL.c.actor == INCOMING.c.actor,
        SIGNAL.c.source == INCOMING.c.source,
        sa.func.lower(sa.func.substr(INCOMING.c.source, 1, 4)) == "http",
    )
    return (
        sa.select(INCOMING.c.place, sa.func.min(SIGNAL.c.id), sa.literal(State.STORY.value))
        .join_from(INCOMING, ALLY, ALLY.c.slug == INCOMING.c.ally)
        .join(SIGNAL, (SIGNAL.c.ally_id == ALLY.c.id) & (SIGNAL.c.happened_on == INCOMING.c.happened_on))
        .where(rows, SIGNAL.c.origin == INCOMING.c.origin)
        .where(same | (SIGNAL.c.summary == INCOMING.c.mirror))
        .where(SIGNAL.c.removed_by.is_(None) | SIGNAL.c.removed_by.not_in(_with_batches()))
        .group_by(INCOMING.c.place)
    )


def _unmatched() -> sa.ColumnElement[bool]:
    return INCOMING.c.place.not_in(sa.select(MATCHED.c.place))


def _brought(staged: Staged, batch: int) -> sa.ColumnElement[bool]:
    """Of the rows of a file that it added: the first of each uid that was new."""
    first = sa.select(sa.func.min(INCOMING.c.place)).join_from(INCOMING, SIGNAL, SIGNAL.c.uid == INCOMING.c.uid)
    return INCOMING.c.place.in_(first.where(staged.mine, SIGNAL.c.batch_id == batch).group_by(INCOMING.c.uid))


def _differing(connection: sa.Connection) -> tuple[tuple[int, int], ...]:
    """The first lines that differ from the signal of the same uid and left it so, each with the signal's number."""
    asked = (
        sa.select(INCOMING.c.line, MATCHED.c.signal_id)
        .join_from(MATCHED, INCOMING, INCOMING.c.place == MATCHED.c.place)
        .where(MATCHED.c.state == State.DIFFERS.value)
        .order_by(MATCHED.c.place)
        .limit(SHOWN)
    )
    return tuple((line, number) for line, number in connection.execute(asked))


def _ensure(
    connection: sa.Connection,
    rows: sa.ColumnElement[bool],
    newcomers: Mapping[str, Ally],
    change: int,
    *,
    update: bool,
) -> tuple[Ally, ...]:
    """Adds the newcomers whose signals are to be added, or become theirs; which it added."""
    if not newcomers:
        return ()
    differing = sa.select(MATCHED.c.place).where(MATCHED.c.state.in_([State.DIFFERS.value, State.BACK.value]))
    used = _unmatched() | INCOMING.c.place.in_(differing) if update else _unmatched()
    slugs = set(connection.scalars(sa.select(INCOMING.c.ally).where(rows, used).distinct()))
    return roster.ensure(connection, [ally for slug, ally in newcomers.items() if slug in slugs], change)


def _add(engine: Engine, connection: sa.Connection, rows: sa.ColumnElement[bool], change: int, batch: int) -> int:
    """Adds what the ledger does not know, in the file's order, of each uid the first; how many."""
    connection.exec_driver_sql("SAVEPOINT adding")
    try:
        with engine.arriving(connection, batch):
            _insert(engine, connection, rows, change, batch)
    except sa.exc.IntegrityError:  # a uid stands twice in the file, which is rare enough to look only then
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT adding")
        first = sa.select(sa.func.min(INCOMING.c.place)).where(rows).group_by(INCOMING.c.uid)
        with engine.arriving(connection, batch):
            _insert(engine, connection, INCOMING.c.place.in_(first), change, batch)
    connection.exec_driver_sql("RELEASE SAVEPOINT adding")
    return connection.scalar(sa.select(sa.func.count()).where(SIGNAL.c.batch_id == batch)) or 0


def _insert(engine: Engine, connection: sa.Connection, rows: sa.ColumnElement[bool], change: int, batch: int) -> None:
    ready = _ready(engine, connection, change)
    cells = [ready.c[name] if name in ready.c else said(name) for name in CELLS]
    asked = (
        sa.select(*cells, ALLY.c.id, sa.literal(change), sa.literal(batch))
        .join_from(INCOMING, ready, ready.c.number == INCOMING.c.number)
        .join(ALLY, ALLY.c.slug == INCOMING.c.ally)
        .where(rows)
        .order_by(INCOMING.c.place)
    )
    connection.execute(sa.insert(SIGNAL).from_select([*CELLS, "ally_id", "added_by", "batch_id"], asked))


def _ready(engine: Engine, connection: sa.Connection, change: int) -> sa.CTE:
    """What rows say alike as signals have it, made once for all of them: a tenth of the time."""
    at, author = connection.execute(sa.select(CHANGE.c.at, CHANGE.c.author).where(CHANGE.c.id == change)).one()
    when, who = ALIKE.c.recorded_at, ALIKE.c.recorded_by
    recorded = {
        "recorded_at": sa.case((when == "", sa.literal(at, CHANGE.c.at.type)), else_=engine.moment(when)),
        "recorded_by": sa.case((who == "", sa.literal(author)), else_=who),
    }
    cells = (recorded[name] if name in recorded else said(name, ALIKE) for name in Alike._fields)
    named = (cell.label(name) for name, cell in zip(Alike._fields, cells, strict=True))
    return sa.select(ALIKE.c.number, *named).cte("ready").prefix_with("MATERIALIZED")


def _counts(connection: sa.Connection) -> dict[str, int]:
    asked = sa.select(MATCHED.c.state, sa.func.count().label("rows")).group_by(MATCHED.c.state)
    return {row.state: row.rows for row in connection.execute(asked)}
