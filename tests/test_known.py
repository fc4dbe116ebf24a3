"""--known: what every reading and judging command said on a past day, it says again, to the byte."""

import csv
import json
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any, Self

import pytest

from scrutiny.cli.commands import COMMANDS
from scrutiny.store.opening import open_ledger
from tests.conftest import SAMPLE_DAY, TODAY, Clock, Ran, Run, run_program
from tests.stores import Store, is_there
from tests.test_commands import NAMES, help_of

HEADER = "uid,date,ally,act,score,summary,grade,domain,driver,actor,origin\n"
ACTS = (("visit", ""), ("abstain", ""), ("halt", ""), ("joint", "6"), ("criticise", "-4"))
ALLIES = ("China", "Iran", "Belarus")
FIRST = HEADER + "".join(
    f"r{n},{2024 + n // 12}-{n % 12 + 1:02}-{n + 1:02},{ALLIES[n % 3]},{','.join(ACTS[n % 5])},"
    f"Promises of the year {n},{('B2', 'C3', 'A1', '')[n % 4]},{('energy', 'military', '')[n % 3]},war,ally,"
    f"{'gdelt' if n % 11 == 10 else 'desk'}\n"
    for n in range(24)
)
SECOND = HEADER + "".join(
    [line + "\n" for line in FIRST.splitlines()[1:11]]  # two of which are removed by then
    + [f"s{n},2026-04-{n + 10},China,halt,,Payments returned by bank {n},B2,economic,,ally,desk\n" for n in range(4)]
)

# Each day's commands, as typed. Files are written where the commands run.
LIFE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("2026-04-20", "ana", ("import first.csv",)),  # change 2, signals 1 to 24
    (
        "2026-05-04",
        "boris",
        (
            "log china visit 'Foreign ministers meet in Harbin' B2 energy https://tass.com/1",  # change 3, #25
            "log kazakhstan,iran abstain 'They abstain on the resolution' yesterday C3 war",  # change 4, #26 and #27
            "ally add 'Wagner Group' --alias Wagner --line 'Deniable force'",  # change 5
            "log wagner support 'Fighters return' B3",  # change 6, #28
        ),
    ),
    (
        "2026-05-06",
        "ana",
        (
            "edit 3 A1 --summary 'Renewed vows' --act joint",  # change 7
            "edit 4 --ally belarus --on 2026-04-30",
            "edit 5 by:third economic sanctions --source 'Le Monde, p. 3'",
            "edit 6 --clear grade,domain --private",
            "edit 7 --act distancing --score -9",  # change 11
        ),
    ),
    (
        "2026-05-08",
        "ana",
        (
            "remove 8,9,25 --yes",  # change 12
            "ally edit china --name 'PR China' --stake 5 --alias Cathay",  # change 13
        ),
    ),
    ("2026-05-10", "boris", ("undo 7", "import second.csv")),  # changes 14 and 15, signals 29 to 32
    (
        "2026-05-12",
        "ana",
        (
            "ally merge kazakhstan --into iran --yes",  # change 16
            "redo 7",  # change 17
            "log india visit 'Modi in Moscow' A2",  # change 18, #33
            "edit 29 D4",  # change 19
        ),
    ),
    ("2026-05-14", "boris", ("undo 15 --yes", "remove 28", "ally remove wagner --yes")),  # changes 20 to 22
    (
        "2026-05-16",
        "ana",
        ("import second.csv", "undo 16", "undo 22", "undo 18", "log iran visit 'What a feed has too' 2024-11-11"),
    ),  # changes 23 to 27
    (
        "2026-05-18",
        "ana",
        (
            "undo 13",
            "edit 26 --ally china --summary 'Astana abstains'",
            "remove 3 32",
            "accept 11 B2",
            "note china 'Cools' --on 2026-05-17",
            "note kazakhstan 'Keeps out of it' --on 2026-05-01",  # change 33
            "note china 'Warms' --on 2026-05-18",
        ),
    ),
    ("2026-05-20", "boris", ("undo 34", "ally merge kazakhstan --into iran --yes")),
)
DAYS = tuple(day for day, _, _ in LIFE)
KNOWN = ("{}", "{} 18:00", "{}T18:00:00", "{} 17:59:59")  # ways to say when; each day's commands run at nine

