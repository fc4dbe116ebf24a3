"""The report as a page, looked at in a real browser: it draws, tells, prints, fits, and does nothing of its own."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import Seen, needs_a_browser, opened
from tests.browser import browser as started
from tests.conftest import SAMPLE_DAY, run_program
from tests.test_hostile import KEPT

pytestmark = needs_a_browser

DAY = ("--as-of", SAMPLE_DAY)
SIGNALS = ".drawing path[aria-label]"  # as Vega draws them
BEYOND = """
() => [...document.querySelectorAll("main *, header *, nav *")]
  .filter((one) => !one.closest("thead, .wide, .skip, svg"))
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.tagName + " " + one.textContent.slice(0, 40))
"""
CUT = """
() => [...document.querySelectorAll(".wide")].filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.textContent.slice(0, 40))
"""
OUTSIDE = """
() => [...document.querySelectorAll(".still text")]
  .filter((one) => one.getBoundingClientRect().right > one.closest(".still").getBoundingClientRect().right)
  .map((one) => one.textContent)
"""
FITTED = """
() => [...document.querySelectorAll(".drawing")].every((one) =>
  Math.abs(one.firstChild.firstChild.getBoundingClientRect().width - one.clientWidth) < 2)
"""
CONTRAST = """
() => {
  const numbers = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const of = (part) => (part /= 255) <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    return 0.2126 * of(r) + 0.7152 * of(g) + 0.0722 * of(b);
  };
  const paper = numbers(getComputedStyle(document.documentElement).backgroundColor);
  const low = [];
  for (const one of document.querySelectorAll("h1,h2,p,li,dt,dd,th,td,a,caption,figcaption,footer,svg text")) {
    const style = getComputedStyle(one);
    const ink = numbers(one instanceof SVGElement ? style.fill : style.color);
    const pair = [light(ink), light(paper)].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (one.textContent.trim() && ratio < 4.5) low.push(`${one.tagName} ${one.textContent.slice(0, 30)} ${ratio}`);
  }
  return low;
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as found:
        yield found


@pytest.fixture(scope="module")
def page(sample_template: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's report."""
    path = tmp_path_factory.mktemp("page") / "allies.html"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_DB", sample_template)
        assert run_program("report", str(path), *DAY).code == 0
    return path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a ledger with every piece that can be kept, as summary, source, ally and note."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        {
            "uid": f"p:{n}",
            "date": f"2026-0{1 + n % 5}-{1 + n % 28:02}",
            "ally": "China",
            "act": "visit",
            "summary": line,
        }
        | {"source": (line if n % 2 else f"https://news.example/{line}")[:4000]}
        for n, line in enumerate(KEPT.values())
    ]
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_DB", str(folder / "ledger.db"))
        patched.setenv("SCRUTINY_USER", KEPT["SCRIPT"])
        commands = (
            ("import", str(folder / "in.jsonl")),
            ("ally", "edit", "china", f"--name={KEPT['HTML']}", f"--line={KEPT['SCRIPT']}"),
            ("note", "china", "--on=2026-05-01", "--", KEPT["SCRIPT"]),
            ("report", str(folder / "h.html"), *DAY, f"--title={KEPT['HTML']}", f"--author={KEPT['TEMPLATE']}"),
        )
        for command in commands:
            assert run_program(*command).code == 0, command
    return folder / "h.html"


def drawn(seen: Seen) -> Seen:
    """The same page once its charts are drawn."""
    seen.page.wait_for_selector("figure:not(.live)", state="detached")
    return seen


def until(seen: Seen, script: str) -> None:
    """Waits until a script says so; the page's policy forbids the browser's client to wait by itself."""
    for _ in range(100):
        if seen.runs(script):
            return
        seen.page.wait_for_timeout(100)
    pytest.fail(f"never came true: {script}")


