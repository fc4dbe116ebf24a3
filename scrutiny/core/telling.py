"""Which signals tell most: those that carry the largest parts of an ally's level."""

from collections.abc import Sequence
from datetime import date

from scrutiny.core.descent import largest
from scrutiny.core.heard import Heard
from scrutiny.core.parts import ALL, Part, Sum
from scrutiny.core.signals import HIGHEST, Signal
from scrutiny.core.standing import Standing

_MOST = round(16 * HIGHEST * 100)  # of weight times score, in sixteenths of hundredths


def most_telling(one: Standing, heard: Heard, part: Part) -> Signal | None:
    """The signal of a part with the largest part of the level, the later of equals; None where none has a part."""
    found = [signal for signal in _telling(one, heard, part, 1) if one.signal_carries(signal)]
    return max(found, key=lambda s: (abs(one.signal_carries(s)), s.happened_on, s.uid), default=None)


def telling(one: Standing, heard: Heard, most: int) -> list[Signal]:
    """The signals that weigh anything and carry most, largest first."""
    found = _telling(one, heard, ALL, most)
    return sorted(found, key=lambda s: (-abs(one.signal_carries(s)), s.uid))[:most]


def _telling(one: Standing, heard: Heard, part: Part, most: int) -> list[Signal]:
    """The signals of a part that weigh anything and carry most, and those that carry as much as the last of them."""

    def read(days: Sequence[int]) -> list[Signal]:
        of_days = heard.on(map(date.fromordinal, days))
        return [signal for signal in of_days if signal.sixteenths and part.holds(signal)]

    return largest(_bounds(one, part), read, lambda signal: abs(one.signal_carries(signal)), most)


def _bounds(one: Standing, part: Part) -> dict[int, float]:
    """What any signal of a part carries at most, for each day on which the part weighs anything."""
    sums = (one.days.of(part, what) for what in (Sum.SIGNALS, Sum.WEIGHT, Sum.WEIGHTED))
    return {
        on: abs(gain) * (abs(weighted) if signals == 1 else min(_MOST, 1000 * weight)) / 100
        for on, gain, signals, weight, weighted in zip(one.days.on, one.gains, *sums, strict=True)
        if weight
    }
