"""Notes: an analyst's dated assessments of allies, and which ally's they were before a merge."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema here."""
    rules = {"note_text": "length(text) BETWEEN 1 AND 10000"}
    if op.get_bind().dialect.name == "sqlite":  # a server's date is a date; SQLite's is text that must be one
        rules["note_date"] = "noted_on IS date(julianday(noted_on))"  # which has no 30 February
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("ally_id", sa.Integer(), sa.ForeignKey("ally.id", name="note_ally"), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("added_by", sa.Integer(), sa.ForeignKey("change.id", name="note_added"), nullable=False),
        *(sa.CheckConstraint(rule, name=name) for name, rule in rules.items()),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_note_ally_id", "note", ["ally_id"])
    op.create_index("ix_note_added_by", "note", ["added_by"])
    op.create_table(
        "note_was",
        sa.Column("note_id", sa.Integer(), sa.ForeignKey("note.id", name="note_was_of"), primary_key=True),
        sa.Column("change_id", sa.Integer(), sa.ForeignKey("change.id", name="note_was_until"), primary_key=True),
        sa.Column("ally_id", sa.Integer(), sa.ForeignKey("ally.id", name="note_was_ally"), nullable=False),
    )
    op.create_index("ix_note_was_change_id", "note_was", ["change_id"])
