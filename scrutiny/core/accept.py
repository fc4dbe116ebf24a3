"""Accepting a feed event: what an analyst makes of it, as a signal of the desk that keeps the link."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from scrutiny.core.acts import ACTS, Kind, near_acts
from scrutiny.core.allies import Roster
from scrutiny.core.amend import Amendment
from scrutiny.core.near import nearest, said_near
from scrutiny.core.signals import DESK, Domain, Driver, Signal
from scrutiny.core.words import HINT, shapes_of
from scrutiny.errors import BadValue


def parted(words: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    """The act, where the first word is one or a bare kind, and log's words; BadValue where it is neither.

    `sanctions`, which is a kind and a driver, is the kind where it stands first.
    """
    if not words:
        return None, ()
    first, *rest = words
    act = first if _is_act(first) else None
    if act is None and not shapes_of(first):
        near = list(dict.fromkeys([*near_acts(first), *nearest(first, [*Kind, *Domain, *Driver])]))
        raise BadValue(f"'{first}' is neither an act nor one of log's words{said_near(near)}", HINT)
    for word in rest:
        if _is_act(word) and not shapes_of(word):
            said = "the act comes right after the ID" if act is None else f"'{act}' is the act already"
            raise BadValue(f"'{word}' is out of place: {said}", "as in: scrutiny accept 412 visit B2 military")
    return (act, rest) if act else (None, words)


def accepted(amended: Amendment, event: Signal, known: Roster) -> Signal:
    """The event as the analyst has it, as a new signal; the grade is the analyst's own, never the feed's."""
    signal, _ = amended.of(event, known)
    return replace(
        signal,
        uid=secrets.token_hex(16),
        grade=amended.said.grade,
        origin=DESK,
        event=event.uid,
        recorded_at=None,
        recorded_by=None,
        cameo=None,
        mentions=None,
        id=None,
        change=None,
    )


def _is_act(word: str) -> bool:
    return word.casefold() in ACTS or word.casefold() in list(Kind)
