"""The words of likelihood: ICD 203, section D.6.e."""

import pytest

from scrutiny.core.likelihood import is_likely, likelihood, percent

RANGES = {  # in percent, as the directive prints them; neighbours share their ends
    "almost no chance": (1, 5),
    "very unlikely": (5, 20),
    "unlikely": (20, 45),
    "roughly even chance": (45, 55),
    "likely": (55, 80),
    "very likely": (80, 95),
    "almost certain": (95, 99),
}


@pytest.mark.parametrize("shown", range(1, 100))
def test_every_percent_has_a_word_whose_range_holds_it(shown: int) -> None:
    least, most = RANGES[likelihood(shown / 100)]
    assert least <= shown <= most


@pytest.mark.parametrize(
    ("shown", "word"),
    [
        (5, "almost no chance"),
        (20, "very unlikely"),
        (45, "roughly even chance"),
        (55, "roughly even chance"),
        (80, "very likely"),
        (95, "almost certain"),
    ],
)
def test_a_shared_end_goes_to_the_middle_word_or_the_one_farther_out(shown: int, word: str) -> None:
    assert likelihood(shown / 100) == word


@pytest.mark.parametrize("shown", range(1, 100))
def test_a_chance_and_its_opposite_have_opposite_words(shown: int) -> None:
    words = list(RANGES)
    opposite = dict(zip(words, reversed(words), strict=True))
    assert likelihood(1 - shown / 100) == opposite[likelihood(shown / 100)]


def test_what_is_likely_is_called_likely_or_stronger() -> None:
    for permille in range(1001):
        strong = likelihood(permille / 1000) in ("likely", "very likely", "almost certain")
        assert is_likely(permille / 1000) == strong, permille


@pytest.mark.parametrize(
    ("probability", "shown"),
    [(0.0, 1), (0.004, 1), (0.014, 1), (0.016, 2), (0.5, 50), (0.656, 66), (0.986, 99), (0.996, 99), (1.0, 99)],
)
def test_a_percent_is_whole_and_never_certain(probability: float, shown: int) -> None:
    assert percent(probability) == shown


@pytest.mark.parametrize(
    ("probability", "shown", "word"),
    [
        (0.5549, 55, "roughly even chance"),
        (0.5551, 56, "likely"),
        (0.7949, 79, "likely"),
        (0.7951, 80, "very likely"),
        (0.9449, 94, "very likely"),
        (0.9451, 95, "almost certain"),
    ],
)
def test_the_word_fits_the_percent_shown_beside_it(probability: float, shown: int, word: str) -> None:
    assert (percent(probability), likelihood(probability)) == (shown, word)
