"""The trend model by plain matrices, each day conditioned on those before it, to hold the filter against."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from scrutiny.core.temperament import FORGET, NU0, R_DAY, R_SIG, S2_0, TAILS, TEMPERAMENTS, V_A, Mood, SignalDay

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
    """One temperament, conditioned on the signal days, at one query day."""

    mean: float
    scale: float
    freedom: float
    s2: float
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
    before = [on.toordinal() for on in known if on.toordinal() <= start]
    seen = _mixed(days, before[-1], before[-1]).average("mean") if before else was
    return Dense(
        level=judged.average("mean"),
        low=float(np.clip(judged.quantile(0.05), *SCALE_ENDS)),
        high=float(np.clip(judged.quantile(0.95), *SCALE_ENDS)),
        p_positive=judged.above(0.0),
        was=was,
        expected=expected,
        p_up=judged.above(max(was, expected, seen)),
        p_down=judged.below(min(was, expected, seen)),
        lasting=judged.average("lasting"),
        mood=judged.average("mood"),
        temperaments=dict(zip(TEMPERAMENTS, map(float, judged.weights), strict=True)),
        gains=dict(zip(known, map(float, judged.weights @ np.array([p.gains for p in judged.parts])), strict=True)),
    )


def level_on(days: Sequence[SignalDay], on: date) -> float:
    """The level on a day, by all of these signal days, none of which is later."""
    return _mixed(days, on.toordinal(), on.toordinal()).average("mean")


def below_foretold(days: Sequence[SignalDay], day: SignalDay) -> float:
    """The probability of a y below a signal day's own, as foretold by those of the others that are earlier."""
    on = day.on.toordinal()
    before = _mixed(days, on, on - 1)
    noise = R_DAY + R_SIG / day.weight
    z = [(day.y - part.mean) / np.sqrt(part.scale**2 + part.s2 * noise) for part in before.parts]
    freedom = [1 / (1 / part.freedom + 1 / TAILS) for part in before.parts]
    return float(before.weights @ special.stdtr(freedom, z))


def _mixed(days: Sequence[SignalDay], on: int, known: int) -> _Mixed:
    """Every temperament at the query day, by the signal days up to another, and their weights by likelihood."""
    upto = sorted((day for day in days if day.on.toordinal() <= known), key=lambda day: day.on)
    parts = [_conditioned(upto, on, mood) for mood in TEMPERAMENTS.values()]
    weights = np.asarray(special.softmax([part.log_likelihood for part in parts]), dtype=np.float64)
    return _Mixed(weights, parts)


def _conditioned(days: Sequence[SignalDay], on: int, mood: Mood) -> _Conditioned:
    at = np.array([day.on.toordinal() for day in days], dtype=np.float64)
    y = np.array([day.y for day in days], dtype=np.float64)
    noise = np.array([R_DAY + R_SIG / day.weight for day in days], dtype=np.float64)
    signal = V_A + mood.variance * np.exp(-np.abs(at[:, None] - at[None, :]) / mood.tau)
    freedom, spread, evidence, trusted = NU0, NU0 * S2_0, 0.0, noise.copy()
    for n in range(len(days)):  # how far each day is trusted depends on what the days before it foretold
        to = signal[n, :n]
        weights = np.linalg.solve(signal[:n, :n] + np.diag(trusted[:n]), to)
        variance = signal[n, n] - to @ weights + noise[n]
        off = float(y[n] - weights @ y[:n])
        tails = 1 / (1 / freedom + 1 / TAILS)
        scale = np.sqrt(spread / freedom * variance)
        evidence += float(stats.t.logpdf(off, tails, scale=scale))
        trust = (TAILS + 1) / (TAILS + (off / scale) ** 2)
        trusted[n] = noise[n] / trust
        freedom = NU0 + FORGET * (freedom - NU0) + 1
        spread = NU0 * S2_0 + FORGET * (spread - NU0 * S2_0) + trust * off * off / variance
    prior = signal + np.diag(trusted)
    with_mood = mood.variance * np.exp(-np.abs(at - on) / mood.tau)
    with_level = V_A + with_mood
    gains = np.asarray(np.linalg.solve(prior, with_level), dtype=np.float64)
    standardised = np.linalg.solve(prior, y)
    variance = V_A + mood.variance - float(with_level @ gains)
    return _Conditioned(
        mean=float(gains @ y),
        scale=float(np.sqrt(spread / freedom * variance)),
        freedom=freedom,
        s2=spread / freedom,
        log_likelihood=evidence,
        lasting=float(V_A * np.ones_like(y) @ standardised),
        mood=float(with_mood @ standardised),
        gains=gains,
    )
