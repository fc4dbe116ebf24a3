"""The program killed while it writes: what it acknowledged is there, and nothing is there in part."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.endurance import Done
from tests.endurance.programs import Place, last_line, rows, wrong

LOGGED_BEFORE = 1  # signals that a ledger has before an import is killed
LOGGING = 3.0  # seconds in which a loop of log is killed
FRESH_EACH = 5  # kills after which the loop begins with a new ledger, so that some hit the making of one
LOOP = """
import sys
from itertools import count
from scrutiny.cli import app
for number in count():
    try:
        app(args=["log", "china", "visit", f"{sys.argv[1]} number {number}", "2026-05-01"], prog_name="scrutiny")
    except SystemExit as done:
        if done.code:
            sys.exit(done.code)
    print(f"{sys.argv[1]} number {number}", flush=True)
"""


def killed_imports(times: int, count: int, seed: int = 1) -> Done:
    """An import of `count` rows killed `times` times, each time in a new ledger, and run again.

    Moments lie between its start and the end of the fastest one so far.
    """
    chance, findings, met = random.Random(seed), list[str](), Counter[str]()  # noqa: S311  # moments, no secrets
    with tempfile.TemporaryDirectory() as folder:
        file = rows(Path(folder) / "in.csv", count, "row")
        seconds = _whole_import(Place(_made(folder, "whole")), file)
        for number in range(times):
            place = Place(_made(folder, str(number)))
            try:
                found, again = _killed_import(place, file, count, chance.uniform(0, seconds))
                met.update(found)
                seconds = min(seconds, again)  # other work may have slowed the first
            except (AssertionError, subprocess.TimeoutExpired) as error:
                findings.append(f"import, kill {number}: {last_line(error)}")
    figures = f"{times} kills of an import of {count:,} rows (which takes {seconds:.1f} s); {_said(met)}"
    return Done("killed imports", figures, tuple(findings))


def killed_logs(times: int, seed: int = 2) -> Done:
    """A loop of log killed `times` times, most of the times in the same ledger."""
    chance, findings, met = random.Random(seed), list[str](), Counter[str]()  # noqa: S311  # as above
    with tempfile.TemporaryDirectory() as folder:
        place, acknowledged = Place(_made(folder, "0")), set[str]()
        for number in range(times):
            if number % FRESH_EACH == 0:
                place, acknowledged = Place(_made(folder, f"log{number}")), set()
            try:
                found = _killed_loop(place, f"kill{number}", chance.uniform(0, LOGGING))
                acknowledged |= found
                met["acknowledged signals"] += len(found)
                met.update(_checked(place, acknowledged, number % FRESH_EACH + 1))
            except (AssertionError, subprocess.TimeoutExpired) as error:
                findings.append(f"log, kill {number}: {last_line(error)}")
    return Done("killed logs", f"{times} kills of a loop of log; {_said(met)}", tuple(findings))


def _made(folder: str, name: str) -> Path:
    path = Path(folder) / name
    path.mkdir(exist_ok=True)
    return path


def _said(met: Counter[str]) -> str:
    return ", ".join(f"{what} {count:,}" for what, count in sorted(met.items())) or "nothing met"


def _whole_import(place: Place, file: Path) -> float:
    began = time.perf_counter()
    ran = place.run("import", str(file))
    if ran.returncode:
        raise AssertionError(ran.stderr)
    return time.perf_counter() - began


def _killed_import(place: Place, file: Path, count: int, moment: float) -> tuple[Counter[str], float]:
    """What was met, and the seconds that the import took when it was run again."""
    for number in range(LOGGED_BEFORE):
        ran = place.run("log", "china", "visit", f"Before {number}", "2026-05-01")
        assert ran.returncode == 0, ran.stderr
    said = _kill(place, place.command("import", str(file)), moment)
    met = Counter({"left a WAL": int(_wal(place) > 0)})
    added = place.size() - LOGGED_BEFORE
    assert added in (0, count), f"{added:,} rows of {count:,} are there, killed after {moment:.2f} s"
    if f"{count:,} added" in said:
        assert added == count, f"the import was acknowledged and is not there, killed after {moment:.2f} s"
    met["found whole" if added else "found none"] += 1
    began = time.perf_counter()
    ran = place.run("import", str(file))
    seconds = time.perf_counter() - began
    assert ran.returncode == 0, ran.stderr
    assert not wrong(ran.stderr), ran.stderr
    assert place.size() - LOGGED_BEFORE == count, "the import run again did not complete it"
    shutil.rmtree(place.folder)
    return met, seconds


def _killed_loop(place: Place, name: str, moment: float) -> set[str]:
    said = _kill(place, [sys.executable, "-c", LOOP, name], moment)
    assert not wrong(said), wrong(said)
    return {line for line in said.splitlines() if line.startswith(name)}


def _checked(place: Place, acknowledged: set[str], kills: int) -> Counter[str]:
    """What was met; AssertionError where an acknowledged signal is missing, twice there, or more were made."""
    if not place.ledger.exists():
        assert not acknowledged, "the ledger is gone"
        return Counter({"killed before there was a ledger": 1})
    met = Counter({"left a WAL": int(_wal(place) > 0)})
    place.size()
    there = place.summaries()
    assert acknowledged <= set(there), f"lost: {sorted(acknowledged - set(there))[:3]}"
    assert len(there) == len(set(there)), "a signal is there twice"
    assert len(there) - len(acknowledged) <= kills, "more is there than one unacknowledged signal a kill"
    met["written, not acknowledged"] += len(there) - len(acknowledged)
    return met


def _wal(place: Place) -> int:
    path = Path(f"{place.ledger}-wal")
    return path.stat().st_size if path.exists() else 0


def _kill(place: Place, command: list[str], moment: float) -> str:
    """Starts the command, kills it after so many seconds; what it said on stdout and stderr by then."""
    process = place.start(command)
    try:
        out, err = process.communicate(timeout=moment)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
    return out + err
