"""What log does: reads the words, asks for what is missing, writes the signals, answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import typer

from scrutiny.cli.answering import answer, warn
from scrutiny.cli.ledgers import reading, say_undo, writing
from scrutiny.cli.options import signal_number, today
from scrutiny.cli.shell import say, say_new
from scrutiny.cli.wording import worded
from scrutiny.core.allies import Ally, Roster
from scrutiny.core.days import when
from scrutiny.core.entry import entered, like, read_act, read_summary
from scrutiny.core.signals import Grade, read_score
from scrutiny.core.text import checked, one_line
from scrutiny.core.words import Words
from scrutiny.errors import BadValue, ScrutinyError


@dataclass(frozen=True, slots=True)
class Given:
    """log's arguments as they were typed; None where one was left out."""

    ally: str | None
    act: str | None
    summary: str | None
    words: Sequence[str]
    on: str | None
    grade: str | None
    source: str | None
    domain: str | None
    driver: str | None
    by: str | None
    score: str | None
    like: str | None

    def said(self) -> Words:
        """What words and options say together."""
        return worded(
            self.words,
            on=self.on,
            grade=self.grade,
            source=self.source,
            domain=self.domain,
            driver=self.driver,
            by=self.by,
        )


def enter(given: Given, *, ask: bool, db: str | None) -> None:
    """Records what was typed; asks for the ally, act or summary that is missing, or refuses."""
    said = given.said()
    score = None if given.score is None else read_score(given.score)
    what = {"ALLY": given.ally, "ACT": given.act, "SUMMARY": given.summary}
    if missing := [name for name, text in what.items() if text is None]:
        if not ask:
            raise BadValue(f"{missing[0]} is missing", 'as in: scrutiny log china visit "Wang Yi in Moscow" B2')
        said = _ask_for(what, said, db, more=given.like is None)
    names, act, summary = (str(text) for text in what.values())
    entry = entered(act, summary, said, score)
    with writing(db) as ledger:
        if given.like is not None:
            entry = replace(entry, said=like(entry.said, ledger.signal(signal_number(given.like))))
        allies = _allies(names, ledger.roster())
        drafts = list(entry.signals(allies, today()))
        repeats = [repeat for draft in drafts for repeat in ledger.likely_repeats(draft)]
        logged = ledger.add(drafts, allies)
    say_new(logged.allies)
    answer(logged.signals, {one.slug: one.name for one in allies})
    say_undo(logged.change, db)
    warn(drafts[0], repeats)


def _allies(names: str, roster: Roster) -> list[Ally]:
    """The allies named, each once."""
    found = [roster.ally_or_state(name.strip()) for name in names.split(",") if name.strip()]
    if not found:
        raise BadValue("no ally is named")
    return list({one.slug: one for one in found}.values())


def _ask_for(what: dict[str, str | None], said: Words, db: str | None, *, more: bool) -> Words:
    """Asks for what is missing, one by one, and where more is wanted for a day, source and grade not said."""
    with reading(db) as ledger:
        roster = ledger.roster()
    checks: dict[str, Callable[[str], object]] = {
        "ALLY": lambda text: _allies(text, roster),
        "ACT": read_act,
        "SUMMARY": read_summary,
    }
    for name, text in what.items():
        if text is None:
            what[name] = _prompt(name.capitalize(), partial(_passed, checks[name]))
    if not more:
        return said
    return Words(
        grade=said.grade or _prompt("Grade (as B2; empty for none)", Grade.read, ""),
        happened_on=said.happened_on or _prompt("Date (empty for today)", lambda text: when(text, today()), ""),
        source=said.source or _prompt("Source (empty for none)", lambda text: checked(one_line(text), "source"), ""),
        domain=said.domain,
        driver=said.driver,
        actor=said.actor,
    )


def _passed(check: Callable[[str], object], text: str) -> str:
    """The text, where the check does not refuse it."""
    check(text)
    return text


Read = TypeVar("Read")


def _prompt(label: str, read: Callable[[str], Read], default: str | None = None) -> Read | None:
    """What the analyst types, asked again until it can be read; None for nothing where a default allows that."""
    while True:
        text = typer.prompt(label, default=default, show_default=False, err=True)
        if default is not None and not text.strip():
            return None
        try:
            return read(text)
        except ScrutinyError as error:
            say(f"{error.message}" + (f" ({error.hint})" if error.hint else ""))
