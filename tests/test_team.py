"""A ledger that a team shares on a server: who may do what, how it is upgraded, what if the server goes away."""

import gc
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from inspect import signature
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from scrutiny.core.signals import Signal
from scrutiny.errors import BrokenLedger, ScrutinyError
from scrutiny.store import changes, completion, copying, edits, incoming, schema, waiting
from scrutiny.store import ledger as ledgers
from scrutiny.store.engines import READABLE, postgresql, refusals
from scrutiny.store.engines.postgresql import TURN, Postgresql
from scrutiny.store.ledger import Ledger
from scrutiny.store.opening import open_ledger
from scrutiny.store.sides import Side
from tests.conftest import NO_SERVER, NOW, Ran, Run, run_program
from tests.endurance.crowd import Crowd, gathered
from tests.endurance.kills import LOOP
from tests.feeds import signal
from tests.proxy import proxy
from tests.server import Cluster, cluster, folder, programs, standby

pytestmark = pytest.mark.file  # these have a server of their own, whatever others keep their ledgers in
SAMPLE = str(Path(__file__).parent.parent / "scrutiny" / "sample" / "signals.csv")
LOG = ("log", "china", "visit", "Wang Yi in Moscow", "2026-05-01")
PAGE = (Path(__file__).parent.parent / "docs" / "team.md").read_text("utf-8")
BLOCKS = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
SHELL = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
SERVER_SIDE, DESK, UPGRADED, COPIED, BROUGHT_BACK = range(5)  # of these
PATIENCE = 20  # seconds
NUMBERS = count()


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    """A server of these tests' own, which they stop, kill and close to some."""
    if programs() is None and not os.environ.get("CI"):
        pytest.skip(NO_SERVER)
    with folder() as files, cluster(files) as running:
        yield running


@pytest.fixture(scope="module")
def template(own: Cluster) -> str:
    """A database with the sample, of which tests have copies."""
    sql(own, "postgres", "CREATE DATABASE template")
    with as_ana():
        assert run_program("import", SAMPLE, "--db", f"{own.url}/template").code == 0
    return "template"


@contextmanager
def as_ana() -> Iterator[pytest.MonkeyPatch]:
    """Within, what is done for several tests is Ana's, and on the day of the tests."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_USER", "ana")
        patched.setattr("scrutiny.store.opening.open_ledger", partial(open_ledger, now=lambda: NOW))
        yield patched


@pytest.fixture
def db(own: Cluster, template: str) -> Iterator[str]:
    """The URL of a database of the test's own, with the sample."""
    with made(own, template) as url:
        yield url


