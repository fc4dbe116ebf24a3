"""The allies' slugs for shell completion, by the standard library alone: SQLModel would cost 270 ms a key press."""

import sqlite3
from contextlib import closing
from pathlib import Path

QUESTION = "SELECT slug FROM ally WHERE removed_by IS NULL ORDER BY slug"


def slugs(place: str) -> list[str]:
    """The slugs in a SQLite ledger; a new ledger's where there is none, none where it cannot be read."""
    if "://" in place.removeprefix("sqlite:///"):
        return []  # a server is not asked on every key press
    path = Path(place.removeprefix("sqlite:///"))
    if not path.is_file() or not path.stat().st_size:
        from scrutiny.core.allies import SEEDS  # 10 ms, needed only where there is no ledger yet

        return [ally.slug for ally in SEEDS]
    try:
        with closing(sqlite3.connect(_uri(path.absolute()), uri=True, timeout=0.1)) as connection:
            return [slug for (slug,) in connection.execute(QUESTION)]
    except sqlite3.Error:
        return []


def _uri(path: Path) -> str:
    """Read-only; where nobody is writing, without the files that SQLite would otherwise leave beside it."""
    busy = Path(f"{path}-wal").exists()
    return f"{path.as_uri()}?mode=ro{'' if busy else '&immutable=1'}"
