"""list --duplicates: what several origins report of one event stands together, and nothing else does."""

import csv
import json
import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.core.acts import ACTS
from scrutiny.core.events import Group, Report, shown, together
from scrutiny.core.signals import Signal
from scrutiny.store.engines.sqlite import Sqlite
from tests.conftest import Clock, Ran, Run
from tests.feeds import bring, signal

LOOKING = ("list --duplicates", "list --duplicates --known today", "candidates", "candidates --known today")
NOTES = (
    "the same day, kind and CAMEO root, or the same URL, from several origins; accepted events left out\n"
    "next: show ID, accept ID, remove ID\n"
)


def listed(run: Run, *args: str) -> list[dict[str, Any]]:
    ran = run("list", "--duplicates", "--limit", "0", *args, "-f", "json")
    assert (ran.code, ran.err) == (0, ""), ran.err
    found: list[dict[str, Any]] = json.loads(ran.out)["signals"]
    return found


def likes(run: Run, *args: str) -> dict[int, list[int]]:
    """Each signal that is shown, in its order, with the others."""
    return {one["id"]: one["like"] for one in listed(run, *args)}


def _day(number: int) -> str:
    """Ten signals a day."""
    return (date(2020, 1, 1) + timedelta(number // 10)).isoformat()


def event(number: int, word: str = "visit", *, on: str = "2026-05-01", origin: str = "gdelt", **more: Any) -> Signal:
    return signal(f"{origin}:{number}", on, word, origin=origin, **more)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({"cameo": "042"}, {"cameo": "040"}, True),
        ({"cameo": "042"}, {"cameo": "051"}, False),
        ({"word": "-5", "cameo": "120"}, {"word": "5", "cameo": "120"}, False),
        ({"cameo": "042"}, {"cameo": "042", "on": "2026-05-02"}, False),
        ({"cameo": "042"}, {"cameo": "042", "ally": "iran"}, False),
        ({"cameo": "042"}, {"cameo": "042", "origin": "gdelt"}, False),
        ({"cameo": "042"}, {"origin": "desk"}, True),
        ({}, {"word": "call", "origin": "desk"}, True),
        ({"cameo": "051"}, {"origin": "desk"}, False),
        ({"word": "3.5"}, {"word": "3.5"}, False),
        ({"word": "abstain"}, {"word": "abstain"}, False),
        ({"word": "joint"}, {"word": "praise"}, True),
        ({"word": "suspend"}, {"word": "curb"}, True),
        ({"word": "1", "source": "https://x.org/1"}, {"word": "-5", "source": "https://x.org/1"}, True),
        ({"word": "1", "source": "HTTP://x.org/1"}, {"word": "1", "source": "HTTP://x.org/1",
                                                    "on": "2020-01-01"}, True),
        ({"word": "1", "source": "https://x.org/1"}, {"word": "1", "source": "https://x.org/2"}, False),
        ({"word": "1", "source": "https://x.org/1"}, {"word": "1", "source": "https://x.org/1",
                                                     "ally": "iran"}, False),
        ({"word": "1", "source": "Le Monde"}, {"word": "1", "source": "Le Monde"}, False),
        ({"word": "1", "source": "https://x.org/1"}, {"word": "1", "source": "https://x.org/1",
                                                     "origin": "gdelt"}, False),
    ],
)  # fmt: skip
def test_two_signals_report_one_event_where_one_rule_holds(
    run: Run, new: object, one: dict[str, Any], other: dict[str, Any], alike: bool
) -> None:
    bring([event(1, **one), event(2, **{"origin": "icews"} | other)])
    assert set(likes(run)) == ({1, 2} if alike else set())


@pytest.fixture
def events(new: object) -> None:
    """Three events: of 1 May by three origins, of 2 May twice by one and once by another, and one by one alone."""
    bring(
        [
            event(1, cameo="042", source="https://x.org/1"),
            event(1, cameo="043", origin="icews", summary="China > Russia: Make a visit"),
            event(2, "-5", on="2026-05-02", cameo="120", ally="iran"),
            event(3, "-4", on="2026-05-02", cameo="121", ally="iran"),
            event(2, "reject", on="2026-05-02", origin="icews", ally="iran"),
            event(4, on="2026-05-03", cameo="042"),
            event(5, on="2026-05-03", cameo="042"),
            event(1, origin="desk", summary="Wang Yi in Moscow", mentions=None),
            event(1, "1", on="2026-05-04", origin="polecat", source="https://x.org/1"),
        ]
    )


