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
from typing import NamedTuple

from scrutiny.core.days import WINDOW
from scrutiny.core.likelihood import likelihood
from scrutiny.core.signals import HIGHEST
from scrutiny.core.student import Mixture, Student
from scrutiny.errors import BadValue

V_A = 16.0  # variance of the lasting part, in units of s2
TAU = 180.0  # days in which a mood fades to 1/e
R_DAY = 1.0  # noise variance of a day, however many signals it has, in units of s2
R_SIG = 3.0  # noise variance of a signal of weight 1, in units of s2
NU0, S2_0 = 5.0, 1.0  # the prior of s2: degrees of freedom, scale
TEMPERAMENTS = {"steady": 0.5, "changeable": 2.0, "volatile": 8.0}  # variance of the mood, in units of s2

TURN = 0.60  # the probability from which a direction is said
LEAST_DAYS = 3  # signal days before a direction is said
BAND = (0.05, 0.95)
WEEKS = 53  # points of a path
HALF_LIFE = TAU * math.log(2)  # days in which a mood halves


@dataclass(frozen=True, slots=True)
class SignalDay:
    """One day's signals as the model reads them: weight W above 0, y their weighted mean score."""

    on: date
    weight: float
    y: float


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
    return _Filtered(known).trend(as_of, window) if known else None


class _State(NamedTuple):
    """What one temperament knows after a signal day; covariances in units of s2."""

    day: int  # the date's ordinal
    a: float
    x: float
    aa: float
    ax: float
    xx: float
    spread: float  # NU0 * S2_0 plus the squared, standardised surprises
    evidence: float  # log marginal likelihood so far
    gain_a: float
    gain_x: float


class _Filtered:
    """The filter's states of each temperament after each signal day, computed once."""

    def __init__(self, days: Sequence[SignalDay]) -> None:
        self.days = days
        self.ordinals = [day.on.toordinal() for day in days]
        self.runs = {name: _run(days, v_x) for name, v_x in TEMPERAMENTS.items()}

    def trend(self, as_of: date, window: int) -> Trend:
        now = as_of.toordinal()
        start = now - window
        judged, was, expected = (
            self.level(now, now),
            self.level(start, start).mean,
            self.level(now, start).mean,
        )
        low, high = _band(judged)
        p_up, p_down = 1 - judged.below(max(was, expected)), judged.below(min(was, expected))
        weights = self.weights(now)
        parts = [self.parts(run, now, now) for run in self.runs.values()]
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
            lasting=math.fsum(weight * part[0] for weight, part in zip(weights, parts, strict=True)),
            mood=math.fsum(weight * part[1] for weight, part in zip(weights, parts, strict=True)),
            temperaments=dict(zip(TEMPERAMENTS, weights, strict=True)),
            gains=self.gains(now, weights),
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
        freedom = NU0 + bisect_right(self.ordinals, known)
        students = []
        for weight, run in zip(self.weights(known), self.runs.values(), strict=True):
            a, x, variance, spread = self.parts(run, on, known)
            students.append(Student(weight, a + x, math.sqrt(spread / freedom * variance), freedom))
        return Mixture(tuple(students))

    def parts(self, run: "_Run", on: int, known: int) -> tuple[float, float, float, float]:
        """Lasting part, mood, the level's variance in units of s2, and the spread, of one temperament."""
        state = run.state(bisect_right(self.ordinals, known))
        fade = math.exp((state.day - on) / TAU) if state.day else 0.0
        xx = state.xx * fade * fade + run.v_x * (1 - fade * fade)
        return state.a, state.x * fade, state.aa + 2 * fade * state.ax + xx, state.spread

    def weights(self, known: int) -> list[float]:
        """The temperaments' weights by the signal days up to a day."""
        count = bisect_right(self.ordinals, known)
        evidence = [run.state(count).evidence for run in self.runs.values()]
        most = max(evidence)
        raw = [math.exp(one - most) for one in evidence]
        return [one / math.fsum(raw) for one in raw]

    def gains(self, now: int, weights: Sequence[float]) -> dict[date, float]:
        """The level's derivative in each day's y, the temperaments' weights as they are."""
        total = [0.0] * len(self.days)
        for weight, run in zip(weights, self.runs.values(), strict=True):
            to_a, to_x = 1.0, math.exp((self.ordinals[-1] - now) / TAU)
            for at in range(len(self.days) - 1, -1, -1):
                state = run.states[at]
                gain = to_a * state.gain_a + to_x * state.gain_x
                total[at] += weight * gain
                gap = self.ordinals[at] - self.ordinals[at - 1] if at else 0
                to_a, to_x = to_a - gain, (to_x - gain) * math.exp(-gap / TAU)
        return {day.on: gain for day, gain in zip(self.days, total, strict=True)}

    def path(self, now: int) -> Iterable[PathPoint]:
        """Weekly points ending now, or fewer where the calendar begins within them."""
        for at in range(max(now - 7 * (WEEKS - 1), (now - 1) % 7 + 1), now + 1, 7):
            yield PathPoint(date.fromordinal(at), self.level(at, at) if at >= self.ordinals[0] else None)


class _Run:
    """One temperament's states, the prior before them."""

    __slots__ = ("prior", "states", "v_x")

    def __init__(self, v_x: float, states: list[_State]) -> None:
        self.v_x = v_x
        self.states = states
        self.prior = _State(0, 0.0, 0.0, V_A, 0.0, v_x, NU0 * S2_0, 0.0, 0.0, 0.0)

    def state(self, days: int) -> _State:
        """What it knows after so many signal days."""
        return self.states[days - 1] if days else self.prior


def _run(days: Sequence[SignalDay], v_x: float) -> _Run:
    """The filter over all days for one variance of the mood."""
    run = _Run(v_x, [])
    state, freedom = run.prior, NU0
    for day in days:
        state = _after(state, day, v_x, freedom)
        run.states.append(state)
        freedom += 1
    return run


def _after(state: _State, day: SignalDay, v_x: float, freedom: float) -> _State:
    """The state after one more signal day: let time pass, predict, learn."""
    on = day.on.toordinal()
    fade = math.exp((state.day - on) / TAU) if state.day else 0.0
    x, ax = state.x * fade, state.ax * fade
    xx = state.xx * fade * fade + v_x * (1 - fade * fade)
    of_a, of_x = state.aa + ax, ax + xx
    variance = of_a + of_x + R_DAY + R_SIG / day.weight
    predicted = Student(1.0, state.a + x, math.sqrt(state.spread / freedom * variance), freedom)
    off = day.y - predicted.mean
    gain_a, gain_x = of_a / variance, of_x / variance
    return _State(
        day=on,
        a=state.a + gain_a * off,
        x=x + gain_x * off,
        aa=state.aa - gain_a * of_a,
        ax=ax - gain_a * of_x,
        xx=xx - gain_x * of_x,
        spread=state.spread + off * off / variance,
        evidence=state.evidence + predicted.log_density(day.y),
        gain_a=gain_a,
        gain_x=gain_x,
    )


def _band(judged: Mixture) -> tuple[float, float]:
    low, high = (min(HIGHEST, max(-HIGHEST, judged.quantile(end))) for end in BAND)
    return low, high
