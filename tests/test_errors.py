"""Errors: one line in the person's words, a hint where there is one, the documented exit code, never a traceback."""

import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Ran, Run
from tests.stores import is_there, state

SHAPE = re.compile(r"error: [^\n]+\n(hint: [^\n]+\n)?")
HUGE = "9" * 30


def refused(ran: Ran, code: int) -> None:
    """One error line, at most one hint, nothing on stdout."""
    assert (ran.code, ran.out) == (code, ""), ran
    assert SHAPE.fullmatch(ran.err), ran.err


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ("lisst", 2),
        ("--bogus", 2),
        ("list --bogus", 2),
        ("list --limit many", 2),
        ("list --limit -1", 2),
        ("list --limit", 2),
        (f"list --limit {HUGE}", 2),
        ("list --batch x", 2),
        (f"list --batch {HUGE}", 2),
        ("list --format pdf", 2),
        ("list --since 01/02/2026", 2),
        ("list --since 99999y", 2),
        ("list --since 0000-01-01", 2),
        ("list --until 2026-02-30", 2),
        ("list narnia", 3),
        ("list --by me", 2),
        ("show", 2),
        ("show one", 2),
        ("show 1 2", 2),
        ("show 91", 3),
        (f"show {HUGE}", 2),
        ("show 999999999999999999", 3),
        ("show ²", 2),
        ("summary narnia", 3),
        ("summary china iran", 2),
        ("summary --window 0", 2),
        (f"summary --window {HUGE}", 2),
        ("summary --window 1.5", 2),
        ("summary --as-of tomorrow", 2),
        ("summary --by me", 2),
        ("summary --format xml", 2),
        ("log", 2),
        ("log china", 2),
        ("log china visits summary", 2),
        ("log narnia visit summary", 3),
        ("log russia visit summary", 2),
        ("log china -2 summary", 2),
        ("log china visit B2", 2),
        ("log china visit summary word", 2),
        ("log china visit summary --score ten", 2),
        ("log china visit summary --grade Z", 2),
        ("log china visit summary --on soon", 2),
        ("log china visit summary --like 91", 3),
        ("export --format pdf", 2),
        ("export --output nowhere/x.csv", 1),
        ("export narnia", 3),
        ("import", 2),
        ("import nowhere.csv", 1),
        ("import .", 1),
        ("import - --format xls", 2),
        ("undo 91", 1),
        ("undo one", 2),
        (f"undo {HUGE}", 2),
        ("acts --kind suport", 2),
        ("ally lst", 2),
        ("ally show", 2),
        ("ally show narnia", 3),
        ("ally add", 2),
        ("ally add China", 1),
        ("ally edit china --stake much", 2),
        ("ally edit narnia --stake 1", 3),
        ("setting principal Narnia", 3),
        ("setting principal China", 1),
        ("setting mood", 2),
        ("demo now", 2),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_its_exit_code(
    run: Run, sample: Path, place: str, args: str, code: int
) -> None:
    before = state(place)
    refused(run(*args.split()), code)
    assert state(place) == before


@pytest.mark.parametrize(
    ("args", "err"),
    [
        ("lisst", "error: no command 'lisst'; near: list\nhint: see: scrutiny --help\n"),
        ("ally lst", "error: no command 'lst'; near: list\nhint: see: scrutiny ally --help\n"),
        ("list --bogus", "error: no such option: --bogus\nhint: see: scrutiny list --help\n"),
        ("show", "error: missing argument 'ID'\nhint: see: scrutiny show --help\n"),
    ],
)
def test_what_the_parser_refuses_is_said_in_the_programs_manner(run: Run, args: str, err: str) -> None:
    assert run(*args.split()) == Ran(2, "", err)


# -- places that are no ledger


@pytest.mark.file
def test_a_folder_is_no_ledger(run: Run, home: Path) -> None:
    for command in (("list",), ("log", "china", "visit", "Xi in Moscow")):
        refused(run("--db", str(home), *command), 1)


@pytest.mark.file
@pytest.mark.parametrize(
    "content", [b"not a ledger, but a text\n" * 100, b"short", b"SQLite format 3\x00" + b"x" * 50]
)
def test_a_file_of_another_kind_is_no_ledger_and_stays_as_it_is(run: Run, home: Path, content: bytes) -> None:
    path = home / "notes.txt"
    path.write_bytes(content)
    for command in (("list",), ("log", "china", "visit", "Xi in Moscow")):
        refused(run(*command, "--db", "notes.txt"), 4)
    assert path.read_bytes() == content


