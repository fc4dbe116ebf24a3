"""Whether an ally plays both sides: Griffin's index by hand, over the last year, by weight."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.core.acts import Kind
from scrutiny.core.ambivalence import Ambivalence, ambivalence
from scrutiny.core.filters import Filter
from scrutiny.core.parts import SIDES
from scrutiny.core.shares import Days
from scrutiny.core.signals import Grade, Signal
from scrutiny.reports import doubt
from scrutiny.store.ledger import Ledger
from scrutiny.view import Line
from tests.test_bridge import DAY, ledgers, mirrored, numbered
from tests.test_standing import by_day

LAWS = settings(deadline=None, derandomize=True, max_examples=60)


def asked(said: Sequence[tuple[int, float, str | None]], as_of: date = DAY) -> Ambivalence | None:
    """The ambivalence of signals given as days ago, score and grade."""
    return ambivalence(by_day(numbered(said)), as_of)


# The index


@pytest.mark.parametrize(
    ("positive", "negative", "index", "both"),
    [
        (10.0, 10.0, 10.0, True),
        (5.0, 5.0, 5.0, True),
        (2.1, 1.3, 0.9, True),
        (1.3, 2.1, 0.9, True),
        (3.0, 1.0, 0.0, False),
        (3.0, 1.1, 0.15, True),
        (8.0, 1.0, -2.5, False),
        (4.0, 0.0, -2.0, False),
        (0.0, 4.0, -2.0, False),
        (0.0, 0.0, 0.0, False),
    ],
)
def test_griffins_index_is_half_the_sum_less_the_difference(
    positive: float, negative: float, index: float, both: bool
) -> None:
    found = Ambivalence(positive, negative)
    assert found.index == pytest.approx(index, rel=0, abs=1e-12)
    assert found.plays_both_sides is both


@LAWS
@given(ledgers(), st.integers(0, 40))
def test_each_side_is_the_weighted_mean_of_its_scores_over_all_the_years_weight(
    signals: list[Signal], later: int
) -> None:
    as_of = DAY + timedelta(later)
    year = [one for one in signals if (as_of - one.happened_on).days < 365]
    weight, found = sum(one.sixteenths for one in year), ambivalence(by_day(signals), as_of)
    if not weight:
        assert found is None
    else:
        assert found is not None
        for side, sign in ((found.positive, 1), (found.negative, -1)):
            wanted = sum(one.sixteenths * max(0.0, sign * one.score) for one in year) / weight
            assert side == pytest.approx(wanted, rel=0, abs=1e-12)
            assert 0 <= side <= 10


@LAWS
@given(ledgers())
def test_a_mirrored_ledger_is_as_ambivalent(signals: list[Signal]) -> None:
    one, other = ambivalence(by_day(signals), DAY), ambivalence(by_day(mirrored(signals)), DAY)
    assert (one and (one.positive, one.negative)) == (other and pytest.approx((other.negative, other.positive)))


@pytest.mark.parametrize("sign", [1, -1])
def test_three_to_one_is_not_both_sides_whatever_the_scores(sign: int) -> None:
    wrong = []
    for hundredths in range(1, 334):
        found = asked([(9, sign * 3 * hundredths / 100, "A1"), (5, -sign * hundredths / 100, "A1")])
        assert found is not None
        if found.plays_both_sides:
            wrong.append(hundredths)
    assert wrong == []


@pytest.mark.parametrize(
    ("said", "positive", "negative"),
    [
        pytest.param([(9, 5.0, "A1"), (5, -5.0, "A1")], 2.5, 2.5, id="equal weights"),
        pytest.param([(9, 8.0, "A1"), (5, -8.0, "C3")], 6.4, 1.6, id="by weight"),
        pytest.param([(9, 8.0, "A1"), (5, -8.0, "E5")], 8.0, 0.0, id="what weighs nothing says nothing"),
        pytest.param([(9, 4.0, "B2"), (9, -2.0, "B2"), (9, -6.0, "B2")], 4 / 3, 8 / 3, id="all on one day"),
    ],
)
def test_the_sides_by_hand(said: list[tuple[int, float, str | None]], positive: float, negative: float) -> None:
    for order in permutations(said):
        found = asked(order)
        assert found is not None
        assert (found.positive, found.negative) == pytest.approx((positive, negative), rel=0, abs=1e-12)


# The year


@pytest.mark.parametrize(("ago", "counts"), [(0, True), (364, True), (365, False), (366, False), (4000, False)])
def test_a_year_is_the_day_and_the_364_before_it(ago: int, counts: bool) -> None:
    found = asked([(3, 4.0, "A1"), (ago, -4.0, "A1")])
    assert found == Ambivalence(2.0, 2.0) if counts else found == Ambivalence(4.0, 0.0)


def test_days_after_the_day_are_not_looked_at() -> None:
    assert asked([(3, 4.0, "A1"), (0, -4.0, "A1")], DAY - timedelta(1)) == Ambivalence(4.0, 0.0)


@pytest.mark.parametrize(
    "said", [[], [(3, 4.0, "E5"), (2, -4.0, "A5")], [(365, 4.0, "A1")], [(400, 4.0, "A1"), (3, 4.0, "E5")]]
)
def test_where_nothing_of_the_year_weighs_there_is_nothing_to_say(
    said: list[tuple[int, float, str | None]],
) -> None:
    assert asked(said) is None


def test_sanctions_of_either_sign_on_one_day_are_told_apart() -> None:
    found = asked([(3, 2.0, "A1"), (3, -3.0, "A1")])
    assert found == Ambivalence(1.0, 1.5)


# The shares of the ledger


def stored(uid: str, score: float, grade: str, ally: str = "china") -> Signal:
    return Signal(
        uid=uid,
        ally=ally,
        happened_on=DAY,
        kind=Kind.SANCTIONS,
        score=score,
        summary="A sanctions effect",
        grade=Grade.read(grade),
    )


def stored_days(ledger: Ledger, *signals: Signal) -> Days:
    ledger.add(signals)
    (found,) = ledger.days(Filter(), SIDES)
    return found


def of_day(found: Days) -> tuple[int, ...]:
    """What the only day comes to: how many signals, weight, weighted, positive."""
    return tuple(only for (only,) in found.columns.values())


def test_the_ledger_tells_a_days_positive_scores_from_its_negative_ones(ledger: Ledger) -> None:
    found = stored_days(ledger, stored("a", 2.0, "B1"), stored("b", -3.0, "B1"))
    assert of_day(found) == (2, 24, 12 * 200 - 12 * 300, 12 * 200)
    assert ambivalence(found, DAY) == Ambivalence(1.0, 1.5)


def test_the_ledger_adds_positive_scores_up_by_weight(ledger: Ledger) -> None:
    signals = [
        stored("a", 2.25, "A1"),
        stored("b", 0.01, "C3"),
        stored("c", -9.99, "A1"),
        stored("d", 7.0, "E5"),
        stored("e", 3.0, "F6"),
    ]
    found = stored_days(ledger, *signals)
    assert of_day(found)[3] == 16 * 225 + 4 * 1 + 4 * 300
    assert found == by_day(signals, asked=SIDES)


@pytest.mark.parametrize("score", [-3.0, 3.0])
def test_the_ledgers_positive_part_of_one_sign_is_none_or_all(ledger: Ledger, score: float) -> None:
    *_, weighted, positive = of_day(stored_days(ledger, stored("a", score, "A1"), stored("b", score, "B2")))
    assert positive == max(0, weighted) == (25 * 300 if score > 0 else 0)


# In words


def test_both_sides_are_one_line() -> None:
    said = [doubt.both_sides(found) for found in (None, Ambivalence(2.1, 1.3), Ambivalence(4.0, 0.0))]
    assert said == [
        [],
        [Line("Both sides", "yes: over the last year +2.1 for, -1.3 against · ambivalence +0.9")],
        [Line("Both sides", "no: over the last year +4.0 for, 0.0 against · ambivalence -2.0")],
    ]


def test_machines_are_told_the_same_sides() -> None:
    found = Ambivalence(5.0, 4.0)
    assert doubt.sides(found) == {"for": 5.0, "against": 4.0, "ambivalence": 3.5}
    assert doubt.sides(None) is None
