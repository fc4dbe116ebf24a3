"""Breaking what is said into lines where it can be broken without harm."""

import re

from rich.cells import cell_len

_BREAK = re.compile(r"(?<![ ▲▼─]) (?! |·(?: |$)|[+-]\d|\(\d)")  # a blank at which a line may end


def broken(text: str, width: int | None, *, whole: bool = True) -> str:
    """The text in lines that are no wider, but for a word that is; figures and arrows stay with their words.

    Parts between dots stay whole where a line can take one.
    """
    if width is None:
        return text
    lines = [""]
    for part in re.split("(?<= ·) ", text):
        for piece in [part] if whole and cell_len(part) <= width else _BREAK.split(part):
            longer = f"{lines[-1]} {piece}" if lines[-1] else piece
            if cell_len(longer) <= width or not lines[-1]:
                lines[-1] = longer
            else:
                lines.append(piece)
    return "\n".join(lines)
