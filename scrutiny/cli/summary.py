"""summary: where the relationships stand."""

from dataclasses import replace
from typing import TYPE_CHECKING

from scrutiny.cli.ledgers import reading
from scrutiny.cli.options import AllyName, AsOf, By, Db, Format, Origin, Output, Window, actor, day, today
from scrutiny.cli.present import present
from scrutiny.core.days import WINDOW
from scrutiny.render import As

if TYPE_CHECKING:
    from scrutiny.core.filters import Question
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
    format: Format = As.TABLE,
    output: Output = None,
    db: Db = None,
) -> None:
    """Say where each ally stands and which way it moves.

    With an ally, give its dossier.

    Example: scrutiny summary china --as-of 2026-05-20
    """
    from scrutiny.core.filters import Question  # 12 ms with the core, which a key press must not pay
    from scrutiny.core.signals import read_origin

    question = Question(day(as_of) or today(), window, read_origin(origin), actor(by))
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
    from scrutiny.core.standing import standings
    from scrutiny.reports.overview import overview

    roster, shares = ledger.roster(), ledger.shares(question.wanted())
    found = standings(shares, {ally.slug: ally for ally in roster.allies}, question.as_of, question.window)
    heard = {one.ally for one in found}
    silent = [ally for ally in roster.allies if ally not in heard]
    later = ledger.count(question.wanted(later=True))
    return overview(found, question, roster.principal, silent, later=later, bands=form is As.JSON)


def dossier_of(ledger: "Ledger", name: str, question: "Question", form: As) -> "View":
    """One ally, as a question asks."""
    from scrutiny.core.filters import FEEDS
    from scrutiny.core.signals import DESK
    from scrutiny.core.standing import standing
    from scrutiny.reports.dossier import dossier, silent_dossier

    roster = ledger.roster()
    ally = roster.ally(name)
    wanted = question.wanted(ally.slug)
    shares, later = tuple(ledger.shares(wanted)), ledger.count(question.wanted(ally.slug, later=True))
    if not shares:
        feeds = ledger.count(replace(wanted, origins=(FEEDS,))) if question.origin == DESK else 0
        return silent_dossier(ally, question, roster.principal, later=later, feeds=feeds)
    one = standing(ally, shares, question.as_of, question.window)
    return dossier(one, ledger.signals(wanted), question, roster.principal, later=later, bands=form is As.JSON)
