"""The coding vocabulary, held against its table."""

import re

import pytest

from scrutiny.core.acts import ACTS, KIND_RULE, Act, Kind, find_act, near_acts
from scrutiny.core.signals import check_score, scored
from scrutiny.core.words import shapes_of
from scrutiny.errors import BadValue

TABLE = {
    Kind.SUPPORT: """
        call 1.0 041
        visit 2.8 042, 043, 044
        praise 3.4 051, 019
        defend 3.5 052
        rally 3.8 053
        pledge 4.5 03, 032
        broker 5.0 045
        veto 5.0 053*
        joint 5.0 05*
        recognise 6.0 054
        deal 6.4 061
        share 7.0 064
        forces 7.4 062
        treaty 8.0 057
        arms 8.3 072
    """,
    Kind.DISTANCING: """
        abstain -1.0 *
        deny -1.0 016*
        concern -1.5 *
        criticise -2.0 111, 112
        condemn -2.5 111*
        summon -2.5 111*
        curb -2.5 162*
        turn -3.0 *
        reject -4.0 12, 121
        suspend -4.0 160
        cancel -5.0 162
        rupture -7.0 166
    """,
    Kind.SANCTIONS: """
        listed -1.5 *
        tariff -2.0 *
        relief -3.0 085*
        channel -3.5 *
        halt -4.5 *
        impose -8.0 163
        counter 1.5 *
        reroute 2.0 *
        workaround 3.0 *
    """,
}
EVERY_ACT = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
EVERY_HINT = [(hint, act.word) for act in ACTS.values() for hint in act.near.split()]


def table() -> list[tuple[str, Kind, float, str]]:
    """The documented vocabulary, in its order."""
    lines = [(kind, line.split(maxsplit=2)) for kind, text in TABLE.items() for line in text.strip().splitlines()]
    return [(word, kind, float(score), cameo) for kind, (word, score, cameo) in lines]


def test_the_vocabulary_is_the_documented_one() -> None:
    assert [(act.word, act.kind, act.score, act.cameo) for act in ACTS.values()] == table()
    assert list(ACTS) == [act.word for act in ACTS.values()]


@EVERY_ACT
def test_an_act_scores_within_its_kind_s_sign_and_the_scale(act: Act) -> None:
    assert scored(act, None, None) == (act.kind, act.score)
    if act.kind.sign:
        assert act.score * act.kind.sign > 0
        with pytest.raises(BadValue):
            scored(act, None, -act.score)
    else:
        assert scored(act, None, -act.score) == (act.kind, -act.score)


@EVERY_ACT
def test_an_act_is_one_plain_word_that_is_told_from_every_other(act: Act) -> None:
    assert re.fullmatch("[a-z]+", act.word)
    assert act.word not in list(Kind)
    assert shapes_of(act.word) == []


@EVERY_ACT
def test_an_act_says_what_it_means_and_has_an_example_to_log(act: Act) -> None:
    assert act.means.strip() == act.means != ""
    assert act.example.strip() == act.example != ""
    assert shapes_of(act.example) == []


def test_no_two_acts_share_an_example_or_a_meaning() -> None:
    assert len({act.example for act in ACTS.values()}) == len({act.means for act in ACTS.values()}) == len(ACTS)


@EVERY_ACT
def test_an_act_is_found_in_any_case(act: Act) -> None:
    assert find_act(act.word) is find_act(act.word.upper()) is find_act(act.word.title()) is act


@pytest.mark.parametrize(
    ("kind", "sign", "default"), [(Kind.SUPPORT, 1, 3.5), (Kind.DISTANCING, -1, -2.0), (Kind.SANCTIONS, 0, -2.0)]
)
def test_a_bare_kind_has_a_sign_and_a_default_that_fits_it(kind: Kind, sign: int, default: float) -> None:
    assert (kind.sign, kind.default) == (sign, default)
    check_score(kind.default, kind)


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("abstention", "abstain"),
        ("meets", "visit, joint"),
        ("vote", "defend, abstain, reject"),
        ("recognize", "recognise"),
        ("Weapons", "arms"),
        ("visti", "visit"),
        ("condem", "condemn, counter, concern"),
        ("trea", "treaty"),
    ],
)
def test_an_unknown_word_is_answered_with_the_nearest_acts(word: str, near: str) -> None:
    with pytest.raises(BadValue) as refused:
        find_act(word)
    assert refused.value.message == f"no act '{word}'; near: {near}"
    assert refused.value.hint == "see the whole vocabulary with: scrutiny acts"


def test_a_word_near_nothing_is_answered_with_the_way_to_the_vocabulary() -> None:
    with pytest.raises(BadValue) as refused:
        find_act("zzzz")
    assert refused.value.message == "no act 'zzzz'"
    assert refused.value.hint == "see the whole vocabulary with: scrutiny acts"


@pytest.mark.parametrize(("hint", "word"), EVERY_HINT)
def test_a_word_that_people_try_first_suggests_its_act_and_never_stands_for_it(hint: str, word: str) -> None:
    assert hint == hint.casefold()
    assert hint not in ACTS
    suggested = near_acts(hint)
    assert word in suggested
    assert len(suggested) == len(set(suggested)) <= 3


def test_the_rule_of_kinds_tells_sanctions_from_free_choice() -> None:
    assert KIND_RULE == (
        "sanctions is somebody's sanctions measure or its direct result; "
        "an ally's own free choice is support or distancing."
    )
