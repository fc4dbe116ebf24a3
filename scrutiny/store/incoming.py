"""Files on their way in: staged in a table of the connection's own, then merged by sets in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath

import sqlalchemy as sa

from scrutiny.core.signals import Signal
from scrutiny.store import edits
from scrutiny.store.changes import storable
from scrutiny.store.tables import ALLY, BATCH, CHANGE, CONTENT, SIGNAL, next_number, row_of

CHUNK = 2_000  # rows handed to the engine at once: some 2 MB

# On a server, text that is compared or sorted goes by its bytes, as SQLite does.
_BYTEWISE = sa.String().with_variant(sa.String(collation="C"), "postgresql")

# A file's rows on their way in; a table of the connection's own, so that writing it locks nobody out.
INCOMING = sa.Table(
    "incoming",
    sa.MetaData(),
    sa.Column("file", sa.Integer),
    sa.Column("line", sa.Integer),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("uid", _BYTEWISE, nullable=False),
    sa.Column("ally", _BYTEWISE, nullable=False),
    *(sa.Column(name, SIGNAL.c[name].type) for name in CONTENT if name != "event"),
    sa.Column("event", _BYTEWISE),
    sa.Column("words", _BYTEWISE),
    sa.Column("cameo", _BYTEWISE),
    sa.Column("mentions", sa.Integer),
    sa.Column("mirror", sa.String),  # the summary of the same event as the other side has it
    sa.Column("first", sa.Boolean),  # of its uid in its file
    sa.Column("recorded_at", SIGNAL.c.recorded_at.type),
    sa.Column("recorded_by", sa.String),
    sa.Index("incoming_uid", "uid"),
    prefixes=["TEMPORARY"],
)

_CARRIED = tuple(column.name for column in INCOMING.c if column.name in SIGNAL.c)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One file of an import: where it came from, what it is, how many of its rows were rejected."""

    name: str
    sha256: str
    format: str
    rejected: int


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of one file's rows; `differing` are the lines whose uid the ledger has with other content.

    `known` rows were there already, `revived` ones came back with a batch that had been taken back, and
    `removed` ones stay out because somebody removed them by hand.
    """

    name: str
    read: int
    added: int
    known: int
    revived: int
    removed: int
    rejected: int
    differing: tuple[tuple[int, int], ...]
    batch: int | None


def stage(connection: sa.Connection, file: int, found: Iterable[tuple[int, Signal, str | None]]) -> None:
    """Puts a file's signals, each with its line, beside the ledger; locks nobody out."""
    rows = (
        {"file": file, "line": line, "ally": signal.ally, "mirror": mirror} | row_of(signal)
        for line, signal, mirror in found
    )
    while chunk := list(islice(rows, CHUNK)):
        connection.execute(sa.insert(INCOMING), chunk)
    other = INCOMING.alias("other")
    earliest = sa.select(sa.func.min(other.c.place)).where(other.c.file == file, other.c.uid == INCOMING.c.uid)
    connection.execute(
        sa.update(INCOMING)
        .where(INCOMING.c.file == file)
        .values(first=INCOMING.c.place == earliest.scalar_subquery())
    )


def merge(connection: sa.Connection, file: int, arrived: Arrived, change: int) -> Merged:
    """Brings a staged file into the ledger; the caller's transaction holds the write lock."""
    mine = INCOMING.c.file == file
    batch = _batch(connection, arrived, change)
    is_first = INCOMING.c.first
    differing = _differing(connection, mine)
    revived = _revive(connection, mine & is_first, change)
    gone = _count(connection, mine, SIGNAL.c.removed_by.is_not(None))
    added = _insert(connection, mine & is_first, change, batch)
    differing += _differing(connection, mine & ~is_first & (SIGNAL.c.batch_id == batch))  # repeats within the file
    read = connection.scalar(sa.select(sa.func.count()).where(mine)) or 0
    merged = Merged(
        name=arrived.name,
        read=read + arrived.rejected,
        added=added,
        known=read - added - revived - gone - len(differing),
        revived=revived,
        removed=gone,
        rejected=arrived.rejected,
        differing=tuple(sorted(differing)),
        batch=batch,
    )
    counts = {name: getattr(merged, name) for name in ("read", "added", "known", "revived", "removed")}
    counts["differing"] = len(differing)
    connection.execute(sa.update(BATCH).where(BATCH.c.id == batch).values(counts))
    return merged


