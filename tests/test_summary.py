"""summary: the overview and the dossier, their figures, their forms and their layout."""

import csv
import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from scrutiny.cli.summary import dossier_of, overview_of
from scrutiny.core.filters import Question
from scrutiny.render import As, render
from scrutiny.store.opening import open_ledger
from scrutiny.view import View
from tests.conftest import SAMPLE_DAY, Ran, Run
from tests.stores import is_there

DRIVERS = (
    "Drivers   war: North Korea +3.0, Belarus +2.5, Syria +0.7 · power shift: China +1.8, Syria +1.0, Iran +1.0 · "
    "sanctions: India -0.7, Iran +0.6, China -0.5 · home politics: Belarus +0.3, Syria -0.2"
)
RESTS_ON = (
    "Rests on  North Korea 36%, Belarus 29%, Iran 14%, Syria 13%, China 8% of the warmth (no stakes set), "
    "as if on 3.9 equal allies · 5 of 6 likely on Russia's side · new in the last year: none"
)
LINE = "Energy and goods trade, a shared distance to the US-led order, a partnership without a defence pact"
NAMES = ["North Korea", "Belarus", "Iran", "Syria", "China", "India"]
SLUGS = ["north-korea", "belarus", "iran", "syria", "china", "india"]
KEYS = (
    "ally name code signals signal_days first last by_kind level level_low level_high p_positive was expected news "
    "p_up p_down direction likelihood confidence hangs_on path"
).split()  # in the order in which they are documented
BEGIN = """No signals yet. Three ways to begin:
  scrutiny demo                                       see it at work on a sample
  scrutiny log china visit "Wang Yi in Moscow" B2     log your first signal
  scrutiny import signals.csv                         bring in a CSV
"""
LEGEND = (
    "[ ] 90% band · level: -10 rupture to +10 alliance · last: days since the last signal · "
    "confidence: does the direction stand without any one signal? · kinds: support/distancing/sanctions"
)
MARKS = "! a day as far out as this had less than 10% probability, !! less than 1%"
OWN = ("hangs_on", "parts", "latest")  # what holds numbers of signals, which belong to one ledger


def judged(run: Run, *args: str) -> dict[str, Any]:
    """What a summary says as JSON, as of the sample's last day unless asked otherwise."""
    day = [] if any(arg.startswith("--as-of") for arg in args) else ["--as-of", SAMPLE_DAY]
    ran = run("summary", *args, *day, "-f", "json")
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, Any] = json.loads(ran.out)
    return found


def allies(run: Run, *args: str) -> dict[str, dict[str, Any]]:
    return {ally["ally"]: ally for ally in judged(run, *args)["allies"]}