@pytest.mark.file
def test_a_database_of_another_program_is_no_ledger_and_stays_as_it_is(run: Run, home: Path) -> None:
    with closing(sqlite3.connect(home / "other.db")) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    for command in (("list",), ("log", "china", "visit", "Xi in Moscow")):
        assert run("--db", "other.db", *command) == Ran(
            4,
            "",
            f"error: {home / 'other.db'} is a database, but not a ledger\n"
            "hint: name another place with --db, or unset SCRUTINY_DB\n",
        )
    with closing(sqlite3.connect(home / "other.db")) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("recipe",)]


@pytest.mark.file
@pytest.mark.parametrize("left", [0.1, 0.5, 0.9])
def test_a_ledger_that_was_cut_off_is_said_to_be_damaged(run: Run, sample: Path, left: float) -> None:
    whole = sample.read_bytes()
    sample.write_bytes(whole[: int(len(whole) * left)])
    refused(run("list"), 4)
    refused(run("log", "china", "visit", "Xi in Moscow"), 4)


@pytest.mark.file
def test_a_ledger_of_a_newer_program_is_refused_and_stays_as_it_is(run: Run, sample: Path) -> None:
    with closing(sqlite3.connect(sample, isolation_level=None)) as ledger:
        ledger.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in (("list",), ("log", "china", "visit", "Xi in Moscow")):
        ran = run(*command)
        refused(ran, 4)
        assert ran.err.startswith(f"error: {sample} has the schema 9999; ")
        assert ran.err.endswith("hint: upgrade scrutiny\n")


@pytest.mark.file
@pytest.mark.parametrize("place", ["ledger.db/inside.db", "/proc/nowhere/ledger.db"])
def test_a_place_where_nothing_can_be_made_is_said_so(run: Run, sample: Path, place: str) -> None:
    refused(run("log", "china", "visit", "Xi in Moscow", "--db", place), 1)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("mysql://user:secret@host/db", "error: no ledger can be kept on mysql\n"),
        ("sqlite://", "error: a ledger is a file, not memory\n"),
        ("sqlite:///:memory:", "error: a ledger is a file, not memory\n"),
        ("://", "error: the database URL cannot be read\n"),
        ("postgresql://user:secret@127.0.0.1:1/none", "error: "),
        ("postgresql://user:secret@127.0.0.1:1/\udcff", "error: the database URL cannot be read\n"),
    ],
)
def test_a_url_of_no_ledger_is_refused_without_its_password(run: Run, place: str, said: str) -> None:
    ran = run("list", "--db", place)
    refused(ran, 1)
    assert ran.err.startswith(said)
    assert "secret" not in ran.err


@pytest.mark.file
@pytest.mark.parametrize("place", ["other.db", "sqlite:///other.db", "~/other.db", "deep/down/other.db"])
def test_a_place_is_a_path_or_a_url(run: Run, home: Path, place: str) -> None:
    assert run("log", "china", "visit", "Xi in Moscow", "--db", place).code == 0
    assert [path.name for path in home.rglob("*.db")] == ["other.db"]
    assert run("list", "--db", place).out.startswith("1 signal\n")


def test_db_stands_before_the_command_or_after_it(run: Run, place: str) -> None:
    log = ("log", "china", "visit", "Xi in Moscow")
    assert run("--db", "before.db", *log).err.endswith("take it back: scrutiny --db before.db undo 2\n")
    assert run(*log, "--db", "after.db").err.endswith("take it back: scrutiny --db after.db undo 2\n")
    for name in ("before.db", "after.db"):
        assert run("--db", name, "list").out == run("list", "--db", name).out
        assert run("list", "--db", name).out.startswith("1 signal\n")
    assert not is_there(place)


def test_db_after_the_command_wins_over_before_it_over_the_environment(run: Run, home: Path) -> None:
    run("--db", "before.db", "log", "china", "visit", "Xi in Moscow", "--db", "after.db")
    assert sorted(path.name for path in home.glob("*.db")) == ["after.db"]
    run("--db", "before.db", "log", "china", "visit", "Xi in Moscow")
    assert sorted(path.name for path in home.glob("*.db")) == ["after.db", "before.db"]


def test_one_commands_db_is_not_the_nexts(run: Run, place: str) -> None:
    run("--db", "before.db", "log", "china", "visit", "Xi in Moscow")
    run("log", "china", "visit", "Xi in Moscow")
    assert is_there(place)


