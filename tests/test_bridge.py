"""Why a level moved and what carries it, held against plain matrices and against ledgers without the signal."""

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby, pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scrutiny.core.account import Account
from scrutiny.core.acts import Kind
from scrutiny.core.allies import SEEDS
from scrutiny.core.filters import Question
from scrutiny.core.judge import Direction
from scrutiny.core.shares import signal_days
from scrutiny.core.signals import Grade, Signal
from scrutiny.core.standing import standing
from scrutiny.core.temperament import SignalDay
from scrutiny.core.trend import Trend, trend
from tests.dense import dense, level_on
from tests.held import heard
from tests.test_standing import by_day

DAY = date(2026, 5, 20)
LAWS = settings(deadline=None, derandomize=True, max_examples=35)
CLOSE = 1e-9
GRADES = st.sampled_from([None, "A1", "B1", "B2", "C3", "D4", "E5", "A5"])
WINDOWS = st.one_of(st.just(90), st.sampled_from([1, 365, 36_525]), st.integers(1, 5000))


def told(number: int, ago: int, score: float, grade: str | None = "B1") -> Signal:
    """A signal of either sign so many days before DAY."""
    return Signal(
        uid=f"s{number:03}",
        id=number,
        ally="china",
        happened_on=DAY - timedelta(ago),
        kind=Kind.SANCTIONS,
        score=score,
        summary="What happened",
        grade=Grade.read(grade) if grade else None,
    )


def numbered(said: Sequence[tuple[int, float, str | None]]) -> list[Signal]:
    """Signals given as days ago, score and grade."""
    return [told(number, *one) for number, one in enumerate(said, 1)]


@st.composite
def ledgers(draw: st.DrawFn, most: int = 15) -> list[Signal]:
    """Signals of which several share a day, some are alike, some weigh nothing, and some lie decades apart."""
    ago = st.one_of(st.integers(0, 3), st.integers(0, 100), st.integers(0, 1500), st.integers(0, 36_600))
    tenths = st.one_of(st.sampled_from([350, -200, 500]), st.integers(-1000, 1000).filter(bool))
    one = st.tuples(ago, tenths.map(lambda hundredths: hundredths / 100), GRADES)
    said = draw(st.lists(one, min_size=1, max_size=most))
    return numbered(said + draw(st.lists(st.sampled_from(said), max_size=3)))


@st.composite
def turned(draw: st.DrawFn) -> list[Signal]:
    """Signals that went one way for years and then went another for weeks."""
    calm, shift = draw(st.integers(-5, 5)), draw(st.sampled_from([-6, -4, 4, 6]))
    near = st.integers(-100, 100).map(lambda hundredths: hundredths / 100 + 0.005)
    before = st.tuples(st.integers(91, 1200), near.map(lambda off: round(calm + off, 2) or 0.5), GRADES)
    after = st.tuples(
        st.one_of(st.integers(0, 2), st.integers(0, 89)),
        near.map(lambda off: min(10.0, max(-10.0, round(calm + shift + off, 2))) or 0.5),
        GRADES,
    )
    said = [*draw(st.lists(before, min_size=2, max_size=8)), *draw(st.lists(after, min_size=1, max_size=7))]
    return numbered(said + draw(st.lists(st.sampled_from(said), max_size=2)))


def judged(signals: Sequence[Signal], as_of: date = DAY, window: int = 90) -> Trend | None:
    """The trend of a ledger, from scratch."""
    return trend(signal_days(by_day(signals, asked=())), as_of, window)


def account(signals: Sequence[Signal], as_of: date = DAY, window: int = 90) -> Account | None:
    """The account of a ledger that holds these signals, by those up to the day."""
    known = [one for one in signals if one.happened_on <= as_of]
    return Account.of(standing(SEEDS[0], by_day(known), as_of, window), heard(known), Question(as_of, window))


