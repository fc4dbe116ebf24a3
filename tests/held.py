"""Signals in memory that answer as a ledger does, and what a report hears of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from scrutiny.core.filters import Filter
from scrutiny.core.heard import Heard
from scrutiny.core.shares import Reading
from scrutiny.core.signals import Signal
from tests.test_standing import by_day


@dataclass
class Held:
    """Signals, and which days of them were read."""

    held: Sequence[Signal]
    read: Counter[date] = field(default_factory=Counter)

    def signals(self, wanted: Filter) -> list[Signal]:
        meant = [one for one in self.held if means(wanted, one)]
        self.read.update({one.happened_on for one in meant})
        return sorted(meant, key=lambda one: (one.happened_on, one.id or 0), reverse=True)

    def readings(self, wanted: Filter) -> list[Reading]:
        said = Counter(Reading.of(one) for one in self.held if means(wanted, one))
        self.read.update({one.on for one in said})
        return [replace(one, signals=count) for one, count in said.items()]


def means(wanted: Filter, one: Signal) -> bool:
    """Whether a filter by ally and day means a signal."""
    return (
        one.ally in (wanted.allies or (one.ally,))
        and one.happened_on in (wanted.days or (one.happened_on,))
        and (wanted.since or date.min) <= one.happened_on <= (wanted.until or date.max)
        and (wanted.after is None or one.happened_on > wanted.after)
    )


def heard(signals: Sequence[Signal]) -> Heard:
    """What a report hears of one ally's signals."""
    return Heard(Held(signals), Filter(), by_day(signals))
