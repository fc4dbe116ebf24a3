"""A second opinion: what an ally's feed events say by the same model, and whether the desk sees it otherwise."""

from dataclasses import dataclass

from scrutiny.core.likelihood import is_likely
from scrutiny.core.standing import Standing
from scrutiny.core.trend import Trend


@dataclass(frozen=True, slots=True)
class Opinion:
    """How many feed events there are and their trend, None where none weighs anything, beside the desk's."""

    events: int
    trend: Trend | None
    differs: bool


def opinion(feeds: Standing, desk: Trend | None) -> Opinion:
    """What the feeds say; without a trend on either side there is nothing to differ in."""
    differs = feeds.trend is not None and desk is not None and _differ(feeds.trend, desk)
    return Opinion(feeds.signals, feeds.trend, differs)


def otherwise(one: Trend, other: Trend) -> bool:
    """Whether a direction is said on either side, and not the same on both."""
    return one.direction is not other.direction and (one.direction.is_said or other.direction.is_said)


def _differ(one: Trend, other: Trend) -> bool:
    apart = one.high < other.low or other.high < one.low
    return apart or otherwise(one, other) or _side(one) * _side(other) < 0


def _side(t: Trend) -> int:
    """+1 or -1 where the level is likely above or below 0, else 0."""
    return is_likely(t.p_positive) - is_likely(1 - t.p_positive)
