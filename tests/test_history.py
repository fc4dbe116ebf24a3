"""history: every change that was ever made, what each did, and what happened to one signal."""

import csv
import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scrutiny.store.engines.sqlite import Sqlite
from scrutiny.store.opening import open_ledger
from tests.conftest import Clock, Ran, Run, run_program
from tests.stores import Store, is_there

CHANGE = "change at author command what about undone_by".split()
STEP = "change at author command deed part before after".split()
TOUCHED = "id date ally deed act score summary differences".split()
FILE = (
    "uid,date,ally,act,summary,grade\n"
    "a,2026-01-01,Iran,visit,First row,B2\n"
    "b,2026-02-01,India,abstain,Second row,C3\n"
)
NEXT = "next: history ID, history --change N, undo N, redo N\n"

LIFE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("2026-05-01T09:00", "ana", ("log", "china,kazakhstan", "visit", "Visits", "2026-04-30", "B2")),  # 2: #1 and #2
    ("2026-05-02T09:30", "boris", ("import", "-")),  # 3: #3 and #4
    ("2026-05-03T10:00", "ana", ("edit", "3", "--summary", "Row, put right", "--ally", "belarus", "A1")),  # 4
    ("2026-05-03T10:05", "ana", ("remove", "1,3")),  # 5
    ("2026-05-04T09:00", "boris", ("undo", "5")),  # 6
    ("2026-05-05T09:00", "boris", ("ally", "merge", "kazakhstan", "--into", "india")),  # 7
    ("2026-05-06T09:00", "ana", ("ally", "edit", "india", "--stake", "5", "--line", "Old ties")),  # 8
    ("2026-05-06T09:01", "ana", ("ally", "add", "Wagner")),  # 9
    ("2026-05-06T09:02", "ana", ("ally", "remove", "wagner")),  # 10
    ("2026-05-07T09:00", "ana", ("undo",)),  # 11, about 10
    ("2026-05-07T09:00", "ana", ("redo",)),  # 12, about 10
)
ALL = """\
12 changes
    when              who    what
12  2026-05-07 09:00  ana    redo: change 10
11  2026-05-07 09:00  ana    undo: change 10
10  2026-05-06 09:02  ana    ally remove: wagner
 9  2026-05-06 09:01  ana    ally add: wagner
 8  2026-05-06 09:00  ana    ally edit: india
 7  2026-05-05 09:00  boris  ally merge: kazakhstan into india
 6  2026-05-04 09:00  boris  undo: change 5
 5  2026-05-03 10:05  ana    remove: #1, #3                                  taken back by 6
 4  2026-05-03 10:00  ana    edit: #3 ally, summary, grade
 3  2026-05-02 09:30  boris  import: stdin
 2  2026-05-01 09:00  ana    log: china visit, kazakhstan visit
 1  2026-05-01 09:00  ana    new ledger: the principal and its first allies
"""


@pytest.fixture(scope="module")
def life_template(store: Store) -> str:
    """The ledger of LIFE, made once."""
    place = store.lasting()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_DB", place)
        for moment, author, command in LIFE:
            patched.setenv("SCRUTINY_USER", author)
            now = partial(datetime.fromisoformat, f"{moment}+00:00")
            patched.setattr("scrutiny.store.opening.open_ledger", partial(open_ledger, now=now))
            ran = run_program(*command, stdin=FILE if command[0] == "import" else "")
            assert ran.code == 0, ran.err
    return place


@pytest.fixture
def life(store: Store, home: Path, life_template: str) -> str:
    """The ledger of LIFE as the test's own."""
    return store.copy(life_template, home)


