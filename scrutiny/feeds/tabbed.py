"""Cells of the feeds' lines as text that a signal may hold; no feed honours quotes."""

import re
from collections.abc import Iterable, Iterator

from scrutiny.errors import ScrutinyError

BOM = b"\xef\xbb\xbf"
TAB = b"\t"
LONGEST_NAME = 200  # characters of an actor's name
SHOWN = 20  # characters of a wrong cell that a reason repeats
LONGEST_SHOWN = 2_000  # characters of a line that could not be read

_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def decoded(line: bytes) -> str:
    """The text, without the line's end: UTF-8, or else ISO-8859-1, in which anything can be read."""
    bare = line.rstrip(b"\r\n")
    try:
        return bare.decode()
    except UnicodeDecodeError:
        return bare.decode("latin-1")


def shown(line: bytes) -> str:
    """A line as it may be shown beside the reason for which it was skipped."""
    return line.rstrip(b"\r\n").decode("utf-8", "backslashreplace")[:LONGEST_SHOWN]


def cleaned(text: str, most: int) -> str:
    """A cell on one line, without control characters, at most so long."""
    plain = text if text.isprintable() else _STEERING.sub(" ", text)
    return " ".join(plain.split())[:most].rstrip()


def said(header: list[str], cells: list[str], missing: frozenset[str]) -> dict[str, str]:
    """The cells by the names of their columns, without those that say nothing."""
    return {name: bare for name, cell in zip(header, cells, strict=False) if (bare := cell.strip()) not in missing}


def has_columns(lines: list[bytes], needed: Iterable[str]) -> bool:
    """Whether the first line that is not blank names these columns, whatever separates them."""
    first = next((line for line in lines if line.strip()), b"")
    return set(needed) <= set(_heading(first)) or _is_resaved(first, needed)


def columns(feed: str, numbered: Iterator[tuple[int, bytes]], needed: Iterable[str]) -> list[str]:
    """The names in the heading, small; ScrutinyError where a spreadsheet wrote it or a needed one is not there."""
    first = next((line for _, line in numbered if line.strip()), b"")
    names = _heading(first)
    if missing := [name for name in needed if name not in names]:
        if _is_resaved(first, needed):
            raise resaved(feed, "put other signs between the columns")
        raise ScrutinyError(f"this is not {feed.upper()}: there is no column '{missing[0].title()}'")
    return names


def resaved(feed: str, what: str) -> ScrutinyError:
    """Why a file that went through a spreadsheet is not read."""
    name = feed.upper()
    return ScrutinyError(
        f"this {name} file was saved again by a spreadsheet, which {what}",
        f"get the file anew from {name} and import it as it comes",
    )


def _heading(line: bytes) -> list[str]:
    return [name.strip().casefold() for name in decoded(line.removeprefix(BOM)).split("\t")]


def _is_resaved(line: bytes, needed: Iterable[str]) -> bool:
    names = re.split("[,;]", decoded(line.removeprefix(BOM)).replace('"', "").casefold())
    return set(needed) <= {name.strip() for name in names}
