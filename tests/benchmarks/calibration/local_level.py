"""A local level over a sequence of y: refitted by statsmodels as the days grow, and filtered in between."""

import warnings
from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np

from tests.benchmarks.calibration.dyads import SKIP

REFIT_GROWTH, REFIT_DAYS = 10, 25  # percent more days than at the last fit, or so many more


class Fitted(NamedTuple):
    """A local level after some days, with the variances that were fitted to them."""

    level: float
    variance: float
    noise: float
    drift: float

    @classmethod
    def to(cls, y: Sequence[float]) -> Self:
        """Fitted by maximum likelihood."""
        from statsmodels.tools.sm_exceptions import ConvergenceWarning  # saves --help a second
        from statsmodels.tsa.statespace.structural import UnobservedComponents

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # of a flat series, where any variances fit
            found = UnobservedComponents(np.array(y), level="llevel").fit(disp=False, cov_type="none")
        noise, drift = map(float, found.params)
        return cls(float(found.filtered_state[0, -1]), float(found.filtered_state_cov[0, 0, -1]), noise, drift)

    def after(self, y: float) -> Self:
        """One more day, with the same variances."""
        variance = self.variance + self.drift
        gain = variance / (variance + self.noise)
        return self._replace(level=self.level + gain * (y - self.level), variance=variance * (1 - gain))


def fitted_levels(y: Sequence[float]) -> dict[int, float]:
    """The level by the first so many y, from as many on as are skipped."""
    if len(y) < SKIP:
        return {}
    fitted, state = SKIP, Fitted.to(y[:SKIP])
    levels = {SKIP: state.level}
    for count in range(SKIP + 1, len(y) + 1):
        if count - fitted >= min(REFIT_DAYS, fitted * REFIT_GROWTH / 100):
            fitted, state = count, Fitted.to(y[:count])
        else:
            state = state.after(y[count - 1])
        levels[count] = state.level
    return levels
