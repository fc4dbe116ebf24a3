"""changes: what moved between two days or by what was recorded since one, and which signals moved it."""

import csv
import json
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from scrutiny.core.changed import changed, changed_by_record
from scrutiny.core.filters import Question
from scrutiny.core.signals import Signal
from scrutiny.core.standing import standing
from tests.conftest import SAMPLE_DAY, Clock, Ran, Run
from tests.stores import is_there
from tests.test_standing import CHINA, CLOSE, DAY, LAWS, SIGNALS, by_day

QUARTER = """\
Russia's allies: changed after 2026-02-19, up to 2026-05-20 · 10 signals · 2 turns
             then   now  moved  direction then        direction now
Belarus      +1.8  +3.5  +1.68  ─ no clear direction  ▲ likely 79%          turned
China        +0.3  +1.0  +0.71    no news for 119d    ▲ likely 66%          turned
India        -1.4  -0.7  +0.67  ▲ likely 68%          ▲ likely 67%
North Korea  +4.7  +4.3  -0.44    no news for 247d    ─ no clear direction
Iran         +1.3  +1.7  +0.43    no news for 146d    ─ no clear direction
     ally         date        act           weighs  moved
#81  Belarus      2026-02-24  defend +3.5   C2 .38  +0.40  Belarus votes against the UN General Assembly's \
fourth-anniversary resolution on peace in Ukraine
#89  Belarus      2026-05-18  forces +7.4   C2 .38  +1.10  Belarus opens drills with Russia on the delivery \
and use of tactical nuclear weapons based on its territory
#82  China        2026-02-24  abstain -1.0  C2 .38  -0.12  China abstains as the UN General Assembly backs a \
lasting peace in Ukraine on the fourth anniversary
#90  China        2026-05-20  joint +5.0    C2 .38  +0.81  Xi and Putin sign a declaration on a multipolar \
world in Beijing, days after a visit by Trump
#83  India        2026-02-24  abstain -1.0  C2 .38  +0.05  India abstains as the UN General Assembly backs a \
lasting peace in Ukraine on the fourth anniversary
#86  India        2026-03-05  reroute +2.0  B1 .75  +0.54  With Hormuz disrupted, a 30-day US waiver lets \
India buy Russian crude already at sea
#85  North Korea  2026-02-24  defend +3.5   C2 .38  -0.23  North Korea votes against the UN General \
Assembly's fourth-anniversary resolution on peace in Ukraine
#88  North Korea  2026-03-16  praise +3.4   C2 .38  -0.14  Kim inspects the nearly finished Pyongyang museum \
to troops who fought for Russia in Kursk
#84  Iran         2026-02-24  defend +3.5   C2 .38  +0.24  Iran votes against the UN General Assembly's \
fourth-anniversary resolution on peace in Ukraine
#87  Iran         2026-03-09  praise +3.4   B1 .75  +0.25  Putin congratulates the new Supreme Leader, \
Mojtaba Khamenei, and affirms solidarity during the war
No news  Syria +1.5
moved: over time and by each signal · no news: neither a signal nor a turn
next: explain ALLY
"""
FACTS = "as_of window_days principal origin by since by_record turned allies signals".split()
KEYS = (
    "ally name level_then level time moved direction_then direction likelihood_then likelihood turned signals "
    "taken_back"
).split()
SIGNAL_KEYS = "id ally date act score grade weight moved summary".split()
HEADER = "uid,date,ally,kind,score,summary,grade,actor,origin\n"


def told(run: Run, *args: str) -> dict[str, Any]:
    """What changes says as JSON, as of the sample's last day unless asked otherwise."""
    day = [] if "--as-of" in args else ["--as-of", SAMPLE_DAY]
    ran = run("changes", *args, *day, "-f", "json")
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, Any] = json.loads(ran.out)
    return found


