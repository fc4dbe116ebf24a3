"""What one day's signals come to, as the trend reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scrutiny.core.acts import Kind
from scrutiny.core.signals import Actor, Domain, Driver
from scrutiny.core.temperament import SignalDay


@dataclass(frozen=True, slots=True)
class DayShare:
    """What the signals of one ally on one day that are alike in actor, kind, domain and driver come to.

    weight is in sixteenths, weighted is the sum of weight times score in sixteenths of hundredths: both are
    whole numbers, so that sums come out the same on every engine.
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
