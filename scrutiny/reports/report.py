"""The report to hand on: all relationships, then an ally a section, then how it was judged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scrutiny.core.allies import Ally, Principal
from scrutiny.core.case import Case, unquoted
from scrutiny.core.days import a_year_before
from scrutiny.core.filters import Question
from scrutiny.core.history import Change
from scrutiny.core.names import counted, possessive
from scrutiny.core.standing import Portfolio, Standing, drivers, portfolio
from scrutiny.document import Block, Document, Figure, Grid, Items, Paragraph, Section
from scrutiny.reports.chart import chart, spread
from scrutiny.reports.judged import not_counted, only
from scrutiny.reports.method import method
from scrutiny.reports.naming import dated
from scrutiny.reports.overview import forces, table, unheard
from scrutiny.reports.section import ally_section
from scrutiny.reports.sentences import none_logged, not_quoted, what_changed, without_news
from scrutiny.view import Column, Form, Table

UNSAID = ("kinds",)  # columns of the overview that a section says better
HEADINGS = {"name": "ally", "bar": "band", "last": "last signal"}  # of its columns, where a page says it better

_FORCES = (Column("driver", "force"), Column("carries", "carries", Form.PROSE))


@dataclass(frozen=True, slots=True)
class Made:
    """How a report was made: the command, its title and author, and what the ledger had been told by then."""

    command: str
    title: str | None
    author: str | None
    revision: Change | None


def report(
    cases: Sequence[Case],
    silent: Sequence[Ally] | None,
    since: date,
    question: Question,
    principal: Principal,
    made: Made,
    *,
    later: int,
) -> Document:
    """The document of the cases, highest level first; `silent` allies have no signal (None: not all were asked for).

    `later` signals are dated after the day and not in it.
    """
    signals = sum(len(one.signals) for one in cases)
    about = [
        f"{counted(signals, 'signal')} up to {dated(question.as_of)}{only(question, principal)}{not_counted(later)}",
        f"Direction over {counted(question.window, 'day')}, since {dated(question.since)}",
        *([made.author] if made.author else []),
    ]
    found = [one.standing for one in cases if one.standing]
    return Document(
        made.title or f"{possessive(principal.name)} allies on {dated(question.as_of)}",
        about,
        [
            Section("overview", "Where the relationships stand", _overview(cases, silent or (), question, principal)),
            Section("levels", "All levels over time", _levels(cases, since, question, principal)),
            Section("changes", f"What changed since {dated(since)}", _changes(cases, since, question)),
            *(
                []
                if silent is None
                else [Section("portfolio", "What it rests on", _portfolio(found, question, principal))]
            ),
            *(ally_section(one, question, principal) for one in cases),
            method(cases, made.revision, made.command),
        ],
    )


def _overview(cases: Sequence[Case], silent: Sequence[Ally], question: Question, principal: Principal) -> list[Block]:
    """The table of the overview, who is missing from it, and what is not quoted."""
    whole = table([one.standing for one in cases if one.standing], question, principal)
    if not whole.rows:
        return [Paragraph([none_logged(question)])]
    caption = "Levels from -10 (rupture) to +10 (alliance), each with the band in which it lies nine times of ten"
    shown = [(at, column) for at, column in enumerate(whole.columns) if column.key not in UNSAID]
    columns = tuple(replace(one, heading=HEADINGS.get(one.key, one.heading)) for _, one in shown)
    rows = [tuple(row[at] for at, _ in shown) for row in whole.rows]
    missing = [f"No signals: {unheard(silent)}."] if silent else []
    withheld = not_quoted(unquoted(signal for one in cases for signal in one.signals))
    return [Grid(caption, Table(whole.key, columns, rows)), *(Paragraph([text]) for text in (*missing, *withheld))]


def _levels(cases: Sequence[Case], since: date, question: Question, principal: Principal) -> list[Block]:
    """The charts of all levels: over the last year, or longer where changes are asked about from earlier."""
    days = spread(min(since, a_year_before(question.as_of)), question.as_of)
    drawn = [
        chart(one.account.standing, [signal for signal in one.signals[::-1] if signal.happened_on >= days[0]], days)
        for one in cases
        if one.account
    ]
    if not drawn:
        return [Paragraph(["There is no level to draw yet."])]
    caption = f"From {dated(days[0])} to {dated(days[-1])}, all on one scale"
    return [Figure("levels-chart", drawn, principal.name, caption)]


def _changes(cases: Sequence[Case], since: date, question: Question) -> list[Block]:
    news = sorted((one.changed for one in cases if one.changed.is_news), key=lambda one: -abs(one.moved))
    quiet = [one.changed for one in cases if not one.changed.is_news]
    items = [Paragraph([what_changed(one, since, question.as_of)]) for one in news]
    rest = [Paragraph([without_news(quiet)])] if quiet else []
    return [*([Items(items)] if items else []), *rest] or [Paragraph([none_logged(question)])]


def _portfolio(found: Sequence[Standing], question: Question, principal: Principal) -> list[Block]:
    """On which allies the principal rests, and what each force carries of their levels."""
    rests, driven = portfolio(found, question.as_of), forces(drivers(found))
    if not rests.judged:
        return [Paragraph(["There is no level to rest on yet."])]
    said = Paragraph(list(_rests(rests, {one.ally.slug: one.ally.name for one in found}, principal)))
    caption = "What each force carries of the levels, where it carries most"
    rows = [(force.label, force.text) for force in driven]
    return [said, *([Grid(caption, Table("drivers", _FORCES, rows))] if rows else [])]


def _rests(rests: Portfolio, names: Mapping[str, str], principal: Principal) -> Iterator[str]:
    """In sentences: the shares of the warmth, how concentrated it is, on whose side they are, which are new."""
    if rests.equal_allies is not None:
        (first, most), *others = [(names[slug], share) for slug, share in rests.shares.items()]
        shares = [f"{first} carries {most:.0%} of the warmth", *(f"{name} {share:.0%}" for name, share in others)]
        by = "weighed by their stakes" if rests.by_stake else "with no stakes set"
        yield f"{', '.join(shares)}: {by}, as if it rested on {rests.equal_allies:.1f} equal allies. "
    are = "is" if rests.judged == 1 else "are"
    yield f"{rests.on_side} of {rests.judged} {are} likely on {possessive(principal.name)} side. "
    yield f"New in the last year: {', '.join(names[slug] for slug in rests.new) or 'none'}."
