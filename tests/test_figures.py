"""Charts as pictures and on pages: what they draw, what they say in words, and that text from the web stays text."""

import base64
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import altair
import pytest
from playwright.sync_api import Browser, Page

from scrutiny.render.embedding import bundle, inlined, style
from scrutiny.render.figures import PAGE, PRINT, Palette, cut, key, sentence, specification
from scrutiny.render.pictures import to_png, to_svg
from scrutiny.render.weightiest import SLICES, weightiest
from scrutiny.view import Chart, Mark, Point, View
from tests.browser import browser as started
from tests.browser import needs_a_browser, opened
from tests.conftest import SAMPLE_DAY, Clock, Run
from tests.hostile import HTML, NOT_CHARACTERS, OVERRIDE, PIECES, SCRIPT
from tests.test_chart import AS_OF, SINCE, view_of
from tests.test_startup import loaded

pytestmark = pytest.mark.file  # a picture's
SVG = "{http://www.w3.org/2000/svg}"
ZONES = ("UTC", "XXX+11", "YYY-14")  # written so that no zone files are needed
STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
VISIT = Mark(AS_OF, 2.0, 0.5, 7, "visit", "C1", "Xi in Moscow", "https://a.example/b")


@pytest.fixture(scope="module")
def views(sample_template: str) -> dict[str, View]:
    """The charts of China and of all the sample's allies."""
    return {"china": view_of(sample_template, "china"), "all": view_of(sample_template)}


def path(level: float | None = 1.0, days: int = 200, until: date = AS_OF) -> list[Point]:
    """A level that stays as it is up to a day, within a band."""
    low, high = (None, None) if level is None else (level - 1, level + 1)
    return [Point(until - timedelta(day), level, low, high) for day in reversed(range(days))]


def chart(*marks: Mark, level: float | None = 1.0, name: str = "China", days: int = 200) -> Chart:
    return Chart("china", name, path(level, days), marks)


def figure(*charts: Chart, palette: Palette = PRINT, **how: Any) -> dict[str, Any]:
    return specification(charts, palette, principal="Russia", **how)


def drawn(spec: dict[str, Any]) -> ET.Element:
    """The picture, which must be XML."""
    return ET.fromstring(to_svg(spec))  # noqa: S314  # our own


def words(svg: ET.Element) -> list[str]:
    """All that is read in a picture, line by line."""
    return [line for one in svg.iter(f"{SVG}text") for line in one.itertext()]


def signals(svg: ET.Element) -> dict[str, ET.Element]:
    """The signals of a picture by what is read of them."""
    found = ((one.findtext(f"{SVG}title"), one) for one in svg.iter(f"{SVG}path"))
    return {title: one for title, one in found if title is not None}


def points_up(triangle: ET.Element) -> bool:
    """Whether the first of its corners is the highest."""
    top = re.match(r"M0,(-?[\d.]+)", triangle.attrib["d"])
    assert top
    return float(top[1]) < 0


# -- the drawing


@pytest.mark.parametrize("palette", [PRINT, PAGE])
@pytest.mark.parametrize("more", [{}, {"hover": True}, {"title": "China and Russia · 1 signal", "notes": ["a note"]}])
def test_a_specification_keeps_the_schema_of_vega_lite(palette: Palette, more: dict[str, Any]) -> None:
    one, silent = chart(VISIT, days=2), chart(level=None, days=2)  # few points: the schema is slow to look at them
    for charts in ([one], [silent], [one, silent]):
        altair.Chart.from_dict(figure(*charts, palette=palette, **more))


