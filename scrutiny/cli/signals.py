"""list and show: signals as they were logged."""

from typing import Annotated

import typer

from scrutiny.cli.filtering import MOST, Wanted, filtered
from scrutiny.cli.ledgers import reading
from scrutiny.cli.options import Db, Format, Output, SignalId, signal_number
from scrutiny.cli.present import present
from scrutiny.cli.shell import say
from scrutiny.render import As

LIMIT = 50


@filtered
def list_(
    wanted: Wanted,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, max=MOST, help="At most so many; 0 is all.")
    ] = LIMIT,
    format: Format = As.TABLE,
    output: Output = None,
    db: Db = None,
) -> None:
    """List signals, newest first.

    Example: scrutiny list china --since 90d --kind distancing
    """
    from scrutiny.reports.signals import listed

    with reading(db) as ledger:
        roster = ledger.roster()
        found, count = ledger.signals(wanted(roster), limit or None), ledger.count(wanted(roster))
    present(listed(found, {ally.slug: ally.name for ally in roster.allies}), format, output)
    if len(found) < count:
        say(f"note: {len(found)} of {count:,} signals are shown; --limit 0 shows all")


def show(id: SignalId, format: Format = As.TABLE, output: Output = None, db: Db = None) -> None:
    """Show one signal whole.

    Example: scrutiny show last
    """
    from scrutiny.reports.signals import whole

    with reading(db) as ledger:
        signal = ledger.signal(signal_number(id))
        name = ledger.ally_name(signal.ally)
    present(whole(signal, name), format, output)
