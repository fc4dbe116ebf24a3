"""chart: the paths of levels, how they are drawn, and their other forms."""

import csv
import json
import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import plotext
import pytest
from rich.cells import cell_len

from scrutiny.cli.chart import chart_of
from scrutiny.core.filters import Question
from scrutiny.render import As, render
from scrutiny.reports.chart import spread
from scrutiny.store.opening import open_ledger
from scrutiny.view import Chart, Mark, Point, View
from tests.conftest import SAMPLE_DAY, TODAY, Run

AS_OF = date.fromisoformat(SAMPLE_DAY)
SINCE = date(2025, 5, 20)
WIDTHS = (60, 61, 72, 80, 99, 100, 120, 160, 200)
TICKS = re.compile(r"([+-]\d+|0)[┤├]")

CHINA_100 = """\
China and Russia, level from 2025-05-20 to 2026-05-20 · 5 signals
China  level +1.0, band -1.6..+3.9
  │                            ▲
+6┤
  │                                                                                                ▲
  │                            ··············
+4┤·······················                                                                         ·
  │                       ·····                       ·······················         ·············
  │                                          ·········                       ·········
+2┤
  │                       ▲    ┏━━━━━━━━━━━━━┓                                                     ┏
  │━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛             ┃                                                     ┃
 0├──────────────────────────────────────────┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
  │
  │                       ·    ·········                                     ▼                     ·
-2┤··········              ····         ·····
  │          ·············                   ······················································
  │
-4┤
  │                                          ▼
  └────────────┬───────────────┬───────────────┬───────────────┬──────────────┬────────────────┬────
            2025-07         2025-09         2025-11         2026-01        2026-03        2026-05
━ level as judged each day, · its 90% band, ▲ ▼ signals at their scores
next: list china --since 2025-05-20, explain china
"""

CHINA_60 = """\
China and Russia, level from 2025-05-20 to 2026-05-20 .
5 signals
China  level +1.0, band -1.6..+3.9
  |                 ^
+6+
  |                                                        ^
  |                 .......
+4+..............                                          .
  |              ...             .............      .......
  |                        ......             ......
+2+
  |              ^  +======+                               +
  |=================+      |                               |
 0+------------------------+===============================+
  |
  |                 .....                     v            .
-2+......        ...     ..
  |      ........          ................................
  |
-4+
  |                        v
  +-------+-------------+-------------+-------------+-------
       2025-07       2025-10       2026-01       2026-04
= level as judged each day, . its 90% band, ^ v signals at
their scores
next: list china --since 2025-05-20, explain china
"""


def view_of(place: str, *names: str, since: date = SINCE, as_of: date = AS_OF) -> View:
    with open_ledger(place, writing=False, author="ana") as ledger:
        return chart_of(ledger, names, since, Question(as_of, 90))


@pytest.fixture(scope="module")
def views(sample_template: str) -> dict[str, View]:
    """The charts of all, of one and of two of the sample's allies."""
    return {names: view_of(sample_template, *names.split()) for names in ("", "china", "syria iran")}


def drawn(view: View, width: int | None = None, **how: bool) -> list[str]:
    return render(view, As.TABLE, width=width, **how).splitlines()


def asked(run: Run, *args: str) -> dict[str, Any]:
    """What a chart says as JSON."""
    ran = run("chart", *args, "-f", "json")
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, Any] = json.loads(ran.out)
    return found


def panels(lines: list[str]) -> list[list[str]]:
    """The lines of each panel, from the one after its caption to the labels of its days."""
    found: list[list[str]] = []
    for at, line in enumerate(lines):
        if "level +" in line or "level -" in line or "no level" in line:
            end = next(below for below in range(at, len(lines)) if "└" in lines[below])
            found.append(lines[at + 1 : end + 2])
    return found


# -- the drawing


def test_piped_a_chart_is_100_columns_wide(run: Run, sample: Path) -> None:
    ran = run("chart", "china", "--as-of", SAMPLE_DAY)
    assert (ran.code, ran.out, ran.err) == (0, CHINA_100, "")


