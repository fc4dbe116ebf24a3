"""PLOVER, the coding scheme of POLECAT: what a type of event, its mode and its contexts say, for a signal."""

from functools import lru_cache

from scrutiny.core.signals import Domain
from scrutiny.errors import BadValue
from scrutiny.feeds import cameo
from scrutiny.feeds.cameo import Coded

# Type and its score, then its modes with theirs, as PLOVER prints them; but ACCUSE is printed 3, and meant -3.
_PRINTED = """
AGREE 2.5
CONSULT 2.5 visit 4 third-party 1 multilateral 4 phone 1.5
SUPPORT 5
CONCEDE 4.5
COOPERATE 9.5
AID 10
RETREAT 6.5 withdraw 8 release 6.5 disarm 10 ceasefire 7.5 access 6.5 resign 4.5
REQUEST 0 assist 0.5 change -1 yield -1 meet 0
ACCUSE -3 disapprove -2 investigate -3.5 allege -3.5
REJECT -2 assist -1.5 change -2 yield -2 meet -2
THREATEN -3.5 restrict -3 arrest -3.5 relations -3.5 expel -3.5 territory -4 violence -3.5
PROTEST -5 demo -5 riot -7 strike -5 hunger -4.5 boycott -4.5 obstruct -4.5
SANCTION -6 convict -6 expel -5.5 withdraw -6 discontinue -6
MOBILIZE -5.5 troops -6.5 weapons -6.5 police -5.5 militia -6
COERCE -7 seize -7 restrict -7 censor -6.5 curfew -6.5 martial-law -7.5 arrest -7 deport -7 withhold -7
    misinformation -6.5 cyber -7
ASSAULT -9 abduct -8.5 beat -7.5 torture -8.5 sexual -8.5 targeted -9.5 destroy -8.5 primitive -8 firearms -9
    explosives -9 suicide-attack -9.5 aerial -9.5 drone -9.5 heavy-weapons -9.5 crowd-control -7.5 unconventional -10
"""

# The CAMEO root that cameo2plover gives a type, the first where it gives several.
ROOTS = {
    "AGREE": "03", "CONSULT": "04", "SUPPORT": "05", "COOPERATE": "06", "AID": "07", "CONCEDE": "08", "RETREAT": "08",
    "REQUEST": "10", "ACCUSE": "11", "REJECT": "12", "THREATEN": "13", "PROTEST": "14", "MOBILIZE": "15",
    "SANCTION": "16", "COERCE": "17", "ASSAULT": "18",
}  # fmt: skip
INVESTIGATES = "investigate"  # the mode of ACCUSE that is a root of its own, 09

_CONTEXTS = {"economic": Domain.ECONOMIC, "military": Domain.MILITARY, "cbrn": Domain.MILITARY}
_SANCTIONING = frozenset({"RETREAT", "THREATEN", "COERCE"})


@lru_cache(4096)  # contexts come in many combinations
def coded(type: str, mode: str, contexts: str) -> Coded:
    """What the three cells of an event say, whatever their case; BadValue where the type is none of PLOVER's."""
    kind, how = type.upper(), mode.casefold().replace("_", "-")
    if kind not in ROOTS:
        raise BadValue(f"no PLOVER event '{type[:20]}'")
    root = "09" if (kind, how) == ("ACCUSE", INVESTIGATES) else ROOTS[kind]
    about = [context.strip().casefold() for context in contexts.split(";")]
    name = kind.capitalize() + (f" ({how})" if how else "")
    return Coded(
        name=name,
        cameo=root,
        domain=next((_CONTEXTS[context] for context in about if context in _CONTEXTS), None) or cameo.domain(root),
        act=cameo.act(root),
        is_sanctions=_is_sanctions(kind, how, about),
        mirrored=name if kind == "CONSULT" else None,
        score=SCORES.get((kind, how), SCORES[kind, ""]),
    )


def _is_sanctions(kind: str, how: str, about: list[str]) -> bool:
    return kind in _SANCTIONING and how in ("ease", "restrict") and not {"diplomatic", "economic"}.isdisjoint(about)


def _scores() -> dict[tuple[str, str], float]:
    scores: dict[tuple[str, str], float] = {}
    kind = ""
    words = _PRINTED.split()
    for word, score in zip(words[::2], words[1::2], strict=True):
        kind = word if word.isupper() else kind
        scores[kind, "" if word.isupper() else word] = float(score)
    return scores


SCORES = _scores()
