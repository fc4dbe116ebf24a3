"""Signals as a list, and one signal whole."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from scrutiny.core.acts import ACTS
from scrutiny.core.events import Group
from scrutiny.core.history import Step
from scrutiny.core.names import counted
from scrutiny.core.signals import Signal
from scrutiny.reports.history import steps_tables
from scrutiny.reports.naming import numbers
from scrutiny.view import Column, Form, Line, Table, View, Where, day, moment, score

SAME = "the same day, kind and CAMEO root, or the same URL, from several origins; accepted events left out"
COLUMNS = (
    Column("id", "", Form.ID),
    Column("uid", where=Where.DATA),
    Column("date", "date", Form.DATE),
    Column("ally", where=Where.DATA),
    Column("name", "ally", Form.NAME, Where.SCREEN),
    Column("act", where=Where.DATA),
    Column("acted", "act", where=Where.SCREEN),
    Column("actor", where=Where.DATA),
    Column("by", "by", where=Where.SCREEN, drop=3),
    Column("kind", where=Where.DATA),
    Column("score", "score", Form.SCORE, drop=1),
    Column("grade", "grade", drop=2),
    Column("domain", "domain", drop=4),
    Column("driver", "driver", drop=5),
    Column("origin", where=Where.DATA),
    Column("private", where=Where.DATA),
    Column("source", where=Where.DATA),
    Column("recorded_at", where=Where.DATA),
    Column("recorded_by", where=Where.DATA),
    Column("summary", "summary", Form.PROSE),
)


_SURPRISE = (Column("surprise", where=Where.DATA), Column("surprised", "surprise", where=Where.SCREEN))
_LIKE = (
    Column("from", "origin", where=Where.SCREEN),
    Column("like", where=Where.DATA),
    Column("others", "like", where=Where.SCREEN),
)
MOST_LIKE = 5  # reports of the same event named on the screen


def listed(
    signals: Sequence[Signal],
    names: Mapping[str, str],
    surprises: Mapping[str, Mapping[date, float]] | None = None,
) -> View:
    """Signals in their order; `names` are the allies' by slug, `surprises` how little their days were foreseen."""
    if surprises is None:
        table = Table("signals", COLUMNS, [row(signal, names) for signal in signals])
        return View(title=counted(len(signals), "signal"), tables=[table])
    from scrutiny.reports.doubt import MARKS, mark  # 40 ms with the trend, which a plain list need not pay

    foreseen = [surprises[signal.ally][signal.happened_on] for signal in signals]
    more = [(surprise, f"{mark(surprise)} {surprise:.1%}") for surprise in foreseen]
    return View(
        title=f"{counted(len(signals), 'signal')} of surprising days",
        tables=[with_more("signals", signals, names, _SURPRISE, more)],
        notes=[MARKS],
    )


def duplicates(signals: Sequence[Signal], groups: Sequence[Group], names: Mapping[str, str]) -> View:
    """Signals, each with the group of those that report the same event."""
    likes = [
        [other.number for other in group if other.number != signal.id]
        for signal, group in zip(signals, groups, strict=True)
    ]
    more = [(signal.origin, like, numbers(like, MOST_LIKE)) for signal, like in zip(signals, likes, strict=True)]
    told = counted(len({group[0] for group in groups}), "event")
    return View(
        title=f"{counted(len(signals), 'signal')} · {told} that several origins report",
        tables=[with_more("signals", signals, names, _LIKE, more)],
        notes=[SAME, "next: show ID, accept ID, remove ID"] if signals else (),
    )


def with_more(
    key: str,
    signals: Sequence[Signal],
    names: Mapping[str, str],
    columns: Sequence[Column],
    more: Sequence[tuple[Any, ...]],
    quiet: Collection[str] = (),
) -> Table:
    """Signals with more cells each, under more columns, before the summary; `quiet` columns are no screen's."""
    *before, summary = (replace(one, where=Where.DATA) if one.key in quiet else one for one in COLUMNS)
    rows = []
    for signal, cells in zip(signals, more, strict=True):
        *first, text = row(signal, names)
        rows.append((*first, *cells, text))
    return Table(key, (*before, *columns, summary), rows)


def whole(signal: Signal, name: str, steps: Sequence[Step], desk: int | None) -> View:
    """One signal with all that is known of it, and what happened to it; `desk` is what a feed event became."""
    facts = _facts(signal, name) | {"accepted_as": desk}
    return View(
        title=f"#{signal.id} {name} · {signal.kind} {score(signal.score)}" + (" · removed" if signal.removed else ""),
        lines=[Line(label, text) for label, text in _said(signal, desk) if text],
        tables=[
            Table("signal", tuple(Column(key) for key in facts), [tuple(facts.values())], Where.DATA),
            *steps_tables(steps),
        ],
    )


def row(signal: Signal, names: Mapping[str, str]) -> tuple[Any, ...]:
    """A signal's cells under COLUMNS."""
    facts = _facts(signal, names[signal.ally]) | {"acted": signal.word, "by": signal.actor}
    return tuple(facts[column.key] for column in COLUMNS)


def _facts(signal: Signal, name: str) -> dict[str, Any]:
    return {
        "id": signal.id,
        "uid": signal.uid,
        "date": signal.happened_on,
        "ally": signal.ally,
        "name": name,
        "act": signal.act,
        "actor": signal.actor,
        "kind": signal.kind,
        "score": signal.score,
        "summary": signal.summary,
        "domain": signal.domain,
        "driver": signal.driver,
        "source": signal.source,
        "grade": signal.grade,
        "weight": signal.sixteenths / 16,
        "origin": signal.origin,
        "event": signal.event,
        "cameo": signal.cameo,
        "mentions": signal.mentions,
        "private": signal.private,
        "recorded_at": signal.recorded_at,
        "recorded_by": signal.recorded_by,
        "change": signal.change,
        "removed": signal.removed,
    }


def _said(signal: Signal, desk: int | None) -> list[tuple[str, str]]:
    act = ACTS[signal.act] if signal.act else None
    recorded = f"{moment(signal.recorded_at)} by {signal.recorded_by}" if signal.recorded_at else ""
    return [
        ("Summary", signal.summary),
        ("Date", f"{signal.happened_on:%a} {day(signal.happened_on)}"),
        ("Act", f"{act.word}: {act.means}" if act else "none: scored by its kind alone"),
        ("Actor", signal.actor),
        ("Domain", signal.domain or ""),
        ("Driver", signal.driver or ""),
        ("Source", signal.source or ""),
        ("Grade", f"{signal.grade or 'none'}, weighs {signal.sixteenths / 16:g}"),
        ("Origin", signal.origin + (f", accepted from {signal.event}" if signal.event else "")),
        ("Accepted", f"as #{desk}" if desk else ""),
        ("Coded", _coded(signal)),
        ("Private", "yes" if signal.private else ""),
        ("Recorded", f"{recorded} (change {signal.change})"),
        ("uid", signal.uid),
    ]


def _coded(signal: Signal) -> str:
    """How a feed has the event: its CAMEO code, and in how many places it was found."""
    known = (signal.cameo and f"CAMEO {signal.cameo}", signal.mentions and counted(signal.mentions, "mention"))
    return " · ".join(part for part in known if part)