def allies(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {ally["ally"]: ally for ally in found["allies"]}


def summary(run: Run, *args: str) -> dict[str, dict[str, Any]]:
    """What summary says of each ally."""
    return allies(json.loads(run("summary", *args, "-f", "json").out))


def lines(run: Run, *args: str) -> list[str]:
    """The lines of changes as people read them when piped."""
    day = [] if "--as-of" in args else ["--as-of", SAMPLE_DAY]
    ran = run("changes", *args, *day)
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


def rows(run: Run, *args: str) -> dict[str, str]:
    """The rows of the allies with news, by their first word, with single blanks."""
    found = {}
    for line in lines(run, *args)[2:]:
        if line.startswith((" ", "#", "No news", "moved:")):
            break
        found[line.split()[0]] = " ".join(line.split())
    return found


def back(days: int) -> str:
    """The day so many days before the sample's last."""
    return (DAY - timedelta(days)).isoformat()


def visits(*cells: str, ally: str = "iran") -> str:
    """A file of signals, one a `date score` or `date score grade`, numbered by their date and score."""
    text = HEADER
    for cell in cells:
        on, score, *grade = cell.split()
        kind = "support" if float(score) > 0 else "distancing"
        text += f"{ally}{on}{score},{on},{ally},{kind},{score},What happened,{(grade or ['B1'])[0]},ally,desk\n"
    return text


def calm(last: int, score: float, every: int) -> list[str]:
    """Like signals for years, the last so many days before the sample's last day."""
    return [f"{back(ago)} {score}" for ago in range(last, 1300, every)]


def brought(run: Run, *cells: str, ally: str = "iran", db: str | None = None) -> None:
    """Imports signals."""
    ran = run("import", "-", *(("--db", db) if db else ()), stdin=visits(*cells, ally=ally))
    assert ran.code == 0


# -- by the signals' dates


def test_the_changes_of_a_quarter_read_as_people_read_them(run: Run, sample: Path) -> None:
    assert run("changes", "--since", "90d", "--as-of", SAMPLE_DAY) == Ran(0, QUARTER, "")


def test_changes_are_those_of_the_week_before_the_day_unless_told_otherwise(run: Run, sample: Path) -> None:
    week = run("changes", "--as-of", SAMPLE_DAY)
    assert week.out.startswith("Russia's allies: changed after 2026-05-13, up to 2026-05-20 · 2 signals · 2 turns\n")
    for since in ("7d", "2026-05-13", "13may", "1w"):
        assert run("changes", "--since", since, "--as-of", SAMPLE_DAY) == week
    assert run("changes").out.startswith("Russia's allies: changed after 2026-05-14, up to 2026-05-21 · ")


@pytest.mark.parametrize(
    ("since", "more"),
    [
        ("7d", ()),
        ("90d", ()),
        ("90d", ("--window", "30")),
        ("400d", ("--by", "ally")),
        ("1200d", ("--window", "365")),
    ],
)
def test_then_and_now_are_what_summary_said_of_those_days(
    run: Run, sample: Path, since: str, more: tuple[str, ...]
) -> None:
    found = told(run, "--since", since, *more)
    then, now = (summary(run, "--as-of", day, *more) for day in (found["since"], SAMPLE_DAY))
    assert allies(found).keys() == now.keys()
    for slug, ally in allies(found).items():
        was = {"level": None, "direction": "too few signals", "likelihood": None} | then.get(slug, {})
        for key in ("level", "direction", "likelihood"):
            assert ally[f"{key}_then"] == was[key]
            assert ally[key] == now[slug][key]


@pytest.mark.parametrize("since", ["7d", "90d", "1000d", "0001-01-01", SAMPLE_DAY])
def test_then_time_and_moves_add_up_to_the_level(run: Run, sample: Path, since: str) -> None:
    found = told(run, "--since", since)
    by_ally: dict[str, list[float]] = {slug: [] for slug in allies(found)}
    for signal in found["signals"]:
        by_ally[signal["ally"]].append(signal["moved"])
    for slug, ally in allies(found).items():
        then = ally["level_then"] or 0.0
        assert math.fsum((then, ally["time"], *by_ally[slug])) == pytest.approx(ally["level"], abs=1e-9)
        assert then + ally["moved"] == pytest.approx(ally["level"], abs=1e-9)
        assert len(by_ally[slug]) == len(ally["signals"])


def test_the_signals_are_all_those_dated_after_the_day(run: Run, sample: Path) -> None:
    found = told(run, "--since", "2026-02-24")
    listed = json.loads(run("list", "--since", "2026-02-25", "-f", "json").out)["signals"]
    assert {signal["id"] for signal in found["signals"]} == {signal["id"] for signal in listed}
    assert {number for ally in found["allies"] for number in ally["signals"]} == {one["id"] for one in listed}


def test_an_ally_without_news_is_in_one_line(run: Run, sample: Path) -> None:
    found = lines(run)
    assert "No news  North Korea +4.3, Iran +1.7, Syria +1.5, India -0.7" in found
    assert list(rows(run)) == ["Belarus", "China"]
    assert list(allies(told(run))) == ["north-korea", "belarus", "iran", "syria", "china", "india"]


def test_the_strongest_move_comes_first(run: Run, sample: Path) -> None:
    found = told(run, "--since", "90d")
    moved = {ally["name"]: abs(ally["moved"]) for ally in found["allies"] if ally["signals"] or ally["turned"]}
    assert [name.split()[0] for name in sorted(moved, key=moved.__getitem__, reverse=True)] == list(
        rows(run, "--since", "90d")
    )


def test_allies_can_be_named_by_any_of_their_names(run: Run, sample: Path) -> None:
    whole = told(run, "--since", "90d")
    some = told(run, "CHN", "syrian arab republic", "china", "--since", "90d")
    assert [ally["ally"] for ally in some["allies"]] == ["syria", "china"]
    assert all(whole["allies"].count(ally) == 1 for ally in some["allies"])
    assert some["signals"] == [signal for signal in whole["signals"] if signal["ally"] == "china"]
    assert some["turned"] == ["china"]


def test_an_unknown_ally_is_refused(run: Run, sample: Path) -> None:
    ran = run("changes", "china", "narnia")
    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (3, "", "error: no ally 'narnia'")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--since", "90d"), 10),
        (("--since", "90d", "china"), 10),
        (("--since", "90d", "iran", "india"), 0),
        (("--since", SAMPLE_DAY), 0),
        (("--recorded-since", "2020-01-01"), 10),
        (("--since", "90d", "-f", "json"), 10),
    ],
)
def test_exit_code_tells_whether_any_direction_turned(
    run: Run, sample: Path, args: tuple[str, ...], code: int
) -> None:
    plain = run("changes", *args, "--as-of", SAMPLE_DAY)
    assert plain.code == 0
    assert run("changes", *args, "--as-of", SAMPLE_DAY, "--exit-code") == replace(plain, code=code)


