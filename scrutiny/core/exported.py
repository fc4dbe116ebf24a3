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


def in_file(signal: Signal) -> tuple[str | float, ...]:
    """The signal's cells under COLUMNS as they stand in a file: an empty text for what it has not."""
    return (
        signal.uid,
        signal.happened_on.isoformat(),
        signal.ally,
        signal.act or "",
        str(signal.actor),
        str(signal.kind),
        signal.score,
        signal.summary,
        str(signal.domain or ""),
        str(signal.driver or ""),
        signal.source or "",
        str(signal.grade or ""),
        signal.origin,
        signal.event or "",
        PRIVATE if signal.private else "",
        instant(signal.recorded_at) if signal.recorded_at else "",
        signal.recorded_by or "",
    )


def cells(signal: Signal) -> tuple[Cell, ...]:
    """The same, None for what it has not."""
    return tuple(
        None if cell == "" and name != "private" else cell
        for name, cell in zip(COLUMNS, in_file(signal), strict=True)
    )
