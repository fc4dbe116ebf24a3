"""explain: the bridge, what carries the level, what one signal did, and what is said where there is nothing."""

import csv
import json
import math
from pathlib import Path
from typing import Any

import pytest

from scrutiny.reports.basis import WEIGHTS
from tests.conftest import SAMPLE_DAY, Ran, Run
from tests.stores import is_there

AT = ("--as-of", SAMPLE_DAY)
STEP = "step id date act score grade weight moved level alone summary".split()
PART = "id date act score grade weight carries level_without summary".split()
ONE = [*PART, "foretold", "surprise", "moved", "direction_without"]
ASKED = "as_of window_days principal origin by ally level direction".split()
WHY = "was time likelihood confidence hangs_on would_turn constants temperaments".split()
SLUGS = ["north-korea", "belarus", "iran", "syria", "china", "india"]

MODEL = (
    "model: noise of a day 1 + 3/weight, tails of 12 degrees; lasting part 16; moods steady 0.5 over 730 days (40%), "
    "changeable 8 over 365 days (8%), volatile 2 over 40 days (52%); scale 0.6 at 3 degrees, keeping 0.98 a day · "
    "docs/method.md"
)
LARGEST = """\
#90  2026-05-20  joint     +5.0  C2 .38    +0.84       +0.20  Xi and Putin sign a declaration on a \
multipolar world in Beijing, days after a visit by Trump
#62  2025-05-08  joint     +5.0  B1 .75    +0.28       +0.71  In Moscow for Victory Day, Xi calls the two \
states friends of steel and signs a joint statement with Putin
#74  2025-10-23  halt      -4.5  B2 .56    -0.25       +1.38  PetroChina, Sinopec, CNOOC and Zhenhua \
reportedly pause seaborne Russian crude after US action on oil majors
#44  2024-05-16  joint     +5.0  B1 .75    +0.23       +0.82  Hosting Putin on a state visit, Xi signs a \
joint statement deepening the strategic partnership
#70  2025-09-02  deal      +6.4  B3 .38    +0.22       +0.79  Gazprom reports a binding memorandum with \
CNPC on Power of Siberia 2; Beijing confirms no details, price open
#34  2023-03-21  joint     +5.0  B1 .75    +0.22       +0.76  On a state visit to Moscow Xi signs two \
joint statements with Putin, one a plan for economic ties to 2030
 #2  2022-02-04  joint     +5.0  B1 .75    +0.20       +0.66  Xi and Putin issue a joint statement on a \
friendship without limits and oppose further NATO enlargement
#55  2025-01-06  halt      -3.5  B2 .56    -0.17       +1.25  Shandong Port Group bars US-listed tankers, \
squeezing shadow-fleet crude from Russia, Iran and Venezuela
#42  2024-02-07  channel   -3.5  B2 .56    -0.15       +1.23  Chouzhou Commercial Bank, a main channel for \
Russian importers, is reported to have halted Russia settlements
#46  2024-06-24  channel   -3.5  B2 .56    -0.14       +1.24  Bank of China's Russian unit is reported to \
have stopped taking payments from Russian banks under US sanctions
"""
CHINA = f"""\
China and Russia on 2026-05-20 · why +1.0, and ▲ likely (66%)?
Direction   ▲ strengthening since 2026-02-19: likely (66%)
Confidence  low: without #90 nothing is left of it
Would turn  one more B1 at -0.2 on 20 May 2026 erases it; one at -5.5 turns it
     date                                  weighs  moved  level
     2026-02-19  level as judged then                     +0.30
                 time passing: moods fade          +0.02  +0.32
#82  2026-02-24  abstain -1.0              C2 .38  -0.12  +0.20  China abstains as the UN General Assembly \
backs a lasting peace in Ukraine on the fourth anniversary
#90  2026-05-20  joint +5.0                C2 .38  +0.81  +1.02  ← alone carries the direction: Xi and \
Putin sign a declaration on a multipolar world in Beijing, days after a visit by Trump
     2026-05-20  level                                    +1.02
     date        act      score  weighs  carries  without it  largest in the level
{LARGEST}{WEIGHTS}
{MODEL}
next: explain china --level, explain china --signal ID
"""


