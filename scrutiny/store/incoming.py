"""Files on their way in: staged in a table of the connection's own, then merged by sets in one transaction."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Any

import sqlalchemy as sa

from scrutiny.core.acts import Kind
from scrutiny.core.allies import Ally
from scrutiny.core.arrival import Arrived, Merged
from scrutiny.core.exported import COLUMNS, PRIVATE
from scrutiny.core.text import folded
from scrutiny.store import edits, reversal, roster
from scrutiny.store.changes import BATCH_REMOVAL, storable
from scrutiny.store.engines.engine import Engine
from scrutiny.store.tables import ALLY, BATCH, CELLS, CHANGE, CONTENT, SIGNAL, SIGNAL_WAS, next_number

SHOWN = 20  # lines that differ from the ledger, told one by one

# On a server, text that is compared or sorted goes by its bytes, as SQLite does.
_BYTEWISE = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_TYPES: dict[str, Any] = dict.fromkeys(("uid", "ally", "event"), _BYTEWISE) | {"date": sa.Date(), "score": sa.Float()}
_THERE = {"happened_on": "date"}  # what a file calls a column that the tables call otherwise
_HERE = {there: here for here, there in _THERE.items()}

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
    UPDATED = "updated"  # it differed, and the signal is now what it says
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
    connection.execute(sa.delete(_MATCHED))
    _match(connection, staged.mine, arrived.named)
    if arrived.is_feed:
        _match_stories(connection, staged.mine)
    allies = _ensure(connection, staged.mine, newcomers, change, update=update)
    updated = _update(connection, arrived.named, change) if update else 0
    revived = edits.revive(connection, SIGNAL.c.id.in_(_signals(_State.BACK)), change)
    found = sum(_counts(connection).values())
    added = _add(engine, connection, staged.mine & _unmatched(), change, batch)
    if staged.rows > added + found:  # a uid stands there twice
        _match(connection, staged.mine & _unmatched() & ~_brought(staged, batch), arrived.named)
    reversal.refuse_accepted_twice(connection, change)
    counts = _counts(connection)
    differing, stories, out = (counts.get(state, 0) for state in (_State.DIFFERS, _State.STORY, _State.OUT))
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


def _waiting(rows: Iterable[Waiting]) -> Iterator[tuple[object, ...]]:
    """The rows under the columns in which they wait."""
    for line, cells, mirror, cameo, mentions in rows:
        yield (line, mirror, cameo, mentions, folded(f"{cells[_SUMMARY]} {cells[_SOURCE]}")) + cells  # noqa: RUF005


def _is_named(name: str, named: frozenset[str] | None) -> bool:
    return named is None or _THERE.get(name, name) in named


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


def _match(connection: sa.Connection, rows: sa.ColumnElement[bool], named: frozenset[str] | None) -> None:
    """Notes what the ledger has of the rows' uids; a row that does not name a part says nothing else of it."""
    parts = (SIGNAL.c[name].is_distinct_from(_said(name)) for name in CONTENT if _is_named(name, named))
    apart = sa.or_(ALLY.c.slug != INCOMING.c.ally, *parts)
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

    An event that somebody removed by hand does not come back under another number, and none comes back while its
    story is there under another.
    """
    back = INCOMING.c.place.in_(sa.select(_MATCHED.c.place).where(_MATCHED.c.state == _State.BACK.value))
    again = sa.select(_stories(rows & back).subquery().c.place)
    connection.execute(sa.delete(_MATCHED).where(_MATCHED.c.place.in_(again)))
    asked = _stories(rows & _unmatched())
    connection.execute(sa.insert(_MATCHED).from_select(["place", "signal_id", "state"], asked))


def _stories(rows: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Where the rows stand whose story is there or was removed by hand, and as which signal."""
    same = sa.and_(
        SIGNAL.c.summary == INCOMING.c.summary,
        SIGNAL.c.actor == INCOMING.c.actor,
        SIGNAL.c.source == INCOMING.c.source,
        sa.func.lower(sa.func.substr(INCOMING.c.source, 1, 4)) == "http",
    )
    return (
        sa.select(INCOMING.c.place, sa.func.min(SIGNAL.c.id), sa.literal(_State.STORY.value))
        .join_from(INCOMING, ALLY, ALLY.c.slug == INCOMING.c.ally)
        .join(SIGNAL, (SIGNAL.c.ally_id == ALLY.c.id) & (SIGNAL.c.happened_on == INCOMING.c.happened_on))
        .where(rows, SIGNAL.c.origin == INCOMING.c.origin)
        .where(same | (SIGNAL.c.summary == INCOMING.c.mirror))
        .where(SIGNAL.c.removed_by.is_(None) | SIGNAL.c.removed_by.not_in(_with_batches()))
        .group_by(INCOMING.c.place)
    )


