"""Log's words, known by their shape, and an entry made of them."""

from datetime import date
from itertools import permutations

import pytest

from scrutiny.core.acts import ACTS, Kind
from scrutiny.core.allies import SEEDS
from scrutiny.core.entry import Entry, entered, like, read_act, together
from scrutiny.core.near import member, nearest
from scrutiny.core.signals import Actor, Domain, Driver, Grade, Signal
from scrutiny.core.words import HINT, Words, read, shapes_of
from scrutiny.errors import BadValue

TODAY = date(2026, 5, 21)
SAID = ["B2", "24feb", "https://example.org/a", "military", "war", "by:third"]
ALL_SAID = Words(
    grade=Grade("B", "2"),
    happened_on=date(2026, 2, 24),
    source="https://example.org/a",
    domain=Domain.MILITARY,
    driver=Driver.WAR,
    actor=Actor.THIRD,
)


# Words


def test_words_come_in_any_order() -> None:
    assert all(read(order, TODAY) == ALL_SAID for order in permutations(SAID))


def test_no_words_say_nothing() -> None:
    assert read([], TODAY) == Words()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        *((domain.value, Words(domain=domain)) for domain in Domain),
        *((driver.value.upper(), Words(driver=driver)) for driver in Driver),
        *((f"by:{actor}", Words(actor=actor)) for actor in Actor),
        *((f"{r}{c}", Words(grade=Grade(r, c))) for r in "ABCDEF" for c in "123456"),
        ("c3", Words(grade=Grade("C", "3"))),
        ("Energy", Words(domain=Domain.ENERGY)),
        ("BY:Principal", Words(actor=Actor.PRINCIPAL)),
        ("2026-02-24", Words(happened_on=date(2026, 2, 24))),
        ("yesterday", Words(happened_on=date(2026, 5, 20))),
        ("3d", Words(happened_on=date(2026, 5, 18))),
        ("D3", Words(grade=Grade("D", "3"))),
        ("24 Feb 2025", Words(happened_on=date(2025, 2, 24))),
        ("http://example.org", Words(source="http://example.org")),
        ("HTTPS://Example.org/Ä?a=1#b", Words(source="HTTPS://Example.org/Ä?a=1#b")),
    ],
)
def test_a_word_is_known_by_its_shape(word: str, said: Words) -> None:
    assert read([word], TODAY) == said
    assert len(shapes_of(word)) == 1


@pytest.mark.parametrize(
    "word",
    ["", "G2", "B7", "B22", "2B", "www.example.org", "ftp://example.org", "third", "war,energy", "Xi in Moscow"],
)
def test_a_word_of_no_shape_is_refused(word: str) -> None:
    with pytest.raises(BadValue, match=f"'{word}' is none of log's words") as refused:
        read(["B2", word], TODAY)
    assert refused.value.hint == HINT
    assert shapes_of(word) == []


@pytest.mark.parametrize(
    ("word", "near"), [("militry", "military"), ("econ", "economic"), ("powershift", "power-shift"), ("Wars", "war")]
)
def test_a_misspelt_word_is_refused_with_the_nearest(word: str, near: str) -> None:
    with pytest.raises(BadValue, match=f"'{word}' is none of log's words; near: {near}"):
        read([word], TODAY)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["B2", "C3"], "two grades are given: 'B2' and 'C3'"),
        (["24feb", "B2", "yesterday"], "two dates are given: '2026-02-24' and 'yesterday'"),
        (["military", "energy"], "two domains are given: 'military' and 'energy'"),
        (["war", "sanctions"], "two drivers are given: 'war' and 'sanctions'"),
        (["http://a", "https://b"], "two sources are given: 'http://a' and 'https://b'"),
        (["by:ally", "by:third"], "two actors are given: 'ally' and 'by:third'"),
        (["B2", "B2"], "two grades are given: 'B2' and 'B2'"),
    ],
)
def test_a_shape_given_twice_is_refused(words: list[str], said: str) -> None:
    with pytest.raises(BadValue) as refused:
        read(words, TODAY)
    assert refused.value.message == said


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("by:thrid", "no actor 'thrid'; near: third"),
        ("by:", "no actor ''; known: ally, principal, third"),
        ("by:Moscow", "no actor 'Moscow'; known: ally, principal, third"),
        ("30feb", "the calendar has no 2026-02-30"),
        ("02/03/2026", "the date '02/03/2026' can be read in more than one way"),
    ],
)
def test_a_word_of_the_right_shape_that_is_wrong_says_why(word: str, said: str) -> None:
    with pytest.raises(BadValue) as refused:
        read([word], TODAY)
    assert refused.value.message == said


