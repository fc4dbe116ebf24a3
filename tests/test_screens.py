"""The screens of the commands that judge, whole, as of the sample's last day and at three widths.

`python -m tests.test_screens` writes what they show now into tests/screens.
"""

import re
import shlex
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from scrutiny.render import As, render
from scrutiny.render.breaking import broken
from scrutiny.view import View
from tests.conftest import SAMPLE_DAY, run_program

SCREENS = Path(__file__).parent / "screens"
SAMPLE = Path(__file__).parent.parent / "scrutiny" / "sample" / "signals.csv"
COMMANDS = {
    "summary": "summary",
    "summary-china": "summary china",
    "explain-china": "explain china",
    "explain-china-level": "explain china --level --limit 5",
    "explain-china-signal": "explain china --signal 90",
    "changes": "changes",
    "compare": "compare china iran belarus",
    "chart": "chart china iran",
}
WIDTHS = (60, 80, 120)
STYLED = 80  # columns of the screens that show styling too
NARROW = (30, 40, 50, 60, 72, 80, 90, 100, 120, 160)
STYLES = {"0": "/", "1": "bold", "2": "dim", "31": "red", "32": "green"}
FILES = {
    f"{name}-{width}{styling}.txt": (name, width, bool(styling))
    for name in COMMANDS
    for width, styling in (*((width, "") for width in WIDTHS), (STYLED, "-styled"))
}


def views(ledger: Path) -> dict[str, View]:
    """What each command shows, before how it looks."""
    found = list[View]()

    def seen(view: View, form: As, **_: Any) -> str:
        found.append(view)
        return ""

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_DB", str(ledger))
        patched.setattr("scrutiny.cli.present.render", seen)
        for command in COMMANDS.values():
            assert run_program(*shlex.split(command), "--as-of", SAMPLE_DAY).code == 0
    return dict(zip(COMMANDS, found, strict=True))


def screen(seen: Mapping[str, View], file: str) -> str:
    """What a file of tests/screens should say; styling stands in it as <green>, </>."""
    name, width, styled = FILES[file]
    drawn = render(seen[name], As.TABLE, width=width, styled=styled)
    return re.sub(
        r"\x1b\[([\d;]*)m", lambda found: f"<{' '.join(STYLES[one] for one in found[1].split(';'))}>", drawn
    )


@pytest.fixture(scope="module")
def seen(sample_template: Path) -> dict[str, View]:
    return views(sample_template)


@pytest.mark.parametrize("file", FILES)
def test_a_screen_is_what_it_was(seen: dict[str, View], file: str) -> None:
    assert screen(seen, file) == (SCREENS / file).read_text(encoding="utf-8")


def test_every_screen_kept_is_one_that_is_shown() -> None:
    assert {path.name for path in SCREENS.iterdir()} == set(FILES)


@pytest.mark.parametrize("width", NARROW)
@pytest.mark.parametrize("name", COMMANDS)
def test_no_line_is_wider_than_the_screen(seen: dict[str, View], name: str, width: int) -> None:
    for line in render(seen[name], As.TABLE, width=width).splitlines():
        assert cell_len(line) <= width or " " not in line.strip()


@pytest.mark.parametrize("name", COMMANDS)
def test_what_has_a_colour_has_a_sign_too(seen: dict[str, View], name: str) -> None:
    drawn = render(seen[name], As.TABLE, width=STYLED, styled=True)
    signs = {"1": ("-", "▼"), "2": ("+", "▲")}
    for colour, text in re.findall(r"\x1b\[3(\d)m(.*?)\x1b\[0m", drawn):
        assert text.strip().startswith(signs[colour])
    bare = [line.rstrip() for line in re.sub(r"\x1b\[[\d;]*m", "", drawn).splitlines()]
    assert bare == render(seen[name], As.TABLE, width=STYLED).splitlines()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_screen_that_judges_ends_with_what_to_look_at_next(seen: dict[str, View], name: str) -> None:
    assert seen[name].notes[-1].startswith("next: ")
    assert not any("next: " in note for note in seen[name].notes[:-1])


# -- where a line ends


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("short", 20, ["short"]),
        ("one part · another part", 20, ["one part ·", "another part"]),
        ("a part that is too long · b", 12, ["a part that", "is too", "long · b"]),
        ("sanctions on China +1.8, Iran +1.0", 22, ["sanctions on", "China +1.8, Iran +1.0"]),
        ("one at +2.9 makes it ▲ strengthening", 24, ["one at +2.9 makes it", "▲ strengthening"]),
        ("on its side: very likely (74%)", 25, ["on its side: very", "likely (74%)"]),
        ("+1.0  ··[●]··  band -1.6..+3.9 · next", 32, ["+1.0  ··[●]··  band -1.6..+3.9 ·", "next"]),
    ],
)
def test_a_line_ends_where_it_reads_best(text: str, width: int, lines: list[str]) -> None:
    assert broken(text, width).split("\n") == lines


def test_notes_are_broken_between_words_alone() -> None:
    assert broken("one part · another part", 20, whole=False) == "one part · another\npart"


def test_without_a_width_nothing_is_broken() -> None:
    assert broken("one part · another part", None) == "one part · another part"


@given(st.text(alphabet="ab +-·▲1(#", max_size=60), st.integers(1, 30))
def test_broken_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = broken(text, width).split("\n")
    assert " ".join(lines).split() == text.split()
    assert all(cell_len(line) <= width or not re.search(r"\w \w", line) for line in lines)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_DB", str(Path(folder) / "ledger.db"))
        assert run_program("import", str(SAMPLE)).code == 0
        now = views(Path(folder) / "ledger.db")
    for old in SCREENS.glob("*.txt"):
        old.unlink()
    for file in FILES:
        (SCREENS / file).write_text(screen(now, file), encoding="utf-8")
