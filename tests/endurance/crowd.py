"""A whole team on one server at once: nothing is lost, numbers have no gaps, and nobody waits in vain."""

import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import psycopg

from scrutiny.core.acts import ACTS
from scrutiny.core.arrival import Arrived
from scrutiny.core.filters import Filter
from scrutiny.core.signals import Signal
from scrutiny.store.ledger import Ledger
from scrutiny.store.opening import open_ledger
from tests.endurance import Done
from tests.endurance.programs import last_line
from tests.feeds import event_row
from tests.server import cluster, folder

DAY, ACT = date(2026, 5, 1), ACTS["visit"]
PROCESSES = 4  # of which each has its share of the people
PATIENCE = 3600  # seconds after which a process counts as stuck


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many writers that log so many signals each, and importers of `rows` signals each, all at once."""

    writers: int
    logs: int
    importers: int
    rows: int

    @property
    def people(self) -> list[str]:
        """All of them, by name."""
        return [f"writer{one}" for one in range(self.writers)] + [f"importer{one}" for one in range(self.importers)]

    @property
    def signals(self) -> int:
        """How many signals all of them bring."""
        return self.writers * self.logs + self.importers * self.rows

    @property
    def changes(self) -> int:
        """How many changes they make."""
        return self.writers * self.logs + self.importers


@dataclass(slots=True)
class Told:
    """What people tell: the seconds of each log, those of each import, and what went wrong."""

    logs: list[float] = field(default_factory=list)
    imports: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def crowded(crowd: Crowd) -> Done:
    """A crowd on a server of its own, which waits for its disk."""
    with folder(on_disk=True) as files, cluster(files, "fsync=on") as own:
        with psycopg.connect(f"{own.url}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE crowd")
        return gathered(f"{own.url}/crowd", crowd, PROCESSES)


def gathered(url: str, crowd: Crowd, processes: int = 1) -> Done:
    """A crowd on a ledger, in so many processes, a thread each."""
    with open_ledger(url, writing=True, author="ana") as ledger:
        signals, changes = ledger.size()
    began, told = time.perf_counter(), Told()
    for one in _in_processes(url, crowd, processes) if processes > 1 else [at_work(url, crowd, crowd.people)]:
        told.logs += one.logs
        told.imports += one.imports
        told.wrong += one.wrong
    seconds = time.perf_counter() - began
    with open_ledger(url, writing=False, author="ana") as ledger:
        told.wrong += _wrong(ledger, crowd, signals, changes)
    logs, imports = told.logs or [0.0], told.imports or [0.0]
    figures = (
        f"{crowd.writers} x {crowd.logs} signals and {crowd.importers} imports of {crowd.rows:,} rows in"
        f" {seconds:.0f} s; a log takes {statistics.median(logs):.2f} s in the middle, {max(logs):.1f} s at worst,"
        f" an import {max(imports):.1f} s at worst"
    )
    return Done("a team at once", figures, tuple(told.wrong))


def _in_processes(url: str, crowd: Crowd, processes: int) -> list[Told]:
    parts = [crowd.people[one::processes] for one in range(processes)]
    given = json.dumps([crowd.writers, crowd.logs, crowd.importers, crowd.rows])
    working = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.endurance.crowd", url, given, *part], stdout=subprocess.PIPE, text=True
        )
        for part in parts
    ]
    return [_heard(one) for one in working]


def _heard(working: "subprocess.Popen[str]") -> Told:
    out, _ = working.communicate(timeout=PATIENCE)
    if working.returncode:
        return Told(wrong=[f"a process of the crowd ended with {working.returncode}"])
    return Told(**json.loads(out))


# -- at work


def at_work(url: str, crowd: Crowd, people: Sequence[str]) -> Told:
    """Has some of the crowd do their work, and hears from them."""
    told = Told()
    threads = [threading.Thread(target=_work, args=(url, crowd, one, told)) for one in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return told


def _work(url: str, crowd: Crowd, name: str, told: Told) -> None:
    for number in range(crowd.logs if name.startswith("writer") else 1):
        began = time.perf_counter()
        try:
            with open_ledger(url, writing=True, author=name) as ledger:
                if name.startswith("writer"):
                    ledger.add([_visit(name, number)])
                else:
                    _import(ledger, name, crowd.rows)
        except Exception as error:  # whatever it is, it is what was looked for
            told.wrong.append(f"{name}: {last_line(error)}")
        (told.logs if name.startswith("writer") else told.imports).append(time.perf_counter() - began)


def _import(ledger: Ledger, name: str, rows: int) -> None:
    staged = ledger.stage(event_row(number, _visit(name, number)) for number in range(rows))
    ledger.merge([(staged, Arrived(name, "0" * 64, "csv", read=rows))])


def _visit(name: str, number: int) -> Signal:
    return Signal(
        uid=f"{name}-{number}",
        ally="china",
        happened_on=DAY,
        kind=ACT.kind,
        score=ACT.score,
        act=ACT.word,
        summary=f"{name} saw visit {number}",
    )


# -- what they left


def _wrong(ledger: Ledger, crowd: Crowd, signals: int, changes: int) -> Iterator[str]:
    """What is wrong with the ledger, which had so many signals and changes before."""
    yield from (problem.what for problem in ledger.problems())
    found = ledger.signals(Filter())
    history = {change.number: change for change in ledger.changes()}
    for what, numbers, wanted in (
        ("signals", sorted(one.id or 0 for one in found), signals + crowd.signals),
        ("changes", sorted(history), changes + crowd.changes),
    ):
        if numbers != list(range(1, wanted + 1)):
            yield f"{len(numbers):,} {what}, numbered up to {max(numbers):,}, and not 1 to {wanted:,}"
    by_uid = {one.uid: one for one in found}
    for name in crowd.people:
        for number in range(crowd.logs if name.startswith("writer") else crowd.rows):
            one = by_uid.get(f"{name}-{number}")
            if one is None:
                yield f"lost: number {number} of {name}"
            elif not one.recorded_by == history[one.change or 0].author == name:
                yield f"number {number} of {name} is {one.recorded_by}'s"


def main(url: str, given: str, *people: str) -> None:
    """Has some of the crowd work in this process; what they tell goes to stdout."""
    told = at_work(url, Crowd(*json.loads(given)), people)
    print(json.dumps({"logs": told.logs, "imports": told.imports, "wrong": told.wrong}))


if __name__ == "__main__":
    main(*sys.argv[1:])
