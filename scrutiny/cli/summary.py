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
    from collections.abc import Sequence

    from scrutiny.core.account import Account
    from scrutiny.core.allies import Ally
    from scrutiny.core.filters import Question
    from scrutiny.core.heard import Heard
    from scrutiny.core.opinion import Opinion
    from scrutiny.core.parts import Asked
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
    from scrutiny.core.parts import COUNTS, FORCES
    from scrutiny.core.signals import DESK
    from scrutiny.core.standing import firm, standings
    from scrutiny.reports.overview import overview

    roster, days = ledger.roster(), ledger.days(question.wanted(), (*COUNTS, *FORCES))
    found = standings(days, {ally.slug: ally for ally in roster.allies}, question.as_of, question.window)
    found = firm(found, question, ledger)
    heard = {one.ally for one in found}
    silent = [ally for ally in roster.allies if ally not in heard]
    later = ledger.count(question.wanted(later=True))
    apart = replace(question, origin=FEEDS).wanted(*(ally.slug for ally in silent))
    feeds = bool(silent) and question.origin == DESK and ledger.has(apart)
    return overview(found, question, roster.principal, silent, later=later, feeds=feeds, bands=form is As.JSON)


def dossier_of(ledger: "Ledger", name: str, question: "Question", form: As) -> "View":
    """One ally, as a question asks."""
    from scrutiny.core.account import Account
    from scrutiny.core.filters import FEEDS
    from scrutiny.core.parts import PARTS, SIDES
    from scrutiny.core.signals import DESK
    from scrutiny.reports.dossier import dossier, silent_dossier

    roster = ledger.roster()
    ally = roster.ally(name)
    found, later = heard_of(ledger, ally, question, (*PARTS, *SIDES)), question.wanted(ally.slug, later=True)
    count, note = ledger.count(later), latest_notes(ledger, question, ally.slug).get(ally.slug)
    if found is None:
        apart = replace(question, origin=FEEDS).wanted(ally.slug)
        feeds = ledger.count(apart) if question.origin == DESK else 0
        return silent_dossier(ally, question, roster.principal, later=count, feeds=feeds, note=note)
    one, heard = found
    account, bands = Account.of(one, heard, question), form is As.JSON
    one = account.standing if account else one
    other = feeds_of(ledger, one, question) if question.origin == DESK else None
    return dossier(one, heard, question, roster.principal, later=count, bands=bands, feeds=other, note=note)


def feeds_of(ledger: "Ledger", desk: "Standing", question: "Question") -> "Opinion | None":
    """What the ally's feed events say on the same question; None where there are none."""
    from scrutiny.core.filters import FEEDS
    from scrutiny.core.opinion import opinion
    from scrutiny.core.standing import standing

    days = ledger.days(replace(question, origin=FEEDS).wanted(desk.ally.slug))
    if not days:
        return None
    return opinion(standing(desk.ally, days[0], question.as_of, question.window), desk.trend)


def account_of(ledger: "Ledger", name: str, question: "Question") -> "Account | None":
    """An ally's account, as a question asks; None where no signal up to the day weighs anything."""
    from scrutiny.core.account import Account

    found = heard_of(ledger, ledger.roster().ally(name), question)
    return Account.of(*found, question) if found else None


def heard_of(
    ledger: "Ledger", ally: "Ally", question: "Question", asked: "Sequence[Asked]" = ()
) -> "tuple[Standing, Heard] | None":
    """An ally's standing and its signals up to the day, as a question asks; None where there are none."""
    from scrutiny.core.heard import Heard
    from scrutiny.core.standing import standing

    wanted = question.wanted(ally.slug)
    days = ledger.days(wanted, asked)
    if not days:
        return None
    return standing(ally, days[0], question.as_of, question.window), Heard(ledger, wanted, days[0])
