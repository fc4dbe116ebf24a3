"""What the judging reports share: what was asked, an ally's figures under stable keys, its side and its move."""

from datetime import date
from typing import Any

from scrutiny.core.acts import Kind
from scrutiny.core.allies import Ally, Principal
from scrutiny.core.filters import Question
from scrutiny.core.judge import LEAST_DAYS, Direction
from scrutiny.core.likelihood import likelihood, percent
from scrutiny.core.names import counted, possessive
from scrutiny.core.signals import DESK, Actor
from scrutiny.core.standing import Standing
from scrutiny.core.temperament import TEMPERAMENTS
from scrutiny.core.trend import Trend
from scrutiny.view import ARROWS, Column, Form, Likely, Move, Where

SIGNS = {Direction.STRENGTHENING: 1, Direction.WEAKENING: -1, Direction.UNCLEAR: 0}

FIGURES = (  # what JSON and CSV say of an ally; the dossier adds to it
    Column("ally"),
    Column("name"),
    Column("code"),
    Column("signals", form=Form.NUMBER),
    Column("signal_days"),
    Column("first"),
    Column("last"),
    Column("by_kind", parts=tuple(Kind)),
    Column("level"),
    Column("level_low"),
    Column("level_high"),
    Column("p_positive"),
    Column("was"),
    Column("expected"),
    Column("news"),
    Column("p_up"),
    Column("p_down"),
    Column("direction"),
    Column("likelihood"),
    Column("confidence"),
    Column("hangs_on"),
    Column("lasting"),
    Column("mood"),
    Column("temperament"),
    Column("path", where=Where.JSON),
)


# direction, likelihood, confidence, what it hangs on, lasting, mood, temperament, path
_NOTHING_SAID = (Direction.TOO_FEW, None, None, (), None, None, None, ())


def asked(question: Question, principal: Principal) -> dict[str, Any]:
    """What was asked, as the facts of a judging report."""
    return {
        "as_of": question.as_of,
        "window_days": question.window,
        "principal": principal.name,
        "origin": question.origin,
        "by": question.by,
    }


def only(question: Question, principal: Principal) -> str:
    """Whose acts and signals a title says the report is limited to."""
    whose = {
        None: "",
        Actor.ALLY: " · the allies' own acts only",
        Actor.PRINCIPAL: f" · {possessive(principal.name)} acts only",
        Actor.THIRD: " · third parties' acts only",
    }[question.by]
    return whose + ("" if question.origin == DESK else f" · origin {question.origin}")


def not_counted(later: int) -> str:
    """What a title says of signals dated after the day."""
    return f" · {counted(later, 'later one')} not counted" if later else ""


def no_figures(ally: Ally) -> tuple[Any, ...]:
    """An ally without signals under the keys of FIGURES."""
    counts = (0, 0, None, None, {kind.value: 0 for kind in Kind})
    return (
        ally.slug,
        ally.name,
        ally.code,
        *counts,
        *(None,) * 9,
        Direction.TOO_FEW,
        None,
        None,
        [],
        None,
        None,
        None,
        [],
    )


def figures(one: Standing, bands: bool) -> tuple[Any, ...]:
    """An ally's figures under the keys of FIGURES; None where there is nothing to say."""
    t = one.trend
    counts = (
        one.signals,
        t.days if t else 0,
        one.first,
        one.last,
        {k.value: n for k, n in one.by_kind().items()},
    )
    known = (one.ally.slug, one.ally.name, one.ally.code, *counts)
    if t is None:
        return (*known, *(None,) * 9, *_NOTHING_SAID)
    before = t.starts_before_window
    moved = (t.was, t.expected, t.news, t.p_up, t.p_down) if before else (None,) * 5
    firm = (one.firm.confidence, [signal.id for signal in one.firm.hangs_on]) if one.firm else (None, [])
    said = (t.direction, t.likelihood, *firm, t.lasting, t.mood, t.temperament)
    return (*known, t.level, t.low, t.high, t.p_positive, *moved, *said, _path(t) if bands else [])


def _path(t: Trend) -> list[tuple[Any, ...]]:
    return [(point.on, point.level, *point.band) for point in t.path]


def side(t: Trend) -> Likely:
    """How likely the relationship is on the principal's side."""
    return Likely(likelihood(t.p_positive), percent(t.p_positive))


def has_no_before(t: Trend) -> bool:
    """Whether there are signals enough for a direction, but none before the window to compare with."""
    return t.direction is Direction.TOO_FEW and t.days >= LEAST_DAYS


def move(t: Trend | None, as_of: date) -> Move:
    """Which way it moves, or why nothing is said of that."""
    if t is None:
        return Move(None, Direction.TOO_FEW)
    if has_no_before(t):
        return Move(None, "nothing to compare")
    if t.direction is Direction.NO_NEWS:
        return Move(None, f"no news for {(as_of - t.last).days}d")
    likely = None if t.p_direction is None else Likely(likelihood(t.p_direction), percent(t.p_direction))
    return Move(SIGNS.get(t.direction), t.direction, likely)


def temperament(t: Trend) -> str:
    """The temperament with how long its moods last."""
    if t.temperament is None:
        return "not settled"
    return f"{t.temperament}, a mood halves in {TEMPERAMENTS[t.temperament].half_life:.0f} days"


def direction(t: Trend, question: Question) -> str:
    """Which way it moves since the window's start, and how likely."""
    said = move(t, question.as_of)
    if t.direction is Direction.NO_NEWS:
        return f"no news for {counted((question.as_of - t.last).days, 'day')}"
    if has_no_before(t):
        return f"no signal up to {question.since} to compare with"
    if said.likely is None:
        return f"{ARROWS[said.sign]} {said.words}".strip()
    since = f"{said.words} since {question.since}"
    return f"{ARROWS[said.sign]} {since}: {said.likely.word} ({said.likely.percent}%)"
