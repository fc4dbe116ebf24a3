"""note: an analyst's dated assessment, beside the model's figures of that day, kept whole and undoable."""

import csv
import json
import os
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pexpect
import pytest
import sqlalchemy as sa

from scrutiny.core.allies import RUSSIA, SEEDS, Roster
from scrutiny.core.notes import Note, latest, noted, subject
from scrutiny.core.parts import DAILY
from scrutiny.core.shares import Days
from scrutiny.errors import BadValue, Unknown
from tests import hostile
from tests.conftest import NOW, SAMPLE_DAY, Clock, Ran, Run
from tests.feeds import bring, signal
from tests.stores import is_there, lawless, raw
from tests.test_startup import loaded

OF_FILES = pytest.mark.file  # a server's types and references rule it out
HEDGES = "Beijing hedges: warm words, no new credit"
TAKEN = "take it back: scrutiny undo {}\n"
MODEL = "the model for that day, as known now"


def did(run: Run, *commands: str) -> None:
    """Types commands, none of which is refused."""
    for command in commands:
        ran = run(*shlex.split(command))
        assert ran.code == 0, (command, ran.err)


def notes(run: Run, *args: str) -> list[dict[str, Any]]:
    ran = run("note", *args, "-f", "json")
    assert ran.code == 0, ran.err
    return list(json.loads(ran.out)["notes"])


def texts(run: Run, *args: str) -> list[str]:
    return [one["text"] for one in notes(run, *args)]


def dossier(run: Run, *args: str) -> dict[str, Any]:
    return dict(json.loads(run("summary", *args, "-f", "json").out)["allies"][0])


def line(run: Run, *args: str) -> str | None:
    """What a dossier's line says of the note."""
    said = [one for one in run("summary", *args).out.splitlines() if one.startswith("Note  ")]
    return said[0].removeprefix("Note").strip() if said else None


def refused(run: Run, args: str, code: int, message: str) -> None:
    ran = run(*shlex.split(args))
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith(f"error: {message}"), ran.err


# -- writing


def test_a_note_is_one_line_and_says_how_to_take_it_back(run: Run, sample: Path) -> None:
    assert run("note", "china", HEDGES, "--on", "2026-05-19") == Ran(
        0, "", f"note on China, Tue 2026-05-19\n{TAKEN.format(3)}"
    )
    (kept,) = notes(run)
    assert {key: kept[key] for key in ("change", "date", "ally", "name", "author", "text")} == {
        "change": 3,
        "date": "2026-05-19",
        "ally": "china",
        "name": "China",
        "author": "ana",
        "text": HEDGES,
    }


def test_a_note_without_a_day_is_of_today(run: Run, new: Path) -> None:
    assert run("note", "PRC", HEDGES).err == f"note on China, Thu 2026-05-21\n{TAKEN.format(2)}"


def test_a_note_of_a_day_to_come_is_kept_with_a_warning(run: Run, new: Path) -> None:
    ran = run("note", "china", HEDGES, "--on", "2026-05-22")
    assert ran == Ran(
        0, "", f"note on China, Fri 2026-05-22\n{TAKEN.format(2)}warning: 2026-05-22 is in the future\n"
    )


def test_the_first_note_makes_the_ledger(run: Run, home: Path) -> None:
    assert run("note", "china", HEDGES).code == 0
    assert texts(run, "china") == [HEDGES]


@pytest.mark.parametrize(("typed", "kept"), [("  Two\n lines\tand  gaps ", "Two lines and gaps"), ("-1", "-1")])
def test_a_text_is_kept_as_one_line(run: Run, new: Path, typed: str, kept: str) -> None:
    assert run("note", "china", "--", typed).code == 0
    assert texts(run) == [kept]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the note is empty"),
        (" \n ", "the note is empty"),
        ("red \x1b[31m", "the note holds the control character U+001B"),
        ("x" * 10_001, "the note has 10,001 characters; at most 10,000 are kept"),
    ],
)
def test_what_can_be_no_text_is_refused_before_the_ledger_is_made(run: Run, place: str, text: str, said: str) -> None:
    assert run("note", "china", text) == Ran(2, "", f"error: {said}\n")
    assert not is_there(place)


def test_the_longest_text_is_kept_whole(run: Run, new: Path) -> None:
    assert run("note", "china", "x" * 10_000).code == 0
    assert texts(run) == ["x" * 10_000]


@pytest.mark.parametrize(
    ("ally", "code", "said"),
    [
        ("chin", 3, "no ally 'chin'; near: China\nhint: to follow an actor that is no state: scrutiny ally add chin"),
        ("KAZ", 3, "no ally 'KAZ' yet\nhint: add it first: scrutiny ally add Kazakhstan"),
        ("ivory coast", 3, "no ally 'ivory coast' yet\nhint: add it first: scrutiny ally add 'Ivory Coast'"),
        ("russia", 2, "Russia is the principal, and no ally of itself"),
    ],
)
@pytest.mark.parametrize("text", [(), ("Drifts",)])
def test_an_ally_that_is_not_there_is_refused_with_what_to_type(
    run: Run, new: Path, ally: str, code: int, said: str, text: tuple[str, ...]
) -> None:
    assert run("note", ally, *text) == Ran(code, "", f"error: {said}\n")


