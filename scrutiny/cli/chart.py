"""chart: levels over time."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from scrutiny.cli.ledgers import reading
from scrutiny.cli.options import AllyNames, AsOf, By, Db, Format, Known, Origin, Output, asked, listed, optional
from scrutiny.cli.present import present
from scrutiny.core.days import WINDOW, when
from scrutiny.errors import BadValue
from scrutiny.render import As

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from scrutiny.core.filters import Question
    from scrutiny.store.ledger import Ledger
    from scrutiny.view import View

SPAN = "1y"  # shown, unless asked otherwise

Since = Annotated[str | None, optional("--since", "DATE", "From this day on; 2y is before --as-of.", default=SPAN)]


def chart(
    allies: AllyNames = None,
    since: Since = None,
    as_of: AsOf = None,
    origin: Origin = "desk",
    by: By = None,
    known: Known = None,
    format: Format = As.TABLE,
    output: Output = None,
    db: Db = None,
) -> None:
    """Draw levels over time, with their bands and signals.

    Each day's level is what the signals up to that day said of it. Without an ally, all that have signals.

    Example: scrutiny chart china iran --since 2y --as-of 2026-05-20
    """
    question = asked(as_of, WINDOW, origin, by)
    first = _a_year_before(question.as_of) if since is None else when(since, question.as_of)
    if first >= question.as_of:
        how = "after" if first > question.as_of else "the same day as"
        raise BadValue(f"--since {first} is {how} --as-of {question.as_of}", "a chart needs two days at least")
    with reading(db) as ledger:
        view = chart_of(ledger, allies or (), first, question)
    present(view, format, output)


def chart_of(ledger: "Ledger", names: "Sequence[str]", since: "date", question: "Question") -> "View":
    """The chart of the allies named, in their order, or of all that have signals, highest level first."""
    from scrutiny.core.filters import FEEDS
    from scrutiny.core.signals import DESK
    from scrutiny.core.standing import standings
    from scrutiny.reports.chart import charted

    roster = ledger.roster()
    named = list(dict.fromkeys(map(roster.ally, listed(names))))
    wanted = question.wanted(*(ally.slug for ally in named))
    found = standings(ledger.shares(wanted), {ally.slug: ally for ally in roster.allies}, question.as_of, WINDOW)
    if named:
        found.sort(key=lambda one: named.index(one.ally))
    heard = {one.ally for one in found}
    silent = [ally for ally in named or roster.allies if ally not in heard]
    unheard = replace(wanted, allies=tuple(ally.slug for ally in silent), origins=(FEEDS,))
    return charted(
        found,
        ledger.signals(replace(wanted, since=since)),
        since,
        question,
        roster.principal,
        silent,
        later=ledger.count(question.wanted(*wanted.allies, later=True)),
        feeds=ledger.count(unheard) if named and silent and question.origin == DESK else 0,
    )


def _a_year_before(day: "date") -> "date":
    """Where a chart begins unless told otherwise; the calendar's first day where there is no earlier one."""
    return when(SPAN, day) if day.year > 1 else day.replace(month=1, day=1)
