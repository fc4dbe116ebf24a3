"""Files on their way in: staged in a table of the connection's own, then merged by sets in one transaction."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Any

import sqlalchemy as sa

from scrutiny.core.arrival import Arrived, Merged
from scrutiny.core.exported import COLUMNS, PRIVATE
from scrutiny.core.text import folded
from scrutiny.store import edits
from scrutiny.store.changes import BATCH_REMOVAL, storable
from scrutiny.store.engines.engine import Engine
from scrutiny.store.tables import ALLY, BATCH, CELLS, CHANGE, CONTENT, SIGNAL, SIGNAL_WAS, next_number

SHOWN = 20  # lines that differ from the ledger, told one by one

# On a server, text that is compared or sorted goes by its bytes, as SQLite does.
_BYTEWISE = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_TYPES: dict[str, Any] = dict.fromkeys(("uid", "ally", "event"), _BYTEWISE) | {"date": sa.Date(), "score": sa.Float()}
_HERE = {"date": "happened_on"}  # what the tables call a column that a file calls otherwise

# A file's rows on their way in, as they stand there; a table of the connection's own, so that it locks nobody out.
INCOMING = sa.Table(
    "incoming",
    sa.MetaData(),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("line", sa.Integer),
    sa.Column("mirror", sa.String),  # the summary of the same event as the other side has it
    sa.Column("cameo", _BYTEWISE),
    sa.Column("mentions", sa.Integer),
    sa.Column("words", _BYTEWISE),
    *(sa.Column(_HERE.get(name, name), _TYPES.get(name, sa.String)) for name in COLUMNS),
    prefixes=["TEMPORARY"],
)

Waiting = tuple[int, tuple[str | float, ...], str, str, int]  # line, cells, mirror, cameo, mentions
_SUMMARY, _SOURCE = COLUMNS.index("summary"), COLUMNS.index("source")


class _State(StrEnum):
    """What a row is to the signal that the ledger has of its uid, or of its story."""

    SAME = "same"
    DIFFERS = "differs"
    OUT = "out"  # removed by hand
    BACK = "back"  # went with an import that was taken back
    STORY = "story"


# The rows of a file that the ledger has already.
_MATCHED = sa.Table(
    "matched",
    INCOMING.metadata,
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("signal_id", sa.Integer),
    sa.Column("state", sa.String),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True, slots=True)
class Staged:
    """Where a file's rows stand among all that wait."""

    first: int
    last: int

    @property
    def rows(self) -> int:
        """How many they are."""
        return self.last - self.first + 1

    @property
    def mine(self) -> sa.ColumnElement[bool]:
        """That a row is the file's."""
        return INCOMING.c.place.between(self.first, self.last)


def stage(engine: Engine, connection: sa.Connection, rows: Iterable[Waiting]) -> Staged:
    """Puts a file's signals beside the ledger; locks nobody out."""
    INCOMING.metadata.create_all(connection, checkfirst=True)
    before = _last(connection)
    columns = [column for column in INCOMING.c if not column.primary_key]
    engine.load(connection, INCOMING, columns, _waiting(rows))
    return Staged(before + 1, _last(connection))


def merge(
    engine: Engine, connection: sa.Connection, staged: Staged, arrived: Arrived, change: int, *, update: bool
) -> Merged:
    """Brings a staged file into the ledger; the caller's transaction holds the write lock."""
    batch = _batch(connection, arrived, change)
    connection.execute(sa.delete(_MATCHED))
    _match(connection, staged.mine)
    if arrived.is_feed:
        _match_stories(connection, staged.mine)
    found = _counts(connection)
    updated = _update(connection, change) if update else 0
    revived = edits.revive(connection, SIGNAL.c.id.in_(_signals(_State.BACK)), change)
    added = _add(engine, connection, staged.mine & _unmatched(), change, batch)
    if staged.rows > added + sum(found.values()):  # a uid stands there twice
        _match(connection, staged.mine & _unmatched() & ~_brought(staged, batch))
        found = _counts(connection)
    differing = found.get(_State.DIFFERS, 0) - updated
    stories, out = found.get(_State.STORY, 0), found.get(_State.OUT, 0)
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
        differences=_differing(connection, update=update),
    )
    connection.execute(sa.update(BATCH).where(BATCH.c.id == batch).values(merged.counts))
    return merged


