"""What the signals of one ally come to, day by day: parallel columns of whole numbers, which the trend reads."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from scrutiny.core.parts import ALL, Asked, Part, Sum
from scrutiny.core.signals import Signal
from scrutiny.core.temperament import SignalDay, SignalDays


@dataclass(frozen=True, slots=True)
class Days:
    """The days on which an ally has signals, as ordinals in order, and beside them the columns that were asked for.

    Those of DAILY are always among them. Nothing here makes an object a day: there may be thousands an ally.
    """

    ally: str
    on: Sequence[int] = ()
    columns: Mapping[Asked, Sequence[int]] = field(default_factory=dict)

    def of(self, part: Part, what: Sum) -> Sequence[int]:
        """One column; KeyError for one that was not asked for, unless there are no days."""
        return self.columns[part, what] if self.on else ()

    @property
    def signals(self) -> Sequence[int]:
        """How many signals each day has, whatever they weigh."""
        return self.of(ALL, Sum.SIGNALS)

    @property
    def weight(self) -> Sequence[int]:
        """What each day's signals weigh together, in sixteenths."""
        return self.of(ALL, Sum.WEIGHT)

    @property
    def weighted(self) -> Sequence[int]:
        """Each day's sum of weight times score, in sixteenths of hundredths."""
        return self.of(ALL, Sum.WEIGHTED)

    def span(self, first: int, last: int) -> slice:
        """Where in the columns the days from one to another are, both included, given as ordinals."""
        return slice(bisect_left(self.on, first), bisect_right(self.on, last))

    def at(self, on: date) -> int | None:
        """Where in the columns a day is; None where it has no signals."""
        place = bisect_left(self.on, on.toordinal())
        return place if place < len(self.on) and self.on[place] == on.toordinal() else None


@dataclass(frozen=True, slots=True)
class Reading:
    """What signals of one ally and day say alike: their weight in sixteenths, their score in hundredths."""

    ally: str
    on: date
    sixteenths: int
    hundredths: int
    signals: int = 1  # how many say it

    @classmethod
    def of(cls, signal: Signal) -> "Reading":
        """What one signal says."""
        return cls(signal.ally, signal.happened_on, signal.sixteenths, round(signal.score * 100))


def signal_days(days: Days) -> SignalDays:
    """The days on which anything weighs, in order, each with its weight W and its weighted mean score y."""
    return SignalDays(
        [on for on, weight in zip(days.on, days.weight, strict=True) if weight],
        [weight / 16 for weight in days.weight if weight],
        [weighted / weight / 100 for weighted, weight in zip(days.weighted, days.weight, strict=True) if weight],
    )


def left(days: Days, reading: Reading) -> SignalDay | None:
    """The signal day that is left of a day without one signal that says this; None where nothing of it weighs."""
    at = days.at(reading.on)
    if at is None:
        return None
    weight = days.weight[at] - reading.sixteenths
    weighted = days.weighted[at] - reading.sixteenths * reading.hundredths
    return SignalDay(reading.on, weight / 16, weighted / weight / 100) if weight else None
