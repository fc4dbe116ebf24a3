"""Files in and out by the hundred thousand, against a peer or a floor of the same run."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import made

PROGRAM = [sys.executable, "-m", "scrutiny"]
SPLIT = "for line in open({!r}): n = len(line.split('\\t'))"
JUDGED = 1_000_000  # rows from which the aims hold: with few, starting up is all that is timed
MEMORY = 120  # MB that an import or export may take at its peak
MIB = 1024  # KiB, in which the system counts


@dataclass(frozen=True, slots=True)
class Ran:
    """What one process took: seconds, and MiB at its peak."""

    seconds: float
    peak: float


@dataclass(frozen=True, slots=True)
class Bench:
    """One thing that was timed, what it is held against, and how many times as long as that it may take."""

    name: str
    ours: Ran
    against: Ran | None
    called: str
    aim: float
    bounded: bool = True  # in memory

    @property
    def ratio(self) -> float | None:
        """Our time by the other's."""
        return None if self.against is None else self.ours.seconds / self.against.seconds

    @property
    def is_missed(self) -> bool:
        """Whether it takes longer, or more memory, than it should."""
        return (self.ratio or 0) > self.aim or (self.bounded and self.ours.peak > MEMORY)


def benches(rows: int) -> list[Bench]:
    """All of them, on files of so many rows."""
    with tempfile.TemporaryDirectory() as folder:
        return list(_Bulk(Path(folder), rows).benches())


def printed(found: list[Bench], rows: int) -> None:
    """A line a bench."""
    if rows < JUDGED:
        print(f"\nthe aims below are those of {JUDGED:,} rows, and not judged")
    print(f"\n{f'{rows:,} rows':28}{'seconds':>9}{'against':>9}{'ratio':>8}{'aim':>7}{'peak MB':>9}   against")
    for one in found:
        other = "-" if one.against is None else f"{one.against.seconds:.2f}"
        ratio = "-" if one.ratio is None else f"{one.ratio:.2f}"
        timed = f"{one.ours.seconds:9.2f}{other:>9}{ratio:>8}{one.aim:7.2f}{one.ours.peak:9.0f}"
        print(f"{one.name:28}{timed}   {one.called}{'  <- over' if one.is_missed and rows >= JUDGED else ''}")


class _Bulk:
    """The files and ledgers of one run."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.csv, self.events = folder / "own.csv", folder / "events.CSV"
        self.ledger, self.peer, self.out = folder / "ledger.db", folder / "peer.db", folder / "out.csv"
        self.env = os.environ | {"SCRUTINY_DB": str(self.ledger), "SCRUTINY_USER": "bench"}
        self.rival = shutil.which("sqlite-utils", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
        made.own_csv(self.csv, rows)
        made.gdelt(self.events, rows)

    def benches(self) -> "list[Bench]":
        called = "sqlite-utils" if self.rival else "sqlite-utils, which is not installed"
        first = self._ours("import", str(self.csv))
        inserted = self._rival("insert", str(self.peer), "signal", str(self.csv), "--csv", "--pk", "uid", "--silent")
        again = self._ours("import", str(self.csv))
        exported = self._ours("export", "--output", str(self.out))
        rowed = self._rival("rows", str(self.peer), "signal", "--csv", "--order", "date, uid")
        events = self._ours("import", str(self.events))
        split = self._run([sys.executable, "-c", SPLIT.format(str(self.events))])
        return [
            Bench("import CSV", first, inserted, f"{called} insert --csv --pk uid", 0.25),
            Bench("import CSV again", again, first, "the first time", 1.0),
            Bench("import GDELT, 2% matching", events, split, "python -c, splitting each line", 1.5),
            Bench("export CSV", exported, rowed, f"{called} rows --csv --order 'date, uid'", 1.5),
        ]

    def _ours(self, *args: str) -> Ran:
        return self._run([*PROGRAM, *args])

    def _rival(self, *args: str) -> Ran | None:
        return self._run([self.rival, *args]) if self.rival else None

    def _run(self, command: list[str]) -> Ran:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        return Ran(time.perf_counter() - began, used.ru_maxrss / MIB)