def test_the_picture_of_one_ally_says_in_words_what_it_shows(views: dict[str, View]) -> None:
    view = views["china"]
    svg = drawn(figure(*view.charts, title=view.title, notes=["No signals: Iran"]))
    assert words(svg) == [
        *("Jul 2025", "Sep 2025", "Nov 2025", "Jan 2026", "Mar 2026", "May 2026"),
        *("-4", "-2", "0", "+2", "+4", "+6"),
        "on Russia's side",
        "against Russia",
        "+1.0",
        "China and Russia, level from 2025-05-20 to 2026-05-20",
        "Level +1.0, band -1.6 to +3.9 · 5 signals",
        "Line: level as judged each day. Shaded: its 90% band. Triangles: signals at their scores, sized by weight.",
        "No signals: Iran",
    ]
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-label"] == svg.findtext(f"{SVG}desc")
    assert svg.attrib["aria-label"] == "China: level +1.0 (band -1.6 to +3.9) on 2026-05-20, 5 signals"
    assert svg.findtext(f"{SVG}title") == "China and Russia, level from 2025-05-20 to 2026-05-20"


def test_who_points_at_a_signal_in_a_picture_reads_of_it(views: dict[str, View]) -> None:
    read = list(signals(drawn(figure(*views["china"].charts))))
    assert len(read) == 5
    assert re.fullmatch(
        r"joint \+5\.0 on 2026-05-20; #90, C2; Xi and Putin sign a declaration on a multipolar world .+; https://\S+",
        read[-1],
    )


def test_a_signal_differs_by_shape_fill_and_size_and_not_by_colour_alone() -> None:
    found = signals(
        drawn(
            figure(
                chart(
                    Mark(AS_OF, 2.0, 1.0, 1),
                    Mark(AS_OF, -2.0, 0.25, 2),
                    Mark(AS_OF, 3.0, 0.0, 3, grade="E1"),
                    Mark(AS_OF, -3.0, 0.0, 4, grade="E1"),
                )
            )
        )
    )
    by_number = {re.findall(r"#(\d)", read)[0]: one for read, one in found.items()}
    assert list(by_number) == ["3", "4", "1", "2"]  # what weighs nothing lies below
    assert [points_up(by_number[number]) for number in "1234"] == [True, False, True, False]
    assert [by_number[number].attrib["fill"] for number in "1234"] == [PRINT.up, PRINT.down, PRINT.paper, PRINT.paper]
    assert [by_number[number].attrib["stroke"] for number in "34"] == [PRINT.up, PRINT.down]
    assert _width(by_number["1"]) > _width(by_number["2"]) > _width(by_number["3"])


def _width(triangle: ET.Element) -> float:
    across = [float(x) for x in re.findall(r"[ML](-?[\d.]+)", triangle.attrib["d"])]
    return max(across) - min(across)


def test_hollow_signals_are_explained_where_there_are_some() -> None:
    heavy, weightless = chart(VISIT), chart(VISIT._replace(weight=0.0))
    assert key([heavy], "Russia").endswith("sized by weight.")
    assert key([heavy, weightless], "Russia").startswith("Above 0: on Russia's side. Line: ")
    assert key([heavy, weightless], "Russia").endswith("hollow where their grade lets them weigh nothing.")


def test_several_allies_are_small_panels_on_one_scale(views: dict[str, View]) -> None:
    charts = views["all"].charts
    svg = drawn(figure(*charts))
    read = words(svg)
    assert [read.count(label) for label in ("+5", "0", "-5", "Jan 2026")] == [6, 6, 6, 6]
    for one in charts:
        assert one.name in read
    assert "Level +4.3, band +1.4 to +7.0" in read
    assert float(svg.attrib["width"]) <= 720
    places = {one.attrib["transform"] for one in svg.iter(f"{SVG}text") if one.text == "Jan 2026"}
    assert len(places) == 1


@pytest.mark.parametrize(("width", "columns"), [(700, 2), (560, 2), (559, 1), (360, 1)])
def test_panels_stand_side_by_side_where_there_is_room(views: dict[str, View], width: int, columns: int) -> None:
    spec = figure(*views["all"].charts, width=width)
    assert spec["columns"] == columns
    assert abs(float(drawn(spec).attrib["width"]) - width) < 25


