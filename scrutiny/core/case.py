"""A case: all that a memo or a report says of one ally rests on it."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import date

from scrutiny.core.account import Account
from scrutiny.core.allies import Ally
from scrutiny.core.changed import Changed
from scrutiny.core.filters import Filter
from scrutiny.core.heard import Heard, Reads
from scrutiny.core.notes import Noted
from scrutiny.core.shares import Reading
from scrutiny.core.signals import Signal
from scrutiny.core.standing import Standing

WITHHELD = "(private)"  # what is read in place of what a private signal says


@dataclass(frozen=True, slots=True)
class Case:
    """An ally with its standing, its signals up to the day, what changed, and the latest note.

    Standing and signals are None where there is no signal, the account where none weighs anything.
    """

    ally: Ally
    standing: Standing | None
    account: Account | None
    heard: Heard | None
    changed: Changed
    noted: Noted | None

    @property
    def signals(self) -> list[Signal]:
        """Every signal up to the day, newest first."""
        return self.heard.all() if self.heard else []

    def is_news_since(self, day: date) -> bool:
        """Whether anything changed since a day, or the analyst has written of it."""
        return self.changed.is_news or (self.noted is not None and self.noted.note.noted_on > day)


@dataclass(frozen=True, slots=True)
class Withheld:
    """What answers as a ledger does, but that what signals of those private uids say is left out."""

    reads: Reads
    private: Container[str]

    def signals(self, wanted: Filter) -> list[Signal]:
        """The signals, as others may read them."""
        return [withheld(one, self.private) for one in self.reads.signals(wanted)]

    def readings(self, wanted: Filter) -> list[Reading]:
        """What they say in numbers, which is no secret."""
        return self.reads.readings(wanted)


def withheld(signal: Signal, private: Container[str]) -> Signal:
    """A signal as others may read it: of one of those private uids what it says and where it stands are left out."""
    return replace(signal, summary=WITHHELD, source=None, private=True) if signal.uid in private else signal


def unquoted(signals: Iterable[Signal]) -> int:
    """How many of the signals are withheld."""
    return sum(signal.private and signal.summary == WITHHELD for signal in signals)
