"""The first schema: allies, signals, the change record, batches, the search index."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# On a server, text that is compared or sorted goes by its bytes, as SQLite does.
bytewise = sa.String().with_variant(sa.String(collation="C"), "postgresql")


COUNTS = ("read", "added", "known", "differing", "revived", "removed", "rejected")


def one_of(column: str, *words: str) -> str:
    """The column holds one of the words."""
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def upgrade() -> None:
    """Brings the schema here."""
    op.create_table(
        "setting",
        sa.Column("name", bytewise, primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("undoes", sa.Integer(), sa.ForeignKey("change.id", name="change_undoes"), nullable=True),
        sa.UniqueConstraint("undoes", name="change_undone_once"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("change_id", sa.Integer(), sa.ForeignKey("change.id", name="batch_change"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        *(sa.Column(count, sa.Integer(), nullable=False) for count in COUNTS),
        *(sa.CheckConstraint(f"{count} >= 0", name=f"batch_{count}") for count in COUNTS),
        sa.CheckConstraint("length(sha256) = 64", name="batch_sha256"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_batch_change_id", "batch", ["change_id"])
    op.create_table(
        "ally",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("slug", bytewise, nullable=False),
        sa.Column("name", bytewise, nullable=False),
        sa.Column("code", bytewise, nullable=True),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("stake", sa.Float(), nullable=True),
        sa.Column("added_by", sa.Integer(), sa.ForeignKey("change.id", name="ally_added"), nullable=False),
        sa.UniqueConstraint("slug", name="ally_slug"),
        sa.UniqueConstraint("code", name="ally_code"),
        sa.CheckConstraint("length(slug) BETWEEN 1 AND 60 AND slug = lower(slug)", name="ally_slug_form"),
        sa.CheckConstraint("length(name) > 0", name="ally_name_form"),
        sa.CheckConstraint("code IS NULL OR (length(code) = 3 AND code = upper(code))", name="ally_code_form"),
        sa.CheckConstraint("stake IS NULL OR (stake > 0 AND stake <= 1000)", name="ally_stake"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "alias",
        sa.Column("key", bytewise, primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ally_id", sa.Integer(), sa.ForeignKey("ally.id", name="alias_ally"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
    )
    op.create_index("ix_alias_ally_id", "alias", ["ally_id"])
    create_signal()
    op.create_table(
        "revival",
        sa.Column("signal_id", sa.Integer(), sa.ForeignKey("signal.id", name="revival_signal"), primary_key=True),
        sa.Column("removed_by", sa.Integer(), sa.ForeignKey("change.id", name="revival_removed"), primary_key=True),
        sa.Column("revived_by", sa.Integer(), sa.ForeignKey("change.id", name="revival_revived"), nullable=False),
    )
    create_search()


def create_signal() -> None:
    """The signals, with every rule that a schema can hold."""
    dialect = op.get_bind().dialect.name
    rules = {
        "signal_uid_form": "length(uid) BETWEEN 1 AND 200",
        "signal_actor": one_of("actor", "ally", "principal", "third"),
        "signal_kind": one_of("kind", "support", "distancing", "sanctions"),
        "signal_score": "score BETWEEN -10 AND 10 AND score <> 0",
        "signal_score_decimals": "abs(score * 100 - round(score * 100)) < 0.000001",
        "signal_score_sign": "(kind <> 'support' OR score > 0) AND (kind <> 'distancing' OR score < 0)",
        "signal_summary": "length(summary) > 0",
        "signal_domain": one_of("domain", "diplomatic", "military", "economic", "energy", "technology", "domestic"),
        "signal_driver": one_of("driver", "war", "sanctions", "power-shift", "home-politics"),
        "signal_grade": "length(grade) = 2 AND "
        + one_of("substr(grade, 1, 1)", *"ABCDEF")
        + " AND "
        + one_of("substr(grade, 2, 1)", *"123456"),
        "signal_origin": "length(origin) BETWEEN 1 AND 40",
    }
    if dialect == "sqlite":  # a server's date is a date; SQLite's is text that must be one
        rules["signal_date"] = "happened_on IS date(julianday(happened_on))"  # which has no 30 February
    op.create_table(
        "signal",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("uid", bytewise, nullable=False),
        sa.Column("ally_id", sa.Integer(), sa.ForeignKey("ally.id", name="signal_ally"), nullable=False),
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
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("added_by", sa.Integer(), sa.ForeignKey("change.id", name="signal_added"), nullable=False),
        sa.Column("removed_by", sa.Integer(), sa.ForeignKey("change.id", name="signal_removed"), nullable=True),
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("batch.id", name="signal_batch"), nullable=True),
        sa.UniqueConstraint("uid", name="signal_uid"),
        *(sa.CheckConstraint(rule, name=name) for name, rule in rules.items()),
        sqlite_autoincrement=True,
    )
    op.create_index("signal_by_ally", "signal", ["ally_id", "happened_on"])
    op.create_index("ix_signal_happened_on", "signal", ["happened_on"])
    op.create_index("ix_signal_added_by", "signal", ["added_by"])
    op.create_index("ix_signal_batch_id", "signal", ["batch_id"])


def create_search() -> None:
    """Full text by our own folded words: the index only splits them at spaces, so engines cannot differ."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX signal_search ON signal USING gin (array_to_tsvector(string_to_array(words, ' ')))")
        return
    op.execute(
        "CREATE VIRTUAL TABLE signal_search USING fts5"
        "(words, content='signal', content_rowid='id', tokenize='ascii', detail='none')"
    )
    added = "INSERT INTO signal_search (rowid, words) VALUES (new.id, new.words)"
    gone = "INSERT INTO signal_search (signal_search, rowid, words) VALUES ('delete', old.id, old.words)"
    op.execute(f"CREATE TRIGGER signal_search_insert AFTER INSERT ON signal BEGIN {added}; END")
    op.execute(f"CREATE TRIGGER signal_search_delete AFTER DELETE ON signal BEGIN {gone}; END")
    op.execute(f"CREATE TRIGGER signal_search_update AFTER UPDATE OF words ON signal BEGIN {gone}; {added}; END")
