"""undo: take back what a log or an import added."""

import sys
from typing import Annotated

import typer

from scrutiny.cli.ledgers import reading, writing
from scrutiny.cli.options import Db
from scrutiny.cli.shell import say
from scrutiny.core.names import counted


def undo(
    change: Annotated[
        int | None,
        typer.Argument(
            metavar="CHANGE",
            help="The change's number, as log printed it.",
            min=1,
            max=10**9,
            show_default="your latest",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    db: Db = None,
) -> None:
    """Take back what a log or an import added.

    Example: scrutiny undo
    """
    with reading(db) as ledger:
        found = ledger.undoable(change)
    what = f"change {found.change} ({found.what}), {counted(found.signals, 'signal')}"
    if not yes and sys.stdin.isatty() and not typer.confirm(f"Take back {what}?", err=True):
        say("nothing was taken back")
        return
    with writing(db) as ledger:
        ledger.undo(found.change)
    say(f"took back {what}")
