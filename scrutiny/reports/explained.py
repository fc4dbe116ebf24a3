"""Why a level moved, what carries it, and how each signal got its weight."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from scrutiny.core.account import Account
from scrutiny.core.allies import Ally, Principal
from scrutiny.core.bridge import Bridge, Carried
from scrutiny.core.confidence import turning
from scrutiny.core.judge import Direction
from scrutiny.core.likelihood import likelihood, percent
from scrutiny.core.names import counted
from scrutiny.core.signals import Signal
from scrutiny.core.student import Mixture
from scrutiny.core.surprise import SURPRISING
from scrutiny.core.temperament import SignalDay
from scrutiny.core.trend import BAND, Trend
from scrutiny.reports import doubt
from scrutiny.reports.basis import WEIGHTS, constants, model, short, weighed, weighs
from scrutiny.reports.judged import asked, direction, only
from scrutiny.reports.naming import cited
from scrutiny.view import ARROWS, Column, Form, Line, Table, View, Where, level, part, score

_BRIDGE = (
    Column("step", where=Where.DATA),
    Column("id", "", Form.ID),
    Column("date", "date", Form.DATE),
    Column("said", "", where=Where.SCREEN),
    Column("act", where=Where.DATA),
    Column("score", where=Where.DATA),
    Column("grade", where=Where.DATA),
    Column("weight", where=Where.DATA),
    Column("weighs", "weighs", where=Where.SCREEN, drop=2),
    Column("moved", "moved", Form.PART),
    Column("level", "level", Form.PART),
    Column("alone", "", where=Where.DATA),
    Column("note", "", Form.PROSE, Where.SCREEN),
    Column("summary", where=Where.DATA),
)
_CARRIED = (
    Column("id", "", Form.ID),
    Column("date", "date", Form.DATE),
    Column("act", where=Where.DATA),
    Column("acted", "act", where=Where.SCREEN),
    Column("score", "score", Form.SCORE, drop=1),
    Column("grade", where=Where.DATA),
    Column("weight", where=Where.DATA),
    Column("weighs", "weighs", where=Where.SCREEN, drop=3),
    Column("carries", "carries", Form.PART),
    Column("level_without", "without it", Form.PART),
    Column("summary", "", Form.PROSE),
)


def explained(account: Account, largest: Sequence[Carried], principal: Principal) -> View:
    """The bridge to the level, then what carries most of it."""
    one, t, moved, turn = account.standing, account.trend, account.bridge(), turning(account.trend)
    heading = "largest in the level" if len(largest) < account.standing.signals else "in the level"
    return View(
        title=_title(account, principal, f"why {level(t.level)}{_and_why(t)}?"),
        facts=_facts(account, principal)
        | {
            "was": moved.was,
            "time": moved.time,
            "likelihood": t.likelihood,
            "confidence": one.firm and one.firm.confidence,
            "hangs_on": [signal.id for signal in one.firm.hangs_on] if one.firm else [],
            "would_turn": doubt.turning(turn),
            "constants": constants(),
            "temperaments": t.temperaments,
        },
        lines=[
            Line("Direction", direction(t, account.question)),
            *doubt.confidence(one.firm),
            *doubt.would_turn(t, turn),
        ],
        tables=(
            Table("bridge", _BRIDGE, _steps(account, moved)),
            Table("carries", _headed(heading), [_carried(each) for each in largest]),
        ),
        notes=[WEIGHTS, model(t), f"next: explain {one.ally.slug} --level, explain {one.ally.slug} --signal ID"],
    )


def carrying(account: Account, found: Sequence[Carried], principal: Principal) -> View:
    """Signals in their order, each with its part of the level."""
    said = f"what carries {level(account.trend.level)}: {counted(len(found), 'signal')}"
    return View(
        title=_title(account, principal, said),
        facts=_facts(account, principal),
        tables=(Table("carries", _CARRIED, [_carried(each) for each in found]),),
        notes=[WEIGHTS, model(account.trend), f"next: explain {account.standing.ally.slug} --signal ID, show ID"],
    )


def unexplained(why: View, ally: Ally, *, level: bool) -> View:
    """Where there is no level: what the dossier says of that, under the keys that an explanation has."""
    facts = {**why.facts, "ally": ally.slug, "level": None, "direction": Direction.TOO_FEW}
    carries = Table("carries", _CARRIED, ())
    if level:
        return replace(why, facts=facts, tables=(carries,))
    nothing: dict[str, Any] = {
        "was": None,
        "time": None,
        "likelihood": None,
        "confidence": None,
        "hangs_on": [],
        "would_turn": None,
    }
    more = {"constants": constants(), "temperaments": None}
    return replace(why, facts=facts | nothing | more, tables=(Table("bridge", _BRIDGE, ()), carries))


def one_signal(account: Account, signal: Signal, principal: Principal) -> View:
    """What one signal did: its weight, what was foretold, what it moved and carries, what is left without it."""
    t, (each,), moved = account.trend, account.carried([signal]), account.moved(signal)
    left = account.direction_without(signal)
    at = t.judge.at(signal.happened_on)
    foretold, surprise = (None, None) if at is None else (t.judge.foretold(at), t.judge.surprise(at))
    keys = [column.key for column in _CARRIED]
    facts = dict(zip(keys, _carried(each), strict=True)) | {
        "foretold": foretold and foretold.mean,
        "surprise": surprise,
        "moved": moved,
        "direction_without": left,
    }
    del facts["weighs"], facts["acted"]
    lines = [Line("Signal", cited(signal)), Line("Weight", weighed(signal))]
    if at is not None and foretold is not None and surprise is not None:
        lines.append(Line("Its day", _day(t.judge.days[at], foretold, surprise)))
    if moved is not None:
        lines.append(Line("Moved", f"{part(moved)} since {account.question.since}"))
    lines += [
        Line(
            "Carries", f"{part(each.carries)} of {part(t.level)} · without it the level is {part(each.level_without)}"
        ),
        Line("Direction", f"{_said(t.direction)} · without it {_said(left)}"),
    ]
    return View(
        title=_title(account, principal, f"what #{signal.id} did"),
        facts=_facts(account, principal),
        lines=lines,
        tables=(Table("signal", tuple(Column(key) for key in facts), [tuple(facts.values())], Where.DATA),),
        notes=[WEIGHTS, model(t), f"next: show {signal.id}, explain {signal.ally} --level"],
    )


def _title(account: Account, principal: Principal, said: str) -> str:
    question = account.question
    return (
        f"{account.standing.ally.name} and {principal.name} on {question.as_of} · {said}{only(question, principal)}"
    )


def _facts(account: Account, principal: Principal) -> dict[str, Any]:
    of = {"ally": account.standing.ally.slug, "level": account.trend.level, "direction": account.trend.direction}
    return asked(account.question, principal) | of


def _and_why(t: Trend) -> str:
    if t.p_direction is None:
        return ""
    arrow = ARROWS[1 if t.direction is Direction.STRENGTHENING else -1]
    return f", and {arrow} {likelihood(t.p_direction)} ({percent(t.p_direction)}%)"


def _steps(account: Account, moved: Bridge) -> list[tuple[Any, ...]]:
    """Then, time passing, each signal, now; every row with the level so far."""
    one, t = account.standing, account.trend
    then = "level as judged then" if t.starts_before_window else "nothing was known then"
    hung = {signal.id for signal in one.firm.hangs_on} if one.firm else set()
    lone = "alone carries the direction" if len(hung) == 1 else "the direction hangs on it"
    so_far = moved.was
    rows: list[tuple[Any, ...]] = [_row("was", account.question.since, then, None, so_far)]
    so_far += moved.time
    rows.append(_row("time", None, "time passing: moods fade", moved.time, so_far))
    for step in moved.steps:
        so_far += step.moved
        signal, alone = step.signal, step.signal.id in hung
        known = (
            signal.id,
            signal.happened_on,
            f"{signal.word} {score(signal.score)}",
            signal.act,
            signal.score,
            signal.grade,
        )
        weight = (signal.sixteenths / 16, weighs(signal))
        note = f"← {lone}: " if alone else ""
        rows.append(("signal", *known, *weight, step.moved, so_far, alone, f"{note}{signal.summary}", signal.summary))
    return [*rows, _row("level", t.as_of, "level", None, t.level)]


def _row(step: str, on: date | None, said: str, moved: float | None, so_far: float) -> tuple[Any, ...]:
    return (step, None, on, said, None, None, None, None, "", moved, so_far, None, "", None)


def _headed(heading: str) -> tuple[Column, ...]:
    *columns, summary = _CARRIED
    return (*columns, Column(summary.key, heading, summary.form))


def _carried(each: Carried) -> tuple[Any, ...]:
    signal = each.signal
    known = (signal.id, signal.happened_on, signal.act, signal.word, signal.score, signal.grade)
    return (*known, signal.sixteenths / 16, weighs(signal), each.carries, each.level_without, signal.summary)


def _day(day: SignalDay, foretold: Mixture, surprise: float) -> str:
    low, high = (level(foretold.quantile(end)) for end in BAND)
    mark = doubt.mark(surprise if surprise < SURPRISING else None)
    return (
        f"{level(day.y)} at weight {short(day.weight)} · foretold {level(foretold.mean)}, nine times of ten "
        f"{low}..{high} · a day as far out had {surprise:.1%} {mark}".rstrip()
    )


def _said(which: Direction) -> str:
    sign = {Direction.STRENGTHENING: 1, Direction.WEAKENING: -1}.get(which)
    return f"{ARROWS[sign]} {which}".strip()
