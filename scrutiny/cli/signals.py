"""list and show: signals as they were logged."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from scrutiny.cli.filtering import Wanted, filtered
from scrutiny.cli.ledgers import reading
from scrutiny.cli.options import MOST, Db, Format, Known, Output, SignalId, signal_number
from scrutiny.cli.present import present
from scrutiny.cli.shell import say
from scrutiny.core.filters import Filter
from scrutiny.core.signals import DESK
from scrutiny.errors import BadValue
from scrutiny.render import As

if TYPE_CHECKING:
    from scrutiny.core.signals import Signal
    from scrutiny.store.ledger import Ledger
    from scrutiny.view import View

LIMIT = 50


@filtered
def list_(
    wanted: Wanted,
    surprising: Annotated[
        bool, typer.Option("--surprising", help="Only signals of days that the model did not see coming.")
    ] = False,
    duplicates: Annotated[
        bool, typer.Option("--duplicates", help="Only what several origins report, event by event.")
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, max=MOST, help="At most so many; 0 is all.")
    ] = LIMIT,
    known: Known = None,
    format: Format = As.TABLE,
    output: Output = None,
    db: Db = None,
) -> None:
    """List signals, newest first.

    Example: scrutiny list china --since 90d --kind distancing
    """
    from scrutiny.reports.signals import listed

    if surprising and duplicates:
        raise BadValue("--surprising and --duplicates ask for different things: choose")
    with reading(db) as ledger:
        meant, names, is_exact = wanted(ledger.roster()), ledger.ally_names(), True
        if duplicates:
            view, told, count = _duplicates(ledger, meant, names, limit)
        elif surprising:
            surprises, found, count = _surprising(ledger, meant, limit)
            view, told = listed(found, names, surprises), len(found)
        else:
            newest = ledger.newest(meant, limit or None)
            view = listed(newest.signals, names)
            told, count, is_exact = len(newest.signals), newest.count, newest.is_exact
    present(view, format, output)
    say_cut(told, count, is_exact=is_exact)


def say_cut(told: int, count: int, *, is_exact: bool = True) -> None:
    """Says that not all signals are shown, where that is so; where the count is not exact there are more."""
    if told < count or not is_exact:
        say(f"note: {told:,} of {'' if is_exact else 'over '}{count:,} signals are shown; --limit 0 shows all")


def _duplicates(ledger: "Ledger", wanted: Filter, names: dict[str, str], limit: int) -> tuple["View", int, int]:
    """The groups of likely duplicates that the limit shows whole, and how many signals these are of how many."""
    from scrutiny.core.events import shown
    from scrutiny.reports.signals import duplicates

    groups = ledger.duplicates(wanted)
    reports = shown(groups, limit)
    if groups and 0 < limit < len(groups[0]):
        say(f"note: this event is cut: {len(groups[0]):,} signals report it")
    signals = ledger.numbered([report.number for report, _ in reports])
    return duplicates(signals, [group for _, group in reports], names), len(signals), sum(map(len, groups))


def _surprising(
    ledger: "Ledger", wanted: Filter, limit: int
) -> tuple[dict[str, dict[date, float]], list["Signal"], int]:
    """The days that surprised among all signals of one origin, by ally, and those of the signals meant on them.

    These are the newest that the limit shows, and how many there are.
    """
    from scrutiny.core.surprise import surprises_by_ally

    origins = wanted.origins or (DESK,)
    if len(origins) > 1:
        raise BadValue("--surprising looks at one origin", f"leave --origin out for {DESK}")
    before = wanted.since and date.fromordinal(max(1, wanted.since.toordinal() - 1))
    found = surprises_by_ally(ledger.days(Filter(allies=wanted.allies, origins=origins)), before)
    meant = [
        replace(wanted, allies=(ally,), origins=origins, days=tuple(days)) for ally, days in found.items() if days
    ]
    signals = (one for of_ally in meant for one in ledger.signals(of_ally, limit or None))
    newest = sorted(signals, key=lambda one: (one.happened_on, one.id or 0), reverse=True)
    return found, newest[: limit or None], sum(map(ledger.count, meant))


def show(id: SignalId, known: Known = None, format: Format = As.TABLE, output: Output = None, db: Db = None) -> None:
    """Show one signal whole, with its history.

    Example: scrutiny show last
    """
    from scrutiny.reports.signals import whole

    with reading(db) as ledger:
        signal = ledger.signal(signal_number(id))
        name, steps, desk = ledger.ally_names()[signal.ally], ledger.steps(signal), ledger.accepted_as(signal)
    present(whole(signal, name, steps, desk), format, output)
