"""The program's own CSV and JSON Lines, and a colleague's that are nearly so: what export writes, read back."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from scrutiny.core.exported import COLUMNS
from scrutiny.core.near import nearest, said_near
from scrutiny.errors import BadValue, ScrutinyError
from scrutiny.feeds import FindAlly, Found, Skipped, Tally
from scrutiny.feeds.rows import BLANKS, Rows

LONGEST_CELL = 1_000_000  # characters; the standard library stops at 131,072 with a message of its own

SHOWN = 40  # characters of a foreign heading that a refusal repeats
SEPARATORS = ",;\t|"  # the first one where several divide a header equally
EXAMPLE = "2026-02-24,China,abstain,China abstains as the General Assembly votes on peace,diplomatic,war,https://news.un.org,A1"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file departs from what export writes.

    `raw` cells keep a quote before a formula. `named` gives the file's own name of a column of ours. `date_format` is
    strptime's. With `ignore_extra` columns that are none of ours are left out.
    """

    raw: bool = False
    named: Mapping[str, str] = field(default_factory=dict)
    date_format: str | None = None
    ignore_extra: bool = False

    def __post_init__(self) -> None:
        for name in self.named:
            if name not in COLUMNS:
                near = said_near(nearest(name, COLUMNS))
                raise BadValue(f"--map: no column '{name}'{near}", f"ours come first; known: {', '.join(COLUMNS)}")

    def ours(self, names: Sequence[str]) -> list[str | None]:
        """What each of a file's names is here; None for one that is left out. ScrutinyError for a wrong one."""
        theirs = {name.casefold(): ours for ours, name in self.named.items()}
        if absent := theirs.keys() - {name.casefold() for name in names}:
            raise ScrutinyError(f"there is no column '{min(absent)}' to map", f"the file has: {', '.join(names)}")
        taken = set(theirs.values())  # a column of ours that is found under another name is not also its own
        return [theirs.get(name.casefold()) or self._own(name.casefold(), taken) for name in names]

    def _own(self, name: str, taken: set[str]) -> str | None:
        if name in COLUMNS and name not in taken:
            return name
        if self.ignore_extra:
            return None
        near = said_near(nearest(name, COLUMNS))
        raise ScrutinyError(
            f"unknown column '{name[:SHOWN]}'{near}",
            f"leave such columns out with --ignore-extra, or say what it is with --map; known: {', '.join(COLUMNS)}",
        )


PLAIN = Layout()


def template() -> str:
    """An empty file with one example row."""
    return f"date,ally,act,summary,domain,driver,source,grade\n{EXAMPLE}\n"


def read_csv(
    lines: Iterable[str], find: FindAlly, layout: Layout = PLAIN, tally: Tally | None = None
) -> Iterator[Found]:
    """Signals of a CSV file with a header, separated by commas, semicolons, tabs or bars; one at a time."""
    csv.field_size_limit(LONGEST_CELL)
    counted, rest = tally or Tally(), iter(lines)
    first = next(rest, "")
    separator = max(SEPARATORS, key=_QUOTED.sub("", first).count)
    reader = csv.reader(chain([first] if first else (), rest), strict=True, delimiter=separator)
    try:
        header = _header(next(reader, []), layout)
        counted.named = frozenset(name for name in header if name)
        width = len(header)
        rows = Rows(find, layout.date_format, header, guarded=not layout.raw, commas=separator == ";")
        line = reader.line_num + 1
        for row in reader:
            if len(row) > width:
                counted.read += 1
                yield Skipped(line, f"{len(row)} cells under {width} columns", _written(row, separator))
            elif any(row):
                counted.read += 1
                row.extend([""] * (width - len(row) + 1))  # the last stands for each column that is not there
                try:
                    yield rows.row(line, row)
                except ScrutinyError as error:
                    yield Skipped(line, error.message, _written(row[:width], separator))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ScrutinyError(f"line {reader.line_num}: this is not CSV: {error}", _NEEDS) from None


def read_jsonl(
    lines: Iterable[str], find: FindAlly, layout: Layout = PLAIN, tally: Tally | None = None
) -> Iterator[Found]:
    """Signals of a JSON Lines file: an object a line under the CSV's names; it has no formulas, `raw` or not."""
    counted, rows = tally or Tally(), Rows(find, layout.date_format)
    for line, text in enumerate(lines, 1):
        if text.strip():
            counted.read += 1
            try:
                said = _said(json.loads(text), layout)
                counted.named = frozenset(said) if counted.named is None else counted.named & said.keys()
                yield rows.row(line, [said.get(name, "") for name in COLUMNS])
            except (ValueError, RecursionError):
                yield Skipped(line, "this is not JSON", text.rstrip("\r\n"))
            except ScrutinyError as error:
                yield Skipped(line, error.message, text.rstrip("\r\n"))


_QUOTED = re.compile(r'"[^"]*"')
_NEEDS = "the header names date, ally, summary and one of act, kind, score"


def _header(found: Sequence[str], layout: Layout) -> list[str | None]:
    names = [name.strip(BLANKS) for name in found]
    if not names:
        raise ScrutinyError("the file is empty", _NEEDS)
    if any("\0" in name for name in names):
        raise ScrutinyError("this is not text", _NEEDS)
    if any("\udc80" <= sign <= "\udcff" for name in names for sign in name):  # bytes that could not be read
        raise ScrutinyError("its header is not UTF-8", "save it as UTF-8")
    if twice := [name for name, times in Counter(map(str.casefold, names)).items() if times > 1 and name]:
        raise ScrutinyError(f"two columns are called '{twice[0]}'")
    ours = layout.ours(names)
    missing = [name for name in ("date", "ally", "summary") if name not in ours]
    if missing or not {"act", "kind", "score"} & set(ours):
        hint = _NEEDS if not layout.ignore_extra else f"{_NEEDS}; say which is which with --map"
        raise ScrutinyError(f"there is no column '{(missing or ['act'])[0]}'", hint)
    return ours


def _written(row: Sequence[str], separator: str) -> str:
    """A row as a line, as it may have stood in the file."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="").writerow(row)
    return out.getvalue()


def _said(found: Any, layout: Layout) -> dict[str, str]:
    """What a JSON object says under our names, null as an empty cell."""
    if not isinstance(found, dict):
        raise BadValue("this is no JSON object")
    named = zip(_keys(tuple(found), layout), found.values(), strict=True)
    return {name: "" if value is None else _cell(name, value) for name, value in named if name}


def _keys(names: tuple[str, ...], layout: Layout) -> list[str | None]:
    """The same as a header's, but an object may lack a key."""
    theirs = {name: ours for ours, name in layout.named.items()}
    known = [theirs.get(name) or (name if name in COLUMNS and name not in layout.named else None) for name in names]
    for name, ours in zip(names, known, strict=True):
        if ours is None and not layout.ignore_extra:
            raise BadValue(f"no key '{name}'")
    return known


def _cell(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if name == "private" and isinstance(value, bool):
        return "true" if value else ""
    if name == "score" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value)
    raise BadValue(f"the {name} is no {'number' if name == 'score' else 'text'}")