def explained(run: Run, *args: str) -> dict[str, Any]:
    """What explain says as JSON."""
    ran = run("explain", *args, "-f", "json")
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, Any] = json.loads(ran.out)
    return found


def lines(run: Run, *args: str) -> list[str]:
    """The lines of explain as people read it when piped."""
    ran = run("explain", *args)
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


def calm(run: Run, *more: str) -> None:
    """A year of +2 before the window, and signals more, each as date, score and grade."""
    said = [f"2025-{month:02}-01,2,B1" for month in range(1, 13)]
    rows = [f"s{n},china,What happened,{one}" for n, one in enumerate([*said, *more])]
    assert run("import", "-", stdin="\n".join(["uid,ally,summary,date,score,grade", *rows])).code == 0


def refused(code: int, message: str, hint: str | None = None) -> Ran:
    return Ran(code, "", f"error: {message}\n" + (f"hint: {hint}\n" if hint else ""))


# -- the bridge, then what carries the level


def test_the_explanation_reads_as_people_read_it(run: Run, sample: Path) -> None:
    assert run("explain", "china", *AT) == Ran(0, CHINA, "")


def test_an_ally_is_found_by_any_of_its_names(run: Run, sample: Path) -> None:
    assert run("explain", "CHN", *AT) == run("explain", "China", *AT) == run("explain", "china", *AT)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("window", [1, 90, 365, 36_525])
def test_the_bridge_adds_up_to_the_level(run: Run, sample: Path, slug: str, window: int) -> None:
    found = explained(run, slug, *AT, "--window", str(window))
    was, time, *steps, level = found["bridge"]
    assert [step["step"] for step in found["bridge"]] == ["was", "time", *["signal"] * len(steps), "level"]
    assert (was["level"], time["moved"], level["level"]) == (found["was"], found["time"], found["level"])
    moved = [step["moved"] for step in steps]
    assert math.fsum([found["was"], found["time"], *moved]) == pytest.approx(found["level"], rel=0, abs=1e-9)
    so_far = found["was"]
    for step in found["bridge"][1:-1]:
        so_far += step["moved"]
        assert step["level"] == pytest.approx(so_far, rel=0, abs=1e-9)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_explanation_says_what_the_summary_says(run: Run, sample: Path, slug: str) -> None:
    found = explained(run, slug, *AT)
    (ally,) = json.loads(run("summary", slug, *AT, "-f", "json").out)["allies"]
    same = ("level", "direction", "likelihood", "confidence", "hangs_on", "would_turn")
    assert {key: found[key] for key in same} == {key: ally[key] for key in same}
    assert found["was"] == pytest.approx(ally["was"], rel=0, abs=1e-12)
    assert found["was"] + found["time"] == pytest.approx(ally["expected"], rel=0, abs=1e-9)
    alone = [step["id"] for step in found["bridge"] if step["alone"]]
    assert alone == ally["hangs_on"]


def test_json_has_the_documented_keys_in_their_order(run: Run, sample: Path) -> None:
    found = explained(run, "china", *AT)
    assert list(found) == [*ASKED, *WHY, "bridge", "carries"]
    assert [list(step) for step in found["bridge"]] == [STEP] * 5
    assert [list(part) for part in found["carries"]] == [PART] * 10
    assert found["bridge"][3] == {
        "step": "signal",
        "id": 90,
        "date": "2026-05-20",
        "act": "joint",
        "score": 5.0,
        "grade": "C2",
        "weight": 0.375,
        "moved": pytest.approx(0.81477, abs=1e-5),
        "level": pytest.approx(1.01774, abs=1e-5),
        "alone": True,
        "summary": "Xi and Putin sign a declaration on a multipolar world in Beijing, days after a visit by Trump",
    }
    assert found["would_turn"] == {"ends": -0.2, "up": None, "down": -5.5}
    assert found["constants"] == {
        "lasting": 16.0,
        "noise_day": 1.0,
        "noise_signal": 3.0,
        "tails": 12.0,
        "scale": 0.6,
        "scale_freedom": 3.0,
        "scale_kept": 0.98,
        "moods": {
            "steady": {"variance": 0.5, "days": 730.0},
            "changeable": {"variance": 8.0, "days": 365.0},
            "volatile": {"variance": 2.0, "days": 40.0},
        },
    }
    assert math.fsum(found["temperaments"].values()) == pytest.approx(1, rel=0, abs=1e-12)


