"""history: what changed the ledger, when, by whom, and what stood before."""

from typing import TYPE_CHECKING, Annotated

import typer

from scrutiny.cli import complete
from scrutiny.cli.ledgers import reading
from scrutiny.cli.options import MOST, Db, Format, Known, Output, argument, optional, signal_number
from scrutiny.cli.present import present
from scrutiny.cli.shell import say
from scrutiny.cli.signals import LIMIT
from scrutiny.core.text import checked
from scrutiny.errors import BadValue
from scrutiny.render import As

if TYPE_CHECKING:
    from scrutiny.store.ledger import Ledger


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
    author = None if recorded_by is None else checked(recorded_by, "author")
    with reading(db) as ledger:
        if id is not None:
            signal = ledger.signal(signal_number(id))
            view = steps(signal, ledger.ally_names()[signal.ally], ledger.steps(signal))
        elif change is not None:
            view = whole_change(ledger.effect(change, limit or MOST), ledger.ally_names())
        else:
            slug = _slug(ledger, ally) if ally else None
            found = [] if ledger.absent else ledger.changes(author, slug, limit + 1 if limit else None)
            view = changes(found[: limit or None])
            if limit and len(found) > limit:
                say(f"note: the latest {limit} changes are shown; --limit 0 shows all")
    present(view, format, output)


def _slug(ledger: "Ledger", ally: str) -> str:
    """An ally's slug, also that of one which is no longer there."""
    return ally if ally in ledger.ally_names() else ledger.roster().ally(ally).slug
