"""The world goes wrong, or is not as it was thought: one clear line, nothing lost, nothing shown to others."""

import csv
import io
import json
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Self

import pytest
import sqlalchemy as sa

from scrutiny.cli.shell import say
from scrutiny.core.filters import Filter
from scrutiny.core.signals import Grade
from scrutiny.store.engines import engine, sqlite
from scrutiny.store.engines.sqlite import Sqlite
from scrutiny.store.tables import SIGNAL
from tests.conftest import NOW, SAMPLE_DAY, Clock, Ran, Run, run_program
from tests.stores import Store, raw
from tests.test_db import mode, names
from tests.test_errors import refused
from tests.test_store import WAITING, opened, signal

LOG = ("log", "china", "visit", "Xi in Moscow", "2026-05-01")
HEADER = "uid,date,ally,act,summary\n"
NOBODY = 65534
Zone = Callable[[str], None]


def many(count: int) -> str:
    """A file of so many visits with long summaries."""
    return HEADER + "".join(f"u{number},2026-05-01,China,visit,{'Visit ' * 60}{number}\n" for number in range(count))


def held(place: Path | str) -> int:
    """How many signals a ledger has that is sound."""
    with opened(place, writing=False) as ledger:
        assert ledger.problems() == []
        return ledger.count(Filter())


# -- a full disk


@contextmanager
def limited() -> Iterator[None]:
    """Within, no file grows: not quite a full disk, but nobody needs rights for it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Within, the folder's disk has no room."""
    filler = folder / "filler"
    try:
        with filler.open("wb", buffering=0) as out:
            while out.write(b"x" * 4096) == 4096:
                pass
    except OSError:
        pass
    try:
        yield
    finally:
        filler.unlink()


class Disk:
    """A folder whose disk can be full for a while."""

    def __init__(self, folder: Path, *, mounted: bool) -> None:
        self.folder = folder
        self._mounted = mounted

    @contextmanager
    def full(self) -> Iterator[None]:
        with filled(self.folder) if self._mounted else limited():
            yield