def test_it_draws_its_charts_and_asks_nothing_of_anybody(browser: Browser, page: Path) -> None:
    with opened(browser, page) as seen:
        drawn(seen)
        assert seen.count("figure .drawing svg") == 7
        assert seen.count(f"figure[data-chart=levels-chart] {SIGNALS}") == 27  # of the last year
        for ally, signals in {
            "north-korea": 11,
            "belarus": 16,
            "iran": 17,
            "syria": 16,
            "china": 19,
            "india": 11,
        }.items():
            assert seen.count(f"figure[data-chart=chart-{ally}] {SIGNALS}") == signals
        assert seen.said == []
        assert seen.asked == [page.as_uri()]


def test_pointing_at_a_signal_shows_it_and_its_source(browser: Browser, page: Path) -> None:
    with opened(browser, page) as seen:
        drawn(seen).page.locator(f"figure[data-chart=chart-china] {SIGNALS}[aria-label*='#82']").hover()
        said = seen.page.locator("#told.visible").inner_text()
        for words in ("abstain -1.0 on 2026-02-24", "#82, C2", "fourth anniversary", "https://24.kg/english/"):
            assert words in said
        seen.page.mouse.move(0, 0)
        assert seen.page.locator("#told").is_hidden()
        assert seen.asked == [page.as_uri()]


@pytest.mark.parametrize("touch", [False, True])
def test_what_is_pointed_at_or_tapped_is_told_within_the_window(browser: Browser, page: Path, touch: bool) -> None:
    with opened(browser, page, width=360, has_touch=touch) as seen:
        signals = drawn(seen).page.locator(f"figure[data-chart=chart-china] {SIGNALS}")
        for at in (0, 3, 9, 18):
            if touch:
                signals.nth(at).tap(force=True)
            else:
                signals.nth(at).hover(force=True)
            assert "https://" in seen.page.locator("#told.visible").inner_text()
            left, right, top, bottom = seen.runs(
                "(({ left, right, top, bottom }) => [left, right, top, bottom])"
                "(document.getElementById('told').getBoundingClientRect())"
            )
            assert 0 <= left < right <= 360
            assert 0 <= top < bottom <= 900
        seen.page.keyboard.press("Escape")
        assert seen.page.locator("#told").is_hidden()
        if touch:
            signals.nth(3).tap(force=True)
            assert seen.page.locator("#told").is_visible()
            seen.page.locator("#ally-china h2").tap()
            assert seen.page.locator("#told").is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read_by_day_and_by_night(browser: Browser, page: Path, scheme: str) -> None:
    with opened(browser, page, scheme=scheme) as seen:
        drawn(seen)
        paper = seen.runs("getComputedStyle(document.documentElement).backgroundColor")
        assert (paper == "rgb(255, 255, 255)") is (scheme == "light")
        assert seen.runs(CONTRAST) == []


def test_it_fits_every_screen_also_one_that_changes(browser: Browser, page: Path) -> None:
    with opened(browser, page, width=1000) as seen:
        drawn(seen)
        for width in (1600, 960, 870, 800, 700, 640, 360, 320):
            seen.page.set_viewport_size({"width": width, "height": 800})
            until(seen, FITTED)
            assert seen.runs("document.documentElement.scrollWidth") == width
            assert seen.runs(BEYOND) == []
            assert seen.runs(CUT) == []
        assert seen.said == []


