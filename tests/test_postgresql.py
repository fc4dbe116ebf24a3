"""A ledger on PostgreSQL gives the same answers as one in a SQLite file."""

import re
import subprocess
import sys
import threading
from collections import defaultdict
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
import pytest

from scrutiny.errors import ScrutinyError
from scrutiny.store.engines.postgresql import TURN
from scrutiny.store.opening import open_ledger
from tests.conftest import NOW, SAMPLE_DAY, Ran, Run
from tests.feeds import bring, signal
from tests.test_gdelt import line as gdelt
from tests.test_icews import HEADER as ICEWS
from tests.test_icews import line as icews

SAMPLE = Path(__file__).parent.parent / "scrutiny" / "sample" / "signals.csv"

STEPS: tuple[tuple[str, ...], ...] = (
    ("import", str(SAMPLE)),
    ("import", str(SAMPLE)),
    ("log", "china,Türkiye", "visit", "Ministers meet over ÉNERGIE; 100% 'agreed'", "2026-05-21", "B2", "energy"),
    ("log", "prk", "distancing", "A bare kind with no grade", "--on", "2026-05-20", "--score", "-1.25"),
    ("undo", "3"),
    ("ally", "add", "Wagner Group", "--alias", "Wagner"),
    ("ally", "edit", "china", "--stake", "5"),
    ("ally", "list",),
    ("list", "--limit", "0"),
    ("list", "--search", "energie"),
    ("list", "--search", "gener ass", "--kind", "support"),
    ("list", "--grade", "B", "--domain", "energy,military", "--since", "2024-01-01", "--format", "csv"),
    ("list", "--grade", "none"),
    ("list", "--no-act"),
    ("list", "--batch", "1", "--origin", "desk", "--recorded-by", "ana", "--by", "third"),
    ("show", "12", "--format", "markdown"),
    ("summary", "--as-of", SAMPLE_DAY, "--format", "json"),
    ("summary", "--as-of", SAMPLE_DAY),
    ("summary", "china", "--as-of", "2025-01-01", "--format", "json"),
    ("summary", "--by", "ally", "--window", "400", "--as-of", SAMPLE_DAY),
    ("summary", "--origin", "all", "--as-of", SAMPLE_DAY),
    ("summary", "--origin", "feeds", "--as-of", SAMPLE_DAY),
    ("summary", "india", "--as-of", SAMPLE_DAY),
    ("explain", "china", "--as-of", SAMPLE_DAY, "--format", "json"),
    ("explain", "iran", "--as-of", SAMPLE_DAY, "--level", "--kind", "support", "--limit", "3"),
    ("explain", "india", "--as-of", SAMPLE_DAY, "--signal", "76"),
    ("changes", "--since", "90d", "--as-of", SAMPLE_DAY),
    ("changes", "--since", "1000d", "--as-of", SAMPLE_DAY, "--by", "ally", "--format", "json"),
    ("changes", "--recorded-since", "2026-05-20", "--format", "json"),
    ("changes", "--recorded-since", "2026-05-21", "--exit-code"),
    ("compare", "china", "iran", "Wagner", "--as-of", SAMPLE_DAY),
    ("compare", "china", "iran", "--as-of", SAMPLE_DAY, "--format", "json"),
    ("list", "--surprising"),
    ("list", "--surprising", "--kind", "support", "--search", "iran", "--limit", "1"),
    ("list", "china", "--surprising"),
    ("setting", "principal", "China"),
    ("log", "atlantis", "visit", "nobody was there"),
    ("undo", "2"),
    ("import", str(SAMPLE)),
    ("export",),
    ("export", "--format", "jsonl", "belarus"),
    ("edit", "12", "A1", "energy", "--summary", "Ministers fall out over ÉNERGIE", "--act", "criticise"),
    ("edit", "13", "--ally", "kazakhstan", "--private", "--clear", "grade,source"),
    ("edit", "14", "--kind", "support"),
    ("edit", "999", "B2"),
    ("list", "--search", "fall out energie"),
    ("remove", "20,21", "last"),
    ("remove", "20", "22"),
    ("remove", "22", "999"),
    ("import", str(SAMPLE)),
    ("undo",),
    ("redo",),
    ("redo",),
    ("undo", "2"),
    ("undo", "--any"),
    ("redo", "--any"),
    ("ally", "merge", "kazakhstan", "--into", "iran"),
    ("ally", "merge", "iran", "--into", "persia"),
    ("ally", "show", "kz", "--format", "json"),
    ("ally", "remove", "iran"),
    ("ally", "remove", "wagner"),
    ("undo",),
    ("history",),
    ("history", "--format", "json", "--limit", "7"),
    ("history", "--ally", "iran"),
    ("history", "--ally", "kazakhstan", "--recorded-by", "ana"),
    ("history", "12"),
    ("history", "13", "--format", "json"),
    ("history", "last"),
    ("history", "--change", "2", "--limit", "5"),
    *(("history", "--change", str(number), "--format", "json") for number in range(1, 22)),
    ("history", "--change", "999"),
    ("show", "13"),
    ("show", "20", "--format", "json"),
    ("undo", "3", "--yes"),
    ("redo", "3"),
    ("note", "china", "Hedges over ÉNERGIE; 100% 'agreed'", "--on", "2026-05-19"),
    ("note", "iran", "Holds", "--on", "2026-05-20"),
    ("note", "iran", "Drifts", "--on", "2026-05-20"),
    ("undo",),
    ("note",),
    ("note", "china", "--format", "json"),
    ("summary", "china", "--as-of", SAMPLE_DAY, "--format", "json"),
    ("ally", "add", "Mali"),
    ("note", "mali", "Turns", "--on", "2026-05-01"),
    ("ally", "remove", "mali"),
    ("ally", "merge", "mali", "--into", "china"),
    ("history", "--ally", "mali"),
    ("history", "--ally", "china", "--format", "json"),
    *(("history", "--change", str(number), "--format", "json") for number in range(22, 34)),
    ("note", "mali"),
    ("undo",),
    ("note", "--format", "csv"),
    ("note", "--known", "today", "--format", "csv"),
    ("export", "--raw"),
    ("db", "check"),
)  # fmt: skip

