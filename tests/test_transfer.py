"""export and import: signals go out and come back unchanged, once each, and all or nothing."""

import csv
import io
import json
import os
import stat
import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.core.acts import ACTS, Kind
from scrutiny.core.allies import RUSSIA, SEEDS, Roster
from scrutiny.core.exported import Cell, cells
from scrutiny.core.names import slugify
from scrutiny.core.signals import CREDIBILITY, RELIABILITY, Actor, Domain, Driver, Grade, Signal
from scrutiny.core.states import find_state, state_names
from scrutiny.core.text import one_line
from scrutiny.feeds import written
from tests.conftest import Ran, Run, run_program

HEADER = "date,ally,act,summary\n"
COLUMNS = (
    "uid,date,ally,act,actor,kind,score,summary,domain,driver,source,grade,origin,event,private,"
    "recorded_at,recorded_by"
)
NEEDS = "hint: the header names date, ally, summary and one of act, kind, score\n"
EXTRA = (
    "hint: leave such columns out with --ignore-extra, or say what it is with --map; known: "
    + COLUMNS.replace(",", ", ")
    + "\n"
)
NOTHING = "error: nothing was added: rows rejected: {}\nhint: add the others with --keep-going\n"
STRANGERS = NOTHING[:-1] + ", and allies that are no state with --add-allies\n"
AGAIN = "take it back: scrutiny undo 2\n"


def exported(run: Run, *args: str) -> str:
    ran = run("export", *args)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def summaries(run: Run) -> list[str]:
    return [row["summary"] for row in csv.DictReader(io.StringIO(exported(run, "--raw")))]


def file(text: str | bytes, name: str = "in.csv") -> str:
    """A file in the test's own folder."""
    Path(name).write_bytes(text.encode() if isinstance(text, str) else text)
    return name


# -- the round trip

VISIBLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)
FORMULAS = st.sampled_from(["=1+1", "'=x", "''-2", "@SUM(A1)", "-2", "+3", "'", "''quoted''", "'+", '="a"'])
WRITING = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
PROSE = (
    st.one_of(WRITING, st.tuples(FORMULAS, WRITING).map("".join), st.sampled_from(['"', ",", "a,b;c", '""', "null"]))
    .map(one_line)
    .filter(lambda text: text and not text.isspace())
)  # fmt: skip
SCORES = st.integers(1, 1000).map(lambda hundredths: hundredths / 100)
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


@st.composite
def signals(draw: st.DrawFn) -> Signal:
    """Any signal that a ledger may hold, of an ally that is a known state."""
    act = draw(st.sampled_from(list(ACTS.values())))
    score = draw(SCORES)
    return Signal(
        uid=draw(st.one_of(VISIBLE, st.tuples(FORMULAS.filter(lambda t: " " not in t), VISIBLE).map("".join))),
        ally=draw(st.sampled_from(["china", "iran", "north-korea", "ivory-coast", "united-states"])),
        happened_on=draw(st.dates()),
        kind=act.kind,
        score=score * (act.kind.sign or draw(st.sampled_from([1, -1]))),
        summary=draw(PROSE),
        act=draw(st.sampled_from([act.word, None])),
        actor=draw(st.sampled_from(Actor)),
        domain=draw(st.none() | st.sampled_from(Domain)),
        driver=draw(st.none() | st.sampled_from(Driver)),
        source=draw(st.none() | PROSE),
        grade=draw(
            st.none() | st.builds(Grade, st.sampled_from(list(RELIABILITY)), st.sampled_from(list(CREDIBILITY)))
        ),
        origin=draw(st.sampled_from(["desk", "gdelt", "my-feed"])),
        event=draw(st.none() | VISIBLE),
        private=draw(st.booleans()),
        recorded_at=draw(MOMENTS),
        recorded_by=draw(PROSE),
    )


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.lists(signals(), min_size=1, max_size=6, unique_by=lambda one: one.uid), st.booleans(), st.booleans())
def test_what_is_exported_comes_back_to_the_same_bytes(many: list[Signal], jsonl: bool, raw: bool) -> None:
    fill, form = (written.write_jsonl, "jsonl") if jsonl else (written.write_csv, "csv")
    out = io.StringIO()
    fill(map(cells, sorted(many, key=lambda one: (one.happened_on, one.uid.encode()))), out, raw=raw)
    flags = ["--format", form, *(["--raw"] if raw else [])]
    with tempfile.TemporaryDirectory() as folder:
        db = ["--db", f"{folder}/ledger.db"]
        ran = run_program("import", "-", *flags, *db, stdin=out.getvalue().encode())
        assert (ran.code, f"{len(many)} added" in ran.err) == (0, True)
        assert run_program("export", *flags, *db) == Ran(0, out.getvalue(), "")
        ran = run_program("import", "-", *flags, *db, stdin=out.getvalue().encode())
        assert f" read, 0 added, {len(many)} already there\n" in ran.err


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_the_sample_comes_back_to_the_same_bytes(run: Run, sample: Path, form: str) -> None:
    out = exported(run, "--format", form)
    assert out.count("\n") == 90 + (form == "csv")
    ran = run("import", "-", "--db", "other.db", stdin=out)
    assert ran.err.endswith(f"stdin: 90 rows of {form} read, 90 added\ntake it back: scrutiny --db other.db undo 2\n")
    assert exported(run, "--format", form, "--db", "other.db") == out


