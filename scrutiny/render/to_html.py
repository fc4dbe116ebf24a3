"""A document as one page of HTML that asks nothing of the network, by a template that escapes every text."""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrutiny.core.text import inert
from scrutiny.document import Document, Figure, Grid, Link
from scrutiny.errors import MissingExtra
from scrutiny.render.embedding import bundle, inlined, style
from scrutiny.render.figures import PAGE, cut, key, rows, specification
from scrutiny.render.pictures import to_svg
from scrutiny.view import RIGHT, SCALE, Bar, Column, Form, Move, Spark, word

if TYPE_CHECKING:
    from jinja2 import Template

FOLDER = Path(__file__).parent / "page"
UNITS = 10  # of a drawn bar for each point of the scale


def to_html(document: Document) -> str:
    """The page, complete in itself; MissingExtra where what draws it is not installed."""
    template, script = _template(), bundle()
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return template.render(
        document=document,
        script=script,
        policy=f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        style=(FOLDER / "document.css").read_text("utf-8") + style(),
    )


@cache
def _template() -> "Template":
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined  # an extra, of those who hand on pages
    except ImportError:
        raise MissingExtra("report", "a report as a page") from None
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["inert"] = inert
    made.globals |= {"columns": _columns, "rows": _rows, "drawing": _drawing, "kind": _kind, "classes": _classes}
    return made.get_template("document.html")


def _kind(of: object) -> str:
    return type(of).__name__


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell as the template writes it: its text and what else shows it."""

    text: str
    heading: str
    classes: str
    link: str | None = None
    signal: int | None = None
    bar: tuple[float, float, float] | None = None
    spark: str | None = None
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A figure's specification as the page's script reads it, still pictures of its rows, and how it is read."""

    specification: str
    pictures: Sequence[str]
    caption: str


def _columns(grid: Grid) -> list[Column]:
    return [column for _, column in grid.table.seen()]


def _rows(grid: Grid) -> list[list[_Cell]]:
    return [[_cell(row[at], column) for at, column in grid.table.seen()] for row in grid.table.rows]


def _cell(cell: Any, column: Column) -> _Cell:
    classes = [_classes(column), *_sign(cell, column.form)]
    return _Cell(
        text=inert(cell.text if isinstance(cell, Link) else word(cell, column.form)),
        heading=column.heading,
        classes=" ".join(classes),
        link=cell.url if isinstance(cell, Link) else None,
        signal=cell if column.form is Form.ID else None,
        bar=_bar(cell) if isinstance(cell, Bar) else None,
        spark=_spark(cell) if isinstance(cell, Spark) else None,
        unseen=_unseen(cell),
    )


def _classes(column: Column) -> str:
    """The form of a column, whether it stands to the right, and how soon it makes room."""
    return f"{column.form.value} {'number ' if column.form in RIGHT else ''}d{column.drop}"


def _unseen(cell: Any) -> str:
    """What is said to who does not see a drawing."""
    if isinstance(cell, Bar):
        return f"{word(cell.low, Form.LEVEL)} to {word(cell.high, Form.LEVEL)}"
    if isinstance(cell, Spark):
        known = [value for value in cell.points if value is not None]
        return f"from {word(known[0], Form.LEVEL)} to {word(known[-1], Form.LEVEL)}" if known else ""
    return ""


def _sign(cell: Any, form: Form) -> list[str]:
    """Whether a figure is shown as one above or below nothing, or a move as one up or down."""
    if isinstance(cell, Move):
        return {1: ["up"], -1: ["down"]}.get(cell.sign or 0, [])
    if form in (Form.SCORE, Form.LEVEL, Form.PART) and cell is not None:
        return {"+": ["up"], "-": ["down"]}.get(word(cell, form)[0], [])
    return []


def _bar(cell: Bar) -> tuple[float, float, float]:
    """Where the band begins, how wide it is, and where the level is."""
    low, level, high = ((value + SCALE) * UNITS for value in cell)
    return round(low, 1), round(max(1.0, high - low), 1), round(level, 1)


def _spark(cell: Spark) -> str:
    """The points of a line 60 wide and 16 high."""
    span, last = (cell.high - cell.low) or 1.0, max(1, len(cell.points) - 1)
    return " ".join(
        f"{60 * at / last:.1f},{15 - 14 * (value - cell.low) / span:.1f}"
        for at, value in enumerate(cell.points)
        if value is not None
    )


def _drawing(figure: Figure) -> _Drawing:
    live = specification(figure.charts, PAGE, principal=figure.principal, hover=True)
    still = rows(figure.charts, PAGE, principal=figure.principal)
    caption = " ".join([f"{inert(figure.caption)}.", key(figure.charts, figure.principal), *cut(figure.charts)])
    return _Drawing(inlined(live), [to_svg(row) for row in still], caption)
