"""`python -m tests.benchmarks`: commands against a floor, turn by turn; then files in and out against a peer."""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.resources import as_file, files
from pathlib import Path

from tests.benchmarks import bulk

ROWS = bulk.JUDGED
TURNS = 15  # of each command and its floor
CONSOLE = "import typer, rich.console"
LEDGER = "import typer, rich.table, sqlmodel"
BENCHES = (  # what is timed, the program's arguments (None: a key press in the shell), its floor, the aim
    ("--help", ("--help",), CONSOLE, 1.3),
    ("--version", ("--version",), CONSOLE, 1.3),
    ("completion of an ally", None, CONSOLE, 2.0),
    ("log", ("log", "china", "visit", "A visit to be timed", "B2"), LEDGER, 1.3),
    ("summary", ("summary", "--as-of", "2026-05-20"), LEDGER, 1.3),
    ("summary china", ("summary", "china", "--as-of", "2026-05-20"), LEDGER, 1.3),
)


def main() -> None:
    """Prints what is timed, what it is held against, and their ratio; exits 1 where one is over its aim."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    options.add_argument(
        "--rows", type=int, default=ROWS, help=f"of the files in and out ({ROWS:,}); 0 leaves these out"
    )
    options.add_argument("--turns", type=int, default=TURNS, help=f"of each command and its floor ({TURNS})")
    asked = options.parse_args()
    rows, missed = asked.rows, _commands(asked.turns)
    if rows:
        found = bulk.benches(rows)
        bulk.printed(found, rows)
        missed |= rows >= bulk.JUDGED and any(one.is_missed for one in found)
    sys.exit(int(missed))


def _commands(turns: int) -> bool:
    """Prints a command's median seconds, its floor's, and the median of their ratios; whether any is over its aim."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = str(Path(folder) / "ledger.db")
        env = {**os.environ, "SCRUTINY_DB": ledger, "SCRUTINY_USER": "bench"}
        program = [sys.executable, "-m", "scrutiny"]
        with as_file(files("scrutiny.sample") / "signals.csv") as sample:
            subprocess.run([*program, "import", str(sample)], env=env, check=True, stderr=subprocess.DEVNULL)
        print(f"{'command':24}{'seconds':>9}{'floor':>9}{'ratio':>8}{'aim':>7}   floor is python -c")
        missed = False
        for name, args, floor, aim in BENCHES:
            asked = env if args is not None else env | _pressed("scrutiny summary ch")
            seconds, floors, ratio = _paired([*program, *(args or ())], [sys.executable, "-c", floor], asked, turns)
            print(f"{name:24}{seconds:9.3f}{floors:9.3f}{ratio:8.2f}{aim:7.1f}   '{floor}'")
            missed |= ratio > aim
    return missed


def _pressed(line: str) -> dict[str, str]:
    """What bash tells the program when Tab is pressed at the end of a line."""
    return {
        "_SCRUTINY_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split()) - 1),
    }


def _paired(command: list[str], floor: list[str], env: dict[str, str], turns: int) -> tuple[float, float, float]:
    """Median seconds of both, and the median of the ratios turn by turn, which a slow machine does not bend."""
    pairs = [(_timed(command, env), _timed(floor, env)) for _ in range(turns + 1)][1:]  # the first warms up
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
    )


def _timed(command: list[str], env: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