def test_the_hint_for_a_new_state_works(run: Run, new: Path) -> None:
    hint = run("note", "north macedonia", "Drifts").err.splitlines()[-1]
    did(run, hint.partition("scrutiny ")[2], "note 'north macedonia' Drifts")
    assert texts(run, "MKD") == ["Drifts"]


@pytest.mark.parametrize("more", ["--known 2026-05-01", "-f json", "-o notes.json", "--limit 3"])
def test_what_is_for_printing_is_refused_beside_a_text(run: Run, new: Path, more: str) -> None:
    refused(run, f"note china Drifts {more}", 2, "--limit, --known, --format and --output are for printing notes\n")
    assert texts(run) == []


def test_a_day_without_a_text_is_refused(run: Run, new: Path) -> None:
    refused(run, "note china --on 2026-05-01", 2, "TEXT is missing\nhint: as in: scrutiny note china ")


@pytest.mark.file
def test_writing_a_note_loads_no_more_than_it_needs(run: Run, sample: Path) -> None:
    modules = loaded("note", "china", HEDGES)
    assert not modules & {"alembic", "pycountry", "rich.table", "scrutiny.core.trend"}
    assert "scrutiny.core.notes" not in loaded("log", "china", "visit", "Xi in Moscow")


# -- reading

SAID = """\
3 notes
change  date        ally   who  level  band        direction             note
     5  2026-05-20  China  ana   +1.0  -1.6..+3.9  ▲ likely 66%          Turning
     3  2026-05-12  China  ana   +0.2  -2.9..+3.2  ─ no clear direction  Beijing hedges: warm words, no new credit
     4  2020-01-01  Iran   ana      -                too few signals     Before anything
level, band, direction: the model's for the note's day, over 90 days, by the signals dated up to it as known now · take a note out: undo CHANGE
"""  # noqa: E501  # as it is printed


@pytest.fixture
def three(run: Run, sample: Path) -> None:
    """Two notes on China and one on Iran, of a day before its first signal."""
    did(
        run,
        f"note china '{HEDGES}' --on 2026-05-12",
        "note iran 'Before anything' --on 2020-01-01",
        "note china Turning --on 2026-05-20",
    )


@pytest.mark.usefixtures("three")
def test_notes_stand_beside_the_models_figures_of_their_day(run: Run) -> None:
    assert run("note") == Ran(0, SAID, "")


@pytest.mark.usefixtures("three")
def test_the_notes_of_one_ally_are_its_own(run: Run) -> None:
    assert texts(run, "PRC") == ["Turning", HEDGES]
    assert run("note", "china").out.startswith("2 notes on China\n")
    assert run("note", "syria").out == '0 notes on Syria\nwrite one: scrutiny note syria "what you make of it"\n'


def test_where_there_is_no_ledger_there_are_no_notes(run: Run, place: str) -> None:
    ran = run("note")
    assert ran.out == '0 notes\nwrite one: scrutiny note china "what you make of it"\n'
    assert ran.err.startswith("note: there is no ledger at ")
    assert not is_there(place)


@pytest.mark.usefixtures("three")
def test_the_figures_are_those_of_the_dossier_of_that_day(run: Run) -> None:
    keys = ("level", "level_low", "level_high", "direction", "likelihood")
    for one in notes(run):
        then = dossier(run, one["ally"], "--as-of", one["date"])
        assert {key: one[key] for key in keys} == {key: then[key] for key in keys}
    assert [one["likelihood"] for one in notes(run)] == ["likely", None, None]


@pytest.mark.usefixtures("three")
def test_events_of_feeds_are_not_in_the_figures(run: Run) -> None:
    before = run("note").out
    bring([signal("gdelt:1", "2026-05-10", "-9")])
    assert run("note").out == before


def test_notes_of_one_day_stand_newest_first(run: Run, new: Path) -> None:
    did(run, *(f"note china {text} --on 2026-05-01" for text in ("First", "Second")), "note iran Old --on 2026-04-01")
    did(run, "note syria New --on 2026-05-02")
    assert texts(run) == ["New", "Second", "First", "Old"]


@pytest.mark.usefixtures("three")
def test_every_form_has_the_same_notes(run: Run, home: Path) -> None:
    known = notes(run, "china")
    rows = list(csv.DictReader(run("note", "china", "-f", "csv").out.splitlines()))
    assert [row | {} for row in rows] == [
        {key: "" if cell is None else str(cell) for key, cell in one.items()} for one in known
    ]
    assert run("note", "-f", "markdown").out.count("\n| ") == 5  # heading, rule and three notes
    assert run("note", "china", "-f", "json", "-o", "notes.json") == Ran(0, "", "")
    assert json.loads((home / "notes.json").read_text("utf-8")) == {"window_days": 90, "notes": known}


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(("limit", "shown"), [("1", 1), ("2", 2), ("3", 3), ("0", 3), ("9", 3)])
def test_a_list_that_is_cut_says_so(run: Run, limit: str, shown: int) -> None:
    ran = run("note", "--limit", limit, "-f", "csv")
    assert len(ran.out.splitlines()) - 1 == shown
    assert ran.err == ("" if shown == 3 else f"note: the latest {limit} notes are shown; --limit 0 shows all\n")


