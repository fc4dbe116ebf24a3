"""candidates: which feed events are worth reading up, and in which order."""

import csv
import json
from typing import Any

import pytest

from scrutiny.feeds.formats import FEEDS
from tests.conftest import Clock, Ran, Run
from tests.feeds import bring, signal

KEYS = (
    "id uid date ally act actor kind score grade domain driver origin private source recorded_at recorded_by "
    "mentions cameo desk summary"
).split()
NEXT = (
    "days on which the desk has nothing first, then by |score| x mentions · next: show ID, accept ID [ACT] [WORDS]\n"
)


def found(run: Run, *args: str) -> list[dict[str, Any]]:
    ran = run("candidates", *args, "--limit", "0", "-f", "json")
    assert (ran.code, ran.err) == (0, ""), ran.err
    events: list[dict[str, Any]] = json.loads(ran.out)["candidates"]
    return events


def ids(run: Run, *args: str) -> list[int]:
    return [event["id"] for event in found(run, *args)]


@pytest.fixture
def events(new: object) -> None:
    """Seven events, a day of which the desk has too."""
    bring(
        [
            signal("g:1", "2026-05-01", "visit", cameo="042", mentions=12, source="https://x.org/1"),
            signal("g:2", "2026-05-02", "-5", cameo="120", mentions=40),
            signal("i:1", "2026-05-03", "-10", cameo="190", origin="icews"),
            signal("g:3", "2026-05-04", "10", cameo="057", mentions=1),
            signal("g:4", "2026-05-04", "2.5", cameo="040", mentions=4, ally="iran"),
            signal("g:5", "2026-05-02", "abstain", mentions=3, ally="iran"),
            signal("d1", "2026-05-02", "visit", origin="desk", grade=None, summary="The desk's"),
        ]
    )


@pytest.mark.usefixtures("events")
def test_days_without_a_desk_signal_come_first_then_the_weightiest_then_the_newest(run: Run) -> None:
    """2.8 x 12; 10 x 1 of three, of which two are of one day; 1 x 3; and last the desk's own day."""
    assert ids(run) == [1, 4, 5, 3, 6, 2]
    assert [(event["id"], event["desk"], event["mentions"]) for event in found(run)][-2:] == [(6, 0, 3), (2, 1, 40)]


@pytest.mark.usefixtures("events")
def test_the_table_says_what_there_is_and_how_to_go_on(run: Run) -> None:
    assert run("candidates", "china", "--limit", "2") == Ran(
        0,
        "2 candidates\n"
        "    date        ally   act      by    score  mentions  desk  feed   source           summary\n"
        "#1  2026-05-01  China  visit    ally   +2.8        12     0  gdelt  https://x.org/1  g:1 happened\n"
        "#4  2026-05-04  China  support  ally  +10.0         1     0  gdelt                   g:3 happened\n" + NEXT,
        "note: 2 of 4 candidates are shown; --limit 0 shows all\n",
    )


@pytest.mark.usefixtures("events")
@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("iran", [5, 6]),
        ("china,iran --since 2026-05-03", [4, 5, 3]),
        ("--until 2026-05-01", [1]),
        ("--origin icews", [3]),
        ("--origin gdelt", [1, 4, 5, 6, 2]),
        ("--origin feeds", [1, 4, 5, 3, 6, 2]),
        ("--origin all", [1, 4, 5, 3, 6, 2]),
        ("--kind distancing", [3, 6, 2]),
        ("--act visit,abstain", [1, 6]),
        ("--no-act", [4, 5, 3, 2]),
        ("--search g:3", [4]),
        ("--grade none --by ally --recorded-by ana iran", [5, 6]),
        ("--batch 1", []),
    ],
)
def test_the_filters_are_list_s(run: Run, asked: str, left: list[int]) -> None:
    assert ids(run, *asked.split()) == left


@pytest.mark.usefixtures("events")
def test_what_was_accepted_or_removed_is_left_out_until_it_is_back(run: Run) -> None:
    assert run("accept", "1", "B2").code == 0
    assert run("remove", "3").code == 0
    assert ids(run) == [4, 5, 6, 2]
    run("undo")
    run("undo")
    assert ids(run) == [1, 4, 5, 3, 6, 2]
    run("accept", "1")
    run("remove", "last")
    assert ids(run) == [1, 4, 5, 3, 6, 2]


@pytest.mark.usefixtures("events")
def test_what_the_desk_logs_moves_a_day_down(run: Run) -> None:
    run("log", "china", "visit", "Wang Yi in Moscow", "2026-05-01")
    run("log", "china", "praise", "Warm words in Moscow", "2026-05-01")
    run("log", "iran", "visit", "Not of China", "2026-05-03")
    assert [(event["id"], event["desk"]) for event in found(run)] == [(4, 0), (5, 0), (3, 0), (6, 0), (2, 1), (1, 2)]
    run("undo")
    run("undo")
    run("undo")
    assert ids(run) == [1, 4, 5, 3, 6, 2]


