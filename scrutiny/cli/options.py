"""The arguments that commands share, and what they read."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scrutiny.cli import complete
from scrutiny.errors import BadValue, Unknown
from scrutiny.render import As

if TYPE_CHECKING:
    from scrutiny.core.filters import Question
    from scrutiny.core.signals import Actor  # a key press in the shell must not pay 10 ms for it

MOST = 10**9  # what every engine takes for a number
KNOWN: ContextVar[datetime | None] = ContextVar("KNOWN", default=None)  # --known, which what reads the ledger asks
DB: ContextVar[str | None] = ContextVar("DB", default=None)  # --db where it stood before the command
_MOMENT = re.compile(r"(\S+?)[ T]((?:[01][0-9]|2[0-3]):[0-5][0-9])(:[0-5][0-9])?(Z?)")  # a day and a time, UTC with Z


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


def _keep_known(ctx: typer.Context, text: str | None) -> str | None:
    """Keeps what --known says, before any other option is read: their days count back from it."""
    if text is not None and not ctx.resilient_parsing:
        at = moment(text)
        if at > datetime.now(UTC) and _local_day(at) > today():
            raise BadValue(f"--known {text} is in the future")
        KNOWN.set(at)
    return text


def _keep_db(ctx: typer.Context, place: str | None) -> str | None:
    """Keeps the ledger's place, before the command or after it, so that hints can name it."""
    if place is not None and not ctx.resilient_parsing:
        DB.set(place)
    return place


Db = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="PATH|URL",
        help="The ledger's place (or SCRUTINY_DB).",
        show_default=False,
        callback=_keep_db,
        is_eager=True,
    ),
]
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
Known = Annotated[
    str | None,
    typer.Option(
        "--known",
        metavar="DATE",
        help="The ledger as it stood recorded on that day (or 'DATE HH:MM'); --as-of is then that day.",
        show_default=False,
        callback=_keep_known,
        is_eager=True,
    ),
]
Title = Annotated[str | None, optional("--title", "TEXT", "What it is called.", default="the allies, and the day")]
Author = Annotated[str | None, optional("--author", "TEXT", "Who wrote it.", default="nobody is named")]
Private = Annotated[
    bool, typer.Option("--private", help="Quote private signals too; without it they count, but are not quoted.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
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
    """The day it is where the analyst is, or was when the ledger stood as --known asks."""
    known = KNOWN.get()
    return date.today() if known is None else _local_day(known)  # noqa: DTZ011  # the analyst's own, not UTC's


def local(at: datetime) -> str:
    """2026-05-20 23:59:59, where the analyst is."""
    with suppress(OverflowError, ValueError):  # at the calendar's ends there may be no such moment
        at = at.astimezone()
    return at.replace(tzinfo=None, microsecond=0).isoformat(" ")


def _local_day(at: datetime) -> date:
    try:
        return at.astimezone().date()
    except (OverflowError, ValueError):  # as above
        return at.date()


def moment(text: str) -> datetime:
    """The last moment that a day means, or a day with a time (to the minute or the second), in UTC."""
    from scrutiny.core.days import when

    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        try:
            return end_of(when(text, today()))
        except BadValue as error:
            raise BadValue(error.message, f"{error.hint}; a time may follow: '2026-02-24 09:30'") from None
    on, clock, seconds, zone = found.groups()
    until = time.fromisoformat(f"{clock}{seconds or ':59'}").replace(microsecond=999_999, fold=1)
    return _in_utc(datetime.combine(when(on, today()), until, UTC if zone else None))


def end_of(day: date) -> datetime:
    """The last moment of a day where the analyst is, in UTC; of two that clocks show alike, the later."""
    return _in_utc(datetime.combine(day, time.max.replace(fold=1)))


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except (OverflowError, ValueError):  # at the calendar's ends there may be no such moment
        return at.replace(tzinfo=UTC)


def day(text: str | None) -> date | None:
    """The day that an option means, None where it is absent."""
    from scrutiny.core.days import when

    return None if text is None else when(text, today())


def since_of(text: str | None, default: int, as_of: date) -> date:
    """The day after which something changed, so many days ago unless told; BadValue where that is after `as_of`."""
    from scrutiny.core.days import when

    after = as_of - timedelta(min(default, as_of.toordinal() - 1)) if text is None else when(text, as_of)
    if after > as_of:
        raise BadValue(f"--since {after} is after --as-of {as_of}")
    return after


def line(text: str | None, what: str) -> str | None:
    """What an option says in one line, None where it is absent; BadValue where it is empty or would steer."""
    from scrutiny.core.text import checked, one_line

    return None if text is None else checked(one_line(text), what)


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
    if int(digits) > MOST:
        raise Unknown(f"no signal #{int(digits)}", "see them with: scrutiny list")
    return int(digits)
