"""The formats that import reads: the program's own two, and one a feed."""

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from scrutiny.core.near import nearest, said_near
from scrutiny.errors import BadValue
from scrutiny.feeds import Feed, events

CSV, JSONL = "csv", "jsonl"
FEEDS = tuple(sorted(module.name for module in iter_modules(events.__path__)))
FORMATS = (CSV, JSONL, *FEEDS)


def named(text: str) -> str:
    """The format of that name, in any case; BadValue names the nearest."""
    if (low := text.casefold()) in FORMATS:
        return low
    near = said_near(nearest(low, FORMATS)) or f"; known: {', '.join(FORMATS)}"
    raise BadValue(f"no format '{text}'{near}")


def feed(name: str) -> Feed:
    """The feed of that name."""
    return cast("Feed", import_module(f"{events.__name__}.{name}"))


def by_name(name: str) -> str | None:
    """The format that a file's name says, whatever it is packed in; None where it says none."""
    bare = name.casefold().removesuffix(".gz").removesuffix(".zip")
    if bare.endswith((".jsonl", ".ndjson")):
        return JSONL
    return CSV if bare.endswith(".csv") else None


def guessed(name: str, head: Sequence[bytes]) -> str:
    """The format of a file by its name and its first lines: CSV where nothing else fits."""
    begins = next((line.lstrip(b"\xef\xbb\xbf \t") for line in head if line.strip()), b"")
    if by_name(name) == JSONL or begins.startswith(b"{"):
        return JSONL
    return next((one for one in FEEDS if feed(one).begins(list(head))), CSV)