@pytest.mark.usefixtures("events")
def test_json_and_csv_have_stable_keys_and_raw_values(run: Run) -> None:
    first = found(run)[0]
    assert list(first) == KEYS
    assert (first["cameo"], first["mentions"], first["desk"], first["score"]) == ("042", 12, 0, 2.8)
    rows = list(csv.DictReader(run("candidates", "-f", "csv").out.splitlines()))
    assert list(rows[0]) == KEYS
    assert [row["id"] for row in rows] == ["1", "4", "5", "3", "6", "2"]
    assert (rows[3]["mentions"], rows[3]["cameo"]) == ("", "190")


def test_twenty_are_shown_unless_told_otherwise(run: Run) -> None:
    bring([signal(f"g:{day}", f"2026-04-{day:02}", "visit") for day in range(1, 26)])
    ran = run("candidates", "-f", "csv")
    assert [row["id"] for row in csv.DictReader(ran.out.splitlines())] == [str(n) for n in range(25, 5, -1)]
    assert ran.err == "note: 20 of 25 candidates are shown; --limit 0 shows all\n"
    assert len(ids(run)) == 25


def test_of_equal_weight_the_newer_comes_first_then_the_earlier_number(run: Run) -> None:
    bring(
        [
            signal("g:1", "2026-04-01", "2.8", mentions=3),
            signal("g:2", "2026-04-02", "-4.2", mentions=2),
            signal("g:3", "2026-04-02", "8.4"),
            signal("g:4", "2026-04-03", "8.4", mentions=1),
        ]
    )
    assert ids(run) == [4, 2, 3, 1]


BRING = "0 candidates\nno feed events yet; they come with: import FILE --format gdelt\n"


def test_without_a_ledger_there_are_none_and_how_they_come_is_said(run: Run) -> None:
    ran = run("candidates")
    assert (ran.code, ran.out) == (0, BRING)
    assert ran.err.startswith("note: there is no ledger at ")


def test_without_feed_events_there_are_none_and_how_they_come_is_said(run: Run, sample: object) -> None:
    assert run("candidates", "china") == Ran(0, BRING, "")
    assert run("candidates", "-f", "json") == Ran(0, '{\n  "candidates": []\n}\n', "")


@pytest.mark.usefixtures("events")
def test_where_the_filters_leave_none_nothing_is_said_of_imports(run: Run) -> None:
    assert run("candidates", "syria") == Ran(0, "0 candidates\n", "")


@pytest.mark.usefixtures("events")
@pytest.mark.parametrize("asked", ["desk", "desk,gdelt"])
def test_the_desk_s_own_signals_are_no_candidates(run: Run, asked: str) -> None:
    assert run("candidates", "--origin", asked) == Ran(
        2,
        "",
        "error: candidates are feed events, not the desk's signals\nhint: leave --origin out, or name a feed\n",
    )


def test_the_past_has_its_own_candidates(run: Run, clock: Clock) -> None:
    bring([signal("g:1", "2026-04-01", "visit"), signal("g:2", "2026-04-02", "visit")])
    clock("2026-05-10T09:00")
    run("accept", "1")
    clock("2026-05-12T09:00")
    run("log", "china", "visit", "Wang Yi in Moscow", "2026-04-02")
    run("undo", "3")

    def then(day: str) -> list[tuple[int, int]]:
        ran = run("candidates", "-f", "json", "--known", day)
        return [(event["id"], event["desk"]) for event in json.loads(ran.out)["candidates"]]

    assert then("2026-05-09") == [(2, 0), (1, 0)]
    assert then("2026-05-11") == [(2, 0)]
    assert then("2026-05-12") == [(1, 0), (2, 1)]


# -- origins


@pytest.mark.parametrize(
    "command",
    ["list", "export", "summary", "summary china", "explain china", "compare china iran", "chart", "changes",
     "list --surprising", "list --duplicates", "candidates", "changes --recorded-since 2026-05-01"],
)  # fmt: skip
def test_an_origin_that_nobody_has_is_refused_with_the_nearest(run: Run, sample: object, command: str) -> None:
    ran = run(*command.split(), "--origin", "gdlet")
    assert (ran.code, ran.out, ran.err) == (2, "", "error: no origin 'gdlet'; near: gdelt\n")


def test_an_origin_like_no_other_is_refused_with_all(run: Run, new: object) -> None:
    bring([signal("o:1", "2026-04-01", "visit", origin="osce")])
    said = "error: no origin 'xyz'; known: desk, feeds, gdelt, icews, polecat, all, osce\n"
    assert run("list", "--origin", "xyz") == Ran(2, "", said)


def test_an_origin_that_a_file_brought_is_known_even_when_its_signals_are_gone(run: Run, new: object) -> None:
    bring([signal("o:1", "2026-04-01", "visit", origin="osce")])
    assert run("list", "--origin", "OSCE").out.startswith("1 signal\n")
    run("undo")
    assert run("list", "--origin", "osce") == Ran(0, "0 signals\n", "")


@pytest.mark.parametrize("origin", ["desk", "feeds", "all", *FEEDS])
def test_what_may_come_is_known_where_nothing_is(run: Run, new: object, origin: str) -> None:
    assert run("summary", "--origin", origin).code == 0


def test_a_feed_is_known_once_there_is_a_reader_for_it(
    run: Run, new: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("list", "--origin", "osce").code == 2
    monkeypatch.setattr("scrutiny.feeds.formats.FEEDS", (*FEEDS, "osce"))
    assert run("list", "--origin", "osce") == Ran(0, "0 signals\n", "")