@pytest.fixture(params=["a disk of its own", "a limit"])
def disk(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    """The ledger's folder, on a small disk of its own where one can be mounted, and under a limit of file size."""
    folder = home / "disk"
    folder.mkdir()
    mounted = request.param != "a limit"
    if mounted:
        mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
        if os.geteuid() != 0 or not shutil.which("mount"):
            pytest.skip("only root may mount a small disk")
        if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
            pytest.skip("no small disk can be mounted here")
    monkeypatch.setenv("SCRUTINY_DB", str(folder / "ledger.db"))
    monkeypatch.setenv("SQLITE_TMPDIR", str(folder))
    try:
        yield Disk(folder, mounted=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


@pytest.mark.file
@pytest.mark.parametrize(
    "args",
    [
        LOG,
        ("edit", "5", "A1"),
        ("remove", "5"),
        ("ally", "add", "India"),
        ("undo", "--yes"),
        ("import", "in.csv"),
        ("import", "large.csv"),
    ],
    ids=" ".join,
)
def test_what_finds_no_room_to_write_is_refused_and_changes_nothing(
    run: Run, disk: Disk, sample_template: str, home: Path, args: tuple[str, ...]
) -> None:
    place = disk.folder / "ledger.db"
    shutil.copyfile(sample_template, place)
    (home / "in.csv").write_text(many(3))
    (home / "large.csv").write_text(many(3000 if "large.csv" in args else 0))
    before = run("export").out
    with disk.full():
        ran = run(*args)
        refused(ran, 1)
        assert str(place) in ran.err
        assert "nothing was written" in ran.err
    assert run("export").out == before
    assert held(place) == 90
    assert run(*LOG).code == 0


@pytest.mark.file
def test_an_import_that_fills_the_disk_half_way_leaves_nothing(run: Run, disk: Disk, home: Path) -> None:
    if not disk._mounted:
        pytest.skip("a limit does not come half way")
    (home / "large.csv").write_text(many(6000))
    run(*LOG)
    ran = run("import", "large.csv")
    refused(ran, 1)
    assert "nothing was written" in ran.err
    assert held(disk.folder / "ledger.db") == 1
    assert run(*LOG).code == 0


@pytest.mark.file
def test_where_no_ledger_finds_room_none_is_begun(run: Run, disk: Disk) -> None:
    with disk.full():
        refused(run(*LOG), 1)
        assert [name for name in names(disk.folder) if name != "filler"] == []
    assert run(*LOG).code == 0


@pytest.mark.file
@pytest.mark.parametrize(
    "args",
    [
        ("export", "--output"),
        ("summary", "--output"),
        ("history", "-o"),
    ],
    ids=" ".join,
)
def test_what_finds_no_room_to_be_shown_in_leaves_the_older_file(
    run: Run, disk: Disk, sample: Path, args: tuple[str, ...]
) -> None:
    for number in range(2):
        file = disk.folder / "out.csv"
        if number:
            file.write_text("older\n")
        with opened(sample, writing=False), disk.full():  # a reader's file beside the ledger is there already
            ran = run(*args, "disk/out.csv", "--db", str(sample))
            assert [name for name in names(disk.folder) if name != "filler"] == ["out.csv"][:number]
        refused(ran, 1)
        assert ran.err.startswith("error: cannot write disk/out.csv: ")
    assert file.read_text() == "older\n"


@pytest.mark.file
def test_a_copy_that_finds_no_room_is_said_to_and_leaves_nothing(run: Run, disk: Disk, sample: Path) -> None:
    """It is the copy's disk that is full, not the ledger's."""
    with opened(sample, writing=False), disk.full():
        ran = run("db", "backup", "disk/copy.db", "--db", str(sample))
        assert [name for name in names(disk.folder) if name != "filler"] == []
    refused(ran, 1)
    assert "disk/copy.db" in ran.err
    assert str(sample) not in ran.err


@pytest.mark.file
def test_a_restore_that_finds_no_room_leaves_the_ledger(
    run: Run, disk: Disk, sample_template: str, sample: Path
) -> None:
    place = disk.folder / "ledger.db"
    shutil.copyfile(sample_template, place)
    run(*LOG)
    with disk.full():
        refused(run("db", "restore", str(sample)), 1)
        left = {name for name in names(disk.folder) if name != "filler"}
        assert left - {"ledger.db-wal", "ledger.db-shm"} == {"ledger.db"}  # a full disk cannot take the log in
    assert held(place) == 91


@pytest.mark.file
def test_a_restore_that_finds_room_for_a_part_leaves_the_ledger(
    run: Run, disk: Disk, sample_template: str, sample: Path
) -> None:
    if not disk._mounted:
        pytest.skip("a limit does not come half way")
    place = disk.folder / "ledger.db"
    shutil.copyfile(sample_template, place)
    run(*LOG)
    for pages in (30, 60, 90, 120):
        spare = disk.folder / "spare"
        spare.write_bytes(b"x" * 4096 * pages)
        with disk.full():
            spare.unlink()
            ran = run("db", "restore", str(sample))
        assert ran.code in (0, 1)
        kept = list(disk.folder.glob("ledger.before-restore*.db"))
        assert held(place) == (91 if ran.code else 90)
        assert ran.code == 1 or [held(path) for path in kept] == [91]
        if ran.code == 0:
            break


# -- what may not be written or read


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The program's modules, which nobody may not be able to read, loaded once."""
    folder = tmp_path_factory.mktemp("loaded")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_DB", str(folder / "ledger.db"))
        for args in (LOG, ("summary",), ("export",), ("db", "backup", str(folder / "copy.db")), ("db", "check")):
            assert run_program(*args).code == 0


@pytest.fixture
def mine(loaded: None, sample_template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the sample and a copy, for a user to whom rights mean something: root becomes nobody."""
    folder = Path(tempfile.mkdtemp(prefix="scrutiny-"))
    (folder / "shut").mkdir()
    for place in (folder / "shut" / "ledger.db", folder / "copy.db"):
        shutil.copyfile(sample_template, place)
        place.chmod(0o600)
        _give(place)
    _give(folder / "shut")
    _give(folder)
    monkeypatch.setenv("SCRUTINY_DB", str(folder / "shut" / "ledger.db"))
    monkeypatch.chdir(folder)
    was_root = os.geteuid() == 0
    if was_root:
        os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield folder
    finally:
        if was_root:
            os.setresuid(0, 0, 0)
        (folder / "shut").chmod(0o700)
        shutil.rmtree(folder)


@pytest.mark.file
@pytest.mark.parametrize("shut", ["the file", "the folder", "both"])
def test_a_ledger_that_may_not_be_written_is_read_and_nothing_more(run: Run, mine: Path, shut: str) -> None:
    place = mine / "shut" / "ledger.db"
    before = place.read_bytes()
    if shut != "the folder":
        place.chmod(0o400)
    if shut != "the file":
        place.parent.chmod(0o500)
    assert run("summary").code == 0
    assert run("export").out.count("\n") == 91
    assert run("db", "check").out == (
        f"{place} is sound\nChecked  90 signals and 2 changes, every one as it must be\n"
    )
    assert run("db", "backup", "other.db").code == 0
    for args in (LOG, ("undo", "--yes"), ("edit", "5", "A1"), ("ally", "add", "India"), ("db", "restore", "copy.db")):
        ran = run(*args)
        refused(ran, 1)
        assert str(place.parent) in ran.err, args
    assert place.read_bytes() == before
    assert {name.removesuffix("-wal").removesuffix("-shm") for name in names(place.parent)} == {"ledger.db"}
    assert names(mine) == ["copy.db", "other.db", "shut"]


@pytest.mark.file
def test_without_room_beside_it_a_copy_is_named_elsewhere(run: Run, mine: Path) -> None:
    (mine / "shut").chmod(0o500)
    ran = run("db", "backup")
    refused(ran, 1)
    assert "Permission denied" in ran.err
    assert run("db", "backup", "here.db").code == 0


@pytest.mark.file
def test_a_copy_is_brought_back_from_where_nothing_may_be_written(run: Run, mine: Path) -> None:
    copied = (mine / "shut" / "ledger.db").read_bytes()
    (mine / "shut" / "ledger.db").chmod(0o400)
    (mine / "shut").chmod(0o500)
    ran = run("db", "restore", "shut/ledger.db", "--db", "copy.db")
    assert ran.code == 0, ran.err
    assert (mine / "shut" / "ledger.db").read_bytes() == copied
    assert run(*LOG, "--db", "copy.db").code == 0
    ran = run("db", "restore", "shut/ledger.db", "--db", "new.db")
    assert ran.code == 0, ran.err
    assert run(*LOG, "--db", "new.db").code == 0
    assert mode(mine / "new.db") == 0o600


@pytest.mark.file
@pytest.mark.parametrize(
    "args",
    [
        ("list",),
        LOG,
        ("db", "check"),
        ("db", "backup", "other.db"),
        ("db", "restore", "shut/ledger.db", "--db", "new.db"),
        ("import", "shut/ledger.db"),
    ],
    ids=" ".join,
)
def test_what_may_not_be_read_is_said_so(run: Run, mine: Path, args: tuple[str, ...]) -> None:
    (mine / "shut" / "ledger.db").chmod(0)
    ran = run(*args)
    refused(ran, 1)
    assert "shut/ledger.db" in ran.err
    assert names(mine) == ["copy.db", "shut"]


@pytest.mark.file
@pytest.mark.parametrize(
    "args",
    [
        ("export", "-o", "shut/out.csv"),
        ("summary", "-o", "shut/out.txt"),
        ("db", "backup", "shut/copy.db"),
        (*LOG, "--db", "shut/new.db"),
        (*LOG, "--db", "shut/deep/new.db"),
        ("db", "restore", "copy.db", "--db", "shut/new.db"),
        ("db", "restore", "copy.db", "--db", "shut/deep/new.db"),
    ],
    ids=" ".join,
)
def test_where_nothing_may_be_written_nothing_is(run: Run, mine: Path, args: tuple[str, ...]) -> None:
    (mine / "shut").chmod(0o500)
    ran = run(*args)
    refused(ran, 1)
    assert "Permission denied" in ran.err
    assert names(mine / "shut") == ["ledger.db"]


# -- a folder, a file that vanishes, a ledger that others hold


@pytest.mark.file
@pytest.mark.parametrize(
    "args", ["list", "export", "db check", "db backup c.db", "db upgrade", "db restore ledger.db", "import in.csv"]
)
def test_a_folder_in_a_ledgers_place_is_called_one(run: Run, sample: Path, home: Path, args: str) -> None:
    (home / "in.csv").write_text(many(1))
    (home / "folder").mkdir()
    ran = run(*args.split(), "--db", "folder")
    refused(ran, 1)
    assert "folder is a folder" in ran.err
    assert names(home / "folder") == []


@pytest.mark.file
@pytest.mark.parametrize("args", [("list",), LOG, ("db", "check"), ("db", "backup", "copy.db")], ids=" ".join)
def test_a_ledger_that_vanishes_is_said_to_be_gone(
    run: Run, sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    there = Sqlite.exists

    def vanishes(self: Sqlite) -> bool:
        found = there(self)
        sample.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(Sqlite, "exists", vanishes)
    ran = run(*args)
    refused(ran, 1)
    assert str(sample) in ran.err
    assert names(home) == []


@pytest.mark.file
@pytest.mark.parametrize(
    "args",
    [
        ("import", "in.csv"),
        ("edit", "5", "A1"),
        ("undo", "--yes"),
        ("ally", "edit", "china", "--stake", "2"),
        ("setting", "principal", "China"),
    ],
    ids=" ".join,
)
def test_whatever_writes_gives_up_in_words(
    run: Run, sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    (home / "in.csv").write_text(many(1))
    monkeypatch.setattr(sqlite, "SAY_AFTER", 0.02)
    monkeypatch.setattr(sqlite, "GIVE_UP_AFTER", 0.06)
    with closing(sqlite3.connect(sample, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ran = run(*args)
    assert ran == Ran(
        1,
        "",
        f"{WAITING}\nerror: another program has been writing {sample} for 60 s; nothing was written\n"
        "hint: try again when it has finished\n",
    )
    assert held(sample) == 90


@pytest.mark.file
def test_an_import_waits_its_turn_and_says_so_once(
    run: Run, sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "SAY_AFTER", 0.05)
    (home / "in.csv").write_text(many(2))
    with closing(sqlite3.connect(sample, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        def heard(text: str) -> None:
            if text == WAITING:
                other.execute("COMMIT")
            say(text)

        monkeypatch.setattr("scrutiny.cli.ledgers.say", heard)
        ran = run("import", "in.csv")
    assert ran.code == 0
    assert ran.err.splitlines()[:2] == [WAITING, "in.csv: 2 rows read, 2 added"]


@pytest.mark.file
def test_a_ledger_that_another_keeps_to_itself_is_not_waited_for_in_silence_for_ever(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "GIVE_UP_AFTER", 0.1)
    monkeypatch.setattr(sqlite, "SAY_AFTER", 0.05)
    with closing(sqlite3.connect(sample, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        for args in (("list",), LOG, ("db", "check"), ("db", "backup", "copy.db")):
            ran = run(*args)
            assert (ran.code, ran.out) == (1, "")
            assert "error: another program has been writing" in ran.err
    assert held(sample) == 90


# -- streams that are full or closed


def shell(script: str) -> "subprocess.CompletedProcess[str]":
    """A line of shell in which S is the program."""
    line = f"S() {{ '{sys.executable}' -m scrutiny \"$@\"; }}; {script}"
    return subprocess.run(["bash", "-c", line], capture_output=True, check=False, text=True, stdin=subprocess.DEVNULL)


FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")


@pytest.mark.file
@FULL
@pytest.mark.parametrize("command", ["db path"])
def test_a_full_stdout_is_said_and_is_a_failure(sample: Path, command: str) -> None:
    ran = shell(f"S {command} > /dev/full")
    assert (ran.returncode, ran.stderr) == (1, "error: No space left on device\n")


@FULL
def test_a_full_stderr_undoes_nothing_and_is_no_failure(sample: Path, place: str) -> None:
    """What was logged is logged: whoever tries again because of an exit code would log it twice."""
    ran = shell("S log china visit 'Xi in Moscow' 2026-05-01 2> /dev/full")
    assert held(place) == 91
    assert (ran.returncode, ran.stdout) == (0, "")


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- >&- 2>&-"])
def test_with_closed_streams_a_signal_is_logged(sample: Path, place: str, closed: str) -> None:
    ran = shell(f"S log china visit 'Xi in Moscow' 2026-05-01 {closed}")
    assert (ran.returncode, "Traceback" in ran.stderr) == (0, False), ran.stderr
    assert held(place) == 91


@pytest.mark.file
@pytest.mark.parametrize(("command", "code"), [("import -", 1), ("db restore copy.db", 0), ("log china visit", 2)])
def test_with_a_closed_stdin_nobody_is_asked(run: Run, sample: Path, command: str, code: int) -> None:
    run("db", "backup", "copy.db")
    ran = shell(f"S {command} <&-")
    assert (ran.returncode, "Traceback" in ran.stderr) == (code, False), ran.stderr
    assert code == 0 or ran.stderr.startswith("error: ")


# -- whose files they are


@pytest.fixture
def open_handed() -> Iterator[None]:
    """A user who lets everybody read and write what is made."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.file
@pytest.mark.usefixtures("open_handed")
def test_whatever_is_made_is_its_owners_alone(run: Run, home: Path) -> None:
    for args in (
        LOG,
        ("db", "backup", "copy.db"),
        ("db", "backup"),
        ("db", "backup", "copy.db", "--force"),
        ("db", "restore", "copy.db"),
        ("db", "restore", "copy.db", "--db", "new.db"),
        ("export", "-o", "out.csv"),
        ("export", "-o", "out.jsonl"),
        ("summary", "-o", "summary.txt"),
        ("summary", "-f", "json", "-o", "summary.json"),
        ("list", "-f", "markdown", "-o", "list.md"),
        ("chart", "china", "-o", "chart.txt"),
        ("db", "check", "-o", "check.txt"),
        ("history", "-o", "history.txt"),
    ):
        assert run(*args).code == 0, args
    with opened(home / "ledger.db") as ledger:
        ledger.add([signal("a")])
        assert {path.name for path in home.glob("ledger.db-*")} == {"ledger.db-wal", "ledger.db-shm"}
        assert {path.name: oct(mode(path)) for path in home.iterdir() if mode(path) != 0o600} == {}


@pytest.mark.file
@pytest.mark.usefixtures("open_handed")
@pytest.mark.parametrize("args", [LOG, ("db", "restore", "copy.db")], ids=" ".join)
def test_the_folders_that_are_made_are_their_owners_alone(run: Run, home: Path, args: tuple[str, ...]) -> None:
    run(*LOG)
    run("db", "backup", "copy.db")
    assert run(*args, "--db", "deep/down/new.db").code == 0
    assert [oct(mode(home / name)) for name in ("deep/down", "deep")] == ["0o700", "0o700"]


# -- secrets

SIGNS = {
    "plain": "x",
    "a colon": ":",
    "a slash": "/",
    "a question mark": "?",
    "a number sign": "#",
    "an ampersand": "&",
    "an at sign": "@",
    "a blank": " ",
    "a line break": "\n",
    "an encoded at sign": "%40",
    "an encoded percent": "%25",
}
WITHIN = [f"postgresql://ana:gehe{sign}imnis@127.0.0.1:1/ledger" for sign in SIGNS.values()]
BEHIND = [
    f"postgresql://ana@127.0.0.1:1/ledger?{name}=gehe{sign}imnis&connect_timeout=2"
    for name in ("password", "PassWord", "sslpassword")
    for sign in SIGNS.values()
    if sign != "&"  # which ends it
]
URLS = [
    *WITHIN,
    *BEHIND,
    "postgresql://127.0.0.1:1/ledger?user=ana&password=gehe@imnis",
    "postgresql://127.0.0.1:1/ledger?passwo%72d=geheimnis",
    "postgresql://127.0.0.1:1/ledger?password=gehe&password=imnis",
    "postgresql://:geheimnis@127.0.0.1:1/ledger",
    "postgresql+psycopg://ana:geheimnis@127.0.0.1:1/ledger",
    "postgresql+nosuch://ana:geheimnis@127.0.0.1:1/ledger",
    "postgresql://ana:geheimnis@127.0.0.1:port/ledger",
    "postgresql://ana:geheimnis@127.0.0.1:99999/ledger",
    "postgresql://ana:geheimnis@[::1/ledger",
    "postgresql://ana:geheimnis@/ledger?host=/nowhere",
    "postgresql://ana:geheimnis@127.0.0.1:1/ledger?nosuch=1",
    "POSTGRESQL://ana:geheimnis@127.0.0.1:1/ledger",
    "postgres://ana:geheimnis@127.0.0.1:1/ledger",
    "mysql://ana:geheimnis@127.0.0.1:1/ledger",
    "mysql+nosuch://ana:geheimnis@127.0.0.1:1/ledger",
    "nosuch://ana:geheimnis@127.0.0.1:1/ledger",
    "://ana:geheimnis@127.0.0.1:1/ledger",
]


def kept_secret(ran: Ran) -> bool:
    return not any(part in ran.out + ran.err for part in ("gehe", "imnis"))


@pytest.mark.file
@pytest.mark.parametrize("url", URLS)
def test_a_password_is_never_shown(run: Run, url: str) -> None:
    ran = run("db", "path", "--db", url)
    assert kept_secret(ran), ran
    for args in (("list", "--db", url), ("--db", url, *LOG)):
        ran = run(*args)
        assert ran.code in (1, 2)
        assert ran.err.startswith("error: ")
        assert kept_secret(ran), ran


@pytest.mark.file
@pytest.mark.parametrize("url", [WITHIN[3], BEHIND[0]])
@pytest.mark.parametrize(
    "args",
    [
        ("summary",),
        ("history",),
        ("export",),
        ("undo", "--yes"),
        ("edit", "1", "B2"),
        ("ally", "list"),
        ("import", "in.csv"),
        ("db", "check"),
        ("db", "upgrade"),
        ("db", "backup"),
        ("db", "restore", "copy.db"),
        ("summary", "narnia"),
        ("lisst",),
    ],
    ids=" ".join,
)
def test_no_command_shows_a_password(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], url: str
) -> None:
    (home / "in.csv").write_text(many(1))
    monkeypatch.setenv("SCRUTINY_DB", url)
    ran = run(*args)
    assert ran.code != 0
    assert ran.err.startswith("error: ")
    assert kept_secret(ran), ran


@pytest.mark.file
@pytest.mark.parametrize("url", ["postgresql:/ana:geheimnis@host/ledger", "postgresql:ana:geheimnis@host/ledger"])
def test_a_url_that_was_mistyped_is_no_path(run: Run, home: Path, url: str) -> None:
    """Or a folder would bear the password."""
    for args in (("list",), LOG, ("db", "path")):
        assert kept_secret(run(*args, "--db", url))
    assert names(home) == []


@pytest.mark.file
@pytest.mark.parametrize(("url", "before"), [(WITHIN[0], True), (WITHIN[1], False), (BEHIND[0], True)])
def test_what_can_be_typed_next_is_without_the_password(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch, url: str, before: bool
) -> None:
    """On a ledger that answers: a file, found where the server would be."""

    def found(place: str) -> object:
        return Sqlite(home / "ledger.db") if place == url else engine(place)

    def asked(*args: str) -> Ran:
        return run("--db", url, *args) if before else run(*args, "--db", url)

    monkeypatch.setattr("scrutiny.store.opening.engine", found)
    monkeypatch.setattr("scrutiny.store.keeping.engine", found)
    (home / "in.csv").write_text(many(1))
    for args in (
        ("list",),
        LOG,
        ("import", "in.csv"),
        ("edit", "1", "B2"),
        ("ally", "add", "India"),
        ("db", "check"),
        ("db", "check", "-f", "json"),
        ("db", "path"),
        ("db", "backup", "copy.db"),
        ("db", "restore", "copy.db"),
        ("history",),
        ("history", "-f", "json"),
        ("summary",),
        ("undo", "--yes"),
    ):
        ran = asked(*args)
        assert ran.code == 0, (args, ran)
        assert kept_secret(ran), (args, ran)
    assert "***" in asked("log", "iran", "visit", "In Moscow", "2026-05-01").err


@pytest.mark.file
@pytest.mark.parametrize("url", [WITHIN[0], BEHIND[0]])
def test_without_its_driver_a_password_is_not_shown(run: Run, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    ran = run("list", "--db", url)
    refused(ran, 1)
    assert "scrutiny[postgres], which is not installed" in ran.err
    assert kept_secret(ran)


def test_what_a_server_says_of_a_password_is_not_shown() -> None:
    for url in ("postgresql://ana:gehe%40imnis@host/ledger", "postgresql://host/ledger?password=gehe%40imnis"):
        for said in ("wrong: gehe@imnis", "cannot parse gehe%40imnis", "FATAL: gehe@imnis\nDETAIL: gehe@imnis"):
            assert kept_secret(Ran(1, "", engine(url).explained(Exception(said)).message)), said


# -- days and moments

ZONES = {"Kiritimati": "<+14>-14", "Niue": "<-11>11", "Kathmandu": "<+0545>-5:45", "UTC": "UTC0"}


def local_days(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Sets the clock from which the day is taken that it is where the analyst is."""

    class Then(date):
        @classmethod
        def today(cls) -> Self:
            here = moment.astimezone()
            return cls(here.year, here.month, here.day)

    monkeypatch.setattr("scrutiny.cli.options.date", Then)


def logged(run: Run) -> dict[str, str]:
    """The ledger's only signal, as it is exported."""
    (row,) = csv.DictReader(io.StringIO(run("export").out))
    return row


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("hour", [0, 10, 23])
def test_a_signal_without_a_date_is_of_the_day_that_it_is_here(
    run: Run, place: str, monkeypatch: pytest.MonkeyPatch, zone: Zone, clock: Clock, name: str, hour: int
) -> None:
    zone(ZONES[name])
    moment = datetime(2026, 2, 28, hour, 30, tzinfo=UTC)
    local_days(monkeypatch, moment)
    clock(moment.replace(tzinfo=None).isoformat())
    ran = run("log", "china", "visit", "Xi in Moscow")
    shift = {"Kiritimati": 14 * 60, "Niue": -11 * 60, "Kathmandu": 345, "UTC": 0}[name]
    here = (moment + timedelta(minutes=shift)).replace(tzinfo=None)
    assert f"{here:%a %Y-%m-%d}" in ran.err
    row = logged(run)
    assert (row["date"], row["recorded_at"]) == (f"{here:%Y-%m-%d}", f"2026-02-28T{hour:02}:30:00Z")
    with raw(place) as store:
        (kept,) = store.execute(sa.select(SIGNAL.c.happened_on, SIGNAL.c.recorded_at)).all()
    assert kept == (here.date(), moment)
    assert f"{here:%Y-%m-%d %H:%M}" in run("history").out
    assert f"{here:%Y-%m-%d %H:%M}" in run("show", "1").out


@pytest.mark.parametrize("name", ZONES)
def test_a_date_is_the_same_day_in_every_zone(run: Run, zone: Zone, home: Path, name: str) -> None:
    run("log", "china", "visit", "Xi in Moscow", "2026-05-01")
    before = run("export").out, run("list").out, run("summary", "-f", "json", "--as-of", SAMPLE_DAY).out
    zone(ZONES[name])
    assert (run("export").out, run("list").out) == before[:2]
    assert run("summary", "-f", "json", "--as-of", SAMPLE_DAY).out == before[2]
    (home / "out.csv").write_text(before[0])
    assert run("import", "out.csv", "--db", "new.db").code == 0
    assert run("export", "--db", "new.db").out == before[0]
    assert run("import", "out.csv").err == "out.csv: 1 row read, 0 added, 1 already there\n"


def test_a_29_february_is_a_day(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    local_days(monkeypatch, datetime(2024, 2, 29, 12, tzinfo=UTC))
    assert "Thu 2024-02-29" in run("log", "china", "visit", "Held today").err
    assert "Thu 2024-02-29" in run("log", "china", "visit", "Named", "29feb").err
    assert "Tue 2023-02-28" in run("log", "china", "visit", "A year ago", "1y").err
    assert "Sat 2020-02-29" in run("log", "china", "visit", "Four years ago", "4y").err
    refused(run("log", "china", "visit", "None", "2023-02-29"), 2)
    for since, count in (("1y", 3), ("2024-02-29", 2), ("4y", 4), ("12m", 3)):
        assert len(json.loads(run("list", "--since", since, "-f", "json").out)["signals"]) == count, since


FAR = ("0001-01-01", "1582-10-10", "1969-12-31", "2026-05-01", "9999-12-31")


@pytest.fixture(scope="session")
def far_template(store: Store) -> str:
    """A ledger with a signal on the calendar's first day, on its last, and between, made once."""
    place = store.lasting()
    for number, day in enumerate(FAR):
        with opened(place) as ledger:
            ledger.add([signal(f"far{number}", happened_on=date.fromisoformat(day), grade=Grade("B", "2"))])
    return place


@pytest.fixture
def far(store: Store, home: Path, far_template: str) -> str:
    """The same as the test's own ledger."""
    return store.copy(far_template, home)


@pytest.mark.parametrize("day", FAR)
def test_a_signal_can_be_of_any_day_of_the_calendar(run: Run, day: str) -> None:
    assert day in run("log", "china", "visit", "Xi in Moscow", day).err
    assert logged(run)["date"] == day


@pytest.mark.parametrize(
    "args",
    [
        "list",
        "list -f json",
        "list --since 0001-01-01 --until 9999-12-31",
        "list --surprising",
        "show 1",
        "show 5",
        "history 5",
        "summary",
        "summary --as-of 0001-01-01",
        "summary --as-of 9999-12-31 -f json",
        "summary --as-of 9999-12-31",
        "summary china",
        "summary china --as-of 0001-01-01",
        "summary china --as-of 9999-12-31 -f json",
        "summary --window 36525",
        "summary --window 36525 --as-of 0001-01-02",
        "explain china",
        "explain china --as-of 0001-01-01",
        "explain china --as-of 9999-12-31 -f json",
        "explain china --as-of 9999-12-31 --signal 5",
        "explain china --level --as-of 9999-12-31",
        "chart china",
        "chart china --as-of 0001-01-02",
        "chart china --as-of 9999-12-31",
        "chart china --since 0001-01-01 --as-of 9999-12-31",
        "changes",
        "changes --since 0001-01-01",
        "changes --since 0001-01-01 --as-of 0001-01-01",
        "changes --since 9999-12-30 --as-of 9999-12-31",
        "changes --recorded-since 0001-01-01",
        "compare china iran --as-of 9999-12-31",
        "compare china iran --as-of 0001-01-01",
    ],
)
def test_the_calendars_ends_are_days_like_others(run: Run, far: str, args: str) -> None:
    ran = run(*args.split())
    assert ran.code == 0, ran
    assert not {"nan", "inf", "infinity"} & set(re.findall(r"[a-z]+", ran.out.casefold()))
    assert "error" not in ran.err


def test_before_its_first_change_a_ledger_knew_nothing(run: Run, far: str) -> None:
    ran = run("list", "--known", "0001-01-01")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("note: the ledger as it stood recorded by 0001-01-01 23:59:59\nerror: ")


def test_the_calendars_ends_survive_the_way_out_and_in(run: Run, far: str, home: Path) -> None:
    for form in ("csv", "jsonl"):
        run("export", "-o", f"out.{form}")
        assert run("import", f"out.{form}", "--db", f"{form}.db").code == 0
        assert run("export", "--db", f"{form}.db").out == run("export").out
    assert [row["date"] for row in csv.DictReader(io.StringIO((home / "out.csv").read_text()))] == list(FAR)


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("end", ["0001-01-01", "9999-12-31"])
def test_the_calendars_ends_are_recorded_moments_in_every_zone(
    run: Run, home: Path, zone: Zone, name: str, end: str
) -> None:
    """A file may say that it was recorded then."""
    zone(ZONES[name])
    head = "uid,date,ally,act,summary,recorded_at,recorded_by\n"
    (home / "in.csv").write_text(f"{head}a,{end},China,visit,Xi in Moscow,{end}T12:00:00Z,ben\n")
    ran = run("import", "in.csv")
    assert ran.code in (0, 1), ran
    if ran.code == 0:
        assert logged(run)["recorded_at"] == f"{end}T12:00:00Z"
        for args in ("list", "show 1", "history 1", "history", "summary", "db check"):
            assert run(*args.split()).code == 0, args
    for known in (end, f"{end} 00:00", f"{end} 23:59"):
        assert run("list", "--known", known).code in (0, 1, 2)


def test_a_clock_that_jumps_back_leaves_the_history_in_order(run: Run, place: str) -> None:
    clocks = [NOW, NOW - timedelta(days=3), NOW - timedelta(days=9000), NOW + timedelta(minutes=5), NOW]
    for number, at in enumerate(clocks):
        with opened(place, now=lambda at=at: at) as ledger:
            ledger.add([signal(f"s{number}")])
    told = json.loads(run("history", "-f", "json").out)["changes"]
    assert [one["change"] for one in told] == [6, 5, 4, 3, 2, 1]
    times = [one["at"] for one in told]
    assert times == sorted(times, reverse=True)
    for known, count in (
        ("2026-05-21 09:30", 3),
        ("2026-05-21 09:34", 3),
        ("2026-05-21 09:35", 5),
    ):
        assert len(json.loads(run("list", "--known", known, "-f", "json").out)["signals"]) == count, known
    assert run("list", "--known", "2026-05-21 09:29").code == 1
    assert json.loads(run("list", "--known", "2026-05-21 09:30", "-f", "json").out)["signals"][0]["id"] == 3
    assert held(place) == 5
    assert run("undo", "4", "--yes").code == 0
    assert held(place) == 4


def test_a_clock_far_ahead_is_lived_with(run: Run, place: str) -> None:
    """The battery was flat and somebody logged in 2099: what comes later is of that moment too, and in order."""
    with opened(place, now=lambda: NOW.replace(year=2099)) as ledger:
        ledger.add([signal("ahead")])
    assert run(*LOG).code == 0
    assert run("undo", "--yes").code == 0
    assert run("redo").code == 0
    assert [one["at"][:4] for one in json.loads(run("history", "-f", "json").out)["changes"]] == ["2099"] * 5
    assert held(place) == 2