def test_every_state_is_found_again_by_its_slug() -> None:
    roster = Roster(RUSSIA, SEEDS)
    states = [state for name in state_names() if (state := find_state(name)) and state.code != "RUS"]
    assert len(states) > 200
    assert [roster.ally_or_state(slugify(state.name)).code for state in states] == [state.code for state in states]


def test_csv_and_json_lines_say_the_same(run: Run, sample: Path) -> None:
    assert exported(run).splitlines()[0] == COLUMNS
    rows = list(csv.DictReader(io.StringIO(exported(run))))
    objects = [json.loads(line) for line in exported(run, "-f", "jsonl").splitlines()]
    assert [list(one) for one in objects] == [COLUMNS.split(",")] * 90
    for row, one in zip(rows, objects, strict=True):
        assert row == {key: "" if value in (None, False) else str(value) for key, value in one.items()}


def test_an_export_is_sorted_by_date_then_uid(run: Run, sample: Path) -> None:
    keys = [(row["date"], row["uid"]) for row in csv.DictReader(io.StringIO(exported(run)))]
    assert keys == sorted(keys)
    assert len(set(keys)) == 90


def test_an_export_takes_the_filters_of_list(run: Run, sample: Path) -> None:
    rows = list(
        csv.DictReader(io.StringIO(exported(run, "china,iran", "--since", "2026-01-01", "--kind", "support")))
    )
    assert [(row["date"], row["ally"], row["act"]) for row in rows] == [
        ("2026-02-24", "iran", "defend"),
        ("2026-03-09", "iran", "praise"),
        ("2026-05-20", "china", "joint"),
    ]


