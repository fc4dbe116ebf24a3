"""One temperament: what a filter with one mood of its own knows after each signal day.

A two-state Kalman filter, lasting part and mood, with a conjugate scale that slowly forgets (West & Harrison 1997,
ch. 4.5 and 10.8) and noise with the tails of a Student t: a day that surprises is trusted less (Meinhold &
Singpurwalla 1989). Each prediction is a Student t.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import log, log1p
from typing import NamedTuple, Self, overload

from scrutiny.core.beforehand import fading, foretelling
from scrutiny.core.learnt import PACKED, State, States
from scrutiny.core.student import Student

V_A = 16.0  # variance of the lasting part, in units of s2
R_DAY = 1.0  # noise variance of a day, however many signals it has, in units of s2
R_SIG = 3.0  # noise variance of a signal of weight 1, in units of s2
NU0, S2_0 = 3.0, 0.6  # the prior of s2: degrees of freedom, scale
FORGET = 0.98  # what a signal day leaves of what was learnt of s2 before it, beside its prior
TAILS = 12.0  # degrees of freedom of a day's noise
LONG_AGO = -1_000_000  # the prior's day: of no mood is anything left when the first window begins


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


@dataclass(frozen=True, slots=True, eq=False)
class SignalDays(Sequence[SignalDay]):
    """Signal days in order, by columns: to make an object of each takes as long as to learn from it."""

    ordinals: Sequence[int]
    weights: Sequence[float]
    ys: Sequence[float]

    @classmethod
    def of(cls, days: Iterable[SignalDay]) -> "SignalDays":
        """These days, which come in order."""
        if isinstance(days, SignalDays):
            return days
        in_order = list(days)
        return cls(
            [day.on.toordinal() for day in in_order], [day.weight for day in in_order], [day.y for day in in_order]
        )

    def until(self, on: date) -> Self:
        """Those up to a day."""
        return self[: bisect_right(self.ordinals, on.toordinal())]

    def __len__(self) -> int:
        return len(self.ordinals)

    @overload
    def __getitem__(self, at: int) -> SignalDay: ...

    @overload
    def __getitem__(self, at: slice) -> Self: ...

    def __getitem__(self, at: int | slice) -> SignalDay | Self:
        if isinstance(at, slice):
            return type(self)(self.ordinals[at], self.weights[at], self.ys[at])
        return SignalDay(date.fromordinal(self.ordinals[at]), self.weights[at], self.ys[at])

    def __add__(self, later: Self) -> Self:
        return type(self)([*self.ordinals, *later.ordinals], [*self.weights, *later.weights], [*self.ys, *later.ys])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # a list, which may be equal, has none either


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

    def __init__(self, mood: Mood, days: Sequence[SignalDay], known: States | None = None) -> None:
        self.mood = mood
        self.states = known[:] if known else States.of(_prior(mood))
        self._learn(SignalDays.of(days))

    def mean(self, on: float, count: int) -> float:
        """The mean of what is believed of the level on a day."""
        state = self.states[count]
        return state.a + state.x * math.exp((state.day - on) / self.mood.tau)

    def belief(self, on: int, count: int) -> Belief:
        """What is believed of a day by the first so many signal days, none of which is later."""
        state = self.states[count]
        fade = math.exp((state.day - on) / self.mood.tau)
        xx = state.xx * fade * fade + self.mood.variance * (1 - fade * fade)
        return Belief(state.a, state.x * fade, state.aa + 2 * fade * state.ax + xx, state.freedom, state.spread)

    def gains(self, on: int, weight: float = 1.0) -> list[float]:
        """By how much a day's level, so weighted, rises for each point of each signal day's y, none of them later.

        The trust in each day is taken as it was.
        """
        gains, passing = [], fading(*self.mood)
        to_a, to_x, later = weight, weight, float(on)
        days, gains_a, gains_x = (self.states.each(part)[:0:-1] for part in ("day", "gain_a", "gain_x"))
        for day, gain_a, gain_x in zip(days, gains_a, gains_x, strict=True):
            to_x *= passing[later - day][0]
            gain = to_a * gain_a + to_x * gain_x
            gains.append(gain)
            to_a -= gain
            to_x -= gain
            later = day
        return gains[::-1]

    def pull(self, on: int, at: int) -> tuple[float, float]:
        """By how much a signal day raised the forecast for a day for each point of its y, and what y was foretold."""
        state = self.states[at + 1]
        fade = math.exp((state.day - on) / self.mood.tau)
        return state.gain_a + fade * state.gain_x, self.mean(state.day, at)

    def _learn(self, days: SignalDays) -> None:
        """Learns from further signal days, one by one: lets time pass, predicts, corrects.

        One loop over plain names, since years of daily signals are judged at once: with a call or an object a day it
        takes six times as long.
        """
        before, a, x, aa, ax, xx, freedom, spread, evidence, _, _ = self.states[-1]
        passing, prior, forget, tails = fading(*self.mood), NU0 * S2_0, FORGET, TAILS
        keep, pack = self.states.packed.frombytes, PACKED.pack
        foretold = foretelling(freedom, len(days), NU0, FORGET, TAILS)
        for day, weight, y, (known, freedom, freedom_y, power, peak) in zip(
            days.ordinals, days.weights, days.ys, foretold, strict=True
        ):
            fade, fade2, strayed = passing[day - before]
            x *= fade
            ax *= fade
            xx = xx * fade2 + strayed
            of_a, of_x = aa + ax, ax + xx  # the level's covariances with a and x
            level, noise, s2 = of_a + of_x, R_DAY + R_SIG / weight, spread / known
            off, variance = y - (a + x), level + noise
            squared = off * off / (s2 * variance)
            evidence += peak - 0.5 * log(s2 * variance) - power * log1p(squared / freedom_y)
            doubt = (tails + squared) / (tails + 1)  # 1 / u of docs/method.md
            variance = level + noise * doubt
            gain_a, gain_x = of_a / variance, of_x / variance
            a += gain_a * off
            x += gain_x * off
            aa -= gain_a * of_a
            ax -= gain_a * of_x
            xx -= gain_x * of_x
            spread = prior + forget * (spread - prior) + squared * s2 / doubt
            keep(pack(day, a, x, aa, ax, xx, freedom, spread, evidence, gain_a, gain_x))
            before = day


def _prior(mood: Mood) -> State:
    """What is known before the first signal day."""
    return State(LONG_AGO, 0.0, 0.0, V_A, 0.0, mood.variance, NU0, NU0 * S2_0, 0.0, 0.0, 0.0)
