"""Text from the web: cleaned, checked, folded, guarded, shown and dumped; names compared."""

import json
import sys
import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.core.names import key, possessive, slugify, with_article
from scrutiny.core.text import checked, dumped, folded, guarded, inert, instant, one_line, unguarded
from scrutiny.errors import BadValue

LAWS = settings(deadline=None, derandomize=True, max_examples=300)
STEERING_BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
MARKS = {"\u200e", "\u200f", "\u061c"}

CELLS = st.one_of(st.text(), st.text(alphabet="'=+-@\t\r\n a1", max_size=6))
WORDS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x52F, exclude_characters="ı"))  # ı is no i
STEERED = st.text(st.one_of(st.characters(), st.sampled_from("\x1b\x7f\x85\x9b\u2028\u202e\u2066\ufeff\U000e0041")))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | STEERED,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(STEERED, inner, max_size=4),
    max_leaves=8,
)


def steers(sign: str) -> bool:
    """Whether a terminal or a page would obey the sign rather than show it."""
    return (
        unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(sign) in STEERING_BIDI
        or sign in MARKS
    )


EVERY_STEERING_SIGN = [sign for sign in map(chr, range(sys.maxunicode + 1)) if steers(sign)]


# Cleaned and checked


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Xi in Moscow", "Xi in Moscow"),
        ("  Xi\tin\r\nMoscow \n", "Xi in Moscow"),
        ("a  b", "a b"),
        ("a\u00a0b", "a\u00a0b"),
        ("a\x0bb", "a\x0bb"),
        (" \t\n", ""),
    ],
)
def test_one_line_has_no_tab_and_no_line_break(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize("text", ["a", "Визит", "a\u202eb", "\U0001f91d", "x" * 200, "\u00a0."])
def test_sound_text_stays_as_it_is(text: str) -> None:
    assert checked(text, "name") == text


def test_a_control_character_is_refused_by_its_number() -> None:
    for code in (*range(0x20), *range(0x7F, 0xA0)):
        with pytest.raises(BadValue) as refused:
            checked(f"a{chr(code)}b", "summary")
        assert refused.value.message == f"the summary holds the control character U+{code:04X}"


@pytest.mark.parametrize("text", ["", " ", "\u3000\u00a0"])
def test_empty_text_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="the name is empty"):
        checked(text, "name")


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
def test_broken_text_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="the source is not valid UTF-8"):
        checked(text, "source")


@pytest.mark.parametrize(("what", "most"), [("summary", 10_000), ("source", 4_000), ("name", 200), ("alias", 200)])
def test_text_has_a_greatest_length(what: str, most: int) -> None:
    assert checked("é" * most, what)
    with pytest.raises(BadValue, match=f"the {what} has {most + 1:,} characters; at most {most:,} are kept"):
        checked("é" * (most + 1), what)


# Folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Xi in Moscow", "xi in moscow"),
        ("TÜRKİYE", "turkiye"),
        ("Straße", "strasse"),
        ("Đà Nẵng", "đa nang"),
        ("ЁЛКА", "елка"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("ﬁne ½ №5 Ⅷ", "fine 1 2 no5 viii"),
        ("snake_case, (a-b).c", "snake case a b c"),
        ("سوريا", "سوريا"),
        ("中国", "中国"),
        ("--", ""),
        ("", ""),
    ],
)
def test_folded_text_is_plain_words(text: str, words: str) -> None:
    assert folded(text) == words


def test_a_folded_word_is_cut_at_64_letters() -> None:
    assert folded("É" * 100 + " b") == "e" * 64 + " b"


@LAWS
@given(WORDS)
def test_folded_text_is_blind_to_case_and_to_how_accents_are_written(text: str) -> None:
    same = [text.upper(), text.lower(), *(unicodedata.normalize(form, text) for form in ("NFC", "NFD"))]
    assert {folded(one) for one in same} == {folded(text)}


@LAWS
@given(WORDS)
def test_folding_twice_folds_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


