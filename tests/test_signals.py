"""A signal's checks, grades and their weights, scores."""

import math
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.core.acts import ACTS, Kind
from scrutiny.core.signals import Actor, Domain, Driver, Grade, Signal, check_score, read_score, scored, sixteenths
from scrutiny.errors import BadValue

LAWS = settings(deadline=None, derandomize=True, max_examples=200)
RELIABILITY = {"A": 1, "B": 0.75, "C": 0.5, "D": 0.25, "E": 0, "F": 0.5}
CREDIBILITY = {"1": 1, "2": 0.75, "3": 0.5, "4": 0.25, "5": 0, "6": 0.5}


def signal(**parts: Any) -> Signal:
    """A signal that breaks no rule, but for the parts given."""
    sound: dict[str, Any] = {
        "uid": "5f1d",
        "ally": "china",
        "happened_on": date(2026, 2, 24),
        "kind": Kind.SUPPORT,
        "score": 2.8,
        "summary": "Xi in Moscow",
    }
    return Signal(**(sound | parts))


# Grades


@pytest.mark.parametrize("reliability", RELIABILITY)
@pytest.mark.parametrize("credibility", CREDIBILITY)
def test_a_grade_weighs_reliability_times_credibility(reliability: str, credibility: str) -> None:
    grade = Grade.read(reliability + credibility)
    assert grade.sixteenths / 16 == RELIABILITY[reliability] * CREDIBILITY[credibility]
    assert sixteenths(grade) == grade.sixteenths == signal(grade=grade).sixteenths
    assert str(grade) == reliability + credibility
    assert Grade.read((reliability + credibility).lower()) == grade


def test_no_grade_weighs_as_much_as_f6_and_c3() -> None:
    assert sixteenths(None) == signal().sixteenths == Grade("F", "6").sixteenths == Grade("C", "3").sixteenths == 4


@pytest.mark.parametrize(
    "text", ["", "B", "2", "B0", "B7", "G1", "2B", "BB", "B2 ", " B2", "B22", "ß1", "Ｂ2", "B２"]
)
def test_what_is_no_grade_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match=f"no grade '{text}'"):
        Grade.read(text)


# Scores


@pytest.mark.parametrize(
    ("score", "kind"),
    [
        (10.0, Kind.SUPPORT),
        (0.01, Kind.SUPPORT),
        (-10.0, Kind.DISTANCING),
        (-0.01, Kind.DISTANCING),
        (-3.25, Kind.SANCTIONS),
        (3.25, Kind.SANCTIONS),
    ],
)
def test_a_score_on_the_scale_and_of_its_kind_s_sign_stands(score: float, kind: Kind) -> None:
    assert signal(score=score, kind=kind).score == score


@pytest.mark.parametrize(
    ("score", "kind", "said"),
    [
        (10.01, Kind.SUPPORT, "no score 10.01; a score lies between -10 and +10"),
        (-11.0, Kind.DISTANCING, "no score -11; a score lies between -10 and +10"),
        (math.nan, Kind.SANCTIONS, "no score nan; a score lies between -10 and +10"),
        (math.inf, Kind.SUPPORT, "no score inf; a score lies between -10 and +10"),
        (-math.inf, Kind.SANCTIONS, "no score -inf; a score lies between -10 and +10"),
        (1.005, Kind.SUPPORT, "the score 1.005 has more than two decimals"),
        (0.1 + 0.2, Kind.SUPPORT, "the score 0.30000000000000004 has more than two decimals"),
        (0.001, Kind.SANCTIONS, "the score 0.001 has more than two decimals"),
        (0.0, Kind.SUPPORT, "a score of 0 says nothing about the relationship"),
        (-0.0, Kind.SANCTIONS, "a score of 0 says nothing about the relationship"),
        (-2.0, Kind.SUPPORT, "a support signal scores above 0, not -2"),
        (2.5, Kind.DISTANCING, "a distancing signal scores below 0, not +2.5"),
    ],
)
def test_any_other_score_is_refused(score: float, kind: Kind, said: str) -> None:
    for refuse in (lambda: check_score(score, kind), lambda: signal(score=score, kind=kind)):
        with pytest.raises(BadValue) as refused:
            refuse()
        assert refused.value.message == said


