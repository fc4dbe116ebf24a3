"""Several programs, several files and several commands on one ledger: nothing is lost, nothing contradicts itself."""

import json
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from scrutiny.core.allies import RUSSIA, SEEDS, Roster
from scrutiny.store import ledger as ledgers
from scrutiny.store.engines.sqlite import Sqlite
from tests.conftest import Ran, Run
from tests.stores import before_the_next_write

HEADER = "uid,date,ally,act,summary\n"


def rows(*cells: str) -> str:
    """A file of visits on 1 May, one a `uid ally`."""
    return HEADER + "".join(f"{cell.split()[0]},2026-05-01,{cell.split()[1]},visit,Visit\n" for cell in cells)


def allies(run: Run) -> list[str]:
    return [ally["ally"] for ally in json.loads(run("ally", "list", "-f", "json").out)["allies"]]


def count(run: Run) -> int:
    return len(json.loads(run("list", "--limit", "0", "-f", "json").out)["signals"])


# -- first use


@pytest.mark.file
@pytest.mark.parametrize("made_beforehand", ["", "header"])
def test_a_first_use_of_a_file_made_beforehand_by_many_loses_nothing(
    run: Run, home: Path, made_beforehand: str
) -> None:
    path = home / "ledger.db"
    path.touch()
    if made_beforehand:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")

    def log(number: int) -> int:
        command = [sys.executable, "-m", "scrutiny", "log", "china", "visit", f"Visit number {number}"]
        return subprocess.run(command, check=False, capture_output=True, env=os.environ).returncode

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(log, range(12))) == [0] * 12
    assert count(run) == 12


@pytest.mark.file
def test_a_first_use_works_where_files_cannot_be_linked(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", link)
    assert run("log", "china", "visit", "Xi in Moscow").code == 0
    assert count(run) == 1
    assert (home / "ledger.db").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir() if path.name.startswith("ledger.db.")] == []