def test_known_shows_the_notes_of_then_with_the_figures_of_then(run: Run, clock: Clock, home: Path) -> None:
    said = []
    for day, command in (
        ("2026-05-01", "note china Early --on 2026-04-30"),
        ("2026-05-02", "log china visit 'Xi in Moscow' 2026-04-29 B2"),
        ("2026-05-03", "undo 2"),
        ("2026-05-04", "note china Again --on 2026-05-04"),
        ("2026-05-05", "redo 2"),
    ):
        clock(f"{day}T09:00")
        did(run, command)
        said.append((day, run("note", "-f", "json").out))
    assert len({out for _, out in said}) == 5
    for day, out in said:
        assert run("note", "-f", "json", "--known", day).out == out
    assert "error: the ledger knew nothing by then" in run("note", "--known", "2026-04-30").err


def test_a_note_cannot_act_wherever_it_is_shown(run: Run, sample: Path) -> None:
    for text in (hostile.RICH_COLOUR, hostile.OVERRIDE, hostile.HTML, hostile.MARKDOWN_TABLE, "=1+1", hostile.TAGS):
        assert run("note", "china", "--on", SAMPLE_DAY, "--", text).code == 0
        assert texts(run, "china", "--limit", "1") == [text.strip()]
        for form in ("table", "markdown"):
            for args in (("note",), ("summary", "china", "--as-of", SAMPLE_DAY), ("history", "--change", "3")):
                said = run(*args, "-f", form).out
                assert not set(said) & {"\x1b", "\u202e", "\U000e0041"}, (form, args)
    assert "'=1+1" in run("note", "-f", "csv").out


def test_a_piped_note_is_not_cut_and_a_narrow_terminal_breaks_it(run: Run, sample: Path) -> None:
    text = "A long judgement on where this is going. " * 6
    assert run("note", "china", text, "--on", "2026-05-12").code == 0
    assert text.strip() in run("note").out
    shown = pexpect.run(
        f"{sys.executable} -m scrutiny note", env=os.environ | {"COLUMNS": "70", "NO_COLOR": "1"}, encoding="utf-8"
    )
    assert max(map(len, shown.splitlines())) <= 70
    assert " ".join(shown.split()).count("judgement") == 6


# -- the dossier


@pytest.mark.usefixtures("three")
def test_the_dossier_has_the_latest_note_and_what_the_model_says_of_its_day(run: Run) -> None:
    assert line(run, "china", "--as-of", "2026-05-19") == (
        f"2026-05-12, ana: {HEDGES} · {MODEL}: level +0.2 (-2.9..+3.2), no clear direction"
    )
    assert line(run, "china", "--as-of", "2026-05-20") == (
        f"2026-05-20, ana: Turning · {MODEL}: level +1.0 (-1.6..+3.9), strengthening: likely (66%)"
    )
    assert line(run, "iran", "--as-of", "2026-05-20") == (
        f"2020-01-01, ana: Before anything · {MODEL}: too few signals"
    )
    assert line(run, "china", "--as-of", "2026-05-11") is None
    assert line(run, "syria", "--as-of", "2026-05-20") is None


@pytest.mark.usefixtures("three")
def test_a_signal_logged_later_of_an_earlier_day_changes_the_figures_and_both_say_as_known_now(run: Run) -> None:
    before = notes(run, "china")
    did(run, "log china halt 'Turns away' 2026-05-10 A1 --score=-9")
    after = notes(run, "china")
    assert [one["text"] for one in after] == [one["text"] for one in before]
    assert all(now["level"] < then["level"] for now, then in zip(after, before, strict=True))
    assert "by the signals dated up to it as known now" in run("note").out
    said = line(run, "china", "--as-of", "2026-05-19")
    assert said is not None
    assert f"{MODEL}: level {after[1]['level']:+.1f} (" in said


@pytest.mark.usefixtures("three")
def test_the_dossiers_json_and_csv_have_the_note(run: Run) -> None:
    kept = dossier(run, "china", "--as-of", "2026-05-19")["note"]
    assert list(kept) == "date text author level level_low level_high direction likelihood".split()
    assert kept == {key: notes(run, "china")[1][key] for key in kept}
    assert dossier(run, "iran", "--as-of", SAMPLE_DAY)["note"] == {
        "date": "2020-01-01",
        "text": "Before anything",
        "author": "ana",
        "level": None,
        "level_low": None,
        "level_high": None,
        "direction": "too few signals",
        "likelihood": None,
    }
    assert dossier(run, "china", "--as-of", "2026-05-11")["note"] is None
    (row,) = csv.DictReader(run("summary", "china", "--as-of", "2026-05-19", "-f", "csv").out.splitlines())
    assert (row["note_text"], row["note_level"]) == (HEDGES, str(kept["level"]))
    (row,) = csv.DictReader(run("summary", "china", "--as-of", "2026-05-11", "-f", "csv").out.splitlines())
    assert (row["note_text"], row["note_level"]) == ("", "")


def test_the_note_stands_below_what_surprised(run: Run, sample: Path) -> None:
    did(run, "log belarus halt 'Turns away' 2026-05-19 A1 --score=-9", "note belarus Odd --on 2026-05-19")
    labels = [one.split("  ")[0] for one in run("summary", "belarus", "--as-of", SAMPLE_DAY).out.splitlines()]
    assert labels.index("Note") == labels.index("Surprising") + 1


