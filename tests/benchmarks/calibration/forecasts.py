"""Forecasts of one dyad's signal days: by the trend model, and by the plain model that came before."""

import math
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol
from unittest import mock

import numpy as np

from scrutiny.core import temperament  # its constants are read there, where `plain` swaps them
from scrutiny.core.judge import Judge
from scrutiny.core.student import Mixture, Student
from scrutiny.core.temperament import TEMPERAMENTS, Mood, SignalDay, Temperament

PLAIN_MOODS = (Mood(0.5, 180.0), Mood(2.0, 180.0), Mood(8.0, 180.0))
GAUSSIAN = 1e12  # so many degrees of freedom leave no tails


class Forecast(Protocol):
    """A way to foretell one dyad's signal days, never with hindsight."""

    def foretold(self, at: int) -> Mixture:
        """A signal day's y, by the days before it."""

    def ahead(self, at: int, later: Sequence[SignalDay]) -> Mixture:
        """The weighted mean of some later days, by the days up to and including this one."""

    def level(self, on: int, count: int) -> float:
        """The level on a day, by the first so many signal days, none of which is later."""


class Model:
    """The trend model's Forecast, with its own moods or others."""

    def __init__(self, days: Sequence[SignalDay], moods: Iterable[Mood] = TEMPERAMENTS.values()) -> None:
        self.judge = Judge(days, [Temperament(mood, days) for mood in moods])

    def foretold(self, at: int) -> Mixture:
        return self.judge.foretold(at)

    def ahead(self, at: int, later: Sequence[SignalDay]) -> Mixture:
        parts = zip(self.judge.weights(at + 1), self.judge.temperaments, strict=True)
        return Mixture(tuple(_ahead(weight, one, at + 1, later) for weight, one in parts))

    def level(self, on: int, count: int) -> float:
        return self.judge.level_by(on, count).mean


def plain(days: Sequence[SignalDay]) -> Model:
    """The model that came before; it is to be made and asked under `plain_constants`."""
    return Model(days, PLAIN_MOODS)


def plain_constants() -> AbstractContextManager[object]:
    """While it lasts, noise is Gaussian and nothing is forgotten."""
    return mock.patch.multiple(temperament, TAILS=GAUSSIAN, FORGET=1.0, NU0=5.0, S2_0=1.0)


def reading(weight: float, mean: float, variance: float, freedom: float, spread: float) -> Student:
    """A part with that variance in units of s2, its tails those of Belief.reading."""
    return Student(weight, mean, math.sqrt(spread / freedom * variance), 1 / (1 / freedom + 1 / temperament.TAILS))


def noise(day: SignalDay) -> float:
    """The variance of a day's noise, in units of s2."""
    return temperament.R_DAY + temperament.R_SIG / day.weight


def noise_of_mean(days: Sequence[SignalDay]) -> float:
    """The variance of the noise of some days' weighted mean, in units of s2."""
    return math.fsum(share**2 * noise(day) for share, day in zip(_shares(days), days, strict=True))


def _ahead(weight: float, one: Temperament, count: int, later: Sequence[SignalDay]) -> Student:
    """The weighted mean of later days as one temperament foretells it by the first so many days."""
    state, (variance, tau), shares = one.states[count], one.mood, np.array(_shares(later))
    off = np.array([day.on.toordinal() - state.day for day in later])
    fade = float(shares @ np.exp(-off / tau))
    together = float(shares @ np.exp(-np.abs(off[:, None] - off) / tau) @ shares)
    known = state.aa + 2 * fade * state.ax + fade * fade * state.xx
    level = known + variance * (together - fade * fade)
    return reading(weight, state.a + fade * state.x, level + noise_of_mean(later), state.freedom, state.spread)


def _shares(days: Sequence[SignalDay]) -> list[float]:
    """Each day's share of their weights."""
    total = math.fsum(day.weight for day in days)
    return [day.weight / total for day in days]
