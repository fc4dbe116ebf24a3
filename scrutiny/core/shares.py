"""What one day's signals come to, as the trend reads them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from scrutiny.core.acts import Kind
from scrutiny.core.signals import Actor, Domain, Driver, Signal
from scrutiny.core.temperament import SignalDay


@dataclass(frozen=True, slots=True)
class DayShare:
    """What the signals of one ally on one day that are alike in actor, kind, domain and driver come to.

    weight is in sixteenths; weighted is the sum of weight times score in sixteenths of hundredths, positive what the
    scores above 0 have of it: whole numbers, so that sums come out the same on every engine.
    """

    ally: str
    on: date
    actor: Actor
    kind: Kind
    domain: Domain | None
    driver: Driver | None
    signals: int
    weight: int
    weighted: int
    positive: int


def signal_days(shares: Iterable[DayShare]) -> list[SignalDay]:
    """The days on which anything weighs, in order, each with its weight W and its weighted mean score y."""
    sums: dict[date, tuple[int, int]] = {}
    for share in shares:
        weight, weighted = sums.get(share.on, (0, 0))
        sums[share.on] = weight + share.weight, weighted + share.weighted
    return [
        SignalDay(on, weight / 16, weighted / weight / 100)
        for on, (weight, weighted) in sorted(sums.items())
        if weight
    ]


def day_of(signals: Sequence[Signal]) -> SignalDay | None:
    """The signal day that signals of one day make; None where none weighs anything."""
    weight = sum(one.sixteenths for one in signals)
    weighted = sum(one.sixteenths * round(one.score * 100) for one in signals)
    return SignalDay(signals[0].happened_on, weight / 16, weighted / weight / 100) if weight else None
