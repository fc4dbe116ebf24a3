"""Feed events judged by themselves, beside the desk's signals, and the line that says where the two differ."""

import json
from typing import Any

import pytest

from scrutiny.core.signals import Grade
from tests.conftest import Run
from tests.feeds import bring, signal

AT = ("--as-of", "2026-05-20")


def lines(run: Run, *args: str) -> list[str]:
    ran = run(*args)
    assert (ran.code, ran.err) == (0, ""), ran.err
    return ran.out.splitlines()


def feeds_line(run: Run, *args: str) -> list[str]:
    return [line for line in lines(run, "summary", "china", *AT, *args) if line.startswith("Feeds")]


def feeds_of(run: Run, *args: str) -> Any:
    (china,) = json.loads(run("summary", "china", *AT, *args, "-f", "json").out)["allies"]
    return china["feeds"]


def desk(score: str, *days: str) -> None:
    """Signals of the desk, of one score."""
    bring([signal(f"d:{day}", day, score, origin="desk", grade=None) for day in days])


def fed(score: str, *days: str, origin: str = "gdelt") -> None:
    bring([signal(f"{origin}:{day}", day, score, origin=origin, mentions=5, cameo="042") for day in days])


MAY = [f"2026-05-{day:02}" for day in range(1, 11)]
LAST_YEAR = [f"2025-{month:02}-01" for month in range(1, 13)]


def test_the_line_says_level_direction_and_where_to_look(run: Run) -> None:
    desk("1", *LAST_YEAR, *MAY[:2])
    fed("-2", *LAST_YEAR)
    fed("6", *MAY)
    (line,) = feeds_line(run)
    found = feeds_of(run)
    assert found["differs"] is True
    assert (found["events"], found["direction"], found["likelihood"]) == (22, "strengthening", "almost certain")
    told = f"{found['level']:+.1f} (desk +0.9), ▲ strengthening where the desk sees no clear direction"
    assert line.split(maxsplit=1)[1] == f"{told} · 22 events: summary china --origin feeds"
    (alone,) = json.loads(run("summary", "china", "--origin", "feeds", *AT, "-f", "json").out)["allies"]
    assert {key: alone[key] for key in ("level", "direction", "likelihood")} == {
        key: found[key] for key in ("level", "direction", "likelihood")
    }


def test_levels_on_different_sides_differ(run: Run) -> None:
    desk("2", "2026-05-01", "2026-05-04")
    fed("-4", *MAY)
    (line,) = feeds_line(run)
    assert "where the desk sees" not in line
    assert line.startswith("Feeds         -")
    assert "10 events: summary china --origin feeds" in line


def test_where_both_see_the_same_nothing_is_said_but_to_machines(run: Run) -> None:
    desk("3", *MAY)
    fed("3", *MAY)
    assert feeds_line(run) == []
    found = feeds_of(run)
    assert list(found) == ["events", "level", "direction", "likelihood", "differs"]
    assert (found["events"], found["direction"], found["likelihood"], found["differs"]) == (
        10,
        "too few signals",
        None,
        False,
    )


def test_without_feed_events_there_is_no_second_opinion(run: Run, sample: object) -> None:
    assert feeds_line(run) == []
    assert feeds_of(run) is None
    header, row = run("summary", "china", *AT, "-f", "csv").out.splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=False))
    assert {key for key in cells if key.startswith("feeds_")} == {
        f"feeds_{part}" for part in "events level direction likelihood differs".split()
    }


def test_only_what_the_question_asks_about_is_compared(run: Run) -> None:
    desk("2", *MAY)
    fed("-6", *MAY[5:])
    assert feeds_of(run)["events"] == 5
    assert feeds_of(run, "--as-of", "2026-05-07")["events"] == 2
    assert feeds_of(run, "--as-of", "2026-05-02") is None
    assert feeds_of(run, "--by", "ally")["events"] == 5
    assert feeds_of(run, "--origin", "feeds") is None
    assert feeds_of(run, "--origin", "all") is None