def told(run: Run, *args: str) -> Any:
    """What history says as JSON."""
    ran = run("history", *args, "-f", "json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def numbers(run: Run, *args: str) -> list[int]:
    return [one["change"] for one in told(run, *args)["changes"]]


# -- all changes


def test_the_changes_read_newest_first(run: Run, life: Path) -> None:
    assert run("history") == Ran(0, ALL + NEXT, "")


def test_a_new_ledger_begins_with_its_first_change(run: Run, clock: Clock) -> None:
    clock("2026-05-01T09:00:30")
    run("ally", "add", "Wagner")
    assert told(run)["changes"][1:] == [
        {
            "change": 1,
            "at": "2026-05-01T09:00:30Z",
            "author": "ana",
            "command": "new ledger",
            "what": "the principal and its first allies",
            "about": None,
            "undone_by": None,
        }
    ]


@pytest.mark.parametrize(
    ("limit", "shown"), [("1", 1), ("11", 11), ("12", 12), ("13", 12), ("0", 12), ("1000000000", 12)]
)
def test_the_latest_are_shown_and_the_cut_is_said(run: Run, life: Path, limit: str, shown: int) -> None:
    ran = run("history", "--limit", limit, "-f", "csv")
    assert [int(row["change"]) for row in csv.DictReader(ran.out.splitlines())] == [*range(12, 12 - shown, -1)]
    assert ran.err == ("" if shown == 12 else f"note: the latest {shown} changes are shown; --limit 0 shows all\n")


def test_fifty_are_shown_unless_told(run: Run, place: str) -> None:
    with open_ledger(place, writing=True, author="ana") as ledger:
        for stake in range(1, 61):
            ledger.edit_ally("china", lambda ally: replace(ally, stake=stake))  # noqa: B023  # called at once
    ran = run("history")
    assert ran.out.startswith("50 changes\n")
    assert ran.err == "note: the latest 50 changes are shown; --limit 0 shows all\n"
    assert run("history", "--limit", "0").out.startswith("61 changes\n")


def test_json_has_the_keys_in_their_order(run: Run, life: Path) -> None:
    found = told(run)
    assert list(found) == ["changes"]
    assert all(list(one) == CHANGE for one in found["changes"])
    assert found["changes"][7] == {
        "change": 5,
        "at": "2026-05-03T10:05:00Z",
        "author": "ana",
        "command": "remove",
        "what": "#1, #3",
        "about": None,
        "undone_by": 6,
    }
    assert [one["about"] for one in found["changes"]] == [10, 10, None, None, None, None, 5, *[None] * 5]
    assert [one["undone_by"] for one in found["changes"]] == [*[None] * 7, 6, *[None] * 4]


def test_csv_has_the_keys_of_json_and_its_cells(run: Run, life: Path) -> None:
    rows = list(csv.DictReader(run("history", "-f", "csv").out.splitlines()))
    assert list(rows[0]) == CHANGE
    for row, one in zip(rows, told(run)["changes"], strict=True):
        assert row == {key: "" if value is None else str(value) for key, value in one.items()}


def test_markdown_has_the_same_rows_as_the_screen(run: Run, life: Path) -> None:
    found = run("history", "-f", "markdown").out.splitlines()
    assert found[0] == "# 12 changes"
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in found if line.startswith("| ")]
    assert rows[2:] == [
        [*line[:30].split(None, 1)[0:1], line[4:20], line[22:29].strip(), *map(str.strip, _split(line[29:]))]
        for line in ALL.replace("#", "\\#").splitlines()[2:]
    ]


def _split(line: str) -> tuple[str, str]:
    what, mark, state = line.partition("   ")
    return what, state if mark else ""


def test_an_author_s_changes_are_those_made_under_that_name(run: Run, life: Path) -> None:
    assert numbers(run, "--recorded-by", "boris") == [7, 6, 3]
    assert numbers(run, "--recorded-by", "ana") == [12, 11, 10, 9, 8, 5, 4, 2, 1]
    assert numbers(run, "--recorded-by", "Boris") == []
    assert run("history", "--recorded-by", "nobody").out == "0 changes\n"