def test_at_60_columns_without_unicode_line_band_and_signals_can_still_be_told_apart(views: dict[str, View]) -> None:
    assert render(views["china"], As.TABLE, width=60, plain=True) == CHINA_60


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_screen_or_ends_in_blanks(views: dict[str, View], width: int) -> None:
    lines = [line for view in views.values() for line in drawn(view, width)]
    assert max(map(cell_len, lines)) == width
    assert all(line == line.rstrip() for line in lines)
    assert all(len(panel) in range(9, 22) for panel in panels(lines))


@pytest.mark.parametrize("width", WIDTHS)
def test_where_the_terminal_has_no_unicode_all_is_ascii(views: dict[str, View], width: int) -> None:
    plain, full = drawn(views[""], width, plain=True), drawn(views[""], width)
    assert "".join(plain).isascii()
    assert [len(line) for line in plain] == [len(line) for line in full]


def test_colours_come_only_with_style_and_change_no_sign(views: dict[str, View]) -> None:
    styled, bare = render(views[""], As.TABLE, width=80, styled=True), drawn(views[""], 80)
    assert "\x1b" not in "".join(bare)
    assert re.sub(r"\x1b\[[\d;]*m", "", styled).splitlines() == bare
    assert set(re.findall(r"\x1b\[([\d;]*)m[▲]+", styled)) == {"32"}
    assert set(re.findall(r"\x1b\[([\d;]*)m[▼]+", styled)) == {"31"}
    assert set(re.findall(r"\x1b\[([\d;]*)m·", styled)) == {"2"}


def test_several_allies_share_their_scales(views: dict[str, View]) -> None:
    found = panels(drawn(views[""], 80))
    assert len(found) == 6
    assert len({tuple(TICKS.findall("".join(panel))) for panel in found}) == 1
    assert len({tuple(panel[-2:]) for panel in found}) == 1
    assert len({len(panel) for panel in found}) == 1


def test_signals_lie_over_the_level_and_the_level_over_its_band() -> None:
    days = spread(SINCE, AS_OF)
    marks = [Mark(on, 2.0, 1) for on in days[::10]] + [Mark(on, -2.0, 1) for on in days[::10]]
    view = View("", charts=[Chart("china", "China", [Point(on, 2.0, 2.0, -2.0) for on in days], marks)])
    lines = drawn(view, 110)
    assert [sum(line.count(sign) for line in lines) for sign in "▲▼"] == [11, 11]
    assert [{*line[3:]} for line in lines if "▲" in line or "▼" in line] == [{"▲", "━"}, {"▼", "·"}]


def test_a_line_steps_no_earlier_than_its_signal(views: dict[str, View]) -> None:
    for width in WIDTHS:
        (panel,) = panels(drawn(views["china"], width))
        signal = min(row.index("▼") for row in panel if "▼" in row)  # October 2025, from above 0 down to it
        steps = [row.index("┗") for row in panel if "┗" in row]
        assert any(0 <= step - signal <= 2 for step in steps)
        assert not any(0 < signal - step <= 2 for step in steps)


@pytest.mark.parametrize(
    ("since", "as_of", "labels"),
    [
        ("2026-05-19", "2026-05-20", "2026-05-19 2026-05-20"),
        ("2026-05-14", "2026-05-20", "2026-05-15 2026-05-17 2026-05-19"),
        ("2026-04-20", "2026-05-20", "2026-04-27 2026-05-04 2026-05-11"),
        ("2026-03-01", "2026-05-20", "2026-04 2026-05"),
        ("2025-12-01", "2026-05-20", "2026-01 2026-03 2026-05"),
        ("2025-05-20", "2026-05-20", "2025-07 2025-10 2026-01 2026-04"),
        ("2024-05-20", "2026-05-20", "2024-07 2025-01 2025-07 2026-01"),
        ("2019-05-20", "2026-05-20", "2020 2021 2022 2023 2024 2025 2026"),
        ("1999-05-20", "2026-05-20", "2000 2005 2010 2015 2020 2025"),
        ("0001-01-01", "2026-05-20", "0500 1000 1500"),
        ("0001-01-01", "9999-12-31", "0001-01-01 9999-12-31"),
    ],
)
def test_days_are_labelled_as_closely_as_60_columns_allow(
    sample: Path, place: str, since: str, as_of: str, labels: str
) -> None:
    view = view_of(place, "china", since=date.fromisoformat(since), as_of=date.fromisoformat(as_of))
    (panel,) = panels(drawn(view, 60))
    assert panel[-1].split() == labels.split()
    assert panel[-2].count("┬") == len(labels.split())


