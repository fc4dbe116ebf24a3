"""The coding vocabulary: the word after the ally names the act, and the act fixes kind and score."""

from dataclasses import dataclass
from enum import StrEnum

from scrutiny.core.near import nearest, said_near
from scrutiny.errors import BadValue

KIND_RULE = (
    "sanctions is somebody's sanctions measure or its direct result; "
    "an ally's own free choice is support or distancing."
)


class Kind(StrEnum):
    """What an act does: it supports, it distances, or it belongs to sanctions."""

    SUPPORT = "support"
    DISTANCING = "distancing"
    SANCTIONS = "sanctions"

    @property
    def sign(self) -> int:
        """+1 or -1 where the kind fixes the score's sign, 0 where either sign may stand."""
        return {Kind.SUPPORT: 1, Kind.DISTANCING: -1, Kind.SANCTIONS: 0}[self]

    @property
    def default(self) -> float:
        """The score of a signal logged by its bare kind."""
        return DEFAULTS[self]


DEFAULTS = {
    Kind.SUPPORT: 3.5,  # CAMEO 05, engage in diplomatic cooperation
    Kind.DISTANCING: -2.0,  # CAMEO 11, disapprove
    Kind.SANCTIONS: -2.0,  # our own convention: as a tariff
}


@dataclass(frozen=True, slots=True)
class Act:
    """One word of the vocabulary; `near` are words people try first, which suggest it and never stand for it."""

    word: str
    kind: Kind
    score: float
    cameo: str  # * marks our own convention where CAMEO has no code that fits
    means: str
    example: str
    near: str = ""

    @property
    def root(self) -> str | None:
        """The two digits of its CAMEO root; None where CAMEO has no code."""
        return self.cameo[:2] if self.cameo[0].isdigit() else None