def comparable(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The allies of a summary without what differs between ledgers of the same signals."""
    return [{key: value for key, value in ally.items() if key not in OWN} for ally in found["allies"]]


def table(run: Run, *args: str) -> list[str]:
    """The lines of a summary as people read it when piped."""
    ran = run("summary", *args)
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


# -- the figures of the sample


def test_the_overview_ranks_the_allies_by_level(run: Run, sample: Path) -> None:
    assert [(slug, round(ally["level"], 1)) for slug, ally in allies(run).items()] == [
        ("north-korea", 4.3),
        ("belarus", 3.5),
        ("iran", 1.7),
        ("syria", 1.5),
        ("china", 1.0),
        ("india", -0.7),
    ]


@pytest.mark.parametrize(
    ("slug", "side", "direction", "likelihood", "likely"),
    [
        ("north-korea", 0.99, "no clear direction", None, None),
        ("belarus", 0.96, "strengthening", "likely", 0.79),
        ("iran", 0.85, "no clear direction", None, None),
        ("syria", 0.75, "no news", None, None),
        ("china", 0.74, "strengthening", "likely", 0.66),
        ("india", 0.28, "strengthening", "likely", 0.67),
    ],
)
def test_each_ally_has_its_side_and_direction(
    run: Run, sample: Path, slug: str, side: float, direction: str, likelihood: str | None, likely: float | None
) -> None:
    ally = allies(run)[slug]
    assert round(ally["p_positive"], 2) == side
    assert (ally["direction"], ally["likelihood"]) == (direction, likelihood)
    if likely is not None:
        assert round(ally["p_up"], 2) == likely


def test_china_is_told_whole(run: Run, sample: Path) -> None:
    china = allies(run)["china"]
    rounded = {key: round(china[key], 2) for key in KEYS if isinstance(china[key], float)}
    assert rounded == {
        "level": 1.02,
        "level_low": -1.56,
        "level_high": 3.9,
        "p_positive": 0.74,
        "was": 0.3,
        "expected": 0.32,
        "news": 0.7,
        "p_up": 0.66,
        "p_down": 0.24,
    }
    counts = {key: china[key] for key in ("signals", "signal_days", "first", "last", "by_kind", "code")}
    assert counts == {
        "signals": 19,
        "signal_days": 19,
        "first": "2022-02-04",
        "last": "2026-05-20",
        "by_kind": {"support": 7, "distancing": 6, "sanctions": 6},
        "code": "CHN",
    }


def test_the_overview_reads_as_people_read_it(run: Run, sample: Path) -> None:
    lines = table(run, "--as-of", SAMPLE_DAY)
    assert lines[0] == ("Russia's allies on 2026-05-20 · direction over 90 days (since 2026-02-19) · 90 signals")
    assert " ".join(lines[1].split()) == (
        "level -10 0 +10 on Russia's side direction confidence hangs on last last year kinds"
    )
    rows = [" ".join(line.split()) for line in lines[2:8]]
    for row, said in zip(
        rows,
        [
            "North Korea +4.3 almost certain 99% ─ no clear direction - - 65d",
            "Belarus +3.5 almost certain 96% ▲ likely 79% low #89 2d",
            "Iran +1.7 very likely 85% ─ no clear direction - - 72d",
            "Syria +1.5 likely 75% no news for 112d - - 112d",
            "China +1.0 likely 74% ▲ likely 66% low #90 0d",
            "India -0.7 unlikely 28% ▲ likely 67% low #86 76d",
        ],
        strict=True,
    ):
        words = [word for word in row.split() if not set(word) & set("·▁▂▃▅▆▇█") and word.count("/") != 2]
        assert " ".join(words) == said
    assert lines[8:] == [
        DRIVERS,
        RESTS_ON,
        LEGEND,
        "next: summary ALLY, explain ALLY",
    ]


def test_the_dossier_reads_as_people_read_it(run: Run, sample: Path) -> None:
    lines = table(run, "china", "--as-of", SAMPLE_DAY)
    assert lines[:8] == [
        "China and Russia on 2026-05-20 · 19 signals since 2022-02-04, 5 in the last year",
        f"Basis         {LINE}",
        "Level         +1.0  ········[─┼●──]······  band -1.6..+3.9 · on Russia's side: likely (74%)",
        "Direction     ▲ strengthening since 2026-02-19: likely (66%)",
        "Confidence    low: without #90 nothing is left of it",
        "Would turn    one more B1 at -0.2 on 20 May 2026 erases it; one at -5.5 turns it",
        "Lasting/mood  +0.5 / +0.6 · temperament: volatile, a mood halves in 28 days",
        "Both sides    yes: over the last year +2.2 for, -1.2 against · ambivalence +0.7",
    ]
    parts = [line.partition("#")[0].rstrip() for line in lines[9:14]]
    assert [" ".join(part.split()) for part in parts] == [
        "Level of support 7 +4.9 +2.1",
        "Distancing 6 -1.6 -0.4",
        "Sanctions effects 6 -2.6 -0.7",
        "Economic viability 10 -0.9 -0.4",
        "Domestic pressures 0 - - none logged",
    ]
    assert lines[9].partition("#")[2] == (
        "90 20 May 2026 joint +5.0 C2  Xi and Putin sign a declaration on a multipolar world in Beijing, "
        "days after a visit by Trump"
    )
    assert [line.split()[0] for line in lines[15:20]] == ["#90", "#82", "#74", "#70", "#69"]
    assert lines[20:] == [
        (
            "[ ] 90% band · mean: weighed by grade · carries: the group's part of the level · "
            "economic and domestic count some of the same signals again"
        ),
        "next: explain china, list china, show ID",
    ]


def test_the_dossier_marks_the_days_of_a_year_that_surprised(run: Run, sample: Path) -> None:
    lines = table(run, "india", "--as-of", SAMPLE_DAY)
    assert "Surprising    5 Dec 2025 #76 !! 0.7%" in lines
    at = lines.index("latest") + 1
    assert [line.split()[:3] for line in lines[at : at + 5]] == [
        ["#86", "2026-03-05", "reroute"],
        ["#83", "2026-02-24", "abstain"],
        ["#80", "2026-02-02", "relief"],
        ["#76", "2025-12-05", "!!"],
        ["#75", "2025-11-20", "halt"],
    ]
    assert MARKS in lines
    (india,) = judged(run, "india")["allies"]
    assert [(day["date"], round(day["probability"], 4)) for day in india["surprising"]] == [("2025-12-05", 0.0071)]


def test_a_surprise_is_told_for_a_year(run: Run, sample: Path) -> None:
    for day, told in (("2026-12-04", True), ("2026-12-05", False)):
        (india,) = judged(run, "india", "--as-of", day)["allies"]
        lines = table(run, "india", "--as-of", day)
        assert bool(india["surprising"]) is told
        assert any(line.startswith("Surprising") for line in lines) is told
        assert (MARKS in lines) is told


@pytest.mark.parametrize(
    ("slug", "said", "figures"),
    [
        (
            "belarus",
            "one more B1 at -0.8 on 20 May 2026 erases it; none turns it",
            {"ends": -0.8, "up": None, "down": None},
        ),
        (
            "syria",
            "one more B1 on 20 May 2026 at +2.9 makes it ▲ strengthening, at +0.8 makes it ▼ weakening",
            {"ends": None, "up": 2.9, "down": 0.8},
        ),
        (
            "north-korea",
            "one more B1 on 20 May 2026 at +4.3 makes it ▼ weakening",
            {"ends": None, "up": None, "down": 4.3},
        ),
    ],
)
def test_the_dossier_says_what_one_more_signal_would_change(
    run: Run, sample: Path, slug: str, said: str, figures: dict[str, float | None]
) -> None:
    assert f"Would turn    {said}" in table(run, slug, "--as-of", SAMPLE_DAY)
    (ally,) = judged(run, slug)["allies"]
    assert ally["would_turn"] == figures


def test_what_one_more_signal_would_change_it_changes(run: Run, sample: Path) -> None:
    for score, kind, direction in (("-0.2", "distancing", "no clear direction"), ("-0.1", "distancing", None)):
        assert run("log", "china", kind, "One more", SAMPLE_DAY, "B1", "--score", score).code == 0
        assert allies(run)["china"]["direction"] == (direction or "strengthening")
        run("undo", "--yes")


def test_both_sides_are_what_the_last_years_signals_say_by_weight(run: Run, sample: Path) -> None:
    (china,) = judged(run, "china")["allies"]
    signals = json.loads(run("list", "china", "--since", "2025-05-21", "-f", "json").out)["signals"]
    weights = {"C2": 0.375, "B2": 0.5625, "B3": 0.375, "B1": 0.75}
    weighed = [(weights[signal["grade"]], signal["score"]) for signal in signals]
    whole = sum(weight for weight, _ in weighed)
    positive, negative = (sum(weight * max(0, sign * score) for weight, score in weighed) / whole for sign in (1, -1))
    assert china["both_sides"] == pytest.approx(
        {
            "for": positive,
            "against": negative,
            "ambivalence": (positive + negative) / 2 - abs(positive - negative),
        }
    )
    iran = table(run, "iran", "--as-of", SAMPLE_DAY)
    assert "Both sides    no: over the last year +3.1 for, 0.0 against · ambivalence -1.6" in iran


def test_the_parts_of_a_level_add_up_to_it(run: Run, sample: Path) -> None:
    for slug in SLUGS:
        (ally,) = judged(run, slug)["allies"]
        kinds = sum(ally["parts"][kind]["carries"] for kind in ("support", "distancing", "sanctions"))
        assert kinds == pytest.approx(ally["level"], abs=1e-9)
        assert ally["lasting"] + ally["mood"] == pytest.approx(ally["level"], abs=1e-9)


def test_the_shares_of_the_portfolio_add_up_to_one(run: Run, sample: Path) -> None:
    rests = judged(run)["rests_on"]
    assert sum(rests["shares"].values()) == pytest.approx(1, abs=1e-12)
    assert rests["equal_allies"] == pytest.approx(1 / sum(s * s for s in rests["shares"].values()), abs=1e-12)
    assert list(rests["shares"]) == SLUGS[:5]


# -- the forms


def test_json_has_the_documented_keys_in_their_order(run: Run, sample: Path) -> None:
    found = judged(run)
    assert [key for key in found if key in ("as_of", "window_days", "principal", "origin", "allies")] == [
        "as_of",
        "window_days",
        "principal",
        "origin",
        "allies",
    ]
    assert [found[key] for key in ("as_of", "window_days", "principal", "origin")] == [
        "2026-05-20",
        90,
        "Russia",
        "desk",
    ]
    for ally in found["allies"]:
        assert [key for key in ally if key in KEYS] == KEYS


@pytest.mark.parametrize("slug", SLUGS)
def test_the_dossier_has_the_keys_of_the_overview_and_more(run: Run, sample: Path, slug: str) -> None:
    (one,) = judged(run, slug)["allies"]
    overview = allies(run)[slug]
    assert {key: one[key] for key in overview} == overview
    assert one.keys() - overview.keys() == {
        "line",
        "parts",
        "would_turn",
        "both_sides",
        "feeds",
        "surprising",
        "latest",
        "note",
    }


def test_likelihood_and_confidence_are_null_without_a_direction(run: Run, sample: Path) -> None:
    found = allies(run)
    said = {slug for slug, ally in found.items() if ally["direction"] in ("strengthening", "weakening")}
    assert said == {"belarus", "china", "india"}
    for slug, ally in found.items():
        unsaid = (ally["likelihood"] is None, ally["confidence"] is None, ally["hangs_on"] == [])
        assert unsaid == ((False,) * 3 if slug in said else (True,) * 3)
    rows = csv.DictReader(run("summary", "--as-of", SAMPLE_DAY, "-f", "csv").out.splitlines())
    assert {row["ally"]: (row["confidence"], row["hangs_on"]) for row in rows} == {
        "belarus": ("low", "89"),
        "china": ("low", "90"),
        "india": ("low", "86"),
        "iran": ("", ""),
        "north-korea": ("", ""),
        "syria": ("", ""),
    }


def test_without_a_signal_it_hangs_on_a_direction_is_not_said(run: Run, sample: Path, home: Path) -> None:
    for slug, ally in allies(run).items():
        for number in ally["hangs_on"]:
            uid = json.loads(run("show", str(number), "-f", "json").out)["signal"][0]["uid"]
            lines = run("export").out.splitlines(keepends=True)
            (home / "rest.csv").write_text("".join(line for line in lines if not line.startswith(f"{uid},")))
            rest = str(home / f"{slug}.db")
            assert run("import", "rest.csv", "--db", rest).code == 0
            assert allies(run, "--db", rest)[slug]["direction"] != ally["direction"]


def test_a_direction_that_stands_without_any_one_signal_says_so(run: Run) -> None:
    for month in range(1, 13):
        run("log", "iran", "support", f"Before {month}", f"2025-{month:02}-10", "B1", "--score", "0.5")
    for day in range(10, 15):
        run("log", "iran", "support", f"After {day}", f"2026-05-{day}", "B1", "--score", "8")
    iran = allies(run)["iran"]
    assert (iran["direction"], iran["confidence"], iran["hangs_on"]) == ("strengthening", "high", [])
    assert "Confidence    high: it stands without any one of its signals" in table(run, "iran", "--as-of", SAMPLE_DAY)
    run("undo", "--yes")
    iran = allies(run)["iran"]
    assert (iran["direction"], iran["confidence"], iran["hangs_on"]) == ("strengthening", "moderate", [])
    assert "Confidence    moderate: it stands without any one of its few signals" in table(
        run, "iran", "--as-of", SAMPLE_DAY
    )
    assert re.search(r"^Iran .* moderate +- +7d", "\n".join(table(run, "--as-of", SAMPLE_DAY)), re.MULTILINE)


def test_figures_are_in_full_precision(run: Run, sample: Path) -> None:
    china = allies(run)["china"]
    assert all(china[key] != round(china[key], 6) for key in ("level", "level_low", "level_high", "p_positive"))


def test_the_path_is_a_year_by_weeks_and_ends_with_the_level(run: Run, sample: Path) -> None:
    china = allies(run)["china"]
    days = [date.fromisoformat(point[0]) for point in china["path"]]
    assert {(after - before).days for before, after in pairwise(days)} == {7}
    assert (days[-1].isoformat(), len(days)) == (SAMPLE_DAY, 53)
    assert china["path"][-1][1:] == pytest.approx([china[key] for key in ("level", "level_low", "level_high")])
    assert all(low <= level <= high for _, level, low, high in china["path"])


def test_csv_has_a_row_an_ally_under_the_keys_of_json(run: Run, sample: Path) -> None:
    rows = list(csv.DictReader(run("summary", "--as-of", SAMPLE_DAY, "-f", "csv").out.splitlines()))
    figures = allies(run)
    assert [row["ally"] for row in rows] == SLUGS
    for row in rows:
        ally = figures[row["ally"]]
        flat = {key: value for key, value in ally.items() if key not in ("by_kind", "path")}
        flat |= {f"by_kind_{kind}": count for kind, count in ally["by_kind"].items()}
        flat["hangs_on"] = "; ".join(map(str, ally["hangs_on"]))
        assert row == {key: "" if value is None else str(value) for key, value in flat.items()}


def test_csv_has_the_same_header_where_there_is_nothing(run: Run, sample: Path) -> None:
    header = run("summary", "--as-of", SAMPLE_DAY, "-f", "csv").out.splitlines()[0]
    assert run("summary", "--as-of", "2020-01-01", "-f", "csv") == Ran(0, f"{header}\n", "")


def test_markdown_has_a_heading_a_table_and_lists(run: Run, sample: Path) -> None:
    lines = run("summary", "--as-of", SAMPLE_DAY, "-f", "markdown").out.splitlines()
    assert lines[0].startswith("# Russia's allies on 2026-05-20")
    assert [line.split(" | ")[0] for line in lines if line.startswith("| ")][2:] == [f"| {name}" for name in NAMES]
    assert [line[:14] for line in lines if line.startswith("- ")] == ["- **Drivers** ", "- **Rests on**"]
    counts = {line.replace("\\|", "").count("|") for line in lines if line.startswith("|")}
    assert len(counts) == 1


# -- what is asked


def test_as_of_a_past_day_only_earlier_signals_count(run: Run, sample: Path, home: Path) -> None:
    earlier = str(home / "earlier.db")
    run("export", "--until", "2024-12-31", "--output", "earlier.csv")
    assert run("import", "earlier.csv", "--db", earlier).code == 0
    for args in ((), ("syria",)):
        then = judged(run, *args, "--as-of", "2024-12-31")
        known = judged(run, *args, "--as-of", "2024-12-31", "--db", earlier)
        assert comparable(then) == comparable(known)
        assert {**then, "allies": []} == {**known, "allies": []}


@pytest.mark.parametrize("window", [30, 90, 365])
def test_a_window_looks_back_to_the_level_as_judged_then(run: Run, sample: Path, window: int) -> None:
    began = date.fromordinal(date.fromisoformat(SAMPLE_DAY).toordinal() - window).isoformat()
    now, then = allies(run, "--window", str(window)), allies(run, "--as-of", began)
    for slug in SLUGS:
        assert now[slug]["was"] == pytest.approx(then[slug]["level"], abs=1e-9)
    assert (
        f"direction over {window} days (since {began})"
        in table(run, "--as-of", SAMPLE_DAY, "--window", str(window))[0]
    )


def test_a_window_does_not_change_the_level(run: Run, sample: Path) -> None:
    levels = [
        {slug: ally["level"] for slug, ally in allies(run, "--window", window).items()} for window in ("7", "365")
    ]
    assert levels[0] == pytest.approx(levels[1], abs=1e-12)


def test_by_judges_one_sides_acts_alone(run: Run, sample: Path, home: Path) -> None:
    own = str(home / "own.db")
    run("export", "--by", "ally", "--output", "own.csv")
    assert run("import", "own.csv", "--db", own).code == 0
    assert comparable(judged(run, "--by", "ally")) == comparable(judged(run, "--db", own))
    assert "the allies' own acts only" in table(run, "--by", "ally", "--as-of", SAMPLE_DAY)[0]
    assert judged(run, "--by", "ally")["by"] == "ally"


@pytest.mark.parametrize(
    ("by", "said"), [("principal", " · Russia's acts only"), ("third", " · third parties' acts only")]
)
def test_the_title_says_whose_acts_are_judged(run: Run, sample: Path, by: str, said: str) -> None:
    for args in ((), ("iran",)):
        assert table(run, *args, "--by", by, "--as-of", SAMPLE_DAY)[0].endswith(said)


def test_only_the_desks_signals_are_judged_unless_told_otherwise(run: Run, home: Path) -> None:
    (home / "feed.csv").write_text(
        "uid,date,ally,act,summary,grade,origin,event\n"
        "a,2026-05-01,china,arms,A desk signal,A1,desk,\n"
        "gdelt:1,2026-05-02,china,rupture,A machine-coded event,A1,gdelt,\n"
        "icews:1,2026-05-03,iran,treaty,Another one,A1,icews,\n"
        "gdelt:2,2026-05-04,syria,call,One that was accepted,A1,gdelt,\n"
        "b,2026-05-04,syria,call,One that was accepted,A1,desk,gdelt:2\n"
    )
    assert run("import", "feed.csv").code == 0

    def counts(*args: str) -> dict[str, int]:
        return {slug: ally["signals"] for slug, ally in sorted(allies(run, *args).items())}

    assert counts() == counts("--origin", "desk") == {"china": 1, "syria": 1}
    assert counts("--origin", "gdelt") == {"china": 1, "syria": 1}
    assert counts("--origin", "icews") == {"iran": 1}
    assert counts("--origin", "feeds") == {"china": 1, "iran": 1, "syria": 1}
    assert counts("--origin", "all") == {"china": 2, "iran": 1, "syria": 1}
    assert allies(run, "--origin", "gdelt")["china"]["level"] < 0 < allies(run)["china"]["level"]
    assert table(run, "--origin", "feeds", "--as-of", SAMPLE_DAY)[0].endswith(" · origin feeds")


def test_an_ally_is_found_by_any_of_its_names(run: Run, sample: Path) -> None:
    assert judged(run, "DPRK") == judged(run, "PRK") == judged(run, "north korea") == judged(run, "north-korea")


def test_an_unknown_ally_has_no_dossier(run: Run, sample: Path) -> None:
    assert run("summary", "irann") == Ran(
        3,
        "",
        "error: no ally 'irann'; near: Iran\nhint: to follow an actor that is no state: scrutiny ally add irann\n",
    )


# -- few signals, or none


def test_bare_the_program_says_how_to_begin_on_an_empty_ledger(run: Run, place: str) -> None:
    ran = run()
    assert (ran.code, ran.out) == (0, BEGIN)
    assert not is_there(place)


def test_bare_the_program_prints_the_overview(run: Run, sample: Path) -> None:
    assert run() == run("summary")
    assert run().out.startswith("Russia's allies on 2026-05-21 · ")


@pytest.mark.parametrize(
    "args", [("summary",), ("summary", "china"), ("list",), ("export",), ("ally", "list"), ("setting",)]
)
def test_a_reading_command_makes_no_file(run: Run, home: Path, place: str, args: tuple[str, ...]) -> None:
    before = set(home.rglob("*"))
    ran = run(*args)
    assert (ran.code, ran.err) == (
        0,
        f"note: there is no ledger at {place} yet; the first signal makes it\n",
    )
    assert set(home.rglob("*")) == before


def test_an_ally_without_signals_has_a_dossier_that_says_so(run: Run, sample: Path) -> None:
    run("ally", "add", "Kazakhstan")
    assert table(run, "kazakhstan", "--as-of", SAMPLE_DAY) == [
        "Kazakhstan and Russia on 2026-05-20 · no signals up to this day",
        'log one: scrutiny log kazakhstan visit "what happened" B2',
    ]
    assert "No signals  Kazakhstan" in table(run, "--as-of", SAMPLE_DAY)
    (kazakhstan,) = judged(run, "kazakhstan")["allies"]
    assert kazakhstan["ally"] == "kazakhstan"
    assert kazakhstan["signals"] == 0
    assert kazakhstan["level"] is None
    assert kazakhstan["by_kind"] == {"support": 0, "distancing": 0, "sanctions": 0}
    assert kazakhstan.keys() - judged(run)["allies"][0].keys() == {"note"}


def test_signals_of_the_future_are_not_judged_yet(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow", "2026-06-01", "A1")
    assert (
        table(run, "china")[0]
        == "China and Russia on 2026-05-21 · no signals up to this day · 1 later one not counted"
    )
    assert judged(run)["allies"] == []
    assert [ally["signals"] for ally in judged(run, "--as-of", "2026-06-01")["allies"]] == [1]


def test_one_signal_gives_a_level_and_no_direction(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow", "2026-05-01", "B2")
    (china,) = judged(run)["allies"]
    assert 0 < china["level"] < 2.8
    assert china["level_low"] < china["level"] < china["level_high"]
    moves = ("was", "expected", "news", "p_up", "p_down", "likelihood", "confidence", "temperament")
    assert {key: china[key] for key in moves} == dict.fromkeys(moves)
    assert china["direction"] == "too few signals"
    assert [point[1:] for point in china["path"][:50]] == [[None, None, None]] * 50
    assert china["hangs_on"] == []
    lines = table(run, "china")
    assert "Direction     too few signals" in lines
    assert not [line for line in lines if line.startswith(("Confidence", "Would turn", "Surprising"))]


@pytest.mark.parametrize("grade", ["B2", "E5"])
def test_a_dossier_is_a_row_of_csv_even_where_little_can_be_said(run: Run, grade: str) -> None:
    run("log", "china", "visit", "Xi in Moscow", "2026-05-01", grade)
    ran = run("summary", "china", "--as-of", SAMPLE_DAY, "-f", "csv")
    assert ran.err == ""
    (row,) = csv.DictReader(ran.out.splitlines())
    assert [row[f"would_turn_{which}"] for which in ("ends", "up", "down")] == ["", "", ""]
    sides = {"B2": ["2.8", "0.0"], "E5": ["", ""]}[grade]
    assert [row[f"both_sides_{which}"] for which in ("for", "against")] == sides


def test_signals_that_weigh_nothing_give_no_level(run: Run) -> None:
    run("log", "iran", "visit", "A rumour", "2026-05-01", "E5")
    run("log", "iran", "arms", "Another rumour", "2026-05-02", "A5")
    (iran,) = judged(run)["allies"]
    assert (iran["signals"], iran["signal_days"], iran["direction"]) == (2, 0, "too few signals")
    nothing = ("level", "level_low", "level_high", "p_positive", "was", "expected", "news", "p_up", "p_down")
    assert {key: iran[key] for key in nothing} == dict.fromkeys(nothing)
    assert "Level  none: no signal weighs anything by its grade" in table(run, "iran")
    assert judged(run)["rests_on"]["judged"] == 0


def test_a_portfolio_of_cold_allies_rests_on_nobody(run: Run) -> None:
    run("log", "china,iran", "rupture", "They break relations", "2026-05-01", "A1")
    rests = judged(run)["rests_on"]
    assert (rests["shares"], rests["equal_allies"], rests["on_side"], rests["judged"]) == ({}, None, 0, 2)
    assert "Rests on    0 of 2 likely on Russia's side · new in the last year: China, Iran" in table(run)


def test_stakes_change_what_the_principal_rests_on(run: Run, sample: Path) -> None:
    warmth = judged(run)["rests_on"]["shares"]
    run("ally", "edit", "china", "--stake", "10")
    rests = judged(run)["rests_on"]
    total = 1 + 9 * warmth["china"]
    assert rests["by_stake"] is True
    assert rests["shares"] == pytest.approx(
        {slug: share * (10 if slug == "china" else 1) / total for slug, share in warmth.items()}
    )
    line = next(line for line in table(run, "--as-of", SAMPLE_DAY) if line.startswith("Rests on"))
    assert line.startswith("Rests on  China 48%, North Korea ")
    assert " of the warmth by stake, as if on " in line
    assert "no stakes set" not in line


def test_an_ally_is_new_in_the_year_after_its_first_signal(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow", "2025-05-21", "B2")
    run("log", "iran", "visit", "Araghchi in Moscow", "2025-05-20", "B2")
    assert judged(run, "--as-of", "2026-05-20")["rests_on"]["new"] == ["china"]


# -- the layout

WIDTHS = (60, 80, 100, 120, 160)


@pytest.fixture(scope="module")
def views(sample_template: str) -> dict[str, View]:
    """The overview and every dossier of the sample."""
    question = Question(date.fromisoformat(SAMPLE_DAY), 90)
    with open_ledger(sample_template, writing=False, author="ana") as ledger:
        return {"": overview_of(ledger, question, As.TABLE)} | {
            slug: dossier_of(ledger, slug, question, As.TABLE) for slug in SLUGS
        }


def drawn(view: View, width: int | None = None, *, plain: bool = False) -> list[str]:
    return render(view, As.TABLE, width=width, plain=plain).splitlines()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_longer_than_the_screen_is_wide(views: dict[str, View], width: int) -> None:
    for view in views.values():
        assert max(map(cell_len, drawn(view, width))) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_at_every_width_an_ally_is_one_row_with_level_side_and_direction(views: dict[str, View], width: int) -> None:
    rows = [line for line in drawn(views[""], width) if line.startswith(tuple(NAMES))]
    assert [row[: len(name)] for row, name in zip(rows, NAMES, strict=True)] == NAMES
    for row, said in zip(
        rows,
        (
            ("+4.3", "almost certain 99%", "no clear direction"),
            ("+3.5", "almost certain 96%", "▲ likely 79%"),
            ("+1.7", "very likely    85%", "no clear direction"),
            ("+1.5", "likely         75%", "no news for 112d"),
            ("+1.0", "likely         74%", "▲ likely 66%"),
            ("-0.7", "unlikely       28%", "▲ likely 67%"),
        ),
        strict=True,
    ):
        assert all(part in row for part in said)


@pytest.mark.parametrize(("width", "bars", "paths"), [(60, 0, 0), (100, 6, 0), (120, 6, 6), (160, 6, 6)])
def test_bars_and_paths_are_drawn_where_there_is_room(
    views: dict[str, View], width: int, bars: int, paths: int
) -> None:
    lines = drawn(views[""], width)
    assert sum("●" in line for line in lines) == bars
    assert sum(bool(set(line) & set("▁▂▃▄▅▆▇█")) for line in lines) == paths
    assert sum(bool(re.search(r" \d+/\d+/\d+$", line)) for line in lines) == paths
    assert any(re.search(r" -10 +0 +\+10 ", line) for line in lines) is bool(bars)


BAR = re.compile(r"[·\[\]─┼●]{9,}")


def headed(view: View, width: int) -> tuple[str, list[str]]:
    """The heading of the overview at a width, and its rows."""
    lines = drawn(view, width)
    first = next(at for at, line in enumerate(lines) if line.startswith(NAMES[0]))
    return lines[first - 1], lines[first : first + len(NAMES)]


def test_columns_leave_in_their_order_as_the_screen_narrows(views: dict[str, View]) -> None:
    columns = ("last year", "-10", "hangs on", "confidence")
    headings = [headed(views[""], width)[0] for width in range(160, 61, -1)]
    shown = [tuple(name for name in columns if name in heading) for heading in headings]
    assert list(dict.fromkeys(shown)) == [columns[left:] for left in range(len(columns) + 1)]
    assert all(re.search(r" last( |$)", heading) for heading in headings)


def test_bars_shrink_and_gaps_narrow_before_a_column_leaves(views: dict[str, View]) -> None:
    def room(width: int) -> tuple[list[str], int, bool]:
        """The columns at a width, how long the bars are, whether two blanks stand between columns."""
        heading, rows = headed(views[""], width)
        lengths = {len(found[0]) if (found := BAR.search(row)) else 0 for row in rows}
        assert len(lengths) == 1
        names = re.findall(r"level|-10|side|direction|confidence|hangs on|last year|last|kind", heading)
        return names, lengths.pop(), "]  " in rows[0] or "%  " in rows[0]

    at = {width: room(width) for width in range(62, 161)}
    assert at[160][1:] == (21, True)
    for width in range(62, 160):
        (columns, bar, wide), (more, longer, wider) = at[width], at[width + 1]
        if columns == more:
            assert (bar, wide) <= (longer, wider)
        else:
            assert (longer, wider) in ((9, False), (0, False))


def test_a_bar_stands_under_its_heading_however_short(views: dict[str, View]) -> None:
    for width in range(100, 131):
        heading, rows = headed(views[""], width)
        scale = re.search(r"-10 +0 +\+10", heading)
        assert scale
        zero = scale.start() + len(scale[0]) // 2
        assert heading[zero] == "0"
        for row in rows:
            assert BAR.fullmatch(row[scale.start() : scale.end()])
            assert row[zero] in "┼●[]"
            assert row[scale.start() : scale.end()].count("●") == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_no_word_is_lost_however_narrow_the_screen(views: dict[str, View], width: int) -> None:
    telling = "Xi and Putin sign a declaration on a multipolar world in Beijing, days after a visit by Trump"
    words = " ".join(drawn(views["china"], width)).split()
    assert all(words.count(word) >= telling.split().count(word) * 2 for word in telling.split())
    assert " ".join(LEGEND.split()) in " ".join(" ".join(drawn(views[""], width)).split())


def test_piped_nothing_is_styled_broken_or_cut(run: Run, sample: Path, views: dict[str, View]) -> None:
    for slug, view in views.items():
        out = run("summary", *filter(None, [slug]), "--as-of", SAMPLE_DAY).out
        assert out.splitlines() == drawn(view)
        assert "\x1b" not in out
        assert "…" not in out


def test_piped_output_does_not_follow_the_terminals_width(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = run("summary", "--as-of", SAMPLE_DAY)
    monkeypatch.setenv("COLUMNS", "40")
    assert run("summary", "--as-of", SAMPLE_DAY) == wide


def test_colours_come_only_where_they_are_forced(run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run("summary").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("summary").out


@pytest.mark.parametrize("width", [*WIDTHS, None])
def test_where_the_terminal_has_no_unicode_all_is_ascii(views: dict[str, View], width: int | None) -> None:
    for view in views.values():
        plain, full = drawn(view, width, plain=True), drawn(view, width)
        assert "".join(plain).isascii()
        assert [len(line) for line in plain] == [len(line) for line in full]


def test_the_ascii_bar_still_shows_band_zero_and_level(views: dict[str, View]) -> None:
    assert "........[-+o--]......" in "\n".join(drawn(views["china"], 100, plain=True))


def test_an_ally_with_feed_events_alone_has_no_level_and_a_hint(run: Run) -> None:
    run("import", "-", stdin="uid,date,ally,act,summary,origin\ng:1,2026-05-01,China,visit,Xi in Moscow,gdelt\n")
    assert table(run, "china")[0] == "China and Russia on 2026-05-21 · no signals up to this day"
    assert table(run, "china")[-1] == "1 feed event apart; a level of their own: summary china --origin feeds"
    (china,) = judged(run, "china", "--origin", "feeds")["allies"]
    assert (china["signals"], china["level"] > 0) == (1, True)
