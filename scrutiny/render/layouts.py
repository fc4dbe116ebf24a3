"""How a table is laid out on a screen: which columns stand beside each other, how wide, and what goes below."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from rich.cells import cell_len

from scrutiny.core.text import inert
from scrutiny.view import BAR_WIDTHS, Column, Form, Likely, Move, Table, Where, bar_heading, word

GAP = 2  # blanks between columns
LEAST_PROSE = 40  # columns of the screen below which prose does not shrink while other columns can make room
LEAST_NAME = 20  # the same for names
LEAST_WORD = 4  # the same for names and words where prose already stands below


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a table are shown, how long its bars are, how many blanks stand between columns.

    `widest` says how many columns of the screen each of them needs. Prose may stand below the rows.
    """

    columns: tuple[tuple[int, Column], ...]
    widest: Mapping[int, int]
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

    def squeezed(self, width: int) -> list[int]:
        """The same where names and words are broken so that all fit, or as nearly as they can."""
        widths = self.widths()
        words = [place for place, (_, column) in enumerate(self.beside) if column.form in (Form.NAME, Form.TEXT)]
        while self.together(widths) > width and words:
            longest = max(words, key=widths.__getitem__)
            if widths[longest] <= LEAST_WORD:
                break
            widths[longest] -= 1
        return widths

    def heading(self, column: Column) -> str:
        """A column's heading; a bar's is as long as the bar."""
        return bar_heading(self.bar) if column.form is Form.BAR else column.heading


def fitting(table: Table, width: int | None) -> Layout:
    """The first layout that fits.

    Bars shrink and gaps narrow before columns leave by their rank, and prose goes below when all have left that can.
    """
    shown = tuple((at, c) for at, c in enumerate(table.columns) if c.where in (Where.ALWAYS, Where.SCREEN))
    widest = {at: _widest(column, [row[at] for row in table.rows]) for at, column in shown}
    first = squeezed = Layout(shown, widest)
    if table.folds:
        return first
    has_prose = any(column.form is Form.PROSE for _, column in shown)
    for below in (False, True)[: 1 + has_prose]:
        for rank in sorted({column.drop for _, column in shown}, reverse=True):
            columns = tuple((at, column) for at, column in shown if column.drop <= rank)
            bars = BAR_WIDTHS if any(column.form is Form.BAR for _, column in columns) else BAR_WIDTHS[:1]
            for bar, gap in product(bars, (GAP, 1)):
                layout = Layout(columns, widest, bar, gap, below)
                if layout.fits(width):
                    return layout
        if not below or (width is not None and layout.together(layout.squeezed(width)) <= width):
            squeezed = layout
    return squeezed


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
    longest = max(map(cell_len, words(column, cells, BAR_WIDTHS[0])), default=0)
    if column.form is Form.PROSE:
        return min(longest, LEAST_PROSE)
    if column.form is Form.NAME:
        return min(longest, LEAST_NAME)
    return max(longest, cell_len(inert(column.heading)))
