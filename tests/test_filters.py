"""Filters and questions as values."""

from datetime import date

import pytest

from scrutiny.core.filters import ALL, FEEDS, Filter, Question
from scrutiny.core.signals import DESK, Actor

DAY = date(2026, 5, 20)


def test_a_filter_of_no_parts_asks_nothing() -> None:
    nothing = Filter()
    parts = [getattr(nothing, name) for name in Filter.__dataclass_fields__]
    assert not any(parts)


@pytest.mark.parametrize(
    ("as_of", "window", "since"),
    [
        (DAY, 90, date(2026, 2, 19)),
        (DAY, 1, date(2026, 5, 19)),
        (date(2024, 3, 1), 1, date(2024, 2, 29)),
        (DAY, 36_525, date(1926, 5, 20)),
        (date(1, 3, 31), 89, date.min),
        (date(1, 3, 31), 90, date.min),
        (date.min, 36_525, date.min),
        (date.max, 1, date(9999, 12, 30)),
    ],
)
def test_a_window_begins_so_many_days_back_or_with_the_calendar(as_of: date, window: int, since: date) -> None:
    assert Question(as_of, window).since == since


def test_a_question_asks_for_the_desk_s_signals_of_everybody_up_to_its_day() -> None:
    assert Question(DAY, 90).wanted() == Filter(origins=(DESK,), until=DAY)


@pytest.mark.parametrize("origin", [DESK, "gdelt", FEEDS, ALL])
@pytest.mark.parametrize("by", Actor)
def test_a_question_of_one_origin_one_side_and_some_allies_asks_for_these(origin: str, by: Actor) -> None:
    wanted = Question(DAY, 30, origin, by).wanted("china", "iran")
    assert wanted == Filter(allies=("china", "iran"), actors=(by,), origins=(origin,), until=DAY)
