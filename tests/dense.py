"""The trend model by plain matrices: multivariate t conditioning with numpy and scipy, to hold the filter against."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from scrutiny.core.temperament import NU0, R_DAY, R_SIG, S2_0, TAU, TEMPERAMENTS, V_A, SignalDay

Array = npt.NDArray[np.float64]

SCALE_ENDS = (-10.0, 10.0)


@dataclass(frozen=True)
class Dense:
    """What the model says, under the names of Trend."""

    level: float
    low: float
    high: float
    p_positive: float
    was: float
    expected: float
    p_up: float
    p_down: float
    lasting: float
    mood: float
    temperaments: dict[str, float]
    gains: dict[date, float]


@dataclass(frozen=True)
class _Conditioned:
    """One temperament's multivariate t, conditioned on the signal days, at one query day."""

    mean: float
    scale: float
    freedom: float
    log_likelihood: float
    lasting: float
    mood: float
    gains: Array


@dataclass(frozen=True)
class _Mixed:
    """The temperaments together at one query day."""

    weights: Array
    parts: Sequence[_Conditioned]

    def average(self, of: str) -> float:
        return float(sum(w * getattr(part, of) for w, part in zip(self.weights, self.parts, strict=True)))

    def below(self, x: float) -> float:
        z = [(x - part.mean) / part.scale for part in self.parts]
        return float(self.weights @ special.stdtr([part.freedom for part in self.parts], z))

    def above(self, x: float) -> float:
        z = [(part.mean - x) / part.scale for part in self.parts]
        return float(self.weights @ special.stdtr([part.freedom for part in self.parts], z))

    def quantile(self, probability: float) -> float:
        low = min(part.mean - 100 * part.scale for part in self.parts)
        high = max(part.mean + 100 * part.scale for part in self.parts)
        return float(optimize.brentq(lambda x: self.below(x) - probability, low, high, xtol=1e-13, rtol=1e-15))


def dense(days: Sequence[SignalDay], as_of: date, window: int) -> Dense:
    """What the model says as of a day; the days may come in any order and lie after it."""
    now = as_of.toordinal()
    start = now - window
    judged, forecast, then = (_mixed(days, on, known) for on, known in ((now, now), (now, start), (start, start)))
    was, expected = then.average("mean"), forecast.average("mean")
    known = sorted(day.on for day in days if day.on <= as_of)
    return Dense(
        level=judged.average("mean"),
        low=float(np.clip(judged.quantile(0.05), *SCALE_ENDS)),
        high=float(np.clip(judged.quantile(0.95), *SCALE_ENDS)),
        p_positive=judged.above(0.0),
        was=was,
        expected=expected,
        p_up=judged.above(max(was, expected)),
        p_down=judged.below(min(was, expected)),
        lasting=judged.average("lasting"),
        mood=judged.average("mood"),
        temperaments=dict(zip(TEMPERAMENTS, map(float, judged.weights), strict=True)),
        gains=dict(zip(known, map(float, judged.weights @ np.array([p.gains for p in judged.parts])), strict=True)),
    )


def _mixed(days: Sequence[SignalDay], on: int, known: int) -> _Mixed:
    """Every temperament at the query day, by the signal days up to another, and their weights by likelihood."""
    upto = sorted((day for day in days if day.on.toordinal() <= known), key=lambda day: day.on)
    parts = [_conditioned(upto, on, v_x) for v_x in TEMPERAMENTS.values()]
    weights = np.asarray(special.softmax([part.log_likelihood for part in parts]), dtype=np.float64)
    return _Mixed(weights, parts)


def _conditioned(days: Sequence[SignalDay], on: int, v_x: float) -> _Conditioned:
    at = np.array([day.on.toordinal() for day in days], dtype=np.float64)
    y = np.array([day.y for day in days], dtype=np.float64)
    noise = np.array([R_DAY + R_SIG / day.weight for day in days], dtype=np.float64)
    if not days:
        return _Conditioned(0.0, float(np.sqrt(S2_0 * (V_A + v_x))), NU0, 0.0, 0.0, 0.0, y)
    prior = V_A + v_x * np.exp(-np.abs(at[:, None] - at[None, :]) / TAU) + np.diag(noise)
    with_mood = v_x * np.exp(-np.abs(at - on) / TAU)
    with_level = V_A + with_mood
    gains = np.asarray(np.linalg.solve(prior, with_level), dtype=np.float64)
    standardised = np.linalg.solve(prior, y)
    freedom = NU0 + len(days)
    s2 = (NU0 * S2_0 + float(y @ standardised)) / freedom
    variance = V_A + v_x - float(with_level @ gains)
    return _Conditioned(
        mean=float(gains @ y),
        scale=float(np.sqrt(s2 * variance)),
        freedom=freedom,
        log_likelihood=float(stats.multivariate_t.logpdf(y, loc=np.zeros_like(y), shape=S2_0 * prior, df=NU0)),
        lasting=float(V_A * np.ones_like(y) @ standardised),
        mood=float(with_mood @ standardised),
        gains=gains,
    )
