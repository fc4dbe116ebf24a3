"""Whether a ledger is sound: every rule of the domain over every row, in words that name the signals touched."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from scrutiny.core.allies import Principal
from scrutiny.core.names import counted, key
from scrutiny.core.states import find_state
from scrutiny.core.text import LONGEST_WORD, checked, folded
from scrutiny.errors import ScrutinyError
from scrutiny.store import notes, rollup, roster
from scrutiny.store.changes import REVERSING
from scrutiny.store.tables import (
    ALIAS,
    ALLY,
    ALLY_WAS,
    BATCH,
    CHANGE,
    CHECK,
    EDITABLE,
    NOTE,
    NOTE_WAS,
    REVIVAL,
    SETTING,
    SETTING_WAS,
    SIGNAL,
    SIGNAL_WAS,
    UNREADABLE,
    read_signal,
)

CHUNK = 1000  # rows read at once
UNREAD = "a cell cannot be read"
Wrong = Callable[[sa.RowMapping], str | None]  # what is wrong with a row, if anything
STOPPING = (*UNREADABLE, sa.exc.OperationalError)  # what a cell raises before it can be looked at


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a ledger, and the numbers of the signals that it touches."""

    what: str
    signals: tuple[int, ...] = ()
    is_of_sums: bool = False  # which can be made anew

    @property
    def hint(self) -> str:
        """What to type about it."""
        return "make the sums anew: scrutiny db check --mend" if self.is_of_sums else CHECK


