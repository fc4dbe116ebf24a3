"""What dossier and explain say of doubt: how firm a direction is, what would turn it, what surprised, both sides."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from scrutiny.core.ambivalence import Ambivalence
from scrutiny.core.confidence import Confidence, Firmness, Turning
from scrutiny.core.heard import Heard
from scrutiny.core.judge import Direction
from scrutiny.core.names import counted
from scrutiny.core.signals import Signal
from scrutiny.core.surprise import VERY
from scrutiny.core.trend import Trend
from scrutiny.reports.naming import dated, numbers
from scrutiny.view import ARROWS, Line, level, score

MARKS = "! a day as far out as this had less than 10% probability, !! less than 1%"
MOST = 5  # signals or days named in one line


def confidence(firm: Firmness | None) -> list[Line]:
    """How firmly the direction stands; no line where none is said."""
    if firm is None:
        return []
    said = {
        Confidence.HIGH: "it stands without any one of its signals",
        Confidence.MODERATE: "it stands without any one of its few signals",
        Confidence.LOW: _hung(firm.hangs_on),
    }[firm.confidence]
    return [Line("Confidence", f"{firm.confidence}: {said}")]


def _hung(signals: Sequence[Signal]) -> str:
    if len(signals) == 1:
        return f"without #{signals[0].id} nothing is left of it"
    return f"it falls if any one of {numbers(signals, MOST)} is taken out"


def would_turn(t: Trend, turn: Turning | None) -> list[Line]:
    """What one more signal would change."""
    if turn is None:
        return []
    on = dated(t.as_of)
    if t.direction.is_said:
        other = turn.down if t.direction is Direction.STRENGTHENING else turn.up
        ends = "no single B1" if turn.ends is None else f"one more B1 at {score(turn.ends)}"
        turns = "none" if other is None else f"one at {score(other)}"
        return [Line("Would turn", f"{ends} on {on} erases it; {turns} turns it")]
    made = [
        f"at {score(at)} makes it {ARROWS[sign]} {word}"
        for at, sign, word in ((turn.up, 1, Direction.STRENGTHENING), (turn.down, -1, Direction.WEAKENING))
        if at is not None
    ]
    said = f"one more B1 on {on} {', '.join(made)}" if made else f"no single B1 on {on} gives it a direction"
    return [Line("Would turn", said)]


def turning(turn: Turning | None) -> dict[str, Any] | None:
    """The same for machines."""
    return None if turn is None else {"ends": turn.ends, "up": turn.up, "down": turn.down}


def both_sides(found: Ambivalence | None) -> list[Line]:
    """Whether the ally plays both sides; no line where the year has nothing that weighs."""
    if found is None:
        return []
    said = "yes" if found.plays_both_sides else "no"
    sides = f"over the last year {level(found.positive)} for, {level(-found.negative)} against"
    return [Line("Both sides", f"{said}: {sides} · ambivalence {level(found.index)}")]


def sides(found: Ambivalence | None) -> dict[str, float] | None:
    """The same for machines."""
    return None if found is None else {"for": found.positive, "against": found.negative, "ambivalence": found.index}


def mark(probability: float | None) -> str:
    """! for a surprising day, !! for a very surprising one."""
    if probability is None:
        return ""
    return "!!" if probability < VERY else "!"


def surprising(found: Mapping[date, float], heard: Heard) -> list[Line]:
    """The latest surprising days with their signals; no line where there are none."""
    if not found:
        return []
    days = sorted(found, reverse=True)
    heard.on(days[:MOST])  # all at once
    named = [f"{dated(on)} {numbers(heard.on([on]), 2)} {mark(found[on])} {found[on]:.1%}" for on in days[:MOST]]
    more = f" and {counted(len(days) - MOST, 'earlier day')}" if len(days) > MOST else ""
    return [Line("Surprising", " · ".join(named) + more)]