def test_a_signal_taken_back_is_not_exported(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow")
    run("undo")
    assert exported(run) == COLUMNS + "\n"


# -- once each


def test_importing_twice_adds_once(run: Run) -> None:
    name = file(HEADER + "2026-02-24,China,abstain,China abstains\n")
    assert run("import", name) == Ran(0, "", f"in.csv: 1 row read, 1 added\n{AGAIN}")
    before = exported(run)
    assert run("import", name) == Ran(0, "", "in.csv: 1 row read, 0 added, 1 already there\n")
    assert exported(run) == before


def test_an_import_without_news_leaves_no_change_behind(run: Run) -> None:
    name = file(HEADER + "2026-02-24,China,abstain,China abstains\n")
    run("import", name)
    run("import", name)
    run("log", "iran", "visit", "Araghchi in Moscow")
    assert run("undo").err == "took back change 3 (log: iran visit), 1 signal\n"


def test_real_repeats_in_a_file_survive(run: Run) -> None:
    row = "2026-02-24,China,abstain,China abstains\n"
    assert run("import", file(HEADER + row * 3)).err.startswith("in.csv: 3 rows read, 3 added\n")
    assert run("import", file(HEADER + row * 3)).err == "in.csv: 3 rows read, 0 added, 3 already there\n"
    assert run("import", file(HEADER + row * 4)).err.startswith("in.csv: 4 rows read, 1 added, 3 already there\n")


def test_rows_that_come_late_are_added_wherever_they_stand(run: Run) -> None:
    one, other = "2026-02-24,China,abstain,China abstains\n", "2026-02-25,Iran,visit,Araghchi in Moscow\n"
    run("import", file(HEADER + one))
    assert run("import", file(HEADER + other + one)).err.startswith("in.csv: 2 rows read, 1 added, 1 already there\n")


def test_a_row_is_the_same_whatever_the_order_of_columns_or_spelling_of_its_score(run: Run) -> None:
    run("import", file("date,ally,score,summary\n2026-02-24,China,-2,China abstains\n"))
    again = file("summary,score,ally,date,grade\nChina abstains , -2.00,China,2026-02-24,\n")
    assert run("import", again).err == "in.csv: 1 row read, 0 added, 1 already there\n"


def test_a_uid_is_kept(run: Run) -> None:
    run("import", file("uid,date,ally,act,summary\nmy:1,2026-02-24,China,visit,Xi in Moscow\n"))
    (row,) = csv.DictReader(io.StringIO(exported(run)))
    assert row["uid"] == "my:1"


def test_when_and_by_whom_it_was_recorded_is_kept_where_a_file_says_so(run: Run) -> None:
    run(
        "import",
        file(
            "uid,date,ally,act,summary,recorded_at,recorded_by\n"
            "a,2026-02-24,China,visit,Xi in Moscow,2026-02-25T12:00:00+02:00,boris\n"
            "b,2026-02-24,China,visit,Xi in Moscow,,\n"
        ),
    )
    kept, new = csv.DictReader(io.StringIO(exported(run)))
    assert (kept["recorded_at"], kept["recorded_by"]) == ("2026-02-25T10:00:00Z", "boris")
    assert (new["recorded_at"] > "2026-02-25", new["recorded_by"]) == (True, "ana")


def test_a_known_uid_with_other_content_is_listed_and_changes_nothing(run: Run) -> None:
    lines = ["a,2026-02-24,China,visit,Xi in Moscow", "b,2026-02-25,China,visit,Wang in Moscow"]
    run("import", file("\n".join(["uid,date,ally,act,summary", *lines])))
    before = exported(run)
    lines = ["a,2026-02-24,China,visit,Xi in Moscow", "b,2026-02-25,China,visit,Wang Yi in Moscow",
             "c,2026-02-26,Iran,visit,Araghchi in Moscow"]  # fmt: skip
    assert run("import", file("\n".join(["uid,date,ally,act,summary", *lines]))) == Ran(
        0,
        "",
        "in.csv:3: differs from #2, which stays as it is\n"
        "in.csv: 3 rows read, 1 added, 1 already there, 1 differing and left as they are\n"
        "take it back: scrutiny undo 3\n",
    )
    run("undo")
    assert exported(run) == before


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("date", "2026-02-25"),
        ("ally", "iran"),
        ("act", "call"),
        ("actor", "third"),
        ("score", "2.5"),
        ("summary", "Xi stays at home"),
        ("domain", "energy"),
        ("driver", ""),
        ("source", "TASS"),
        ("grade", "B3"),
        ("origin", "gdelt"),
        ("event", "gdelt:2"),
        ("private", ""),
    ],
)
def test_every_part_of_the_content_tells_two_rows_apart(run: Run, column: str, cell: str) -> None:
    row = {"uid": "a", "date": "2026-02-24", "ally": "china", "act": "visit", "actor": "ally", "score": "2.8",
           "summary": "Xi in Moscow", "domain": "military", "driver": "war", "source": "https://x.org", "grade": "B2",
           "origin": "desk", "event": "gdelt:1", "private": "true"}  # fmt: skip

    def of(cells: dict[str, str]) -> str:
        out = io.StringIO()
        writer = csv.DictWriter(out, list(cells))
        writer.writeheader()
        writer.writerow(cells)
        return file(out.getvalue())

    run("import", of(row))
    before = exported(run)
    assert run("import", of(row)).err == "in.csv: 1 row read, 0 added, 1 already there\n"
    assert run("import", of(row | {column: cell})).err == (
        "in.csv:2: differs from #1, which stays as it is\n"
        "in.csv: 1 row read, 0 added, 1 differing and left as they are\n"
    )
    assert exported(run) == before


def test_who_recorded_it_does_not_tell_two_rows_apart(run: Run) -> None:
    rows = "uid,date,ally,act,summary,recorded_by\na,2026-02-24,China,visit,Xi in Moscow,{}\n"
    run("import", file(rows.format("boris")))
    assert run("import", file(rows.format("carla"))).err == "in.csv: 1 row read, 0 added, 1 already there\n"
    assert '"recorded_by": "boris"' in exported(run, "-f", "jsonl")