def asked(signals: Sequence[Signal], as_of: date = DAY, window: int = 90) -> Account:
    """The account of a ledger that has one."""
    found = account(signals, as_of, window)
    assert found is not None
    return found


def without(signals: Sequence[Signal], one: Signal) -> list[Signal]:
    return [other for other in signals if other.uid != one.uid]


def mirrored(signals: Sequence[Signal]) -> list[Signal]:
    return [replace(one, score=-one.score) for one in signals]


def moved(found: Account) -> dict[str, float]:
    """By how much each signal of the window moved the level, by its uid."""
    return {step.signal.uid: step.moved for step in found.bridge().steps}


def weighty(signals: Sequence[Signal]) -> list[Signal]:
    """The same with one signal more that weighs something, long ago."""
    return [*signals, told(999, 36_700, 1.0)]


# The bridge


@LAWS
@given(ledgers(), WINDOWS, st.integers(0, 40))
def test_the_bridge_leads_from_what_was_to_the_level(signals: list[Signal], window: int, later: int) -> None:
    found = asked(weighty(signals), DAY + timedelta(later), window)
    bridge = found.bridge()
    assert bridge.level == pytest.approx(found.trend.level, rel=0, abs=CLOSE)
    assert bridge.was == pytest.approx(found.trend.was, rel=0, abs=CLOSE)
    assert bridge.time == pytest.approx(found.trend.time, rel=0, abs=CLOSE)
    assert math.fsum(step.moved for step in bridge.steps) == pytest.approx(found.trend.news, rel=0, abs=CLOSE)


@LAWS
@given(ledgers(), WINDOWS)
def test_the_bridge_has_a_step_for_each_signal_of_the_window_in_order(signals: list[Signal], window: int) -> None:
    found = asked(weighty(signals), window=window)
    inside = [one for one in weighty(signals) if (DAY - one.happened_on).days < window]
    assert [step.signal for step in found.bridge().steps] == sorted(inside, key=lambda s: (s.happened_on, s.uid))


@settings(LAWS, max_examples=30)
@given(ledgers(), WINDOWS, st.integers(0, 40))
def test_a_days_steps_are_its_revision_of_the_forecast_by_plain_matrices(
    signals: list[Signal], window: int, later: int
) -> None:
    as_of = DAY + timedelta(later)
    found, days = asked(weighty(signals), as_of, window), signal_days(by_day(weighty(signals)))
    for on, steps in groupby(found.bridge().steps, key=lambda step: step.signal.happened_on):
        before = level_on([day for day in days if day.on < on], as_of)
        after = level_on([day for day in days if day.on <= on], as_of)
        assert math.fsum(step.moved for step in steps) == pytest.approx(after - before, rel=0, abs=CLOSE)


@LAWS
@given(ledgers(), WINDOWS)
def test_a_signal_that_weighs_nothing_moves_nothing(signals: list[Signal], window: int) -> None:
    for step in asked(weighty(signals), window=window).bridge().steps:
        if not step.signal.sixteenths:
            assert step.moved == 0.0


@LAWS
@given(ledgers(), WINDOWS)
def test_a_mirrored_ledger_moves_by_mirrored_steps(signals: list[Signal], window: int) -> None:
    one, other = asked(weighty(signals), window=window), asked(mirrored(weighty(signals)), window=window)
    bridge, reflected = one.bridge(), other.bridge()
    assert [reflected.was, reflected.time] == pytest.approx([-bridge.was, -bridge.time], rel=0, abs=CLOSE)
    assert moved(other) == pytest.approx({uid: -by for uid, by in moved(one).items()}, rel=0, abs=CLOSE)


@LAWS
@given(ledgers(), WINDOWS)
def test_what_one_signal_moved_is_its_step(signals: list[Signal], window: int) -> None:
    found = asked(weighty(signals), window=window)
    steps = moved(found)
    for one in found.heard.all():
        assert found.moved(one) == steps.get(one.uid)