QUESTIONS = (
    "summary",
    "summary china",
    "summary kazakhstan --window 30 --origin all",
    "summary --by ally --as-of 2026-04-25",
    "explain china",
    "explain iran --level",
    "explain china --level --search payments --since 60d",
    "explain china --signal 31",
    "explain iran --signal 27",
    "changes",
    "changes iran china --since 400d",
    "changes --recorded-since 5d",
    "changes --recorded-since 2026-04-20 --by ally",
    "compare china iran belarus",
    "chart china iran",
    "note",
    "note china",
    "memo --since 10d",
    "memo iran --since 30d",
    "list",
    "list --search promises",
    "list --search renewed",
    "list --surprising --limit 0",
    "list --since 10d",
    "list belarus,china --kind distancing,support --grade none,B",
    "list --batch 2 --recorded-by boris",
    "show 3",
    "show 4",
    "show 7",
    "show last",
    "candidates",
    "list --duplicates",
    "candidates china iran --origin gdelt",
    "export",
    "export china iran --since 90d",
    "history",
    "history --ally iran",
    "history --recorded-by boris",
    "history 3",
    "history --change 2",
    "history --change 7",
    "history --change 13",
    "history --change 16",
    "ally list",
    "ally show iran",
    "ally show cathay",
    "batches",
)  # fmt: skip
FORMS = ("table", "json", "csv", "markdown")