def test_one_uid_twice_in_a_file_adds_once(run: Run) -> None:
    rows = "uid,date,ally,act,summary\n" + "a,2026-02-24,China,visit,Xi in Moscow\n" * 2
    assert run("import", file(rows)).err.startswith("in.csv: 2 rows read, 1 added, 1 already there\n")


def test_a_batch_that_was_taken_back_comes_back(run: Run) -> None:
    name = file(HEADER + "2026-02-24,China,abstain,China abstains\n2026-02-25,Iran,visit,Araghchi in Moscow\n")
    run("import", name)
    before = exported(run)
    run("undo")
    assert exported(run) == COLUMNS + "\n"
    assert run("import", name) == Ran(
        0, "", "in.csv: 2 rows read, 0 added, 2 brought back\ntake it back: scrutiny undo 4\n"
    )
    assert exported(run) == before
    run("undo")
    assert exported(run) == COLUMNS + "\n"


def test_a_signal_whose_log_was_taken_back_stays_out(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow")
    run("log", "iran", "visit", "Araghchi in Moscow")
    name = file(exported(run))
    run("undo", "2")
    assert run("import", name) == Ran(
        0, "", "in.csv: 2 rows read, 0 added, 1 already there, 1 left out, since somebody removed them\n"
    )
    assert summaries(run) == ["Araghchi in Moscow"]


def test_several_files_come_in_one_change(run: Run) -> None:
    one = file(HEADER + "2026-02-24,China,abstain,China abstains\n", "one.csv")
    two = file('{"date": "2026-02-25", "ally": "India", "act": "visit", "summary": "Modi in Moscow"}\n', "two.jsonl")
    assert run("import", one, two, one) == Ran(
        0,
        "",
        "note: India (IND) is new here and was added to the allies\n"
        "one.csv: 1 row read, 1 added\n"
        "two.jsonl: 1 row read, 1 added\n"
        f"one.csv: 1 row read, 0 added, 1 already there\n{AGAIN}",
    )
    assert [len(json.loads(run("list", "--batch", str(n), "-f", "json").out)["signals"]) for n in (1, 2, 3)] == [
        1,
        1,
        0,
    ]
    assert run("undo").err == "took back change 2 (import: one.csv, two.jsonl, one.csv), 2 signals\n"


# -- what is no signal


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2026-02-24,China,meets,Xi in Moscow", "no act 'meets'; near: visit, joint"),
        ("24feb,China,visit,Xi in Moscow", "the date '24feb' is not written year-month-day, as in 2026-02-24"),
        ("2026-02-30,China,visit,Xi in Moscow", "the calendar has no 2026-02-30"),
        ("20260224,China,visit,Xi in Moscow", "the date '20260224' is not written year-month-day, as in 2026-02-24"),
        (",China,visit,Xi in Moscow", "there is no date"),
        ("2026-02-24,,visit,Xi in Moscow", "there is no ally"),
        ("2026-02-24,China,visit, ", "there is no summary"),
        ("2026-02-24,China,,Xi in Moscow", "neither act, kind nor score is given"),
        ("2026-02-24,Russia,visit,Putin stays", "Russia is the principal, and no ally of itself"),
        ("2026-02-24,Belaruss,visit,Lukashenko in Sochi", "no ally 'Belaruss'; near: Belarus"),
        ("2026-02-24,China,visit,Xi,in Moscow", "5 cells under 4 columns"),
        ("2026-02-24,China,visit,Xi \x00 in Moscow", "the summary holds the control character U+0000"),
        ("2026-02-24,China,visit,Xi \x1b[31m", "the summary holds the control character U+001B"),
        ("2026-02-24,China,visit," + "x" * 10_001, "the summary has 10,001 characters; at most 10,000 are kept"),
    ],
)  # fmt: skip
def test_a_row_that_is_no_signal_is_named_by_line_and_reason_and_nothing_is_added(
    run: Run, row: str, reason: str
) -> None:
    good = "2026-02-24,China,visit,Wang Yi in Moscow\n"
    name = file(HEADER + good + row + "\n" + good)
    nothing = (STRANGERS if reason.startswith("no ally") else NOTHING).format(1)
    assert run("import", name) == Ran(1, "", f"in.csv:3: {reason}\n{nothing}")
    assert summaries(run) == []
    assert run("import", name, "--keep-going") == Ran(
        0, "", f"in.csv:3: {reason}\nin.csv: 3 rows read, 2 added, 1 rejected\n{AGAIN}"
    )
    assert summaries(run) == ["Wang Yi in Moscow"] * 2


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("kind", "sanctions", "the act 'visit' is support, not sanctions"),
        ("kind", "suport", "no kind 'suport'; near: support"),
        ("score", "-1", "a support signal scores above 0, not -1"),
        ("score", "0", "a score of 0 says nothing about the relationship"),
        ("score", "11", "no score 11; a score lies between -10 and +10"),
        ("score", "1.234", "the score 1.234 has more than two decimals"),
        ("score", "1,5", "no score '1,5'"),
        ("score", "nan", "no score 'nan'"),
        ("actor", "me", "no actor 'me'; known: ally, principal, third"),
        ("domain", "energie", "no domain 'energie'; near: energy"),
        ("driver", "wars", "no driver 'wars'; near: war"),
        ("grade", "G1", "no grade 'G1'"),
        ("origin", "My feed", "no origin 'My feed'"),
        ("private", "maybe", "private is true or false, not 'maybe'"),
        ("recorded_at", "noon", "recorded_at 'noon' is no time, as in 2026-02-24T09:30:00Z"),
        ("uid", "ä", "a uid is 1 to 200 visible ASCII characters"),
        ("uid", "u" * 201, "a uid is 1 to 200 visible ASCII characters"),
    ],
)
def test_a_wrong_cell_is_a_reject(run: Run, column: str, cell: str, reason: str) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [["date", "ally", "act", "summary", column], ["2026-02-24", "China", "visit", "Xi in Moscow", cell]]
    )
    assert run("import", file(out.getvalue())) == Ran(1, "", f"in.csv:2: {reason}\n{NOTHING.format(1)}")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "this is not JSON"),
        ("[" * 100_000, "this is not JSON"),
        ("[1]", "this is no JSON object"),
        ('{"date": "2026-02-24", "ally": "China", "act": "visit", "summary": 5}', "the summary is no text"),
        ('{"date": "2026-02-24", "ally": "China", "act": "visit", "summary": ["x"]}', "the summary is no text"),
        ('{"date": "2026-02-24", "ally": "China", "score": true, "summary": "x y"}', "the score is no number"),
        ('{"date": "2026-02-24", "ally": "China", "score": NaN, "summary": "x y"}', "no score 'nan'"),
        ('{"date": "2026-02-24", "ally": "China", "score": 1e999, "summary": "x y"}', "no score 'inf'"),
        ('{"date": "2026-02-24", "ally": "China", "act": "visit", "summary": "x y", "mood": 1}', "no key 'mood'"),
        (
            '{"date": "2026-02-24", "ally": "China", "act": "visit", "summary": "x \\ud800"}',
            "the summary is not valid UTF-8",
        ),
    ],
)
def test_a_line_that_is_no_signal_in_json_is_a_reject(run: Run, line: str, reason: str) -> None:
    good = '{"date": "2026-02-24", "ally": "China", "act": "visit", "summary": "Xi in Moscow", "grade": null}\n'
    name = file(good + "\n" + line + "\n", "in.jsonl")
    assert run("import", name) == Ran(1, "", f"in.jsonl:3: {reason}\n{NOTHING.format(1)}")
    assert run("import", name, "--keep-going").err.endswith(f": 2 rows read, 1 added, 1 rejected\n{AGAIN}")


