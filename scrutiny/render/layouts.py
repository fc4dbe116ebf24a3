"""How a table is laid out on a screen: which columns stand beside each other, how wide, and what goes below."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from rich.cells import cell_len

from scrutiny.core.text import inert
from scrutiny.view import BAR_WIDTHS, Column, Form, Likely, Move, Table, bar_heading, word

GAP = 2  # blanks between columns
LEAST_PROSE = 40  # columns of the screen below which prose does not shrink while other columns can make room
LEAST_NAME = 20  # the same for names
INDENT = 2  # blanks before what stands below the first line of a row, unless that begins with a number


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a table are shown, how long its bars are, how many blanks stand between columns.

    `widest` says how many columns of the screen each of them needs, `least` those of them that may be broken between
    words at least. Prose may stand below the rows.
    """

    columns: tuple[tuple[int, Column], ...]
    widest: Mapping[int, int]
    least: Mapping[int, int]
    bar: int = BAR_WIDTHS[0]
    gap: int = GAP
    below: bool = False

    @property
    def beside(self) -> tuple[tuple[int, Column], ...]:
        """The columns that stand beside each other."""
        return tuple((at, column) for at, column in self.columns if not self.below or column.form is not Form.PROSE)

    def fits(self, width: int | None) -> bool:
        """Whether there is room for it."""
        return width is None or self.together(self.widths()) <= width

    def together(self, widths: Sequence[int]) -> int:
        """How many columns of the screen they take side by side."""
        return sum(widths) + self.gap * (len(widths) - 1)

    def widths(self) -> list[int]:
        """How many columns of the screen each takes that stands beside others."""
        return [self.bar if column.form is Form.BAR else self.widest[at] for at, column in self.beside]

    @property
    def indent(self) -> int:
        """How many blanks stand before what is below a row's first line."""
        at, first = self.beside[0]
        return self.widest[at] + self.gap if first.form is Form.ID else INDENT

    def lines(self, width: int) -> list[list[tuple[int, Column, int]]]:
        """The columns beside each other in as few lines a row as there is room for, each with its own width.

        Names and words are broken between words where that makes one line of them; what is wider than the screen is
        broken wherever it must be.
        """
        widths = self._squeezed(width)
        if self.together(widths) > width:
            widths = [min(wide, width - self.indent * (place > 0)) for place, wide in enumerate(self.widths())]
        lines = list[list[tuple[int, Column, int]]]([[]])
        room = width
        for (at, column), wide in zip(self.beside, widths, strict=True):
            if lines[-1] and self.together([one for *_, one in lines[-1]] + [wide]) > room:
                lines.append([])
                room = width - self.indent
            lines[-1].append((at, column, wide))
        return lines

    def _squeezed(self, width: int) -> list[int]:
        """The widths where names and words are broken between words so that all fit, or as nearly as they can."""
        widths = self.widths()
        least = [self.least.get(at, self.widest[at]) for at, _ in self.beside]
        while self.together(widths) > width:
            words = [place for place, wide in enumerate(widths) if wide > least[place]]
            if not words:
                break
            widths[max(words, key=widths.__getitem__)] -= 1
        return widths

    def heading(self, column: Column) -> str:
        """A column's heading; a bar's is as long as the bar."""
        return bar_heading(self.bar) if column.form is Form.BAR else column.heading


def fitting(table: Table, width: int | None) -> Layout:
    """The first layout that fits.

    Bars shrink and gaps narrow before columns leave by their rank, and prose goes below when all have left that can.
    Where none fits, the last is returned, whose rows take several lines.
    """
    shown = table.seen()
    widest = {at: _widest(column, [row[at] for row in table.rows]) for at, column in shown}
    least = {at: _least(c, [row[at] for row in table.rows]) for at, c in shown if c.form in (Form.NAME, Form.TEXT)}
    layout = Layout(shown, widest, least)
    if table.folds:
        return layout
    has_prose = any(column.form is Form.PROSE for _, column in shown)
    for below in (False, True)[: 1 + has_prose]:
        for rank in sorted({column.drop for _, column in shown}, reverse=True):
            columns = tuple((at, column) for at, column in shown if column.drop <= rank)
            goes_below = below and any(column.form is not Form.PROSE for _, column in columns)
            bars = BAR_WIDTHS if any(column.form is Form.BAR for _, column in columns) else BAR_WIDTHS[:1]
            for bar, gap in product(bars, (GAP, 1)):
                layout = Layout(columns, widest, least, bar, gap, goes_below)
                if layout.fits(width):
                    return layout
    return layout


def folded(layout: Layout, width: int | None) -> Iterable[Sequence[tuple[int, Column]]]:
    """As many of the columns at a time as there is room for, after the first."""
    (first, *others), (label, *widths) = layout.columns, layout.widths()
    group, taken = [first], label
    for column, wide in zip(others, widths, strict=True):
        taken += layout.gap + wide
        if len(group) > 1 and width is not None and taken > width:
            yield group
            group, taken = [first], label + layout.gap + wide
        group.append(column)
    yield group


def words(column: Column, cells: list[Any], bar: int) -> list[str]:
    """What people read in a column's cells, percents one under the other."""
    words = [inert(word(cell, column.form, bar)) for cell in cells]
    return _percents_aligned(words, cells) if column.form in (Form.LIKELY, Form.MOVE) else words


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


def _widest(column: Column, cells: list[Any]) -> int:
    """How many columns of the screen a column needs; prose and long names are broken rather than need more."""
    longest = max(map(cell_len, (inert(column.heading), *words(column, cells, BAR_WIDTHS[0]))))
    most = {Form.PROSE: LEAST_PROSE, Form.NAME: LEAST_NAME}
    return min(longest, most.get(column.form, longest))


def _least(column: Column, cells: list[Any]) -> int:
    """How many columns of the screen a column needs that is broken between words."""
    said = " ".join((inert(column.heading), *words(column, cells, BAR_WIDTHS[0])))
    return min(_widest(column, cells), max(map(cell_len, said.split()), default=0))
