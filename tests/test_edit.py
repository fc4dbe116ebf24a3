"""edit and remove: one signal put right part by part, signals taken out, and nothing ever lost."""

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.conftest import Clock, Ran, Run, run_program
from tests.stores import Store

LOGGED = ("log", "china", "visit", "Wang Yi in Moscow", "2026-02-24", "B2", "energy", "war", "https://tass.com/1")
FIXED = ("id", "uid", "origin", "event", "recorded_at", "recorded_by", "change", "removed")


def shown(run: Run, number: str = "1") -> dict[str, Any]:
    """A signal whole."""
    ran = run("show", number, "-f", "json")
    assert ran.code == 0, ran.err
    (signal,) = json.loads(ran.out)["signal"]
    assert isinstance(signal, dict)
    return signal


def ids(run: Run, *args: str) -> list[int]:
    return [int(row["id"]) for row in csv.DictReader(run("list", *args, "-f", "csv").out.splitlines())]


def template(place: str, *command: str, stdin: str = "") -> str:
    """A ledger after one command."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_DB", place)
        patched.setenv("SCRUTINY_USER", "ana")
        assert run_program(*command, stdin=stdin).code == 0
    return place


@pytest.fixture(scope="module")
def one_template(store: Store) -> str:
    return template(store.lasting(), *LOGGED)


@pytest.fixture
def logged(run: Run, store: Store, home: Path, one_template: str) -> dict[str, Any]:
    """The one signal of the ledger, which has every part."""
    store.copy(one_template, home)
    return shown(run)


@pytest.mark.parametrize(
    ("args", "said", "changed"),
    [
        (("A1",), "grade B2 -> A1", {"grade": "A1", "weight": 1.0}),
        (("a1",), "grade B2 -> A1", {"grade": "A1", "weight": 1.0}),
        (("--grade", "c3"), "grade B2 -> C3", {"grade": "C3", "weight": 0.25}),
        (("2026-02-25",), "date 2026-02-24 -> 2026-02-25", {"date": "2026-02-25"}),
        (("yesterday",), "date 2026-02-24 -> 2026-05-20", {"date": "2026-05-20"}),
        (("--on", "3d"), "date 2026-02-24 -> 2026-05-18", {"date": "2026-05-18"}),
        (("military",), "domain energy -> military", {"domain": "military"}),
        (("--domain", "Military"), "domain energy -> military", {"domain": "military"}),
        (("power-shift",), "driver war -> power-shift", {"driver": "power-shift"}),
        (("--driver", "home-politics"), "driver war -> home-politics", {"driver": "home-politics"}),
        (("by:third",), "actor ally -> third", {"actor": "third"}),
        (("--by", "principal"), "actor ally -> principal", {"actor": "principal"}),
        (("https://x.org/2",), "source https://tass.com/1 -> https://x.org/2", {"source": "https://x.org/2"}),
        (
            ("--source", "Le  Monde,\tp. 3"),
            "source https://tass.com/1 -> Le Monde, p. 3",
            {"source": "Le Monde, p. 3"},
        ),
        (
            ("--summary", "Lavrov\n in  Beijing"),
            "summary 'Wang Yi in Moscow' -> 'Lavrov in Beijing'",
            {"summary": "Lavrov in Beijing"},
        ),
        (("--ally", "PERSIA"), "ally china -> iran", {"ally": "iran", "name": "Iran"}),
        (("--score", "3"), "score +2.8 -> +3.0", {"score": 3.0}),
        (("--score", "+1.25"), "score +2.8 -> +1.25", {"score": 1.25}),
        (("--act", "joint"), "act visit -> joint · score +2.8 -> +5.0", {"act": "joint", "score": 5.0}),
        (
            ("--act", "ABSTAIN"),
            "act visit -> abstain · kind support -> distancing · score +2.8 -> -1.0",
            {"act": "abstain", "kind": "distancing", "score": -1.0},
        ),
        (
            ("--act", "halt", "--score", "-2"),
            "act visit -> halt · kind support -> sanctions · score +2.8 -> -2.0",
            {"act": "halt", "kind": "sanctions", "score": -2.0},
        ),
        (("--act", "joint", "--kind", "support", "--score", "2.8"), "act visit -> joint", {"act": "joint"}),
        (("--clear", "act"), "act visit -> none", {"act": None}),
        (("--clear", "Act", "--score", "1"), "act visit -> none · score +2.8 -> +1.0", {"act": None, "score": 1.0}),
        (
            ("--clear", "act", "--kind", "sanctions"),
            "act visit -> none · kind support -> sanctions",
            {"act": None, "kind": "sanctions"},
        ),
        (
            ("--clear", "act,domain", "--clear", "driver,source", "--clear", "grade"),
            ("act visit -> none · domain energy -> none · driver war -> none · source https://tass.com/1 -> none · "
             "grade B2 -> none"),
            {"act": None, "domain": None, "driver": None, "source": None, "grade": None, "weight": 0.25},
        ),
        (("--clear", "domain", "A1"), "domain energy -> none · grade B2 -> A1",
         {"domain": None, "grade": "A1", "weight": 1.0}),
        (("--private",), "private no -> yes", {"private": True}),
        (
            ("D6", "24mar", "diplomatic", "sanctions", "by:third", "https://x.org/3"),
            ("date 2026-02-24 -> 2026-03-24 · actor ally -> third · domain energy -> diplomatic · "
             "driver war -> sanctions · source https://tass.com/1 -> https://x.org/3 · grade B2 -> D6"),
            {"date": "2026-03-24", "actor": "third", "domain": "diplomatic", "driver": "sanctions",
             "source": "https://x.org/3", "grade": "D6", "weight": 0.125},
        ),
    ],
)  # fmt: skip
def test_an_edit_changes_what_it_says_and_nothing_else(
    run: Run, logged: dict[str, Any], args: tuple[str, ...], said: str, changed: dict[str, Any]
) -> None:
    name = changed.get("name", "China")
    assert run("edit", "1", *args) == Ran(0, "", f"#1 {name}  {said}\ntake it back: scrutiny undo 3\n")
    assert shown(run) == logged | changed
    assert run("undo").err.startswith("took back change 3 (edit: #1 ")
    assert shown(run) == logged


def test_who_edits_and_when_is_the_history_s_and_not_the_signal_s(
    run: Run, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock("2026-05-01T09:00")
    text = "uid,date,ally,act,summary,origin,recorded_at,recorded_by,event\n"
    run("import", "-", stdin=f"{text}u1,2026-02-24,china,visit,Wang Yi in Moscow,gdelt,2025-01-01T10:00:00Z,eve,e1\n")
    before = shown(run)
    clock("2026-05-02T09:00")
    monkeypatch.setenv("SCRUTINY_USER", "boris")
    run("edit", "1", "--summary", "Other words", "--act", "halt", "--ally", "iran", "--private", "A1", "3d")
    after = shown(run)
    assert {part: after[part] for part in FIXED} == {part: before[part] for part in FIXED}
    assert (after["uid"], after["origin"], after["event"], after["recorded_by"]) == ("u1", "gdelt", "e1", "eve")
    assert ids(run, "--recorded-by", "boris") == []
    steps = json.loads(run("history", "1", "-f", "json").out)["history"]
    assert {(step["change"], step["author"], step["at"]) for step in steps} == {
        (2, "ana", "2026-05-01T09:00:00Z"),
        (3, "boris", "2026-05-02T09:00:00Z"),
    }


def test_private_can_be_taken_back_by_word(run: Run, logged: dict[str, Any]) -> None:
    run("edit", "1", "--private")
    assert run("edit", "1", "--public").err.splitlines()[0] == "#1 China  private yes -> no"
    assert shown(run) == logged


@pytest.mark.parametrize("name", ["Kazakhstan", "kaz", "KZ"])
def test_a_signal_may_go_to_a_state_that_is_new_here(run: Run, logged: dict[str, Any], name: str) -> None:
    assert run("edit", "1", "--ally", name) == Ran(
        0,
        "",
        "note: Kazakhstan (KAZ) is new here and was added to the allies\n"
        "#1 Kazakhstan  ally china -> kazakhstan\n"
        "take it back: scrutiny undo 3\n",
    )
    assert shown(run) == logged | {"ally": "kazakhstan", "name": "Kazakhstan"}
    assert (ids(run, "china"), ids(run, "kazakhstan")) == ([], [1])


def test_the_latest_signal_is_meant_by_last(run: Run, logged: dict[str, Any]) -> None:
    run("log", "iran", "visit", "Araghchi in Moscow")
    assert run("edit", "last", "C3").err.splitlines()[0] == "#2 Iran  grade none -> C3"
    run("remove", "last")
    assert run("edit", "LAST", "C3").err.splitlines()[0] == "#1 China  grade B2 -> C3"


def test_a_number_may_have_its_sign(run: Run, logged: dict[str, Any]) -> None:
    assert run("edit", "#1", "C3").code == 0


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "nothing is to be changed"),
        (("B2", "energy", "2026-02-24"), "nothing is to be changed"),
        (("--act", "visit"), "nothing is to be changed"),
        (("--ally", "prc"), "nothing is to be changed"),
        (("--public",), "nothing is to be changed"),
        (("--summary", " Wang  Yi in Moscow "), "nothing is to be changed"),
        (("--kind", "distancing"), "the act 'visit' is support, not distancing"),
        (("--kind", "sanctions", "--score", "-2"), "the act 'visit' is support, not sanctions"),
        (("--act", "halt", "--kind", "support"), "the act 'halt' is sanctions, not support"),
        (("--act", "support", "--kind", "distancing"), "--act support and --kind distancing disagree"),
        (("--score", "-2"), "a support signal scores above 0, not -2"),
        (("--clear", "act", "--kind", "distancing"), "a distancing signal scores below 0, not +2.8"),
        (("--score", "0"), "a score of 0 says nothing about the relationship"),
        (("--score", "11"), "no score 11; a score lies between -10 and +10"),
        (("--score", "nan"), "no score 'nan'"),
        (("--score", "1.234"), "the score 1.234 has more than two decimals"),
        (("--score", "1e1"), "no score '1e1'"),
        (("--clear", "act", "--act", "joint"), "an act is given and cleared; choose"),
        (("--clear", "grade", "A1"), "a grade is given and cleared; choose"),
        (("--clear", "source", "--source", "x"), "a source is given and cleared; choose"),
        (("--clear", "summary"),
         "no part 'summary' that can be cleared; these can: act, domain, driver, source, grade"),
        (("--clear", ""), "an empty value"),
        (("--clear", "grade,"), "an empty value"),
        (("A1", "--grade", "A1"), "'A1' is given as a word and 'A1' as an option; say it once"),
        (("A1", "B1"), "two grades are given: 'A1' and 'B1'"),
        (("nonsense",), "'nonsense' is none of log's words"),
        (("--grade", "Z9"), "no grade 'Z9'"),
        (("--on", "2026-02-30"), "the calendar has no 2026-02-30"),
        (("--summary", ""), "the summary is empty"),
        (("--summary", "B2"), "the summary 'B2' looks like a grade; was the summary forgotten?"),
        (("--source", " "), "the source is empty"),
        (("--summary", "a\x1b[31mb"), "the summary holds the control character U+001B"),
        (("--source", "a\x00b"), "the source holds the control character U+0000"),
        (("--summary", "x" * 10_001), "the summary has 10,001 characters; at most 10,000 are kept"),
        (("--summary", "\udcff"), "the summary is not valid UTF-8"),
        (("--ally", "Russia"), "Russia is the principal, and no ally of itself"),
        (("--ally", "a\x00"), "no ally 'a\\u0000'"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_leaves_no_trace(
    run: Run, logged: dict[str, Any], args: tuple[str, ...], said: str
) -> None:
    before = run("history", "-f", "csv").out
    ran = run("edit", "1", *args)
    code = 3 if said.startswith("no ally") else 2
    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (code, "", f"error: {said}")
    assert shown(run) == logged
    assert run("history", "-f", "csv").out == before


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        ("2", 3, "error: no signal #2\nhint: see them with: scrutiny list\n"),
        ("0", 3, "error: no signal #0\nhint: see them with: scrutiny list\n"),
        ("99999999999999999", 3, "error: no signal #99999999999999999\nhint: see them with: scrutiny list\n"),
        *(
            (
                text,
                2,
                f"error: no signal number '{text}'\nhint: a signal is named by its number, as in 12, or by: last\n",
            )
            for text in ("x", "1.0", "٣", "9" * 19, "")
        ),
    ],
)
@pytest.mark.parametrize("command", [("edit", "C3"), ("remove",)])
def test_an_unknown_signal_is_said_to_be_unknown(
    run: Run, logged: dict[str, Any], command: tuple[str, ...], number: str, code: int, said: str
) -> None:
    ran = run(command[0], number, *command[1:])
    if (command[0], number) == ("remove", ""):
        assert (ran.code, ran.err.splitlines()[0]) == (2, "error: an empty value")
    else:
        assert ran == Ran(code, "", said)
    assert shown(run) == logged


def test_a_removed_signal_is_not_edited_until_it_is_back(run: Run, logged: dict[str, Any]) -> None:
    run("remove", "1")
    ran = run("edit", "1", "C3")
    assert ran == Ran(1, "", "error: #1 was removed\nhint: see by which change with: scrutiny history 1\n")
    assert "remove: #1" in run("history", "1").out
    run("undo")
    assert run("edit", "1", "C3").code == 0


@pytest.mark.parametrize(
    "command", [("edit", "1", "C3"), ("edit", "last", "C3"), ("remove", "1"), ("remove", "last")]
)
def test_an_empty_ledger_has_no_signal(run: Run, command: tuple[str, ...]) -> None:
    assert run(*command).code == 3
    run("ally", "add", "Wagner")
    ran = run(*command)
    said = "the ledger has no signal yet" if command[1] == "last" else "no signal #1"
    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (3, "", f"error: {said}")


def test_a_signal_without_an_act_is_edited_by_kind_and_score(run: Run) -> None:
    run("log", "china", "distancing", "A bare kind", "--score", "-4")
    assert run("edit", "1", "--score", "-5").err.splitlines()[0] == "#1 China  score -4.0 -> -5.0"
    assert run("edit", "1", "--kind", "sanctions").err.splitlines()[0] == "#1 China  kind distancing -> sanctions"
    assert run("edit", "1", "--kind", "support").code == 2
    assert run("edit", "1", "--kind", "support", "--score", "5").code == 0
    assert (
        run("edit", "1", "--act", "visit").err.splitlines()[0] == "#1 China  act none -> visit · score +5.0 -> +2.8"
    )
    assert run("edit", "1", "--act", "distancing").code == 0
    assert (shown(run)["act"], shown(run)["kind"]) == (None, "distancing")


def test_a_date_to_come_is_warned_about(run: Run, logged: dict[str, Any]) -> None:
    said = run("edit", "1", "--on", "2026-06-01").err.splitlines()
    assert said[1] == "warning: 2026-06-01 is in the future"


def test_hostile_text_is_kept_and_acted_upon_by_nothing(run: Run, logged: dict[str, Any]) -> None:
    text = "=1+1 \u202eevil [red]x[/red] <b>|` 'quoted' %s {0} \u200b"
    said = run("edit", "1", "--summary", text, "--source", "'; DROP TABLE signal; --").err
    assert "\u202e" not in said
    assert "\\u202e" in said
    assert (shown(run)["summary"], shown(run)["source"]) == (text, "'; DROP TABLE signal; --")
    for form in ("table", "json", "csv", "markdown"):
        assert "\u202e" not in run("history", "1", "-f", form).out.replace(text if form == "csv" else "", "")
    assert run("undo").code == 0
    assert shown(run) == logged


def test_search_finds_the_new_words_and_no_longer_the_old(run: Run, logged: dict[str, Any]) -> None:
    run("edit", "1", "--summary", "Лавров беседует", "--source", "Kommersant")
    for old in ("wang", "tass"):
        assert ids(run, "--search", old) == []
    for new in ("лавр", "kommers", "БЕСЕДУЕТ komm"):
        assert ids(run, "--search", new) == [1]
    run("undo")
    assert ids(run, "--search", "tass wang") == [1]


def test_figures_are_those_of_the_signal_as_edited(run: Run) -> None:
    """To the last digit what they would be had it been logged so."""
    run(*LOGGED)
    run("log", "china", "joint", "A declaration", "2026-05-01", "B2")
    run("edit", "1", "--act", "abstain", "A1", "2026-03-01", "by:third")
    edited = [run(*command.split(), "-f", "json").out for command in ("summary", "summary china", "changes")]
    other = ("--db", "other.db")
    run("log", "china", "abstain", LOGGED[3], "2026-03-01", "A1", *LOGGED[6:], "by:third", *other)
    run("log", "china", "joint", "A declaration", "2026-05-01", "B2", *other)
    assert [run(*c.split(), "-f", "json", *other).out for c in ("summary", "summary china", "changes")] == edited


def test_an_edit_back_is_an_edit_too(run: Run, logged: dict[str, Any]) -> None:
    run("edit", "1", "C3")
    run("edit", "1", "B2")
    assert shown(run) == logged
    steps = json.loads(run("history", "1", "-f", "json").out)["history"]
    assert [(step["before"], step["after"]) for step in steps] == [(None, None), ("B2", "C3"), ("C3", "B2")]


def test_an_edited_row_of_a_file_differs_and_stays_as_it_is(run: Run) -> None:
    text = "uid,date,ally,act,summary\na,2026-01-01,china,visit,As imported\n"
    run("import", "-", stdin=text)
    run("edit", "1", "--summary", "As edited")
    ran = run("import", "-", stdin=text)
    assert ran == Ran(
        0,
        "",
        "stdin:2: differs from #1, which stays as it is\n"
        "stdin: 1 row of csv read, 0 added, 1 differing and left as they are\n",
    )
    assert shown(run)["summary"] == "As edited"


# -- remove

FILE = "uid,date,ally,act,summary\n" + "".join(f"r{n},2026-01-0{n},china,visit,Row {n}\n" for n in range(1, 6))


@pytest.fixture(scope="module")
def five_template(store: Store) -> str:
    return template(store.lasting(), "import", "-", stdin=FILE)


@pytest.fixture
def five(store: Store, home: Path, five_template: str) -> None:
    """A ledger with the five signals of the file."""
    store.copy(five_template, home)


def removed_line(*numbers: int) -> str:
    return "".join(f"#{n} 2026-01-0{n} China visit +2.8 no grade Row {n}\n" for n in numbers)


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("args", "gone"),
    [
        (("3",), [3]),
        (("#3",), [3]),
        (("last",), [5]),
        (("2", "4"), [2, 4]),
        (("4,2",), [4, 2]),
        (("1,2", "#4", "last"), [1, 2, 4, 5]),
        (("2", "2", "2,2"), [2]),
        (("5", "last"), [5]),
        (("1,2,3,4,5",), [1, 2, 3, 4, 5]),
    ],
)
def test_signals_are_removed_in_one_change(run: Run, args: tuple[str, ...], gone: list[int]) -> None:
    said = ", ".join(f"#{n}" for n in gone)
    assert run("remove", *args) == Ran(0, "", f"{removed_line(*gone)}removed {said}\ntake it back: scrutiny undo 3\n")
    assert ids(run) == [n for n in (5, 4, 3, 2, 1) if n not in gone]
    assert run("undo").err.startswith(f"took back change 3 (remove: {said}), {len(gone)} signal")
    assert ids(run) == [5, 4, 3, 2, 1]


@pytest.mark.usefixtures("five")
def test_yes_says_only_what_was_done(run: Run) -> None:
    assert run("remove", "1", "-y") == Ran(0, "", "removed #1\ntake it back: scrutiny undo 3\n")


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("1", "99"), 3, "no signal #99"),
        (("99,1",), 3, "no signal #99"),
        (("2", "5"), 1, "#5 was removed"),
        (("1", "x"), 2, "no signal number 'x'"),
        (("1,",), 2, "an empty value"),
        (("-1",), 2, "no such option: -1"),
    ],
)
def test_where_one_cannot_be_removed_none_is(run: Run, args: tuple[str, ...], code: int, said: str) -> None:
    run("remove", "5")
    before = run("history", "-f", "csv").out
    ran = run("remove", *args)
    assert (ran.code, ran.out, ran.err.splitlines()[0].casefold()) == (code, "", f"error: {said}")
    assert ids(run) == [4, 3, 2, 1]
    assert run("history", "-f", "csv").out == before


def test_of_many_signals_the_first_are_named(run: Run, sample: Any) -> None:
    said = run("remove", ",".join(map(str, range(1, 31)))).err.splitlines()
    assert (len(said), said[20]) == (23, "... and 10 more")
    assert said[19].startswith("#20 ")


def test_figures_forget_what_was_removed(run: Run) -> None:
    run(*LOGGED)
    before = [run(*command.split(), "-f", "json").out for command in ("summary", "list", "changes", "ally list")]
    run("log", "china", "rupture", "They break relations", "A1")
    run("remove", "last")
    after = [run(*command.split(), "-f", "json").out for command in ("summary", "list", "changes", "ally list")]
    assert after == before
    assert shown(run, "2")["removed"] is True
    assert " · removed\n" in run("show", "2").out


@pytest.mark.usefixtures("five")
def test_a_removed_signal_is_neither_exported_nor_found(run: Run) -> None:
    run("remove", "2", "3")
    assert [row["uid"] for row in csv.DictReader(run("export").out.splitlines())] == ["r1", "r4", "r5"]
    assert ids(run, "--search", "row 2") == []
    assert run("explain", "china", "--signal", "2").code == 3


@pytest.mark.usefixtures("five")
def test_importing_the_file_again_leaves_out_what_was_removed_and_counts_it(run: Run) -> None:
    run("remove", "2", "4")
    assert run("import", "-", stdin=FILE) == Ran(
        0, "", "stdin: 5 rows of csv read, 0 added, 3 already there, 2 left out, since somebody removed them\n"
    )
    assert ids(run) == [5, 3, 1]
    run("undo", "3")
    assert run("import", "-", stdin=FILE).err == "stdin: 5 rows of csv read, 0 added, 5 already there\n"


@pytest.mark.file
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("answer", "said", "left"),
    [("n", "nothing was changed", [5, 4, 3, 2, 1]), ("y", "removed #1, #3", [5, 4, 2])],
)
def test_on_a_terminal_remove_names_them_and_asks(run: Run, answer: str, said: str, left: list[int]) -> None:
    child = pexpect.spawn(sys.executable, ["-m", "scrutiny", "remove", "1,3"], encoding="utf-8", timeout=15)
    child.expect_exact(removed_line(1, 3).replace("\n", "\r\n") + "Remove 2 signals? [y/N]: ")
    child.sendline(answer)
    child.expect_exact(said)
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, ids(run)) == (0, left)


@pytest.mark.file
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.usefixtures("five")
def test_on_a_terminal_yes_is_not_asked(run: Run) -> None:
    child = pexpect.spawn(sys.executable, ["-m", "scrutiny", "remove", "1", "--yes"], encoding="utf-8", timeout=15)
    child.expect(pexpect.EOF)
    child.close()
    assert str(child.before).splitlines()[0] == "removed #1"
    assert ids(run) == [5, 4, 3, 2]
