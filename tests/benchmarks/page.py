"""`python -m tests.benchmarks.page`: writes what was measured last into README.md and docs/benchmarks.md.

`--print` shows the tables instead. What was measured is in tests/benchmarks/measured, as `--json` of
`python -m tests.benchmarks` wrote it: a file for each store.
"""

import argparse
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log10
from pathlib import Path
from typing import Any

from tests.benchmarks import figures
from tests.benchmarks.figures import Figure
from tests.benchmarks.machine import sentence
from tests.benchmarks.peers import DEEDS, PEERS

ROOT = Path(__file__).parent.parent.parent
PAGES = (ROOT / "README.md", ROOT / "docs" / "benchmarks.md")
MEASURED = Path(__file__).parent / "measured"
PART = re.compile(r"(<!-- measured: ([a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)
SHORT = {  # what README shows, and what it is called there
    "--version": "start",
    "log": "`log`",
    "summary": "`summary`",
    "summary china": "`summary china`",
    "list --search, two": "`list --search`, two words",
    "import of 1,000 more": "`import`, 1,000 more",
    "import, whole": "`import`, all of them",
    "export": "`export`, all of them",
}
BESIDE = 100_000  # entries of the stores that README compares


@dataclass(frozen=True, slots=True)
class Run:
    """One run, as it was written."""

    machine: dict[str, Any]
    figures: list[Figure]

    def of(self, group: str) -> list[Figure]:
        """The figures of a part of it."""
        return [one for one in self.figures if one.group == group]


def main(argv: Sequence[str] | None = None) -> None:
    """Writes the pages, or prints their tables."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.page", description=__doc__)
    options.add_argument("--print", action="store_true", help="print the tables and write nothing")
    asked = options.parse_args(argv)
    runs = measured()
    for page in PAGES:
        text = filled(page.read_text("utf-8"), runs)
        if asked.print:
            print("\n".join(found[0] for found in PART.finditer(text)))
        else:
            page.write_text(text, "utf-8")


def measured(folder: Path = MEASURED) -> dict[str, Run]:
    """The last run on each store."""
    return {path.stem: Run(*figures.read(path)) for path in sorted(folder.glob("*.json"))}


def filled(text: str, runs: dict[str, Run]) -> str:
    """A page with the tables that its marks name; nothing is written where nothing was measured."""
    if "sqlite" not in runs:
        return text
    return PART.sub(lambda found: f"{found[1]}{TABLES[found[2]](runs)}\n{found[3]}", text)


def _machine(runs: dict[str, Run]) -> str:
    return "\n".join(f"{one}." for one in dict.fromkeys(sentence(run.machine) for run in runs.values()))


def _versions(runs: dict[str, Run]) -> str:
    peers = runs["sqlite"].machine.get("peers", {})
    return ", ".join(f"{name} {version}" for name, version in peers.items()) + "."


def _short(runs: dict[str, Run]) -> str:
    found = runs["sqlite"].of("sizes")
    return _sized([one for name in SHORT for one in found if one.name == name], SHORT.__getitem__)


def _sizes(store: str) -> Callable[[dict[str, Run]], str]:
    def table(runs: dict[str, Run]) -> str:
        return _sized(runs[store].of("sizes"), lambda name: f"`{name}`") if store in runs else "Not measured."

    return table


def _sized(found: Sequence[Figure], called: Callable[[str], str]) -> str:
    """A row a command, a column a size; last what it takes on the largest beside a smaller one, and at most."""
    sizes = sorted({one.size for one in found if one.size})
    rows = [["signals", *map(_power, sizes), "growth, and its bound"]]
    for name in dict.fromkeys(one.name for one in found):
        own = [one for one in found if one.name == name]
        cells = {one.size: _seconds(one) for one in own}
        rows.append([called(name), *(cells.get(size, "") for size in sizes), _bound(own)])
    return _table(rows)


def _bound(own: Sequence[Figure]) -> str:
    bound = [one for one in own if one.aim is not None]
    last = [one for one in bound if one.size == max(each.size or 0 for each in bound)]
    said = [f"{one.ratio:.2f} × {one.against} (≤ {one.aim:g})" for one in last if one.ratio is not None]
    said += [f"≤ {one.within:g} s up to {_power(one.size or 0)}" for one in own if one.within][-1:]
    return ", ".join(said)


def _beside(runs: dict[str, Run], sizes: Iterable[int] | None = None) -> str:
    """A table a size: a row a deed, a column a program."""
    found = [one for one in runs["sqlite"].of("peers") if one.size and one.name in DEEDS]
    known = sorted({one.size for one in found if one.size}) if sizes is None else sizes
    return "\n\n".join(_peers([one for one in found if one.size == size], size) for size in known)


def _peers(found: Sequence[Figure], size: int) -> str:
    names = [one.name for one in PEERS if any(each.against == one.name for each in found)]
    rows = [[f"seconds, {_power(size)} entries", "scrutiny", *names]]
    for deed in DEEDS:
        if own := {one.against: one for one in found if one.name == deed}:
            ours = _number(next(iter(own.values())).seconds)
            rows.append([deed, ours, *(_peer(own.get(name)) for name in names)])
    return _table(rows)


def _peer(figure: Figure | None) -> str:
    if figure is None:
        return "-"
    return _number(figure.other) or figure.note.partition(" on ")[0]


def _against(group: str) -> Callable[[dict[str, Run]], str]:
    def table(runs: dict[str, Run]) -> str:
        rows = [["", "seconds", "against", "ratio", "at most", "MiB", "against what"]]
        for one in runs["sqlite"].of(group):
            aim = "" if one.aim is None else f"{one.aim:g}"
            cells = [_number(one.seconds), _number(one.other), _number(one.ratio), aim, f"{one.peak or 0:.0f}"]
            rows.append([one.name, *cells, f"`{one.against}`"])
        return _table(rows)

    return table


TABLES: dict[str, Callable[[dict[str, Run]], str]] = {
    "machine": _machine,
    "versions": _versions,
    "short": _short,
    "short beside": lambda runs: _beside(runs, [BESIDE]),
    "commands": _against("commands"),
    "files": _against("files"),
    "sqlite": _sizes("sqlite"),
    "postgresql": _sizes("postgresql"),
    "beside": _beside,
}


def _table(rows: Sequence[Sequence[str]]) -> str:
    first, *rest = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([first, f"|{'---|' * len(rows[0])}", *rest])


def _seconds(figure: Figure) -> str:
    """How long it took; of many rows, how many a second."""
    if figure.rate is not None and figure.name.startswith(("import, whole", "export")):
        return f"{figure.rate:,.0f} a s"
    return f"{_number(figure.seconds)} s"


def _number(found: float | None) -> str:
    if found is None:
        return ""
    return f"{found:.0f}" if found >= 100 else f"{found:.1f}" if found >= 10 else f"{found:.2f}"


def _power(size: int) -> str:
    exponent = round(log10(size))
    return f"10<sup>{exponent}</sup>" if 10**exponent == size else f"{size:,}"


if __name__ == "__main__":
    main()
