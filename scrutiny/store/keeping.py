"""Keeping a ledger safe: copies of it, and bringing one back."""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from scrutiny.core.places import shown
from scrutiny.errors import BrokenLedger, ScrutinyError
from scrutiny.store import schema
from scrutiny.store.copying import Copied
from scrutiny.store.engines import copies, engine
from scrutiny.store.engines.copies import Progress
from scrutiny.store.engines.engine import Say, dispose
from scrutiny.store.engines.restoring import restore as bring_back
from scrutiny.store.engines.sqlite import Sqlite
from scrutiny.store.opening import open_ledger


def backup(place: str, to: Path | None, progress: Progress, *, force: bool = False) -> Path:
    """Copies a ledger as it is at one moment to a file, or to one beside it that bears the time; which it is.

    ScrutinyError where there is no ledger, or a file is in the way.
    """
    ledger = _file(place)
    _refuse_none(ledger)
    found = to or copies.free_name(ledger.file, f"{datetime.now():%Y-%m-%d-%H%M%S}")  # noqa: DTZ005  # local
    ledger.copy(found, progress, force=force)
    return found


def copy(place: str, to: str, author: str, progress: Progress, say: Say) -> Copied:
    """Copies a ledger whole into a store of any kind, or goes on with such a copy; ScrutinyError for no ledger."""
    if place == to:
        raise ScrutinyError(f"{shown(place)} is the ledger itself", "name another place to copy it to")
    with open_ledger(place, writing=False, author=author, say=say) as ledger:
        if ledger.absent:
            raise ScrutinyError(f"there is no ledger at {shown(place)}")
        return ledger.copied_to(to, progress)


def restore(place: str, source: Path, author: str, say: Say) -> Path | None:
    """Makes the ledger what a copy of it is, once that is found sound; where the present one was kept aside."""
    ledger, copy = _file(place), Sqlite(source.absolute(), str(source))
    _refuse_none(copy)
    if ledger.file.exists() and source.samefile(ledger.file):
        raise ScrutinyError(f"{source} is the ledger itself", "name a copy of it")
    if ledger.exists() and not copies.begins_as_a_database(ledger.file):
        raise BrokenLedger(
            f"{ledger.where} is no ledger, or its beginning is lost: it is left as it is",
            "move it away, then restore",
        )
    if ledger.exists() and not ledger.is_damaged():
        _revision(ledger)  # what is another program's, or a newer one's, stays
    ledger.make_room()
    try:
        aside = Path(tempfile.mkdtemp(prefix=".restore-", dir=ledger.file.parent))
    except OSError as error:
        raise ScrutinyError(f"cannot write in {ledger.file.parent}: {error.strerror}") from None
    try:
        checked = Sqlite(aside / "copy.db", str(source))
        copy.copy(checked.file, lambda *_: None)
        problems = _problems(checked, author)
        if problems:
            more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
            raise BrokenLedger(
                f"{source} is not sound: {problems[0]}{more}", f"see all with: scrutiny db check --db {source}"
            )
        return bring_back(ledger, checked, say)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _problems(copy: Sqlite, author: str) -> list[str]:
    """What is wrong with a copy of our own, which is brought up to date first."""
    list(copy.damage(lambda _: None))  # where it cannot be read, said under its own name
    with open_ledger(str(copy.file), writing=True, author=author) as ledger:
        return [one.what for one in ledger.problems()]


def _file(place: str) -> Sqlite:
    """The engine of a ledger that is a file."""
    found = engine(place)
    if not isinstance(found, Sqlite):
        raise ScrutinyError(
            f"{found.where} is on a server, which has tools of its own for copies",
            "pg_dump, and pg_restore; or a copy in a file, by db copy",
        )
    return found


def _refuse_none(ledger: Sqlite) -> None:
    """ScrutinyError where there is no ledger, BrokenLedger for what is none."""
    if not ledger.exists() or _revision(ledger) is None:
        raise ScrutinyError(f"there is no ledger at {ledger.where}")


def _revision(ledger: Sqlite) -> str | None:
    try:
        connection = ledger.connect(writing=False)
        try:
            return schema.revision(connection, ledger.where)
        finally:
            dispose(connection)
    except sa.exc.DBAPIError as error:
        raise ledger.explained(error.orig or error) from None
