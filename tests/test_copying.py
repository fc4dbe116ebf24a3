"""db copy: a ledger moved whole between files and servers, history and all, and shown to be the same there."""

import hashlib
import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from scrutiny.errors import ScrutinyError
from scrutiny.store import copying, keeping, sides
from scrutiny.store.engines import postgresql, sqlite
from scrutiny.store.opening import open_ledger
from scrutiny.store.sides import TABLES, Side
from tests.conftest import NOW, SAMPLE_DAY, Ran, Run, run_program
from tests.feeds import bring, signal
from tests.hostile import OVERRIDE, PIECES, TAGS
from tests.test_errors import refused
from tests.test_hostile import NAMED_SO, inoffensive
from tests.test_postgresql import LIFE, SAMPLE, same_uids
from tests.test_store import WAITING

pytestmark = pytest.mark.file  # these say themselves which ledger is where

DONE = re.compile(r"copied (.*) to (.*); both sides have the digest (\w{64})\nuse it: scrutiny --db \S+ summary\n")
FEW = 25  # rows in a transaction, so that the sample's ninety signals take four
OF_THE_SAMPLE = (
    "export",
    "history -f json",
    "list --search gener -f json",
    f"summary --as-of {SAMPLE_DAY}",
    "db check",
)
REFUSED = (
    "list", "summary", "export", "history", "ally list", "setting", "undo", "db check", "db upgrade",
    "log china visit x 2026-05-01", "import signals.csv", "note iran x",
)  # fmt: skip
HEADER = "uid,date,ally,act,summary,source,recorded_at,recorded_by\n"
ODD = (  # cells in which stores may differ
    "a,0001-01-02,china,visit,'quoted' \\N \\. \\t back\\slash,,0001-01-02T03:04:05.000001Z,Zoë\n"
    f"Z,9999-12-31,iran,visit,{OVERRIDE} {TAGS} ÉNERGIE 😀,Ωmega,9999-12-30T23:59:59.999999Z,o\n"
    "~,2026-03-29,syria,visit,in a night without an hour,,2026-03-29T01:30:00Z,\n"
)
ALL = (
    "export --raw", "history -f json --limit 0", "list -f json --limit 0 --origin all", "ally list -f json",
    "note -f json", "batches -f json", "setting -f json", "list --search energie -f json", "candidates -f json",
    f"summary -f json --as-of {SAMPLE_DAY}", f"summary --origin feeds -f json --as-of {SAMPLE_DAY}",
    *(f"history --change {number} -f json" for number in (3, 5, 12, 21)), "history 12 -f json",
)  # fmt: skip


def answers(db: str) -> list[Ran]:
    """What a ledger says to everything."""
    said = [run_program(*question.split(), "--db", db) for question in ALL]
    assert {ran.code for ran in said} == {0}, said
    return said


def is_sound(db: str) -> bool:
    return "is sound" in run_program("db", "check", "--db", db).out


def digest(ran: Ran) -> str:
    """The digest that a copy said in the end."""
    found = DONE.search(ran.err)
    assert (ran.code, ran.out) == (0, ""), ran
    assert found, ran.err
    return found[3]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger to which everything was done that can be done to one, made once."""
    path = tmp_path_factory.mktemp("lived") / "ledger.db"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_USER", "ana")
        for command in [command for day in LIFE for command in day]:
            assert run_program(*command, "--db", str(path)).code == 0
        bring([signal("gdelt:1", "2026-05-01", "visit", cameo="042", mentions=2**31 - 1)], str(path))
        assert run_program("import", "-", "--db", str(path), stdin=HEADER + ODD).code == 0
        assert run_program("import", str(SAMPLE), "--db", str(path)).code == 0  # brought back what was taken back
        aliases = [word for name in ("Ärmel", "arm", "Zebra", "ämt", "a-b", "a b c") for word in ("--alias", name)]
        assert run_program("ally", "add", "Wagner Two", *aliases, "--db", str(path)).code == 0
    return path


@pytest.fixture
def lived(home: Path, template: Path) -> str:
    """That ledger as the test's own."""
    (home / "ledger.db").write_bytes(template.read_bytes())
    return str(home / "ledger.db")


@pytest.fixture(params=["file", "server"])
def to(request: pytest.FixtureRequest, home: Path) -> str:
    """An empty place, of either kind."""
    return str(home / "copy.db") if request.param == "file" else request.getfixturevalue("empty")


