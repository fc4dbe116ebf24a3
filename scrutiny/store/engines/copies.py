"""Copies of a SQLite ledger that is in use: made whole at one moment, and brought back without losing what stood."""

import os
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from scrutiny.errors import ScrutinyError
from scrutiny.store.engines.engine import GIVE_UP_AFTER, SAY_AFTER, WAITING, Say, gave_up

Progress = Callable[[int, int], None]  # pages done, of how many
Open = Callable[[], sqlite3.Connection]

PAGES = 512  # copied between two words about progress: 2 MB
FIRST_PAGES = 8  # fewer than any ledger has, so that the first step is not the last
DATABASE = b"SQLite format 3\0"  # how each such file begins


def copy(source: Open, to: Path, progress: Progress, *, force: bool = False) -> None:
    """Copies a ledger as it is at one moment, whoever writes meanwhile, to a file of the owner's alone.

    The file appears whole or not at all. ScrutinyError where one is there, unless `force` replaces a copy.
    """
    if to.is_dir():
        raise ScrutinyError(f"{to} is a folder", "name a file in it")
    if to.exists() and not force:
        raise ScrutinyError(f"{to} is there already", "replace it with --force, or name another file")
    beside = to.with_name(f".{to.name[:100]}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with closing(source()) as ledger, closing(sqlite3.connect(beside, isolation_level=None)) as fresh:
            ledger.execute("BEGIN")
            ledger.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it sees one moment
            fresh.execute("PRAGMA synchronous = FULL")
            ledger.backup(fresh, pages=PAGES, progress=lambda _, left, all_: progress(all_ - left, all_))
            fresh.execute("PRAGMA journal_mode = DELETE")  # one file, which any folder can hold
        if force:
            beside.replace(to)
        else:
            _link(beside, to)
    except OSError as error:
        raise ScrutinyError(f"cannot write {to}: {error.strerror}") from None
    finally:
        for name in ("", "-journal", "-wal", "-shm"):
            Path(f"{beside}{name}").unlink(missing_ok=True)


def restore(source: Open, live: Open, keep: Callable[[], object], say: Say, where: str) -> None:
    """Makes a live ledger what the source is, through SQLite itself; `keep` runs while nobody else can write."""
    began, said, kept = time.monotonic(), False, False

    def step(status: int, left: int, all_: int) -> None:
        nonlocal said, kept
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            if not said and time.monotonic() - began > SAY_AFTER:
                say(WAITING)
                said = True
            if time.monotonic() - began > GIVE_UP_AFTER:
                raise gave_up(where)
        elif not kept:
            kept = True
            keep()

    with closing(source()) as copied, closing(live()) as ledger:
        copied.execute("BEGIN")
        copied.execute("SELECT count(*) FROM sqlite_master").fetchone()
        ledger.execute("PRAGMA busy_timeout = 0")  # waiting is told above
        copied.backup(ledger, pages=FIRST_PAGES, progress=step, sleep=0.05)


def free_name(path: Path, why: str) -> Path:
    """A name beside a ledger that no file has yet: ledger.before-0002.db, or with a number."""
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
        raise ScrutinyError(f"{to} is there already", "replace it with --force, or name another file") from None
    except OSError:  # a file system without links
        beside.rename(to)
