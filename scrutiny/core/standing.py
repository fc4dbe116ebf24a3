"""Where one ally stands: its trend, what its signals come to, and what carries the level."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import mul, truediv

from scrutiny.core.acts import Kind
from scrutiny.core.allies import Ally
from scrutiny.core.confidence import Firmness, firmness, has_few
from scrutiny.core.filters import Question
from scrutiny.core.heard import Heard, Reads
from scrutiny.core.likelihood import is_likely
from scrutiny.core.parts import OF_DRIVER, OF_KIND, Part, Sum
from scrutiny.core.shares import Days, signal_days
from scrutiny.core.signals import Driver, Signal
from scrutiny.core.trend import Trend, trend

NEW_DAYS = 365  # an ally is new to the ledger in the year after its first signal


@dataclass(frozen=True, slots=True)
class Share:
    """What a part of the signals comes to: how many, their mean score by weight, and what they carry of the level."""

    signals: int
    mean: float | None
    carries: float


@dataclass(frozen=True, slots=True)
class Standing:
    """An ally with the days of its signals up to a day; trend is None where no signal weighs anything."""

    ally: Ally
    days: Days
    trend: Trend | None
    gains: Sequence[float]  # the level's rise for each sixteenth of weight times score, day by day
    firm: Firmness | None = None  # of a direction that is said, once its window's signals were asked

    @property
    def signals(self) -> int:
        """How many signals, whatever they weigh."""
        return sum(self.days.signals)

    @property
    def first(self) -> date:
        """The day of the first signal."""
        return date.fromordinal(self.days.on[0])

    @property
    def last(self) -> date:
        """The day of the last signal, whatever it weighs."""
        return date.fromordinal(self.days.on[-1])

    def by_kind(self) -> dict[Kind, int]:
        """How many signals of each kind."""
        return {kind: sum(self.days.of(part, Sum.SIGNALS)) for kind, part in OF_KIND.items()}

    def share(self, part: Part) -> Share:
        """What a part of the signals comes to."""
        weight, weighted = (sum(self.days.of(part, what)) for what in (Sum.WEIGHT, Sum.WEIGHTED))
        mean = weighted / weight / 100 if weight else None
        return Share(sum(self.days.of(part, Sum.SIGNALS)), mean, self.carries(part))

    def carries(self, part: Part) -> float:
        """What a part of the signals carries of the level; what all of them carry is the level."""
        return math.fsum(map(mul, self.gains, self.days.of(part, Sum.WEIGHTED))) / 100

    def gain(self, on: date) -> float:
        """The level's rise for each sixteenth of weight times score of a day."""
        at = self.days.at(on)
        return 0.0 if at is None else self.gains[at]

    def signal_carries(self, signal: Signal) -> float:
        """One signal's part of the level."""
        return self.gain(signal.happened_on) * signal.sixteenths * signal.score


def standing(ally: Ally, days: Days, as_of: date, window: int) -> Standing:
    """Where an ally stands on a day, by the days up to it."""
    found = judged(days, as_of, window)
    return Standing(ally, days, found, _gains(days, found))


def judged(days: Days, as_of: date, window: int) -> Trend | None:
    """The trend on a day, by the days up to it; None where no signal weighs anything."""
    return trend(signal_days(days), as_of, window)


def _gains(days: Days, found: Trend | None) -> Sequence[float]:
    """By sixteenth, day by day."""
    of_days = () if found is None else found.day_gains
    if len(of_days) == len(days.on):  # on each of which something weighs
        return tuple(map(truediv, of_days, days.weight))
    left = iter(of_days)
    return tuple(next(left, 0.0) / weight if weight else 0.0 for weight in days.weight)


def standings(found: Iterable[Days], allies: Mapping[str, Ally], as_of: date, window: int) -> list[Standing]:
    """The allies that have signals, highest level first, those without a level last."""
    stand = [standing(allies[days.ally], days, as_of, window) for days in found]
    return sorted(stand, key=lambda s: (s.trend is None, -(s.trend.level if s.trend else 0), s.ally.name))


def firm(found: Sequence[Standing], question: Question, reads: Reads) -> list[Standing]:
    """The same with how firmly each direction stands; windows of few signals are read together."""
    said = {one.ally.slug: (one, one.trend) for one in found if one.trend and one.trend.direction.is_said}
    heard = {slug: Heard(reads, question.wanted(slug), one.days) for slug, (one, _) in said.items()}
    if small := [slug for slug, (one, of) in said.items() if has_few(of, one.days)]:
        readings = sorted(reads.readings(question.in_window(*small)), key=lambda one: one.ally)
        for slug, group in groupby(readings, key=lambda one: one.ally):
            heard[slug].hold(said[slug][1].window_days, group)
    firms = {slug: firmness(of, heard[slug]) for slug, (_, of) in said.items()}
    return [replace(one, firm=firms.get(one.ally.slug)) for one in found]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What the principal's relationships rest on together."""

    shares: dict[str, float]  # of the positive levels, by slug, largest first; they add up to 1
    by_stake: bool
    on_side: int
    judged: int
    new: tuple[str, ...]

    @property
    def equal_allies(self) -> float | None:
        """As if on so many equal allies: the inverse Herfindahl index of the shares."""
        return 1 / sum(share * share for share in self.shares.values()) if self.shares else None


def portfolio(found: Sequence[Standing], as_of: date) -> Portfolio:
    """Shares of the positive levels, weighted by stakes once any is set (1 for the others)."""
    judged = [(one.ally, one.trend) for one in found if one.trend]
    warmth = {ally.slug: t.level * (ally.stake or 1.0) for ally, t in judged if t.level > 0}
    total = sum(warmth.values())
    largest = sorted(warmth.items(), key=lambda item: -item[1])
    return Portfolio(
        shares={slug: value / total for slug, value in largest},
        by_stake=any(ally.stake for ally, _ in judged),
        on_side=sum(is_likely(t.p_positive) for _, t in judged),
        judged=len(judged),
        new=tuple(one.ally.slug for one in found if (as_of - one.first).days < NEW_DAYS),
    )


def drivers(found: Sequence[Standing]) -> list[tuple[Driver, Ally, float]]:
    """How much of each ally's level each force carries: the forces by their total, in each the largest first."""
    carried = [(driver, one.ally, one.carries(part)) for driver, part in OF_DRIVER.items() for one in found]
    total = {driver: sum(abs(part) for of, _, part in carried if of is driver) for driver in Driver}
    return sorted(
        ((driver, ally, part) for driver, ally, part in carried if part),
        key=lambda item: (-total[item[0]], item[0], -abs(item[2]), item[1].slug),
    )
