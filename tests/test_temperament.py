"""The filter over columns: the same as over days, one run after another the same as one, nothing made a day."""

import random
from array import array
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.core import temperament
from scrutiny.core.beforehand import fading, foretelling
from scrutiny.core.judge import Judge
from scrutiny.core.learnt import State
from scrutiny.core.temperament import FORGET, NU0, TAILS, TEMPERAMENTS, SignalDay, SignalDays, Temperament
from scrutiny.core.trend import trend
from tests.test_trend import DAY, every, ledgers

LAWS = settings(deadline=None, derandomize=True, max_examples=40)
MOOD = TEMPERAMENTS["changeable"]


def columns(days: Sequence[SignalDay]) -> SignalDays:
    """The same days, from columns of three kinds."""
    ordinals = tuple(day.on.toordinal() for day in days)
    return SignalDays(ordinals, array("d", (day.weight for day in days)), [day.y for day in days])


# Days by columns


@LAWS
@given(ledgers(), st.integers(0, 30), st.integers(0, 30))
def test_columns_are_the_days_that_they_hold(days: list[SignalDay], first: int, end: int) -> None:
    held = columns(days)
    assert (list(held), len(held)) == (days, len(days))
    assert (held[0], held[-1]) == (days[0], days[-1])
    assert held[first:end] == days[first:end]
    assert held[:first] + held[first:] == days
    assert days == held == SignalDays.of(days)
    assert held != days[1:]
    assert held.until(days[-1].on - timedelta(1)) == days[:-1]


def test_columns_are_taken_as_they_are() -> None:
    held = columns(every(3, [1.0, 2.0]))
    assert SignalDays.of(held) is held
    assert Judge(held).days is held


def test_columns_of_unequal_length_are_no_days() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Judge(SignalDays([1, 2], [1.0, 1.0], [3.0]))


@LAWS
@given(ledgers(), st.randoms(use_true_random=False), st.integers(0, 400))
def test_a_trend_of_columns_is_that_of_the_days(days: list[SignalDay], chance: random.Random, ago: int) -> None:
    as_of, shuffled = days[-1].on - timedelta(ago), list(days)
    chance.shuffle(shuffled)
    found = trend(columns(days), as_of)
    assert found == trend(shuffled, as_of)
    if found:
        assert found.gains == dict(zip((day.on for day in days), found.day_gains, strict=False))
        assert len(found.gains) == found.days


def test_no_object_a_day_is_made_where_days_come_by_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    days = every(1, [1.0, 3.0, -2.0] * 40)
    held, wanted = columns(days), trend(days, DAY)
    monkeypatch.setattr(temperament, "SignalDay", None)
    found = trend(held, DAY)
    assert found == wanted
    assert found is not None
    assert found.judge.latest(DAY.toordinal() - 90).ruling(DAY.toordinal(), 90).direction is found.direction


# One run and several


@LAWS
@given(ledgers(least=2), st.data())
def test_a_run_in_two_parts_is_one_run(days: list[SignalDay], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(days)))
    whole, first = Temperament(MOOD, days), Temperament(MOOD, days[:at])
    known = list(first.states)
    assert Temperament(MOOD, days[at:], first.states).states == whole.states
    assert Temperament(MOOD, days[at:], whole.states[: at + 1]).states == whole.states
    assert Temperament(MOOD, days[at:], first.states[at:]).states == whole.states[at:]
    assert list(first.states) == known


@LAWS
@given(ledgers())
def test_states_are_read_one_by_one_or_a_part_of_all(days: list[SignalDay]) -> None:
    states = Temperament(MOOD, days).states
    assert len(states) == len(days) + 1
    assert [states[at] for at in range(len(states))] == list(states)
    assert (states[-1], states[-1:][0]) == (list(states)[-1],) * 2
    assert [state.day for state in states[1:]] == [day.on.toordinal() for day in days]
    assert all(list(states.each(part)) == [getattr(one, part) for one in states] for part in State._fields)


def test_what_is_known_of_no_day_does_not_depend_on_the_day() -> None:
    for mood in TEMPERAMENTS.values():
        first, last = (Temperament(mood, [SignalDay(on, 0.5, 3.0)]).states[1] for on in (date.min, date.max))
        assert first[1:] == last[1:]


@LAWS
@given(ledgers(), st.integers(0, 1000))
def test_the_means_of_levels_are_those_of_the_mixtures(days: list[SignalDay], later: int) -> None:
    judge = Judge(days)
    asked = [days[-1].on.toordinal() + later, days[-1].on.toordinal()]
    for count in range(len(days) + 1):
        means = [judge.level_by(on, count).mean for on in asked]
        assert judge.means_by(asked, count) == pytest.approx(means, rel=0, abs=1e-12)


# What is found once


@pytest.mark.parametrize("forget", [FORGET, 1.0])
def test_what_is_foretold_from_a_freedom_on_continues_what_was_foretold_before(forget: float) -> None:
    whole = foretelling(NU0, 2500, NU0, forget, TAILS)
    assert len(whole) == 2500
    for at in (0, 1, 40, 2000, 2499):
        freedom = whole[at][0]
        assert foretelling(freedom, 90, NU0, forget, TAILS)[: 2500 - at] == whole[at : at + 90]
    assert foretelling(whole[-1][1], 0, NU0, forget, TAILS) == []


def test_of_a_mood_nothing_is_left_of_the_prior_and_all_after_no_day() -> None:
    passing = fading(*MOOD)
    assert passing[0] == (1.0, 1.0, 0.0)
    assert passing[-temperament.LONG_AGO - 36_525] == (0.0, 0.0, MOOD.variance)
    fade, squared, strayed = passing[30]
    assert (squared, strayed) == (fade * fade, MOOD.variance * (1 - fade * fade))
