"""report: all that the ledger says, as one file to hand on."""

import shlex
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

from scrutiny.cli import complete
from scrutiny.cli.cases import cases_of
from scrutiny.cli.ledgers import reading
from scrutiny.cli.options import (
    AsOf,
    Author,
    By,
    Db,
    Known,
    Origin,
    Private,
    Title,
    Window,
    argument,
    asked,
    line,
    listed,
    optional,
    since_of,
)
from scrutiny.cli.present import write
from scrutiny.cli.shell import say
from scrutiny.core.days import WINDOW
from scrutiny.core.names import counted
from scrutiny.core.signals import DESK
from scrutiny.errors import BadValue
from scrutiny.render.progress import progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scrutiny.core.filters import Question
    from scrutiny.core.history import Change
    from scrutiny.document import Document

MONTH = 30  # days
SECOND = timedelta(seconds=1)
PAGE, MARKDOWN = (".html", ".htm"), (".md", ".markdown")


def report(
    file: Annotated[str, argument("FILE", "A page (FILE.html), or Markdown (FILE.md).")],
    ally: Annotated[
        list[str] | None, optional("--ally", "ALLY", "Only these allies.", complete.allies, default="all")
    ] = None,
    since: Annotated[
        str | None,
        optional("--since", "DATE", "What changed after this day; 30d is before --as-of.", default=f"{MONTH}d"),
    ] = None,
    title: Title = None,
    author: Author = None,
    private: Private = False,
    as_of: AsOf = None,
    window: Window = WINDOW,
    origin: Origin = "desk",
    by: By = None,
    known: Known = None,
    db: Db = None,
) -> None:
    """Write a report to hand on, as a page or as Markdown.

    The overview, levels over time, what changed, a section an ally with every signal cited, and how it was judged.
    A page is complete in itself and asks nothing of the network; to write one takes the extra scrutiny[report].
    Private signals count, but are not quoted unless asked for.

    Example: scrutiny report allies.html --as-of 2026-05-20
    """
    from scrutiny.reports.report import Made
    from scrutiny.reports.report import report as document_of

    told = _teller(file)
    question = asked(as_of, window, origin, by)
    after = since_of(since, MONTH, question.as_of)
    heading, writer = line(title, "title"), line(author, "author")
    with progress(PurePath(file).name):
        while True:
            with reading(db) as ledger:
                revision = None if ledger.absent else ledger.changes(limit=1)[0]
                if _had_to_wait(revision):
                    continue
                roster = ledger.roster()
                allies = list(dict.fromkeys(map(roster.ally, listed(ally))))
                slugs = [one.slug for one in allies]
                cases = cases_of(ledger, allies, after, question, openly=private, whole=True)
                later = ledger.count(question.wanted(*slugs, later=True))
                break
        command = _command(file, slugs, after, question, revision, title=heading, author=writer, private=private)
        named = {one.ally.slug for one in cases}
        silent = None if allies else [one for one in roster.allies if one.slug not in named]
        made = Made(command, heading, writer, revision)
        document = document_of(cases, silent, after, question, roster.principal, made, later=later)
        write(file, lambda out: out.write(told(document)))
    signals = sum(len(one.signals) for one in cases)
    say(f"{counted(len(cases), 'ally', 'allies')} and {counted(signals, 'signal')} written to {file}")


def _had_to_wait(revision: "Change | None") -> bool:
    """Waits until the second of the last change is over, which the command names and another could fall in.

    Whether that was needed.
    """
    left = 0.0 if revision is None else (revision.at + SECOND - datetime.now(UTC)).total_seconds()
    if not 0 < left <= 1:  # a clock that was set back is not waited for
        return False
    time.sleep(left)
    return True


def _teller(file: str) -> "Callable[[Document], str]":
    """What writes a document as the file's name asks; BadValue for a name that asks for nothing known."""
    ending = PurePath(file).suffix.casefold()
    if ending in PAGE:
        from scrutiny.render.to_html import to_html

        return to_html
    if ending in MARKDOWN:
        from scrutiny.render.to_markdown import document_to_markdown

        return document_to_markdown
    raise BadValue(f"'{file}' is neither a page nor Markdown", "name it FILE.html or FILE.md")


def _command(
    file: str,
    slugs: "Sequence[str]",
    since: date,
    question: "Question",
    revision: "Change | None",
    *,
    title: str | None,
    author: str | None,
    private: bool,
) -> str:
    """What makes the same report again, in whatever folder: every option that says something, spelled out."""
    said: list[tuple[str, object]] = [("--ally", slug) for slug in slugs]
    said += [("--since", since), ("--as-of", question.as_of)]
    if question.window != WINDOW:
        said.append(("--window", question.window))
    if question.origin != DESK:
        said.append(("--origin", question.origin))
    said += [("--by", question.by), ("--title", title), ("--author", author)]
    if revision is not None:
        said.append(("--known", revision.at.strftime("%Y-%m-%d %H:%M:%SZ")))
    name = PurePath(file).name
    words = ["scrutiny", "report", f"./{name}" if name.startswith("-") else name]
    words += [str(word) for option in said if option[1] is not None for word in option]
    return shlex.join([*words, *(["--private"] if private else [])])
