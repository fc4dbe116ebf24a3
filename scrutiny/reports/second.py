"""What a dossier says of a second opinion: where the feeds' events are judged otherwise than the desk's signals."""

from typing import Any

from scrutiny.core.names import counted
from scrutiny.core.opinion import Opinion, otherwise
from scrutiny.core.standing import Standing
from scrutiny.core.trend import Trend
from scrutiny.reports.judged import SIGNS
from scrutiny.view import ARROWS, Line, level

PARTS = ("events", "level", "direction", "likelihood", "differs")


def lines(feeds: Opinion | None, desk: Standing) -> list[Line]:
    """The feeds' level and direction beside the desk's; no line where they see the same."""
    if feeds is None or not feeds.differs or feeds.trend is None or desk.trend is None:
        return []
    t, other = feeds.trend, desk.trend
    apart = f", {_direction(t)} where the desk sees {_direction(other)}" if otherwise(t, other) else ""
    more = f"{counted(feeds.events, 'event')}: summary {desk.ally.slug} --origin feeds"
    return [Line("Feeds", f"{level(t.level)} (desk {level(other.level)}){apart} · {more}")]


def facts(feeds: Opinion | None) -> dict[str, Any] | None:
    """The same for machines, also where they see the same; None where there are no feed events."""
    if feeds is None:
        return None
    t = feeds.trend
    said = (t.level, t.direction, t.likelihood) if t else (None, None, None)
    return dict(zip(PARTS, (feeds.events, *said, feeds.differs), strict=True))


def _direction(t: Trend) -> str:
    return f"{ARROWS[SIGNS[t.direction]]} {t.direction}" if t.direction.is_said else str(t.direction)
