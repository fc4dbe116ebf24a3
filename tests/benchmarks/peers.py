"""Programs that keep entries too: where they are, how their stores are made, and what one types to do as we do."""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import made
from tests.benchmarks.made import Entry
from tests.benchmarks.timed import Call

LOG, LIST, SUMMARY, SEARCH, IMPORT, EXPORT = "log", "list", "summary", "search", "import", "export"
DEEDS = (LOG, LIST, SUMMARY, SEARCH, IMPORT, EXPORT)
SAID = "A visit to be timed"
DAY = made.LAST.isoformat()
MONTH = DAY[:7]
NEWEST = 50  # entries that a list shows
COLUMNS = "uid TEXT PRIMARY KEY, date TEXT, ally TEXT, act TEXT, score REAL, summary TEXT"
INDICES = ("ally, date", "date")
PER_ALLY = "SELECT ally, count(*), avg(score), max(date) FROM entry GROUP BY ally"
JRNL = """\
colors: {{body: none, date: none, tags: none, title: none}}
default_hour: 9
default_minute: 0
editor: ''
encrypt: false
highlight: false
indent_character: '|'
journals: {{default: {{journal: {journal}}}}}
linewrap: 79
tagsymbols: '@'
template: false
timeformat: '%Y-%m-%d %H:%M'
version: v4.0
"""
LATEST = f"SELECT * FROM entry ORDER BY date DESC LIMIT {NEWEST}"  # noqa: S608  # our own number


def found(name: str) -> str | None:
    """A program beside this Python or on the path; None where there is none."""
    return shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")


