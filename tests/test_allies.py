"""Allies, states and the principal: finding one by what people call it."""

from typing import Any

import pycountry
import pytest

from scrutiny.core.allies import RUSSIA, SEEDS, Ally, Newcomers, Principal, Roster
from scrutiny.core.names import key
from scrutiny.core.states import COMMON, State, find_state, state_names
from scrutiny.errors import BadValue, ScrutinyError, Unknown

COUNTRIES: list[Any] = list(pycountry.countries)
EVERY_COUNTRY = pytest.mark.parametrize("country", COUNTRIES, ids=[country.alpha_3 for country in COUNTRIES])
NORTH_KOREA = Ally(slug="north-korea", name="North Korea", code="PRK", aliases=("DPRK",))
ROSTER = Roster(RUSSIA, (*SEEDS, NORTH_KOREA))


def states() -> list[State]:
    """Every state, as found by the name shown."""
    found = [find_state(name) for name in state_names()]
    return [state for state in found if state is not None]


# States


@EVERY_COUNTRY
def test_every_state_is_found_by_its_codes_and_names(country: Any) -> None:
    names = {getattr(country, of, country.name) for of in ("name", "common_name", "official_name")}
    for text in (country.alpha_3, country.alpha_2, *(name for name in names if "," not in name)):
        for written in (text, text.upper(), text.lower(), f"the {text.removeprefix('the ')}"):
            state = find_state(written)
            assert state is not None, written
            assert state.code == country.alpha_3, written


def test_there_is_a_state_for_every_code_and_its_shown_name_finds_it() -> None:
    assert [state.name for state in states()] == state_names()
    assert [state.code for state in states()] == [country.alpha_3 for country in COUNTRIES]


def test_no_two_states_share_anything_that_finds_them() -> None:
    owners: dict[str, set[str]] = {}
    for state in states():
        for name in (state.name, state.code, state.slug, *state.aliases):
            owners.setdefault(key(name), set()).add(state.code)
    assert {name: codes for name, codes in owners.items() if len(codes) > 1} == {}


def test_every_common_name_belongs_to_a_state() -> None:
    for code, names in COMMON.items():
        assert names[0] in state_names()
        assert {found.code for name in names if (found := find_state(name))} == {code}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DPRK", "PRK"),
        ("PRK", "PRK"),
        ("kp", "PRK"),
        ("north korea", "PRK"),
        ("North-Korea", "PRK"),
        ("Democratic People’s Republic of Korea", "PRK"),
        ("South Korea", "KOR"),
        ("ROK", "KOR"),
        ("Turkey", "TUR"),
        ("Türkiye", "TUR"),
        ("TURKIYE", "TUR"),
        ("Republic of Türkiye", "TUR"),
        ("UK", "GBR"),
        ("u.k.", "GBR"),
        ("Great Britain", "GBR"),
        ("USA", "USA"),
        ("U.S.", "USA"),
        ("America", "USA"),
        ("the United States", "USA"),
        ("the Netherlands", "NLD"),
        ("The Gambia", "GMB"),
        ("Côte d'Ivoire", "CIV"),
        ("cote d’ivoire", "CIV"),
        ("Viet Nam", "VNM"),
        ("vietnam", "VNM"),
        ("Czech Republic", "CZE"),
        ("Burma", "MMR"),
        ("Congo", "COG"),
        ("DRC", "COD"),
        ("Niger", "NER"),
        ("Nigeria", "NGA"),
        ("Dominica", "DMA"),
        ("Guinea", "GIN"),
        ("Bolivia", "BOL"),
        ("Venezuela", "VEN"),
        ("Palestine", "PSE"),
        ("Taiwan", "TWN"),
        ("Russian Federation", "RUS"),
        ("Syrian Arab Republic", "SYR"),
        ("PRC", "CHN"),
    ],
)
def test_a_state_is_found_by_what_people_call_it(text: str, code: str) -> None:
    state = find_state(text)
    assert state is not None
    assert state.code == code


@pytest.mark.parametrize("text", ["", "?", "the", "Korea", "Wagner", "Abkhazia", "XYZ", "Soviet Union"])
def test_what_is_no_state_finds_none(text: str) -> None:
    assert find_state(text) is None


# Finding an ally


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("china", "china"),
        ("CHINA", "china"),
        ("chn", "china"),
        ("PRC", "china"),
        ("the People's Republic of China", "china"),
        ("peoples republic of china", "china"),
        ("by", "belarus"),
        ("Persia", "iran"),
        ("SYR", "syria"),
        ("syrian arab republic", "syria"),
        ("north-korea", "north-korea"),
        ("North Korea", "north-korea"),
        ("NORTH KOREA", "north-korea"),
        ("prk", "north-korea"),
        ("dprk", "north-korea"),
    ],
)
def test_an_ally_is_found_by_slug_name_code_or_alias_in_any_case(text: str, slug: str) -> None:
    found = ROSTER.find(text)
    assert found is not None
    assert found.slug == slug
    assert ROSTER.ally(text) is ROSTER.ally_or_state(text) is found