@pytest.mark.parametrize(
    ("ally", "found"),
    [
        ("china", [6, 5, 2, 1]),
        ("PRC", [6, 5, 2, 1]),
        ("belarus", [6, 5, 4, 1]),  # not the import, when its signal was Iran's
        ("iran", [4, 3, 1]),  # nor what happened to it once it was Belarus's
        ("india", [8, 7, 3]),
        ("kz", [8, 7, 3]),  # which is India now
        ("syria", [1]),
        ("wagner", [12, 11, 10, 9]),  # which is gone
    ],
)
def test_an_ally_s_changes_are_those_of_it_and_of_signals_while_they_were_its(
    run: Run, life: Path, ally: str, found: list[int]
) -> None:
    assert numbers(run, "--ally", ally) == found


def test_both_filters_hold_at_once_and_the_limit_counts_what_they_leave(run: Run, life: Path) -> None:
    assert numbers(run, "--ally", "china", "--recorded-by", "ana") == [5, 2, 1]
    ran = run("history", "--ally", "china", "--limit", "2", "-f", "csv")
    assert [row["change"] for row in csv.DictReader(ran.out.splitlines())] == ["6", "5"]
    assert ran.err == "note: the latest 2 changes are shown; --limit 0 shows all\n"


# -- one change


def touched(run: Run, number: int) -> list[tuple[int, str, str]]:
    return [(one["id"], one["deed"], one["ally"]) for one in told(run, "--change", str(number))["signals"]]


