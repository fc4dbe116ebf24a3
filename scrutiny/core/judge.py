"""The temperaments over one ally's signal days, averaged by how well each foretold them."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from scrutiny.core.student import Mixture
from scrutiny.core.temperament import TEMPERAMENTS, SignalDay, SignalDays, Temperament

TURN = 0.60  # the probability from which a direction is said
LEAST_DAYS = 3  # signal days before a direction is said


class Direction(StrEnum):
    """Which way a relationship moves over the window."""

    STRENGTHENING = "strengthening"
    WEAKENING = "weakening"
    UNCLEAR = "no clear direction"
    NO_NEWS = "no news"
    TOO_FEW = "too few signals"

    @property
    def is_said(self) -> bool:
        """Whether it is a direction at all."""
        return self in (Direction.STRENGTHENING, Direction.WEAKENING)


@dataclass(frozen=True, slots=True)
class Ruling:
    """Where a relationship stands on a day and whether it moved over the window before it."""

    judged: Mixture
    was: float
    expected: float
    p_up: float
    p_down: float
    direction: Direction


class Judge:
    """What the signal days, which come in order, say of any day by those up to another: never with hindsight."""

    def __init__(self, days: Sequence[SignalDay], temperaments: Sequence[Temperament] = (), earlier: int = 0) -> None:
        self.days = SignalDays.of(days)
        self.temperaments = temperaments or [Temperament(mood, self.days) for mood in TEMPERAMENTS.values()]
        self.earlier = earlier  # signal days that are known of but not among these

    @property
    def ordinals(self) -> Sequence[int]:
        """The signal days as ordinals."""
        return self.days.ordinals

    def instead(self, at: int, days: Sequence[SignalDay]) -> Self:
        """The judge for whom these days stand instead of those from a place on; what came before is not run again."""
        others = SignalDays.of(days)
        again = [Temperament(one.mood, others, one.states[: at + 1]) for one in self.temperaments]
        return type(self)(self.days[:at] + others, again, self.earlier)

    def latest(self, start: int) -> Self:
        """The same judge with no more of the past than a ruling on a window needs that begins after a day."""
        at = max(0, bisect_right(self.ordinals, start) - 1)
        kept = [Temperament(one.mood, (), one.states[at:]) for one in self.temperaments]
        return type(self)(self.days[at:], kept, self.earlier + at)

    def at(self, on: date) -> int | None:
        """The place of a day among the signal days; None where it is none."""
        place = bisect_left(self.ordinals, on.toordinal())
        return place if place < len(self.days) and self.ordinals[place] == on.toordinal() else None

    def count(self, on: date) -> int:
        """How many signal days there are up to a day."""
        return bisect_right(self.ordinals, on.toordinal())

    def weights(self, count: int) -> list[float]:
        """The temperaments' weights by the first so many signal days."""
        evidence = [one.states[count].evidence for one in self.temperaments]
        most = max(evidence)
        raw = [math.exp(one - most) for one in evidence]
        return [one / math.fsum(raw) for one in raw]

    def level(self, on: int, known: int) -> Mixture:
        """The level on a day, by the signal days up to another that is not later."""
        return self.level_by(on, bisect_right(self.ordinals, known))

    def level_by(self, on: int, count: int) -> Mixture:
        """The level on a day, by the first so many signal days, none of which is later."""
        parts = zip(self.weights(count), self.temperaments, strict=True)
        return Mixture(tuple(one.belief(on, count).level(weight) for weight, one in parts))

    def means_by(self, days: Iterable[int], count: int) -> list[float]:
        """The means of the levels on some days, by the first so many signal days, none of which is later."""
        weights = self.weights(count)
        return [averaged(weights, (one.mean(on, count) for one in self.temperaments)) for on in days]

    def foretold(self, at: int) -> Mixture:
        """A signal day's y as it was foretold by the days before it."""
        on, parts = self.ordinals[at], zip(self.weights(at), self.temperaments, strict=True)
        return Mixture(tuple(one.belief(on, at).reading(weight, self.days.weights[at]) for weight, one in parts))

    def surprise(self, at: int) -> float:
        """The probability, foretold before it, of a day at least as far out as this one, on either side."""
        below = self.foretold(at).below(self.days.ys[at])
        return 2 * min(below, 1 - below)

    def ruling(self, now: int, window: int) -> Ruling:
        """Where it stands now and whether it moved, by all signal days, none of which is later.

        It moved if it lies beyond what it was at the window's start, beyond what silence would have made of that, and
        beyond what was judged on the last signal day before: a mood that had faded and is back is no movement.
        """
        start = now - window
        count = bisect_right(self.ordinals, start)
        judged, seen = self.level(now, now), self.ordinals[max(0, count - 1) : count]
        was, expected, *held = self.means_by((start, now, *seen), count)
        p_up, p_down = 1 - judged.below(max(was, expected, *held)), judged.below(min(was, expected, *held))
        return Ruling(judged, was, expected, p_up, p_down, self._direction(start, p_up, p_down))

    def _direction(self, start: int, p_up: float, p_down: float) -> Direction:
        if self.days and self.ordinals[-1] <= start:
            return Direction.NO_NEWS
        if not self.days or self.earlier + len(self.days) < LEAST_DAYS or self.ordinals[0] > start:
            return Direction.TOO_FEW
        if p_up >= TURN:
            return Direction.STRENGTHENING
        return Direction.WEAKENING if p_down >= TURN else Direction.UNCLEAR


def averaged(weights: Iterable[float], values: Iterable[float]) -> float:
    """Values of the temperaments, each with its weight."""
    return math.fsum(weight * value for weight, value in zip(weights, values, strict=True))
