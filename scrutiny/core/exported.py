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


class Alike(NamedTuple):
    """What many signals say alike, as they say it in a file: all but uid, date, ally, summary, source and mentions.

    An empty text stands for what it has not: the store's driver takes longer over a None than over a summary.
    """

    act: str
    actor: str
    kind: str
    score: float
    domain: str
    driver: str
    grade: str
    origin: str
    event: str
    private: str
    recorded_at: str
    recorded_by: str
    cameo: str  # which only a feed's events have, and their own files do not

    @classmethod
    def of(cls, signal: Signal) -> "Alike":
        """That of a signal."""
        return cls(
            act=signal.act or "",
            actor=str(signal.actor),
            kind=str(signal.kind),
            score=signal.score,
            domain=str(signal.domain or ""),
            driver=str(signal.driver or ""),
            grade=str(signal.grade or ""),
            origin=signal.origin,
            event=signal.event or "",
            private=PRIVATE if signal.private else "",
            recorded_at=instant(signal.recorded_at) if signal.recorded_at else "",
            recorded_by=signal.recorded_by or "",
            cameo=signal.cameo or "",
        )

    def cells(self, uid: str, on: str, ally: str, summary: str, source: str) -> Cells:
        """The cells of a signal under COLUMNS: its own, and those that others have, too."""
        said = self._asdict() | {"uid": uid, "date": on, "ally": ally, "summary": summary, "source": source}
        return tuple(said[name] for name in COLUMNS)


def check_own(uid: str, summary: str, source: str) -> None:
    """BadValue where one of the texts that a signal has for itself can be none."""
    check_uid(uid)
    checked(summary, "summary")
    if source:
        checked(source, "source")


def in_file(signal: Signal) -> Cells:
    """The signal's cells under COLUMNS as they stand in a file: an empty text for what it has not."""
    own = (signal.uid, signal.happened_on.isoformat(), signal.ally, signal.summary, signal.source or "")
    return Alike.of(signal).cells(*own)


def cells(signal: Signal) -> tuple[Cell, ...]:
    """The same, None for what it has not."""
    return tuple(
        None if cell == "" and name != "private" else cell
        for name, cell in zip(COLUMNS, in_file(signal), strict=True)
    )
