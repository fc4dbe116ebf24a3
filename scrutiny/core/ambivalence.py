"""Whether an ally plays both sides: Griffin's index of ambivalence (Thompson, Zanna & Griffin 1995)."""

from dataclasses import dataclass
from datetime import date

from scrutiny.core.parts import ALL, Sum
from scrutiny.core.shares import Days

YEAR = 365  # days that are looked at
CLOSE = 1e-9  # what a sum of floats may be off


@dataclass(frozen=True, slots=True)
class Ambivalence:
    """What the signals of the last year say for the principal and against it, each 0 to 10, by weight."""

    positive: float
    negative: float

    @property
    def index(self) -> float:
        """(P + N) / 2 - |P - N|: 10 where both are at their most, below 0 where one outweighs the other thrice."""
        return (self.positive + self.negative) / 2 - abs(self.positive - self.negative)

    @property
    def plays_both_sides(self) -> bool:
        """Whether the index is above 0: neither side is three times the other."""
        return self.index > CLOSE


def ambivalence(days: Days, as_of: date) -> Ambivalence | None:
    """How far the year up to a day pulls both ways; None where nothing in it weighs anything."""
    year = days.span(as_of.toordinal() - YEAR + 1, as_of.toordinal())
    weight = sum(days.weight[year])
    if not weight:
        return None
    positive = sum(days.of(ALL, Sum.POSITIVE)[year])
    negative = positive - sum(days.weighted[year])
    return Ambivalence(positive / weight / 100, negative / weight / 100)
