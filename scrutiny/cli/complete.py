"""What the shell offers when an analyst presses Tab; each loads only what its own answer needs."""

from collections.abc import Iterable, Iterator

import typer

from scrutiny import settings


def allies(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """The slugs that the ledger knows; after a comma the next one."""
    from scrutiny.store.completion import slugs  # sqlite3, 3 ms

    before, comma, last = incomplete.rpartition(",")
    place: str | None = ctx.params.get("db") or (ctx.parent.params.get("db") if ctx.parent else None)
    for slug in _begun(slugs(settings.place(place)), last):
        yield f"{before}{comma}{slug}"


def acts(incomplete: str) -> Iterator[str]:
    """The vocabulary's words."""
    from scrutiny.core.acts import ACTS

    return _begun(ACTS, incomplete)


def kinds(incomplete: str) -> Iterator[str]:
    """The kinds."""
    from scrutiny.core.acts import Kind

    return _begun(Kind, incomplete)


def actors(incomplete: str) -> Iterator[str]:
    """The actors."""
    from scrutiny.core.signals import Actor

    return _begun(Actor, incomplete)


def domains(incomplete: str) -> Iterator[str]:
    """The domains."""
    from scrutiny.core.signals import Domain

    return _begun(Domain, incomplete)


def drivers(incomplete: str) -> Iterator[str]:
    """The drivers."""
    from scrutiny.core.signals import Driver

    return _begun(Driver, incomplete)


def formats(incomplete: str) -> Iterator[str]:
    """The formats that import reads."""
    from scrutiny.feeds.formats import FORMATS

    return _begun(FORMATS, incomplete)


def words(incomplete: str) -> Iterator[str]:
    """The words that log takes after the summary, as far as they form a list."""
    from scrutiny.core.signals import Actor, Domain, Driver

    return _begun([*Domain, *Driver, *(f"by:{actor}" for actor in Actor), "today", "yesterday"], incomplete)


def acts_and_words(incomplete: str) -> Iterator[str]:
    """The vocabulary's words, and after them those."""
    yield from acts(incomplete)
    yield from words(incomplete)


def _begun(choices: Iterable[str], incomplete: str) -> Iterator[str]:
    return (str(choice) for choice in choices if choice.startswith(incomplete.casefold()))
