"""Notes as a list, and the latest one in a dossier: the analyst's words beside the model's figures of that day."""

from collections.abc import Mapping, Sequence
from typing import Any

from scrutiny.core.days import WINDOW
from scrutiny.core.judge import Direction
from scrutiny.core.likelihood import percent
from scrutiny.core.names import counted
from scrutiny.core.notes import Note, Noted
from scrutiny.core.trend import Trend
from scrutiny.reports.judged import move
from scrutiny.view import Column, Form, Line, Table, View, Where, level

LEGEND = (
    f"level, band, direction: the model's for the note's day, over {WINDOW} days, by the signals dated up to it "
    "as known now · take a note out: undo CHANGE"
)
PARTS = ("date", "text", "author", "level", "level_low", "level_high", "direction", "likelihood")

_NOTES = (
    Column("change", "change", Form.NUMBER),  # never drops: by it a note is taken out
    Column("date", "date", Form.DATE),
    Column("ally", where=Where.DATA),
    Column("name", "ally", Form.NAME),
    Column("author", "who", Form.NAME, drop=1),
    Column("recorded_at", where=Where.DATA),
    Column("level", "level", Form.LEVEL),
    Column("level_low", where=Where.DATA),
    Column("level_high", where=Where.DATA),
    Column("band", "band", where=Where.SCREEN, drop=3),
    Column("direction", where=Where.DATA),
    Column("likelihood", where=Where.DATA),
    Column("moves", "direction", Form.MOVE, Where.SCREEN),
    Column("text", "note", Form.PROSE),
)


def notes(found: Sequence[Noted], names: Mapping[str, str], of: str | None) -> View:
    """Notes in their order; `names` are the allies' by slug, `of` the one they are all on."""
    return View(
        title=f"{counted(len(found), 'note')}{'' if of is None else f' on {names[of]}'}",
        facts={"window_days": WINDOW},
        tables=[Table("notes", _NOTES, [_row(one, names) for one in found])],
        notes=[LEGEND if found else f'write one: scrutiny note {of or "china"} "what you make of it"'],
    )


def lines(latest: Noted | None) -> list[Line]:
    """A note in a dossier, with what the model says of its day; no line where there is none."""
    if latest is None:
        return []
    return [Line("Note", f"{written(latest.note)} · {modelled(latest.trend)}")]


def facts(latest: Noted | None) -> dict[str, Any] | None:
    """The same for machines."""
    if latest is None:
        return None
    note = latest.note
    return dict(zip(PARTS, (note.noted_on, note.text, note.author, *_figures(latest.trend)), strict=True))


def written(note: Note) -> str:
    """2026-05-12, ana: Leans away."""
    return f"{note.noted_on}, {note.author}: {note.text}"


def modelled(t: Trend | None) -> str:
    """The model for that day, as known now: level +0.3 (-2.0..+2.9), strengthening: likely (66%)."""
    return f"the model for that day, as known now: {_judged(t) if t else Direction.TOO_FEW}"


def _row(one: Noted, names: Mapping[str, str]) -> tuple[Any, ...]:
    note, t = one.note, one.trend
    of, low, high, direction, likelihood = _figures(t)
    written_ = (note.change, note.noted_on, note.ally, names[note.ally], note.author, note.recorded_at)
    figures = (of, low, high, t and _band(t), direction, likelihood, move(t, note.noted_on))
    return (*written_, *figures, note.text)


def _figures(t: Trend | None) -> tuple[Any, ...]:
    """Level, its band, direction and likelihood."""
    return (t.level, t.low, t.high, t.direction, t.likelihood) if t else (None, None, None, Direction.TOO_FEW, None)


def _judged(t: Trend) -> str:
    likely = "" if t.p_direction is None else f": {t.likelihood} ({percent(t.p_direction)}%)"
    return f"level {level(t.level)} ({_band(t)}), {t.direction}{likely}"


def _band(t: Trend) -> str:
    return f"{level(t.low)}..{level(t.high)}"
