"""A signal as an analyst enters it: the act, the summary and the words, made whole."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date

from scrutiny.core.acts import ACTS, Kind, find_act
from scrutiny.core.allies import Ally
from scrutiny.core.names import with_article
from scrutiny.core.signals import Actor, Signal, scored
from scrutiny.core.text import checked, one_line
from scrutiny.core.words import Words, shapes_of
from scrutiny.errors import BadValue


@dataclass(frozen=True, slots=True)
class Entry:
    """What one log command says, before it is known of which allies."""

    act: str | None
    kind: Kind
    score: float
    summary: str
    said: Words

    def signals(self, allies: Iterable[Ally], today: date) -> Iterator[Signal]:
        """One signal an ally, dated today where no day was said."""
        for ally in allies:
            yield Signal(
                uid=secrets.token_hex(16),
                ally=ally.slug,
                happened_on=self.said.happened_on or today,
                kind=self.kind,
                score=self.score,
                summary=self.summary,
                act=self.act,
                actor=self.said.actor or Actor.ALLY,
                domain=self.said.domain,
                driver=self.said.driver,
                source=self.said.source,
                grade=self.said.grade,
            )


def entered(act: str, summary: str, said: Words, score: float | None = None) -> Entry:
    """The entry; BadValue for an unknown act, a score against it, or a summary that looks like a word."""
    summary = read_summary(summary)
    word, kind = read_act(act)
    kind, score = scored(ACTS[word] if word else None, kind, score)
    return Entry(word, kind, score, summary, said)


def read_summary(text: str) -> str:
    """A summary as it is kept; BadValue where it is none, or has the shape of another of log's words."""
    summary = checked(one_line(text), "summary")
    if shapes := shapes_of(summary):
        raise BadValue(
            f"the summary '{summary}' looks like {with_article(shapes[0])}; was the summary forgotten?",
            'say first what happened: scrutiny log china visit "Wang Yi in Moscow" B2',
        )
    return summary


def read_act(text: str) -> tuple[str | None, Kind | None]:
    """An act, or a bare kind, which is legal too; BadValue names the nearest acts."""
    try:
        return None, Kind(text.casefold())
    except ValueError:
        return find_act(text).word, None


def like(said: Words, other: Signal) -> Words:
    """The words, with date, source and grade from another signal where they say nothing of these."""
    return replace(
        said,
        happened_on=said.happened_on or other.happened_on,
        source=said.source or other.source,
        grade=said.grade or other.grade,
    )


def together(words: Words, options: Words) -> Words:
    """What words and long options say together; BadValue where both say the same thing."""
    found = {}
    for part in fields(Words):
        by_word, by_option = getattr(words, part.name), getattr(options, part.name)
        if by_word is not None and by_option is not None:
            raise BadValue(f"'{by_word}' is given as a word and '{by_option}' as an option; say it once")
        found[part.name] = by_option if by_word is None else by_word
    return Words(**found)
