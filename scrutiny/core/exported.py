"""A signal as export writes it: the columns of the CSV, the keys of the JSON Lines."""

from typing import NamedTuple

from scrutiny.core.signals import Signal, check_uid
from scrutiny.core.text import checked, instant

COLUMNS = tuple(
    "uid date ally act actor kind score summary domain driver source grade "
    "origin event private recorded_at recorded_by".split()
)
TEXT = frozenset({"uid", "ally", "summary", "source", "origin", "event", "recorded_by"})  # may look like formulas
PRIVATE = "true"  # what the column of that name says of a signal for the analyst's own eyes, else nothing

Cell = str | float | None
Cells = tuple[str | float, ...]  # of a signal in a file: an empty text for what it has not

_ALLY, _SUMMARY, _SOURCE = (COLUMNS.index(one) for one in ("ally", "summary", "source"))


class Alike(NamedTuple):
    """What many signals say alike: all cells but uid, date, ally, summary and source."""

    before: Cells
    between: Cells
    after: Cells

    @classmethod
    def of(cls, cells: Cells) -> "Alike":
        """Those of one signal."""
        return cls(cells[_ALLY + 1 : _SUMMARY], cells[_SUMMARY + 1 : _SOURCE], cells[_SOURCE + 1 :])

    def cells(self, uid: str, on: str, ally: str, summary: str, source: str) -> Cells:
        """The cells of another signal, of which day and ally are known to be good; BadValue where it can be none."""
        check_uid(uid)
        checked(summary, "summary")
        if source:
            checked(source, "source")
        return uid, on, ally, *self.before, summary, *self.between, source, *self.after


def in_file(signal: Signal) -> Cells:
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
