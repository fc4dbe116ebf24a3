"""A document: what a report of several parts says, before how it looks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from scrutiny.view import Chart, Form, Table

_WEB = re.compile(r"(?i)https?://\S+")
_KEPT = "%/?#[]@!$&'()*+,;=:~"  # what an address may hold besides letters and digits


class Link(NamedTuple):
    """An address of the web, and what is read in its place."""

    text: str
    url: str


class Strong(NamedTuple):
    """Words that lead a sentence."""

    text: str


class Ref(NamedTuple):
    """A signal that the document cites elsewhere, by its number."""

    number: int


Span = str | Link | Strong | Ref


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences."""

    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of paragraphs."""

    items: Sequence[Paragraph]


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own words, and what is said of them."""

    text: str
    about: str


class Fact(NamedTuple):
    """A label, and what stands beside it."""

    label: str
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels, each with what stands beside it."""

    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Figure:
    """Levels over time towards a principal, all on one scale; the caption says what is drawn and how."""

    name: str  # unique in the document, of ASCII letters, digits and hyphens
    charts: Sequence[Chart]
    principal: str
    caption: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table under a caption that says what it shows; `signals` says that its rows are the signals cited."""

    caption: str
    table: Table
    signals: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """What is typed as it stands."""

    text: str


Block = Paragraph | Items | Quote | Facts | Figure | Grid | Code


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it; its name is unique in the document, as a figure's is."""

    name: str
    heading: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Document:
    """A title, what stands below it, and the sections."""

    title: str
    about: Sequence[str]
    sections: Sequence[Section]


def source(text: str | None) -> Link | str | None:
    """A signal's source: a link to an address of the web, named by its host; any other text as it is.

    What an address cannot hold is written as percent codes, so that it means the same on every page.
    """
    if text is None or not _WEB.fullmatch(text):
        return text
    try:
        host = urlsplit(text).hostname
    except ValueError:  # such as a bracket without its other half
        return text
    return Link(host.removeprefix("www.") or host, quote(text, safe=_KEPT)) if host else text


def named(blocks: Iterable[Block]) -> set[int]:
    """The numbers of the signals that sentences, facts and tables cite."""
    found: list[Span] = []
    for block in blocks:
        match block:
            case Paragraph():
                found += block.spans
            case Items():
                found += [span for item in block.items for span in item.spans]
            case Facts():
                found += [span for fact in block.facts for span in fact.spans]
            case Grid():
                numbers = [at for at, column in enumerate(block.table.columns) if column.form is Form.ID]
                found += [Ref(row[at]) for row in block.table.rows for at in numbers if row[at] is not None]
    return {span.number for span in found if isinstance(span, Ref)}
