"""What is fuzzed: each takes any bytes, and raises where a law of the program is broken by them."""

import io
import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, date, datetime

from scrutiny.core import days, words
from scrutiny.core.allies import RUSSIA, SEEDS, Newcomers, Roster
from scrutiny.core.exported import Cell
from scrutiny.core.names import key, slugify
from scrutiny.core.signals import Grade, read_origin, read_score
from scrutiny.core.text import checked, dumped, folded, guarded, inert, one_line, unguarded
from scrutiny.errors import ScrutinyError
from scrutiny.feeds import Found, Row, Skipped, own, written
from scrutiny.feeds.files import Opened, damage_said

TODAY = date(2026, 5, 21)
NOW = datetime(2026, 5, 21, 9, 30, tzinfo=UTC)
ROSTER = Roster(RUSSIA, SEEDS)


def read_any_csv(content: bytes) -> None:
    """A CSV file is signals and skipped lines, and its signals come back from an export as they were."""
    _read_and_back(content, own.read_csv)


def read_any_jsonl(content: bytes) -> None:
    """The same of JSON Lines."""
    _read_and_back(content, own.read_jsonl)


def show_any_text(content: bytes) -> None:
    """Text is shown inert, guarded in cells, dumped to JSON and folded for search, whatever it is."""
    text = content.decode("utf-8", "surrogateescape")
    shown = inert(text)
    assert not [sign for sign in shown if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")]
    assert inert(shown) == shown
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert json.loads(dumped(text)) == text
    assert len(dumped(text).splitlines()) == 1
    found = folded(text)
    assert " ".join(found.split()) == found
    assert all(len(word) <= 64 for word in found.split())
    assert key(text) == "" or slugify(text).isascii()
    line = one_line(text)
    assert one_line(line) == line
    with suppress(ScrutinyError):
        assert checked(line, "summary") == line
        assert not [sign for sign in line if unicodedata.category(sign) in ("Cc", "Cs")]


def read_any_words(content: bytes) -> None:
    """Words, dates, grades, scores, origins and names are read or refused."""
    text = content.decode("utf-8", "surrogateescape")
    for read in READERS:
        with suppress(ScrutinyError):
            read(text)
    with suppress(ScrutinyError):
        words.read(text.split("\n"), TODAY)
    with suppress(ScrutinyError):
        assert days.when(text, TODAY) == days.when(text.upper(), TODAY) or not text.isascii()
    with suppress(ScrutinyError):
        assert days.when(days.when(text, TODAY).isoformat(), TODAY) == days.when(text, TODAY)


def _when(text: str) -> object:
    return days.when(text, TODAY)


READERS: tuple[Callable[[str], object], ...] = (
    _when,
    lambda text: words.read([text], TODAY),
    words.shapes_of,
    days.looks_like_a_day,
    Grade.read,
    read_score,
    read_origin,
    ROSTER.find,
    ROSTER.ally_or_state,
)
TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "csv": read_any_csv,
    "jsonl": read_any_jsonl,
    "text": show_any_text,
    "words": read_any_words,
}


def _read_and_back(content: bytes, read: Callable[[Iterable[str], Newcomers], Iterator[Found]]) -> None:
    find = Newcomers(ROSTER, add_all=True)
    try:
        with damage_said("any"):
            signals = _signals(read(_text(content), find))
    except ScrutinyError:
        return
    for write, again in ((written.write_csv, own.read_csv), (written.write_jsonl, own.read_jsonl)):
        for raw in (False, True):
            out = io.StringIO(newline="")
            assert write(signals, out, raw=raw) == len(signals)
            back = list(again(_text(out.getvalue().encode()), find, own.Layout(raw=raw)))
            assert not [one for one in back if isinstance(one, Skipped)], back
            assert _signals(back) == signals


def _text(content: bytes) -> Iterator[str]:
    with ExitStack() as stack:
        file = Opened("any", io.BytesIO(content), stack)
        file.unpack(stack)
        yield from file.text()


def _signals(found: Iterable[Found]) -> list[tuple[Cell, ...]]:
    return [one.cells for one in found if isinstance(one, Row)]
