"""A signal as export writes it: the columns of the CSV, the keys of the JSON Lines."""

from scrutiny.core.signals import Signal
from scrutiny.core.text import instant

COLUMNS = tuple(
    "uid date ally act actor kind score summary domain driver source grade "
    "origin event private recorded_at recorded_by".split()
)
TEXT = frozenset({"uid", "ally", "summary", "source", "origin", "event", "recorded_by"})  # may look like formulas
PRIVATE = "true"  # what the column of that name says of a signal for the analyst's own eyes, else nothing

Cell = str | float | None


def cells(signal: Signal) -> tuple[Cell, ...]:
    """The signal's cells under COLUMNS: dates and times as text, None for what it has not."""
    return (
        signal.uid,
        signal.happened_on.isoformat(),
        signal.ally,
        signal.act,
        str(signal.actor),
        str(signal.kind),
        signal.score,
        signal.summary,
        signal.domain and str(signal.domain),
        signal.driver and str(signal.driver),
        signal.source,
        str(signal.grade) if signal.grade else None,
        signal.origin,
        signal.event,
        PRIVATE if signal.private else "",
        instant(signal.recorded_at) if signal.recorded_at else None,
        signal.recorded_by,
    )


def in_file(signal: Signal) -> tuple[str | float, ...]:
    """The same cells with an empty text for what it has not, as they stand in a file."""
    return tuple("" if cell is None else cell for cell in cells(signal))