def problems(connection: sa.Connection) -> Iterator[Problem]:
    """All that breaks a rule; nothing where the ledger is sound."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, what in _wrong_signals(connection):
        found[what].append(number)
    for question, what in _WRONG.items():
        for number in connection.scalars(question):
            found[what].append(number)
    told = (Problem(what, tuple(sorted(set(numbers)))) for what, numbers in found.items())
    yield from sorted(told, key=lambda one: one.signals)  # for a server reads rows in any order
    yield from map(Problem, _wrong_allies(connection))
    yield from map(Problem, _wrong_notes(connection))
    yield from map(Problem, _wrong_changes(connection))
    for batch, name, count, held in connection.execute(_batches()):
        if count != held:
            yield Problem(f"batch {batch} ({name}) says it added {count:,} signals, but {held:,} are there")


def wrong_sums(connection: sa.Connection) -> Iterator[Problem]:
    """Days that reports would not read as their signals have them, where the signals are sound."""
    days = rollup.wrong(connection)
    if days:
        allies = {row.id: row.slug for row in connection.execute(sa.select(ALLY.c.id, ALLY.c.slug))}
        origin, ally, on = days[0]
        more = f", nor of {counted(len(days) - 1, 'other day')}" if len(days) > 1 else ""
        of = f"the {origin} signals of {allies.get(ally, 'no ally')} on {on}"
        yield Problem(f"what is kept of {of} is not what they come to{more}", is_of_sums=True)


# -- signals


def _wrong_signals(connection: sa.Connection) -> Iterator[tuple[int, str]]:
    """The number of each signal that breaks a rule now or before an edit, and which rule."""
    now = sa.select(SIGNAL, ALLY.c.slug.label("ally")).join_from(SIGNAL, ALLY, ALLY.c.id == SIGNAL.c.ally_id)
    others = [column for column in SIGNAL.c if column.name not in EDITABLE]
    was = sa.select(*others, *(SIGNAL_WAS.c[name] for name in EDITABLE), ALLY.c.slug.label("ally"))
    was = was.join_from(SIGNAL_WAS, SIGNAL, SIGNAL.c.id == SIGNAL_WAS.c.signal_id)
    was = was.join(ALLY, ALLY.c.id == SIGNAL_WAS.c.ally_id)
    for asked, when in ((now, ""), (was, ", before an edit")):
        for number, what in _read(connection, asked, SIGNAL, _wrong_signal):
            yield number, what + when


def _wrong_signal(row: sa.RowMapping) -> str | None:
    signal = read_signal(row)
    words = folded(f"{signal.summary} {signal.source or ''}")
    if row["words"] != words and _cut(row["words"]) != words:
        return "what search looks at is not what the summary and source say"
    return None


def _cut(words: str) -> str:
    """As folded() cuts them: of a short text each was once kept whole, and is found by its beginning as well."""
    return " ".join(word[:LONGEST_WORD] for word in words.split(" "))


def _signals(*where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(SIGNAL.c.id).join_from(SIGNAL, ALLY).where(*where).order_by(SIGNAL.c.id)


_BACK = REVIVAL.alias("back")
_WRONG = {
    _signals(SIGNAL.c.removed_by.is_(None), ALLY.c.removed_by.is_not(None)): "its ally was removed",
    _signals(SIGNAL.c.removed_by <= SIGNAL.c.added_by): "it was removed before it was added",
    sa.select(REVIVAL.c.signal_id).where(REVIVAL.c.revived_by <= REVIVAL.c.removed_by): (
        "it came back before it was removed"
    ),
    sa.select(REVIVAL.c.signal_id)
    .join_from(REVIVAL, _BACK, REVIVAL.c.signal_id == _BACK.c.signal_id)
    .where(REVIVAL.c.removed_by < _BACK.c.removed_by, REVIVAL.c.revived_by > _BACK.c.removed_by): (
        "it was removed twice at a time"
    ),
    sa.select(SIGNAL.c.id)
    .join_from(SIGNAL, REVIVAL, REVIVAL.c.signal_id == SIGNAL.c.id)
    .where(SIGNAL.c.removed_by < REVIVAL.c.revived_by): "it was removed before it last came back",
    sa.select(SIGNAL_WAS.c.signal_id)
    .join_from(SIGNAL_WAS, SIGNAL, SIGNAL.c.id == SIGNAL_WAS.c.signal_id)
    .where(SIGNAL_WAS.c.change_id <= SIGNAL.c.added_by): "it was edited before it was added",
}


# -- allies, changes, batches


def _wrong_allies(connection: sa.Connection) -> Iterator[str]:
    settings = {row.name: row.value for row in connection.execute(sa.select(SETTING))}
    if missing := [name for name in roster.PRINCIPAL if name not in settings]:
        yield f"the setting '{missing[0]}' is missing"
        return
    try:
        known = roster.read(connection)
        if known.principal != Principal.read(known.principal.code):
            yield f"the principal {known.principal.name} is not the state of its code"
        for ally in known.allies:
            known.checked(ally, instead_of=ally)
    except (ScrutinyError, ValueError, TypeError) as error:
        yield f"the allies: {error}"
    yield from _wrong_images(connection)
    wrong = [
        row.name for row in connection.execute(sa.select(ALIAS).order_by(ALIAS.c.key)) if row.key != key(row.name)
    ]
    yield from (f"the alias '{name}' is not found by its name" for name in wrong)


def _wrong_images(connection: sa.Connection) -> Iterator[str]:
    """Of what allies and settings were before a change."""
    for change in connection.scalars(sa.select(ALLY_WAS.c.change_id).distinct().order_by(ALLY_WAS.c.change_id)).all():
        try:
            roster.images(connection, change)
        except STOPPING as error:
            _refuse_gone(connection, error)
            yield f"before change {change}: {getattr(error, 'orig', None) or error}"
    for row in connection.execute(sa.select(SETTING_WAS).order_by(SETTING_WAS.c.change_id)):
        if row.name not in roster.PRINCIPAL or find_state(row.value) is None:
            yield f"before change {row.change_id}: the setting '{row.name}' was '{row.value}', which is no state"


def _wrong_notes(connection: sa.Connection) -> Iterator[str]:
    for number, what in _read(connection, notes.NOTES.order_by(NOTE.c.id), NOTE, _wrong_note):
        yield f"note {number}: {what}"
    for question, what in _WRONG_NOTES.items():
        yield from (what.format(*numbers) for numbers in connection.execute(question))


def _wrong_note(row: sa.RowMapping) -> None:
    notes.read_note(row)  # which raises what is wrong


_ROOT = CHANGE.alias("root")
_NOTE = sa.select(NOTE.c.id).order_by(NOTE.c.id)
_WRONG_NOTES = {
    _NOTE.join(ALLY, ALLY.c.id == NOTE.c.ally_id).where(ALLY.c.removed_by.is_not(None), notes.STANDS): (
        "note {}: its ally was removed"
    ),
    _NOTE.add_columns(CHANGE.c.id).join(CHANGE, CHANGE.c.id == NOTE.c.added_by).where(CHANGE.c.command != "note"): (
        "note {}: the change that made it, {}, is none that makes a note"
    ),
    sa.select(CHANGE.c.id)
    .where(CHANGE.c.command == "note", CHANGE.c.id.not_in(sa.select(NOTE.c.added_by)))
    .order_by(CHANGE.c.id): "change {} made a note that is not there",
    _NOTE.join(NOTE_WAS, NOTE_WAS.c.note_id == NOTE.c.id).where(NOTE_WAS.c.change_id <= NOTE.c.added_by): (
        "note {}: it was another ally's before it was made"
    ),
    _NOTE.add_columns(CHANGE.c.id)
    .join(NOTE_WAS, NOTE_WAS.c.note_id == NOTE.c.id)
    .join(CHANGE, CHANGE.c.id == NOTE_WAS.c.change_id)
    .join(_ROOT, _ROOT.c.id == sa.func.coalesce(CHANGE.c.about, CHANGE.c.id))
    .where(_ROOT.c.command != "ally merge")
    .order_by(CHANGE.c.id): "note {}: the change that gave it to another ally, {}, is no merge of allies",
}


def _wrong_changes(connection: sa.Connection) -> Iterator[str]:
    """Changes that cannot be read, that go back in time, or that reverse what they cannot."""
    roots: dict[int, int] = {}
    last: datetime | None = None
    for number in connection.execute(sa.select(CHANGE.c.id).order_by(CHANGE.c.id)).scalars().all():
        try:
            row = connection.execute(sa.select(CHANGE).where(CHANGE.c.id == number)).one()
            for text, what in ((row.author, "author"), (row.command, "command"), (row.what, "text")):
                checked(text, what)
        except STOPPING as error:
            _refuse_gone(connection, error)
            yield f"change {number} cannot be read: {getattr(error, 'orig', None) or error}"
            continue
        if last and row.at < last:
            yield f"change {number} is older than the one before it"
        last = row.at
        roots[number] = roots.get(row.undoes or number, number)
        if (row.about is not None) != (row.command in REVERSING) or (row.about or number) != roots[number]:
            yield f"change {number} reverses what it cannot"


# -- rows one by one


def _read(connection: sa.Connection, asked: sa.Select[Any], of: sa.Table, wrong: Wrong) -> Iterator[tuple[int, str]]:
    """The number of each row of a table with which something is wrong, and what; all rows are asked for at once.

    Where a cell stops the whole reading, the rows that are left are asked for one by one.
    """
    done = set[int]()
    try:
        for row in connection.execute(asked, execution_options={"yield_per": CHUNK}).mappings():
            done.add(row["id"])
            yield from _told(row, wrong)
    except STOPPING as error:
        _refuse_gone(connection, error)
        for number in connection.scalars(sa.select(of.c.id).order_by(of.c.id)).all():
            if number not in done:
                yield from _read_one(connection, asked.where(of.c.id == number), number, wrong)


def _read_one(
    connection: sa.Connection, asked: sa.Select[Any], number: int, wrong: Wrong
) -> Iterator[tuple[int, str]]:
    try:
        for row in connection.execute(asked).mappings():
            yield from _told(row, wrong)
    except STOPPING as error:
        _refuse_gone(connection, error)
        yield number, f"{UNREAD}: {getattr(error, 'orig', None) or error}"


def _refuse_gone(connection: sa.Connection, error: Exception) -> None:
    """Raises again what stopped the reading where that is no cell, but a server that has gone away."""
    if connection.invalidated:
        raise error


def _told(row: sa.RowMapping, wrong: Wrong) -> Iterator[tuple[int, str]]:
    try:
        what = wrong(row)
    except ScrutinyError as error:
        what = error.message
    except UNREADABLE as error:
        what = f"{UNREAD}: {error}"
    if what:
        yield row["id"], what


def _batches() -> sa.Select[Any]:
    held = sa.select(sa.func.count()).where(SIGNAL.c.batch_id == BATCH.c.id).scalar_subquery()
    return sa.select(BATCH.c.id, BATCH.c.name, BATCH.c.added, held).order_by(BATCH.c.id)
