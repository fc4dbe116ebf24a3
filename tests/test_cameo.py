"""CAMEO and PLOVER: what a code says of an event."""

import csv
from pathlib import Path

import pytest

from scrutiny.core.acts import ACTS, Kind
from scrutiny.core.signals import Domain
from scrutiny.errors import BadValue
from scrutiny.feeds import plover
from scrutiny.feeds.cameo import SANCTIONS, Coded, coded

TABLES = Path(__file__).parents[2] / "shared" / "data" / "tables"
WITH_TABLES = pytest.mark.skipif(not TABLES.is_dir(), reason="the published tables are not beside the checkout")
DIPLOMATIC, MILITARY, ECONOMIC = Domain.DIPLOMATIC, Domain.MILITARY, Domain.ECONOMIC


@pytest.mark.parametrize(
    ("code", "name", "domain"),
    [
        ("042", "Make a visit", DIPLOMATIC),
        ("044", "Meet at a 'third' location", DIPLOMATIC),
        ("061", "Cooperate economically", ECONOMIC),
        ("062", "Cooperate militarily", MILITARY),
        ("071", "Provide economic aid", ECONOMIC),
        ("073", "Provide humanitarian aid", DIPLOMATIC),
        ("0211", "Appeal for economic cooperation", ECONOMIC),
        ("0312", "Express intent to cooperate militarily", MILITARY),
        ("0313", "Express intent to cooperate on judicial matters", DIPLOMATIC),
        ("1244", "Refuse to ease economic sanctions, boycott, or embargo", ECONOMIC),
        ("154", "Mobilize or increase armed forces", MILITARY),
        ("162", "Reduce or stop material aid", DIPLOMATIC),
        ("1621", "Reduce or stop economic assistance", ECONOMIC),
        ("1622", "Reduce or stop military assistance", MILITARY),
        ("1711", "Confiscate property", DIPLOMATIC),
        ("193", "Fight with small arms and light weapons", MILITARY),
        ("20", "Use unconventional mass violence", MILITARY),
    ],
)
def test_a_code_has_a_name_and_a_domain(code: str, name: str, domain: Domain) -> None:
    assert (coded(code).name, coded(code).domain, coded(code).cameo) == (name, domain, code)


@pytest.mark.parametrize(
    ("code", "name"), [("1214", "Reject material cooperation"), ("176", "Coerce"), ("1951", "Employ aerial weapons")]
)
def test_a_newer_code_is_named_by_what_it_belongs_to(code: str, name: str) -> None:
    assert (coded(code).name, coded(code).cameo) == (name, code)


@pytest.mark.parametrize("code", ["", "0", "00", "21", "999", "---", "X", "04200", "٠٤٢", "04 ", "4"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(BadValue, match="no CAMEO code"):
        coded(code)


@pytest.mark.parametrize("code", sorted(SANCTIONS))
@pytest.mark.parametrize("score", [5.0, -5.0])
def test_sanctions_are_of_their_kind_whatever_the_sign(code: str, score: float) -> None:
    assert coded(code).kind(score) is Kind.SANCTIONS


@pytest.mark.parametrize("code", ["042", "160", "172", "1311", "081"])
def test_anything_else_goes_by_the_sign(code: str) -> None:
    assert (coded(code).kind(0.4), coded(code).kind(-0.4)) == (Kind.SUPPORT, Kind.DISTANCING)


@pytest.mark.parametrize(
    ("code", "word"),
    [
        *((code, act.word) for act in ACTS.values() for code in act.cameo.split(", ") if "*" not in code),
        ("030", "pledge"),
        ("120", "reject"),
        *((code, None) for code in "010 016 031 0311 040 050 085 110 1121 1211 150 1621 190".split()),
    ],
)
def test_an_act_is_said_where_the_vocabulary_names_the_code_without_a_star(code: str, word: str | None) -> None:
    score = ACTS[word].score if word else coded(code).score or 1.0
    assert coded(code).word(score) == word


@pytest.mark.parametrize(("code", "score"), [("042", -1.9), ("112", 2.0), ("163", 8.0)])
def test_an_act_that_does_not_fit_the_score_is_not_said(code: str, score: float) -> None:
    assert coded(code).word(score) is None


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("042", "Host a visit"),
        ("043", "Make a visit"),
        ("040", "Consult"),
        ("041", "Discuss by telephone"),
        ("044", "Meet at a 'third' location"),
        ("045", "Mediate"),
        ("046", "Engage in negotiation"),
        ("051", None),
        ("057", None),
    ],
)
def test_visits_and_consultations_are_reported_of_both_sides(code: str, other: str | None) -> None:
    assert coded(code).mirrored == other


