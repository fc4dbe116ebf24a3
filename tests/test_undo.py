"""undo and redo: what a command changed is taken back whole and reapplied, by its author or by its number."""

import csv
import json
import shlex
import sqlite3
import sys
from pathlib import Path

import pexpect
import pytest

from scrutiny.store.engines.sqlite import Sqlite
from tests.conftest import Ran, Run

pytestmark = pytest.mark.usefixtures("new")


def summaries(run: Run) -> list[str]:
    """What the ledger holds, newest first."""
    return [row["summary"] for row in csv.DictReader(run("list", "-f", "csv").out.splitlines())]


def test_undo_takes_back_the_latest_change_whole(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow")
    run("log", "china,iran", "abstain", "They abstain")
    assert run("undo") == Ran(0, "", "took back change 3 (log: china abstain, iran abstain), 2 signals\n")
    assert summaries(run) == ["Xi in Moscow"]
    assert run("undo") == Ran(0, "", "took back change 2 (log: china visit), 1 signal\n")
    assert summaries(run) == []


def test_undo_takes_back_the_change_of_a_number(run: Run) -> None:
    for word in ("First", "Second", "Third"):
        run("log", "china", "visit", word)
    assert run("undo", "3") == Ran(0, "", "took back change 3 (log: china visit), 1 signal\n")
    assert summaries(run) == ["Third", "First"]
    assert run("undo").err == "took back change 4 (log: china visit), 1 signal\n"


def test_the_number_that_log_prints_takes_it_back(run: Run) -> None:
    run("log", "china", "visit", "Before")
    said = run("log", "china", "visit", "Xi in Moscow").err
    command = said.splitlines()[-1].removeprefix("take it back: scrutiny ").split()
    run("log", "china", "visit", "After")
    assert run(*command).code == 0
    assert summaries(run) == ["After", "Before"]


def test_an_import_is_taken_back_whole(run: Run, sample: Path) -> None:
    run("log", "china", "visit", "Xi in Moscow", "2026-05-21")
    assert run("undo", "2") == Ran(0, "", "took back change 2 (import: signals.csv), 90 signals\n")
    assert summaries(run) == ["Xi in Moscow"]


def test_undo_is_ones_own_unless_a_number_is_given(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("log", "china", "visit", "Ana's")
    monkeypatch.setenv("SCRUTINY_USER", "boris")
    assert run("undo") == Ran(1, "", "error: there is nothing of yours to take back\n")
    run("log", "china", "visit", "Boris's")
    monkeypatch.setenv("SCRUTINY_USER", "ana")
    assert run("undo").err == "took back change 2 (log: china visit), 1 signal\n"
    assert run("undo", "3").code == 0
    assert summaries(run) == []


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (
            "2",
            1,
            "error: change 2 was taken back already, by change 3\nhint: reapply it with: scrutiny redo 2\n",
        ),
        (
            "3",
            1,
            "error: change 3 (undo: change 2) is about another\nhint: reverse it with: scrutiny redo 2\n",
        ),
        (
            "1",
            1,
            "error: change 1 (new ledger: the principal and its first allies) cannot be taken back\n",
        ),
        ("99", 1, "error: no change 99\nhint: see them with: scrutiny history\n"),
    ],
)
def test_what_cannot_be_taken_back_is_refused_with_the_reason(run: Run, number: str, code: int, said: str) -> None:
    run("log", "china", "visit", "Xi in Moscow")
    run("undo")
    assert run("undo", number) == Ran(code, "", said)


def test_there_is_nothing_to_take_back_in_a_new_ledger(run: Run) -> None:
    ran = run("undo")
    assert (ran.code, ran.err.splitlines()[-1]) == (1, "error: there is nothing of yours to take back")


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5"])
def test_a_number_that_is_none_is_a_usage_error(run: Run, number: str) -> None:
    ran = run("undo", number)
    assert (ran.code, ran.out, ran.err[:7]) == (2, "", "error: ")