def _unmatched() -> sa.ColumnElement[bool]:
    return INCOMING.c.place.not_in(sa.select(_MATCHED.c.place))


def _brought(staged: Staged, batch: int) -> sa.ColumnElement[bool]:
    """Of the rows of a file that it added: the first of each uid that was new."""
    first = sa.select(sa.func.min(INCOMING.c.place)).join_from(INCOMING, SIGNAL, SIGNAL.c.uid == INCOMING.c.uid)
    return INCOMING.c.place.in_(first.where(staged.mine, SIGNAL.c.batch_id == batch).group_by(INCOMING.c.uid))


def _signals(state: _State) -> sa.Select[Any]:
    return sa.select(_MATCHED.c.signal_id).where(_MATCHED.c.state == state.value)


def _differing(connection: sa.Connection) -> tuple[tuple[int, int], ...]:
    """The first lines that differ from the signal of the same uid and left it so, each with the signal's number."""
    asked = (
        sa.select(INCOMING.c.line, _MATCHED.c.signal_id)
        .join_from(_MATCHED, INCOMING, INCOMING.c.place == _MATCHED.c.place)
        .where(_MATCHED.c.state == _State.DIFFERS.value)
        .order_by(_MATCHED.c.place)
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
    differing = sa.select(_MATCHED.c.place).where(_MATCHED.c.state == _State.DIFFERS.value)
    used = _unmatched() | INCOMING.c.place.in_(differing) if update else _unmatched()
    slugs = set(connection.scalars(sa.select(INCOMING.c.ally).where(rows, used).distinct()))
    return roster.ensure(connection, [ally for slug, ally in newcomers.items() if slug in slugs], change)


def _update(connection: sa.Connection, named: frozenset[str] | None, change: int) -> int:
    """Makes of the signals that differ what the file says, where it says several things the first; how many."""
    live = _MATCHED.c.state.in_([_State.SAME.value, _State.DIFFERS.value])
    first = sa.select(sa.func.min(_MATCHED.c.place)).where(live).group_by(_MATCHED.c.signal_id)
    to_update = _MATCHED.c.place.in_(first) & (_MATCHED.c.state == _State.DIFFERS.value)
    count = connection.execute(sa.update(_MATCHED).where(to_update).values(state=_State.UPDATED.value)).rowcount
    mine = SIGNAL.c.id.in_(_signals(_State.UPDATED))
    kept = sa.select(SIGNAL_WAS.c.signal_id).where(SIGNAL_WAS.c.change_id == change)
    edits.keep(connection, mine & (SIGNAL.c.added_by != change) & SIGNAL.c.id.not_in(kept), change)
    of = (_MATCHED.c.signal_id == SIGNAL.c.id) & (_MATCHED.c.place == INCOMING.c.place)
    ally = sa.select(ALLY.c.id).where(ALLY.c.slug == INCOMING.c.ally).scalar_subquery()
    new = {name: _said(name) for name in CONTENT if _is_named(name, named)} | _scored(named) | {"ally_id": ally}
    is_updated = _MATCHED.c.state == _State.UPDATED.value
    if _is_named("summary", named) and _is_named("source", named):
        new["words"] = INCOMING.c.words
    connection.execute(sa.update(SIGNAL).where(of, is_updated).values(new))
    if "words" not in new:
        _reword(connection, mine)
    return count


def _scored(named: frozenset[str] | None) -> dict[str, sa.ColumnElement[Any]]:
    """Act, kind and score after an update; what the file does not name follows from what it does, as in an edit."""
    if named is None or {"act", "kind", "score"} <= named:
        return {}
    act, kind, score = (_said(name) for name in ("act", "kind", "score"))
    if "act" in named:
        stays = SIGNAL.c.act.is_not_distinct_from(act)
    elif "kind" in named:
        stays = SIGNAL.c.kind == kind
    else:
        stays = (SIGNAL.c.kind == Kind.SANCTIONS.value) | (SIGNAL.c.score * score > 0)
    old = {name: sa.case((stays, SIGNAL.c[name]), else_=new) for name, new in (("act", act), ("kind", kind))}
    return old | ({} if "score" in named else {"score": sa.case((stays, SIGNAL.c.score), else_=score)})


def _reword(connection: sa.Connection, signals: sa.ColumnElement[bool]) -> None:
    """Makes what search looks at what summary and source now say."""
    asked = sa.select(SIGNAL.c.id, SIGNAL.c.summary, SIGNAL.c.source, SIGNAL.c.words).where(signals)
    said = [(row.id, row.words, folded(f"{row.summary} {row.source or ''}")) for row in connection.execute(asked)]
    wrong = [{"number": number, "new": words} for number, old, words in said if old != words]
    if wrong:
        mine = SIGNAL.c.id == sa.bindparam("number")
        connection.execute(sa.update(SIGNAL).where(mine).values(words=sa.bindparam("new")), wrong)


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