def test_a_silent_dossier_has_the_note_too(run: Run, new: Path) -> None:
    did(run, "note china Silent --on 2026-05-01")
    assert line(run, "china") == f"2026-05-01, ana: Silent · {MODEL}: too few signals"
    assert dossier(run, "china")["note"]["text"] == "Silent"
    assert dossier(run, "iran")["note"] is None
    assert line(run, "china", "--as-of", "2026-04-30") is None


def test_the_note_of_a_question_is_judged_as_that_question_asks(run: Run, sample: Path) -> None:
    """So that the dossier of the note's day says the same, whatever else was asked."""
    bring([signal(f"gdelt:{day}", f"2026-05-0{day}", "-4") for day in range(1, 6)])
    did(run, "note china Then --on 2026-05-06")
    for more in ((), ("--origin", "feeds"), ("--window", "30"), ("--by", "ally")):
        kept = dossier(run, "china", "--as-of", SAMPLE_DAY, *more)["note"]
        then = dossier(run, "china", "--as-of", "2026-05-06", *more)
        assert (kept["level"], kept["direction"]) == (then["level"], then["direction"])


def test_with_known_the_dossier_has_the_note_that_was_known(run: Run, clock: Clock, home: Path) -> None:
    clock("2026-05-01T09:00")
    did(run, "log china visit 'Xi in Moscow' 2026-04-29 B2", "note china First --on 2026-04-30")
    clock("2026-05-03T09:00")
    did(run, "note china Second --on 2026-04-30")
    clock("2026-05-05T09:00")
    did(run, "undo 4", "undo 3")
    found = [dossier(run, "china", "--known", day)["note"] for day in ("2026-05-01", "2026-05-03", "2026-05-05")]
    assert [one and one["text"] for one in found] == ["First", "Second", None]


# -- taking it back


def test_a_note_is_taken_back_and_reapplied(run: Run, new: Path) -> None:
    did(run, "note china First", "note china Second")
    assert run("undo") == Ran(0, "", "took back change 3 (note: china 2026-05-21), 1 note\n")
    assert texts(run) == ["First"]
    assert run("redo") == Ran(0, "", "reapplied change 3 (note: china 2026-05-21), 1 note\n")
    assert texts(run) == ["Second", "First"]
    did(run, "undo 2", "undo 3")
    assert texts(run) == []
    did(run, "redo 3", "undo 3", "redo 2", "db check")
    assert texts(run) == ["First"]


def test_undo_shows_the_note_before_it_asks(run: Run, new: Path) -> None:
    did(run, "note china 'Drifts, [bold]slowly[/bold]' --on 2026-05-01")
    told = pexpect.spawn(sys.executable, ["-m", "scrutiny", "undo"], encoding="utf-8", timeout=20)
    told.expect_exact("  added note China 2026-05-01: Drifts, [bold]slowly[/bold]\r\n")
    told.expect_exact("Take back change 2 (note: china 2026-05-01), 1 note? [y/N]: ")
    told.sendline("y")
    told.expect_exact("took back change 2 (note: china 2026-05-01), 1 note")
    told.expect(pexpect.EOF)
    assert texts(run) == []


