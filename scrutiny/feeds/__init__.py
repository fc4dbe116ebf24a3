"""One file a format: each reads a file's lines and yields signals with their line, or says why it skipped one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from scrutiny.core.allies import Ally
from scrutiny.core.signals import Signal


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is no signal, and why."""

    line: int
    reason: str


FindAlly = Callable[[str], Ally]  # the ally that a file's text names; raises ScrutinyError where there is none
Found = tuple[int, Signal] | Skipped


class Read(Protocol):
    """What every feed offers: a file's lines in, a signal with its line or a skipped line out, one at a time."""

    def __call__(self, lines: Iterable[str], find: FindAlly, *, raw: bool = False) -> Iterator[Found]:
        """Raises ScrutinyError where the file as a whole cannot be read."""
        ...
