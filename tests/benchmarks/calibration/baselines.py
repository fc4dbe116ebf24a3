"""Baselines: simple means of the past, each with a scale that is learnt as the model learns its own."""

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from scrutiny.core.days import WINDOW
from scrutiny.core.student import Mixture
from scrutiny.core.temperament import FORGET, NU0, S2_0, TAILS, SignalDay
from tests.benchmarks.calibration import dyads
from tests.benchmarks.calibration.forecasts import noise, noise_of_mean, reading
from tests.benchmarks.calibration.local_level import fitted_levels

HALF_LIVES = (90, 180, 365, 730)  # days

Level = Callable[[int, int], float]  # the level on a day, by the first so many signal days


class Baseline:
    """The Forecast of a level of any making."""

    def __init__(self, days: Sequence[SignalDay], make: Callable[[Sequence[SignalDay]], Level]) -> None:
        self.days, self.level = days, make(days)
        self.known = [(NU0, NU0 * S2_0)]  # freedom and spread, as in a State
        for at, day in enumerate(days):
            self.known.append(self._after(at, day))

    def foretold(self, at: int) -> Mixture:
        return self._around_level(self.days[at].on, at, noise(self.days[at]))

    def ahead(self, at: int, later: Sequence[SignalDay]) -> Mixture:
        return self._around_level(self.days[at].on, at + 1, noise_of_mean(later))

    def _around_level(self, on: date, count: int, variance: float) -> Mixture:
        return Mixture((reading(1.0, self.level(on.toordinal(), count), variance, *self.known[count]),))

    def _after(self, at: int, day: SignalDay) -> tuple[float, float]:
        """Freedom and spread after one more signal day: as in Temperament, the level's own variance left out."""
        (predicted,), (freedom, spread) = self.foretold(at).parts, self.known[at]
        off = day.y - predicted.mean
        trust = (TAILS + 1) / (TAILS + (off / predicted.scale) ** 2)
        return (
            NU0 + FORGET * (freedom - NU0) + 1,
            NU0 * S2_0 + FORGET * (spread - NU0 * S2_0) + trust * off * off / noise(day),
        )


def faded_mean(days: Sequence[SignalDay], half_life: float) -> Level:
    """The mean of all days by their weights, halved with every half-life of age; 0 before the first."""
    levels, total, weighted, last = [0.0], 0.0, 0.0, 0
    for day in days:
        on = day.on.toordinal()
        fade = 0.5 ** ((on - last) / half_life)
        total, weighted, last = total * fade + day.weight, weighted * fade + day.weight * day.y, on
        levels.append(weighted / total)
    return lambda _, count: levels[count]


def rolling_mean(days: Sequence[SignalDay]) -> Level:
    """The weighted mean of a window's days; where it holds none, of the window that ends on the last signal day."""
    ordinals = [day.on.toordinal() for day in days]

    def level(on: int, count: int) -> float:
        if not count:
            return 0.0
        first = bisect_right(ordinals, on - WINDOW, hi=count)
        return dyads.mean(days[first:count]) if first < count else level(ordinals[count - 1], count)

    return level


def local_level(days: Sequence[SignalDay]) -> Level:
    """A local level over the sequence of y; until there are as many days as are skipped, the mean of all."""
    mean, fitted = faded_mean(days, math.inf), fitted_levels([day.y for day in days])
    return lambda on, count: fitted[count] if count in fitted else mean(on, count)


BASELINES: Mapping[str, Callable[[Sequence[SignalDay]], Level]] = {
    "expanding_mean": partial(faded_mean, half_life=math.inf),
    **{f"ewma_{days}_days": partial(faded_mean, half_life=days) for days in HALF_LIVES},
    f"rolling_{WINDOW}_days": rolling_mean,
    "local_level": local_level,
}