# Feed events, beside a signal of the desk, and what is asked and made of them.
FED = (
    signal("gdelt:1", "2026-05-01", "visit", cameo="042", mentions=12, source="https://x.org/1"),
    signal("icews:1", "2026-05-01", "1", cameo="040", origin="icews", source="https://x.org/0"),
    signal("gdelt:2", "2026-05-02", "-5", cameo="120", mentions=2**31 - 1, source="HTTPS://x.org/É"),
    signal("icews:2", "2026-05-03", "-5", cameo="112", origin="icews", source="HTTPS://x.org/É"),
    signal("gdelt:3", "2026-05-03", "-2.01", cameo="1124", mentions=3, summary="Rejects ÉNERGIE"),
    signal("gdelt:4", "2026-05-04", "abstain", ally="iran", source="Le Monde, p. 3"),
    signal("d", "2026-05-01", "call", origin="desk", source="Le Monde, p. 3"),
)
ON_EVENTS: tuple[tuple[str, ...], ...] = (
    ("candidates",),
    ("candidates", "china,iran", "--since", "2026-05-01", "--limit", "2", "--format", "json"),
    ("candidates", "--origin", "icews", "--kind", "distancing"),
    ("candidates", "--search", "rejects energie", "--origin", "all"),
    ("candidates", "--origin", "xyz"),
    ("list", "--duplicates"),
    ("list", "china", "--duplicates", "--limit", "2", "--format", "json"),
    ("list", "--duplicates", "--origin", "desk", "--format", "csv"),
    ("list", "--duplicates", "--search", "energie"),
    ("summary", "china", "--as-of", SAMPLE_DAY),
    ("summary", "china", "--as-of", SAMPLE_DAY, "--format", "json"),
    ("summary", "--as-of", SAMPLE_DAY),
    ("accept", "last"),
    ("accept", "1", "visit", "B2", "diplomatic"),
    ("accept", "1"),
    ("accept", "999"),
    ("candidates", "--format", "csv"),
    ("list", "--duplicates"),
    ("list", "--origin", "all"),
    ("undo",),
    ("accept", "1", "--score", "1"),
    ("redo", "3"),
    ("undo", "5"),
    ("redo", "3"),
    ("history",),
    ("history", "8", "--format", "json"),
    ("candidates", "--known", "today"),
    ("list", "--duplicates", "--known", "today", "--format", "json"),
    ("summary", "china", "--known", "today", "--as-of", SAMPLE_DAY),
    ("db", "check"),
)