@pytest.mark.parametrize(
    ("since", "until", "labels"),
    [
        ("2026-05-19", "2026-05-20", "19 May 2026, 20 May 2026"),
        ("2026-05-20", "2026-05-20", "20 May 2026"),
        ("2026-04-20", "2026-05-20", "20 Apr 2026, 27 Apr 2026, 4 May 2026, 11 May 2026, 18 May 2026"),
        ("2025-12-01", "2026-05-20", "Dec 2025, Jan 2026, Feb 2026, Mar 2026, Apr 2026, May 2026"),
        ("2019-05-20", "2026-05-20", "2020, 2021, 2022, 2023, 2024, 2025, 2026"),
        ("0001-01-01", "9999-12-31", "1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000"),
    ],
)
def test_days_are_labelled_as_closely_as_there_is_room(since: str, until: str, labels: str) -> None:
    points = [Point(date.fromisoformat(day), 0.0, -1.0, 1.0) for day in (since, until)]
    read = words(drawn(figure(Chart("china", "China", points))))
    assert ", ".join(read[: read.index("-1")]) == labels


@pytest.mark.parametrize(
    ("scores", "labels"),
    [
        ((10, -10), "-10 -8 -6 -4 -2 0 +2 +4 +6 +8 +10"),
        ((6.4, -4.5), "-4 -2 0 +2 +4 +6"),
        ((-4,), "-4 -3 -2 -1 0"),
        ((0.01,), "0 +1 +2"),
        ((-0.5, 0.1), "-1 0"),
        ((), "0 +1 +2"),
    ],
)
def test_levels_are_shown_as_far_as_needed_with_0_among_them(scores: Sequence[float], labels: str) -> None:
    read = words(drawn(figure(chart(*(Mark(AS_OF, score, 1.0) for score in scores), level=None))))
    assert " ".join(line for line in read if re.fullmatch(r"[+-]\d+|0", line)) == labels


def test_the_sides_of_0_are_named_where_something_lies_on_them() -> None:
    def sides(*scores: float) -> list[str]:
        marks = (Mark(AS_OF, score, 1.0) for score in scores)
        return [line for line in words(drawn(figure(chart(*marks, level=None)))) if "Russia" in line]

    assert sides(3, -3) == ["on Russia's side", "against Russia"]
    assert sides(3) == ["on Russia's side"]
    assert sides(-3) == ["against Russia"]


def test_without_a_level_signals_are_drawn_and_no_line() -> None:
    svg = drawn(figure(chart(VISIT._replace(weight=0.0, grade="E1"), level=None), title="China"))
    assert "No level: no signal weighs anything by its grade" in words(svg)
    assert len(signals(svg)) == 1
    assert not [one for one in svg.iter(f"{SVG}path") if one.attrib.get("stroke") == PRINT.line]


def test_the_level_leaps_where_every_day_is_judged_and_else_fades() -> None:
    def shape(points: Sequence[Point]) -> set[str]:
        spec = figure(Chart("china", "China", points))
        return {layer["mark"].get("interpolate") for layer in spec["layer"]} - {None}

    assert shape(path()) == {"step-after"}
    assert shape(path()[::2]) == {"linear"}


def test_charts_are_said_in_a_sentence(views: dict[str, View]) -> None:
    said = sentence(views["all"].charts)
    assert said.startswith(
        "North Korea: level +4.3 (band +1.4 to +7.0) on 2026-05-20, 3 signals; Belarus: level +3.5"
    )
    assert sentence([chart(VISIT, level=None)]) == (
        "China: no level: no signal weighs anything by its grade on 2026-05-20, 1 signal"
    )


# -- very many signals