@pytest.mark.usefixtures("events")
def test_groups_come_newest_first_and_in_each_the_desk_first(run: Run) -> None:
    """By its URL a report of 4 May is of the event of 1 May."""
    assert likes(run) == {8: [9, 2, 1], 9: [8, 2, 1], 2: [8, 9, 1], 1: [8, 9, 2], 5: [4, 3], 4: [5, 3], 3: [5, 4]}
    assert list(likes(run)) == [8, 9, 2, 1, 5, 4, 3]


@pytest.mark.usefixtures("events")
def test_the_table_names_the_others(run: Run) -> None:
    assert run("list", "china", "--duplicates") == Ran(
        0,
        "4 signals · 1 event that several origins report\n"
        "    date        ally   act      by    score  grade  domain  driver  origin   like      summary\n"
        "#8  2026-05-01  China  visit    ally   +2.8                         desk     #9 #2 #1  Wang Yi in Moscow\n"
        "#9  2026-05-04  China  support  ally   +1.0                         polecat  #8 #2 #1  polecat:1 happened\n"
        "#2  2026-05-01  China  visit    ally   +2.8                         icews    #8 #9 #1  "
        "China > Russia: Make a visit\n"
        "#1  2026-05-01  China  visit    ally   +2.8                         gdelt    #8 #9 #2  gdelt:1 happened\n"
        + NOTES,
        "",
    )


@pytest.mark.usefixtures("events")
@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("china", [8, 9, 2, 1]),
        ("iran", [5, 4, 3]),
        ("syria", []),
        ("--origin desk", [8, 9, 2, 1]),
        ("--origin polecat", [8, 9, 2, 1]),
        ("--origin icews", [8, 9, 2, 1, 5, 4, 3]),
        ("--since 2026-05-04", [8, 9, 2, 1]),
        ("--until 2026-05-01", [8, 9, 2, 1]),
        ("--kind distancing", [5, 4, 3]),
        ("--act reject", [5, 4, 3]),
        ("iran --act reject --origin gdelt", []),
        ("--search wang", [8, 9, 2, 1]),
    ],
)
def test_a_group_is_shown_where_a_filter_means_one_of_it(run: Run, asked: str, left: list[int]) -> None:
    assert list(likes(run, *asked.split())) == left


@pytest.mark.usefixtures("events")
@pytest.mark.parametrize(
    ("limit", "left", "said"),
    [
        (7, [8, 9, 2, 1, 5, 4, 3], ""),
        (6, [8, 9, 2, 1], "note: 4 of 7 signals are shown; --limit 0 shows all\n"),
        (4, [8, 9, 2, 1], "note: 4 of 7 signals are shown; --limit 0 shows all\n"),
        (3, [8, 9, 2], ("note: this event is cut: 4 signals report it\n"
                       "note: 3 of 7 signals are shown; --limit 0 shows all\n")),
    ],
)  # fmt: skip
def test_a_limit_counts_signals_and_cuts_none_but_the_very_first_group(
    run: Run, limit: int, left: list[int], said: str
) -> None:
    ran = run("list", "--duplicates", "--limit", str(limit), "-f", "csv")
    rows = list(csv.DictReader(ran.out.splitlines()))
    assert ([int(row["id"]) for row in rows], ran.err) == (left, said)
    assert rows[0]["like"] == "9; 2; 1"


@pytest.mark.usefixtures("events")
def test_an_accepted_event_is_left_out_and_its_signal_stands_for_it(run: Run) -> None:
    run("remove", "8,9")
    assert likes(run, "china") == {2: [1], 1: [2]}
    run("accept", "1", "B2")
    assert likes(run, "china") == {10: [2], 2: [10]}
    run("accept", "2", "B2")
    assert likes(run, "china") == {}
    run("undo")
    run("undo")
    assert likes(run, "china") == {2: [1], 1: [2]}


@pytest.mark.usefixtures("events")
def test_what_was_removed_is_left_out(run: Run) -> None:
    run("remove", "5")
    assert likes(run, "iran") == {}


