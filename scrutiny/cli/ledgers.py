"""Opening the ledger for a command."""

from typing import TYPE_CHECKING, Any

from scrutiny import settings
from scrutiny.cli.options import DB, KNOWN, local
from scrutiny.cli.shell import say
from scrutiny.cli.typed import typed
from scrutiny.core.places import shown

if TYPE_CHECKING:
    from scrutiny.store.ledger import Ledger


def reading(db: str | None) -> "Ledger":
    """The ledger for a command that only reads; says so where there is none yet."""
    known = KNOWN.get()
    ledger = _told(_opened(db, writing=False, known=known), db)
    if known is not None and not ledger.absent:
        say(f"note: the ledger as it stood recorded by {local(known)}")
    return ledger


def writing(db: str | None) -> "Ledger":
    """The ledger for a command that writes; made where there is none."""
    return _opened(db, writing=True)


def place(db: str | None) -> str:
    """Where the ledger is: --db after the command, before it, or as the settings say."""
    return settings.place(DB.get() if db is None else db)


def say_undo(change: int | None, db: str | None) -> None:
    """Says how to take back what a command changed, if anything."""
    if change is not None:
        say(f"take it back: {typed(f'undo {change}', db)}")


def changing(db: str | None) -> "Ledger":
    """The ledger for a command that changes what is there: brought up to date, but not made where there is none."""
    return _told(_opened(db, writing=True, making=False), db)


def rehearsing(db: str | None) -> "Ledger":
    """The ledger for a command that only tries: nothing is made, and nothing is kept."""
    return _told(_opened(db, writing=True, rehearsing=True), db)


def upgrading(db: str | None) -> "Ledger":
    """The ledger brought up to date, wherever it is."""
    return _opened(db, writing=True, making=False, upgrading=True)


def _told(ledger: "Ledger", db: str | None) -> "Ledger":
    if ledger.absent:
        say(f"note: there is no ledger at {shown(place(db))} yet; the first signal makes it")
    return ledger


def _opened(db: str | None, **how: Any) -> "Ledger":
    from scrutiny.store.opening import open_ledger  # SQLModel costs 270 ms, which --help must not pay

    return open_ledger(place(db), author=settings.author(), say=say, feeds=_feeds, **how)


def _feeds() -> "tuple[str, ...]":
    from scrutiny.feeds.formats import FEEDS  # looks through a folder, for those who name an origin

    return FEEDS