def _batch(connection: sa.Connection, arrived: Arrived, change: int) -> int:
    cells = {
        "change_id": change,
        "name": storable(PurePath(arrived.name).name),
        "sha256": arrived.sha256,
        "format": arrived.format,
    }
    counts = dict.fromkeys(("read", "added", "known", "differing", "revived", "removed"), 0)
    number = next_number(connection, BATCH)
    row = cells | counts | {"id": number, "rejected": arrived.rejected}
    connection.execute(sa.insert(BATCH).values(row))
    return number


def _revive(connection: sa.Connection, rows: sa.ColumnElement[bool], change: int) -> int:
    """Brings back signals that went with an import that was taken back, as edited before."""
    undo, taken_back = CHANGE.alias("undo"), CHANGE.alias("taken_back")
    back = (
        sa.select(SIGNAL.c.id)
        .join_from(INCOMING, SIGNAL, SIGNAL.c.uid == INCOMING.c.uid)
        .join(undo, undo.c.id == SIGNAL.c.removed_by)
        .join(taken_back, taken_back.c.id == undo.c.about)
        .where(rows, taken_back.c.command == "import")
    )
    return edits.revive(connection, SIGNAL.c.id.in_(back), change)


def _insert(connection: sa.Connection, rows: sa.ColumnElement[bool], change: int, batch: int) -> int:
    """Adds what the ledger does not know, in the file's order."""
    at, author = (
        sa.select(CHANGE.c[name]).where(CHANGE.c.id == change).scalar_subquery() for name in ("at", "author")
    )
    own = {"recorded_at": at, "recorded_by": author}
    cells = [sa.func.coalesce(INCOMING.c[name], own[name]) if name in own else INCOMING.c[name] for name in _CARRIED]
    asked = (
        sa.select(*cells, ALLY.c.id, sa.literal(change), sa.literal(batch))
        .join_from(INCOMING, ALLY, ALLY.c.slug == INCOMING.c.ally)
        .where(rows, ~sa.exists().where(SIGNAL.c.uid == INCOMING.c.uid))
        .order_by(INCOMING.c.place)
    )
    into = [*_CARRIED, "ally_id", "added_by", "batch_id"]
    connection.execute(sa.insert(SIGNAL).from_select(into, asked))
    return connection.scalar(sa.select(sa.func.count()).where(SIGNAL.c.batch_id == batch)) or 0


def _differing(connection: sa.Connection, rows: sa.ColumnElement[bool]) -> tuple[tuple[int, int], ...]:
    """Line and signal number where the file says something else than the ledger of the same uid."""
    apart = sa.or_(
        ALLY.c.slug != INCOMING.c.ally,
        *(SIGNAL.c[name].is_distinct_from(INCOMING.c[name]) for name in CONTENT),
    )
    asked = (
        sa.select(INCOMING.c.line, SIGNAL.c.id)
        .join_from(INCOMING, SIGNAL, SIGNAL.c.uid == INCOMING.c.uid)
        .join(ALLY)
        .where(rows, apart, SIGNAL.c.removed_by.is_(None))
        .order_by(INCOMING.c.place)
    )
    return tuple((line, number) for line, number in connection.execute(asked))


def _count(connection: sa.Connection, rows: sa.ColumnElement[bool], of: sa.ColumnElement[bool]) -> int:
    asked = sa.select(sa.func.count()).join_from(INCOMING, SIGNAL, SIGNAL.c.uid == INCOMING.c.uid)
    return connection.scalar(asked.where(rows, of)) or 0
