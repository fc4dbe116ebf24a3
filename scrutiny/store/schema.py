"""The schema: which revision a ledger has, and the migrations that bring it to this program's."""

from pathlib import Path

import sqlalchemy as sa

from scrutiny.errors import BrokenLedger

HEAD = "0004"  # the newest revision; held to migrations/ by a test, so that Alembic need not be asked
KNOWN = ("0001", "0002", "0003", HEAD)


def revision(connection: sa.Connection, where: str) -> str | None:
    """The ledger's revision; None where the store is empty, BrokenLedger for no ledger or one of a newer program."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        if sa.inspect(connection).get_table_names():
            raise BrokenLedger(
                f"{where} is a database, but not a ledger",
                "name another place with --db, or unset SCRUTINY_DB",
            )
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if found is not None and found not in KNOWN:
        raise BrokenLedger(
            f"{where} has the schema {found}; this program knows it only up to {HEAD}", "upgrade scrutiny"
        )
    if found is None and connection.dialect.has_table(connection, "change"):
        raise BrokenLedger(f"{where} is damaged: it does not say which schema it has", "scrutiny db restore COPY")
    return None if found is None else str(found)


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
