"""A view as text for a terminal: aligned, as wide as there is room, and never cut."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from scrutiny.core.text import inert
from scrutiny.render.charts import caption, drawings
from scrutiny.view import (
    BAR_WIDTHS,
    PLAIN,
    RIGHT,
    Column,
    Form,
    Likely,
    Line,
    Move,
    Table,
    View,
    Where,
    bar_heading,
    word,
)

GAP = 2  # blanks between columns
ENDLESS = 100_000  # columns of a screen that breaks nothing
LEAST_PROSE = 40  # columns of the screen below which prose does not shrink while other columns can make room
LEAST_NAME = 20  # the same for names
SIGNS = {"▲+": "green", "▼+": "red", "[·─│┤├└┬△▽]+": "dim"}  # of a chart, which can be told apart without colour too


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


def _blocks(view: View, width: int | None) -> Iterable[Text | Grid]:
    yield Text(inert(view.title), "bold")
    if view.lines:
        yield _lines(view.lines)
    for chart, drawing in zip(view.charts, drawings(view.charts, width), strict=True):
        yield Text.assemble((inert(chart.name), "bold"), f"  {caption(chart)}")
        yield _panel(drawing)
    for table in view.tables:
        if table.where in (Where.ALWAYS, Where.SCREEN) and table.rows:
            yield _grid(table, width)
    if view.below:
        yield _lines(view.below)
    for note in view.notes:
        yield Text(inert(note), "dim")


def _panel(drawing: str) -> Text:
    text = Text(drawing)
    for sign, style in SIGNS.items():
        text.highlight_regex(sign, style)
    return text


def _lines(lines: Sequence[Line]) -> Grid:
    """Labels in one column, what they say beside them."""
    grid = Grid.grid(padding=(0, GAP, 0, 0))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for line in lines:
        grid.add_row(Text(inert(line.label)), Text(inert(line.text)))
    return grid


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which columns of a table are shown, how long its bars are, how many blanks stand between columns."""

    columns: tuple[tuple[int, Column], ...]
    bar: int = BAR_WIDTHS[0]
    gap: int = GAP

    def width(self, table: Table) -> int:
        """How many columns of the screen it takes; prose counts as its least."""
        widths = [self._column(column, [row[at] for row in table.rows]) for at, column in self.columns]
        return sum(widths) + self.gap * (len(widths) - 1)

    def heading(self, column: Column) -> str:
        """A column's heading; a bar's is as long as the bar."""
        return bar_heading(self.bar) if column.form is Form.BAR else column.heading

    def _column(self, column: Column, cells: list[Any]) -> int:
        widest = max((text.cell_len for text in _texts(column, cells, self.bar)), default=0)
        if column.form is Form.PROSE:
            return min(widest, LEAST_PROSE)
        if column.form is Form.NAME:
            return min(widest, LEAST_NAME)
        return max(widest, cell_len(inert(self.heading(column))))


def _grid(table: Table, width: int | None) -> Grid:
    """The columns for which there is room."""
    layout = _fitting(table, width)
    grid = Grid(box=None, padding=(0, layout.gap, 0, 0), pad_edge=False, header_style="dim", show_edge=False)
    for _, column in layout.columns:
        grid.add_column(
            Text(inert(layout.heading(column))),
            justify="right" if column.form in RIGHT else "left",
            overflow="fold",
            no_wrap=column.form not in (Form.PROSE, Form.NAME, Form.TEXT),
        )
    texts = [_texts(column, [row[at] for row in table.rows], layout.bar) for at, column in layout.columns]
    for row in zip(*texts, strict=True):
        grid.add_row(*row)
    return grid


def _fitting(table: Table, width: int | None) -> _Layout:
    """The first layout that fits: bars shrink and gaps narrow before columns leave by their rank."""
    shown = tuple((at, c) for at, c in enumerate(table.columns) if c.where in (Where.ALWAYS, Where.SCREEN))
    layout = _Layout(shown)
    for rank in sorted({column.drop for _, column in shown}, reverse=True):
        columns = tuple((at, column) for at, column in shown if column.drop <= rank)
        bars = BAR_WIDTHS if any(column.form is Form.BAR for _, column in columns) else BAR_WIDTHS[:1]
        for bar, gap in product(bars, (GAP, 1)):
            layout = _Layout(columns, bar, gap)
            if width is None or layout.width(table) <= width:
                return layout
    return layout


def _texts(column: Column, cells: list[Any], bar_width: int) -> list[Text]:
    words = [inert(word(cell, column.form, bar_width)) for cell in cells]
    if column.form in (Form.LIKELY, Form.MOVE):
        words = _percents_aligned(words, cells)
    return [Text(text, _style(cell, column.form)) for text, cell in zip(words, cells, strict=True)]


def _percents_aligned(words: list[str], cells: list[Any]) -> list[str]:
    """Words to the left, their percents one under the other."""
    split = [
        text.rpartition(" ")
        if isinstance(cell, Likely) or (isinstance(cell, Move) and cell.likely)
        else (text, "", "")
        for text, cell in zip(words, cells, strict=True)
    ]
    widest = max((cell_len(said) for said, _, percent in split if percent), default=0)
    return [said + " " * (widest + 1 - cell_len(said)) + percent if percent else said for said, _, percent in split]


def _style(cell: Any, form: Form) -> str:
    if form is Form.MOVE:
        return {1: "green", -1: "red", 0: "", None: "dim"}[cell.sign]
    if form in (Form.SCORE, Form.LEVEL, Form.PART) and cell is not None:
        shown = word(cell, form)
        return {"+": "green", "-": "red"}.get(shown[0], "")
    return "dim" if form in (Form.BAR, Form.SPARK, Form.ID) or cell is None else ""
