"""log's words known by their shape: a grade, a date, a source, domains, drivers and `by:`, in any order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from scrutiny.core import days
from scrutiny.core.names import with_article
from scrutiny.core.near import member, nearest, said_near
from scrutiny.core.signals import Actor, Domain, Driver, Grade
from scrutiny.errors import BadValue

HINT = "words are a grade (B2), a date (24feb, yesterday, 3d), a URL, a domain, a driver, or by:third"


@dataclass(frozen=True, slots=True)
class Words:
    """What the words of one command said; None where they said nothing of it."""

    grade: Grade | None = None
    happened_on: date | None = None
    source: str | None = None
    domain: Domain | None = None
    driver: Driver | None = None
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class _Shape:
    field: str
    name: str
    option: str
    fits: Callable[[str], bool]
    read: Callable[[str], Any]


def _is_grade(word: str) -> bool:
    try:
        Grade.read(word)
    except BadValue:
        return False
    return True


def _shapes(today: date) -> tuple[_Shape, ...]:
    return (
        _Shape("grade", "grade", "grade", _is_grade, Grade.read),
        _Shape("happened_on", "date", "on", days.looks_like_a_day, partial(days.when, today=today)),
        _Shape("source", "source", "source", _is_url, str),
        _Shape(
            "domain",
            "domain",
            "domain",
            lambda word: word.casefold() in list(Domain),
            lambda word: Domain(word.casefold()),
        ),
        _Shape(
            "driver",
            "driver",
            "driver",
            lambda word: word.casefold() in list(Driver),
            lambda word: Driver(word.casefold()),
        ),
        _Shape("actor", "actor", "by", lambda word: word.casefold().startswith("by:") and " " not in word, _actor),
    )


def _is_url(word: str) -> bool:
    return word.casefold().startswith(("http://", "https://")) and " " not in word


def _actor(word: str) -> Actor:
    return member(Actor, word[3:], "actor")


def shapes_of(word: str) -> list[str]:
    """The names of the shapes that the word has; empty for plain text."""
    return [shape.name for shape in _shapes(date.max) if shape.fits(word)]


def read(words: Iterable[str], today: date) -> Words:
    """The words by their shapes; BadValue for one that fits none or two, and for a shape given twice."""
    shapes, said = _shapes(today), dict[str, Any]()
    for word in words:
        fitting = [shape for shape in shapes if shape.fits(word)]
        if not fitting:
            raise BadValue(f"'{word}' is none of log's words{_near(word)}", HINT)
        if len(fitting) > 1:
            names = " or ".join(with_article(shape.name) for shape in fitting)
            raise BadValue(f"'{word}' may be {names}", f"say which with --{fitting[0].option} {word}")
        (shape,) = fitting
        if shape.field in said:
            raise BadValue(f"two {shape.name}s are given: '{said[shape.field]}' and '{word}'")
        said[shape.field] = shape.read(word)
    return Words(**said)


def _near(word: str) -> str:
    return said_near(nearest(word, [*Domain, *Driver]))
