"""The chart: each ally's level over time as judged day by day, with its band and its signals."""

import heapq
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from scrutiny.core.allies import Ally, Principal
from scrutiny.core.case import withheld
from scrutiny.core.filters import Question
from scrutiny.core.names import counted, possessive
from scrutiny.core.signals import Signal
from scrutiny.core.standing import Standing
from scrutiny.core.trend import PathPoint
from scrutiny.reports.judged import asked, not_counted, only
from scrutiny.view import DRAWN, HOLLOW, Chart, Column, Form, Line, Mark, Point, Table, View, Where

BENDS = 100  # at most, of a line on the days of signals
STEPS = 100  # between the days of a path: about as many as a screen has columns
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
    private: Container[str] = (),
) -> View:
    """The view of some standings from a day on, in their order; `signals` are those of the span, newest first.

    `silent` allies have no signal up to the day, only `feeds` feed events perhaps; `later` signals are not in it.
    What signals of the uids `private` say is left out.
    """
    days = spread(since, question.as_of)
    by_ally: dict[str, list[Signal]] = {one.ally.slug: [] for one in found}
    for signal in reversed(signals):
        by_ally[signal.ally].append(withheld(signal, private))
    charts = [chart(one, by_ally[one.ally.slug], days) for one in found]
    whose = _whose([*(one.ally for one in found), *silent], principal)
    return View(
        title=f"{whose}, level from {since} to {question.as_of} · "
        f"{counted(len(signals), 'signal')}{only(question, principal)}{not_counted(later)}",
        facts=_asked(since, question, principal),
        charts=charts,
        tables=(
            Table("path", _PATH, list(_path(charts, set(days))), Where.DATA),
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


def _path(charts: Sequence[Chart], days: Container[date]) -> Iterator[tuple[Any, ...]]:
    """The points of those days."""
    for chart in charts:
        yield from ((chart.ally, *point) for point in chart.points if point.on in days)


def chart(one: Standing, signals: Sequence[Signal], days: Sequence[date]) -> Chart:
    """A standing's level on those days, and on those between on which its signals, in order, moved it."""
    points = [_point(one, on) for on in sorted({*days, *_around(signals, days)})]
    return Chart(one.ally.slug, one.ally.name, points, [_mark(signal) for signal in signals])


def _around(signals: Sequence[Signal], days: Sequence[date]) -> Iterator[date]:
    """The days on which signals moved the level, and those before them: where a line of straight pieces must bend.

    Of many, the weightiest: a point costs a third of a millisecond.
    """
    moved: dict[date, float] = defaultdict(float)
    for signal in signals:
        moved[signal.happened_on] += signal.sixteenths * abs(signal.score)
    for on in heapq.nlargest(BENDS, (on for on in moved if moved[on]), key=lambda on: (moved[on], on)):
        yield on
        if on > days[0]:
            yield on - timedelta(days=1)


def _mark(signal: Signal) -> Mark:
    return Mark(
        signal.happened_on,
        signal.score,
        signal.sixteenths / 16,
        signal.id,
        signal.word,
        None if signal.grade is None else str(signal.grade),
        signal.summary,
        signal.source,
    )


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
        DRAWN + (f", {WEIGHTLESS}" if has_weightless else ""),
        f"next: list {one} --since {since}, explain {one}",
    ]


def _hint(feeds: int) -> list[str]:
    return [f"{counted(feeds, 'feed event')} apart; a level of their own: --origin feeds"] if feeds else []
