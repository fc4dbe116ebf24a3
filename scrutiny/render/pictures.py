"""Figures as pictures, made without the network: SVG and PNG."""

import re
from html import escape
from types import ModuleType

from scrutiny.errors import MissingExtra
from scrutiny.render.frames import Spec

VEGA_LITE = "6.4"  # whatever else the library brings

_ROOT = re.compile(r"<svg [^>]*>")
_SIGNAL = re.compile(r'(<path aria-label="([^"]*)"[^>]*)/>')  # the only marks that are described


def to_svg(figure: Spec) -> str:
    """A figure as SVG without script or reference; who points at a signal reads of it, as browsers show titles."""
    made = library().vegalite_to_svg(figure, vl_version=VEGA_LITE, show_warnings=False, allowed_base_urls=[])
    titled = _SIGNAL.sub(r"\1><title>\2</title></path>", made)
    return _ROOT.sub(lambda found: _named(found[0], figure), titled, count=1) + "\n"


def to_png(figure: Spec, scale: float = 2) -> bytes:
    """A figure as PNG, `scale` dots a pixel."""
    made: bytes = library().vegalite_to_png(
        figure, vl_version=VEGA_LITE, scale=scale, show_warnings=False, allowed_base_urls=[]
    )
    return made


def library() -> ModuleType:
    """What draws; MissingExtra where it is not installed."""
    try:
        import vl_convert  # 40 ms, and 600 ms for the first figure
    except ImportError:
        raise MissingExtra("report", "a chart as a picture") from None
    return vl_convert


def _named(root: str, figure: Spec) -> str:
    """The opening of a picture with its name, and what it says to who does not see it."""
    label = escape(figure["description"])
    name = f"<title>{escape(' '.join(figure['title']['text']))}</title>" if "title" in figure else ""
    return f'{root[:-1]} role="img" aria-label="{label}">{name}<desc>{label}</desc>'
