"""A publication: which of a ledger's columns others get to read, and what it holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from scrutiny.core import exported

WITHHELD = ("private", "recorded_at", "recorded_by")  # columns for those who keep the ledger
COLUMNS = tuple(name for name in exported.COLUMNS if name not in WITHHELD)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many signals of an ally are published, and the first and the last of their days, as 2026-02-24."""

    signals: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication holds, by the ally's slug."""

    allies: Mapping[str, Coverage]

    @property
    def signals(self) -> int:
        """How many there are."""
        return sum(ally.signals for ally in self.allies.values())
