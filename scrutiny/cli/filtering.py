"""The filters of list and export, as options."""

import inspect
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Annotated, Any

import typer

from scrutiny.cli import complete
from scrutiny.cli.options import MOST, AllyNames, day, listed, optional
from scrutiny.core.acts import Kind, find_act
from scrutiny.core.allies import Roster
from scrutiny.core.filters import Filter
from scrutiny.core.near import member
from scrutiny.core.signals import RELIABILITY, Actor, Domain, Driver, Grade, read_origin
from scrutiny.core.text import checked, folded
from scrutiny.errors import BadValue

MOST_WORDS = 100  # a sentence has fewer, and SQLite takes no condition of a thousand parts
Wanted = Callable[[Roster], Filter]  # the filter, once it is known which allies the ledger has


def filtered(command: Callable[..., None], without: Collection[str] = ()) -> Callable[..., None]:
    """Gives a command the filters, or all but some, as options; it takes what they mean as `wanted`."""
    own = [p for p in inspect.signature(command, eval_str=True).parameters.values() if p.name != "wanted"]
    asked = [p for p in inspect.signature(_asked, eval_str=True).parameters.values() if p.name not in without]

    def run(**given: Any) -> None:
        wanted = _asked(**{p.name: given.pop(p.name) for p in asked})
        command(wanted=wanted, **given)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__signature__ = inspect.Signature([*own, *asked] if without else [*asked, *own])  # type: ignore[attr-defined]  # Typer reads it
    run.__annotations__ = {p.name: p.annotation for p in (*asked, *own)}
    return run


def _asked(  # the filters, as options; their order is the order of the help
    allies: AllyNames = None,
    kind: Annotated[
        list[str] | None, optional("--kind", "KIND", "support, distancing or sanctions.", complete.kinds)
    ] = None,
    act: Annotated[list[str] | None, optional("--act", "ACT", "An act of the vocabulary.", complete.acts)] = None,
    no_act: Annotated[bool, typer.Option("--no-act", help="Only signals scored without an act.")] = False,
    by: Annotated[list[str] | None, optional("--by", "ACTOR", "ally, principal or third.", complete.actors)] = None,
    domain: Annotated[
        list[str] | None, optional("--domain", "DOMAIN", "Where the effect falls.", complete.domains)
    ] = None,
    driver: Annotated[
        list[str] | None, optional("--driver", "DRIVER", "The force behind it.", complete.drivers)
    ] = None,
    grade: Annotated[list[str] | None, optional("--grade", "GRADE", "B2, a letter for all of it, or none.")] = None,
    origin: Annotated[list[str] | None, optional("--origin", "ORIGIN", "desk, feeds, or a feed's name.")] = None,
    batch: Annotated[
        int | None, typer.Option("--batch", metavar="N", min=1, max=MOST, help="From one import.", show_default=False)
    ] = None,
    since: Annotated[str | None, optional("--since", "DATE", "From this day on; 90d is ninety days ago.")] = None,
    until: Annotated[str | None, optional("--until", "DATE", "Up to this day.")] = None,
    search: Annotated[
        str | None, optional("--search", "TEXT", "All these words begin words of summary or source.")
    ] = None,
    recorded_by: Annotated[str | None, optional("--recorded-by", "NAME", "Logged by this author.")] = None,
) -> Wanted:
    """The filter that the options mean, once it is known which allies the ledger has."""
    words = tuple(dict.fromkeys(folded(search).split())) if search is not None else ()
    if search is not None and not words:
        raise BadValue(f"'{search}' has no word to search for")
    if len(words) > MOST_WORDS:
        raise BadValue(f"{len(words):,} words are searched for; at most {MOST_WORDS} can be, at once")
    first, last = day(since), day(until)
    if first and last and first > last:
        raise BadValue(f"--since {first} is after --until {last}")
    made = Filter(
        kinds=tuple(member(Kind, one, "kind") for one in listed(kind)),
        acts=tuple(find_act(one).word for one in listed(act)),
        no_act=no_act,
        actors=tuple(member(Actor, one, "actor") for one in listed(by)),
        domains=tuple(member(Domain, one, "domain") for one in listed(domain)),
        drivers=tuple(member(Driver, one, "driver") for one in listed(driver)),
        grades=tuple(map(_grade, listed(grade))),
        origins=tuple(map(read_origin, listed(origin))),
        batch=batch,
        since=first,
        until=last,
        words=words,
        recorded_by=None if recorded_by is None else checked(recorded_by, "author"),
    )

    def of(roster: Roster) -> Filter:
        return replace(made, allies=tuple(roster.ally(one).slug for one in listed(allies)))

    return of


def _grade(text: str) -> str:
    if text.casefold() == "none":
        return "none"
    if text.upper() in RELIABILITY:
        return text.upper()
    try:
        return str(Grade.read(text))
    except BadValue as error:
        raise BadValue(error.message, f"a grade is B2, a letter of {''.join(RELIABILITY)}, or none") from None
