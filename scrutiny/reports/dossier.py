"""The dossier of one ally: where it stands, which way it moves, and which signals say so."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from scrutiny.core.acts import Kind
from scrutiny.core.allies import Ally, Principal
from scrutiny.core.ambivalence import YEAR, ambivalence
from scrutiny.core.confidence import turning
from scrutiny.core.filters import Question
from scrutiny.core.heard import Heard
from scrutiny.core.names import counted, possessive
from scrutiny.core.notes import Noted
from scrutiny.core.opinion import Opinion
from scrutiny.core.parts import DOMESTIC, ECONOMIC, OF_KIND, Part
from scrutiny.core.signals import DESK, Signal
from scrutiny.core.standing import Share, Standing
from scrutiny.core.surprise import surprises
from scrutiny.core.telling import most_telling
from scrutiny.core.trend import Trend
from scrutiny.reports import doubt, notes, second
from scrutiny.reports.judged import (
    FIGURES,
    asked,
    direction,
    figures,
    no_figures,
    not_counted,
    only,
    side,
    temperament,
)
from scrutiny.reports.naming import cited
from scrutiny.view import Bar, Column, Form, Line, Table, View, Where, bar, level

LATEST = 5  # signals shown at the end
LEGEND = (
    "[ ] 90% band · mean: weighed by grade · carries: the group's part of the level · "
    "economic and domestic count some of the same signals again"
)

PARTS: tuple[tuple[str, str, Part], ...] = (  # the questions that a dossier answers
    ("support", "Level of support", OF_KIND[Kind.SUPPORT]),
    ("distancing", "Distancing", OF_KIND[Kind.DISTANCING]),
    ("sanctions", "Sanctions effects", OF_KIND[Kind.SANCTIONS]),
    ("economic", "Economic viability", ECONOMIC),
    ("domestic", "Domestic pressures", DOMESTIC),
)


def dossier(
    one: Standing,
    heard: Heard,
    question: Question,
    principal: Principal,
    *,
    later: int,
    bands: bool,
    feeds: Opinion | None = None,
    note: Noted | None = None,
) -> View:
    """The view of one standing; `heard` are the signals it stands on; `later` ones are not in it.

    `feeds` is what the ally's feed events say beside it, where there are any, `note` the latest note on it.
    """
    year = sum(one.days.signals[one.days.span(question.as_of.toordinal() - YEAR + 1, question.as_of.toordinal())])
    parts = [(label, key, one.share(part), most_telling(one, heard, part)) for key, label, part in PARTS]
    nested = {
        key: {
            "signals": share.signals,
            "mean": share.mean,
            "carries": share.carries,
            "most_telling": told and told.id,
        }
        for _, key, share, told in parts
    }
    latest = heard.latest(LATEST)
    t, origin = one.trend, "" if question.origin == DESK else f" --origin {question.origin}"
    turn, sides = turning(t) if t else None, ambivalence(one.days, question.as_of)
    surprised = surprises(t.judge, question.as_of - timedelta(min(YEAR, question.as_of.toordinal() - 1))) if t else {}
    more = {
        "line": one.ally.line,
        "parts": nested,
        "would_turn": doubt.turning(turn),
        "both_sides": doubt.sides(sides),
        "feeds": second.facts(feeds),
        "surprising": [{"date": on, "probability": p} for on, p in surprised.items()],
        "latest": [signal.id for signal in latest],
        "note": notes.facts(note),
    }
    return View(
        title=f"{one.ally.name} and {principal.name} on {question.as_of} · {counted(one.signals, 'signal')} "
        f"since {one.first}, {year:,} in the last year{only(question, principal)}{not_counted(later)}",
        facts=asked(question, principal),
        lines=[
            *_standing(one, question, principal),
            *second.lines(feeds, one),
            *(doubt.would_turn(t, turn) if t else ()),
            *_lasting(t),
            *doubt.both_sides(sides),
            *doubt.surprising(surprised, heard),
            *notes.lines(note),
        ],
        tables=(
            Table("allies", (*FIGURES, *_MORE), [(*figures(one, bands), *more.values())], Where.DATA),
            Table("parts", _PARTS, [_row(label, share, told) for label, _, share, told in parts], Where.SCREEN),
            Table("latest", _LATEST, [_latest(signal, surprised) for signal in latest], Where.SCREEN),
        ),
        notes=[
            LEGEND,
            *([doubt.MARKS] if surprised else ()),
            f"next: explain {one.ally.slug}{origin}, list {one.ally.slug}{origin}, show ID",
        ],
    )


def silent_dossier(
    ally: Ally, question: Question, principal: Principal, *, later: int, feeds: int, note: Noted | None = None
) -> View:
    """What there is to say of an ally that has no such signal up to the day, only `feeds` feed events perhaps."""
    hints = []
    if feeds:
        hints = [f"{counted(feeds, 'feed event')} apart; a level of their own: summary {ally.slug} --origin feeds"]
    elif question.by is None and question.origin == DESK and not later:
        hints = [f'log one: scrutiny log {ally.slug} visit "what happened" B2']
    return View(
        title=f"{ally.name} and {principal.name} on {question.as_of} · no signals up to this day"
        f"{only(question, principal)}{not_counted(later)}",
        facts=asked(question, principal),
        lines=[*([Line("Basis", ally.line)] if ally.line else ()), *notes.lines(note)],
        tables=(Table("allies", (*FIGURES, _NOTE), [(*no_figures(ally), notes.facts(note))], Where.DATA),),
        notes=hints,
    )


_NOTE = Column("note", parts=notes.PARTS)
_MORE = (  # what the dossier's JSON and CSV have beside the figures
    Column("line"),
    Column("parts", where=Where.JSON),
    Column("would_turn", parts=("ends", "up", "down")),
    Column("both_sides", parts=("for", "against", "ambivalence")),
    Column("feeds", parts=second.PARTS),
    Column("surprising", where=Where.JSON),
    Column("latest", where=Where.JSON),
    _NOTE,
)
_PARTS = (
    Column("part"),
    Column("signals", "signals", Form.NUMBER),
    Column("mean", "mean", Form.LEVEL, drop=1),
    Column("carries", "carries", Form.LEVEL),
    Column("telling", "most telling", Form.PROSE),
)
_LATEST = (
    Column("latest", "latest", Form.ID),
    Column("on"),
    Column("act", ""),
    Column("score", "", Form.SCORE),
    Column("grade", ""),
    Column("summary", "", Form.PROSE),
)


def _standing(one: Standing, question: Question, principal: Principal) -> list[Line]:
    t = one.trend
    rests = [Line("Basis", one.ally.line)] if one.ally.line else []
    if t is None:
        return [*rests, Line("Level", "none: no signal weighs anything by its grade")]
    likely = side(t)
    drawn = bar(Bar(t.low, t.level, t.high))
    return [
        *rests,
        Line(
            "Level",
            f"{level(t.level)}  {drawn}  band {level(t.low)}..{level(t.high)} · "
            f"on {possessive(principal.name)} side: {likely.word} ({likely.percent}%)",
        ),
        Line("Direction", direction(t, question)),
        *doubt.confidence(one.firm),
    ]


def _lasting(t: Trend | None) -> list[Line]:
    if t is None:
        return []
    return [Line("Lasting/mood", f"{level(t.lasting)} / {level(t.mood)} · temperament: {temperament(t)}")]


def _row(label: str, share: Share, told: Signal | None) -> tuple[Any, ...]:
    if not share.signals:
        return label, 0, None, None, "none logged"
    return label, share.signals, share.mean, share.carries, told and cited(told)


def _latest(signal: Signal, surprised: Mapping[date, float]) -> tuple[Any, ...]:
    return (
        signal.id,
        f"{signal.happened_on} {doubt.mark(surprised.get(signal.happened_on))}".rstrip(),
        signal.word,
        signal.score,
        signal.grade,
        signal.summary,
    )