def test_a_place_with_blanks_is_quoted_in_what_can_be_typed(run: Run) -> None:
    assert run("log", "china", "visit", "Xi in Moscow", "--db", "my ledger.db").err.endswith(
        "take it back: scrutiny --db 'my ledger.db' undo 2\n"
    )


def test_without_a_place_the_ledger_lies_in_the_platforms_data_folder(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SCRUTINY_DB")
    assert run("log", "china", "visit", "Xi in Moscow").code == 0
    (path,) = home.rglob("ledger.db")
    assert path.parent.name == "scrutiny"


# -- hostile text

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("{}",), 2),
        (("--{}",), 2),
        (("list", "--{}"), 2),
        (("list", "{}"), 3),
        (("list", "--kind", "{}"), 2),
        (("list", "--since", "{}"), 2),
        (("list", "--format", "{}"), 2),
        (("list", "--limit", "{}"), 2),
        (("show", "{}"), 2),
        (("summary", "{}"), 3),
        (("log", "{}", "visit", "x y"), 3),
        (("log", "china", "{}", "x y"), 2),
        (("log", "china", "visit", "{}"), 2),
        (("log", "china", "visit", "x y", "{}"), 2),
        (("log", "china", "visit", "x y", "--source", "{}"), 2),
        (("import", "{}"), 1),
        (("export", "--output", "{}/x"), 1),
        (("ally", "add", "{}"), 2),
        (("ally", "{}"), 2),
        (("setting", "{}"), 2),
        (("setting", "principal", "{}"), 3),
        pytest.param(("list", "--db", "ledger.db/{}"), 1, marks=pytest.mark.file),
    ],
)
def test_text_that_would_steer_a_terminal_is_shown_inert(
    run: Run, sample: Path, args: tuple[str, ...], code: int
) -> None:
    ran = run(*(arg.format(HOSTILE) for arg in args))
    refused(ran, code)
    assert not set(ran.err) & set("\x1b\x07\x9b\u202e")


def test_text_from_a_file_is_shown_inert(run: Run, home: Path) -> None:
    (home / "in.csv").write_text(
        f"date,ally,act,summary\n2026-02-24,{HOSTILE},visit,x\n2026-02-24,China,{HOSTILE},x\n"
    )
    ran = run("import", "in.csv")
    assert (ran.code, ran.out) == (1, "")
    assert [line.partition(": ")[0] for line in ran.err.splitlines()] == ["in.csv:2", "in.csv:3", "error", "hint"]
    assert not set(ran.err) & set("\x1b\x07\x9b\u202e")


@pytest.mark.parametrize("args", [("list",), ("show", "1"), ("summary", "china"), ("list", "-f", "markdown")])
def test_markup_and_bidi_controls_in_a_summary_are_shown_as_text(run: Run, args: tuple[str, ...]) -> None:
    summary = "[red]not red[/red] [/b] :smile: \u202egnorw <b>x</b> | `y`"
    assert run("log", "china", "visit", summary, "2026-05-01", "B2").code == 0
    shown = summary.replace("\u202e", "\\u202e")
    out = run(*args).out
    if "markdown" in args:
        shown = re.sub(r"([\\`\[\]<>|])", r"\\\1", shown)
    assert shown in out
    assert "\u202e" not in out


def test_a_summary_with_an_undecodable_byte_is_refused(run: Run) -> None:
    assert run("log", "china", "visit", "Xi \udcff in Moscow") == Ran(
        2, "", "error: the summary is not valid UTF-8\n"
    )


@pytest.mark.parametrize("author", ["", "  ", "ana\x1b[31m", "a" * 300])
def test_an_author_that_cannot_be_kept_is_said_so_or_replaced(
    run: Run, monkeypatch: pytest.MonkeyPatch, author: str
) -> None:
    monkeypatch.setenv("SCRUTINY_USER", author)
    ran = run("log", "china", "visit", "Xi in Moscow")
    if author.strip():
        refused(ran, 2)
        assert run("list").out == "0 signals\n"
    else:
        assert ran.code == 0


# -- as a process


def started(*args: str, **more: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "scrutiny", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=os.environ | more,
    )


@pytest.mark.parametrize("command", ["export", "list --limit 0 -f csv", "summary -f json"])
def test_a_reader_that_has_gone_is_no_error(sample: Path, command: str) -> None:
    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"'{sys.executable}' -m scrutiny {command} | head -1"],
        capture_output=True,
        check=False,
        text=True,
    )
    assert (ran.returncode, ran.stderr, ran.stdout.count("\n")) == (0, "", 1)


