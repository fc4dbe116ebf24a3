"""The signals of a figure: a triangle each, and what is read of it where it is pointed at."""

from scrutiny.core.text import inert, shortened
from scrutiny.render.frames import ON, Frame, Spec, instant
from scrutiny.render.weightiest import weightiest
from scrutiny.view import Chart, Mark, day, score

MOST, MOST_EACH = 400, 120  # signals that are drawn of one panel alone, and of each of several
LONGEST_SAID, LONGEST_SOURCE = 300, 200  # characters of what is read
SMALLEST, LARGEST = 40, 150  # square pixels of a triangle that weighs nothing, and of one that weighs 1


def triangles(chart: Chart, frame: Frame) -> Spec:
    """A triangle a signal: up or down by its side, as large as it weighs, hollow where it weighs nothing."""
    colours = frame.palette
    drawn = weightiest(chart.marks, frame.since, frame.until, MOST if frame.alone else MOST_EACH)
    side = {"test": "datum.score > 0"}
    return {
        "data": {"values": [_signal(mark) for mark in sorted(drawn, key=lambda mark: bool(mark.weight))]},
        "mark": {"type": "point", "opacity": 1, "strokeWidth": 1, "strokeJoin": "round"},
        "encoding": {
            "x": ON,
            "y": {"field": "score", "type": "quantitative"},
            "shape": {"condition": side | {"value": "triangle-up"}, "value": "triangle-down"},
            "size": {"field": "size", "type": "quantitative", "scale": None},
            "fill": {
                "condition": [
                    {"test": "!datum.weight", "value": colours.paper},
                    side | {"value": colours.up},
                ],
                "value": colours.down,
            },
            "stroke": {
                "condition": [
                    {"test": "datum.weight > 0", "value": colours.paper},
                    side | {"value": colours.up},
                ],
                "value": colours.down,
            },
            "description": {"field": "said", "type": "nominal"},
            "tooltip": {"value": {"expr": "datum.tip"}},
        },
    }


def plain(text: str) -> str:
    """Text that neither a page nor XML minds."""
    return inert(text).translate({0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"})


def _signal(mark: Mark) -> Spec:
    """A signal as a row: where it lies, how it looks, and what is read of it."""
    what = f"{plain(mark.act)} {score(mark.score)}".strip()
    which = ", ".join([*([f"#{mark.number}"] if mark.number else []), mark.grade or "no grade"])
    tip = {"title": f"{what} on {day(mark.on)}", "signal": which}
    if mark.said:
        tip["says"] = _brief(mark.said, LONGEST_SAID)
    if mark.source:
        tip["source"] = _brief(mark.source, LONGEST_SOURCE)
    return {
        "on": instant(mark.on),
        "score": mark.score,
        "weight": mark.weight,
        "size": round(SMALLEST + (LARGEST - SMALLEST) * mark.weight),
        "said": "; ".join(tip.values()),
        "tip": tip,
    }


def _brief(text: str, longest: int) -> str:
    return plain(shortened(text, longest))
