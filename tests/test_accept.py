"""accept: a feed event becomes a signal of the desk, once, and can be taken back."""

import json
from typing import Any

import pytest

from scrutiny.store import ledger as ledgers
from tests.conftest import Clock, Ran, Run
from tests.feeds import bring, signal
from tests.stores import before_the_next_write, is_there

URL = "https://x.org/1"
CARRIED = "ally actor kind score summary domain driver source act date".split()


def shown(run: Run, number: int) -> dict[str, Any]:
    ran = run("show", str(number), "-f", "json")
    assert ran.code == 0, ran.err
    (found,) = json.loads(ran.out)["signal"]
    return dict(found)


def ids(run: Run, *args: str) -> list[int]:
    return [one["id"] for one in json.loads(run("list", *args, "-f", "json").out)["signals"]]


def candidates(run: Run) -> list[int]:
    return [one["id"] for one in json.loads(run("candidates", "-f", "json").out)["candidates"]]


@pytest.fixture
def event(new: object, run: Run) -> dict[str, Any]:
    """The first of two events, which has every part."""
    from scrutiny.core.signals import Actor, Domain, Driver, Grade

    parts: dict[str, Any] = {
        "domain": Domain.ECONOMIC,
        "driver": Driver.WAR,
        "actor": Actor.PRINCIPAL,
        "grade": Grade("D", "6"),
    }
    bring(
        [
            signal("gdelt:1", "2015-10-28", "praise", cameo="051", mentions=7, source=URL, **parts),
            signal("icews:1", "2015-10-29", "-5.2", ally="iran", origin="icews", cameo="120"),
        ]
    )
    return shown(run, 1)


def test_an_event_becomes_the_desk_s_signal_as_it_is_but_for_its_grade(run: Run, event: dict[str, Any]) -> None:
    assert run("accept", "1") == Ran(
        0,
        "",
        "#3 China  support +3.4 (praise)  Wed 2015-10-28  no grade\nfrom #1 gdelt\ntake it back: scrutiny undo 3\n",
    )
    made = shown(run, 3)
    assert {key: made[key] for key in CARRIED} == {key: event[key] for key in CARRIED}
    assert (made["origin"], made["event"], made["cameo"], made["mentions"]) == ("desk", "gdelt:1", None, None)
    assert (made["grade"], made["recorded_by"], made["change"], len(made["uid"])) == (None, "ana", 3, 32)
    assert shown(run, 1) == event | {"accepted_as": 3}


@pytest.mark.parametrize(
    ("args", "said", "changed"),
    [
        (("B2",), "support +3.4 (praise)  Wed 2015-10-28  B2", {"grade": "B2"}),
        (("visit", "B2", "military"), "support +2.8 (visit)  Wed 2015-10-28  B2",
         {"act": "visit", "score": 2.8, "grade": "B2", "domain": "military"}),
        (("Visit", "--score", "4"), "support +4.0 (visit)  Wed 2015-10-28  no grade", {"act": "visit", "score": 4.0}),
        (("--score", "1.5"), "support +1.5 (praise)  Wed 2015-10-28  no grade", {"score": 1.5}),
        (("distancing",), "distancing -2.0  Wed 2015-10-28  no grade",
         {"act": None, "kind": "distancing", "score": -2.0}),
        (("sanctions", "sanctions"), "sanctions -2.0  Wed 2015-10-28  no grade",
         {"act": None, "kind": "sanctions", "score": -2.0, "driver": "sanctions"}),
        (("war", "sanctions"), None, None),
        (("24feb2015", "by:third", "https://tass.com/2"), "support +3.4 (praise)  Tue 2015-02-24  no grade",
         {"date": "2015-02-24", "actor": "third", "source": "https://tass.com/2"}),
        (("halt", "--on", "2015-10-27", "--grade", "c3", "--source", "Le  Monde", "--domain", "energy",
          "--driver", "sanctions", "--by", "ally", "--summary", "Oil\nhalts"),
         "sanctions -4.5 (halt)  Tue 2015-10-27  C3",
         {"act": "halt", "kind": "sanctions", "score": -4.5, "date": "2015-10-27", "grade": "C3",
          "source": "Le Monde", "domain": "energy", "driver": "sanctions", "actor": "ally", "summary": "Oil halts"}),
    ],
)  # fmt: skip
def test_what_is_said_otherwise_is_otherwise(
    run: Run, event: dict[str, Any], args: tuple[str, ...], said: str | None, changed: dict[str, Any] | None
) -> None:
    ran = run("accept", "1", *args)
    if said is None or changed is None:
        assert (ran.code, ran.err) == (2, "error: two drivers are given: 'war' and 'sanctions'\n")
        return
    assert ran == Ran(0, "", f"#3 China  {said}\nfrom #1 gdelt\ntake it back: scrutiny undo 3\n")
    made = shown(run, 3)
    expected = {key: event[key] for key in CARRIED} | {"grade": None} | changed
    assert {key: made[key] for key in expected} == expected


