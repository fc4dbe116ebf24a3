"""Commands as a person can type them here."""

import shlex
import shutil
import sys
from pathlib import Path

from scrutiny.cli.options import DB
from scrutiny.core.places import shown


def typed(command: str, db: str | None) -> str:
    """A command on the same ledger as a person can type it."""
    chosen = DB.get() if db is None else db
    return f"{program()} {f'--db {shlex.quote(shown(chosen))} ' if chosen else ''}{command}"


def program() -> str:
    """How to call this program from here: by its name where that finds it, else as it was called."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m scrutiny"
    found = shutil.which("scrutiny")
    if found and Path(found).resolve() == called.resolve():
        return "scrutiny"
    return shlex.quote(str(called)) if called.name == "scrutiny" else "scrutiny"
