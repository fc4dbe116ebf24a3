"""db: where the ledger is, copies of it, bringing one back, whether it is sound, its schema brought up to date."""

import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pexpect
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from scrutiny.cli.shell import say
from scrutiny.core.filters import Filter
from scrutiny.errors import ScrutinyError
from scrutiny.store import schema
from scrutiny.store.engines import copies, restoring, sqlite
from scrutiny.store.engines.sqlite import Sqlite
from tests.conftest import Ran, Run
from tests.test_errors import refused
from tests.test_store import WAITING, opened, signal

LOG = ("log", "china", "visit", "Xi in Moscow", "2026-05-01")
pytestmark = pytest.mark.file


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def uids(place: Path) -> list[str]:
    """The uids in a ledger, in the order in which they were written."""
    with opened(place, writing=False) as ledger:
        return [one.uid for one in sorted(ledger.signals(Filter()), key=lambda one: one.id or 0)]


def said_by(run: Run, place: Path | str) -> tuple[str, str]:
    """What a ledger holds and how it came to: two with the same answer are the same."""
    place = str(place)
    return run("export", "--db", place).out, run("history", "--limit", "0", "-f", "json", "--db", place).out


def is_sound(place: Path) -> bool:
    with opened(place, writing=False) as ledger:
        return ledger.problems() == []


def changed(place: Path, *statements: str) -> None:
    """Writes into a file past every rule that the program and the schema have."""
    with closing(sqlite3.connect(place, isolation_level=None)) as raw:
        raw.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            raw.execute(statement)


@pytest.fixture
def copy(run: Run, sample: Path, home: Path) -> Path:
    """A copy of the sample, after which one more signal was logged."""
    assert run("db", "backup", "copy.db").code == 0
    assert run(*LOG).code == 0
    return home / "copy.db"


@dataclass
class Writing:
    """A program that logs one signal after another, and what it was told is written."""

    place: Path
    acknowledged: list[str] = field(default_factory=list)

    def go_on(self, until: threading.Event) -> None:
        while not until.is_set():
            uid = f"w{len(self.acknowledged)}"
            with opened(self.place) as ledger:
                ledger.add([signal(uid)])
            self.acknowledged.append(uid)


@contextmanager
def writer(place: Path) -> Iterator[Writing]:
    """Another program at work on the ledger for as long as the test is within, which begins once it has written."""
    at_work, until = Writing(place), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(at_work.go_on, until)
        try:
            while not at_work.acknowledged and not working.done():
                until.wait(0.005)
            yield at_work
        finally:
            until.set()
        working.result()


# -- db path


def test_the_path_is_where_the_ledger_is_or_will_be(run: Run, home: Path) -> None:
    assert run("db", "path") == Ran(0, f"{home / 'ledger.db'}\n", "")
    assert names(home) == []


