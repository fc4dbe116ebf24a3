"""What changed between two days, or by what was recorded since one: level and direction then and now, and why."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scrutiny.core.allies import Ally
from scrutiny.core.bridge import Bridge, Step, bridge
from scrutiny.core.filters import Question
from scrutiny.core.judge import Direction
from scrutiny.core.shares import Days
from scrutiny.core.signals import Signal
from scrutiny.core.standing import Standing, judged
from scrutiny.core.trend import Trend


@dataclass(frozen=True, slots=True)
class Changed:
    """An ally then and now, with the bridge between; `then` is None where nothing was known."""

    ally: Ally
    then: Trend | None
    now: Trend | None
    bridge: Bridge
    signals: int
    taken_back: int = 0

    @property
    def moved(self) -> float:
        """By how much the level moved, by all that the bridge names."""
        return self.bridge.level - self.bridge.was

    @property
    def turned(self) -> bool:
        """Whether the direction is another. One that ends in silence has not turned."""
        if self.now is not None and self.now.direction is Direction.NO_NEWS:
            return False
        return _said(self.then) is not _said(self.now)

    @property
    def is_news(self) -> bool:
        """Whether there were signals, or some were taken back, or it turned."""
        return bool(self.signals or self.taken_back) or self.turned


def unheard(ally: Ally) -> Changed:
    """An ally of which nothing was ever heard."""
    return Changed(ally, None, None, Bridge(0.0, 0.0, ()), 0)


def changed(now: Standing, since: date, as_of: date, window: int, signals: Sequence[Signal]) -> Changed:
    """What changed by signals dated after a day; `signals` are all of these."""
    then = judged(now.days, since, window)
    if now.trend is None:
        return Changed(now.ally, then, None, Bridge(0.0, 0.0, tuple(Step(one, 0.0) for one in signals)), len(signals))
    over = bridge(now.trend.judge, as_of.toordinal(), (as_of - since).days, signals)
    return Changed(now.ally, then, now.trend, over, len(signals))


def changed_by_record(
    now: Standing,
    held: Days,
    kept: Days,
    arrived: Sequence[Signal],
    since: date,
    question: Question,
) -> Changed:
    """What changed by what was recorded since a day, whatever its date.

    `held` are the days of the signals that the ledger held then, `kept` those of the ones that it still holds,
    `arrived` the signals that it holds since. Each of these has moved the level by its gain times its distance from
    one level, the same for all: that from which their moves add up to what all of them changed.
    """
    as_of, window = question.as_of, question.window
    then, left, unheard = judged(held, since, window), judged(held, as_of, window), judged(kept, as_of, window)
    was, expected, without, level = (one.level if one else 0.0 for one in (then, left, unheard, now.trend))
    pulls = [now.gain(one.happened_on) * one.sixteenths for one in arrived]
    whole = math.fsum(pulls)
    drawn = math.fsum(pull * one.score for pull, one in zip(pulls, arrived, strict=True))
    middle = (drawn - (level - without)) / whole if whole else 0.0
    steps = [Step(one, pull * (one.score - middle) + 0.0) for pull, one in zip(pulls, arrived, strict=True)]
    in_order = tuple(sorted(steps, key=lambda step: (step.signal.happened_on, step.signal.uid)))
    gone = sum(held.signals) - sum(kept.signals)
    over = Bridge(was, expected - was, in_order, without - expected)
    return Changed(now.ally, then, now.trend, over, len(arrived), gone)


def _said(judged: Trend | None) -> Direction | None:
    return judged.direction if judged and judged.direction.is_said else None