@LAWS
@given(st.integers(-1000, 1000).filter(bool))
def test_every_hundredth_on_the_scale_is_a_score_and_reads_back(hundredths: int) -> None:
    score = hundredths / 100
    check_score(score, Kind.SANCTIONS)
    assert read_score(repr(score)) == read_score(f"{score:+.2f}") == read_score(f" {score} ") == score


@pytest.mark.parametrize(
    ("text", "score"),
    [("-2", -2.0), ("+3.5", 3.5), ("3.5", 3.5), (" 4 ", 4.0), ("3.", 3.0), (".5", 0.5), ("-.5", -0.5), ("007", 7.0)],
)
def test_a_score_is_read_as_people_write_it(text: str, score: float) -> None:
    assert read_score(text) == score


@pytest.mark.parametrize(
    "text", ["", " ", ".", "-", "+", "1e1", "1_0", "nan", "inf", "-Infinity", "0x1", "3,5", "--2", "- 2", "٣", "two"]
)
def test_what_is_no_score_is_refused(text: str) -> None:
    with pytest.raises(BadValue) as refused:
        read_score(text)
    assert refused.value.message == f"no score '{text}'"
    assert refused.value.hint == "a score is a number between -10 and +10, as in -2 or 3.5"


# Act, kind and score together


@pytest.mark.parametrize(
    ("act", "kind", "score", "found"),
    [
        ("visit", None, None, (Kind.SUPPORT, 2.8)),
        ("visit", Kind.SUPPORT, None, (Kind.SUPPORT, 2.8)),
        ("visit", None, 4.0, (Kind.SUPPORT, 4.0)),
        ("relief", None, 3.0, (Kind.SANCTIONS, 3.0)),
        (None, Kind.SUPPORT, None, (Kind.SUPPORT, 3.5)),
        (None, Kind.DISTANCING, None, (Kind.DISTANCING, -2.0)),
        (None, Kind.SANCTIONS, None, (Kind.SANCTIONS, -2.0)),
        (None, Kind.SANCTIONS, 2.0, (Kind.SANCTIONS, 2.0)),
        (None, None, 0.01, (Kind.SUPPORT, 0.01)),
        (None, None, -0.01, (Kind.DISTANCING, -0.01)),
    ],
)
def test_kind_and_score_come_from_what_is_given(
    act: str | None, kind: Kind | None, score: float | None, found: tuple[Kind, float]
) -> None:
    assert scored(ACTS[act] if act else None, kind, score) == found


@pytest.mark.parametrize(
    ("act", "kind", "score", "said"),
    [
        (None, None, None, "neither act, kind nor score is given"),
        (None, None, 0.0, "a score of 0 says nothing about the relationship"),
        (None, None, math.nan, "no score nan; a score lies between -10 and +10"),
        ("visit", Kind.SANCTIONS, None, "the act 'visit' is support, not sanctions"),
        ("visit", None, -1.0, "a support signal scores above 0, not -1"),
        (None, Kind.DISTANCING, 1.0, "a distancing signal scores below 0, not +1"),
    ],
)
def test_act_kind_and_score_that_disagree_are_refused(
    act: str | None, kind: Kind | None, score: float | None, said: str
) -> None:
    with pytest.raises(BadValue) as refused:
        scored(ACTS[act] if act else None, kind, score)
    assert refused.value.message == said


# Signals


