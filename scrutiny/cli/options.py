"""The arguments that commands share, and what they read."""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scrutiny.cli import complete
from scrutiny.errors import BadValue
from scrutiny.render import As

if TYPE_CHECKING:
    from scrutiny.core.filters import Question
    from scrutiny.core.signals import Actor  # a key press in the shell must not pay 10 ms for it

DB: ContextVar[str | None] = ContextVar("DB", default=None)  # --db where it stood before the command


def optional(
    flag: str, metavar: str, help: str, completion: Callable[..., Any] | None = None, *, default: str | None = None
) -> Any:
    """An option that may be left out; `default` is what the help says it then is."""
    shown = default or False
    return typer.Option(*flag.split("/"), metavar=metavar, help=help, show_default=shown, autocompletion=completion)


def argument(
    metavar: str, help: str, completion: Callable[..., Any] | None = None, *, default: str | None = None
) -> Any:
    """An argument; `default` is what the help says it is where it is left out."""
    return typer.Argument(metavar=metavar, help=help, show_default=default or False, autocompletion=completion)


Db = Annotated[str | None, optional("--db", "PATH|URL", "The ledger's place (or SCRUTINY_DB).")]
Format = Annotated[As, typer.Option("--format", "-f", help="How to show it.")]
Output = Annotated[str | None, optional("--output/-o", "FILE", "Write to a file; - is stdout.")]
AsOf = Annotated[str | None, optional("--as-of", "DATE", "Judge by the signals up to this day.", default="today")]
Window = Annotated[
    int, typer.Option("--window", metavar="DAYS", min=1, max=36525, help="Days a direction looks back.")
]
Origin = Annotated[
    str, typer.Option("--origin", metavar="ORIGIN", help="Whose signals are judged: desk, feeds, a feed's name, all.")
]
By = Annotated[
    str | None, optional("--by", "ACTOR", "Judge one side's acts alone: ally, principal, third.", complete.actors)
]
NAMED = "A slug, name, code or alias."
AllyName = Annotated[str | None, argument("ALLY", NAMED, complete.allies)]
AllyNames = Annotated[list[str] | None, argument("ALLY", "Slugs, names, codes or aliases.", complete.allies)]
SignalId = Annotated[str, argument("ID", "A signal's number, or last.")]


def listed(given: Iterable[str] | None) -> list[str]:
    """Values given one by one or with commas between; BadValue for an empty one, which would mean everything."""
    found = [one.strip() for text in given or () for one in text.split(",")]
    if "" in found:
        raise BadValue("an empty value", "leave it out to mean everything")
    return found


def today() -> date:
    """The day it is where the analyst is."""
    return date.today()  # noqa: DTZ011  # the analyst's own day, not UTC's


def day(text: str | None) -> date | None:
    """The day that an option means, None where it is absent."""
    from scrutiny.core.days import when

    return None if text is None else when(text, today())


def asked(as_of: str | None, window: int, origin: str, by: str | None) -> "Question":
    """What the options of a judging command ask."""
    from scrutiny.core.filters import Question  # 12 ms with the core, which a key press must not pay
    from scrutiny.core.signals import read_origin

    return Question(day(as_of) or today(), window, read_origin(origin), actor(by))


def actor(text: str | None) -> "Actor | None":
    """The actor that an option names, None where it is absent."""
    from scrutiny.core.near import member
    from scrutiny.core.signals import Actor

    return None if text is None else member(Actor, text, "actor")


def signal_number(text: str) -> int | None:
    """A signal's number; None for `last`."""
    if text.casefold() == "last":
        return None
    digits = text.removeprefix("#")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
        raise BadValue(f"no signal number '{text}'", "a signal is named by its number, as in 12, or by: last")
    return int(digits)
