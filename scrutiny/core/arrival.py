"""What an import is told of a file that was read, and what became of the file's rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Arrived:
    """One file that was read: where it came from, what it is, what became of the rows that are no signals.

    matched counts the rows of each ally's dyad, left_out what options leave out of these, reasons the rejects.
    """

    name: str
    sha256: str
    format: str
    read: int = 0
    rejected: int = 0
    neutral: int = 0
    repeats: int = 0
    others: int = 0  # of dyads that are not followed, or left out by an option
    is_feed: bool = False
    named: frozenset[str] | None = None  # the columns that the file has; None for all
    matched: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of all its rows; `differences` are the first lines, with the signals from which they differ.

    `known` rows were there already, `updated` ones edited a signal, `differing` ones left it as it is, `revived` ones
    came back with a batch that had been taken back, `removed` ones stay out because somebody removed them by hand.
    """

    COUNTS: ClassVar[tuple[str, ...]] = tuple(
        "read added known differing updated revived removed rejected neutral repeats others".split()
    )

    arrived: Arrived
    batch: int
    added: int
    known: int
    differing: int
    updated: int
    revived: int
    removed: int
    repeats: int
    differences: tuple[tuple[int, int], ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Every row of the file, counted once; `read` is their sum."""
        return {name: getattr(self if hasattr(self, name) else self.arrived, name) for name in self.COUNTS}

    @property
    def is_news(self) -> bool:
        """Whether anything in the ledger is otherwise for it."""
        return bool(self.added or self.updated or self.revived)


@dataclass(frozen=True, slots=True)
class Batch:
    """One run of an import on one file, as the ledger keeps it; `held` of its signals are in the ledger."""

    number: int
    change: int
    at: datetime
    author: str
    name: str
    sha256: str
    format: str
    counts: Mapping[str, int]
    held: int
    edited: int = 0  # of those that are held, since they came; asked only before they are removed

    @property
    def said(self) -> str:
        """batch 3 (events.csv)."""
        return f"batch {self.number} ({self.name})"