def _waiting(rows: Iterable[Waiting]) -> Iterator[tuple[object, ...]]:
    """The rows under the columns in which they wait."""
    for line, cells, mirror, cameo, mentions in rows:
        yield (line, mirror, cameo, mentions, folded(f"{cells[_SUMMARY]} {cells[_SOURCE]}")) + cells  # noqa: RUF005


def _said(name: str) -> sa.ColumnElement[Any]:
    """A cell of a signal as a row says it."""
    cell = INCOMING.c[name]
    if name == "private":
        return cell == PRIVATE
    if name == "mentions":
        return sa.func.nullif(cell, 0)
    return sa.func.nullif(cell, "") if SIGNAL.c[name].nullable else cell


def _last(connection: sa.Connection) -> int:
    return int(connection.scalar(sa.select(sa.func.max(INCOMING.c.place))) or 0)


def _batch(connection: sa.Connection, arrived: Arrived, change: int) -> int:
    number = next_number(connection, BATCH)
    row: dict[str, Any] = {"id": number, "change_id": change, "name": storable(PurePath(arrived.name).name)}
    row |= {"sha256": arrived.sha256, "format": arrived.format}
    connection.execute(sa.insert(BATCH).values(row | dict.fromkeys(Merged.COUNTS, 0)))
    return number


def _match(connection: sa.Connection, rows: sa.ColumnElement[bool]) -> None:
    """Notes what the ledger has of the rows' uids."""
    apart = sa.or_(
        ALLY.c.slug != INCOMING.c.ally,
        *(SIGNAL.c[name].is_distinct_from(_said(name)) for name in CONTENT),
    )
    state = sa.case(
        (SIGNAL.c.removed_by.in_(_with_batches()), _State.BACK.value),
        (SIGNAL.c.removed_by.is_not(None), _State.OUT.value),
        (apart, _State.DIFFERS.value),
        else_=_State.SAME.value,
    )
    asked = (
        sa.select(INCOMING.c.place, SIGNAL.c.id, state)
        .join_from(INCOMING, SIGNAL, SIGNAL.c.uid == INCOMING.c.uid)
        .join(ALLY, ALLY.c.id == SIGNAL.c.ally_id)
        .where(rows)
    )
    connection.execute(sa.insert(_MATCHED).from_select(["place", "signal_id", "state"], asked))


def _with_batches() -> sa.CompoundSelect[Any]:
    """The changes that took an import back, or a batch of it."""
    turn, about = CHANGE.alias("turn"), CHANGE.alias("about")
    turns = sa.select(turn.c.id).join_from(turn, about, about.c.id == turn.c.about)
    return turns.where(about.c.command.in_(("import", BATCH_REMOVAL))).union_all(
        sa.select(CHANGE.c.id).where(CHANGE.c.command == BATCH_REMOVAL)
    )


def _match_stories(connection: sa.Connection, rows: sa.ColumnElement[bool]) -> None:
    """Notes which events the same feed brought before: from the same page, or as the other side has them.

    An event that somebody removed by hand does not come back under another number.
    """
    same = sa.and_(
        SIGNAL.c.summary == INCOMING.c.summary,
        SIGNAL.c.actor == INCOMING.c.actor,
        SIGNAL.c.source == INCOMING.c.source,
        sa.func.lower(sa.func.substr(INCOMING.c.source, 1, 4)) == "http",
    )
    asked = (
        sa.select(INCOMING.c.place, sa.func.min(SIGNAL.c.id), sa.literal(_State.STORY.value))
        .join_from(INCOMING, ALLY, ALLY.c.slug == INCOMING.c.ally)
        .join(SIGNAL, (SIGNAL.c.ally_id == ALLY.c.id) & (SIGNAL.c.happened_on == INCOMING.c.happened_on))
        .where(rows, _unmatched(), SIGNAL.c.origin == INCOMING.c.origin)
        .where(same | (SIGNAL.c.summary == INCOMING.c.mirror))
        .where(SIGNAL.c.removed_by.is_(None) | SIGNAL.c.removed_by.not_in(_with_batches()))
        .group_by(INCOMING.c.place)
    )
    connection.execute(sa.insert(_MATCHED).from_select(["place", "signal_id", "state"], asked))