@LAWS
@given(ledgers(), WINDOWS, st.randoms(use_true_random=False))
def test_the_bridge_does_not_depend_on_the_order_of_entry(
    signals: list[Signal], window: int, chance: random.Random
) -> None:
    shuffled = weighty(signals)
    chance.shuffle(shuffled)
    assert asked(shuffled, window=window).bridge() == asked(weighty(signals), window=window).bridge()


@LAWS
@given(ledgers(), st.integers(-1000, 1000).filter(bool), st.sampled_from(["A1", "C3", None]))
def test_signals_that_say_the_same_on_one_day_move_the_level_alike(
    signals: list[Signal], hundredths: int, grade: str | None
) -> None:
    twins = [told(number, 5, hundredths / 100, grade) for number in (101, 102)]
    one, other = (moved(asked([*signals, *twins]))[twin.uid] for twin in twins)
    assert one == other


@LAWS
@given(ledgers(), st.integers(1, 300), st.integers(-400, 400))
def test_of_one_days_equal_weights_the_higher_score_moves_further_up_in_proportion(
    signals: list[Signal], apart: int, middle: int
) -> None:
    scores = [(middle + apart * n) / 100 for n in (-1, 0, 1)]
    assume(all(scores))
    trio = [told(101 + n, 5, score) for n, score in enumerate(scores)]
    steps = moved(asked([*signals, *trio]))
    low, mid, high = (steps[one.uid] for one in trio)
    assert low < mid < high
    assert high - mid == pytest.approx(mid - low, rel=0, abs=CLOSE)


@LAWS
@given(ledgers(), st.integers(1, 1000), st.integers(1, 1000))
def test_two_steps_of_a_day_differ_by_its_gain_times_the_distance_of_their_scores(
    signals: list[Signal], high: int, low: int
) -> None:
    up, down = told(101, 5, high / 100), told(102, 5, -low / 100)
    steps = moved(asked([*signals, up, down]))
    known = [day for day in signal_days(by_day([*signals, up, down])) if day.on <= up.happened_on]
    gain = dense(known, DAY, 90).gains[up.happened_on] * 0.75 / known[-1].weight
    assert steps[up.uid] - steps[down.uid] == pytest.approx(gain * (high + low) / 100, rel=0, abs=CLOSE)


@LAWS
@given(ledgers(), st.integers(-1000, 1000).filter(bool))
def test_of_one_days_equal_scores_the_heavier_moves_further_by_its_weight(
    signals: list[Signal], hundredths: int
) -> None:
    heavy, light = told(101, 5, hundredths / 100, "A1"), told(102, 5, hundredths / 100, "C3")
    steps = moved(asked([*signals, heavy, light]))
    assert steps[heavy.uid] == pytest.approx(4 * steps[light.uid], rel=0, abs=CLOSE)


def test_the_only_signal_moves_the_level_from_nothing_to_all_of_it() -> None:
    one = told(1, 10, 5.0)
    found = asked([one])
    bridge = found.bridge()
    assert (bridge.was, bridge.time) == (0.0, 0.0)
    assert moved(found) == {one.uid: pytest.approx(found.trend.level, rel=0, abs=CLOSE)}
    assert found.trend.level > 1


def test_in_silence_only_time_moves_the_level() -> None:
    found = asked(numbered([(300, 4.0, "A1"), (200, 6.0, "A1"), (90, 5.0, "A1")]))
    bridge = found.bridge()
    assert bridge.steps == ()
    assert bridge.was + bridge.time == pytest.approx(found.trend.level, rel=0, abs=CLOSE)
    assert bridge.time < -0.05


def test_two_signals_of_a_day_that_pull_both_ways_have_steps_of_both_signs() -> None:
    calm = [told(number, 100 + 30 * number, 2.0) for number in range(1, 9)]
    up, down = told(101, 3, 9.0), told(102, 3, -5.0)
    steps = moved(asked([*calm, up, down]))
    assert steps[down.uid] < -0.2
    assert steps[up.uid] > 0.2
    assert abs(steps[up.uid] + steps[down.uid]) < 0.2  # together they say what was foretold