def test_a_reject_in_one_file_stops_them_all(run: Run) -> None:
    good = file(HEADER + "2026-02-24,China,visit,Xi in Moscow\n", "good.csv")
    bad = file(HEADER + "2026-02-24,China,visits,Xi in Moscow\n", "bad.csv")
    assert run("import", good, bad) == Ran(1, "", f"bad.csv:2: no act 'visits'; near: visit\n{NOTHING.format(1)}")
    assert summaries(run) == []


def test_of_many_rejects_the_first_are_said(run: Run) -> None:
    name = file(HEADER + "2026-02-24,China,nothing,Xi in Moscow\n" * 1500)
    said = run("import", name).err.splitlines()
    assert [line.partition(": ")[0] for line in said[:20]] == [f"in.csv:{line}" for line in range(2, 22)]
    assert said[20:] == ["... and 1,480 more", *NOTHING.format("1,500").splitlines()]


def test_rejected_rows_leave_no_ally_behind(run: Run) -> None:
    name = file(HEADER + "2026-02-24,Kazakhstan,visit,Tokayev in Moscow\n2026-02-24,China,x,Xi in Moscow\n")
    assert run("import", name).code == 1
    assert "kazakhstan" not in run("ally", "list", "-f", "csv").out


def test_lines_are_counted_as_they_stand_in_the_file(run: Run) -> None:
    name = file(
        'date,ally,act,summary\n2026-02-24,China,visit,"Xi\nin\nMoscow"\n\n'
        '2026-02-24,China,visits,"Xi\nin Moscow"\n2026-02-24,China,meets,Xi\n'
    )
    assert run("import", name).err.splitlines()[:2] == [
        "in.csv:6: no act 'visits'; near: visit",
        "in.csv:8: no act 'meets'; near: visit, joint",
    ]
    run("import", name, "--keep-going")
    assert summaries(run) == ["Xi in Moscow"]


