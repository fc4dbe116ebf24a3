"""Opening a ledger: made where there is none, brought up to date where it is old, or refused."""

from datetime import UTC, datetime
from functools import partial

import sqlalchemy as sa

from scrutiny.core.text import checked
from scrutiny.errors import BrokenLedger
from scrutiny.store import schema
from scrutiny.store.conditions import Readable
from scrutiny.store.engines import engine
from scrutiny.store.engines.engine import Engine, Say, dispose
from scrutiny.store.engines.sqlite import Sqlite
from scrutiny.store.ledger import Ledger, Now


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _silent(_: str) -> None:
    pass


def open_ledger(
    place: str,
    *,
    writing: bool,
    author: str,
    say: Say = _silent,
    now: Now = _now,
    known: datetime | None = None,
    feeds: Readable = tuple,
    making: bool = True,
    upgrading: bool = False,
    rehearsing: bool = False,
) -> Ledger:
    """The ledger at a path or URL. A writer makes it where there is none, unless told not to be `making`.

    A reader, and such a writer, finds an empty one there. What is written while `rehearsing` is kept nowhere.

    `say` hears what takes long, `feeds` tells which feeds can be read; with `known` a reader sees the ledger as it
    stood then. A writer brings an older file up to date, after a copy; an older ledger on a server only where it is
    `upgrading`. BrokenLedger for what is no ledger, is from a newer program, or is older than it may be.
    """
    store = engine(place)
    ledger = partial(Ledger, author=author, say=say, now=now, feeds=feeds)
    if writing:
        checked(author, "author")
    try:
        absent = not store.exists()
        making = making and not rehearsing
        writing = writing and (making or rehearsing or not absent)
        if absent and writing and making:
            store.prepare(lambda connection: ledger(store, connection, writing=True).begin())
        found: Engine = Sqlite(None) if absent and not (writing and making) else store
        connection = found.connect(writing=writing)
        try:
            revision = schema.revision(connection, store.where)
            if revision is None:
                found.refuse_closed(connection)
                if not (writing and making) and not absent:  # an empty store, which a reader leaves as it is
                    dispose(connection)
                    found, absent, writing = Sqlite(None), True, rehearsing
                    connection = found.connect(writing=writing)
                ledger(found, connection, writing=True).begin()
            elif revision != schema.HEAD:
                if not (writing and not rehearsing and (upgrading or store.upgrades_itself)):
                    copied = "with a copy of it as it is" if store.upgrades_itself else "once there is a copy of it"
                    raise BrokenLedger(
                        f"{store.where} has the schema {revision}; this program needs {schema.HEAD}",
                        f"bring it up to date, {copied}: scrutiny db upgrade",
                    )
                ledger(found, connection, writing=True).upgrade()
        except BaseException:
            dispose(connection)
            raise
    except sa.exc.DBAPIError as error:
        raise store.explained(error.orig or error) from None
    absent = absent and not (writing and making)
    then = None if absent else known
    made = ledger(found, connection, writing=writing, absent=absent, known=then)
    return made.rehearsing() if rehearsing else made