@pytest.mark.file
def test_a_reader_leaves_a_store_without_tables_as_it_is(run: Run, home: Path) -> None:
    with closing(sqlite3.connect(home / "ledger.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    before = (home / "ledger.db").read_bytes()
    assert run("summary").code == 0
    assert allies(run) == ["belarus", "china", "iran", "syria"]
    assert (home / "ledger.db").read_bytes() == before


# -- others at work


def test_a_reader_sees_one_moment(run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program logs a new ally between a command's queries."""
    read = ledgers.Ledger.roster

    def interrupted(self: ledgers.Ledger) -> Roster:
        found = read(self)
        monkeypatch.setattr(ledgers.Ledger, "roster", read)
        assert run("log", "kazakhstan", "visit", "While another reads", "2026-05-01").code == 0
        return found

    before = run("summary", "--as-of", "2026-05-20")
    monkeypatch.setattr(ledgers.Ledger, "roster", interrupted)
    assert run("summary", "--as-of", "2026-05-20") == before
    monkeypatch.setattr(ledgers.Ledger, "roster", interrupted)
    assert run("list", "--limit", "0").code == 0


def test_two_edits_of_one_ally_at_once_both_stand(
    run: Run, sample: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile() -> None:
        assert run("ally", "edit", "china", "--stake", "7").code == 0

    before_the_next_write(monkeypatch, place, meanwhile)
    assert run("ally", "edit", "china", "--line", "A new line").code == 0
    (china,) = json.loads(run("ally", "show", "china", "-f", "json").out)["allies"]
    assert (china["stake"], china["line"]) == (7.0, "A new line")


def test_a_state_that_becomes_the_principal_meanwhile_is_no_ally(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("ally", "list", "--db", "ledger.db")
    assert run("ally", "edit", "china", "--stake", "1").code == 0
    add = ledgers.Ledger.add

    def interrupted(self: ledgers.Ledger, *args: object) -> object:
        monkeypatch.setattr(ledgers.Ledger, "add", add)
        assert run("setting", "principal", "India").code == 0
        return add(self, *args)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(ledgers.Ledger, "add", interrupted)
    ran = run("log", "india", "visit", "Modi in Moscow")
    assert ran.code == 1
    assert "principal" in ran.err
    assert count(run) == 0


# -- imports that meet again


def test_a_batch_taken_back_and_brought_again_with_other_content_comes_back_as_it_was(run: Run) -> None:
    run("import", "-", stdin=rows("u1 China", "u2 China"))
    run("undo", "--yes")
    ran = run("import", "-", stdin=rows("u1 Iran", "u1 Iran", "u2 Iran"))
    assert ran.err.splitlines()[0] == "stdin: 3 rows of csv read, 0 added, 1 already there, 2 brought back"
    assert [signal["ally"] for signal in json.loads(run("list", "-f", "json").out)["signals"]] == ["china", "china"]


def test_taking_back_the_second_import_leaves_what_the_first_brought(run: Run) -> None:
    run("import", "-", stdin=rows("u1 China"))
    run("import", "-", stdin=rows("u1 China", "u2 India"))
    run("undo", "--yes")
    assert (count(run), "india" in allies(run)) == (1, False)


def test_a_uid_twice_in_one_file_with_other_content_is_named(run: Run) -> None:
    ran = run("import", "-", stdin=rows("u1 China", "u1 Iran"))
    assert ran.err.splitlines()[:2] == [
        "stdin:3: differs from #1, which stays as it is",
        "stdin: 2 rows of csv read, 1 added, 1 differing and left as they are",
    ]


@pytest.mark.file
def test_a_large_file_is_known_again_in_no_more_than_a_few_times_its_rows(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By SQLite's own count of its steps, which no slow machine bends: to know all again costs as much as to add."""
    steps: list[int] = []
    opened = Sqlite.open

    def counted(self: Sqlite, writing: bool) -> sqlite3.Connection:
        connection = opened(self, writing)
        connection.set_progress_handler(lambda: steps.append(1) or 0, 1000)  # type: ignore[func-returns-value]  # goes on
        return connection

    monkeypatch.setattr(Sqlite, "open", counted)
    text = rows(*(f"u{number} China" for number in range(4000)))
    run("import", "-", stdin=text)
    first = len(steps)
    assert run("import", "-", stdin=text).err == "stdin: 4,000 rows of csv read, 0 added, 4,000 already there\n"
    assert len(steps) - first < 2 * first


def test_an_empty_export_as_json_lines_comes_back(run: Run) -> None:
    run("ally", "add", "India")
    run("export", "--output", "none.jsonl", "--format", "jsonl")
    assert run("import", "none.jsonl") == Ran(0, "", "none.jsonl: 0 rows read, 0 added\n")


# -- allies that were taken back


def test_an_ally_that_was_taken_back_comes_back_whole(run: Run) -> None:
    run("log", "india", "visit", "Modi in Moscow")
    assert run("undo", "--yes").code == 0
    assert "india" not in allies(run)
    assert run("show", "1").out.startswith("#1 India · support +2.8 · removed\n")
    ran = run("log", "india", "visit", "Modi in Sochi")
    assert ran.err.startswith("note: India (IND) is new here and was added to the allies\n")
    assert run("ally", "show", "IND").out.startswith("India · 1 signal\n")


def test_the_names_of_an_ally_that_was_taken_back_are_free(run: Run) -> None:
    run("log", "india", "visit", "Modi in Moscow")
    run("undo", "--yes")
    assert run("ally", "edit", "china", "--alias", "Republic of India").code == 0
    assert run("ally", "add", "Bharat Front", "--code", "IND").code == 0


def test_the_slug_of_an_ally_that_was_taken_back_stays_its_own(run: Run) -> None:
    run("log", "india", "visit", "Modi in Moscow")
    run("undo", "--yes")
    ran = run("ally", "add", "Some Front", "--slug", "india")
    assert (ran.code, ran.err) == (1, "error: the slug 'india' is that of India, an ally that was taken back\n")
    assert run("ally", "add", "India").code == 0


def test_an_ally_in_use_stays_when_what_added_it_is_taken_back(run: Run) -> None:
    run("log", "india", "visit", "Modi in Moscow")
    run("log", "india", "visit", "Modi in Sochi")
    run("undo", "2", "--yes")
    assert run("ally", "show", "IND").out.startswith("India · 1 signal\n")
    run("undo", "--yes")
    assert "india" not in allies(run)


# -- names


@pytest.mark.parametrize(
    "name", ["Islamic Republic", "Byelorussia", "Syrian Arab Republic", "Iran, Islamic Republic of"]
)
def test_every_name_of_a_seeded_state_finds_it(name: str) -> None:
    roster = Roster(RUSSIA, SEEDS)
    assert roster.ally_or_state(name) in SEEDS
    assert roster.ally(name) in SEEDS


def test_the_principals_other_names_can_be_no_allys(run: Run) -> None:
    ran = run("ally", "edit", "china", "--alias", "Russian Federation")
    assert ran.code == 1
    assert "principal" in ran.err


def test_an_ally_in_use_by_a_signal_that_came_back_stays(run: Run) -> None:
    """Its signal was added by a change that was taken back, and brought again by another, which stands."""
    run("import", "-", stdin=rows("u1 India"))
    run("log", "india", "visit", "Modi in Sochi")
    run("undo", "2", "--yes")
    run("import", "-", stdin=rows("u1 India"))
    run("undo", "3", "--yes")
    assert "india" in allies(run)
    assert run("list").out.startswith("1 signal\n")
    assert "India" in run("summary").out
    run("undo", "--yes")
    assert "india" not in allies(run)
