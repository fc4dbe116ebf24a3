"""The account of one ally: its standing with the signals it stands on, to be asked what each of them did."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from scrutiny.core.bridge import Bridge, Carried, bridge, carried
from scrutiny.core.confidence import firmness, without
from scrutiny.core.filters import Question
from scrutiny.core.heard import Heard
from scrutiny.core.judge import Direction
from scrutiny.core.shares import Reading
from scrutiny.core.signals import Signal
from scrutiny.core.standing import Standing
from scrutiny.core.telling import telling
from scrutiny.core.trend import Trend


@dataclass(frozen=True, slots=True)
class Account:
    """A standing that has a trend, and the signals up to the day, which are read as they are asked for."""

    standing: Standing
    trend: Trend
    heard: Heard
    question: Question

    @classmethod
    def of(cls, standing: Standing, heard: Heard, question: Question) -> "Account | None":
        """The account, with how firmly its direction stands; None where no signal weighs anything."""
        if standing.trend is None:
            return None
        return cls(replace(standing, firm=firmness(standing.trend, heard)), standing.trend, heard, question)

    def bridge(self) -> Bridge:
        """From the level as judged at the window's start to the level now."""
        return bridge(self.trend.judge, self.trend.as_of.toordinal(), self.trend.window, self.in_window())

    def in_window(self) -> list[Signal]:
        """The signals of the window, newest first."""
        now = self.question.as_of.toordinal()
        return self.heard.over(now - self.question.window + 1, now)

    def carried(self, signals: Iterable[Signal]) -> list[Carried]:
        """What each of some of its signals carries; every signal day among them is one more run of the model."""
        alike: dict[Reading, Carried] = {}  # signals that say the same on a day are missed alike
        found = []
        for one in signals:
            said = Reading.of(one)
            if said not in alike:
                alike[said] = carried(self.standing, self.trend, one)
            found.append(replace(alike[said], signal=one))
        return found

    def telling(self, most: int) -> list[Signal]:
        """The signals that carry most, largest first."""
        return telling(self.standing, self.heard, most)

    def largest(self, most: int) -> list[Carried]:
        """What these carry."""
        return self.carried(self.telling(most))

    def direction_without(self, signal: Signal) -> Direction:
        """The direction that would be said had the signal not been there."""
        judge = self.trend.judge
        if judge.at(signal.happened_on) is not None:
            judge = without(judge, self.standing.days, Reading.of(signal))
        return judge.ruling(self.question.as_of.toordinal(), self.question.window).direction

    def moved(self, signal: Signal) -> float | None:
        """By how much the signal moved the level over the window; None where it is older."""
        if not self.question.holds(signal.happened_on):
            return None
        now, of_day = self.trend.as_of.toordinal(), self.heard.on([signal.happened_on])
        steps = bridge(self.trend.judge, now, self.trend.window, of_day).steps
        return next((step.moved for step in steps if step.signal == signal), None)
