"""What a server says when it refuses or goes away, as one clear line and what to do about it."""

import re

from scrutiny.errors import ScrutinyError
from scrutiny.store.engines.engine import GIVE_UP_AFTER

# SQLSTATEs, as PostgreSQL's manual lists them
LOCK_TIMED_OUT = "55P03"
NOT_ALLOWED = "42501"
NO_SCHEMA = "3F000"
ONLY_READ = ("25006", "55000")  # a transaction that may not write; a standby's locks
TURNED_BACK = ("40001", "40P01")  # for another's sake: serialization, deadlock
ENDED = ("57P01", "57P02", "57P03", "57P05", "25P03", "08")  # by the server, or the way to it; 08 begins a class

MOMENT = "try again in a moment"
RUNS = "see that the server runs, and that host and port are its own"
BEFORE = (  # words said before there is a session, when the driver tells no state
    ("Connection refused", RUNS),
    ("No such file or directory", RUNS),
    ("timeout expired", "see that host and port are the server's, and that nothing on the way shuts it off"),
    ("password", "the URL, PGPASSWORD or ~/.pgpass can hold it"),
    ("too many", f"{MOMENT}: the server takes only so many at once"),
    ("connection slots", f"{MOMENT}: the server takes only so many at once"),
    ("starting up", MOMENT),
    ("shutting down", MOMENT),
    ("not yet accepting", MOMENT),
    ("recovery mode", MOMENT),
    ("no encryption", "encrypt the connection: end the URL with ?sslmode=require"),
    ("does not support SSL", "leave sslmode out of the URL, or have the server encrypt"),
    ('^database ".*" does not exist', "whoever runs the server makes it: createdb NAME"),
    ('^role ".*" does not exist', "name a user that the server knows, as in postgresql://USER@HOST/NAME"),
)
LOST = ("server closed the connection", "connection is lost", "closed unexpectedly", "could not receive data")
_DRIVER = re.compile(r"(connection (failed|is bad)|consuming input failed): ")
_FATAL = re.compile(r".*?\bFATAL: +")  # which server it was is said already


def refusal(where: str, said: str, state: str | None, *, writing: bool) -> ScrutinyError:
    """What the server said, by its SQLSTATE where it gave one; `said` is a line without secrets."""
    words = _FATAL.sub("", _DRIVER.sub("", said))
    if state == LOCK_TIMED_OUT:
        return ScrutinyError(
            f"others have been using {where} for {GIVE_UP_AFTER:.0f} s; nothing was written",
            "try again when they have finished",
        )
    if state == NOT_ALLOWED:
        deed = "write" if writing else "read"
        return ScrutinyError(f"you may not {deed} {where}: {words}", _who_may(words, writing))
    if state in ONLY_READ:
        return ScrutinyError(f"{where} is only read: {words}", "name the server that is written, not its standby")
    if (state or "").startswith(ENDED) or any(sign in words for sign in LOST):
        return ScrutinyError(f"the server of {where} went away: {words}", "run it again when it is back")
    return ScrutinyError(f"cannot use {where}: {words}", _hint(words, state))


def _who_may(words: str, writing: bool) -> str:
    if "must be owner" in words or "for schema" in words:
        return "whoever owns the ledger can do that, or open it to you"
    return f"ask whoever owns the ledger for the role of a {'writer' if writing else 'reader'}"


def _hint(words: str, state: str | None) -> str | None:
    if state in TURNED_BACK:
        return "run it again: it gave way to another"
    if state == NO_SCHEMA:
        return "the search_path of this user names no schema that is there and open to it"
    return next((hint for sign, hint in BEFORE if re.search(sign, words)), None) if state is None else None
