"""Runs the migrations on the connection that the program hands over, or on a fresh file for developers."""

from typing import Any

from alembic import context
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from scrutiny.store.tables import declare_partial_indices


def ours(obj: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """The search index is made of tables that only SQLite itself knows."""
    return not (kind == "table" and name is not None and name.startswith("signal_search"))


def run(connection: Any) -> None:
    """Configures and runs inside the caller's transaction, so that a failure leaves nothing behind."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        include_object=ours,
        render_as_batch=True,
        transactional_ddl=True,
    )
    context.run_migrations()


declare_partial_indices()
handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    url = context.get_x_argument(as_dictionary=True).get("url", "sqlite://")
    with create_engine(url).begin() as fresh:
        run(fresh)