def test_feed_events_that_weigh_nothing_have_no_opinion(run: Run) -> None:
    desk("2", *MAY)
    bring([signal("gdelt:1", "2026-05-01", "-5", grade=Grade("E", "5"))])
    assert feeds_line(run) == []
    assert feeds_of(run) == {"events": 1, "level": None, "direction": None, "likelihood": None, "differs": False}


def test_the_past_has_its_own_second_opinion(run: Run) -> None:
    desk("2", *MAY)
    fed("-6", *MAY)
    run("undo")
    assert feeds_line(run) == []
    assert feeds_of(run) is None


# -- every judging command on feed events


@pytest.fixture
def both(run: Run) -> None:
    """China of both, Iran of the feeds alone."""
    desk("1", *LAST_YEAR, "2026-05-01")
    fed("-2", *LAST_YEAR)
    fed("6", *MAY, origin="icews")
    bring([signal(f"gdelt:i{day}", day, "-3", ally="iran") for day in MAY])


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(
    ("origin", "signals", "allies"),
    [("desk", 13, ["china"]), ("feeds", 32, ["china", "iran"]), ("gdelt", 22, ["china", "iran"]),
     ("icews", 10, ["china"]), ("polecat", 0, []), ("all", 45, ["china", "iran"])],
)  # fmt: skip
def test_each_origin_has_an_overview_of_its_own(run: Run, origin: str, signals: int, allies: list[str]) -> None:
    title = lines(run, "summary", "--origin", origin, *AT)[0]
    assert f" · {signals} signals" in title
    assert title.endswith("" if origin == "desk" else f" · origin {origin}")
    found = json.loads(run("summary", "--origin", origin, *AT, "-f", "json").out)["allies"]
    assert sorted(ally["ally"] for ally in found) == allies


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("origin", ["feeds", "icews", "all"])
@pytest.mark.parametrize(
    "command",
    ["summary china", "explain china", "explain china --level", "changes", "compare china iran", "chart china"],
)
def test_every_judging_command_says_whose_signals_it_judges(run: Run, command: str, origin: str) -> None:
    title = lines(run, *command.split(), "--origin", origin, *AT)[0]
    assert title.endswith(f" · origin {origin}")


@pytest.mark.usefixtures("both")
def test_what_to_look_at_next_is_of_the_same_origin(run: Run) -> None:
    assert lines(run, "summary", "china", *AT)[-1] == "next: explain china, list china, show ID"
    assert lines(run, "summary", "china", "--origin", "feeds", *AT)[-1] == (
        "next: explain china --origin feeds, list china --origin feeds, show ID"
    )


@pytest.mark.usefixtures("both")
def test_an_ally_with_feed_events_alone_shows_no_level_and_where_it_has_one(run: Run) -> None:
    (said,) = [line for line in lines(run, "summary", *AT) if line.startswith("No signals")]
    assert said == ("No signals  Belarus, Iran, Syria · feed events have levels of their own: summary --origin feeds")
    assert lines(run, "summary", "iran", *AT)[-1] == (
        "10 feed events apart; a level of their own: summary iran --origin feeds"
    )
    assert lines(run, "explain", "iran", *AT)[-1].endswith("summary iran --origin feeds")
    for origin in ("feeds", "all"):
        (said,) = [line for line in lines(run, "summary", *AT, "--origin", origin) if line.startswith("No signals")]
        assert said == "No signals  Belarus, Syria"
    (said,) = [line for line in lines(run, "summary", "--as-of", "2026-04-30") if line.startswith("No signals")]
    assert said == "No signals  Belarus, Iran, Syria"


@pytest.mark.usefixtures("both")
def test_what_was_accepted_is_judged_once_with_all(run: Run) -> None:
    def signals(origin: str) -> int:
        (china,) = json.loads(run("summary", "china", "--origin", origin, *AT, "-f", "json").out)["allies"]
        return int(china["signals"])

    before = {origin: signals(origin) for origin in ("desk", "feeds", "all")}
    assert run("accept", "14", "B2").code == 0
    assert {origin: signals(origin) for origin in ("desk", "feeds", "all")} == before | {"desk": before["desk"] + 1}
