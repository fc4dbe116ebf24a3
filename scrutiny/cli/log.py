"""log: one line, one signal an ally."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from scrutiny.cli import complete
from scrutiny.cli.ledgers import reading, typed, writing
from scrutiny.cli.options import Db, actor, day, signal_number, today
from scrutiny.cli.shell import say, say_new
from scrutiny.core.acts import KIND_RULE
from scrutiny.core.allies import Ally, Roster
from scrutiny.core.days import when
from scrutiny.core.entry import entered, like, read_act, together
from scrutiny.core.near import member
from scrutiny.core.signals import Domain, Driver, Grade, Signal, read_score
from scrutiny.core.text import checked, one_line
from scrutiny.core.words import Words, read
from scrutiny.errors import BadValue, ScrutinyError
from scrutiny.view import score as points_text

if TYPE_CHECKING:
    from scrutiny.store.ledger import Logged

HELP = f"""Record a signal: one dated act, of one ally or several.

WORDS come in any order and are known by their shape: a grade (B2), a date (2026-02-24, 24feb, yesterday, 3d),
a source (URL), a domain (military), a driver (war), by:third. The act fixes kind and score; see: scrutiny acts.

Which kind? {KIND_RULE}

Example: scrutiny log china,india abstain "Abstains on the resolution" 2026-02-24 C2 diplomatic war
"""


def log(
    ally: Annotated[
        str | None,
        typer.Argument(
            metavar="ALLY[,ALLY]",
            help="Whose act it bears on.",
            autocompletion=complete.allies,
            show_default=False,
        ),
    ] = None,
    act: Annotated[
        str | None,
        typer.Argument(
            metavar="ACT", help="A word of the vocabulary.", autocompletion=complete.acts, show_default=False
        ),
    ] = None,
    summary: Annotated[
        str | None,
        typer.Argument(metavar="SUMMARY", help="What happened, in a sentence.", show_default=False),
    ] = None,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="In any order.", autocompletion=complete.words, show_default=False),
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="When.", show_default="today")] = None,
    grade: Annotated[
        str | None,
        typer.Option("--grade", metavar="B2", help="The Admiralty code of the report.", show_default=False),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="TEXT", help="A URL or a citation.", show_default=False)
    ] = None,
    domain: Annotated[
        str | None,
        typer.Option(
            "--domain",
            metavar="DOMAIN",
            help="Where the effect falls.",
            autocompletion=complete.domains,
            show_default=False,
        ),
    ] = None,
    driver: Annotated[
        str | None,
        typer.Option(
            "--driver",
            metavar="DRIVER",
            help="The force behind it.",
            autocompletion=complete.drivers,
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="ACTOR",
            help="ally, principal or third.",
            autocompletion=complete.actors,
            show_default="ally",
        ),
    ] = None,
    score: Annotated[
        str | None,
        typer.Option("--score", metavar="N", help="Instead of the act's, within its sign.", show_default=False),
    ] = None,
    like_id: Annotated[
        str | None,
        typer.Option(
            "--like",
            metavar="ID",
            help="Take date, source and grade from another signal.",
            show_default=False,
        ),
    ] = None,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask.")] = False,
    db: Db = None,
) -> None:
    said = together(
        read(words or (), today()),
        Words(
            grade=Grade.read(grade) if grade else None,
            happened_on=day(on),
            source=checked(one_line(source), "source") if source else None,
            domain=member(Domain, domain, "domain") if domain else None,
            driver=member(Driver, driver, "driver") if driver else None,
            actor=actor(by),
        ),
    )
    points = None if score is None else read_score(score)
    given = {"ALLY": ally, "ACT": act, "SUMMARY": summary}
    if missing := [name for name, text in given.items() if text is None]:
        if no_input or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise BadValue(f"{missing[0]} is missing", 'as in: scrutiny log china visit "Wang Yi in Moscow" B2')
        said = _ask_for(given, said, db)
    names, act, summary = (str(text) for text in given.values())
    entry = entered(act, summary, said, points)
    with writing(db) as ledger:
        if like_id is not None:
            entry = replace(entry, said=like(entry.said, ledger.signal(signal_number(like_id))))
        allies = _allies(names, ledger.roster())
        drafts = list(entry.signals(allies, today()))
        repeats = [repeat for draft in drafts for repeat in ledger.likely_repeats(draft)]
        logged = ledger.add(drafts, allies)
    _answer(logged, {one.slug: one.name for one in allies}, db)
    _warn(drafts[0], repeats)


log.__doc__ = HELP


def _allies(names: str, roster: Roster) -> list[Ally]:
    """The allies named, each once."""
    found = [roster.ally_or_state(name.strip()) for name in names.split(",") if name.strip()]
    if not found:
        raise BadValue("no ally is named")
    return list({one.slug: one for one in found}.values())


def _ask_for(given: dict[str, str | None], said: Words, db: str | None) -> Words:
    """Asks for what is missing, one by one, and for a day, source and grade where none was said."""
    with reading(db) as ledger:
        roster = ledger.roster()
    checks: dict[str, Callable[[str], object]] = {
        "ALLY": lambda text: _allies(text, roster),
        "ACT": read_act,
        "SUMMARY": lambda text: checked(one_line(text), "summary"),
    }
    for name, text in given.items():
        if text is None:
            given[name] = _prompt(name.capitalize(), partial(_passed, checks[name]))
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
    """What the analyst types, asked again until it can be read; None for the default."""
    while True:
        text = typer.prompt(label, default=default, show_default=False, err=True)
        if not text.strip():
            return None
        try:
            return read(text)
        except ScrutinyError as error:
            say(f"{error.message}" + (f" ({error.hint})" if error.hint else ""))


def _answer(logged: "Logged", names: dict[str, str], db: str | None) -> None:
    say_new(logged.allies)
    widest = max(map(len, names.values()))
    for signal in logged.signals:
        scored = f"{signal.kind} {points_text(signal.score)}" + (f" ({signal.act})" if signal.act else "")
        on = f"{signal.happened_on:%a} {signal.happened_on}"
        say(f"#{signal.id} {names[signal.ally]:{widest}}  {scored}  {on}  {signal.grade or 'no grade'}")
    say(f"take it back: {typed(f'undo {logged.change}', db)}")


def _warn(draft: Signal, repeats: Sequence[Signal]) -> None:
    if draft.happened_on > today():
        say(f"warning: {draft.happened_on} is in the future")
    for one in repeats:
        same = "summary" if one.summary == draft.summary else "source"
        say(f"warning: #{one.id} has the same ally, date and {same}: {one.summary}")