def test_exit_code_is_that_of_a_turn_with_a_file_too(run: Run, sample: Path, home: Path) -> None:
    args = ("changes", "--since", "90d", "--as-of", SAMPLE_DAY)
    assert run(*args, "--exit-code", "-o", "changes.txt") == Ran(10, "", "")
    assert (home / "changes.txt").read_text("utf-8") == run(*args).out


def test_an_error_keeps_its_own_exit_code(run: Run, sample: Path) -> None:
    assert run("changes", "narnia", "--exit-code").code == 3
    assert run("changes", "--since", "soon", "--exit-code").code == 2


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--since", "2026-05-21"), "error: --since 2026-05-21 is after --as-of 2026-05-20\n"),
        (
            ("--since", "7d", "--recorded-since", "7d"),
            "error: --since speaks of the signals' dates, --recorded-since of when they were recorded: choose\n",
        ),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(run: Run, sample: Path, args: tuple[str, ...], said: str) -> None:
    assert run("changes", *args, "--as-of", SAMPLE_DAY) == Ran(2, "", said)


def test_between_a_day_and_itself_nothing_changes(run: Run, sample: Path) -> None:
    found = told(run, "--since", SAMPLE_DAY)
    assert (found["signals"], found["turned"]) == ([], [])
    for ally in found["allies"]:
        assert (ally["level_then"], ally["time"], ally["moved"]) == (ally["level"], 0.0, 0.0)
        assert ally["direction_then"] == ally["direction"]
    assert lines(run, "--since", SAMPLE_DAY)[1].startswith("No news  North Korea +4.3, Belarus +3.5, ")


# -- turns


def jump() -> list[str]:
    """A calm ally that warms for three days, four months ago."""
    return [*calm(160, 1.0, 60), *(f"{back(ago)} 8 A1" for ago in (125, 122, 119))]


def test_a_direction_that_ends_in_silence_has_not_turned(run: Run) -> None:
    brought(run, *jump())
    asked = ("--since", back(40), "--as-of", back(28))
    (iran,) = told(run, *asked)["allies"]
    assert (iran["direction_then"], iran["direction"], iran["turned"]) == ("strengthening", "no news", False)
    assert rows(run, *asked) == {}
    assert f"No news  Iran {iran['level']:+.1f}" in lines(run, *asked)
    assert run("changes", *asked, "--exit-code").code == 0


def test_a_direction_that_ends_while_the_window_has_signals_has_turned(run: Run) -> None:
    brought(run, *jump()[:-1], f"{back(119)} 3 A1")
    asked = ("--since", back(40), "--as-of", back(30))
    found = told(run, *asked)
    (iran,) = found["allies"]
    assert (iran["direction_then"], iran["direction"], iran["turned"]) == (
        "strengthening",
        "no clear direction",
        True,
    )
    assert found["signals"] == []
    assert rows(run, *asked)["Iran"].endswith(" ─ no clear direction turned")


def test_a_direction_that_a_sliding_window_brings_is_a_turn(run: Run) -> None:
    brought(
        run,
        *calm(110, 3.0, 40),
        *(f"{back(ago)} -6 A1" for ago in (95, 90)),
        *(f"{back(ago)} 3" for ago in (30, 20)),
    )
    found = told(run, "--since", back(5))
    (iran,) = found["allies"]
    assert (iran["direction_then"], iran["direction"], iran["turned"]) == (
        "no clear direction",
        "strengthening",
        True,
    )
    assert (iran["signals"], found["signals"], iran["moved"]) == ([], [], iran["time"])
    row = rows(run, "--since", back(5))["Iran"]
    assert "─ no clear direction ▲ " in row
    assert row.endswith("% turned")
    assert lines(run, "--since", back(5))[0].endswith(" · 0 signals · 1 turn")
    assert not [line for line in lines(run, "--since", back(5)) if line.startswith(("No news", "#"))]
    assert run("changes", "--since", back(5), "--as-of", SAMPLE_DAY, "--exit-code").code == 10


