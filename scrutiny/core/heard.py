"""The signals of one ally that a question means, read as a report asks for them: day by day, each day once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from scrutiny.core.filters import Filter
from scrutiny.core.shares import Days, Reading
from scrutiny.core.signals import Signal


class Reads(Protocol):
    """What answers: a ledger."""

    def signals(self, wanted: Filter) -> list[Signal]:
        """The signals that a filter means, newest first."""

    def readings(self, wanted: Filter) -> list[Reading]:
        """The same as what they say."""


class Heard:
    """The signals on an ally's days, none of which has been read yet; `wanted` means all of them."""

    def __init__(self, reads: Reads, wanted: Filter, days: Days) -> None:
        self.days = days
        self._reads = reads
        self._wanted = wanted
        self._signals: dict[date, list[Signal]] = {}
        self._readings: dict[date, list[Reading]] = {}

    @property
    def known(self) -> Iterator[Signal]:
        """Those that were read so far."""
        return (one for of_day in self._signals.values() for one in of_day)

    def on(self, days: Iterable[date]) -> list[Signal]:
        """All signals of some days, newest first."""
        asked = sorted(set(days), reverse=True)
        if unread := [on for on in asked if on not in self._signals]:
            self._keep(unread, self._of(unread))
        return [one for on in asked for one in self._signals[on]]

    def over(self, first: int, last: int) -> list[Signal]:
        """All signals from one day to another, both included, given as ordinals, newest first."""
        days = [date.fromordinal(on) for on in reversed(self.days.on[self.days.span(first, last)])]
        if any(on not in self._signals for on in days):
            self._keep(days, replace(self._wanted, since=days[-1], until=days[0]))
        return [one for on in days for one in self._signals[on]]

    def all(self) -> list[Signal]:
        """Every one of them, newest first."""
        return self.over(self.days.on[0], self.days.on[-1]) if self.days.on else []

    def latest(self, most: int) -> list[Signal]:
        """The last so many, newest first."""
        days, count = [], 0
        for on, signals in zip(reversed(self.days.on), reversed(self.days.signals), strict=True):
            if count >= most:
                break
            days.append(date.fromordinal(on))
            count += signals
        return self.on(days)[:most]

    def readings(self, days: Iterable[date]) -> list[Reading]:
        """What the signals of some days say."""
        asked = list(days)
        if unread := [on for on in asked if on not in self._readings]:
            wanted = self._of(unread)
            self.hold(unread, self._reads.readings(wanted) if wanted else ())
        return [one for on in asked for one in self._readings[on]]

    def hold(self, days: Iterable[date], readings: Iterable[Reading]) -> None:
        """Keeps all readings of some days, read elsewhere."""
        self._readings |= {on: [] for on in days}
        for one in readings:
            self._readings.setdefault(one.on, []).append(one)

    def saying(self, readings: Sequence[Reading]) -> list[Signal]:
        """The signals that say this, by day and uid."""
        said = {replace(one, signals=1) for one in readings}
        some = (one for one in self.on(one.on for one in readings) if Reading.of(one) in said)
        return sorted(some, key=lambda one: (one.happened_on, one.uid))

    def _of(self, days: Iterable[date]) -> Filter | None:
        """What means the signals of some days by these alone, since there is an index; None where there are none."""
        held = tuple(on for on in days if self.days.at(on) is not None)
        return replace(self._wanted, days=held, since=None, until=None, after=None) if held else None

    def _keep(self, days: Iterable[date], wanted: Filter | None) -> None:
        self._signals |= {on: [] for on in days}
        for one in self._reads.signals(wanted) if wanted else ():
            self._signals[one.happened_on].append(one)
