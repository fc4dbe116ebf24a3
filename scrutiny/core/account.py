"""The account of one ally: its standing with the signals it stands on, to be asked what each of them did."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from scrutiny.core.bridge import Bridge, Carried, bridge, carried
from scrutiny.core.confidence import firmness, without
from scrutiny.core.filters import Question
from scrutiny.core.judge import Direction
from scrutiny.core.signals import Signal
from scrutiny.core.standing import Standing
from scrutiny.core.trend import Trend


@dataclass(frozen=True, slots=True)
class Account:
    """A standing that has a trend, and all its signals up to the day, newest first."""

    standing: Standing
    trend: Trend
    signals: tuple[Signal, ...]
    question: Question

    @classmethod
    def of(cls, standing: Standing, signals: Iterable[Signal], question: Question) -> "Account | None":
        """The account, with how firmly its direction stands; None where no signal weighs anything."""
        if standing.trend is None:
            return None
        known = tuple(signals)
        firm = firmness(standing.trend, (one for one in known if question.holds(one.happened_on)))
        return cls(replace(standing, firm=firm), standing.trend, known, question)

    def bridge(self) -> Bridge:
        """From the level as judged at the window's start to the level now."""
        return bridge(self.trend.judge, self.trend.as_of.toordinal(), self.trend.window, self.in_window())

    def in_window(self) -> Iterator[Signal]:
        """The signals of the window."""
        return (one for one in self.signals if self.question.holds(one.happened_on))

    def carried(self, signals: Iterable[Signal]) -> list[Carried]:
        """What each of some of its signals carries; every signal day among them is one more run of the model."""
        of_day = self._of_day()
        alike: dict[tuple[date, int, float], Carried] = {}  # signals that say the same on a day are missed alike
        found = []
        for one in signals:
            key = one.happened_on, one.sixteenths, one.score
            if key not in alike:
                alike[key] = carried(self.trend, one, _rest(one, of_day[one.happened_on]))
            found.append(replace(alike[key], signal=one))
        return found

    def telling(self, most: int) -> list[Signal]:
        """The signals that carry most, largest first."""
        weighing = [one for one in self.signals if one.sixteenths]
        return sorted(weighing, key=lambda s: (-abs(self.standing.signal_carries(s)), s.uid))[:most]

    def largest(self, most: int) -> list[Carried]:
        """What these carry."""
        return self.carried(self.telling(most))

    def direction_without(self, signal: Signal) -> Direction:
        """The direction that would be said had the signal not been there."""
        judge = self.trend.judge
        if judge.at(signal.happened_on) is not None:
            judge = without(judge, signal.happened_on, _rest(signal, self._of_day()[signal.happened_on]))
        return judge.ruling(self.question.as_of.toordinal(), self.question.window).direction

    def moved(self, signal: Signal) -> float | None:
        """By how much the signal moved the level over the window; None where it is older."""
        return next((step.moved for step in self.bridge().steps if step.signal == signal), None)

    def _of_day(self) -> dict[date, list[Signal]]:
        return {on: list(group) for on, group in groupby(self.signals, key=lambda one: one.happened_on)}


def _rest(signal: Signal, of_day: Sequence[Signal]) -> list[Signal]:
    return [one for one in of_day if one is not signal]