# Entries


@pytest.mark.parametrize(
    ("word", "what"),
    [
        ("B2", "a grade"),
        ("yesterday", "a date"),
        ("24feb", "a date"),
        ("https://a.org/b", "a source"),
        ("energy", "a domain"),
        ("sanctions", "a driver"),
        ("by:third", "an actor"),
    ],
)
def test_a_summary_that_looks_like_a_word_is_refused_as_forgotten(word: str, what: str) -> None:
    with pytest.raises(BadValue) as refused:
        entered("visit", f" {word}\n", Words())
    assert refused.value.message == f"the summary '{word}' looks like {what}; was the summary forgotten?"
    assert refused.value.hint == 'say first what happened: scrutiny log china visit "Wang Yi in Moscow" B2'


@pytest.mark.parametrize(
    "summary", ["War talk", "B2 bombers land", "see https://a.org/b", "3d printing", "https://a.org/b says so"]
)
def test_a_summary_may_hold_words(summary: str) -> None:
    assert entered("visit", summary, Words()).summary == summary


@pytest.mark.parametrize(
    ("act", "score", "entry"),
    [
        ("abstain", None, ("abstain", Kind.DISTANCING, -1.0)),
        ("Abstain", -2.5, ("abstain", Kind.DISTANCING, -2.5)),
        ("relief", 1.0, ("relief", Kind.SANCTIONS, 1.0)),
        ("support", None, (None, Kind.SUPPORT, 3.5)),
        ("DISTANCING", None, (None, Kind.DISTANCING, -2.0)),
        ("sanctions", None, (None, Kind.SANCTIONS, -2.0)),
        ("sanctions", 4.0, (None, Kind.SANCTIONS, 4.0)),
    ],
)
def test_an_entry_takes_kind_and_score_from_its_act(
    act: str, score: float | None, entry: tuple[str | None, Kind, float]
) -> None:
    found = entered(act, "Xi in\tMoscow,\n twice", Words(), score)
    assert found == Entry(*entry, "Xi in Moscow, twice", Words())


@pytest.mark.parametrize(
    ("act", "score"), [("visit", -1.0), ("abstain", 1.0), ("support", -3.5), ("distancing", 2.0), ("visit", 0.0)]
)
def test_a_score_against_the_kind_is_refused(act: str, score: float) -> None:
    with pytest.raises(BadValue):
        entered(act, "Xi in Moscow", Words(), score)


def test_an_unknown_act_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadValue, match="no act 'abstention'; near: abstain"):
        entered("abstention", "Xi in Moscow", Words())


@pytest.mark.parametrize("word", ACTS)
def test_every_act_reads_as_itself(word: str) -> None:
    assert read_act(word.upper()) == (word, None)


@pytest.mark.parametrize("kind", Kind)
def test_a_bare_kind_is_no_act(kind: Kind) -> None:
    assert read_act(kind.title()) == (None, kind)


def test_an_entry_is_one_signal_an_ally() -> None:
    china, belarus, *_ = SEEDS
    signals = list(entered("listed", "Banks are listed", ALL_SAID).signals([china, belarus], TODAY))
    assert [signal.ally for signal in signals] == ["china", "belarus"]
    assert len({signal.uid for signal in signals}) == 2
    for signal in signals:
        assert signal == Signal(
            uid=signal.uid,
            ally=signal.ally,
            happened_on=date(2026, 2, 24),
            kind=Kind.SANCTIONS,
            score=-1.5,
            summary="Banks are listed",
            act="listed",
            actor=Actor.THIRD,
            domain=Domain.MILITARY,
            driver=Driver.WAR,
            source="https://example.org/a",
            grade=Grade("B", "2"),
        )