def test_a_state_becomes_an_ally_with_its_names() -> None:
    turkey = ROSTER.ally_or_state("türkiye")
    assert (turkey.slug, turkey.name, turkey.code) == ("turkey", "Turkey", "TUR")
    assert {"Turkiye", "TR", "Republic of Türkiye"} <= set(turkey.aliases)
    assert ROSTER.find("turkey") is None


def test_every_state_but_the_principal_can_be_an_ally_beside_all_others() -> None:
    newcomers = Newcomers(Roster(RUSSIA, SEEDS))
    followed = [newcomers(name) for name in state_names() if name != "Russia"]
    everyone = Roster(RUSSIA, tuple(followed))
    assert len({ally.slug for ally in followed}) == len(followed) == len(COUNTRIES) - 1
    for ally in followed:
        assert all(everyone.find(name) is ally for name in (ally.slug, ally.name, ally.code or "", *ally.aliases))


def test_an_alias_that_another_ally_has_is_left_to_it() -> None:
    free_army = Ally(slug="dprk", name="Donetsk People's Republic and the K battalion")
    north_korea = Roster(RUSSIA, (free_army,)).ally_or_state("PRK")
    assert north_korea.code == "PRK"
    assert "DPRK" not in north_korea.aliases


@pytest.mark.parametrize("text", ["?", "--", ""])
def test_what_has_no_letter_finds_no_ally(text: str) -> None:
    assert ROSTER.find(text) is None


@pytest.mark.parametrize("name", ["!!!", "…", "--"])
def test_a_name_without_a_letter_is_refused_as_an_alias_is(name: str) -> None:
    with pytest.raises(BadValue):
        Ally(slug="a", name="A", aliases=(name,))
    with pytest.raises(BadValue):
        Ally(slug="nameless", name=name)


# Refusals


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("Chna", "no ally 'Chna'; near: China", "to follow an actor that is no state: scrutiny ally add Chna"),
        ("iram", "no ally 'iram'; near: Iran", "to follow an actor that is no state: scrutiny ally add iram"),
        (
            "north",
            "no ally 'north'; near: North Korea",
            "to follow an actor that is no state: scrutiny ally add north",
        ),
        ("Brazil", "no ally 'Brazil' yet", "its first signal adds it: scrutiny log brazil ACT SUMMARY"),
        ("Wagner", "no ally 'Wagner'", "to follow an actor that is no state: scrutiny ally add Wagner"),
        (
            "Вагнер",
            "no ally 'Вагнер'",
            "to follow an actor that is no state: scrutiny ally add 'Вагнер' --slug a-name-in-ascii",
        ),
    ],
)
def test_an_unknown_ally_is_refused_with_the_nearest_known(text: str, message: str, hint: str) -> None:
    with pytest.raises(Unknown) as refused:
        ROSTER.ally(text)
    assert (refused.value.message, refused.value.hint, refused.value.exit_code) == (message, hint, 3)


@pytest.mark.parametrize(
    ("text", "near"), [("Kazakstan", "Kazakhstan"), ("uzbek", "Uzbekistan"), ("Chna", "China"), ("Germny", "Germany")]
)
def test_what_is_no_ally_and_no_state_is_refused_with_the_nearest_of_both(text: str, near: str) -> None:
    with pytest.raises(Unknown) as refused:
        ROSTER.ally_or_state(text)
    assert refused.value.message.split("; near: ")[0] == f"no ally '{text}'"
    assert near in refused.value.message.split("; near: ")[1].split(", ")


@pytest.mark.parametrize("text", ["Russia", "RUS", "ru", "russian federation", "The Russian Federation"])
def test_the_principal_is_no_ally(text: str) -> None:
    for refuse in (ROSTER.ally, ROSTER.ally_or_state, Newcomers(ROSTER, add_all=True)):
        with pytest.raises(BadValue) as refused:
            refuse(text)
        assert refused.value.message == "Russia is the principal, and no ally of itself"


def test_with_another_principal_russia_may_be_an_ally() -> None:
    roster = Roster(Principal.read("America"))
    assert roster.principal == Principal("United States", "USA")
    assert roster.ally_or_state("RUS").name == "Russia"
    with pytest.raises(BadValue, match="United States is the principal, and no ally of itself"):
        roster.ally_or_state("usa")


def test_a_principal_is_a_state() -> None:
    assert Principal.read("russian federation") == RUSSIA
    with pytest.raises(Unknown, match=r"no state 'Rusia'; near: .*Russia") as refused:
        Principal.read("Rusia")
    assert refused.value.hint == "the principal is a state of ISO 3166"