def many(count: int, days: int = 365) -> list[Mark]:
    """Signals of which most are of the last days, and the weight of some is nothing."""
    return [
        Mark(AS_OF - timedelta(days * at * at // count // count), (at * 37 % 199 + 1) / 20, at % 5 / 4, at)
        for at in reversed(range(count))
    ]


def test_of_very_many_signals_some_hundreds_are_drawn_and_the_picture_says_so() -> None:
    big = chart(*many(12_345), days=366)
    svg = drawn(figure(big, title="China · 12,345 signals"))
    assert len(signals(svg)) == 400
    assert "Drawn of China: the 400 weightiest of 12,345 signals." in words(svg)
    assert cut([big]) == ["Drawn of China: the 400 weightiest of 12,345 signals."]
    assert cut([big, chart(VISIT)]) == ["Drawn of China: the 120 weightiest of 12,345 signals."]
    assert len(signals(drawn(figure(big, chart(VISIT))))) == 121
    assert cut([chart(VISIT)]) == []
    assert cut([chart(*many(400))]) == []
    assert cut([chart(*many(120)), chart(VISIT)]) == []


def test_the_weightiest_are_spread_over_the_span() -> None:
    since, marks = AS_OF - timedelta(365), many(5000)
    chosen = weightiest(marks, since, AS_OF, 400)
    assert len(chosen) == len(set(chosen)) == 400
    assert chosen == sorted(chosen, key=lambda mark: (mark.on, mark.number))
    assert weightiest(marks[::-1], since, AS_OF, 400) == chosen

    def of_slice(some: Sequence[Mark], at: int) -> list[Mark]:
        return [mark for mark in some if (mark.on - since).days * SLICES // 366 == at]

    for at in range(SLICES):
        there, taken = of_slice(marks, at), of_slice(chosen, at)
        assert len(taken) >= min(len(there), 400 // SLICES)
        lightest = min((mark.weight * mark.score for mark in taken), default=0)
        assert all(mark.weight * mark.score <= lightest for mark in there if mark not in taken)


def test_what_is_against_the_principal_weighs_as_much() -> None:
    marks = many(5000)
    against = [mark._replace(score=-mark.score) for mark in marks]
    chosen = weightiest(marks, AS_OF - timedelta(365), AS_OF, 400)
    assert [
        mark._replace(score=-mark.score) for mark in weightiest(against, AS_OF - timedelta(365), AS_OF, 400)
    ] == chosen


def test_few_signals_are_all_drawn() -> None:
    marks = many(400)
    assert weightiest(marks, SINCE, AS_OF, 400) == marks


# -- the same everywhere


def test_a_picture_is_the_same_to_the_byte_in_every_time_zone(sample: Path) -> None:
    made = set()
    for zone in ZONES:
        subprocess.run(
            [sys.executable, "-m", "scrutiny", "chart", "china", "--as-of", SAMPLE_DAY, "-o", "china.svg"],
            env=os.environ | {"TZ": zone},
            check=True,
        )
        made.add(Path("china.svg").read_bytes())
    assert len(made) == 1


def test_a_figure_made_twice_is_the_same_to_the_byte(views: dict[str, View]) -> None:
    spec = figure(*views["china"].charts)
    assert inlined(spec) == inlined(figure(*views["china"].charts))
    assert to_svg(spec) == to_svg(spec)
    assert to_png(spec) == to_png(spec)


def test_a_png_has_as_many_dots_a_pixel_as_asked(views: dict[str, View]) -> None:
    def size(png: bytes) -> tuple[int, int]:
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])

    spec = figure(*views["china"].charts, title="China")
    (width, height), doubled = size(to_png(spec, 1)), size(to_png(spec))
    assert doubled == (2 * width, 2 * height)


def test_drawing_says_nothing_on_either_stream(views: dict[str, View], capfd: pytest.CaptureFixture[str]) -> None:
    to_png(figure(*views["all"].charts, hover=True))
    assert capfd.readouterr() == ("", "")


# -- text from the web


def test_hostile_text_is_read_in_a_picture_and_does_nothing() -> None:
    marks = [
        Mark(AS_OF - timedelta(at % 190), 2.5, 0.5, at + 1, "visit", "B2", piece, piece)
        for at, piece in enumerate(PIECES.values())
    ]
    spec = figure(chart(*marks, name=SCRIPT + OVERRIDE), title=HTML + NOT_CHARACTERS + " · " + SCRIPT, notes=[SCRIPT])
    svg = drawn(spec)
    assert len(signals(svg)) == len(marks)
    assert {one.tag.removeprefix(SVG) for one in svg.iter()} == set(
        "svg g path rect line text tspan title desc".split()
    )
    names = {name for one in svg.iter() for name in one.attrib}
    assert not [name for name in names if name.startswith(("on", "{", "href", "style"))]
    assert not [
        text for one in svg.iter() for text in (*one.attrib.values(), one.text or "") if STEERING.search(text)
    ]
    assert any("<script>alert(1)</script></td>" in read for read in signals(svg))
    assert to_png(spec)


def test_a_specification_within_a_page_ends_no_script_and_says_the_same() -> None:
    spec = figure(*(chart(Mark(AS_OF, 2.5, 0.5, 1, "visit", None, piece, piece)) for piece in PIECES.values()))
    text = inlined(spec)
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == json.loads(json.dumps(spec))


def test_what_a_private_signal_says_is_in_no_picture(run: Run) -> None:
    row = "2026-05-01,china,visit,a confidence,A1,https://secret.example/,true"
    run("import", "-", stdin=f"date,ally,act,summary,grade,source,private\n{row}\n")
    assert run("chart", "china", "-o", "china.svg").code == 0
    text = Path("china.svg").read_text("utf-8")
    assert "visit +2.8 on 2026-05-01; #1, A1; (private)" in text
    assert "confidence" not in text
    assert "secret" not in text


def test_what_is_private_now_is_in_no_picture_of_before(run: Run, clock: Clock) -> None:
    clock("2026-05-10T10:00:00")
    run("log", "china", "visit", "a confidence", "2026-05-09", "https://secret.example/")
    clock("2026-05-11T10:00:00")
    run("edit", "1", "--private")
    assert run("chart", "china", "-o", "china.svg", "--known", "2026-05-10").code == 0
    text = Path("china.svg").read_text("utf-8")
    assert "(private)" in text
    assert "confidence" not in text
    assert "secret" not in text


# -- colours


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _palettes() -> dict[str, Palette]:
    """Those of files, and of a page by day and by night, as its style says."""
    blocks = re.findall(r":root \{(.*?)\}", style(), re.DOTALL)
    found = [Palette(**dict(re.findall(r"--(\w+): (#\w+)", block))) for block in blocks]
    return dict(zip(("print", "day", "night"), (PRINT, *found), strict=True))


@pytest.mark.parametrize(("which", "colours"), _palettes().items())
def test_text_and_signals_stand_out_from_the_paper(which: str, colours: Palette) -> None:
    assert min(_contrast(colour, colours.paper) for colour in (colours.ink, colours.dim)) >= 4.5
    assert min(_contrast(colour, colours.paper) for colour in (colours.up, colours.down, colours.line)) >= 4.5
    assert _contrast(colours.line, colours.band) >= 4.5


def test_the_colours_of_a_page_are_left_to_the_page(views: dict[str, View]) -> None:
    svg = to_svg(figure(*views["china"].charts, palette=PAGE))
    assert 'fill="var(--up)"' in svg
    assert 'stroke="var(--line)"' in svg
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", re.sub(r"<title>.*?</title>|aria-label=\"[^\"]*\"", "", svg))) == set()


