"""Files in and out by the hundred thousand, against a peer or a floor of the same run."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from scrutiny.store.engines.sqlite import ARRIVING
from tests.benchmarks import made
from tests.benchmarks.figures import Figure, compared
from tests.benchmarks.peers import found
from tests.benchmarks.places import gone, ours
from tests.benchmarks.timed import Call, Ran, python, race, run

SPLIT = "for line in open({!r}): n = len(line.split('\\t'))"
JUDGED = 1_000_000  # rows from which the aims hold: with few, starting up is all that is timed
MEMORY = 120  # MiB that an import or export may take at its peak
AGAIN = 3  # turns, at most, of an import against a bare write
PATIENCE = 300  # seconds that these turns may take
BARE = "a bare write"  # with csv.reader, and executemany or COPY, into the same columns and indices
WRITES = 2.0  # times as long as that, which history, sums and search may cost


def figures(folder: Path, rows: int, turns: int) -> Iterator[Figure]:
    """All of them, on files of so many rows."""
    return _Bulk(folder, rows).figures(min(turns, AGAIN))


def bare(way: str, file: Path, place: str, before: Callable[[], object] | None = None, cache: str = "") -> Call:
    """The same rows in or out with nothing but the driver."""
    return Call((sys.executable, str(Path(__file__).parent / "bare.py"), way, str(file), place, cache), before=before)


class _Bulk:
    """The files and ledgers of one run."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.rows = rows
        self.csv, self.events, self.out = folder / "own.csv", folder / "events.CSV", folder / "out.csv"
        self.ledger, self.peer, self.bare = folder / "bulk.db", folder / "peer.db", folder / "bare.db"
        self.rival = found("sqlite-utils")
        made.own_csv(self.csv, rows)
        made.gdelt(self.events, rows)

    def figures(self, turns: int) -> Iterator[Figure]:
        called = "sqlite-utils" if self.rival else "sqlite-utils, which is not installed"
        again = ours(str(self.ledger), "import", str(self.csv))
        first = replace(again, before=lambda: gone(self.ledger))
        bare_in = bare("in", self.csv, str(self.bare), lambda: gone(self.bare))
        cached = bare("in", self.csv, str(self.bare), lambda: gone(self.bare), str(ARRIVING))
        runs = race({"ours": first, "bare": bare_in, "cached": cached}, turns, PATIENCE)
        yield self._figure("import CSV, bare", runs["ours"], runs["bare"], BARE, WRITES)
        alike = f"{BARE} with as much cache as ours"
        yield self._figure("import CSV, cached", runs["ours"], runs["cached"], alike, WRITES)
        ran = runs["ours"][-1:]
        inserted = self._rival("insert", str(self.peer), "signal", str(self.csv), "--csv", "--pk", "uid", "--silent")
        yield self._figure("import CSV", ran, inserted, f"{called} insert --csv --pk uid", 0.25)
        yield self._figure("import CSV again", [run(again)], ran, "the first time", 1.0)
        exported = run(ours(str(self.ledger), "export", "--output", str(self.out)))
        rowed = self._rival("rows", str(self.peer), "signal", "--csv", "--order", "date, uid")
        events = run(ours(str(self.ledger), "import", str(self.events)))
        split = run(python(SPLIT.format(str(self.events))))
        yield self._figure("import GDELT, 2% matching", [events], [split], "python -c, splitting each line", 1.5)
        yield self._figure("export CSV", [exported], rowed, f"{called} rows --csv --order 'date, uid'", 1.5)

    def _figure(self, name: str, ran: list[Ran], others: list[Ran] | None, against: str, aim: float) -> Figure:
        judged = self.rows >= JUDGED
        limits = {"aim": aim, "memory": MEMORY} if judged else {}
        note = "" if judged else f"not judged below {JUDGED:,} rows"
        return compared("files", name, ran, others, against, size=self.rows, rows=self.rows, note=note, **limits)

    def _rival(self, *args: str) -> list[Ran] | None:
        return [run(Call((self.rival, *args)))] if self.rival else None
