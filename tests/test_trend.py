"""The trend model: equal to plain matrices, and true to its laws."""

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scrutiny.core import judge, temperament
from scrutiny.core import trend as model
from scrutiny.core.days import WINDOW
from scrutiny.core.judge import Direction
from scrutiny.core.likelihood import likelihood
from scrutiny.core.temperament import SignalDay
from scrutiny.core.trend import PathPoint, Trend, trend
from scrutiny.errors import BadValue
from tests.dense import dense

DAY = date(2026, 5, 20)
LAWS = settings(deadline=None, derandomize=True, max_examples=60)
CLOSE = 1e-9
FIGURES = ("level", "low", "high", "p_positive", "was", "expected", "p_up", "p_down", "lasting", "mood")
MOVED = (Direction.STRENGTHENING, Direction.WEAKENING)

SCORES = st.integers(-1000, 1000).map(lambda hundredths: hundredths / 100)
WEIGHTS = st.one_of(st.sampled_from([1, 4, 9, 16]), st.integers(1, 80)).map(lambda sixteenths: sixteenths / 16)
GAPS = st.one_of(st.integers(1, 3), st.integers(4, 120), st.integers(121, 4000))
WINDOWS = st.one_of(st.just(90), st.sampled_from([1, 7, 365, 3650, 36_525]), st.integers(1, 1000))


@st.composite
def ledgers(draw: st.DrawFn, least: int = 1, most: int = 25) -> list[SignalDay]:
    """Signal days in order, from neighbouring ones to ones a decade apart."""
    gaps = draw(st.lists(GAPS, min_size=least - 1, max_size=most - 1))
    on = date(1900, 1, 1)
    days = [on, *(on := on + timedelta(gap) for gap in gaps)]
    return [SignalDay(on, draw(WEIGHTS), draw(SCORES)) for on in days]


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[SignalDay], date, int]:
    """A ledger, a day at or after one of its days, and a window."""
    days = draw(ledgers())
    at = draw(st.sampled_from(days)).on if draw(st.booleans()) else days[-1].on
    return days, at + timedelta(draw(st.one_of(st.just(0), GAPS))), draw(WINDOWS)


def asked(days: Sequence[SignalDay], as_of: date, window: int = 90) -> Trend:
    """The trend of a ledger that has one."""
    found = trend(days, as_of, window)
    assert found is not None
    return found


def every(gap: int, scores: Sequence[float], weight: float = 0.5625, until: date = DAY) -> list[SignalDay]:
    """Signal days at even distances, the last score on the last day."""
    last = len(scores) - 1
    return [SignalDay(until - timedelta(gap * (last - n)), weight, y) for n, y in enumerate(scores)]


def mirrored(days: Sequence[SignalDay]) -> list[SignalDay]:
    return [replace(day, y=-day.y) for day in days]


def assert_equals_dense(days: Sequence[SignalDay], as_of: date, window: int) -> None:
    found, wanted = asked(days, as_of, window), dense(days, as_of, window)
    for name in FIGURES:
        assert getattr(found, name) == pytest.approx(getattr(wanted, name), rel=0, abs=CLOSE), name
    assert found.temperaments == pytest.approx(wanted.temperaments, rel=0, abs=CLOSE)
    assert found.gains == pytest.approx(wanted.gains, rel=0, abs=CLOSE)


# The reference


@settings(LAWS, max_examples=250)
@given(questions())
def test_the_filter_equals_plain_matrices(question: tuple[list[SignalDay], date, int]) -> None:
    assert_equals_dense(*question)


@pytest.mark.parametrize(
    ("days", "as_of", "window"),
    [
        pytest.param([SignalDay(DAY, 0.25, 3.5)], DAY, 90, id="one day, judged on it"),
        pytest.param([SignalDay(DAY, 0.0625, -10.0)], DAY + timedelta(30_000), 90, id="one day, decades ago"),
        pytest.param(every(1, [5.0] * 5 + [-5.0] * 5, 5.0), DAY, 1, id="a window of a day"),
        pytest.param(every(1, [math.sin(n) * 9 for n in range(300)], 0.375), DAY, 90, id="a signal every day"),
        pytest.param(every(3652, [8.0, -8.0] * 5, 1.0), DAY, 36_525, id="a signal every ten years"),
        pytest.param(every(9, [10.0] * 40, 60.0), DAY, 90, id="many signals a day, all at the end of the scale"),
    ],
)
def test_the_filter_equals_plain_matrices_at_the_edges(days: list[SignalDay], as_of: date, window: int) -> None:
    assert_equals_dense(days, as_of, window)


