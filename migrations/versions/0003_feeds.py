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
        index_for_imports()


def index_for_imports() -> None:
    """An import fills the search index all at once: row by row costs a third of its time.

    Nobody asks how long a text is, so the index does not keep that, which is a quarter of the rest.
    """
    op.execute("DROP TRIGGER signal_search_insert")
    op.execute("DROP TABLE signal_search")
    op.execute(
        "CREATE VIRTUAL TABLE signal_search USING fts5"
        "(words, content='signal', content_rowid='id', tokenize='ascii', detail='none', columnsize=0)"
    )
    op.execute("INSERT INTO signal_search (signal_search) VALUES ('rebuild')")
    added = "INSERT INTO signal_search (rowid, words) VALUES (new.id, new.words)"
    op.execute(
        f"CREATE TRIGGER signal_search_insert AFTER INSERT ON signal WHEN new.batch_id IS NULL BEGIN {added}; END"
    )


def form(column: str) -> str:
    """Two to four digits, of which the first two are the root."""
    return f"length({column}) BETWEEN 2 AND 4 AND ltrim({column}, '0123456789') = ''"