@contextmanager
def made(own: Cluster, template: str = "template0") -> Iterator[str]:
    """Makes a database and drops it again; its URL."""
    name = f"team{next(NUMBERS)}"
    sql(own, "postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
    yield f"{own.url}/{name}"
    sql(own, "postgres", f"DROP DATABASE {name} WITH (FORCE)")


def sql(own: Cluster, database: str, *commands: str, user: str = "scrutiny") -> list[tuple[object, ...]]:
    """Runs commands; what the last of them found."""
    with psycopg.connect(f"postgresql://{user}@127.0.0.1:{own.port}/{database}", autocommit=True) as connection:
        for one in commands:
            found = connection.execute(one.encode())
        return found.fetchall() if found.description else []


def end_sessions(own: Cluster, db: str) -> None:
    """Ends all sessions of a database, and waits until they are gone."""
    end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(f"{own.url}/postgres") as connection:
        connection.execute(end, (db.rpartition("/")[2],))


def size(run: Run, db: str) -> int:
    """How many signals there are, by a check that must find the ledger sound."""
    ran = run("db", "check", "--db", db)
    assert ran.code == 0, ran
    return int(ran.out.split("Checked  ")[1].split()[0])


def refused(ran: Ran, message: str, hint: str | None = None, code: int = 1) -> None:
    """That a command was refused in one clear line, and a hint where there is one."""
    assert ran == Ran(code, "", f"error: {message}\n" + (f"hint: {hint}\n" if hint else ""))


# -- a server that goes away

ENDED = "terminating connection due to administrator command"
WHEN_BACK = "run it again when it is back"
ROW = "date,ally,act,summary\n2026-05-03,Iran,visit,One more\n"
MOMENTS: tuple[tuple[str, object, str], ...] = (  # what is done, and the call right before which the session is ended
    ("log", Ledger, "add"),
    ("log", Postgresql, "begin_writing"),
    ("log", changes, "record"),
    ("log", edits, "add"),
    ("import -", waiting, "stage"),
    ("import -", incoming, "merge"),
    ("import -", incoming, "_add"),
    ("edit 90 A1", edits, "edit"),
    ("undo --yes", changes, "reverses"),
    ("summary", Postgresql, "begin_reading"),
    ("summary", Ledger, "roster"),
    ("history", Ledger, "changes"),
    ("db check", Ledger, "problems"),
)


def interrupted(monkeypatch: pytest.MonkeyPatch, where: object, what: str, by: Callable[[], object]) -> None:
    """Has something happen right before a call, once."""
    real = getattr(where, what)

    def call(*given: object, **named: object) -> object:
        monkeypatch.setattr(where, what, real)
        by()
        return real(*given, **named)

    monkeypatch.setattr(where, what, call)


@pytest.mark.usefixtures("left_open")
@pytest.mark.filterwarnings("ignore:.*ServerCursor")
@pytest.mark.parametrize(("args", "where", "what"), MOMENTS, ids=lambda one: one if isinstance(one, str) else "")
def test_a_session_that_is_ended_at_any_moment_is_one_clear_line_and_nothing_is_written(
    run: Run, own: Cluster, db: str, monkeypatch: pytest.MonkeyPatch, args: str, where: object, what: str
) -> None:
    assert run(*LOG, "--db", db).code == 0
    before = run("history", "--db", db)
    interrupted(monkeypatch, where, what, lambda: end_sessions(own, db))
    ran = run(*(LOG if args == "log" else args.split()), "--db", db, stdin=ROW)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.replace("error: stdin: ", "error: ") == (
        f"error: the server of {db} went away: {ENDED}\nhint: {WHEN_BACK}\n"
    )
    assert run("history", "--db", db) == before
    assert size(run, db) == 91
    assert run("import", "-", "--db", db, stdin=ROW).code == 0


@pytest.fixture
def left_open() -> Iterator[None]:
    """Lets go of cursors of which the driver says that nobody closed them: there is no server left to do so."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def cut(rows: Iterator[object], at: int, by: Callable[[], object]) -> Iterator[object]:
    """The rows, something happening before one of them."""
    for number, row in enumerate(rows):
        if number == at:
            by()
        yield row


def test_a_session_that_is_ended_while_a_file_is_read_leaves_nothing_of_it(
    run: Run, own: Cluster, db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = waiting._waiting
    monkeypatch.setattr(waiting, "_waiting", lambda *given: cut(real(*given), 40, lambda: end_sessions(own, db)))
    refused(run("import", SAMPLE, "--db", db), f"{SAMPLE}: the server of {db} went away: {ENDED}", WHEN_BACK)
    monkeypatch.undo()
    assert size(run, db) == 90


@pytest.mark.usefixtures("left_open")
@pytest.mark.filterwarnings("ignore:.*ServerCursor")
def test_a_session_that_is_ended_while_a_file_is_written_leaves_the_older_one(
    run: Run, own: Cluster, db: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Ledger.exported
    monkeypatch.setattr("scrutiny.store.exporting.CHUNK", 10)
    monkeypatch.setattr(
        Ledger, "exported", lambda self, wanted: cut(real(self, wanted), 15, lambda: end_sessions(own, db))
    )
    (home / "out.csv").write_text("older\n")
    refused(run("export", "--output", "out.csv", "--db", db), f"the server of {db} went away: {ENDED}", WHEN_BACK)
    assert [path.name for path in home.iterdir()] == ["out.csv"]
    assert (home / "out.csv").read_text() == "older\n"


def test_a_session_that_is_ended_while_it_waits_for_its_turn_is_one_clear_line(
    run: Run, own: Cluster, db: str
) -> None:
    with psycopg.connect(db) as other:
        other.execute(f"SELECT pg_advisory_xact_lock({TURN})")
        ending = threading.Thread(target=end_waiting, args=(own, db))
        ending.start()
        ran = run(*LOG, "--db", db)
        ending.join()
    refused(ran, f"the server of {db} went away: {ENDED}", WHEN_BACK)
    assert size(run, db) == 90


def end_waiting(own: Cluster, db: str) -> None:
    """Ends the session that waits for its turn, once there is one."""
    waiting_one = "FROM pg_stat_activity WHERE datname = %s AND wait_event = 'advisory'"
    name, until = db.rpartition("/")[2], time.monotonic() + PATIENCE
    with psycopg.connect(f"{own.url}/postgres", autocommit=True) as connection:
        while not connection.execute(f"SELECT pg_terminate_backend(pid, 5000) {waiting_one}", (name,)).fetchall():
            assert time.monotonic() < until, "nobody waits"


def test_a_reader_whose_session_is_ended_when_it_has_read_all_has_lost_nothing(
    run: Run, own: Cluster, db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run("list", "--db", db)
    interrupted(monkeypatch, ledgers, "dispose", lambda: end_sessions(own, db))
    assert run("list", "--db", db) == before


def test_where_a_change_is_written_but_not_all_was_said_the_line_says_so(
    run: Run, own: Cluster, db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edit asks for the ally's name when it has written."""
    interrupted(monkeypatch, Ledger, "ally_names", lambda: end_sessions(own, db))
    refused(
        run("edit", "90", "A1", "--db", db),
        f"the server of {db} went away: {ENDED}",
        f"its change was written: scrutiny --db {db} history",
    )
    assert "A1" in run("show", "90", "--db", db).out


@pytest.mark.parametrize("heard", [True, False], ids=["the server heard", "the server did not hear"])
def test_where_the_answer_to_the_last_word_is_lost_nobody_says_whether_it_was_written(
    run: Run, own: Cluster, db: str, heard: bool
) -> None:
    with proxy(own.port, heard=heard) as between:
        through = db.replace(str(own.port), str(between.port))
        refused(
            run(*LOG, "--db", through),
            f"the server of {through} went away at the last moment: it is not known whether this was written",
            f"look, before you run it again: scrutiny --db {through} history",
        )
        assert between.cuts == 1
    assert size(run, db) == 90 + heard
    with proxy(own.port, heard=heard) as between:  # what is lost first are a file's rows where they wait: no change
        through = db.replace(str(own.port), str(between.port))
        ran = run("import", "-", "--db", through, stdin=ROW)
    assert ran.err.endswith(f"hint: {WHEN_BACK}\n")
    assert size(run, db) == 90 + heard


@pytest.mark.parametrize("heard", [True, False], ids=["the server heard", "the server did not hear"])
def test_where_the_answer_to_the_last_word_of_a_copy_is_lost_the_hint_tells_whether_it_is_whole(
    run: Run, own: Cluster, monkeypatch: pytest.MonkeyPatch, heard: bool
) -> None:
    monkeypatch.setattr(Postgresql, "_unless_said", lambda _: {"prepare_threshold": None})  # so that COMMIT is said
    assert run("import", SAMPLE, "--db", "ledger.db").code == 0
    with made(own) as db, proxy(own.port, heard=heard, after=b"VACUUM") as between:
        through = db.replace(str(own.port), str(between.port))
        ran = run("db", "copy", "ledger.db", through)
        assert between.cuts == 1
        look = f"scrutiny --db {through} db check"
        refused(
            ran,
            f"the server of {through} went away at the last moment: it is not known whether this was written",
            f"look, before you run it again: {look}",
        )
        looked = run(*look.replace(through, db).split()[1:])
        if heard:
            assert (looked.code, "is sound" in looked.out) == (0, True)
        else:
            again = "finish it: type the same db copy again"
            refused(looked, f"{db} is the unfinished copy of a ledger", again, 4)
            assert run("db", "copy", "ledger.db", db).code == 0
        assert size(run, db) == 90


@pytest.mark.parametrize("end", [Cluster.stop, Cluster.kill], ids=["stopped at once", "killed"])
def test_what_was_acknowledged_before_the_server_went_down_is_there_when_it_is_back(
    run: Run, own: Cluster, db: str, end: Callable[[Cluster], None]
) -> None:
    logging = subprocess.Popen(
        [sys.executable, "-c", LOOP, "before"],
        env=os.environ | {"SCRUTINY_DB": db},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert logging.stdout
    first = [logging.stdout.readline() for _ in range(5)]
    end(own)
    out, err = logging.communicate(timeout=30)
    try:
        assert (logging.returncode, "Traceback" in err) == (1, False), err
        assert [line for line in err.splitlines() if line.startswith("error: ")] == [
            line for line in err.splitlines() if line.startswith(("error: the server of", "error: cannot use"))
        ]
        assert err.count("error: ") == 1
        assert run("list", "--db", db).err.startswith(f"error: cannot use {db}: ")
    finally:
        own.start()
    acknowledged = [line.strip() for line in [*first, *out.splitlines()]]
    there = [line for line in run("export", "--since", "2026-05-01", "--db", db).out.splitlines() if "before" in line]
    assert [line for line in acknowledged if not any(f",{line}," in one for one in there)] == []
    assert len(there) - len(acknowledged) in (0, 1)
    assert size(run, db) == 90 + len(there)
    assert run(*LOG, "--db", db).code == 0


# -- taking turns


def visit(text: str) -> Signal:
    return signal(text.replace(" ", "-"), "2026-05-01", "visit", origin="desk", summary=text)


def when_waiting(other: psycopg.Connection, many: int) -> None:
    """Returns when so many wait for their turn in the database of a session."""
    asked = (
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    until = time.monotonic() + PATIENCE
    while other.execute(asked).fetchone() != (many,):
        assert time.monotonic() < until, "they do not come"
        time.sleep(0.01)


def summaries(run: Run, db: str) -> list[str]:
    """Those of the signals since May, by number."""
    found = json.loads(run("list", "--since", "2026-05-01", "--limit", "0", "-f", "json", "--db", db).out)["signals"]
    return [one["summary"] for one in sorted(found, key=lambda one: one["id"]) if one["id"] > 90]


def log(db: str, text: str) -> None:
    with open_ledger(db, writing=True, author="ana") as ledger:
        ledger.add([visit(text)])


def test_writers_are_served_in_the_order_in_which_they_came(
    run: Run, db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that has said that it waits has not lost its place."""
    monkeypatch.setattr(postgresql, "SAY_AFTER", 0.2)
    with psycopg.connect(db) as other, ThreadPoolExecutor(3) as pool:
        other.execute(f"SELECT pg_advisory_xact_lock({TURN})")
        done = []
        for number in range(3):
            done.append(pool.submit(log, db, f"Number {number}"))
            when_waiting(other, number + 1)
            time.sleep(0.15)
        other.rollback()
        for one in done:
            one.result()
    assert summaries(run, db) == ["Number 0", "Number 1", "Number 2"]


def test_a_writer_that_falls_silent_in_its_turn_is_ended_and_nothing_of_it_is_written(
    run: Run, db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A laptop is shut in the middle of a command; others need not wait for it to be opened."""
    monkeypatch.setattr(postgresql, "GIVE_UP_AFTER", 0.3)
    silent = open_ledger(db, writing=True, author="ana")

    def falls_silent() -> None:
        with silent, silent._change("log", "too long ago"):
            monkeypatch.setattr(postgresql, "GIVE_UP_AFTER", 10.0)
            assert run(*LOG, "--db", db).code == 0
            silent.roster()

    with pytest.raises(ScrutinyError, match="went away: terminating connection due to idle-in-transaction timeout"):
        falls_silent()
    assert size(run, db) == 91
    assert "too long ago" not in run("history", "--db", db).out


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_each_writer_sees_what_those_before_it_wrote_whatever_isolation_the_database_prefers(
    run: Run, own: Cluster, db: str, level: str
) -> None:
    name = db.rpartition("/")[2]
    sql(own, "postgres", f"ALTER DATABASE {name} SET default_transaction_isolation = '{level}'")
    with ThreadPoolExecutor(8) as pool:
        for one in [pool.submit(log, db, f"Number {number}") for number in range(16)]:
            one.result()
    assert sorted(summaries(run, db)) == sorted(f"Number {number}" for number in range(16))
    assert size(run, db) == 106


def test_many_writers_and_importers_at_once_lose_nothing_and_count_without_gaps(db: str) -> None:
    assert gathered(db, Crowd(writers=16, logs=4, importers=4, rows=100)).findings == ()


# -- ways to the server, and refusals on them


@pytest.fixture(scope="module")
def strict(own: Cluster, template: str) -> Cluster:
    """The server, with users of whom it wants a password, or an encryption that it does not offer."""
    rules = Path(own.cluster) / "pg_hba.conf"
    ours = "host all known,many,stranger all scram-sha-256\nhostssl all safe all trust\nhost all safe all reject\n"
    rules.write_text(ours + rules.read_text("utf-8"))
    sql(
        own,
        "postgres",
        "CREATE ROLE known LOGIN PASSWORD 'geheim' IN ROLE pg_read_all_data",
        "CREATE ROLE many LOGIN PASSWORD 'geheim' CONNECTION LIMIT 0",
        "CREATE ROLE stranger LOGIN PASSWORD 'geheim'",
        "CREATE ROLE safe LOGIN",
        "CREATE DATABASE shut ALLOW_CONNECTIONS false",
        "CREATE DATABASE closed",
        "REVOKE ALL ON DATABASE closed FROM PUBLIC",
        "SELECT pg_reload_conf()",
    )
    return own


@pytest.mark.parametrize(
    "form",
    [
        "postgresql://scrutiny@127.0.0.1:{port}/template",
        "postgres://scrutiny@127.0.0.1:{port}/template",
        "postgresql+psycopg://scrutiny@127.0.0.1:{port}/template?application_name=desk",
        "postgresql://scrutiny@/template?host={folder}&port={port}",
        "postgresql:///template?user=known&password=geheim&host=127.0.0.1&port={port}",
        "postgresql://known:geheim@/template?host=127.0.0.1:1&host=127.0.0.1:{port}",
        "postgresql:///?service=desk",
    ],
)
def test_every_form_of_a_url_finds_the_ledger(
    run: Run, strict: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    service = f"[desk]\nhost=127.0.0.1\nport={strict.port}\ndbname=template\nuser=known\npassword=geheim\n"
    (home / ".pg_service.conf").write_text(service)
    monkeypatch.setenv("PGSERVICEFILE", str(home / ".pg_service.conf"))
    ran = run("list", "--limit", "0", "--db", form.format(port=strict.port, folder=strict.folder))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("90 signals\n")


@pytest.mark.parametrize("where", ["PGPASSWORD", "~/.pgpass"])
def test_the_password_need_not_stand_in_the_url(
    run: Run, strict: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    if where == "PGPASSWORD":
        monkeypatch.setenv(where, "geheim")
    else:
        (home / ".pgpass").write_text(f"127.0.0.1:{strict.port}:*:known:geheim\n")
        (home / ".pgpass").chmod(0o600)
    assert run("list", "--db", f"postgresql://known@127.0.0.1:{strict.port}/template").code == 0


def test_the_server_is_told_who_asks(own: Cluster, db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "SELECT application_name FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = '{}'"
    for url, name in ((db, "scrutiny"), (f"{db}?application_name=desk", "desk")):
        with open_ledger(url, writing=False, author="ana"):
            assert sql(own, "postgres", asked.format(db.rpartition("/")[2])) == [(name,)]
    monkeypatch.setenv("PGAPPNAME", "nightly")
    with open_ledger(db, writing=False, author="ana"):
        assert sql(own, "postgres", asked.format(db.rpartition("/")[2])) == [("nightly",)]


def test_a_dead_line_is_noticed_within_a_minute_unless_the_url_says_otherwise(db: str) -> None:
    """That the system does so then was tried by hand: it takes an interface that can be shut."""
    for url, idle in ((db, "30"), (f"{db}?keepalives_idle=5", "5")):
        with open_ledger(url, writing=False, author="ana") as ledger:
            session: Any = ledger._connection.connection.driver_connection
            told = session.info.get_parameters()
        names = ("keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout")
        assert [told[name] for name in names] == [idle, "10", "3", "60000"]


@pytest.mark.parametrize("named", ["in the URL", "in PGSERVICE"])
def test_a_service_file_says_itself_how_to_notice_a_dead_line(
    own: Cluster, db: str, home: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    """What stands in the URL or is said by us would outdo it."""
    service = f"[desk]\nhost=127.0.0.1\nport={own.port}\nuser=scrutiny\nkeepalives_idle=77\nconnect_timeout=7\n"
    (home / ".pg_service.conf").write_text(service)
    monkeypatch.setenv("PGSERVICEFILE", str(home / ".pg_service.conf"))
    url = f"postgresql:///{db.rpartition('/')[2]}"
    if named == "in PGSERVICE":
        monkeypatch.setenv("PGSERVICE", "desk")
    else:
        url += "?service=desk"
    with open_ledger(url, writing=False, author="ana") as ledger:
        session: Any = ledger._connection.connection.driver_connection
        told = session.info.get_parameters()
    assert {name: told.get(name) for name in ("keepalives_idle", "connect_timeout", "keepalives_count")} == {
        "keepalives_idle": "77",
        "connect_timeout": "7",
        "keepalives_count": None,
    }


def test_a_server_that_does_not_answer_is_given_up(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "CONNECT_WITHIN", 1)  # for which the driver takes 2, its least
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ran = run("list", "--db", f"postgresql://ana@127.0.0.1:{silent.getsockname()[1]}/ledger")
    assert (ran.code, ran.err.count("\n")) == (1, 2)
    assert "connection timeout expired\nhint: see that host and port are the server's" in ran.err


def test_no_server_where_one_should_be_is_one_clear_line(run: Run) -> None:
    refused(
        run("list", "--db", "postgresql://ana:geheim@127.0.0.1:1/ledger"),
        'cannot use postgresql://ana:***@127.0.0.1:1/ledger: connection to server at "127.0.0.1", port 1 failed: '
        "Connection refused",
        refusals.RUNS,
    )
    refused(
        run("list", "--db", "postgresql://ana@/ledger?host=/nowhere"),
        "cannot use postgresql://ana@/ledger?host=%2Fnowhere: connection to server on socket "
        '"/nowhere/.s.PGSQL.5432" failed: No such file or directory',
        refusals.RUNS,
    )


@pytest.mark.parametrize(
    ("user", "database", "words", "hint"),
    [
        ("known:geheim", "nosuch", 'database "nosuch" does not exist', "createdb NAME"),
        ("nosuch", "template", 'role "nosuch" does not exist', "name a user that the server knows"),
        ("many:geheim", "template", 'too many connections for role "many"', refusals.MOMENT),
        ("known:geheim", "shut", 'database "shut" is not currently accepting connections', None),
        ("stranger:geheim", "closed", 'permission denied for database "closed"', None),
        ("known:falsch", "template", 'password authentication failed for user "known"', "~/.pgpass"),
        ("known", "template", "no password supplied", "~/.pgpass"),
        ("safe", "template", "rejects connection", "?sslmode=require"),
        ("known:geheim", "template?sslmode=require", "server does not support SSL, but SSL was required", "sslmode"),
        ("known:geheim", "template?sslmode=sure", 'invalid sslmode value: "sure"', None),
        ("known:geheim", "template?nosuch=1", 'invalid connection option "nosuch"', None),
        ("stranger:geheim", "template", "permission denied for table alembic_version", "the role of a reader"),
    ],
)
def test_what_a_server_refuses_is_one_clear_line_without_the_password(
    run: Run, strict: Cluster, user: str, database: str, words: str, hint: str | None
) -> None:
    ran = run("list", "--db", f"postgresql://{user}@127.0.0.1:{strict.port}/{database}")
    assert (ran.code, ran.out) == (1, "")
    message, *hints = ran.err.splitlines()
    assert message.startswith(("error: cannot use postgresql://", "error: you may not read postgresql://"))
    assert words in message
    assert "FATAL" not in message
    assert [hint in one for one in hints if hint] == [True] * len(hints) == [True] * bool(hint), hints
    assert not re.search("geheim|falsch", ran.err)


@pytest.mark.parametrize("name", sorted({*signature(psycopg.Connection.connect).parameters} - {"kwargs"}))
def test_what_only_the_driver_knows_is_no_option_of_a_url(run: Run, db: str, name: str) -> None:
    shown = f"{db}?***"
    for args in (("list",), LOG):
        ran = run(*args, "--db", f"{db}?{name}=0")
        refused(ran, f'cannot use {shown}: invalid connection option "{name}"')


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("port=abc", "Received non-integer port arguments: ('abc',)"),
        ("host=a&host=b&port=1&port=2&port=3", "Can't mix 'multihost' formats together"),
        ("plugin=other", 'invalid connection option "plugin"'),
        ("connect_timeout=soon", "bad value for connect_timeout: 'soon'"),
    ],
)
def test_a_query_that_makes_no_sense_is_one_clear_line(run: Run, query: str, words: str) -> None:
    ran = run("list", "--db", f"postgresql://ana:geheim@/ledger?{query}&password=geheim")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error: cannot use postgresql://ana:***@/ledger?***: ")
    assert (words in ran.err, ran.err.count("\n"), "geheim" in ran.err) == (True, 1, False), ran.err


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://scrutiny%00@127.0.0.1:{port}/{name}",
        "postgresql://scrutiny:%00@127.0.0.1:{port}/{name}",
        "postgresql://scrutiny@127.0.0.1%00:{port}/{name}",
        "postgresql://scrutiny@127.0.0.1:{port}/{name}%00",
        "postgresql://scrutiny@127.0.0.1:{port}/{name}?application_name=%00",
        "postgresql://scrutiny@127.0.0.1:{port}/{name}?application_name%00=x",
        "sqlite:///ledger%00.db",
    ],
)
def test_no_nul_in_a_url_cuts_off_the_rest(run: Run, own: Cluster, db: str, url: str) -> None:
    """For the driver's library a text ends at a NUL, and what is not said it takes from elsewhere."""
    place = url.format(port=own.port, name=db.rpartition("/")[2])
    refused(run("list", "--db", place), "the database URL cannot be read", READABLE)


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_every_text_is_refused_before_anything_is_made(
    run: Run, own: Cluster, encoding: str
) -> None:
    name = f"in_{encoding.casefold()}"
    sql(own, "postgres", f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
    url = f"{own.url}/{name}"
    for args in (("list", "--db", url), (*LOG, "--db", url), ("db", "copy", url, "copy.db")):
        refused(
            run(*args),
            f"cannot use {url}: its encoding is {encoding}, and not UTF8",
            "whoever runs the server makes one that has it: createdb -E UTF8 -T template0 NAME",
        )
    assert sql(own, name, "SELECT FROM pg_tables WHERE schemaname = 'public'") == []


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
@pytest.mark.parametrize("said", ["in PGCLIENTENCODING", "in the URL", "of the role"])
def test_texts_are_whole_whatever_encoding_the_session_is_to_have(
    run: Run, own: Cluster, db: str, monkeypatch: pytest.MonkeyPatch, said: str, encoding: str
) -> None:
    name = db.rpartition("/")[2]
    if said == "in PGCLIENTENCODING":
        monkeypatch.setenv("PGCLIENTENCODING", encoding)
    elif said == "of the role":
        sql(own, "postgres", f"ALTER ROLE scrutiny IN DATABASE {name} SET client_encoding = {encoding}")
    url = f"{db}?client_encoding={encoding}" if said == "in the URL" else db
    text = "Zoë in Łódź 王毅 😀"
    assert run("log", "china", "visit", text, "2026-05-01", "--db", url).code == 0
    assert run("import", "-", "--db", url, stdin=ROW.replace("One", text)).code == 0
    assert f"{text} more" in run("list", "--search", "łódź", "--db", url).out
    assert run("export", "--db", url).out.count(text) == 2
    assert size(run, url) == 92


SAID = {  # what servers say that the tests cannot bring about one by one
    "FATAL:  sorry, too many clients already": refusals.MOMENT,
    "FATAL:  remaining connection slots are reserved for non-replication superuser connections": refusals.MOMENT,
    "FATAL:  the database system is starting up": refusals.MOMENT,
    "FATAL:  the database system is shutting down": refusals.MOMENT,
    "FATAL:  the database system is in recovery mode": refusals.MOMENT,
    "FATAL:  the database system is not yet accepting connections": refusals.MOMENT,
}


@pytest.mark.parametrize("said", SAID)
def test_a_server_that_has_no_time_is_to_be_asked_again(said: str) -> None:
    before = 'connection failed: connection to server at "127.0.0.1", port 5432 failed: '
    found = refusals.refusal("postgresql://host/ledger", before + said, None, writing=True)
    assert found.message == f"cannot use postgresql://host/ledger: {said.removeprefix('FATAL:  ')}"
    assert str(found.hint).startswith(SAID[said])


def test_an_answer_in_another_language_is_told_as_it_is() -> None:
    found = refusals.refusal("X", "connection failed: FATAL:  Datenbank »a« existiert nicht", None, writing=False)
    assert (found.message, found.hint) == ("cannot use X: Datenbank »a« existiert nicht", None)


def test_a_driver_without_its_library_is_as_good_as_none(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ImportError("no pq wrapper available.\nAttempts made:\n- couldn't import psycopg 'c' implementation")

    monkeypatch.setattr("sqlalchemy.create_engine", missing)
    refused(
        run("list", "--db", "postgresql://127.0.0.1/ledger"),
        "a ledger on PostgreSQL needs the extra scrutiny[postgres], which is not installed",
        'pip install "scrutiny[postgres]"',
    )


# -- the set-up in a few lines, as docs/team.md has it


def typed(own: Cluster, block: str, desk: Path, stdin: str = "", **env: str) -> str:
    """Runs a block of the page on a desk, where the program is installed already; what it says, if all goes well."""
    programs_ = desk / "bin"
    programs_.mkdir(exist_ok=True)
    for name, does in {"pip": "exit 0", "scrutiny": f'exec {shlex.quote(sys.executable)} -m scrutiny "$@"'}.items():
        (programs_ / name).write_text(f"#!/bin/sh\n{does}\n")
        (programs_ / name).chmod(0o755)
    here = block.replace("db.example.org:5432", f"127.0.0.1:{own.port}")
    path = os.pathsep.join((str(programs_), str(programs()), os.environ["PATH"]))
    ran = subprocess.run(
        ["sh", "-e", "-c", here.replace("db.example.org", f"127.0.0.1:{own.port}")],
        input=stdin,
        env=os.environ | {"HOME": str(desk), "PATH": path} | env,
        cwd=desk,
        start_new_session=True,  # or a password would be asked for at the terminal
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


def as_who_runs_it(own: Cluster) -> dict[str, str]:
    """What the server's side need not be told."""
    return {"PGHOST": "127.0.0.1", "PGPORT": str(own.port), "PGUSER": "scrutiny"}


def test_the_set_up_as_it_stands_in_the_page_makes_a_ledger_of_two_desks(own: Cluster, home: Path) -> None:
    rules = Path(own.cluster) / "pg_hba.conf"
    rules.write_text(f"host all team all scram-sha-256\n{rules.read_text('utf-8')}")
    sql(own, "postgres", "SELECT pg_reload_conf()")
    typed(own, SHELL[SERVER_SIDE], home, "geheim\ngeheim\n", **as_who_runs_it(own))
    block = SHELL[DESK].replace("PASSWORD", "geheim")
    assert block.count("\n") == 5
    for who in ("ana", "bea"):
        (home / who).mkdir()
        said = typed(own, f"{block.replace('=ana', f'={who}')} scrutiny log china visit 'By {who}'", home / who)
        assert "is sound" in said
    assert sql(own, "ledger", "SELECT author, command FROM change ORDER BY id") == [
        ("ana", "new ledger"),
        ("ana", "log"),
        ("bea", "log"),
    ]
    assert sql(own, "ledger", "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'ledger'") == [
        ("UTF8",)
    ]
    sql(own, "postgres", "CREATE ROLE other LOGIN")
    for asked in ("SELECT FROM signal", "CREATE TABLE another (id integer)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql(own, "ledger", asked, user="other")


# -- roles, as docs/team.md makes them

MAKES = ("setting", "principal", "Russia")
READS = (
    "", "summary", "summary china", "explain china", "changes --since 900d", "compare china iran", "chart china",
    "list", "list --search talks", "list --duplicates", "list --surprising", "show 1", "history", "history 1",
    "history --change 2", "export", "candidates --origin all", "batches", "ally list", "ally show china", "setting",
    "note", "memo", "report x.md", "db check", "db path", "summary --known today", "list --known today",
)  # fmt: skip
WRITES: tuple[tuple[str, ...], ...] = (
    LOG,
    ("import", SAMPLE),
    ("import", SAMPLE, "--dry-run"),
    ("edit", "1", "A1"),
    ("remove", "1"),
    ("undo", "2", "--yes"),
    ("ally", "add", "Mali"),
    ("ally", "edit", "china", "--stake", "2"),
    ("ally", "merge", "syria", "--into", "iran", "--yes"),
    ("note", "china", "Warms"),
    ("batches", "remove", "1", "--yes"),
)
LIFE: tuple[tuple[str, ...], ...] = (  # writes all that a writer can write
    ("setting", "principal", "China"),
    ("setting", "principal", "Russia"),
    ("import", SAMPLE, "--dry-run"),
    ("import", SAMPLE),
    ("import", SAMPLE),
    LOG,
    ("edit", "91", "B2"),
    ("edit", "91", "--ally", "kazakhstan"),
    ("remove", "91"),
    ("undo",),
    ("redo",),
    ("ally", "add", "Wagner Group", "--alias", "Wagner"),
    ("ally", "edit", "wagner", "--alias", "PMC"),
    ("ally", "remove", "wagner"),
    ("note", "china", "Warms"),
    ("undo",),
    ("redo",),
    ("note", "syria", "Cools"),
    ("ally", "merge", "syria", "--into", "iran", "--yes"),
    ("undo",),
    ("batches", "remove", "1", "--yes"),
    ("import", SAMPLE),
    ("import", "one.csv"),
    ("import", "other.csv", "--update"),
    ("accept", "last", "B2"),
    ("db", "check"),
)
FED = "uid,date,ally,act,summary,origin\nnew,2026-05-02,Iran,visit,{},gdelt\n"


@dataclass(frozen=True, slots=True)
class Team:
    """A ledger with the roles of docs/team.md, in a schema; several have their roles on one server."""

    own: Cluster
    schema: str

    @property
    def name(self) -> str:
        """The database's."""
        return f"ledger_in_{self.schema}"

    def of(self, who: str) -> str:
        """The ledger's URL for one of the roles or people of the page."""
        return f"postgresql://{self.called(who)}@127.0.0.1:{self.own.port}/{self.name}"

    def called(self, who: str) -> str:
        """What one of the page's roles or people is called here."""
        return who.replace("ledger", self.name) if "ledger" in who else f"{who}_in_{self.schema}"

    def ask(self, asked: str) -> list[tuple[object, ...]]:
        """What the database says of itself."""
        return sql(self.own, self.name, asked)

    def told(self, number: int) -> str:
        """A block of the page, as it is to be run here."""
        block = re.sub(r"\bledger\b|\bledger_", lambda found: found[0].replace("ledger", self.name), BLOCKS[number])
        block = re.sub(r"\b(ana|bea)\b", lambda found: self.called(found[0]), block)
        return re.sub(r"\b(public|desk)\b", self.schema, block)

    def here(self, line: str) -> str:
        """A line of a shell's, as it is to be typed here."""
        renamed = re.sub(r"\bledger_owner\b|\b(ana|bea)\b", lambda found: self.called(found[0]), line)
        return re.sub(r"/ledger\b(?!\.)", f"/{self.name}", renamed)

    def run(self, number: int, database: str, user: str = "scrutiny") -> None:
        """Runs a block, each command of it by itself."""
        sql(self.own, database, *filter(str.strip, re.sub("--.*", "", self.told(number)).split(";")), user=user)


SERVER_S, OWNER_S, NARROWED, PEOPLE_S, OTHER_SCHEMA = range(5)  # the blocks of the page


def begun(own: Cluster, schema: str) -> Team:
    """A team's database before there are tables in it."""
    team = Team(own, schema)
    team.run(SERVER_S, "postgres")
    if schema != "public":
        team.run(OTHER_SCHEMA, team.name)
        sql(own, team.name, "DROP SCHEMA public")
    team.run(OWNER_S, team.name, team.called("ledger_owner"))
    return team


@pytest.fixture(scope="module", params=["public", "desk"])
def team(own: Cluster, request: pytest.FixtureRequest) -> Team:
    """A team's ledger, made as the page says, in which everything was done by a writer, once."""
    team = begun(own, request.param)
    with as_ana():
        assert run_program(*MAKES, "--db", team.of("ledger_owner")).code == 0
    team.run(NARROWED, team.name, team.called("ledger_owner"))
    team.run(PEOPLE_S, team.name)
    return team


@dataclass(frozen=True, slots=True)
class Lived:
    """What was said to a writer who did all that there is to do, and what that did to each table.

    The latter by the server's count, which it forgets when it is killed: whether rows were added, altered, deleted.
    """

    said: list[tuple[tuple[str, ...], Ran]]
    done: dict[object, list[object]]


@pytest.fixture(scope="module")
def lived(team: Team, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Ana's life in the team."""
    files = tmp_path_factory.mktemp("lived")
    (files / "one.csv").write_text(FED.format("One more"))
    (files / "other.csv").write_text(FED.format("Said otherwise"))
    with as_ana() as patched:
        patched.chdir(files)
        said = [(step, run_program(*step, "--db", team.of("ana"))) for step in LIFE]
    with psycopg.connect(f"{team.own.url}/{team.name}", autocommit=True) as connection:
        while connection.execute("SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'ana%'").fetchone() != (
            0,
        ):
            time.sleep(0.01)  # each session tells its part when it ends
    did = "SELECT relname, n_tup_ins > 0, n_tup_upd > 0, n_tup_del > 0 FROM pg_stat_user_tables"
    return Lived(said, {name: cells for name, *cells in team.ask(did)})


def test_a_writer_may_do_everything_but_upgrade(lived: Lived) -> None:
    assert [(step, ran.err) for step, ran in lived.said if ran.code] == []


def test_a_writer_hears_nothing_of_what_the_server_does_only_for_the_owner(lived: Lived) -> None:
    """Who looks at a table's size, after an import."""
    assert [step for step, ran in lived.said if "WARNING" in ran.err or "skipping" in ran.err] == []


def test_a_writer_has_no_right_that_it_does_not_need(team: Team, lived: Lived) -> None:
    may = (
        "SELECT relname, has_table_privilege(oid, 'INSERT'), has_any_column_privilege(oid, 'UPDATE'),"
        " has_table_privilege(oid, 'DELETE') FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    )
    allowed = {name: cells for name, *cells in sql(team.own, team.name, may, user=team.called("ana"))}
    assert allowed == lived.done | {"alembic_version": [False, False, False]}


ROWS_THAT_GO = {"alias", "setting", "signal_day"}  # as commands take them away


def test_nobody_but_the_owner_can_delete_what_was_recorded(team: Team, lived: Lived) -> None:
    tables = {name for (name,) in team.ask("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")}
    assert tables > {"signal", "signal_was", "note", "change", "ally", "batch", *ROWS_THAT_GO}
    for who in ("ana", "bea"):
        for command_ in ("DELETE FROM", "TRUNCATE", "DROP TABLE"):
            kept = ROWS_THAT_GO if (who, command_) == ("ana", "DELETE FROM") else set()
            for table in tables - kept:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    sql(team.own, team.name, f"{command_} {table}", user=team.called(who))


def test_nobody_but_the_owner_can_alter_what_was_recorded(team: Team, lived: Lived) -> None:
    for command_ in (
        "UPDATE change SET author = 'nobody'",
        "UPDATE note SET text = 'other'",
        "UPDATE signal_was SET summary = 'other'",
        "CREATE TABLE other (id integer)",
        "UPDATE alembic_version SET version_num = '0001'",
    ):
        for who in ("ana", "bea"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                sql(team.own, team.name, command_, user=team.called(who))


def test_a_reader_may_run_every_command_that_reads(run: Run, team: Team, lived: Lived) -> None:
    for args in READS:
        ran = run(*args.split(), "--db", team.of("bea"))
        assert (args, ran.code) == (args, 0), ran
        assert "may not" not in ran.err
    assert run("db", "copy", team.of("bea"), "copy.db").code == 0
    assert run("export", "--db", "copy.db") == run("export", "--db", team.of("bea"))


def test_a_reader_who_writes_is_refused_in_one_clear_line(run: Run, team: Team, lived: Lived) -> None:
    before = run("history", "--limit", "0", "--db", team.of("bea"))
    for args in WRITES:
        ran = run(*args, "--db", team.of("bea"))
        assert (args, ran.code, ran.out) == (args, 1, "")
        assert ran.err.count("error: ") == 1
        message, hint = ran.err.splitlines()[-2:]  # a removal names first what it would remove
        assert message.startswith(f"error: you may not write {team.of('bea')}: permission denied "), ran.err
        assert hint == "hint: ask whoever owns the ledger for the role of a writer"
    assert run("history", "--limit", "0", "--db", team.of("bea")) == before


def test_a_role_outside_the_team_reads_nothing(run: Run, team: Team) -> None:
    sql(team.own, "postgres", f"CREATE ROLE {team.called('eve')} LOGIN")
    ran = run("list", "--db", team.of("eve"))
    refused(ran, f'cannot use {team.of("eve")}: permission denied for database "{team.name}"')
    sql(team.own, "postgres", f"GRANT CONNECT ON DATABASE {team.name} TO {team.called('eve')}")
    for args in (("list",), LOG):  # who may not look into the schema sees no table, as in an empty database
        ran = run(*args, "--db", team.of("eve"))
        deed, role = ("read", "reader") if args == ("list",) else ("write", "writer")
        refused(
            ran,
            f"you may not {deed} {team.of('eve')}: its schema {team.schema} is closed to this user",
            f"ask whoever owns the ledger for the role of a {role}",
        )


def test_whoever_may_not_make_the_tables_is_told_who_can(run: Run, own: Cluster) -> None:
    team = Team(own, "nobodys")
    team.run(SERVER_S, "postgres")
    team.run(PEOPLE_S, team.name)
    ran = run(*LOG, "--db", team.of("ana"))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        f"error: you may not write {team.of('ana')}: permission denied for schema public\n"
        "hint: whoever owns the ledger can do that, or open it to you\n"
    )


# -- bringing a shared ledger up to date

OLDER = """
INSERT INTO setting VALUES ('principal', 'Russia'), ('principal-code', 'RUS');
INSERT INTO change (id, at, author, command, what) VALUES
  (1, '2026-05-01 08:00Z', 'ana', 'new ledger', 'the principal and its first allies'),
  (2, '2026-05-01 09:00Z', 'ana', 'log', 'china abstain');
INSERT INTO ally (slug, name, code, line, added_by) VALUES
  ('china', 'China', 'CHN', '', 1), ('iran', 'Iran', 'IRN', '', 1);
INSERT INTO signal (id, uid, ally_id, happened_on, act, actor, kind, score, summary, words, origin, private,
  recorded_at, recorded_by, added_by) VALUES
  (1, 'a', 1, '2026-02-24', 'abstain', 'ally', 'distancing', -1, 'Abstains', 'abstains', 'desk', false,
   '2026-05-01 09:00Z', 'ana', 2)
"""


def older(url: str, revision: str) -> str:
    """Makes a ledger with an older schema, as the program of that time did; its URL."""
    store = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with store.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(schema.migrations()))
        command.upgrade(config, revision)
        for one in OLDER.split(";"):
            connection.exec_driver_sql(one)
    store.dispose()
    return url


@pytest.fixture(params=["0003"])
def old(own: Cluster, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a ledger with an older schema."""
    with made(own) as url:
        yield older(url, request.param)


def test_an_older_ledger_on_a_server_is_neither_read_nor_written_nor_upgraded_unasked(run: Run, old: str) -> None:
    reading = (("list",), ("summary",), ("db", "check"))
    for args in (*reading, LOG, ("import", SAMPLE), ("undo", "--yes"), ("edit", "1", "B2")):
        refused(
            run(*args, "--db", old),
            f"{old} has the schema 0003; this program needs {schema.HEAD}",
            f"bring it up to date, once there is a copy of it: scrutiny --db {old} db upgrade",
            4,
        )
    assert completion.slugs(old) == []
    assert run("db", "upgrade", "--db", old).code == 0
    assert run(*LOG, "--db", old).code == 0
    assert size(run, old) == 2


def test_two_upgrades_at_once_upgrade_once(own: Cluster, old: str) -> None:
    said = list[str]()

    def upgrade(_: int) -> None:
        with open_ledger(old, writing=True, making=False, upgrading=True, author="ana", say=said.append):
            pass

    with psycopg.connect(old) as other, ThreadPoolExecutor(2) as pool:
        other.execute(f"SELECT pg_advisory_xact_lock({TURN})")
        done = pool.map(upgrade, range(2))
        when_waiting(other, 2)
        other.rollback()
        list(done)
    assert said == [f"note: the ledger's schema goes from 0003 to {schema.HEAD}"]


def test_an_upgrade_that_fails_half_way_leaves_the_ledger_as_it_was(
    run: Run, own: Cluster, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade = schema.upgrade

    def fails(connection: sa.Connection) -> None:
        upgrade(connection)
        end_sessions(own, old)

    before = run("list", "--db", old)
    with monkeypatch.context() as patched:
        patched.setattr(schema, "upgrade", fails)
        ran = run("db", "upgrade", "--db", old)
    assert ran.code == 1
    assert ran.err.endswith(f"error: the server of {old} went away: {ENDED}\nhint: {WHEN_BACK}\n")
    assert run("list", "--db", old) == before
    assert run("db", "upgrade", "--db", old).code == 0


@pytest.mark.parametrize("old", ["0002"], indirect=True)  # from which tables are altered that are read
def test_an_upgrade_does_not_wait_for_ever_for_those_who_read(
    run: Run, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "GIVE_UP_AFTER", 0.3)
    with psycopg.connect(old) as other:
        other.execute("SELECT count(*) FROM signal")
        ran = run("db", "upgrade", "--db", old)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines()[-2:] == [
        f"error: others have been using {old} for 60 s; nothing was written",
        "hint: try again when they have finished",
    ]
    assert run("db", "upgrade", "--db", old).code == 0


@pytest.mark.parametrize("on", ["a server", "a file"])
def test_a_writer_does_not_write_what_a_newer_program_has_upgraded_meanwhile(
    request: pytest.FixtureRequest, home: Path, on: str
) -> None:
    """It read a long file, say, while somebody upgraded."""
    place = request.getfixturevalue("db") if on == "a server" else str(home / "ledger.db")
    with open_ledger(place, writing=True, author="ana") as ledger:
        before = ledger.size()
        ledger._connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(BrokenLedger, match="has got the schema 9999 meanwhile; nothing was written"):
            ledger.add([visit("Too late")])
        assert ledger.size() == before


def test_what_an_upgrade_adds_is_open_to_writers_and_readers_at_once(run: Run, own: Cluster) -> None:
    team = begun(own, "older")
    older(team.of("ledger_owner"), "0003")
    team.run(PEOPLE_S, team.name)
    ran = run("db", "upgrade", "--db", team.of("ana"))
    assert ran.code == 1
    message, hint = ran.err.splitlines()[-2:]
    assert message.startswith(f"error: you may not write {team.of('ana')}: ")
    assert hint == "hint: whoever owns the ledger can do that, or open it to you"
    assert run("db", "upgrade", "--db", team.of("ledger_owner")).code == 0
    for step in (LOG, ("note", "china", "Warms"), ("edit", "1", "B2"), ("undo",), ("db", "check")):
        ran = run(*step, "--db", team.of("ana"))
        assert (step, ran.code) == (step, 0), ran.err
    for asked in ("list", "summary", "note", "history", "db check"):
        assert (asked, run(*asked.split(), "--db", team.of("bea")).code) == (asked, 0)


# -- copies


def test_the_owner_can_bring_a_ledger_that_was_a_file(run: Run, own: Cluster) -> None:
    team = begun(own, "brought")
    assert run("import", SAMPLE, "--db", "ledger.db").code == 0
    assert run("db", "copy", "ledger.db", team.of("ledger_owner")).code == 0
    team.run(NARROWED, team.name, team.called("ledger_owner"))
    team.run(PEOPLE_S, team.name)
    assert run("export", "--db", team.of("bea")) == run("export", "--db", "ledger.db")
    for step in (LOG, ("import", SAMPLE), ("undo", "--yes")):
        assert (step, run(*step, "--db", team.of("ana")).code) == (step, 0)
    assert size(run, team.of("bea")) == 91


@pytest.mark.parametrize("by", ["TCP", "a socket"])
def test_the_server_notices_within_a_minute_that_the_line_of_a_copy_is_dead(
    run: Run, own: Cluster, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """Or its turn would never end; on a socket there is no line that could be dead, and nothing to set."""
    names = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout")
    held, begun_ = list[object](), copying._filled

    def asked(source: Side, target: Side, *rest: Any) -> Any:
        held.extend(target.connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names)
        return begun_(source, target, *rest)

    monkeypatch.setattr(copying, "_filled", asked)
    assert run("import", SAMPLE, "--db", "ledger.db").code == 0
    with made(own) as db:
        socket_ = f"postgresql://scrutiny@/{db.rpartition('/')[2]}?host={own.folder}&port={own.port}"
        ran = run("db", "copy", "ledger.db", db if by == "TCP" else socket_)
        assert (ran.code, ran.err[:7]) == (0, "copied "), ran
        assert size(run, db) == 90
    assert held == (["30", "10", "3", "60000"] if by == "TCP" else ["0", "0", "0", "0"])


def test_a_standby_answers_whoever_reads_and_refuses_whoever_writes(run: Run, own: Cluster, db: str) -> None:
    with folder() as files, standby(own, files) as second:
        there = db.replace(str(own.port), str(second.port))
        for asked in READS[::3]:
            assert (asked, run(*asked.split(), "--db", there).code) == (asked, 0)
        assert run("export", "--db", there) == run("export", "--db", db)
        for args in WRITES:
            ran = run(*args, "--db", there)
            message, hint = ran.err.splitlines()[-2:]
            assert message.startswith(f"error: {there} is only read: cannot execute "), args
            assert (ran.code, hint) == (1, "hint: name the server that is written, not its standby")
        either = (
            f"postgresql://scrutiny@/{db.rpartition('/')[2]}?host=127.0.0.1:{second.port}&host=127.0.0.1:{own.port}"
        )
        assert run(*LOG, "--db", f"{either}&target_session_attrs=read-write").code == 0
    assert size(run, db) == 91


def test_a_reader_can_copy_the_ledger_with_the_servers_tools_and_the_owner_can_bring_it_back(
    run: Run, own: Cluster, team: Team, lived: object, home: Path
) -> None:
    """By the lines of the page."""
    before = [run(*args, "--db", team.of("bea")).out for args in (("export",), ("history", "--limit", "0"))]
    name = f"{team.name}_again"
    dumped, copied = (team.here(line) for line in SHELL[COPIED].splitlines())
    back = [
        team.here(line).replace(" again", f" {name}").replace("/again", f"/{name}") for line in brought_back(team)
    ]
    typed(own, "\n".join((dumped, copied)), home)
    said = typed(own, "\n".join(back), home, **as_who_runs_it(own))
    assert "is sound" in said
    there, theirs = (team.of(who).rpartition("/")[0] + f"/{name}" for who in ("ledger_owner", "ana"))
    assert [run(*args, "--db", there).out for args in (("export",), ("history", "--limit", "0"))] == before
    assert run("export", "--db", "ledger.db").out == before[0]
    assert run("db", "check", "--db", there).code == 0
    assert run(*LOG, "--db", theirs).code == 0


def brought_back(team: Team) -> list[str]:
    """The lines of the page that bring a dump back, of which one is only for a ledger in a schema of its own."""
    lines = SHELL[BROUGHT_BACK].splitlines()
    assert ["search_path = desk" in line for line in lines] == [False, True, False, False]
    return [line for line in lines if team.schema == "desk" or "search_path" not in line]


@pytest.mark.parametrize("team", ["desk"], indirect=True)
def test_a_ledger_in_a_schema_that_is_not_looked_into_is_not_taken_for_none(
    run: Run, own: Cluster, team: Team, lived: object
) -> None:
    """As after a dump is brought back without the line that says where to look: a second ledger would be made."""
    with made(own, team.name) as url:
        for who in ("scrutiny", team.called("ledger_owner")):
            there, name = url.replace("scrutiny@", f"{who}@"), url.rpartition("/")[2]
            sql(own, "postgres", f"ALTER DATABASE {name} OWNER TO {who}", f"GRANT ALL ON DATABASE {name} TO {who}")
            sql(own, name, "CREATE SCHEMA IF NOT EXISTS public", f"GRANT ALL ON SCHEMA public TO {who}")
            assert run("import", SAMPLE, "--db", "ledger.db").code == 0
            for args in (("list", "--db", there), (*LOG, "--db", there), ("db", "copy", "ledger.db", there)):
                refused(
                    run(*args),
                    f"the ledger of {there} is in its schema desk, which the search_path does not name",
                    f"as whoever owns it: ALTER DATABASE {name} SET search_path = desk",
                )
            assert sql(own, name, "SELECT FROM pg_tables WHERE schemaname = 'public'") == []
        sql(own, "postgres", f"ALTER DATABASE {name} SET search_path = desk")
        assert run(*LOG, "--db", there).code == 0