# -- files as they come


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfdate,ally,act,summary\n2026-02-24,China,visit,Xi in Moscow\n",
        b"date,ally,act,summary\r\n2026-02-24,China,visit,Xi in Moscow\r\n",
        b"date,ally,act,summary\r2026-02-24,China,visit,Xi in Moscow\r",
        b'"date","ally","act","summary"\n"2026-02-24","China","visit","Xi in Moscow"',
        b" date , ally,act,summary\n 2026-02-24 ,\tChina, visit ,  Xi  in\tMoscow \n",
        b"date,ally,act,summary,grade,domain\n\n2026-02-24,China,visit,Xi in Moscow\n,,,,,\n",
        b'\xef\xbb\xbf{"date":"2026-02-24","ally":"China","act":"visit","summary":"Xi\\nin Moscow"}\r\n\r\n',
        b'  {"date":"2026-02-24","ally":"China","act":"visit","score":2.8,"private":false,"summary":"Xi in Moscow"}',
    ],
    ids=["byte order mark", "CRLF", "CR", "quoted", "blanks", "short and empty rows", "JSON", "indented JSON"],
)
def test_a_file_is_read_however_it_was_written(run: Run, text: bytes) -> None:
    of = " of jsonl" if b"{" in text else ""  # which the name does not say
    assert run("import", file(text)).err == f"in.csv: 1 row{of} read, 1 added\n{AGAIN}"
    assert [row[1:8] for row in csv.reader(io.StringIO(exported(run)))][1:] == [
        ["2026-02-24", "china", "visit", "ally", "support", "2.8", "Xi in Moscow"]
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", f"in.csv: the file is empty\n{NEEDS}"),
        (b"\xef\xbb\xbf", f"in.csv: the file is empty\n{NEEDS}"),
        (b"date,ally,summary,date,act\n", "in.csv: two columns are called 'date'\n"),
        (b"date,ally,summary\n", f"in.csv: there is no column 'act'\n{NEEDS}"),
        (b"date,ally,act\n", f"in.csv: there is no column 'summary'\n{NEEDS}"),
        (
            b"date,ally,act,sumary\n",
            f"in.csv: unknown column 'sumary'; near: summary\n{EXTRA}",
        ),
        (
            b"2026-02-24,China,visit,Xi in Moscow\n",
            f"in.csv: unknown column '2026-02-24'\n{EXTRA}",
        ),
    ],
)
def test_a_file_with_a_wrong_header_is_refused_whole(run: Run, text: bytes, said: str) -> None:
    for flags in ((), ("--keep-going",)):
        assert run("import", file(text), *flags) == Ran(1, "", f"error: {said}")


def test_an_unclosed_quote_is_said_with_its_line(run: Run) -> None:
    ran = run("import", file(HEADER + '2026-02-24,China,visit,"Xi in Moscow\n2026-02-25,China,visit,Xi\n'))
    assert (ran.code, ran.err) == (
        1,
        f"error: in.csv: line 3: this is not CSV: unexpected end of data\n{NEEDS}",
    )


def test_an_endless_cell_is_refused_not_read(run: Run) -> None:
    ran = run("import", file(HEADER + "2026-02-24,China,visit," + "x" * 1_000_001 + "\n"))
    assert (ran.code, ran.err) == (
        1,
        f"error: in.csv: line 2: this is not CSV: field larger than field limit (1000000)\n{NEEDS}",
    )