def test_a_direction_that_is_reversed_is_a_turn(run: Run) -> None:
    brought(run, *jump(), *(f"{back(ago)} -8 A1" for ago in (15, 14, 13)))
    found = told(run, "--since", back(60))
    (iran,) = found["allies"]
    assert (iran["direction_then"], iran["direction"], iran["turned"]) == ("strengthening", "weakening", True)
    assert found["turned"] == ["iran"]
    assert all(signal["moved"] < 0 for signal in found["signals"])
    row = rows(run, "--since", back(60))["Iran"]
    assert (row.count("▲"), row.count("▼"), row.split()[-1]) == (1, 1, "turned")


def test_a_direction_that_grows_more_likely_is_no_turn(run: Run, sample: Path) -> None:
    india = allies(told(run, "--since", "90d"))["india"]
    assert (india["direction_then"], india["direction"], india["turned"]) == (
        "strengthening",
        "strengthening",
        False,
    )


def test_a_new_ally_had_no_level_then(run: Run, sample: Path) -> None:
    brought(run, f"{back(3)} 5", ally="kazakhstan")
    kazakhstan = allies(told(run))["kazakhstan"]
    assert (kazakhstan["level_then"], kazakhstan["direction_then"]) == (None, "too few signals")
    assert (kazakhstan["time"], kazakhstan["moved"]) == (0.0, pytest.approx(kazakhstan["level"], abs=1e-9))
    assert kazakhstan["turned"] is False
    shown = f"{kazakhstan['level']:+.1f} {kazakhstan['moved']:+.2f}"
    assert rows(run)["Kazakhstan"] == f"Kazakhstan - {shown} too few signals too few signals"
    (row,) = csv.DictReader(run("changes", "kazakhstan", "-f", "csv").out.splitlines())
    assert (row["level_then"], row["likelihood_then"]) == ("", "")


def test_a_signal_that_weighs_nothing_is_news_and_moves_nothing(run: Run, sample: Path) -> None:
    before = allies(told(run))["syria"]
    brought(run, f"{back(2)} -9 E5", ally="syria")
    found = told(run)
    syria = allies(found)["syria"]
    assert [signal["moved"] for signal in found["signals"] if signal["ally"] == "syria"] == [0.0]
    assert syria | {"signals": []} == before
    assert syria["signals"] == [91]
    assert list(rows(run)) == ["Belarus", "China", "Syria"]
    assert any(line.startswith("#91") and "  E5 0 " in line and " 0.00 " in line for line in lines(run))


def test_an_ally_whose_signals_weigh_nothing_has_no_level(run: Run) -> None:
    brought(run, f"{back(2)} -9 E5", f"{back(20)} -9 E5")
    (iran,) = told(run)["allies"]
    absent = ("level_then", "level", "time", "moved", "likelihood_then", "likelihood")
    assert {key: iran[key] for key in absent} == dict.fromkeys(absent)
    assert (iran["direction_then"], iran["direction"], iran["turned"]) == ("too few signals",) * 2 + (False,)
    assert rows(run)["Iran"] == "Iran - - too few signals too few signals"
    assert "No news  Iran (no level)" in lines(run, "--since", back(1))


# -- by when they were recorded


def test_a_late_import_is_news_by_record_and_not_by_date(run: Run, clock: Clock) -> None:
    clock("2026-05-01T09:00")
    brought(run, *calm(30, 2.0, 60))
    clock("2026-05-18T09:00")
    brought(run, "2025-03-03 -8", "2025-04-04 -7")
    by_date, by_record = told(run, "--since", "2026-05-10"), told(run, "--recorded-since", "2026-05-10")
    assert (by_date["by_record"], by_record["by_record"]) == (False, True)
    assert (by_date["since"], by_record["since"]) == ("2026-05-10", "2026-05-10")
    assert by_date["signals"] == []
    assert [(one["date"], one["score"]) for one in by_record["signals"]] == [
        ("2025-03-03", -8.0),
        ("2025-04-04", -7.0),
    ]
    assert by_record["allies"][0]["level_then"] > by_date["allies"][0]["level_then"]
    assert lines(run, "--recorded-since", "2026-05-10")[0] == (
        "Iran and Russia: changed by what was recorded after 2026-05-10, up to 2026-05-20 · 2 signals · no turn"
    )