@pytest.mark.parametrize(
    ("ally", "said"),
    [
        (Ally(slug="china", name="Cathay"), "the slug 'china' already finds China"),
        (Ally(slug="cathay", name="The CHINA"), "the name 'The CHINA' already finds China"),
        (Ally(slug="cathay", name="Cathay", code="CHN"), "the code 'CHN' already finds China"),
        (Ally(slug="cathay", name="Cathay", aliases=("prc",)), "the alias 'prc' already finds China"),
        (Ally(slug="cathay", name="Cathay", aliases=("DPRK",)), "the alias 'DPRK' already finds North Korea"),
        (Ally(slug="moscow", name="Russia"), "the name 'Russia' is the principal's, which is no ally of itself"),
        (
            Ally(slug="moscow", name="Moscow", aliases=("rus",)),
            "the alias 'rus' is the principal's, which is no ally of itself",
        ),
    ],
)
def test_what_already_finds_another_is_refused(ally: Ally, said: str) -> None:
    with pytest.raises(ScrutinyError) as refused:
        ROSTER.checked(ally)
    assert refused.value.message == said


def test_an_ally_may_keep_its_own_names() -> None:
    renamed = Ally(slug="north-korea", name="DPRK", code="PRK", aliases=("North Korea",))
    assert ROSTER.checked(renamed, instead_of=NORTH_KOREA) is renamed
    with pytest.raises(ScrutinyError, match="already finds North Korea"):
        ROSTER.checked(renamed)


# The parts of an ally


@pytest.mark.parametrize("slug", ["", "North", "north_korea", "-a", "a-", "a--b", "é", "a b", "x" * 61])
def test_a_slug_of_another_form_is_refused(slug: str) -> None:
    with pytest.raises(BadValue, match=f"no slug '{slug}'"):
        Ally(slug=slug, name="North Korea")


@pytest.mark.parametrize("code", ["", "prk", "PR", "PRKK", "P1K", "ÄBC"])
def test_a_code_of_another_form_is_refused(code: str) -> None:
    with pytest.raises(BadValue, match=f"no code '{code}'"):
        Ally(slug="a", name="A", code=code)


@pytest.mark.parametrize("stake", [0.0, -1.0, 1000.5, float("nan"), float("inf")])
def test_a_stake_off_its_range_is_refused(stake: float) -> None:
    with pytest.raises(BadValue, match="no stake"):
        Ally(slug="a", name="A", stake=stake)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"name": ""}, "the name is empty"),
        ({"name": "a\nb"}, "the name holds the control character U+000A"),
        ({"name": "x" * 201}, "the name has 201 characters; at most 200 are kept"),
        ({"name": "A", "aliases": ("",)}, "the alias is empty"),
        ({"name": "A", "aliases": ("B", "?!")}, "the alias '?!' has no letter"),
        ({"name": "A", "line": " "}, "the line is empty"),
        ({"name": "A", "line": "a\x1bb"}, "the line holds the control character U+001B"),
    ],
)
def test_a_part_that_breaks_a_rule_is_refused(parts: dict[str, Any], said: str) -> None:
    with pytest.raises(BadValue) as refused:
        Ally(slug="a", **parts)
    assert refused.value.message == said


def test_parts_at_their_limits_stand() -> None:
    ally = Ally(slug="x" * 60, name="y" * 200, code="ABC", stake=1000.0)
    assert (ally.stake, ally.line, ally.aliases) == (1000.0, "", ())
    assert Ally(slug="a-1-b", name="A", stake=0.01).stake == 0.01


def test_a_new_ledger_of_russia_knows_its_four_allies() -> None:
    assert [(ally.slug, ally.name, ally.code) for ally in SEEDS] == [
        ("china", "China", "CHN"),
        ("belarus", "Belarus", "BLR"),
        ("iran", "Iran", "IRN"),
        ("syria", "Syria", "SYR"),
    ]
    assert all(ally.line for ally in SEEDS)
    assert all(find_state(name) is find_state(ally.name) for ally in SEEDS for name in ally.aliases)


# Newcomers


def test_a_known_ally_is_no_newcomer() -> None:
    newcomers = Newcomers(ROSTER)
    assert newcomers("PRC") is ROSTER.find("china")
    assert newcomers.allies == {}


def test_a_state_under_two_names_is_one_newcomer() -> None:
    newcomers = Newcomers(ROSTER)
    assert newcomers("Turkey") is newcomers("Türkiye") is newcomers("TUR") is newcomers("Turkey")
    assert list(newcomers.allies) == ["turkey"]


def test_an_actor_that_is_no_state_is_a_newcomer_only_where_all_are_added() -> None:
    strict, open_ = Newcomers(ROSTER), Newcomers(ROSTER, add_all=True)
    with pytest.raises(Unknown, match="no ally 'Wagner Group'"):
        strict("Wagner Group")
    assert strict.allies == {}
    assert open_("Wagner Group") == Ally(slug="wagner-group", name="Wagner Group")
    assert open_("wagner group") is open_("Wagner Group")
    assert list(open_.allies) == ["wagner-group"]


@pytest.mark.parametrize("text", ["Вагнер", "?!", "a\x1bb"])
def test_a_name_that_makes_no_ally_is_refused_even_where_all_are_added(text: str) -> None:
    newcomers = Newcomers(ROSTER, add_all=True)
    with pytest.raises(BadValue):
        newcomers(text)
    assert newcomers.allies == {}
