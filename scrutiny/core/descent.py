"""The largest of many things of which no more is read than it takes to know them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import nlargest
from typing import TypeVar

Thing = TypeVar("Thing")

FIRST = 4  # days that are read at first; then twice as many each time
CLOSE = 1e-9  # what a bound may be off, of itself


def largest(
    bounds: Mapping[int, float],
    read: Callable[[Sequence[int]], Iterable[Thing]],
    size: Callable[[Thing], float],
    most: int,
) -> list[Thing]:
    """The largest things of some days, given as ordinals, and those as large as the last of them, in no order.

    No thing of a day is larger than the day's bound: days are read from the highest bound on, until none that is left
    can have one of the largest.
    """
    days = sorted(bounds, key=lambda on: (-bounds[on], on)) if most else []
    found: list[tuple[float, Thing]] = []
    at, count, least = 0, FIRST, 0.0
    while at < len(days) and bounds[days[at]] * (1 + CLOSE) >= least:
        found += [(size(one), one) for one in read(days[at : at + count])]
        if len(found) >= most:
            least = nlargest(most, (of for of, _ in found))[-1]
            found = [(of, one) for of, one in found if of >= least]
        at, count = at + count, 2 * count
    return [one for _, one in found]
