"""Allies and the principal: finding one by what people call it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from shlex import quote

from scrutiny.core.names import key, slugify
from scrutiny.core.near import nearest, said_near
from scrutiny.core.states import find_state, state_names
from scrutiny.core.text import checked
from scrutiny.errors import BadValue, ScrutinyError, Unknown

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CODE = re.compile(r"[A-Z]{3}")
HIGHEST_STAKE = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ally:
    """A state or other actor in a relationship with the principal; BadValue where a part has no right form.

    stake is how much the principal has in the relationship against the others, above 0; None where not set.
    """

    slug: str
    name: str
    code: str | None = None
    aliases: tuple[str, ...] = ()
    line: str = ""
    stake: float | None = None

    def __post_init__(self) -> None:
        if not key(checked(self.name, "name")):
            raise BadValue(f"the name '{self.name}' has no letter")
        if "," in self.name:
            raise BadValue("a name holds no comma, which stands between allies")
        if not _SLUG.fullmatch(self.slug) or len(self.slug) > 60:
            raise BadValue(
                f"no slug '{self.slug}'", "a slug is small letters, digits and hyphens: --slug north-korea"
            )
        if self.code is not None and not _CODE.fullmatch(self.code):
            raise BadValue(f"no code '{self.code}'", "a code is three capital letters, as in PRK")
        for alias in self.aliases:
            if not key(checked(alias, "alias")):
                raise BadValue(f"the alias '{alias}' has no letter")
        if self.line:
            checked(self.line, "line")
        if self.stake is not None and not 0 < self.stake <= HIGHEST_STAKE:
            raise BadValue(f"no stake {self.stake:g}", f"a stake is above 0 and at most {HIGHEST_STAKE:g}")

    @property
    def keys(self) -> dict[str, str]:
        """What finds this ally, each with the word for what it is."""
        named = {key(alias): f"alias '{alias}'" for alias in self.aliases}
        if self.code:
            named[key(self.code)] = f"code '{self.code}'"
        named[key(self.slug)] = f"slug '{self.slug}'"
        return named | {key(self.name): f"name '{self.name}'"}


@dataclass(frozen=True, slots=True)
class Principal:
    """The state whose relationships are followed."""

    name: str
    code: str

    @classmethod
    def read(cls, text: str) -> "Principal":
        """The state of that name or code; Unknown names the nearest."""
        state = find_state(text)
        if state is None:
            raise Unknown(f"no state '{text}'{_near(text, state_names())}", "the principal is a state of ISO 3166")
        return cls(state.name, state.code)


RUSSIA = Principal("Russia", "RUS")

# What each relationship rests on, one neutral line; a new ledger knows these where Russia is the principal.
SEEDS = (
    Ally(
        slug="china", name="China", code="CHN", aliases=("PRC", "People's Republic of China", "CN"),
        line="Energy and goods trade, a shared distance to the US-led order, a partnership without a defence pact",
    ),
    Ally(
        slug="belarus", name="Belarus", code="BLR", aliases=("Republic of Belarus", "BY"),
        line="The Union State, basing and joint forces, subsidised energy and market access",
    ),
    Ally(
        slug="iran", name="Iran", code="IRN", aliases=("Islamic Republic of Iran", "Persia", "IR"),
        line="Arms and drone technology, sanctions evasion, the 2025 strategic partnership treaty",
    ),
    Ally(
        slug="syria", name="Syria", code="SYR", aliases=("Syrian Arab Republic", "SY"),
        line="The bases at Tartus and Hmeimim, arms and fuel; renegotiated after the change of government in 2024",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Roster:
    """The allies that a ledger knows, and its principal."""

    principal: Principal
    allies: tuple[Ally, ...] = ()

    @cached_property
    def _by_key(self) -> dict[str, Ally]:
        return {name: ally for ally in self.allies for name in ally.keys}

    def find(self, text: str) -> Ally | None:
        """The ally known by that slug, name, code or alias, in any case, or by any other name of its state."""
        found = self._by_key.get(key(text))
        if found is None and (state := find_state(text)):
            found = self._by_key.get(key(state.code))
        return found

    def ally(self, text: str) -> Ally:
        """The same; Unknown names the nearest known ones and the command that adds it."""
        if found := self.find(text):
            return found
        self._refuse_principal(text)
        if find_state(text):
            raise Unknown(
                f"no ally '{text}' yet", f"its first signal adds it: scrutiny log {slugify(text)} ACT SUMMARY"
            )
        raise Unknown(f"no ally '{text}'{self._nearest(text)}", _advice(text))

    def ally_or_state(self, text: str) -> Ally:
        """A known ally, or the state of ISO 3166 as the ally it becomes at its first signal."""
        if found := self.find(text):
            return found
        self._refuse_principal(text)
        if ally := self.state(text):
            return self.checked(ally)
        raise Unknown(f"no ally '{text}'{self._nearest(text, state_names())}", _advice(text))

    def state(self, text: str) -> Ally | None:
        """The state of ISO 3166 of that name as an ally, with the aliases that are still free; None for no state."""
        state = find_state(text)
        if state is None:
            return None
        aliases = tuple(alias for alias in state.aliases if key(alias) not in self._by_key)
        return Ally(slug=state.slug, name=state.name, code=state.code, aliases=aliases)

    def checked(self, ally: Ally, instead_of: Ally | None = None) -> Ally:
        """The same ally where all that finds it is free or its own; ScrutinyError names what is taken."""
        for name, what in ally.keys.items():
            holder = self._by_key.get(name)
            if holder is not None and holder != instead_of:
                raise ScrutinyError(
                    f"the {what} already finds {holder.name}",
                    f"see it with: scrutiny ally show {holder.slug}",
                )
            state = find_state(name)
            if state and state.code == self.principal.code:
                raise ScrutinyError(f"the {what} is the principal's, which is no ally of itself")
        return ally

    def joined(self, ally: Ally) -> "Roster":
        """The roster with one more ally, whose names are its own."""
        more = Roster(self.principal, (*self.allies, ally))
        more.__dict__["_by_key"] = self._by_key | dict.fromkeys(ally.keys, ally)  # all anew would be quadratic
        return more

    def parted(self, ally: Ally) -> "Roster":
        """The roster less one ally."""
        return Roster(self.principal, tuple(one for one in self.allies if one != ally))

    def _refuse_principal(self, text: str) -> None:
        state = find_state(text)
        if state and state.code == self.principal.code:
            raise BadValue(f"{self.principal.name} is the principal, and no ally of itself")

    def _nearest(self, text: str, others: Iterable[str] = ()) -> str:
        return _near(text, [*(ally.name for ally in self.allies), *others])


class Newcomers:
    """Finds the allies that a file's rows name, and keeps those that the ledger does not know yet."""

    def __init__(self, roster: Roster, *, add_all: bool = False) -> None:
        self.allies: dict[str, Ally] = {}
        self._roster = roster
        self._add_all = add_all
        self._found: dict[str, Ally] = {}

    def __call__(self, text: str) -> Ally:
        """The ally of that name; Unknown for one that is neither known nor a state, unless all are added."""
        if found := self._found.get(text):
            return found
        try:
            ally = self._roster.ally_or_state(text)
        except Unknown:
            if not self._add_all:
                raise
            ally = self._roster.checked(Ally(slug=slugify(text), name=text))
        if self._roster.find(text) is None:
            ally = self.allies.setdefault(ally.slug, ally)
        self._found[text] = ally
        return ally


def _near(text: str, names: list[str]) -> str:
    by_key = {key(name): name for name in names}
    return said_near([by_key[found] for found in nearest(key(text), by_key)])


def _advice(text: str) -> str:
    slug = "" if slugify(text) else " --slug a-name-in-ascii"
    return f"to follow an actor that is no state: scrutiny ally add {quote(text)}{slug}"
