"""Copies of a SQLite ledger that is in use, each made whole and of one moment."""

import os
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from scrutiny.core.places import DATABASE
from scrutiny.errors import ScrutinyError

Progress = Callable[[int, int], None]  # pages done, of how many
Open = Callable[[], sqlite3.Connection]

PAGES = 512  # copied between two words about progress: 2 MB


class InTheWay(ScrutinyError):
    """A file is where a copy was to be."""


def copy(source: Open, to: Path, progress: Progress, *, force: bool = False) -> None:
    """Copies a ledger as it is at one moment, whoever writes meanwhile, to a file of the owner's alone.

    The file appears whole or not at all. InTheWay where one is there, unless `force` replaces a copy.
    """
    if to.is_dir():
        raise ScrutinyError(f"{to} is a folder", "name a file in it")
    if to.exists():
        _refuse_to_replace(to, force=force)
    beside = to.with_name(f".{to.name[:100]}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with closing(source()) as ledger:
            _fill(ledger, beside, to, progress)
        if force:
            beside.replace(to)
        else:
            _link(beside, to)
    except OSError as error:
        raise ScrutinyError(f"cannot write {to}: {error.strerror}") from None
    finally:
        for name in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                Path(f"{beside}{name}").unlink(missing_ok=True)


def begins_as_a_database(path: Path) -> bool:
    """Whether SQLite would take a file for one of its own."""
    with path.open("rb") as file:
        return file.read(len(DATABASE)) == DATABASE


def _refuse_to_replace(to: Path, *, force: bool) -> None:
    """An older copy gives way where told; a ledger in use does not, nor does a file that is no database."""
    if not force:
        raise _in_the_way(to)
    if to.stat().st_size and not begins_as_a_database(to):
        raise ScrutinyError(f"{to} is no copy of a ledger, and is not replaced", "name another file")
    if any(Path(f"{to}{suffix}").exists() for suffix in ("-wal", "-journal")):  # which SQLite would mix with the copy
        raise ScrutinyError(f"{to} is in use, or was left in the middle of a write", "name another file")


def _fill(ledger: sqlite3.Connection, beside: Path, to: Path, progress: Progress) -> None:
    with closing(sqlite3.connect(beside, isolation_level=None)) as fresh:
        see_one_moment(ledger)
        try:
            fresh.execute("PRAGMA synchronous = FULL")
            ledger.backup(fresh, pages=PAGES, progress=lambda _, left, all_: progress(all_ - left, all_))
            fresh.execute("PRAGMA journal_mode = DELETE")  # one file, which any folder can hold
        except sqlite3.OperationalError as error:
            if "full" in str(error) or "disk I/O" in str(error):
                raise ScrutinyError(f"cannot write {to}: no room is left on its disk") from None
            raise


def see_one_moment(connection: sqlite3.Connection) -> None:
    """From here on the connection sees the ledger as it is now."""
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def free_name(path: Path, why: str) -> Path:
    """A name beside a ledger that no file has yet: ledger.before-restore.db, or with a number."""
    number = 1
    while True:
        more = "" if number == 1 else f"-{number}"
        name = path.with_name(f"{path.stem}.{why}{more}{path.suffix}")
        if not name.exists():
            return name
        number += 1


def _link(beside: Path, to: Path) -> None:
    """Gives the copy its name, unless another has it by now."""
    try:
        os.link(beside, to)
    except FileExistsError:
        raise _in_the_way(to) from None
    except OSError:  # a file system without links
        beside.rename(to)


def _in_the_way(to: Path) -> InTheWay:
    return InTheWay(f"{to} is there already", "replace it with --force, or name another file")