def test_an_entry_without_words_is_the_ally_s_act_of_today() -> None:
    (signal,) = entered("visit", "Xi in Moscow", Words()).signals(SEEDS[:1], TODAY)
    assert (signal.happened_on, signal.actor, signal.origin) == (TODAY, Actor.ALLY, "desk")
    assert (signal.domain, signal.driver, signal.source, signal.grade) == (None, None, None, None)


def test_an_empty_summary_makes_no_entry() -> None:
    with pytest.raises(BadValue, match="the summary is empty"):
        entered("visit", " \t ", Words())


# Like another, and words with options

OTHER = Signal(
    uid="other",
    ally="china",
    happened_on=date(2025, 1, 1),
    kind=Kind.SUPPORT,
    score=2.8,
    summary="Another",
    act="visit",
    actor=Actor.PRINCIPAL,
    domain=Domain.ENERGY,
    driver=Driver.SANCTIONS,
    source="https://example.org/other",
    grade=Grade("C", "3"),
)


def test_like_takes_date_source_and_grade_alone() -> None:
    assert like(Words(), OTHER) == Words(
        grade=Grade("C", "3"), happened_on=date(2025, 1, 1), source="https://example.org/other"
    )


def test_like_leaves_what_was_said() -> None:
    assert like(ALL_SAID, OTHER) == ALL_SAID


def test_words_and_options_add_up() -> None:
    by_word = Words(grade=Grade("B", "2"), source="https://example.org/a", actor=Actor.THIRD)
    by_option = Words(happened_on=date(2026, 2, 24), domain=Domain.MILITARY, driver=Driver.WAR)
    assert together(by_word, by_option) == together(by_option, by_word) == ALL_SAID
    assert together(Words(), Words()) == Words()


@pytest.mark.parametrize(
    ("word", "option"),
    [
        (Words(grade=Grade("B", "2")), Words(grade=Grade("B", "2"))),
        (Words(happened_on=TODAY), Words(happened_on=date(2026, 1, 1))),
        (Words(source="https://a"), Words(source="A book")),
        (Words(domain=Domain.ENERGY), Words(domain=Domain.MILITARY)),
        (Words(driver=Driver.WAR), Words(driver=Driver.SANCTIONS)),
        (Words(actor=Actor.ALLY), Words(actor=Actor.THIRD)),
    ],
)
def test_what_word_and_option_both_say_is_refused(word: Words, option: Words) -> None:
    with pytest.raises(BadValue, match=r"is given as a word and .* as an option; say it once"):
        together(word, option)


# Nearest words


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("vis", ["visit"]),
        ("visits", ["visit"]),
        ("VISIT", ["visit"]),
        ("visti", ["visit"]),
        ("v", []),
        ("zzz", []),
        ("", []),
    ],
)
def test_nearest_are_those_that_begin_alike_then_those_spelt_alike(text: str, near: list[str]) -> None:
    assert nearest(text, ["visit", "veto", "treaty"]) == near


def test_nearest_names_at_most_three() -> None:
    assert nearest("ab", ["ab1", "ab2", "ab3", "ab4"]) == ["ab1", "ab2", "ab3"]


@pytest.mark.parametrize("kind", Kind)
def test_a_member_is_read_in_any_case(kind: Kind) -> None:
    assert member(Kind, kind.upper(), "kind") is kind


def test_a_member_that_is_none_is_refused_with_the_nearest_or_all() -> None:
    with pytest.raises(BadValue, match="no kind 'suport'; near: support"):
        member(Kind, "suport", "kind")
    with pytest.raises(BadValue, match="no kind 'xyz'; known: support, distancing, sanctions"):
        member(Kind, "xyz", "kind")
