"""The trend model: where a relationship stands, how sure that is, and whether it moved (docs/method.md).

Signal days are noisy readings of a level, the sum of a lasting part and a mood that fades. A filter runs once for
each of three temperaments; how well each foretold the signal days weighs them. Every figure uses only signal days
up to the day it speaks of.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from scrutiny.core.days import WINDOW
from scrutiny.core.judge import Direction, Judge, averaged
from scrutiny.core.likelihood import likelihood
from scrutiny.core.signals import HIGHEST
from scrutiny.core.student import Mixture
from scrutiny.core.temperament import TEMPERAMENTS, SignalDay, SignalDays
from scrutiny.errors import BadValue

BAND = (0.05, 0.95)
WEEKS = 53  # points of a path


@dataclass(frozen=True, slots=True)
class PathPoint:
    """The level as judged on a day, with the signals up to that day; nothing before the first of them."""

    on: date
    judged: Mixture | None

    @property
    def level(self) -> float | None:
        """The mean, on the scale of scores."""
        return self.judged.mean if self.judged else None

    @property
    def band(self) -> tuple[float, float] | tuple[None, None]:
        """The 5% and 95% quantiles, clipped to the scale; costs some 0.3 ms."""
        return _band(self.judged) if self.judged else (None, None)


@dataclass(frozen=True)  # without slots, which leave no place for what is found when first asked for
class Trend:
    """What the model says of one ally on one day; levels on the scale of scores, probabilities 0 to 1.

    `was` and `expected` are the prior's 0 where no signal day lies at or before the window's start.
    `day_gains` says by how much the level rises for each point of a signal day's y, in the order of the judge's days;
    `judge` answers further questions.
    """

    as_of: date
    window: int
    days: int
    last: date
    starts_before_window: bool
    judged: Mixture
    level: float
    low: float
    high: float
    p_positive: float
    was: float
    expected: float
    p_up: float
    p_down: float
    direction: Direction
    lasting: float
    mood: float
    temperaments: dict[str, float]
    day_gains: tuple[float, ...]
    path: tuple[PathPoint, ...]
    judge: Judge = field(compare=False, repr=False)

    @cached_property
    def gains(self) -> dict[date, float]:
        """The gains by their days."""
        return dict(zip(map(date.fromordinal, self.judge.ordinals), self.day_gains, strict=True))

    @property
    def begins(self) -> int:
        """Where among the signal days the window does."""
        return bisect_right(self.judge.ordinals, self.as_of.toordinal() - self.window)

    @property
    def window_days(self) -> list[date]:
        """The signal days of the window."""
        return [date.fromordinal(on) for on in self.judge.ordinals[self.begins :]]

    @property
    def news(self) -> float:
        """What the window's signals added to the level expected without them."""
        return self.level - self.expected

    @property
    def time(self) -> float:
        """What the passing of time alone would have changed."""
        return self.expected - self.was

    @property
    def temperament(self) -> str | None:
        """The temperament with more than half the weight, if any."""
        return next((name for name, weight in self.temperaments.items() if weight > 0.5), None)

    @property
    def p_direction(self) -> float | None:
        """The probability of the direction that is said; None where none is."""
        return {Direction.STRENGTHENING: self.p_up, Direction.WEAKENING: self.p_down}.get(self.direction)

    @property
    def likelihood(self) -> str | None:
        """The ICD 203 word for the direction that is said; None where none is."""
        return None if self.p_direction is None else likelihood(self.p_direction)


def trend(days: Iterable[SignalDay], as_of: date, window: int = WINDOW) -> Trend | None:
    """What the model says on a day, from the signal days up to it; None where there are none.

    They may come in any order, but as SignalDays.
    """
    if not 1 <= window <= 36_525:
        raise BadValue(f"no window of {window} days", "a window is 1 to 36525 days")
    in_order = days if isinstance(days, SignalDays) else SignalDays.of(sorted(days, key=lambda day: day.on))
    known = in_order.until(as_of)
    return _trend(Judge(known), as_of, window) if known else None


def path(judge: Judge, now: int) -> Iterable[PathPoint]:
    """Weekly points ending now, or fewer where the calendar begins within them."""
    for at in range(max(now - 7 * (WEEKS - 1), (now - 1) % 7 + 1), now + 1, 7):
        yield PathPoint(date.fromordinal(at), judge.level(at, at) if at >= judge.ordinals[0] else None)


def _trend(judge: Judge, as_of: date, window: int) -> Trend:
    now, count = as_of.toordinal(), len(judge.days)
    weights = judge.weights(count)
    ruling = judge.ruling(now, window)
    low, high = _band(ruling.judged)
    beliefs = [one.belief(now, count) for one in judge.temperaments]
    gains = (one.gains(now, weight) for weight, one in zip(weights, judge.temperaments, strict=True))
    return Trend(
        as_of=as_of,
        window=window,
        days=count,
        last=date.fromordinal(judge.ordinals[-1]),
        starts_before_window=judge.ordinals[0] <= now - window,
        judged=ruling.judged,
        level=ruling.judged.mean,
        low=low,
        high=high,
        p_positive=1 - ruling.judged.below(0.0),
        was=ruling.was,
        expected=ruling.expected,
        p_up=ruling.p_up,
        p_down=ruling.p_down,
        direction=ruling.direction,
        lasting=averaged(weights, (belief.lasting for belief in beliefs)),
        mood=averaged(weights, (belief.mood for belief in beliefs)),
        temperaments=dict(zip(TEMPERAMENTS, weights, strict=True)),
        day_gains=tuple(map(math.fsum, zip(*gains, strict=True))),
        path=tuple(path(judge, now)),
        judge=judge,
    )


def _band(judged: Mixture) -> tuple[float, float]:
    low, high = (min(HIGHEST, max(-HIGHEST, judged.quantile(end))) for end in BAND)
    return low, high
