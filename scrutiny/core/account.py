"""The account of one ally: its standing with the signals it stands on, to be asked what each of them did."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

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
        """What each of some of its signals carries."""
        return [carried(self.trend, one, self._rest(one)) for one in signals]

    def largest(self, most: int) -> list[Carried]:
        """What the signals carry that carry most, largest first."""
        weighing = [one for one in self.signals if one.sixteenths]
        return self.carried(sorted(weighing, key=lambda s: (-abs(self.standing.signal_carries(s)), s.uid))[:most])

    def direction_without(self, signal: Signal) -> Direction:
        """The direction that would be said had the signal not been there."""
        judge = self.trend.judge
        if judge.at(signal.happened_on) is not None:
            judge = without(judge, signal.happened_on, self._rest(signal))
        return judge.ruling(self.question.as_of.toordinal(), self.question.window).direction

    def moved(self, signal: Signal) -> float | None:
        """By how much the signal moved the level over the window; None where it is older."""
        return next((step.moved for step in self.bridge().steps if step.signal == signal), None)

    def _rest(self, signal: Signal) -> Sequence[Signal]:
        return [one for one in self.signals if one.happened_on == signal.happened_on and one is not signal]
