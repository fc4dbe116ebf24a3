"""What changed: an ally a row, then the signals that changed it."""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from scrutiny.core.allies import Principal
from scrutiny.core.bridge import Step
from scrutiny.core.changed import Changed
from scrutiny.core.filters import Question
from scrutiny.core.judge import Direction
from scrutiny.core.names import counted, possessive
from scrutiny.core.trend import Trend
from scrutiny.reports.basis import weighs
from scrutiny.reports.judged import asked, move, not_counted, only
from scrutiny.view import Column, Form, Line, Table, View, Where, level, part, score

MOST = 10  # signals shown an ally
LEGEND = "moved: over time and by each signal · no news: neither a signal nor a turn"

_ALLIES = (
    Column("ally"),
    Column("name"),
    Column("level_then"),
    Column("level"),
    Column("time"),
    Column("moved"),
    Column("direction_then"),
    Column("direction"),
    Column("likelihood_then"),
    Column("likelihood"),
    Column("turned"),
    Column("signals"),
    Column("taken_back"),
)
_SCREEN = (
    Column("name", "", Form.NAME),
    Column("then", "then", Form.LEVEL),
    Column("now", "now", Form.LEVEL),
    Column("moved", "moved", Form.PART, drop=1),
    Column("direction_then", "direction then", Form.MOVE, drop=2),
    Column("direction", "direction now", Form.MOVE),
    Column("turned", ""),
)
_SIGNALS = (
    Column("id", "", Form.ID),
    Column("ally", where=Where.DATA),
    Column("name", "ally", Form.NAME, Where.SCREEN),
    Column("date", "date", Form.DATE),
    Column("act", where=Where.DATA),
    Column("score", where=Where.DATA),
    Column("said", "act", where=Where.SCREEN),
    Column("grade", where=Where.DATA),
    Column("weight", where=Where.DATA),
    Column("weighs", "weighs", where=Where.SCREEN, drop=2),
    Column("moved", "moved", Form.PART),
    Column("summary", "", Form.PROSE),
)


def changes(
    found: Sequence[Changed], since: date, question: Question, principal: Principal, *, by_record: bool, later: int
) -> View:
    """The view of allies with news, strongest move first, and of those without in one line; `later` are not in it."""
    news = sorted((one for one in found if one.is_news), key=lambda one: (-abs(_moved(one)), one.ally.name))
    signals, turned = sum(one.signals for one in found), [one.ally.slug for one in found if one.turned]
    whose = (
        f"{found[0].ally.name} and {principal.name}" if len(found) == 1 else f"{possessive(principal.name)} allies"
    )
    what = f"{whose}: changed {'by what was recorded ' if by_record else ''}after {since}"
    turns = counted(len(turned), "turn") if turned else "no turn"
    return View(
        title=f"{what}, up to {question.as_of} · {counted(signals, 'signal')} · {turns}"
        f"{only(question, principal)}{not_counted(later)}",
        facts=asked(question, principal) | {"since": since, "by_record": by_record, "turned": turned},
        tables=(
            Table("allies", _ALLIES, [_ally(one) for one in found], Where.DATA),
            Table("changes", _SCREEN, [_row(one, since, question) for one in news], Where.SCREEN),
            Table("signals", _SIGNALS, [_signal(one, step) for one in news for step in one.bridge.steps], Where.DATA),
            Table("largest", _SIGNALS, [row for one in news for row in _largest(one)], Where.SCREEN),
        ),
        below=[*_taken_back(news), *_without_news(found)],
        notes=[LEGEND, "next: explain ALLY"] if found else (),
    )


def _ally(one: Changed) -> tuple[Any, ...]:
    then, now = one.then, one.now
    return (
        one.ally.slug,
        one.ally.name,
        then and then.level,
        now and now.level,
        one.bridge.time if now else None,
        _moved(one) if now else None,
        then.direction if then else Direction.TOO_FEW,
        now.direction if now else Direction.TOO_FEW,
        then and then.likelihood,
        now and now.likelihood,
        one.turned,
        [step.signal.id for step in one.bridge.steps],
        one.bridge.taken_back if now else None,
    )


def _row(one: Changed, since: date, question: Question) -> tuple[Any, ...]:
    levels = (one.then and one.then.level, one.now and one.now.level, _moved(one) if one.now else None)
    moves = move(one.then, one.then.as_of if one.then else since), move(one.now, question.as_of)
    return (one.ally.name, *levels, *moves, "turned" if one.turned else "")


def _signal(one: Changed, step: Step) -> tuple[Any, ...]:
    signal = step.signal
    said = f"{signal.word} {score(signal.score)}"
    known = (signal.id, one.ally.slug, one.ally.name, signal.happened_on, signal.act, signal.score, said)
    return (*known, signal.grade, signal.sixteenths / 16, weighs(signal), step.moved, signal.summary)


def _largest(one: Changed) -> list[tuple[Any, ...]]:
    """The signals that moved most, in their order, and the others in one row."""
    largest = sorted(one.bridge.steps, key=lambda step: -abs(step.moved))[:MOST]
    shown = {step.signal.uid for step in largest}
    rows = [_signal(one, step) for step in one.bridge.steps if step.signal.uid in shown]
    others = [step.moved for step in one.bridge.steps if step.signal.uid not in shown]
    if others:
        blank = (None, one.ally.slug, one.ally.name, None, None, None, "", None, None, "")
        rows.append((*blank, math.fsum(others), f"{counted(len(others), 'other')}, together"))
    return rows


def _taken_back(news: Iterable[Changed]) -> list[Line]:
    said = [
        f"{one.ally.name} {counted(one.taken_back, 'signal')}, which moved it {part(one.bridge.taken_back)}"
        for one in news
        if one.taken_back
    ]
    return [Line("Taken back", " · ".join(said))] if said else []


def _moved(one: Changed) -> float:
    return one.bridge.level - one.bridge.was


def _without_news(found: Sequence[Changed]) -> list[Line]:
    quiet = [f"{one.ally.name} {_level(one.now)}" for one in found if not one.is_news]
    if not quiet:
        return [] if found else [Line("No signals", "none up to this day")]
    return [Line("No news", ", ".join(quiet))]


def _level(t: Trend | None) -> str:
    return level(t.level) if t else "(no level)"
