"""The picture at the top of the README shows what the overview of the sample looks like on a terminal.

`python -m tests.test_picture` draws it anew.
"""

import io
import re
import shlex
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console
from rich.padding import Padding
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.conftest import SAMPLE_DAY, run_program

pytestmark = pytest.mark.file  # the picture's
ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "overview.svg"
SAMPLE = ROOT / "scrutiny" / "sample" / "signals.csv"
COMMAND = f"summary --as-of {SAMPLE_DAY}"
COLUMNS = 100
COLOURS = TerminalTheme(  # readable on the dark ground that stands out from GitHub's white page and from its dark one
    background=(22, 27, 34),
    foreground=(214, 221, 228),
    normal=[
        (22, 27, 34),
        (255, 123, 114),
        (86, 211, 100),
        (227, 179, 65),
        (121, 192, 255),
        (210, 168, 255),
        (86, 212, 221),
        (214, 221, 228),
    ],
)
FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">
<title>scrutiny %s</title>
<style>
.{unique_id}-matrix, .{unique_id}-title {{
    font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
    font-size: {char_height}px;
}}
.{unique_id}-title {{ font-size: 16px; opacity: 0.7; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def shown(ledger: Path) -> Text:
    """What the command shows of a ledger."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_DB", str(ledger))
        patched.setattr("scrutiny.cli.present._width", lambda: COLUMNS)
        patched.setattr("scrutiny.cli.present._styled", lambda: True)
        return Text.from_ansi(run_program(*shlex.split(COMMAND)).out.rstrip())


def picture(ledger: Path) -> str:
    """The same as SVG that needs nothing else and is the same whenever it is drawn."""
    console = Console(record=True, width=COLUMNS + 2, file=io.StringIO(), legacy_windows=False)
    console.print(Padding(shown(ledger), (0, 1)), end="")
    drawn = console.export_svg(
        title=f"scrutiny {COMMAND}", theme=COLOURS, code_format=FRAME % COMMAND, unique_id="overview"
    )
    stretched = drawn.replace(" textLength=", ' lengthAdjust="spacingAndGlyphs" textLength=')  # no gaps in lines
    return re.sub(r"(?m)^ +| +$", "", stretched.replace("<text", "\n<text"))  # a line a text, for who compares two


def test_the_picture_shows_the_overview_as_it_is_now(sample: Path) -> None:
    assert PICTURE.read_text(encoding="utf-8") == picture(sample)


def test_the_picture_is_drawn_from_the_ledger(sample: Path) -> None:
    run_program("remove", "90", "--yes")
    assert PICTURE.read_text(encoding="utf-8") != picture(sample)


def test_the_picture_fetches_nothing_and_runs_nothing() -> None:
    text = PICTURE.read_text(encoding="utf-8")
    elements = list(ElementTree.fromstring(text).iter())  # noqa: S314  # a file of ours
    assert {element.tag.rpartition("}")[2] for element in elements} == {
        *("svg", "title", "style", "defs", "clipPath", "rect", "g", "circle", "text")
    }
    assert re.findall(r"url\((?!#)|@import|href|(?<!xmlns=\")https?:|data:", text) == []


def test_the_picture_says_what_the_terminal_says(sample: Path) -> None:
    texts = ElementTree.parse(PICTURE).iter("{http://www.w3.org/2000/svg}text")  # noqa: S314  # a file of ours
    said = "".join(str(text.text) for text in texts)
    assert "".join(said.split()) == "".join(f"scrutiny {COMMAND} {shown(sample).plain}".split())


def test_the_readme_opens_with_the_picture() -> None:
    before, _, after = (ROOT / "README.md").read_text(encoding="utf-8").partition("](docs/overview.svg)\n")
    assert before.count("\n\n") == 2  # the name, what it is
    assert re.search(r"!\[[^\]]{80,}\Z", before), "the picture needs words for who cannot see it"
    assert after.startswith("\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_DB", str(Path(folder) / "ledger.db"))
        assert run_program("import", str(SAMPLE)).code == 0
        PICTURE.write_text(picture(Path(folder) / "ledger.db"), encoding="utf-8")
