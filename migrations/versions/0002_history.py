"""History: what stood before each change, so that any can be read again, taken back and reapplied."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# On a server, text that is compared or sorted goes by its bytes, as SQLite does.
bytewise = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Brings the schema here; columns are added by hand, since Alembic would copy whole tables on SQLite."""
    op.execute("ALTER TABLE change ADD COLUMN about INTEGER CONSTRAINT change_about REFERENCES change (id)")
    op.execute("ALTER TABLE ally ADD COLUMN removed_by INTEGER CONSTRAINT ally_removed REFERENCES change (id)")
    op.execute("UPDATE change SET about = undoes")
    op.create_index("ix_change_about", "change", ["about"])
    gone = sa.text("removed_by IS NOT NULL")
    op.create_index("signal_removed", "signal", ["removed_by"], sqlite_where=gone, postgresql_where=gone)
    op.create_index("ix_revival_revived_by", "revival", ["revived_by"])
    op.create_index("ix_revival_removed_by", "revival", ["removed_by"])
    op.create_table(
        "signal_was",
        sa.Column("signal_id", sa.Integer(), sa.ForeignKey("signal.id", name="signal_was_of"), primary_key=True),
        sa.Column("change_id", sa.Integer(), sa.ForeignKey("change.id", name="signal_was_until"), primary_key=True),
        sa.Column("ally_id", sa.Integer(), sa.ForeignKey("ally.id", name="signal_was_ally"), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("act", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("words", bytewise, nullable=False),
        sa.Column("domain", sa.String(), nullable=True),
        sa.Column("driver", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("event", bytewise, nullable=True),
        sa.Column("private", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_signal_was_change_id", "signal_was", ["change_id"])
    op.create_index("ix_signal_was_ally_id", "signal_was", ["ally_id"])
    op.create_table(
        "ally_was",
        sa.Column("ally_id", sa.Integer(), sa.ForeignKey("ally.id", name="ally_was_of"), primary_key=True),
        sa.Column("change_id", sa.Integer(), sa.ForeignKey("change.id", name="ally_was_until"), primary_key=True),
        sa.Column("name", bytewise, nullable=False),
        sa.Column("code", bytewise, nullable=True),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("stake", sa.Float(), nullable=True),
        sa.Column("aliases", sa.String(), nullable=False),
        sa.Column("removed_by", sa.Integer(), sa.ForeignKey("change.id", name="ally_was_removed"), nullable=True),
    )
    op.create_index("ix_ally_was_change_id", "ally_was", ["change_id"])
    op.create_table(
        "setting_was",
        sa.Column("name", bytewise, primary_key=True),
        sa.Column("change_id", sa.Integer(), sa.ForeignKey("change.id", name="setting_was_until"), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
    )
    op.create_index("ix_setting_was_change_id", "setting_was", ["change_id"])
    keep_what_is_known_of_allies()
    if op.get_bind().dialect.name == "sqlite":
        search_new_words_alone()


def search_new_words_alone() -> None:
    """An edit that leaves the words as they are need not be indexed again."""
    op.execute("DROP TRIGGER signal_search_update")
    added = "INSERT INTO signal_search (rowid, words) VALUES (new.id, new.words)"
    gone = "INSERT INTO signal_search (signal_search, rowid, words) VALUES ('delete', old.id, old.words)"
    op.execute(
        "CREATE TRIGGER signal_search_update AFTER UPDATE OF words ON signal WHEN old.words IS NOT new.words"
        f" BEGIN {gone}; {added}; END"
    )


def keep_what_is_known_of_allies() -> None:
    """An ally went with the change that added it, and came again as that of a later one; its other names are lost."""
    image = "INSERT INTO ally_was (ally_id, change_id, name, code, line, stake, aliases, removed_by) SELECT"
    undo = "FROM ally JOIN change AS undo ON undo.undoes = ally.added_by"
    op.execute(f"{image} ally.id, undo.id, name, code, line, stake, '[]', NULL {undo}")
    op.execute("UPDATE ally SET removed_by = (SELECT undo.id FROM change AS undo WHERE undo.undoes = ally.added_by)")
    first = "(SELECT min(signal.added_by) FROM signal WHERE signal.ally_id = ally.id)"
    went = (
        "(SELECT max(undo.id) FROM change AS undo JOIN change AS came ON came.id = undo.undoes"  # noqa: S608  # ours
        f" WHERE came.id >= {first} AND undo.id < ally.added_by)"
    )
    again = f"FROM ally WHERE ally.added_by > {first} AND {went} IS NOT NULL"
    op.execute(f"{image} ally.id, {went}, name, code, line, stake, '[]', NULL {again}")
    op.execute(f"{image} ally.id, ally.added_by, name, code, line, stake, '[]', {went} {again}")
    op.execute(f"UPDATE ally SET added_by = {first} WHERE ally.added_by > {first}")  # noqa: S608  # as above
