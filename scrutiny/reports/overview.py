"""The overview: one row an ally, and below it the forces and what the portfolio rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from itertools import groupby
from typing import Any

from scrutiny.core.acts import Kind
from scrutiny.core.allies import Ally, Principal
from scrutiny.core.filters import Question
from scrutiny.core.likelihood import likelihood, percent
from scrutiny.core.names import counted, possessive
from scrutiny.core.signals import DESK, Actor
from scrutiny.core.standing import Portfolio, Standing, drivers, portfolio
from scrutiny.core.trend import LEAST_DAYS, Direction, Trend
from scrutiny.view import Bar, Column, Form, Likely, Line, Move, Spark, Table, View, Where, bar_heading, level

MOST_NAMED = 6  # allies named in one line
SPARK_WEEKS = 4  # between the points of a sparkline
LEGEND = "[ ] 90% band · level: -10 rupture to +10 alliance · last: days since the last signal · next: summary ALLY"
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
    Column("lasting"),
    Column("mood"),
    Column("temperament"),
    Column("path", where=Where.JSON),
)


def overview(
    found: Sequence[Standing],
    question: Question,
    principal: Principal,
    silent: Sequence[Ally],
    *,
    later: int,
    bands: bool,
) -> View:
    """The view of all standings; `silent` allies have no signal, `later` signals are not in it.

    `bands` asks for the bands of the paths, which take time.
    """
    rests, carried = portfolio(found, question.as_of), drivers(found)
    signals = sum(one.signals for one in found)
    return View(
        title=f"{possessive(principal.name)} allies on {question.as_of} · "
        f"direction over {counted(question.window, 'day')} (since {question.since}) · "
        f"{counted(signals, 'signal')}{only(question, principal)}{not_counted(later)}",
        facts=asked(question, principal)
        | {
            "drivers": [{"driver": d, "ally": a.slug, "carries": part} for d, a, part in carried],
            "rests_on": asdict(rests) | {"equal_allies": rests.equal_allies},
        },
        tables=(
            Table("allies", FIGURES, [figures(one, bands) for one in found], Where.DATA),
            Table("overview", _screen(principal), _rows(found, question.as_of), Where.SCREEN),
        ),
        below=[*_drivers(carried), *_rests(rests, found, principal), *_silent(silent)],
        notes=[LEGEND] if found else (),
    )


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
    return (ally.slug, ally.name, ally.code, *counts, *(None,) * 9, Direction.TOO_FEW, *(None,) * 4, [])


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
        return (*known, *(None,) * 9, Direction.TOO_FEW, None, None, None, None, [])
    before = t.starts_before_window
    moved = (t.was, t.expected, t.news, t.p_up, t.p_down) if before else (None,) * 5
    said = (t.direction, t.likelihood, t.lasting, t.mood, t.temperament)
    return (*known, t.level, t.low, t.high, t.p_positive, *moved, *said, _path(t) if bands else [])


def _path(t: Trend) -> list[tuple[Any, ...]]:
    return [(point.on, point.level, *point.band) for point in t.path]


def _screen(principal: Principal) -> tuple[Column, ...]:
    return (
        Column("name", form=Form.NAME),
        Column("level", "level", Form.LEVEL),
        Column("bar", bar_heading(), Form.BAR, drop=7),
        Column("side", f"on {possessive(principal.name)} side", Form.LIKELY),
        Column("move", "direction", Form.MOVE),
        Column("last", "last", Form.DAYS, drop=1),
        Column("path", "last year", Form.SPARK, drop=8),
        Column("kinds", "sup/dis/san", drop=9),
    )


def _rows(found: Sequence[Standing], as_of: date) -> list[tuple[Any, ...]]:
    levels = [point.level for one in found if one.trend for point in one.trend.path if point.level is not None]
    low, high = min(levels, default=0.0), max(levels, default=0.0)
    return [
        (
            one.ally.name,
            one.trend and one.trend.level,
            one.trend and Bar(one.trend.low, one.trend.level, one.trend.high),
            one.trend and side(one.trend),
            move(one.trend, as_of),
            (as_of - one.last).days,
            one.trend and Spark(tuple(point.level for point in one.trend.path[::SPARK_WEEKS]), low, high),
            "/".join(str(one.by_kind()[kind]) for kind in Kind),
        )
        for one in found
    ]


def side(t: Trend) -> Likely:
    """How likely the relationship is on the principal's side."""
    return Likely(likelihood(t.p_positive), percent(t.p_positive))


def move(t: Trend | None, as_of: date) -> Move:
    """Which way it moves, or why nothing is said of that."""
    if t is None:
        return Move(None, Direction.TOO_FEW)
    if t.direction is Direction.TOO_FEW and t.days >= LEAST_DAYS:
        return Move(None, "nothing to compare")
    if t.direction is Direction.NO_NEWS:
        return Move(None, f"no news for {(as_of - t.last).days} days")
    likely = None if t.p_direction is None else Likely(likelihood(t.p_direction), percent(t.p_direction))
    return Move(SIGNS.get(t.direction), t.direction, likely)


def _drivers(carried: Iterable[tuple[Any, Ally, float]]) -> list[Line]:
    """Each force with the three levels of which it carries most."""
    said = []
    for driver, group in groupby(carried, key=lambda item: item[0]):
        parts = [f"{ally.name} {level(part)}" for _, ally, part in group if level(part) != "0.0"][:3]
        if parts:
            said.append(f"{driver.replace('-', ' ')}: {', '.join(parts)}")
    return [Line("Drivers", " · ".join(said))] if said else []


def _rests(rests: Portfolio, found: Sequence[Standing], principal: Principal) -> list[Line]:
    """On which allies the principal rests, how isolated it is, which are new."""
    if not rests.judged:
        return []
    names = {one.ally.slug: one.ally.name for one in found}
    said = [f"{rests.on_side} of {rests.judged} likely on {possessive(principal.name)} side"]
    if rests.equal_allies is not None:
        shares = _first([f"{names[slug]} {share:.0%}" for slug, share in rests.shares.items()])
        of = "of the warmth by stake" if rests.by_stake else "of the warmth (no stakes set)"
        said = [f"{shares} {of}, as if on {rests.equal_allies:.1f} equal allies", *said]
    new = _first([names[slug] for slug in rests.new])
    return [Line("Rests on", " · ".join([*said, f"new in the last year: {new or 'none'}"]))]


def _first(names: Sequence[str]) -> str:
    """The first of them, and how many others."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {counted(more, 'other')}" if more > 0 else "")


def _silent(silent: Sequence[Ally]) -> list[Line]:
    return [Line("No signals", _first([ally.name for ally in silent]))] if silent else []
