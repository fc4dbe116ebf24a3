"""Gathering what a memo and a report rest on."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from scrutiny.cli.note import latest_notes
from scrutiny.core.account import Account
from scrutiny.core.case import Case, withheld
from scrutiny.core.changed import changed, unheard
from scrutiny.core.filters import Question
from scrutiny.core.standing import standings

if TYPE_CHECKING:
    from scrutiny.core.allies import Ally
    from scrutiny.core.notes import Noted
    from scrutiny.core.standing import Standing
    from scrutiny.store.ledger import Ledger


def cases_of(
    ledger: "Ledger", allies: "Sequence[Ally]", since: date, question: Question, *, openly: bool
) -> list[Case]:
    """A case an ally of those named, or of all that have signals or a note, highest level first.

    Unless `openly`, what signals say that are private now, or were as the ledger is known, is left out.
    """
    private: frozenset[str] = frozenset() if openly else ledger.private_uids()
    known = {ally.slug: ally for ally in ledger.roster().allies}
    wanted = question.wanted(*(ally.slug for ally in allies))
    notes = latest_notes(ledger, question, *wanted.allies)
    found = standings(ledger.shares(wanted), known, question.as_of, question.window)
    heard = [_case(ledger, one, since, question, notes.get(one.ally.slug), private) for one in found]
    named = {one.ally.slug for one in heard}
    silent = allies or [known[slug] for slug in notes if slug in known]
    rest = [ally for ally in silent if ally.slug not in named]
    return [*heard, *(Case(ally, None, None, (), unheard(ally), notes.get(ally.slug)) for ally in rest)]


def _case(
    ledger: "Ledger",
    one: "Standing",
    since: date,
    question: Question,
    note: "Noted | None",
    private: frozenset[str],
) -> Case:
    signals = tuple(withheld(signal, private) for signal in ledger.signals(question.wanted(one.ally.slug)))
    account = Account.of(one, signals, question)
    new = [signal for signal in signals if signal.happened_on > since]
    standing = account.standing if account else one
    return Case(one.ally, standing, account, signals, changed(one, since, question.as_of, question.window, new), note)