@contextmanager
def raw(db: str) -> Iterator[Callable[..., Any]]:
    """A store without the program: what executes a statement there."""
    if "://" in db:
        with psycopg.connect(db, autocommit=True) as server:
            yield lambda statement: server.execute(statement.encode())
    else:
        with closing(sqlite3.connect(db, isolation_level=None)) as file:
            yield file.execute


# -- the same there


def test_a_ledger_goes_to_a_server_and_back_whole(run: Run, lived: str, empty: str, home: Path) -> None:
    first = run("db", "copy", lived, empty)
    again = run("db", "copy", empty, "back.db")
    assert digest(first) == digest(again)
    expected = answers(lived)
    assert answers(empty) == expected
    assert answers("back.db") == expected
    assert all(map(is_sound, (lived, empty, "back.db")))


def test_a_copy_goes_from_file_to_file_and_from_server_to_server(run: Run, lived: str, to: str, home: Path) -> None:
    digests = [digest(run("db", "copy", lived, to))]
    other = str(home / "other.db")
    if "://" in to:
        other = f"{to}_other"
        with raw(to) as execute:
            execute(f"CREATE DATABASE {other.rpartition('/')[2]}")
    digests.append(digest(run("db", "copy", to, other)))
    assert digests[0] == digests[1]
    assert answers(other) == answers(lived)