def test_an_event_without_an_act_keeps_its_kind_and_score(run: Run, event: dict[str, Any]) -> None:
    assert run("accept", "2", "B2").err.splitlines()[:2] == [
        "#3 Iran  distancing -5.2  Thu 2015-10-29  B2",
        "from #2 icews",
    ]


def test_the_latest_signal_is_meant_by_last(run: Run, event: dict[str, Any]) -> None:
    assert run("accept", "LAST").err.splitlines()[1] == "from #2 icews"
    assert run("accept", "last").err.startswith("error: #3 is a desk signal already\n")
    assert run("accept", "#1").code == 0


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("99",), 3, "error: no signal #99\nhint: see them with: scrutiny list\n"),
        (("x",), 2, "error: no signal number 'x'\nhint: a signal is named by its number, as in 12, or by: last\n"),
        (("3",), 1, "error: #3 is a desk signal already\nhint: change it with: scrutiny edit 3\n"),
        (("2",), 1, "error: #2 was removed\nhint: see by which change with: scrutiny history 2\n"),
        (("1", "vist"), 2, "error: 'vist' is neither an act nor one of log's words; near: visit, listed\n"),
        (("1", "militry", "B2"), 2, "error: 'militry' is neither an act nor one of log's words; near: military\n"),
        (("1", "meets"), 2, "error: 'meets' is neither an act nor one of log's words; near: visit, joint\n"),
        (("1", "visit", "militry"), 2, "error: 'militry' is none of log's words; near: military\n"),
        (("1", "B2", "visit"), 2, ("error: 'visit' is out of place: the act comes right after the ID\n"
                                  "hint: as in: scrutiny accept 412 visit B2 military\n")),
        (("1", "visit", "joint"), 2, "error: 'joint' is out of place: 'visit' is the act already\n"),
        (("1", "B2", "A1"), 2, "error: two grades are given: 'B2' and 'A1'\n"),
        (("1", "B2", "--grade", "A1"), 2, "error: 'B2' is given as a word and 'A1' as an option; say it once\n"),
        (("1", "--score", "-2"), 2, "error: a support signal scores above 0, not -2\n"),
        (("1", "abstain", "--score", "2"), 2, "error: a distancing signal scores below 0, not +2\n"),
        (("1", "--score", "x"), 2, "error: no score 'x'\n"),
        (("1", "--summary", "B2"), 2, "error: the summary 'B2' looks like a grade; was the summary forgotten?\n"),
        (("1", "--on", "2026-02-30"), 2, "error: the calendar has no 2026-02-30\n"),
        (("1", ""), 2, "error: '' is neither an act nor one of log's words\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_accepted_is_refused_and_leaves_no_trace(
    run: Run, event: dict[str, Any], args: tuple[str, ...], code: int, said: str
) -> None:
    run("log", "china", "visit", "The desk's own", "2026-05-01")
    run("remove", "2")
    before = run("history", "-f", "csv").out
    ran = run("accept", *args)
    assert (ran.code, ran.out, ran.err[: len(said)]) == (code, "", said)
    assert run("history", "-f", "csv").out == before


def test_an_event_is_accepted_once(run: Run, event: dict[str, Any]) -> None:
    run("accept", "1")
    assert run("accept", "1", "B2") == Ran(
        1, "", "error: #1 was accepted already, as #3\nhint: change it with: scrutiny edit 3\n"
    )
    assert ids(run) == [2, 3, 1]


