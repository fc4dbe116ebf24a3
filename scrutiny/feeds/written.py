"""Signals out: the program's own CSV and JSON Lines, as own.py reads them back."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from scrutiny.core.exported import COLUMNS, PRIVATE, TEXT, Cell
from scrutiny.core.text import RISKY, dumped, guarded

_TEXTS = tuple(place for place, name in enumerate(COLUMNS) if name in TEXT)

Cells = Sequence[Cell]  # a signal's, under COLUMNS


def write_csv(signals: Iterable[Cells], out: TextIO, *, raw: bool = False) -> int:
    """Writes signals under a header; text that a spreadsheet would run is guarded unless `raw`. How many."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    counted = _Counted(signals)
    writer.writerows(counted if raw else map(guarded_cells, counted))
    return counted.count


def write_jsonl(signals: Iterable[Cells], out: TextIO, *, raw: bool = False) -> int:
    """Writes signals as an object a line, `raw` or not; what is absent is null. How many."""
    counted = _Counted(signals)
    for cells in counted:
        one: dict[str, Cell] = dict(zip(COLUMNS, cells, strict=True))
        out.write(dumped(one | {"private": one["private"] == PRIVATE}) + "\n")
    return counted.count


class _Counted:
    """An iterable that knows how many it gave."""

    def __init__(self, signals: Iterable[Cells]) -> None:
        self.count = 0
        self._signals = signals

    def __iter__(self) -> Iterator[Cells]:
        for self.count, cells in enumerate(self._signals, 1):  # noqa: B020  # counts as it goes
            yield cells


def guarded_cells(cells: Cells) -> Cells:
    """The cells as a CSV holds them, copied only where one must be guarded: few must."""
    for place in _TEXTS:
        cell = cells[place]
        if cell and cell[0] in RISKY:  # type: ignore[index]  # these are texts
            break
    else:
        return cells
    return [guarded(cell) if at in _TEXTS and isinstance(cell, str) else cell for at, cell in enumerate(cells)]
