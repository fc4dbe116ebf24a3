"""note: an analyst's dated assessment of an ally in their own words."""

from typing import TYPE_CHECKING, Annotated

import typer

from scrutiny.cli.ledgers import reading, say_undo, writing
from scrutiny.cli.options import KNOWN, MOST, AllyName, Db, Format, Known, Output, argument, day, optional, today
from scrutiny.cli.present import present
from scrutiny.cli.shell import say
from scrutiny.errors import BadValue
from scrutiny.render import As

if TYPE_CHECKING:
    from scrutiny.core.filters import Question
    from scrutiny.core.notes import Noted
    from scrutiny.store.ledger import Ledger
    from scrutiny.view import View

LIMIT = 50


def note(
    ally: AllyName = None,
    text: Annotated[str | None, argument("TEXT", "What you make of it, in your own words.")] = None,
    on: Annotated[str | None, optional("--on", "DATE", "The day that the note speaks of.", default="today")] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, max=MOST, help="Print at most so many; 0 is all.")
    ] = LIMIT,
    known: Known = None,
    format: Format = As.TABLE,
    output: Output = None,
    db: Db = None,
) -> None:
    """Record a note: what you make of an ally, or print the notes.

    Without TEXT the ally's notes, without ALLY all notes, newest first, each with the model's figures for that day.
    An ally's dossier shows the latest. undo takes a note out, as it does any change.

    Example: scrutiny note china "Beijing hedges: warm words, no new credit" --on 2026-05-19
    """
    if ally is not None and text is not None:
        if KNOWN.get() is not None or (limit, format, output) != (LIMIT, As.TABLE, None):
            what = "--limit, --known, --format and --output are for printing notes"
            raise BadValue(what, "leave them out, or leave out TEXT")
        _write(ally, text, on, db)
        return
    if on is not None:
        raise BadValue("TEXT is missing", 'as in: scrutiny note china "Beijing hedges" --on 2026-02-24')
    with reading(db) as ledger:
        view, more = _listed(ledger, ally, limit)
    present(view, format, output)
    if more:
        say(f"note: the latest {limit} notes are shown; --limit 0 shows all")


def latest_notes(ledger: "Ledger", question: "Question", *allies: str) -> "dict[str, Noted]":
    """By slug, of some allies or of all, the latest note up to the day, its own day judged as the question asks."""
    from scrutiny.core.notes import latest, noted

    found = latest(ledger.notes(allies, question.as_of))
    days = ledger.days(question.wanted(*(one.ally for one in found))) if found else ()
    return {one.note.ally: one for one in noted(found, days, question.window)}


def _write(ally: str, text: str, on: str | None, db: str | None) -> None:
    """Records a note, and says so."""
    from scrutiny.cli.answering import warn_of_future
    from scrutiny.core.notes import kept_text

    noted_on, kept = day(on) or today(), kept_text(text)
    with writing(db) as ledger:
        whom, written = ledger.note(ally, noted_on, kept)
    say(f"note on {whom.name}, {noted_on:%a} {noted_on}")
    say_undo(written.change, db)
    warn_of_future(noted_on)


def _listed(ledger: "Ledger", name: str | None, limit: int) -> "tuple[View, bool]":
    """The notes on an ally, or on all, that the limit shows, and whether there are more."""
    from scrutiny.core.days import WINDOW
    from scrutiny.core.filters import Question
    from scrutiny.core.notes import noted, subject
    from scrutiny.reports.notes import notes

    of = None if name is None else subject(ledger.roster(), name).slug
    found = ledger.notes(() if of is None else (of,), limit=limit + 1 if limit else None)
    shown = found[: limit or None]
    question = Question(shown[0].noted_on, WINDOW) if shown else None
    days = ledger.days(question.wanted(*{one.ally for one in shown})) if question else ()
    return notes(noted(shown, days), ledger.ally_names(), of), len(found) > len(shown)
