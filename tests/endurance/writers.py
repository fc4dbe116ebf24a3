"""Many programs on one ledger at once: nothing is lost, nothing fails, and readers do not wait."""

import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.endurance import Done
from tests.endurance.programs import Place, rows, wrong

ALONE = 5  # summaries timed while nobody writes, unless told


def writers(processes: int, logs: int, count: int, alone_times: int = ALONE) -> Done:
    """So many processes that log so many signals each, while another imports `count` rows a time and one reads."""
    findings: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        place.run("log", "china", "visit", "The first", "2026-05-01")
        alone = [_timed(place, findings) for _ in range(alone_times)]
        over, during, imported = threading.Event(), list[float](), list[int]()

        def log(writer: int) -> None:
            for number in range(logs):
                _right(place, findings, "log", "china", "visit", f"Writer {writer} number {number}", "2026-05-01")

        def bring() -> None:
            number = len(imported)
            file = rows(Path(folder) / f"in{number}.csv", count, f"batch{number}")
            _right(place, findings, "import", str(file))
            imported.append(count)

        began = time.perf_counter()
        with ThreadPoolExecutor(processes + 2) as pool:
            others = [
                pool.submit(_until, over, bring),
                pool.submit(_until, over, lambda: during.append(_timed(place, findings))),
            ]
            for one in [pool.submit(log, writer) for writer in range(processes)]:
                one.result()
            over.set()
            for one in others:
                one.result()
        seconds = time.perf_counter() - began
        wanted = {f"Writer {writer} number {number}" for writer in range(processes) for number in range(logs)}
        _compare(place, wanted, sum(imported) + 1, findings)
    figures = (
        f"{processes} x {logs} signals in {seconds:.0f} s beside {len(imported)} imports of {count:,} rows and "
        f"{len(during)} summaries; slowest summary {max(during):.2f} s, median {statistics.median(during):.2f} s, "
        f"median alone {statistics.median(alone):.2f} s"
    )
    return Done("writers at once", figures, tuple(findings))


def _until(over: threading.Event, do: Callable[[], None]) -> None:
    """Does it once at least, and on until the others are done."""
    do()
    while not over.is_set():
        do()


def _right(place: Place, findings: list[str], *args: str) -> None:
    ran = place.run(*args)
    if ran.returncode or wrong(ran.stderr):
        findings.append(f"{' '.join(args)}: exit code {ran.returncode}: {ran.stderr.strip()}")


def _timed(place: Place, findings: list[str]) -> float:
    """Seconds of a summary, which has nothing to say on stderr: not even that it waits."""
    began = time.perf_counter()
    ran = place.run("summary", "--as-of", "2026-05-20")
    if ran.returncode or ran.stderr:
        findings.append(f"summary: exit code {ran.returncode}: {ran.stderr.strip()}")
    return time.perf_counter() - began


def _compare(place: Place, wanted: set[str], others: int, findings: list[str]) -> None:
    try:
        size, there = place.size(), place.summaries()
    except AssertionError as error:
        findings.append(str(error))
        return
    if lost := wanted - set(there):
        findings.append(f"lost: {len(lost)} signals, as {min(lost)}")
    if size != len(wanted) + others or len(there) != size:
        findings.append(f"{size:,} signals are there, {len(there):,} exported, {len(wanted) + others:,} were written")
