"""Signals out as a workbook: one sheet that an analyst can read, sort, filter and print as it stands."""

import re
import shutil
from collections.abc import Callable, Iterable
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, TypeVar

from scrutiny.core.exported import COLUMNS, PRIVATE, Cell
from scrutiny.errors import MissingExtra, ScrutinyError
from scrutiny.feeds.written import Cells

MOST = 1_048_575  # signals: the rows of a sheet, but for the header
FIRST_DAY = date(1900, 3, 1)  # Excel takes 1900 for a leap year, and has no day before that year
MADE = datetime(1980, 1, 1)  # noqa: DTZ001  # what every workbook says, so that one ledger gives the same bytes

WIDEST = {"uid": 34, "ally": 24, "summary": 80, "source": 40, "recorded_by": 24}  # in digits; any other column:
WIDEST_OTHER = 20
LINES = 6  # of a summary that is shown whole; a longer one would push the others off the screen
A4 = 9  # Excel's number of the paper

# What the library writes texts with: it has no option for what must be otherwise, so two of these are replaced.
TRIED = "xlsxwriter==3.3.1"  # which has them all
METHODS = ("_escape_control_characters", "_xml_inline_string", "_xml_rich_inline_string")

_NO_XML = "\x00-\x08\x0b-\x1f\ufffe\uffff"  # what XML cannot hold, or reads as another sign
_CODED = re.compile(f"[{_NO_XML}]|_(?=x[0-9A-Fa-f]{{4}}[_{_NO_XML}])")

When = TypeVar("When", date, datetime)

_SHAPES: dict[str, dict[str, Any]] = {  # a text that fills its cell ends at the cell's edge
    "plain": {},
    "wrapped": {"text_wrap": True},
    "cut": {"align": "fill"},
}


def check_size(count: int) -> None:
    """ScrutinyError where a sheet cannot hold so many signals."""
    if count > MOST:
        raise ScrutinyError(
            f"a sheet holds {MOST:,} signals, and these are {count:,}",
            "export fewer, as in --since 2026-01-01, or all of them as CSV: --format csv",
        )


def write_xlsx(signals: Iterable[Cells], out: IO[bytes]) -> int:
    """Writes signals under a header, each cell as what it is; no text is a formula or a link. How many.

    The rows wait in files, not in memory, and `out` is written once the workbook is whole.
    """
    try:
        from xlsxwriter import Workbook  # type: ignore[import-untyped]  # 50 ms, and an extra
        from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]  # as above
        from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # as above
    except ModuleNotFoundError:
        raise MissingExtra("xlsx", "an .xlsx workbook") from None
    if not all(hasattr(Worksheet, name) for name in METHODS):
        raise ScrutinyError("this version of xlsxwriter may write texts as something else", f'pip install "{TRIED}"')
    with TemporaryDirectory() as folder:
        made = Path(folder, "signals.xlsx")
        book = Workbook(made, {"constant_memory": True, "tmpdir": folder, "use_zip64": True})
        book.set_properties({"title": "Signals", "created": MADE})
        sheet = _Sheet(book)
        try:
            for cells in signals:
                sheet.add(cells)
            sheet.finish()
            book.close()
        except FileCreateError as error:
            raise error.args[0] from None  # the OSError that it wraps
        finally:
            sheet.close()
        with made.open("rb") as whole:
            shutil.copyfileobj(whole, out)
    return sheet.count


