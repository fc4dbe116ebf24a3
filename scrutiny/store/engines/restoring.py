"""Bringing a copy of a ledger back into a file that may be in use, without losing what stood there."""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from scrutiny.errors import ScrutinyError
from scrutiny.store.engines import copies
from scrutiny.store.engines.engine import GIVE_UP_AFTER, SAY_AFTER, WAITING, Say, gave_up
from scrutiny.store.engines.sqlite import BESIDE, Sqlite, use_wal

PAGES = 8  # brought back at a time: fewer than any ledger has, so that the first step is not the last
WHY = "before-restore"


def restore(ledger: Sqlite, copy: Sqlite, say: Say) -> Path | None:
    """Makes a ledger what a copy is, which is nobody else's; where the present one was kept, if there was one."""
    ledger.make_room()
    try:
        if not ledger.file.exists():
            try:
                copies.copy(lambda: copy.open(writing=False), ledger.file, lambda *_: None)
            except copies.InTheWay:  # somebody has just begun one
                pass
            else:
                return None
        if ledger.exists() and ledger.is_damaged():
            return _instead(ledger, copy)
        _fit_pages(ledger, copy)
        return _into(ledger, copy, say)
    except sqlite3.Error as error:
        raise ledger.explained(error) from None


def _into(ledger: Sqlite, copy: Sqlite, say: Say) -> Path | None:
    """Through SQLite itself: the present ledger is copied aside while nobody else can write, then overwritten."""
    kept: list[Path] = []

    def keep() -> None:
        kept.append(ledger.keep_aside(WHY))

    with closing(copy.open(writing=False)) as source, closing(ledger.open(writing=True)) as live:
        copies.see_one_moment(source)
        use_wal(live)
        was_empty = live.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
        locks_readers_out = live.execute("PRAGMA journal_mode").fetchone() != ("wal",)
        live.execute("PRAGMA busy_timeout = 0")  # waiting is told below
        first: Callable[[], None] | None = None if was_empty else keep
        if locks_readers_out and not was_empty:
            writes = _writes(ledger.file)
            keep()
            first = partial(_refuse_if_written, ledger, writes)
        source.backup(live, pages=PAGES, progress=_Steps(ledger.where, first, say), sleep=0.05)
    if was_empty:
        ledger.file.chmod(0o600)
    return kept[0] if kept else None


def _writes(path: Path) -> bytes:
    """How often a file without a write-ahead log was written, by SQLite's own counter in its header."""
    with path.open("rb") as file:
        return file.read(28)[24:]


def _refuse_if_written(ledger: Sqlite, writes: bytes) -> None:
    if _writes(ledger.file) != writes:
        raise ScrutinyError(f"another program wrote {ledger.where} meanwhile; it is left as it is", "try again")


class _Steps:
    """Waits for its turn to write, tells so, and does something first once it has it."""

    def __init__(self, where: str, first: Callable[[], None] | None, say: Say) -> None:
        self._where, self._first, self._say = where, first, say
        self._began, self._told = time.monotonic(), False

    def __call__(self, status: int, left: int, pages: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            waited = time.monotonic() - self._began
            if waited > SAY_AFTER and not self._told:
                self._told = True
                self._say(WAITING)
            if waited > GIVE_UP_AFTER:
                raise gave_up(self._where)
        elif status in (sqlite3.SQLITE_OK, sqlite3.SQLITE_DONE) and self._first:
            first, self._first = self._first, None
            first()


def _fit_pages(ledger: Sqlite, copy: Sqlite) -> None:
    """Gives the copy pages of the ledger's size, without which SQLite cannot bring it back."""
    with closing(ledger.open(writing=False)) as live, closing(copy.open(writing=True)) as fresh:
        (size,) = live.execute("PRAGMA page_size").fetchone()
        if fresh.execute("PRAGMA page_size").fetchone() != (size,):
            fresh.execute("PRAGMA journal_mode = DELETE")
            fresh.execute(f"PRAGMA page_size = {size}")
            fresh.execute("VACUUM")


def _instead(ledger: Sqlite, copy: Sqlite) -> Path:
    """Puts the copy in the place of a file that SQLite cannot read, which is kept aside with what belongs to it."""
    kept = copies.free_name(ledger.file, WHY)
    fresh = copies.free_name(ledger.file, "fresh")
    try:
        copies.copy(lambda: copy.open(writing=False), fresh, lambda *_: None)
        for suffix in BESIDE:
            if Path(f"{ledger.file}{suffix}").exists():
                shutil.move(f"{ledger.file}{suffix}", f"{kept}{suffix}")
        os.link(ledger.file, kept)
        fresh.replace(ledger.file)
    except OSError as error:
        raise ScrutinyError(f"cannot write {ledger.where}: {error.strerror}") from None
    finally:
        fresh.unlink(missing_ok=True)
    return kept