def test_a_closed_pipe_is_quiet(sample: Path) -> None:
    with started("export") as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        said, code = process.stderr.read(), process.wait()
    assert (said, code) == (b"", 0)


@pytest.mark.file
def test_an_interrupt_is_quiet_and_changes_nothing(run: Run, sample: Path) -> None:
    holder = sqlite3.connect(sample, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with closing(holder), started("log", "china", "visit", "Xi in Moscow") as process:
        assert process.stderr
        assert process.stderr.readline() == b"waiting for another program to finish writing the ledger ...\n"
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)  # the engine notices once its wait is over
        holder.execute("ROLLBACK")
        said, code = process.stderr.read(), process.wait()
    assert (said.strip(), code) == (b"", 130)
    assert run("list").err == "note: 50 of 90 signals are shown; --limit 0 shows all\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_where_stdout_is_full_it_is_said(sample: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "scrutiny", "export"], stdout=full, stderr=subprocess.PIPE, check=False, text=True
        )
    assert (ran.returncode, ran.stderr) == (1, "error: No space left on device\n")


def test_both_ways_to_start_it_are_one_program() -> None:
    ran = subprocess.run([sys.executable, "-m", "scrutiny", "lisst"], capture_output=True, check=False, text=True)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "error: no command 'lisst'; near: list\nhint: see: scrutiny --help\n"


# -- what would hurt the ledger


@pytest.mark.parametrize("author", ["a\x1b[31mb", "x" * 300])
@pytest.mark.parametrize("command", ["import in.csv", "undo 2 --yes", "ally add India", "log china visit Xi"])
def test_an_author_that_cannot_be_kept_writes_nothing(
    run: Run, sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch, author: str, command: str
) -> None:
    (home / "in.csv").write_text("date,ally,act,summary\n2026-05-01,China,visit,Xi\n")
    before = run("export").out
    monkeypatch.setenv("SCRUTINY_USER", author)
    assert run(*command.split()).code == 2
    assert run("export").out == before


@pytest.mark.file
@pytest.mark.parametrize("command", ["export -o ledger.db", "summary -f json -o ./ledger.db", "list -o ledger.db"])
def test_a_ledger_is_not_overwritten(run: Run, sample: Path, command: str) -> None:
    before = sample.read_bytes()
    ran = run(*command.split())
    assert ran.code == 1
    assert "is a database" in ran.err
    assert sample.read_bytes() == before


@pytest.mark.parametrize(
    "command", ["summary --db ~nosuch/x.db", "export -o ~nosuch/x.csv", "import ~nosuch/x.csv", "list --db ''"]
)
def test_a_path_that_can_be_none_is_said_so(run: Run, sample: Path, command: str) -> None:
    refused(run(*shlex.split(command)), 2)


def test_a_folder_is_called_one(run: Run, home: Path) -> None:
    ran = run("log", "china", "visit", "Xi", "--db", str(home))
    assert (ran.code, ran.err) == (1, f"error: {home} is a folder\nhint: name a file in it: --db ledger.db\n")


@pytest.mark.parametrize(
    "command", ["list --kind ''", "list ''", "list ,", "export --grade ''", "log china visit x --grade ''"]
)
def test_an_empty_value_does_not_mean_everything(run: Run, sample: Path, command: str) -> None:
    refused(run(*shlex.split(command)), 2)


@pytest.mark.parametrize(
    ("command", "code"), [("--help | true", 0), ("summary 2>&- ", 0), ("nosuch 2>&-", 2), ("summary >&-", 0)]
)
def test_closed_streams_change_no_exit_code(sample: Path, command: str, code: int) -> None:
    script = f"'{sys.executable}' -m scrutiny {command}"
    ran = subprocess.run(["bash", "-o", "pipefail", "-c", script], capture_output=True, check=False, text=True)
    assert (ran.returncode, "Traceback" in ran.stderr) == (code, False)


def test_machine_forms_are_utf8_whatever_the_terminal_is(run: Run) -> None:
    run("log", "japan", "visit", "Naïve 日本 visit")
    for command in ("export", "list -f json", "list -f csv", "export -f jsonl"):
        ran = subprocess.run(
            [sys.executable, "-m", "scrutiny", *command.split()],
            capture_output=True,
            check=True,
            env=os.environ | {"PYTHONIOENCODING": "ascii"},
        )
        assert "Naïve 日本 visit" in ran.stdout.decode("utf-8")


def test_taking_back_where_nothing_is_makes_nothing(run: Run, place: str) -> None:
    assert run("undo", "--yes").code == 1
    assert not is_there(place)
