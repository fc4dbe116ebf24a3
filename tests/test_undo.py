"""undo: what a log or an import added is taken back whole, by its author or by its number."""

import csv
import sys
from pathlib import Path

import pexpect
import pytest

from tests.conftest import Ran, Run


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
