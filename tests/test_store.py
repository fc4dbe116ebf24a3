"""The store: what the schema refuses by itself, what a new file is, and that no write is lost or half done."""

import itertools
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from sqlmodel import SQLModel

from scrutiny.core.acts import Kind
from scrutiny.core.allies import Ally
from scrutiny.core.filters import Filter
from scrutiny.core.signals import Signal
from scrutiny.errors import ScrutinyError
from scrutiny.feeds import Row
from scrutiny.store import schema
from scrutiny.store.engines import sqlite
from scrutiny.store.ledger import Ledger
from scrutiny.store.opening import open_ledger
from scrutiny.store.tables import declare_partial_indices
from tests.conftest import NOW, Ran, Run
from tests.feeds import event_row
from tests.stores import is_there, raw
from tests.test_transfer import signals

WAITING = "waiting for another program to finish writing the ledger ..."


def signal(uid: str, ally: str = "china", **more: Any) -> Signal:
    """A signal of which only the named parts matter."""
    said: dict[str, Any] = {"happened_on": date(2026, 2, 24), "kind": Kind.SUPPORT, "score": 2.8, "summary": "Xi"}
    return Signal(uid=uid, ally=ally, **said | more)


def opened(place: Path | str, **more: Any) -> Ledger:
    how: dict[str, Any] = {"writing": True, "author": "ana"}
    return open_ledger(str(place), **how | more)


@pytest.fixture
def sound(sample: Path, place: str) -> Iterator[sa.Connection]:
    """The sample's store without the program."""
    with raw(place) as connection:
        yield connection


def copied(store: sa.Connection, table: str, **cells: object) -> None:
    """Inserts the table's first row once more, with some cells changed."""
    row = dict(store.exec_driver_sql(f"SELECT * FROM {table} ORDER BY id LIMIT 1").mappings().one())  # noqa: S608
    row |= {"id": store.exec_driver_sql(f"SELECT max(id) + 1 FROM {table}").scalar()} | cells  # noqa: S608
    marks = ", ".join(f":{name}" for name in row)
    store.execute(sa.text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"), row)  # noqa: S608


# -- what the schema refuses by itself


def test_a_right_row_is_taken(sound: sa.Connection) -> None:
    copied(sound, "signal", uid="new")
    copied(sound, "ally", slug="new", code=None)
    assert sound.exec_driver_sql("SELECT count(*) FROM signal").scalar() == 91


@pytest.mark.parametrize(
    "cells",
    [
        {"score": 0},
        {"score": 10.01},
        {"score": -10.01},
        {"score": 1.234},
        {"score": "high"},
        {"score": None},
        {"kind": "support", "score": -1},
        {"kind": "distancing", "score": 1},
        {"kind": "warmth"},
        {"kind": None},
        {"actor": "me"},
        {"actor": None},
        {"domain": "energie"},
        {"driver": "wars"},
        {"grade": "B"},
        {"grade": "B22"},
        {"grade": "G1"},
        {"grade": "A7"},
        {"grade": "b2"},
        {"happened_on": "2026-02-30"},
        {"happened_on": "24feb"},
        pytest.param({"happened_on": "2026-2-4"}, marks=pytest.mark.file),  # a server reads it as a day
        pytest.param({"happened_on": "2026-02-24 00:00:00"}, marks=pytest.mark.file),
        {"happened_on": ""},
        {"happened_on": 20260224},
        {"happened_on": None},
        {"summary": ""},
        {"summary": None},
        {"origin": ""},
        {"uid": ""},
        {"uid": "u" * 201},
        {"uid": None},
        {"ally_id": 999},
        {"added_by": 999},
        {"removed_by": 999},
        {"batch_id": 999},
        {"recorded_at": None},
    ],
    ids=str,
)
def test_a_wrong_signal_is_refused_by_the_schema(sound: sa.Connection, cells: dict[str, object]) -> None:
    with pytest.raises(sa.exc.DatabaseError):
        copied(sound, "signal", **({"uid": "new"} | cells))


def test_a_uid_is_taken_once(sound: sa.Connection) -> None:
    with pytest.raises(sa.exc.IntegrityError, match=r"signal[._]uid"):
        copied(sound, "signal")


@pytest.mark.parametrize(
    "cells",
    [
        {"slug": "china"},
        {"slug": "New"},
        {"slug": ""},
        {"slug": "n" * 61},
        {"name": ""},
        {"code": "CHN"},
        {"code": "CH"},
        {"code": "new"},
        {"stake": 0},
        {"stake": -1},
        {"stake": 1001},
    ],
    ids=str,
)
def test_a_wrong_ally_is_refused_by_the_schema(sound: sa.Connection, cells: dict[str, object]) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        copied(sound, "ally", **({"slug": "new", "code": None} | cells))


def test_an_ally_with_signals_cannot_be_deleted(sound: sa.Connection) -> None:
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)foreign key"):
        sound.exec_driver_sql("DELETE FROM ally WHERE slug = 'china'")


