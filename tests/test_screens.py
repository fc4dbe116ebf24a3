"""The screens of the commands that judge, and of notes, whole, as of the sample's last day and at three widths.

`python -m tests.test_screens` writes what they show now into tests/screens.
"""

import re
import shlex
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from scrutiny.core.text import inert
from scrutiny.render import As, render
from scrutiny.render.breaking import broken
from scrutiny.render.layouts import fitting
from scrutiny.view import Column, Form, Line, Table, View, Where, word
from tests.conftest import SAMPLE_DAY, run_program

SCREENS = Path(__file__).parent / "screens"
SAMPLE = Path(__file__).parent.parent / "scrutiny" / "sample" / "signals.csv"
DAY = f"--as-of {SAMPLE_DAY}"
JUDGING = {
    "summary": f"summary {DAY}",
    "summary-china": f"summary china {DAY}",
    "explain-china": f"explain china {DAY}",
    "explain-china-level": f"explain china --level --limit 5 {DAY}",
    "explain-china-signal": f"explain china --signal 90 {DAY}",
    "changes": f"changes {DAY}",
    "compare": f"compare china iran belarus {DAY}",
    "chart": f"chart china iran {DAY}",
}
WRITTEN = (  # after the others have been seen: a dossier shows the latest
    "note china 'Beijing hedges: warm words in public, and no new credit from its banks' --on 2026-05-19",
    "note north-korea 'Pays in men; what it gets for them is still hidden' --on 2026-03-02",
)
COMMANDS = JUDGING | {"note": "note"}
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
    """What each command shows, before how it looks; notes are written into the ledger."""
    found = list[View]()

    def seen(view: View, form: As, **_: Any) -> str:
        found.append(view)
        return ""

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_DB", str(ledger))
        patched.setenv("SCRUTINY_USER", "ana")
        patched.setattr("scrutiny.cli.present.render", seen)
        for command in (*JUDGING.values(), *WRITTEN, COMMANDS["note"]):
            assert run_program(*shlex.split(command)).code == 0
    return dict(zip(COMMANDS, found, strict=True))


def screen(seen: Mapping[str, View], file: str) -> str:
    """What a file of tests/screens should say; styling stands in it as <green>, </>."""
    name, width, styled = FILES[file]
    drawn = render(seen[name], As.TABLE, width=width, styled=styled)
    return re.sub(
        r"\x1b\[([\d;]*)m", lambda found: f"<{' '.join(STYLES[one] for one in found[1].split(';'))}>", drawn
    )


@pytest.fixture(scope="module")
def seen(sample_template: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, View]:
    return views(Path(shutil.copyfile(sample_template, tmp_path_factory.mktemp("screens") / "ledger.db")))


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


@pytest.mark.parametrize("name", JUDGING)
def test_a_screen_that_judges_ends_with_what_to_look_at_next(seen: dict[str, View], name: str) -> None:
    assert seen[name].notes[-1].startswith("next: ")
    assert not any("next: " in note for note in seen[name].notes[:-1])


# -- where there is little room


def shown(table: Table, width: int | None) -> Iterator[str]:
    """Every heading and every cell that a screen of that width shows, as text."""
    layout = fitting(table, width)
    for at, column in layout.columns:
        yield inert(layout.heading(column))
        yield from (inert(word(row[at], column.form, layout.bar)) for row in table.rows)


def drawn(table: Table, width: int) -> str:
    """A table alone on a screen."""
    return render(View("", tables=[table]), As.TABLE, width=width)


@pytest.mark.parametrize("name", COMMANDS)
def test_no_word_or_figure_of_a_cell_is_cut_or_broken_at_any_width(seen: dict[str, View], name: str) -> None:
    for table in seen[name].tables:
        if table.where in (Where.ALWAYS, Where.SCREEN) and table.rows:
            for width in range(30, 161):
                lost = Counter(" ".join(shown(table, width)).split()) - Counter(drawn(table, width).split())
                assert not lost, (width, lost)


FORMS = {
    Form.NAME: st.text("abc界 ", min_size=1, max_size=30),
    Form.TEXT: st.text("abc界 ", max_size=50),
    Form.PROSE: st.text("abc界 ", max_size=90),
    Form.ID: st.integers(1, 10**7),
    Form.NUMBER: st.integers(0, 10**15),
    Form.LEVEL: st.floats(-10, 10),
    Form.SOURCE: st.text("abc/", max_size=50),
}


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Any table: words longer than a screen, columns that leave and columns that cannot."""
    forms = draw(st.lists(st.sampled_from(list(FORMS)), min_size=1, max_size=6))
    columns = tuple(
        Column(
            f"c{at}", draw(st.sampled_from(["", "x", "on their side"])), form, drop=draw(st.integers(0, 2)) * (at > 0)
        )
        for at, form in enumerate(forms)
    )
    rows = draw(st.lists(st.tuples(*(FORMS[form] for form in forms)), min_size=1, max_size=3))
    return Table("any", columns, rows)


@given(tables(), st.integers(20, 100))
def test_what_is_shown_of_any_table_is_shown_whole(table: Table, width: int) -> None:
    lines = drawn(table, width)
    assert Counter("".join(shown(table, width)).replace(" ", "")) == Counter(re.sub(r"\s", "", lines))
    assert all(cell_len(line) <= width for line in lines.splitlines())


def test_columns_for_which_no_line_has_room_go_below_with_their_headings() -> None:
    columns = (
        Column("name", "", Form.NAME),
        Column("level", "level", Form.LEVEL),
        Column("way", "direction", Form.SOURCE),
    )
    rows = [("North Korea", 4.3, "no clear direction"), ("Iran", -0.7, "weakening"), ("Syria", 1.5, None)]
    assert drawn(Table("any", columns, rows), 29) == (
        "\n            level\n  direction\nNorth Korea  +4.3\n  no clear direction\n"
        "Iran         -0.7\n  weakening\nSyria        +1.5\n"
    )


def test_names_are_broken_between_words_where_that_keeps_a_row_in_one_line() -> None:
    columns = (Column("name", "", Form.NAME), Column("level", "level", Form.LEVEL), Column("last", "last", Form.DAYS))
    rows = [("North Korea", 4.3, 65), ("Iran", -0.7, 72)]
    assert drawn(Table("any", columns, rows), 16) == "\n      level last\nNorth  +4.3  65d\nKorea\nIran   -0.7  72d\n"


@given(st.text("abc界. ", min_size=1, max_size=60), st.text("abc +1", max_size=60), st.integers(20, 90))
def test_labels_and_what_they_say_are_shown_whole(label: str, text: str, width: int) -> None:
    lines = render(View("", lines=[Line(label, text)]), As.TABLE, width=width)
    assert Counter(re.sub(r"\s", "", label + text)) == Counter(re.sub(r"\s", "", lines))
    assert all(cell_len(line) <= width for line in lines.splitlines())


@pytest.mark.parametrize("width", NARROW)
def test_a_note_never_hides_the_change_by_which_it_is_taken_out(seen: dict[str, View], width: int) -> None:
    found = re.findall(r"^ *(change|\d) +(?:date|2026-..-..) ", render(seen["note"], As.TABLE, width=width), re.M)
    assert found == ["change", "3", "4"]


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