def test_the_constants_are_the_documented_ones() -> None:
    of = temperament
    assert (of.V_A, of.R_DAY, of.R_SIG, of.NU0, of.S2_0, of.FORGET, of.TAILS) == (16, 1, 3, 3, 0.6, 0.98, 12)
    assert of.TEMPERAMENTS == {"steady": (0.5, 730), "changeable": (8, 365), "volatile": (2, 40)}
    assert (WINDOW, judge.TURN, judge.LEAST_DAYS, model.WEEKS) == (90, 0.60, 3, 53)
    assert [round(mood.half_life) for mood in of.TEMPERAMENTS.values()] == [506, 253, 28]


# Laws


def timeless(found: Trend) -> tuple[object, ...]:
    """All that a trend says but its dates."""
    figures = tuple(getattr(found, name) for name in FIGURES)
    path = tuple((point.level, point.band) for point in found.path)
    return *figures, found.direction, found.temperaments, tuple(found.gains.values()), path


@LAWS
@given(questions(), st.integers(-100_000, 100_000))
def test_shifting_all_dates_shifts_nothing(question: tuple[list[SignalDay], date, int], by: int) -> None:
    days, as_of, window = question
    shifted = [replace(day, on=day.on + timedelta(by)) for day in days]
    assert timeless(asked(shifted, as_of + timedelta(by), window)) == timeless(asked(days, as_of, window))


@LAWS
@given(questions(), st.randoms(use_true_random=False))
def test_the_order_of_entry_is_irrelevant(question: tuple[list[SignalDay], date, int], chance: random.Random) -> None:
    days, as_of, window = question
    shuffled = list(days)
    chance.shuffle(shuffled)
    assert trend(shuffled, as_of, window) == trend(days, as_of, window)


@LAWS
@given(questions())
def test_a_mirrored_ledger_gives_the_mirrored_answer(question: tuple[list[SignalDay], date, int]) -> None:
    days, as_of, window = question
    one, other = asked(days, as_of, window), asked(mirrored(days), as_of, window)
    for name in ("level", "was", "expected", "news", "time", "lasting", "mood"):
        assert getattr(other, name) == pytest.approx(-getattr(one, name), rel=0, abs=CLOSE)
    pairs = [
        (other.low, -one.high),
        (other.high, -one.low),
        (other.p_positive, 1 - one.p_positive),
        (other.p_up, one.p_down),
        (other.p_down, one.p_up),
    ]
    assert [left for left, _ in pairs] == pytest.approx([right for _, right in pairs], rel=0, abs=CLOSE)
    assert other.temperaments == pytest.approx(one.temperaments, rel=0, abs=CLOSE)
    assert other.gains == pytest.approx(one.gains, rel=0, abs=CLOSE)


def test_a_mirrored_ledger_moves_the_other_way() -> None:
    days = every(30, [1.0] * 12 + [8.0] * 3)
    assert asked(days, DAY).direction is Direction.STRENGTHENING
    assert asked(mirrored(days), DAY).direction is Direction.WEAKENING


@LAWS
@given(ledgers(), WINDOWS, st.integers(0, 5000))
def test_silence_is_no_news(days: list[SignalDay], window: int, longer: int) -> None:
    found = asked(days, days[-1].on + timedelta(window + longer), window)
    assert abs(found.news) <= 1e-12
    assert found.direction is Direction.NO_NEWS
    assert (found.p_direction, found.likelihood) == (None, None)


@LAWS
@given(questions())
def test_the_level_is_what_was_and_time_and_news_together(question: tuple[list[SignalDay], date, int]) -> None:
    found = asked(*question)
    assert found.was + found.time + found.news == pytest.approx(found.level, rel=0, abs=1e-12)
    assert found.lasting + found.mood == pytest.approx(found.level, rel=0, abs=CLOSE)


@LAWS
@given(questions())
def test_what_the_days_carry_adds_up_to_the_level(question: tuple[list[SignalDay], date, int]) -> None:
    days, as_of, window = question
    found = asked(days, as_of, window)
    scores = {day.on: day.y for day in days if day.on <= as_of}
    assert found.gains.keys() == scores.keys()
    carried = math.fsum(found.gains[on] * y for on, y in scores.items())
    assert carried == pytest.approx(found.level, rel=0, abs=CLOSE)


