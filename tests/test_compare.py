"""compare: allies side by side, how far their levels are apart, and how likely one stands higher."""

import csv
import json
from collections import Counter
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from scrutiny.view import level
from tests.conftest import SAMPLE_DAY, Ran, Run
from tests.stores import is_there

THREE = """\
China, Iran, India side by side on 2026-05-20 · direction over 90 days (since 2026-02-19)
                    China             Iran                  India
Signals             19                17                    11
Last                0d                72d                   76d
Level               +1.0              +1.7                  -0.7
Band                -1.6..+3.9        -1.1..+4.8            -3.1..+1.9
On Russia's side    likely 74%        very likely 85%       unlikely 28%
Direction           ▲ likely 66%      ─ no clear direction  ▲ likely 67%
Confidence          low: #90          -                     low: #86
Lasting/mood        +0.5 / +0.6       +1.3 / +0.4           -0.8 / +0.1
Temperament         volatile          volatile              not settled
Level of support    +2.1 (7)          +2.3 (8)              +0.5 (2)
Distancing          -0.4 (6)          -0.5 (6)              -0.5 (4)
Sanctions effects   -0.7 (6)          -0.1 (3)              -0.7 (5)
Economic viability  -0.4 (10)         +0.5 (3)              -0.2 (7)
Domestic pressures  -                 -                     -
Both sides          yes: +2.2 / -1.2  no: +3.1 / 0.0        yes: +1.7 / -1.7
               difference  the first stands higher
China - Iran         -0.7  unlikely    38%
China - India        +1.7  likely      79%
Iran - India         +2.4  very likely 86%
last: days since the last signal · of each kind: what it carries of the level, and how many signals · \
difference: the first less the second
next: explain ALLY, summary ALLY
"""
SLUGS = ("north-korea", "belarus", "iran", "syria", "china", "india")
FACTS = "as_of window_days principal origin by allies differences".split()
LABELS = [line[:20].strip() for line in THREE.splitlines()[2:17]]


def compared(run: Run, *args: str) -> dict[str, Any]:
    """What compare says as JSON, as of the sample's last day."""
    ran = run("compare", *args, "--as-of", SAMPLE_DAY, "-f", "json")
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, Any] = json.loads(ran.out)
    return found


def lines(run: Run, *args: str) -> list[str]:
    """The lines of compare as people read them when piped."""
    ran = run("compare", *args, "--as-of", SAMPLE_DAY)
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


