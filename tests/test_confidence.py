"""How firmly a direction stands and what would turn it, held against ledgers judged from scratch."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.core.allies import SEEDS
from scrutiny.core.confidence import FEW, Confidence, Firmness, Turning, firmness, turning
from scrutiny.core.filters import Filter, Question
from scrutiny.core.heard import Heard
from scrutiny.core.judge import Direction, Judge
from scrutiny.core.lever import Lever
from scrutiny.core.shares import Reading, left, signal_days
from scrutiny.core.signals import Signal
from scrutiny.core.standing import firm, standing
from scrutiny.core.temperament import SignalDay
from scrutiny.core.trend import Trend
from scrutiny.reports import doubt
from scrutiny.view import Line
from tests.held import Held, heard
from tests.test_bridge import DAY, account, judged, ledgers, mirrored, numbered, told, turned, without
from tests.test_standing import by_day

LAWS = settings(deadline=None, derandomize=True, max_examples=30)
CLOSE = 1e-9
SCORES = [tenths / 10 for tenths in range(-100, 101) if tenths]
CALM: list[tuple[int, float, str | None]] = [
    (100 + 30 * n, 2.0, "B1") for n in range(9)
]  # nine months of +2, all before the window
WINDOWS = st.sampled_from([90, 90, 30, 400])


def known(signals: Sequence[Signal], window: int = 90) -> Trend:
    """The trend of a ledger that has one."""
    found = judged(signals, window=window)
    assert found is not None
    return found


def inside(signals: Sequence[Signal], window: int = 90) -> list[Signal]:
    return [one for one in signals if 0 <= (DAY - one.happened_on).days < window]


def asked(signals: Sequence[Signal], window: int = 90) -> Firmness | None:
    return firmness(known(signals, window), heard(signals))


def by_scratch(signals: Sequence[Signal], window: int = 90) -> Firmness | None:
    """The same by judging every ledger that lacks one signal of the window from scratch."""
    said = known(signals, window).direction
    if not said.is_said:
        return None
    needed = []
    for one in sorted(inside(signals, window), key=lambda one: (one.happened_on, one.uid)):
        left = judged(without(signals, one), window=window)
        if left is None or left.direction is not said:
            needed.append(one)
    if needed:
        return Firmness(Confidence.LOW, tuple(needed))
    weighing = sum(one.sixteenths > 0 for one in inside(signals, window))
    return Firmness(Confidence.HIGH if weighing >= 5 else Confidence.MODERATE)


# Firmness


@settings(LAWS, max_examples=90)
@given(st.one_of(turned(), turned(), ledgers()), WINDOWS)
def test_a_direction_hangs_on_those_signals_without_which_it_is_not_said(signals: list[Signal], window: int) -> None:
    if judged(signals, window=window):
        assert asked(signals, window) == by_scratch(signals, window)


@LAWS
@given(turned())
def test_a_mirrored_ledger_is_as_firm(signals: list[Signal]) -> None:
    if judged(signals):
        one, other = asked(signals), asked(mirrored(signals))
        assert (one is None) == (other is None)
        if one and other:
            assert one.confidence is other.confidence
            assert [signal.uid for signal in one.hangs_on] == [signal.uid for signal in other.hangs_on]
        assert other == by_scratch(mirrored(signals))


@LAWS
@given(turned())
def test_all_that_ask_how_firm_a_direction_is_hear_the_same(signals: list[Signal]) -> None:
    if found := account(signals):
        assert found.standing.firm == asked(signals)
        stands = standing(SEEDS[0], by_day(signals), DAY, 90)
        assert [one.firm for one in firm([stands], Question(DAY, 90), Held(signals))] == [asked(signals)]


@pytest.mark.parametrize(
    ("recent", "confidence", "hangs_on"),
    [
        pytest.param([(5 + n, 8.0, "B1") for n in range(5)], "high", [], id="five"),
        pytest.param([(5 + n, 8.0, "B1") for n in range(9)], "high", [], id="nine"),
        pytest.param([(5, 8.0, "B1")] * 5, "high", [], id="five of one day"),
        pytest.param([(5 + n, 8.0, "B1") for n in range(4)], "moderate", [], id="four"),
        pytest.param([(5 + n, 8.0, "B1") for n in range(2)], "moderate", [], id="two"),
        pytest.param([*((5 + n, 8.0, "B1") for n in range(4)), (4, 9.0, "E5")], "moderate", [], id="four that weigh"),
        pytest.param([(5, 8.0, "B1")], "low", [10], id="one"),
        pytest.param([(5, 8.0, "B1"), (5, 7.0, "E5")], "low", [10], id="one that weighs"),
        pytest.param([(60, 2.0, "B1"), (5, 8.0, "B1"), (40, 2.0, "D4")], "low", [11], id="one of three"),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_confidence_follows_what_is_left_without_each(
    recent: list[tuple[int, float, str | None]], confidence: str, hangs_on: list[int], sign: int
) -> None:
    signals = numbered([*CALM, *recent])
    found = asked(signals if sign > 0 else mirrored(signals))
    assert found is not None
    assert found.confidence == confidence
    assert [one.id for one in found.hangs_on] == hangs_on


def test_two_of_one_day_that_say_the_same_are_needed_alike() -> None:
    signals = numbered([*CALM, (5, 3.2, "C3"), (5, 3.2, "C3")])
    assert known(signals).direction is Direction.STRENGTHENING
    found = asked(signals)
    assert found == by_scratch(signals)
    assert found is not None
    assert [one.id for one in found.hangs_on] == [10, 11]


@pytest.mark.parametrize("grades", [("D4", "A1"), ("A1", "D4")])
def test_of_two_of_one_day_with_the_same_score_only_the_weighty_one_is_needed(grades: tuple[str, str]) -> None:
    signals = numbered([*CALM, *((5, 4.0, grade) for grade in grades)])
    found = asked(signals)
    assert found is not None
    assert [str(one.grade) for one in found.hangs_on] == ["A1"]


def test_what_a_direction_hangs_on_comes_by_day_and_uid() -> None:
    signals = numbered([*CALM, (20, 3.6, "C3"), (60, 3.6, "C3"), (20, 3.6, "C3")])
    found = asked(signals)
    assert found is not None
    assert list(found.hangs_on) == sorted(found.hangs_on, key=lambda one: (one.happened_on, one.uid))
    assert asked([*reversed(signals)]) == found


def test_a_direction_hangs_on_the_signal_that_makes_a_third_day() -> None:
    signals = numbered([(120, -3.0, "A1"), (10, 9.0, "A1"), (5, 9.0, "A1")])
    assert known(signals).direction is Direction.STRENGTHENING
    found = asked(signals)
    assert found is not None
    assert [one.id for one in found.hangs_on] == [2, 3]


@pytest.mark.parametrize(
    ("said", "direction"),
    [
        (CALM, Direction.NO_NEWS),
        ([*CALM, (5, 2.0, "B1")], Direction.UNCLEAR),
        ([(5, 2.0, "B1")], Direction.TOO_FEW),
    ],
)
def test_nothing_is_firm_where_no_direction_is_said(
    said: list[tuple[int, float, str | None]], direction: Direction
) -> None:
    signals = numbered(said)
    assert known(signals).direction is direction
    assert asked(signals) is None


# The judge without a signal


DAYS = st.lists(
    st.tuples(st.one_of(st.integers(1, 3), st.integers(1, 4000)), st.integers(1, 80), st.integers(-1000, 1000)),
    max_size=20,
)


def in_order(said: Sequence[tuple[int, int, int]], after: date) -> list[SignalDay]:
    """Signal days, each so many days after the one before."""
    days = []
    for gap, sixteenths, hundredths in said:
        after += timedelta(gap)
        days.append(SignalDay(after, sixteenths / 16, hundredths / 100))
    return days


@LAWS
@given(DAYS, DAYS, st.data())
def test_a_judge_of_other_days_from_a_place_on_is_a_fresh_judge_of_them(
    before: list[tuple[int, int, int]], others: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    judge = Judge(in_order(before, date(1900, 1, 1)))
    at = data.draw(st.integers(0, len(judge.days)))
    other = in_order(others, judge.days[at - 1].on if at else date(1900, 1, 1))
    found, fresh = judge.instead(at, other), Judge([*judge.days[:at], *other])
    assert (found.days, found.ordinals) == (fresh.days, fresh.ordinals)
    assert [one.states for one in found.temperaments] == [one.states for one in fresh.temperaments]
    now = date(2200, 1, 1).toordinal()
    assert found.ruling(now, 90) == fresh.ruling(now, 90)
    assert judge.days == in_order(before, date(1900, 1, 1))


def test_a_judge_of_no_days_knows_nothing_and_says_no_direction() -> None:
    found = Judge([]).ruling(DAY.toordinal(), 90)
    assert (found.judged.mean, found.was, found.expected) == (0, 0, 0)
    assert (found.p_up, found.p_down) == pytest.approx((0.5, 0.5))
    assert not found.direction.is_said


@LAWS
@given(ledgers())
def test_what_is_left_of_a_day_is_the_day_of_its_other_signals(signals: list[Signal]) -> None:
    for one in signals:
        others = [day for day in signal_days(by_day(without(signals, one))) if day.on == one.happened_on]
        assert left(by_day(signals), Reading.of(one)) == (others[0] if others else None)


# What would turn it


def one_more(signals: Sequence[Signal], score: float) -> list[Signal]:
    return [*signals, told(998, 0, score, "B1")]


def turned_by_scratch(signals: Sequence[Signal], window: int = 90) -> Turning | None:
    """What one more B1 signal would change, by judging each ledger that has it from scratch."""
    said = known(signals, window).direction
    judges = {score: Judge(signal_days(by_day(one_more(signals, score)))) for score in SCORES}
    with_more = {score: judge.ruling(DAY.toordinal(), window) for score, judge in judges.items()}

    if any(ruling.direction is Direction.TOO_FEW for ruling in with_more.values()):
        return None

    def first(scores: Sequence[float], wanted: Direction) -> float | None:
        return next((score for score in scores if with_more[score].direction is wanted), None)

    if not said.is_said:
        return Turning(None, first(SCORES, Direction.STRENGTHENING), first(SCORES[::-1], Direction.WEAKENING))
    is_up = said is Direction.STRENGTHENING
    firmest = max(SCORES, key=lambda score: with_more[score].p_up if is_up else with_more[score].p_down)
    away = SCORES[SCORES.index(firmest) :: -1] if is_up else SCORES[SCORES.index(firmest) :]
    ends = next((score for score in away if with_more[score].direction is not said), None)
    up, down = first(away, Direction.STRENGTHENING), first(away, Direction.WEAKENING)
    return Turning(ends, None if is_up else up, down if is_up else None)


def assert_turns_as_told(signals: Sequence[Signal], window: int = 90) -> None:
    """The scores are those found from scratch, and a ledger that has such a signal is judged accordingly."""
    found, said = turning(known(signals, window)), known(signals, window).direction
    assert found == turned_by_scratch(signals, window)
    if found:
        if found.ends is not None:
            assert known(one_more(signals, found.ends), window).direction is not said
        if found.up is not None:
            assert known(one_more(signals, found.up), window).direction is Direction.STRENGTHENING
        if found.down is not None:
            assert known(one_more(signals, found.down), window).direction is Direction.WEAKENING


@settings(LAWS, max_examples=15)
@given(st.one_of(turned(), ledgers(most=10)), WINDOWS)
def test_what_would_turn_a_direction_turns_it(signals: list[Signal], window: int) -> None:
    if judged(signals, window=window):
        assert_turns_as_told(signals, window)


TURNINGS: dict[str, list[tuple[int, float, str | None]]] = {
    "said mildly": [(160, 3.5, "B1"), (130, 0.5, "B1"), (100, 3.5, "B1"), (10, 3.0, "B1"), (5, 3.0, "B1")],
    "said on a day with signals": [*CALM, (0, 8.0, "C3"), (0, 7.0, "A1"), (9, 9.0, "B1")],
    "said on a day with a signal that weighs nothing": [*CALM, (0, -8.0, "E5"), (9, 9.0, "B1")],
    "too firm to be erased": [*CALM, *((n, 9.0, "A1") for n in range(1, 20))],
    "not clear": [*CALM, (5, 2.0, "B1")],
    "not clear on a day with signals": [*CALM, (0, 2.0, "A1"), (0, 2.5, None)],
    "no news": CALM,
    "no news of two days": [(300, 3.0, "B1"), (200, 3.0, "B1")],
}


@pytest.mark.parametrize("said", TURNINGS.values(), ids=TURNINGS)
def test_what_would_turn_each_kind_of_direction_turns_it(said: list[tuple[int, float, str | None]]) -> None:
    assert_turns_as_told(numbered(said))


@pytest.mark.parametrize("of", ["said mildly", "said on a day with signals", "not clear on a day with signals"])
def test_what_would_turn_a_mirrored_ledger_turns_it(of: str) -> None:
    assert_turns_as_told(mirrored(numbered(TURNINGS[of])))


def test_a_direction_that_is_said_ends_before_it_turns() -> None:
    up = turning(known(numbered(TURNINGS["said mildly"])))
    down = turning(known(mirrored(numbered(TURNINGS["said mildly"]))))
    assert up is not None
    assert up.ends is not None
    assert up.down is not None
    assert up.ends > up.down
    assert down == Turning(ends=-up.ends, up=-up.down, down=None)


def test_a_direction_that_nothing_said_in_a_day_could_end_has_no_score_that_ends_it() -> None:
    signals = numbered(TURNINGS["too firm to be erased"])
    assert known(signals).direction is Direction.STRENGTHENING
    assert turning(known(signals)) == Turning(None, None, None)


def test_where_no_direction_is_said_the_mildest_scores_that_make_one_are_named() -> None:
    found = turning(known(numbered(CALM)))
    assert found is not None
    assert found.ends is None
    assert found.up is not None
    assert found.down is not None
    assert found.down < 2 < found.up


@pytest.mark.parametrize("said", [[(5, 3.0, "B1")], [(5, 3.0, "B1"), (3, 3.0, "B1"), (2, 3.0, "B1")]])
def test_nothing_would_turn_where_there_are_too_few_signals(said: list[tuple[int, float, str | None]]) -> None:
    assert turning(known(numbered(said))) is None


def test_one_day_of_old_news_has_too_few_days_for_one_more_to_turn_it() -> None:
    assert turning(known(numbered([(200, 3.0, "B1")]))) is None


def test_two_signal_days_are_enough_where_one_more_makes_a_direction() -> None:
    found = known(numbered([(260, 3.0, "B1"), (40, 3.0, "B1")]))
    assert found.direction is Direction.TOO_FEW
    turn = turning(found)
    assert turn is not None
    assert turn.ends is None
    assert turn.down is not None
    more = known(numbered([(260, 3.0, "B1"), (40, 3.0, "B1"), (0, turn.down, "B1")]))
    assert more.direction is Direction.WEAKENING


# Windows of many signals


def busy(seed: int, a_day: int = 5) -> list[Signal]:
    """Months of as many signals a day as a feed has, about a level that strays."""
    dice, level, said = random.Random(seed), 0.0, []  # noqa: S311  # reproducible, not secret
    for ago in range(100, -1, -1):
        level = 0.98 * level + dice.gauss(0, 0.4)
        for _ in range(dice.randrange(1, 2 * a_day)):
            score = round(max(-10.0, min(10.0, level + dice.gauss(0, 3))), 1) or 0.1
            said.append((ago, score, dice.choice(["A1", "B2", "B3", "C3", "C4", "D4", "E5", None])))
    return numbered(said)


@pytest.mark.parametrize("seed", [17, 22, 29, 44])  # on 5, 2, 33 and 1 signals
def test_of_many_signals_none_is_overlooked_on_which_the_direction_hangs(seed: int) -> None:
    signals = busy(seed)
    assert len(inside(signals, 20)) > FEW
    assert asked(signals, 20) == by_scratch(signals, 20)


GRADES = ["A1", "B1", "B2", "D4"]


def crowded(seed: int) -> list[Signal]:
    """A few days of dozens of signals, and a few of one alone."""
    dice = random.Random(seed)  # noqa: S311  # as above
    said = [(90 + dice.randrange(600), dice.uniform(-10, 10)) for _ in range(dice.randrange(1, 8))]
    for _ in range(dice.randrange(1, 4)):
        ago, about = dice.randrange(90), dice.uniform(-9, 9)
        said += [(ago, about + dice.gauss(0, 2)) for _ in range(dice.randrange(20, 60))]
    said += [(dice.randrange(90), dice.uniform(-10, 10)) for _ in range(dice.randrange(1, 5))]
    return scored(said, dice)


def alone(seed: int) -> list[Signal]:
    """Dozens of days, nearly each of one signal, that stray; some are far out."""
    dice, level, ago, said = random.Random(seed), 0.0, 180.0, []  # noqa: S311  # as above
    gap, noise = 90 / dice.randrange(52, 75), dice.choice([0.5, 2, 4])
    while ago >= 0:
        level = 0.99 * level + dice.gauss(0, 0.2)
        said.append((int(ago), dice.choice([-9.0, 9.0]) if dice.random() < 0.04 else level + dice.gauss(0, noise)))
        ago -= gap * dice.choice([0.3, 1, 1.7])
    return scored(said, dice)


def scored(said: list[tuple[int, float]], dice: random.Random) -> list[Signal]:
    """Signals so many days ago, each of some grade, their scores on the scale."""
    return numbered([(ago, round(max(-10.0, min(10.0, y)), 1) or 0.1, dice.choice(GRADES)) for ago, y in said])


@pytest.mark.parametrize(
    ("made", "seed"), [(crowded, 600), (crowded, 3479), (crowded, 1596), (alone, 249), (alone, 340)]
)
def test_of_many_signals_none_is_overlooked_that_is_a_large_part_of_its_day(
    made: Callable[[int], list[Signal]], seed: int
) -> None:
    signals = made(seed)
    assert len(inside(signals)) > FEW
    assert asked(signals) == by_scratch(signals)


def test_at_most_those_are_tried_that_would_move_the_level_most(monkeypatch: pytest.MonkeyPatch) -> None:
    signals = busy(29)
    of_all = asked(signals, 20)
    monkeypatch.setattr("scrutiny.core.confidence.TRIED", 5)
    some = asked(signals, 20)
    assert some is not None
    assert of_all is not None
    assert 0 < len(set(map(Reading.of, some.hangs_on))) <= 5
    assert set(some.hangs_on) < set(of_all.hangs_on)


def test_no_day_is_read_of_which_no_signal_could_take_the_direction_away() -> None:
    signals = busy(1, a_day=40)
    held = Held(signals)
    assert known(signals, 20).direction is Direction.STRENGTHENING
    found = firmness(known(signals, 20), Heard(held, Filter(), by_day(signals)))
    assert found == Firmness(Confidence.HIGH)
    assert len(held.read) < 10
    assert set(held.read.values()) == {1}


@LAWS
@given(st.integers(0, 10_000), st.integers(1, 30))
def test_no_signal_moves_the_level_further_than_its_day_lets_any(seed: int, weight: int) -> None:
    dice = random.Random(seed)  # noqa: S311  # reproducible, not secret
    lever = Lever(dice.uniform(-1, 1), weight / 16, dice.uniform(-10, 10), dice.uniform(-10, 10))
    for sixteenths in range(1, min(16, weight) + 1):
        for hundredths in (-1000, dice.randrange(-1000, 1000), 1000):
            said = Reading("china", DAY, sixteenths, hundredths)
            assert abs(lever.moves(said)) <= lever.most + CLOSE


def test_of_a_year_of_signals_the_one_is_found_on_which_the_direction_hangs() -> None:
    old = [(500 + n, 0.55, "D4") for n in range(5)]
    signals = numbered([*old, *((n, 0.4, "D4") for n in range(1, 140)), (0, 9.0, "A1")])
    assert known(signals, 365).direction is Direction.STRENGTHENING
    some = asked(signals, 365)
    assert some is not None
    assert [one.score for one in some.hangs_on] == [9.0]


# In words


@pytest.mark.parametrize(
    ("direction", "turn", "said"),
    [
        (
            Direction.STRENGTHENING,
            Turning(-0.2, None, -5.1),
            "one more B1 at -0.2 on 20 May 2026 erases it; one at -5.1 turns it",
        ),
        (
            Direction.STRENGTHENING,
            Turning(1.5, None, None),
            "one more B1 at +1.5 on 20 May 2026 erases it; none turns it",
        ),
        (Direction.STRENGTHENING, Turning(None, None, None), "no single B1 on 20 May 2026 erases it; none turns it"),
        (
            Direction.WEAKENING,
            Turning(0.2, 5.1, None),
            "one more B1 at +0.2 on 20 May 2026 erases it; one at +5.1 turns it",
        ),
        (
            Direction.UNCLEAR,
            Turning(None, 3.2, -1.3),
            "one more B1 on 20 May 2026 at +3.2 makes it ▲ strengthening, at -1.3 makes it ▼ weakening",
        ),
        (Direction.NO_NEWS, Turning(None, None, 4.4), "one more B1 on 20 May 2026 at +4.4 makes it ▼ weakening"),
        (Direction.NO_NEWS, Turning(None, 4.4, None), "one more B1 on 20 May 2026 at +4.4 makes it ▲ strengthening"),
        (Direction.UNCLEAR, Turning(None, None, None), "no single B1 on 20 May 2026 gives it a direction"),
    ],
)
def test_what_would_turn_it_is_one_line(direction: Direction, turn: Turning, said: str) -> None:
    found = doubt.would_turn(replace(known(numbered(CALM)), direction=direction), turn)
    assert found == [Line("Would turn", said)]


def test_machines_are_told_the_same_scores() -> None:
    assert doubt.turning(Turning(-0.2, None, -5.1)) == {"ends": -0.2, "up": None, "down": -5.1}
    assert doubt.turning(Turning(None, None, None)) == {"ends": None, "up": None, "down": None}
    assert doubt.turning(None) is None
    assert doubt.would_turn(known(numbered(CALM)), None) == []


def test_confidence_is_one_line() -> None:
    signals = tuple(told(number, number, 5.0) for number in range(1, 8))
    said = [
        doubt.confidence(found)
        for found in (
            None,
            Firmness(Confidence.HIGH),
            Firmness(Confidence.MODERATE),
            Firmness(Confidence.LOW, signals[:1]),
            Firmness(Confidence.LOW, signals[:2]),
            Firmness(Confidence.LOW, signals),
        )
    ]
    assert said == [
        [],
        [Line("Confidence", "high: it stands without any one of its signals")],
        [Line("Confidence", "moderate: it stands without any one of its few signals")],
        [Line("Confidence", "low: without #1 nothing is left of it")],
        [Line("Confidence", "low: it falls if any one of #1 #2 is taken out")],
        [Line("Confidence", "low: it falls if any one of #1 #2 #3 #4 #5 +2 is taken out")],
    ]
