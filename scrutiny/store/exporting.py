"""Signals as export writes them, straight from their rows: making domain values of a million costs half a minute."""

from collections.abc import Generator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from scrutiny.core.exported import PRIVATE, Cell
from scrutiny.core.text import instant
from scrutiny.store.tables import ALLY, SIGNAL

CHUNK = 1000  # rows fetched at once

# Under core.exported.COLUMNS; the last two are the time and the author.
EXPORTED = sa.select(
    SIGNAL.c.uid,
    sa.cast(SIGNAL.c.happened_on, sa.String),
    ALLY.c.slug,
    *(SIGNAL.c[name] for name in ("act", "actor", "kind", "score", "summary", "domain", "driver", "source", "grade")),
    SIGNAL.c.origin,
    SIGNAL.c.event,
    sa.case((SIGNAL.c.private, PRIVATE), else_=""),
    SIGNAL.c.recorded_at,
    SIGNAL.c.recorded_by,
).select_from(sa.join(SIGNAL, ALLY))


def cells(rows: sa.CursorResult[*tuple[Any, ...]]) -> Generator[tuple[Cell, ...]]:
    """The cells of rows of EXPORTED."""
    said = lru_cache(instant)  # an import gives one time to many
    for *known, at, author in rows:
        yield *known, said(at), author
