"""Signal days: what the signals in the ledger come to, day by day, so that reports need not read them one by one."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# On a server, text that is compared or sorted goes by its bytes, as SQLite does.
bytewise = sa.String().with_variant(sa.String(collation="C"), "postgresql")

RELIABILITY = {"A": 4, "B": 3, "C": 2, "D": 1, "E": 0, "F": 2}
CREDIBILITY = {"1": 4, "2": 3, "3": 2, "4": 1, "5": 0, "6": 2}
UNGRADED = 4  # sixteenths

SUMS = {"signals": "1", "weight": "weight", "weighted": "weight * score"}
PARTS = {f"kind_{one}": f"kind = '{one}'" for one in ("support", "distancing", "sanctions")} | {
    "economic": "domain IN ('economic', 'energy', 'technology')",
    "domestic": "domain = 'domestic' OR driver = 'home-politics'",
}
DRIVERS = {f"driver_{one.replace('-', '_')}": one for one in ("war", "sanctions", "power-shift", "home-politics")}


def columns() -> dict[str, str]:
    """What each signal adds to each column of a day."""
    found = dict(SUMS) | {"positive": only("score > 0", SUMS["weighted"])}
    found |= {f"{part}_{name}": only(holds, said) for part, holds in PARTS.items() for name, said in SUMS.items()}
    return found | {f"{name}_weighted": only(f"driver = '{one}'", SUMS["weighted"]) for name, one in DRIVERS.items()}


def upgrade() -> None:
    """Brings the schema here, and sums up the signals that are there."""
    op.create_table(
        "signal_day",
        sa.Column("origin", bytewise, nullable=False),
        sa.Column("actor", bytewise, nullable=False),  # empty where it is all the same who acted
        sa.Column("ally_id", sa.Integer(), sa.ForeignKey("ally.id", name="signal_day_ally"), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        *(sa.Column(one, sa.BigInteger(), nullable=False) for one in columns()),
        sa.PrimaryKeyConstraint("origin", "actor", "ally_id", "happened_on", name="signal_day_key"),
        sqlite_with_rowid=False,
    )
    empty = sa.text("signals = 0")
    op.create_index("signal_day_empty", "signal_day", ["signals"], sqlite_where=empty, postgresql_where=empty)
    for actor in ("''", "actor"):
        fill(actor)


def fill(actor: str) -> None:
    """Sums up by actor, or whoever acted: weights in sixteenths, scores in hundredths, so that all are whole.

    A signal that breaks a rule stops nobody from bringing the ledger here: db check names it then.
    """
    weight = (
        f"CASE WHEN grade IS NULL THEN {UNGRADED} ELSE"
        f" {letter('substr(grade, 1, 1)', RELIABILITY)} * {letter('substr(grade, 2, 1)', CREDIBILITY)} END"
    )
    by = "origin, actor, ally_id, happened_on"
    signals = (
        f"SELECT origin, {actor} AS actor, ally_id, happened_on, kind, domain, driver, {weight} AS weight,"  # noqa: S608
        " CAST(round(score * 100) AS INTEGER) AS score FROM signal"
        " WHERE removed_by IS NULL AND ally_id IN (SELECT id FROM ally)"
    )
    sums = ", ".join(f"sum({said})" for said in columns().values())
    op.execute(f"INSERT INTO signal_day SELECT {by}, {sums} FROM ({signals}) AS one GROUP BY {by}")  # noqa: S608  # ours


def only(where: str, said: str) -> str:
    """What is said, of signals of which something holds."""
    return f"CASE WHEN {where} THEN {said} ELSE 0 END"


def letter(of: str, values: dict[str, int]) -> str:
    """The value of a letter, none of what is no such letter."""
    return f"CASE {of} {' '.join(f'WHEN {one!r} THEN {value}' for one, value in values.items())} ELSE 0 END"