def test_two_analysts_notes_are_each_ones_own_to_take_back(
    run: Run, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    did(run, "note china Anas")
    monkeypatch.setenv("SCRUTINY_USER", "boris")
    did(run, "note china Boris")
    monkeypatch.setenv("SCRUTINY_USER", "ana")
    did(run, "undo")
    assert [(one["text"], one["author"]) for one in notes(run)] == [("Boris", "boris")]


# -- the history


def test_the_history_has_notes_and_what_became_of_them(run: Run, new: Path) -> None:
    did(run, "note china Drifts --on 2026-05-01", "note iran Holds", "undo 2", "redo 2")
    said = [one.split("  ")[-1].strip() for one in run("history").out.splitlines()[2:-1]]
    assert said == [
        "redo: change 2",
        "undo: change 2",
        "note: iran 2026-05-21",
        "note: china 2026-05-01",
        "new ledger: the principal and its first allies",
    ]
    for change, deed in (("2", "added"), ("4", "removed"), ("5", "brought back")):
        *_, last = run("history", "--change", change).out.splitlines()
        assert last == f"Note  China 2026-05-01 {deed}: Drifts"
    (told,) = json.loads(run("history", "--change", "4", "-f", "json").out)["others"]
    assert told == {
        "what": "note",
        "name": "China 2026-05-01",
        "deed": "removed",
        "differences": [{"part": "text", "before": "Drifts", "after": None}],
    }


def of_ally(run: Run, ally: str, *known: str) -> list[int]:
    found = json.loads(run("history", "--ally", ally, "-f", "json", *known).out)["changes"]
    return [one["change"] for one in found]


def test_the_history_of_an_ally_has_its_notes(run: Run, clock: Clock, new: Path) -> None:
    clock("2026-05-01T09:00")
    did(run, "ally add India", "note india Drifts", "undo 3", "redo 3", "note china Other")
    clock("2026-05-02T09:00")
    did(run, "ally merge india --into iran", "undo 3")
    assert of_ally(run, "india") == [7, 5, 4, 3, 2]
    assert of_ally(run, "iran") == [8, 7, 1]
    assert of_ally(run, "china") == [6, 1]
    assert of_ally(run, "india", "--known", "2026-05-01") == [5, 4, 3, 2]
    assert of_ally(run, "iran", "--known", "2026-05-01") == [1]


def test_a_merge_of_notes_and_its_reversals_are_in_the_history_of_both_allies(run: Run, new: Path) -> None:
    did(run, "ally add India", "note india Drifts", "ally merge india --into iran", "undo 4", "redo 4", "undo 4")
    assert of_ally(run, "india") == [7, 6, 5, 4, 3, 2]
    assert of_ally(run, "iran") == [7, 6, 5, 4, 1]


# -- the allies


@pytest.fixture
def india(run: Run, new: Path) -> None:
    """India, added by name, with a note that stands and one that was taken back."""
    did(run, "ally add India", "note india Stands --on 2026-05-01", "note india Gone --on 2026-05-02", "undo 4")


@pytest.mark.usefixtures("india")
def test_an_ally_with_notes_is_not_removed(run: Run) -> None:
    hint = "hint: give them to another ally with: scrutiny ally merge india --into ALLY\n"
    assert run("ally", "remove", "india") == Ran(1, "", f"error: India has 1 note\n{hint}")
    did(run, "redo 4")
    assert run("ally", "remove", "india") == Ran(1, "", f"error: India has 2 notes\n{hint}")
    did(run, "log india visit 'Modi in Moscow'")
    assert run("ally", "remove", "india") == Ran(1, "", f"error: India has 1 signal and 2 notes\n{hint}")
    did(run, "undo 3", "undo 4", "remove 1 --yes", "ally remove india")


@pytest.mark.usefixtures("india")
def test_adding_an_ally_is_not_taken_back_while_it_has_notes(run: Run) -> None:
    refused(run, "undo 2", 1, "1 note of India would have no ally\nhint: see: scrutiny note india\n")
    did(run, "log india visit 'Modi in Moscow'")
    refused(run, "undo 2", 1, "1 signal and 1 note of India would have no ally\nhint: see: scrutiny list india\n")
    did(run, "undo 3", "remove 1 --yes", "undo 2")


@pytest.mark.usefixtures("india")
@pytest.mark.parametrize(
    ("gone", "first"), [("ally remove india", "ally remove: india"), ("undo 2", "undo: change 2")]
)
def test_a_note_whose_ally_is_gone_does_not_come_back(run: Run, gone: str, first: str) -> None:
    did(run, "undo 3", gone)
    again = "undo 7" if gone.startswith("ally") else "redo 2"
    refused(
        run,
        "redo 3",
        1,
        f"change 7 ({first}) stands in the way: it took out the ally of the note since\n"
        f"hint: first: scrutiny {again}\n",
    )
    assert texts(run) == []
    did(run, again, "redo 3", "db check")
    assert texts(run) == ["Stands"]


def test_an_ally_that_came_with_signals_stays_while_it_has_notes(run: Run, new: Path) -> None:
    did(run, "log india visit 'Modi in Moscow'", "note india Stands", "undo 2")
    assert texts(run, "india") == ["Stands"]
    did(run, "redo 2", "remove 1 --yes", "undo 3", "db check")
    did(run, "log kazakhstan visit 'Tokayev in Moscow'", "undo")
    assert "kazakhstan" not in run("ally", "list", "-f", "csv").out


@pytest.mark.parametrize("order", [("2", "3"), ("3", "2")])
def test_an_ally_that_came_with_a_signal_goes_with_the_last_of_its_signals_and_notes(
    run: Run, new: Path, order: tuple[str, str]
) -> None:
    before = run("ally", "list", "-f", "csv").out
    did(run, "log mali visit 'Goita in Moscow'", "note mali Stands")
    there = run("ally", "list", "-f", "csv").out
    for _ in range(2):
        did(run, f"undo {order[0]}")
        assert "Mali" in run("ally", "list", "-f", "csv").out
        did(run, f"undo {order[1]}", "db check")
        assert run("ally", "list", "-f", "csv").out == before
        did(run, f"redo {order[1]}", f"redo {order[0]}", "db check")
        assert (texts(run, "mali"), run("ally", "list", "-f", "csv").out) == (["Stands"], there)


def test_a_signal_whose_ally_went_with_its_last_note_does_not_come_back_before_it(run: Run, new: Path) -> None:
    did(run, "log mali visit 'Goita in Moscow'", "note mali Stands", "undo 2", "undo 3")
    said = (
        "change 5 (undo: change 3) stands in the way: it took out the ally of #1 since\nhint: first: scrutiny redo 3"
    )
    refused(run, "redo 2", 1, said)
    did(run, "log mali praise 'Goita calls'", "redo 2", "redo 3", "db check")  # whoever brings it back brings it back
    assert texts(run, "mali") == ["Stands"]


def test_a_note_taken_back_leaves_an_ally_that_holds_more_or_did_not_come_with_signals(run: Run, new: Path) -> None:
    did(run, "log mali visit 'Goita in Moscow'", "note mali One", "note mali Two", "undo 2", "undo 3")
    assert texts(run, "mali") == ["Two"]
    did(run, "ally edit mali --stake 2", "undo 4")
    assert "Mali" in run("ally", "list", "-f", "csv").out  # somebody saw to it since
    did(run, "note china Seeded", "undo", "ally add India", "note india Added", "undo", "db check")
    listed = run("ally", "list", "-f", "csv").out
    assert ("China" in listed, "India" in listed) == (True, True)


def test_a_batch_leaves_the_ally_of_a_note_behind(run: Run, new: Path, home: Path) -> None:
    (home / "in.csv").write_text("date,ally,act,summary\n2026-05-01,India,visit,Modi\n2026-05-01,Mali,visit,Goita\n")
    did(run, "import in.csv", "note india Stands", "batches remove 1 --yes")
    listed = run("ally", "list", "-f", "csv").out
    assert ("india" in listed, "mali" in listed) == (True, False)
    did(run, "db check")


@pytest.mark.usefixtures("india")
def test_a_merge_moves_the_notes_and_undo_moves_them_back(run: Run) -> None:
    before = notes(run)
    said = run("ally", "merge", "india", "--into", "iran").err
    assert said.startswith("merged India (IND) into Iran (IRN): 1 note, names and aliases\n")
    assert [(one["ally"], one["text"]) for one in notes(run, "India")] == [("iran", "Stands")]
    did(run, "redo 4")  # which is Iran's by now
    assert texts(run, "iran") == ["Gone", "Stands"]
    did(run, "undo 6")
    assert texts(run, "iran") == []
    assert texts(run, "india") == ["Gone", "Stands"]
    did(run, "undo 4", "db check")
    assert notes(run) == before
    did(run, "redo 6")
    assert texts(run, "iran") == ["Stands"]


@pytest.mark.usefixtures("india")
def test_a_merge_says_what_it_moves(run: Run) -> None:
    did(run, "log india visit 'Modi in Moscow'")
    asked = pexpect.spawn(
        sys.executable, ["-m", "scrutiny", "ally", "merge", "india", "--into", "iran"], encoding="utf-8", timeout=20
    )
    asked.expect_exact("Merge India (1 signal and 1 note) into Iran? [y/N]: ")
    asked.sendline("y")
    asked.expect_exact("merged India (IND) into Iran (IRN): 1 signal and 1 note, names and aliases")
    asked.expect(pexpect.EOF)


@pytest.mark.usefixtures("india")
def test_a_merge_tells_the_notes_that_it_moved(run: Run) -> None:
    did(run, "ally merge india --into iran")
    assert "Note    Iran 2026-05-01 ally india -> iran\n" in run("history", "--change", "6").out
    did(run, "undo 6")
    said = run("history", "--change", "7").out
    assert "Note    India 2026-05-01 ally iran -> india\n" in said
    assert "2026-05-02" not in said  # it was not in the ledger then


@pytest.fixture
def crowd(run: Run, new: Path) -> None:
    """India with a signal and twelve notes, all given to Iran by change 16."""
    did(run, "ally add India", "log india visit 'Modi in Moscow'")
    did(run, *(f"note india 'Number {n}' --on 2026-05-{n:02}" for n in range(1, 13)))
    did(run, "ally merge india --into iran --yes")


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(("limit", "told"), [("1", 1), ("5", 5), ("11", 11), ("12", 12), ("0", 12), ("50", 12)])
def test_of_the_notes_that_a_merge_moved_the_first_are_told_and_all_counted(run: Run, limit: str, told: int) -> None:
    said = run("history", "--change", "16", "--limit", limit).out.splitlines()
    assert [one for one in said if one.startswith("Note ")] == [
        f"Note    Iran 2026-05-{n:02} ally india -> iran" for n in range(1, told + 1)
    ]
    assert ([one for one in said if one.endswith("told")] == [f"{told} of 12 notes are told"]) is (told < 12)
    found = json.loads(run("history", "--change", "16", "--limit", limit, "-f", "json").out)
    assert (found["counts"], found["note_counts"]) == ({"edited": 1}, {"edited": 12})
    assert sum(one["what"] == "note" for one in found["others"]) == told


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("command", ["undo", "redo"])
def test_before_a_merge_is_taken_back_or_reapplied_ten_of_its_notes_are_told(run: Run, command: str) -> None:
    if command == "redo":
        did(run, "undo 16 --yes")
    asked = pexpect.spawn(sys.executable, ["-m", "scrutiny", command, "16"], encoding="utf-8", timeout=20)
    asked.expect_exact(f"{'Take back' if command == 'undo' else 'Reapply'} change 16 (ally merge: india into iran), ")
    assert asked.before is not None
    told = asked.before.splitlines()
    assert [one for one in told if one.startswith("  edited note ")] == [
        f"  edited note Iran 2026-05-{n:02}: ally india -> iran" for n in range(1, 11)
    ]
    assert told[-1] == "  ... and 2 more notes"
    asked.expect_exact("1 signal and 12 notes? [y/N]: ")
    asked.sendline("n")
    asked.expect(pexpect.EOF)


@pytest.mark.usefixtures("india")
def test_taking_a_merge_back_says_how_many_notes_go_back(run: Run) -> None:
    did(run, "ally merge india --into iran")  # one of whose notes had been taken back
    said = "change 6 (ally merge: india into iran), "
    assert run("undo").err == f"took back {said}1 note\n"
    assert run("redo").err == f"reapplied {said}1 note\n"
    did(run, "undo", "redo 4")
    assert run("redo", "6").err == f"reapplied {said}2 notes\n"
    did(run, "undo 6", "log india visit 'Modi in Moscow'", "ally merge india --into syria")
    assert run("undo").err == "took back change 14 (ally merge: india into syria), 1 signal and 2 notes\n"


def test_with_known_a_note_is_its_ally_s_of_then(run: Run, clock: Clock, new: Path) -> None:
    said = []
    for day, command in (
        ("2026-05-01", "ally add India"),
        ("2026-05-02", "note india Stands --on 2026-05-01"),
        ("2026-05-03", "ally merge india --into iran"),
        ("2026-05-04", "ally merge iran --into syria"),
        ("2026-05-05", "undo 5"),
        ("2026-05-06", "undo 4"),
    ):
        clock(f"{day}T09:00")
        did(run, command)
        said.append((day, [run("note", "-f", "json").out, run("history", "--ally", "iran").out]))
    assert [json.loads(out)["notes"][0]["ally"] for _, (out, _) in said[1:]] == [
        "india", "iran", "syria", "iran", "india",
    ]  # fmt: skip
    for day, out in said:
        now = [run("note", "-f", "json", "--known", day).out, run("history", "--ally", "iran", "--known", day).out]
        assert now[0] == out[0]
        assert [one for one in now[1].splitlines() if "taken back" not in one]


@pytest.mark.usefixtures("india")
def test_a_merge_is_not_taken_back_where_its_notes_went_on_to_another(run: Run) -> None:
    did(run, "ally merge india --into iran", "ally merge iran --into syria")
    refused(
        run,
        "undo 6",
        1,
        "change 7 (ally merge: iran into syria) stands in the way: it gave a note to another ally since\n"
        "hint: first: scrutiny undo 7\n",
    )
    did(run, "undo 7", "undo 6", "db check")
    assert texts(run, "india") == ["Stands"]


def test_the_principal_stays_once_there_are_notes(run: Run, new: Path) -> None:
    did(run, "setting principal India", "undo 2", "note china Stands", "undo 4")
    said = "the principal cannot be changed once the ledger has notes\nhint: follow another principal in a ledger"
    refused(run, "setting principal India", 1, said)
    refused(run, "redo 2", 1, said)


# -- soundness


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("UPDATE note SET text = ''", "note 1: the note is empty"),
        ("UPDATE note SET text = text || '\x1b'", "note 1: the note holds the control character U+001B"),
        pytest.param("UPDATE note SET text = x'ff00'", "note 1: a cell cannot be read: ", marks=OF_FILES),
        pytest.param(
            "UPDATE note SET text = CAST(x'41ff42' AS TEXT)", "note 1: a cell cannot be read: ", marks=OF_FILES
        ),
        pytest.param("UPDATE note SET noted_on = '2026-02-30'", "note 1: a cell cannot be read: ", marks=OF_FILES),
        pytest.param(
            "UPDATE note SET added_by = 999",
            "row 1 of note refers to a row of change that is not there",
            marks=OF_FILES,
        ),
        pytest.param(
            "UPDATE note SET ally_id = 999", "row 1 of note refers to a row of ally that is not there", marks=OF_FILES
        ),
        ("UPDATE ally SET removed_by = 3 WHERE slug = 'china'", "note 1: its ally was removed"),
        ("UPDATE note SET added_by = 1", "note 1: the change that made it, 1, is none that makes a note"),
        ("DELETE FROM note", "change 2 made a note that is not there"),
        ("INSERT INTO note_was VALUES (1, 2, 3)", "note 1: it was another ally's before it was made"),
        (
            "INSERT INTO note_was VALUES (1, 3, 3)",
            "note 1: the change that gave it to another ally, 3, is no merge of allies",
        ),
    ],
)
@pytest.mark.usefixtures("new")
def test_the_check_finds_what_is_wrong_with_a_note(run: Run, place: str, how: str, said: str) -> None:
    did(run, "note china Stands --on 2026-05-01", "setting", "ally edit china --stake 2", "db check")
    with lawless(place) as store:
        store.exec_driver_sql(how)
    ran = run("db", "check", "-f", "json")
    assert ran.code == 4
    assert any(one["problem"].startswith(said) for one in json.loads(ran.out)["problems"]), ran.out
    for args in (("note",), ("summary", "china"), ("history",), ("history", "--change", "2")):
        ran = run(*args)
        assert ran.code == 0 or (ran.code in (3, 4) and ran.err.startswith("error: ")), (args, ran)


