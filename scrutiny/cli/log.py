"""log: one line, one signal an ally."""

import sys
from typing import Annotated

import typer

from scrutiny.cli import complete
from scrutiny.cli.options import Db
from scrutiny.core.acts import KIND_RULE

HELP = f"""Record a signal: one dated act, of one ally or several.

WORDS come in any order and are known by their shape: a grade (B2), a date (2026-02-24, 24feb, yesterday, 3d),
a source (URL), a domain (military), a driver (war), by:third. The act fixes kind and score; see: scrutiny acts.

Which kind? {KIND_RULE}

Example: scrutiny log china,india abstain "Abstains on the resolution" 2026-02-24 C2 diplomatic war
"""


def log(
    ally: Annotated[
        str | None,
        typer.Argument(
            metavar="ALLY[,ALLY]",
            help="Whose act it bears on.",
            autocompletion=complete.allies,
            show_default=False,
        ),
    ] = None,
    act: Annotated[
        str | None,
        typer.Argument(
            metavar="ACT", help="A word of the vocabulary.", autocompletion=complete.acts, show_default=False
        ),
    ] = None,
    summary: Annotated[
        str | None,
        typer.Argument(metavar="SUMMARY", help="What happened, in a sentence.", show_default=False),
    ] = None,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="In any order.", autocompletion=complete.words, show_default=False),
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="When.", show_default="today")] = None,
    grade: Annotated[
        str | None,
        typer.Option("--grade", metavar="B2", help="The Admiralty code of the report.", show_default=False),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="TEXT", help="A URL or a citation.", show_default=False)
    ] = None,
    domain: Annotated[
        str | None,
        typer.Option(
            "--domain",
            metavar="DOMAIN",
            help="Where the effect falls.",
            autocompletion=complete.domains,
            show_default=False,
        ),
    ] = None,
    driver: Annotated[
        str | None,
        typer.Option(
            "--driver",
            metavar="DRIVER",
            help="The force behind it.",
            autocompletion=complete.drivers,
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="ACTOR",
            help="ally, principal or third.",
            autocompletion=complete.actors,
            show_default="ally",
        ),
    ] = None,
    score: Annotated[
        str | None,
        typer.Option("--score", metavar="N", help="Instead of the act's, within its sign.", show_default=False),
    ] = None,
    like_id: Annotated[
        str | None,
        typer.Option(
            "--like",
            metavar="ID",
            help="Take date, source and grade from another signal.",
            show_default=False,
        ),
    ] = None,
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
