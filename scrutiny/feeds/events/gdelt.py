"""GDELT events, 2.0 and 1.0: tab-separated, without a header, each line by itself of either layout."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import chain, islice

from scrutiny.core.text import LONGEST
from scrutiny.errors import BadValue, ScrutinyError
from scrutiny.feeds import Found, Skipped, Tally
from scrutiny.feeds.cameo import coded
from scrutiny.feeds.dyads import Dyads, Side, check_lag, hundredths, side
from scrutiny.feeds.sieve import Event, Sieve, not_of
from scrutiny.feeds.tabbed import BOM, LONGEST_NAME, SHOWN, TAB, cleaned, decoded, resaved, shown

FEED = "gdelt"
FOLLOWS = frozenset({"--min-mentions", "--root-only", "--max-lag"})

# Columns, counted from 0.
NUMBER, DAY, NAME_1, COUNTRY_1, NAME_2, COUNTRY_2 = 0, 1, 6, 7, 16, 17
IS_ROOT, CODE, ROOT, GOLDSTEIN, MENTIONS = 25, 26, 28, 30, 31
ADDED = {61: 59, 58: 56, 57: 56}  # by how many there are: 2.0, 1.0 with the source and without
URL = {61: 60, 58: 57}

_MOST = 2**31 - 1  # what a server's integer holds
_TOLD = 4_096  # lines of no dyad after which it is told how many there were
_LOOKED_AT = 1_000  # lines at the beginning that tell whether a file is what it should be
_BEGINS = re.compile(rb'"?[0-9][0-9.,E+]*"?([\t,;])"?[0-9]{8}"?\1')
_QUOTED = re.compile(rb'"[^"\r\n]*"')
_SCIENTIFIC = re.compile(r"[0-9][.,]?[0-9]*E\+[0-9]+", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]{1,20}")
_DAY = re.compile(r"[0-9]{8}")
_URL = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)


def begins(lines: list[bytes]) -> bool:
    """Whether a line has an event's number, its day, and as many columns as GDELT has, whatever separates them."""
    return any(_separator(line) for line in lines)


def read(lines: Iterable[bytes], dyads: Dyads, tally: Tally) -> Iterator[Found]:
    """The signals of a file of events; ScrutinyError for one that a spreadsheet spoilt or that is not GDELT.

    Of most lines the first country tells that they are of no dyad, at a small part of the cost of splitting them.
    """
    lines = iter(lines)
    first = [line.removeprefix(BOM) for line in islice(lines, _LOOKED_AT)]
    _check(first)
    sieve = Sieve(FEED, dyads, tally)
    who = {code.encode(): one for code, one in dyads.by_code().items()}
    sides = {(one, other): side((who[one],), (who[other],)) for one in who for other in who}
    number = blank = 0
    for number, line in enumerate(chain(first, lines), 1):
        cells = line.split(TAB, COUNTRY_1 + 1)
        if len(cells) > COUNTRY_1 + 1 and cells[COUNTRY_1] not in who:
            if not number % _TOLD:
                tally.read = number - blank
            continue
        tally.read = number - blank
        if not line.strip():
            blank += 1
        elif len(cells) <= COUNTRY_1 + 1:
            yield Skipped(number, sieve.misfit(_misfit(line)), shown(line))
        elif found := _found(number, line, sides, sieve, dyads.max_lag):
            yield found
    tally.read = number - blank
    sieve.end()


def _found(
    number: int, line: bytes, sides: Mapping[tuple[bytes, bytes], Side | None], sieve: Sieve, max_lag: int
) -> Found | None:
    """What comes of a row whose first country may be of a dyad."""
    countries = line.split(TAB, COUNTRY_2 + 1)
    if len(countries) <= COUNTRY_2 + 1:
        return Skipped(number, sieve.misfit(_misfit(line)), shown(line))
    of = sides.get((countries[COUNTRY_1], countries[COUNTRY_2]))
    if of is None or not sieve.is_asked(of):
        return None
    try:
        cells = decoded(line).split("\t")
        if len(cells) not in ADDED:
            raise BadValue(sieve.misfit(_misfit(line)))
        event = _event(cells, of, sieve, max_lag)
        return event and sieve.row(number, event)
    except BadValue as error:
        return Skipped(number, error.message, shown(line))


def _event(cells: list[str], of: Side, sieve: Sieve, max_lag: int) -> Event | None:
    """The row as an event; None where an option leaves it out."""
    added = cells[ADDED[len(cells)]]
    if len(cells[ROOT]) == 1 or _SCIENTIFIC.fullmatch(added):
        raise _spoilt()
    mentions, happened_on = _count(cells[MENTIONS]), _day(cells[DAY])
    if not (sieve.is_prominent(is_root=cells[IS_ROOT] == "1", mentions=mentions) and sieve.is_in_time(happened_on)):
        return None
    check_lag(happened_on, _day(added[:8]), max_lag)
    if not _DIGITS.fullmatch(cells[NUMBER]):
        raise BadValue(f"no number of an event '{cells[NUMBER][:SHOWN]}'")
    citation = cleaned(cells[URL[len(cells)]], LONGEST["source"]) if len(cells) in URL else ""
    return Event(
        uid=f"{FEED}:{cells[NUMBER]}",
        side=of,
        happened_on=happened_on,
        source=_name(cells[NAME_1]),
        target=_name(cells[NAME_2]),
        coded=coded(cells[CODE]),
        score=hundredths(cells[GOLDSTEIN]),
        citation=citation,
        story=citation if _URL.fullmatch(citation) else "",  # a mere "BBC Monitoring" names no one story
        mentions=mentions,
    )


@lru_cache(4096)
def _name(cell: str) -> str:
    return cleaned(cell, LONGEST_NAME)


@lru_cache(4096)
def _day(cell: str) -> date:
    """A day written 20151027; BadValue for anything else."""
    try:
        if _DAY.fullmatch(cell):
            return date(int(cell[:4]), int(cell[4:6]), int(cell[6:]))
    except ValueError:
        pass
    raise BadValue(f"no day '{cell[:SHOWN]}'")


@lru_cache(4096)
def _count(cell: str) -> int:
    if _DIGITS.fullmatch(cell) and 0 < int(cell) <= _MOST:
        return int(cell)
    raise BadValue(f"no number of mentions '{cell[:SHOWN]}'")


def _misfit(line: bytes) -> str:
    return f"{line.count(TAB) + 1} columns, where GDELT has 61, 58 or 57"


def _check(lines: list[bytes]) -> None:
    """ScrutinyError where the first lines tell that the file is not what it should be."""
    written = [line for line in lines if line.strip()]
    rows = [cells for line in written if len(cells := decoded(line).split("\t")) in ADDED]
    if any(len(cells[ROOT]) == 1 or _SCIENTIFIC.fullmatch(cells[ADDED[len(cells)]]) for cells in rows):
        raise _spoilt()
    if any(_separator(line) not in (b"", TAB) for line in written):
        raise resaved(FEED, "put other signs between the columns")
    if len(rows) * 2 < len(written):
        raise not_of(FEED, len(written) - len(rows), len(written))


def _separator(line: bytes) -> bytes:
    """What stands between the columns of a line that may be GDELT's, quotes or not; empty for any other line."""
    found = _BEGINS.match(line.removeprefix(BOM))
    if found is None:
        return b""
    return found[1] if _QUOTED.sub(b"", line).count(found[1]) + 1 in ADDED else b""


def _spoilt() -> ScrutinyError:
    return resaved(FEED, "took zeros from its codes and digits from its dates")
