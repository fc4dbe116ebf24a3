"""Text from the web made safe to keep and easy to find: cleaned, checked, folded."""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Any

from scrutiny.errors import BadValue

LONGEST_WORD = 64  # letters of a word that search looks at; a server's index refuses endless ones
LONGEST = {"summary": 10_000, "note": 10_000, "source": 4_000}  # characters; anything else:
LONGEST_OTHER = 200
LONGEST_SAID = 400  # of what a refusal repeats

_BREAKS = re.compile(r"[ \t\r\n]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BROKEN = re.compile(r"[\ud800-\udfff]")
_NO_LETTER = re.compile(r"[\W_]+")
_TOO_LONG = re.compile(f" [^ ]{{{LONGEST_WORD + 1}}}")
_ASCII_WORDS = bytes(ord(chr(sign).lower()) if chr(sign).isalnum() and sign < 128 else 32 for sign in range(256))
RISKY = "=+-@'\t\r"  # what a cell begins with that guarded() may change
_FORMULA = re.compile(r"'*[=+\-@\t\r]")  # what spreadsheets take for the beginning of a formula
_STEERING = re.compile(  # C0, C1, soft hyphen, marks of direction, invisible joints, line separators, surrogates
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def one_line(text: str) -> str:
    """The text with tabs, line breaks and runs of spaces as one space, trimmed."""
    if "  " in text or not text.isprintable():  # few texts are so, and looking costs a tenth of changing
        text = _BREAKS.sub(" ", text)
    return text.strip(" ")


def checked(text: str, what: str) -> str:
    """The same text, or BadValue where it is empty, too long, or holds what a terminal would obey."""
    if not text or text.isspace():
        raise BadValue(f"the {what} is empty")
    if not text.isprintable():  # which most texts are, and takes a tenth of the time
        if found := _CONTROL.search(text):
            raise BadValue(f"the {what} holds the control character U+{ord(found[0]):04X}")
        if _BROKEN.search(text):
            raise BadValue(f"the {what} is not valid UTF-8")
    longest = LONGEST.get(what, LONGEST_OTHER)
    if len(text) > longest:
        raise BadValue(f"the {what} has {len(text):,} characters; at most {longest:,} are kept")
    return text


def folded(text: str) -> str:
    """The text's words for search: lower case, without accents, one space between, each cut at 64 letters."""
    if text.isascii():
        words = text.encode().translate(_ASCII_WORDS).decode().split()  # the same as below, in a tenth of the time
    else:
        plain = unicodedata.normalize("NFKD", text.casefold())
        bare = "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()
        words = _NO_LETTER.sub(" ", bare).split()
    joined = " ".join(words)
    if _TOO_LONG.search(f" {joined}"):
        return " ".join(word[:LONGEST_WORD] for word in words)
    return joined


def guarded(cell: str) -> str:
    """A text cell as a spreadsheet may open it: what it would run as a formula gains one leading quote."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """A cell as it was before guarded(): what carries such a quote loses one."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def inert(text: str) -> str:
    """Text for a screen or a page: what would steer a terminal or turn the writing round is shown as its code."""
    return _STEERING.sub(lambda found: _code(ord(found[0])), text)


def _code(sign: int) -> str:
    return f"\\u{sign:04x}" if sign <= 0xFFFF else f"\\U{sign:08x}"


def shortened(text: str, most: int = LONGEST_SAID) -> str:
    """The text, or its beginning and how long it is: nobody reads a refusal of 100 kB."""
    return text if len(text) <= most else f"{text[:most]} ... ({len(text):,} characters)"


def dumped(value: Any, indent: int | None = None, default: Callable[[Any], Any] | None = None) -> str:
    """JSON that a terminal may show: what would steer it is written as an escape, all else as it is."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, default=default)
    return _STEERING.sub(lambda found: found[0] if found[0] == "\n" else json.dumps(found[0])[1:-1], text)


def instant(at: datetime) -> str:
    """2026-02-24T09:30:00Z, with a fraction where there is one; the time is in UTC."""
    return at.isoformat().replace("+00:00", "Z")
