"""Which of a window's many signals could take its direction away, so far as that can be told without judging anew.

To first order, with the trust in each day as it was, a signal that is taken out moves the level by its day's gain
times what that does to the day: its score and its noise are others then. That holds of one among many; what is a
large part of its day may leave a day that is trusted otherwise, and the days after it too, or no day at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scrutiny.core.descent import largest
from scrutiny.core.heard import Heard
from scrutiny.core.judge import TURN, Direction
from scrutiny.core.shares import Reading
from scrutiny.core.signals import HIGHEST
from scrutiny.core.temperament import R_DAY, R_SIG
from scrutiny.core.trend import Trend

QUARTER = 0.25  # of the way to where the direction is not said: what a signal must move the level to be one of them
NARROW = 0.01  # so near to the probability from which a direction is said every signal could be one of them
LARGE = 0.25  # of what a day weighs: a signal that is so much of it is one of them, wherever it moves the level
SMALL = 1e-6  # a probability beyond which quantiles are not asked for


@dataclass(frozen=True, slots=True)
class Lever:
    """How far the signals of a day, each taken out alone, move the level."""

    gain: float  # the level's rise for each point of the day's score
    weight: float
    y: float
    foretold: float

    def moves(self, reading: Reading) -> float:
        """By how much the level is higher without one signal that says this."""
        weight, score = reading.sixteenths / 16, reading.hundredths / 100
        rest = self.weight - weight
        if not rest:
            return self.gain * (self.foretold - self.y)
        y = (self.weight * self.y - weight * score) / rest
        return self.gain * (self._trust(rest) * (y - self.foretold) - (self.y - self.foretold))

    @property
    def most(self) -> float:
        """By how much at most, either way, without any signal that there could be."""
        weight = min(1.0, self.weight)
        rest = self.weight - weight
        pulled = weight * (R_DAY * self.weight + R_SIG) / (self.weight * (R_DAY * rest + R_SIG))
        discounted = 1 - self._trust(rest) if rest else 1.0
        return abs(self.gain) * (pulled * (HIGHEST + abs(self.y)) + discounted * abs(self.y - self.foretold))

    def _trust(self, rest: float) -> float:
        """How far the day is trusted with so much weight, of how far it was."""
        return (R_DAY + R_SIG / self.weight) / (R_DAY + R_SIG / rest)


def weightiest(trend: Trend, heard: Heard, most: int) -> list[Reading]:
    """What those signals of the window say, at most so many, that could take the direction away.

    They are a large part of their day, or move the level at least a quarter of the way to where the direction is no
    longer said; one that moves it the other way, and takes the direction away only by what it does to the noisiness,
    counts for a quarter. No more days are read than may have one.
    """
    levers, least = _levers(trend), _least(trend)
    against = -1 if trend.direction is Direction.STRENGTHENING else 1

    def size(one: Reading) -> float:
        moves = against * levers[one.on.toordinal()].moves(one)
        return max(moves, -QUARTER * moves)

    def is_large(one: Reading) -> bool:
        return bool(one.sixteenths) and one.sixteenths / 16 >= LARGE * levers[one.on.toordinal()].weight

    def read(days: Sequence[int]) -> list[Reading]:
        of_days = heard.readings(map(date.fromordinal, days))
        return [one for one in of_days if one.sixteenths and not is_large(one) and size(one) >= least]

    large = sorted(filter(is_large, heard.readings(_light_days(trend))), key=size, reverse=True)[:most]
    bounds = {on: lever.most for on, lever in levers.items() if lever.most >= least}
    rest = largest(bounds, read, size, most - len(large))
    return large + sorted(rest, key=size, reverse=True)[: most - len(large)]


def _light_days(trend: Trend) -> list[date]:
    """The signal days of the window of which one signal may be a large part."""
    weights = trend.judge.days.weights[trend.begins :]
    return [on for on, weight in zip(trend.window_days, weights, strict=True) if LARGE * weight <= 1]


def _levers(trend: Trend) -> dict[int, Lever]:
    """Those of the window's signal days, by their ordinals."""
    judge, days = trend.judge, trend.judge.days
    return {
        on: Lever(trend.day_gains[at], days.weights[at], days.ys[at], *judge.means_by((on,), at))
        for at, on in enumerate(days.ordinals[trend.begins :], trend.begins)
    }


def _least(trend: Trend) -> float:
    """How far a signal must move the level; not at all where the direction is only just said."""
    p = max(trend.p_up, trend.p_down)
    if p < TURN + NARROW:
        return 0.0
    p = min(1 - SMALL, p)
    ends = (1 - p, 1 - TURN) if trend.direction is Direction.STRENGTHENING else (TURN, p)
    low, high = map(trend.judged.quantile, ends)
    return QUARTER * (high - low)
