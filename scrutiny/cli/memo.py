"""memo: what changed, in sentences, as Markdown."""

from datetime import date, timedelta
from typing import Annotated

import typer

from scrutiny.cli.cases import cases_of
from scrutiny.cli.endings import MEMOS
from scrutiny.cli.ledgers import reading
from scrutiny.cli.options import AllyNames, AsOf, By, Db, Known, Origin, Output, Window, asked, listed, optional
from scrutiny.cli.present import write
from scrutiny.core.days import WINDOW, when
from scrutiny.core.text import checked, one_line
from scrutiny.errors import BadValue

WEEK = 7  # days

Title = Annotated[str | None, optional("--title", "TEXT", "What it is called.", default="the allies, and the day")]
Author = Annotated[str | None, optional("--author", "TEXT", "Who wrote it.", default="nobody is named")]
Private = Annotated[
    bool, typer.Option("--private", help="Quote private signals too; without it they count, but are not quoted.")
]


def memo(
    allies: AllyNames = None,
    since: Annotated[
        str | None,
        optional("--since", "DATE", "What changed after this day; 7d is before --as-of.", default=f"{WEEK}d"),
    ] = None,
    title: Title = None,
    author: Author = None,
    private: Private = False,
    as_of: AsOf = None,
    window: Window = WINDOW,
    origin: Origin = "desk",
    by: By = None,
    known: Known = None,
    output: Output = None,
    db: Db = None,
) -> None:
    """Write a memo: what changed, how likely, how sure, and why.

    In Markdown, an ally a paragraph, with the signals that moved it, what would change our mind, and your latest note
    on it. Private signals count, but are not quoted unless asked for.

    Example: scrutiny memo --since 7d --as-of 2026-05-20
    """
    from scrutiny.render.to_markdown import document_to_markdown
    from scrutiny.reports.memo import memo as document_of

    MEMOS.check(output)
    question = asked(as_of, window, origin, by)
    after = since_of(since, WEEK, question.as_of)
    heading, writer = line(title, "title"), line(author, "author")
    with reading(db) as ledger:
        roster = ledger.roster()
        cases = cases_of(ledger, list(map(roster.ally, listed(allies))), after, question, openly=private)
    made = document_of(cases, after, question, roster.principal, title=heading, author=writer)
    write("-" if output is None else output, lambda out: out.write(document_to_markdown(made)))


def since_of(text: str | None, default: int, as_of: date) -> date:
    """The day after which something changed, so many days ago unless told; BadValue where that is after `as_of`."""
    after = as_of - timedelta(min(default, as_of.toordinal() - 1)) if text is None else when(text, as_of)
    if after > as_of:
        raise BadValue(f"--since {after} is after --as-of {as_of}")
    return after


def line(text: str | None, what: str) -> str | None:
    """What an option says in one line, None where it is absent; BadValue where it is empty or would steer."""
    return None if text is None else checked(one_line(text), what)
