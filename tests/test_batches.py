"""Batches: one a file that was imported, each can be seen and taken out by itself."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import Clock, Ran, Run

ONE = "date,ally,act,summary\n2026-02-24,China,visit,Xi in Moscow\n2026-02-25,India,visit,Modi in Moscow\n"
TWO = "date,ally,act,summary\n2026-02-24,China,visit,Xi in Moscow\n2026-02-26,Iran,visit,Raisi in Moscow\n"


@pytest.fixture
def both(run: Run) -> Run:
    """A ledger with two files of one import; the second has a row of the first."""
    Path("one.csv").write_text(ONE)
    Path("two.csv").write_text(TWO)
    assert run("import", "one.csv", "two.csv").code == 0
    return run


def summaries(run: Run) -> list[str]:
    return [json.loads(line)["summary"] for line in run("export", "-f", "jsonl").out.splitlines()]


def test_a_batch_keeps_file_digest_format_counts_time_and_author(both: Run) -> None:
    second, first = json.loads(both("batches", "-f", "json").out)["batches"]
    assert (first["file"], first["format"], first["author"]) == ("one.csv", "csv", "ana")
    assert first["sha256"] == sha256(ONE.encode()).hexdigest()
    assert (first["batch"], first["change"], first["read"], first["added"], first["held"]) == (1, 2, 2, 2, 2)
    assert (second["read"], second["added"], second["known"], second["held"]) == (2, 1, 1, 1)
    assert second["at"].endswith("Z")


def test_batches_are_listed_newest_first(both: Run) -> None:
    lines = both("batches").out.splitlines()
    assert lines[0] == "2 batches"
    assert [line.split()[0] for line in lines[2:4]] == ["2", "1"]
    assert both("batches", "-f", "csv").out.splitlines()[1].startswith("2,2,")


def test_an_empty_ledger_has_no_batches(run: Run, new: Path) -> None:
    assert run("batches") == Ran(0, "0 batches\nimport files with: import FILE\n", "")


def test_removing_a_batch_takes_out_what_it_added_and_no_more(both: Run) -> None:
    ran = both("batches", "remove", "1")
    assert ran == Ran(0, "", "removed 2 signals of batch 1 (one.csv)\ntake it back: scrutiny undo 3\n")
    assert summaries(both) == ["Raisi in Moscow"]
    assert "India" not in both("ally", "list").out  # it came with the batch alone
    assert [one["held"] for one in json.loads(both("batches", "-f", "json").out)["batches"]] == [1, 0]
    assert both("db", "check").code == 0


def test_a_batch_that_was_removed_comes_back_by_undo_or_by_its_file(both: Run) -> None:
    before = both("export").out
    both("batches", "remove", "1")
    assert both("undo").err == "took back change 3 (batches remove: batch 1 (one.csv)), 2 signals\n"
    assert both("export").out == before
    both("redo")
    assert both("import", "one.csv").err == (
        "note: India (IND) is new here and was added to the allies\n"
        "one.csv: 2 rows read, 0 added, 2 brought back\ntake it back: scrutiny undo 6\n"
    )
    assert both("export").out == before
    assert both("db", "check").code == 0


def test_a_batch_of_which_something_was_edited_is_removed_only_when_told_so(both: Run) -> None:
    both("edit", "1", "B2")
    assert both("batches", "remove", "1") == Ran(
        1,
        "",
        "error: 1 signal of batch 1 (one.csv) was edited since\n"
        "hint: remove it all the same: scrutiny batches remove 1 --yes\n",
    )
    assert both("batches", "remove", "1", "--yes").code == 0
    both("undo")
    assert '"grade": "B2"' in both("export", "-f", "jsonl").out


@pytest.mark.parametrize(
    ("number", "said"), [("9", "no batch 9"), ("2", "nothing of batch 2 (two.csv) is in the ledger")]
)
def test_a_batch_that_is_not_there_is_refused(both: Run, number: str, said: str) -> None:
    both("remove", "3")
    ran = both("batches", "remove", number)
    assert (ran.code, ran.err.splitlines()[0]) == (1, f"error: {said}")


def test_the_rest_of_an_import_is_taken_back_after_a_batch_of_it_was_removed(both: Run) -> None:
    both("batches", "remove", "1")
    assert both("undo", "2").code == 0
    assert summaries(both) == []
    assert both("db", "check").code == 0


def test_what_is_known_of_batches_is_what_was_known(run: Run, new: Path, clock: Clock) -> None:
    Path("one.csv").write_text(ONE)
    clock("2026-05-01 10:00")
    run("import", "one.csv")
    clock("2026-05-03 10:00")
    run("batches", "remove", "1")
    for day, held in (("2026-04-30", []), ("2026-05-02", [2]), ("2026-05-04", [0])):
        found = json.loads(run("batches", "--known", day, "-f", "json").out)["batches"]
        assert [one["held"] for one in found] == held
