"""One temperament: what a filter with one mood of its own knows after each signal day.

A two-state Kalman filter, lasting part and mood, with a conjugate scale that slowly forgets (West & Harrison 1997,
ch. 4.5 and 10.8) and noise with the tails of a Student t: a day that surprises is trusted less (Meinhold &
Singpurwalla 1989). Each prediction is a Student t.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from scrutiny.core.student import Student

V_A = 16.0  # variance of the lasting part, in units of s2
R_DAY = 1.0  # noise variance of a day, however many signals it has, in units of s2
R_SIG = 3.0  # noise variance of a signal of weight 1, in units of s2
NU0, S2_0 = 3.0, 0.6  # the prior of s2: degrees of freedom, scale
FORGET = 0.98  # what a signal day leaves of what was learnt of s2 before it, beside its prior
TAILS = 12.0  # degrees of freedom of a day's noise


class Mood(NamedTuple):
    """How far a temperament's mood strays, and in how many days it fades to 1/e."""

    variance: float  # in units of s2
    tau: float

    @property
    def half_life(self) -> float:
        """Days in which the mood halves."""
        return self.tau * math.log(2)


TEMPERAMENTS = {"steady": Mood(0.5, 730.0), "changeable": Mood(8.0, 365.0), "volatile": Mood(2.0, 40.0)}


@dataclass(frozen=True, slots=True)
class SignalDay:
    """One day's signals as the model reads them: weight W above 0, y their weighted mean score."""

    on: date
    weight: float
    y: float


class State(NamedTuple):
    """What is known after a signal day; covariances in units of s2."""

    day: int  # the date's ordinal, 0 before the first
    a: float
    x: float
    aa: float
    ax: float
    xx: float
    freedom: float  # how well s2 is known, in degrees of freedom
    spread: float  # s2 times that: the squared, standardised surprises
    evidence: float  # log marginal likelihood so far
    gain_a: float
    gain_x: float


class Belief(NamedTuple):
    """What is believed of the level on a day; the variance is in units of s2."""

    lasting: float
    mood: float
    variance: float
    freedom: float
    spread: float

    def level(self, weight: float) -> Student:
        """The level, as a part of that weight in a mixture."""
        scale = math.sqrt(self.spread / self.freedom * self.variance)
        return Student(weight, self.lasting + self.mood, scale, self.freedom)

    def reading(self, weight: float, day_weight: float) -> Student:
        """A signal day's y, its noise included, as a part of that weight in a mixture."""
        scale = math.sqrt(self.spread / self.freedom * (self.variance + R_DAY + R_SIG / day_weight))
        return Student(weight, self.lasting + self.mood, scale, 1 / (1 / self.freedom + 1 / TAILS))


class Temperament:
    """The filter for one mood, run over signal days, which come in order.

    `known` are the states of an earlier run, the prior first, which the days come after.
    """

    def __init__(self, mood: Mood, days: Sequence[SignalDay], known: Sequence[State] = ()) -> None:
        self.mood = mood
        self.states = list(known) or [State(0, 0.0, 0.0, V_A, 0.0, mood.variance, NU0, NU0 * S2_0, 0.0, 0.0, 0.0)]
        for day in days:
            self.states.append(self._after(self.states[-1], day))

    def belief(self, on: int, count: int) -> Belief:
        """What is believed of a day by the first so many signal days, none of which is later."""
        state = self.states[count]
        fade = math.exp((state.day - on) / self.mood.tau) if state.day else 0.0
        xx = state.xx * fade * fade + self.mood.variance * (1 - fade * fade)
        variance = state.aa + 2 * fade * state.ax + xx
        return Belief(state.a, state.x * fade, variance, state.freedom, state.spread)

    def gains(self, on: int) -> list[float]:
        """By how much the level of a day rises for each point of each signal day's y, none of which is later.

        The trust in each day is taken as it was.
        """
        gains = []
        to_a, to_x, later = 1.0, 1.0, on
        for state in reversed(self.states[1:]):
            to_x *= math.exp((state.day - later) / self.mood.tau)
            gain = to_a * state.gain_a + to_x * state.gain_x
            gains.append(gain)
            to_a, to_x, later = to_a - gain, to_x - gain, state.day
        return gains[::-1]

    def pull(self, on: int, at: int) -> tuple[float, float]:
        """By how much a signal day raised the forecast for a day for each point of its y, and what y was foretold."""
        state, before = self.states[at + 1], self.belief(self.states[at + 1].day, at)
        fade = math.exp((state.day - on) / self.mood.tau)
        return state.gain_a + fade * state.gain_x, before.lasting + before.mood

    def _after(self, state: State, day: SignalDay) -> State:
        """The state after one more signal day: let time pass, predict, learn."""
        on = day.on.toordinal()
        fade = math.exp((state.day - on) / self.mood.tau) if state.day else 0.0
        x, ax = state.x * fade, state.ax * fade
        xx = state.xx * fade * fade + self.mood.variance * (1 - fade * fade)
        of_a, of_x = state.aa + ax, ax + xx
        belief = Belief(state.a, x, of_a + of_x, state.freedom, state.spread)
        predicted = belief.reading(1.0, day.weight)
        off = day.y - predicted.mean
        noise = R_DAY + R_SIG / day.weight
        trust = (TAILS + 1) / (TAILS + (off / predicted.scale) ** 2)
        variance = belief.variance + noise / trust
        gain_a, gain_x = of_a / variance, of_x / variance
        return State(
            day=on,
            a=state.a + gain_a * off,
            x=x + gain_x * off,
            aa=state.aa - gain_a * of_a,
            ax=ax - gain_a * of_x,
            xx=xx - gain_x * of_x,
            freedom=NU0 + FORGET * (state.freedom - NU0) + 1,
            spread=NU0 * S2_0 + FORGET * (state.spread - NU0 * S2_0) + trust * off * off / (belief.variance + noise),
            evidence=state.evidence + predicted.log_density(day.y),
            gain_a=gain_a,
            gain_x=gain_x,
        )
