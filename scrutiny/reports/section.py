"""An ally's section of a report: its figures in sentences and numbers, its chart, and every signal cited."""

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from scrutiny.core.account import Account
from scrutiny.core.allies import Principal
from scrutiny.core.ambivalence import YEAR, ambivalence
from scrutiny.core.case import Case
from scrutiny.core.confidence import turning
from scrutiny.core.days import a_year_before
from scrutiny.core.filters import Question
from scrutiny.core.names import counted
from scrutiny.core.signals import Signal
from scrutiny.core.surprise import surprises
from scrutiny.core.telling import most_telling
from scrutiny.document import Block, Fact, Facts, Figure, Grid, Items, Paragraph, Section, named, source
from scrutiny.reports import doubt
from scrutiny.reports.chart import chart, spread
from scrutiny.reports.dossier import PARTS
from scrutiny.reports.judged import move, temperament
from scrutiny.reports.naming import dated
from scrutiny.reports.sentences import (
    cited,
    ended,
    how_confident,
    how_likely,
    led,
    none_logged,
    own_words,
    why,
    would_change,
)
from scrutiny.view import ARROWS, Column, Form, Table, level, part

MOVED, CARRIED, LATEST = 10, 10, 5  # signals cited an ally: that moved most, carry most, came last

_CITED = (
    Column("id", "signal", Form.ID),
    Column("date", "date", Form.DATE),
    Column("act", "act"),
    Column("score", "score", Form.SCORE),
    Column("grade", "grade"),
    Column("carries", "carries", Form.PART),
    Column("summary", "what happened", Form.PROSE),
    Column("source", "source", Form.SOURCE),
)
_PARTS = (
    Column("part", "of the level"),
    Column("signals", "signals", Form.NUMBER),
    Column("mean", "mean score", Form.LEVEL),
    Column("carries", "carries", Form.LEVEL),
    Column("telling", "most telling", Form.ID),
)


def ally_section(one: Case, question: Question, principal: Principal) -> Section:
    """What there is to say of an ally, and every signal that it rests on."""
    return Section(f"ally-{one.ally.slug}", one.ally.name, _blocks(one, question, principal))


def _blocks(one: Case, question: Question, principal: Principal) -> list[Block]:
    found: list[Block] = [Paragraph([ended(one.ally.line)])] if one.ally.line else []
    if one.account is not None:
        found += _judged(one, one.account, question, principal)
    elif one.signals:
        found.append(Paragraph(["No level: no signal weighs anything by its grade."]))
    else:
        found.append(Paragraph([none_logged(question)]))
    found += own_words(one.noted)
    return [*found, *_cited(one, found)]


def _judged(one: Case, account: Account, question: Question, principal: Principal) -> list[Block]:
    """What is said of an ally that has a level."""
    t = account.trend
    said = [
        *led("How likely", how_likely(t, one.ally, question, principal)),
        *led("Confidence", *how_confident(account.standing.firm)),
        *led("What would change our mind", would_change(t, turning(t))),
    ]
    first = min(account.standing.first, a_year_before(question.as_of))
    drawn = chart(account.standing, account.heard.all()[::-1], spread(first, question.as_of))
    caption = f"From {dated(first)} to {dated(question.as_of)}"
    return [
        Paragraph(said),
        Figure(f"chart-{one.ally.slug}", [drawn], principal.name, caption),
        Facts(_figures(account, question)),
        *_why(account, question),
        Grid("What the signals come to", Table("parts", _PARTS, [*_parts(account)])),
    ]


def _figures(account: Account, question: Question) -> list[Fact]:
    """The dossier's figures that no sentence has said."""
    standing, t = account.standing, account.trend
    year = question.as_of - timedelta(min(YEAR, question.as_of.toordinal() - 1))
    moved = move(t, question.as_of)
    own = [
        ("Level", f"{level(t.level)}, band {level(t.low)} to {level(t.high)}"),
        ("Direction", f"{ARROWS[moved.sign]} {moved.words}".strip()),
        ("Lasting part, mood", f"{level(t.lasting)}, {level(t.mood)} · temperament: {temperament(t)}"),
    ]
    doubts = [
        *doubt.both_sides(ambivalence(standing.days, question.as_of)),
        *doubt.surprising(surprises(t.judge, year), account.heard),
    ]
    return [*(Fact(label, [text]) for label, text in own), *(Fact(one.label, cited(one.text)) for one in doubts)]


def _why(account: Account, question: Question) -> list[Block]:
    """The bridge over the window in words, its largest steps one by one."""
    moved = account.bridge()
    if not moved.steps:
        return []
    by, over = math.fsum(step.moved for step in moved.steps), counted(question.window, "day")
    said = (
        f"Over the last {over} the signals moved the level by {part(by)}, the passing of time by {part(moved.time)}."
    )
    return [Paragraph(led("Why", said)), Items(why(moved.steps, MOVED))]


def _parts(account: Account) -> Iterator[tuple[Any, ...]]:
    """The questions that a dossier answers, each with the signal that tells most."""
    standing = account.standing
    for _, label, of in PARTS:
        found, told = standing.share(of), most_telling(standing, account.heard, of)
        yield label, found.signals, found.mean, found.carries if found.signals else None, told and told.id


def _cited(one: Case, said: Sequence[Block]) -> list[Block]:
    """The signals that the section names, those that carry most of the level, and the latest; newest first."""
    numbers = named(said) | {signal.id for signal in one.signals[:LATEST]}
    if one.account is not None:
        numbers |= {signal.id for signal in one.account.telling(CARRIED)}
    rows = [_row(one, signal) for signal in one.signals if signal.id in numbers]
    return [Grid("Signals cited", Table("cited", _CITED, rows), signals=True)] if rows else []


def _row(one: Case, signal: Signal) -> tuple[Any, ...]:
    carries = one.standing.signal_carries(signal) if one.standing else None
    known = (signal.id, signal.happened_on, signal.word, signal.score, signal.grade)
    return (*known, carries, signal.summary, source(signal.source))
