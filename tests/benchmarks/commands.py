"""Commands on the sample, each against what importing its libraries costs."""

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

from tests.benchmarks import timed
from tests.benchmarks.figures import Figure, compared
from tests.benchmarks.places import ours
from tests.benchmarks.timed import Call, python, race

CONSOLE = "import typer, rich.console"
LEDGER = "import typer, rich.table, sqlmodel"
COMMANDS = (  # what is timed, the program's arguments (None: a key press in the shell), its floor, the aim
    ("--help", ("--help",), CONSOLE, 1.3),
    ("--version", ("--version",), CONSOLE, 1.3),
    ("completion of an ally", None, CONSOLE, 2.0),
    ("log", ("log", "china", "visit", "A visit to be timed", "B2"), LEDGER, 1.3),
    ("summary", ("summary", "--as-of", "2026-05-20"), LEDGER, 1.3),
    ("summary china", ("summary", "china", "--as-of", "2026-05-20"), LEDGER, 1.3),
)


def figures(folder: Path, turns: int) -> Iterator[Figure]:
    """One a command."""
    ledger = str(folder / "sample.db")
    with as_file(files("scrutiny.sample") / "signals.csv") as sample:
        timed.run(ours(ledger, "import", str(sample)))
    for name, args, floor, aim in COMMANDS:
        call = _pressed(ledger, "scrutiny summary ch") if args is None else ours(ledger, *args)
        runs = race({"ours": call, "floor": python(floor)}, turns)
        yield compared("commands", name, runs["ours"], runs["floor"], f"python -c '{floor}'", aim=aim)


def _pressed(ledger: str, line: str) -> Call:
    """What bash tells the program when Tab is pressed at the end of a line."""
    call = ours(ledger)
    said = {
        "_SCRUTINY_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split()) - 1),
    }
    return replace(call, env={**call.env, **said})
