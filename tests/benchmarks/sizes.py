"""The same commands on ledgers of many sizes: against their floor, and against themselves on a small ledger."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from tests.benchmarks import made
from tests.benchmarks.bulk import BARE, JUDGED, WRITES, bare
from tests.benchmarks.commands import CONSOLE, LEDGER
from tests.benchmarks.figures import Figure, compared
from tests.benchmarks.places import SQLITE, Ledgers, ours
from tests.benchmarks.timed import Call, python, race, run

BASE = 10_000  # signals of the ledger that the larger ones are held against
DAILY = made.DAYS * len(made.TWELVE)  # signals, one an ally and day, of the ledger with as many signal days
FILLED = 1_000_000  # signals from which a ledger has every one of these days
SEARCHED = 1_000_000  # signals up to which a search takes less than
AT_ONCE = 1.0  # second
FURTHER = 1_000  # rows of a file that is imported into a ledger
AS_OF = ("--as-of", made.LAST.isoformat())
BARELY = "the driver and csv.writer, by date and uid"


@dataclass(frozen=True, slots=True)
class Timed:
    """A command; how many times as long it may take on a large ledger, and on one of as many signal days."""

    name: str
    args: tuple[str, ...]
    floor: str = LEDGER
    grows: float | None = None
    as_many_days: float | None = None
    writes: bool = False


COMMANDS = (
    Timed("--version", ("--version",), CONSOLE),
    Timed("log", ("log", "china", "visit", "A visit to be timed", "B2"), grows=1.1, writes=True),
    Timed("summary", ("summary", *AS_OF), grows=2.0, as_many_days=1.1),
    Timed("summary china", ("summary", "china", *AS_OF), grows=2.5),
)
SEARCHES = {
    "rare": made.RARE,
    "frequent": made.FREQUENT,
    "prefix": made.FREQUENT[:3],
    "two": f"{made.FREQUENT} moscow",
}


def figures(ledgers: Ledgers, sizes: Sequence[int], folder: Path, turns: int) -> Iterator[Figure]:
    """All of them, size by size."""
    for size in sizes:
        yield from _imported(ledgers, size)
        for timed in COMMANDS:
            yield from _timed(ledgers, timed, size, turns)
        yield from _searched(ledgers, size, turns)
        yield from _exported(ledgers, size, folder, turns)
        yield _further(ledgers, size, folder, turns)


def _timed(ledgers: Ledgers, timed: Timed, size: int, turns: int) -> Iterator[Figure]:
    """The command on that ledger, on the small one, on the one of as many days, and its floor, in the same turns."""
    place = ledgers.to_write if timed.writes else ledgers.of
    calls = {"ours": ours(place(size), *timed.args), "floor": _floor(ledgers, timed.floor)}
    if size > BASE and timed.grows:
        calls["base"] = ours(place(BASE), *timed.args)
    if size >= FILLED and timed.as_many_days:
        calls["daily"] = ours(place(DAILY), *timed.args)
    runs = race(calls, turns)
    against = {
        "floor": (_called(ledgers, timed.floor), None),
        "base": (f"that on {BASE:,} signals", timed.grows),
        "daily": (f"that on {DAILY:,}, of as many days", timed.as_many_days),
    }
    for name in list(calls)[1:]:
        what, aim = against[name]
        yield compared(
            "sizes", timed.name, runs["ours"], runs[name], what, aim=aim, size=size, store=ledgers.places.name
        )


def _searched(ledgers: Ledgers, size: int, turns: int) -> Iterator[Figure]:
    """All searches and one floor in the same turns."""
    calls = {name: ours(ledgers.of(size), "list", "--search", words) for name, words in SEARCHES.items()}
    runs = race(calls | {"floor": _floor(ledgers, LEDGER)}, turns)
    within = AT_ONCE if BASE <= size <= SEARCHED else None
    for name in SEARCHES:
        more = {"size": size, "within": within, "store": ledgers.places.name}
        yield compared("sizes", f"list --search, {name}", runs[name], runs["floor"], _called(ledgers, LEDGER), **more)


def _floor(ledgers: Ledgers, code: str) -> Call:
    """What importing the libraries costs, and where the ledger is on a server also connecting to it."""
    if code == LEDGER and (url := ledgers.places.server):
        code += f", psycopg; psycopg.connect({url!r}).close()"
    return python(code)


def _called(ledgers: Ledgers, code: str) -> str:
    connecting = ", psycopg', connecting" if code == LEDGER and ledgers.places.server else "'"
    return f"python -c '{code}{connecting}"


def _imported(ledgers: Ledgers, size: int) -> Iterator[Figure]:
    """The whole ledger, from a file; nothing of one that was kept from an earlier run."""
    ledgers.of(size)
    if size in ledgers.imports:
        place = ledgers.places.fresh("bare")
        others = run(bare("in", ledgers.file(size), place))
        ledgers.places.gone("bare")
        is_bound = ledgers.places.name == SQLITE and size >= JUDGED
        yield compared(
            "sizes",
            "import, whole",
            [ledgers.imports[size]],
            [others],
            BARE,
            aim=WRITES if is_bound else None,
            size=size,
            rows=size,
            store=ledgers.places.name,
            note=_bytes(ledgers, size),
        )


def _bytes(ledgers: Ledgers, size: int) -> str:
    return f"{ledgers.places.size(ledgers.called(size)) / size:.0f} bytes a signal"


def _exported(ledgers: Ledgers, size: int, folder: Path, turns: int) -> Iterator[Figure]:
    place, out, to = ledgers.of(size), folder / "out.csv", ledgers.places.name
    calls: Mapping[str, Call] = {
        "ours": ours(place, "export", "--output", str(out)),
        "bare": bare("out", folder / "bare.csv", place),
    }
    runs = race(calls, turns)
    yield compared("sizes", "export", runs["ours"], runs["bare"], BARELY, size=size, rows=size, store=to)
    one = ours(place, "export", "china", "--output", str(out))
    runs = race({"ours": one, "floor": _floor(ledgers, LEDGER)}, turns)
    with out.open("rb") as file:
        rows = sum(1 for _ in file) - 1
    floor = _called(ledgers, LEDGER)
    yield compared("sizes", "export china", runs["ours"], runs["floor"], floor, size=size, rows=rows, store=to)


def _further(ledgers: Ledgers, size: int, folder: Path, turns: int) -> Figure:
    """A file of new signals each time."""
    file, seeds = folder / "further.csv", count(made.SEED + 1)
    call = ours(ledgers.to_write(size), "import", str(file))
    fresh = replace(call, before=lambda: made.own_csv(file, FURTHER, made.TWELVE, next(seeds)))
    runs = race({"ours": fresh, "floor": _floor(ledgers, LEDGER)}, turns)
    more = {"size": size, "rows": FURTHER, "store": ledgers.places.name}
    name = f"import of {FURTHER:,} more"
    return compared("sizes", name, runs["ours"], runs["floor"], _called(ledgers, LEDGER), **more)
