"""history: what changed the ledger, when, by whom, and what stood before."""

from typing import Annotated

import typer

from scrutiny.cli import complete
from scrutiny.cli.filtering import MOST
from scrutiny.cli.ledgers import reading
from scrutiny.cli.options import Db, Format, Known, Output, argument, optional, signal_number
from scrutiny.cli.present import present
from scrutiny.cli.shell import say
from scrutiny.cli.signals import LIMIT
from scrutiny.errors import BadValue
from scrutiny.render import As


def history(
    id: Annotated[str | None, argument("ID", "A signal's number, or last.", default="all changes")] = None,
    change: Annotated[
        int | None,
        typer.Option("--change", metavar="N", min=1, max=MOST, help="One change whole.", show_default=False),
    ] = None,
    ally: Annotated[
        str | None, optional("--ally", "ALLY", "Changes to an ally or its signals.", complete.allies)
    ] = None,
    recorded_by: Annotated[str | None, optional("--recorded-by", "NAME", "Changes by this author.")] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, max=MOST, help="At most so many; 0 is all.")
    ] = LIMIT,
    known: Known = None,
    format: Format = As.TABLE,
    output: Output = None,
    db: Db = None,
) -> None:
    """Print the history: all changes, one change, or one signal's.

    Example: scrutiny history 12
    """
    from scrutiny.reports.history import changes, steps, whole_change

    if (id, change, ally or recorded_by).count(None) < 2:
        raise BadValue("ID, --change, and --ally or --recorded-by ask for different things: choose")
    with reading(db) as ledger:
        roster = ledger.roster()
        if id is not None:
            signal = ledger.signal(signal_number(id))
            view = steps(signal, ledger.ally_name(signal.ally), ledger.steps(signal))
        elif change is not None:
            view = whole_change(ledger.effect(change, limit or MOST), {one.slug: one.name for one in roster.allies})
        else:
            found = ledger.changes(
                recorded_by, roster.ally(ally).slug if ally else None, limit + 1 if limit else None
            )
            view = changes(found[: limit or None])
            if limit and len(found) > limit:
                say(f"note: the latest {limit} changes are shown; --limit 0 shows all")
    present(view, format, output)