# A few days of changes, and what is asked at the end of each, then and later.
LIFE: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("import", str(SAMPLE)), ("ally", "add", "Wagner Group", "--alias", "Wagner")),
    (("log", "kazakhstan,china", "visit", "A visit over ÉNERGIE", "2026-05-01", "B2"), ("edit", "19", "A1", "war")),
    (("edit", "90", "--summary", "Other words", "--ally", "iran", "--act", "halt"), ("remove", "1,2,92")),
    (
        ("ally", "merge", "kazakhstan", "--into", "iran"),
        ("undo", "5"),
        ("ally", "edit", "china", "--name", "PRChina"),
    ),
    (("redo", "5"), ("undo", "2", "--yes"), ("ally", "remove", "wagner")),
    (("import", str(SAMPLE)), ("undo", "7"), ("redo", "7"), ("undo", "--any"), ("undo", "10")),
    (("note", "china", "Warms"), ("note", "iran", "Cools", "--on", "2026-05-01"), ("note", "iran", "Odd"), ("undo",)),
    (("ally", "merge", "iran", "--into", "china"),),
    (("undo",), ("undo",)),
)
ASKED = (
    "summary -f json", "explain china", "changes --recorded-since 2026-05-10", "list --search energie",
    "list --search other -f json", "list --surprising -f csv", "export", "history -f csv", "history 90",
    "history --ally iran", "history --change 4 -f json", "ally list", "note -f json",
)  # fmt: skip