@pytest.mark.parametrize("width", [360, 1000])
def test_it_prints_with_its_pictures(browser: Browser, page: Path, width: int) -> None:
    with opened(browser, page, width=width, scheme="dark") as seen:
        drawn(seen).page.emulate_media(media="print")
        assert seen.runs("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
        shown = [
            seen.page.locator(f"{part} >> visible=true").count() for part in (".still svg", ".drawing svg", "nav")
        ]
        assert shown == [9, 0, 0]
        assert seen.runs(OUTSIDE) == []
        for paper, size in {"A4": b"595.91998 842.88", "Letter": b"612 792"}.items():
            printed = seen.page.pdf(format=paper)
            pages = len(re.findall(rb"/Type\s*/Page\b", printed))
            assert 8 <= pages <= 20
            assert printed.count(b"/MediaBox [0 0 " + size) == pages


def test_long_names_and_numbers_fit_too(browser: Browser, tmp_path: Path, sample_template: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_DB", str(tmp_path / "ledger.db"))
        shutil.copyfile(sample_template, tmp_path / "ledger.db")
        with sqlite3.connect(tmp_path / "ledger.db") as ledger:
            ledger.execute("PRAGMA foreign_keys = OFF")
            ledger.execute("UPDATE signal SET id = id + 1000000")
        assert run_program("ally", "edit", "china", "--name", "Democratic People's Republic of Somewhere").code == 0
        assert run_program("ally", "edit", "india", "--name", "Rindfleischetikettierungsüberwachung").code == 0
        assert run_program("report", str(tmp_path / "long.html"), *DAY).code == 0
    with opened(browser, tmp_path / "long.html") as seen:
        drawn(seen)
        for width in (1400, 1000, 870, 700, 360):
            seen.page.set_viewport_size({"width": width, "height": 800})
            until(seen, FITTED)
            assert seen.runs("document.documentElement.scrollWidth") == width
            assert seen.runs(CUT) == []


def test_without_scripts_still_pictures_stand_in_their_place(browser: Browser, page: Path) -> None:
    with opened(browser, page, java_script_enabled=False) as seen:
        assert seen.page.locator(".still svg >> visible=true").count() == 9
        assert seen.count("#ally-china .still svg[role=img][aria-label^='China: level +1.0']") == 1


def test_it_can_be_gone_through_by_keys(browser: Browser, page: Path) -> None:
    with opened(browser, page) as seen:
        focused = "document.activeElement.textContent"
        seen.page.keyboard.press("Tab")
        assert seen.runs(focused) == "Skip to the report"
        assert seen.runs("document.activeElement.getBoundingClientRect().left") >= 0
        seen.page.keyboard.press("Enter")
        seen.page.keyboard.press("Tab")
        assert seen.runs("document.activeElement.closest('main') !== null")
        seen.page.locator("#ally-china a.signal").first.focus()
        seen.page.keyboard.press("Enter")
        assert seen.runs("document.querySelector('tr:target').id") == "signal-90"


def test_it_is_the_same_in_every_time_zone(browser: Browser, page: Path) -> None:
    seen_there = []
    for zone in ("UTC", "Pacific/Auckland", "America/Los_Angeles"):
        with opened(browser, page, timezone_id=zone) as seen:
            seen_there.append(drawn(seen).page.locator("figure[data-chart=chart-china] .drawing").inner_html())
    assert len(set(seen_there)) == 1


def test_hostile_text_is_shown_and_does_nothing(browser: Browser, hostile: Path) -> None:
    with opened(browser, hostile) as seen:
        drawn(seen)
        assert seen.page.locator("h2", has_text=KEPT["HTML"].strip()).count() == 1
        assert seen.page.locator("blockquote p").inner_text() == KEPT["SCRIPT"]
        assert seen.count("script:not([type])") == 1
        assert seen.count("body img, body iframe, body b, svg[onload], [onerror]") == 0
        links = seen.runs("[...document.querySelectorAll('a')].map((a) => a.protocol)")
        assert set(links) <= {"file:", "https:", "http:"}
        for name in ("SCRIPT", "HTML", "MARKDOWN_LINK"):
            said = json.dumps(KEPT[name][:20])
            seen.page.locator(f"figure[data-chart=chart-china] .drawing path[aria-label*={said}]").dispatch_event(
                "pointermove"
            )
            seen.page.locator("#told.visible", has_text=KEPT[name][:20]).wait_for()
            assert seen.count("#told img, #told script, #told a") == 0
        assert seen.said == []
        assert seen.asked == [hostile.as_uri()]