def test_of_two_who_accept_at_once_one_is_refused(
    run: Run, event: dict[str, Any], place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile() -> None:
        assert run("accept", "1").code == 0

    before_the_next_write(monkeypatch, place, meanwhile)
    assert run("accept", "1").err.startswith("error: #1 was accepted already, as #3\n")
    assert len(ids(run, "--origin", "desk")) == 1


def test_where_there_is_no_ledger_none_is_made(run: Run, place: str, home: Any) -> None:
    for name, said in (("1", "no signal #1"), ("last", "the ledger has no signal yet")):
        ran = run("accept", name)
        assert (ran.code, f"error: {said}" in ran.err) == (3, True)
    assert not is_there(place)


def test_likely_repeats_are_named_but_not_the_event_itself(run: Run, event: dict[str, Any]) -> None:
    run("log", "china", "visit", "Logged before", "2015-10-28", URL)
    assert run("accept", "1").err.splitlines()[3:] == [
        "warning: #3 has the same ally, date and source: Logged before"
    ]


def test_a_date_to_come_is_warned_about(run: Run, event: dict[str, Any]) -> None:
    assert run("accept", "1", "2026-06-01").err.splitlines()[-1] == "warning: 2026-06-01 is in the future"


# -- what becomes of it


def test_the_event_is_listed_with_its_feed_and_left_out_of_all(run: Run, event: dict[str, Any]) -> None:
    run("accept", "1", "A1")
    assert (ids(run, "--origin", "gdelt"), ids(run, "--origin", "all")) == ([1], [2, 3])
    assert ids(run, "--origin", "desk") == [3]
    (china,) = json.loads(run("summary", "china", "-f", "json").out)["allies"]
    assert (china["signals"], china["level"] > 0) == (1, True)


def test_taken_back_or_removed_the_event_is_a_candidate_again(run: Run, event: dict[str, Any]) -> None:
    run("accept", "1")
    assert candidates(run) == [2]
    assert run("undo").err == "took back change 3 (accept: #1 china praise), 1 signal\n"
    assert candidates(run) == [1, 2]
    assert run("redo").err == "reapplied change 3 (accept: #1 china praise), 1 signal\n"
    assert candidates(run) == [2]
    run("remove", "3")
    assert candidates(run) == [1, 2]
    assert run("accept", "1", "C3").err.startswith("#4 China")
    assert run("db", "check").code == 0


def test_what_was_accepted_again_since_is_not_brought_back_beside_it(run: Run, event: dict[str, Any]) -> None:
    run("accept", "1")
    run("undo")
    run("accept", "1", "B2")
    refused = "error: the event of #3 was accepted again since, as #4\nhint: first: scrutiny remove 4\n"
    assert run("redo", "3") == Ran(1, "", refused)
    run("undo", "5")
    assert run("redo", "3").code == 0
    run("remove", "3")
    run("redo", "5")
    assert run("undo", "8").err == refused
    assert ids(run, "--origin", "desk") == [4]


def test_an_ally_that_has_nothing_left_goes_with_what_was_accepted(run: Run, new: object) -> None:
    text = "uid,date,ally,act,summary,origin\ng:1,2026-05-01,india,visit,Modi in Moscow,gdelt\n"
    assert run("import", "-", stdin=text).code == 0
    run("accept", "1")
    run("undo", "2", "--yes")
    assert run("ally", "show", "india").out.startswith("India · 1 signal\n")
    run("undo", "3")
    assert run("ally", "show", "india").code == 3
    assert run("redo", "3").code == 0
    assert run("ally", "show", "india").out.startswith("India · 1 signal\n")
    assert run("db", "check").code == 0


def test_the_history_tells_it(run: Run, event: dict[str, Any]) -> None:
    run("accept", "1", "visit", "B2")
    assert "accept: #1 china visit" in run("history").out
    told = run("history", "--change", "3").out
    assert "1 signal added" in told
    assert "#3  2015-10-28  China  added  visit +2.8" in told
    assert run("history", "3").out.splitlines()[-1].endswith("ana  added (accept: #1 china visit)")
    assert "Origin    desk, accepted from gdelt:1" in run("show", "3").out


def test_show_tells_how_the_feed_has_an_event(run: Run, event: dict[str, Any]) -> None:
    lines = run("show", "1").out.splitlines()
    assert "Coded     CAMEO 051 · 7 mentions" in lines
    assert "Coded     CAMEO 120" in run("show", "2").out.splitlines()
    assert (event["cameo"], event["mentions"]) == ("051", 7)


def test_an_event_says_what_the_desk_made_of_it(run: Run, event: dict[str, Any], clock: Clock) -> None:
    clock("2026-05-10T09:00")
    run("accept", "1", "A1")
    assert "Accepted  as #3" in run("show", "1").out.splitlines()
    assert [shown(run, number)["accepted_as"] for number in (1, 2, 3)] == [3, None, None]
    assert "Accepted" not in run("show", "1", "--known", "2026-05-09").out
    run("undo")
    assert shown(run, 1)["accepted_as"] is None


def test_before_it_was_accepted_it_was_not(run: Run, event: dict[str, Any], clock: Clock) -> None:
    clock("2026-05-10T09:00")
    run("accept", "1", "A1")
    for day, held in (("2026-05-09", [2, 1]), ("2026-05-10", [2, 3])):
        assert ids(run, "--origin", "all", "--known", day) == held
    ran = run("summary", "china", "--known", "2026-05-09")
    assert "no signals up to this day" in ran.out
    assert "1 feed event apart" in ran.out


def test_an_edit_of_the_event_is_carried_over(run: Run, event: dict[str, Any]) -> None:
    run("edit", "1", "--act", "joint", "--summary", "A joint declaration", "--ally", "iran", "--private")
    assert run("accept", "1").err.startswith("#3 Iran  support +5.0 (joint)")
    made = shown(run, 3)
    assert (made["summary"], made["private"]) == ("A joint declaration", True)


def test_what_is_accepted_is_as_it_stands_when_it_is_written(
    run: Run, event: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program edits the event while this one waits its turn."""
    accept = ledgers.Ledger.accept

    def interrupted(self: ledgers.Ledger, *args: object) -> object:
        monkeypatch.setattr(ledgers.Ledger, "accept", accept)
        assert run("edit", "1", "--act", "visit").code == 0
        return accept(self, *args)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(ledgers.Ledger, "accept", interrupted)
    assert run("accept", "1").err.startswith("#3 China  support +2.8 (visit)")
