"""`python -m tests.benchmarks`: commands against a floor, files in and out, ledgers of many sizes, other programs.

Whole commands are timed, each a fresh process, beside what it is held against and in the same turns.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import beside, bulk, commands, figures, sizes
from tests.benchmarks.figures import HEADING, Figure, line
from tests.benchmarks.machine import machine, sentence
from tests.benchmarks.places import POSTGRESQL, SQLITE, Ledgers, places

ROWS = bulk.JUDGED
TURNS = 15  # of each command and what it is held against
SIZES = (1_000, 10_000, 100_000)
MOST = 10_000_000
OVER = 10  # the exit code that says so; 1 is a fault
PARTS = ("commands", "files", "sizes", "peers")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be timed."""

    rows: int
    turns: int
    sizes: tuple[int, ...]
    store: tuple[str, ...]
    only: tuple[str, ...]
    keep: Path | None
    json: Path | None


def main(argv: Sequence[str] | None = None) -> None:
    """Prints each figure as it is found, and writes all so far; exits with OVER where one is over its aim."""
    asked, found = read(argv), list[Figure]()
    said = machine() | {"peers": beside.versions()}
    print(sentence(said), flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for heading, part in _parts(asked, folder, stack):
            print(f"\n{heading}\n{HEADING}")
            for one in part:
                print(line(one), flush=True)
                found.append(one)
                if asked.json:
                    figures.write(asked.json, said, found)
    if any(one.is_missed for one in found):
        sys.exit(OVER)


def read(argv: Sequence[str] | None) -> Asked:
    """What the words on the command line ask for."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    options.add_argument(
        "--rows", type=_number, default=ROWS, help=f"of the files in and out ({ROWS:,}); 0 leaves these out"
    )
    options.add_argument("--turns", type=int, default=TURNS, help=f"of each command ({TURNS})")
    options.add_argument(
        "--sizes", type=_sizes, help=f"of ledgers, as in 1e3,1e7 (those of {_list(SIZES)} that are not above --rows)"
    )
    options.add_argument(
        "--store", type=_words(SQLITE, POSTGRESQL), default=(SQLITE,), help="of the ledgers: sqlite,postgresql"
    )
    options.add_argument("--only", type=_words(*PARTS), default=PARTS, help=f"some of {','.join(PARTS)}")
    options.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the ledgers there for the next time")
    options.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    said = options.parse_args(argv)
    if said.sizes is None:
        said.sizes = tuple(size for size in SIZES if not said.rows or size <= said.rows)
    return Asked(**vars(said))


def _parts(asked: Asked, folder: Path, stack: ExitStack) -> Iterator[tuple[str, Iterable[Figure]]]:
    """The parts that are asked for, each under a heading."""
    if "commands" in asked.only:
        yield "commands on the sample", commands.figures(folder, asked.turns)
    if "files" in asked.only and asked.rows:
        yield "files in and out", bulk.figures(folder, asked.rows, asked.turns)
    if not asked.sizes or not {"sizes", "peers"} & set(asked.only):
        return
    kept = asked.keep or folder
    kept.mkdir(parents=True, exist_ok=True)
    for store in asked.store:
        there = stack.enter_context(places(store, kept.resolve()))
        if there is None:
            print(f"\nledgers on {store}: left out, no server is installed here")
            continue
        ledgers = Ledgers(there, kept)
        if "sizes" in asked.only:
            yield f"ledgers of many sizes, {store}", sizes.figures(ledgers, asked.sizes, folder, asked.turns)
        if "peers" in asked.only and store == SQLITE:
            yield "beside other programs", beside.figures(ledgers, asked.sizes, folder, asked.turns)


def _number(text: str) -> int:
    """A whole number, also as 1e6."""
    found = float(text)
    if found < 0 or found != int(found):
        raise argparse.ArgumentTypeError(f"{text} is no number of rows")
    return int(found)


def _sizes(text: str) -> tuple[int, ...]:
    found = tuple(sorted({_number(one) for one in text.split(",") if one}))
    if found and not 0 < found[0] <= found[-1] <= MOST:
        raise argparse.ArgumentTypeError(f"{text} is no list of sizes from 1 to {MOST:,}")
    return found


def _words(*known: str) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        found = tuple(text.split(","))
        if unknown := set(found) - set(known):
            raise argparse.ArgumentTypeError(f"{min(unknown)} is none of {', '.join(known)}")
        return found

    return read


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(f"{one:,}" for one in numbers)


if __name__ == "__main__":
    main()