def test_a_change_is_undone_once(sound: sa.Connection) -> None:
    copied(sound, "change", undoes=2)
    with pytest.raises(sa.exc.IntegrityError):
        copied(sound, "change", undoes=2)


@pytest.mark.file
def test_the_search_index_follows_every_row(sound: sa.Connection) -> None:
    def found(word: str) -> list[int]:
        asked = "SELECT rowid FROM signal_search WHERE signal_search MATCH ?"
        return [number for (number,) in sound.exec_driver_sql(asked, (word,))]

    copied(sound, "signal", uid="new", words="zebra crossing", batch_id=None)  # as one that is logged
    assert found("zebra") == [91]
    sound.exec_driver_sql("UPDATE signal SET words = 'okapi' WHERE id = 91")
    assert (found("zebra"), found("okapi")) == ([], [91])
    sound.exec_driver_sql("DELETE FROM signal WHERE id = 91")
    assert found("okapi") == []
    sound.exec_driver_sql("INSERT INTO signal_search (signal_search) VALUES ('integrity-check')")


# -- schema and migrations


def test_the_tables_are_what_the_migrations_make(ledger: Ledger, place: str) -> None:
    def ours(obj: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
        return not (kind in ("table", "index") and (name or "").startswith("signal_search"))

    declare_partial_indices()
    with raw(place) as connection:
        options = {"include_object": ours, "compare_type": True, "compare_server_default": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata)
    assert found == []


def test_the_newest_migration_is_the_one_the_program_knows(ledger: Ledger, place: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.migrations()))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]
    assert schema.HEAD in schema.KNOWN
    with raw(place) as store:
        assert store.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == [schema.HEAD]


# -- the file


def test_a_new_ledger_is_its_owners_alone(home: Path) -> None:
    before = os.umask(0)
    try:
        with opened(home / "deep" / "new.db") as ledger:
            ledger.add([signal("a")])
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (home / "deep").iterdir()}
            folder = stat.S_IMODE((home / "deep").stat().st_mode)
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(("new.db", "new.db-wal", "new.db-shm"), 0o600)
    assert folder == 0o700


def test_an_empty_file_made_beforehand_becomes_a_ledger_of_its_owner(home: Path) -> None:
    place = home / "ledger.db"
    place.touch(mode=0o644)
    with opened(place) as ledger:
        ledger.add([signal("a")])
        assert ledger.count(Filter()) == 1
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.file
def test_a_ledger_keeps_a_write_ahead_log_and_its_foreign_keys(ledger: Ledger, home: Path) -> None:
    asked = ("journal_mode", "foreign_keys", "synchronous")
    assert [ledger._connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked] == ["wal", 1, 2]
    with closing(sqlite3.connect(home / "ledger.db")) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_making_a_ledger_leaves_nothing_beside_it(home: Path) -> None:
    with opened(home / "ledger.db"):
        pass
    assert [path.name for path in home.iterdir()] == ["ledger.db"]


