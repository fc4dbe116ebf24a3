"""Which rows of a feed count: one side is the principal, the other an ally that the ledger knows."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scrutiny.core.allies import Roster
from scrutiny.core.signals import Grade

MAX_LAG = 31  # days from an event to the day on which the feed added it, unless asked otherwise


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
