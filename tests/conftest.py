"""What every test works with: a home of its own, a fixed day, the program itself, a ledger, the sample."""

import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from importlib.resources import as_file, files
from itertools import count
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest

from scrutiny.store.ledger import Ledger
from scrutiny.store.opening import open_ledger
from tests.once import once, program
from tests.server import MEMORY, folder, has_room, programs, server
from tests.stores import SORTING, Databases, Files, Sessions, Store

TODAY = date(2026, 5, 21)
NOW = datetime(2026, 5, 21, 9, 30, tzinfo=UTC)
SAMPLE_DAY = "2026-05-20"  # the sample's last signal
NAMES = count()
OWN = frozenset(("run", "ledger", "place", "new", "sample"))  # what gives a test a ledger of its own
SERVER = pytest.StashKey[str]()
LEFT = pytest.StashKey[int]()
FEW = 4  # processors
NO_SERVER = "no PostgreSQL server is installed on this machine"


class _FixedDate(date):
    @classmethod
    def today(cls) -> Self:
        return cls(TODAY.year, TODAY.month, TODAY.day)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds --store."""
    stores = ("sqlite", "postgresql")
    parser.addoption("--store", choices=stores, default="sqlite", help="where tests keep their ledgers")


def is_on_server(config: pytest.Config) -> bool:
    """Whether this run keeps the tests' ledgers on a server."""
    return bool(config.getoption("--store") == "postgresql")


def pytest_configure(config: pytest.Config) -> None:
    """Puts what tests write where no disk is waited for, unless somebody said where."""
    if "TMPDIR" not in os.environ and has_room(MEMORY):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """Three workers on two processors: they also wait, for programs that tests start; None elsewhere."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    is_told = "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ
    return None if is_told or processors > FEW else processors + processors // 2


def pytest_sessionstart(session: pytest.Session) -> None:
    """Starts the server that all workers of a run share; what runs by itself may not do without."""
    config = session.config
    if not is_on_server(config) or hasattr(config, "workerinput") or config.option.collectonly:
        return
    if programs() is None:
        if os.environ.get("CI"):
            raise pytest.UsageError(NO_SERVER)
        return
    stack = ExitStack()
    config.add_cleanup(stack.close)
    config.stash[SERVER] = stack.enter_context(server(stack.enter_context(folder())))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells a worker where the server is."""
    node.workerinput["server"] = node.config.stash.get(SERVER, None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a server only what keeps a ledger there is run; the rest would do the same again."""
    if not is_on_server(config):
        return
    left = [one for one in items if not keeps_a_ledger(one)]
    config.hook.pytest_deselected(items=left)
    getattr(config, "workeroutput", {})["left"] = len(left)
    items[:] = [one for one in items if keeps_a_ledger(one)]
    if programs() is None:
        for one in items:
            one.add_marker(pytest.mark.skip(reason=NO_SERVER))


def keeps_a_ledger(item: pytest.Item) -> bool:
    """Whether a test has a ledger of its own, wherever this run keeps them."""
    asked = set(getattr(item, "fixturenames", ()))
    return bool(asked & OWN) and "running" not in asked and not item.get_closest_marker("file")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hears from a worker how many tests it left out, as all did."""
    node.config.stash[LEFT] = getattr(node, "workeroutput", {}).get("left", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Says how many tests were left out, and why."""
    if left := config.stash.get(LEFT, 0):
        why = "are marked file, or keep no ledger of their own: they run with --store sqlite"
        terminalreporter.write_line(f"{left} tests {why}")


@pytest.fixture(scope="session")
def running(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL, less the database's name, of a PostgreSQL server of the tests' own."""
    config = request.config
    shared = getattr(config, "workerinput", {}).get("server") or config.stash.get(SERVER, None)
    if shared:
        yield shared
        return
    if programs() is None and not os.environ.get("CI"):
        pytest.skip(NO_SERVER)
    with folder() as own, server(own) as url:
        yield url


@pytest.fixture(autouse=True, scope="session")
def compiled_and_migrated_once() -> Iterator[None]:
    """What one test has made a process know, others of that process need not make it find out again."""
    with once():
        yield


@pytest.fixture(scope="session")
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Where the tests of this run keep their ledgers."""
    if request.config.getoption("--store") == "sqlite":
        yield Files(request.getfixturevalue("tmp_path_factory").mktemp)
        return
    url, worker, sessions = request.getfixturevalue("running"), request.getfixturevalue("worker_id"), Sessions()
    with sessions.handed_on(), closing(Databases(url, worker, sessions)) as databases:
        yield databases


@pytest.fixture(autouse=True)
def home(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, an author and a day of the test's own; no test can reach the developer's ledger."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "LANG", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("SCRUTINY_DB", store.fresh(tmp_path))
    monkeypatch.setenv("SCRUTINY_USER", "ana")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr("sys.argv", ["scrutiny"])
    monkeypatch.setattr("scrutiny.cli.options.date", _FixedDate)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def place(home: Path) -> str:
    """Where the test's own ledger is, as a path or URL."""
    return os.environ["SCRUTINY_DB"]


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
def ledger(home: Path) -> Iterator[Ledger]:
    """A new ledger whose clock stands still."""
    with open_ledger(os.environ["SCRUTINY_DB"], writing=True, author="ana", now=lambda: NOW) as opened:
        yield opened


@pytest.fixture(scope="session")
def new_template(store: Store) -> str:
    """A ledger of long ago in which nothing was done yet, made once: making one takes longer than most commands."""
    place = store.lasting()
    with open_ledger(place, writing=True, author="ana", now=lambda: datetime(2026, 1, 1, tzinfo=UTC)):
        return place


@pytest.fixture
def new(store: Store, home: Path, new_template: str) -> Path:
    """A new ledger as the test's own; its file, where ledgers are files."""
    return Path(store.copy(new_template, home))


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
def sample_template(store: Store) -> str:
    """A ledger with the sample, made once."""
    place = store.lasting()
    import_sample(place)
    return place


def import_sample(place: str) -> None:
    """Brings the sample into a ledger."""
    with pytest.MonkeyPatch.context() as patched, as_file(files("scrutiny.sample") / "signals.csv") as signals:
        patched.setenv("SCRUTINY_DB", place)
        patched.setenv("SCRUTINY_USER", "ana")
        assert run_program("import", str(signals)).code == 0


@pytest.fixture
def sample(store: Store, home: Path, sample_template: str) -> Path:
    """The sample as the test's own ledger; its file, where ledgers are files."""
    return Path(store.copy(sample_template, home))


@pytest.fixture
def empty(running: str) -> str:
    """The URL of an empty database of the test's own, whose language sorts unlike bytes."""
    name = f"ledger{next(NAMES)}"
    with psycopg.connect(f"{running}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {SORTING}".encode())
    return f"{running}/{name}"
