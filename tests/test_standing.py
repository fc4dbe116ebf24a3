"""What an ally's signals come to, what carries its level, and what the portfolio rests on."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.core.acts import Kind
from scrutiny.core.allies import SEEDS, Ally
from scrutiny.core.likelihood import likelihood
from scrutiny.core.parts import ALL, DAILY, DOMESTIC, ECONOMIC, FORCES, OF_DRIVER, OF_KIND, PARTS, SIDES, Asked, Sum
from scrutiny.core.shares import Days, signal_days
from scrutiny.core.signals import Domain, Driver, Grade, Signal
from scrutiny.core.standing import Share, Standing, drivers, portfolio, standing, standings
from scrutiny.core.temperament import SignalDay
from scrutiny.core.trend import trend

DAY = date(2026, 5, 20)
CHINA, BELARUS, IRAN, SYRIA = SEEDS
ALLIES = {ally.slug: ally for ally in SEEDS}
LAWS = settings(deadline=None, derandomize=True, max_examples=60)
CLOSE = 1e-9


def signal(
    ago: int, score: float, grade: str | None = "A1", driver: Driver | None = None, domain: Domain | None = None
) -> Signal:
    """A signal so many days before DAY."""
    return Signal(
        uid=f"{ago}:{score}:{grade}",
        ally="china",
        happened_on=DAY - timedelta(ago),
        kind=Kind.SUPPORT if score > 0 else Kind.DISTANCING,
        score=score,
        summary="What happened",
        grade=Grade.read(grade) if grade else None,
        driver=driver,
        domain=domain,
    )


SIGNALS = st.lists(
    st.builds(
        signal,
        st.one_of(st.integers(0, 5), st.integers(0, 1500)),
        st.integers(-1000, 1000).filter(bool).map(lambda hundredths: hundredths / 100),
        st.sampled_from([None, "A1", "B2", "C3", "D4", "E5", "A5", "F6"]),
        st.sampled_from([None, *Driver]),
        st.sampled_from([None, Domain.ENERGY, Domain.MILITARY, Domain.DOMESTIC]),
    ),
    min_size=1,
    max_size=25,
)


def adds(signal: Signal, what: Sum) -> int:
    """What a signal adds to a sum."""
    weighted = signal.sixteenths * round(signal.score * 100)
    return {
        Sum.SIGNALS: 1,
        Sum.WEIGHT: signal.sixteenths,
        Sum.WEIGHTED: weighted,
        Sum.POSITIVE: max(0, weighted),
    }[what]


def by_day(
    signals: Sequence[Signal], ally: str = "china", asked: Sequence[Asked] = (*PARTS, *FORCES, *SIDES)
) -> Days:
    """The signals added up day by day, one by one."""
    in_order = sorted(signals, key=lambda one: one.happened_on)
    of_day = {on.toordinal(): list(group) for on, group in groupby(in_order, key=lambda one: one.happened_on)}
    columns = {
        (part, what): tuple(sum(adds(one, what) for one in day if part.holds(one)) for day in of_day.values())
        for part, what in (*DAILY, *asked)
    }
    return Days(ally, tuple(of_day), columns)


def stands(signals: Sequence[Signal], ally: Ally = CHINA, as_of: date = DAY) -> Standing:
    return standing(ally, by_day(signals, ally.slug), as_of, 90)


def at(ally: Ally, level: float, p_positive: float = 0.9, ago: int = 500) -> Standing:
    """A standing whose level and probability are as given."""
    one = stands([signal(ago, 1.0)], ally)
    assert one.trend is not None
    return replace(one, trend=replace(one.trend, level=level, p_positive=p_positive))


def silent(ally: Ally, ago: int = 500) -> Standing:
    """A standing without a level, because its only signal weighs nothing."""
    return stands([signal(ago, 1.0, "E5")], ally)


# Days


def summed(*sums: tuple[date, int, int, int]) -> Days:
    """Days of which the number of signals, their weight and the weighted sum are given."""
    columns = [*zip(*(rest for _, *rest in sums), strict=True)] or [(), (), ()]
    on = tuple(day.toordinal() for day, *_ in sums)
    return Days("china", on, dict(zip(DAILY, columns, strict=True)))


def test_a_day_is_the_weighted_mean_of_its_signals() -> None:
    # B1 (12 sixteenths) at +3.5, ungraded (4) at -2.0; the day after, two A1 at +1 and +2
    first, second = date(2026, 3, 1), date(2026, 3, 2)
    found = summed((first, 2, 16, 12 * 350 + 4 * -200), (second, 2, 32, 16 * 100 + 16 * 200))
    assert signal_days(found) == [SignalDay(first, 1.0, 2.125), SignalDay(second, 2.0, 1.5)]


def test_a_day_on_which_nothing_weighs_is_no_signal_day() -> None:
    first, second = date(2026, 3, 1), date(2026, 3, 2)
    assert signal_days(Days("china")) == []
    assert signal_days(summed((first, 5, 0, 0))) == []
    assert signal_days(summed((first, 1, 0, 0), (second, 2, 1, 100))) == [SignalDay(second, 0.0625, 1.0)]


# One ally


@LAWS
@given(SIGNALS)
def test_what_the_signals_carry_adds_up_to_the_level(signals: list[Signal]) -> None:
    one = stands(signals)
    level = one.trend.level if one.trend else 0.0
    by_signal = math.fsum(map(one.signal_carries, signals))
    by_kind = math.fsum(map(one.carries, OF_KIND.values()))
    assert [by_signal, by_kind, one.carries(ALL)] == pytest.approx([level] * 3, rel=0, abs=CLOSE)


@LAWS
@given(SIGNALS)
def test_a_signal_that_weighs_nothing_is_counted_and_moves_nothing(signals: list[Signal]) -> None:
    heavy = [s for s in signals if s.sixteenths]
    one, without = stands(signals), stands(heavy) if heavy else None
    assert one.trend == (without.trend if without else None)
    assert one.signals == len(signals)
    assert all(one.signal_carries(s) == 0 for s in signals if not s.sixteenths)


@LAWS
@given(SIGNALS)
def test_a_part_is_the_count_and_the_weighted_mean_of_its_signals(signals: list[Signal]) -> None:
    one = stands(signals)
    for part in (*OF_KIND.values(), ECONOMIC, DOMESTIC):
        some = [s for s in signals if part.holds(s)]
        weight, share = sum(s.sixteenths for s in some), one.share(part)
        assert share.signals == len(some)
        assert share.carries == pytest.approx(math.fsum(map(one.signal_carries, some)), rel=0, abs=CLOSE)
        if weight:
            assert share.mean == pytest.approx(sum(s.sixteenths * s.score for s in some) / weight, rel=0, abs=CLOSE)
        else:
            assert share.mean is None


@LAWS
@given(SIGNALS)
def test_a_force_carries_what_its_signals_carry(signals: list[Signal]) -> None:
    one = stands(signals)
    for driver, part in OF_DRIVER.items():
        carried = math.fsum(one.signal_carries(s) for s in signals if s.driver is driver)
        assert one.carries(part) == pytest.approx(carried, rel=0, abs=CLOSE)


def test_a_part_of_no_signals_is_nothing() -> None:
    assert stands([signal(0, 1.0)]).share(DOMESTIC) == Share(0, None, 0)


def test_domestic_is_what_falls_at_home_or_comes_from_there_and_all_is_every_signal() -> None:
    at_home, from_there = signal(0, 1.0, domain=Domain.DOMESTIC), signal(0, 1.0, driver=Driver.HOME_POLITICS)
    both, neither = replace(at_home, driver=Driver.HOME_POLITICS), signal(0, 1.0, driver=Driver.WAR)
    said = [at_home, from_there, both, neither]
    assert [DOMESTIC.holds(one) for one in said] == [True, True, True, False]
    assert [ALL.holds(one) for one in said] == [True] * 4


def test_the_trend_is_that_of_the_weighted_days() -> None:
    signals = [signal(200, 3.0, "B1"), signal(100, -2.0), signal(0, 3.5, "B1"), signal(0, -2.0, None)]
    one = stands(signals)
    days = [SignalDay(DAY - timedelta(200), 0.75, 3.0), SignalDay(DAY - timedelta(100), 1.0, -2.0)]
    assert one.trend == trend([*days, SignalDay(DAY, 1.0, 2.125)], DAY, 90)
    assert (one.signals, one.first, one.last) == (4, DAY - timedelta(200), DAY)
    assert one.by_kind() == {Kind.SUPPORT: 2, Kind.DISTANCING: 2, Kind.SANCTIONS: 0}


def test_the_first_and_last_days_are_those_of_any_signal() -> None:
    one = stands([signal(300, 1.0, "E5"), signal(200, 1.0), signal(100, 1.0, "A5")])
    assert (one.first, one.last) == (DAY - timedelta(300), DAY - timedelta(100))
    assert one.trend is not None
    assert one.trend.last == DAY - timedelta(200)


# All allies


def test_allies_stand_in_the_order_of_their_levels_those_without_one_last() -> None:
    found = standings(
        [
            by_day([signal(5, 1.0, "E5")], "belarus"),
            by_day([signal(5, -6.0), signal(4, -6.0)], "china"),
            by_day([signal(5, 6.0)], "iran"),
            by_day([signal(5, 6.0)], "syria"),
        ],
        ALLIES,
        DAY,
        90,
    )
    assert [one.ally.slug for one in found] == ["iran", "syria", "china", "belarus"]
    assert [one.signals for one in found] == [1, 1, 2, 1]
    assert found[3].trend is None
    assert standings([], ALLIES, DAY, 90) == []


def test_the_portfolio_shares_out_the_positive_levels() -> None:
    rests = portfolio([at(CHINA, 3.0), at(BELARUS, 6.0), at(IRAN, -4.0, 0.1), at(SYRIA, 1.0), silent(IRAN)], DAY)
    assert rests.shares == pytest.approx({"belarus": 0.6, "china": 0.3, "syria": 0.1})
    assert list(rests.shares) == ["belarus", "china", "syria"]
    assert rests.equal_allies == pytest.approx(1 / 0.46)
    assert (rests.judged, rests.on_side, rests.by_stake, rests.new) == (4, 3, False, ())


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_equal_allies_count_as_so_many(count: int) -> None:
    assert portfolio([at(ally, 2.0) for ally in SEEDS[:count]], DAY).equal_allies == pytest.approx(count)


def test_a_stake_multiplies_the_warmth_and_one_is_the_stake_of_the_others() -> None:
    rests = portfolio([at(replace(CHINA, stake=3.0), 2.0), at(BELARUS, 2.0)], DAY)
    assert rests.shares == pytest.approx({"china": 0.75, "belarus": 0.25})
    assert rests.by_stake


@pytest.mark.parametrize("found", [[], [silent(CHINA)], [at(CHINA, -1.0, 0.3)]])
def test_without_warmth_there_is_nothing_to_rest_on(found: list[Standing]) -> None:
    rests = portfolio(found, DAY)
    assert (rests.shares, rests.equal_allies, rests.on_side) == ({}, None, 0)


@pytest.mark.parametrize("percent", [v / 10 for v in range(540, 571, 3)] + [44.0, 50.0, 60.0, 80.0, 99.0])
def test_an_ally_is_on_the_side_exactly_where_its_word_says_likely(percent: float) -> None:
    word = likelihood(percent / 100)
    counted = portfolio([at(CHINA, 1.0, percent / 100)], DAY).on_side
    assert counted == (word in ("likely", "very likely", "almost certain")), word


def test_an_ally_is_new_in_the_year_after_its_first_signal() -> None:
    found = [at(CHINA, 1.0, ago=365), at(BELARUS, 1.0, ago=364), silent(IRAN, ago=0)]
    assert portfolio(found, DAY).new == ("belarus", "iran")


def test_drivers_come_by_what_they_carry_in_all_and_in_each_the_largest_first_either_way() -> None:
    war, sanctions = Driver.WAR, Driver.SANCTIONS
    china = stands([signal(30, 2.0, driver=sanctions), signal(20, 1.0, driver=war)])
    belarus = stands([signal(10, 6.0, driver=war), signal(5, 1.0), signal(5, 9.0, "E5", Driver.POWER_SHIFT)], BELARUS)
    iran = stands([signal(20, -9.0, driver=war)], IRAN)
    found = drivers([china, iran, belarus])
    assert [(driver, ally.slug) for driver, ally, _ in found] == [
        (war, "iran"),
        (war, "belarus"),
        (war, "china"),
        (sanctions, "china"),
    ]
    (_, _, iran_war), _, (_, _, china_war), (_, _, china_sanctions) = found
    assert iran.trend is not None
    assert china.trend is not None
    assert iran_war == pytest.approx(iran.trend.level, rel=0, abs=CLOSE)
    assert china_war + china_sanctions == pytest.approx(china.trend.level, rel=0, abs=CLOSE)


def test_drivers_that_cancel_out_over_the_allies_still_count() -> None:
    torn = [stands([signal(20, score, driver=Driver.WAR)], ally) for ally, score in ((CHINA, 9.0), (IRAN, -9.0))]
    mild = stands([signal(20, 2.0, driver=Driver.SANCTIONS)], SYRIA)
    assert [driver for driver, _, _ in drivers([mild, *torn])] == [Driver.WAR, Driver.WAR, Driver.SANCTIONS]
