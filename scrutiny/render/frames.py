"""What the panels of a figure share: their colours, their scale of days and levels, their room."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from scrutiny.render.calendar import Tick, ticks
from scrutiny.view import SCALE, Chart

WIDTH = 700  # pixels of a picture, as all that follows
HEIGHT, HEIGHT_EACH = 280, 132  # of the plot of one panel alone, and of each of several
SIDE_BY_SIDE = 560  # a picture as wide as this has two panels a row
LABELS = 30  # left of a plot, for the labels of levels
AFTER, AFTER_EACH = 40, 8  # right of it, for the level now, or half a triangle
GAP = 24  # between panels
ROOM, ROOM_EACH = 24, 8  # above and below all that is drawn in a plot, for words or half a triangle

STEPS = (1, 2, 5)  # levels from a label to the next
APART, APART_EACH = 22, 18  # pixels from a label to the next, at least
TICKS = {Tick.DAY: ("%-d %b %Y", 70), Tick.MONTH: ("%b %Y", 54), Tick.YEAR: ("%Y", 28)}  # labels and their pixels
BLANK = 12  # pixels between labels of days, at least

Spec = dict[str, Any]

ON: Spec = {"field": "on", "type": "temporal"}  # the day of whatever is drawn


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a chart. Up and down differ to the colour-blind too; ink and dim are read easily on paper."""

    ink: str
    dim: str
    grid: str
    line: str
    band: str
    up: str
    down: str
    paper: str


PRINT = Palette("#1d2733", "#5a6673", "#e4e8ec", "#2f3e4e", "#c9d8e3", "#00708c", "#b8430a", "#ffffff")
PAGE = Palette(*(f"var(--{field.name})" for field in fields(Palette)))  # page.css gives them their values


@dataclass(frozen=True, slots=True)
class Frame:
    """The scale of days and levels, the room that a panel has, and how it looks."""

    palette: Palette
    since: date
    until: date
    low: float
    high: float
    width: int
    columns: int
    alone: bool

    @classmethod
    def of(cls, charts: Sequence[Chart], palette: Palette, width: int) -> "Frame":
        """The scale that shows all of them, with 0 among its levels."""
        levels = [0.0, *(value for chart in charts for value in _levels(chart))]
        low, high = min(levels), max(levels)
        if high - low < 2:  # whole levels are labelled, and one label alone makes no scale
            low, high = (low, low + 2) if high >= -low else (high - 2, high)
        since, until = min(chart.points[0].on for chart in charts), max(chart.points[-1].on for chart in charts)
        alone = len(charts) == 1
        return cls(palette, since, until, low, high, width, 1 if alone or width < SIDE_BY_SIDE else 2, alone)

    @property
    def plot(self) -> int:
        """The width of a plot."""
        each = (self.width - GAP * (self.columns - 1)) // self.columns
        return each - LABELS - self.after

    @property
    def height(self) -> int:
        """The height of a plot."""
        return HEIGHT if self.alone else HEIGHT_EACH

    @property
    def after(self) -> int:
        """The room to the right of a plot."""
        return AFTER if self.alone else AFTER_EACH

    @property
    def room(self) -> int:
        """The room within a plot above and below all that is drawn."""
        return ROOM if self.alone else ROOM_EACH

    def rooms(self) -> Spec:
        """What a page must know to fit the figure into another width."""
        return {"before": LABELS, "after": self.after, "gap": GAP, "sideBySide": SIDE_BY_SIDE}

    @property
    def pixels(self) -> float:
        """The height of a level."""
        return (self.height - 2 * self.room) / (self.high - self.low)

    def days(self) -> Spec:
        """The axis of days, in UTC: the same in every time zone."""
        span = max(1, (self.until - self.since).days)

        def fits(days: int, tick: Tick) -> bool:
            return days * self.plot >= (TICKS[tick][1] + BLANK) * span

        tick, days = ticks(self.since, self.until, fits)
        label, pixels = TICKS[tick]
        days = [on for on in days if (self.until - on).days * self.plot / span + self.after >= pixels / 2]
        if at_ends := len(days) < 2:
            label, days = TICKS[Tick.DAY][0], [self.since, self.until]
        return {
            "type": "temporal",
            "title": None,
            "scale": {"type": "utc", "domain": _instants(self.since, self.until), "nice": False},
            "axis": {
                "values": _instants(*days),
                "labelExpr": f"utcFormat(datum.value, '{label}')",
                "labelBound": LABELS,
                "labelFlush": at_ends,
                "labelOverlap": "parity",
                "labelSeparation": BLANK / 2,
                "grid": False,
                "aria": False,
            },
        }

    def levels(self) -> Spec:
        """The axis of levels, whole ones labelled."""
        apart = APART if self.alone else APART_EACH
        step = next((step for step in STEPS if step * self.pixels >= apart), STEPS[-1])
        labelled = [at for at in range(-SCALE, SCALE + 1) if at % step == 0 and self.low <= at <= self.high]
        margin = self.room / self.pixels
        return {
            "type": "quantitative",
            "title": None,
            "scale": {"domain": [self.low - margin, self.high + margin], "nice": False, "zero": False},
            "axis": {
                "values": labelled,
                "labelExpr": "datum.value > 0 ? '+' + datum.value : '' + datum.value",
                "tickCount": len(labelled),  # else Vega leaves out every other one
                "minExtent": LABELS,
                "maxExtent": LABELS,
                "domain": False,
                "ticks": False,
                "aria": False,
            },
        }


def instant(on: date) -> int:
    """The milliseconds by which JavaScript knows the beginning of a day, in UTC."""
    return int(datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp()) * 1000


def _instants(*days: date) -> Spec:
    """Days as numbers: a list of them would be compiled to calls that Vega's interpreter reads as years."""
    return {"expr": str([instant(on) for on in days])}


def _levels(chart: Chart) -> Iterator[float]:
    for point in chart.points:
        yield from (value for value in point[1:] if isinstance(value, float))
    yield from (mark.score for mark in chart.marks)