def test_an_ally_goes_with_the_change_that_added_it(run: Run) -> None:
    run("log", "kazakhstan", "visit", "Tokayev in Moscow")
    run("undo")
    assert "kazakhstan" not in run("ally", "list", "-f", "csv").out
    assert run("summary", "kazakhstan").code == 3


def test_an_ally_stays_while_another_signal_needs_it(run: Run) -> None:
    run("log", "kazakhstan", "visit", "Tokayev in Moscow")
    run("log", "kazakhstan", "call", "Tokayev calls")
    run("undo", "2")
    assert summaries(run) == ["Tokayev calls"]
    assert "kazakhstan,Kazakhstan,KAZ" in run("ally", "list", "-f", "csv").out


def test_numbers_are_never_given_twice(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow")
    run("undo")
    assert run("log", "china", "visit", "Xi in Moscow").err.startswith("#2 China  ")


def test_figures_forget_what_was_taken_back(run: Run, sample: Path) -> None:
    before = run("summary", "-f", "json").out, run("export").out
    run("log", "china", "rupture", "They break relations", "A1")
    assert run("summary", "-f", "json").out != before[0]
    run("undo")
    assert (run("summary", "-f", "json").out, run("export").out) == before


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.parametrize(
    ("answer", "said", "left"),
    [("n", "nothing was changed", ["Xi in Moscow"]), ("y", "took back change 2 (log: china visit), 1 signal", [])],
)
def test_on_a_terminal_undo_asks_first(run: Run, answer: str, said: str, left: list[str]) -> None:
    run("log", "china", "visit", "Xi in Moscow")
    child = pexpect.spawn(sys.executable, ["-m", "scrutiny", "undo"], encoding="utf-8", timeout=15)
    child.expect_exact("Take back change 2 (log: china visit), 1 signal? [y/N]: ")
    child.sendline(answer)
    child.expect_exact(said)
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, summaries(run)) == (0, left)


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_yes_is_not_asked(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow")
    child = pexpect.spawn(sys.executable, ["-m", "scrutiny", "undo", "--yes"], encoding="utf-8", timeout=15)
    child.expect(pexpect.EOF)
    child.close()
    assert (child.before, child.exitstatus) == ("took back change 2 (log: china visit), 1 signal\r\n", 0)


# -- every command's change can be taken back and reapplied

FILE = (
    "uid,date,ally,act,summary\n"
    "r1,2026-01-01,china,visit,Row one\n"
    "r2,2026-01-02,mali,visit,Row two\n"
    "r3,2026-01-03,china,abstain,Row three\n"
)
SHOWS = ("export", "ally list -f json", "ally show iran -f json", "setting -f csv")


def state(run: Run) -> list[str]:
    """All that the ledger shows."""
    return [run(*command.split()).out for command in SHOWS]


@pytest.mark.parametrize(
    ("before", "command", "said"),
    [
        ("", "log kazakhstan,iran visit 'A visit'", "log: kazakhstan visit, iran visit), 2 signals"),
        ("", "import -", "import: stdin), 3 signals"),
        (
            "log iran visit 'A visit' B2",
            "edit 1 --act halt --ally mali A1",
            "edit: #1 ally, act, kind, score, grade), 1 signal",
        ),
        ("log iran,china visit 'A visit'", "remove 1,2", "remove: #1, #2), 2 signals"),
        ("", "ally add Wagner --stake 2", "ally add: wagner)"),
        ("", "ally edit iran --name Persia --drop-alias persia --alias Eran --line x --stake 3", "ally edit: iran)"),
        ("log mali visit 'A visit'", "ally merge mali --into iran", "ally merge: mali into iran), 1 signal"),
        ("ally add Wagner --alias PMC", "ally remove pmc", "ally remove: wagner)"),
        ("", "ally remove iran", "ally remove: iran)"),
        ("ally add Wagner", "setting principal Iran", "setting: principal Iran)"),
    ],
)
def test_what_a_command_changed_is_taken_back_and_reapplied_to_the_letter(
    run: Run, before: str, command: str, said: str
) -> None:
    if before:
        assert run(*shlex.split(before)).code == 0
    was = state(run)
    assert run(*shlex.split(command), stdin=FILE).code == 0
    became, number = state(run), 3 if before else 2
    assert became != was
    for _ in range(2):
        assert run("undo") == Ran(0, "", f"took back change {number} ({said}\n")
        assert state(run) == was
        assert run("redo") == Ran(0, "", f"reapplied change {number} ({said}\n")
        assert state(run) == became
    assert run("db", "check").code == 0


def test_undo_and_redo_walk_the_changes_as_in_an_editor(run: Run) -> None:
    states = [state(run)]
    for command in ("log iran visit 'A visit'", "edit 1 B2", "ally add Wagner", "remove 1"):
        run(*shlex.split(command))
        states.append(state(run))
    for numbers, words, then in (
        ((5, 4, 3, 2), "took back", [3, 2, 1, 0]),
        ((2, 3, 4, 5), "reapplied", [1, 2, 3, 4]),
        ((5, 4), "took back", [3, 2]),
        ((4,), "reapplied", [3]),
        ((4, 3), "took back", [2, 1]),
        ((3, 4, 5), "reapplied", [2, 3, 4]),
    ):
        for number, place in zip(numbers, then, strict=True):
            ran = run("undo" if words == "took back" else "redo")
            assert ran.err.startswith(f"{words} change {number} (")
            assert (number, state(run)) == (number, states[place])
    assert run("redo") == Ran(
        1,
        "",
        "error: there is nothing of yours to reapply since your last change\n"
        "hint: reapply a given one with: scrutiny redo CHANGE\n",
    )


def test_after_a_new_change_only_a_number_reapplies(run: Run) -> None:
    run("log", "china", "visit", "First")
    run("undo")
    run("log", "china", "visit", "Second")
    assert run("redo").code == 1
    assert summaries(run) == ["Second"]
    assert run("redo", "2") == Ran(0, "", "reapplied change 2 (log: china visit), 1 signal\n")
    assert summaries(run) == ["Second", "First"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1", "error: change 1 stands; there is nothing to reapply\n"),
        ("2", "error: change 2 stands; there is nothing to reapply\n"),
        ("4", "error: change 4 (undo: change 3) is about another\nhint: name that: scrutiny redo 3\n"),
        ("99", "error: no change 99\nhint: see them with: scrutiny history\n"),
    ],
)
def test_what_cannot_be_reapplied_is_refused_with_the_reason(run: Run, number: str, said: str) -> None:
    run("log", "china", "visit", "Xi in Moscow")
    run("edit", "1", "B2")
    run("undo")
    assert run("redo", number) == Ran(1, "", said)