@pytest.mark.parametrize("args", [(), ("--level",), ("--signal", "90")])
def test_asked_twice_it_says_the_same(run: Run, sample: Path, args: tuple[str, ...]) -> None:
    assert run("explain", "china", *AT, *args, "-f", "json") == run("explain", "china", *AT, *args, "-f", "json")


def test_csv_is_the_bridge(run: Run, sample: Path) -> None:
    found = explained(run, "china", *AT)["bridge"]
    rows = list(csv.DictReader(run("explain", "china", *AT, "-f", "csv").out.splitlines()))
    assert list(rows[0]) == STEP
    signs = {"None": "", "True": "true", "False": "false"}
    assert rows == [{key: signs.get(str(value), str(value)) for key, value in step.items()} for step in found]


def test_markdown_has_a_heading_a_list_and_two_tables(run: Run, sample: Path) -> None:
    ran = run("explain", "china", *AT, "-f", "markdown")
    assert (ran.code, ran.err) == (0, "")
    heading, said, bridge, carries, *notes = ran.out.rstrip("\n").split("\n\n")
    assert heading == "# China and Russia on 2026-05-20 · why +1.0, and ▲ likely (66%)?"
    assert [line.split("**")[1] for line in said.splitlines()] == ["Direction", "Confidence", "Would turn"]
    assert bridge.splitlines()[5] == (
        "| \\#90 | 2026-05-20 | joint +5.0 | C2 .38 | +0.81 | +1.02 | ← alone carries the direction: Xi and Putin "
        "sign a declaration on a multipolar world in Beijing, days after a visit by Trump |"
    )
    assert (
        carries.splitlines()[0] == "|  | date | act | score | weighs | carries | without it | largest in the level |"
    )
    assert [len(table.splitlines()) for table in (bridge, carries)] == [7, 12]
    assert {line.replace("\\|", "").count("|") for line in bridge.splitlines()} == {8}
    assert len(notes) == 3


def test_a_longer_window_has_more_steps_and_the_same_level(run: Run, sample: Path) -> None:
    short, long = (explained(run, "china", *AT, "--window", window) for window in ("90", "365"))
    assert short["level"] == long["level"]
    assert len(long["bridge"]) > len(short["bridge"])
    assert short["carries"] == long["carries"]
    assert long["bridge"][0]["date"] == "2025-05-20"


def test_the_heading_says_largest_only_where_more_carry(run: Run, sample: Path) -> None:
    assert "carries  without it  largest in the level\n" in run("explain", "china", *AT).out
    first = run("explain", "china", "--as-of", "2022-04-01")
    assert "largest" not in first.out
    assert "carries  without it  in the level\n" in first.out


def test_by_and_origin_limit_whose_signals_are_explained(run: Run, sample: Path) -> None:
    found = explained(run, "china", *AT, "--by", "ally")
    assert found["by"] == "ally"
    assert (
        found["level"]
        == json.loads(run("summary", "china", *AT, "--by", "ally", "-f", "json").out)["allies"][0]["level"]
    )
    assert lines(run, "china", *AT, "--by", "ally")[0].endswith(" · the allies' own acts only")
    assert "no signals up to this day" in lines(run, "china", *AT, "--origin", "gdelt")[0]


def test_output_goes_to_a_file(run: Run, sample: Path, home: Path) -> None:
    assert run("explain", "china", *AT, "--output", "why.txt") == Ran(0, "", "")
    assert (home / "why.txt").read_text("utf-8") == CHINA


def test_several_on_which_it_hangs_are_each_marked_and_none_is_alone(run: Run) -> None:
    calm(run, "2026-05-15,3.2,C3", "2026-05-15,3.2,C3")
    found = explained(run, "china", *AT)
    assert found["confidence"] == "low"
    assert len(found["hangs_on"]) == 2
    said = "\n".join(lines(run, "china", *AT))
    assert said.count("← the direction hangs on it") == 2
    assert "alone" not in said


# -- every signal's part