def test_a_signal_of_few_words_is_the_ally_s_own_act_from_the_desk() -> None:
    bare = signal()
    assert (bare.act, bare.actor, bare.origin, bare.private, bare.removed) == (None, Actor.ALLY, "desk", False, False)
    absent = (bare.domain, bare.driver, bare.source, bare.grade, bare.event, bare.recorded_at, bare.recorded_by)
    assert absent == (None,) * 7


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"uid": ""}, "a uid is 1 to 200 visible ASCII characters"),
        ({"uid": "a b"}, "a uid is 1 to 200 visible ASCII characters"),
        ({"uid": "é"}, "a uid is 1 to 200 visible ASCII characters"),
        ({"uid": "a\n"}, "a uid is 1 to 200 visible ASCII characters"),
        ({"uid": "x" * 201}, "a uid is 1 to 200 visible ASCII characters"),
        ({"act": "abstain"}, "the act 'abstain' is distancing, not support"),
        ({"act": "relief"}, "the act 'relief' is sanctions, not support"),
        ({"act": "visits"}, "no act 'visits'; near: visit"),
        ({"summary": ""}, "the summary is empty"),
        ({"summary": " \u3000"}, "the summary is empty"),
        ({"summary": "a\tb"}, "the summary holds the control character U+0009"),
        ({"summary": "a\x1b[2Jb"}, "the summary holds the control character U+001B"),
        ({"summary": "a\x9bb"}, "the summary holds the control character U+009B"),
        ({"summary": "x" * 10_001}, "the summary has 10,001 characters; at most 10,000 are kept"),
        ({"source": ""}, "the source is empty"),
        ({"source": "a\nb"}, "the source holds the control character U+000A"),
        ({"source": "x" * 4_001}, "the source has 4,001 characters; at most 4,000 are kept"),
        ({"origin": ""}, "no origin ''"),
        ({"origin": "Desk"}, "the origin 'Desk' is not in small letters"),
        ({"origin": "2x"}, "no origin '2x'"),
        ({"origin": "two words"}, "no origin 'two words'"),
        ({"origin": "x" * 41}, f"no origin '{'x' * 41}'"),
        ({"event": ""}, "an event is the uid of a feed event"),
        ({"event": "gdelt 1"}, "an event is the uid of a feed event"),
        ({"recorded_by": " "}, "the author is empty"),
        ({"recorded_by": "x" * 201}, "the author has 201 characters; at most 200 are kept"),
    ],
)
def test_a_signal_that_breaks_a_rule_is_refused(parts: dict[str, Any], said: str) -> None:
    with pytest.raises(BadValue) as refused:
        signal(**parts)
    assert refused.value.message == said


@pytest.mark.parametrize(
    "parts",
    [
        {"uid": "gdelt:487523411"},
        {"uid": "x" * 200},
        {"summary": "x" * 10_000},
        {"summary": "Визит \u202eأبجد\u202c 访问"},
        {"source": "x" * 4_000},
        {"source": "Le Monde, 24 février 2026, p. 3"},
        {"origin": "x" * 40},
        {"origin": "icews-2"},
        {"event": "polecat:20-ab"},
        {"act": "visit"},
        {"happened_on": date.min},
        {"happened_on": date.max},
        {"recorded_at": datetime(2026, 2, 24, tzinfo=UTC), "recorded_by": "Ana Ñ"},
        {"actor": Actor.THIRD, "domain": Domain.DOMESTIC, "driver": Driver.HOME_POLITICS, "private": True},
    ],
)
def test_a_signal_keeps_what_it_is_given(parts: dict[str, Any]) -> None:
    made = signal(**parts)
    assert {name: getattr(made, name) for name in parts} == parts


@pytest.mark.parametrize("act", ["ABSTAIN", "Relief"])
def test_an_act_in_capitals_is_checked_against_the_kind_as_well(act: str) -> None:
    with pytest.raises(BadValue, match="not support"):
        signal(act=act)


@pytest.mark.parametrize("act", ["visit", "VISIT", "Visit"])
def test_an_act_is_kept_as_the_vocabulary_writes_it(act: str) -> None:
    assert signal(act=act).act == "visit"
