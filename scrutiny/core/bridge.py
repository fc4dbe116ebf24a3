"""Why a level moved: the bridge from the level as judged then to the level now, and what carries the level now."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from scrutiny.core.confidence import without
from scrutiny.core.judge import Judge
from scrutiny.core.shares import Reading
from scrutiny.core.signals import Signal
from scrutiny.core.standing import Standing
from scrutiny.core.trend import Trend


@dataclass(frozen=True, slots=True)
class Step:
    """A signal of the window and by how much it moved the level."""

    signal: Signal
    moved: float


@dataclass(frozen=True, slots=True)
class Bridge:
    """The level as judged then, the passing of time, each signal since: together the level now, exactly.

    `taken_back` is what signals did that were known then and are no longer.
    """

    was: float
    time: float
    steps: tuple[Step, ...]
    taken_back: float = 0.0

    @property
    def level(self) -> float:
        """Where the bridge ends."""
        return math.fsum((self.was, self.time, self.taken_back, *(step.moved for step in self.steps)))


@dataclass(frozen=True, slots=True)
class Carried:
    """A signal, its part of the level, and what the level would be without it."""

    signal: Signal
    carries: float
    level_without: float


def bridge(judge: Judge, now: int, window: int, signals: Iterable[Signal]) -> Bridge:
    """The bridge over the window that ends on a day, given as its ordinal; `signals` are all those of the window."""
    start = now - window
    was, expected = judge.level(start, start).mean, judge.level(now, start).mean
    in_order = sorted(signals, key=lambda one: (one.happened_on, one.uid))
    steps: list[Step] = []
    for on, group in groupby(in_order, key=lambda one: one.happened_on):
        steps += _steps(judge, judge.at(on), now, list(group))
    return Bridge(was, expected - was, tuple(steps))


def carried(one: Standing, trend: Trend, signal: Signal) -> Carried:
    """What a signal carries of the level that the trend of its ally's standing says."""
    if trend.judge.at(signal.happened_on) is None:
        return Carried(signal, 0.0, trend.level)
    now, left = trend.as_of.toordinal(), without(trend.judge, one.days, Reading.of(signal))
    return Carried(signal, one.signal_carries(signal), left.level(now, now).mean)


def _steps(judge: Judge, at: int | None, now: int, signals: Sequence[Signal]) -> list[Step]:
    """By how much each signal of a day moved the forecast for now.

    A temperament moves by its gain times the signal's distance from what it foretold; that the temperaments' weights
    move too is shared by the signals' weights.
    """
    if at is None:
        return [Step(one, 0.0) for one in signals]
    whole = sum(one.sixteenths for one in signals)
    pulls = [
        (weight, *one.pull(now, at)) for weight, one in zip(judge.weights(at + 1), judge.temperaments, strict=True)
    ]
    drawn = [
        math.fsum(weight * gain * (one.score - foretold) for weight, gain, foretold in pulls) * one.sixteenths / whole
        for one in signals
    ]
    rest = judge.level_by(now, at + 1).mean - judge.level_by(now, at).mean - math.fsum(drawn)
    return [Step(one, of + rest * one.sixteenths / whole + 0.0) for one, of in zip(signals, drawn, strict=True)]
