"""chart: levels over time."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from scrutiny.cli.endings import CHARTS
from scrutiny.cli.ledgers import reading
from scrutiny.cli.options import AllyNames, AsOf, By, Db, Known, Origin, asked, listed, optional
from scrutiny.cli.present import present, write, write_bytes
from scrutiny.core.days import WINDOW, a_year_before, when
from scrutiny.errors import BadValue, ScrutinyError
from scrutiny.render import As

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from datetime import date

    from scrutiny.core.filters import Question
    from scrutiny.store.ledger import Ledger
    from scrutiny.view import View

SPAN = "1y"  # shown, unless asked otherwise

SVG, PNG = ".svg", ".png"

Format = Annotated[As | None, typer.Option("--format", "-f", help="How to show it.", show_default=As.TABLE.value)]
Output = Annotated[
    str | None, optional("--output/-o", "FILE", "Write to a file; FILE.svg or FILE.png is a picture; - is stdout.")
]
Since = Annotated[str | None, optional("--since", "DATE", "From this day on; 2y is before --as-of.", default=SPAN)]


def chart(
    allies: AllyNames = None,
    since: Since = None,
    as_of: AsOf = None,
    origin: Origin = "desk",
    by: By = None,
    known: Known = None,
    format: Format = None,
    output: Output = None,
    db: Db = None,
) -> None:
    """Draw levels over time, with their bands and signals.

    Each day's level is what the signals up to that day said of it. Without an ally, all that have signals. A picture
    needs the extra scrutiny[report].

    Example: scrutiny chart china iran --since 2y --as-of 2026-05-20
    """
    picture = _picture(output)
    if picture and format:
        raise BadValue(f"--format {format} is no picture, and {output} is called one", "leave one of them out")
    CHARTS.check(output)
    question = asked(as_of, WINDOW, origin, by)
    first = a_year_before(question.as_of) if since is None else when(since, question.as_of)
    if first >= question.as_of:
        how = "after" if first > question.as_of else "the same day as"
        raise BadValue(f"--since {first} is {how} --as-of {question.as_of}", "a chart needs two days at least")
    with reading(db) as ledger:
        view = chart_of(ledger, allies or (), first, question, ledger.private_uids() if picture else ())
    if picture:
        _draw(view, picture)
    else:
        present(view, format or As.TABLE, output)


def _picture(output: str | None) -> str | None:
    """The file, where its name is that of a picture."""
    return output if output and output.casefold().endswith((SVG, PNG)) else None


def _draw(view: "View", file: str) -> None:
    """Draws the charts as a picture; refused where there is none."""
    from scrutiny.render.figures import PRINT, specification
    from scrutiny.render.pictures import to_png, to_svg

    said = [f"{line.label}: {line.text}" for line in view.below]
    if not view.charts:
        raise ScrutinyError(f"there is nothing to draw. {' '.join(said)}", next(iter(view.notes), None))
    figure = specification(view.charts, PRINT, principal=view.facts["principal"], title=view.title, notes=said)
    if file.casefold().endswith(SVG):
        svg = to_svg(figure)
        write(file, lambda out: out.write(svg))
    else:
        png = to_png(figure)
        write_bytes(file, lambda out: out.write(png))


def chart_of(
    ledger: "Ledger", names: "Sequence[str]", since: "date", question: "Question", private: "Container[str]" = ()
) -> "View":
    """The chart of the allies named, in their order, or of all that have signals, highest level first.

    What signals of the uids `private` say is not in it.
    """
    from scrutiny.core.filters import FEEDS
    from scrutiny.core.signals import DESK
    from scrutiny.core.standing import standings
    from scrutiny.reports.chart import charted

    roster = ledger.roster()
    named = list(dict.fromkeys(map(roster.ally, listed(names))))
    wanted = question.wanted(*(ally.slug for ally in named))
    found = standings(ledger.days(wanted), {ally.slug: ally for ally in roster.allies}, question.as_of, WINDOW)
    if named:
        found.sort(key=lambda one: named.index(one.ally))
    heard = {one.ally for one in found}
    silent = [ally for ally in named or roster.allies if ally not in heard]
    unheard = replace(wanted, allies=tuple(ally.slug for ally in silent), origins=(FEEDS,))
    return charted(
        found,
        ledger.signals(replace(wanted, since=since)),
        since,
        question,
        roster.principal,
        silent,
        later=ledger.count(question.wanted(*wanted.allies, later=True)),
        feeds=ledger.count(unheard) if named and silent and question.origin == DESK else 0,
        private=private,
    )
