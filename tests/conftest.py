"""What every test works with: a home of its own, a fixed day, the program itself, a ledger, the sample."""

import io
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from typing import Self

import pytest

from scrutiny.store.ledger import Ledger
from scrutiny.store.opening import open_ledger
from tests.once import once, program

TODAY = date(2026, 5, 21)
NOW = datetime(2026, 5, 21, 9, 30, tzinfo=UTC)
SAMPLE_DAY = "2026-05-20"  # the sample's last signal


class _FixedDate(date):
    @classmethod
    def today(cls) -> Self:
        return cls(TODAY.year, TODAY.month, TODAY.day)


@pytest.fixture(autouse=True, scope="session")
def compiled_and_migrated_once() -> Iterator[None]:
    """What one test has made a process know, others of that process need not make it find out again."""
    with once():
        yield


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, an author and a day of the test's own; no test can reach the developer's ledger."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "LANG", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("SCRUTINY_DB", str(tmp_path / "ledger.db"))
    monkeypatch.setenv("SCRUTINY_USER", "ana")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr("sys.argv", ["scrutiny"])
    monkeypatch.setattr("scrutiny.cli.options.date", _FixedDate)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def run_program(*args: str, stdin: bytes | str = b"") -> Ran:
    """Runs the program in this process as if piped; whatever the test gives as stdin is no terminal."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    typed = io.TextIOWrapper(io.BytesIO(stdin.encode() if isinstance(stdin, str) else stdin), encoding="utf-8")
    before, sys.stdin = sys.stdin, typed
    try:
        with redirect_stdout(out), redirect_stderr(err):
            try:
                program().main(args=list(args), prog_name="scrutiny")
                code = 0
            except SystemExit as exit_:
                code = exit_.code if isinstance(exit_.code, int) else int(bool(exit_.code))
    finally:
        sys.stdin = before
    said = []
    for stream in (out, err):
        stream.flush()
        said.append(stream.buffer.getvalue().decode())
    return Ran(code, said[0], said[1])


@pytest.fixture
def run() -> Run:
    """The program: run("summary", "iran") gives its exit code, stdout and stderr."""
    return run_program


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A new ledger whose clock stands still."""
    with open_ledger(str(tmp_path / "ledger.db"), writing=True, author="ana", now=lambda: NOW) as opened:
        yield opened


@pytest.fixture(scope="session")
def new_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of long ago in which nothing was done yet, made once: making one takes longer than most commands."""
    path = tmp_path_factory.mktemp("new") / "ledger.db"
    with open_ledger(str(path), writing=True, author="ana", now=lambda: datetime(2026, 1, 1, tzinfo=UTC)):
        return path


@pytest.fixture
def new(home: Path, new_template: Path) -> Path:
    """A new ledger as the test's own."""
    return Path(shutil.copyfile(new_template, home / "ledger.db"))


Clock = Callable[[str], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the time, in UTC, at which the ledger records what comes next."""

    def at(moment: str) -> None:
        now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        monkeypatch.setattr("scrutiny.store.opening.open_ledger", partial(open_ledger, now=lambda: now))

    return at


@pytest.fixture
def zone() -> Iterator[Callable[[str], None]]:
    """Moves the analyst to another time zone, written so that no zone files are needed."""
    with pytest.MonkeyPatch.context() as patched:

        def to(name: str) -> None:
            patched.setenv("TZ", name)
            time.tzset()

        yield to
    time.tzset()


@pytest.fixture(scope="session")
def sample_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with the sample, made once."""
    path = tmp_path_factory.mktemp("sample") / "sample.db"
    with pytest.MonkeyPatch.context() as patched, as_file(files("scrutiny.sample") / "signals.csv") as signals:
        patched.setenv("SCRUTINY_DB", str(path))
        patched.setenv("SCRUTINY_USER", "ana")
        assert run_program("import", str(signals)).code == 0
    return path


@pytest.fixture
def sample(home: Path, sample_template: Path) -> Path:
    """The sample as the test's own ledger."""
    return Path(shutil.copyfile(sample_template, home / "ledger.db"))
