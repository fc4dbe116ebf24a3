"""Direction: the probabilities that signals would be higher than before, held against what came."""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple, Self

from scrutiny.core.days import WINDOW
from scrutiny.core.temperament import SignalDay
from tests.benchmarks.calibration import dyads
from tests.benchmarks.calibration.forecasts import Forecast

BINS = 10


class Claim(NamedTuple):
    """The probability of higher signals to come, and whether they came."""

    probability: float
    came_true: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The claims whose probability lies from `low` to `high`; None where there are none."""

    low: float
    high: float
    count: int
    mean_probability: float | None
    observed_share: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """How the probabilities that the next signals lie above the level of a window ago compare with what came."""

    claims: int
    brier: float | None
    calibration_error: float | None  # expected: the bins' |mean probability - observed share|, by their counts
    bins: tuple[Bin, ...]

    @classmethod
    def of(cls, claims: Sequence[Claim]) -> Self:
        """The claims of all dyads together."""
        bins = tuple(_bins(claims))
        if not claims:
            return cls(0, None, None, bins)
        brier = fmean((claim.probability - claim.came_true) ** 2 for claim in claims)
        off = (one.count * abs((one.mean_probability or 0) - (one.observed_share or 0)) for one in bins)
        return cls(len(claims), brier, math.fsum(off) / len(claims), bins)


def claims(forecast: Forecast, days: Sequence[SignalDay]) -> Iterator[Claim]:
    """One claim from each scored day that has signals a window before it and within a window after."""
    ordinals = [day.on.toordinal() for day in days]
    for at in range(dyads.SKIP, len(days)):
        now = ordinals[at]
        before = bisect_right(ordinals, now - WINDOW)
        later = days[at + 1 : bisect_right(ordinals, now + WINDOW)]
        if before and later:
            then = forecast.level(now - WINDOW, before)
            yield Claim(1 - forecast.ahead(at, later).below(then), dyads.mean(later) > then)


def _bins(claims: Sequence[Claim]) -> Iterator[Bin]:
    for at in range(BINS):
        held = [claim for claim in claims if min(int(claim.probability * BINS), BINS - 1) == at]
        said = fmean(claim.probability for claim in held) if held else None
        came = fmean(claim.came_true for claim in held) if held else None
        yield Bin(at / BINS, (at + 1) / BINS, len(held), said, came)
