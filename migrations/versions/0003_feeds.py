"""Feed events: what ranks and compares them, and what became of every row of an import."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COUNTS = ("updated", "neutral", "repeats", "others")


def upgrade() -> None:
    """Brings the schema here; columns are added by hand, since Alembic would copy whole tables on SQLite."""
    bytewise = 'VARCHAR COLLATE "C"' if op.get_bind().dialect.name == "postgresql" else "VARCHAR"
    op.execute(f"ALTER TABLE signal ADD COLUMN cameo {bytewise} CONSTRAINT signal_cameo CHECK ({form('cameo')})")
    op.execute("ALTER TABLE signal ADD COLUMN mentions INTEGER CONSTRAINT signal_mentions CHECK (mentions > 0)")
    linked = sa.text("event IS NOT NULL")
    op.create_index("signal_event", "signal", ["event"], sqlite_where=linked, postgresql_where=linked)
    for count in COUNTS:
        rule = f"CONSTRAINT batch_{count} CHECK ({count} >= 0)"
        op.execute(f"ALTER TABLE batch ADD COLUMN {count} INTEGER DEFAULT 0 NOT NULL {rule}")
    if op.get_bind().dialect.name == "sqlite":
        leave_batches_to_imports()


def leave_batches_to_imports() -> None:
    """An import puts its rows into the search index all at once: row by row costs a third of its time."""
    op.execute("DROP TRIGGER signal_search_insert")
    added = "INSERT INTO signal_search (rowid, words) VALUES (new.id, new.words)"
    op.execute(
        f"CREATE TRIGGER signal_search_insert AFTER INSERT ON signal WHEN new.batch_id IS NULL BEGIN {added}; END"
    )


def form(column: str) -> str:
    """Two to four digits, of which the first two are the root."""
    return f"length({column}) BETWEEN 2 AND 4 AND ltrim({column}, '0123456789') = ''"
