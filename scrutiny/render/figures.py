"""Charts as Vega-Lite: one specification for pictures in files and for pages on which signals can be pointed at."""

import textwrap
from collections.abc import Sequence

from scrutiny.core.names import counted, possessive
from scrutiny.render.charts import caption
from scrutiny.render.frames import GAP, LABELS, PAGE, PRINT, WIDTH, Frame, Palette, Spec
from scrutiny.render.panels import SMALL, known, panel
from scrutiny.render.triangles import MOST, MOST_EACH, plain
from scrutiny.view import Chart, day, level

__all__ = ["PAGE", "PRINT", "Palette", "cut", "key", "rows", "sentence", "specification"]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
LARGE = 17  # pixels of a title's letters
LETTER = 0.49  # of its height: how wide a letter is
MARGIN = 20  # pixels around a picture

KEY = "Line: level as judged each day. Shaded: its 90% band. Triangles: signals at their scores, sized by weight"
WEIGHTLESS = ", hollow where their grade lets them weigh nothing"


def specification(
    charts: Sequence[Chart],
    palette: Palette,
    *,
    principal: str,
    title: str | None = None,
    notes: Sequence[str] = (),
    width: int = WIDTH,
    hover: bool = False,
) -> Spec:
    """One chart as a large panel, several as small ones on one scale of days and levels; at least one is given.

    With a title it explains itself, `notes` last: for a file. With `hover` its days can be pointed at: for a page.
    """
    if title is None:
        return _drawn(charts, Frame.of(charts, palette, width), principal, hover=hover)
    frame = Frame.of(charts, palette, width - 2 * MARGIN)
    drawn = _drawn(charts, frame, principal, hover=hover)
    heading = _heading(charts, title, notes, frame, principal)
    return drawn | {"background": palette.paper, "padding": MARGIN, "title": heading}


def rows(charts: Sequence[Chart], palette: Palette, *, principal: str, width: int = WIDTH) -> list[Spec]:
    """The same without a title, as pictures one below the other, between which paper may end."""
    frame = Frame.of(charts, palette, width)
    apart = range(0, len(charts), frame.columns)
    return [_drawn(charts[at : at + frame.columns], frame, principal, hover=False) for at in apart]


def _drawn(charts: Sequence[Chart], frame: Frame, principal: str, *, hover: bool) -> Spec:
    """Panels of a frame, without a title."""
    common: Spec = {
        "$schema": SCHEMA,
        "description": sentence(charts),
        "background": "transparent",
        "padding": {"left": 0, "right": 0, "top": 2, "bottom": 5},  # room for what letters hang down
        "config": _config(frame.palette),
    }
    if hover:
        common["usermeta"] = frame.rooms()
    named = plain(principal) if frame.alone else None
    panels = [panel(chart, frame, named, f"days_{at}" if hover else None) for at, chart in enumerate(charts)]
    if frame.alone:
        return common | panels[0]
    titled = [{"title": _name(chart, frame)} | one for chart, one in zip(charts, panels, strict=True)]
    return common | {"columns": frame.columns, "spacing": GAP, "concat": titled}


def sentence(charts: Sequence[Chart]) -> str:
    """What the charts say, for who does not see them."""
    return "; ".join(f"{plain(chart.name)}: {_now(chart)}, {counted(len(chart.marks), 'signal')}" for chart in charts)


def _now(chart: Chart) -> str:
    last = chart.points[-1]
    said = [f"level {level(one.level)} (band {one.band})" for one in known([last])]
    return f"{said[0] if said else caption(chart)} on {day(last.on)}"


def cut(charts: Sequence[Chart]) -> list[str]:
    """Of which charts not all signals are drawn: `Drawn of China: the 400 weightiest of 12,345 signals.`"""
    most = MOST if len(charts) == 1 else MOST_EACH
    return [
        f"Drawn of {plain(chart.name)}: the {most} weightiest of {counted(len(chart.marks), 'signal')}."
        for chart in charts
        if len(chart.marks) > most
    ]


def key(charts: Sequence[Chart], principal: str) -> str:
    """How they are read."""
    side = f"Above 0: on {possessive(plain(principal))} side. " if len(charts) > 1 else ""  # else the plot says so
    is_hollow = any(not mark.weight for chart in charts for mark in chart.marks)
    return side + KEY + (WEIGHTLESS if is_hollow else "") + "."


def _heading(charts: Sequence[Chart], title: str, notes: Sequence[str], frame: Frame, principal: str) -> Spec:
    """The title, and in small print the level, how the chart is read, and the notes."""
    head, _, rest = plain(title).partition(" · ")
    said = [_level(charts[0]), rest] if frame.alone else [rest]
    lines = [" · ".join(filter(None, said)), key(charts, principal), *cut(charts), *map(plain, notes)]
    letters = round(frame.width / SMALL / LETTER)
    return {
        "text": textwrap.wrap(head, letters * SMALL // LARGE),
        "subtitle": [line for text in lines for line in textwrap.wrap(text, letters)],
        "fontSize": LARGE,
        "offset": 18,
        "subtitlePadding": 7,
        "subtitleLineHeight": SMALL + 5,
    }


def _level(chart: Chart) -> str:
    """Level +1.0, band -1.6 to +3.9."""
    said = caption(chart).replace("..", " to ")
    return said[:1].upper() + said[1:]


def _name(chart: Chart, frame: Frame) -> Spec:
    """A panel's heading."""
    return {"text": plain(chart.name), "subtitle": _level(chart), "limit": frame.plot + LABELS}


def _config(palette: Palette) -> Spec:
    """How axes and headings look."""
    return {
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": palette.dim,
            "labelFontSize": SMALL,
            "labelPadding": 6,
            "gridColor": palette.grid,
            "domainColor": palette.grid,
            "tickColor": palette.grid,
            "tickSize": 4,
        },
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "color": palette.ink,
            "subtitleColor": palette.dim,
            "fontSize": SMALL + 2,
            "fontWeight": 600,
            "subtitleFontSize": SMALL,
            "offset": 8,
            "subtitlePadding": 3,
        },
    }
