"""What differs between the engines: making a connection, taking turns at writing, full text search."""

from pathlib import Path

import sqlalchemy as sa

from scrutiny.errors import ScrutinyError
from scrutiny.store.engines.engine import Engine
from scrutiny.store.engines.sqlite import Sqlite


def engine(place: str) -> Engine:
    """The engine of a place: a SQLite file's path or URL, or a PostgreSQL server's URL."""
    if "://" not in place:
        return Sqlite(Path(place))
    try:
        url = sa.make_url(place)
    except (sa.exc.ArgumentError, ValueError):
        raise ScrutinyError("the database URL cannot be read") from None
    if url.get_backend_name() == "postgresql":
        from scrutiny.store.engines.postgresql import Postgresql  # 20 ms, which a file need not pay

        return Postgresql(url)
    if url.get_backend_name() != "sqlite":
        raise ScrutinyError(f"no ledger can be kept on {url.get_backend_name()}", "name a file: --db ledger.db")
    if not url.database or url.database == ":memory:":
        raise ScrutinyError("a ledger is a file, not memory", "name a file: --db ledger.db")
    return Sqlite(Path(url.database).absolute())
