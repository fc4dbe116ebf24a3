"""The principal and the allies as rows: read whole, written one by one."""

from collections.abc import Iterable

import sqlalchemy as sa

from scrutiny.core.allies import RUSSIA, SEEDS, Ally, Principal, Roster
from scrutiny.core.names import key
from scrutiny.errors import ScrutinyError
from scrutiny.store.tables import ALIAS, ALLY, CHANGE, REVIVAL, SETTING, SIGNAL


def seed(connection: sa.Connection, change: int) -> None:
    """Writes what a new ledger knows: its principal, and the allies of Russia."""
    follow(connection, RUSSIA, change)


def read(connection: sa.Connection) -> Roster:
    """The principal, and the allies whose adding was not taken back."""
    settings = {row.name: row.value for row in connection.execute(sa.select(SETTING))}
    aliases: dict[int, list[str]] = {}
    for row in connection.execute(sa.select(ALIAS).order_by(ALIAS.c.place)):
        aliases.setdefault(row.ally_id, []).append(row.name)
    undone = sa.exists().where(CHANGE.c.undoes == ALLY.c.added_by)
    rows = connection.execute(sa.select(ALLY).where(~undone).order_by(ALLY.c.name, ALLY.c.slug))
    return Roster(
        Principal(settings["principal"], settings["principal-code"]),
        tuple(
            Ally(
                slug=row.slug,
                name=row.name,
                code=row.code,
                aliases=tuple(aliases.get(row.id, ())),
                line=row.line,
                stake=row.stake,
            )
            for row in rows
        ),
    )


def follow(connection: sa.Connection, principal: Principal, change: int) -> None:
    """Sets the principal: its own record as an ally goes, and so do Russia's seeds unless it is Russia."""
    gone = set() if principal == RUSSIA else {ally.slug for ally in SEEDS}
    names = {key(principal.name), key(principal.code)}
    if connection.scalar(sa.select(sa.func.count()).select_from(SETTING)):
        gone |= {ally.slug for ally in read(connection).allies if names & ally.keys.keys()}
    numbers = sa.select(ALLY.c.id).where(ALLY.c.slug.in_(gone))
    connection.execute(sa.delete(ALIAS).where(ALIAS.c.ally_id.in_(numbers)))
    connection.execute(sa.delete(ALLY).where(ALLY.c.slug.in_(gone)))
    connection.execute(sa.delete(SETTING))
    rows = [
        {"name": "principal", "value": principal.name},
        {"name": "principal-code", "value": principal.code},
    ]
    connection.execute(sa.insert(SETTING), rows)
    if principal == RUSSIA:
        ensure(connection, SEEDS, change)


def ensure(connection: sa.Connection, allies: Iterable[Ally], change: int) -> tuple[Ally, ...]:
    """Adds those allies that are not there; which it added. ScrutinyError where what finds one is taken.

    An ally that was taken back comes back under its slug, which is nobody else's for ever.
    """
    added = []
    for ally in allies:
        known = read(connection)
        if any(one.slug == ally.slug for one in known.allies):
            continue
        known.checked(ally)
        before = connection.scalar(sa.select(ALLY.c.name).where(ALLY.c.slug == ally.slug))
        if before is None:
            row = {"slug": ally.slug, "name": ally.name, "line": ally.line, "added_by": change}
            connection.execute(sa.insert(ALLY).values(row))
        elif key(before) != key(ally.name):
            raise ScrutinyError(f"the slug '{ally.slug}' is that of {before}, an ally that was taken back")
        connection.execute(sa.update(ALLY).where(ALLY.c.slug == ally.slug).values(added_by=change))
        write(connection, ally)
        added.append(ally)
    return tuple(added)


def take_back(connection: sa.Connection, change: int) -> None:
    """Takes back the allies that a change added.

    One that is in use becomes that of the change which brought its earliest signal; the others free their names.
    """
    of_ally = (SIGNAL.c.ally_id == ALLY.c.id) & SIGNAL.c.removed_by.is_(None)
    again = sa.select(sa.func.max(REVIVAL.c.revived_by)).where(REVIVAL.c.signal_id == SIGNAL.c.id).scalar_subquery()
    theirs = sa.select(sa.func.min(sa.func.coalesce(again, SIGNAL.c.added_by))).where(of_ally)
    mine, in_use = ALLY.c.added_by == change, sa.exists().where(of_ally)
    connection.execute(sa.update(ALLY).where(mine, in_use).values(added_by=theirs.scalar_subquery()))
    connection.execute(sa.delete(ALIAS).where(ALIAS.c.ally_id.in_(sa.select(ALLY.c.id).where(mine))))
    connection.execute(sa.update(ALLY).where(mine).values(code=None))


def write(connection: sa.Connection, ally: Ally) -> None:
    """Gives the ally of that slug its name, code, aliases, line and stake."""
    number = connection.execute(sa.select(ALLY.c.id).where(ALLY.c.slug == ally.slug)).scalar_one()
    cells = {"name": ally.name, "code": ally.code, "line": ally.line, "stake": ally.stake}
    connection.execute(sa.update(ALLY).where(ALLY.c.id == number).values(cells))
    connection.execute(sa.delete(ALIAS).where(ALIAS.c.ally_id == number))
    names = {key(alias): alias for alias in ally.aliases}
    rows = [
        {"key": found, "name": alias, "ally_id": number, "place": place}
        for place, (found, alias) in enumerate(names.items())
    ]
    if rows:
        connection.execute(sa.insert(ALIAS), rows)
