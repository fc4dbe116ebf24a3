"""The parts of an ally's signals that reports tell apart, and what is added up of them."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from scrutiny.core.acts import Kind
from scrutiny.core.signals import Domain, Driver, Signal


class Sum(StrEnum):
    """What is added up of a day's signals: whole numbers, so that sums come out the same on every engine."""

    SIGNALS = "signals"  # how many
    WEIGHT = "weight"  # in sixteenths
    WEIGHTED = "weighted"  # weight times score, in sixteenths of hundredths
    POSITIVE = "positive"  # what the scores above 0 have of that


@dataclass(frozen=True, slots=True)
class Part:
    """The signals of any of some kinds, domains or drivers; all signals where none is named."""

    kinds: tuple[Kind, ...] = ()
    domains: tuple[Domain, ...] = ()
    drivers: tuple[Driver, ...] = ()

    def holds(self, signal: Signal) -> bool:
        """Whether a signal is one of them."""
        is_named = signal.kind in self.kinds or signal.domain in self.domains or signal.driver in self.drivers
        return is_named or self == ALL


Asked = tuple[Part, Sum]  # one column

ALL = Part()
OF_KIND = {kind: Part(kinds=(kind,)) for kind in Kind}
OF_DRIVER = {driver: Part(drivers=(driver,)) for driver in Driver}
ECONOMIC = Part(domains=(Domain.ECONOMIC, Domain.ENERGY, Domain.TECHNOLOGY))
DOMESTIC = Part(domains=(Domain.DOMESTIC,), drivers=(Driver.HOME_POLITICS,))

DAILY: tuple[Asked, ...] = ((ALL, Sum.SIGNALS), (ALL, Sum.WEIGHT), (ALL, Sum.WEIGHTED))  # what all days have
COUNTS: tuple[Asked, ...] = tuple((part, Sum.SIGNALS) for part in OF_KIND.values())
FORCES: tuple[Asked, ...] = tuple((part, Sum.WEIGHTED) for part in OF_DRIVER.values())
SIDES: tuple[Asked, ...] = ((ALL, Sum.POSITIVE),)
PARTS: tuple[Asked, ...] = tuple(  # the questions that a dossier answers
    product((*OF_KIND.values(), ECONOMIC, DOMESTIC), (Sum.SIGNALS, Sum.WEIGHT, Sum.WEIGHTED))
)
