"""What of a filter's steps depends on no score, and so is found once for all filters."""

import math
from bisect import bisect_left
from collections import defaultdict
from functools import cache

from scrutiny.core.student import log_peak


class Fading(dict[float, tuple[float, float, float]]):
    """By how many days pass: what they leave of a mood, the square of that, and the variance that they add."""

    def __init__(self, variance: float, tau: float) -> None:
        self.variance, self.tau = variance, tau

    def __missing__(self, days: float) -> tuple[float, float, float]:
        fade = math.exp(-days / self.tau)
        self[days] = found = fade, fade * fade, self.variance * (1 - fade * fade)
        return found


fading = cache(Fading)

Foretelling = tuple[float, float, float, float, float]
_TABLES: defaultdict[tuple[float, float, float], list[Foretelling]] = defaultdict(list)


def foretelling(freedom: float, count: int, prior: float, forget: float, tails: float) -> list[Foretelling]:
    """How so many signal days are foretold from a freedom of s2 on, which depends on their number alone.

    Each has the freedom of s2 before the day and after it; the degrees of freedom of its y, the power of its density,
    and the log peak of that for a scale of 1.
    """
    table = _TABLES[prior, forget, tails]
    first = bisect_left(table, (freedom,))
    while len(table) < first + count:
        before = table[-1][1] if table else prior
        of_y = 1 / (1 / before + 1 / tails)
        table.append((before, prior + forget * (before - prior) + 1, of_y, (of_y + 1) / 2, log_peak(of_y)))
    return table[first : first + count]
