"""Texts one below the other."""

from collections.abc import Sequence

from rich.cells import cell_len

from scrutiny.core.text import inert


def padded(texts: Sequence[str]) -> list[str]:
    """The texts as a terminal shows them, each with blanks up to the widest, whatever their letters' widths."""
    shown = [inert(text) for text in texts]
    widest = max(map(cell_len, shown), default=0)
    return [text + " " * (widest - cell_len(text)) for text in shown]
