"""log: one line, one signal an ally."""

import sys
from typing import Annotated

import typer

from scrutiny.cli import complete
from scrutiny.cli.options import Db, argument, optional
from scrutiny.core.acts import KIND_RULE

HELP = f"""Record a signal: one dated act, of one ally or several.

WORDS come in any order and are known by their shape: a grade (B2), a date (2026-02-24, 24feb, yesterday, 3d),
a source (URL), a domain (military), a driver (war), by:third. The act fixes kind and score; see: scrutiny acts.

Which kind? {KIND_RULE}

Example: scrutiny log china,india abstain "Abstains on the resolution" 2026-02-24 C2 diplomatic war
"""


def log(
    ally: Annotated[str | None, argument("ALLY[,ALLY]", "Whose act it bears on.", complete.allies)] = None,
    act: Annotated[str | None, argument("ACT", "A word of the vocabulary.", complete.acts)] = None,
    summary: Annotated[str | None, argument("SUMMARY", "What happened, in a sentence.")] = None,
    words: Annotated[list[str] | None, argument("WORDS", "In any order.", complete.words)] = None,
    on: Annotated[str | None, optional("--on", "DATE", "When.", default="today")] = None,
    grade: Annotated[str | None, optional("--grade", "B2", "The Admiralty code of the report.")] = None,
    source: Annotated[str | None, optional("--source", "TEXT", "A URL or a citation.")] = None,
    domain: Annotated[str | None, optional("--domain", "DOMAIN", "Where the effect falls.", complete.domains)] = None,
    driver: Annotated[str | None, optional("--driver", "DRIVER", "The force behind it.", complete.drivers)] = None,
    by: Annotated[
        str | None, optional("--by", "ACTOR", "ally, principal or third.", complete.actors, default="ally")
    ] = None,
    score: Annotated[str | None, optional("--score", "N", "Instead of the act's, within its sign.")] = None,
    like_id: Annotated[str | None, optional("--like", "ID", "Take date, source, grade from another signal.")] = None,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask.")] = False,
    db: Db = None,
) -> None:
    from scrutiny.cli.entering import Given, enter  # 30 ms with the core, which a key press must not pay

    enter(
        Given(ally, act, summary, words or [], on, grade, source, domain, driver, by, score, like_id),
        ask=not no_input and sys.stdin.isatty() and sys.stderr.isatty(),
        db=db,
    )


log.__doc__ = HELP