def test_with_level_every_signal_has_its_part_newest_first(run: Run, sample: Path) -> None:
    found = explained(run, "china", *AT, "--level")
    assert list(found) == [*ASKED, "carries"]
    assert [list(part) for part in found["carries"]] == [PART] * 19
    dates = [part["date"] for part in found["carries"]]
    assert dates == sorted(dates, reverse=True)
    assert math.fsum(part["carries"] for part in found["carries"]) == pytest.approx(found["level"], rel=0, abs=1e-9)
    assert lines(run, "china", *AT, "--level")[0] == (
        "China and Russia on 2026-05-20 · what carries +1.0: 19 signals"
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_the_largest_parts_are_those_of_all_signals(run: Run, sample: Path, slug: str) -> None:
    largest = explained(run, slug, *AT)["carries"]
    every = explained(run, slug, *AT, "--level")["carries"]
    assert largest == sorted(every, key=lambda part: -abs(part["carries"]))[:10]


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (("--kind", "sanctions"), [74, 69, 55, 46, 42, 17]),
        (("--kind", "sanctions", "--grade", "B1"), [69]),
        (("--since", "2026-01-01"), [90, 82]),
        (("--since", "2026-01-01", "--act", "abstain"), [82]),
        (("--search", "declaration"), [90]),
        (("--search", "nothing like it"), []),
    ],
)
def test_with_level_the_filters_choose_which_are_shown(
    run: Run, sample: Path, filters: tuple[str, ...], ids: list[int]
) -> None:
    found = explained(run, "china", *AT, "--level", *filters)
    whole = {part["id"]: part for part in explained(run, "china", *AT, "--level")["carries"]}
    assert found["carries"] == [whole[number] for number in ids]
    assert found["level"] == explained(run, "china", *AT)["level"]


def test_with_a_limit_only_so_many_are_shown_and_that_is_said_apart(run: Run, sample: Path) -> None:
    ran = run("explain", "china", *AT, "--level", "--limit", "2", "-f", "csv")
    assert ran.code == 0
    assert ran.err == "note: 2 of 19 signals are shown; --limit 0 shows all\n"
    rows = list(csv.DictReader(ran.out.splitlines()))
    assert list(rows[0]) == PART
    assert [row["id"] for row in rows] == ["90", "82"]


@pytest.mark.parametrize("limit", ["0", "19", "1000"])
def test_with_a_limit_that_is_not_reached_all_are_shown(run: Run, sample: Path, limit: str) -> None:
    assert len(explained(run, "china", *AT, "--level", "--limit", limit)["carries"]) == 19


def test_without_a_limit_fifty_are_shown(run: Run) -> None:
    rows = "".join(f"s{n},2026-04-{n % 30 + 1:02},china,visit,Visit {n}\n" for n in range(51))
    assert run("import", "-", stdin=f"uid,date,ally,act,summary\n{rows}").code == 0
    ran = run("explain", "china", *AT, "--level", "-f", "json")
    assert ran.err == "note: 50 of 51 signals are shown; --limit 0 shows all\n"
    assert len(json.loads(ran.out)["carries"]) == 50
    assert len(explained(run, "china", *AT, "--level", "--limit", "0")["carries"]) == 51


def test_with_level_the_filters_choose_within_the_origin_that_is_judged(run: Run) -> None:
    rows = (
        "a,2026-05-01,china,arms,A desk signal,A1,desk,\n"
        "gdelt:1,2026-05-02,china,rupture,An event,A1,gdelt,\n"
        "gdelt:2,2026-05-04,china,call,One that was accepted,A1,gdelt,\n"
        "b,2026-05-04,china,call,One that was accepted,A1,desk,gdelt:2\n"
    )
    assert run("import", "-", stdin=f"uid,date,ally,act,summary,grade,origin,event\n{rows}").code == 0

    def shown(origin: str) -> list[int]:
        carries = explained(run, "china", *AT, "--origin", origin, "--level", "--kind", "support")["carries"]
        return [part["id"] for part in carries]

    assert (shown("desk"), shown("gdelt"), shown("all")) == ([4, 1], [3], [4, 1])
    assert run("explain", "china", *AT, "--origin", "gdelt", "--signal", "1").code == 3


def test_markdown_and_csv_of_the_level_have_its_columns(run: Run, sample: Path) -> None:
    said = run("explain", "china", *AT, "--level", "-f", "markdown").out
    assert "|  | date | act | score | weighs | carries | without it |  |" in said
    assert run("explain", "china", *AT, "--level", "-f", "csv").out.splitlines()[0] == ",".join(PART)


