"""The principal and the allies as rows: read whole, written one by one, with what stood before."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from scrutiny.core.allies import RUSSIA, SEEDS, Ally, Principal, Roster
from scrutiny.core.names import key
from scrutiny.errors import BrokenLedger, ScrutinyError
from scrutiny.store.tables import ALIAS, ALLY, ALLY_WAS, CHECK, SETTING, SETTING_WAS, SIGNAL, UNREADABLE

PRINCIPAL = ("principal", "principal-code")


@dataclass(frozen=True, slots=True)
class State:
    """An ally's row at some time: its number, what it was, and the change that took it out where one had."""

    number: int
    ally: Ally
    removed_by: int | None


def seed(connection: sa.Connection, change: int) -> None:
    """Writes what a new ledger knows: its principal, and the allies of Russia."""
    follow(connection, RUSSIA, change)


def read(connection: sa.Connection, until: int | None = None) -> Roster:
    """The principal and the allies that are there, as they are or as they stood after a change."""
    settings = settings_after(connection, until)
    there = [state.ally for state in states(connection, until) if state.removed_by is None]
    there.sort(key=lambda ally: (ally.name, ally.slug))  # by code point, whatever the engine's language
    return Roster(Principal(*(settings[name] for name in PRINCIPAL)), tuple(there))


def states(connection: sa.Connection, until: int | None = None) -> list[State]:
    """Every ally that was ever there, as it is or as it stood after a change, by number."""
    found = {state.number: state for state in _states(connection)}
    if until is not None:
        later = sa.select(ALLY.c.id).where(ALLY.c.added_by > until)
        for number in connection.scalars(later):
            del found[number]
        for state in reversed([image for _, image in _images(connection, ALLY_WAS.c.change_id > until)]):
            if state.number in found:
                found[state.number] = state
    return list(found.values())


def images(connection: sa.Connection, change: int) -> list[State]:
    """What the allies that a change touched were before it."""
    return [state for _, state in _images(connection, ALLY_WAS.c.change_id == change)]


def settings_after(connection: sa.Connection, until: int | None = None) -> dict[str, str]:
    """The settings, as they are or as they stood after a change."""
    found = {row.name: row.value for row in connection.execute(sa.select(SETTING))}
    if until is not None:
        asked = sa.select(SETTING_WAS).where(SETTING_WAS.c.change_id > until)
        found |= {row.name: row.value for row in connection.execute(asked.order_by(SETTING_WAS.c.change_id.desc()))}
    return found


def follow(connection: sa.Connection, principal: Principal, change: int) -> None:
    """Sets the principal: its own record as an ally goes, and so do Russia's seeds unless it is Russia."""
    gone = set() if principal == RUSSIA else {ally.slug for ally in SEEDS}
    names = {key(principal.name), key(principal.code)}
    gone |= {state.ally.slug for state in _present(connection) if names & state.ally.keys.keys()}
    for state in _present(connection):
        if state.ally.slug in gone:
            remove(connection, state, change)
    set_all(connection, dict(zip(PRINCIPAL, (principal.name, principal.code), strict=True)), change)
    if principal == RUSSIA:
        ensure(connection, SEEDS, change)


def set_all(connection: sa.Connection, settings: dict[str, str], change: int) -> None:
    """Gives settings their values, keeping what they were."""
    before = [
        {"name": row.name, "change_id": change, "value": row.value} for row in connection.execute(sa.select(SETTING))
    ]
    if before:
        connection.execute(sa.insert(SETTING_WAS), before)
    connection.execute(sa.delete(SETTING))
    connection.execute(sa.insert(SETTING), [{"name": name, "value": value} for name, value in settings.items()])


def ensure(connection: sa.Connection, allies: Iterable[Ally], change: int) -> tuple[Ally, ...]:
    """Adds those allies that are not there; which it added. ScrutinyError where what finds one is taken.

    An ally that was taken back comes back under its slug, which is nobody else's for ever.
    """
    added = list[Ally]()
    wanted = list(allies)
    if not wanted:
        return ()
    everyone, known = {state.ally.slug: state for state in states(connection)}, read(connection)
    for ally in wanted:
        before = everyone.get(ally.slug)
        if (before and before.removed_by is None) or ally in added:
            continue
        known.checked(ally)
        if before and key(before.ally.name) != key(ally.name):
            raise ScrutinyError(f"the slug '{ally.slug}' is that of {before.ally.name}, an ally that was taken back")
        if before:
            write(connection, before, ally, change)
        else:
            row = {"slug": ally.slug, "name": ally.name, "line": ally.line, "added_by": change}
            connection.execute(sa.insert(ALLY).values(row))
            _write(connection, _number(connection, ally.slug), ally)
        known = known.joined(ally)
        added.append(ally)
    return tuple(added)