@LAWS
@given(ledgers(least=2), WINDOWS, st.data())
def test_later_signals_change_no_earlier_judgement(days: list[SignalDay], window: int, data: st.DataObject) -> None:
    known = data.draw(st.integers(1, len(days) - 1))
    as_of = days[known].on - timedelta(1)
    assume(days[known - 1].on <= as_of)
    assert trend(days, as_of, window) == trend(days[:known], as_of, window)


@LAWS
@given(questions())
def test_probabilities_and_bands_keep_their_bounds(question: tuple[list[SignalDay], date, int]) -> None:
    found = asked(*question)
    assert -10 <= found.low <= found.high <= 10
    assert 0 <= found.p_positive <= 1
    assert min(found.p_up, found.p_down) >= 0
    assert found.p_up + found.p_down <= 1 + CLOSE
    assert math.fsum(found.temperaments.values()) == pytest.approx(1, rel=0, abs=1e-12)


@pytest.mark.parametrize("gap", [1, 7, 14, 30, 60, 89])
@pytest.mark.parametrize("weight", [0.0625, 0.25, 0.75, 3.0])
def test_a_long_flat_series_has_no_direction(gap: int, weight: float) -> None:
    days = every(gap, [3.5] * max(20, 500 // gap), weight)
    found = asked(days, DAY)
    assert found.direction is Direction.UNCLEAR
    assert asked(mirrored(days), DAY).direction is Direction.UNCLEAR


@pytest.mark.parametrize("gap", [1, 7, 30])
@pytest.mark.parametrize("weight", [0.25, 0.75, 3.0])
def test_a_flip_long_ago_is_no_direction(gap: int, weight: float) -> None:
    ten_years = 3650 // gap
    days = every(gap, [3.5] * (ten_years // 2) + [-5.0] * ten_years, weight)
    assert asked(days, DAY).direction is Direction.UNCLEAR


@pytest.mark.parametrize("gap", [35, 40, 60, 75, 85])
def test_a_flip_long_ago_is_no_direction_where_signals_are_sparse(gap: int) -> None:
    ten_years = 3650 // gap
    days = every(gap, [3.5] * (ten_years // 2) + [-5.0] * ten_years, weight=0.75)
    assert asked(days, DAY).direction is Direction.UNCLEAR


@pytest.mark.parametrize("weight", [0.25, 0.75])
def test_one_outlier_moves_less_than_its_size_would(weight: float) -> None:
    calm = [3.0, 3.5, 2.5, 4.0, 3.0, 2.0] * 4
    fall = [
        asked(every(30, calm, weight), DAY).level - asked(every(30, [*calm, low], weight), DAY).level
        for low in (0.0, -10.0)
    ]
    assert 0 < fall[1] < fall[0] * 13 / 3


def test_an_outlier_that_stays_is_believed() -> None:
    calm = [3.0, 3.5, 2.5, 4.0, 3.0, 2.0] * 4
    levels = [asked(every(30, calm + [-8.0] * n), DAY).level for n in range(7)]
    assert levels == sorted(levels, reverse=True)
    assert levels[1] > 2
    assert -8 < levels[6] < 0


def test_a_flood_of_reports_on_one_day_does_not_make_a_level_of_its_own() -> None:
    calm = every(30, [3.0, 3.5, 2.5, 4.0, 3.0, 2.0] * 4, until=DAY - timedelta(30))
    before, one, flood = (asked([*calm, SignalDay(DAY, w, -2.0)], DAY).level for w in (1e-9, 0.25, 2500.0))
    assert before > one > flood > (before - 2) / 2


# Direction


@LAWS
@given(questions())
def test_the_direction_follows_the_rules(question: tuple[list[SignalDay], date, int]) -> None:
    days, as_of, window = question
    known = sorted(day.on for day in days if day.on <= as_of)
    start = as_of.toordinal() - window
    wanted = dense(days, as_of, window)
    assume(all(abs(p - 0.6) > CLOSE for p in (wanted.p_up, wanted.p_down)))
    if not any(on.toordinal() > start for on in known):
        direction = Direction.NO_NEWS
    elif len(known) < 3 or not any(on.toordinal() <= start for on in known):
        direction = Direction.TOO_FEW
    elif wanted.p_up > 0.6:
        direction = Direction.STRENGTHENING
    elif wanted.p_down > 0.6:
        direction = Direction.WEAKENING
    else:
        direction = Direction.UNCLEAR
    assert asked(days, as_of, window).direction is direction


@pytest.mark.parametrize(
    ("ago", "direction"),
    [
        ([0], Direction.TOO_FEW),
        ([120, 0], Direction.TOO_FEW),
        ([89, 60, 30, 0], Direction.TOO_FEW),
        ([90, 60, 30, 0], Direction.UNCLEAR),
        ([300, 200, 100, 89], Direction.UNCLEAR),
        ([300, 200, 100, 90], Direction.NO_NEWS),
        ([90], Direction.NO_NEWS),
    ],
)
def test_a_window_of_90_days_begins_after_the_90th_day_back(ago: list[int], direction: Direction) -> None:
    days = [SignalDay(DAY - timedelta(back), 0.25, 0.01) for back in ago]
    assert asked(days, DAY).direction is direction


@pytest.mark.parametrize("sign", [1, -1])
def test_a_direction_is_said_from_three_chances_in_five_on(sign: int) -> None:
    chances = []
    for tenths in range(20, 50):
        days = every(40, [2.0] * 12 + [tenths / 10])
        found = asked(days if sign > 0 else mirrored(days), DAY)
        chance = found.p_up if sign > 0 else found.p_down
        said = Direction.STRENGTHENING if sign > 0 else Direction.WEAKENING
        assert found.direction is (said if chance >= 0.6 else Direction.UNCLEAR)
        chances.append(chance)
    assert chances == sorted(chances)
    assert any(0.58 < chance < 0.6 for chance in chances)
    assert any(0.6 < chance < 0.62 for chance in chances)


@pytest.mark.parametrize("newest", [9.0, -5.0])
def test_the_likelihood_is_that_of_the_direction_said(newest: float) -> None:
    found = asked(every(40, [2.0] * 12 + [newest]), DAY)
    probability = found.p_up if newest > 0 else found.p_down
    assert found.p_direction == probability
    assert found.likelihood == likelihood(probability)


def test_without_a_direction_no_likelihood_is_said() -> None:
    found = asked(every(40, [2.0] * 13), DAY)
    assert (found.direction, found.p_direction, found.likelihood) == (Direction.UNCLEAR, None, None)


# What a trend says beside its figures


def test_the_temperament_is_the_one_with_more_than_half_the_weight() -> None:
    calm = asked(every(20, [3.0, 3.1] * 30, 5.0), DAY)
    slow = asked(every(60, [9.0] * 4 + [-9.0] * 4 + [9.0] * 4 + [-9.0] * 4, 5.0), DAY)
    wild = asked(every(15, ([9.0] * 3 + [-9.0] * 3) * 6, 5.0), DAY)
    unknown = asked(every(1, [1.0], 0.25), DAY)
    assert (calm.temperament, slow.temperament, wild.temperament) == ("steady", "changeable", "volatile")
    assert unknown.temperament is None
    assert wild.temperaments["volatile"] > 0.5


def test_a_trend_counts_only_the_days_that_it_knows() -> None:
    found = asked(every(10, [1.0] * 30), DAY - timedelta(5))
    assert (found.days, found.last, found.starts_before_window) == (29, DAY - timedelta(10), True)
    assert not asked(every(10, [1.0] * 9), DAY).starts_before_window
    assert asked(every(10, [1.0] * 10), DAY).starts_before_window


def test_there_is_no_trend_without_a_signal_day_up_to_the_day() -> None:
    assert trend([], DAY) is None
    assert trend(every(10, [1.0] * 3), DAY - timedelta(21)) is None


def test_before_the_first_signal_day_nothing_was_expected() -> None:
    found = asked(every(10, [4.0] * 5), DAY)
    assert (found.was, found.expected, found.news) == (0.0, 0.0, found.level)


def test_one_strong_signal_weighs_more_than_a_weak_one() -> None:
    strong, weak = (asked([SignalDay(DAY, weight, 8.0)], DAY).level for weight in (1.0, 0.0625))
    assert 8 > strong > weak > 0


def test_a_band_ends_where_the_scale_ends() -> None:
    found = asked(every(5, [10.0] * 20), DAY)
    assert found.high == 10.0
    assert asked(every(5, [-10.0] * 20), DAY).low == -10.0
    assert found.low < 10.0


# The path


@settings(LAWS, max_examples=20)
@given(questions())
def test_each_point_of_the_path_is_what_was_judged_on_that_day(
    question: tuple[list[SignalDay], date, int],
) -> None:
    days, as_of, window = question
    path = asked(days, as_of, window).path
    assert [point.on for point in path] == [as_of - timedelta(7 * back) for back in range(52, -1, -1)]
    for point in path:
        then = trend(days, point.on, window)
        if then is None:
            assert (point.judged, point.level, point.band) == (None, None, (None, None))
        else:
            assert (point.judged, point.level, point.band) == (then.judged, then.level, (then.low, then.high))


def test_the_path_has_points_without_a_level_before_the_first_signal() -> None:
    path = asked(every(7, [5.0] * 10), DAY).path
    assert [point.level is None for point in path] == [True] * 43 + [False] * 10
    assert path[0] == PathPoint(DAY - timedelta(364), None)


@pytest.mark.parametrize(
    ("as_of", "points"),
    [
        (date.min, 1),
        (date.min + timedelta(6), 1),
        (date.min + timedelta(7), 2),
        (date.min + timedelta(363), 52),
        (date.min + timedelta(364), 53),
        (date.max, 53),
    ],
)
def test_the_path_begins_with_the_calendar(as_of: date, points: int) -> None:
    path = asked([SignalDay(date.min, 1.0, 2.0)], as_of).path
    assert [point.on for point in path] == [as_of - timedelta(7 * back) for back in range(points - 1, -1, -1)]


# Extremes


def assert_finite(found: Trend) -> None:
    path = [figure for point in found.path for figure in (point.level, *point.band) if figure is not None]
    figures = [getattr(found, name) for name in FIGURES]
    assert all(map(math.isfinite, [*figures, *path, *found.temperaments.values(), *found.gains.values()]))


@pytest.mark.parametrize(
    ("days", "as_of", "window"),
    [
        pytest.param([SignalDay(date.min, 0.5, 3.0)], date.min, 1, id="the first day"),
        pytest.param([SignalDay(date.min, 0.5, 3.0)], date.min, 36_525, id="a window before the calendar"),
        pytest.param([SignalDay(date.max, 0.5, 3.0)], date.max, 36_525, id="the last day"),
        pytest.param([SignalDay(date.min, 0.5, 3.0), SignalDay(date.max, 9.0, -10.0)], date.max, 90, id="both"),
        pytest.param([SignalDay(date.min, 0.5, 3.0)], date.max, 1, id="ten thousand years of silence"),
        pytest.param([SignalDay(DAY, 1e-12, 10.0)], DAY, 1, id="next to no weight"),
        pytest.param(every(1, [10.0, -10.0] * 10, 1e9), DAY, 1, id="next to no noise"),
        pytest.param(every(1, [10.0, -10.0] * 10, 1e-12), DAY, 1, id="next to no weight, many times"),
        pytest.param(every(1, [(n * 37 % 201 - 100) / 10 for n in range(5000)]), DAY, 90, id="5,000 days"),
        pytest.param(every(1, [10.0] * 5000, 5.0), DAY, 90, id="5,000 equal days"),
    ],
)
def test_every_figure_is_finite_at_the_extremes(days: list[SignalDay], as_of: date, window: int) -> None:
    assert_finite(asked(days, as_of, window))


def test_a_signal_of_next_to_no_weight_says_next_to_nothing() -> None:
    found = asked([SignalDay(DAY, 1e-12, 10.0)], DAY)
    assert found.level == pytest.approx(0, abs=1e-9)
    assert found.p_positive == pytest.approx(0.5, abs=1e-9)


@pytest.mark.parametrize("window", [1, 36_525])
def test_a_window_is_a_day_to_a_century(window: int) -> None:
    assert asked(every(10, [1.0] * 5), DAY, window).window == window


@pytest.mark.parametrize("window", [0, -1, 36_526])
def test_any_other_window_is_refused(window: int) -> None:
    with pytest.raises(BadValue, match=f"no window of {window} days"):
        trend(every(10, [1.0] * 5), DAY, window)
    with pytest.raises(BadValue):
        trend([], DAY, window)