@pytest.mark.usefixtures("india")
def test_the_check_takes_a_merge_and_its_reversals_for_what_moves_notes(run: Run) -> None:
    did(run, "ally merge india --into iran", "undo 6", "redo 6", "db check")


@pytest.mark.file
def test_the_check_names_every_note_that_is_wrong_once(run: Run, new: Path) -> None:
    did(run, *(f"note china {text}" for text in ("One", "Two", "Three", "Four", "Five")))
    with closing(sqlite3.connect(new, isolation_level=None)) as raw:
        raw.execute("PRAGMA ignore_check_constraints = ON")
        raw.execute("UPDATE note SET text = '' WHERE id IN (1, 5)")
        raw.execute("UPDATE note SET noted_on = '2026-02-30' WHERE id IN (2, 4)")
    problems = [one["problem"] for one in json.loads(run("db", "check", "-f", "json").out)["problems"]]
    assert [one.split(":")[0] for one in problems if "cell" in one or "empty" in one] == [
        f"note {n}" for n in (1, 2, 4, 5)
    ]


def test_the_check_asks_for_all_notes_at_once(run: Run, new: Path) -> None:
    did(run, *(f"note china {text}" for text in ("One", "Two", "Three")))
    asked = list[str]()

    def hear(_: Any, __: Any, statement: str, *more: Any) -> None:
        asked.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", hear)
    try:
        did(run, "db check")
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", hear)
    assert len([one for one in asked if "note.text" in one]) == 1


