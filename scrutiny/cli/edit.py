"""edit and remove: signals put right, and signals taken out."""

from typing import TYPE_CHECKING, Annotated

import typer

from scrutiny.cli import complete
from scrutiny.cli.ledgers import changing, say_undo, writing
from scrutiny.cli.options import Db, SignalId, Yes, argument, listed, optional, signal_number, today
from scrutiny.cli.shell import confirmed, say, say_new
from scrutiny.cli.wording import worded
from scrutiny.core.acts import Kind
from scrutiny.core.amend import CLEARABLE, Amendment, clearable
from scrutiny.core.names import counted
from scrutiny.core.near import member
from scrutiny.core.signals import read_score
from scrutiny.reports.history import differences, one_line_of

if TYPE_CHECKING:
    from scrutiny.core.signals import Signal

SHOWN = 20  # signals named before they are removed


def edit(
    id: SignalId,
    words: Annotated[list[str] | None, argument("WORDS", "As log's, in any order.", complete.words)] = None,
    act: Annotated[
        str | None, optional("--act", "ACT", "Another act, which sets kind and score anew.", complete.acts)
    ] = None,
    kind: Annotated[str | None, optional("--kind", "KIND", "For a signal without an act.", complete.kinds)] = None,
    score: Annotated[str | None, optional("--score", "N", "Instead of the act's, within its sign.")] = None,
    summary: Annotated[str | None, optional("--summary", "TEXT", "What happened, in a sentence.")] = None,
    ally: Annotated[str | None, optional("--ally", "ALLY", "Whose act it bears on.", complete.allies)] = None,
    on: Annotated[str | None, optional("--on", "DATE", "When.")] = None,
    grade: Annotated[str | None, optional("--grade", "B2", "The Admiralty code of the report.")] = None,
    source: Annotated[str | None, optional("--source", "TEXT", "A URL or a citation.")] = None,
    domain: Annotated[str | None, optional("--domain", "DOMAIN", "Where the effect falls.", complete.domains)] = None,
    driver: Annotated[str | None, optional("--driver", "DRIVER", "The force behind it.", complete.drivers)] = None,
    by: Annotated[str | None, optional("--by", "ACTOR", "ally, principal or third.", complete.actors)] = None,
    private: Annotated[
        bool | None, typer.Option("--private/--public", help="Whether it is for your own eyes.", show_default=False)
    ] = None,
    clear: Annotated[
        list[str] | None, optional("--clear", "PART", f"What it no longer has: {', '.join(CLEARABLE)}.")
    ] = None,
    db: Db = None,
) -> None:
    """Edit a signal; what it said before stays in its history.

    WORDS are known by their shape, as log's are: a grade, a date, a source, a domain, a driver, by:third.

    Example: scrutiny edit 12 B2 energy --summary "Talks on gas prices end without a deal"
    """
    amended = Amendment(
        said=worded(words or (), on=on, grade=grade, source=source, domain=domain, driver=driver, by=by),
        ally=ally,
        act=act,
        kind=None if kind is None else member(Kind, kind, "kind"),
        score=None if score is None else read_score(score),
        summary=summary,
        private=private,
        clear=frozenset(map(clearable, listed(clear))),
    )
    with writing(db) as ledger:
        edited = ledger.edit(signal_number(id), amended.of)
        name = ledger.ally_names()[edited.after.ally]
    say_new(edited.allies)
    say(f"#{edited.after.id} {name}  {differences(edited.differences)}")
    if edited.after.happened_on > today():
        say(f"warning: {edited.after.happened_on} is in the future")
    say_undo(edited.change, db)


def remove(
    ids: Annotated[list[str], argument("ID...", "Signals' numbers, or last.")], yes: Yes = False, db: Db = None
) -> None:
    """Remove signals; undo brings them back.

    Example: scrutiny remove 12 13
    """
    numbers = [signal_number(one) for one in listed(ids)]
    with changing(db) as ledger:
        signals = ledger.named(numbers)
        names = {one.slug: one.name for one in ledger.roster().allies}
    if not yes:
        _name(signals, names)
    if not confirmed(f"Remove {counted(len(signals), 'signal')}?", yes):
        return
    with writing(db) as ledger:
        change, gone = ledger.remove([one.id for one in signals])
    say(f"removed {', '.join(f'#{one.id}' for one in gone)}")
    say_undo(change, db)


def _name(signals: "list[Signal]", names: dict[str, str]) -> None:
    for one in signals[:SHOWN]:
        say(one_line_of(one, names[one.ally]))
    if len(signals) > SHOWN:
        say(f"... and {len(signals) - SHOWN:,} more")
