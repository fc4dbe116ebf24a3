"""Probabilities in the words analysts use (US Intelligence Community Directive 203, 2015, section D.6.e)."""

# From this whole percent on. The directive's ranges share their ends: 45 and 55 are roughly even, the ends beyond
# go to the word that is further from even.
LIKELY = 56
_WORDS = (
    (95, "almost certain"),
    (80, "very likely"),
    (LIKELY, "likely"),
    (45, "roughly even chance"),
    (21, "unlikely"),
    (6, "very unlikely"),
    (1, "almost no chance"),
)


def percent(probability: float) -> int:
    """The probability as a whole percent, 1 to 99: a model is never certain."""
    return min(99, max(1, round(probability * 100)))


def is_likely(probability: float) -> bool:
    """Whether the directive's word is likely or stronger."""
    return percent(probability) >= LIKELY


def likelihood(probability: float) -> str:
    """The directive's word for a probability; the word always fits the percent shown beside it."""
    shown = percent(probability)
    return next(word for least, word in _WORDS if shown >= least)


def ranges() -> list[tuple[str, int, int]]:
    """Each word with the whole percents that it is said of, the surest first."""
    ends = [99, *(least - 1 for least, _ in _WORDS)]
    return [(word, least, end) for (least, word), end in zip(_WORDS, ends, strict=False)]
