"""Notes: an analyst's dated assessment of an ally in their own words, and what the model says of that day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from shlex import quote
from typing import TYPE_CHECKING

from scrutiny.core.allies import Ally, Roster
from scrutiny.core.days import WINDOW
from scrutiny.core.text import checked, one_line
from scrutiny.errors import Unknown

if TYPE_CHECKING:  # 10 ms, which writing a note need not pay
    from scrutiny.core.shares import Days
    from scrutiny.core.trend import Trend


@dataclass(frozen=True, slots=True)
class Note:
    """One assessment, of the ally with that slug; BadValue where its text can be none.

    `number` and `change`, the change that recorded it, with that change's author and time (UTC), are the ledger's;
    None where it is in none.
    """

    ally: str
    noted_on: date
    text: str
    author: str | None = None
    recorded_at: datetime | None = None
    number: int | None = None
    change: int | None = None

    def __post_init__(self) -> None:
        checked(self.text, "note")


@dataclass(frozen=True, slots=True)
class Noted:
    """A note with the model's figures of its day; trend is None where no signal up to that day weighs anything."""

    note: Note
    trend: "Trend | None"


def kept_text(text: str) -> str:
    """A note's text as it is kept; BadValue where it is none."""
    return checked(one_line(text), "note")


def subject(roster: Roster, name: str) -> Ally:
    """The ally that a note is on; Unknown says how to add a state that is not followed yet."""
    try:
        return roster.ally(name)
    except Unknown as error:
        if state := roster.state(name):
            raise Unknown(error.message, f"add it first: scrutiny ally add {quote(state.name)}") from None
        raise


def noted(notes: Iterable[Note], found: "Iterable[Days]", window: int = WINDOW) -> list[Noted]:
    """The notes in their order, each with its ally's trend on its day, by the signals up to that day."""
    from scrutiny.core.shares import signal_days
    from scrutiny.core.trend import trend

    days = {one.ally: signal_days(one) for one in found}
    judged: dict[tuple[str, date], Trend | None] = {}  # several notes of a day need its trend once
    said = []
    for note in notes:
        key = note.ally, note.noted_on
        if key not in judged:
            judged[key] = trend(days.get(note.ally, ()), note.noted_on, window)
        said.append(Noted(note, judged[key]))
    return said


def latest(notes: Iterable[Note]) -> list[Note]:
    """Each ally's first of notes that come newest first."""
    found: dict[str, Note] = {}
    for note in notes:
        found.setdefault(note.ally, note)
    return list(found.values())
