"""The trend model: where a relationship stands, how sure that is, and whether it moved (docs/method.md).

Signal days are noisy readings of a level, the sum of a lasting part and a mood that fades. A two-state Kalman
filter with a conjugate scale (West & Harrison 1997, ch. 4.5) runs once for each of three temperaments; their
marginal likelihoods weigh them. Every figure uses only signal days up to the day it speaks of.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scrutiny.core.days import WINDOW
from scrutiny.core.likelihood import likelihood
from scrutiny.core.signals import HIGHEST
from scrutiny.core.student import Mixture, Student
from scrutiny.core.temperament import NU0, TAU, TEMPERAMENTS, SignalDay, Temperament
from scrutiny.errors import BadValue

TURN = 0.60  # the probability from which a direction is said
LEAST_DAYS = 3  # signal days before a direction is said
BAND = (0.05, 0.95)
WEEKS = 53  # points of a path
HALF_LIFE = TAU * math.log(2)  # days in which a mood halves


class Direction(StrEnum):
    """Which way a relationship moves over the window."""

    STRENGTHENING = "strengthening"
    WEAKENING = "weakening"
    UNCLEAR = "no clear direction"
    NO_NEWS = "no news"
    TOO_FEW = "too few signals"


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


@dataclass(frozen=True, slots=True)
class Trend:
    """What the model says of one ally on one day; levels on the scale of scores, probabilities 0 to 1.

    `was` and `expected` are the prior's 0 where no signal day lies at or before the window's start.
    `gains` says by how much the level rises for each point of a signal day's y.
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
    gains: dict[date, float]
    path: tuple[PathPoint, ...]

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
    """What the model says on a day, from the signal days up to it in any order; None where there are none."""
    if not 1 <= window <= 36_525:
        raise BadValue(f"no window of {window} days", "a window is 1 to 36525 days")
    known = sorted((day for day in days if day.on <= as_of), key=lambda day: day.on)
    return _Judge(known).trend(as_of, window) if known else None


class _Judge:
    """The three temperaments over an ally's signal days, averaged."""

    def __init__(self, days: Sequence[SignalDay]) -> None:
        self.days = days
        self.ordinals = [day.on.toordinal() for day in days]
        self.temperaments = [Temperament(v_x, days) for v_x in TEMPERAMENTS.values()]

    def trend(self, as_of: date, window: int) -> Trend:
        now = as_of.toordinal()
        start = now - window
        judged, was, expected = self.level(now, now), self.level(start, start).mean, self.level(now, start).mean
        low, high = _band(judged)
        p_up, p_down = 1 - judged.below(max(was, expected)), judged.below(min(was, expected))
        weights = self.weights(len(self.days))
        beliefs = [one.belief(now, len(self.days)) for one in self.temperaments]
        gains = zip(*(one.gains(now) for one in self.temperaments), strict=True)
        return Trend(
            as_of=as_of,
            window=window,
            days=len(self.days),
            last=self.days[-1].on,
            starts_before_window=self.ordinals[0] <= start,
            judged=judged,
            level=judged.mean,
            low=low,
            high=high,
            p_positive=1 - judged.below(0.0),
            was=was,
            expected=expected,
            p_up=p_up,
            p_down=p_down,
            direction=self.direction(start, p_up, p_down),
            lasting=_averaged(weights, (belief.lasting for belief in beliefs)),
            mood=_averaged(weights, (belief.mood for belief in beliefs)),
            temperaments=dict(zip(TEMPERAMENTS, weights, strict=True)),
            gains={day.on: _averaged(weights, of_day) for day, of_day in zip(self.days, gains, strict=True)},
            path=tuple(self.path(now)),
        )

    def direction(self, start: int, p_up: float, p_down: float) -> Direction:
        if self.ordinals[-1] <= start:
            return Direction.NO_NEWS
        if len(self.days) < LEAST_DAYS or self.ordinals[0] > start:
            return Direction.TOO_FEW
        if p_up >= TURN:
            return Direction.STRENGTHENING
        return Direction.WEAKENING if p_down >= TURN else Direction.UNCLEAR

    def level(self, on: int, known: int) -> Mixture:
        """The level on a day, by the signal days up to another that is not later."""
        count = bisect_right(self.ordinals, known)
        students = []
        for weight, temperament in zip(self.weights(count), self.temperaments, strict=True):
            belief = temperament.belief(on, count)
            scale = math.sqrt(belief.spread / (NU0 + count) * belief.variance)
            students.append(Student(weight, belief.lasting + belief.mood, scale, NU0 + count))
        return Mixture(tuple(students))

    def weights(self, count: int) -> list[float]:
        """The temperaments' weights by the first so many signal days."""
        evidence = [one.states[count].evidence for one in self.temperaments]
        most = max(evidence)
        raw = [math.exp(one - most) for one in evidence]
        return [one / math.fsum(raw) for one in raw]

    def path(self, now: int) -> Iterable[PathPoint]:
        """Weekly points ending now, or fewer where the calendar begins within them."""
        for at in range(max(now - 7 * (WEEKS - 1), (now - 1) % 7 + 1), now + 1, 7):
            yield PathPoint(date.fromordinal(at), self.level(at, at) if at >= self.ordinals[0] else None)


def _band(judged: Mixture) -> tuple[float, float]:
    low, high = (min(HIGHEST, max(-HIGHEST, judged.quantile(end))) for end in BAND)
    return low, high


def _averaged(weights: Iterable[float], values: Iterable[float]) -> float:
    return math.fsum(weight * value for weight, value in zip(weights, values, strict=True))