def write(connection: sa.Connection, before: State, ally: Ally, change: int) -> None:
    """Makes of an ally what it is to be, there or again there; keeps what it was."""
    _keep(connection, before, change)
    _write(connection, before.number, ally)


def remove(connection: sa.Connection, before: State, change: int) -> None:
    """Takes an ally out and frees its code and its aliases; keeps what it was."""
    _keep(connection, before, change)
    connection.execute(sa.delete(ALIAS).where(ALIAS.c.ally_id == before.number))
    gone = {"code": None, "removed_by": change}
    connection.execute(sa.update(ALLY).where(ALLY.c.id == before.number).values(gone))


def bring_back(connection: sa.Connection, change: int) -> tuple[Ally, ...]:
    """Brings back the allies that are out while a signal of theirs is in, less the names that others took since."""
    back = []
    for state in states(connection):
        in_use = sa.exists().where(SIGNAL.c.ally_id == state.number, SIGNAL.c.removed_by.is_(None))
        if state.removed_by is None or not connection.scalar(sa.select(in_use)):
            continue
        (was,) = (one.ally for one in images(connection, state.removed_by) if one.number == state.number)
        known = read(connection)
        free = replace(
            was,
            code=was.code if was.code and known.find(was.code) is None else None,
            aliases=tuple(alias for alias in was.aliases if known.find(alias) is None),
        )
        try:
            known.checked(free)
        except ScrutinyError as error:
            raise ScrutinyError(
                f"{was.name} would come back with its signals, but {error.message}", error.hint
            ) from None
        write(connection, state, free, change)
        back.append(free)
    return tuple(back)


def state_of(connection: sa.Connection, slug: str) -> State:
    """An ally's row as it is."""
    return next(state for state in states(connection) if state.ally.slug == slug)


def _present(connection: sa.Connection) -> list[State]:
    return [state for state in states(connection) if state.removed_by is None]


def _number(connection: sa.Connection, slug: str) -> int:
    return int(connection.execute(sa.select(ALLY.c.id).where(ALLY.c.slug == slug)).scalar_one())


def _keep(connection: sa.Connection, before: State, change: int) -> None:
    """Writes what an ally was before a change, once a change; one that it added itself was not there before."""
    mine = (ALLY_WAS.c.ally_id == before.number) & (ALLY_WAS.c.change_id == change)
    new = sa.exists().where(ALLY.c.id == before.number, ALLY.c.added_by == change)
    if connection.scalar(sa.select(sa.exists().where(mine) | new)):
        return
    ally = before.ally
    row: dict[str, Any] = {"ally_id": before.number, "change_id": change, "removed_by": before.removed_by}
    row |= {"name": ally.name, "code": ally.code, "line": ally.line, "stake": ally.stake}
    aliases = json.dumps(ally.aliases, ensure_ascii=False)
    connection.execute(sa.insert(ALLY_WAS).values(row | {"aliases": aliases}))


def _write(connection: sa.Connection, number: int, ally: Ally) -> None:
    cells = {"name": ally.name, "code": ally.code, "line": ally.line, "stake": ally.stake, "removed_by": None}
    connection.execute(sa.update(ALLY).where(ALLY.c.id == number).values(cells))
    connection.execute(sa.delete(ALIAS).where(ALIAS.c.ally_id == number))
    names = {key(alias): alias for alias in ally.aliases}
    rows = [
        {"key": found, "name": alias, "ally_id": number, "place": place}
        for place, (found, alias) in enumerate(names.items())
    ]
    if rows:
        connection.execute(sa.insert(ALIAS), rows)


def _states(connection: sa.Connection) -> Iterable[State]:
    aliases: dict[int, list[str]] = {}
    for row in connection.execute(sa.select(ALIAS).order_by(ALIAS.c.place)):
        aliases.setdefault(row.ally_id, []).append(row.name)
    for row in connection.execute(sa.select(ALLY).order_by(ALLY.c.id)):
        yield _state(row, row.id, row.slug, aliases.get(row.id, ()))


def _images(connection: sa.Connection, of: sa.ColumnElement[bool]) -> list[tuple[int, State]]:
    """Each image with its change, the earliest first."""
    asked = sa.select(ALLY_WAS, ALLY.c.slug).join_from(ALLY_WAS, ALLY, ALLY.c.id == ALLY_WAS.c.ally_id).where(of)
    rows = connection.execute(asked.order_by(ALLY_WAS.c.change_id, ALLY_WAS.c.ally_id))
    return [(row.change_id, _state(row, row.ally_id, row.slug, json.loads(row.aliases))) for row in rows]


def _state(row: Any, number: int, slug: str, aliases: Sequence[str]) -> State:
    known = {"name": row.name, "code": row.code, "line": row.line, "stake": row.stake}
    try:
        return State(number, Ally(slug=slug, aliases=tuple(aliases), **known), row.removed_by)
    except UNREADABLE as error:
        raise BrokenLedger(f"the ally {slug} cannot be read: {error}", CHECK) from None