def test_moves_by_record_add_up_to_what_all_of_them_changed(run: Run, clock: Clock, home: Path) -> None:
    known = [*calm(8, 2.0, 55), f"{back(3)} 4 C3"]
    late = ["2022-11-11 -8 B2", "2025-03-03 9 A1", "2026-05-12 -3", "2026-05-17 -6 F6", "2026-05-17 6 E5"]
    unheard = str(home / "unheard.db")
    brought(run, *known, db=unheard)
    clock("2026-05-10T09:00")
    brought(run, *known)
    clock("2026-05-18T09:00")
    brought(run, *late)
    found = told(run, "--recorded-since", "2026-05-15")
    (iran,) = found["allies"]
    then = summary(run, "--as-of", "2026-05-15", "--db", unheard)["iran"]
    expected = summary(run, "--as-of", SAMPLE_DAY, "--db", unheard)["iran"]["level"]
    assert (iran["level_then"], iran["direction_then"]) == (then["level"], then["direction"])
    assert iran["level"] == summary(run, "--as-of", SAMPLE_DAY)["iran"]["level"]
    assert iran["time"] == pytest.approx(expected - then["level"], abs=1e-9)
    moves = math.fsum(one["moved"] for one in found["signals"])
    assert moves == pytest.approx(iran["level"] - expected, abs=1e-9)
    assert len(found["signals"]) == len(late)
    assert [one["moved"] for one in found["signals"] if one["grade"] == "E5"] == [0.0]


def test_by_record_the_days_own_signals_are_not_of_since_then(run: Run, clock: Clock) -> None:
    for on in ("2026-05-10", "2026-05-11", "2026-05-12"):
        clock(f"{on}T23:59:59")
        brought(run, f"{on} 3")
    for since, count in (("2026-05-09", 3), ("2026-05-10", 2), ("2026-05-11", 1), ("2026-05-12", 0)):
        assert len(told(run, "--recorded-since", since)["signals"]) == count


def test_by_record_days_count_back_from_today(run: Run, clock: Clock) -> None:
    clock("2026-05-14T12:00")
    brought(run, "2026-01-01 3")
    clock("2026-05-15T12:00")
    brought(run, "2026-01-02 3")
    found = told(run, "--recorded-since", "7d", "--as-of", "2026-03-01")
    assert (found["since"], [one["date"] for one in found["signals"]]) == ("2026-05-14", ["2026-01-02"])


def test_by_record_then_is_no_later_than_the_day_asked_about(run: Run, clock: Clock) -> None:
    clock("2026-05-01T09:00")
    brought(run, "2025-01-01 3", "2025-02-01 3", "2025-03-01 3")
    clock("2026-05-10T09:00")
    brought(run, "2025-02-15 -7", "2026-05-09 5")
    asked = ("--recorded-since", "2026-05-05", "--as-of", "2025-08-01")
    found = told(run, *asked)
    assert [one["date"] for one in found["signals"]] == ["2025-02-15"]
    (iran,) = found["allies"]
    assert (iran["direction_then"], iran["direction"], iran["time"]) == ("no news", "no news", 0.0)
    assert rows(run, *asked)["Iran"].endswith(" no news for 153d no news for 153d")


def test_by_record_a_new_ally_had_no_level_then_though_its_signals_are_old(run: Run, clock: Clock) -> None:
    clock("2026-05-18T09:00")
    brought(run, *calm(30, 2.0, 60))
    (iran,) = told(run, "--recorded-since", "2026-05-10")["allies"]
    assert (iran["level_then"], iran["time"], iran["turned"]) == (None, 0.0, False)
    assert iran["moved"] == pytest.approx(iran["level"], abs=1e-9)


def test_a_signal_brought_again_arrived_when_it_came_back(run: Run, clock: Clock) -> None:
    clock("2026-05-01T09:00")
    brought(run, "2025-01-01 3", "2025-06-01 4")
    clock("2026-05-05T09:00")
    assert run("undo", "--yes").code == 0
    assert told(run, "--recorded-since", "2026-04-01")["allies"] == []
    clock("2026-05-08T09:00")
    brought(run, "2025-01-01 3")
    for since, numbers in (("2026-04-30", [1]), ("2026-05-01", []), ("2026-05-07", [1]), ("2026-05-08", [])):
        (iran,) = told(run, "--recorded-since", since)["allies"]
        assert iran["signals"] == numbers
        assert (iran["level_then"] is None) is bool(numbers)
        assert (iran["taken_back"] != 0) is (since == "2026-05-01")