def test_without_a_place_the_path_is_in_the_platforms_data_folder(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SCRUTINY_DB")
    ran = run("db", "path")
    assert Path(ran.out.rstrip("\n")).parts[-2:] == ("scrutiny", "ledger.db")
    assert run(*LOG).code == 0
    assert Path(ran.out.rstrip("\n")).is_file()


@pytest.mark.parametrize(
    "args",
    [
        ("--db", "other.db", "db", "path"),
        ("db", "--db", "other.db", "path"),
        ("db", "path", "--db", "other.db"),
        ("--db", "first.db", "db", "path", "--db", "other.db"),
        ("--db", "first.db", "db", "--db", "other.db", "path"),
        ("db", "--db", "first.db", "path", "--db", "other.db"),
    ],
    ids=" ".join,
)
def test_the_path_is_that_of_the_last_db(run: Run, home: Path, args: tuple[str, ...]) -> None:
    assert run(*args) == Ran(0, f"{home / 'other.db'}\n", "")


@pytest.mark.parametrize("command_", ["check", "backup", "upgrade"])
def test_db_stands_before_db_after_it_or_after_its_command(run: Run, sample: Path, command_: str) -> None:
    sample.rename("other.db")
    for args in (("--db", "other.db", "db", command_), ("db", "--db", "other.db", command_)):
        assert run(*args).code == 0
    assert run("db", command_, "--db", "other.db").code == 0
    assert not Path("ledger.db").exists()


def test_the_path_of_a_server_is_shown_without_its_password(run: Run) -> None:
    ran = run("db", "path", "--db", "postgresql://ana:geheim@host:5432/ledger?sslmode=require&password=auch")
    assert ran == Ran(0, "postgresql://ana:***@host:5432/ledger?***\n", "")


# -- db backup


def test_a_copy_is_the_ledger(run: Run, sample: Path, home: Path) -> None:
    run(*LOG)
    run("remove", "3")
    ran = run("db", "backup", "copy.db")
    assert ran == Ran(0, "", "copied to copy.db\nbring it back: scrutiny db restore copy.db\n")
    assert said_by(run, "copy.db") == said_by(run, sample)
    assert run("show", "3", "--db", "copy.db") == run("show", "3")
    assert run("list", "--search", "moscow", "--db", "copy.db").out == run("list", "--search", "moscow").out
    assert run("db", "check", "--db", "copy.db").out == (
        f"{home / 'copy.db'} is sound\nChecked  91 signals and 4 changes, every one as it must be\n"
    )


def test_a_copy_is_one_file_of_its_owners_alone(run: Run, sample: Path, home: Path) -> None:
    before = os.umask(0)
    try:
        with opened(sample) as ledger:  # whose last change is still in the log beside the file
            ledger.add([signal("a")])
            assert run("db", "backup", "copy.db").code == 0
    finally:
        os.umask(before)
    assert (names(home), mode(home / "copy.db")) == (["copy.db", "ledger.db"], 0o600)
    alone = home / "elsewhere" / "copy.db"
    alone.parent.mkdir()
    (home / "copy.db").rename(alone)
    assert uids(alone)[-1] == "a"


def test_a_copy_without_a_name_lies_beside_the_ledger_and_bears_the_time(run: Run, sample: Path, home: Path) -> None:
    for count in (1, 2):
        ran = run("db", "backup")
        assert ran.code == 0
        copied = [path for path in home.iterdir() if path != sample]
        assert len(copied) == count
    assert all(re.fullmatch(r"ledger\.\d{4}-\d\d-\d\d-\d{6}(-\d+)?\.db", path.name) for path in copied)
    assert all(mode(path) == 0o600 for path in copied)
    assert re.match(r"copied to (.*)\n", ran.err)[1] in map(str, copied)  # type: ignore[index]  # it matches


def test_how_to_bring_a_copy_back_can_be_typed(run: Run, sample: Path) -> None:
    ran = run("db", "backup", "my copy.db", "--db", "ledger.db")
    assert ran.err == ("copied to my copy.db\nbring it back: scrutiny --db ledger.db db restore 'my copy.db'\n")


def test_a_copy_that_is_there_is_replaced_only_when_told(run: Run, sample: Path, home: Path) -> None:
    run("db", "backup", "copy.db")
    before = (home / "copy.db").read_bytes()
    run(*LOG)
    ran = run("db", "backup", "copy.db")
    assert ran == Ran(1, "", "error: copy.db is there already\nhint: replace it with --force, or name another file\n")
    assert (home / "copy.db").read_bytes() == before
    assert run("db", "backup", "copy.db", "--force").code == 0
    assert said_by(run, "copy.db") == said_by(run, sample)
    assert names(home) == ["copy.db", "ledger.db"]


def test_only_an_older_copy_gives_way_to_a_new_one(run: Run, sample: Path, home: Path) -> None:
    (home / "thesis.txt").write_text("Years of work")
    refused(run("db", "backup", "thesis.txt", "--force"), 1)
    assert (home / "thesis.txt").read_text() == "Years of work"
    with opened(home / "other.db") as ledger:  # in use: SQLite would take its log for that of the copy
        ledger.add([signal("other")])
        refused(run("db", "backup", "other.db", "--force"), 1)
    assert uids(home / "other.db") == ["other"]


def test_a_copy_that_appears_meanwhile_is_left_as_it_is(
    run: Run, sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*_: object) -> None:
        (home / "copy.db").write_text("another's")

    monkeypatch.setattr("scrutiny.cli.db.progress", lambda _: _told(meanwhile))
    refused(run("db", "backup", "copy.db"), 1)
    assert (home / "copy.db").read_text() == "another's"
    assert names(home) == ["copy.db", "ledger.db"]


@contextmanager
def _told(by: Callable[..., None]) -> Iterator[Callable[..., None]]:
    yield by


@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize("name", ["ledger.db", "./ledger.db", "soft.db", "hard.db", "folder/ledger.db"])
def test_the_ledger_is_no_copy_of_itself(
    run: Run, sample: Path, home: Path, name: str, force: tuple[str, ...]
) -> None:
    (home / "soft.db").symlink_to(sample)
    (home / "hard.db").hardlink_to(sample)
    (home / "folder").symlink_to(home)
    before = sample.read_bytes()
    ran = run("db", "backup", name, *force)
    refused(ran, 1)
    assert "is the ledger itself" in ran.err
    assert sample.read_bytes() == before
    assert names(home) == ["folder", "hard.db", "ledger.db", "soft.db"]


@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal"])
@pytest.mark.parametrize("force", [(), ("--force",)])
def test_a_copy_takes_no_name_that_belongs_to_the_ledger(
    run: Run, sample: Path, suffix: str, force: tuple[str, ...]
) -> None:
    """SQLite would read such a file as what is still to be written into the ledger, or overwrite it."""
    before = run("export").out
    refused(run("db", "backup", f"ledger.db{suffix}", *force), 1)
    assert run("export").out == before


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("folder", "folder is a folder"),
        ("nowhere/copy.db", "cannot write nowhere/copy.db: No such file or directory"),
        ("ledger.db/copy.db", "cannot write ledger.db/copy.db: Not a directory"),
        ("/proc/copy.db", "cannot write /proc/copy.db: "),
    ],
)
def test_where_no_copy_can_be_it_is_said(run: Run, sample: Path, home: Path, place: str, said: str) -> None:
    (home / "folder").mkdir()
    for force in ((), ("--force",)):
        ran = run("db", "backup", place, *force)
        refused(ran, 1)
        assert ran.err.startswith(f"error: {said}")
    assert names(home) == ["folder", "ledger.db"]
    assert names(home / "folder") == []