def test_the_past_has_its_own_duplicates(run: Run, new: object, clock: Clock) -> None:
    bring([event(1, cameo="042"), event(1, cameo="042", origin="icews")])
    clock("2026-05-10T09:00")
    run("accept", "1")
    clock("2026-05-12T09:00")
    run("remove", "2")
    for day, left in (("2026-05-09", {2: [1], 1: [2]}), ("2026-05-11", {3: [2], 2: [3]}), ("2026-05-12", {})):
        ran = run("list", "--duplicates", "-f", "json", "--known", day)
        assert {one["id"]: one["like"] for one in json.loads(ran.out)["signals"]} == left


@pytest.mark.usefixtures("sample")
def test_where_one_origin_tells_all_there_are_none(run: Run) -> None:
    assert run("list", "--duplicates") == Ran(0, "0 signals · 0 events that several origins report\n", "")
    assert run("list", "--duplicates", "-f", "json") == Ran(0, '{\n  "signals": []\n}\n', "")


def test_surprises_and_duplicates_are_asked_for_apart(run: Run, new: object) -> None:
    said = "error: --surprising and --duplicates ask for different things: choose\n"
    assert run("list", "--duplicates", "--surprising") == Ran(2, "", said)


def test_an_acts_root_is_that_of_its_first_code() -> None:
    roots = {word: act.root for word, act in ACTS.items()}
    assert {word for word, root in roots.items() if root is None} == set(
        "abstain concern turn listed tariff channel halt counter reroute workaround".split()
    )
    picked = {word: roots[word] for word in "visit praise veto pledge deny curb relief suspend reject".split()}
    assert list(picked.values()) == ["04", "05", "05", "03", "01", "16", "08", "16", "12"]


@pytest.mark.file
def test_twice_the_signals_take_about_twice_the_work(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By SQLite's own count of its steps, which no slow machine bends."""
    steps: list[int] = []
    opened = Sqlite.open

    def counted(self: Sqlite, writing: bool) -> sqlite3.Connection:
        connection = opened(self, writing)
        connection.set_progress_handler(lambda: steps.append(1) or 0, 100)  # type: ignore[func-returns-value]  # goes on
        return connection

    def work(many: int) -> list[int]:
        """For each command that looks at all of them."""
        place = str(home / f"{many}.db")
        bring(
            [event(n, cameo="042", origin=("gdelt", "icews", "desk")[n % 3], on=_day(n)) for n in range(many)], place
        )
        found = []
        for command in LOOKING:
            steps.clear()
            assert run(*command.split(), "--db", place).code == 0
            found.append(len(steps))
        return found

    monkeypatch.setattr(Sqlite, "open", counted)
    for few, many in zip(work(500), work(1000), strict=True):
        assert many < 2.6 * few


# -- groups


def report(number: int, *, desk: bool = False, day: int = 1) -> Report:
    return Report(number, date(2026, 5, day), desk)


def numbers(groups: Sequence[Group]) -> list[list[int]]:
    return [[one.number for one in group] for group in groups]


def test_groups_that_share_a_report_are_one() -> None:
    alike = [(1, report(1)), (1, report(2)), (2, report(2)), (2, report(3)), (4, report(4)), (4, report(5))]
    assert numbers(together(alike)) == [[5, 4], [3, 2, 1]]


@given(st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=4), max_size=20))
def test_groups_are_the_connected_ones_whatever_their_order(alike: list[list[int]]) -> None:
    pairs = [(min(some), report(one)) for some in alike for one in some]
    found = [set(group) for group in numbers(together(pairs))]
    assert sorted(map(len, found)) == sorted(map(len, _connected(alike)))
    assert {frozenset(group) for group in found} == _connected(alike)
    assert together(pairs) == together(reversed(pairs))


def _connected(alike: list[list[int]]) -> set[frozenset[int]]:
    groups: list[set[int]] = []
    for some in alike:
        touched = [group for group in groups if group & set(some)]
        groups = [group for group in groups if group not in touched] + [set(some).union(*touched)]
    return {frozenset(group) for group in groups}


@pytest.mark.parametrize(
    ("limit", "left"), [(0, [1, 2, 3, 4, 5]), (5, [1, 2, 3, 4, 5]), (4, [1, 2, 3]), (3, [1, 2, 3]), (2, [1, 2])]
)
def test_whole_groups_are_shown_within_a_limit(limit: int, left: list[int]) -> None:
    groups = [(report(1), report(2), report(3)), (report(4), report(5))]
    assert [one.number for one, _ in shown(groups, limit)] == left
    assert shown([], limit) == []
