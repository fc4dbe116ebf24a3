"""Signal days that the model did not see coming, held against plain matrices."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.core.judge import Judge
from scrutiny.core.shares import signal_days
from scrutiny.core.signals import Signal
from scrutiny.core.surprise import SURPRISING, VERY, surprises
from scrutiny.core.temperament import SignalDay
from scrutiny.reports import doubt
from scrutiny.view import Line
from tests.dense import below_foretold
from tests.held import heard
from tests.test_bridge import DAY, ledgers, mirrored, numbered, told, turned
from tests.test_standing import by_day

LAWS = settings(deadline=None, derandomize=True, max_examples=35)
CLOSE = 1e-9
CALM = numbered([(100 + 30 * n, 2.0 + (n % 3) / 2, "B1") for n in range(12)])


def days_of(signals: list[Signal]) -> Sequence[SignalDay]:
    return signal_days(by_day(signals))


def found_in(signals: list[Signal], after: date | None = None) -> dict[date, float]:
    return surprises(Judge(days_of(signals)), after)


@LAWS
@given(st.one_of(ledgers(), turned()))
def test_a_surprise_is_what_both_tails_foretold_by_plain_matrices(signals: list[Signal]) -> None:
    days = days_of(signals)
    judge = Judge(days)
    for at, day in enumerate(days):
        below = below_foretold(days, day)
        assert judge.surprise(at) == pytest.approx(2 * min(below, 1 - below), rel=0, abs=CLOSE)
        assert 0 < judge.surprise(at) <= 1


@LAWS
@given(st.one_of(ledgers(), turned()))
def test_what_is_foretold_of_a_day_depends_on_no_later_day_and_not_on_its_own_score(signals: list[Signal]) -> None:
    days = days_of(signals)
    judge = Judge(days)
    for at, day in enumerate(days):
        alone = Judge([*days[:at], replace(day, y=-day.y)])
        assert alone.foretold(at) == judge.foretold(at)
        assert judge.foretold(at).mean == pytest.approx(judge.level_by(day.on.toordinal(), at).mean, rel=0, abs=CLOSE)


@LAWS
@given(st.one_of(ledgers(), turned()))
def test_a_mirrored_ledger_surprises_as_much(signals: list[Signal]) -> None:
    one, other = Judge(days_of(signals)), Judge(days_of(mirrored(signals)))
    found = [[judge.surprise(at) for at in range(len(judge.days))] for judge in (one, other)]
    assert found[1] == pytest.approx(found[0], rel=0, abs=CLOSE)


@LAWS
@given(st.one_of(ledgers(), turned()), st.one_of(st.none(), st.integers(0, 2000)))
def test_the_surprising_days_are_those_after_a_day_that_had_less_than_a_tenth(
    signals: list[Signal], ago: int | None
) -> None:
    after = None if ago is None else DAY - timedelta(ago)
    judge = Judge(days_of(signals))
    of_all = {day.on: judge.surprise(at) for at, day in enumerate(judge.days)}
    assert surprises(judge, after) == {
        on: probability for on, probability in of_all.items() if probability < 0.1 and (after is None or on > after)
    }


def test_the_marks_begin_at_a_tenth_and_at_a_hundredth() -> None:
    assert (SURPRISING, VERY) == (0.1, 0.01)
    assert [doubt.mark(chance) for chance in (None, 0.0999, 0.01, 0.00999, 0.0)] == ["", "!", "!", "!!", "!!"]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_day_far_from_a_calm_past_surprises_and_one_near_it_does_not(sign: int) -> None:
    near, far = ([*CALM, told(99, 5, score)] for score in (3.0, -6.0))
    assert found_in(near if sign > 0 else mirrored(near)) == {}
    found = found_in(far if sign > 0 else mirrored(far))
    assert list(found) == [DAY - timedelta(5)]
    assert found[DAY - timedelta(5)] < VERY


def test_a_day_surprises_exactly_where_it_had_less_than_a_tenth() -> None:
    chances = {}
    for hundredths in range(-800, 200, 2):
        judge = Judge([*days_of(CALM), SignalDay(DAY, 0.75, hundredths / 100)])
        chances[judge.surprise(len(CALM))] = bool(surprises(judge))
    assert [chance for chance, surprised in chances.items() if surprised is not (chance < 0.1)] == []
    assert any(0.095 < chance < 0.1 for chance in chances)
    assert any(0.1 < chance < 0.105 for chance in chances)


def test_the_first_day_is_foretold_by_nothing_and_never_surprises_much() -> None:
    judge = Judge([SignalDay(DAY, 1.0, 10.0)])
    assert judge.foretold(0).mean == 0
    assert judge.surprise(0) > VERY


def test_a_report_of_little_weight_surprises_less() -> None:
    heavy, light = (Judge(days_of([*CALM, told(99, 5, -6.0, grade)])).surprise(len(CALM)) for grade in ("A1", "D4"))
    assert heavy < light


def test_a_day_that_is_just_as_foretold_surprises_not_at_all() -> None:
    assert Judge([SignalDay(DAY, 1.0, 0.0)]).surprise(0) == pytest.approx(1)


def test_only_days_later_than_the_day_are_named() -> None:
    signals = [*CALM, told(99, 5, -8.0)]
    on = DAY - timedelta(5)
    assert list(found_in(signals, on - timedelta(1))) == [on]
    assert found_in(signals, on) == {}
    assert found_in([], on) == found_in([]) == {}


def test_the_surprising_days_are_one_line_latest_first() -> None:
    signals = [told(number, number % 8, 5.0) for number in range(1, 20)]
    found = {DAY - timedelta(ago): (0.004 if ago == 1 else 0.09) for ago in range(7)}
    (line,) = doubt.surprising(found, heard(signals))
    assert line == Line(
        "Surprising",
        "20 May 2026 #16 #8 ! 9.0% · 19 May 2026 #17 #9 +1 !! 0.4% · 18 May 2026 #18 #10 +1 ! 9.0% · "
        "17 May 2026 #19 #11 +1 ! 9.0% · 16 May 2026 #12 #4 ! 9.0% and 2 earlier days",
    )
    assert doubt.surprising({}, heard(signals)) == []
    assert {on: len(list(group)) for on, group in groupby(sorted(one.happened_on for one in signals))}[DAY] == 2
