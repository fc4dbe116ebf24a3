"""POLECAT events: tab-separated under a header, with a PLOVER type, mode and contexts."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from scrutiny.core.text import LONGEST
from scrutiny.errors import BadValue
from scrutiny.feeds import Found, Skipped, Tally
from scrutiny.feeds.dyads import Dyads, Side, hundredths, side
from scrutiny.feeds.plover import coded
from scrutiny.feeds.sieve import Event, Sieve
from scrutiny.feeds.tabbed import LONGEST_NAME, SHOWN, TAB, cleaned, columns, decoded, has_columns, said, shown

FEED = "polecat"
FOLLOWS = frozenset[str]()
NEEDED = (
    "event id", "event date", "event type", "event mode", "contexts", "actor name", "actor country",
    "recipient name", "recipient country",
)  # fmt: skip
UNFILLED = "headline"  # named in the heading of some files, of which no row has a cell
MISSING = frozenset({"", "None"})

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BETWEEN = re.compile(r"\s*[;|]\s*")  # of several actors


def begins(lines: list[bytes]) -> bool:
    """Whether the heading names POLECAT's columns, in any order."""
    return has_columns(lines, NEEDED)


def read(lines: Iterable[bytes], dyads: Dyads, tally: Tally) -> Iterator[Found]:
    """The signals of a file of events; ScrutinyError for one that a spreadsheet spoilt or that is not POLECAT.

    A line that is too long is read if what is too much is empty. One that is too short is read if the heading names
    a column that is never filled and the line is short of just that, or if all as far as the recipient is there.
    """
    sieve = Sieve(FEED, dyads, tally)
    numbered = enumerate(lines, 1)
    header = columns(FEED, numbered, NEEDED)
    filled = [name for name in header if name != UNFILLED]
    least = 1 + max(header.index(name) for name in NEEDED)

    @lru_cache(4096)
    def who(cell: bytes) -> tuple[str, ...]:
        countries = [name for name in _BETWEEN.split(decoded(cell).strip()) if name not in MISSING]
        return tuple(one for name in countries if (one := dyads.by_name(name)) is not None)

    for number, line in numbered:
        if not line.strip():
            continue
        tally.read += 1
        cells = line.rstrip(b"\r\n").split(TAB)
        names = filled if len(cells) == len(filled) else header
        if len(cells) < least or any(cells[len(names) :]):
            yield Skipped(number, sieve.misfit(f"{len(cells)} columns under {len(header)}"), shown(line))
            continue
        of = side(who(cells[names.index("actor country")]), who(cells[names.index("recipient country")]))
        if of and (found := _found(number, line, names, of, sieve)):
            yield found
    sieve.end()


def _found(number: int, line: bytes, names: list[str], of: Side, sieve: Sieve) -> Found | None:
    if not sieve.is_asked(of):
        return None
    try:
        event = _event(said(names, decoded(line).split("\t"), MISSING), of, sieve)
        return event and sieve.row(number, event)
    except BadValue as error:
        return Skipped(number, error.message, shown(line))


def _event(row: Mapping[str, str], of: Side, sieve: Sieve) -> Event | None:
    """The row as an event; None where an option leaves it out."""
    happened_on = _day(row.get("event date", ""))
    if not sieve.is_in_time(happened_on):
        return None
    if "event id" not in row:
        raise BadValue("there is no Event ID")
    what = coded(row.get("event type", ""), row.get("event mode", ""), row.get("contexts", ""))
    intensity = row.get("intensity") or row.get("event intensity")
    return Event(
        uid=f"{FEED}:{row['event id']}",
        side=of,
        happened_on=happened_on,
        source=_names(row.get("actor name", "")),
        target=_names(row.get("recipient name", "")),
        coded=what,
        score=hundredths(intensity) if intensity else what.score or 0,
        citation=cleaned(row.get("source", ""), LONGEST["source"]),
    )


def _names(cell: str) -> str:
    return cleaned(", ".join(_BETWEEN.split(cell)), LONGEST_NAME)


@lru_cache(4096)
def _day(cell: str) -> date:
    """A day written 2023-01-03; BadValue for anything else."""
    try:
        if _DAY.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise BadValue(f"no day '{cell[:SHOWN]}'")
