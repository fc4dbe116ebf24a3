"""Whose rows count, and what becomes of them."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.core.acts import Kind
from scrutiny.core.allies import RUSSIA, SEEDS, Ally, Principal, Roster
from scrutiny.core.exported import COLUMNS
from scrutiny.core.signals import Actor, Domain, Grade, Signal
from scrutiny.core.states import find_state
from scrutiny.errors import BadValue, ScrutinyError
from scrutiny.feeds import Row, Tally, plover
from scrutiny.feeds.cameo import coded, named
from scrutiny.feeds.dyads import CAMEO_CODES, PRINCIPAL, Direction, Dyads, Side, check_lag, hundredths, side
from scrutiny.feeds.sieve import Event, Sieve
from scrutiny.feeds.tabbed import cleaned, decoded, shown

COUNTRIES = Path(__file__).parents[2] / "shared" / "data" / "tables" / "gdelt_CAMEO.country.txt"
ROSTER = Roster(RUSSIA, SEEDS)
DAY = date(2026, 2, 24)
CHINA, RUSSIA_ACTS = Side("china", Actor.ALLY), Side("china", Actor.PRINCIPAL)


def roster(*names: str, principal: Principal = RUSSIA) -> Roster:
    found = Roster(principal)
    for name in names:
        ally = found.state(name)
        assert ally
        found = found.joined(ally)
    return found


def event(number: int, of: Side = CHINA, code: str = "040", **more: Any) -> Event:
    names = ("Xi", "Putin") if of.actor is Actor.ALLY else ("Putin", "Xi")
    return Event(f"gdelt:{number}", of, DAY, *names, coded(code), 1.0)._replace(**more)


def signal_of(row: Row) -> Signal:
    """The signal that a row is written from."""
    said: dict[str, Any] = {name: cell or None for name, cell in zip(COLUMNS, row.cells, strict=True)}
    return Signal(
        uid=said["uid"],
        ally=said["ally"],
        happened_on=date.fromisoformat(said["date"]),
        kind=Kind(said["kind"]),
        score=said["score"],
        summary=said["summary"],
        act=said["act"],
        actor=Actor(said["actor"]),
        domain=said["domain"] and Domain(said["domain"]),
        source=said["source"],
        grade=said["grade"] and Grade.read(said["grade"]),
        origin=said["origin"],
        cameo=row.alike.cameo or None,
        mentions=row.mentions or None,
    )


def passed(*events: Event) -> tuple[list[str], Tally]:
    """The numbers of the events that pass, and the tally."""
    sieve = Sieve("gdelt", Dyads(ROSTER), tally := Tally())
    rows = [sieve.row(line, one) for line, one in enumerate(events, 1)]
    return [signal_of(row).uid.removeprefix("gdelt:") for row in rows if row], tally


# -- who


@pytest.mark.parametrize(
    ("principal", "allies", "codes"),
    [
        ("Russia", ("China", "Romania"), {"CHN": "china", "ROM": "romania", "ROU": "romania", "RUS": PRINCIPAL}),
        ("Romania", ("Palestine",), {
            "PSE": "palestine", "GZS": "palestine", "WSB": "palestine", "ROU": PRINCIPAL, "ROM": PRINCIPAL
        }),
    ],
)  # fmt: skip
def test_a_side_is_known_by_its_cameo_code(principal: str, allies: tuple[str, ...], codes: dict[str, str]) -> None:
    assert Dyads(roster(*allies, principal=Principal.read(principal))).by_code() == codes


def test_an_ally_without_a_code_has_no_events_by_code() -> None:
    assert Dyads(Roster(RUSSIA, (Ally(slug="wagner", name="Wagner"),))).by_code() == {"RUS": PRINCIPAL}


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("Russian Federation", PRINCIPAL),
        ("Russia", PRINCIPAL),
        ("RUS", PRINCIPAL),
        ("Syria", "syria"),
        ("Korea, Democratic People's Republic of", "north-korea"),
        ("North Korea", "north-korea"),
        ("Occupied Palestinian Territory", "palestine"),
        ("the former Yugoslav Republic of Macedonia", "north-macedonia"),
        ("Democratic Republic of Congo", "dr-congo"),
        ("Congo", None),
        ("France", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_side_is_known_by_its_country_s_name(name: str, who: str | None) -> None:
    names = ("Syria", "North Korea", "Palestine", "North Macedonia", "DR Congo")
    assert Dyads(roster(*names)).by_name(name) == who


@pytest.mark.skipif(not COUNTRIES.is_file(), reason="the published table is not beside the checkout")
def test_every_cameo_code_of_a_state_is_iso_s_or_translated() -> None:
    lines = COUNTRIES.read_text("utf-8").splitlines()[1:]
    published = dict(line.split("\t")[:2] for line in lines)
    strange = {
        code for code, name in published.items()
        if (state := find_state(name)) and state.code != code and CAMEO_CODES.get(code) != state.code
    }  # fmt: skip
    assert strange == set()
    assert set(CAMEO_CODES) <= set(published)
    assert all(find_state(iso) for iso in CAMEO_CODES.values())


@pytest.mark.parametrize(
    ("source", "target", "of"),
    [
        (["china"], [PRINCIPAL], CHINA),
        ([PRINCIPAL], ["china"], RUSSIA_ACTS),
        (["china"], ["iran"], None),
        ([PRINCIPAL], [PRINCIPAL], None),
        ([PRINCIPAL], [], None),
        ([], [PRINCIPAL], None),
        (["china", "iran"], [PRINCIPAL], CHINA),
        (["china", PRINCIPAL], ["iran"], Side("iran", Actor.PRINCIPAL)),
        (["china"], [PRINCIPAL, "iran"], CHINA),
        (["china", PRINCIPAL], [PRINCIPAL], None),
    ],
)
def test_a_dyad_is_the_principal_and_an_ally(source: list[str], target: list[str], of: Side | None) -> None:
    assert side(source, target) == of


# -- what is asked for


@pytest.mark.parametrize(
    ("asked", "left_out"),
    [
        ({}, None),
        ({"allies": frozenset({"china"})}, None),
        ({"allies": frozenset({"iran"})}, "--ally"),
        ({"direction": Direction.ALLY_TO_PRINCIPAL}, None),
        ({"direction": Direction.PRINCIPAL_TO_ALLY}, "--direction"),
        ({"root_only": True}, "--root-only"),
        ({"min_mentions": 4}, None),
        ({"min_mentions": 5}, "--min-mentions"),
        ({"since": DAY, "until": DAY}, None),
        ({"since": date(2026, 2, 25)}, "--since"),
        ({"until": date(2026, 2, 23)}, "--until"),
    ],
)
def test_what_an_option_leaves_out_is_counted_under_it(asked: dict[str, Any], left_out: str | None) -> None:
    sieve = Sieve("gdelt", replace(Dyads(ROSTER), **asked), tally := Tally())
    passes = sieve.is_asked(CHINA) and sieve.is_prominent(is_root=False, mentions=4) and sieve.is_in_time(DAY)
    assert (passes, tally.left_out) == (left_out is None, Counter([left_out] if left_out else []))
    assert tally.matched == {"china": 1}


def test_a_grade_that_is_asked_for_is_given_to_every_signal() -> None:
    row = Sieve("gdelt", Dyads(ROSTER, grade=Grade("C", "3")), Tally()).row(1, event(1))
    assert row
    assert signal_of(row).grade == Grade("C", "3")


# -- what says nothing, and what comes again


def test_a_score_of_0_is_neutral() -> None:
    ids, tally = passed(event(1, score=0.0), event(2, score=-0.0))
    assert (ids, tally.neutral, tally.repeats) == ([], 2, 0)


@pytest.mark.parametrize(
    ("other", "comes_again"),
    [
        ({}, True),
        ({"uid": "gdelt:1", "story": "http://b.example"}, True),
        ({"story": "http://b.example"}, False),
        ({"happened_on": date(2026, 2, 25)}, False),
        ({"coded": coded("052")}, False),
        ({"source": "Wang"}, False),
    ],
)
def test_a_story_or_a_number_comes_once(other: dict[str, Any], comes_again: bool) -> None:
    first = event(1, code="051", story="http://a.example")
    ids, tally = passed(first, first._replace(**{"uid": "gdelt:2"} | other))
    assert (len(ids), tally.repeats) == ((1, 1) if comes_again else (2, 0))


def test_events_without_a_story_are_all_different() -> None:
    assert passed(event(1, code="051"), event(2, code="051"))[0] == ["1", "2"]


@pytest.mark.parametrize(
    ("order", "kept"),
    [
        ("><", "1"),
        ("<>", "1"),
        (">>><", "123"),
        (">>><<<", "123"),
        ("><><><", "135"),
        ("<>>>", "134"),
        (">>", "12"),
    ],
)
def test_reports_of_both_sides_pair_one_to_one(order: str, kept: str) -> None:
    events = [event(at, CHINA if way == ">" else RUSSIA_ACTS) for at, way in enumerate(order, 1)]
    ids, tally = passed(*events)
    assert ("".join(ids), tally.repeats) == (kept, len(order) - len(kept))


@pytest.mark.parametrize(
    ("code", "other", "is_one_event"),
    [
        ("042", "043", True),
        ("043", "042", True),
        ("046", "046", True),
        ("042", "042", False),
        ("040", "041", False),
        ("051", "051", False),
    ],
)
def test_a_visit_pairs_with_its_hosting_and_a_meeting_with_itself(code: str, other: str, is_one_event: bool) -> None:
    ids, _ = passed(event(1, CHINA, code), event(2, RUSSIA_ACTS, other))
    assert ids == (["1"] if is_one_event else ["1", "2"])


@pytest.mark.parametrize("other", [{"source": "Lavrov"}, {"happened_on": date(2026, 2, 25)}, {"target": "Wang"}])
def test_other_people_or_days_are_other_events(other: dict[str, Any]) -> None:
    assert passed(event(1), event(2, RUSSIA_ACTS, **other))[0] == ["1", "2"]


def test_an_event_of_both_sides_carries_the_other_side_s_summary() -> None:
    row = Sieve("gdelt", Dyads(ROSTER), Tally()).row(7, event(1, code="042", source="", target=""))
    assert row
    assert (row.line, signal_of(row).summary, row.mirror) == (
        7, "China > Russia: Make a visit", "Russia > China: Host a visit"
    )  # fmt: skip


def test_a_report_that_was_paired_is_no_new_event_when_it_comes_again() -> None:
    again = event(2, RUSSIA_ACTS, story="http://a.example")
    ids, tally = passed(event(1), again, again._replace(uid="gdelt:3"))
    assert (ids, tally.repeats) == (["1"], 2)


def test_a_row_that_can_be_no_signal_does_not_stand_in_the_way_of_the_next() -> None:
    sieve = Sieve("gdelt", Dyads(ROSTER), Tally())
    with pytest.raises(BadValue, match="a score lies between"):
        sieve.row(1, event(1, score=11.0))
    assert sieve.row(2, event(1))


# -- lines, cells, days


def test_a_file_of_other_lines_is_refused_once_many_were_read() -> None:
    sieve = Sieve("icews", Dyads(ROSTER), tally := Tally())
    for tally.read in range(1, 101):
        sieve.misfit("2 columns under 20")
    tally.read += 1
    with pytest.raises(ScrutinyError, match="this is not ICEWS: 101 of 101 lines do not have its columns"):
        sieve.misfit("2 columns under 20")


@pytest.mark.parametrize(
    ("day", "added", "max_lag", "why"),
    [
        (DAY, DAY, 0, None),
        (date(2026, 1, 25), DAY, 31, None),
        (date(2026, 1, 24), DAY, 31, "exactly a month before"),
        (date(2026, 1, 24), DAY, 9_999, "exactly a month before"),
        (date(2025, 2, 24), DAY, 9_999, "exactly a year before"),
        (date(2025, 12, 15), date(2026, 1, 15), 9_999, "exactly a month before"),
        (date(2024, 2, 24), DAY, 9_999, None),
        (date(2026, 1, 23), DAY, 31, "added 32 days after its date"),
        (date(2026, 2, 25), DAY, 31, "after it was added"),
    ],
)
def test_a_slip_of_the_parser_and_a_late_event_are_refused(
    day: date, added: date, max_lag: int, why: str | None
) -> None:
    if why is None:
        check_lag(day, added, max_lag)
    else:
        with pytest.raises(BadValue, match=why):
            check_lag(day, added, max_lag)


@pytest.mark.parametrize(("cell", "score"), [("-0.3", -0.3), ("5.199999", 5.2), ("7", 7.0), ("0.004", 0.0)])
def test_a_score_has_two_decimals(cell: str, score: float) -> None:
    assert hundredths(cell) == score


@pytest.mark.parametrize("cell", ["nan", "inf", "", "1e1", "1_0", "five", "٥"])
def test_what_is_no_number_is_no_score(cell: str) -> None:
    with pytest.raises(BadValue, match="no score"):
        hundredths(cell)


def test_a_name_is_one_line_without_controls() -> None:
    assert cleaned(" Xi\t\x1b[2J \u0085Jinping\r\n", 200) == "Xi [2J Jinping"
    assert cleaned("ab cd", 3) == "ab"


def test_a_line_is_utf_8_or_else_latin_1() -> None:
    assert [decoded("Türkiye\r\n".encode(form)) for form in ("utf-8", "latin-1")] == ["Türkiye", "Türkiye"]


def test_a_line_is_shown_without_its_end_and_with_its_strange_bytes_escaped() -> None:
    assert shown(b"a\tb\xff\r\n") == "a\tb\\xff"


@pytest.mark.parametrize(
    ("part", "bad"),
    [("uid", "a b"), ("uid", "é"), ("uid", "u" * 201), ("source", "a\x1bb"), ("source", "x" * 10_001),
     ("citation", "a\x1bb"), ("citation", "x" * 4_001), ("mentions", 0), ("mentions", -7)],
    ids=lambda value: repr(value)[:9],
)  # fmt: skip
def test_what_no_signal_may_be_is_refused_after_any_number_of_good_events(part: str, bad: Any) -> None:
    used, wrong = Sieve("gdelt", Dyads(ROSTER), Tally()), event(9, code="051")._replace(**{part: bad})
    for number in range(3):
        assert used.row(number, event(number, code="051"))
    refused = row_or_reason(used, wrong)
    assert isinstance(refused, str)
    assert refused == row_or_reason(Sieve("gdelt", Dyads(ROSTER), Tally()), wrong)


ASKED = st.builds(
    Event,
    uid=st.sampled_from(["a", "b", "c:1", "a b", ""]),
    side=st.sampled_from([CHINA, RUSSIA_ACTS, Side("iran", Actor.ALLY)]),
    happened_on=st.sampled_from([DAY, DAY.replace(day=25)]),
    source=st.sampled_from(["", "Xi", "x" * 200, "\x85"]),
    target=st.just("Putin"),
    coded=st.sampled_from(
        [coded("051"), coded("163"), coded("0254"), named("Whatever"), plover.coded("COERCE", "", "")]
    ),
    score=st.sampled_from([1.0, -1.0, 3.4, 0.0, 11.0, 1.234]),
    citation=st.sampled_from(["", "https://x.org", "a\x1bb"]),
    story=st.just(""),
    mentions=st.sampled_from([None, 1, 0]),
)


@settings(deadline=None, max_examples=200)
@given(st.lists(ASKED, max_size=8))
def test_what_came_before_an_event_changes_nothing_of_it(events: list[Event]) -> None:
    used = Sieve("gdelt", Dyads(ROSTER), Tally())
    told_apart = [one._replace(uid=one.uid and f"{number}{one.uid}") for number, one in enumerate(events)]
    for one in told_apart:
        assert row_or_reason(used, one) == row_or_reason(Sieve("gdelt", Dyads(ROSTER), Tally()), one)


def row_or_reason(sieve: Sieve, one: Event) -> object:
    try:
        return sieve.row(1, one)
    except BadValue as error:
        return error.message
