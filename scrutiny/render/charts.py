"""Charts as text: a panel an ally, all on one scale of days and levels."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from scrutiny.render.calendar import Tick, ticks
from scrutiny.view import ARROWS, EDGE, HOLLOW, LINE, SCALE, Chart, Mark, level

WIDTH = 100  # columns where no terminal says how many
FRAME = 2  # rows of the axis of days and its labels
ROWS_ALONE, ROWS_EACH = 18, 11  # at most, of one panel alone and of each of several
PITCHES = (  # levels from a row to the next and rows from a tick to the next: whole levels, 0 on a row
    (1 / 4, 4),
    (1 / 3, 3),
    (1 / 2, 2),
    (2 / 3, 3),
    (1, 2),
    (4 / 3, 3),
    (2, 2),
)
LABELS = {Tick.DAY: 10, Tick.MONTH: 7, Tick.YEAR: 4}  # signs of 2026-05-20, 2026-05, 2026
GAP = 3  # blanks between the labels of ticks

_Cell = tuple[int, int, str]  # column, row, sign


def drawings(charts: Sequence[Chart], width: int | None = None) -> list[str]:
    """The panel of each chart, as wide as the screen; no line ends in blanks."""
    if not charts:
        return []
    scale = _Scale.of(charts, width or WIDTH)
    return [_drawn(chart, scale) for chart in charts]


def caption(chart: Chart) -> str:
    """What stands over a panel beside the ally's name: the level now, and its band."""
    now = chart.points[-1]
    if now.level is None or now.low is None or now.high is None:
        return "no level: no signal weighs anything by its grade"
    return f"level {level(now.level)}, band {level(now.low)}..{level(now.high)}"


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days as columns, levels as rows counted from 0; the same for all panels."""

    since: int
    span: int
    columns: int
    low: int
    high: int
    pitch: float
    ticks: tuple[int, ...]

    @classmethod
    def of(cls, charts: Sequence[Chart], width: int) -> "_Scale":
        """The scale that shows all of them, its rows as fine as there is room for."""
        since, until = (charts[0].points[end].on.toordinal() for end in (0, -1))
        levels = [0.0, *(value for chart in charts for value in _levels(chart))]
        ends = min(levels), max(levels)
        pitch, apart = _pitch(*ends, ROWS_ALONE if len(charts) == 1 else ROWS_EACH)
        low, high = (round(end / pitch) for end in ends)
        ticks = tuple(row for row in range(low, high + 1) if row % apart == 0)
        labels = max(len(_signed(row * pitch)) for row in ticks)
        return cls(since, until - since, max(2, width - labels - 1), low, max(high, low + 1), pitch, ticks)

    def row(self, value: float) -> int:
        """The row of a level."""
        return round(value / self.pitch)

    def column(self, on: int) -> int:
        """The first column whose day is not before a day."""
        return -((self.since - on) * (self.columns - 1) // max(1, self.span))

    def day(self, column: int) -> int:
        """The day of a column."""
        return self.since + self.span * column // (self.columns - 1)


def _pitch(lowest: float, highest: float, most: int) -> tuple[float, int]:
    """The finest pitch with which levels take no more rows and stay on the scale, and its rows between ticks."""

    def fits(pitch: float) -> bool:
        low, high = round(lowest / pitch), round(highest / pitch)
        return high - low < most and max(high, -low) * pitch <= SCALE

    return next((pitch, apart) for pitch, apart in PITCHES if fits(pitch))  # the coarsest always does: 11 rows


def _levels(chart: Chart) -> Iterator[float]:
    for point in chart.points:
        yield from (value for value in point[1:] if value is not None)
    yield from (mark.score for mark in chart.marks)


def _drawn(chart: Chart, scale: _Scale) -> str:
    """A panel: its axes, and a sign a cell, of which the last one laid on a cell is seen."""
    import plotext  # 40 ms

    seen = {(column, row): sign for column, row, sign in _cells(chart, scale)}  # plotext would pick one at random
    dates = _dates(scale)
    labels = [_signed(row * scale.pitch) for row in scale.ticks]
    plotext.clear_figure()  # all who draw with it share one figure
    plotext.limit_size(False, False)
    plotext.plot_size(scale.columns + max(map(len, labels)) + 1, scale.high - scale.low + 1 + FRAME)
    plotext.xaxes(True, False)
    plotext.yaxes(True, False)
    plotext.xlim(0, scale.columns - 1)
    plotext.ylim(scale.low, scale.high)
    plotext.xticks([column for column, _ in dates], [label for _, label in dates])
    plotext.yticks(scale.ticks, labels)
    plotext.hline(0)
    plotext.scatter([column for column, _ in seen], [row for _, row in seen], marker=list(seen.values()))
    drawn = plotext.uncolorize(plotext.build())
    plotext.clear_figure()
    return "\n".join(line.rstrip() for line in drawn.rstrip().split("\n"))


def _cells(chart: Chart, scale: _Scale) -> Iterator[_Cell]:
    """The signs of a panel: the band's edges, the level over them, the signals over both."""
    ordinals = [point.on.toordinal() for point in chart.points]
    held = [chart.points[bisect_right(ordinals, scale.day(column)) - 1] for column in range(scale.columns)]
    for column, point in enumerate(held):
        yield from ((column, scale.row(end), EDGE) for end in (point.low, point.high) if end is not None)
    yield from _line([None if point.level is None else scale.row(point.level) for point in held])
    yield from (_mark(mark, scale) for mark in sorted(chart.marks, key=lambda mark: bool(mark.weight)))


def _line(rows: Sequence[int | None]) -> Iterator[_Cell]:
    """A line that steps from row to row, from where it begins."""
    before = None
    for column, row in enumerate(rows):
        if row is None:
            continue
        if before is None or before == row:
            yield column, row, LINE
        else:
            leaves, comes = "┛┏" if before < row else "┓┗"
            yield from ((column, between, "┃") for between in range(min(before, row) + 1, max(before, row)))
            yield from ((column, before, leaves), (column, row, comes))
        before = row


def _mark(mark: Mark, scale: _Scale) -> _Cell:
    side = 1 if mark.score > 0 else -1
    return scale.column(mark.on.toordinal()), scale.row(mark.score), (ARROWS if mark.weight else HOLLOW)[side]


def _signed(value: float) -> str:
    whole = round(value)
    return f"{whole:+}" if whole else "0"


def _dates(scale: _Scale) -> list[tuple[int, str]]:
    """The columns of the days' ticks and their labels, none beyond the panel; its ends where fewer than two fit."""
    found = []
    for on, label in _calendar(scale):
        column, half = scale.column(on.toordinal()), len(label) // 2
        if half <= column < scale.columns - half:
            found.append((column, label))
    ends = ((0, scale.since), (scale.columns - 1, scale.since + scale.span))
    return found if len(found) > 1 else [(column, f"{date.fromordinal(on)}") for column, on in ends]


def _calendar(scale: _Scale) -> Iterator[tuple[date, str]]:
    """Days, months or years, in the smallest steps whose labels fit side by side."""

    def fits(days: int, tick: Tick) -> bool:
        return days * (scale.columns - 1) >= (LABELS[tick] + GAP) * scale.span

    tick, days = ticks(date.fromordinal(scale.since), date.fromordinal(scale.since + scale.span), fits)
    yield from ((on, f"{on}"[: LABELS[tick]]) for on in days)