def same_uids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begins the uids anew, so that each ledger has the same."""
    numbers: defaultdict[int, count[int]] = defaultdict(count)  # by size: a new file's name takes one as well
    monkeypatch.setattr("secrets.token_hex", lambda size: f"{next(numbers[size]) * 7919 % 10007:0{2 * size}x}")


def test_every_command_answers_as_on_sqlite(
    run: Run, empty: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrutiny.store.opening.open_ledger", partial(open_ledger, now=lambda: NOW))

    def answers(db: str) -> list[Ran]:
        same_uids(monkeypatch)
        said = [run(*step, "--db", db) for step in STEPS]
        return [Ran(ran.code, ran.out.replace(db, "DB"), ran.err.replace(db, "DB")) for ran in said]

    for step, there, here in zip(STEPS, answers(empty), answers(str(home / "other.db")), strict=True):
        assert (step, there) == (step, here)


def test_feed_events_are_read_compared_and_accepted_as_on_sqlite(
    run: Run, empty: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrutiny.store.opening.open_ledger", partial(open_ledger, now=lambda: NOW))

    def answers(db: str) -> list[Ran]:
        same_uids(monkeypatch)
        bring(FED, db)
        said = [run(*step, "--db", db) for step in ON_EVENTS]
        return [Ran(ran.code, ran.out.replace(db, "DB"), ran.err.replace(db, "DB")) for ran in said]

    there, here = answers(empty), answers(str(home / "other.db"))
    for step, one, other in zip(ON_EVENTS, there, here, strict=True):
        assert (step, one) == (step, other)
    refused = [" ".join(step) for step, ran in zip(ON_EVENTS, here, strict=True) if ran.code]
    assert refused == ["candidates --origin xyz", "accept last", "accept 1", "accept 999", "redo 3"]


HEAD = "uid,date,ally,act,summary,grade,source,recorded_at,recorded_by,private\n"
ROW = "{},2026-02-2{},{},visit,{} in Moskau,{},https://x.org/É,{},{},{}\n"
FILES = {  # as they are imported below
    "events.CSV": gdelt() + gdelt(2, code="051", goldstein="3.4", url="https://x.org/b") + gdelt(3, goldstein="0"),
    "later.CSV": gdelt(4) + gdelt(5, code="111", goldstein="-2.0", url="https://x.org/c") + gdelt(6, day="20250224"),
    "icews.tab": ICEWS + icews() + icews(Event_ID="2", Source_Name="Vladimir Putin", Target_Name="Xi Jinping",
                                         Source_Country="Russian Federation", Target_Country="China"),
    "desk.csv": (
        HEAD
        + ROW.format("b", 4, "China", "'=Xi", "B2", "0999-01-02T03:04:05.25Z", "boris", "true")
        + ROW.format("A", 5, "India", "Modi", "", "", "", "")
        + ROW.format("A", 5, "India", "Modi", "", "", "", "")
        + ROW.format("A", 5, "India", "Mödi", "", "", "", "")
    ).encode(),
    "new.csv": (
        HEAD
        + ROW.format("b", 4, "China", "Wang", "A1", "", "", "")
        + ROW.format("A", 6, "Iran", "Raisi", "C3", "", "", "")
        + ROW.format("c", 6, "Iran", "Raisi", "", "2026-02-27T03:04:05+02:00", "", "")
    ).encode(),
}  # fmt: skip
ON_FILES = (
    "import events.CSV --dry-run", "import events.CSV icews.tab", "import events.CSV later.CSV icews.tab --grade C3",
    "import desk.csv", "import desk.csv", "import new.csv", "import new.csv --update", "history 5", "history 6",
    "batches", "batches -f json", "export", "export -f jsonl", "list --search moskau -f json", "db check",
    "undo --yes", "export", "redo --yes", "export", "batches remove 1", "batches remove 4 --yes", "batches",
    "import events.CSV", "import desk.csv", "undo --yes", "list -f json --limit 0", "history -f json", "ally list",
    "batches remove 99", "summary --origin feeds --as-of 2026-05-20", "list --duplicates", "db check",
)  # fmt: skip


def test_files_come_in_and_go_out_as_on_sqlite(
    run: Run, empty: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrutiny.store.opening.open_ledger", partial(open_ledger, now=lambda: NOW))
    for name, content in FILES.items():
        (home / name).write_bytes(content)

    def answers(db: str) -> list[Ran]:
        same_uids(monkeypatch)
        assert run("log", "china", "visit", "Wang Yi in Moskau", "2026-02-24", "--db", db).code == 0
        said = [run(*step.split(), "--db", db) for step in ON_FILES]
        return [Ran(ran.code, ran.out.replace(db, "DB"), ran.err.replace(db, "DB")) for ran in said]

    there, here = answers(empty), answers(str(home / "other.db"))
    for step, one, other in zip(ON_FILES, there, here, strict=True):
        assert (step, one) == (step, other)
    assert [step for step, ran in zip(ON_FILES, here, strict=True) if ran.code] == ["batches remove 99"]


def test_what_was_recorded_since_a_day_is_told_as_on_sqlite(
    run: Run, empty: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two imports, the second of which is taken back and brought again, each on a day of its own."""
    header, *rest = SAMPLE.read_text("utf-8").splitlines(keepends=True)
    first, second = header + "".join(rest[::2]), header + "".join(rest[1::2])

    def answers(db: str) -> list[Ran]:
        said = []
        for day, step, text in (
            (10, ("import", "-"), first),
            (12, ("import", "-"), second),
            (14, ("undo", "--yes"), ""),
            (16, ("import", "-"), second),
        ):
            now = partial(datetime, 2026, 5, day, 23, 59, 59, tzinfo=UTC)
            monkeypatch.setattr("scrutiny.store.opening.open_ledger", partial(open_ledger, now=now))
            said.append(run(*step, "--db", db, stdin=text))
            for since in ("2026-05-09", "2026-05-10", "2026-05-12", "2026-05-16"):
                asked = ("--recorded-since", since, "--as-of", SAMPLE_DAY, "--format", "json")
                said.append(run("changes", *asked, "--db", db))
        return [Ran(ran.code, ran.out, ran.err.replace(db, "DB")) for ran in said]

    for there, here in zip(answers(empty), answers(str(home / "other.db")), strict=True):
        assert there == here


