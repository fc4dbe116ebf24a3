"""ICEWS events: tab-separated under a header, with the CAMEO code, its Goldstein value and the story."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from scrutiny.core.text import LONGEST
from scrutiny.errors import BadValue
from scrutiny.feeds import Found, Skipped, Tally
from scrutiny.feeds.cameo import Coded, coded, named
from scrutiny.feeds.dyads import Dyads, Side, hundredths, side
from scrutiny.feeds.sieve import Event, Sieve
from scrutiny.feeds.tabbed import (
    LONGEST_NAME,
    SHOWN,
    TAB,
    cleaned,
    columns,
    decoded,
    has_columns,
    resaved,
    said,
    shown,
)

FEED = "icews"
FOLLOWS = frozenset[str]()
NEEDED = (
    "event id", "event date", "source name", "source country", "event text", "cameo code", "intensity",
    "target name", "target country",
)  # fmt: skip
MISSING = frozenset({"", "NA"})

_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_US_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")  # as the file of 2017 has them
_SPOILT_CODE = re.compile(r"[1-9]|(2[1-9]|[3-9][0-9])[0-9]{0,2}")  # of no root: 040 without its zero


def begins(lines: list[bytes]) -> bool:
    """Whether the heading names ICEWS's columns, in any order."""
    return has_columns(lines, NEEDED)


def read(lines: Iterable[bytes], dyads: Dyads, tally: Tally) -> Iterator[Found]:
    """The signals of a file of events; ScrutinyError for one that a spreadsheet spoilt or that is not ICEWS."""
    sieve = Sieve(FEED, dyads, tally)

    @lru_cache(4096)
    def who(cell: bytes) -> str | None:
        country = decoded(cell).strip()
        return None if country in MISSING else dyads.by_name(country)  # NA is no Namibia

    numbered = enumerate(lines, 1)
    header = columns(FEED, numbered, NEEDED)
    source, target = header.index("source country"), header.index("target country")
    for number, line in numbered:
        if not line.strip():
            continue
        tally.read += 1
        cells = line.split(TAB)
        if len(cells) != len(header):
            yield Skipped(number, sieve.misfit(f"{len(cells)} columns under {len(header)}"), shown(line))
            continue
        if (acting := who(cells[source])) is None or (acted_on := who(cells[target])) is None:
            continue
        of = side((acting,), (acted_on,))
        if of and (found := _found(number, line, header, of, sieve)):
            yield found
    sieve.end()


def _found(number: int, line: bytes, header: list[str], of: Side, sieve: Sieve) -> Found | None:
    if not sieve.is_asked(of):
        return None
    try:
        event = _event(said(header, decoded(line).split("\t"), MISSING), of, sieve)
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
    what = _coded(row)
    return Event(
        uid=f"{FEED}:{row['event id']}:{happened_on}",  # the Event ID alone comes twice
        side=of,
        happened_on=happened_on,
        source=cleaned(row.get("source name", ""), LONGEST_NAME),
        target=cleaned(row.get("target name", ""), LONGEST_NAME),
        coded=what,
        score=_score(row, what),
        citation=cleaned(row.get("publisher", ""), LONGEST["source"]),
        story=row.get("story id", ""),
    )


def _coded(row: Mapping[str, str]) -> Coded:
    """What the CAMEO code says, or, where there is none, the event's text."""
    if code := row.get("cameo code"):
        if _SPOILT_CODE.fullmatch(code):
            raise resaved(FEED, "took zeros from its codes")
        return coded(code)
    if name := cleaned(row.get("event text", ""), LONGEST_NAME):
        return named(name)
    raise BadValue("there is neither a CAMEO Code nor an Event Text")


def _score(row: Mapping[str, str], what: Coded) -> float:
    """The Intensity, which is the Goldstein value; where it is missing, that of the code."""
    if intensity := row.get("intensity"):
        return hundredths(intensity)
    if what.score is None:
        raise BadValue("there is no Intensity")
    return what.score


@lru_cache(4096)
def _day(cell: str) -> date:
    """A day written 2018-06-01 or 6/1/2018; BadValue for anything else."""
    try:
        if iso := _ISO_DAY.fullmatch(cell):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if us := _US_DAY.fullmatch(cell):
            return date(int(us[3]), int(us[1]), int(us[2]))
    except ValueError:
        pass
    raise BadValue(f"no day '{cell[:SHOWN]}'")