def test_bytes_that_are_no_utf8_are_a_reject(run: Run) -> None:
    name = file(HEADER.encode() + b"2026-02-24,China,visit,Xi \xff in Moscow\n2026-02-24,China,visit,Xi in Moscow\n")
    assert run("import", name) == Ran(1, "", f"in.csv:2: the summary is not valid UTF-8\n{NOTHING.format(1)}")


def test_an_utf16_file_is_refused_in_words(run: Run) -> None:
    ran = run("import", file((HEADER + "2026-02-24,China,visit,Xi\n").encode("utf-16")))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error: in.csv: ")


def test_stdin_is_read(run: Run) -> None:
    text = HEADER + "2026-02-24,China,visit,Xi in Moscow\n"
    assert run("import", "-", stdin=text).err == f"stdin: 1 row of csv read, 1 added\n{AGAIN}"
    assert run("import", "-", stdin=HEADER + "2026-02-24,China,x,Xi\n").err.startswith("stdin:2: no act 'x'")


@pytest.mark.parametrize(("name", "why"), [("none.csv", "No such file or directory")])
def test_a_file_that_cannot_be_read_is_said_so(run: Run, name: str, why: str) -> None:
    assert run("import", name) == Ran(1, "", f"error: cannot read {name}: {why}\n")


# -- allies


def test_a_known_state_is_added_and_said_so(run: Run) -> None:
    assert run("import", file(HEADER + "2026-02-24,DPRK,praise,Kim praises\n")) == Ran(
        0,
        "",
        f"note: North Korea (PRK) is new here and was added to the allies\nin.csv: 1 row read, 1 added\n{AGAIN}",
    )


def test_an_actor_that_is_no_state_is_added_only_when_told_so(run: Run) -> None:
    name = file(HEADER + "2026-02-24,Wagner Group,arms,It fights\n2026-02-25,wagner group,arms,It fights on\n")
    assert run("import", name) == Ran(
        1,
        "",
        "in.csv:2: no ally 'Wagner Group'\nin.csv:3: no ally 'wagner group'\n" + STRANGERS.format(2),
    )
    assert run("import", name, "--add-allies") == Ran(
        0, "", f"note: Wagner Group is new here and was added to the allies\nin.csv: 2 rows read, 2 added\n{AGAIN}"
    )
    assert run("export").out.count(",wagner-group,") == 2


def test_a_round_trip_with_another_actor_needs_it_to_be_added(run: Run) -> None:
    run("ally", "add", "Wagner Group")
    run("log", "wagner-group", "arms", "It fights")
    out = exported(run)
    assert run("import", "-", "--db", "other.db", stdin=out).err.startswith("stdin:2: no ally 'wagner-group'")
    assert run("import", "-", "--db", "other.db", "--add-allies", stdin=out).code == 0
    assert exported(run, "--db", "other.db") == out


# -- formulas


FORMULA_CELLS = {  # as it was said, and as a spreadsheet may open it
    "=SUM(A1)": "'=SUM(A1)",
    "-2 degrees": "'-2 degrees",
    "+1": "'+1",
    "@here": "'@here",
    "'=x": "''=x",
    "''-x": "'''-x",
    "'quoted'": "'quoted'",
    "a=b": "a=b",
}


def test_a_formula_is_neutralised_on_export_and_restored_on_import(run: Run) -> None:
    for said in FORMULA_CELLS:
        run("log", "--source", said, "--", "china", "visit", said, "2026-02-24")

    def cells(*args: str) -> set[tuple[str, str]]:
        return {(row["summary"], row["source"]) for row in csv.DictReader(io.StringIO(exported(run, *args)))}

    bare, guarded = {(said, said) for said in FORMULA_CELLS}, {(cell, cell) for cell in FORMULA_CELLS.values()}
    assert (cells(), cells("--raw")) == (guarded, bare)
    run("import", "-", "--db", "other.db", stdin=exported(run))
    assert cells("--raw", "--db", "other.db") == bare
    run("import", "-", "--raw", "--db", "raw.db", stdin=exported(run))
    assert cells("--raw", "--db", "raw.db") == guarded
    lines = exported(run, "-f", "jsonl").splitlines()
    assert {json.loads(line)["summary"] for line in lines} == set(FORMULA_CELLS)


