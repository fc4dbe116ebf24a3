"""A signal and its parts: what one dated act says, checked when it is made."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from scrutiny.core.acts import Act, Kind, find_act
from scrutiny.core.text import checked
from scrutiny.errors import BadValue

HIGHEST = 10.0  # the Goldstein scale runs from -10 to +10
DESK = "desk"  # the origin of what an analyst logged or accepted
RELIABILITY = {"A": 4, "B": 3, "C": 2, "D": 1, "E": 0, "F": 2}  # MISP admiralty-scale, in quarters
CREDIBILITY = {"1": 4, "2": 3, "3": 2, "4": 1, "5": 0, "6": 2}
UNGRADED = 4  # sixteenths: no grade is F6, "cannot be judged"

_ORIGIN = re.compile(r"[a-z][a-z0-9-]{0,39}")
_CAMEO = re.compile(r"[0-9]{2,4}")
_UID = re.compile(r"[!-~]{1,200}")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")


class Actor(StrEnum):
    """Whose act it was."""

    ALLY = "ally"
    PRINCIPAL = "principal"
    THIRD = "third"


class Domain(StrEnum):
    """Where the effect falls."""

    DIPLOMATIC = "diplomatic"
    MILITARY = "military"
    ECONOMIC = "economic"
    ENERGY = "energy"
    TECHNOLOGY = "technology"
    DOMESTIC = "domestic"


class Driver(StrEnum):
    """The force behind it."""

    WAR = "war"
    SANCTIONS = "sanctions"
    POWER_SHIFT = "power-shift"
    HOME_POLITICS = "home-politics"


@dataclass(frozen=True, slots=True)
class Grade:
    """The Admiralty code of a report: reliability A to F, credibility 1 to 6."""

    reliability: str
    credibility: str

    def __str__(self) -> str:
        return self.reliability + self.credibility

    @property
    def sixteenths(self) -> int:
        """The weight in sixteenths, 0 to 16."""
        return RELIABILITY[self.reliability] * CREDIBILITY[self.credibility]

    @classmethod
    def read(cls, text: str) -> "Grade":
        """The grade written as `B2`, in either case; BadValue for anything else."""
        if len(text) == 2 and text[0].upper() in RELIABILITY and text[1] in CREDIBILITY:
            return cls(text[0].upper(), text[1])
        raise BadValue(f"no grade '{text}'", "a grade is a letter A to F and a digit 1 to 6, as in B2")


def sixteenths(grade: Grade | None) -> int:
    """The weight of a signal with this grade, in sixteenths."""
    return UNGRADED if grade is None else grade.sixteenths


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One dated act that moves one ally's relationship with the principal; BadValue where it breaks a rule.

    The ally is a slug; score is -10 to +10 with at most two decimals, never 0, its sign fixed by the kind.
    cameo and mentions are a feed event's: its CAMEO code, or at least the two digits of the root, and in how many
    places the feed found it. `id`, `change` and `removed` are the ledger's, None or False where it is in none.
    """

    uid: str
    ally: str
    happened_on: date
    kind: Kind
    score: float
    summary: str
    act: str | None = None
    actor: Actor = Actor.ALLY
    domain: Domain | None = None
    driver: Driver | None = None
    source: str | None = None
    grade: Grade | None = None
    origin: str = DESK
    event: str | None = None
    private: bool = False
    recorded_at: datetime | None = None
    recorded_by: str | None = None
    cameo: str | None = None
    mentions: int | None = None
    id: int | None = None
    change: int | None = None
    removed: bool = False

    def __post_init__(self) -> None:
        check_uid(self.uid)
        check_score(self.score, self.kind)
        if self.act is not None:
            act = find_act(self.act)
            if act.kind is not self.kind:
                raise BadValue(f"the act '{act.word}' is {act.kind}, not {self.kind}")
            if act.word != self.act:
                object.__setattr__(self, "act", act.word)  # as the vocabulary writes it
        checked(self.summary, "summary")
        if self.source is not None:
            checked(self.source, "source")
        if self.origin != DESK and read_origin(self.origin) != self.origin:
            raise BadValue(f"the origin '{self.origin}' is not in small letters")
        if self.event is not None and not _UID.fullmatch(self.event):
            raise BadValue("an event is the uid of a feed event")
        if self.recorded_by is not None:
            checked(self.recorded_by, "author")
        if self.cameo is not None and not _CAMEO.fullmatch(self.cameo):
            raise BadValue(f"no CAMEO code '{self.cameo}'", "a code is two to four digits, as in 042")
        if self.mentions is not None and self.mentions < 1:
            raise BadValue("an event is mentioned at least once")

    @property
    def sixteenths(self) -> int:
        """The weight by its grade, in sixteenths."""
        return sixteenths(self.grade)

    @property
    def word(self) -> str:
        """The act's word, or the kind of a signal scored without an act."""
        return self.act or self.kind.value


def read_origin(text: str) -> str:
    """An origin in small letters; BadValue for what can be none."""
    if not _ORIGIN.fullmatch(text.casefold()):
        raise BadValue(f"no origin '{text}'", "an origin is one word, as in desk or gdelt")
    return text.casefold()


def check_uid(uid: str) -> None:
    """BadValue where the text can be no uid."""
    if not _UID.fullmatch(uid):
        raise BadValue("a uid is 1 to 200 visible ASCII characters")


@lru_cache(maxsize=8192)  # files repeat few scores many times
def check_score(score: float, kind: Kind) -> None:
    """BadValue where the score is off the scale, too fine, 0, or of the wrong sign for its kind."""
    if not math.isfinite(score) or abs(score) > HIGHEST:
        raise BadValue(f"no score {score:g}; a score lies between -10 and +10")
    if round(score, 2) != score:
        raise BadValue(f"the score {score!r} has more than two decimals")
    if score == 0:
        raise BadValue("a score of 0 says nothing about the relationship", "leave the signal out")
    if kind.sign and score * kind.sign < 0:
        side = "above" if kind.sign > 0 else "below"
        raise BadValue(f"a {kind} signal scores {side} 0, not {score:+g}")


def scored(act: Act | None, kind: Kind | None, score: float | None) -> tuple[Kind, float]:
    """Kind and score from whichever of act, kind and score are given; BadValue where they disagree or none is.

    The act fixes both, a kind alone takes its default, a score alone is support or distancing by its sign.
    """
    if act and kind and act.kind is not kind:
        raise BadValue(f"the act '{act.word}' is {act.kind}, not {kind}")
    of = act.kind if act else kind
    if of is None:
        if score is None:
            raise BadValue("neither act, kind nor score is given")
        of = Kind.SUPPORT if score > 0 else Kind.DISTANCING
    if score is None:
        score = act.score if act else of.default
    check_score(score, of)
    return of, score


def read_score(text: str) -> float:
    """A score as people write it (`-2`, `+3.5`); BadValue for anything else."""
    if _NUMBER.fullmatch(bare := text.strip(" ")):
        return float(bare)
    raise BadValue(f"no score '{text}'", "a score is a number between -10 and +10, as in -2 or 3.5")
