"""The sums that are kept of signal days are what the signals come to, whatever was done and whatever is asked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import product, starmap

import pytest
import sqlalchemy as sa

from scrutiny.core.acts import Kind
from scrutiny.core.filters import ALL, FEEDS, Filter
from scrutiny.core.parts import COUNTS, DAILY, FORCES, PARTS, SIDES
from scrutiny.core.shares import Days
from scrutiny.core.signals import CREDIBILITY, DESK, RELIABILITY, Actor, Domain, Driver, Grade, Signal
from scrutiny.errors import ScrutinyError
from scrutiny.store import rollup, shares
from scrutiny.store.ledger import Ledger
from scrutiny.store.opening import open_ledger
from tests.conftest import Run
from tests.feeds import signal
from tests.test_check import as_before_sums

ASKED = (*COUNTS, *FORCES, *SIDES, *PARTS)
EVENTS = (
    signal("g1", "2026-05-01", "visit", mentions=12),
    signal("g2", "2026-05-01", "criticise", actor=Actor.PRINCIPAL, grade=Grade("C", "3")),
    signal("g3", "2026-05-02", "-2.01", ally="iran", grade=Grade("E", "1")),
    signal("i1", "2026-05-01", "1", origin="icews"),
    signal("d1", "2026-05-01", "halt", origin=DESK, domain=Domain.ENERGY, driver=Driver.SANCTIONS),
    signal("d2", "2026-05-01", "visit", origin=DESK, domain=Domain.DOMESTIC, grade=Grade("A", "1")),
    signal("d3", "2026-05-03", "joint", origin=DESK, actor=Actor.THIRD, driver=Driver.HOME_POLITICS),
    signal("d4", "2026-05-04", "joint", origin=DESK, ally="iran", driver=Driver.WAR, grade=Grade("B", "2")),
)
FILTERS = (
    Filter(),
    Filter(origins=(DESK,)),
    Filter(origins=("gdelt",)),
    Filter(origins=(FEEDS,)),
    Filter(origins=(ALL,)),
    Filter(origins=(ALL,), allies=("china",)),
    Filter(origins=(ALL,), actors=(Actor.ALLY,), until=date(2026, 5, 2)),
    Filter(origins=(DESK,), actors=(Actor.THIRD,)),
    Filter(actors=(Actor.THIRD, Actor.PRINCIPAL)),
    Filter(origins=(DESK,), since=date(2026, 5, 3)),
    Filter(origins=(DESK,), after=date(2026, 5, 3)),
    Filter(origins=(DESK,), until=date(2026, 5, 3), allies=("china", "iran")),
    Filter(allies=("belarus",)),
)

BY_UID = "SEARCH signal USING INDEX sqlite_autoindex_signal_1 (uid=?)"


def from_signals(ledger: Ledger, wanted: Filter) -> list[Days]:
    """The answer to which no sums were kept."""
    return shares.days(ledger._ask, shares.signals(ledger._conditions(wanted)), ASKED)


def answers(ledger: Ledger) -> Sequence[tuple[list[Days], list[Days]]]:
    """What is answered to each filter, by what is kept and by the signals themselves."""
    assert all(map(ledger._is_summed, FILTERS))
    return [(ledger.days(wanted, ASKED), from_signals(ledger, wanted)) for wanted in FILTERS]


@pytest.fixture
def lived(ledger: Ledger) -> Ledger:
    """Events and signals of the desk of a few days, an event that was accepted, one that somebody removed."""
    ledger.add(EVENTS)
    ledger.accept(1, lambda event, _: signal("d5", "2026-05-01", "visit", origin=DESK, event=event.uid))
    ledger.remove([4])
    return ledger


def test_what_is_summed_answers_as_the_signals_would(lived: Ledger) -> None:
    for kept, summed in answers(lived):
        assert kept == summed
    assert [len(kept) for kept, _ in answers(lived)] == [2, 2, 2, 2, 2, 1, 2, 1, 1, 2, 1, 1, 0]


def test_signals_are_counted_as_they_would_be_one_by_one(lived: Ledger) -> None:
    for wanted in FILTERS:
        assert lived.count(wanted) == len(lived.signals(wanted))
    assert lived.signal_counts() == {"china": 6, "iran": 2}


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(words=("visit",)),
        Filter(grades=("B",)),
        Filter(acts=("visit",)),
        Filter(recorded_by="ana"),
        Filter(batch=1),
        Filter(origins=(DESK, "gdelt")),
    ],
)
def test_what_the_sums_do_not_tell_apart_is_asked_of_the_signals(lived: Ledger, wanted: Filter) -> None:
    assert not lived._is_summed(wanted)
    assert lived.count(wanted) == len(lived.signals(wanted))


def test_each_change_and_its_reversal_leave_the_sums_right(lived: Ledger) -> None:
    one = {"grade": Grade("A", "1"), "domain": Domain.MILITARY, "private": True}
    deeds = (
        lambda: lived.add([signal("d6", "2026-05-01", "visit", origin=DESK)]),
        lambda: lived.edit(5, lambda old, _: (replaced(old, **one), None)),
        lambda: lived.edit(5, lambda old, _: (replaced(old, happened_on=date(2026, 4, 1), ally="iran"), None)),
        lambda: lived.edit(6, lambda old, _: (replaced(old, summary="Other words"), None)),
        lambda: lived.remove([5, 6]),
        lambda: lived.merge_allies("iran", "china"),
        lambda: lived.accept(2, lambda event, _: signal("d7", "2026-05-01", "visit", origin=DESK, event=event.uid)),
    )
    for deed in deeds:
        deed()
        assert sound(lived)
        lived.undo(lived.to_undo(None).number)
        assert sound(lived)
        lived.redo(lived.to_redo(None).number)
        assert sound(lived)


def test_what_an_import_brings_back_otherwise_is_counted_once(run: Run, place: str) -> None:
    """Its signals are brought back and edited by one change, and restored and taken out by another."""
    row = "uid,date,ally,act,summary,grade\na,2026-05-0{},china,visit,Wang in Moscow,{}\n"
    steps = (
        ("import -", row.format(1, "B2")),
        ("undo", ""),
        ("import - --update", row.format(2, "A1")),
        ("undo", ""),
        ("redo", ""),
        ("edit 1 C3", ""),
        ("undo", ""),
        ("import - --update", row.format(3, "")),
    )
    for step, file in steps:
        assert run(*step.split(), stdin=file).code == 0, step
        with open_ledger(place, writing=False, author="ana") as ledger:
            assert rollup.wrong(ledger._connection) == [], step


def test_a_change_that_fails_leaves_the_sums_as_they_were(lived: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    before = lived.days(Filter(), ASKED)
    monkeypatch.setattr(rollup, "follow", refused)
    with pytest.raises(ScrutinyError, match="no room"):
        lived.add([signal("d6", "2026-05-01", "visit", origin=DESK)])
    monkeypatch.undo()
    assert lived.days(Filter(), ASKED) == before
    assert sound(lived)


def test_what_is_rehearsed_is_not_in_the_sums(run: Run, place: str) -> None:
    assert run("log", "china", "visit", "Wang in Moscow").code == 0
    with open_ledger(place, writing=True, author="ana", rehearsing=True) as rehearsal:
        rehearsal.add([signal("d", "2026-05-01", "visit", origin=DESK)])
    with open_ledger(place, writing=False, author="ana") as ledger:
        assert ledger.count(Filter()) == 1
        assert rollup.wrong(ledger._connection) == []


@pytest.mark.file
def test_few_events_that_were_accepted_are_found_without_all_signals_of_their_ally(lived: Ledger) -> None:
    for wanted in FILTERS:
        asked = rollup._accepted(wanted, DAILY)
        sql = asked.compile(lived._connection, compile_kwargs={"literal_binds": True})
        plan = lived._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")
        assert [step for *_, step in plan if step.startswith("SEARCH signal ")] == [BY_UID]


def test_days_on_which_nothing_is_left_are_not_kept(lived: Ledger) -> None:
    lived.remove([one.id for one in lived.signals(Filter())])
    assert lived._connection.scalar(sa.text("SELECT count(*) FROM signal_day")) == 0


def test_an_older_ledger_is_summed_up_as_this_program_would(run: Run, ledger: Ledger, place: str) -> None:
    ledger.add(list(of_everything()))
    before = from_signals(ledger, Filter())
    as_before_sums(place)
    assert run("db", "upgrade").code == 0
    assert rollup.wrong(ledger._connection) == []
    assert ledger.days(Filter(), ASKED) == before


def of_everything() -> Iterator[Signal]:
    """Signals of every grade, kind, domain, driver, actor and origin, on some days."""
    grades = [None, *starmap(Grade, product(RELIABILITY, CREDIBILITY))]
    actors, origins = list(Actor), (DESK, "gdelt", "icews", "polecat")
    said = list(product(Kind, (None, *Domain), (None, *Driver)))
    assert len(said) > len(grades)
    for number, (kind, domain, driver) in enumerate(said):
        yield Signal(
            uid=f"s{number}",
            ally=("china", "iran")[number % 2],
            happened_on=date(2026, 5, 1 + number % 5),
            kind=kind,
            score=(kind.sign or (-1) ** number) * (number + 1) / 100,
            summary="Said",
            actor=actors[number % len(actors)],
            domain=domain,
            driver=driver,
            grade=grades[number % len(grades)],
            origin=origins[number // 2 % len(origins)],
        )


def sound(ledger: Ledger) -> bool:
    """Whether the sums are right, as the program's own check and each answer tell."""
    return rollup.wrong(ledger._connection) == [] and all(kept == summed for kept, summed in answers(ledger))


def replaced(old: Signal, **new: object) -> Signal:
    """A signal with other cells, as an edit makes it."""
    return replace(old, **new)  # type: ignore[arg-type]  # the cells are of many types


def refused(*_: object) -> None:
    raise ScrutinyError("no room")
