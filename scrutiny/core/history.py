"""What happened to the ledger: changes, and what each did to signals, notes, allies and settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from scrutiny.core.allies import Ally
from scrutiny.core.names import counted
from scrutiny.core.signals import Signal

SIGNAL_PARTS = tuple(
    "ally happened_on act actor kind score summary domain driver source grade origin event private".split()
)
ALLY_PARTS = ("name", "code", "aliases", "line", "stake")


class Deed(StrEnum):
    """What a change did to one thing."""

    ADDED = "added"
    EDITED = "edited"
    REMOVED = "removed"
    REVIVED = "brought back"


@dataclass(frozen=True, slots=True)
class Change:
    """One command that changed the ledger; its time is UTC and never goes back.

    An undo or redo says which change it is `about`; any other says which change took it back, where one did.
    """

    number: int
    at: datetime
    author: str
    command: str
    what: str
    about: int | None = None
    undone_by: int | None = None

    @property
    def said(self) -> str:
        """change 3 (log: china visit)."""
        return f"change {self.number} ({self.command}: {self.what})"


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of a thing before and after a change; None where it had none."""

    part: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Step:
    """What one change did to a signal; differences only where it edited."""

    change: Change
    deed: Deed
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Touched:
    """A signal that a change touched, as it stood after it, and what the change did to it."""

    signal: Signal
    deed: Deed
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """An ally, a note or a setting that a change touched: by name, a note by its ally's and its day."""

    what: str
    name: str
    deed: Deed
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """So many signals and notes."""

    signals: int
    notes: int

    @property
    def said(self) -> str:
        """2 signals and 1 note, or either."""
        some = counted(self.signals, "signal")
        if not self.notes:
            return some
        return f"{some} and {counted(self.notes, 'note')}" if self.signals else counted(self.notes, "note")

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return bool(self.signals or self.notes)


@dataclass(frozen=True, slots=True)
class Effect:
    """All that a change did: how many signals and how many notes by deed, the first of both one by one, and the rest.

    `others` are the allies, those first notes, and the settings.
    """

    change: Change
    counts: dict[Deed, int]
    note_counts: dict[Deed, int]
    signals: tuple[Touched, ...]
    others: tuple[Moved, ...]

    @property
    def touched(self) -> Amount:
        """How many signals and notes it touched."""
        return Amount(sum(self.counts.values()), sum(self.note_counts.values()))

    @property
    def told(self) -> Amount:
        """How many of those are told one by one."""
        return Amount(len(self.signals), sum(one.what == "note" for one in self.others))


@dataclass(frozen=True, slots=True)
class Reversal:
    """What taking a change back, or reapplying it, would do.

    `change` is the one that it is about; signals go out, come back, or become again what they were. `edited` of those
    that go out were edited since they came. `notes` go out, come back, or go back to the ally whose they were.
    """

    change: Change
    removed: int
    revived: int
    restored: int
    edited: int
    notes: int

    @property
    def touched(self) -> Amount:
        """How many signals and notes it touches."""
        return Amount(self.removed + self.revived + self.restored, self.notes)


def signal_differences(before: Signal, after: Signal) -> tuple[Difference, ...]:
    """What the second says otherwise than the first."""
    return _differences(before, after, SIGNAL_PARTS)


def ally_differences(before: Ally, after: Ally) -> tuple[Difference, ...]:
    """What the second is otherwise than the first."""
    return _differences(before, after, ALLY_PARTS)


def _differences(before: Any, after: Any, parts: Sequence[str]) -> tuple[Difference, ...]:
    pairs = ((part, getattr(before, part), getattr(after, part)) for part in parts)
    return tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2])