# -- what one signal did


def test_one_signal_reads_as_people_read_it(run: Run, sample: Path) -> None:
    assert lines(run, "china", *AT, "--signal", "90") == [
        "China and Russia on 2026-05-20 · what #90 did",
        (
            "Signal     #90 20 May 2026 joint +5.0 C2  Xi and Putin sign a declaration on a multipolar world in "
            "Beijing, days after a visit by Trump"
        ),
        "Weight     reliability C .5 x credibility 2 .75 = .38",
        "Its day    +5.0 at weight .38 · foretold +0.2, nine times of ten -7.7..+8.1 · a day as far out had 28.9%",
        "Moved      +0.81 since 2026-02-19",
        "Carries    +0.84 of +1.02 · without it the level is +0.20",
        "Direction  ▲ strengthening · without it no clear direction",
        WEIGHTS,
        MODEL,
        "next: show 90, explain china --level",
    ]


def test_a_signal_before_the_window_moved_nothing_in_it(run: Run, sample: Path) -> None:
    assert not [line for line in lines(run, "china", *AT, "--signal", "62") if line.startswith("Moved")]
    (one,) = explained(run, "china", *AT, "--signal", "62")["signal"]
    assert one["moved"] is None
    assert one["carries"] == pytest.approx(0.279, abs=1e-3)


@pytest.mark.parametrize("number", ["90", "82", "62", "2"])
def test_one_signal_says_what_bridge_and_level_say_of_it(run: Run, sample: Path, number: str) -> None:
    found = explained(run, "china", *AT, "--signal", number)
    assert list(found) == [*ASKED, "signal"]
    (one,) = found["signal"]
    assert list(one) == ONE
    part = next(part for part in explained(run, "china", *AT, "--level")["carries"] if part["id"] == int(number))
    assert {key: one[key] for key in PART} == part
    steps = {step["id"]: step["moved"] for step in explained(run, "china", *AT)["bridge"]}
    assert one["moved"] == steps.get(int(number))
    assert 0 < one["surprise"] <= 1


def test_the_last_signal_is_the_one_logged_last(run: Run, sample: Path) -> None:
    last = run("explain", "china", *AT, "--signal", "last")
    assert last == run("explain", "china", *AT, "--signal", "90") == run("explain", "china", *AT, "--signal", "#90")
    run("log", "iran", "visit", "Araghchi in Moscow", "2026-05-01", "B2")
    assert run("explain", "china", *AT, "--signal", "last") == refused(
        3,
        "#91 has no part in the level of China on 2026-05-20: it is a signal of iran",
        "see those that have with: scrutiny explain china --level --as-of 2026-05-20",
    )


def test_csv_and_markdown_of_one_signal(run: Run, sample: Path) -> None:
    rows = list(csv.reader(run("explain", "china", *AT, "--signal", "90", "-f", "csv").out.splitlines()))
    assert rows[0] == ONE
    assert len(rows) == 2
    said = run("explain", "china", *AT, "--signal", "90", "-f", "markdown").out
    assert said.startswith(
        "# China and Russia on 2026-05-20 · what \\#90 did\n\n- **Signal** \\#90 20 May 2026 joint"
    )
    assert "| ---" not in said


def test_a_signal_that_weighs_nothing_did_nothing(run: Run) -> None:
    run("log", "china", "visit", "A report", "2026-05-10", "B2")
    run("log", "china", "rupture", "A rumour", "2026-05-12", "E5")
    found = lines(run, "china", *AT, "--signal", "2")
    assert found[2:-3] == [
        "Weight     reliability E 0 x credibility 5 0 = 0",
        "Moved      0.00 since 2026-02-19",
        "Carries    0.00 of +2.10 · without it the level is +2.10",
        "Direction  too few signals · without it too few signals",
    ]
    (one,) = explained(run, "china", *AT, "--signal", "2")["signal"]
    nothing = {"weight": 0.0, "carries": 0.0, "moved": 0.0, "foretold": None, "surprise": None}
    assert {key: one[key] for key in nothing} == nothing


def test_a_signal_without_a_grade_says_what_that_weighs(run: Run) -> None:
    run("log", "china", "visit", "A report", "2026-05-10")
    assert "Weight   no grade weighs .25" in [
        line.replace("     ", "   ") for line in lines(run, "china", *AT, "--signal", "1")
    ]
    (one,) = explained(run, "china", *AT, "--signal", "1")["signal"]
    assert (one["grade"], one["weight"]) == (None, 0.25)


