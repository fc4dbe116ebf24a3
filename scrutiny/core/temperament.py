"""One temperament: what a filter with one variance of the mood knows after each signal day.

A two-state Kalman filter, lasting part and mood, with a conjugate scale (West & Harrison 1997, ch. 4.5): each
prediction is a Student t.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from scrutiny.core.student import Student

V_A = 16.0  # variance of the lasting part, in units of s2
TAU = 180.0  # days in which a mood fades to 1/e
R_DAY = 1.0  # noise variance of a day, however many signals it has, in units of s2
R_SIG = 3.0  # noise variance of a signal of weight 1, in units of s2
NU0, S2_0 = 5.0, 1.0  # the prior of s2: degrees of freedom, scale
TEMPERAMENTS = {"steady": 0.5, "changeable": 2.0, "volatile": 8.0}  # variance of the mood, in units of s2


@dataclass(frozen=True, slots=True)
class SignalDay:
    """One day's signals as the model reads them: weight W above 0, y their weighted mean score."""

    on: date
    weight: float
    y: float


class State(NamedTuple):
    """What is known after a signal day; covariances in units of s2."""

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


class Belief(NamedTuple):
    """What is believed of the level on a day; the variance is in units of s2."""

    lasting: float
    mood: float
    variance: float
    spread: float


class Temperament:
    """The filter for one variance of the mood, run once over all signal days, which come in order."""

    def __init__(self, v_x: float, days: Sequence[SignalDay]) -> None:
        self.v_x = v_x
        self.states = [State(0, 0.0, 0.0, V_A, 0.0, v_x, NU0 * S2_0, 0.0, 0.0, 0.0)]  # the prior first
        for count, day in enumerate(days):
            self.states.append(_after(self.states[-1], day, v_x, NU0 + count))

    def belief(self, on: int, count: int) -> Belief:
        """What is believed of a day by the first so many signal days, none of which is later."""
        state = self.states[count]
        fade = math.exp((state.day - on) / TAU) if count else 0.0
        xx = state.xx * fade * fade + self.v_x * (1 - fade * fade)
        return Belief(state.a, state.x * fade, state.aa + 2 * fade * state.ax + xx, state.spread)

    def gains(self, on: int) -> list[float]:
        """By how much the level of a day rises for each point of each signal day's y, none of which is later."""
        gains = []
        to_a, to_x, later = 1.0, 1.0, on
        for state in reversed(self.states[1:]):
            to_x *= math.exp((state.day - later) / TAU)
            gain = to_a * state.gain_a + to_x * state.gain_x
            gains.append(gain)
            to_a, to_x, later = to_a - gain, to_x - gain, state.day
        return gains[::-1]


def _after(state: State, day: SignalDay, v_x: float, freedom: float) -> State:
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
    return State(
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
