"""Allies side by side: the figures of their dossiers, and how their levels differ."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from scrutiny.core.allies import Principal
from scrutiny.core.ambivalence import ambivalence
from scrutiny.core.filters import Question
from scrutiny.core.likelihood import likelihood, percent
from scrutiny.core.names import counted, possessive
from scrutiny.core.standing import Standing
from scrutiny.reports.dossier import PARTS
from scrutiny.reports.judged import FIGURES, asked, figures, move, no_figures, not_counted, only, side, temperament
from scrutiny.reports.naming import numbers
from scrutiny.view import Column, Form, Likely, Said, Table, View, Where, level

LEGEND = (
    "last: days since the last signal · of each kind: what it carries of the level, and how many signals · "
    "difference: the first less the second"
)

_DIFFERENCES = (
    Column("ally", where=Where.DATA),
    Column("other", where=Where.DATA),
    Column("pair", "", Form.NAME, Where.SCREEN),
    Column("difference", "difference", Form.LEVEL),
    Column("p_higher", where=Where.DATA),
    Column("said", "the first stands higher", Form.LIKELY, Where.SCREEN),
)


def compared(found: Sequence[Standing], question: Question, principal: Principal, *, later: int, bands: bool) -> View:
    """The view of several standings in the order in which they were asked for."""
    columns = (Column("figure", form=Form.NAME), *(Column(one.ally.slug, one.ally.name) for one in found))
    rows = [_said(one, question, principal) for one in found]
    sides = [(label, *(row[label] for row in rows)) for label in rows[0]] if rows else []
    data = [figures(one, bands) if one.days.on else no_figures(one.ally) for one in found]
    return View(
        title=f"{', '.join(one.ally.name for one in found)} side by side on {question.as_of} · direction over "
        f"{counted(question.window, 'day')} (since {question.since}){only(question, principal)}{not_counted(later)}",
        facts=asked(question, principal),
        tables=(
            Table("allies", FIGURES, data, Where.DATA),
            Table("sides", columns, sides, Where.SCREEN, folds=True),
            Table("differences", _DIFFERENCES, list(_differences(found))),
        ),
        notes=[LEGEND, "next: explain ALLY, summary ALLY"],
    )


def _differences(found: Sequence[Standing]) -> list[tuple[Any, ...]]:
    rows = []
    for one, other in combinations(found, 2):
        if one.trend and other.trend:
            higher = one.trend.judged.above(other.trend.judged)
            pair = f"{one.ally.name} - {other.ally.name}"
            said = Likely(likelihood(higher), percent(higher))
            apart = one.trend.level - other.trend.level
            rows.append((one.ally.slug, other.ally.slug, pair, apart, higher, said))
    return rows


def _said(one: Standing, question: Question, principal: Principal) -> dict[str, str | Said]:
    """An ally's figures in words, under the labels that they share."""
    t, both = one.trend, ambivalence(one.days, question.as_of)
    shares = {label: one.share(part) for _, label, part in PARTS}
    hangs = numbers(one.firm.hangs_on, 3) if one.firm else ""
    return {
        "Signals": f"{one.signals:,}",
        "Last": Said((question.as_of - one.last).days if one.days.on else None, Form.DAYS),
        "Level": Said(t and t.level, Form.LEVEL),
        "Band": f"{level(t.low)}..{level(t.high)}" if t else "-",
        f"On {possessive(principal.name)} side": Said(t and side(t), Form.LIKELY),
        "Direction": Said(move(t, question.as_of), Form.MOVE),
        "Confidence": f"{one.firm.confidence}{f': {hangs}' if hangs else ''}" if one.firm else "-",
        "Lasting/mood": f"{level(t.lasting)} / {level(t.mood)}" if t else "-",
        "Temperament": temperament(t).partition(",")[0] if t else "-",
        **{
            label: f"{level(share.carries):>4} ({share.signals})" if share.signals else "-"
            for label, share in shares.items()
        },
        "Both sides": f"{'yes' if both.plays_both_sides else 'no'}: {level(both.positive)} / {level(-both.negative)}"
        if both
        else "-",
    }