def test_a_new_ledger_that_cannot_be_filled_leaves_nothing_behind(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ValueError("no migrations")

    monkeypatch.setattr(schema, "upgrade", fails)
    with pytest.raises(ValueError, match="no migrations"):
        opened(home / "ledger.db")
    assert list(home.iterdir()) == []


def test_where_files_cannot_be_linked_a_ledger_is_made_in_place(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", fails)
    with opened(home / "ledger.db") as ledger:
        assert len(ledger.roster().allies) == 4
    assert [path.name for path in home.iterdir()] == ["ledger.db"]
    assert stat.S_IMODE((home / "ledger.db").stat().st_mode) == 0o600


def test_a_reader_of_no_ledger_finds_a_new_one_and_makes_none(home: Path, place: str) -> None:
    with opened(place, writing=False) as ledger:
        assert (ledger.absent, len(ledger.roster().allies), ledger.count(Filter())) == (True, 4, 0)
    assert (is_there(place), list(home.iterdir())) == (False, [])


def test_a_reader_cannot_write(sample: Path, place: str) -> None:
    with pytest.raises(ScrutinyError), opened(place, writing=False) as ledger:
        ledger.add([signal("a")])
    with opened(place, writing=False) as ledger:
        assert ledger.count(Filter()) == 90


@pytest.mark.file
def test_in_a_folder_that_cannot_be_written_a_reader_makes_no_file_beside_the_ledger(
    sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def beside() -> set[str]:
        with opened(sample, writing=False) as ledger:
            assert ledger.count(Filter()) == 90
            return {path.name for path in home.iterdir()}

    assert beside() == {"ledger.db", "ledger.db-shm", "ledger.db-wal"}
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    assert beside() == {"ledger.db"}


# -- several at once


FORTY = """
import os, sys
import alembic.command, pycountry, scrutiny.cli.log, scrutiny.store.opening  # as good as started
from scrutiny.cli import main

running, codes = 0, set()
for number in range(40):
    if running == 8:
        codes.add(os.wait()[1])
        running -= 1
    running += 1
    if not os.fork():
        sys.argv = ["scrutiny", "log", "china,kazakhstan", "visit", f"Visit number {number}", "2026-02-24"]
        code = 99
        try:
            main()
        except SystemExit as left:
            code = left.code or 0
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
while running:
    codes.add(os.wait()[1])
    running -= 1
print(codes)
"""


@pytest.mark.file
def test_a_ledger_that_another_makes_at_that_moment_is_taken_for_one(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the question whether it is there and the question what else is."""
    monkeypatch.setattr(ledger._connection.dialect, "has_table", lambda *_: False)
    assert schema.revision(ledger._connection, "here") == schema.HEAD


def test_forty_first_uses_eight_at_a_time_lose_nothing(home: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", FORTY], capture_output=True, check=False, text=True)
    assert (ran.returncode, ran.stdout, "error" in ran.stderr) == (0, "{0}\n", False), ran.stderr
    assert ran.stderr.count("note: Kazakhstan (KAZ) is new here and was added to the allies\n") == 1
    with closing(sqlite3.connect(home / "ledger.db")) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert [number for (number,) in raw.execute("SELECT id FROM signal ORDER BY id")] == list(range(1, 81))
        kept = sorted(raw.execute("SELECT slug, summary FROM signal JOIN ally ON ally.id = ally_id"))
        assert raw.execute("SELECT count(*) FROM change").fetchone() == (41,)
    assert kept == sorted((slug, f"Visit number {n}") for slug in ("china", "kazakhstan") for n in range(40))
    assert [path.name for path in home.iterdir()] == ["ledger.db"]


def test_many_writers_at_once_lose_nothing(ledger: Ledger, place: str) -> None:
    def write(writer: int) -> None:
        for number in range(10):
            with opened(place, author=f"w{writer}") as mine:
                mine.add([signal(f"{writer}-{number}")])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    found = ledger.signals(Filter())
    assert {one.uid for one in found} == {f"{writer}-{number}" for writer in range(8) for number in range(10)}
    assert all(one.recorded_by == f"w{one.uid[0]}" for one in found)
    assert len({one.change for one in found}) == 80


@pytest.mark.file
def test_a_writer_waits_its_turn_and_says_so(run: Run, sample: Path) -> None:
    with closing(sqlite3.connect(sample, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = threading.Timer(1.5, other.execute, ["COMMIT"])
        done.start()
        ran = run("log", "china", "visit", "Xi in Moscow", "2026-02-24")
        done.join()
    assert ran == Ran(
        0,
        "",
        f"{WAITING}\n#91 China  support +2.8 (visit)  Tue 2026-02-24  no grade\ntake it back: scrutiny undo 3\n",
    )


@pytest.mark.file
def test_a_writer_that_waits_too_long_gives_up_in_words(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "SAY_AFTER", 0.05)
    monkeypatch.setattr(sqlite, "GIVE_UP_AFTER", 0.2)
    with closing(sqlite3.connect(sample, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ran = run("log", "china", "visit", "Xi in Moscow")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        f"{WAITING}\nerror: another program has been writing {sample} for 60 s; nothing was written\n"
        "hint: try again when it has finished\n"
    )


@pytest.mark.file
def test_a_reader_neither_waits_nor_makes_wait(run: Run, sample: Path) -> None:
    before = run("summary", "-f", "json")
    with closing(sqlite3.connect(sample, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM signal_search")
        assert run("summary", "-f", "json") == before
    with opened(sample, writing=False) as reader:
        reading = reader.exported(Filter())
        next(reading)
        assert run("log", "china", "visit", "Xi in Moscow").err.startswith("#91 ")
        reading.close()


# -- changes


def changes(place: str) -> list[tuple[Any, ...]]:
    with raw(place) as store:
        found = store.exec_driver_sql("SELECT id, at, author, command, what, undoes FROM change ORDER BY id")
        return [tuple(row) for row in found]


def test_every_command_that_changes_anything_is_one_change(run: Run, place: str) -> None:
    run("log", "china,iran", "abstain", "They abstain")
    run("ally", "add", "Kazakhstan")
    run("ally", "edit", "china", "--stake", "5")
    run("undo")
    run("redo")
    run("edit", "1", "B2")
    run("remove", "2")
    run("ally", "merge", "syria", "--into", "iran")
    run("ally", "remove", "belarus")
    run("note", "china", "Drifts", "--on", "2026-05-19")
    run("list")
    assert [(author, command, what, undoes) for _, _, author, command, what, undoes in changes(place)] == [
        ("ana", "new ledger", "the principal and its first allies", None),
        ("ana", "log", "china abstain, iran abstain", None),
        ("ana", "ally add", "kazakhstan", None),
        ("ana", "ally edit", "china", None),
        ("ana", "undo", "change 4", 4),
        ("ana", "redo", "change 4", 5),
        ("ana", "edit", "#1 grade", None),
        ("ana", "remove", "#2", None),
        ("ana", "ally merge", "syria into iran", None),
        ("ana", "ally remove", "belarus", None),
        ("ana", "note", "china 2026-05-19", None),
    ]


def test_times_never_go_back_though_the_clock_does(place: str) -> None:
    clocks = [NOW, NOW.replace(hour=5), NOW.replace(year=1999), NOW.replace(hour=12)]
    for number, clock in enumerate(clocks):
        with opened(place, now=lambda at=clock: at) as ledger:
            ledger.add([signal(str(number))])
    with opened(place, writing=False) as ledger:
        recorded = {one.uid: one.recorded_at for one in ledger.signals(Filter())}
    assert recorded == {"0": NOW, "1": NOW, "2": NOW, "3": NOW.replace(hour=12)}
    times = [at for _, at, *_ in changes(place)]
    assert times == sorted(times)


def test_a_failing_write_leaves_nothing_of_itself(place: str) -> None:
    with opened(place) as ledger:
        ledger.add([signal("a")])
    before = changes(place)
    kazakhstan = Ally(slug="kazakhstan", name="Kazakhstan")
    with pytest.raises(ScrutinyError), opened(place) as ledger:
        ledger.add([signal("b", "kazakhstan"), signal("c"), signal("a")], [kazakhstan])
    assert changes(place) == before
    with opened(place) as ledger:
        assert [one.uid for one in ledger.signals(Filter())] == ["a"]
        assert ledger.roster().find("kazakhstan") is None
        assert ledger.add([signal("b")]).change == 3


def test_an_interrupted_write_leaves_nothing_and_the_ledger_goes_on(ledger: Ledger) -> None:
    class Odd(Exception):
        pass

    def endless() -> Iterator[Row]:
        yield event_row(2, signal("a"))
        raise Odd

    with pytest.raises(Odd):
        ledger.stage(endless())
    assert ledger.add([signal("b")]).signals[0].id == 1
    assert ledger.count(Filter()) == 1


# -- across the border

NUMBERS = itertools.count()


@settings(
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # one ledger serves all examples
)
@given(signals())
def test_a_signal_comes_back_from_its_row_as_it_was(ledger: Ledger, one: Signal) -> None:
    given = replace(one, ally="china", uid=f"{next(NUMBERS)}{one.uid}"[:200])
    (written,) = ledger.add([given]).signals
    assert written == ledger.signal(written.id) == ledger.signal(None)
    assert (written.recorded_at, written.recorded_by) == (NOW, "ana")
    back = replace(written, id=None, change=None, recorded_at=one.recorded_at, recorded_by=one.recorded_by)
    assert back == given


def test_a_moment_comes_back_in_utc(ledger: Ledger) -> None:
    (written,) = ledger.add([signal("a")]).signals
    assert written.recorded_at == datetime(2026, 5, 21, 9, 30, tzinfo=UTC)
    assert written.recorded_at.tzinfo is UTC
