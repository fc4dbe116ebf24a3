"""What the ledger says of signals day by day, held against its signals one by one."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

import pytest

from scrutiny.core.acts import Kind
from scrutiny.core.filters import ALL, FEEDS, Filter
from scrutiny.core.parts import COUNTS, FORCES, PARTS, SIDES, Asked
from scrutiny.core.shares import Days, Reading
from scrutiny.core.signals import DESK, Actor, Domain, Driver, Grade, Signal
from scrutiny.store.ledger import Ledger
from tests.test_standing import DAY, by_day

ASKED: tuple[tuple[Asked, ...], ...] = ((), (*COUNTS, *FORCES), (*PARTS, *SIDES), (*COUNTS, *FORCES, *SIDES, *PARTS))
SIGNALS = 160
WANTED = {
    "all": Filter(),
    "the desk's": Filter(origins=(DESK,)),
    "a feed's": Filter(origins=("gdelt",)),
    "the feeds'": Filter(origins=(FEEDS,)),
    "all but accepted events": Filter(origins=(ALL,)),
    "the principal's acts": Filter(origins=(DESK,), actors=(Actor.PRINCIPAL,)),
    "acts of two": Filter(actors=(Actor.ALLY, Actor.THIRD), until=DAY - timedelta(3)),
    "two allies": Filter(allies=("iran", "china"), after=DAY - timedelta(20)),
    "a kind": Filter(kinds=(Kind.SANCTIONS,), origins=(ALL,)),
    "some days": Filter(days=(DAY, DAY - timedelta(4), date(1999, 1, 1))),
    "words": Filter(words=("again",), since=DAY - timedelta(30)),
    "none": Filter(allies=("syria",)),
}


def said(dice: random.Random, number: int) -> Signal:
    """One of many signals that agree in this or that."""
    kind = dice.choice(list(Kind))
    score = dice.choice([0.5, 2.25, 3.0, 9.99])
    sign = kind.sign or dice.choice([1, -1])
    return Signal(
        uid=f"s{number}",
        ally=dice.choice(["china", "iran", "belarus"]),
        happened_on=DAY - timedelta(dice.randrange(40)),
        kind=kind,
        score=sign * score,
        summary=dice.choice(["It was said", "It was said again"]),
        actor=dice.choice(list(Actor)),
        domain=dice.choice([None, *Domain]),
        driver=dice.choice([None, *Driver]),
        grade=dice.choice([None, Grade("A", "1"), Grade("B", "2"), Grade("E", "5"), Grade("F", "6")]),
        origin=dice.choice([DESK, DESK, "gdelt", "polecat"]),
    )


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    """A ledger with signals some of which were accepted from others, edited, or taken out."""
    dice = random.Random(20260520)  # noqa: S311  # reproducible, not secret
    signals = [said(dice, number) for number in range(SIGNALS)]
    events = [one.uid for one in signals if one.origin != DESK][:20]
    accepted = [replace(said(dice, SIGNALS + number), origin=DESK, event=uid) for number, uid in enumerate(events)]
    ledger.add([*signals, *accepted])
    ledger.remove(range(5, SIGNALS, 9))
    for number in range(6, SIGNALS, 30):
        ledger.edit(number, lambda one, _: (replace(one, grade=Grade("C", "3"), happened_on=DAY), None))
    return ledger


def read(ledger: Ledger, wanted: Filter, asked: tuple[Asked, ...]) -> list[Days]:
    """The days of the signals that a filter means, reading every signal."""
    signals = sorted(ledger.signals(wanted), key=lambda one: one.ally)
    of_ally = groupby(signals, key=lambda one: one.ally)
    return [by_day(list(group), slug, asked) for slug, group in of_ally]


def test_the_days_are_what_the_signals_come_to_one_by_one(filled: Ledger) -> None:
    assert [name for name, wanted in WANTED.items() if not filled.signals(wanted)] == ["none"]
    for name, wanted in WANTED.items():
        for asked in ASKED:
            found = filled.days(wanted, asked)
            assert found == read(filled, wanted, asked), name
            cells = (each for one in found for column in (one.on, *one.columns.values()) for each in column)
            assert {type(each) for each in cells} <= {int}


def test_readings_are_what_the_signals_say_one_by_one(filled: Ledger) -> None:
    for name, wanted in WANTED.items():
        alike = Counter(map(Reading.of, filled.signals(wanted)))
        found = filled.readings(wanted)
        assert len(found) == len(alike), name
        assert set(found) == {replace(one, signals=count) for one, count in alike.items()}, name


def test_what_most_of_a_day_say_is_one_reading(ledger: Ledger) -> None:
    dice = random.Random(1)  # noqa: S311  # as above
    alike = replace(said(dice, 0), ally="iran", happened_on=DAY, kind=Kind.SUPPORT, score=2.25, grade=None)
    ledger.add([replace(alike, uid=f"s{number}", actor=dice.choice(list(Actor))) for number in range(7)])
    assert ledger.readings(Filter()) == [Reading("iran", DAY, 4, 225, 7)]


def test_an_empty_ledger_has_neither_days_nor_readings(ledger: Ledger) -> None:
    assert not ledger.days(Filter(), (*PARTS, *SIDES))
    assert not ledger.readings(Filter())


def test_days_are_of_any_year_of_the_calendar(ledger: Ledger) -> None:
    dice = random.Random(1)  # noqa: S311  # as above
    far = [date.min, date(2000, 2, 29), date.max]
    ledger.add([replace(said(dice, number), ally="iran", happened_on=on) for number, on in enumerate(far)])
    (found,) = ledger.days(Filter())
    assert [date.fromordinal(on) for on in found.on] == far
