"""undo and redo: take back what a command changed, or reapply it."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from scrutiny.cli.ledgers import changing, reading, writing
from scrutiny.cli.options import MOST, Db, Yes
from scrutiny.cli.shell import confirmed, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrutiny.core.history import Change, Reversal
    from scrutiny.store.ledger import Ledger

SHOWN = 10  # signals and notes told before an analyst is asked

Number = Annotated[
    int | None,
    typer.Argument(
        metavar="CHANGE", help="Its number, as each command prints it.", min=1, max=MOST, show_default="your latest"
    ),
]
Anyone = Annotated[bool, typer.Option("--any", help="The latest of anybody, not only yours.")]


def undo(change: Number = None, anyone: Anyone = False, yes: Yes = False, db: Db = None) -> None:
    """Take back what a command changed, whole.

    An import goes less what was removed since; where a later change stands in the way, that is named.

    Example: scrutiny undo
    """
    _reverse("undo", change, anyone, yes, db)


def redo(change: Number = None, anyone: Anyone = False, yes: Yes = False, db: Db = None) -> None:
    """Reapply what was taken back.

    Without CHANGE what you took back last, unless you have changed something else since.

    Example: scrutiny redo 2
    """
    _reverse("redo", change, anyone, yes, db)


def _reverse(command: str, number: int | None, anyone: bool, yes: bool, db: str | None) -> None:
    asking = not yes and sys.stdin.isatty()
    with changing(db) as ledger:
        found = ledger.to_undo(number, anyone=anyone) if command == "undo" else ledger.to_redo(number, anyone=anyone)
        if asking:
            with ledger.rehearsed():
                tried = _do(ledger, command)(found.number, even_edited=True)
    if asking:
        _tell(found, db)
        if not confirmed(f"{'Take back' if command == 'undo' else 'Reapply'} {_said(found, tried)}?", yes):
            return
    with writing(db) as ledger:
        done = _do(ledger, command)(found.number, even_edited=yes or asking)
    say(f"{'took back' if command == 'undo' else 'reapplied'} {_said(found, done)}")


def _do(ledger: "Ledger", command: str) -> "Callable[..., Reversal]":
    return ledger.undo if command == "undo" else ledger.redo


def _tell(change: "Change", db: str | None) -> None:
    """Says what a change did."""
    from scrutiny.reports.history import besides, differences, one_line_of

    with reading(db) as ledger:
        effect, names = ledger.effect(change.number, SHOWN), ledger.ally_names()
    say(f"{change.said} of {change.at.astimezone():%Y-%m-%d %H:%M} by {change.author}:")
    for one in effect.signals:
        what = f": {differences(one.differences)}" if one.differences else ""
        say(f"  {one.deed} {one_line_of(one.signal, names[one.signal.ally])}{what}")
    if (more := effect.touched.signals - effect.told.signals) > 0:
        say(f"  ... and {more:,} more")
    for other in effect.others:
        what = f": {besides(other)}" if other.differences else ""
        say(f"  {other.deed} {other.what} {other.name}{what}")
    if (more := effect.touched.notes - effect.told.notes) > 0:
        say(f"  ... and {more:,} more notes")


def _said(change: "Change", done: "Reversal") -> str:
    touched = f", {done.touched.said}" if done.touched.any else ""
    return f"{change.said}{touched}{f', {done.edited:,} of them edited since' if done.edited else ''}"