@pytest.mark.parametrize(
    ("scores", "labels"),
    [
        ((10, -10), "+8 +4 0 -4 -8"),
        ((9.3, -9.3), "+8 +4 0 -4 -8"),
        ((6.4, -4.5), "+6 +4 +2 0 -2 -4"),
        ((-4,), "0 -1 -2 -3 -4"),
        ((0.01,), "0"),
        ((), "0"),
    ],
)
def test_levels_are_shown_as_far_as_needed_with_0_among_them(scores: tuple[float, ...], labels: str) -> None:
    nothing = [Point(SINCE, None, None, None), Point(AS_OF, None, None, None)]
    view = View("", charts=[Chart("china", "China", nothing, [Mark(SINCE, score, 1) for score in scores])])
    (panel,) = panels(drawn(view, 80))
    assert " ".join(TICKS.findall("\n".join(panel))) == labels
    assert sum(set(row) >= set("├─") for row in panel) == 1
    assert "".join(panel).count("▲") + "".join(panel).count("▼") == len(scores)


def test_whatever_was_on_the_librarys_one_figure_neither_shows_nor_stays(views: dict[str, View]) -> None:
    view = views["china"]
    alone = drawn(view, 80)
    plotext.title("another's")
    plotext.scatter([1, 2], [3, 4], marker="X")
    plotext.plot_size(30, 10)
    assert drawn(view, 80) == alone
    assert "━" not in plotext.build()


# -- the figures


def bends(view: View, days: set[date]) -> list[date]:
    """The days of the only chart's points that are none of the given."""
    (chart,) = view.charts
    return [point.on for point in chart.points if point.on not in days]


def test_a_line_bends_on_the_days_of_signals_and_on_those_before_them(
    sample: Path, place: str, views: dict[str, View]
) -> None:
    assert [f"{on:%m-%d}" for on in bends(views["china"], set(spread(SINCE, AS_OF)))] == [
        "08-13",
        "09-01",
        "09-02",
        "10-22",
        "10-23",
        "02-23",
        "02-24",
        "05-19",
    ]
    first = date(2025, 8, 13)  # of a signal, before which nothing is shown
    later = set(spread(first, AS_OF))
    assert bends(view_of(place, "china", since=first), later)[0] == date(2025, 9, 1)


def test_of_very_many_days_of_signals_a_line_bends_on_the_weightiest(run: Run, place: str) -> None:
    days = [SINCE + timedelta(2 * at) for at in range(180)]
    rows = [f"{on},china,2.5,a visit,{'A1' if at % 2 else 'E1' if at % 3 else 'B2'}" for at, on in enumerate(days)]
    assert run("import", "-", stdin="\n".join(["date,ally,score,summary,grade", *rows])).code == 0
    (chart,) = view_of(place, "china").charts
    drawn = {point.on for point in chart.points}
    assert len(drawn - set(spread(SINCE, AS_OF))) <= 200
    assert {on for at, on in enumerate(days) if at % 2} < drawn
    weightless = {on for at, on in enumerate(days) if at % 2 == 0 and at % 3}
    assert len(weightless & drawn) < len(weightless)


def test_a_span_has_every_day_or_101_evenly_spread() -> None:
    assert spread(SINCE, SINCE + timedelta(days=3)) == [SINCE + timedelta(days=n) for n in range(4)]
    days = spread(SINCE, AS_OF)
    assert (len(days), days[0], days[-1]) == (101, SINCE, AS_OF)
    assert {(after - before).days for before, after in pairwise(days)} == {3, 4}


def test_an_earlier_day_saw_the_same_path_up_to_then(run: Run, sample: Path) -> None:
    later = asked(run, "china", "--since", "2026-02-20", "--as-of", SAMPLE_DAY)["path"]
    for day in ("2026-02-23", "2026-02-24", "2026-05-19"):
        before = asked(run, "china", "--since", "2026-02-20", "--as-of", day)["path"]
        assert before == later[: len(before)]
        assert before[-1]["date"] == day