def test_a_signal_that_was_known_then_and_is_taken_back_since_is_news(run: Run, clock: Clock) -> None:
    clock("2026-05-01T09:00")
    brought(run, "2025-01-01 3")
    clock("2026-05-02T09:00")
    brought(run, "2025-06-01 -6")
    before = run("summary", "--as-of", "2026-05-03", "-f", "json").out
    clock("2026-05-05T09:00")
    assert run("undo", "--yes").code == 0
    asked = ("--recorded-since", "2026-05-03")
    (iran,) = told(run, *asked)["allies"]
    assert iran["level_then"] == json.loads(before)["allies"][0]["level"]
    assert iran["signals"] == []
    assert iran["taken_back"] > 0
    assert iran["level_then"] + iran["time"] + iran["taken_back"] == pytest.approx(iran["level"], abs=1e-9)
    said = run("changes", *asked, "--as-of", SAMPLE_DAY).out
    assert f"\nTaken back  Iran 1 signal, which moved it {iran['taken_back']:+.2f}\n" in said


def test_an_ally_of_which_all_is_taken_back_since_is_news(run: Run, clock: Clock) -> None:
    clock("2026-05-01T09:00")
    brought(run, "2025-01-01 3")
    clock("2026-05-05T09:00")
    assert run("undo", "--yes").code == 0
    (iran,) = told(run, "--recorded-since", "2026-05-03")["allies"]
    assert iran["level_then"] > 0
    assert (iran["level"], iran["signals"]) == (None, [])
    assert "Taken back  Iran 1 signal" in run("changes", "--recorded-since", "2026-05-03").out


def test_a_signal_taken_back_since_is_no_news(run: Run, clock: Clock) -> None:
    clock("2026-05-01T09:00")
    brought(run, "2025-01-01 3")
    before = told(run, "--recorded-since", "2026-05-02")
    clock("2026-05-05T09:00")
    brought(run, "2025-06-01 4")
    assert run("undo", "--yes").code == 0
    assert told(run, "--recorded-since", "2026-05-02") == before


@pytest.mark.parametrize(
    "since_then", ["undo", "remove 1", "ally merge kazakhstan --into iran", "edit 1 --ally iran"]
)
def test_an_ally_that_lost_all_its_signals_since_is_news_even_where_it_went_with_them(
    run: Run, clock: Clock, since_then: str
) -> None:
    clock("2026-05-01T09:00")
    run("log", "kazakhstan", "joint", "A declaration", "2026-04-30", "B2")
    before = summary(run, "--as-of", "2026-05-03")["kazakhstan"]["level"]
    clock("2026-05-05T09:00")
    assert run(*since_then.split()).code == 0
    found = allies(told(run, "--recorded-since", "2026-05-03"))
    lost = found["kazakhstan"]
    assert (lost["name"], lost["level_then"], lost["level"]) == ("Kazakhstan", before, None)
    if "iran" in since_then:
        assert found["iran"]["signals"] == [1]
    assert "Taken back  Kazakhstan 1 signal" in run("changes", "--recorded-since", "2026-05-03").out


@pytest.mark.parametrize(
    ("name", "day", "last", "first"),
    [
        ("UTC0", "2026-05-10", "2026-05-10T23:59:59", "2026-05-11T00:00:00"),
        ("JST-9", "2026-05-10", "2026-05-10T14:59:59", "2026-05-10T15:00:00"),  # Tokyo
        ("HST10", "2026-05-10", "2026-05-11T09:59:59", "2026-05-11T10:00:00"),  # Honolulu
        ("<-04>4<-03>,M9.1.6/24,M4.1.6/24", "2026-04-04", "2026-04-05T03:59:59", "2026-04-05T04:00:00"),
    ],  # the last is Santiago on the night when the hour before midnight comes twice
    ids=["utc", "tokyo", "honolulu", "santiago"],
)
def test_a_day_ends_at_midnight_where_the_analyst_is(
    run: Run, clock: Clock, zone: Callable[[str], None], name: str, day: str, last: str, first: str
) -> None:
    zone(name)
    for moment, seen in ((last, 0), (first, 1)):
        db = f"{seen}.db"
        clock(moment)
        brought(run, "2026-01-01 3", db=db)
        assert len(told(run, "--recorded-since", day, "--db", db)["signals"]) == seen


@pytest.mark.parametrize("name", ["JST-9", "HST10"])
def test_at_the_calendars_beginning_a_day_ends_too(
    run: Run, sample: Path, zone: Callable[[str], None], name: str
) -> None:
    zone(name)
    assert len(told(run, "--recorded-since", "0001-01-01")["signals"]) == 90


def test_what_will_be_recorded_is_not_asked_after(run: Run, sample: Path) -> None:
    ran = run("changes", "--recorded-since", "9999-12-31")
    assert (ran.code, ran.err) == (2, "error: --recorded-since 9999-12-31 is in the future\n")


# -- whose signals