# -- the command


@pytest.mark.parametrize("name", ["china.svg", "CHINA.SVG"])
def test_a_file_called_svg_is_a_picture_that_only_its_owner_reads(run: Run, sample: Path, name: str) -> None:
    ran = run("chart", "china", "--as-of", SAMPLE_DAY, "--output", name)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert len(signals(ET.parse(name).getroot())) == 5  # noqa: S314  # our own
    assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600


def test_a_file_called_png_is_a_picture_too(run: Run, sample: Path) -> None:
    ran = run("chart", "--as-of", SAMPLE_DAY, "-o", "all.png")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert Path("all.png").read_bytes().startswith(b"\x89PNG")


def test_allies_without_signals_are_named_in_the_picture(run: Run, sample: Path) -> None:
    run("chart", "china", "iran", "--since", "2021-01-01", "--as-of", "2022-03-01", "-o", "two.svg")
    assert "No signals: Iran" in words(ET.parse("two.svg").getroot())  # noqa: S314  # our own


def test_a_form_beside_a_pictures_name_is_refused(run: Run, sample: Path) -> None:
    ran = run("chart", "china", "-f", "json", "-o", "china.svg")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: --format json is no picture, and china.svg is called one\nhint: leave one of them out\n"
    )
    assert not Path("china.svg").exists()