def test_a_change_has_its_facts_and_all_it_touched(run: Run, life: Path) -> None:
    found = told(run, "--change", "4")
    assert list(found) == [*CHANGE, "counts", "note_counts", "others", "signals"]
    assert [found[key] for key in CHANGE] == [
        4, "2026-05-03T10:00:00Z", "ana", "edit", "#3 ally, summary, grade", None, None
    ]  # fmt: skip
    assert (found["counts"], found["others"]) == ({"edited": 1}, [])
    assert list(found["signals"][0]) == TOUCHED
    assert found["signals"] == [
        {
            "id": 3,
            "date": "2026-01-01",
            "ally": "belarus",
            "deed": "edited",
            "act": "visit",
            "score": 2.8,
            "summary": "Row, put right",
            "differences": [
                {"part": "ally", "before": "iran", "after": "belarus"},
                {"part": "summary", "before": "First row", "after": "Row, put right"},
                {"part": "grade", "before": "B2", "after": "A1"},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("number", "counts", "found"),
    [
        (1, {}, []),
        (2, {"added": 2}, [(1, "added", "china"), (2, "added", "kazakhstan")]),
        (3, {"added": 2}, [(3, "added", "iran"), (4, "added", "india")]),
        (4, {"edited": 1}, [(3, "edited", "belarus")]),
        (5, {"removed": 2}, [(1, "removed", "china"), (3, "removed", "belarus")]),
        (6, {"brought back": 2}, [(1, "brought back", "china"), (3, "brought back", "belarus")]),
        (7, {"edited": 1}, [(2, "edited", "india")]),
        (8, {}, []),
    ],
)
def test_each_signal_is_told_as_the_change_left_it(
    run: Run, life: Path, number: int, counts: dict[str, int], found: list[tuple[int, str, str]]
) -> None:
    assert told(run, "--change", str(number))["counts"] == counts
    assert touched(run, number) == found


def test_what_was_edited_since_is_told_as_it_was(run: Run, life: Path) -> None:
    (first, _) = told(run, "--change", "3")["signals"]
    assert (first["summary"], first["ally"], first["differences"]) == ("First row", "iran", [])


@pytest.mark.parametrize(
    ("number", "others"),
    [
        (1, [("ally", name, "added", []) for name in ("China", "Belarus", "Iran", "Syria")]),
        (2, [("ally", "Kazakhstan", "added", [])]),
        (3, [("ally", "India", "added", [])]),
        (
            7,
            [
                ("ally", "Kazakhstan", "removed", []),
                (
                    "ally",
                    "India",
                    "edited",
                    [
                        {
                            "part": "aliases",
                            "before": ["Republic of India", "IN"],
                            "after": ["Republic of India", "IN", "kazakhstan", "KAZ", "Republic of Kazakhstan", "KZ"],
                        }
                    ],
                ),
            ],
        ),
        (
            8,
            [
                (
                    "ally",
                    "India",
                    "edited",
                    [
                        {"part": "line", "before": "", "after": "Old ties"},
                        {"part": "stake", "before": None, "after": 5.0},
                    ],
                )
            ],
        ),
        (9, [("ally", "Wagner", "added", [])]),
        (10, [("ally", "Wagner", "removed", [])]),
        (11, [("ally", "Wagner", "brought back", [])]),
        (12, [("ally", "Wagner", "removed", [])]),
    ],
)
def test_allies_that_a_change_touched_are_told(run: Run, life: Path, number: int, others: list[Any]) -> None:
    found = told(run, "--change", str(number))["others"]
    assert [(one["what"], one["name"], one["deed"], one["differences"]) for one in found] == others


def test_settings_that_a_change_touched_are_told(run: Run) -> None:
    run("setting", "principal", "China")
    run("undo")
    for number, pair in ((2, ("Russia", "China")), (3, ("China", "Russia"))):
        others = told(run, "--change", str(number))["others"]
        assert [one for one in others if one["what"] == "setting" and one["name"] == "principal"] == [
            {
                "what": "setting",
                "name": "principal",
                "deed": "edited",
                "differences": [{"part": "value", "before": pair[0], "after": pair[1]}],
            }
        ]
        assert {one["deed"] for one in others if one["what"] == "ally"} == {
            "removed" if number == 2 else "brought back"
        }
    assert "Russia -> China" in run("history", "--change", "2").out


def test_a_change_reads_as_people_read_it(run: Run, life: Path) -> None:
    assert run("history", "--change", "5") == Ran(
        0,
        "Change 5 · 2026-05-03 10:05 by ana · remove: #1, #3\n"
        "State  taken back by 6\n"
        "Did    2 signals removed\n"
        "    date        ally              act\n"
        "#1  2026-04-30  China    removed  visit +2.8  Visits\n"
        "#3  2026-01-01  Belarus  removed  visit +2.8  Row, put right\n",
        "",
    )
    said = run("history", "--change", "4").out.splitlines()
    assert said[-1] == (
        "#3  2026-01-01  Belarus  edited  visit +2.8  "
        "ally iran -> belarus · summary 'First row' -> 'Row, put right' · grade B2 -> A1"
    )
    assert "\nState" not in run("history", "--change", "10").out  # it was taken back, and reapplied


def test_an_ally_that_is_gone_is_told_by_its_name(run: Run, life: Path) -> None:
    said = run("history", "--change", "2").out
    assert "Kazakhstan  added" in said
    assert "kazakhstan  added" not in said


def test_a_change_s_csv_is_its_signals(run: Run, life: Path) -> None:
    rows = list(csv.DictReader(run("history", "--change", "5", "-f", "csv").out.splitlines()))
    assert [list(row) for row in rows] == [[key for key in TOUCHED if key != "differences"]] * 2
    assert rows[1] == {
        "id": "3",
        "date": "2026-01-01",
        "ally": "belarus",
        "deed": "removed",
        "act": "visit",
        "score": "2.8",
        "summary": "Row, put right",
    }


def test_a_change_s_markdown_is_what_people_read(run: Run, life: Path) -> None:
    said = run("history", "--change", "5", "-f", "markdown").out.splitlines()
    assert said[0] == "# Change 5 · 2026-05-03 10:05 by ana · remove: \\#1, \\#3"
    assert said[2:4] == ["- **State** taken back by 6", "- **Did** 2 signals removed"]
    assert said[-1] == "| \\#3 | 2026-01-01 | Belarus | removed | visit +2.8 | Row, put right |"


def test_of_a_large_change_the_first_signals_are_told_and_the_rest_counted(run: Run, sample: Path) -> None:
    ran = run("history", "--change", "2")
    assert "Did     90 signals added\n" in ran.out or "Did  90 signals added\n" in ran.out
    assert ran.out.splitlines()[-1] == "50 of 90 signals are told"
    found = told(run, "--change", "2", "--limit", "3")
    assert ([one["id"] for one in found["signals"]], found["counts"]) == ([1, 2, 3], {"added": 90})
    assert len(told(run, "--change", "2", "--limit", "0")["signals"]) == 90


def test_a_change_that_did_several_things_tells_each(run: Run, life: Path) -> None:
    """A batch brought again: one signal comes back, one is new."""
    run("undo", "3", "--yes")
    run("import", "-", stdin=f"{FILE}c,2026-03-01,Syria,visit,Third row,\n")
    found = told(run, "--change", "14")
    assert found["counts"] == {"added": 1, "brought back": 2}
    assert {(one["id"], one["deed"]) for one in found["signals"]} == {
        (5, "added"), (3, "brought back"), (4, "brought back")
    }  # fmt: skip


# -- one signal


def test_a_signal_s_steps_go_from_the_first_to_the_last(run: Run, life: Path) -> None:
    assert run("history", "3") == Ran(
        0,
        "#3 Belarus · support +2.8\n"
        "Summary  Row, put right\n"
        "change  when              who\n"
        "     3  2026-05-02 09:30  boris  added (import: stdin)\n"
        "     4  2026-05-03 10:00  ana    ally iran -> belarus · summary 'First row' -> 'Row, put right' · "
        "grade B2 -> A1 (edit: #3 ally, summary, grade)\n"
        "     5  2026-05-03 10:05  ana    removed (remove: #1, #3)\n"
        "     6  2026-05-04 09:00  boris  brought back (undo: change 5)\n",
        "",
    )


def test_a_merge_is_a_step_of_the_signals_that_it_moved(run: Run, life: Path) -> None:
    said = run("history", "2").out.splitlines()
    assert said[0] == "#2 India · support +2.8"
    assert said[-1] == (
        "     7  2026-05-05 09:00  boris  ally kazakhstan -> india (ally merge: kazakhstan into india)"
    )


def test_undo_and_redo_of_an_edit_are_steps_with_what_they_changed(run: Run) -> None:
    run("log", "china", "visit", "First words", "B2")
    run("edit", "1", "--summary", "Other words")
    run("undo")
    run("redo")
    found = told(run, "1")["history"]
    assert [(one["command"], one["deed"], one["before"], one["after"]) for one in found] == [
        ("log", "added", None, None),
        ("edit", "edited", "First words", "Other words"),
        ("undo", "edited", "Other words", "First words"),
        ("redo", "edited", "First words", "Other words"),
    ]


def test_undo_redo_and_import_of_a_batch_are_steps(run: Run) -> None:
    run("import", "-", stdin=FILE)
    run("undo")
    run("redo")
    run("undo")
    run("import", "-", stdin=FILE)
    found = told(run, "1")["history"]
    assert [(one["change"], one["command"], one["deed"]) for one in found] == [
        (2, "import", "added"),
        (3, "undo", "removed"),
        (4, "redo", "brought back"),
        (5, "undo", "removed"),
        (6, "import", "brought back"),
    ]


def test_a_signal_s_json_has_a_row_a_difference(run: Run, life: Path) -> None:
    found = told(run, "3")
    assert list(found) == ["id", "uid", "removed", "history"]
    assert (found["id"], found["uid"]) == (3, "a")
    assert all(list(one) == STEP for one in found["history"])
    assert [(one["change"], one["deed"], one["part"], one["before"], one["after"]) for one in found["history"]] == [
        (3, "added", None, None, None),
        (4, "edited", "ally", "iran", "belarus"),
        (4, "edited", "summary", "First row", "Row, put right"),
        (4, "edited", "grade", "B2", "A1"),
        (5, "removed", None, None, None),
        (6, "brought back", None, None, None),
    ]


def test_values_keep_their_kind_in_json(run: Run) -> None:
    run("log", "china", "visit", "First words", "2026-05-01", "B2")
    run("edit", "1", "--act", "halt", "--private", "2026-05-02", "by:third", "war", "--clear", "grade")
    found = {one["part"]: (one["before"], one["after"]) for one in told(run, "1")["history"][1:]}
    assert found == {
        "date": ("2026-05-01", "2026-05-02"),
        "act": ("visit", "halt"),
        "actor": ("ally", "third"),
        "kind": ("support", "sanctions"),
        "score": (2.8, -4.5),
        "driver": (None, "war"),
        "grade": ("B2", None),
        "private": (False, True),
    }


def test_a_signal_s_csv_and_markdown(run: Run, life: Path) -> None:
    rows = list(csv.DictReader(run("history", "3", "-f", "csv").out.splitlines()))
    assert [list(row) for row in rows] == [STEP] * 6
    assert [row["after"] for row in rows] == ["", "belarus", "Row, put right", "A1", "", ""]
    said = run("history", "3", "-f", "markdown").out.splitlines()
    assert said[0] == "# \\#3 Belarus · support +2.8"
    assert said[-1] == "| 6 | 2026-05-04 09:00 | boris | brought back (undo: change 5) |"


def test_a_removed_signal_has_its_history_and_says_that_it_is_removed(run: Run, life: Path) -> None:
    run("remove", "3")
    assert run("history", "3").out.startswith("#3 Belarus · support +2.8 · removed\n")
    assert run("history", "last").out.startswith("#4 India")


def test_show_carries_the_history(run: Run, life: Path) -> None:
    steps = run("history", "3").out.splitlines()[2:]
    assert run("show", "3").out.splitlines()[-len(steps) :] == steps
    shown = json.loads(run("show", "3", "-f", "json").out)
    assert list(shown) == ["signal", "history"]
    assert shown["history"] == told(run, "3")["history"]
    assert "brought back (undo: change 5)" in run("show", "3", "-f", "markdown").out


def test_hostile_text_in_the_history_acts_upon_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "=1+1 \u202eevil [red]x[/red] | <b>"
    monkeypatch.setenv("SCRUTINY_USER", "=eve \u202e|")
    run("log", "china", "visit", "Harmless words")
    run("edit", "1", "--summary", text)
    for asked in (("history",), ("history", "1"), ("history", "--change", "3"), ("show", "1")):
        assert "\u202e" not in run(*asked).out
        assert "\u202e" not in run(*asked, "-f", "json").out
        assert "<b>" not in run(*asked, "-f", "markdown").out
    rows = list(csv.DictReader(run("history", "1", "-f", "csv").out.splitlines()))
    assert (rows[1]["after"], rows[1]["author"]) == (f"'{text}", "'=eve \u202e|")
    assert told(run, "1")["history"][1]["after"] == text


# -- who and when


def test_the_author_is_who_the_environment_says(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for author in ("ana", "Борис", "a b"):
        monkeypatch.setenv("SCRUTINY_USER", author)
        run("log", "china", "visit", f"By {author}")
    assert [one["author"] for one in told(run)["changes"]] == ["a b", "Борис", "ana", "ana"]
    assert numbers(run, "--recorded-by", "Борис") == [3]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("UTC0", "2026-05-10 23:30"), ("JST-9", "2026-05-11 08:30"), ("HST10", "2026-05-10 13:30")],
)
def test_times_are_recorded_in_utc_and_shown_where_the_analyst_is(
    run: Run, clock: Clock, zone: Callable[[str], None], name: str, shown: str
) -> None:
    zone(name)
    clock("2026-05-10T23:30:15")
    run("log", "china", "visit", "Late at night")
    run("remove", "1", "--yes")
    for asked in (("history",), ("history", "1"), ("history", "--change", "2"), ("show", "1")):
        assert shown in run(*asked).out
    for asked in (("history",), ("history", "1")):
        assert "2026-05-10T23:30:15Z" in run(*asked, "-f", "json").out
        assert "2026-05-10T23:30:15Z" in run(*asked, "-f", "csv").out


# -- what is asked wrongly


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("x",), 2, "no signal number 'x'"),
        (("1.5",), 2, "no signal number '1.5'"),
        (("99",), 3, "no signal #99"),
        (("0",), 3, "no signal #0"),
        (("--change", "99"), 1, "no change 99"),
        (("--change", "0"), 2, None),
        (("--change", "x"), 2, None),
        (("--change", "1000000001"), 2, None),
        (("--limit", "-1"), 2, None),
        (("--ally", "nowhere"), 3, "no ally 'nowhere'"),
        (("--ally", "usa"), 3, "no ally 'usa' yet"),
        (("--ally", "Russia"), 2, "Russia is the principal, and no ally of itself"),
        (("3", "4"), 2, None),
        (("--format", "xml"), 2, None),
        *(
            (args, 2, "ID, --change, and --ally or --recorded-by ask for different things: choose")
            for args in (
                ("3", "--change", "4"),
                ("3", "--ally", "china"),
                ("3", "--recorded-by", "ana"),
                ("--change", "4", "--ally", "china"),
                ("3", "--change", "4", "--ally", "china", "--recorded-by", "ana"),
            )
        ),
    ],
)
def test_what_cannot_be_told_is_refused(
    run: Run, life: Path, args: tuple[str, ...], code: int, said: str | None
) -> None:
    ran = run("history", *args)
    assert (ran.code, ran.out, ran.err[:7]) == (code, "", "error: ")
    if said:
        assert ran.err.splitlines()[0].partition("; near")[0] == f"error: {said}"