def test_the_path_ends_where_the_summary_stands(run: Run, sample: Path) -> None:
    path = asked(run, "iran", "--as-of", SAMPLE_DAY)["path"]
    ran = run("summary", "iran", "--as-of", SAMPLE_DAY, "-f", "json")
    (iran,) = json.loads(ran.out)["allies"]
    assert path[-1] == {"ally": "iran", "date": SAMPLE_DAY} | {
        key: iran[name] for key, name in (("level", "level"), ("low", "level_low"), ("high", "level_high"))
    }


def test_there_is_no_level_before_the_first_signal_that_weighs_anything(run: Run) -> None:
    run("log", "china", "visit", "unreliable", "2026-05-05", "E1")
    run("log", "china", "visit", "sure", "2026-05-10", "A1")
    found = asked(run, "china", "--since", "2026-05-01", "--as-of", "2026-05-12")
    assert [point["level"] is None for point in found["path"]] == [True] * 9 + [False] * 3
    assert [point["low"] is None for point in found["path"]] == [True] * 9 + [False] * 3
    assert [signal["id"] for signal in found["signals"]] == [1, 2]


def test_json_has_stable_keys(run: Run, sample: Path) -> None:
    found = asked(run, "china", "syria", "--as-of", SAMPLE_DAY)
    assert list(found) == ["since", "as_of", "principal", "origin", "by", "path", "signals"]
    assert list(found["path"][0]) == ["ally", "date", "level", "low", "high"]
    assert [point["ally"] for point in found["path"]] == ["china"] * 101 + ["syria"] * 101
    assert found["signals"][4] == {
        "id": 90, "ally": "china", "date": SAMPLE_DAY, "score": 5.0, "grade": "C2", "act": "joint"
    }  # fmt: skip
    assert [signal["ally"] for signal in found["signals"]] == ["china"] * 5 + ["syria"] * 4


def test_csv_is_the_path(run: Run, sample: Path) -> None:
    ran = run("chart", "china", "--as-of", SAMPLE_DAY, "-f", "csv")
    rows = list(csv.DictReader(ran.out.splitlines()))
    assert list(rows[0]) == ["ally", "date", "level", "low", "high"]
    found = asked(run, "china", "--as-of", SAMPLE_DAY)["path"]
    assert [(row["date"], float(row["level"])) for row in rows] == [
        (point["date"], point["level"]) for point in found
    ]


def test_markdown_has_each_panel_as_a_block_of_code(run: Run, sample: Path, place: str) -> None:
    out = run("chart", "china", "iran", "--as-of", SAMPLE_DAY, "-f", "markdown").out
    blocks = re.findall(r"^```text\n(.*?)\n```$", out, re.MULTILINE | re.DOTALL)
    full = panels(drawn(view_of(place, "china", "iran"), 80, plain=False))
    assert [len(block.splitlines()) for block in blocks] == [len(panel) for panel in full]
    assert "".join(blocks).isascii()
    assert max(len(line) for block in blocks for line in block.splitlines()) == 80
    assert "\n**China** level +1.0, band -1.6..+3.9\n\n```text\n" in out
    assert "*= level as judged each day, . its 90% band, ^ v signals at their scores*" in out


# -- which allies


def test_allies_come_as_they_are_named_each_once_else_by_level(sample: Path, place: str) -> None:
    assert [one.ally for one in view_of(place, "china", "Iran,CHN").charts] == ["china", "iran"]
    assert [one.ally for one in view_of(place).charts] == [
        "north-korea",
        "belarus",
        "iran",
        "syria",
        "china",
        "india",
    ]


@pytest.mark.parametrize(
    ("args", "title"),
    [
        (("china", "iran"), "Russia's allies, level from 2025-05-20 to 2026-05-20 · 9 signals"),
        (
            ("iran", "--since", "2026-03-01", "--by", "third"),
            "Iran and Russia, level from 2026-03-01 to 2026-05-20 · 0 signals · third parties' acts only",
        ),
        (
            ("china", "--as-of", "2026-02-24"),
            "China and Russia, level from 2025-02-24 to 2026-02-24 · 5 signals · 1 later one not counted",
        ),
    ],
)
def test_the_title_says_whose_level_is_shown_and_on_what_it_rests(
    run: Run, sample: Path, args: tuple[str, ...], title: str
) -> None:
    day = () if "--as-of" in args else ("--as-of", SAMPLE_DAY)
    assert run("chart", *args, *day).out.splitlines()[0] == title