def test_numbers_and_dates_are_never_touched(run: Run) -> None:
    run("log", "china", "abstain", "China abstains", "2026-02-24")
    assert ",2026-02-24,china,abstain,ally,distancing,-1.0,China abstains," in exported(run)


# -- into a file


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "OUT.NDJSON"])
def test_a_files_name_tells_its_format(run: Run, sample: Path, home: Path, name: str) -> None:
    assert run("export", "--output", name) == Ran(0, "", f"90 signals written to {name}\n")
    form = "csv" if name.endswith("csv") else "jsonl"
    assert (home / name).read_bytes() == exported(run, "-f", form).encode()
    assert stat.S_IMODE((home / name).stat().st_mode) == 0o600
    assert sorted(path.name for path in home.iterdir() if "OUT" in path.name.upper()) == [name]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("broken")])
def test_a_file_is_written_whole_or_not_at_all(
    run: Run, sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def half(signals: Iterable[tuple[Cell, ...]], out: TextIO, *, raw: bool = False) -> int:
        out.write(f"{next(iter(signals))[0]},half of it\n")
        out.flush()
        raise error

    (home / "out.csv").write_text("what was there before")
    monkeypatch.setattr(written, "write_csv", half)
    before = sorted(home.iterdir())
    if isinstance(error, OSError):
        assert run("export", "--output", "out.csv") == Ran(
            1, "", "error: cannot write out.csv: No space left on device\n"
        )
    else:
        with pytest.raises(ValueError, match="broken"):
            run("export", "--output", "out.csv")
    assert (home / "out.csv").read_text() == "what was there before"
    assert [path for path in sorted(home.iterdir()) if "ledger.db-" not in path.name] == before


def test_a_file_that_was_there_is_replaced_and_a_link_followed(run: Run, sample: Path, home: Path) -> None:
    (home / "real.csv").write_text("old")
    (home / "real.csv").chmod(0o644)
    (home / "link.csv").symlink_to("real.csv")
    assert run("export", "--output", "link.csv").code == 0
    assert (home / "link.csv").is_symlink()
    assert (home / "real.csv").read_text().startswith(COLUMNS)
    assert stat.S_IMODE((home / "real.csv").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "name", ["nowhere/out.csv", "file/out.csv"], ids=["a missing folder", "a file as the folder"]
)
def test_an_output_that_cannot_be_written_is_a_clear_error(run: Run, sample: Path, home: Path, name: str) -> None:
    (home / "file").touch()
    ran = run("export", "--output", name)
    why = "No such file or directory" if name.startswith("nowhere") else "Not a directory"
    assert ran == Ran(1, "", f"error: cannot write {name}: {why}\n")
    assert run("summary", "--output", name, "-f", "csv") == ran


def test_a_folder_is_no_file_to_write(run: Run, sample: Path, home: Path) -> None:
    (home / "folder").mkdir()
    ran = run("export", "--output", "folder")
    assert (ran.code, ran.err) == (1, "error: cannot write folder: Is a directory\n")


def test_a_device_is_written_as_it_is(run: Run, sample: Path) -> None:
    assert run("export", "--output", os.devnull) == Ran(0, "", f"90 signals written to {os.devnull}\n")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_a_hyphen_is_stdout(run: Run, sample: Path) -> None:
    assert run("export", "--output", "-") == run("export")


def test_an_export_reads_one_moment_of_the_ledger(run: Run, sample: Path, place: str) -> None:
    from scrutiny.core.filters import Filter
    from scrutiny.store.opening import open_ledger

    with (
        open_ledger(place, writing=False, author="ana") as reader,
        open_ledger(place, writing=True, author="boris") as writer,
    ):
        signals = reader.exported(Filter())
        next(signals)
        writer.add(
            [Signal(uid="new", ally="china", happened_on=date(2026, 5, 21), kind=Kind.SUPPORT, score=2.8,
                    summary="Logged meanwhile")]
        )  # fmt: skip
        assert sum(1 for _ in signals) == 89


def test_a_file_whose_name_is_no_utf8_is_imported_and_named_by_codes(run: Run, home: Path) -> None:
    name = os.fsdecode(b"bad\xff.csv")
    (home / name).write_text("date,ally,act,summary\n2026-05-01,China,visit,Xi in Moscow\n")
    assert run("import", name).code == 0
    assert "import: bad\\udcff.csv" in run("history").out