def test_every_past_day_is_shown_again_as_it_was_and_as_on_sqlite(
    run: Run, empty: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(day: int, db: str, *known: str) -> list[tuple[int, str]]:
        judging = ("--as-of", f"2026-05-{day}")
        said = []
        for question in ASKED:
            as_of = judging if question.split(maxsplit=1)[0] in ("summary", "explain", "changes") else ()
            said.append(run(*question.split(), *as_of, *known, "--db", db))
        return [(ran.code, ran.out) for ran in said]

    def lived(db: str) -> list[list[tuple[int, str]]]:
        """What is said on every second day, which is what is said of it later."""
        same_uids(monkeypatch)
        then = {}
        for day, commands in enumerate(LIFE, 10):
            at = partial(datetime, 2026, 5, day, 9, tzinfo=UTC)
            monkeypatch.setattr("scrutiny.store.opening.open_ledger", partial(open_ledger, now=at))
            for command in commands:
                ran = run(*command, "--db", db)
                assert (command, ran.code) == (command, 0), ran.err
            if day % 2:
                then[day] = asked(day, db)
        for day, said in then.items():
            assert asked(day, db, "--known", f"2026-05-{day}") == said
        return [*then.values()]

    assert lived(empty) == lived(str(home / "other.db"))


def test_many_writers_at_once_lose_nothing(run: Run, empty: str) -> None:
    """Also the first use: all of them find an empty database."""

    def log(number: int) -> None:
        command = [
            sys.executable,
            "-m",
            "scrutiny",
            "log",
            "china",
            "visit",
            f"Visit {number} of many",
            "--db",
            empty,
        ]
        subprocess.run(command, check=True, capture_output=True)

    threads = [threading.Thread(target=log, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    listed = run("list", "--format", "csv", "--limit", "0", "--db", empty)
    assert sorted(re.findall(r"Visit \d+ of many", listed.out)) == [f"Visit {n} of many" for n in range(8)]


def test_a_server_that_does_not_answer_is_one_clear_error_without_its_password(run: Run) -> None:
    ran = run("list", "--db", "postgresql://ana:geheim@127.0.0.1:1/ledger")
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err.startswith("error: cannot use postgresql://ana:***@127.0.0.1:1/ledger: ")
    assert ran.err.count("\n") == 2  # with a hint
    assert "geheim" not in ran.err


def test_without_its_driver_the_extra_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    ran = run("list", "--db", "postgresql://127.0.0.1/ledger")
    assert ran.code == 1
    assert ran.err == (
        "error: a ledger on PostgreSQL needs the extra scrutiny[postgres], which is not installed\n"
        'hint: pip install "scrutiny[postgres]"\n'
    )


def test_a_reader_cannot_write(run: Run, empty: str) -> None:
    assert run("log", "china", "visit", "To make the tables", "--db", empty).code == 0
    with pytest.raises(ScrutinyError, match="read-only"), open_ledger(empty, writing=False, author="ana") as ledger:
        ledger.undo(2)


def test_a_writer_waits_its_turn_and_says_so(run: Run, empty: str) -> None:
    assert run("log", "china", "visit", "To make the tables", "--db", empty).code == 0
    with psycopg.connect(empty) as other:
        other.execute(f"SELECT pg_advisory_xact_lock({TURN})")
        release = threading.Timer(1.5, other.rollback)
        release.start()
        ran = run("log", "china", "visit", "While another writes", "--db", empty)
        release.join()
    assert ran.code == 0
    assert ran.err.startswith("waiting for another program")
