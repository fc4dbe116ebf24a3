"""Signals out for others: an archive of the signals that are not private, and of what explains them."""

import csv
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from io import TextIOWrapper
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from scrutiny.core import exported
from scrutiny.core.published import COLUMNS, Coverage, Published
from scrutiny.feeds.written import Cells, guarded_cells

MADE = (1980, 1, 1, 0, 0, 0)  # what every file says, so that one ledger gives the same bytes
MODE = 0o100644 << 16  # a plain file that everybody may read
UNIX = 3  # the system for which that mode is meant, whatever system this is

_UID, _DATE, _ALLY, _EVENT = map(exported.COLUMNS.index, ("uid", "date", "ally", "event"))

# Gives the texts of the other files, by name: they say what signals.csv turned out to hold.
Others = Callable[[Published], Mapping[str, str]]


def write_zip(signals: Iterable[Cells], private: Container[str], others: Others, out: IO[bytes]) -> int:
    """Writes an archive with signals.csv, guarded as always, and the other files. How many signals.

    A signal whose uid is in `private` is left out; one whose event has such a uid stands there without its event.
    """
    tally = _Tally()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        member = archive.open(_entry("signals.csv"), "w", force_zip64=True)  # nobody knows yet how long it gets
        with TextIOWrapper(member, "utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(_rows(signals, private, tally))
        published = tally.published()
        for name, text in others(published).items():
            archive.writestr(_entry(name), text)
    return published.signals


def _rows(signals: Iterable[Cells], private: Container[str], tally: "_Tally") -> Iterator[Cells]:
    for cells in signals:
        if cells[_UID] not in private:
            tally.add(cells)
            row = guarded_cells(cells)[: len(COLUMNS)]  # those that are withheld stand last
            yield row if cells[_EVENT] not in private else [*row[:_EVENT], None, *row[_EVENT + 1 :]]


class _Tally:
    """What is published, counted as it goes."""

    def __init__(self) -> None:
        self._signals = Counter[str]()
        self._first: dict[str, str] = {}
        self._last: dict[str, str] = {}

    def add(self, cells: Cells) -> None:
        """Counts a signal; they come by date."""
        ally, on = str(cells[_ALLY]), str(cells[_DATE])
        self._signals[ally] += 1
        self._first.setdefault(ally, on)
        self._last[ally] = on

    def published(self) -> Published:
        """All that was counted, by ally."""
        return Published(
            {
                ally: Coverage(signals, self._first[ally], self._last[ally])
                for ally, signals in sorted(self._signals.items())
            }
        )


def _entry(name: str) -> ZipInfo:
    """How a file stands in the archive: packed, and the same on every day and system."""
    entry = ZipInfo(name, MADE)
    entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, UNIX, MODE
    return entry
