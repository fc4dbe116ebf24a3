"""What log does: reads the words, asks for what is missing, writes the signals, answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import typer

from scrutiny.cli.ledgers import reading, say_undo, writing
from scrutiny.cli.options import actor, day, signal_number, today
from scrutiny.cli.shell import say, say_new
from scrutiny.core.allies import Ally, Roster
from scrutiny.core.days import when
from scrutiny.core.entry import entered, like, read_act, read_summary, together
from scrutiny.core.near import member
from scrutiny.core.signals import Domain, Driver, Grade, Signal, read_score
from scrutiny.core.text import checked, one_line
from scrutiny.core.words import Words, read
from scrutiny.errors import BadValue, ScrutinyError
from scrutiny.view import score as points_text

if TYPE_CHECKING:
    from scrutiny.store.ledger import Logged


REPEATS = 3  # likely repeats that a warning names


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
        options = Words(
            grade=None if self.grade is None else Grade.read(self.grade),
            happened_on=day(self.on),
            source=None if self.source is None else checked(one_line(self.source), "source"),
            domain=None if self.domain is None else member(Domain, self.domain, "domain"),
            driver=None if self.driver is None else member(Driver, self.driver, "driver"),
            actor=actor(self.by),
        )
        return together(read(self.words, today()), options)


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
    _answer(logged, {one.slug: one.name for one in allies}, db)
    _warn(drafts[0], repeats)


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


def _answer(logged: "Logged", names: dict[str, str], db: str | None) -> None:
    say_new(logged.allies)
    shown = [names[signal.ally] for signal in logged.signals]
    if len(shown) > 1:
        from scrutiny.render.columns import padded  # 10 ms, which one signal need not pay

        shown = padded(shown)
    for signal, name in zip(logged.signals, shown, strict=True):
        scored = f"{signal.kind} {points_text(signal.score)}" + (f" ({signal.act})" if signal.act else "")
        on = f"{signal.happened_on:%a} {signal.happened_on}"
        say(f"#{signal.id} {name}  {scored}  {on}  {signal.grade or 'no grade'}")
    say_undo(logged.change, db)


def _warn(draft: Signal, repeats: Sequence[Signal]) -> None:
    if draft.happened_on > today():
        say(f"warning: {draft.happened_on} is in the future")
    for one in repeats[:REPEATS]:
        same = "summary" if one.summary == draft.summary else "source"
        say(f"warning: #{one.id} has the same ally, date and {same}: {one.summary}")
    if len(repeats) > REPEATS:
        say(f"warning: and {len(repeats) - REPEATS:,} more")
