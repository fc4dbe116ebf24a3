"""CAMEO, the coding scheme of GDELT and ICEWS: what a code says of an event, for a signal."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from scrutiny.core.acts import ACTS, Act, Kind
from scrutiny.core.signals import Domain
from scrutiny.errors import BadValue

SANCTIONS = frozenset("085 0254 0354 1054 1244 1312 163".split())  # economic sanctions, boycott, embargo
ECONOMIC = frozenset("061 071 0211 0254 0311 0354 085 1011 1054 1211 1244 1312 1621 163".split())
MILITARY = frozenset("062 072 0212 0312 1012 1212 1622 15 18 19 20".split())

# What is reported of both sides, and under which code of the other: who makes a visit, who hosts it.
BOTH_SIDES = {"042": "043", "043": "042"} | {code: code for code in "040 041 044 045 046".split()}

_CODE = re.compile(r"(0[1-9]|1[0-9]|20)[0-9]{0,2}")
_ACTS = {code: act for act in ACTS.values() for code in act.cameo.split(", ") if not code.endswith("*")}


@dataclass(frozen=True, slots=True)
class Coded:
    """What a feed's code says of an event; None where it says nothing.

    `mirrored` is the name under which the other side of the same event is reported. `score` is the scheme's own
    value, for a row that carries none.
    """

    name: str
    cameo: str | None = None
    domain: Domain | None = None
    act: Act | None = None
    is_sanctions: bool = False
    mirrored: str | None = None
    score: float | None = None

    def kind(self, score: float) -> Kind:
        """Sanctions where the code speaks of them, else by the score's sign."""
        if self.is_sanctions:
            return Kind.SANCTIONS
        return Kind.SUPPORT if score > 0 else Kind.DISTANCING

    def word(self, score: float) -> str | None:
        """The act's word, if the act fits the kind and the sign of the score that the feed gives."""
        fits = self.act and self.act.kind is self.kind(score) and self.act.score * score > 0
        return self.act.word if self.act and fits else None


@cache
def coded(code: str) -> Coded:
    """What a CAMEO code says; BadValue for none. An unknown one of a known root is named by what it belongs to."""
    if not _CODE.fullmatch(code):
        raise BadValue(f"no CAMEO code '{code[:20]}'")
    name, score = _entry(code)
    other = BOTH_SIDES.get(code)
    return Coded(
        name=name,
        cameo=code,
        domain=domain(code),
        act=act(code),
        is_sanctions=code in SANCTIONS,
        mirrored=other and _entry(other)[0],
        score=score,
    )


def named(name: str) -> Coded:
    """What a row says that has the name of an event but no code: what the code of that name says, if there is one."""
    code = _codes().get(name.casefold())
    return coded(code) if code else Coded(name)


def domain(code: str) -> Domain:
    """Where the effect falls; the longest listed beginning of the code decides."""
    for beginning in _beginnings(code):
        if beginning in ECONOMIC:
            return Domain.ECONOMIC
        if beginning in MILITARY:
            return Domain.MILITARY
    return Domain.DIPLOMATIC


def act(code: str) -> Act | None:
    """The act whose code it is. 030 is 03 not further specified, so what names 03 means it too."""
    whole = code[:2] if len(code) == 3 and code.endswith("0") else code
    return _ACTS.get(code) or _ACTS.get(whole)


def _beginnings(code: str) -> list[str]:
    return [code[:length] for length in range(len(code), 1, -1)]


def _entry(code: str) -> tuple[str, float]:
    table = _table()
    return next(table[beginning] for beginning in _beginnings(code) if beginning in table)


@cache
def _codes() -> dict[str, str]:
    """The codes by their names; a name that a root shares with its first code is the code's."""
    return {name.casefold(): code for code, (name, _) in sorted(_table().items())}


@cache
def _table() -> dict[str, tuple[str, float]]:
    """Name and Goldstein value of each code, as ICEWS has them."""
    text = files("scrutiny.feeds").joinpath("cameo.csv").read_text("utf-8")
    return {row["code"]: (row["name"], float(row["goldstein"])) for row in csv.DictReader(text.splitlines())}