def test_a_day_that_surprised_is_marked(run: Run) -> None:
    calm(run, "2026-05-15,-9,A1")
    (day,) = (line for line in lines(run, "china", *AT, "--signal", "last") if line.startswith("Its day"))
    assert day.endswith("% !!")
    (one,) = explained(run, "china", *AT, "--signal", "last")["signal"]
    assert one["surprise"] < 0.01


# -- what is refused


@pytest.mark.parametrize(
    ("args", "code", "message", "hint"),
    [
        (
            ("iran", *AT, "--signal", "90"),
            3,
            "#90 has no part in the level of Iran on 2026-05-20: it is a signal of china",
            "see those that have with: scrutiny explain iran --level --as-of 2026-05-20",
        ),
        (
            ("china", "--as-of", "2026-05-19", "--signal", "90"),
            3,
            "#90 has no part in the level of China on 2026-05-19: it is dated 2026-05-20, after 2026-05-19",
            "see those that have with: scrutiny explain china --level --as-of 2026-05-19",
        ),
        (("china", *AT, "--signal", "4711"), 3, "no signal #4711", "see them with: scrutiny list"),
        (
            ("china", "--signal", "x"),
            2,
            "no signal number 'x'",
            "a signal is named by its number, as in 12, or by: last",
        ),
        (
            ("irann",),
            3,
            "no ally 'irann'; near: Iran",
            "to follow an actor that is no state: scrutiny ally add irann",
        ),
    ],
)
def test_what_is_unknown_is_refused(
    run: Run, sample: Path, args: tuple[str, ...], code: int, message: str, hint: str
) -> None:
    assert run("explain", *args) == refused(code, message, hint)


@pytest.mark.parametrize(
    "args", [("--kind", "sanctions"), ("--since", "90d"), ("--limit", "3"), ("--limit", "0"), ("--no-act",)]
)
@pytest.mark.parametrize("also", [(), ("--signal", "90")])
def test_filters_go_with_level_alone(run: Run, sample: Path, args: tuple[str, ...], also: tuple[str, ...]) -> None:
    assert run("explain", "china", *args, *also) == refused(
        2, "the filters and --limit go with --level", "explain ALLY --level gives every signal"
    )


def test_every_signal_and_one_signal_are_not_asked_together(run: Run, sample: Path) -> None:
    assert run("explain", "china", "--level", "--signal", "90") == refused(
        2, "--level gives every signal and --signal one: choose"
    )


@pytest.mark.parametrize("window", ["0", "-1", "36526", "ninety"])
def test_a_window_is_a_day_to_a_century(run: Run, sample: Path, window: str) -> None:
    ran = run("explain", "china", "--window", window)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: invalid value for '--window': ")


def test_an_ally_is_asked_for(run: Run, sample: Path) -> None:
    ran = run("explain")
    assert (ran.code, ran.out) == (2, "")


# -- few signals, or none


@pytest.mark.parametrize("also", [(), ("--level",)])
def test_an_ally_without_signals_is_said_to_have_none(run: Run, sample: Path, also: tuple[str, ...]) -> None:
    run("ally", "add", "Kazakhstan")
    assert lines(run, "kazakhstan", *AT, *also) == [
        "Kazakhstan and Russia on 2026-05-20 · no signals up to this day",
        'log one: scrutiny log kazakhstan visit "what happened" B2',
    ]


def test_signals_after_the_day_are_not_explained(run: Run, sample: Path) -> None:
    assert lines(run, "china", "--as-of", "2022-02-03")[0] == (
        "China and Russia on 2022-02-03 · no signals up to this day · 19 later ones not counted"
    )


def test_where_nothing_weighs_that_is_said(run: Run) -> None:
    run("log", "china", "visit", "A rumour", "2026-05-01", "E5")
    run("log", "china", "arms", "Another rumour", "2026-05-02", "A5")
    assert "Level  none: no signal weighs anything by its grade" in lines(run, "china", *AT)


