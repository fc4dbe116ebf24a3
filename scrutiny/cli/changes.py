"""changes: what is new, and what it changed."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from scrutiny.cli.ledgers import reading
from scrutiny.cli.options import (
    AllyNames,
    AsOf,
    By,
    Db,
    Format,
    Known,
    Origin,
    Output,
    Window,
    asked,
    end_of,
    listed,
    optional,
    today,
)
from scrutiny.cli.present import present
from scrutiny.core.changed import Changed, changed, changed_by_record, unheard
from scrutiny.core.days import WINDOW, when
from scrutiny.core.filters import Question
from scrutiny.core.shares import Days
from scrutiny.core.standing import standing, standings
from scrutiny.errors import BadValue
from scrutiny.render import As
from scrutiny.reports.changes import changes as view_of

if TYPE_CHECKING:
    from scrutiny.core.signals import Signal
    from scrutiny.store.ledger import Ledger

WEEK = "7d"
TURNED = 10  # the exit code


def changes(
    allies: AllyNames = None,
    since: Annotated[
        str | None,
        optional("--since", "DATE", "Signals dated after this day; 7d is before --as-of.", default=WEEK),
    ] = None,
    recorded_since: Annotated[
        str | None,
        optional("--recorded-since", "DATE", "Signals recorded after this day, whatever their dates."),
    ] = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help=f"Exit with {TURNED} when any direction turned.")
    ] = False,
    as_of: AsOf = None,
    window: Window = WINDOW,
    origin: Origin = "desk",
    by: By = None,
    known: Known = None,
    format: Format = As.TABLE,
    output: Output = None,
    db: Db = None,
) -> None:
    """Say what changed, and which signals changed it.

    A direction that ends in silence has not turned.

    Example: scrutiny changes --since 90d --as-of 2026-05-20
    """
    question = asked(as_of, window, origin, by)
    if since is not None and recorded_since is not None:
        raise BadValue("--since speaks of the signals' dates, --recorded-since of when they were recorded: choose")
    with reading(db) as ledger:
        roster = ledger.roster()
        named = {ally.slug: ally for ally in map(roster.ally, listed(allies))}
        if recorded_since is None:
            after = when(since or WEEK, question.as_of)
            if after > question.as_of:
                raise BadValue(f"--since {after} is after --as-of {question.as_of}")
            found = _by_date(ledger, tuple(named), after, question)
        else:
            after = when(recorded_since, today())
            if after > today():
                raise BadValue(f"--recorded-since {after} is in the future")
            found = _by_record(ledger, tuple(named), after, question)
        later = ledger.count(question.wanted(*named, later=True))
    heard = {one.ally.slug for one in found}
    found += [unheard(ally) for slug, ally in named.items() if slug not in heard]
    view = view_of(found, after, question, roster.principal, by_record=recorded_since is not None, later=later)
    present(view, format, output)
    if exit_code and any(one.turned for one in found):
        raise typer.Exit(TURNED)


def _by_date(ledger: "Ledger", slugs: tuple[str, ...], since: date, question: Question) -> list[Changed]:
    allies = {ally.slug: ally for ally in ledger.roster().allies}
    found = standings(ledger.days(question.wanted(*slugs)), allies, question.as_of, question.window)
    between = Question(question.as_of, (question.as_of - since).days, question.origin, question.by)
    signals = _by_ally(ledger.signals(between.in_window(*slugs)) if since < question.as_of else [])
    return [changed(one, since, question.as_of, question.window, signals[one.ally.slug]) for one in found]


def _by_record(ledger: "Ledger", slugs: tuple[str, ...], since: date, question: Question) -> list[Changed]:
    allies, wanted, ended = ledger.everyone(), question.wanted(*slugs), end_of(since)
    with ledger.at(ended) as then_known:
        held = {days.ally: days for days in then_known.days(wanted)}
    kept = {days.ally: days for days in ledger.days(replace(wanted, arrived_until=ended))}
    arrived = _by_ally(ledger.signals(replace(wanted, arrived_after=ended)))
    found = standings(ledger.days(wanted), allies, question.as_of, question.window)
    heard, then = {one.ally.slug for one in found}, min(since, question.as_of)
    gone = [standing(allies[slug], Days(slug), question.as_of, question.window) for slug in held if slug not in heard]
    return [
        changed_by_record(one, held.get(slug, Days(slug)), kept.get(slug, Days(slug)), arrived[slug], then, question)
        for one in (*found, *gone)
        for slug in [one.ally.slug]
    ]


def _by_ally(them: "list[Signal]") -> "dict[str, list[Signal]]":
    found: dict[str, list[Signal]] = defaultdict(list)
    for one in them:
        found[one.ally].append(one)
    return found
