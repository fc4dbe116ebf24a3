"""The most telling signals, found without reading all of them, held against reading all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.core.allies import SEEDS
from scrutiny.core.descent import largest
from scrutiny.core.filters import Filter
from scrutiny.core.heard import Heard
from scrutiny.core.parts import ALL, DOMESTIC, ECONOMIC, OF_KIND, PARTS, Part
from scrutiny.core.shares import Reading
from scrutiny.core.signals import Signal
from scrutiny.core.standing import Standing, standing
from scrutiny.core.telling import most_telling, telling
from tests.held import Held, heard
from tests.test_standing import DAY, SIGNALS, by_day, signal, stands

LAWS = settings(deadline=None, derandomize=True, max_examples=60)
OF = (*OF_KIND.values(), ECONOMIC, DOMESTIC)
FEW_SCORES = st.lists(  # so that many carry the same
    st.builds(signal, st.integers(0, 40), st.sampled_from([2.0, -2.0, 4.0]), st.sampled_from(["A1", "B2", "E5"])),
    min_size=1,
    max_size=40,
)


def numbered(signals: Sequence[Signal]) -> list[Signal]:
    """The same with uids of their own."""
    return [replace(one, uid=f"s{number:03}", id=number) for number, one in enumerate(signals)]


def told_most(one: Standing, signals: Sequence[Signal], part: Part) -> Signal | None:
    """The most telling signal of a part, by looking at all."""
    some = [each for each in signals if part.holds(each) and one.signal_carries(each)]
    return max(some, key=lambda s: (abs(one.signal_carries(s)), s.happened_on, s.uid), default=None)


@LAWS
@given(st.one_of(SIGNALS, FEW_SCORES).map(numbered), st.integers(0, 30))
def test_what_is_found_is_what_reading_every_signal_would_find(signals: list[Signal], most: int) -> None:
    one = stands(signals)
    assert [most_telling(one, heard(signals), part) for part in OF] == [told_most(one, signals, part) for part in OF]
    weighing = sorted(
        (each for each in signals if each.sixteenths), key=lambda s: (-abs(one.signal_carries(s)), s.uid)
    )
    found = standing(SEEDS[0], by_day(signals), DAY, 90)
    assert telling(found, heard(signals), most) == weighing[:most]


def test_the_most_telling_signal_carries_the_largest_part_either_way() -> None:
    signals = [signal(70, 0.5), signal(40, -5.0), signal(10, 1.0), signal(7, 10.0, "E5")]
    one = stands(signals)
    support, distancing = list(OF_KIND.values())[:2]
    assert most_telling(one, heard(signals), distancing) == signals[1]
    assert most_telling(one, heard(signals), support) == signals[2]
    assert most_telling(one, heard(signals), DOMESTIC) is None
    assert most_telling(stands(signals[3:]), heard(signals[3:]), support) is None


def test_of_two_equally_telling_signals_the_later_uid_is_named() -> None:
    first, second = (replace(signal(5, 4.0), uid=uid) for uid in ("a", "b"))
    support = next(iter(OF_KIND.values()))
    for signals in ([first, second], [second, first]):
        assert most_telling(stands(signals), heard(signals), support) == second


def test_of_years_of_signals_few_days_are_read() -> None:
    signals = numbered([signal(ago, 3.0 + ago % 5, "B2") for ago in range(1500)])
    held, one = Held(signals), stands(signals)
    found = Heard(held, Filter(), one.days)
    every = sorted(signals, key=lambda s: (-abs(one.signal_carries(s)), s.uid))
    assert telling(one, found, 3) == every[:3]
    assert len(held.read) < 100
    assert set(held.read.values()) == {1}


# -- what is heard


@LAWS
@given(st.one_of(SIGNALS, FEW_SCORES).map(numbered), st.integers(0, 50), st.integers(0, 1500))
def test_signals_are_heard_newest_first_however_they_are_asked_for(
    signals: list[Signal], most: int, ago: int
) -> None:
    newest = sorted(signals, key=lambda one: (one.happened_on, one.id or 0), reverse=True)
    found, first = heard(signals), (DAY - timedelta(ago)).toordinal()
    assert found.latest(most) == newest[:most]
    since = [one for one in newest if one.happened_on.toordinal() >= first]
    assert found.over(first, DAY.toordinal()) == since
    assert found.all() == newest
    assert found.on(one.happened_on for one in signals) == newest
    assert sorted(found.known, key=lambda one: one.uid) == signals


@LAWS
@given(SIGNALS.map(numbered))
def test_the_signals_that_say_something_are_those_of_its_day_weight_and_score(signals: list[Signal]) -> None:
    found = heard(signals)
    readings = found.readings({one.happened_on for one in signals})
    assert sum(one.signals for one in readings) == len(signals)
    for one in readings:
        alike = [each for each in signals if Reading.of(each) == replace(one, signals=1)]
        assert found.saying([one]) == alike
        assert len(alike) == one.signals


def test_a_day_is_read_once() -> None:
    held = Held(numbered([signal(ago, 1.0) for ago in range(9)]))
    found = Heard(held, Filter(), by_day(held.held))
    for _ in range(2):
        found.on([DAY, DAY - timedelta(1)])
        found.latest(3)
        found.over(DAY.toordinal() - 1, DAY.toordinal())
    assert dict(held.read) == {DAY: 1, DAY - timedelta(1): 1, DAY - timedelta(2): 1}


def test_nothing_is_heard_on_other_days() -> None:
    found = heard([signal(5, 1.0)])
    assert found.on([DAY]) == found.over(DAY.toordinal() - 4, DAY.toordinal()) == []
    assert found.readings([DAY]) == []
    assert [len(heard([]).all()), len(heard([]).latest(5))] == [0, 0]


# -- the largest of many


@LAWS
@given(
    st.dictionaries(st.integers(1, 60), st.lists(st.integers(0, 20), max_size=6)),
    st.integers(0, 12),
    st.sampled_from([0, 0, 1, 30]),
)
def test_the_largest_are_those_of_all_days_with_all_that_equal_the_last(
    of_day: dict[int, list[int]], most: int, loose: int
) -> None:
    read: list[int] = []

    def reading(days: Sequence[int]) -> list[int]:
        read.extend(days)
        return [one for on in days for one in of_day[on]]

    bounds = {on: max(of_day[on], default=0) + float(loose) for on in of_day}
    every = sorted((one for of in of_day.values() for one in of), reverse=True)
    least = every[: most or None][-1] if len(every) >= most > 0 else 0
    found = largest(bounds, reading, float, most)
    assert sorted(found, reverse=True) == ([one for one in every if one >= least] if most else [])
    assert len(read) == len(set(read))


def test_days_of_which_nothing_can_be_among_the_largest_are_not_read() -> None:
    read: list[int] = []

    def reading(days: Sequence[int]) -> list[int]:
        read.extend(days)
        return list(days)

    assert largest({on: float(on) for on in range(1000)}, reading, float, 2) == [999, 998]
    assert read == [999, 998, 997, 996]


@pytest.mark.parametrize("of", [ALL, *OF])
def test_a_part_that_is_asked_for_has_its_columns(of: Part) -> None:
    days = by_day([signal(5, 1.0)], asked=PARTS)
    assert [date.fromordinal(on) for on in days.on] == [DAY - timedelta(5)]
    assert len(days.columns) == 3 + len(PARTS)
    assert all(len(days.of(of, what)) == 1 for part, what in days.columns if part == of)
