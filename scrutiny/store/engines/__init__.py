"""What differs between the engines: making a connection, taking turns at writing, full text search."""

import re
from pathlib import Path
from urllib.parse import unquote

import sqlalchemy as sa

from scrutiny.core.places import is_ambiguous
from scrutiny.errors import ScrutinyError
from scrutiny.store.engines.engine import Engine
from scrutiny.store.engines.sqlite import Sqlite

READABLE = "as in postgresql://USER@HOST/NAME; in a password write @ as %40, : as %3A, / as %2F"
_ODD = re.compile(r"[\s\ud800-\udfff]")  # blanks, and bytes that are no text


def engine(place: str) -> Engine:
    """The engine of a place: a SQLite file's path or URL, or a PostgreSQL server's URL."""
    if "://" not in place:
        return Sqlite(Path(place))
    unreadable = ScrutinyError("the database URL cannot be read", READABLE)
    if "\0" in unquote(place):  # at which drivers stop reading
        raise unreadable
    try:
        url = sa.make_url(place)
    except (sa.exc.ArgumentError, ValueError):
        raise unreadable from None
    backend = url.drivername.casefold().partition("+")[0]
    if backend in ("postgresql", "postgres"):
        if is_ambiguous(place) or _ODD.search(place):
            raise unreadable
        from scrutiny.store.engines.postgresql import Postgresql  # 20 ms, which a file need not pay

        return Postgresql(url)
    if backend != "sqlite":
        raise ScrutinyError(f"no ledger can be kept on {backend}", "name a file: --db ledger.db")
    if not url.database or url.database == ":memory:":
        raise ScrutinyError("a ledger is a file, not memory", "name a file: --db ledger.db")
    return Sqlite(Path(url.database).absolute())
