"""The schema: which revision a ledger has, and the migrations that bring it to this program's."""

from pathlib import Path

import sqlalchemy as sa

from scrutiny.errors import BrokenLedger

HEAD = "0005"  # the newest revision; held to migrations/ by a test, so that Alembic need not be asked
REVISION = "SELECT version_num FROM alembic_version"
KNOWN = ("0001", "0002", "0003", "0004", HEAD)
COPYING = "copying "  # stands before the revision while a copy is unfinished, which then nobody takes for a ledger


class UnfinishedCopy(BrokenLedger):
    """The copy of a ledger that is being made, or that was broken off; `revision` is that of its tables."""

    def __init__(self, where: str, revision: str) -> None:
        super().__init__(f"{where} is the unfinished copy of a ledger", "finish it: type the same db copy again")
        self.revision = revision


def revision(connection: sa.Connection, where: str) -> str | None:
    """The ledger's revision; None where the store is empty.

    BrokenLedger for no ledger or one of a newer program, UnfinishedCopy for what is to become one.
    """
    if not connection.dialect.has_table(connection, "alembic_version"):
        tables = sa.inspect(connection).get_table_names()
        if not tables:
            return None
        if "alembic_version" not in tables:  # which another program may have made between the two questions
            raise BrokenLedger(
                f"{where} is a database, but not a ledger",
                "name another place with --db, or unset SCRUTINY_DB",
            )
    found = connection.exec_driver_sql(REVISION).scalar()
    if found is not None and found.startswith(COPYING):
        raise UnfinishedCopy(where, found.removeprefix(COPYING))
    if found is not None and found not in KNOWN:
        raise BrokenLedger(
            f"{where} has the schema {found}; this program knows it only up to {HEAD}", "upgrade scrutiny"
        )
    if found is None and connection.dialect.has_table(connection, "change"):
        raise BrokenLedger(f"{where} is damaged: it does not say which schema it has", "scrutiny db restore COPY")
    return None if found is None else str(found)


def mark(connection: sa.Connection, *, finished: bool) -> None:
    """Says of tables of this program's schema whether they are a ledger, or are still being filled from another."""
    said = HEAD if finished else f"{COPYING}{HEAD}"
    connection.execute(sa.text("UPDATE alembic_version SET version_num = :said"), {"said": said})


def refuse_another(connection: sa.Connection, where: str) -> None:
    """BrokenLedger for a writer whose turn comes when a newer program has brought the schema up to date meanwhile."""
    found = connection.exec_driver_sql(REVISION).scalar()
    if found != HEAD:
        raise BrokenLedger(f"{where} has got the schema {found} meanwhile; nothing was written", "upgrade scrutiny")


def upgrade(connection: sa.Connection) -> None:
    """Runs the migrations that are missing, inside the caller's transaction."""
    from alembic import command  # 250 ms, needed only where the schema is old or absent
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(migrations()))
    command.upgrade(config, "head")


def migrations() -> Path:
    """The migrations' folder: inside the package where it was installed, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"