def _unmatched() -> sa.ColumnElement[bool]:
    return INCOMING.c.place.not_in(sa.select(_MATCHED.c.place))


def _brought(staged: Staged, batch: int) -> sa.ColumnElement[bool]:
    """Of the rows of a file that it added: the first of each uid that was new."""
    first = sa.select(sa.func.min(INCOMING.c.place)).join_from(INCOMING, SIGNAL, SIGNAL.c.uid == INCOMING.c.uid)
    return INCOMING.c.place.in_(first.where(staged.mine, SIGNAL.c.batch_id == batch).group_by(INCOMING.c.uid))


def _first_of_each() -> sa.Select[Any]:
    """Where the first row stands that says otherwise of each signal."""
    differing = _MATCHED.c.state == _State.DIFFERS.value
    return sa.select(sa.func.min(_MATCHED.c.place)).where(differing).group_by(_MATCHED.c.signal_id)


def _signals(state: _State) -> sa.Select[Any]:
    return sa.select(_MATCHED.c.signal_id).where(_MATCHED.c.state == state.value)


def _differing(connection: sa.Connection, *, update: bool) -> tuple[tuple[int, int], ...]:
    """The first lines that differ from the signal of the same uid and left it so, each with the signal's number."""
    asked = (
        sa.select(INCOMING.c.line, _MATCHED.c.signal_id)
        .join_from(_MATCHED, INCOMING, INCOMING.c.place == _MATCHED.c.place)
        .where(_MATCHED.c.state == _State.DIFFERS.value)
        .order_by(_MATCHED.c.place)
        .limit(SHOWN)
    )
    if update:
        asked = asked.where(_MATCHED.c.place.not_in(_first_of_each()))
    return tuple((line, number) for line, number in connection.execute(asked))


def _update(connection: sa.Connection, change: int) -> int:
    """Makes of the signals that differ what the file says, the first where it says two things; how many."""
    mine = SIGNAL.c.id.in_(_signals(_State.DIFFERS))
    kept = sa.select(SIGNAL_WAS.c.signal_id).where(SIGNAL_WAS.c.change_id == change)
    edits.keep(connection, mine & (SIGNAL.c.added_by != change) & SIGNAL.c.id.not_in(kept), change)
    ally = sa.select(ALLY.c.id).where(ALLY.c.slug == INCOMING.c.ally).scalar_subquery()
    new = {name: _said(name) for name in (*CONTENT, "words")} | {"ally_id": ally}
    of = (_MATCHED.c.signal_id == SIGNAL.c.id) & (_MATCHED.c.place == INCOMING.c.place)
    first = _MATCHED.c.place.in_(_first_of_each())
    return connection.execute(sa.update(SIGNAL).where(of, first).values(new)).rowcount


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
    at, author = connection.execute(sa.select(CHANGE.c.at, CHANGE.c.author).where(CHANGE.c.id == change)).one()
    when, who = INCOMING.c.recorded_at, INCOMING.c.recorded_by
    recorded = {
        "recorded_at": sa.case((when == "", sa.literal(at, CHANGE.c.at.type)), else_=engine.moment(when)),
        "recorded_by": sa.case((who == "", sa.literal(author)), else_=who),
    }
    cells = [recorded[name] if name in recorded else _said(name) for name in CELLS]
    asked = (
        sa.select(*cells, ALLY.c.id, sa.literal(change), sa.literal(batch))
        .join_from(INCOMING, ALLY, ALLY.c.slug == INCOMING.c.ally)
        .where(rows)
        .order_by(INCOMING.c.place)
    )
    connection.execute(sa.insert(SIGNAL).from_select([*CELLS, "ally_id", "added_by", "batch_id"], asked))


def _counts(connection: sa.Connection) -> dict[str, int]:
    asked = sa.select(_MATCHED.c.state, sa.func.count().label("rows")).group_by(_MATCHED.c.state)
    return {row.state: row.rows for row in connection.execute(asked)}