def test_where_there_is_nothing_to_draw_there_is_no_file(run: Run) -> None:
    ran = run("chart", "-o", "all.svg")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.endswith("error: there is nothing to draw. No signals: Belarus, China, Iran, Syria\n")
    run("import", "-", stdin="uid,date,ally,act,summary,origin\ng:1,2026-05-01,China,visit,Xi in Moscow,gdelt\n")
    ran = run("chart", "china", "-o", "all.svg")
    assert ran.err == (
        "error: there is nothing to draw. No signals: China\n"
        "hint: 1 feed event apart; a level of their own: --origin feeds\n"
    )
    assert not list(Path().glob("*.svg"))


@pytest.mark.parametrize("name", ["china.svg", "china.png"])
def test_without_the_extra_the_way_to_it_is_said(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    ran = run("chart", "china", "-o", name)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "error: a chart as a picture needs the extra scrutiny[report], which is not installed\n"
        'hint: pip install "scrutiny[report]"\n'
    )
    assert not Path(name).exists()
    assert run("chart", "china", "-o", "china.csv").code == 0


def test_only_a_picture_loads_what_draws_it(sample: Path) -> None:
    assert "vl_convert" not in loaded("chart", "iran")
    assert "vl_convert" in loaded("chart", "iran", "-o", "iran.svg")


# -- the page


def test_the_script_of_a_page_is_made_once_and_ends_no_element() -> None:
    assert "</script" not in bundle()
    assert bundle() is bundle()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as found:
        yield found


