"""The chart: each ally's level over time as judged day by day, with its band and its signals."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from scrutiny.core.allies import Ally, Principal
from scrutiny.core.filters import Question
from scrutiny.core.names import counted, possessive
from scrutiny.core.signals import Signal
from scrutiny.core.standing import Standing
from scrutiny.core.trend import PathPoint
from scrutiny.reports.judged import asked, not_counted, only
from scrutiny.view import ARROWS, EDGE, HOLLOW, LINE, Chart, Column, Form, Line, Mark, Point, Table, View, Where

STEPS = 100  # between the days of a path: about as many as a screen has columns
LEGEND = f"{LINE} level as judged each day, {EDGE} its 90% band, {ARROWS[1]} {ARROWS[-1]} signals at their scores"
WEIGHTLESS = f"{HOLLOW[1]} {HOLLOW[-1]} those that weigh nothing by their grade"


def charted(
    found: Sequence[Standing],
    signals: Sequence[Signal],
    since: date,
    question: Question,
    principal: Principal,
    silent: Sequence[Ally],
    *,
    later: int,
    feeds: int,
) -> View:
    """The view of some standings from a day on, in their order; `signals` are those of the span, newest first.

    `silent` allies have no signal up to the day, only `feeds` feed events perhaps; `later` signals are not in it.
    """
    days = spread(since, question.as_of)
    by_ally: dict[str, list[Signal]] = {one.ally.slug: [] for one in found}
    for signal in reversed(signals):
        by_ally[signal.ally].append(signal)
    charts = [_chart(one, by_ally[one.ally.slug], days) for one in found]
    whose = _whose([*(one.ally for one in found), *silent], principal)
    return View(
        title=f"{whose}, level from {since} to {question.as_of} · "
        f"{counted(len(signals), 'signal')}{only(question, principal)}{not_counted(later)}",
        facts=_asked(since, question, principal),
        charts=charts,
        tables=(
            Table("path", _PATH, [(chart.ally, *point) for chart in charts for point in chart.points], Where.DATA),
            Table(
                "signals", _SIGNALS, [_row(signal) for of_ally in by_ally.values() for signal in of_ally], Where.DATA
            ),
        ),
        below=[Line("No signals", ", ".join(ally.name for ally in silent))] if silent else (),
        notes=[*_notes(charts, since), *_hint(feeds)],
    )


def spread(since: date, until: date) -> list[date]:
    """Days from one to another, both included, evenly spread: every day of a short span, else 101."""
    span = (until - since).days
    steps = min(span, STEPS) or 1
    return sorted({since + timedelta(days=round(span * step / steps)) for step in range(steps + 1)})


_PATH = (Column("ally"), Column("date", form=Form.DATE), Column("level"), Column("low"), Column("high"))
_SIGNALS = tuple(map(Column, ("id", "ally", "date", "score", "grade", "act")))


def _whose(allies: Sequence[Ally], principal: Principal) -> str:
    return f"{allies[0].name} and {principal.name}" if len(allies) == 1 else f"{possessive(principal.name)} allies"


def _asked(since: date, question: Question, principal: Principal) -> dict[str, Any]:
    """What was asked; no window, since nothing is compared."""
    facts = asked(question, principal)
    del facts["window_days"]
    return {"since": since} | facts


def _chart(one: Standing, signals: Sequence[Signal], days: Sequence[date]) -> Chart:
    marks = [Mark(s.happened_on, s.score, s.sixteenths / 16) for s in signals]
    return Chart(one.ally.slug, one.ally.name, [_point(one, on) for on in days], marks)


def _point(one: Standing, on: date) -> Point:
    at, judge = on.toordinal(), one.trend and one.trend.judge
    known = judge.level(at, at) if judge and at >= judge.ordinals[0] else None
    point = PathPoint(on, known)
    return Point(on, point.level, *point.band)


def _row(signal: Signal) -> tuple[Any, ...]:
    return signal.id, signal.ally, signal.happened_on, signal.score, signal.grade, signal.act


def _notes(charts: Sequence[Chart], since: date) -> list[str]:
    if not charts:
        return []
    has_weightless = any(not mark.weight for chart in charts for mark in chart.marks)
    one = charts[0].ally if len(charts) == 1 else "ALLY"
    return [
        LEGEND + (f", {WEIGHTLESS}" if has_weightless else ""),
        f"next: list {one} --since {since}, explain {one}",
    ]


def _hint(feeds: int) -> list[str]:
    return [f"{counted(feeds, 'feed event')} apart; a level of their own: --origin feeds"] if feeds else []