_S, _D, _X = Kind.SUPPORT, Kind.DISTANCING, Kind.SANCTIONS
_TABLE = (
    Act("call", _S, 1.0, "041", "a call or consultation, nothing more",
        "Xi and Putin speak by telephone", "phone telephone talk talks speaks consult consults"),
    Act("visit", _S, 2.8, "042, 043, 044", "a visit or meeting at leaders' or ministers' level",
        "Foreign ministers meet in Moscow", "meet meets meeting met summit travel hosts trip talks"),
    Act("praise", _S, 3.4, "051, 019", "praises, endorses, expresses accord",
        "Kim praises the Russian army", "endorse endorses applaud congratulate hail thanks accord"),
    Act("defend", _S, 3.5, "052", "defends the principal in words; votes with it",
        "Belarus votes against a resolution deploring the invasion", "vote votes voted back backs justify"),
    Act("rally", _S, 3.8, "053", "rallies others, sponsors a text for it",
        "Syria sponsors a draft resolution for Moscow", "sponsor sponsors lobby gather"),
    Act("pledge", _S, 4.5, "03, 032", "promises to cooperate; a target or a plain memorandum",
        "Iran and Russia set a target for trade", "promise promises memorandum plan intend target vow"),
    Act("broker", _S, 5.0, "045", "mediates for it",
        "China offers a peace plan that suits Moscow", "mediate mediates mediation negotiate"),
    Act("veto", _S, 5.0, "053*", "vetoes or carries a text for it",
        "China vetoes a draft with Russia", "block blocks vetoes"),
    Act("joint", _S, 5.0, "05*", "joint statement or declaration",
        "Joint statement on a multipolar world", "statement declaration declare communique summit meets"),
    Act("recognise", _S, 6.0, "054", "recognises a claim or an entity for it",
        "Syria recognises Donetsk and Luhansk", "recognize recognizes recognition acknowledge"),
    Act("deal", _S, 6.4, "061", "economic cooperation, signed and binding or under way",
        "A gas contract for thirty years is signed", "contract agreement trade buy buys sell supply import pipeline"),
    Act("share", _S, 7.0, "064", "shares intelligence or technology",
        "Russia passes satellite technology", "intelligence technology transfer"),
    Act("forces", _S, 7.4, "062", "joint forces, drills, basing, deployment",
        "Joint drills on nuclear weapons begin", "drill drills exercise exercises base basing deploy deployment"),
    Act("treaty", _S, 8.0, "057", "signs a treaty or formal agreement",
        "A strategic partnership treaty is signed", "pact partnership agreement alliance accord"),
    Act("arms", _S, 8.3, "072", "arms, ammunition, troops, territory for the fighting",
        "Shells and rockets are shipped to Russia", "weapons ammunition troops drones missiles shells soldiers"),
    Act("abstain", _D, -1.0, "*", "abstains against its wish",
        "China abstains on a resolution deploring the invasion", "abstention abstains abstained vote votes"),
    Act("deny", _D, -1.0, "016*", "denies helping, keeps distance in words",
        "Tehran denies that it sent drones", "denies denied denial"),
    Act("concern", _D, -1.5, "*", "voices concern or reservation, politely or without naming the principal",
        "Modi says that this is not an era of war", "worry worries doubt reservation questions"),
    Act("criticise", _D, -2.0, "111, 112", "criticises, accuses, refuses to recognise",
        "Iran calls a demand of Moscow not constructive", "criticize criticizes accuse accuses blame blames"),
    Act("condemn", _D, -2.5, "111*", "condemns outright",
        "A minister condemns the strike on a ship", "denounce denounces condemns outrage"),
    Act("summon", _D, -2.5, "111*", "summons the envoy, protests formally",
        "Tehran summons the Russian envoy over the islands", "protest protests envoy ambassador"),
    Act("curb", _D, -2.5, "162*", "curbs exports, drills, cooperation",
        "China curbs exports of drone parts", "limit limits restrict reduce cut cuts export"),
    Act("turn", _D, -3.0, "*", "restores or opens ties with an opponent",
        "Damascus restores relations with Ukraine", "restore reopen shift pivot west"),
    Act("reject", _D, -4.0, "12, 121", "rejects a request or a plan; votes against it",
        "Kazakhstan refuses to send troops", "refuse refuses decline declines vote"),
    Act("suspend", _D, -4.0, "160", "suspends, or plans to end, deliveries, a contract or aid",
        "A refinery puts its orders on hold", "pause pauses freeze postpone delay"),
    Act("cancel", _D, -5.0, "162", "cancels a contract, ends trade or aid",
        "A port contract with a Russian firm is cancelled", "end ends scrap terminate drop withdraw"),
    Act("rupture", _D, -7.0, "166",
        "breaks relations, expels, closes a base; the partner government falls (actor: third)",
        "The base is closed and its garrison leaves", "break breaks expel expels sever close"),
    Act("listed", _X, -1.5, "*", "the ally, its firms or persons are listed, or its trade curbed, for helping",
        "The EU lists three Chinese firms", "blacklist designate designated entity sanction sanctioned"),
    Act("tariff", _X, -2.0, "*", "a tariff or penalty on the ally for helping",
        "The US adds a tariff for buying Russian oil", "duty duties penalty fine levy"),
    Act("relief", _X, -3.0, "085*", "relief offered to the ally for turning away",
        "Washington eases its sanctions on Minsk for a release", "ease eases lift lifts waive exemption"),
    Act("channel", _X, -3.5, "*", "a payment or settlement channel lost or refused",
        "Chinese banks refuse Russian payments", "bank banks payment payments settlement card"),
    Act("halt", _X, -4.5, "*", "purchases, shipments or investment stopped for fear of sanctions",
        "Oil majors pause purchases of seaborne crude", "stop stops purchase purchases shipment pause"),
    Act("impose", _X, -8.0, "163", "the ally itself sanctions the principal",
        "The ally adopts sanctions against Russia", "sanction sanctions embargo adopt"),
    Act("counter", _X, 1.5, "*", "the ally hits back at a third party for measures taken over its help",
        "Beijing lists two EU banks in return", "retaliate retaliates retaliation countermeasure"),
    Act("reroute", _X, 2.0, "*", "trade rerouted, a waiver that lets it go on",
        "A waiver lets India buy crude at sea", "waiver transit divert bypass"),
    Act("workaround", _X, 3.0, "*", "a common way around sanctions built or extended",
        "Iran and Russia link their bank cards", "evade evasion evades bypass circumvent mir"),
)  # fmt: skip

ACTS: dict[str, Act] = {act.word: act for act in _TABLE}


def find_act(word: str) -> Act:
    """The act of that word, in any case; BadValue names the nearest ones."""
    if act := ACTS.get(word) or ACTS.get(word.casefold()):
        return act
    raise BadValue(f"no act '{word}'{said_near(near_acts(word))}", "see the whole vocabulary with: scrutiny acts")


def near_acts(word: str) -> list[str]:
    """Up to three acts that a person who typed this word may have meant."""
    low = word.casefold()
    meant = [act.word for act in _TABLE if low in act.near.split()]
    return list(dict.fromkeys([*meant, *nearest(low, ACTS)]))[:3]