def test_a_copy_that_fails_half_way_leaves_nothing(
    run: Run, sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = sample.read_bytes()
    monkeypatch.setattr("scrutiny.cli.db.progress", lambda _: _told(fails))
    assert run("db", "backup", "copy.db") == Ran(1, "", "error: cannot write copy.db: No space left on device\n")
    assert names(home) == ["ledger.db"]
    assert sample.read_bytes() == before


def test_of_no_ledger_there_is_no_copy(run: Run, home: Path) -> None:
    ran = run("db", "backup", "copy.db")
    assert ran == Ran(1, "", f"error: there is no ledger at {home / 'ledger.db'}\n")
    (home / "ledger.db").touch()
    assert run("db", "backup", "copy.db") == ran
    assert names(home) == ["ledger.db"]


def test_of_a_store_without_tables_there_is_no_copy(run: Run, home: Path) -> None:
    with closing(sqlite3.connect(home / "ledger.db")) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
    refused(run("db", "backup", "copy.db"), 1)
    assert names(home) == ["ledger.db"]


def test_of_what_is_no_ledger_there_is_no_copy(run: Run, home: Path) -> None:
    (home / "notes.txt").write_text("not a ledger\n" * 100)
    changed(home / "other.db", "CREATE TABLE recipe (name TEXT)")
    for place in ("notes.txt", "other.db"):
        refused(run("db", "backup", "copy.db", "--db", place), 4)
    assert names(home) == ["notes.txt", "other.db"]


def test_a_ledger_on_a_server_is_copied_by_the_servers_own_tools(run: Run) -> None:
    for args in (("backup",), ("restore", "copy.db")):
        ran = run("db", *args, "--db", "postgresql://ana:geheim@127.0.0.1:1/ledger")
        assert ran == Ran(
            1,
            "",
            "error: postgresql://ana:***@127.0.0.1:1/ledger is on a server, which has tools of its own for copies\n"
            "hint: pg_dump, and pg_restore; or a copy in a file, by db copy\n",
        )


def test_a_copy_made_while_another_writes_is_of_one_moment(
    run: Run, sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it is made though the other never stops."""
    monkeypatch.setattr(copies, "PAGES", 4)  # so that the writer comes in between many times
    monkeypatch.setattr("scrutiny.cli.db.progress", lambda _: _told(lambda *_: time.sleep(0.005)))
    with writer(sample) as other:
        for number in range(3):
            before = len(other.acknowledged)
            ran = run("db", "backup", f"copy{number}.db")
            during = len(other.acknowledged)
            assert ran.code == 0
            assert during > before
            found = uids(home / f"copy{number}.db")[90:]
            assert found == [f"w{n}" for n in range(len(found))]
            assert before <= len(found) <= during + 1
            assert is_sound(home / f"copy{number}.db")
            assert not list(home.glob(f"copy{number}.db-*"))


def test_how_far_a_copy_is_is_shown_on_a_terminal_alone(run: Run, sample: Path, home: Path) -> None:
    program = pexpect.spawn(
        sys.executable, ["-m", "scrutiny", "db", "backup", "copy.db"], encoding="utf-8", timeout=20
    )
    program.expect("copying")
    program.expect("copied to copy.db")
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == 0
    assert "copying" not in run("db", "backup", "other.db").err


# -- db restore


def test_a_copy_is_brought_back_and_the_present_one_kept(run: Run, copy: Path, sample: Path, home: Path) -> None:
    then, now = said_by(run, copy), said_by(run, sample)
    ran = run("db", "restore", "copy.db")
    aside = home / "ledger.before-restore.db"
    assert ran == Ran(0, "", f"the ledger is what copy.db is\nas it was before, it is kept at {aside}\n")
    assert said_by(run, sample) == then
    assert said_by(run, aside) == now != then
    assert (is_sound(sample), is_sound(aside)) == (True, True)
    assert names(home) == ["copy.db", "ledger.before-restore.db", "ledger.db"]
    assert mode(aside) == 0o600
    assert run(*LOG).err.endswith("take it back: scrutiny undo 3\n")


def test_what_was_kept_is_never_overwritten(run: Run, copy: Path, home: Path) -> None:
    for _ in range(2):
        assert run(*LOG).code == 0
        assert run("db", "restore", "copy.db").code == 0
    kept = [home / "ledger.before-restore.db", home / "ledger.before-restore-2.db"]
    assert [len(uids(path)) for path in kept] == [92, 91]


def test_a_restore_can_be_taken_back_by_restoring_what_was_kept(run: Run, copy: Path, sample: Path) -> None:
    before = said_by(run, sample)
    assert run("db", "restore", "copy.db").code == 0
    assert run("db", "restore", "ledger.before-restore.db").code == 0
    assert said_by(run, sample) == before


def test_where_there_is_no_ledger_a_copy_becomes_one(run: Run, copy: Path, home: Path) -> None:
    ran = run("db", "restore", "copy.db", "--db", "deep/new.db")
    assert ran == Ran(0, "", "the ledger is what copy.db is\n")
    assert names(home / "deep") == ["new.db"]
    assert (mode(home / "deep" / "new.db"), mode(home / "deep")) == (0o600, 0o700)
    assert said_by(run, "deep/new.db") == said_by(run, copy)
    assert run(*LOG, "--db", "deep/new.db").code == 0


def test_an_empty_file_is_as_good_as_no_ledger_to_restore_into(run: Run, copy: Path, home: Path) -> None:
    (home / "new.db").touch(mode=0o644)
    assert run("db", "restore", "copy.db", "--db", "new.db") == Ran(0, "", "the ledger is what copy.db is\n")
    assert mode(home / "new.db") == 0o600
    assert said_by(run, "new.db") == said_by(run, copy)


def test_a_ledger_that_somebody_begins_meanwhile_is_not_lost(
    run: Run, copy: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first signal is in the ledger, or in what was kept aside, or the restore is refused."""
    made = copies.copy

    def meanwhile(source: copies.Open, to: Path, *args: Any, **more: Any) -> None:
        if to == home / "new.db":
            with opened(home / "new.db") as ledger:
                ledger.add([signal("meanwhile")])
        made(source, to, *args, **more)

    monkeypatch.setattr(copies, "copy", meanwhile)
    run("db", "restore", "copy.db", "--db", "new.db")
    assert any("meanwhile" in uids(path) for path in home.glob("new*.db"))


@pytest.mark.parametrize("made_by", [("db", "restore", "copy.db"), ("db", "backup", "other.db")])
def test_a_ledger_that_is_itself_a_copy_can_be_restored(
    run: Run, copy: Path, monkeypatch: pytest.MonkeyPatch, made_by: tuple[str, ...]
) -> None:
    """A copy has no write-ahead log, so that whoever writes it keeps even readers out."""
    for module in (restoring, sqlite):
        monkeypatch.setattr(module, "GIVE_UP_AFTER", 0.5)
    assert run(*made_by, *(("--db", "other.db") if made_by[1] == "restore" else ())).code == 0
    before = said_by(run, "other.db")
    ran = run("db", "restore", "copy.db", "--db", "other.db")
    assert (ran.code, ran.err.splitlines()[0]) == (0, "the ledger is what copy.db is")
    assert said_by(run, "other.db") == said_by(run, copy)
    assert said_by(run, "other.before-restore.db") == before


def damaged(whole: bytes) -> bytes:
    """A ledger with noise in its second quarter."""
    quarter = len(whole) // 4
    return whole[:quarter] + bytes(range(256)) * (quarter // 256) + whole[quarter + quarter // 256 * 256 :]


UNFIT: dict[str, Callable[[bytes], bytes]] = {
    "damaged": damaged,
    "cut off": lambda whole: whole[: len(whole) // 2],
    "cut to its first page": lambda whole: whole[:4096],
    "a text": lambda _: b"date,ally,act,summary\n" * 50,
    "short": lambda _: b"SQLite format 3\0",
}


@pytest.mark.parametrize("how", UNFIT)
def test_what_is_damaged_or_no_ledger_is_not_brought_back(
    run: Run, copy: Path, sample: Path, home: Path, how: str
) -> None:
    copy.write_bytes(UNFIT[how](copy.read_bytes()))
    before = said_by(run, sample)
    ran = run("db", "restore", "copy.db")
    refused(ran, 4)
    assert ".restore-" not in ran.err  # the file as it was named, not where it was looked at
    assert said_by(run, sample) == before
    assert names(home) == ["copy.db", "ledger.db"]


def test_an_unsound_copy_is_not_brought_back(run: Run, copy: Path, sample: Path, home: Path) -> None:
    changed(copy, "UPDATE signal SET words = 'other' WHERE id = 5", "UPDATE batch SET added = 89")
    before = said_by(run, sample)
    ran = run("db", "restore", "copy.db")
    assert ran == Ran(
        4,
        "",
        "error: copy.db is not sound: what search looks at is not what the summary and source say, and 1 more\n"
        "hint: see all with: scrutiny db check --db copy.db\n",
    )
    assert said_by(run, sample) == before
    assert names(home) == ["copy.db", "ledger.db"]


def test_another_programs_database_is_not_brought_back(run: Run, copy: Path, sample: Path, home: Path) -> None:
    changed(home / "other.db", "CREATE TABLE recipe (name TEXT)")
    before = said_by(run, sample)
    ran = run("db", "restore", "other.db")
    refused(ran, 4)
    assert ".restore-" not in ran.err
    assert said_by(run, sample) == before
    assert names(home) == ["copy.db", "ledger.db", "other.db"]


def test_a_database_without_tables_is_not_brought_back_as_a_new_ledger(run: Run, copy: Path, sample: Path) -> None:
    changed(copy.with_name("empty.db"), "PRAGMA journal_mode = WAL", "VACUUM")
    before = said_by(run, sample)
    assert run("db", "restore", "empty.db").code in (1, 4)
    assert said_by(run, sample) == before


@pytest.mark.parametrize("name", ["nowhere.db", "nothing.db", ".", "ledger.db", "soft.db"])
def test_what_is_not_there_or_the_ledger_itself_is_not_brought_back(
    run: Run, sample: Path, home: Path, name: str
) -> None:
    (home / "nothing.db").touch()
    (home / "soft.db").symlink_to(sample)
    before = sample.read_bytes()
    refused(run("db", "restore", name), 1)
    assert sample.read_bytes() == before
    assert names(home) == ["ledger.db", "nothing.db", "soft.db"]


@pytest.mark.parametrize("how", ["damaged", "cut off", "cut to its first page"])
def test_over_a_damaged_ledger_a_copy_is_brought_back_and_the_damaged_one_kept(
    run: Run, copy: Path, sample: Path, home: Path, how: str
) -> None:
    """Which is what copies are for."""
    sample.write_bytes(UNFIT[how](sample.read_bytes()))
    before = sample.read_bytes()
    ran = run("db", "restore", "copy.db")
    assert (ran.code, ran.err.splitlines()[0]) == (0, "the ledger is what copy.db is")
    assert said_by(run, sample) == said_by(run, copy)
    assert is_sound(sample)
    assert before in [path.read_bytes() for path in home.iterdir() if path.is_file()]


def test_over_another_programs_database_nothing_is_restored(
    run: Run, copy: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "GIVE_UP_AFTER", 0.2)
    changed(home / "other.db", "CREATE TABLE recipe (name TEXT)", "INSERT INTO recipe VALUES ('borscht')")
    before = (home / "other.db").read_bytes()
    refused(run("db", "restore", "copy.db", "--db", "other.db"), 4)
    assert (home / "other.db").read_bytes() == before


def test_over_a_text_nothing_is_restored(run: Run, copy: Path, home: Path) -> None:
    (home / "notes.txt").write_text("not a ledger\n" * 400)
    refused(run("db", "restore", "copy.db", "--db", "notes.txt"), 4)
    assert (home / "notes.txt").read_text() == "not a ledger\n" * 400


def test_a_log_left_by_a_ledger_that_is_gone_does_not_spoil_what_is_restored(
    run: Run, copy: Path, sample: Path, home: Path
) -> None:
    """A program was killed, and somebody deleted the ledger but not the -wal beside it."""
    with opened(sample) as ledger:
        ledger.add([signal("a", summary="Left in the log")])
        left = (home / "ledger.db-wal").read_bytes()
    sample.unlink()
    (home / "ledger.db-wal").write_bytes(left)
    ran = run("db", "restore", "copy.db")
    assert ran.code == 1 or (said_by(run, sample) == said_by(run, copy) and is_sound(sample))


def test_a_copy_whose_pages_have_another_size_is_brought_back(run: Run, copy: Path, sample: Path) -> None:
    changed(copy, "PRAGMA page_size = 8192", "VACUUM")
    then = said_by(run, copy)
    assert run("db", "restore", "copy.db").code == 0
    assert said_by(run, sample) == then


def test_a_restore_asks_on_a_terminal(run: Run, copy: Path, sample: Path, home: Path) -> None:
    then, now = said_by(run, copy), said_by(run, sample)
    for answer, exit_said, held in (("n", "nothing was changed", now), ("y", "the ledger is what copy.db is", then)):
        command_ = ["-m", "scrutiny", "db", "restore", "copy.db"]
        program = pexpect.spawn(sys.executable, command_, encoding="utf-8", timeout=20, dimensions=(24, 200))
        program.expect_exact(f"Make {home / 'ledger.db'} what copy.db is?")
        program.sendline(answer)
        program.expect_exact(exit_said)
        program.expect(pexpect.EOF)
        program.close()
        assert program.exitstatus == 0
        assert said_by(run, sample) == held


def test_a_restore_waits_its_turn_and_says_so(
    run: Run, copy: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "SAY_AFTER", 0.1)
    then = said_by(run, copy)
    with closing(sqlite3.connect(sample, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE change SET what = 'written last' WHERE id = 3")

        def heard(text: str) -> None:
            if text == WAITING:
                other.execute("COMMIT")
            say(text)

        monkeypatch.setattr("scrutiny.cli.db.say", heard)
        ran = run("db", "restore", "copy.db")
    assert (ran.code, ran.err.splitlines()[0]) == (0, WAITING)
    assert ran.err.count(WAITING) == 1
    assert said_by(run, sample) == then
    assert "written last" in run("history", "--db", "ledger.before-restore.db").out


def test_a_restore_that_waits_too_long_gives_up_and_changes_nothing(
    run: Run, copy: Path, sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "SAY_AFTER", 0.05)
    monkeypatch.setattr(restoring, "GIVE_UP_AFTER", 0.2)
    now = said_by(run, sample)
    with closing(sqlite3.connect(sample, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ran = run("db", "restore", "copy.db")
    assert ran == Ran(
        1,
        "",
        f"{WAITING}\nerror: another program has been writing {sample} for 60 s; nothing was written\n"
        "hint: try again when it has finished\n",
    )
    assert said_by(run, sample) == now
    assert names(home) == ["copy.db", "ledger.db"]


def test_a_reader_keeps_what_it_sees_while_a_copy_is_brought_back(run: Run, copy: Path, sample: Path) -> None:
    with opened(sample, writing=False) as reader:
        assert reader.count(Filter()) == 91
        assert run("db", "restore", "copy.db").code == 0
        assert reader.count(Filter()) == 91
        assert len(list(reader.exported(Filter()))) == 91
    assert len(uids(sample)) == 90


def test_nobody_can_write_between_what_is_kept_and_what_is_brought_back(
    run: Run, copy: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, tried = Sqlite.keep_aside, []

    def keep(self: Sqlite, why: str) -> Path:
        for when in ("before", "after"):
            with closing(sqlite3.connect(sample, isolation_level=None, timeout=0)) as other:
                with pytest.raises(sqlite3.OperationalError, match="locked"):
                    other.execute("BEGIN IMMEDIATE")
                tried.append(when)
            if when == "before":
                found = kept(self, why)
        return found

    monkeypatch.setattr(Sqlite, "keep_aside", keep)
    assert run("db", "restore", "copy.db").code == 0
    assert tried == ["before", "after"]


def test_what_another_writes_during_restores_is_in_the_ledger_or_in_what_was_kept(
    run: Run, copy: Path, sample: Path, home: Path
) -> None:
    with writer(sample) as other:
        for _ in range(3):
            before = len(other.acknowledged)
            assert run("db", "restore", "copy.db").code == 0
            while len(other.acknowledged) == before:
                threading.Event().wait(0.005)
    found: set[str] = set()
    for place in (sample, *home.glob("ledger.before-restore*.db")):
        assert is_sound(place)
        found |= set(uids(place))
    assert set(other.acknowledged) <= found


def test_a_copy_that_cannot_be_kept_aside_stops_the_restore(
    run: Run, copy: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> Path:
        raise ScrutinyError("cannot write there")

    before = said_by(run, sample)
    monkeypatch.setattr(Sqlite, "keep_aside", fails)
    refused(run("db", "restore", "copy.db"), 1)
    assert said_by(run, sample) == before


# -- db check


def test_a_check_changes_nothing(run: Run, sample: Path, home: Path) -> None:
    before = sample.read_bytes()
    run("db", "check")
    assert sample.read_bytes() == before
    assert names(home) == ["ledger.db"]


def test_everything_wrong_is_told_at_once(run: Run, sample: Path) -> None:
    changed(
        sample,
        "UPDATE signal SET words = 'other' WHERE id < 30",
        "UPDATE signal SET recorded_at = 'soon' WHERE id = 40",
        "UPDATE signal SET act = 'wave' WHERE id IN (3, 50)",
        "UPDATE batch SET added = 89",
    )
    ran = run("db", "check")
    assert (ran.code, ran.err, ran.out.splitlines()[0]) == (4, "", f"{sample} is not sound")
    for said in (
        "#1, #2, #4, #5, #6, #7, #8, #9, #10, #11 and 18 more",
        "no act 'wave'",
        "#3, #50",
        "#40",
        "batch 1 (signals.csv) says it added 89 signals, but 90 are there",
    ):
        assert said in ran.out


@pytest.mark.parametrize("how", UNFIT)
def test_a_damaged_file_is_said_to_be_one(run: Run, sample: Path, how: str) -> None:
    sample.write_bytes(UNFIT[how](sample.read_bytes()))
    before = sample.read_bytes()
    ran = run("db", "check")
    assert ran.code == 4
    assert "damaged" in ran.out + ran.err or "not a database" in ran.out + ran.err
    assert sample.read_bytes() == before


def test_a_table_that_is_missing_is_damage(run: Run, sample: Path) -> None:
    changed(sample, "DROP TABLE revival")
    for args in (("db", "check"), ("show", "5")):
        ran = run(*args)
        assert ran.code == 4
        assert "revival" in ran.out + ran.err


@pytest.mark.parametrize("made_beforehand", [False, True])
def test_where_there_is_no_ledger_there_is_nothing_to_check(run: Run, home: Path, made_beforehand: bool) -> None:
    if made_beforehand:
        (home / "ledger.db").touch()
    ran = run("db", "check")
    assert ran.code in (0, 1)
    assert f"there is no ledger at {home / 'ledger.db'}" in ran.err
    assert "memory" not in ran.err
    assert names(home) == (["ledger.db"] if made_beforehand else [])


def test_a_ledger_without_its_revision_is_no_empty_place(run: Run, sample: Path) -> None:
    """Its tables are there: it is damaged, and neither empty nor to be filled."""
    changed(sample, "DELETE FROM alembic_version")
    before = sample.read_bytes()
    for args in (("db", "check"), ("list",), LOG):
        assert run(*args).code == 4
    assert sample.read_bytes() == before


def test_a_check_while_another_writes_finds_no_damage(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index's own check needs a writer's turn; that somebody else has it is no damage."""
    monkeypatch.setattr(sqlite, "GIVE_UP_AFTER", 0.2)
    monkeypatch.setattr(sqlite, "SAY_AFTER", 0.1)
    with closing(sqlite3.connect(sample, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ran = run("db", "check")
    assert ran.code in (0, 1)
    assert "damaged" not in ran.out + ran.err


def test_a_ledger_that_is_written_without_end_is_checked_as_of_one_moment(run: Run, sample: Path) -> None:
    with writer(sample):
        for _ in range(4):
            ran = run("db", "check")
            assert (ran.code, ran.err.removeprefix(f"{WAITING}\n")) == (0, ""), ran.out


# -- the schema brought up to date


def migrated(place: Path, revision: str) -> None:
    """Runs the migrations up to a revision, as the program of that time did, on a file with a write-ahead log."""
    with closing(sqlite3.connect(place, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
    store = create_engine(f"sqlite:///{place}")
    with store.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(schema.migrations()))
        command.upgrade(config, revision)
    store.dispose()


FIRST_ROWS = """
INSERT INTO setting VALUES ('principal', 'Russia'), ('principal-code', 'RUS');
INSERT INTO change (id, at, author, command, what, undoes) VALUES
  (1, '2026-05-01 08:00:00.000000', 'ana', 'new ledger', 'the principal and its first allies', NULL),
  (2, '2026-05-01 09:00:00.000000', 'ana', 'log', 'china abstain', NULL),
  (3, '2026-05-02 09:00:00.000000', 'ben', 'log', 'kazakhstan visit', NULL),
  (4, '2026-05-02 09:30:00.000000', 'ben', 'undo', 'change 3', 3),
  (5, '2026-05-03 09:00:00.000000', 'ana', 'import', 'in.csv', NULL),
  (6, '2026-05-04 09:00:00.000000', 'ana', 'undo', 'change 5', 5),
  (7, '2026-05-05 09:00:00.000000', 'ana', 'import', 'in.csv', NULL),
  (8, '2026-05-06 09:00:00.000000', 'ana', 'log', 'iran supply', NULL);
INSERT INTO batch VALUES
  (1, 5, 'in.csv', '{sha}', 'csv', 2, 2, 0, 0, 0, 0, 0), (2, 7, 'in.csv', '{sha}', 'csv', 2, 0, 0, 0, 2, 0, 0);
INSERT INTO ally (id, slug, name, code, line, stake, added_by) VALUES
  (1, 'belarus', 'Belarus', 'BLR', '', NULL, 1), (2, 'china', 'China', 'CHN', 'No limits', 5, 1),
  (3, 'iran', 'Iran', 'IRN', '', NULL, 1), (4, 'syria', 'Syria', 'SYR', '', NULL, 1),
  (5, 'kazakhstan', 'Kazakhstan', NULL, '', NULL, 3);
INSERT INTO alias VALUES ('prc', 'PRC', 2, 0);
INSERT INTO signal (id, uid, ally_id, happened_on, act, actor, kind, score, summary, words, grade, origin, private,
  recorded_at, recorded_by, added_by, removed_by, batch_id) VALUES
  (1, 'a', 2, '2026-02-24', 'abstain', 'ally', 'distancing', -1, 'Abstains again', 'abstains again', 'C2', 'desk', 0,
   '2026-05-01 09:00:00.000000', 'ana', 2, NULL, NULL),
  (2, 'b', 5, '2026-04-01', 'visit', 'ally', 'support', 2.8, 'At the parade', 'at the parade', NULL, 'desk', 0,
   '2026-05-02 09:00:00.000000', 'ben', 3, 4, NULL),
  (3, 'c', 3, '2026-04-02', 'visit', 'ally', 'support', 2.8, 'Raisi in Moscow', 'raisi in moscow', NULL, 'desk', 0,
   '2026-05-03 09:00:00.000000', 'ana', 5, NULL, 1),
  (4, 'd', 1, '2026-04-03', 'visit', 'ally', 'support', 2.8, 'In Minsk', 'in minsk', 'B2', 'desk', 1,
   '2026-05-03 09:00:00.000000', 'ana', 5, NULL, 1),
  (5, 'e', 3, '2026-05-05', NULL, 'principal', 'sanctions', -2.25, 'A bare kind', 'a bare kind', NULL, 'desk', 0,
   '2026-05-06 09:00:00.000000', 'ana', 8, NULL, NULL);
INSERT INTO revival VALUES (3, 6, 7), (4, 6, 7);
""".format(sha="0" * 64)  # a log taken back with its ally, an import taken back and brought again, another log
COLUMNS = "uid, slug, happened_on, act, actor, kind, score, summary, grade, private, signal.removed_by IS NULL"


@pytest.fixture(scope="session")
def first_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with the first schema and something of everything, made once."""
    path = tmp_path_factory.mktemp("first") / "first.db"
    migrated(path, "0001")
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(FIRST_ROWS)
    return path


@pytest.fixture
def first(first_template: Path, home: Path) -> Path:
    """A ledger with the first schema as the test's own."""
    place = home / "ledger.db"
    place.write_bytes(first_template.read_bytes())
    return place


def revision(place: Path) -> str:
    with closing(sqlite3.connect(place)) as raw:
        return str(raw.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def rows(place: Path) -> list[tuple[Any, ...]]:
    """The signals as they stand in the file, whatever its schema."""
    with closing(sqlite3.connect(place)) as raw:
        asked = f"SELECT {COLUMNS} FROM signal JOIN ally ON ally.id = ally_id ORDER BY signal.id"  # noqa: S608
        return raw.execute(asked).fetchall()


def kept_of(home: Path) -> list[Path]:
    return sorted(home.glob("ledger.schema-0001*.db"))


@pytest.mark.parametrize(
    "args",
    ["list", "summary", "show 1", "export", "history", "ally list", "changes", "db check"],
)
def test_a_reader_refuses_an_older_schema_and_says_what_to_type(run: Run, first: Path, home: Path, args: str) -> None:
    before = first.read_bytes()
    assert run(*args.split()) == Ran(
        4,
        "",
        f"error: {first} has the schema 0001; this program needs {schema.HEAD}\n"
        "hint: bring it up to date, with a copy of it as it is: scrutiny db upgrade\n",
    )
    assert first.read_bytes() == before
    assert names(home) == ["ledger.db"]


def test_how_to_upgrade_names_the_ledger_that_was_meant(run: Run, first: Path) -> None:
    first.rename("old.db")
    ran = run("list", "--db", "old.db")
    assert ran.code == 4
    assert ran.err.endswith("scrutiny --db old.db db upgrade\n")


def test_upgrading_makes_a_copy_and_says_where(run: Run, first: Path, home: Path) -> None:
    before = rows(first)
    ran = run("db", "upgrade")
    (kept,) = kept_of(home)
    assert ran == Ran(
        0,
        "",
        f"note: the ledger's schema goes from 0001 to {schema.HEAD}\nnote: a copy of it as it was: {kept}\n"
        f"the ledger has the schema {schema.HEAD}, which is this program's\n",
    )
    assert (revision(first), revision(kept), mode(kept)) == (schema.HEAD, "0001", 0o600)
    assert rows(first) == rows(kept) == before
    assert run("db", "check").code == 0
    assert names(home) == ["ledger.db", kept.name]


def test_upgrading_what_is_up_to_date_changes_nothing(run: Run, sample: Path, home: Path) -> None:
    before = sample.read_bytes()
    assert run("db", "upgrade") == Ran(0, "", f"the ledger has the schema {schema.HEAD}, which is this program's\n")
    assert sample.read_bytes() == before
    assert names(home) == ["ledger.db"]


def test_where_there_is_no_ledger_there_is_nothing_to_upgrade(run: Run, home: Path) -> None:
    """A name that was mistyped is not to become a ledger."""
    assert run("db", "upgrade", "--db", "mistyped.db").code == 1
    assert names(home) == []


@pytest.mark.parametrize(
    ("args", "added"),
    [
        (LOG, 1),
        (("import", "in.csv"), 1),
        (("ally", "add", "India"), 0),
        (("ally", "edit", "iran", "--stake", "2"), 0),
        (("edit", "1", "B2"), 0),
        (("remove", "1"), 0),
        (("undo", "--yes"), 0),
        (("undo", "2", "--yes"), 0),
        (("redo", "3", "--yes"), 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_writer_brings_an_older_ledger_up_to_date_by_itself(
    run: Run, first: Path, home: Path, args: tuple[str, ...], added: int
) -> None:
    (home / "in.csv").write_text("uid,date,ally,act,summary\nnew,2026-05-07,China,visit,Xi in Moscow\n")
    before = rows(first)
    ran = run(*args)
    (kept,) = kept_of(home)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith(
        f"note: the ledger's schema goes from 0001 to {schema.HEAD}\nnote: a copy of it as it was: {kept}\n"
    )
    assert (revision(kept), rows(kept)) == ("0001", before)
    assert len(rows(first)) == len(before) + added
    assert run("db", "check").code == 0


def test_an_upgraded_ledger_has_its_whole_past(run: Run, first: Path) -> None:
    run("db", "upgrade")
    assert [one["id"] for one in json.loads(run("list", "-f", "json").out)["signals"]] == [5, 4, 3, 1]
    assert json.loads(run("ally", "show", "PRC", "-f", "json").out)["allies"][0]["stake"] == 5.0
    listed = json.loads(run("ally", "list", "-f", "json").out)["allies"]
    assert [ally["ally"] for ally in listed] == ["belarus", "china", "iran", "syria"]
    history = json.loads(run("history", "--limit", "0", "-f", "json").out)["changes"]
    assert [one["change"] for one in history] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert run("list", "--search", "minsk").out.startswith("1 signal\n")
    assert [len(run("export", "--known", f"2026-05-0{day}").out.splitlines()) - 1 for day in range(1, 7)] == [
        1, 1, 3, 1, 3, 4,
    ]  # fmt: skip


def test_old_changes_can_be_taken_back_and_reapplied(run: Run, first: Path) -> None:
    run("db", "upgrade")
    assert run("undo", "2", "--yes").code == 0
    assert run("redo", "2", "--yes").code == 0
    assert run("redo", "3", "--yes").code == 0  # brings Kazakhstan back, which went with its only signal
    assert run("ally", "show", "kazakhstan").out.startswith("Kazakhstan · 1 signal\n")
    assert run("undo", "3", "--yes").code == 0
    assert "kazakhstan" not in run("ally", "list", "-f", "json").out
    assert run("undo", "7", "--yes").code == 0
    assert [one["id"] for one in json.loads(run("list", "-f", "json").out)["signals"]] == [5, 1]
    assert run("redo", "7", "--yes").code == 0
    assert run("undo", "8", "--yes").code == 0
    assert run("db", "check").code == 0, run("db", "check").out


def test_an_ally_that_came_again_is_known_to_have_been_there_before(run: Run, first: Path) -> None:
    """The first schema kept only the change that brought it last."""
    changed(
        first,
        "INSERT INTO change (id, at, author, command, what) VALUES"
        " (9, '2026-05-07 09:00:00.000000', 'ana', 'log', 'kazakhstan visit')",
        "INSERT INTO signal SELECT 6, 'f', 5, '2026-05-07', act, actor, kind, score, summary, words, domain, driver,"
        " source, grade, origin, event, private, '2026-05-07 09:00:00.000000', 'ana', 9, NULL, NULL"
        " FROM signal WHERE id = 2",
        "UPDATE ally SET added_by = 9, code = 'KAZ' WHERE id = 5",
    )
    assert run("db", "upgrade").code == 0
    for known, held in (("2026-05-02 09:10", [2, 1]), ("2026-05-02", [1]), ("2026-05-07", [6, 5, 4, 3, 1])):
        ran = run("list", "--known", known, "-f", "json")
        assert ran.code == 0
        assert [one["id"] for one in json.loads(ran.out)["signals"]] == held
    assert run("undo", "9", "--yes").code == 0
    assert run("db", "check").code == 0


def test_two_writers_at_once_upgrade_once(run: Run, first: Path, home: Path) -> None:
    before = rows(first)

    def log(number: int) -> str:
        command_ = [sys.executable, "-m", "scrutiny", "log", "china", "visit", f"Visit number {number}"]
        return subprocess.run(command_, check=True, capture_output=True, text=True).stderr

    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(log, range(3)))
    assert len(kept_of(home)) == 1
    assert sum("the ledger's schema goes from" in one for one in said) == 1
    assert rows(first)[:5] == before
    assert len(rows(first)) == 8
    assert is_sound(first)


@pytest.mark.parametrize(
    "error", [RuntimeError("half way"), sqlite3.OperationalError("half way"), KeyboardInterrupt()]
)
def test_a_migration_that_fails_half_way_leaves_the_ledger_as_it_was(
    run: Run, first: Path, home: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    upgrade = schema.upgrade

    def fails(connection: Any) -> None:
        upgrade(connection)
        raise error

    def dumped(place: Path) -> list[str]:
        with closing(sqlite3.connect(place)) as raw:
            return list(raw.iterdump())

    before = dumped(first)
    with monkeypatch.context() as patched:
        patched.setattr(schema, "upgrade", fails)
        with pytest.raises(type(error), match=str(error) or None):
            opened(first)
    assert dumped(first) == before
    assert all(dumped(path) == before for path in kept_of(home))
    assert run(*LOG).code == 0
    assert is_sound(first)


def test_an_older_ledger_that_cannot_be_copied_first_is_not_upgraded(
    run: Run, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> Path:
        raise ScrutinyError("cannot write there")

    before = rows(first)
    monkeypatch.setattr(Sqlite, "keep_aside", fails)
    refused(run("db", "upgrade"), 1)
    assert (revision(first), rows(first)) == ("0001", before)


def test_a_copy_with_an_older_schema_is_brought_back_up_to_date(run: Run, first: Path, home: Path) -> None:
    first.rename("old.db")
    before = (home / "old.db").read_bytes()
    assert run(*LOG).code == 0
    ran = run("db", "restore", "old.db")
    assert (ran.code, ran.err.splitlines()[0]) == (0, "the ledger is what old.db is")
    assert (revision(home / "ledger.db"), rows(home / "ledger.db")) == (schema.HEAD, rows(home / "old.db"))
    assert run("db", "check").code == 0
    assert (home / "old.db").read_bytes() == before
    assert names(home) == ["ledger.before-restore.db", "ledger.db", "old.db"]


def test_an_older_ledger_is_kept_as_it_is_when_a_copy_is_brought_back(run: Run, first: Path, home: Path) -> None:
    assert run(*LOG, "--db", "new.db").code == 0
    before = rows(first)
    assert run("db", "restore", "new.db").code == 0
    kept = home / "ledger.before-restore.db"
    assert (revision(kept), rows(kept), revision(first)) == ("0001", before, schema.HEAD)


@pytest.mark.parametrize(
    "args",
    [
        ("list",),
        ("summary",),
        ("export",),
        LOG,
        ("import", "in.csv"),
        ("undo", "--yes"),
        ("edit", "1", "B2"),
        ("db", "check"),
        ("db", "backup", "new.db"),
        ("db", "upgrade"),
        ("db", "restore", "copy.db"),
    ],
    ids=" ".join,
)
def test_a_ledger_of_a_newer_program_is_left_alone(
    run: Run, copy: Path, sample: Path, home: Path, args: tuple[str, ...]
) -> None:
    (home / "in.csv").write_text("uid,date,ally,act,summary\nnew,2026-05-07,China,visit,Xi in Moscow\n")
    changed(sample, "UPDATE alembic_version SET version_num = '9999'")
    before = sample.read_bytes()
    ran = run(*args)
    refused(ran, 4)
    assert ran.err.startswith(f"error: {sample} has the schema 9999; ")
    assert sample.read_bytes() == before
    assert names(home) == ["copy.db", "in.csv", "ledger.db"]


def test_a_copy_of_a_newer_program_is_not_brought_back(run: Run, copy: Path, sample: Path, home: Path) -> None:
    changed(copy, "UPDATE alembic_version SET version_num = '9999'")
    before = sample.read_bytes()
    ran = run("db", "restore", "copy.db")
    refused(ran, 4)
    assert ran.err.startswith("error: copy.db has the schema 9999; ")
    assert sample.read_bytes() == before
    assert names(home) == ["copy.db", "ledger.db"]


def test_a_ledger_of_the_third_schema_is_brought_up_to_date(run: Run, first: Path, home: Path) -> None:
    migrated(first, "0003")
    before = rows(first), run("history", "--limit", "0", "-f", "json")
    assert before[1].err.startswith(f"error: {first} has the schema 0003; this program needs {schema.HEAD}\n")
    ran = run("note", "china", "Drifts", "--on", "2026-05-08")
    kept = home / "ledger.schema-0003.db"
    assert ran == Ran(
        0,
        "",
        f"note: the ledger's schema goes from 0003 to {schema.HEAD}\nnote: a copy of it as it was: {kept}\n"
        "note on China, Fri 2026-05-08\ntake it back: scrutiny undo 9\n",
    )
    assert (revision(first), revision(kept), rows(first)) == (schema.HEAD, "0003", before[0])
    assert [one["text"] for one in json.loads(run("note", "-f", "json").out)["notes"]] == ["Drifts"]
    assert json.loads(run("note", "-f", "json", "--known", "2026-05-06").out)["notes"] == []
    for args in (("undo", "8", "--yes"), ("undo", "9"), ("redo", "9"), ("db", "check")):
        assert run(*args).code == 0, args


def test_a_ledger_of_the_second_schema_is_brought_up_to_date(run: Run, first: Path, home: Path) -> None:
    migrated(first, "0002")
    before = rows(first)
    ran = run("db", "upgrade")
    assert ran.err.startswith(f"note: the ledger's schema goes from 0002 to {schema.HEAD}\n")
    assert (revision(first), rows(first)) == (schema.HEAD, before)
    (home / "in.csv").write_text("uid,date,ally,act,summary\nnew,2026-05-01,China,visit,Zebra in Moscow\n")
    assert run("import", "in.csv").code == 0
    assert run("log", "iran", "visit", "Okapi in Moscow").code == 0
    for word in ("zebra", "okapi"):
        assert len(json.loads(run("list", "--search", word, "-f", "json").out)["signals"]) == 1
    counts = json.loads(run("batches", "-f", "json").out)["batches"]
    assert {one["updated"] + one["neutral"] + one["repeats"] + one["others"] for one in counts} == {0}
    assert run("db", "check").code == 0
