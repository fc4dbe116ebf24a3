"""Opening the ledger for a command."""

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrutiny import settings
from scrutiny.cli.options import DB, KNOWN
from scrutiny.cli.shell import say

if TYPE_CHECKING:
    from datetime import datetime

    from scrutiny.store.ledger import Ledger


def reading(db: str | None) -> "Ledger":
    """The ledger for a command that only reads; says so where there is none yet."""
    known = KNOWN.get()
    ledger = _opened(db, writing=False, known=known)
    if ledger.absent:
        say(f"note: there is no ledger at {settings.shown(place(db))} yet; the first signal makes it")
    elif known is not None:
        say(f"note: the ledger as it stood recorded by {known.astimezone():%Y-%m-%d %H:%M:%S}")
    return ledger


def writing(db: str | None) -> "Ledger":
    """The ledger for a command that writes; made where there is none."""
    return _opened(db, writing=True)


def place(db: str | None) -> str:
    """Where the ledger is: --db after the command, before it, or as the settings say."""
    return settings.place(DB.get() if db is None else db)


def typed(command: str, db: str | None) -> str:
    """A command on the same ledger as a person can type it."""
    chosen = DB.get() if db is None else db
    return f"{program()} {f'--db {shlex.quote(settings.shown(chosen))} ' if chosen else ''}{command}"


def say_undo(change: int | None, db: str | None) -> None:
    """Says how to take back what a command changed, if anything."""
    if change is not None:
        say(f"take it back: {typed(f'undo {change}', db)}")


def program() -> str:
    """How to call this program from here: by its name where that finds it, else as it was called."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m scrutiny"
    found = shutil.which("scrutiny")
    if found and Path(found).resolve() == called.resolve():
        return "scrutiny"
    return shlex.quote(str(called)) if called.name == "scrutiny" else "scrutiny"


def upgrading(db: str | None) -> "Ledger":
    """The ledger brought up to date, wherever it is."""
    return _opened(db, writing=True, upgrading=True)


def _opened(db: str | None, *, writing: bool, known: "datetime | None" = None, upgrading: bool = False) -> "Ledger":
    from scrutiny.store.ledger import open_ledger  # SQLModel costs 270 ms, which --help must not pay

    return open_ledger(
        place(db), writing=writing, author=settings.author(), say=say, known=known, upgrading=upgrading
    )