def test_a_copy_goes_on_as_the_ledger_would(run: Run, lived: str, to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo, redo and numbers that go on from the last, in a copy as in the ledger itself."""
    digest(run("db", "copy", lived, to))
    monkeypatch.setattr("scrutiny.store.opening.open_ledger", partial(open_ledger, now=lambda: NOW))
    commands = (
        ("log", "china,kazakhstan", "visit", "After the copy", "2026-05-20"),
        ("undo",),
        ("redo",),
        ("undo", "--any"),
        ("note", "iran", "After the copy too"),
        ("ally", "add", "Wagner Three"),
        ("edit", "last", "A1", "--summary", "Other words altogether"),
        ("list", "--search", "altogether"),
        ("import", "-"),
        ("export",),
        ("history", "-f", "json"),
        ("db", "check"),
    )

    def said(db: str) -> list[Ran]:
        same_uids(monkeypatch)
        found = [run(*command, "--db", db, stdin=HEADER + ODD.replace("~,", "n,")) for command in commands]
        return [Ran(ran.code, ran.out.replace(db, "DB"), ran.err.replace(db, "DB")) for ran in found]

    for command, here, there in zip(commands, said(lived), said(to), strict=True):
        assert (command, here.code) == (command, 0), here
        assert (command, there) == (command, here)


def test_the_digest_is_what_the_documentation_says(run: Run, lived: str, to: str) -> None:
    """Counted anew here, from docs/formats.md and with SQLite alone."""
    lines = []
    with closing(sqlite3.connect(lived)) as file:
        tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table.startswith(("alembic_version", "sqlite_", "signal_search")):
                continue
            columns = sorted(file.execute(f"PRAGMA table_info({table})").fetchall(), key=lambda one: one[1])
            key = [one[1] for one in sorted((one for one in columns if one[5]), key=lambda one: one[5])]
            truths = [at for at, one in enumerate(columns) if one[2] == "BOOLEAN"]
            asked = f"SELECT {', '.join(one[1] for one in columns)} FROM {table} ORDER BY {', '.join(key)}"  # noqa: S608  # ours
            rows = [list(row) for row in file.execute(asked)]
            for row in rows:
                for at in truths:
                    row[at] = bool(row[at])
            said = "".join(f"{json.dumps(row, ensure_ascii=False, separators=(',', ':'))}\n" for row in rows)
            lines.append(f"{table} {len(rows)} {hashlib.sha256(said.encode()).hexdigest()}\n")
    assert len(lines) > 10
    assert digest(run("db", "copy", lived, to)) == hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def test_neither_zone_nor_manner_of_dates_of_a_server_changes_anything(
    run: Run, lived: str, empty: str, home: Path
) -> None:
    name = empty.rpartition("/")[2]
    with raw(empty) as execute:
        execute(f"ALTER DATABASE {name} SET timezone TO 'America/St_Johns'")
        execute(f"ALTER DATABASE {name} SET datestyle TO 'SQL, DMY'")
        execute(f"ALTER DATABASE {name} SET extra_float_digits TO 0")
    assert digest(run("db", "copy", lived, empty)) == digest(run("db", "copy", empty, "back.db"))
    assert answers("back.db") == answers(lived)


def test_what_is_said_at_the_end(run: Run, sample: Path, to: str) -> None:
    ran = run("db", "copy", "ledger.db", to)
    found = DONE.fullmatch(ran.err)
    assert found, ran
    assert found.groups()[:2] == ("90 signals and 2 changes", to)
    assert run(*f"--db {to} summary".split()).code == 0


def test_a_file_is_its_owners_alone_and_nothing_lies_beside_it(run: Run, sample: Path, home: Path) -> None:
    before = os.umask(0)  # that of a user who lets everybody read what is made
    try:
        assert run("db", "copy", "ledger.db", "new/folder/copy.db").code == 0
    finally:
        os.umask(before)
    assert [path.name for path in (home / "new" / "folder").iterdir()] == ["copy.db"]
    assert stat.S_IMODE((home / "new" / "folder" / "copy.db").stat().st_mode) == 0o600


def test_a_file_that_is_empty_is_as_good_as_none(run: Run, sample: Path, home: Path) -> None:
    (home / "copy.db").touch()
    digest(run("db", "copy", "ledger.db", "copy.db"))
    assert answers_of_the_sample("copy.db") == answers_of_the_sample("ledger.db")


def test_how_far_a_copy_is_is_told_to_the_end(sample: Path, to: str) -> None:
    told = list[tuple[int, int]]()
    keeping.copy(str(sample), to, "ana", lambda done, whole: told.append((done, whole)), lambda _: None)
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] > 2 * 90


def test_keys_that_are_text_are_sorted_by_their_bytes_on_a_server(run: Run, sample: Path, empty: str) -> None:
    """Or the rows of both sides would not come in the same order."""
    assert run("db", "copy", "ledger.db", empty).code == 0
    texts = [(one.table.name, one.name) for one in _key_columns() if not hasattr(one.type, "as_integer")]
    with raw(empty) as execute:
        found = execute("SELECT table_name, column_name FROM information_schema.columns WHERE collation_name = 'C'")
        assert {("alias", "key"), ("setting", "name")} <= set(texts) <= set(found.fetchall())


def _key_columns() -> list[Any]:
    keys = [column for table in TABLES for column in table.primary_key.columns]
    return [column for column in keys if "char" in str(column.type).casefold()]


# -- from where, and to where


def test_whoever_may_only_read_a_ledger_may_copy_it(run: Run, lived: str, empty: str, home: Path) -> None:
    digest(run("db", "copy", lived, empty))
    name = empty.rpartition("/")[2]
    with raw(empty) as execute:
        execute(f"CREATE ROLE {name}_reader LOGIN")
        execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}_reader")
    digest(run("db", "copy", empty.replace("scrutiny@", f"{name}_reader@"), "back.db"))
    assert answers("back.db") == answers(lived)


def test_a_file_that_may_only_be_read_is_copied(run: Run, lived: str, home: Path) -> None:
    expected = answers(lived)
    (home / "closed").mkdir()
    Path(lived).rename(home / "closed" / "ledger.db")
    (home / "closed" / "ledger.db").chmod(0o400)
    (home / "closed").chmod(0o500)
    try:
        digest(run("db", "copy", "closed/ledger.db", "copy.db"))
    finally:
        (home / "closed").chmod(0o700)
    assert answers("copy.db") == expected


def test_over_a_ledger_nothing_is_copied(run: Run, sample: Path, to: str) -> None:
    assert run("log", "iran", "visit", "What stands there", "2026-05-01", "--db", to).code == 0
    before = run("export", "--db", to)
    ran = run("db", "copy", "ledger.db", to)
    refused(ran, 1)
    assert ran.err == f"error: there is a ledger at {to} already\nhint: copy to another place\n"
    assert run("export", "--db", to) == before
    assert not Path(f"{to}.copying").exists()


def test_over_another_programs_database_nothing_is_copied(run: Run, sample: Path, to: str) -> None:
    with raw(to) as execute:
        execute("CREATE TABLE another (id INTEGER)")
    ran = run("db", "copy", "ledger.db", to)
    refused(ran, 4)
    assert ran.err == f"error: {to} is a database, but not a ledger\nhint: copy to another place\n"


@pytest.mark.parametrize("kind", ["the same", "another way", "a link"])
def test_a_ledger_is_not_copied_over_itself(run: Run, sample: Path, home: Path, kind: str) -> None:
    (home / "link.db").symlink_to(sample)
    other = {"the same": "ledger.db", "another way": f"{home}/./ledger.db", "a link": "link.db"}[kind]
    before = sample.read_bytes()
    refused(run("db", "copy", "ledger.db", other), 1)
    assert sample.read_bytes() == before


PARTS = ("-wal", "-shm", "-journal")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("base", ["ledger.db", "other.db", "link.db"])
def test_no_copy_is_made_where_sqlite_keeps_a_part_of_a_ledger(
    run: Run, sample: Path, home: Path, base: str, part: str
) -> None:
    """The next command on that ledger would destroy it, or be destroyed by it."""
    assert run("log", "iran", "visit", "In another", "2026-05-01", "--db", "other.db").code == 0
    (home / "link.db").symlink_to(sample)
    before = sorted(home.iterdir())
    expected = f"belongs to {home / base}\nhint: name another file\n"
    for args in (
        ("db", "copy", "ledger.db", f"{base}{part}"),
        ("db", "backup", str(home / f"{base}{part}")),
        ("db", "restore", "other.db", "--db", f"{base}{part}", "--yes"),
        ("log", "iran", "visit", "x", "2026-05-01", "--db", f"{base}{part}"),
        ("list", "--db", f"{base}{part}"),
    ):
        ran = run(*args)
        refused(ran, 1)
        assert ran.err == f"error: {home / base}{part} {expected}"
    assert sorted(home.iterdir()) == before


@pytest.mark.parametrize("name", [*PARTS, "new.db-wal"])
def test_a_copy_may_be_named_like_a_part_of_nothing(run: Run, sample: Path, home: Path, name: str) -> None:
    digest(run("db", "copy", "--", "ledger.db", name))
    assert answers_of_the_sample(f"./{name}")[0] == answers_of_the_sample("ledger.db")[0]


def test_a_ledger_that_is_named_like_the_turn_of_a_copy_is_left_alone(run: Run, sample: Path, home: Path) -> None:
    sample.rename(home / "copy.db.copying")
    before = run("export", "--db", "copy.db.copying")
    ran = run("db", "copy", "copy.db.copying", "copy.db")
    refused(ran, 1)
    assert ran.err == f"error: {home}/copy.db.copying is in the way of a copy\nhint: copy to another place\n"
    assert run("export", "--db", "copy.db.copying") == before


def test_a_ledger_on_a_server_is_not_copied_over_itself(run: Run, sample: Path, empty: str) -> None:
    assert run("db", "copy", "ledger.db", empty).code == 0
    refused(run("db", "copy", empty, empty), 1)
    refused(run("db", "copy", empty, empty.replace("127.0.0.1", "localhost")), 1)
    assert is_sound(empty)


def test_where_there_is_no_ledger_there_is_nothing_to_copy(run: Run, home: Path, empty: str) -> None:
    for place in (str(home / "ledger.db"), empty):
        ran = run("db", "copy", place, "copy.db")
        refused(ran, 1)
        assert ran.err == f"error: there is no ledger at {place}\n"
    assert [*home.iterdir()] == []


def test_an_older_ledger_is_brought_up_to_date_first(run: Run, sample: Path, home: Path) -> None:
    with raw("ledger.db") as execute:
        execute("UPDATE alembic_version SET version_num = '0003'")
    ran = run("db", "copy", "ledger.db", "copy.db")
    refused(ran, 4)
    assert "has the schema 0003" in ran.err
    assert ran.err.endswith(": scrutiny --db ledger.db db upgrade\n")
    assert not (home / "copy.db").exists()


@pytest.mark.parametrize("before", [("--db", "other.db", "db"), ("db", "--db", "other.db")])
def test_the_places_are_named_by_copy_itself(run: Run, sample: Path, before: tuple[str, ...]) -> None:
    ran = run(*before, "copy", "ledger.db", "copy.db")
    refused(ran, 2)
    assert ran.err == "error: db copy names both places itself\nhint: leave --db out\n"


@pytest.mark.parametrize(
    ("to", "code", "said"),
    [
        ("", 2, "a place is empty"),
        (".", 1, "is a folder"),
        ("ledger.db/copy.db", 1, "cannot"),
        ("postgresql:x", 2, "looks like a database URL"),
        ("mysql://localhost/x", 1, "no ledger can be kept on mysql"),
        ("postgresql://ana:geheim@127.0.0.1:1/x", 1, "postgresql://ana:***@127.0.0.1:1/x"),
        ("notes.txt", 4, "is not a ledger"),
    ],
)
def test_where_no_copy_can_be_it_is_said(run: Run, sample: Path, home: Path, to: str, code: int, said: str) -> None:
    (home / "notes.txt").write_text("not a ledger\n" * 100)
    ran = run("db", "copy", "ledger.db", to)
    refused(ran, code)
    assert said in ran.err
    assert "geheim" not in ran.err


def test_a_place_on_a_server_where_one_may_not_make_tables_is_refused(run: Run, sample: Path, empty: str) -> None:
    name = empty.rpartition("/")[2]
    with raw(empty) as execute:
        execute(f"CREATE ROLE {name}_guest LOGIN")
    ran = run("db", "copy", "ledger.db", empty.replace("scrutiny@", f"{name}_guest@"))
    refused(ran, 1)
    assert "permission denied for schema public" in ran.err


@pytest.mark.parametrize("name", NAMED_SO)
def test_a_copy_may_have_any_name(run: Run, sample: Path, name: str) -> None:
    inoffensive(run("db", "copy", "--", "ledger.db", PIECES[name]))
    assert answers_of_the_sample(PIECES[name])[0] == answers_of_the_sample("ledger.db")[0]


# -- what is not sound


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE signal SET score = 'much' WHERE id = 40",
        "UPDATE signal SET summary = x'ff' WHERE id = 40",
        "UPDATE signal SET summary = CAST(x'ff41' AS TEXT) WHERE id = 40",
        "UPDATE signal SET happened_on = '2026-02-30' WHERE id = 40",
        "UPDATE signal SET recorded_at = 'yesterday' WHERE id = 40",
        "UPDATE signal SET ally_id = 999 WHERE id = 40",
        "UPDATE change SET what = 'a' || char(0) || 'b' WHERE id = 2",
    ],
)
def test_what_no_server_can_hold_is_refused_with_what_to_do(run: Run, sample: Path, empty: str, damage: str) -> None:
    with raw("ledger.db") as execute:
        execute("PRAGMA ignore_check_constraints = ON")
        execute(damage)
    ran = run("db", "copy", "ledger.db", empty)
    assert ran.code in (1, 4), ran
    refused(ran, ran.code)
    assert re.search("scrutiny --db ledger.db db (check|restore COPY)", ran.err)
    assert "unfinished copy" in run("list", "--db", empty).err


def test_a_copy_that_is_not_the_ledger_is_never_taken_for_it(
    run: Run, sample: Path, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cell that changes on its way, which nothing but the digest notices."""
    load = Side.load

    def spoilt(target: Side, table: Any, rows: list[Any]) -> None:
        load(target, table, [tuple(1.25 if cell == 2.8 else cell for cell in row) for row in rows])

    with monkeypatch.context() as patched:
        patched.setattr(Side, "load", spoilt)
        ran = run("db", "copy", "ledger.db", to)
    refused(ran, 4)
    assert ran.err.startswith(f"error: the table signal of {to} is not the ledger's: 90 ")
    assert "unfinished copy" in run("list", "--db", to).err
    again = run("db", "copy", "ledger.db", to)
    assert "note: the ledger has changed since then; its table signal is copied anew\n" in again.err
    digest(again)
    assert run("export", "--db", to) == run("export")


# -- broken off


LOAD = Side.load


@dataclass
class Loads:
    """How many rows of each table were written, and after how many transactions of signals the disk is full."""

    full_after: int | None = None
    rows: dict[str, int] = field(default_factory=dict)
    signals: int = 0

    def _load(self, target: Side, table: Any, rows: list[Any]) -> None:
        if table.name == "signal":
            if self.signals == self.full_after:
                raise ScrutinyError("the disk is full")
            self.signals += 1
        LOAD(target, table, rows)
        self.rows[table.name] = self.rows.get(table.name, 0) + len(rows)

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Counts from here on, and fails then."""

        def load(target: Side, table: Any, rows: list[Any]) -> None:
            self._load(target, table, rows)

        monkeypatch.setattr(Side, "load", load)


@pytest.fixture
def broken(run: Run, sample: Path, to: str, monkeypatch: pytest.MonkeyPatch) -> Loads:
    """A copy of the sample of which fifty signals are there; what comes next is counted."""
    monkeypatch.setattr(sides, "CHUNK", FEW)
    Loads(full_after=2).watch(monkeypatch)
    ran = run("db", "copy", "ledger.db", to)
    assert (ran.code, ran.err) == (1, "error: the disk is full\n")
    counted = Loads()
    counted.watch(monkeypatch)
    return counted


def test_a_copy_that_was_broken_off_goes_on_where_it_stopped(run: Run, broken: Loads, to: str, sample: Path) -> None:
    ran = run("db", "copy", "ledger.db", to)
    assert re.match(r"note: going on with a copy that was broken off, of which \d+ rows came there\ncopied", ran.err)
    digest(ran)
    assert broken.rows["signal"] == 40
    assert not broken.rows.keys() & {"change", "ally", "batch", "setting"}
    assert answers_of_the_sample(to) == answers_of_the_sample("ledger.db")


def answers_of_the_sample(db: str) -> list[Ran]:
    said = [run_program(*question.split(), "--db", db) for question in OF_THE_SAMPLE]
    assert {ran.code for ran in said} == {0}
    return [Ran(ran.code, ran.out.replace(str(Path(db).absolute()), "DB").replace(db, "DB"), ran.err) for ran in said]


def test_nobody_takes_an_unfinished_copy_for_a_ledger(run: Run, broken: Loads, to: str, home: Path) -> None:
    (home / "signals.csv").write_text(HEADER + ODD)
    place = to.replace("scrutiny@", "scrutiny:geheim@")
    named = [f"{command} --db {place}" for command in REFUSED]
    for args in (*named, f"db copy {place} other.db"):
        ran = run(*args.split())
        refused(ran, 4)
        assert ran.err == (
            f"error: {place.replace('geheim', '***')} is the unfinished copy of a ledger\n"
            "hint: finish it: type the same db copy again\n"
        )
    digest(run("db", "copy", "ledger.db", to))
    assert answers_of_the_sample(to) == answers_of_the_sample("ledger.db")


def test_neither_is_a_file_that_is_one_kept_or_overwritten(
    run: Run, sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Loads(full_after=0).watch(monkeypatch)
    assert run("db", "copy", "ledger.db", "copy.db").code == 1
    for args in ("backup kept.db --db copy.db", "restore ledger.db --db copy.db", "restore copy.db"):
        ran = run("db", *args.split())
        refused(ran, 4)
        assert "is the unfinished copy of a ledger" in ran.err
    assert sorted(path.name for path in home.iterdir()) == ["copy.db", "copy.db.copying", "ledger.db"]


def test_what_was_logged_since_a_copy_was_broken_off_is_in_it(run: Run, broken: Loads, to: str) -> None:
    assert run("log", "iran", "visit", "While it was broken off", "2026-05-21").code == 0
    digest(run("db", "copy", "ledger.db", to))
    assert broken.rows["signal"] == 41
    assert answers_of_the_sample(to) == answers_of_the_sample("ledger.db")


@pytest.mark.parametrize(
    "command",
    [
        ("edit", "3", "A1", "--summary", "Other words about energy in general"),
        ("ally", "edit", "china", "--stake", "5", "--alias", "Zhongguo"),
        ("undo", "2", "--yes"),
        ("remove", "1,2,90"),
        ("ally", "merge", "syria", "--into", "iran"),
    ],
    ids=" ".join,
)
def test_what_was_changed_since_a_copy_was_broken_off_is_changed_in_it(
    run: Run, broken: Loads, to: str, command: tuple[str, ...]
) -> None:
    assert run(*command).code == 0
    ran = run("db", "copy", "ledger.db", to)
    assert "note: the ledger has changed since then; its table " in ran.err
    digest(ran)
    assert answers_of_the_sample(to) == answers_of_the_sample("ledger.db")


def test_a_ledger_that_lost_its_last_signals_is_copied_without_them(
    run: Run, sample: Path, to: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One brought back from an older copy, between two tries: its numbers go on as its own."""
    (home / "old.db").write_bytes(sample.read_bytes())
    for number in range(3):
        assert run("log", "iran", "visit", f"Number {number}", "2026-05-21").code == 0
    with monkeypatch.context() as patched:
        patched.setattr(copying, "_compare", lambda *_: 1 / 0)  # which breaks it off when all is there
        with pytest.raises(ZeroDivisionError):
            run("db", "copy", "ledger.db", to)
    digest(run("db", "copy", str(home / "old.db"), to))
    assert run("log", "iran", "visit", "The next", "2026-05-21", "--db", to).err.startswith("#91 ")


def test_the_unfinished_copy_by_another_version_is_left_alone(run: Run, broken: Loads, to: str) -> None:
    with raw(to) as execute:
        execute("UPDATE alembic_version SET version_num = 'copying 0001'")
    ran = run("db", "copy", "ledger.db", to)
    refused(ran, 1)
    assert "is the unfinished copy by another version of this program" in ran.err
    assert broken.rows == {}


# -- killed, and two at once

SLOW = f"""
import sys
from scrutiny.cli import app
from scrutiny.store import sides
load, sides.CHUNK = sides.Side.load, {FEW}
def slow(target, table, rows):
    load(target, table, rows)
    print(table.name, flush=True)
    if table.name == "signal":
        sys.stdin.readline()
sides.Side.load = slow
app(args=["db", "copy", *sys.argv[1:]], prog_name="scrutiny")
"""  # waits for a line after each 25 signals, before their transaction ends


@contextmanager
def slowly(db: str, to: str) -> Iterator[subprocess.Popen[str]]:
    """A program that copies until the third transaction of signals and waits there for lines."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, db, to], stdin=pipe, stdout=pipe, stderr=pipe, text=True, env={**os.environ}
    ) as copy:
        assert copy.stdin
        assert copy.stdout
        signals = 0
        for line in copy.stdout:
            signals += line == "signal\n"
            if signals == 3:
                break
            if line == "signal\n":
                copy.stdin.write("\n")
                copy.stdin.flush()
        yield copy
        copy.kill()


def test_a_copy_that_was_killed_goes_on_when_it_is_typed_again(
    run: Run, sample: Path, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with slowly("ledger.db", to) as copy:
        copy.kill()
    if "://" not in to:
        assert {path.name for path in Path(to).parent.glob("*copying*")} == {"copy.db.copying"}
    assert "unfinished copy" in run("list", "--db", to).err
    counted = Loads()
    counted.watch(monkeypatch)
    digest(run("db", "copy", "ledger.db", to))
    assert counted.rows["signal"] == 40
    assert answers_of_the_sample(to) == answers_of_the_sample("ledger.db")
    assert not Path(f"{to}.copying").exists()


def test_a_second_copy_to_the_same_place_waits_and_gives_up_in_words(
    run: Run, sample: Path, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for engine in (sqlite, postgresql):
        monkeypatch.setattr(engine, "SAY_AFTER", 0.05)
        monkeypatch.setattr(engine, "GIVE_UP_AFTER", 0.2)
    with slowly("ledger.db", to):
        ran = run("db", "copy", "ledger.db", to)
        assert run("list", "--db", to).err.startswith(f"error: {to} is the unfinished copy")
    assert (ran.code, ran.err) == (
        1,
        (
            f"{WAITING}\nerror: another program has been writing {to} for 60 s; nothing was written\n"
            "hint: try again when it has finished\n"
        ),
    )


def test_a_second_copy_that_waited_finds_the_first_one_finished(run: Run, sample: Path, to: str) -> None:
    second = list[Ran]()
    with slowly("ledger.db", to) as copy:
        waiting = threading.Thread(target=lambda: second.append(copied_beside("ledger.db", to)))
        waiting.start()
        _, err = copy.communicate("\n\n", timeout=20)
        waiting.join()
    assert (copy.returncode, "copied 90 signals" in err) == (0, True)
    refused(second[0], 1)
    assert f"there is a ledger at {to} already" in second[0].err
    assert not Path(f"{to}.copying").exists()
    assert is_sound(to)


def copied_beside(db: str, to: str) -> Ran:
    """A copy made by another program."""
    command = [sys.executable, "-m", "scrutiny", "db", "copy", db, to]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    return Ran(ran.returncode, ran.stdout, ran.stderr.replace(f"{WAITING}\n", ""))


def test_a_copy_made_while_another_writes_is_of_one_moment(run: Run, sample: Path, to: str) -> None:
    before = run("export")
    with slowly("ledger.db", to) as copy:
        assert run("log", "iran", "visit", "Meanwhile", "2026-05-21").code == 0
        assert run("edit", "90", "A1").code == 0
        copy.communicate("\n\n", timeout=20)
    assert copy.returncode == 0
    assert run("export", "--db", to) == before
    assert is_sound(to)
