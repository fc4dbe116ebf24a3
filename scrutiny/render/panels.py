"""A panel of a figure: band, zero, level and signals of one ally, one over the other."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from scrutiny.core.names import possessive
from scrutiny.render.frames import ON, Frame, Spec, instant
from scrutiny.render.triangles import triangles
from scrutiny.view import Chart, Point, day, level

SMALL = 11  # pixels of letters
DOT = 40  # square pixels of the dot at the line's end
SHEER = 0.6  # of the band, through which the grid is seen

_LEVEL: Spec = {"field": "level", "type": "quantitative"}


def panel(chart: Chart, frame: Frame, principal: str | None, pointed: str | None) -> Spec:
    """One ally's panel. With a principal its sides of 0 are named; `pointed` names what days are pointed at."""
    days = known(chart.points)
    return {
        "width": frame.plot,
        "height": frame.height,
        "data": {"values": list(_rows(days))},
        "layer": [
            _band(chart, frame),
            _zero(frame),
            *(_sides(principal, frame) if principal else ()),
            *(_pointed(days, pointed, frame) if pointed else ()),
            _line(chart, frame),
            *(_now(days[-1], frame) if days else ()),
            triangles(chart, frame),
        ],
    }


class Day(NamedTuple):
    """A point of a path that has a level."""

    on: date
    level: float
    low: float
    high: float

    @property
    def band(self) -> str:
        """-1.6 to +3.9."""
        return f"{level(self.low)} to {level(self.high)}"


def known(points: Iterable[Point]) -> list[Day]:
    """The days that have a level."""
    return [
        Day(on, at, low, high)
        for on, at, low, high in points
        if at is not None and low is not None and high is not None
    ]


def _rows(days: Sequence[Day]) -> Iterator[Spec]:
    for one in days:
        yield {"on": instant(one.on), "level": one.level, "low": one.low, "high": one.high}


def _band(chart: Chart, frame: Frame) -> Spec:
    return {
        "mark": {
            "type": "area",
            "color": frame.palette.band,
            "opacity": SHEER,
            "interpolate": _between(chart, frame),
            "aria": False,
        },
        "encoding": {
            "x": {"field": "on"} | frame.days(),
            "y": {"field": "low"} | frame.levels(),
            "y2": {"field": "high"},
        },
    }


def _zero(frame: Frame) -> Spec:
    return {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": frame.palette.dim, "strokeWidth": 1, "aria": False},
        "encoding": {"x": {"value": 0}, "x2": {"value": "width"}, "y": {"datum": 0, "type": "quantitative"}},
    }


def _sides(principal: str, frame: Frame) -> Iterator[Spec]:
    """The names of the two sides of 0, at the plot's ends, where nothing is drawn."""
    if frame.high > 0:
        yield _words(f"on {possessive(principal)} side", 3, "top", frame)
    if frame.low < 0:
        yield _words(f"against {principal}", frame.height - 5, "bottom", frame)


def _between(chart: Chart, frame: Frame) -> str:
    """How a level goes from a point to the next: by leaps where every day has one, else as straight as it fades."""
    return "step-after" if len(chart.points) > (frame.until - frame.since).days else "linear"


def _words(text: str, y: int, baseline: str, frame: Frame) -> Spec:
    return {
        "data": {"values": [{}]},
        "mark": {
            "type": "text",
            "text": text,
            "align": "left",
            "baseline": baseline,
            "color": frame.palette.dim,
            "fontSize": SMALL,
            "limit": frame.plot,
            "aria": False,
        },
        "encoding": {"x": {"value": 0}, "y": {"value": y}},
    }


def _line(chart: Chart, frame: Frame) -> Spec:
    return {
        "mark": {
            "type": "line",
            "color": frame.palette.line,
            "interpolate": _between(chart, frame),
            "strokeWidth": 2,
            "strokeJoin": "round",
            "strokeCap": "round",
            "aria": False,
        },
        "encoding": {"x": ON, "y": _LEVEL},
    }


def _now(last: Day, frame: Frame) -> Iterator[Spec]:
    """A dot at the line's end, and the level beside it."""
    here = {"data": {"values": list(_rows([last]))}, "encoding": {"x": ON, "y": _LEVEL}}
    yield here | {
        "mark": {
            "type": "point",
            "filled": True,
            "color": frame.palette.line,
            "size": DOT,
            "opacity": 1,
            "aria": False,
        }
    }
    if frame.alone:
        yield here | {
            "mark": {
                "type": "text",
                "text": level(last.level),
                "align": "left",
                "baseline": "middle",
                "dx": 9,
                "color": frame.palette.ink,
                "fontSize": SMALL + 2,
                "fontWeight": 600,
                "aria": False,
            }
        }


def _pointed(days: Sequence[Day], pointed: str, frame: Frame) -> Iterator[Spec]:
    """What answers who points at a day: a stripe that nobody sees, then a rule and a dot at the day's level."""
    colours = frame.palette
    here = {"transform": [{"filter": {"param": pointed, "empty": False}}]}
    over = {"type": "point", "fields": ["on"], "on": "pointerover", "clear": "pointerout"}
    yield {
        "data": {"values": list(_stripes(days))},
        "params": [{"name": pointed, "select": over}],
        "mark": {"type": "rect", "opacity": 0, "aria": False},
        "encoding": {
            "x": {"field": "since", "type": "temporal"},
            "x2": {"field": "until"},
            "y": {"value": 0},
            "y2": {"value": frame.height},
            "tooltip": {"value": {"expr": "datum.tip"}},
        },
    }
    yield here | {
        "mark": {"type": "rule", "color": colours.dim, "strokeDash": [2, 2], "aria": False},
        "encoding": {"x": ON, "y": {"value": 0}, "y2": {"value": frame.height}},
    }
    yield here | {
        "mark": {"type": "point", "filled": True, "color": colours.line, "size": DOT, "opacity": 1, "aria": False},
        "encoding": {"x": ON, "y": _LEVEL},
    }


def _stripes(days: Sequence[Day]) -> Iterator[Spec]:
    """From half-way after the day before to half-way before the day after."""
    at = [instant(one.on) for one in days]
    edges = [*at[:1], *((before + after) // 2 for before, after in pairwise(at)), *at[-1:]]
    for one, (since, until) in zip(days, pairwise(edges), strict=True):
        tip = {"title": day(one.on), "level": level(one.level), "band": one.band}
        yield {"on": instant(one.on), "since": since, "until": until, "tip": tip}