def test_the_hint_of_an_unknown_change_works(run: Run, life: Path) -> None:
    assert run("history", "--change", "99").err.splitlines()[1] == "hint: see them with: scrutiny history"


def test_where_there_is_no_ledger_there_is_no_signal_and_nothing_is_made(run: Run, place: str) -> None:
    ran = run("history")
    assert (ran.code, ran.err) == (
        0,
        f"note: there is no ledger at {place} yet; the first signal makes it\n",
    )
    assert run("history", "1").code == run("history", "last").code == 3
    assert run("history", "--change", "2").code == 1
    assert not is_there(place)


def test_a_ledger_that_is_not_there_has_no_change_either(run: Run) -> None:
    """Least of all one made now by whoever asks."""
    assert told(run)["changes"] == []
    assert run("history").out == "0 changes\n"


def test_history_goes_to_a_file(run: Run, life: Path, home: Path) -> None:
    assert run("history", "-f", "json", "--output", str(home / "h.json")) == Ran(0, "", "")
    assert (home / "h.json").read_text("utf-8") == run("history", "-f", "json").out


@pytest.mark.file
def test_a_change_to_more_signals_than_an_engine_takes_numbers_is_told_whole(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were they asked for by number, 300 would be too many for this connection."""
    opened = Sqlite.open

    def narrow(self: Sqlite, writing: bool) -> sqlite3.Connection:
        connection = opened(self, writing)
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 250)
        return connection

    text = "uid,date,ally,act,summary\n" + "".join(f"u{n},2026-05-01,China,visit,Visit\n" for n in range(300))
    assert run("import", "-", stdin=text).code == 0
    monkeypatch.setattr(Sqlite, "open", narrow)
    ran = run("history", "--change", "2", "--limit", "0", "-f", "json")
    assert (ran.code, len(json.loads(ran.out)["signals"])) == (0, 300)