@pytest.fixture(scope="module")
def page(views: dict[str, View], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of two figures that may do nothing but run its own script; a signal of the first is hostile."""
    china = views["china"].charts[0]
    marks = [china.marks[0]._replace(said=SCRIPT + HTML, source="javascript:alert(1)"), *china.marks[1:]]
    digest = base64.b64encode(hashlib.sha256(bundle().encode()).digest()).decode()
    policy = f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:"
    figures = ""
    for name, charts in {"china": [replace(china, marks=marks)], "all": views["all"].charts}.items():
        still, live = (figure(*charts, palette=PAGE, hover=hover) for hover in (False, True))
        figures += (
            f'<figure data-chart="{name}"><div class="drawing">{to_svg(still)}</div>'
            f'<script type="application/json" id="{name}">{inlined(live)}</script></figure>'
        )
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>figures</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><style>{style()}'
        "body { background: var(--paper); margin: 16px; } figure { margin: 0 0 40px; }</style></head>"
        f"<body>{figures}<script>{bundle()}</script></body></html>",
        "utf-8",
    )
    return path


LIVE = ".drawing > .vega-embed svg"
CHINA, TIP = "figure[data-chart=china]", "#told"


def drawn_live(page: Page) -> None:
    for name in ("china", "all"):
        page.wait_for_selector(f"figure[data-chart={name}] {LIVE}")


class TestOnAPage:
    pytestmark = needs_a_browser

    def test_figures_are_drawn_and_nothing_is_asked_or_complained_of(self, browser: Browser, page: Path) -> None:
        with opened(browser, page, width=732) as seen:
            drawn_live(seen.page)
            assert seen.count(f"{CHINA} {LIVE} path[aria-label]") == 5
            assert "Jan 2026" in seen.page.inner_text(CHINA)
            assert (seen.said, seen.asked) == ([], [page.as_uri()])

    def test_who_points_at_a_signal_reads_of_it_as_text(self, browser: Browser, page: Path) -> None:
        with opened(browser, page, timezone_id="America/Los_Angeles") as seen:
            drawn_live(seen.page)
            seen.page.locator(f"{CHINA} {LIVE} path[aria-label]").first.hover()
            seen.page.wait_for_selector(f"{TIP}.visible")
            assert seen.page.inner_text(TIP).split("\n") == [
                "counter +1.5 on 2025-08-13",
                *("signal", "#69, B1"),
                *("says", SCRIPT + HTML.rstrip()),
                *("source", "javascript:alert(1)"),
            ]
            assert seen.count(f"{TIP} img, {TIP} script, {TIP} a, {TIP} b, body > svg") == 0
            assert seen.said == []

    def test_who_points_at_a_day_reads_its_level(self, browser: Browser, page: Path) -> None:
        with opened(browser, page, width=732) as seen:
            drawn_live(seen.page)
            box = seen.page.locator(f"{CHINA} .drawing").bounding_box()
            assert box
            seen.page.mouse.move(box["x"] + box["width"] - 80, box["y"] + 40)
            seen.page.wait_for_selector(f"{TIP}.visible")
            read = seen.page.inner_text(TIP).split("\n")
            assert re.fullmatch(r"2026-04-\d\d level \+0\.2 band -2\.9 to \+3\.\d", " ".join(read))

    @pytest.mark.parametrize("width", [360, 732, 1200])
    def test_figures_are_as_wide_as_there_is_room(self, browser: Browser, page: Path, width: int) -> None:
        with opened(browser, page, width=width) as seen:
            drawn_live(seen.page)
            assert seen.runs("document.documentElement.scrollWidth") == width
            wide = seen.runs(f"[...document.querySelectorAll('{LIVE}')].map(one => +one.getAttribute('width'))")
            assert all(abs(one - (width - 32)) < 25 for one in wide)
            columns = "new Set([...document.querySelectorAll('[data-chart=all] text')].filter(one => "
            columns += "one.textContent.startsWith('Level')).map(one => one.getBoundingClientRect().x)).size"
            assert seen.runs(columns) == (1 if width == 360 else 2)

    def test_a_figure_follows_the_window(self, browser: Browser, page: Path) -> None:
        with opened(browser, page, width=732) as seen:
            drawn_live(seen.page)
            seen.page.set_viewport_size({"width": 400, "height": 900})
            seen.page.wait_for_selector(f"{CHINA} {LIVE}[width^='3']")
            assert seen.runs("document.documentElement.scrollWidth") == 400
            assert seen.count(f"{CHINA} svg") == 1

    def test_by_night_and_on_paper_the_colours_are_others_and_nothing_is_drawn_anew(
        self, browser: Browser, page: Path
    ) -> None:
        day, night = (_palettes()[which].ink for which in ("day", "night"))
        now = f"[...document.querySelectorAll('{LIVE} text')].find(one => one.textContent === '+1.0')"
        ink = f"getComputedStyle({now}).fill"
        with opened(browser, page, scheme="dark") as seen:
            drawn_live(seen.page)
            assert seen.runs(ink) == _rgb(night)
            seen.page.emulate_media(color_scheme="light")
            assert seen.runs(ink) == _rgb(day)
            seen.page.emulate_media(color_scheme="dark", media="print")
            assert seen.runs(ink) == _rgb(day)

    def test_without_scripts_the_still_picture_is_seen(self, browser: Browser, page: Path) -> None:
        with opened(browser, page, java_script_enabled=False) as seen:
            assert seen.count(".drawing > svg") == 2


def _rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"
