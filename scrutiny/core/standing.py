"""Where one ally stands: its trend, what its signals come to, and what carries the level."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from scrutiny.core.acts import Kind
from scrutiny.core.allies import Ally
from scrutiny.core.confidence import Firmness, firmness
from scrutiny.core.likelihood import is_likely
from scrutiny.core.shares import DayShare, signal_days
from scrutiny.core.signals import Driver, Signal
from scrutiny.core.trend import Trend, trend

NEW_DAYS = 365  # an ally is new to the ledger in the year after its first signal


@dataclass(frozen=True, slots=True)
class Part:
    """What a group of signals comes to: how many, their mean score by weight, and their part of the level."""

    signals: int
    mean: float | None
    carries: float


@dataclass(frozen=True, slots=True)
class Standing:
    """An ally with the shares of its signal days up to a day; trend is None where no signal weighs anything."""

    ally: Ally
    shares: tuple[DayShare, ...]
    trend: Trend | None
    gains: dict[date, float]  # the level's rise for each sixteenth of weight times score, by signal day
    firm: Firmness | None = None  # of a direction that is said, once its window's signals were asked

    @property
    def signals(self) -> int:
        """How many signals, whatever they weigh."""
        return sum(share.signals for share in self.shares)

    @property
    def first(self) -> date:
        """The day of the first signal."""
        return min(share.on for share in self.shares)

    @property
    def last(self) -> date:
        """The day of the last signal, whatever it weighs."""
        return max(share.on for share in self.shares)

    def by_kind(self) -> dict[Kind, int]:
        """How many signals of each kind."""
        return {kind: sum(s.signals for s in self.shares if s.kind is kind) for kind in Kind}

    def part(self, shares: Iterable[DayShare]) -> Part:
        """What some of the shares come to together."""
        some = list(shares)
        weight = sum(share.weight for share in some)
        mean = sum(share.weighted for share in some) / weight / 100 if weight else None
        return Part(sum(share.signals for share in some), mean, math.fsum(map(self.carries, some)))

    def carries(self, share: DayShare) -> float:
        """A share's part of the level; all parts add up to it."""
        return self.gains.get(share.on, 0.0) * share.weighted / 100

    def signal_carries(self, signal: Signal) -> float:
        """One signal's part of the level."""
        return self.gains.get(signal.happened_on, 0.0) * signal.sixteenths * signal.score

    def most_telling(self, signals: Iterable[Signal]) -> Signal | None:
        """The signal with the largest part of the level, the later of equals; None where none has a part."""
        telling = [signal for signal in signals if self.signal_carries(signal)]
        return max(telling, key=lambda s: (abs(self.signal_carries(s)), s.happened_on, s.uid), default=None)


def standing(ally: Ally, shares: tuple[DayShare, ...], as_of: date, window: int) -> Standing:
    """Where an ally stands on a day, by the shares up to it."""
    days = signal_days(shares)
    judged = trend(days, as_of, window)
    gains = {day.on: judged.gains[day.on] / day.weight / 16 for day in days} if judged else {}
    return Standing(ally, shares, judged, gains)


def standings(shares: Sequence[DayShare], allies: Mapping[str, Ally], as_of: date, window: int) -> list[Standing]:
    """The allies that have signals, highest level first, those without a level last; shares come by ally."""
    found = []
    for slug, group in groupby(shares, key=lambda share: share.ally):
        found.append(standing(allies[slug], tuple(group), as_of, window))
    return sorted(found, key=lambda s: (s.trend is None, -(s.trend.level if s.trend else 0), s.ally.name))


def moving(found: Iterable[Standing]) -> list[str]:
    """The allies of which a direction is said, by slug."""
    return [one.ally.slug for one in found if one.trend and one.trend.direction.is_said]


def firm(found: Iterable[Standing], window: Iterable[Signal]) -> list[Standing]:
    """The same with how firmly each direction stands on its window's signals."""
    signals: dict[str, list[Signal]] = {}
    for one in window:
        signals.setdefault(one.ally, []).append(one)
    return [
        replace(one, firm=firmness(one.trend, signals.get(one.ally.slug, ()))) if one.trend else one for one in found
    ]


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
    carried = [
        (driver, one.ally, one.part(s for s in one.shares if s.driver is driver).carries)
        for driver in Driver
        for one in found
    ]
    total = {driver: sum(abs(part) for of, _, part in carried if of is driver) for driver in Driver}
    return sorted(
        ((driver, ally, part) for driver, ally, part in carried if part),
        key=lambda item: (-total[item[0]], item[0], -abs(item[2]), item[1].slug),
    )