MIXED = (
    "a,2026-05-15,china,support,5,A desk signal,B1,ally,desk\n"
    "b,2026-05-16,china,support,3,A call from Moscow,B1,principal,desk\n"
    "c,2026-05-17,china,sanctions,-4,A third party,B1,third,desk\n"
    "gdelt:1,2026-05-18,china,distancing,-6,A machine-coded event,B1,ally,gdelt\n"
    "icews:1,2026-05-18,iran,distancing,-6,Another one,B1,third,icews\n"
)


@pytest.mark.parametrize(
    ("args", "dates"),
    [
        ((), {"china": [15, 16, 17]}),
        (("--by", "ally"), {"china": [15]}),
        (("--by", "third"), {"china": [17]}),
        (("--origin", "gdelt"), {"china": [18]}),
        (("--origin", "feeds"), {"china": [18], "iran": [18]}),
        (("--origin", "feeds", "--by", "third"), {"iran": [18]}),
        (("--origin", "all"), {"china": [15, 16, 17, 18], "iran": [18]}),
    ],
)
@pytest.mark.parametrize("since", ["--since", "--recorded-since"])
def test_whose_signals_are_judged_can_be_chosen(
    run: Run, clock: Clock, since: str, args: tuple[str, ...], dates: dict[str, list[int]]
) -> None:
    clock("2026-05-19T09:00")
    assert run("import", "-", stdin=HEADER + MIXED).code == 0
    found = told(run, since, "2026-05-13", *args)
    days: dict[str, list[int]] = {}
    for signal in found["signals"]:
        days.setdefault(signal["ally"], []).append(int(signal["date"][-2:]))
    assert days == dates
    judged = summary(run, "--as-of", SAMPLE_DAY, *args)
    assert {slug: ally["level"] for slug, ally in allies(found).items()} == {
        slug: ally["level"] for slug, ally in judged.items()
    }


def test_the_title_says_whose_signals_are_judged(run: Run, sample: Path) -> None:
    assert lines(run, "--by", "principal")[0].endswith(" · Russia's acts only")
    assert lines(run, "--origin", "feeds")[0].endswith(" · 0 signals · no turn · origin feeds")


# -- the forms


def test_json_has_its_keys_in_their_order(run: Run, sample: Path) -> None:
    found = told(run, "--since", "90d", "--by", "ally", "--window", "60")
    assert list(found) == FACTS
    assert [found[key] for key in FACTS[:7]] == ["2026-05-20", 60, "Russia", "desk", "ally", "2026-02-19", False]
    assert all(list(ally) == KEYS for ally in found["allies"])
    assert all(list(signal) == SIGNAL_KEYS for signal in found["signals"])


def test_json_names_the_allies_that_turned(run: Run, sample: Path) -> None:
    found = told(run, "--since", "90d")
    assert found["turned"] == [ally["ally"] for ally in found["allies"] if ally["turned"]] == ["belarus", "china"]


def test_csv_has_a_row_an_ally_under_the_keys_of_json(run: Run, sample: Path) -> None:
    out = run("changes", "--since", "90d", "--as-of", SAMPLE_DAY, "-f", "csv").out
    found = told(run, "--since", "90d")["allies"]
    assert out.splitlines()[0] == ",".join(KEYS)
    for row, ally in zip(csv.DictReader(out.splitlines()), found, strict=True):
        flat = {key: "" if value is None else str(value) for key, value in ally.items()}
        flat |= {"turned": str(ally["turned"]).lower(), "signals": "; ".join(map(str, ally["signals"]))}
        assert row == flat


def test_markdown_has_the_same_rows_as_the_screen(run: Run, sample: Path) -> None:
    found = run("changes", "--since", "90d", "--as-of", SAMPLE_DAY, "-f", "markdown").out.splitlines()
    assert found[0] == f"# {QUARTER.splitlines()[0]}"
    assert "| China | +0.3 | +1.0 | +0.71 | no news for 119d | ▲ likely 66% | turned |" in [
        " ".join(line.split()) for line in found
    ]
    assert [line.split(" | ")[0] for line in found if line.startswith("| \\#")] == [
        f"| \\{line.split()[0]}" for line in QUARTER.splitlines() if line.startswith("#")
    ]
    assert "- **No news** Syria +1.5" in found


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            "table",
            (
                "Russia's allies: changed after 2026-05-13, up to 2026-05-20 · 0 signals · no turn\n"
                "No signals  none up to this day\n"
            ),
        ),
        ("csv", ",".join(KEYS) + "\n"),
    ],
)
def test_an_empty_ledger_has_no_changes(run: Run, place: str, form: str, said: str) -> None:
    note = f"note: there is no ledger at {place} yet; the first signal makes it\n"
    assert run("changes", "--as-of", SAMPLE_DAY, "-f", form) == Ran(0, said, note)
    assert run("changes", "--exit-code").code == 0
    assert not is_there(place)
    found = json.loads(run("changes", "--recorded-since", "7d", "-f", "json").out)
    assert (found["allies"], found["signals"], found["turned"]) == ([], [], [])
    assert run("changes", "-f", "markdown").out.startswith("# Russia's allies: changed after 2026-05-14, ")