@pytest.fixture
def width(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> int:
    """A screen so many columns wide."""
    columns: int = request.param
    monkeypatch.setattr("scrutiny.cli.present._width", lambda: columns)
    return columns


# -- the figures


def test_three_allies_read_as_people_read_them(run: Run, sample: Path) -> None:
    assert run("compare", "china", "iran", "india", "--as-of", SAMPLE_DAY) == Ran(0, THREE, "")


@pytest.mark.parametrize("width", [100], indirect=True)
@pytest.mark.usefixtures("width")
def test_three_allies_fit_on_a_screen_of_100_columns(run: Run, sample: Path) -> None:
    found, whole = lines(run, "china", "iran", "india"), THREE.splitlines()
    assert (found[:21], " ".join(found[21:])) == (whole[:21], " ".join(whole[21:]))


def test_two_allies_read_as_two_of_three(run: Run, sample: Path) -> None:
    two, three = lines(run, "china", "iran"), THREE.splitlines()
    assert two[0] == three[0].replace("China, Iran, India", "China, Iran")
    assert two[1:17] == [line[:58].rstrip() for line in three[1:17]]
    assert [" ".join(line.split()) for line in two[17:19]] == [" ".join(line.split()) for line in three[17:19]]
    assert two[19:] == three[21:]


def test_allies_stand_in_the_order_in_which_they_are_named(run: Run, sample: Path) -> None:
    for order in permutations(("china", "iran", "syria")):
        found = compared(run, *order)
        assert [ally["ally"] for ally in found["allies"]] == list(order)
        assert [(one["ally"], one["other"]) for one in found["differences"]] == list(combinations(order, 2))
        assert lines(run, *order)[1].lower().split() == list(order)


@pytest.mark.parametrize("more", [(), ("--by", "ally", "--window", "365")])
def test_the_figures_are_those_of_summary(run: Run, sample: Path, more: tuple[str, ...]) -> None:
    overview = json.loads(run("summary", "--as-of", SAMPLE_DAY, *more, "-f", "json").out)["allies"]
    for one in compared(run, *SLUGS, *more)["allies"]:
        ran = run("summary", one["ally"], "--as-of", SAMPLE_DAY, *more, "-f", "json")
        (dossier,) = json.loads(ran.out)["allies"]
        assert one == {key: dossier[key] for key in one}
        assert one in overview


def test_the_parts_and_sides_are_those_of_the_dossier(run: Run, sample: Path) -> None:
    found = dict(zip(SLUGS, zip(*(_cells(line) for line in lines(run, *SLUGS)[2:17]), strict=True), strict=True))
    for slug, cells in found.items():
        said = dict(zip(LABELS, cells, strict=True))
        (dossier,) = json.loads(run("summary", slug, "--as-of", SAMPLE_DAY, "-f", "json").out)["allies"]
        for label, key in (
            ("Level of support", "support"),
            ("Distancing", "distancing"),
            ("Sanctions effects", "sanctions"),
            ("Economic viability", "economic"),
            ("Domestic pressures", "domestic"),
        ):
            part = dossier["parts"][key]
            assert said[label] == (f"{level(part['carries'])} ({part['signals']})" if part["signals"] else "-")
        sides = dossier["both_sides"]
        plays = "yes" if sides["ambivalence"] > 0 else "no"
        assert said["Both sides"] == f"{plays}: {level(sides['for'])} / {level(-sides['against'])}"


def _cells(line: str) -> list[str]:
    """The cells of a line after its label."""
    return [cell.strip() for cell in line[20:].split("  ") if cell.strip()]


def test_differences_are_those_of_the_levels(run: Run, sample: Path) -> None:
    found = compared(run, *SLUGS)
    levels = {ally["ally"]: ally["level"] for ally in found["allies"]}
    assert len(found["differences"]) == 15
    for one in found["differences"]:
        assert one["difference"] == pytest.approx(levels[one["ally"]] - levels[one["other"]], abs=1e-12)


def test_one_of_two_stands_higher(run: Run, sample: Path) -> None:
    there = {(one["ally"], one["other"]): one["p_higher"] for one in compared(run, *SLUGS)["differences"]}
    back = {(one["other"], one["ally"]): one["p_higher"] for one in compared(run, *SLUGS[::-1])["differences"]}
    assert there.keys() == back.keys()
    for pair, higher in there.items():
        assert 0 < higher < 1
        assert higher + back[pair] == pytest.approx(1, abs=1e-6)


def test_allies_of_like_signals_are_as_likely_to_stand_higher(run: Run) -> None:
    for day in range(1, 5):
        run("log", "china,iran", "visit", "Both in Moscow", f"2026-04-0{day}", "B2")
    (one,) = compared(run, "china", "iran")["differences"]
    assert (one["difference"], one["p_higher"]) == (0.0, pytest.approx(0.5, abs=1e-6))
    assert "China - Iran 0.0 roughly even 50%" in [" ".join(line.split()) for line in lines(run, "china", "iran")]


def test_an_ally_far_above_is_almost_certain_to_stand_higher(run: Run) -> None:
    for day in range(1, 15):
        run("log", "china", "support", "Warm", f"2026-04-{day:02}", "A1", "--score", "9")
        run("log", "iran", "distancing", "Cold", f"2026-04-{day:02}", "A1", "--score", "-9")
    (one,) = compared(run, "china", "iran")["differences"]
    (other,) = compared(run, "iran", "china")["differences"]
    assert 0.999 < one["p_higher"] <= 1
    assert 0 <= other["p_higher"] < 0.001


# -- what is asked


@pytest.mark.parametrize("names", [("china",), ("china", "china"), ("china", "PRC", "CHN")])
def test_comparing_takes_two_different_allies(run: Run, sample: Path, names: tuple[str, ...]) -> None:
    assert run("compare", *names) == Ran(
        2, "", "error: comparing takes two different allies\nhint: scrutiny compare china iran\n"
    )


def test_comparing_nobody_is_refused(run: Run, sample: Path) -> None:
    ran = run("compare")
    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (2, "", "error: missing argument 'ALLY ALLY...'")


def test_an_ally_named_twice_stands_once(run: Run, sample: Path) -> None:
    assert compared(run, "china", "iran", "CHN") == compared(run, "china", "iran")


def test_an_unknown_ally_is_refused(run: Run, sample: Path) -> None:
    assert run("compare", "china", "irann") == Ran(
        3,
        "",
        "error: no ally 'irann'; near: Iran\nhint: to follow an actor that is no state: scrutiny ally add irann\n",
    )


def test_an_ally_without_signals_has_a_column_and_no_difference(run: Run, sample: Path) -> None:
    run("ally", "add", "Kazakhstan")
    found = compared(run, "china", "kazakhstan", "iran")
    (silent,) = json.loads(run("summary", "kazakhstan", "--as-of", SAMPLE_DAY, "-f", "json").out)["allies"]
    assert found["allies"][1] == {key: silent[key] for key in found["allies"][1]}
    assert [(one["ally"], one["other"]) for one in found["differences"]] == [("china", "iran")]
    cells = dict(zip(LABELS, (_cells(line)[1] for line in lines(run, "china", "kazakhstan")[2:17]), strict=True))
    assert cells == dict.fromkeys(LABELS, "-") | {"Signals": "0", "Direction": "too few signals"}
    assert not [line for line in lines(run, "china", "kazakhstan") if "difference  " in line]


def test_an_ally_whose_signals_weigh_nothing_has_no_level_to_compare(run: Run, sample: Path) -> None:
    run("ally", "add", "Kazakhstan")
    run("log", "kazakhstan", "visit", "A rumour", "2026-05-01", "E5")
    found = compared(run, "china", "kazakhstan")
    assert (found["allies"][1]["signals"], found["allies"][1]["level"], found["differences"]) == (1, None, [])
    cells = dict(zip(LABELS, (_cells(line)[1] for line in lines(run, "china", "kazakhstan")[2:17]), strict=True))
    assert (cells["Signals"], cells["Last"], cells["Level"], cells["Level of support"]) == (
        "1",
        "19d",
        "-",
        "0.0 (1)",
    )


def test_the_title_says_whose_signals_are_judged_and_what_is_left_out(run: Run, sample: Path) -> None:
    def title(*args: str) -> str:
        return run("compare", "china", "iran", *args).out.splitlines()[0]

    assert title("--as-of", SAMPLE_DAY, "--by", "third").endswith(" · third parties' acts only")
    assert title("--as-of", SAMPLE_DAY, "--origin", "feeds").endswith(" · origin feeds")
    assert title("--as-of", "2026-04-30", "--window", "30") == (
        "China, Iran side by side on 2026-04-30 · direction over 30 days (since 2026-03-31) · 1 later one not counted"
    )


def test_only_what_was_known_on_a_day_is_compared(run: Run, sample: Path, home: Path) -> None:
    earlier = str(home / "earlier.db")
    run("export", "--until", "2024-12-31", "--output", "earlier.csv")
    assert run("import", "earlier.csv", "--db", earlier).code == 0
    args = ("compare", "china", "iran", "--as-of", "2024-12-31", "-f", "csv")
    assert run(*args) == run(*args, "--db", earlier)


def test_an_empty_ledger_has_nothing_to_compare(run: Run, place: str) -> None:
    ran = run("compare", "china", "iran", "-f", "json")
    assert (ran.code, ran.err.count("\n")) == (0, 1)
    assert ran.err.startswith("note: there is no ledger at ")
    found = json.loads(ran.out)
    assert ([ally["level"] for ally in found["allies"]], found["differences"]) == ([None, None], [])
    assert not is_there(place)


# -- the forms


def test_json_has_its_keys_in_their_order(run: Run, sample: Path) -> None:
    found = compared(run, "china", "iran", "--by", "ally", "--window", "60")
    assert list(found) == FACTS
    assert [found[key] for key in FACTS[:5]] == ["2026-05-20", 60, "Russia", "desk", "ally"]
    overview = json.loads(run("summary", "--as-of", SAMPLE_DAY, "-f", "json").out)["allies"]
    assert [list(ally) for ally in found["allies"]] == [list(overview[0])] * 2
    assert [list(one) for one in found["differences"]] == [["ally", "other", "difference", "p_higher"]]


def test_csv_has_the_rows_of_summary(run: Run, sample: Path) -> None:
    out = run("compare", "china", "iran", "--as-of", SAMPLE_DAY, "-f", "csv").out.splitlines()
    whole = run("summary", "--as-of", SAMPLE_DAY, "-f", "csv").out.splitlines()
    assert out[0] == whole[0]
    assert [row["ally"] for row in csv.DictReader(out)] == ["china", "iran"]
    assert set(out) < set(whole)


def test_markdown_has_a_column_an_ally(run: Run, sample: Path) -> None:
    found = run("compare", "china", "iran", "--as-of", SAMPLE_DAY, "-f", "markdown").out.splitlines()
    assert found[0] == f"# {lines(run, 'china', 'iran')[0]}"
    assert "|  | China | Iran |" in found
    assert "| Confidence | low: \\#90 | - |" in found
    assert "| China - Iran | -0.7 | unlikely 38% |" in found
    assert sum(line.startswith("| ") for line in found) == 17 + 3


@pytest.mark.parametrize("width", [60, 80, 120], indirect=True)
def test_no_word_is_lost_and_no_line_too_long_however_narrow_the_screen(run: Run, sample: Path, width: int) -> None:
    for names in (("china", "iran"), ("north-korea", "iran", "belarus")):
        narrow = run("compare", *names, "--as-of", SAMPLE_DAY).out
        assert max(map(cell_len, narrow.splitlines())) <= width
        whole = run("compare", *names, "--as-of", SAMPLE_DAY, "-f", "markdown").out
        words = Counter(whole.replace("\\", "").replace("*", "").replace("| ---", "").replace("|", "").split())
        del words["#"], words[":"], words["---:"]
        assert words - Counter(narrow.split()) == Counter()


@pytest.mark.parametrize("width", [60], indirect=True)
@pytest.mark.usefixtures("width")
def test_no_letter_is_lost_where_many_are_compared(run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = run("compare", *SLUGS, "--as-of", SAMPLE_DAY).out
    monkeypatch.setattr("scrutiny.cli.present._width", lambda: None)
    wide = run("compare", *SLUGS, "--as-of", SAMPLE_DAY).out
    assert max(map(cell_len, narrow.splitlines())) <= 60
    assert narrow.count("Economic viability") == 3  # two allies at a time, each figure whole
    assert Counter("".join(wide.split())) <= Counter("".join(narrow.split()))


def test_a_hostile_name_is_shown_and_acted_upon_by_nothing(run: Run, sample: Path) -> None:
    name = "=1+1 \u202eEvil [red]"
    assert run("ally", "add", name, "--slug", "evil").code == 0
    assert run("log", "evil", "visit", "What happened", "2026-05-01", "B2").code == 0
    for form in ("table", "markdown", "json"):
        assert "\u202e" not in run("compare", "evil", "china", "--as-of", SAMPLE_DAY, "-f", form).out
    shown = "=1+1 \\u202eEvil [red]"
    found = lines(run, "evil", "china")
    assert found[0].startswith(f"{shown}, China side by side on ")
    assert found[1].split("  ")[-2:] == [shown, "China"]
    assert any(line.startswith(f"{shown} - China  ") for line in found)
    (row, _) = csv.DictReader(run("compare", "evil", "china", "--as-of", SAMPLE_DAY, "-f", "csv").out.splitlines())
    assert row["name"] == f"'{name}"