# Formulas


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+7 495", "'+7 495"),
        ("-", "'-"),
        ("@now", "'@now"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("'=1", "''=1"),
        ("''-1", "'''-1"),
        ("'quoted'", "'quoted'"),
        ("a=b", "a=b"),
        (" =1", " =1"),
        ("'", "'"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_run_gains_one_quote(cell: str, written: str) -> None:
    assert guarded(cell) == written
    assert unguarded(written) == cell


@LAWS
@given(CELLS)
def test_unguarded_is_the_inverse_of_guarded(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


@LAWS
@given(CELLS)
def test_a_guarded_cell_never_begins_a_formula(cell: str) -> None:
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


# On a screen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Xi in Moscow", "Xi in Moscow"),
        ("a\x1b[31mb", "a\\u001b[31mb"),
        ("a\u202eb", "a\\u202eb"),
        ("a\x9bb\x7f", "a\\u009bb\\u007f"),
        ("line\nline", "line\\u000aline"),
        ("\ufeffa\u200b", "\\ufeffa\\u200b"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("نیم\u200cفاصله", "نیم\u200cفاصله"),
        ("[red]é中\U0001f91d", "[red]é中\U0001f91d"),
    ],
)
def test_what_would_steer_a_terminal_is_shown_as_its_code(text: str, shown: str) -> None:
    assert inert(text) == shown


def test_no_sign_that_steers_gets_through() -> None:
    assert len(EVERY_STEERING_SIGN) > 2000
    assert [sign for sign in EVERY_STEERING_SIGN if sign in inert(sign)] == []
    assert [sign for sign in EVERY_STEERING_SIGN if sign in dumped(f"a{sign}b")] == []


@LAWS
@given(STEERED)
def test_inert_text_is_inert_and_stays_so(text: str) -> None:
    assert not any(map(steers, inert(text)))
    assert inert(inert(text)) == inert(text)


@LAWS
@given(VALUES, st.sampled_from([None, 2]))
def test_dumped_parses_back_to_the_same_value(value: Any, indent: int | None) -> None:
    assert json.loads(dumped(value, indent)) == value


@LAWS
@given(VALUES)
def test_dumped_is_one_line_that_no_terminal_obeys(value: Any) -> None:
    text = dumped(value)
    assert not any(map(steers, text))
    assert len(text.splitlines()) == 1
    assert not any(steers(sign) for sign in dumped(value, 2).replace("\n", ""))


def test_dumped_leaves_plain_text_as_it_is() -> None:
    assert dumped({"name": "Türkiye 中国", "level": 1.5}) == '{"name": "Türkiye 中国", "level": 1.5}'
    assert dumped(["\u202e\U000e0041"]) == '["\\u202e\\udb40\\udc41"]'


def test_dumped_takes_a_default_and_refuses_what_is_no_number() -> None:
    assert dumped({"at": {1}}, default=sorted) == '{"at": [1]}'
    with pytest.raises(ValueError, match="JSON"):
        dumped(float("nan"))


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 2, 24, 9, 30, tzinfo=UTC), "2026-02-24T09:30:00Z"),
        (datetime(2026, 2, 24, 9, 30, 0, 5, tzinfo=UTC), "2026-02-24T09:30:00.000005Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
    ],
)
def test_an_instant_ends_in_z(at: datetime, text: str) -> None:
    assert instant(at) == text
    assert datetime.fromisoformat(text) == at


# Names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Türkiye", "TURKIYE"),
        ("the Netherlands", "Netherlands"),
        ("Côte d'Ivoire", "cote divoire"),
        ("Côte d’Ivoire", "Cote d'Ivoire"),
        ("U.K.", "uk"),
        ("north-korea", "North  Korea"),
        ("Bosnia & Herzegovina", "bosnia herzegovina"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other) != ""


@pytest.mark.parametrize(("one", "other"), [("Niger", "Nigeria"), ("Iran", "Iraq"), ("The", "")])
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize("text", ["", "?!", "--", "’"])
def test_what_has_no_letter_has_no_key(text: str) -> None:
    assert key(text) == slugify(text) == ""


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("North Korea", "north-korea"),
        ("Türkiye", "turkiye"),
        ("The Gambia", "gambia"),
        ("Côte d'Ivoire", "cote-divoire"),
        ("Bosnia & Herzegovina", "bosnia-herzegovina"),
        ("Wagner (2014)", "wagner-2014"),
        ("Абхазия", ""),
        ("Абхазия 2", "2"),
    ],
)
def test_a_slug_is_ascii(name: str, slug: str) -> None:
    assert slugify(name) == slug


@pytest.mark.parametrize(("name", "whose"), [("Russia", "Russia's"), ("the Philippines", "the Philippines'")])
def test_a_name_has_a_possessive(name: str, whose: str) -> None:
    assert possessive(name) == whose


@pytest.mark.parametrize(("noun", "said"), [("grade", "a grade"), ("actor", "an actor"), ("area", "an area")])
def test_a_noun_takes_its_article(noun: str, said: str) -> None:
    assert with_article(noun) == said
