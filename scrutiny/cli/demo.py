"""demo: the sample ledger, to look around in."""

import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from scrutiny.cli.ledgers import writing
from scrutiny.cli.present import present
from scrutiny.cli.shell import say
from scrutiny.cli.summary import dossier_of, overview_of
from scrutiny.cli.typed import typed
from scrutiny.core.allies import Newcomers
from scrutiny.core.days import WINDOW
from scrutiny.core.filters import Filter, Question
from scrutiny.render import As

if TYPE_CHECKING:
    from scrutiny.store.ledger import Ledger

SHOWN = "china"


def demo() -> None:
    """Show the tool at work on a sample ledger.

    Example: scrutiny demo
    """
    place = str(Path(tempfile.mkdtemp(prefix="scrutiny-demo-")) / "ledger.db")
    with writing(place) as ledger:
        load_sample(ledger)
        (last,) = ledger.signals(Filter(), limit=1)
        question = Question(last.happened_on, WINDOW)
        views = overview_of(ledger, question, As.TABLE), dossier_of(ledger, SHOWN, question, As.TABLE)
    for view in views:
        present(view)
        print()
    day = last.happened_on
    print("Try next, on this sample:")
    for command in (
        f'log iran visit "A made-up visit, to try this out" {day} B2',
        f"summary iran --as-of {day}",
        f"export iran --since {day.replace(month=1, day=1)}",
    ):
        print(f"  {typed(command, place)}")
    print(f"To keep to this sample for a while: export SCRUTINY_DB={place}")


def load_sample(ledger: "Ledger") -> None:
    """Brings the sample's signals into a ledger."""
    from scrutiny.cli.importing import Wanted, stage
    from scrutiny.cli.rejects import Rejects

    newcomers = Newcomers(ledger.roster())
    say("loading the sample: 90 real signals on six allies of Russia, 2022 to 2026 ...")
    with as_file(files("scrutiny.sample") / "signals.csv") as path:
        read = stage(ledger, str(path), Wanted(), newcomers, Rejects())
    ledger.merge([(read.staged, read.arrived)], newcomers.allies.values())
