"""Days as people write them."""

import calendar
import re
from datetime import date, timedelta

from scrutiny.errors import BadValue

WINDOW = 90  # days over which a direction is judged, unless asked otherwise
HINT = "write 2026-02-24, 24feb, yesterday, or 3d for three days ago"
MONTHS = tuple(  # calendar.month_name follows the locale
    "january february march april may june july august september october november december".split()
)

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NAMED = re.compile(r"([0-9]{1,2})[ -]?([a-z]{3,9})\.?[ -]?([0-9]{4})?")
_AGO = re.compile(r"([0-9]{1,5})([dwmy])")
_AMBIGUOUS = re.compile(r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}")


def when(text: str, today: date) -> date:
    """The day that the text means, seen from today; BadValue where it means none, or more than one."""
    low = text.strip().casefold()
    day = _read(low, today)
    if day is not None:
        return day
    if _AMBIGUOUS.fullmatch(low):
        raise BadValue(f"the date '{text}' can be read in more than one way", "write year-month-day: 2026-02-24")
    raise BadValue(f"no date '{text}'", HINT)


def a_year_before(day: date) -> date:
    """The same day of the year before; the calendar's first where there is none."""
    return _ago(1, "y", day) if day.year > 1 else date.min


def looks_like_a_day(text: str) -> bool:
    """Whether the text has the shape of a date, right or wrong."""
    low = text.strip().casefold()
    named = _NAMED.fullmatch(low)
    return (
        low in ("today", "yesterday")
        or any(shape.fullmatch(low) for shape in (_ISO, _AGO, _AMBIGUOUS))
        or bool(named and _month(named[2]))
    )


def _read(low: str, today: date) -> date | None:
    if low in ("today", "yesterday"):
        return today - timedelta(days=low == "yesterday")
    if found := _ISO.fullmatch(low):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _AGO.fullmatch(low):
        return _ago(int(found[1]), found[2], today)
    if (found := _NAMED.fullmatch(low)) and (month := _month(found[2])):
        return _named(int(found[1]), month, found[3], today)
    return None


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadValue(f"the calendar has no {year:04}-{month:02}-{day:02}") from None


def _month(word: str) -> int | None:
    """1 to 12 for an English month's name, whole or its first three letters or more."""
    return next((n for n, name in enumerate(MONTHS, 1) if name.startswith(word) and len(word) > 2), None)


def _named(day: int, month: int, year: str | None, today: date) -> date:
    """A day and month; without a year the latest one that is not in the future."""
    if year:
        return _day(int(year), month, day)
    for back in range(9):  # a 29 February may be eight years ago
        candidate = today.year - back
        if candidate >= 1 and day <= calendar.monthrange(candidate, month)[1]:
            found = _day(candidate, month, day)
            if found <= today:
                return found
    return _day(today.year, month, day)


def _ago(count: int, unit: str, today: date) -> date:
    try:
        if unit in "dw":
            return today - timedelta(days=count * (7 if unit == "w" else 1))
        months = today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError, calendar.IllegalMonthError):
        raise BadValue(f"{count}{unit} ago is before the calendar begins") from None
