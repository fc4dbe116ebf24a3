"""The history: changes as a list, one change whole, one signal's steps."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from scrutiny.core.history import Change, Deed, Difference, Effect, Moved, Step, Touched
from scrutiny.core.names import counted
from scrutiny.core.signals import Signal
from scrutiny.view import Column, Form, Line, Table, View, Where, moment, score, word

PARTS = {"happened_on": "date"}  # what people call a part

_CHANGES = (
    Column("change", "", Form.NUMBER),
    Column("at", "when", Form.MOMENT),
    Column("author", "who", Form.NAME),
    Column("command", where=Where.DATA),
    Column("what", where=Where.DATA),
    Column("did", "what", Form.PROSE, Where.SCREEN),
    Column("about", where=Where.DATA),
    Column("undone_by", where=Where.DATA),
    Column("state", "", where=Where.SCREEN),
)
_STEPS = (
    Column("change"),
    Column("at"),
    Column("author"),
    Column("command"),
    Column("deed"),
    Column("part"),
    Column("before"),
    Column("after"),
)
_SAID = (
    Column("change", "change", Form.NUMBER),
    Column("at", "when", Form.MOMENT),
    Column("author", "who", Form.NAME),
    Column("said", "", Form.PROSE),
)
_TOUCHED = (
    Column("id", "", Form.ID),
    Column("date", "date", Form.DATE),
    Column("ally", where=Where.DATA),
    Column("name", "ally", Form.NAME, Where.SCREEN),
    Column("deed", "", drop=2),
    Column("act", where=Where.DATA),
    Column("score", where=Where.DATA),
    Column("said", "act", where=Where.SCREEN, drop=1),
    Column("summary", where=Where.DATA),
    Column("differences", where=Where.JSON),
    Column("what", "", Form.PROSE, Where.SCREEN),
)


def changes(found: Sequence[Change]) -> View:
    """Changes in their order."""
    rows = [
        (one.number, one.at, one.author, one.command, one.what, _did(one), one.about, one.undone_by, _state(one))
        for one in found
    ]
    return View(
        title=counted(len(found), "change"),
        tables=[Table("changes", _CHANGES, rows)],
        notes=["next: history ID, history --change N, undo N, redo N"] if found else (),
    )


def steps(signal: Signal, name: str, found: Sequence[Step]) -> View:
    """What happened to one signal."""
    gone = " · removed" if signal.removed else ""
    return View(
        title=f"#{signal.id} {name} · {signal.kind} {score(signal.score)}{gone}",
        facts={"id": signal.id, "uid": signal.uid, "removed": signal.removed},
        lines=[Line("Summary", signal.summary)],
        tables=steps_tables(found),
    )


def steps_tables(found: Sequence[Step]) -> list[Table]:
    """A signal's history for machines, a row a difference, and for people, a row a change."""
    return [
        Table("history", _STEPS, [row for step in found for row in _rows(step)], Where.DATA),
        Table("steps", _SAID, [_said(step) for step in found], Where.SCREEN),
    ]


def whole_change(effect: Effect, names: Mapping[str, str]) -> View:
    """One change with all that it did, or the first of it; `names` are the allies' by slug."""
    change = effect.change
    counts = [f"{counted(count, 'signal')} {deed}" for deed, count in effect.counts.items()]
    facts = {"change": change.number, "at": change.at, "author": change.author, "command": change.command}
    facts |= {"what": change.what, "about": change.about, "undone_by": change.undone_by}
    facts |= {"counts": {deed.value: count for deed, count in effect.counts.items()}}
    facts |= {"note_counts": {deed.value: count for deed, count in effect.note_counts.items()}}
    facts |= {"others": [_other(one) for one in effect.others]}
    return View(
        title=f"Change {change.number} · {moment(change.at)} by {change.author} · {_did(change)}",
        facts=facts,
        lines=[Line(label, text) for label, text in (("State", _state(change)), ("Did", ", ".join(counts))) if text]
        + _moved(effect.others),
        tables=[Table("signals", _TOUCHED, [_touched(one, names) for one in effect.signals])],
        notes=_cut(effect),
    )


