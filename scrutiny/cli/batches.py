"""batches: what each import of a file brought, and taking one out again."""

import sys
from typing import Annotated

import typer

from scrutiny.cli.ledgers import changing, reading, say_undo, writing
from scrutiny.cli.options import DB, MOST, Db, Format, Known, Output, Yes
from scrutiny.cli.present import present
from scrutiny.cli.shell import Group, confirmed, say
from scrutiny.core.names import counted
from scrutiny.render import As

app = typer.Typer(cls=Group, add_completion=False, invoke_without_command=True, rich_markup_mode=None)


@app.callback()
def batches(
    ctx: typer.Context, known: Known = None, format: Format = As.TABLE, output: Output = None, db: Db = None
) -> None:
    """List what each imported file brought, or remove one.

    Example: scrutiny batches
    """
    DB.set(DB.get() if db is None else db)
    if ctx.invoked_subcommand is None:
        from scrutiny.reports.arrivals import batches as view_of

        with reading(db) as ledger:
            found = ledger.batches()
        present(view_of(found), format, output)


@app.command()
def remove(
    number: Annotated[int, typer.Argument(metavar="N", help="The batch's number.", min=1, max=MOST)],
    yes: Yes = False,
    db: Db = None,
) -> None:
    """Remove a batch: all that an import of one file added and that is still there.

    Importing the file again brings it back, and so does undo.

    Example: scrutiny batches remove 1
    """
    with changing(db) as ledger:
        batch = ledger.batch_to_remove(number)
    edited = f", {batch.edited:,} of them edited since" if batch.edited else ""
    what = f"{counted(batch.held, 'signal')} of {batch.said}{edited}"
    asking = not yes and sys.stdin.isatty()
    if not confirmed(f"Remove {what}?", yes):
        return
    with writing(db) as ledger:
        change, gone, count = ledger.remove_batch(number, even_edited=yes or asking)
    say(f"removed {counted(count, 'signal')} of {gone.said}")
    say_undo(change, db)
