"""memo: what changed, in sentences, as Markdown."""

from typing import Annotated

from scrutiny.cli.cases import cases_of
from scrutiny.cli.endings import MEMOS
from scrutiny.cli.ledgers import reading
from scrutiny.cli.options import (
    AllyNames,
    AsOf,
    Author,
    By,
    Db,
    Known,
    Origin,
    Output,
    Private,
    Title,
    Window,
    asked,
    line,
    listed,
    optional,
    since_of,
)
from scrutiny.cli.present import write
from scrutiny.core.days import WINDOW

WEEK = 7  # days


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