def differences(found: Iterable[Difference]) -> str:
    """score +2.8 -> +3.0 · grade none -> B2 · aliases + Persia."""
    return " · ".join(f"{_called(one)} {_became(one)}" for one in found)


def besides(one: Moved) -> str:
    """What is to be said of it besides its deed: what is different, or the text of a note that came or went."""
    if one.what == "note" and one.deed is not Deed.EDITED:
        return "".join(str(text) for d in one.differences for text in (d.before, d.after) if text is not None)
    return differences(one.differences)


def one_line_of(signal: Signal, name: str) -> str:
    """#12 2026-02-24 China abstain -1.0 C2 what happened."""
    known = [f"#{signal.id}", signal.happened_on.isoformat(), name, signal.word, score(signal.score)]
    return " ".join([*known, str(signal.grade or "no grade"), signal.summary])


def _called(one: Difference) -> str:
    return PARTS.get(one.part, one.part)


def _did(change: Change) -> str:
    return f"{change.command}: {change.what}"


def _state(change: Change) -> str:
    return "" if change.undone_by is None else f"taken back by {change.undone_by}"


def _rows(step: Step) -> list[tuple[Any, ...]]:
    known = (step.change.number, step.change.at, step.change.author, step.change.command, step.deed)
    pairs: list[tuple[Any, ...]] = [(_called(one), one.before, one.after) for one in step.differences]
    return [(*known, *pair) for pair in pairs or [(None, None, None)]]


def _said(step: Step) -> tuple[Any, ...]:
    change = step.change
    deed = differences(step.differences) or step.deed.value
    return change.number, change.at, change.author, f"{deed} ({_did(change)})"


def _touched(one: Touched, names: Mapping[str, str]) -> tuple[Any, ...]:
    signal, said = one.signal, differences(one.differences)
    acted = f"{signal.word} {score(signal.score)}"
    pairs = [{"part": _called(d), "before": d.before, "after": d.after} for d in one.differences]
    known = (signal.id, signal.happened_on, signal.ally, names[signal.ally], one.deed, signal.act)
    return (*known, signal.score, acted, signal.summary, pairs, said or signal.summary)


def _other(one: Moved) -> dict[str, Any]:
    pairs = [{"part": _called(d), "before": d.before, "after": d.after} for d in one.differences]
    return {"what": one.what, "name": one.name, "deed": one.deed.value, "differences": pairs}


def _moved(others: Sequence[Moved]) -> list[Line]:
    """What happened to the allies in one line, to each note in one of its own, to the settings in one."""
    said: dict[str, list[str]] = {"ally": [], "note": [], "setting": []}
    for one in others:
        came_or_went = f"{one.deed}: " if one.what == "note" and one.deed is not Deed.EDITED else ""
        said[one.what].append(f"{one.name} {came_or_went}{besides(one) or one.deed.value}")
    labelled = [("Allies", "; ".join(said["ally"])), *(("Note", text) for text in said["note"])]
    return [Line(*one) for one in (*labelled, ("Settings", "; ".join(said["setting"]))) if one[1]]


def _cut(effect: Effect) -> list[str]:
    told, touched = effect.told, effect.touched
    pairs = ((told.signals, touched.signals, "signals"), (told.notes, touched.notes, "notes"))
    return [f"{some:,} of {all_:,} {what} are told" for some, all_, what in pairs if some < all_]


def _became(one: Difference) -> str:
    """What a part was and is; of a list what came and what went."""
    if isinstance(one.before, tuple) and isinstance(one.after, tuple):
        came = [f"+ {item}" for item in one.after if item not in one.before]
        return (
            ", ".join([*came, *(f"- {item}" for item in one.before if item not in one.after)]) or "in another order"
        )
    return f"{_value(one.part, one.before)} -> {_value(one.part, one.after)}"


def _value(part: str, value: Any) -> str:
    if value in (None, ""):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if part == "score":
        return score(value)
    if isinstance(value, date):
        return word(value, Form.DATE)
    return f"{value:g}" if isinstance(value, float) else f"'{value}'" if part in ("summary", "line") else str(value)
