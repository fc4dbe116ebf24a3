"""explain: why a relationship stands where it does."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from scrutiny.cli import complete
from scrutiny.cli.filtering import Wanted, filtered
from scrutiny.cli.ledgers import reading
from scrutiny.cli.options import (
    MOST,
    NAMED,
    AsOf,
    By,
    Db,
    Format,
    Known,
    Origin,
    Output,
    Window,
    argument,
    asked,
    optional,
    signal_number,
)
from scrutiny.cli.present import present
from scrutiny.cli.signals import LIMIT, say_cut
from scrutiny.cli.summary import account_of, dossier_of
from scrutiny.core.account import Account
from scrutiny.core.allies import Ally
from scrutiny.core.days import WINDOW
from scrutiny.core.filters import Filter, Question
from scrutiny.core.signals import Signal
from scrutiny.errors import BadValue, Unknown
from scrutiny.render import As
from scrutiny.reports.explained import carrying, explained, one_signal, unexplained
from scrutiny.view import View

if TYPE_CHECKING:
    from scrutiny.store.ledger import Ledger

LARGEST = 10  # signals shown of those that carry the level


@partial(filtered, without=("allies", "by", "origin"))
def explain(
    wanted: Wanted,
    ally: Annotated[str, argument("ALLY", NAMED, complete.allies)],
    level: Annotated[
        bool, typer.Option("--level", help="Each signal's part of the level, newest first; the filters choose.")
    ] = False,
    signal: Annotated[str | None, optional("--signal", "ID", "What one signal did.")] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            metavar="N",
            min=0,
            max=MOST,
            help=f"With --level, at most so many, {LIMIT} unless told; 0 is all.",
        ),
    ] = None,
    as_of: AsOf = None,
    window: Window = WINDOW,
    origin: Origin = "desk",
    by: By = None,
    known: Known = None,
    format: Format = As.TABLE,
    output: Output = None,
    db: Db = None,
) -> None:
    """Explain why a level moved and what carries it.

    The bridge leads from the level as judged at the window's start to the level now, signal by signal.

    Example: scrutiny explain china --as-of 2026-05-20
    """
    question = asked(as_of, window, origin, by)
    number = None if signal is None else signal_number(signal)
    with reading(db) as ledger:
        chosen = wanted(ledger.roster())
        if not level and (chosen != Filter() or limit is not None):
            raise BadValue("the filters and --limit go with --level", "explain ALLY --level gives every signal")
        if level and signal is not None:
            raise BadValue("--level gives every signal and --signal one: choose")
        account = account_of(ledger, ally, question)
        if account is None:
            named = ledger.roster().ally(ally)
            if signal is not None:
                raise _apart(ledger.signal(number), named, question)
            view = unexplained(dossier_of(ledger, ally, question, format), named, level=level)
        elif signal is not None:
            view = _one(ledger, account, number)
        elif level:
            view = _all(ledger, account, chosen, LIMIT if limit is None else limit)
        else:
            view = explained(account, account.largest(LARGEST), ledger.roster().principal)
    present(view, format, output)


def _all(ledger: "Ledger", account: Account, chosen: Filter, limit: int) -> View:
    """What the signals that the filters mean carry, newest first."""
    known = account.question.wanted(account.standing.ally.slug)
    until = min(filter(None, (chosen.until, known.until)), default=None)
    meant = replace(chosen, allies=known.allies, actors=known.actors, origins=known.origins, until=until)
    newest = ledger.newest(meant, limit or None)
    say_cut(len(newest.signals), newest.count, is_exact=newest.is_exact)
    return carrying(account, account.carried(newest.signals), ledger.roster().principal)


def _one(ledger: "Ledger", account: Account, number: int | None) -> View:
    asked_for = ledger.signal(number)
    signal = next((one for one in account.heard.on([asked_for.happened_on]) if one.id == asked_for.id), None)
    if signal is None:
        raise _apart(asked_for, account.standing.ally, account.question)
    return one_signal(account, signal, ledger.roster().principal)


def _apart(signal: Signal, ally: Ally, question: Question) -> Unknown:
    why = "is not of the kind asked about"
    if signal.removed:
        why = "was taken back"
    elif signal.ally != ally.slug:
        why = f"is a signal of {signal.ally}"
    elif signal.happened_on > question.as_of:
        why = f"is dated {signal.happened_on}, after {question.as_of}"
    elif not signal.sixteenths:
        why = "weighs nothing by its grade"
    return Unknown(
        f"#{signal.id} has no part in the level of {ally.name} on {question.as_of}: it {why}",
        f"see those that have with: scrutiny explain {ally.slug} --level --as-of {question.as_of}",
    )