def test_redo_is_ones_own_and_any_is_anybody_s(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("log", "china", "visit", "Ana's")
    monkeypatch.setenv("SCRUTINY_USER", "boris")
    assert run("undo").code == 1
    assert run("undo", "--any").err == "took back change 2 (log: china visit), 1 signal\n"
    monkeypatch.setenv("SCRUTINY_USER", "ana")
    assert run("redo").err.startswith("error: there is nothing of yours to reapply")
    assert run("redo", "--any").err == "reapplied change 2 (log: china visit), 1 signal\n"
    monkeypatch.setenv("SCRUTINY_USER", "boris")
    assert run("undo", "2").code == 0
    assert run("log", "iran", "visit", "Boris's").code == 0
    assert run("undo", "--any").err == "took back change 6 (log: iran visit), 1 signal\n"
    assert run("undo", "--any").err == "error: there is nothing to take back\n"
    assert run("redo", "--any").err == "reapplied change 6 (log: iran visit), 1 signal\n"
    assert summaries(run) == ["Boris's"]


def test_anothers_change_does_not_bar_ones_own_redo(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("log", "china", "visit", "Ana's")
    run("undo")
    monkeypatch.setenv("SCRUTINY_USER", "boris")
    run("log", "china", "visit", "Boris's")
    monkeypatch.setenv("SCRUTINY_USER", "ana")
    assert run("redo").code == 0
    assert summaries(run) == ["Boris's", "Ana's"]


# -- what stands in the way


def follow(run: Run, *command: str) -> list[str]:
    """Types a command and then each hint it gives, the last first, until it works; what was typed first to last."""
    waiting, typed = [command], list[str]()
    while waiting:
        assert len(typed) < 12, f"the hints lead nowhere: {typed}"
        ran = run(*waiting[-1])
        typed.append(" ".join(waiting[-1]))
        if ran.code == 0:
            waiting.pop()
            continue
        error, hint = ran.err.splitlines()
        assert " stands in the way: it " in error
        waiting.append(tuple(hint.removeprefix("hint: first: scrutiny ").split()))
    return typed


@pytest.mark.parametrize(
    ("commands", "undone", "error", "typed"),
    [
        (
            ["log china visit First", "edit 1 B2"],
            "undo 2",
            "change 3 (edit: #1 grade) stands in the way: it edited #1 since",
            ["undo 2", "undo 3", "undo 2"],
        ),
        (
            ["log china visit First", "remove 1"],
            "undo 2",
            "change 3 (remove: #1) stands in the way: it removed #1 since",
            ["undo 2", "undo 3", "undo 2"],
        ),
        (
            ["log china visit First", "edit 1 B2", "remove 1"],
            "undo 3",
            "change 4 (remove: #1) stands in the way: it removed #1 since",
            ["undo 3", "undo 4", "undo 3"],
        ),
        (
            ["log china visit First", "edit 1 B2", "edit 1 A1"],
            "undo 3",
            "change 4 (edit: #1 grade) stands in the way: it edited #1 since",
            ["undo 3", "undo 4", "undo 3"],
        ),
        (
            ["log china visit First", "edit 1 B2", "edit 1 energy"],
            "undo 2",
            "change 4 (edit: #1 domain) stands in the way: it edited #1 since",
            ["undo 2", "undo 4", "undo 2", "undo 3", "undo 2"],
        ),
        (
            ["log china visit First", "edit 1 B2", "edit 1 energy", "edit 1 war", "undo"],
            "undo 2",
            "change 4 (edit: #1 domain) stands in the way: it edited #1 since",
            ["undo 2", "undo 4", "undo 2", "undo 3", "undo 2"],
        ),
        (
            ["log mali visit First", "ally merge mali --into iran"],
            "undo 2",
            "change 3 (ally merge: mali into iran) stands in the way: it edited #1 since",
            ["undo 2", "undo 3", "undo 2"],
        ),
        (
            ["log mali visit First", "ally merge mali --into iran", "edit 1 --ally china"],
            "undo 3",
            "change 4 (edit: #1 ally) stands in the way: it edited #1 since",
            ["undo 3", "undo 4", "undo 3"],
        ),
        (
            ["log mali visit First", "remove 1", "ally remove mali"],
            "undo 3",
            "change 4 (ally remove: mali) stands in the way: it took out the ally of #1 since",
            ["undo 3", "undo 4", "undo 3"],
        ),
        (
            ["ally edit iran --stake 2", "ally edit iran --stake 3"],
            "undo 2",
            "change 3 (ally edit: iran) stands in the way: it touched Iran since",
            ["undo 2", "undo 3", "undo 2"],
        ),
        (
            ["ally add Wagner", "ally edit wagner --stake 3"],
            "undo 2",
            "change 3 (ally edit: wagner) stands in the way: it touched Wagner since",
            ["undo 2", "undo 3", "undo 2"],
        ),
        (
            ["ally edit iran --stake 2", "ally edit iran --line x", "ally edit iran --stake 3", "undo"],
            "undo 2",
            "change 3 (ally edit: iran) stands in the way: it touched Iran since",
            ["undo 2", "undo 3", "undo 2"],
        ),
        (
            ["ally edit iran --stake 2", "undo", "ally edit iran --stake 3"],
            "redo 2",
            "change 4 (ally edit: iran) stands in the way: it touched Iran since",
            ["redo 2", "undo 4", "redo 2"],
        ),
        (
            ["log china visit First", "remove 1", "undo", "edit 1 B2"],
            "redo 3",
            "change 5 (edit: #1 grade) stands in the way: it edited #1 since",
            ["redo 3", "undo 5", "redo 3"],
        ),
        (
            ["log china visit First", "edit 1 B2", "undo", "undo"],
            "redo 3",
            "change 5 (undo: change 2) stands in the way: it removed #1 since",
            ["redo 3", "redo 2", "redo 3"],
        ),
        (
            ["setting principal China", "setting principal India"],
            "undo 2",
            "change 3 (setting: principal India) stands in the way: it changed the principal since",
            ["undo 2", "undo 3", "undo 2"],
        ),
    ],
)
def test_the_change_in_the_way_is_named_and_the_hint_leads_on(
    run: Run, commands: list[str], undone: str, error: str, typed: list[str]
) -> None:
    for command in commands:
        assert run(*shlex.split(command)).code == 0
    before = run("history", "-f", "csv").out
    ran = run(*undone.split())
    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (1, "", f"error: {error}")
    assert run("history", "-f", "csv").out == before
    assert follow(run, *undone.split()) == typed


def test_an_ally_that_was_added_by_name_stays_while_signals_need_it(run: Run) -> None:
    run("ally", "add", "Wagner")
    run("log", "wagner", "visit", "A visit")
    assert run("undo", "2") == Ran(
        1, "", "error: 1 signal of Wagner would have no ally\nhint: see: scrutiny list wagner\n"
    )
    run("undo")
    assert run("undo", "2").code == 0


def test_a_principal_is_not_brought_back_once_there_are_signals(run: Run) -> None:
    run("setting", "principal", "China")
    run("log", "iran", "visit", "A visit to Beijing")
    ran = run("undo", "2")
    assert (ran.code, ran.err.splitlines()[0]) == (
        1,
        "error: the principal cannot be changed once the ledger has signals",
    )


# -- batches


def test_an_import_with_edited_signals_goes_only_when_told_so(run: Run) -> None:
    run("import", "-", stdin=FILE)
    run("edit", "1", "--summary", "Put right", "B2")
    run("edit", "3", "energy")
    assert run("undo", "2") == Ran(
        1,
        "",
        "error: 2 signals of change 2 (import: stdin) were edited since\n"
        "hint: take it back all the same: scrutiny undo 2 --yes\n",
    )
    assert len(summaries(run)) == 3
    assert run("undo", "2", "--yes") == Ran(
        0, "", "took back change 2 (import: stdin), 3 signals, 2 of them edited since\n"
    )
    assert summaries(run) == []


@pytest.mark.parametrize("again", [("redo", "2"), ("import", "-")])
def test_a_batch_that_comes_back_is_as_edited(run: Run, again: tuple[str, ...]) -> None:
    run("import", "-", stdin=FILE)
    run("edit", "2", "--summary", "Put right", "B2", "--act", "halt")
    run("remove", "3")
    before = run("export").out, run("ally", "list").out
    run("undo", "2", "--yes")
    assert (summaries(run), "mali" in run("ally", "list", "-f", "csv").out) == ([], False)
    assert run(*again, stdin=FILE).code == 0
    assert (run("export").out, run("ally", "list").out) == before


def test_an_edit_that_was_taken_back_does_not_count_as_edited(run: Run) -> None:
    run("import", "-", stdin=FILE)
    run("edit", "1", "B2")
    run("undo")
    assert run("undo").err == "took back change 2 (import: stdin), 3 signals\n"


def test_what_was_removed_by_hand_stays_out_of_a_batch(run: Run) -> None:
    run("import", "-", stdin=FILE)
    run("remove", "1")
    assert run("undo", "2").err == "took back change 2 (import: stdin), 2 signals\n"
    ran = run("import", "-", stdin=FILE)
    assert "2 brought back, 1 left out, since somebody removed them" in ran.err
    assert summaries(run) == ["Row three", "Row two"]
    assert run("undo", "3").err == "took back change 3 (remove: #1), 1 signal\n"
    assert len(summaries(run)) == 3


def test_a_batch_of_two_files_is_one_change(run: Run, home: Path) -> None:
    (home / "a.csv").write_text(FILE)
    (home / "b.csv").write_text(FILE.replace("r1", "s1").replace("one", "four"))
    run("import", "a.csv", "b.csv")
    assert run("undo").err == "took back change 2 (import: a.csv, b.csv), 4 signals\n"
    assert summaries(run) == []


# -- on a terminal


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.parametrize(
    ("commands", "asked", "said"),
    [
        (
            ["import -", "edit 1 B2"],
            "undo 2",
            [
                "change 2 (import: stdin) of ",
                "  added #1 2026-01-01 China visit +2.8 no grade Row one",
                "  added #3 2026-01-03 China abstain -1.0 no grade Row three",
                "  added ally Mali",
                "Take back change 2 (import: stdin), 3 signals, 1 of them edited since? [y/N]: ",
                "took back change 2 (import: stdin), 3 signals, 1 of them edited since",
            ],
        ),
        (
            ["log china visit 'A visit' B2", "edit 1 A1", "undo"],
            "redo",
            [
                "change 3 (edit: #1 grade) of ",
                "  edited #1 ",
                ": grade B2 -> A1",
                "Reapply change 3 (edit: #1 grade), 1 signal? [y/N]: ",
                "reapplied change 3 (edit: #1 grade), 1 signal",
            ],
        ),
    ],
)
def test_on_a_terminal_it_shows_what_a_change_did_before_it_asks(
    run: Run, commands: list[str], asked: str, said: list[str]
) -> None:
    for command in commands:
        assert run(*shlex.split(command), stdin=FILE).code == 0
    child = pexpect.spawn(sys.executable, ["-m", "scrutiny", *asked.split()], encoding="utf-8", timeout=15)
    for line in said[:-1]:
        child.expect_exact(line)
    child.sendline("y")
    child.expect_exact(said[-1])
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_on_a_terminal_what_stands_in_the_way_is_said_before_anybody_is_asked(run: Run) -> None:
    run("log", "china", "visit", "A visit")
    run("edit", "1", "B2")
    before = run("history", "-f", "json").out
    child = pexpect.spawn(sys.executable, ["-m", "scrutiny", "undo", "2"], encoding="utf-8", timeout=15)
    child.expect_exact("error: change 3 (edit: #1 grade) stands in the way: it edited #1 since")
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, "[y/N]" in str(child.before)) == (1, False)
    assert json.loads(run("history", "-f", "json").out) == json.loads(before)


# -- what meets again


def rows(*cells: str) -> str:
    """A file of visits, one a `uid ally`."""
    lines = (f"{cell.split()[0]},2026-05-01,{cell.split()[1]},visit,Visit\n" for cell in cells)
    return "uid,date,ally,act,summary\n" + "".join(lines)


@pytest.mark.parametrize(
    "steps",
    [
        ("setting principal China", "ally add Russia", "undo 2"),
        ("setting principal India", "undo", "ally add India", "redo 2"),
    ],
    ids=" · ".join,
)
def test_a_principal_comes_back_only_where_it_is_no_ally(run: Run, steps: tuple[str, ...]) -> None:
    *before, last = steps
    for step in before:
        assert run(*step.split()).code == 0, step
    ran = run(*last.split())
    assert ran.code == 1
    assert "principal" in ran.err
    assert ran.err.splitlines()[-1].startswith("hint: first: scrutiny ally remove ")
    assert run(*ran.err.split("scrutiny ")[-1].split()).code == 0
    assert run(*last.split()).code == 0
    assert run("db", "check").code == 0


def test_an_edit_is_taken_back_though_the_ally_that_it_added_is_in_use(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow")
    run("edit", "1", "--ally", "india")
    run("log", "india", "visit", "Modi in Sochi")
    assert run("undo", "3").code == 0
    assert "1 signal\n" in run("ally", "show", "india").out
    run("undo", "4")
    assert "india" not in run("ally", "list", "-f", "csv").out


def test_an_edit_takes_the_ally_that_it_added_with_it(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow")
    run("edit", "1", "--ally", "india")
    run("undo")
    assert "india" not in run("ally", "list", "-f", "csv").out


def test_an_import_that_was_reapplied_goes_whole(run: Run) -> None:
    """Also the signal that came back by itself while the import was taken back."""
    run("import", "-", stdin=rows("u1 China", "u2 China"))
    for step in ("remove 1", "undo 2", "undo 3", "redo 2"):
        assert run(*step.split()).code == 0, step
    assert run("undo", "2").err == "took back change 2 (import: stdin), 2 signals\n"
    assert run("list").out == "0 signals\n"


def test_an_import_comes_back_though_another_brought_its_signals_meanwhile(run: Run) -> None:
    run("import", "-", stdin=rows("u1 China"))
    run("undo")
    run("import", "-", stdin=rows("u1 China", "u2 China"))
    run("undo")
    assert run("redo", "2").err == "reapplied change 2 (import: stdin), 1 signal\n"
    assert run("list").out.startswith("1 signal\n")


def test_reapplying_what_another_brought_back_is_refused(run: Run) -> None:
    run("import", "-", stdin=rows("u1 China"))
    run("undo")
    run("import", "-", stdin=rows("u1 China"))
    ran = run("redo", "2")
    assert (ran.code, ran.err.splitlines()[0]) == (
        1,
        "error: change 4 (import: stdin) stands in the way: it brought back #1 since",
    )


def test_an_import_whose_allys_name_is_taken_says_whose_it_is(run: Run) -> None:
    run("import", "-", "--add-allies", stdin=rows("u1 Wagner"))
    run("undo")
    run("ally", "edit", "iran", "--alias", "Wagner")
    ran = run("import", "-", "--add-allies", stdin="uid,date,ally,act,summary\nu1,2026-05-01,Iran,visit,Visit\n")
    assert (ran.code, ran.err.splitlines()[0]) == (
        1,
        "error: Wagner would come back with its signals, but the name 'Wagner' already finds Iran",
    )


@pytest.mark.file
def test_many_allies_come_and_go_in_no_more_than_a_few_questions_each(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    opened = Sqlite.open

    def counted(self: Sqlite, writing: bool) -> sqlite3.Connection:
        connection = opened(self, writing)
        connection.set_trace_callback(asked.append)
        return connection

    monkeypatch.setattr(Sqlite, "open", counted)

    def count(*args: str, stdin: str = "") -> int:
        asked.clear()
        assert run(*args, stdin=stdin).code == 0
        return len(asked)

    for number, name in ((20, "a"), (200, "b")):
        text = rows(*(f"{name}{n} Front{name}{n}" for n in range(number)))
        counts = [count("import", "-", "--add-allies", stdin=text), count("undo", "--yes"), count("redo", "--yes")]
        assert max(counts) < 30 * number + 300, counts
