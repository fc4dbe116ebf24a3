"""Gathering what a memo and a report rest on."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from scrutiny.cli.note import latest_notes
from scrutiny.core.account import Account
from scrutiny.core.case import Case, Withheld
from scrutiny.core.changed import changed, unheard
from scrutiny.core.filters import Question
from scrutiny.core.heard import Heard, Reads
from scrutiny.core.parts import FORCES, PARTS, SIDES
from scrutiny.core.standing import standings

if TYPE_CHECKING:
    from scrutiny.core.allies import Ally
    from scrutiny.core.notes import Noted
    from scrutiny.core.standing import Standing
    from scrutiny.store.ledger import Ledger


def cases_of(
    ledger: "Ledger", allies: "Sequence[Ally]", since: date, question: Question, *, openly: bool, whole: bool = False
) -> list[Case]:
    """A case an ally of those named, or of all that have signals or a note, highest level first.

    Unless `openly`, what signals say that are private now, or were as the ledger is known, is left out. Signals are
    read as they are asked for, so while the ledger is open; `whole` reads all at once.
    """
    private: frozenset[str] = frozenset() if openly else ledger.private_uids()
    known = {ally.slug: ally for ally in ledger.roster().allies}
    wanted = question.wanted(*(ally.slug for ally in allies))
    notes = latest_notes(ledger, question, *wanted.allies)
    found = standings(ledger.days(wanted, (*PARTS, *FORCES, *SIDES)), known, question.as_of, question.window)
    reads = Withheld(ledger, private)
    stand = [_case(reads, one, since, question, notes.get(one.ally.slug), whole=whole) for one in found]
    named = {one.ally.slug for one in stand}
    silent = allies or [known[slug] for slug in notes if slug in known]
    rest = [ally for ally in silent if ally.slug not in named]
    return [*stand, *(Case(ally, None, None, None, unheard(ally), notes.get(ally.slug)) for ally in rest)]


def _case(
    reads: Reads, one: "Standing", since: date, question: Question, note: "Noted | None", *, whole: bool
) -> Case:
    heard = Heard(reads, question.wanted(one.ally.slug), one.days)
    if whole:
        heard.all()
    account = Account.of(one, heard, question)
    new = heard.over(since.toordinal() + 1, question.as_of.toordinal())
    standing = account.standing if account else one
    return Case(one.ally, standing, account, heard, changed(one, since, question.as_of, question.window, new), note)
