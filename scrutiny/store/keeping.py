"""Keeping a ledger safe: copies of its file, and bringing one back."""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from scrutiny.errors import BrokenLedger, ScrutinyError
from scrutiny.store.engines import copies, engine
from scrutiny.store.engines.copies import Progress
from scrutiny.store.engines.engine import Say
from scrutiny.store.engines.sqlite import Sqlite
from scrutiny.store.ledger import open_ledger


def backup(place: str, to: Path | None, progress: Progress, *, force: bool = False) -> Path:
    """Copies a ledger as it is at one moment to a file, or to one beside it that bears the time; which it is.

    ScrutinyError where there is no ledger, or a file is in the way.
    """
    ledger = _file(place)
    if not ledger.exists():
        raise ScrutinyError(f"there is no ledger at {ledger.where}")
    with open_ledger(place, writing=False, author="reader"):
        pass  # what is no ledger is not worth a copy
    found = to or copies.free_name(ledger.file, f"{datetime.now():%Y-%m-%d-%H%M%S}")  # noqa: DTZ005  # local
    ledger.copy(found, progress, force=force)
    return found


def restore(place: str, source: Path, author: str, say: Say) -> Path | None:
    """Makes the ledger what a copy of it is, once that is found sound; where the present one was kept aside."""
    ledger, copy = _file(place), Sqlite(source.absolute())
    if not copy.exists():
        raise ScrutinyError(f"there is no ledger at {copy.where}")
    if ledger.file.exists() and source.samefile(ledger.file):
        raise ScrutinyError(f"{source} is the ledger itself", "name a copy of it")
    room = ledger.make_room()
    try:
        aside = Path(tempfile.mkdtemp(prefix=".restore-", dir=room))
    except OSError as error:
        raise ScrutinyError(f"cannot write in {room}: {error.strerror}") from None
    try:
        checked = Sqlite(aside / source.name)
        copy.copy(checked.file, lambda *_: None)
        with open_ledger(str(checked.file), writing=True, author=author) as opened:  # which brings it up to date
            problems = opened.problems()
        if problems:
            more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
            raise BrokenLedger(
                f"{source} is not sound: {problems[0].what}{more}", f"see all with: scrutiny db check --db {source}"
            )
        return ledger.restore(checked, say)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _file(place: str) -> Sqlite:
    """The engine of a ledger that is a file."""
    found = engine(place)
    if not isinstance(found, Sqlite):
        raise ScrutinyError(
            f"{found.where} is on a server, which has tools of its own for copies", "pg_dump, and pg_restore"
        )
    return found
