"""candidates and accept: feed events worth reading up, and how one becomes a signal of the desk."""

from functools import partial
from typing import Annotated

import typer

from scrutiny.cli import complete
from scrutiny.cli.answering import answer, warn
from scrutiny.cli.filtering import Wanted, filtered
from scrutiny.cli.ledgers import changing, reading, say_undo
from scrutiny.cli.options import MOST, Db, Format, Known, Output, SignalId, argument, optional, signal_number
from scrutiny.cli.present import present
from scrutiny.cli.shell import say
from scrutiny.cli.wording import worded
from scrutiny.core.accept import accepted, parted
from scrutiny.core.amend import Amendment
from scrutiny.core.filters import FEEDS, Filter
from scrutiny.core.signals import DESK, read_score
from scrutiny.errors import BadValue
from scrutiny.render import As

LIMIT = 20


@filtered
def candidates(
    wanted: Wanted,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, max=MOST, help="At most so many; 0 is all.")
    ] = LIMIT,
    known: Known = None,
    format: Format = As.TABLE,
    output: Output = None,
    db: Db = None,
) -> None:
    """List feed events worth reading up, the weightiest first.

    Events of days on which the desk has nothing of that ally come first, then those with the most |score| x mentions.
    What was accepted or removed is left out.

    Example: scrutiny candidates china --since 90d
    """
    from scrutiny.reports.candidates import candidates as view_of

    with reading(db) as ledger:
        meant = wanted(ledger.roster())
        if DESK in meant.origins:
            raise BadValue("candidates are feed events, not the desk's signals", "leave --origin out, or name a feed")
        found, count = ledger.candidates(meant, limit or None), ledger.count_candidates(meant)
        has_feeds = bool(count) or ledger.has(Filter(origins=(FEEDS,)))
        names = ledger.ally_names()
    present(view_of(found, names, has_feeds=has_feeds), format, output)
    if len(found) < count:
        say(f"note: {len(found)} of {count:,} candidates are shown; --limit 0 shows all")


def accept(
    id: SignalId,
    words: Annotated[
        list[str] | None, argument("[ACT] [WORDS]", "An act, then log's words in any order.", complete.acts_and_words)
    ] = None,
    on: Annotated[str | None, optional("--on", "DATE", "When.")] = None,
    grade: Annotated[str | None, optional("--grade", "B2", "The Admiralty code of the report.")] = None,
    source: Annotated[str | None, optional("--source", "TEXT", "A URL or a citation.")] = None,
    domain: Annotated[str | None, optional("--domain", "DOMAIN", "Where the effect falls.", complete.domains)] = None,
    driver: Annotated[str | None, optional("--driver", "DRIVER", "The force behind it.", complete.drivers)] = None,
    by: Annotated[str | None, optional("--by", "ACTOR", "ally, principal or third.", complete.actors)] = None,
    score: Annotated[str | None, optional("--score", "N", "Instead of the act's, within its sign.")] = None,
    summary: Annotated[str | None, optional("--summary", "TEXT", "What happened, in a sentence.")] = None,
    db: Db = None,
) -> None:
    """Accept a feed event: make it a signal of the desk.

    An ACT, or a bare kind, sets kind and score anew. WORDS are known by their shape, as log's are. What is not said
    is as the event has it, but for the grade, which is yours to give. The event stays, and is judged no more with
    --origin all.

    Example: scrutiny accept 91 visit B2 diplomatic
    """
    act, others = parted(words or ())
    amended = Amendment(
        said=worded(others, on=on, grade=grade, source=source, domain=domain, driver=driver, by=by),
        act=act,
        score=None if score is None else read_score(score),
        summary=summary,
    )
    with changing(db) as ledger:
        done = ledger.accept(signal_number(id), partial(accepted, amended))
        names = ledger.ally_names()
    answer([done.signal], names)
    say(f"from #{done.event.id} {done.event.origin}")
    say_undo(done.change, db)
    warn(done.signal, done.repeats)