@pytest.mark.parametrize("window", [1, 36_525])
def test_a_window_of_a_day_or_of_a_century_has_a_bridge(window: int) -> None:
    signals = numbered([(36_524, 5.0, "A1"), (10_000, -3.0, "C3"), (1, 2.0, "B2"), (0, 7.0, "B2"), (0, 4.0, "E5")])
    found = asked(signals, window=window)
    assert len(found.bridge().steps) == (2 if window == 1 else 5)
    assert found.bridge().level == pytest.approx(found.trend.level, rel=0, abs=CLOSE)


@pytest.mark.parametrize("as_of", [date.min, date.min + timedelta(4), date.min + timedelta(89)])
def test_a_window_that_reaches_before_the_calendar_holds_the_calendars_first_day(as_of: date) -> None:
    first = replace(told(1, 0, 5.0), happened_on=date.min)
    found = asked([first], as_of)
    assert found.bridge().was == found.trend.was
    assert [step.signal for step in found.bridge().steps] == [first]


# What carries the level


@LAWS
@given(ledgers(), WINDOWS)
def test_what_all_signals_carry_adds_up_to_the_level(signals: list[Signal], window: int) -> None:
    found = asked(weighty(signals), window=window)
    parts = {each.signal.uid: each.carries for each in found.carried(found.heard.all())}
    assert math.fsum(parts.values()) == pytest.approx(found.trend.level, rel=0, abs=CLOSE)
    standing_says = {one.uid: found.standing.signal_carries(one) for one in found.heard.all()}
    assert parts == pytest.approx(standing_says, rel=0, abs=CLOSE)


@LAWS
@given(st.one_of(ledgers(), turned()), st.integers(0, 40))
def test_the_level_without_a_signal_is_that_of_the_ledger_without_it(signals: list[Signal], later: int) -> None:
    as_of = DAY + timedelta(later)
    found = account(signals, as_of)
    for each in found.carried(found.heard.all()) if found else ():
        left = judged(without(signals, each.signal), as_of)
        assert each.level_without == pytest.approx(left.level if left else 0.0, rel=0, abs=CLOSE)


@LAWS
@given(st.one_of(ledgers(), turned()), WINDOWS)
def test_the_direction_without_a_signal_is_that_of_the_ledger_without_it(signals: list[Signal], window: int) -> None:
    found = asked(weighty(signals), window=window)
    for one in found.heard.all():
        left = judged(without(weighty(signals), one), window=window)
        if left is not None:
            assert found.direction_without(one) is left.direction


@LAWS
@given(ledgers())
def test_a_signal_that_weighs_nothing_carries_nothing_and_is_not_missed(signals: list[Signal]) -> None:
    found = asked(weighty(signals))
    for each in found.carried(found.heard.all()):
        if not each.signal.sixteenths:
            assert each.carries == 0.0
            assert each.level_without == pytest.approx(found.trend.level, rel=0, abs=CLOSE)


@LAWS
@given(ledgers())
def test_in_a_mirrored_ledger_the_signals_carry_mirrored_parts(signals: list[Signal]) -> None:
    one, other = asked(weighty(signals)), asked(mirrored(weighty(signals)))
    parts, reflected = (
        {each.signal.uid: (each.carries, each.level_without) for each in found.carried(found.heard.all())}
        for found in (one, other)
    )
    for uid, (carries, left) in parts.items():
        assert reflected[uid] == pytest.approx((-carries, -left), rel=0, abs=CLOSE)


ALONE = numbered([(200, 3.0, "B1"), (40, -4.0, "B2"), (5, 6.0, "C2")])
TOGETHER = [*ALONE, told(11, 5, -2.0, "A1"), told(12, 5, 8.0, None), told(13, 5, 9.0, "E5")]
TWINS = [*ALONE, told(11, 40, -4.0, "B2"), told(12, 40, -4.0, "B2")]


