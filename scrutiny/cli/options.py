"""The arguments that commands share, and what they read."""

from contextvars import ContextVar
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from scrutiny.cli import complete
from scrutiny.errors import BadValue
from scrutiny.render import As

if TYPE_CHECKING:
    from scrutiny.core.signals import Actor  # a key press in the shell must not pay 10 ms for it

DB: ContextVar[str | None] = ContextVar("DB", default=None)  # --db where it stood before the command

Db = Annotated[
    str | None,
    typer.Option("--db", metavar="PATH|URL", help="The ledger's place (or SCRUTINY_DB).", show_default=False),
]
Format = Annotated[As, typer.Option("--format", "-f", help="How to show it.")]
Output = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to a file; - is stdout.", show_default=False),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Judge by the signals up to this day.", show_default="today"),
]
Window = Annotated[
    int, typer.Option("--window", metavar="DAYS", min=1, max=36525, help="Days a direction looks back.")
]
Origin = Annotated[
    str,
    typer.Option("--origin", metavar="ORIGIN", help="Whose signals are judged: desk, feeds, a feed's name, all."),
]
By = Annotated[
    str | None,
    typer.Option(
        "--by", metavar="ACTOR", help="Judge one side's acts alone: ally, principal, third.", show_default=False,
        autocompletion=complete.actors,
    ),
]  # fmt: skip
AllyName = Annotated[
    str | None,
    typer.Argument(
        metavar="ALLY",
        help="A slug, name, code or alias.",
        autocompletion=complete.allies,
        show_default=False,
    ),
]
AllyNames = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ALLY",
        help="Slugs, names, codes or aliases.",
        autocompletion=complete.allies,
        show_default=False,
    ),
]
SignalId = Annotated[str, typer.Argument(metavar="ID", help="A signal's number, or last.", show_default=False)]


def today() -> date:
    """The day it is where the analyst is."""
    return date.today()  # noqa: DTZ011  # the analyst's own day, not UTC's


def day(text: str | None) -> date | None:
    """The day that an option means, None where it is absent."""
    from scrutiny.core.days import when

    return None if text is None else when(text, today())


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
