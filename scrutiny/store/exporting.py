"""Signals as export writes them, straight from their rows: making domain values of a million costs half a minute."""

from typing import Any

import sqlalchemy as sa

from scrutiny.core.exported import PRIVATE
from scrutiny.store.engines.engine import Engine
from scrutiny.store.tables import ALLY, SIGNAL

CHUNK = 1000  # rows fetched at once


def exported(engine: Engine) -> sa.Select[Any]:
    """The cells under core.exported.COLUMNS."""
    known = ("act", "actor", "kind", "score", "summary", "domain", "driver", "source", "grade", "origin", "event")
    return sa.select(
        SIGNAL.c.uid,
        sa.cast(SIGNAL.c.happened_on, sa.String),
        ALLY.c.slug,
        *(SIGNAL.c[name] for name in known),
        sa.case((SIGNAL.c.private, PRIVATE), else_=""),
        engine.instant(SIGNAL.c.recorded_at),
        SIGNAL.c.recorded_by,
    ).select_from(sa.join(SIGNAL, ALLY))