def test_without_a_day_the_year_up_to_today_is_shown(run: Run, sample: Path) -> None:
    found = asked(run)
    assert (found["since"], found["as_of"]) == ("2025-05-21", TODAY.isoformat())


def test_an_empty_ledger_says_so(run: Run) -> None:
    ran = run("chart")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "Russia's allies, level from 2025-05-21 to 2026-05-21 · 0 signals",
        "No signals  Belarus, China, Iran, Syria",
    ]
    assert "there is no ledger" in ran.err
    assert asked_quietly(run)["path"] == []


def asked_quietly(run: Run) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("chart", "-f", "json").out)
    return found


def test_an_ally_without_signals_is_named_beside_those_that_have_some(run: Run, sample: Path) -> None:
    lines = run("chart", "china", "iran", "--since", "2021-01-01", "--as-of", "2022-03-01").out.splitlines()
    assert lines[-3] == "No signals  Iran"
    assert len(panels(lines)) == 1


def test_an_ally_with_feed_events_alone_has_no_level_and_a_hint(run: Run) -> None:
    run("import", "-", stdin="uid,date,ally,act,summary,origin\ng:1,2026-05-01,China,visit,Xi in Moscow,gdelt\n")
    assert run("chart", "china").out.splitlines()[1:] == [
        "No signals  China",
        "1 feed event apart; a level of their own: --origin feeds",
    ]
    assert len(asked(run, "china", "--origin", "feeds")["signals"]) == 1


def test_one_signal_makes_a_chart(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow", "2026-05-01", "A1")
    (panel,) = panels(run("chart", "china").out.splitlines())
    assert "".join(panel).count("▲") == 1
    assert "━" in "".join(panel)


def test_signals_that_weigh_nothing_are_hollow_and_make_no_level(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow", "2026-05-01", "E1")
    lines = run("chart", "china").out.splitlines()
    assert lines[1] == "China  no level: no signal weighs anything by its grade"
    assert [sum(sign in line for line in lines[2:-2]) for sign in "△▲━"] == [1, 0, 0]
    assert lines[-2].endswith(", △ ▽ those that weigh nothing by their grade")
    assert len(panels(run("chart", "china", "--since", "2026-05-10").out.splitlines())) == 1


# -- what must not happen


def test_a_hostile_name_is_shown_and_acted_upon_by_nothing(run: Run, place: str) -> None:
    name = "[red]E\u202evil``` *x* [/b]"
    assert run("ally", "add", name, "--slug", "evil").code == 0
    run("log", "evil", "visit", "in Moscow", "2026-05-01", "A1")
    lines = run("chart", "evil").out.splitlines()
    assert lines[0].startswith("[red]E\\u202evil``` *x* [/b] and Russia, level from ")
    assert lines[1].startswith("[red]E\\u202evil``` *x* [/b]  level +")
    assert drawn(view_of(place, "evil", since=date(2026, 4, 1)), 60, plain=True)[2:]
    markdown = run("chart", "evil", "-f", "markdown").out
    assert "\n**\\[red\\]E\\\\u202evil\\`\\`\\` \\*x\\* \\[/b\\]** level +" in markdown
    assert [line for line in markdown.splitlines() if line.startswith("```")] == ["```text", "```"]


@pytest.mark.parametrize(
    ("args", "code", "error"),
    [
        (("atlantis",), 3, "no ally 'atlantis'"),
        (("india,",), 2, "an empty value"),
        (("russia",), 2, "Russia is the principal, and no ally of itself"),
        (("--since", "2026-05-22"), 2, "--since 2026-05-22 is after --as-of 2026-05-21"),
        (("--since", SAMPLE_DAY, "--as-of", SAMPLE_DAY), 2, f"--since {SAMPLE_DAY} is the same day as --as-of"),
        (("--since", "soon"), 2, "no date 'soon'"),
        (("--as-of", "0001-01-01"), 2, "--since 0001-01-01 is the same day as --as-of"),
        (("--by", "nobody"), 2, "no actor 'nobody'"),
        (("--origin", "two words"), 2, "no origin 'two words'"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    run: Run, sample: Path, args: tuple[str, ...], code: int, error: str
) -> None:
    ran = run("chart", *args)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith(f"error: {error}")