@pytest.mark.parametrize("number", ["90", "4711"])
def test_an_ally_without_a_level_has_no_signal_to_ask_after(run: Run, sample: Path, number: str) -> None:
    run("ally", "add", "Kazakhstan")
    assert run("explain", "kazakhstan", *AT, "--signal", number).code == 3


def test_one_signal_leads_from_nothing_to_the_level(run: Run) -> None:
    run("log", "china", "visit", "A rumour", "2026-05-01", "E5")
    run("log", "china", "visit", "A report", "2026-05-02", "B2")
    said = lines(run, "china", *AT)
    assert said[:-3] == [
        "China and Russia on 2026-05-20 · why +2.1?",
        "Direction  too few signals",
        "    date                                  weighs  moved  level",
        "    2026-02-19  nothing was known then                    0.00",
        "                time passing: moods fade           0.00   0.00",
        "#1  2026-05-01  visit +2.8                E5 0     0.00   0.00  A rumour",
        "#2  2026-05-02  visit +2.8                B2 .56  +2.08  +2.08  A report",
        "    2026-05-20  level                                    +2.08",
        "    date        act    score  weighs  carries  without it  largest in the level",
        "#2  2026-05-02  visit   +2.8  B2 .56    +2.08        0.00  A report",
    ]
    found = explained(run, "china", *AT)
    assert (found["was"], found["time"], found["would_turn"], found["confidence"]) == (0.0, 0.0, None, None)
    assert found["hangs_on"] == []


def test_without_news_the_bridge_is_time_alone(run: Run, sample: Path) -> None:
    found = explained(run, "syria", *AT)
    assert [step["step"] for step in found["bridge"]] == ["was", "time", "level"]
    assert found["was"] + found["time"] == pytest.approx(found["level"], rel=0, abs=1e-12)
    assert lines(run, "syria", *AT)[1] == "Direction   no news for 112 days"


@pytest.mark.parametrize("args", [(), ("--level",)])
def test_an_empty_ledger_is_read_and_not_made(run: Run, place: str, args: tuple[str, ...]) -> None:
    ran = run("explain", "china", *args)
    assert ran.code == 0
    assert ran.out.startswith("China and Russia on 2026-05-21 · no signals up to this day\n")
    assert ran.err == f"note: there is no ledger at {place} yet; the first signal makes it\n"
    assert not is_there(place)


@pytest.mark.parametrize("args", [(), ("--level",)])
def test_where_there_is_nothing_the_forms_for_machines_keep_their_shape(
    run: Run, sample: Path, args: tuple[str, ...]
) -> None:
    run("ally", "add", "Kazakhstan")
    full, none = (explained(run, ally, *AT, *args) for ally in ("china", "kazakhstan"))
    assert none.keys() == full.keys()
    headers = [run("explain", ally, *AT, *args, "-f", "csv").out.splitlines()[0] for ally in ("china", "kazakhstan")]
    assert headers[0] == headers[1]


# -- what others wrote

HOSTILE = "[bold]x[/bold] | <b>y</b> `c` *z* \u202eturned https://example.org"


@pytest.mark.parametrize("args", [(), ("--level",), ("--signal", "last")])
def test_what_a_summary_says_is_shown_and_not_obeyed(run: Run, args: tuple[str, ...]) -> None:
    assert run("log", "china", "visit", HOSTILE, "2026-05-01", "B2").code == 0
    said = run("explain", "china", *AT, *args).out
    assert HOSTILE.replace("\u202e", "\\u202e") in said
    assert "\u202e" not in said
    marked = run("explain", "china", *AT, *args, "-f", "markdown").out
    assert (
        "\\[bold\\]x\\[/bold\\] \\| \\<b\\>y\\</b\\> \\`c\\` \\*z\\* \\\\u202eturned https&#58;//example.org"
        in marked
    )
    assert not set(said + marked) & set("\x1b\x07\x9b\u202e")


@pytest.mark.parametrize("sign", ["\x1b", "\x07", "\x9b"])
def test_a_summary_that_would_steer_a_terminal_is_never_logged(run: Run, sign: str) -> None:
    assert run("log", "china", "visit", f"A {sign}[31mvisit", "2026-05-01", "B2").code == 2
    assert "no signals up to this day" in run("explain", "china", *AT).out


def test_colours_come_only_where_they_are_forced(run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in run("explain", "china", *AT).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run("explain", "china", *AT).out
