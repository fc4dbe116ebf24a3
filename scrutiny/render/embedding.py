"""Figures within a page: the script that draws them there, their style, and a specification as the page holds it."""

import json
from functools import cache
from pathlib import Path

from scrutiny.render.frames import Spec
from scrutiny.render.pictures import VEGA_LITE, library

FOLDER = Path(__file__).parent / "page"

_LETTERS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}  # which could end or turn a script


@cache
def bundle() -> str:
    """The script of a page, complete with its libraries; costs 1.3 s, once."""
    script: str = library().javascript_bundle((FOLDER / "figures.js").read_text("utf-8"), vl_version=VEGA_LITE)
    return script.replace("</script", "<\\/script")


def style() -> str:
    """The colours of a page by day, by night and on paper, and how figures and what is read at them look."""
    return (FOLDER / "figures.css").read_text("utf-8")


def inlined(figure: Spec) -> str:
    """A specification as JSON that is safe within a script element."""
    return json.dumps(figure, ensure_ascii=False, separators=(",", ":")).translate(_LETTERS)