def test_a_note_that_was_taken_back_may_outlive_its_ally(run: Run, new: Path) -> None:
    did(run, "ally add India", "note india Gone", "undo 3", "ally remove india", "db check")


def test_an_unreadable_note_is_named(run: Run, new: Path, place: str) -> None:
    did(run, "note china Stands")
    with lawless(place) as store:
        store.exec_driver_sql("UPDATE note SET text = ''")
    refused(run, "note", 4, "note 1 cannot be read: the note is empty\nhint: see all that is wrong with: ")


@pytest.mark.parametrize("cells", ["'2026-02-30', 'Text'", "'soon', 'Text'", "'2026-05-01', ''"])
def test_the_schema_itself_refuses_what_can_be_no_note(new: Path, place: str, cells: str) -> None:
    with raw(place) as store, pytest.raises(sa.exc.DatabaseError):
        store.exec_driver_sql(f"INSERT INTO note VALUES (1, 1, {cells}, 1)")  # noqa: S608  # ours


@pytest.mark.file
def test_a_copy_has_the_notes(run: Run, new: Path, home: Path) -> None:
    did(run, "note china Stands", "db backup copy.db", "undo 2", "db restore copy.db")
    assert texts(run) == ["Stands"]


def test_notes_written_at_once_are_all_kept(run: Run, new: Path) -> None:
    writing = [
        subprocess.Popen([sys.executable, "-m", "scrutiny", "note", "china", f"Note {n}"], stderr=subprocess.PIPE)
        for n in range(4)
    ]
    assert [one.communicate() and one.returncode for one in writing] == [0] * 4
    assert sorted(texts(run)) == [f"Note {n}" for n in range(4)]
    assert sorted(one["change"] for one in notes(run)) == [2, 3, 4, 5]