class Peer(ABC):
    """One of them, with a store in a folder of its own."""

    name: str
    program: str
    get: str  # how one gets it

    def __init__(self, folder: Path, program: str) -> None:
        self.folder = folder
        self._program = program

    def load(self, file: Path) -> None:
        """Makes the store anew of a file's entries, and whatever else the deeds need."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self._entries_csv(file)
        self.fill(made.entries(file))

    @abstractmethod
    def fill(self, entries: Iterable[Entry]) -> None:
        """Writes the store."""

    @abstractmethod
    def deeds(self) -> dict[str, Call]:
        """How it does what we do, as far as it can."""

    @property
    def csv(self) -> Path:
        """The entries as a CSV file, for those who read such."""
        return self.folder / "entries.csv"

    def call(self, *args: str, stdin: str = "", clearing: tuple[Path, ...] = ()) -> Call:
        """A command of the program's in its own home, once the paths are gone."""

        def clear() -> None:
            for path in clearing:
                path.unlink(missing_ok=True)

        return Call((self._program, *args), self.env(), stdin, clear)

    def env(self) -> dict[str, str]:
        """What it finds in its environment: never the person's own settings."""
        return {"HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder)}

    def _entries_csv(self, file: Path) -> None:
        with self.csv.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(Entry._fields)
            writer.writerows(made.entries(file))


class Sqlite3(Peer):
    """SQLite's own shell on one table with indices."""

    name, program, get = "sqlite3", "sqlite3", "apt-get install sqlite3"

    def fill(self, entries: Iterable[Entry]) -> None:
        fill_table(self.folder / "store.db", entries)

    def deeds(self) -> dict[str, Call]:
        store, other = str(self.folder / "store.db"), self.folder / "other.db"
        insert = f"INSERT INTO entry VALUES (hex(randomblob(16)), '{DAY}', 'china', 'visit', 2.8, '{SAID}')"  # noqa: S608
        like = f"SELECT * FROM entry WHERE summary LIKE '%{made.RARE}%' ORDER BY date DESC LIMIT {NEWEST}"  # noqa: S608
        made_first = f"CREATE TABLE entry ({COLUMNS})"
        bring = ("-cmd", made_first, "-cmd", ".mode csv", str(other), f".import --skip 1 {self.csv} entry")
        return {
            LOG: self.call(store, insert),
            LIST: self.call(store, LATEST),
            SUMMARY: self.call(store, PER_ALLY),
            SEARCH: self.call(store, like),
            IMPORT: self.call(*bring, clearing=(other,)),
            EXPORT: self.call("-csv", "-header", store, "SELECT * FROM entry ORDER BY date, uid"),
        }


class SqliteUtils(Peer):
    """sqlite-utils on the same table, with full text search."""

    name, program, get = "sqlite-utils", "sqlite-utils", "pip install sqlite-utils"

    def fill(self, entries: Iterable[Entry]) -> None:
        store = self.folder / "store.db"
        fill_table(store, entries)
        enable = (self._program, "enable-fts", str(store), "entry", "summary", "--create-triggers")
        subprocess.run(enable, check=True, capture_output=True)

    def deeds(self) -> dict[str, Call]:
        store, other = str(self.folder / "store.db"), self.folder / "other.db"
        one = {"uid": None, "date": DAY, "ally": "china", "act": "visit", "score": 2.8, "summary": SAID}
        return {
            LOG: self.call("insert", store, "entry", "-", stdin=json.dumps(one)),
            LIST: self.call("rows", store, "entry", "--order", "date desc", "--limit", str(NEWEST)),
            SUMMARY: self.call("query", store, PER_ALLY),
            SEARCH: self.call("search", store, "entry", made.RARE, "--limit", str(NEWEST)),
            IMPORT: self.call(
                "insert", str(other), "entry", str(self.csv), "--csv", "--pk", "uid", "--silent", clearing=(other,)
            ),
            EXPORT: self.call("rows", store, "entry", "--csv", "--order", "date, uid"),
        }


class Jrnl(Peer):
    """jrnl, a journal in one text file."""

    name, program, get = "jrnl", "jrnl", "pip install jrnl"

    def fill(self, entries: Iterable[Entry]) -> None:
        with (self.folder / "store.txt").open("w", encoding="utf-8") as out:
            for one in entries:
                out.write(f"[{one.on} 09:00] {one.summary}.\n@{one.ally} {one.act} {one.score}\n\n")
        (self.folder / "other.txt").touch()
        for name in ("store", "other"):
            settings = JRNL.format(journal=self.folder / f"{name}.txt")
            (self.folder / f"{name}.yaml").write_text(settings, "utf-8")

    def deeds(self) -> dict[str, Call]:
        def jrnl(*args: str, store: str = "store", clearing: tuple[Path, ...] = ()) -> Call:
            return self.call("--config-file", str(self.folder / f"{store}.yaml"), *args, clearing=clearing)

        text, other = str(self.folder / "store.txt"), self.folder / "other.txt"
        return {
            LOG: jrnl(f"{DAY}: {SAID}. @china visit 2.8"),
            LIST: jrnl("-n", str(NEWEST), "--short"),
            SUMMARY: jrnl("--tags"),
            SEARCH: jrnl("-contains", made.RARE, "--short"),
            IMPORT: jrnl("--import", "--file", text, store="other", clearing=(other,)),
            EXPORT: jrnl("--format", "json"),
        }


class Watson(Peer):
    """Watson, which keeps all it knows in one JSON file; it has no text to search, and reads no file of others."""

    name, program, get = "Watson", "watson", "pip install td-watson"

    def env(self) -> dict[str, str]:
        return super().env() | {"WATSON_DIR": str(self.folder)}

    def fill(self, entries: Iterable[Entry]) -> None:
        with (self.folder / "frames").open("w", encoding="utf-8") as out:
            for place, one in enumerate(entries):
                began = _seconds(one.on)
                frame = [began, began + 60, one.ally, one.uid, [one.act], began + 60]
                out.write(("," if place else "[") + json.dumps(frame, indent=1))
            out.write("]")

    def deeds(self) -> dict[str, Call]:
        at = ("--from", f"{DAY} 10:00", "--to", f"{DAY} 10:01")
        return {
            LOG: self.call("add", *at, "china", "+visit"),
            LIST: self.call("log", "--from", f"{MONTH}-01", "--to", DAY, "--no-pager"),
            SUMMARY: self.call("report", "--all", "--no-pager"),
            EXPORT: self.call("log", "--all", "--csv", "--no-pager"),
        }


class Taskwarrior(Peer):
    """Taskwarrior: what was done is a completed task."""

    name, program, get = "taskwarrior", "task", "apt-get install taskwarrior"

    def env(self) -> dict[str, str]:
        return super().env() | {"TASKRC": str(self.folder / "taskrc")}

    def fill(self, entries: Iterable[Entry]) -> None:
        (self.folder / "taskrc").write_text("confirmation=no\nverbose=nothing\n", "utf-8")
        store = self.folder / "store"
        store.mkdir(exist_ok=True)
        with (
            (store / "completed.data").open("w", encoding="utf-8") as data,
            (self.folder / "entries.json").open("w", encoding="utf-8") as out,
        ):
            for one in entries:
                at, uuid = _seconds(one.on), _uuid(one.uid)
                data.write(
                    f'[description:"{one.summary}" end:"{at}" entry:"{at}" project:"{one.ally}" status:"completed" '
                    f'uuid:"{uuid}"]\n'
                )
                day = f"{one.on.replace('-', '')}T000000Z"
                said = {"description": one.summary, "project": one.ally, "status": "completed", "uuid": uuid}
                out.write(json.dumps(said | {"entry": day, "end": day}) + "\n")

    def deeds(self) -> dict[str, Call]:
        other = self.folder / "other"
        other.mkdir(exist_ok=True)
        kept = tuple(other / f"{name}.data" for name in ("backlog", "completed", "pending", "undo"))

        def task(*args: str, store: str = "store", clearing: tuple[Path, ...] = ()) -> Call:
            return self.call(f"rc.data.location={self.folder / store}", *args, clearing=clearing)

        return {
            LOG: task("log", "project:china", "+visit", f"entry:{DAY}", SAID),
            LIST: task("completed", f"limit:{NEWEST}"),
            SUMMARY: task("rc.list.all.projects=1", "projects"),
            SEARCH: task(f"/{made.RARE}/", "completed", f"limit:{NEWEST}"),
            IMPORT: task("import", str(self.folder / "entries.json"), store="other", clearing=kept),
            EXPORT: task("export"),
        }


class Hledger(Peer):
    """hledger: a score is an amount, an ally its account."""

    name, program, get = "hledger", "hledger", "apt-get install hledger"

    def fill(self, entries: Iterable[Entry]) -> None:
        with (self.folder / "store.journal").open("w", encoding="utf-8") as out:
            for one in entries:
                out.write(f"{one.on} {one.summary}\n    signals:{one.ally}  {one.score}\n    ledger\n\n")
        rules = "skip 1\nfields uid,date,ally,act,amount,description\naccount1 signals:%ally\naccount2 ledger\n"
        self.csv.with_name("entries.csv.rules").write_text(rules + "date-format %Y-%m-%d\n", "utf-8")

    def deeds(self) -> dict[str, Call]:
        store, other = ("-f", str(self.folder / "store.journal")), self.folder / "other.journal"
        typed = f"{DAY}\n{SAID}\nsignals:china\n2.8\nledger\n\n.\n\n.\n"
        empty = self.call("-f", str(other), "import", str(self.csv))

        def clear() -> None:
            (self.folder / ".latest.entries.csv").unlink(missing_ok=True)  # what it remembers of that file
            other.write_text("", "utf-8")

        return {
            LOG: self.call(*store, "add", stdin=typed),
            LIST: self.call(*store, "register", "signals:", "--begin", f"{MONTH}-01"),
            SUMMARY: self.call(*store, "balance", "signals:"),
            SEARCH: self.call(*store, "register", f"desc:{made.RARE}"),
            IMPORT: replace(empty, before=clear),
            EXPORT: self.call(*store, "print", "--output-format", "csv"),
        }


PEERS: tuple[type[Peer], ...] = (Sqlite3, SqliteUtils, Jrnl, Watson, Taskwarrior, Hledger)


def fill_table(path: Path, entries: Iterable[Entry]) -> None:
    """One table with the indices that a careful person gives it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE entry ({COLUMNS})")
        for at, names in enumerate(INDICES):
            connection.execute(f"CREATE INDEX entry_{at} ON entry ({names})")
        connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", entries)


def _seconds(on: str) -> int:
    """A day as programs count it that know seconds since 1970."""
    return int(datetime.fromisoformat(on).replace(tzinfo=UTC).timestamp())


def _uuid(uid: str) -> str:
    return "-".join((uid[:8], uid[8:12], uid[12:16], uid[16:20], uid[20:]))
