"""The overview: one row an ally, and below it the forces and what the portfolio rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from itertools import groupby
from typing import Any

from scrutiny.core.acts import Kind
from scrutiny.core.allies import Ally, Principal
from scrutiny.core.filters import Question
from scrutiny.core.names import counted, possessive
from scrutiny.core.standing import Portfolio, Standing, drivers, portfolio
from scrutiny.reports.judged import FIGURES, asked, figures, move, not_counted, only, side
from scrutiny.reports.naming import numbers
from scrutiny.view import Bar, Column, Form, Line, Spark, Table, View, Where, bar_heading, level

MOST_HUNG_ON = 2  # signals named on which a direction hangs
MOST_NAMED = 6  # allies named in one line
SPARK_WEEKS = 4  # between the points of a sparkline
LEGEND = (
    "[ ] 90% band · level: -10 rupture to +10 alliance · last: days since the last signal · "
    "confidence: does the direction stand without any one signal? · kinds: support/distancing/sanctions"
)


def overview(
    found: Sequence[Standing],
    question: Question,
    principal: Principal,
    silent: Sequence[Ally],
    *,
    later: int,
    feeds: bool,
    bands: bool,
) -> View:
    """The view of all standings; `silent` allies have no signal, `later` signals are not in it.

    `feeds` says that there are feed events of silent allies, which may have a level of their own.
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
            table(found, question, principal),
        ),
        below=[*_drivers(carried), *_rests(rests, found, principal), *_silent(silent, feeds)],
        notes=[LEGEND, "next: summary ALLY, explain ALLY"] if found else (),
    )


def table(found: Sequence[Standing], question: Question, principal: Principal) -> Table:
    """What people see: one row an ally."""
    return Table("overview", _screen(principal), _rows(found, question.as_of), Where.SCREEN)


def unheard(silent: Sequence[Ally]) -> str:
    """The names of the first allies without signals, and how many others."""
    return _first([ally.name for ally in silent])


def _screen(principal: Principal) -> tuple[Column, ...]:
    return (
        Column("name", form=Form.NAME),
        Column("level", "level", Form.LEVEL),
        Column("bar", bar_heading(), Form.BAR, drop=7),
        Column("side", f"on {possessive(principal.name)} side", Form.LIKELY),
        Column("move", "direction", Form.MOVE),
        Column("confidence", "confidence", drop=5),
        Column("hangs_on", "hangs on", drop=6),
        Column("last", "last", Form.DAYS, drop=1),
        Column("path", "last year", Form.SPARK, drop=8),
        Column("kinds", "kinds", drop=9),
    )


def _rows(found: Sequence[Standing], as_of: date) -> list[tuple[Any, ...]]:
    kinds = [one.by_kind() for one in found]
    levels = [point.level for one in found if one.trend for point in one.trend.path if point.level is not None]
    low, high = min(levels, default=0.0), max(levels, default=0.0)
    widths = [max((len(str(counts[kind])) for counts in kinds), default=0) for kind in Kind]
    return [
        (
            one.ally.name,
            one.trend and one.trend.level,
            one.trend and Bar(one.trend.low, one.trend.level, one.trend.high),
            one.trend and side(one.trend),
            move(one.trend, as_of),
            one.firm.confidence if one.firm else "-",
            numbers(one.firm.hangs_on, MOST_HUNG_ON) or "-" if one.firm else "-",
            (as_of - one.last).days,
            one.trend and Spark(tuple(point.level for point in one.trend.path[::SPARK_WEEKS]), low, high),
            "/".join(f"{counts[kind]:{width}}" for kind, width in zip(Kind, widths, strict=True)),
        )
        for one, counts in zip(found, kinds, strict=True)
    ]


def forces(carried: Iterable[tuple[Any, Ally, float]]) -> list[Line]:
    """Each force with the three levels of which it carries most."""
    found = []
    for driver, group in groupby(carried, key=lambda item: item[0]):
        parts = [f"{ally.name} {level(part)}" for _, ally, part in group if level(part) != "0.0"][:3]
        if parts:
            found.append(Line(driver.replace("-", " "), ", ".join(parts)))
    return found


def _drivers(carried: Iterable[tuple[Any, Ally, float]]) -> list[Line]:
    said = [f"{force.label}: {force.text}" for force in forces(carried)]
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


def _silent(silent: Sequence[Ally], feeds: bool) -> list[Line]:
    apart = " · feed events have levels of their own: summary --origin feeds" if feeds else ""
    return [Line("No signals", unheard(silent) + apart)] if silent else []
