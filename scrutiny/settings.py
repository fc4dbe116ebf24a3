"""Where the ledger is and who writes in it: option, then environment, then the platform's default."""

import getpass
import os
import re
from pathlib import Path

from scrutiny.errors import BadValue

_MISTYPED = re.compile(r"(?i)(postgres(ql)?|sqlite|mysql|mariadb|oracle|mssql)(\+\w+)?:")  # a URL's scheme


def place(option: str | None = None) -> str:
    """The ledger's place: a database URL as it stands, or the absolute path of a SQLite file."""
    if option == "":
        raise BadValue("--db is empty", "name a file: --db ledger.db")
    text = option or os.environ.get("SCRUTINY_DB")
    if not text:
        return str(default_folder() / "ledger.db")
    if "://" in text:
        return text
    if _MISTYPED.match(text):
        raise BadValue("the ledger's place looks like a database URL without its //", "postgresql://USER@HOST/NAME")
    return str(expanded(text).absolute())


def expanded(path: str) -> Path:
    """The path with ~ as a home; BadValue where there is no such home, or the text can be no path."""
    try:
        if "\0" in path:
            raise BadValue("a path holds no NUL")
        return Path(path).expanduser()
    except RuntimeError:
        raise BadValue(f"there is no home for '{path.split('/', maxsplit=1)[0]}'") from None


def default_folder() -> Path:
    """The platform's data folder for this program; it need not exist yet."""
    from platformdirs import user_data_path  # 5 ms, needed only without --db and SCRUTINY_DB

    return user_data_path("scrutiny", appauthor=False)


def author() -> str:
    """Who writes: SCRUTINY_USER, else the system's user."""
    named = os.environ.get("SCRUTINY_USER", "").strip()
    if named:
        return named
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number that has no name
        return f"uid-{os.getuid()}" if hasattr(os, "getuid") else "unknown"