@pytest.mark.parametrize(
    ("signals", "number"),
    [
        pytest.param(ALONE, 3, id="the only one of its day"),
        pytest.param(ALONE, 1, id="the first of all"),
        pytest.param(TOGETHER, 11, id="one of several of a day"),
        pytest.param(TOGETHER, 13, id="one that weighs nothing beside others"),
        pytest.param(TWINS, 2, id="the first of three alike"),
        pytest.param(TWINS, 12, id="the last of three alike"),
    ],
)
def test_taking_one_signal_away_leaves_the_ledger_without_it(signals: list[Signal], number: int) -> None:
    found = asked(signals)
    one = next(one for one in found.heard.all() if one.id == number)
    (each,) = found.carried([one])
    left = judged(without(signals, one))
    assert left is not None
    assert each.level_without == pytest.approx(left.level, rel=0, abs=CLOSE)
    assert found.direction_without(one) is left.direction


def test_without_the_only_signal_the_level_is_nothing() -> None:
    one = told(1, 10, 5.0)
    found = asked([one, told(2, 10, 3.0, "E5")])
    each, idle = found.carried([one, found.heard.all()[0]])
    assert (each.level_without, idle.level_without) == (0.0, found.trend.level)
    assert each.carries == pytest.approx(found.trend.level, rel=0, abs=CLOSE)


def test_without_the_only_signal_it_says_what_is_said_of_an_ally_without_a_level() -> None:
    found = asked([told(1, 10, 5.0)])
    assert found.direction_without(found.heard.all()[0]) is Direction.TOO_FEW


def test_signals_alike_in_all_but_their_uid_carry_alike_and_are_missed_alike() -> None:
    found = asked(TWINS)
    alike = [each for each in found.carried(found.heard.all()) if each.signal.id in (2, 11, 12)]
    assert len({(each.carries, each.level_without) for each in alike}) == 1
    assert alike[0].carries < 0 < alike[0].level_without - found.trend.level


def test_the_largest_are_those_that_carry_most_either_way() -> None:
    signals = numbered([(300, 0.5, "B1"), (40, -6.0, "A1"), (10, 5.0, "A1"), (5, 10.0, "E5"), (4, 0.3, "D4")])
    found = asked(signals)
    parts = [abs(each.carries) for each in found.largest(10)]
    assert all(one >= other for one, other in pairwise(parts))
    assert {each.signal.id for each in found.largest(10)} == {1, 2, 3, 5}
    assert found.largest(2) == found.largest(10)[:2]
    assert {each.signal.id for each in found.largest(2)} == {2, 3}
    assert found.largest(0) == []


def test_of_equally_large_ones_the_lower_uid_comes_first() -> None:
    found = asked(TWINS)
    order = [each.signal.id for each in found.largest(10)]
    assert [number for number in order if number in (2, 11, 12)] == [2, 11, 12]


def test_there_is_no_account_where_nothing_weighs() -> None:
    assert account([]) is None
    assert account([told(1, 10, 5.0, "E5"), told(2, 5, -3.0, "A5")]) is None
    assert account([told(1, 10, 5.0)], DAY - timedelta(11)) is None


def test_an_account_knows_no_later_signals() -> None:
    signals = [told(number, 30 * number, 5.0) for number in range(1, 8)]
    as_of = DAY - timedelta(100)
    found, then = asked(signals, as_of), asked([one for one in signals if one.happened_on <= as_of], as_of)
    assert (found.trend, found.bridge(), found.heard.all()) == (then.trend, then.bridge(), then.heard.all())
    assert found.carried(found.heard.all()) == then.carried(then.heard.all())
    days = [SignalDay(one.happened_on, 0.75, 5.0) for one in signals]
    assert found.trend == trend(days, as_of, 90)
