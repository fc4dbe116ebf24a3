"""The tables; signal_of and row_of cross the border between rows and domain values."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from scrutiny.core.acts import Kind
from scrutiny.core.parts import ALL, DAILY, DOMESTIC, ECONOMIC, FORCES, OF_DRIVER, OF_KIND, PARTS, SIDES, Asked
from scrutiny.core.signals import Actor, Domain, Driver, Grade, Signal
from scrutiny.core.text import folded
from scrutiny.errors import BrokenLedger, ScrutinyError

NOUGHT = {"server_default": sa.text("0")}


class Setting(SQLModel, table=True):
    """A setting of the ledger, such as its principal."""

    name: str = Field(primary_key=True)
    value: str


class AllyRow(SQLModel, table=True):
    """An ally; aliases are in a table of their own."""

    __tablename__ = "ally"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    code: str | None = Field(default=None, unique=True)
    line: str = ""
    stake: float | None = None
    added_by: int = Field(foreign_key="change.id")
    removed_by: int | None = Field(default=None, foreign_key="change.id")


class AliasRow(SQLModel, table=True):
    """Another name that finds an ally; key is what its spellings have in common."""

    __tablename__ = "alias"

    key: str = Field(primary_key=True)
    name: str
    ally_id: int = Field(foreign_key="ally.id", index=True)
    place: int  # in the order in which the analyst wrote them


class ChangeRow(SQLModel, table=True):
    """One command that changed the ledger: when (never going back), by whom, what it did.

    An undo or redo names the change that it reverses, which may be an undo itself, and the one that it is all about.
    """

    __tablename__ = "change"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    author: str
    command: str
    what: str
    undoes: int | None = Field(default=None, foreign_key="change.id", unique=True)
    about: int | None = Field(default=None, foreign_key="change.id", index=True)


class BatchRow(SQLModel, table=True):
    """One run of an import on one file."""

    __tablename__ = "batch"

    id: int | None = Field(default=None, primary_key=True)
    change_id: int = Field(foreign_key="change.id", index=True)
    name: str
    sha256: str
    format: str
    read: int
    added: int
    known: int
    differing: int
    revived: int
    removed: int
    rejected: int
    updated: int = Field(default=0, sa_column_kwargs=NOUGHT)
    neutral: int = Field(default=0, sa_column_kwargs=NOUGHT)
    repeats: int = Field(default=0, sa_column_kwargs=NOUGHT)
    others: int = Field(default=0, sa_column_kwargs=NOUGHT)  # of no dyad that was asked for


class SignalRow(SQLModel, table=True):
    """A signal; never deleted: removed_by names the change that took it out."""

    __tablename__ = "signal"

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(unique=True)
    ally_id: int = Field(foreign_key="ally.id")
    happened_on: date = Field(index=True)
    act: str | None = None
    actor: str
    kind: str
    score: float
    summary: str
    words: str  # the folded summary and source, which search looks at
    domain: str | None = None
    driver: str | None = None
    source: str | None = None
    grade: str | None = None
    origin: str
    event: str | None = None
    private: bool
    recorded_at: datetime
    recorded_by: str
    added_by: int = Field(foreign_key="change.id", index=True)
    removed_by: int | None = Field(default=None, foreign_key="change.id")
    batch_id: int | None = Field(default=None, foreign_key="batch.id", index=True)
    cameo: str | None = None
    mentions: int | None = None

    __table_args__ = (sa.Index("signal_by_ally", "ally_id", "happened_on"),)  # and the partial ones below


class Revival(SQLModel, table=True):
    """When a removed signal came back: the change that had removed it and the one that restored it."""

    signal_id: int = Field(foreign_key="signal.id", primary_key=True)
    removed_by: int = Field(foreign_key="change.id", primary_key=True, index=True)
    revived_by: int = Field(foreign_key="change.id", index=True)


ALLY: sa.Table = AllyRow.__table__  # type: ignore[attr-defined]  # SQLModel sets it
ALIAS: sa.Table = AliasRow.__table__  # type: ignore[attr-defined]  # as above
BATCH: sa.Table = BatchRow.__table__  # type: ignore[attr-defined]  # as above
CHANGE: sa.Table = ChangeRow.__table__  # type: ignore[attr-defined]  # as above
REVIVAL: sa.Table = Revival.__table__  # type: ignore[attr-defined]  # as above
SETTING: sa.Table = Setting.__table__  # type: ignore[attr-defined]  # as above
SIGNAL: sa.Table = SignalRow.__table__  # type: ignore[attr-defined]  # as above

NOTE = sa.Table(  # plain, as those below; a note is in the ledger as long as its change stands
    "note",
    SQLModel.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("ally_id", sa.Integer, sa.ForeignKey("ally.id"), nullable=False, index=True),
    sa.Column("noted_on", sa.Date, nullable=False),
    sa.Column("text", sa.String, nullable=False),
    sa.Column("added_by", sa.Integer, sa.ForeignKey("change.id"), nullable=False, index=True),
)

_NAMES = (
    {ALL: "", ECONOMIC: "economic_", DOMESTIC: "domestic_"}
    | {part: f"kind_{kind}_" for kind, part in OF_KIND.items()}
    | {part: f"driver_{driver.replace('-', '_')}_" for driver, part in OF_DRIVER.items()}
)
SUMMED: dict[Asked, str] = {asked: _NAMES[asked[0]] + asked[1] for asked in (*DAILY, *SIDES, *PARTS, *FORCES)}

SIGNAL_DAY = sa.Table(  # what signals in the ledger come to; no actor where it is all the same who acted
    "signal_day",
    SQLModel.metadata,
    *(sa.Column(one, SIGNAL.c[one].type, primary_key=True) for one in ("origin", "actor")),
    sa.Column("ally_id", sa.Integer, sa.ForeignKey("ally.id"), primary_key=True),
    sa.Column("happened_on", sa.Date, primary_key=True),
    *(sa.Column(one, sa.BigInteger, nullable=False) for one in SUMMED.values()),
)

UNREADABLE = (ScrutinyError, ValueError, TypeError, KeyError, IndexError, AttributeError)  # what a wrong cell raises
CHECK = "see all that is wrong with: scrutiny db check"

# What an analyst said, as opposed to when and by whom it was recorded: two rows that agree here are the same.
CONTENT = tuple("happened_on act actor kind score summary domain driver source grade origin event private".split())
# What an edit may change, and its image therefore keeps.
EDITABLE = (*CONTENT, "ally_id", "words")


def _was(name: str, of: sa.Table, kept: Sequence[str]) -> sa.Table:
    """What rows of a table were before changes that touched them: its key, the change, and the cells kept.

    A plain table: nobody makes such rows as objects, whose class would cost each command 5 ms.
    """
    (own,) = of.primary_key.columns
    whose = own.name if own.name != "id" else f"{of.name}_id"
    return sa.Table(
        name,
        SQLModel.metadata,
        sa.Column(whose, own.type, *([sa.ForeignKey(f"{of.name}.id")] if own.name == "id" else ()), primary_key=True),
        sa.Column("change_id", sa.Integer, sa.ForeignKey("change.id"), primary_key=True, index=True),
        *(
            sa.Column(
                one,
                of.c[one].type,
                *(sa.ForeignKey(key.target_fullname) for key in of.c[one].foreign_keys),
                nullable=of.c[one].nullable,
            )
            for one in kept
        ),
    )


SIGNAL_WAS = _was("signal_was", SIGNAL, EDITABLE)
sa.Index("ix_signal_was_ally_id", SIGNAL_WAS.c.ally_id)
ALLY_WAS = _was("ally_was", ALLY, ("name", "code", "line", "stake", "removed_by"))
ALLY_WAS.append_column(sa.Column("aliases", sa.String, nullable=False))  # a JSON list
SETTING_WAS = _was("setting_was", SETTING, ("value",))
NOTE_WAS = _was("note_was", NOTE, ("ally_id",))

SIGNALS = sa.select(SIGNAL, ALLY.c.slug.label("ally")).select_from(
    sa.join(SIGNAL, ALLY)
)  # each as signal_of wants it

# The cells of a signal that are the same in every ledger, in the order in which row_of gives them.
CELLS = tuple(
    "uid happened_on act actor kind score summary words domain driver source grade origin event private "
    "recorded_at recorded_by cameo mentions".split()
)


_PARTIAL = {
    "signal_removed": (SIGNAL.c.removed_by, "removed_by IS NOT NULL"),
    "signal_event": (SIGNAL.c.event, "event IS NOT NULL"),
    "signal_day_empty": (SIGNAL_DAY.c.signals, "signals = 0"),
}


@cache
def declare_partial_indices() -> None:
    """Adds to the tables their partial indices, which only migrations are held to.

    Each names a setting of its own to every engine, whose dialects SQLAlchemy would load for any command: 40 ms.
    """
    for name, (column, where) in _PARTIAL.items():
        sa.Index(name, column, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def row_of(signal: Signal) -> dict[str, Any]:
    """Those cells; the ally's number and the changes are the ledger's own."""
    return {
        "uid": signal.uid,
        "happened_on": signal.happened_on,
        "act": signal.act,
        "actor": str(signal.actor),
        "kind": str(signal.kind),
        "score": signal.score,
        "summary": signal.summary,
        "words": folded(f"{signal.summary} {signal.source or ''}"),
        "domain": signal.domain and str(signal.domain),
        "driver": signal.driver and str(signal.driver),
        "source": signal.source,
        "grade": signal.grade and str(signal.grade),
        "origin": signal.origin,
        "event": signal.event,
        "private": signal.private,
        "recorded_at": signal.recorded_at,
        "recorded_by": signal.recorded_by,
        "cameo": signal.cameo,
        "mentions": signal.mentions,
    }


def signal_of(row: sa.RowMapping) -> Signal:
    """The signal of a row joined with its ally's slug as `ally`; BrokenLedger for a row that is none."""
    try:
        return read_signal(row)
    except UNREADABLE as error:
        raise BrokenLedger(f"signal #{row['id']} cannot be read: {error}", CHECK) from None


def read_signal(row: sa.RowMapping) -> Signal:
    """The same; what is wrong with a row that is none is raised as it is."""
    return Signal(
        uid=row["uid"],
        ally=row["ally"],
        happened_on=row["happened_on"],
        kind=Kind(row["kind"]),
        score=row["score"],
        summary=row["summary"],
        act=row["act"],
        actor=Actor(row["actor"]),
        domain=row["domain"] and Domain(row["domain"]),
        driver=row["driver"] and Driver(row["driver"]),
        source=row["source"],
        grade=row["grade"] and Grade(row["grade"][0], row["grade"][1]),
        origin=row["origin"],
        event=row["event"],
        private=row["private"],
        recorded_at=row["recorded_at"],
        recorded_by=row["recorded_by"],
        cameo=row["cameo"],
        mentions=row["mentions"],
        id=row["id"],
        change=row["added_by"],
        removed=row["removed_by"] is not None,
    )


def next_number(connection: sa.Connection, table: sa.Table) -> int:
    """The number of the next row of a table that loses none, for a writer whose turn it is.

    A server's own sequence would leave a gap for each change that was refused.
    """
    return (connection.scalar(sa.select(sa.func.max(table.c.id))) or 0) + 1
