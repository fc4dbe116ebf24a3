"""Signals out of files: each reader yields signals with their line, or says why it skipped one.

The program's own CSV and JSON Lines are in own.py. A public feed of events is one file in events/, found there by
its name, which is also the origin of its signals and what --format calls it. Such a file offers what `Feed` says:
`begins` tells whether a file is of that feed, `read` reads it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from scrutiny.core.allies import Ally
from scrutiny.core.exported import Alike, Cells
from scrutiny.core.signals import Signal

if TYPE_CHECKING:
    from scrutiny.feeds.dyads import Dyads

FindAlly = Callable[[str], Ally]  # the ally that a file's text names; raises ScrutinyError where there is none


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is no signal, why, and the line itself as far as it can be shown."""

    line: int
    reason: str
    text: str = ""


class Row(NamedTuple):
    """What a signal is written as, with its line, and what an event has beside it.

    `mirror` is the summary under which the other side's report of the same event comes. What is absent is an empty
    text or 0, as in a file.
    """

    line: int
    uid: str
    on: str
    ally: str
    summary: str
    source: str
    alike: Alike
    mirror: str = ""
    mentions: int = 0

    @classmethod
    def of(cls, line: int, signal: Signal, mirror: str = "") -> "Row":
        """That of a signal."""
        own = (signal.uid, signal.happened_on.isoformat(), signal.ally, signal.summary, signal.source or "")
        return cls(line, *own, Alike.of(signal), mirror, signal.mentions or 0)

    @property
    def cells(self) -> Cells:
        """The signal's cells in a file."""
        return self.alike.cells(self.uid, self.on, self.ally, self.summary, self.source)


Found = Row | Skipped


@dataclass(slots=True)
class Tally:
    """What became of a file's rows, counted while they are read; all that is counted nowhere is of other dyads."""

    read: int = 0
    matched: Counter[str] = field(default_factory=Counter)  # rows of the dyads that are followed, by ally
    left_out: Counter[str] = field(default_factory=Counter)  # of these, what an option leaves out, by the option
    neutral: int = 0  # of score 0
    named: frozenset[str] | None = None  # the columns that every row names, where a file may leave some out
    repeats: int = 0  # the same story under another number, or the same event as the other side has it


class Feed(Protocol):
    """What a module in events/ offers; FOLLOWS names the options that not every feed can follow, and it can."""

    FOLLOWS: frozenset[str]

    def begins(self, lines: list[bytes]) -> bool:
        """Whether a file whose first lines these are is of this feed."""
        ...

    def read(self, lines: Iterable[bytes], dyads: "Dyads", tally: Tally) -> Iterator[Found]:
        """The signals of the dyads that are asked for, in the file's order, and what had to be skipped.

        Lines come with their ends. Each row is counted in `tally.read` before anything is yielded for it, so that
        others can tell how far it is. ScrutinyError where the file as a whole cannot be read, with why.
        """
        ...
