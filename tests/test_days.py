"""Dates as people write them."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.core.days import MONTHS, looks_like_a_day, when
from scrutiny.errors import BadValue

TODAY = date(2026, 5, 21)
LAWS = settings(deadline=None, derandomize=True, max_examples=200)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-02-24", date(2026, 2, 24)),
        (" 2026-02-24\t", date(2026, 2, 24)),
        ("2027-01-01", date(2027, 1, 1)),
        ("0001-01-01", date.min),
        ("9999-12-31", date.max),
        ("2024-02-29", date(2024, 2, 29)),
        ("today", TODAY),
        ("Yesterday", date(2026, 5, 20)),
        ("0d", TODAY),
        ("3d", date(2026, 5, 18)),
        ("3D", date(2026, 5, 18)),
        ("2w", date(2026, 5, 7)),
        ("1m", date(2026, 4, 21)),
        ("5m", date(2025, 12, 21)),
        ("12m", date(2025, 5, 21)),
        ("4y", date(2022, 5, 21)),
        ("24feb", date(2026, 2, 24)),
        ("24FEB", date(2026, 2, 24)),
        ("24 feb", date(2026, 2, 24)),
        ("24-Feb", date(2026, 2, 24)),
        ("24 Feb.", date(2026, 2, 24)),
        ("24 February", date(2026, 2, 24)),
        ("24 Febr", date(2026, 2, 24)),
        ("21may", TODAY),
        ("22may", date(2025, 5, 22)),
        ("31dec", date(2025, 12, 31)),
        ("5 Sept", date(2025, 9, 5)),
        ("29feb", date(2024, 2, 29)),
        ("24 Feb 2025", date(2025, 2, 24)),
        ("24feb2025", date(2025, 2, 24)),
        ("24-feb-2025", date(2025, 2, 24)),
        ("24 Feb. 2025", date(2025, 2, 24)),
        ("4 march 2030", date(2030, 3, 4)),
        ("1 jan 0001", date.min),
        ("31dec9999", date.max),
        ("29 Feb 2000", date(2000, 2, 29)),
    ],
)
def test_a_date_is_read_as_people_write_it(text: str, day: date) -> None:
    assert when(text, TODAY) == day
    assert looks_like_a_day(text)


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("1m", date(2026, 3, 31), date(2026, 2, 28)),
        ("1m", date(2024, 3, 31), date(2024, 2, 29)),
        ("1y", date(2024, 2, 29), date(2023, 2, 28)),
        ("1m", date(2026, 1, 15), date(2025, 12, 15)),
        ("29feb", date(2024, 2, 29), date(2024, 2, 29)),
        ("29feb", date(2024, 2, 28), date(2020, 2, 29)),
        ("29feb", date(1903, 6, 1), date(1896, 2, 29)),
        ("29feb", date(1904, 2, 28), date(1896, 2, 29)),
        ("31dec", date.max, date.max),
        ("yesterday", date.max, date(9999, 12, 30)),
        ("1jan", date.min, date.min),
    ],
)
def test_a_date_is_seen_from_today(text: str, today: date, day: date) -> None:
    assert when(text, today) == day


@pytest.mark.parametrize(
    "text",
    ["02/03/2026", "2/3/26", "2026/02/24", "24.02.2026", "24-02-2026", "2026-2-4", "2026.02.24", "1-2-3"],
)
def test_a_date_that_can_be_read_in_more_than_one_way_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="can be read in more than one way") as refused:
        when(text, TODAY)
    assert refused.value.hint == "write year-month-day: 2026-02-24"
    assert looks_like_a_day(text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("2026-02-29", "2026-02-29"),
        ("2026-13-01", "2026-13-01"),
        ("2026-00-10", "2026-00-10"),
        ("0000-01-01", "0000-01-01"),
        ("31 June 2025", "2025-06-31"),
        ("30feb", "2026-02-30"),
        ("0feb", "2026-02-00"),
        ("99dec", "2026-12-99"),
        ("29feb2025", "2025-02-29"),
        ("1jan0000", "0000-01-01"),
    ],
)
def test_a_day_that_the_calendar_lacks_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(BadValue, match=f"the calendar has no {named}"):
        when(text, TODAY)
    assert looks_like_a_day(text)


@pytest.mark.parametrize(
    ("text", "today"),
    [
        ("9999y", TODAY),
        ("99999y", TODAY),
        ("2026y", TODAY),
        ("99999m", TODAY),
        ("99999w", date(1900, 1, 1)),
        ("99999d", date(200, 1, 1)),
        ("1d", date.min),
        ("1w", date.min),
        ("1m", date.min),
        ("1y", date.min),
    ],
)
def test_a_day_before_the_calendar_is_refused(text: str, today: date) -> None:
    with pytest.raises(BadValue, match=f"{text} ago is before the calendar begins"):
        when(text, today)


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "24", "feb", "24 fe", "24 foo", "feb 24", "20260224", "2026-W09", "3", "d3", "-3d", "3 d",
     "2026-02-24T10:00", "24 feb 25", "١٢feb", "Xi in Moscow", "123456d", "2026-02-24 or so"],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_the_forms_that_are(text: str) -> None:
    with pytest.raises(BadValue, match=f"no date '{text}'") as refused:
        when(text, TODAY)
    assert refused.value.hint == "write 2026-02-24, 24feb, yesterday, or 3d for three days ago"
    assert not looks_like_a_day(text)


@LAWS
@given(st.dates(), st.dates())
def test_every_day_is_read_back_from_its_iso_form(day: date, today: date) -> None:
    assert when(day.isoformat(), today) == day


@LAWS
@given(st.dates(), st.dates(), st.sampled_from(["{} {} {:04}", "{}{}{:04}", "{}-{}-{:04}"]), st.integers(3, 9))
def test_every_day_is_read_back_from_its_name(day: date, today: date, form: str, letters: int) -> None:
    assert when(form.format(day.day, MONTHS[day.month - 1][:letters], day.year), today) == day


@LAWS
@given(st.dates(min_value=date(9, 1, 1)), st.integers(1, 12), st.integers(1, 31))
def test_without_a_year_the_latest_day_that_is_not_in_the_future_is_meant(today: date, month: int, day: int) -> None:
    if day > calendar.monthrange(2024, month)[1]:
        with pytest.raises(BadValue):
            when(f"{day}{MONTHS[month - 1]}", today)
        return
    found = when(f"{day}{MONTHS[month - 1]}", today)
    assert (found.month, found.day) == (month, day)
    assert found <= today
    later = (year for year in range(found.year + 1, today.year + 1) if day <= calendar.monthrange(year, month)[1])
    assert all(date(year, month, day) > today for year in later)


@LAWS
@given(st.dates(min_value=date(300, 1, 1)), st.integers(0, 99_999))
def test_days_ago_are_counted(today: date, count: int) -> None:
    assert when(f"{count}d", today) == today - timedelta(count)


@LAWS
@given(st.dates(min_value=date(100, 1, 1)), st.integers(0, 1100))
def test_months_ago_keep_the_day_or_the_month_s_last(today: date, count: int) -> None:
    found = when(f"{count}m", today)
    assert (today.year - found.year) * 12 + today.month - found.month == count
    assert found.day == min(today.day, calendar.monthrange(found.year, found.month)[1])
