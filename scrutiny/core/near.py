"""A word out of a fixed list, or a refusal that names the nearest ones."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from scrutiny.errors import BadValue

Word = TypeVar("Word", bound=StrEnum)


def nearest(text: str, choices: Iterable[str], most: int = 3) -> list[str]:
    """The choices most like the text, best first: those it begins or that begin it, then by spelling."""
    known, low = list(choices), text.casefold()
    starts = [word for word in known if len(low) > 1 and (word.startswith(low) or low.startswith(word))]
    return list(dict.fromkeys([*starts, *get_close_matches(low, known, most, 0.6)]))[:most]


def said_near(near: Sequence[str]) -> str:
    """The end of a refusal that names the nearest ones; empty where none is near."""
    return f"; near: {', '.join(near)}" if near else ""


def member(of: type[Word], text: str, what: str) -> Word:
    """The member written so, in any case; BadValue names the nearest, or all where none is near."""
    try:
        return of(text.casefold())
    except ValueError:
        near = said_near(nearest(text, list(of))) or f"; known: {', '.join(of)}"
        raise BadValue(f"no {what} '{text}'{near}") from None
