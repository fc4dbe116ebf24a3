"""Showing a view: on the terminal as wide as it is, piped without cuts or styling, or into a file."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, TextIO

from scrutiny.cli.endings import VIEWS
from scrutiny.core.places import DATABASE
from scrutiny.errors import BadValue, ScrutinyError
from scrutiny.render import As, render
from scrutiny.settings import expanded

if TYPE_CHECKING:
    from scrutiny.view import View


def present(view: "View", form: As = As.TABLE, output: str | None = None) -> None:
    """Shows a view in a form, on stdout or in a file; BadValue for a file called what no view is."""
    place = "-" if output is None else output
    VIEWS.check(output)
    if place == "-" and form is As.TABLE:
        sys.stdout.write(render(view, form, width=_width(), styled=_styled(), plain=_plain()))
    else:
        write(place, lambda out: out.write(render(view, form)))


def write(output: str, fill: Callable[[TextIO], int]) -> int:
    """Fills a file that appears whole or not at all, readable by its owner only; - is stdout. What fill returned."""
    if output == "-":
        if isinstance(sys.stdout, TextIOWrapper):  # what other programs read is UTF-8 whatever the terminal is
            sys.stdout.reconfigure(encoding="utf-8")
        return fill(sys.stdout)
    return _write(output, fill, partial(open, mode="w", encoding="utf-8", newline=""))


def write_bytes(output: str, fill: Callable[[BinaryIO], int]) -> int:
    """The same for what is no text; BadValue where stdout is a terminal, which would show it as noise."""
    if output != "-":
        return _write(output, fill, partial(open, mode="wb"))
    if sys.stdout.isatty():
        raise BadValue("a terminal cannot show such a file", "name a file for it: --output signals.xlsx")
    sys.stdout.flush()
    return fill(sys.stdout.buffer)


def _write(output: str, fill: Callable[[Any], int], opened: Callable[..., IO[Any]]) -> int:
    path = expanded(output)
    try:
        if path.exists() and not path.is_file():  # a device or a pipe is written as it is
            with opened(path) as out:
                return fill(out)
        return _replace(path.resolve(), fill, opened)
    except OSError as error:
        raise ScrutinyError(f"cannot write {output}: {error.strerror}") from None


def _replace(path: Path, fill: Callable[[Any], int], opened: Callable[..., IO[Any]]) -> int:
    """Fills a file beside the path, brings it safely to the disk, and puts it in the path's place."""
    if _is_database(path):
        raise ScrutinyError(f"{path} is a database, perhaps this very ledger, and is not overwritten")
    handle, beside = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    try:
        with opened(handle) as out:
            filled = fill(out)
            out.flush()
            os.fsync(out.fileno())
        Path(beside).replace(path)
    finally:
        Path(beside).unlink(missing_ok=True)
    return filled


def _is_database(path: Path) -> bool:
    if not path.exists():
        return False
    with path.open("rb") as file:
        return file.read(len(DATABASE)) == DATABASE


def _width() -> int | None:
    """The terminal's columns (COLUMNS first); None where nobody looks at a terminal."""
    return max(20, shutil.get_terminal_size().columns) if sys.stdout.isatty() else None


def _styled() -> bool:
    """Whether colours and weights help: on a terminal that can show them, or where FORCE_COLOR asks."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _plain() -> bool:
    """Whether the screen's drawing signs must be ASCII."""
    try:
        "●▲…".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False
