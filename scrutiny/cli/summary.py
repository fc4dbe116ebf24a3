"""summary: where the relationships stand."""

from dataclasses import replace
from typing import TYPE_CHECKING

from scrutiny.cli.ledgers import reading
from scrutiny.cli.note import latest_notes
from scrutiny.cli.options import AllyName, AsOf, By, Db, Format, Known, Origin, Output, Window, asked, today
from scrutiny.cli.present import present
from scrutiny.core.days import WINDOW
from scrutiny.render import As

if TYPE_CHECKING:
    from scrutiny.core.account import Account
    from scrutiny.core.filters import Question
    from scrutiny.core.opinion import Opinion
    from scrutiny.core.standing import Standing
    from scrutiny.store.ledger import Ledger
    from scrutiny.view import View

BEGIN = """No signals yet. Three ways to begin:
  scrutiny demo                                       see it at work on a sample
  scrutiny log china visit "Wang Yi in Moscow" B2     log your first signal
  scrutiny import signals.csv                         bring in a CSV"""


def summary(
    ally: AllyName = None,
    as_of: AsOf = None,
    window: Window = WINDOW,
    origin: Origin = "desk",
    by: By = None,
    known: Known = None,
    format: Format = As.TABLE,
    output: Output = None,
    db: Db = None,
) -> None:
    """Say where each ally stands and which way it moves.

    With an ally, give its dossier.

    Example: scrutiny summary china --as-of 2026-05-20
    """
    question = asked(as_of, window, origin, by)
    with reading(db) as ledger:
        view = overview_of(ledger, question, format) if ally is None else dossier_of(ledger, ally, question, format)
    present(view, format, output)


def begin() -> None:
    """The overview, or how to begin where nothing has been logged."""
    from scrutiny.core.filters import Question

    with reading(None) as ledger:
        empty = not ledger.signal_counts()
        view = None if empty else overview_of(ledger, Question(today(), WINDOW), As.TABLE)
    if view is None:
        print(BEGIN)
    else:
        present(view)


def overview_of(ledger: "Ledger", question: "Question", form: As) -> "View":
    """All allies, as a question asks."""
    from scrutiny.core.filters import FEEDS
    from scrutiny.core.signals import DESK
    from scrutiny.core.standing import firm, moving, standings
    from scrutiny.reports.overview import overview

    roster, shares = ledger.roster(), ledger.shares(question.wanted())
    found = standings(shares, {ally.slug: ally for ally in roster.allies}, question.as_of, question.window)
    slugs = moving(found)
    found = firm(found, ledger.signals(question.in_window(*slugs)) if slugs else ())
    heard = {one.ally for one in found}
    silent = [ally for ally in roster.allies if ally not in heard]
    later = ledger.count(question.wanted(later=True))
    apart = replace(question, origin=FEEDS).wanted(*(ally.slug for ally in silent))
    feeds = bool(silent) and question.origin == DESK and ledger.has(apart)
    return overview(found, question, roster.principal, silent, later=later, feeds=feeds, bands=form is As.JSON)


def dossier_of(ledger: "Ledger", name: str, question: "Question", form: As) -> "View":
    """One ally, as a question asks."""
    from scrutiny.core.filters import FEEDS
    from scrutiny.core.signals import DESK
    from scrutiny.core.standing import standing
    from scrutiny.reports.dossier import dossier, silent_dossier

    roster, account = ledger.roster(), account_of(ledger, name, question)
    ally = roster.ally(name)
    wanted, later = question.wanted(ally.slug), ledger.count(question.wanted(ally.slug, later=True))
    note = latest_notes(ledger, question, ally.slug).get(ally.slug)
    if account is not None:
        found, signals = account.standing, account.signals
    elif shares := tuple(ledger.shares(wanted)):
        found, signals = standing(ally, shares, question.as_of, question.window), tuple(ledger.signals(wanted))
    else:
        feeds = ledger.count(replace(wanted, origins=(FEEDS,))) if question.origin == DESK else 0
        return silent_dossier(ally, question, roster.principal, later=later, feeds=feeds, note=note)
    other = feeds_of(ledger, found, question) if question.origin == DESK else None
    bands = form is As.JSON
    return dossier(found, signals, question, roster.principal, later=later, bands=bands, feeds=other, note=note)


def feeds_of(ledger: "Ledger", desk: "Standing", question: "Question") -> "Opinion | None":
    """What the ally's feed events say on the same question; None where there are none."""
    from scrutiny.core.filters import FEEDS
    from scrutiny.core.opinion import opinion
    from scrutiny.core.standing import standing

    shares = tuple(ledger.shares(replace(question, origin=FEEDS).wanted(desk.ally.slug)))
    if not shares:
        return None
    return opinion(standing(desk.ally, shares, question.as_of, question.window), desk.trend)


def account_of(ledger: "Ledger", name: str, question: "Question") -> "Account | None":
    """An ally's account, as a question asks; None where no signal up to the day weighs anything."""
    from scrutiny.core.account import Account
    from scrutiny.core.standing import standing

    ally = ledger.roster().ally(name)
    wanted = question.wanted(ally.slug)
    found = standing(ally, tuple(ledger.shares(wanted)), question.as_of, question.window)
    return None if found.trend is None else Account.of(found, ledger.signals(wanted), question)
