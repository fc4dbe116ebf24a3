"""Signals as a list, and one signal whole."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from scrutiny.core.acts import ACTS
from scrutiny.core.history import Step
from scrutiny.core.names import counted
from scrutiny.core.signals import Signal
from scrutiny.reports.doubt import MARKS, mark
from scrutiny.reports.history import steps_tables
from scrutiny.view import Column, Form, Line, Table, View, Where, day, moment, score

_COLUMNS = (
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


def listed(
    signals: Sequence[Signal],
    names: Mapping[str, str],
    surprises: Mapping[str, Mapping[date, float]] | None = None,
) -> View:
    """Signals in their order; `names` are the allies' by slug, `surprises` how little their days were foreseen."""
    if surprises is None:
        table = Table("signals", _COLUMNS, [_row(signal, names) for signal in signals])
        return View(title=counted(len(signals), "signal"), tables=[table])
    *before, summary = _COLUMNS
    rows = []
    for signal in signals:
        *cells, text = _row(signal, names)
        surprise = surprises[signal.ally][signal.happened_on]
        rows.append((*cells, surprise, f"{mark(surprise)} {surprise:.1%}", text))
    columns = (*before, *_SURPRISE, summary)
    return View(
        title=f"{counted(len(signals), 'signal')} of surprising days",
        tables=[Table("signals", columns, rows)],
        notes=[MARKS],
    )


def whole(signal: Signal, name: str, steps: Sequence[Step]) -> View:
    """One signal with all that is known of it, and what happened to it."""
    facts = _facts(signal, name)
    return View(
        title=f"#{signal.id} {name} · {signal.kind} {score(signal.score)}" + (" · removed" if signal.removed else ""),
        lines=[Line(label, text) for label, text in _said(signal) if text],
        tables=[
            Table("signal", tuple(Column(key) for key in facts), [tuple(facts.values())], Where.DATA),
            *steps_tables(steps),
        ],
    )


def _row(signal: Signal, names: Mapping[str, str]) -> tuple[Any, ...]:
    facts = _facts(signal, names[signal.ally]) | {"acted": signal.word, "by": signal.actor}
    return tuple(facts[column.key] for column in _COLUMNS)


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
        "private": signal.private,
        "recorded_at": signal.recorded_at,
        "recorded_by": signal.recorded_by,
        "change": signal.change,
        "removed": signal.removed,
    }


def _said(signal: Signal) -> list[tuple[str, str]]:
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
        ("Private", "yes" if signal.private else ""),
        ("Recorded", f"{recorded} (change {signal.change})"),
        ("uid", signal.uid),
    ]
