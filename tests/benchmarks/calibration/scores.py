"""Scores: how each signal day was foretold, and their means with standard errors by resampling dyads."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy import special

from scrutiny.core.student import Mixture, Student
from scrutiny.core.temperament import SignalDay
from tests.benchmarks.calibration.dyads import SKIP
from tests.benchmarks.calibration.forecasts import Forecast

DRAWS, SEED = 2000, 1
GRID_STEP = 0.05
GRID = np.linspace(-10, 10, 401)  # its sinh reaches 11,000 scales out

Array = npt.NDArray[np.float64]


class Score(NamedTuple):
    """How one signal day was foretold."""

    log_density: float
    below: float  # the probability that was given to a lower y
    off: float
    crps: float

    @classmethod
    def of(cls, foretold: Mixture, y: float) -> Self:
        """What came, as it was foretold."""
        return cls(math.log(foretold.density(y)), foretold.below(y), y - foretold.mean, crps(foretold, y))

    def is_within(self, band: int) -> bool:
        """Whether the day lies in the central band of so many percent."""
        return abs(self.below - 0.5) <= band / 100 / 2


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over signal days, and its standard error by resampling dyads; None of one dyad."""

    value: float
    standard_error: float | None

    @classmethod
    def of(cls, by_dyad: Iterable[Sequence[float]]) -> Self:
        """The mean of every dyad's days together."""
        sums, counts = np.array([(math.fsum(days), len(days)) for days in by_dyad], dtype=np.float64).T
        return cls(float(sums.sum() / counts.sum()), _standard_error(sums, counts))


def scores(forecast: Forecast, days: Sequence[SignalDay]) -> Iterator[Score]:
    """One score of each day after those that are skipped."""
    for at in range(SKIP, len(days)):
        yield Score.of(forecast.foretold(at), days[at].y)


def crps(mixture: Mixture, y: float) -> float:
    """The continuous ranked probability score, E|X - y| - E|X - X'| / 2 (Gneiting & Raftery 2007, eq. 21).

    The first part is exact (Jordan, Krueger & Lerch 2019, app. A); the second is the integral of F(1 - F), by the
    trapezoid rule on a grid that widens as sinh: within 1e-6 of adaptive quadrature.
    """
    apart = math.fsum(part.weight * _distance(part, y) for part in mixture.parts)
    widest = max(part.scale for part in mixture.parts)
    x = mixture.mean + widest * np.sinh(GRID)
    below = sum(p.weight * special.stdtr(p.freedom, (x - p.mean) / p.scale) for p in mixture.parts)
    return apart - float(np.sum(below * (1 - below) * np.cosh(GRID))) * widest * GRID_STEP


def _distance(part: Student, y: float) -> float:
    """E|X - y|."""
    z, nu = (y - part.mean) / part.scale, part.freedom
    outer = 2 * part.density(y) * part.scale * (nu + z * z) / (nu - 1)
    return part.scale * (z * (2 * part.below(y) - 1) + outer)


def _standard_error(sums: Array, counts: Array) -> float | None:
    """Of the ratio of sums, the dyads drawn again and again, the same draws each time; None of one dyad."""
    dyads = len(counts)
    if dyads == 1:
        return None
    drawn = np.random.default_rng(SEED).multinomial(dyads, [1 / dyads] * dyads, size=DRAWS).astype(np.float64)
    return float(np.std((drawn @ sums) / (drawn @ counts), ddof=1))
