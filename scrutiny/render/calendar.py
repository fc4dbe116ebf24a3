"""The days at which a scale of time has its ticks."""

from collections.abc import Callable
from datetime import date
from enum import Enum

DAYS = (1, 2, 7, 14)  # from a tick to the next
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000)  # the same where days are too many


class Tick(Enum):
    """What a tick is labelled with."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


def ticks(first: date, last: date, fits: Callable[[int, Tick], bool]) -> tuple[Tick, list[date]]:
    """Days, first days of months or first days of years, in the smallest steps that fit; none where no step does.

    `fits` is asked for a number of days from a tick to the next, and how ticks are then labelled.
    """
    if step := next((step for step in DAYS if fits(step, Tick.DAY)), None):
        at = range(first.toordinal(), last.toordinal() + 1)
        return Tick.DAY, [date.fromordinal(day) for day in at if day % step == 1 % step]  # a Monday where it is weeks
    step = next((step for step in MONTHS if fits(step * 30, _label(step))), None)
    if step is None:
        return Tick.YEAR, []
    months = range(_months(first) + (first.day > 1), _months(last) + 1)
    return _label(step), [date(month // 12, month % 12 + 1, 1) for month in months if month % step == 0]


def _label(months: int) -> Tick:
    return Tick.MONTH if months % 12 else Tick.YEAR


def _months(on: date) -> int:
    return on.year * 12 + on.month - 1