class _Sheet:
    """The sheet while it is filled, one row after another."""

    def __init__(self, book: Any) -> None:
        self.count = 0
        self._longest = [len(name) for name in COLUMNS]
        self._sheet = sheet = book.add_worksheet("signals")
        # Of codes that share an underscore the library would leave the second. What is no text comes by here too.
        sheet._escape_control_characters = lambda one: _coded(one) if isinstance(one, str) else one
        # A text from <r> to </r> would be taken for XML that is ready, and written as it is.
        sheet._xml_rich_inline_string = lambda text, attributes: sheet._xml_inline_string(text, None, attributes)

        def style(**of: object) -> Any:
            return book.add_format({"valign": "top", **of})

        self._styles = {
            (shape, quoted): style(**of, quote_prefix=quoted)
            for shape, of in _SHAPES.items()
            for quoted in (False, True)
        }
        self._day = style(num_format="yyyy-mm-dd", align="left")
        self._moment = style(num_format="yyyy-mm-dd hh:mm:ss", align="left")
        self._score = style(num_format="+0.0?;-0.0?")  # with its sign, decimal points one below the other
        self._flag = style(align="left")
        self._ways = [self._add_as.get(name, _Sheet._add_text) for name in COLUMNS]
        heading = {"bold": True, "bottom": 1, "bg_color": "#E8EDF3"}
        left, right = style(**heading), style(**heading, align="right")
        for at, name in enumerate(COLUMNS):
            sheet.write_string(0, at, name, right if name == "score" else left)

    def add(self, cells: Cells) -> None:
        """Writes the next row."""
        self.count += 1
        check_size(self.count)
        for at, cell in enumerate(cells):
            if cell is not None:
                self._ways[at](self, at, cell)

    def finish(self) -> None:
        """What can be said once all rows are known: widths, the filter, how it is printed."""
        from xlsxwriter.utility import xl_range  # type: ignore[import-untyped]  # with the library, above

        sheet, last = self._sheet, len(COLUMNS) - 1
        for at, name in enumerate(COLUMNS):
            room = len(name) + 4  # for the button of the filter
            sheet.set_column(at, at, min(max(self._longest[at] + 1, room), max(_widest(name), room)))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, self.count, last)
        sheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, self.count, last)})  # as a uid may be
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&L&A&R&P / &N")

    def close(self) -> None:
        """Closes the file in which the rows wait, which an error would leave open."""
        self._sheet.row_data_fh.close()

    def _add_text(self, at: int, cell: Cell) -> None:
        """A text as it is; one that does not begin with a letter or digit stays a text when somebody edits it."""
        text = str(cell)
        if not text:
            return
        length, name = len(text), COLUMNS[at]
        self._longest[at] = max(self._longest[at], length)
        if name == "summary":
            shape = "wrapped" if length <= LINES * WIDEST[name] else "cut"
        else:
            shape = "plain" if length <= _widest(name) else "cut"
        self._sheet.write_string(self.count, at, text, self._styles[shape, not text[0].isalnum()])

    def _add_day(self, at: int, cell: Cell) -> None:
        on = _read(date.fromisoformat, cell)
        if on is None or on < FIRST_DAY:
            self._add_text(at, cell)
        else:
            self._longest[at] = len("yyyy-mm-dd")
            self._sheet.write_datetime(self.count, at, on, self._day)

    def _add_moment(self, at: int, cell: Cell) -> None:
        when = _read(datetime.fromisoformat, cell)
        if when is None or when.date() < FIRST_DAY:
            self._add_text(at, cell)
        else:
            self._longest[at] = len("yyyy-mm-dd hh:mm:ss")
            bare = when.replace(tzinfo=None)  # it is in UTC, and a sheet knows no zones
            self._sheet.write_datetime(self.count, at, bare, self._moment)

    def _add_score(self, at: int, cell: Cell) -> None:
        if isinstance(cell, float) and isfinite(cell):
            self._sheet.write_number(self.count, at, cell, self._score)
        else:
            self._add_text(at, cell)

    def _add_flag(self, at: int, cell: Cell) -> None:
        self._sheet.write_boolean(self.count, at, cell == PRIVATE, self._flag)

    _add_as = {"date": _add_day, "recorded_at": _add_moment, "score": _add_score, "private": _add_flag}  # noqa: RUF012  # nobody changes it


def _coded(text: str) -> str:
    """The text as a workbook holds it (ST_Xstring, ECMA-376 part 1, 22.9.2.19).

    What XML cannot hold is a code, as _x0001_, and so is an underscore with which such a code would begin.
    """
    return _CODED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def _read(read: Callable[[str], When], cell: Cell) -> When | None:
    """A day or a time; None for what is none, as a ledger may hold that other programs have written."""
    try:
        return read(str(cell))
    except ValueError:
        return None


def _widest(name: str) -> int:
    return WIDEST.get(name, WIDEST_OTHER)