def test_hostile_text_is_shown_and_acted_upon_by_nothing(run: Run) -> None:
    name, text = "=1+1 \u202eEvil [red]", "[red]not red[/red] [/b] \u202egnorw <b>x</b> | `y`"
    assert run("ally", "add", name, "--slug", "evil").code == 0
    assert run("log", "evil", "visit", text, back(2), "B2").code == 0
    out = run("changes", "--as-of", SAMPLE_DAY).out
    assert "\u202e" not in out
    assert text.replace("\u202e", "\\u202e") in out
    assert out.splitlines()[2].startswith("=1+1 \\u202eEvil [red]  ")
    assert "No news  =1+1 \\u202eEvil [red] +" in run("changes", "--since", back(1), "--as-of", SAMPLE_DAY).out
    markdown = run("changes", "--as-of", SAMPLE_DAY, "-f", "markdown").out
    assert "\\[red\\]not red\\[/red\\] \\[/b\\] \\\\u202egnorw \\<b\\>x\\</b\\> \\| \\`y\\`" in markdown
    assert "\u202e" not in markdown
    (row,) = csv.DictReader(run("changes", "--as-of", SAMPLE_DAY, "-f", "csv").out.splitlines())
    assert row["name"] == f"'{name}"
    assert "\u202e" not in run("changes", "--as-of", SAMPLE_DAY, "-f", "json").out
    assert told(run)["signals"][0]["summary"] == text


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_no_line_is_longer_than_the_screen_is_wide(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr("scrutiny.cli.present._width", lambda: width)
    found = lines(run, "--since", "90d")
    assert max(map(cell_len, found)) <= width
    for name, *said in (
        ("Belarus", "+1.8", "+3.5", "▲ likely 79%", "turned"),
        ("China", "+0.3", "+1.0", "▲ likely 66%", "turned"),
        ("North Korea", "+4.7", "+4.3", "─ no clear direction"),
    ):
        (row,) = (line for line in found if line.startswith(name))
        assert all(part in row for part in said)


# -- laws


def numbered(signals: list[Signal]) -> list[Signal]:
    """The same with uids of their own."""
    return [replace(one, uid=str(number)) for number, one in enumerate(signals)]


@LAWS
@given(SIGNALS.map(numbered), st.integers(0, 1600), st.sampled_from([1, 7, 90, 365]))
def test_the_moves_of_any_signals_add_up_by_date(signals: list[Signal], ago: int, window: int) -> None:
    since = DAY - timedelta(ago)
    now = standing(CHINA, by_day(signals), DAY, window)
    found = changed(now, since, DAY, window, [one for one in signals if one.happened_on > since])
    then = standing(CHINA, by_day([one for one in signals if one.happened_on <= since]), since, window).trend
    assert found.then == then
    assert found.bridge.was == pytest.approx(then.level if then else 0.0, abs=CLOSE)
    assert found.bridge.level == pytest.approx(now.trend.level if now.trend else 0.0, abs=CLOSE)
    assert all(step.moved == 0 for step in found.bridge.steps if not step.signal.sixteenths)


@LAWS
@given(SIGNALS.map(numbered), st.data())
def test_the_moves_of_any_signals_add_up_by_record(signals: list[Signal], data: st.DataObject) -> None:
    fates = data.draw(
        st.lists(st.sampled_from("known late gone".split()), min_size=len(signals), max_size=len(signals))
    )
    question = Question(DAY, 90)
    since = DAY - timedelta(data.draw(st.integers(0, 1600)))
    known, late, gone = (
        [one for one, fate in zip(signals, fates, strict=True) if fate == of] for of in ("known", "late", "gone")
    )
    standing_now = standing(CHINA, by_day([*known, *late]), DAY, 90)
    now, unheard = standing_now.trend, standing(CHINA, by_day(known), DAY, 90).trend
    found = changed_by_record(standing_now, by_day([*known, *gone]), by_day(known), late, since, question)
    assert found.taken_back == len(gone)
    levels = [one.level if one else 0.0 for one in (now, unheard)]
    assert math.fsum(step.moved for step in found.bridge.steps) == pytest.approx(levels[0] - levels[1], abs=CLOSE)
    assert found.bridge.level == pytest.approx(levels[0], abs=CLOSE)
    assert all(step.moved == 0 for step in found.bridge.steps if not step.signal.sixteenths)
    assert {step.signal for step in found.bridge.steps} == set(late)