def asked_on(day: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The questions of a day, which are every second one, with their arguments; each has all its forms in turn."""
    for number, question in enumerate(QUESTIONS):
        if (number + day) % 2 == 0:
            forms = ("csv", "jsonl") if question.startswith("export") else FORMS
            form = () if question.startswith("memo") else ("-f", forms[(number + day // 2) % len(forms)])
            yield question, (*shlex.split(question), *form)


def it_is(patched: pytest.MonkeyPatch, on: str) -> None:
    """Makes it nine o'clock of a day, for the ledger and for the analyst."""
    now = datetime.combine(date.fromisoformat(on), time(9), UTC)

    class Day(date):
        @classmethod
        def today(cls) -> Self:
            return cls(now.year, now.month, now.day)

    patched.setattr("scrutiny.cli.options.date", Day)
    patched.setattr("scrutiny.store.opening.open_ledger", partial(open_ledger, now=lambda: now))


@dataclass(frozen=True)
class Lived:
    """A ledger after a month, and what each question was answered on each day, by day and question."""

    place: str
    answers: dict[tuple[str, str], Ran]


@pytest.fixture(scope="module")
def lived(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """The month of LIFE, with every question asked at the end of every day."""
    place, folder = store.lasting(), tmp_path_factory.mktemp("lived")
    answers = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        patched.setenv("SCRUTINY_DB", place)
        patched.setattr("sys.argv", ["scrutiny"])
        numbers = iter(range(1, 1000))
        patched.setattr("secrets.token_hex", lambda _: f"{next(numbers):032x}")
        for name, text in (("first.csv", FIRST), ("second.csv", SECOND)):
            Path(name).write_text(text, "utf-8")
        for number, (day, author, commands) in enumerate(LIFE):
            it_is(patched, day)
            patched.setenv("SCRUTINY_USER", author)
            for command in commands:
                ran = run_program(*shlex.split(command))
                assert ran.code == 0, (command, ran.err)
            for question, asked in asked_on(number):
                answers[day, question] = run_program(*asked)
    return Lived(place, answers)


@pytest.fixture
def later(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> Lived:
    """The same ledger, looked at when the month is over."""
    monkeypatch.setenv("SCRUTINY_DB", lived.place)
    return lived


def without_note(ran: Ran) -> Ran:
    """What ran, without the note which says that the past is shown; it stands on stderr, and first."""
    note, _, rest = ran.err.partition("\n")
    assert note.startswith("note: the ledger as it stood recorded by ")
    return replace(ran, err=rest)


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_a_command_said_on_a_day_it_says_again(run: Run, later: Lived, question: str) -> None:
    """Also its exit code and its other notes; the day of --as-of and of relative days is the day then known."""
    seen = []
    for place, day in enumerate(DAYS):
        for _, asked in (one for one in asked_on(place) if one[0] == question):
            seen.append((asked, then := later.answers[day, question]))
            again = run(*asked, "--known", KNOWN[place % len(KNOWN)].format(day))
            assert (day, without_note(again)) == (day, then)
    assert {then.code for _, then in seen} <= {0, 1, 3}
    assert any(then.code == 0 for _, then in seen)
    assert any(run(*asked).out != then.out for asked, then in seen), "it is answered as then, and proves nothing"


def test_a_setting_that_stood_on_a_day_is_shown_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [(*what.split(), "-f", form) for what in ("setting", "setting principal", "ally list") for form in FORMS]
    then = {}
    for day, command in (
        ("2026-05-01", "ally add Kazakhstan"),
        ("2026-05-03", "setting principal China"),
        ("2026-05-05", "undo 3"),
        ("2026-05-07", "redo 3"),
        ("2026-05-09", "setting principal India"),
    ):
        it_is(monkeypatch, day)
        assert run(*command.split()).code == 0
        then[day] = [run(*one) for one in asked]
    assert len({str(said) for said in then.values()}) == 3
    for day, said in then.items():
        assert [without_note(run(*one, "--known", day)) for one in asked] == said


def test_search_finds_the_words_that_a_signal_had_then(run: Run, later: Lived) -> None:
    def found(text: str, *known: str) -> list[int]:
        signals = json.loads(run("list", "--search", text, "--limit", "0", "-f", "json", *known).out)["signals"]
        return [one["id"] for one in signals]

    assert 3 in found("promises 2", "--known", "2026-05-04")
    assert found("renewed vow", "--known", "2026-05-04") == []
    assert 3 not in found("promises 2", "--known", "2026-05-06")
    assert found("RENEWED vow", "--known", "2026-05-06") == [3]
    assert found("monde", "--known", "2026-05-06") == [5]
    assert found("renewed vow", "--known", "2026-05-10") == []
    assert found("renewed vow") == []


@pytest.mark.parametrize("limit", ["1", "4", "0"])
def test_a_list_of_the_past_that_is_cut_counts_what_there_was(run: Run, later: Lived, limit: str) -> None:
    ran = without_note(run("list", "--limit", limit, "-f", "csv", "--known", "2026-04-20"))
    assert len(list(csv.DictReader(ran.out.splitlines()))) == (int(limit) or 24)
    assert ran.err == ("" if limit == "0" else f"note: {limit} of 24 signals are shown; --limit 0 shows all\n")


def test_output_goes_to_a_file_as_well(run: Run, later: Lived, home: Path) -> None:
    asked = ("export", "-f", "csv", "--known", "2026-05-08")
    assert run(*asked, "--output", str(home / "then.csv")).code == 0
    assert (home / "then.csv").read_bytes() == run(*asked).out.encode()


def test_the_day_then_known_is_the_day_of_judging_and_the_title_says_so(run: Run, later: Lived) -> None:
    assert run("summary", "--known", "2026-05-08").out.startswith("Russia's allies on 2026-05-08 ")
    assert json.loads(run("summary", "-f", "json", "--known", "2026-05-08 10:00").out)["as_of"] == "2026-05-08"
    other = run("summary", "-f", "json", "--known", "2026-05-08", "--as-of", "3d").out
    assert json.loads(other)["as_of"] == "2026-05-05"


def test_relative_days_count_back_from_the_day_then_known_wherever_it_stands(run: Run, later: Lived) -> None:
    before = run("list", "--known", "2026-05-06", "--since", "6d", "-f", "csv")
    after = run("list", "--since", "6d", "-f", "csv", "--known", "2026-05-06")
    assert before == after
    assert {row["id"] for row in csv.DictReader(before.out.splitlines())} == {"4", "25", "26", "27", "28"}


def test_known_itself_may_count_back_from_today(run: Run, later: Lived) -> None:
    assert run("history", "--known", "13d") == run("history", "--known", "2026-05-08")  # today is 21 May
    assert run("history", "--known", "10may") == run("history", "--known", "2026-05-10")


def test_one_command_s_past_is_not_the_next_one_s(run: Run, later: Lived) -> None:
    now = run("list", "-f", "json").out
    assert run("list", "-f", "json", "--known", "2026-04-20").out != now
    assert run("list", "-f", "json").out == now
    assert run("list", "--known", "nonsense").code == 2
    assert run("list", "-f", "json").out == now


@pytest.mark.file
def test_reading_the_past_changes_nothing(run: Run, later: Lived) -> None:
    before = Path(later.place).read_bytes()
    for command in ("summary", "list", "history", "export", "show 3"):
        assert run(*command.split(), "--known", "2026-05-08").code == 0
    assert Path(later.place).read_bytes() == before


# -- when


def test_a_moment_between_two_changes_of_a_day_can_be_meant(run: Run, clock: Clock) -> None:
    for moment in ("2026-05-04T09:15:00", "2026-05-04T09:15:30", "2026-05-04T09:16:00"):
        clock(moment)
        run("log", "china", "visit", f"At {moment[11:]}")
    for known, count in (
        ("2026-05-04 09:15:00", 1),
        ("2026-05-04T09:15:29", 1),
        ("2026-05-04T09:15:30", 2),
        ("2026-05-04 09:15", 2),  # the whole minute
        ("2026-05-04T09:15", 2),
        ("4may 09:16", 3),
        ("2026-05-04", 3),
        ("2026-05-05 00:00", 3),
    ):
        found = json.loads(run("list", "-f", "json", "--known", known).out)["signals"]
        assert (known, len(found)) == (known, count)


@pytest.mark.parametrize(
    ("name", "day", "last", "first"),
    [
        ("UTC0", "2026-05-10", "2026-05-10T23:59:59", "2026-05-11T00:00:00"),
        ("JST-9", "2026-05-10", "2026-05-10T14:59:59", "2026-05-10T15:00:00"),  # Tokyo
        ("HST10", "2026-05-10", "2026-05-11T09:59:59", "2026-05-11T10:00:00"),  # Honolulu
        ("HST10", "2026-05-10 13:59", "2026-05-10T23:59:59", "2026-05-11T00:00:00"),
        ("HST10", "2026-05-10T13:59:58", "2026-05-10T23:59:58", "2026-05-10T23:59:59"),
        ("<-04>4<-03>,M9.1.6/24,M4.1.6/24", "2026-04-04", "2026-04-05T03:59:59", "2026-04-05T04:00:00"),
    ],  # the last is Santiago on the night when the hour before midnight comes twice
)
def test_days_and_times_are_those_where_the_analyst_is(
    run: Run, clock: Clock, zone: Callable[[str], None], name: str, day: str, last: str, first: str
) -> None:
    zone(name)
    for moment in ("2026-03-01T09:00:00", last, first):
        clock(moment)
        run("log", "iran", "visit", f"At {moment}")
    ran = run("list", "-f", "json", "--known", day)
    assert len(json.loads(ran.out)["signals"]) == 2
    clocked = "23:59:59" if len(day) == 10 else f"{day[11:]}:59"[:8]
    assert ran.err == f"note: the ledger as it stood recorded by {day[:10]} {clocked}\n"


def test_a_clock_that_jumped_back_takes_no_change_out_of_its_order(run: Run, clock: Clock) -> None:
    """What was recorded last is at least as late as all before, so a past state is never one that never was."""
    clock("2026-05-10T09:00:00")
    run("log", "china", "visit", "First words")
    clock("2026-05-04T09:00:00")
    run("edit", "1", "--summary", "Other words")
    run("log", "iran", "visit", "While the clock was wrong")
    clock("2026-05-12T09:00:00")
    run("remove", "1", "--yes")
    at = [one["at"] for one in json.loads(run("history", "-f", "json").out)["changes"]]
    assert at == ["2026-05-12T09:00:00Z", *["2026-05-10T09:00:00Z"] * 4]
    ran = run("list", "--known", "2026-05-04")
    assert (ran.code, ran.err.splitlines()[-1]) == (
        1,
        "error: the ledger knew nothing by then: it begins on 2026-05-10 09:00",
    )
    for known, said in (
        ("2026-05-10", ["While the clock was wrong", "Other words"]),
        ("2026-05-11", ["While the clock was wrong", "Other words"]),
        ("2026-05-12", ["While the clock was wrong"]),
    ):
        signals = csv.DictReader(run("list", "-f", "csv", "--known", known).out.splitlines())
        assert sorted(row["summary"] for row in signals) == sorted(said)
    recorded = csv.DictReader(run("list", "-f", "csv", "--known", "2026-05-11").out.splitlines())
    assert {row["recorded_at"] for row in recorded} == {"2026-05-10T09:00:00Z"}


def test_what_a_file_says_of_its_recording_is_not_when_this_ledger_knew(run: Run, clock: Clock) -> None:
    clock("2026-05-01T09:00:00")
    run("log", "china", "visit", "To begin")
    clock("2026-05-10T09:00:00")
    text = "uid,date,ally,act,summary,recorded_at,recorded_by\na,2020-01-01,iran,visit,Old,2020-01-02T09:00:00Z,eve\n"
    assert run("import", "-", stdin=text).code == 0
    assert json.loads(run("list", "iran", "-f", "json").out)["signals"][0]["recorded_at"] == "2020-01-02T09:00:00Z"
    assert json.loads(run("list", "iran", "-f", "json", "--known", "2026-05-09").out)["signals"] == []
    assert len(json.loads(run("list", "iran", "-f", "json", "--known", "2026-05-10").out)["signals"]) == 1


# -- what cannot be known


READING = ("summary", "summary china", "explain china", "changes", "compare china iran", "chart china", "list",
           "candidates", "show 1", "export", "history", "history 1", "history --change 1", "ally list",
           "ally show china", "setting")  # fmt: skip


@pytest.mark.parametrize("command", READING)
def test_before_the_ledger_began_nothing_was_known(run: Run, later: Lived, command: str) -> None:
    for known, at in (("2026-04-19", "2026-04-19 23:59:59"), ("2026-04-20T08:59:59", "2026-04-20 08:59:59")):
        assert run(*command.split(), "--known", known) == Ran(
            1,
            "",
            f"note: the ledger as it stood recorded by {at}\n"
            "error: the ledger knew nothing by then: it begins on 2026-04-20 09:00\n",
        )


def test_at_the_calendars_beginning_nothing_was_known(run: Run, clock: Clock) -> None:
    clock("2026-05-10T09:00:00")
    run("log", "china", "visit", "To begin")
    ran = run("list", "--known", "0001-01-01")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "note: the ledger as it stood recorded by 0001-01-01 23:59:59\n"
        "error: the ledger knew nothing by then: it begins on 2026-05-10 09:00\n"
    )


class _Noon(datetime):
    """Noon of the tests' own day."""

    @classmethod
    def now(cls, tz: Any = None) -> Self:
        return cls.combine(TODAY, time(12), UTC)


@pytest.mark.parametrize("command", READING)
def test_the_future_is_not_known(run: Run, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setattr("scrutiny.cli.options.datetime", _Noon)
    for known in ("2026-05-22", "2026-05-22 00:00", "2026-05-22T00:00:00", "9999-12-31"):
        assert run(*command.split(), "--known", known) == Ran(2, "", f"error: --known {known} is in the future\n")


@pytest.mark.parametrize("known", ["2026-05-21", "today", "2026-05-21 12:00", "2026-05-21T23:59:59", "0d"])
def test_today_is_known_to_its_end(run: Run, monkeypatch: pytest.MonkeyPatch, clock: Clock, known: str) -> None:
    monkeypatch.setattr("scrutiny.cli.options.datetime", _Noon)
    clock("2026-05-21T11:00:00")
    run("log", "china", "visit", "Just now")
    for command in ("summary", "list -f json", "export", "history", "show 1 -f json"):
        assert without_note(run(*command.split(), "--known", known)) == run(*command.split())


NO_DAYS = ("", " ", "foo", "2026-13-01", "2026-02-30", "2026-05-01 24:00", "2026-05-01 9:00", "2026-05-01T09:00:60",
           "2026-05-01 09", "09:00", "T09:00", "2026-05-01T09:00:00:00", "2026-05-01\x1b[2J", "1")  # fmt: skip


@pytest.mark.parametrize("known", NO_DAYS)
def test_what_is_no_day_is_refused(run: Run, known: str) -> None:
    for command in ("summary", "list", "export", "history", "setting", "ally list"):
        ran = run(*command.split(), "--known", known)
        assert (ran.code, ran.out, ran.err[:7]) == (2, "", "error: ")
        assert "\x1b" not in ran.err


@pytest.mark.parametrize("known", ["today", "yesterday", "2026-05-20T09:00:00"])
@pytest.mark.parametrize("command", ["summary", "list", "export", "setting", "ally list"])
def test_where_there_is_no_ledger_its_past_is_as_empty_as_it_is(
    run: Run, place: str, command: str, known: str
) -> None:
    """A ledger that is not there did not begin at any time either, least of all now."""
    as_of = ("--as-of", SAMPLE_DAY) if command == "summary" else ()
    now = run(*command.split(), *as_of)
    assert (now.code, now.err[:28]) == (0, "note: there is no ledger at ")
    assert run(*command.split(), "--known", known, *as_of) == now
    assert not is_there(place)


def test_an_ally_that_was_not_there_then_is_unknown_then(run: Run, later: Lived) -> None:
    ran = run("summary", "kazakhstan", "--known", "2026-04-20")
    assert (ran.code, without_note(ran).err.splitlines()[0]) == (3, "error: no ally 'kazakhstan' yet")
    ran = run("show", "25", "--known", "2026-04-20")
    assert (ran.code, without_note(ran).err.splitlines()[0]) == (3, "error: no signal #25")
    ran = run("history", "--change", "3", "--known", "2026-04-20")
    assert (ran.code, without_note(ran).err.splitlines()[0]) == (1, "error: no change 3")


def test_the_past_cannot_be_changed(run: Run, clock: Clock) -> None:
    clock("2026-05-01T09:00:00")
    run("ally", "add", "Wagner")
    ran = run("setting", "principal", "China", "--known", "2026-05-01")
    assert (ran.code, ran.out, ran.err[:7]) == (2, "", "error: ")
    assert "--known" in ran.err
    assert "Russia" in run("setting").out


# -- that no command is forgotten


NOT_READING = {"import", "acts", "demo"}  # a file's format; no ledger; a ledger of its own
OF_ONE_FORM = {"memo", "report"}  # that of a text, and that of the file's name
OF_THE_STORE = {name for name in NAMES if name.startswith("db ")}  # of the file as it is


@pytest.mark.parametrize("name", NAMES)
def test_whatever_shows_the_ledger_shows_its_past(run: Run, name: str) -> None:
    said = help_of(run, name)
    if name in NOT_READING | OF_THE_STORE:
        assert "--known" not in said
    else:
        assert ("--known" in said) is ("--format" in said or name in OF_ONE_FORM)


def test_every_question_s_command_and_no_other_has_a_past(run: Run) -> None:
    """A command that is new must come into QUESTIONS; a report, which makes a file, has this in its own tests."""
    asked = {"report"} | {
        name for name in NAMES for one in (*QUESTIONS, "setting") if f"{one} ".startswith(f"{name} ")
    }
    assert asked == {name for name in NAMES if "--known" in help_of(run, name)}
    assert set(COMMANDS) - {"ally", "db"} <= set(NAMES)
