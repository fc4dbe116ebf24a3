"""Which rows of a feed count: one side is the principal, the other an ally that the ledger knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from scrutiny.core.allies import Roster
from scrutiny.core.signals import Actor, Grade, read_score
from scrutiny.core.states import find_state
from scrutiny.errors import BadValue

MAX_LAG = 31  # days from an event to the day on which the feed added it, unless asked otherwise
PRINCIPAL = ""  # stands where the slug of an ally would

# CAMEO's codes of countries are those of ISO 3166 but for these, which it kept from older lists or made.
CAMEO_CODES = {"GZS": "PSE", "IMY": "IMN", "MTN": "MNE", "ROM": "ROU", "TMP": "TLS", "WSB": "PSE"}

# What the feeds call a state that ISO 3166 does not know under that name.
FEED_NAMES = {
    "Democratic Republic of Congo": "COD",
    "Occupied Palestinian Territory": "PSE",
    "the former Yugoslav Republic of Macedonia": "MKD",
}


class Direction(StrEnum):
    """Whose acts count."""

    BOTH = "both"
    ALLY_TO_PRINCIPAL = "ally-to-principal"
    PRINCIPAL_TO_ALLY = "principal-to-ally"


@dataclass(frozen=True, slots=True)
class Dyads:
    """What is asked of a feed. `allies` are the slugs that are asked for, none for all that the roster has."""

    roster: Roster
    allies: frozenset[str] = frozenset()
    direction: Direction = Direction.BOTH
    since: date | None = None
    until: date | None = None
    grade: Grade | None = None
    min_mentions: int = 1
    root_only: bool = False
    max_lag: int = MAX_LAG

    def by_code(self) -> dict[str, str]:
        """Who stands behind each CAMEO code of a country: the slug of an ally, or PRINCIPAL."""
        of = {ally.code: ally.slug for ally in self.roster.allies if ally.code}
        of[self.roster.principal.code] = PRINCIPAL
        return {code: of[iso] for code, iso in CAMEO_CODES.items() if iso in of} | of

    def by_name(self, country: str) -> str | None:
        """Who is meant by a country's name or code: the slug of an ally, PRINCIPAL, or None for anybody else."""
        name = FEED_NAMES.get(country, country)
        if found := self.roster.find(name):
            return found.slug
        state = find_state(name)
        return PRINCIPAL if state and state.code == self.roster.principal.code else None


class Side(NamedTuple):
    """Whose dyad a row is of, and who acted in it."""

    ally: str
    actor: Actor


def side(source: Iterable[str], target: Iterable[str]) -> Side | None:
    """The dyad of a row in which these act on those; None where it is no ally's. Where a feed names several
    countries at once, the first ally counts."""
    acting, acted_on = tuple(source), tuple(target)
    if PRINCIPAL in acting:
        others, actor = acted_on, Actor.PRINCIPAL
    else:
        others, actor = acting, Actor.ALLY
        if PRINCIPAL not in acted_on:
            return None
    if PRINCIPAL in others or not others:
        return None
    return Side(others[0], actor)


def check_lag(day: date, added: date, max_lag: int) -> None:
    """BadValue where an event is dated as only a slip of the feed's parser dates it, or was added too late."""
    if day == added:
        return
    if day > added:
        raise BadValue(f"dated {day}, after it was added on {added}")
    months = 12 * (added.year - day.year) + added.month - day.month
    if added.day == day.day and months in (1, 12):
        raise BadValue(f"dated exactly a {'month' if months == 1 else 'year'} before it was added: a parser's slip")
    if (late := (added - day).days) > max_lag:
        raise BadValue(f"added {late} days after its date, more than --max-lag {max_lag}")


@lru_cache(4096)
def hundredths(cell: str) -> float:
    """A score as a feed gives it, on two decimals; BadValue for what is no number."""
    return round(read_score(cell), 2)