# -- in the core


def days(*said: tuple[date, int], ally: str = "china") -> Days:
    """Days of one A1 signal each, with its score."""
    sums = (1,) * len(said), (16,) * len(said), tuple(16 * 100 * score for _, score in said)
    return Days(ally, tuple(on.toordinal() for on, _ in said), dict(zip(DAILY, sums, strict=True)))


def test_a_note_is_judged_by_the_signals_up_to_its_day_alone() -> None:
    early, late = (date(2026, 1, 1), 2), (date(2026, 3, 1), -9)
    note = Note("china", date(2026, 2, 1), "Then")
    other = days((date(2026, 1, 1), 9), ally="iran")
    (alone,), (with_later,) = noted([note], [days(early)]), noted([note], [days(early, late), other])
    assert alone == with_later
    assert alone.trend is not None
    assert (alone.trend.as_of, alone.trend.window) == (date(2026, 2, 1), 90)
    assert noted([note], [days(late)])[0].trend is None


def test_a_window_may_be_asked() -> None:
    (found,) = noted([Note("china", date(2026, 2, 1), "Then")], [days((date(2026, 1, 1), 2))], 30)
    assert found.trend is not None
    assert found.trend.window == 30


def test_the_latest_of_each_ally_is_its_first() -> None:
    found = [Note(ally, date(2026, 5, day), str(day)) for ally, day in (("a", 9), ("b", 8), ("a", 7), ("b", 6))]
    assert [(one.ally, one.text) for one in latest(found)] == [("a", "9"), ("b", "8")]


def test_a_note_checks_itself() -> None:
    with pytest.raises(BadValue, match="the note is empty"):
        Note("china", date(2026, 5, 1), " ")


def test_whoever_is_no_ally_and_no_state_is_unknown() -> None:
    with pytest.raises(Unknown, match="no ally 'narnia'"):
        subject(Roster(RUSSIA, SEEDS), "narnia")


def test_a_note_comes_back_from_its_row_as_it_was(ledger: Any) -> None:
    ally, written = ledger.note("PRC", date(2026, 5, 1), "Drifts")
    assert ally == SEEDS[0]
    assert written == Note("china", date(2026, 5, 1), "Drifts", "ana", NOW, 1, 2)
    assert ledger.notes() == ledger.notes(("china",), date(2026, 5, 1)) == [written]
    assert ledger.notes(("iran",)) == ledger.notes((), date(2026, 4, 30)) == []
