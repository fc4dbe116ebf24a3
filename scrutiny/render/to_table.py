"""A view as text for a terminal: aligned, as wide as there is room, and never cut."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from scrutiny.core.text import inert
from scrutiny.render.breaking import broken
from scrutiny.render.charts import caption, drawings
from scrutiny.render.layouts import GAP, Layout, fitting, folded, words
from scrutiny.view import (
    PLAIN,
    RIGHT,
    Column,
    Form,
    Line,
    Said,
    Table,
    View,
    Where,
    word,
)

ENDLESS = 100_000  # columns of a screen that breaks nothing
SIGNS = {  # of a chart, which can be told apart without colour too
    "▲+": "green",
    "▼+": "red",
    "[·─│┤├└┬△▽]+": "dim",
    r"(?m)^ *[+-]?\d+(?=[┤├])|\d{4}(-\d\d){0,2}(?= |$)": "dim",
}
WORDS = {  # how what is said looks, wherever it is said
    r"^▲ \w+": "green",
    r"^▼ \w+": "red",
    r"^(#\d+ ?)+": "dim",
    "[·─┼●\\[\\]]{9,}": "dim",  # a bar
}


def to_table(view: View, *, width: int | None = None, styled: bool = False, plain: bool = False) -> str:
    """The view as text; without a width no line is broken, without style there are no escapes."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=width or ENDLESS,
        force_terminal=styled,
        color_system="standard" if styled else None,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for block in _blocks(view, width):
        console.print(block)
    text = "\n".join(line.rstrip() for line in out.getvalue().split("\n"))
    return text.translate(PLAIN) if plain else text


def _blocks(view: View, width: int | None) -> Iterable[RenderableType]:
    yield Text(broken(inert(view.title), width), "bold")
    if view.lines:
        yield _lines(view.lines, width)
    for chart, drawing in zip(view.charts, drawings(view.charts, width), strict=True):
        yield Text.assemble((inert(chart.name), "bold"), f"  {caption(chart)}")
        yield _highlighted(Text(drawing), SIGNS)
    for table in view.tables:
        if table.where in (Where.ALWAYS, Where.SCREEN) and table.rows:
            yield from _grids(table, width)
    if view.below:
        yield _lines(view.below, width)
    for note in view.notes:
        yield Text(broken(inert(note), width, whole=False), "dim")


def _highlighted(text: Text, styles: Mapping[str, str]) -> Text:
    for sign, style in styles.items():
        text.highlight_regex(sign, style)
    return text


def _said(text: str, width: int | None) -> Text:
    """What is said in words, with what is less important in it dim."""
    return _highlighted(Text(broken(inert(text), width)), WORDS)


def _lines(lines: Sequence[Line], width: int | None) -> Grid:
    """Labels in one column, what they say beside them, for which half of the screen is kept."""
    widest = max(cell_len(inert(line.label)) for line in lines)
    if width is not None:
        widest = min(widest, width // 2)
    room = width and width - GAP - widest
    grid = Grid.grid(padding=(0, GAP, 0, 0))
    grid.add_column(overflow="fold", style="bold", width=widest)
    grid.add_column(overflow="fold")
    for line in lines:
        grid.add_row(Text(inert(line.label)), _said(line.text, room))
    return grid


def _grids(table: Table, width: int | None) -> Iterable[RenderableType]:
    """The columns for which there is room; where the table folds, the others below them."""
    layout = fitting(table, width)
    if width is not None and not table.folds and (layout.below or not layout.fits(width)):
        yield from _in_lines(table, layout, width)
        return
    cells = {at: _texts(column, [row[at] for row in table.rows], layout.bar) for at, column in layout.columns}
    for columns in folded(layout, width) if table.folds else [layout.columns]:
        grid = _grid(layout, columns)
        for row in zip(*(cells[at] for at, _ in columns), strict=True):
            grid.add_row(*row)
        yield grid


def _grid(layout: Layout, columns: Sequence[tuple[int, Column]], widths: Sequence[int] = (), **given: Any) -> Grid:
    """A grid without rows yet; a first column without a heading names its rows, as labels do."""
    grid = Grid(box=None, padding=(0, layout.gap, 0, 0), pad_edge=False, header_style="dim", show_edge=False, **given)
    for place, (at, column) in enumerate(columns):
        names = at == layout.columns[0][0] and not column.heading and column.form is not Form.ID
        grid.add_column(
            Text(inert(layout.heading(column))),
            justify="right" if column.form in RIGHT else "left",
            style="bold" if names else "",
            overflow="fold",
            no_wrap=not widths and column.form not in (Form.PROSE, Form.NAME, Form.TEXT),
            width=widths[place] if widths else None,
        )
    return grid


def _in_lines(table: Table, layout: Layout, width: int) -> Iterable[RenderableType]:
    """Each row in lines of its own, cells first and prose below: they are easier to read than narrow columns."""
    lines = [([(at, column) for at, column, _ in line], [wide for *_, wide in line]) for line in layout.lines(width)]
    prose = [(at, column) for at, column in layout.columns if layout.below and column.form is Form.PROSE]
    texts = {at: _texts(column, [row[at] for row in table.rows], layout.bar) for at, column in layout.beside}
    below = (0, 0, 0, layout.indent)
    for number, (columns, widths) in enumerate(lines):
        if any(column.heading for _, column in columns):
            yield Padding(_grid(layout, columns, widths), below if number else 0)
    for _, column in prose:
        if column.heading:
            yield Padding(Text(inert(column.heading), "dim"), below)
    for at, row in enumerate(table.rows):
        for number, (columns, widths) in enumerate(lines):
            cells = [texts[place][at] for place, _ in columns]
            if number == 0 or any(cell.plain.strip() for cell in cells):
                grid = _grid(layout, columns, widths, show_header=False)
                grid.add_row(*cells)
                yield Padding(grid, below if number else 0)
        for place, column in prose:
            if row[place]:
                yield Padding(_said(word(row[place], column.form), width - layout.indent), below)


def _texts(column: Column, cells: list[Any], bar: int) -> list[Text]:
    styles = [_style(cell, column.form) for cell in cells]
    return [
        _highlighted(Text(text, style), {} if style else WORDS)
        for text, style in zip(words(column, cells, bar), styles, strict=True)
    ]


def _style(cell: Any, form: Form) -> str:
    if isinstance(cell, Said):
        return _style(*cell)
    if cell is None or cell == "-":
        return "dim"
    if form is Form.MOVE:
        return {1: "green", -1: "red", 0: "", None: "dim"}[cell.sign]
    if form in (Form.SCORE, Form.LEVEL, Form.PART):
        shown = word(cell, form)
        return {"+": "green", "-": "red"}.get(shown[0], "")
    return "dim" if form in (Form.BAR, Form.SPARK, Form.ID) else ""