@WITH_TABLES
def test_the_codes_are_the_published_ones() -> None:
    with (TABLES / "goldstein_mappings.csv").open(encoding="utf-8", newline="") as file:
        published = {row["code"]: row for row in csv.DictReader(file)}
    assert len(published) == 312
    for code, row in published.items():
        assert (coded(code).name.casefold(), coded(code).score) == (row["name"].casefold(), float(row["goldstein"]))


# -- PLOVER


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            ("CONSULT", "visit", "diplomatic"),
            Coded("Consult (visit)", "04", DIPLOMATIC, mirrored="Consult (visit)", score=4),
        ),
        (("consult", "", ""), Coded("Consult", "04", DIPLOMATIC, mirrored="Consult", score=2.5)),
        (("AGREE", "", "executive; economic"), Coded("Agree", "03", ECONOMIC, ACTS["pledge"], score=2.5)),
        (("REJECT", "Assist", "military"), Coded("Reject (assist)", "12", MILITARY, ACTS["reject"], score=-1.5)),
        (("ACCUSE", "", ""), Coded("Accuse", "11", DIPLOMATIC, score=-3)),
        (("ACCUSE", "investigate", "crime"), Coded("Accuse (investigate)", "09", DIPLOMATIC, score=-3.5)),
        (("REQUEST", "meet", ""), Coded("Request (meet)", "10", DIPLOMATIC, score=0)),
        (("MOBILIZE", "troops", ""), Coded("Mobilize (troops)", "15", MILITARY, score=-6.5)),
        (("ASSAULT", "Heavy_Weapons", "territory"), Coded("Assault (heavy-weapons)", "18", MILITARY, score=-9.5)),
        (("COERCE", "unheard-of", ""), Coded("Coerce (unheard-of)", "17", DIPLOMATIC, score=-7)),
    ],
)  # fmt: skip
def test_an_event_is_read_from_its_type_mode_and_contexts(cells: tuple[str, str, str], said: Coded) -> None:
    assert plover.coded(*cells) == said


@pytest.mark.parametrize(
    ("type", "mode", "contexts", "is_sanctions"),
    [
        ("COERCE", "restrict", "diplomatic", True),
        ("THREATEN", "restrict", "military;economic", True),
        ("RETREAT", "ease", "economic", True),
        ("COERCE", "restrict", "military", False),
        ("COERCE", "seize", "economic", False),
        ("SANCTION", "expel", "diplomatic", False),
        ("ASSAULT", "restrict", "economic", False),
        ("RETREAT", "ease", "", False),
    ],
)
def test_plover_sanctions_are_eased_or_restricted_in_diplomacy_or_trade(
    type: str, mode: str, contexts: str, is_sanctions: bool
) -> None:
    assert plover.coded(type, mode, contexts).is_sanctions is is_sanctions


@pytest.mark.parametrize("type", ["", "None", "VISIT", "04"])
def test_what_is_no_plover_event_is_refused(type: str) -> None:
    with pytest.raises(BadValue, match="no PLOVER event"):
        plover.coded(type, "", "")


@WITH_TABLES
def test_plover_s_scores_are_the_published_ones() -> None:
    with (TABLES / "plover_scores.csv").open(encoding="utf-8", newline="") as file:
        published = {(row["category"], row["mode"].casefold()): float(row["score"]) for row in csv.DictReader(file)}
    assert published.pop(("ACCUSE", "")) == 3  # printed so, and meant -3
    assert published | {("ACCUSE", ""): -3} == plover.SCORES


@WITH_TABLES
def test_plover_s_roots_are_the_published_ones() -> None:
    roots: dict[str, list[str]] = {}
    with (TABLES / "cameo2plover.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if len(row["cameo"]) == 2:
                roots.setdefault(row["plover_event"], []).append(row["cameo"])
    assert roots.pop("ACCUSE") == ["09", plover.ROOTS["ACCUSE"]]
    assert {event: found[0] for event, found in roots.items()} | {"ACCUSE": "11"} == plover.ROOTS
