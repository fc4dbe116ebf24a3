"""The states of ISO 3166, under the names that people write."""

from dataclasses import dataclass
from functools import cache

from scrutiny.core.names import key, slugify

# What ISO 3166 calls otherwise, or people call more shortly: the first name is the one shown.
COMMON = {
    "ARE": ("United Arab Emirates", "UAE", "Emirates"),
    "BES": ("Bonaire", "Bonaire Sint Eustatius and Saba"),
    "BIH": ("Bosnia and Herzegovina", "Bosnia"),
    "BLR": ("Belarus", "Byelorussia"),
    "BRN": ("Brunei",),
    "CAF": ("Central African Republic", "CAR"),
    "CHN": ("China", "PRC", "People's Republic of China"),
    "CIV": ("Ivory Coast", "Cote d'Ivoire"),
    "COD": ("DR Congo", "DRC", "Democratic Republic of the Congo", "Congo-Kinshasa"),
    "COG": ("Congo", "Republic of the Congo", "Congo-Brazzaville"),
    "CPV": ("Cape Verde", "Cabo Verde"),
    "CZE": ("Czechia", "Czech Republic"),
    "FLK": ("Falkland Islands", "Falklands", "Malvinas"),
    "FSM": ("Micronesia",),
    "GBR": ("United Kingdom", "UK", "Britain", "Great Britain"),
    "IRN": ("Iran", "Persia", "Islamic Republic"),
    "KOR": ("South Korea", "ROK", "Republic of Korea"),
    "LAO": ("Laos", "Lao PDR"),
    "MDA": ("Moldova",),
    "MKD": ("North Macedonia", "Macedonia"),
    "MMR": ("Myanmar", "Burma"),
    "PRK": ("North Korea", "DPRK"),
    "PSE": ("Palestine",),
    "RUS": ("Russia",),
    "SHN": ("Saint Helena",),
    "SWZ": ("Eswatini", "Swaziland"),
    "SYR": ("Syria",),
    "TLS": ("East Timor", "Timor-Leste"),
    "TUR": ("Turkey", "Turkiye"),
    "TWN": ("Taiwan",),
    "TZA": ("Tanzania",),
    "USA": ("United States", "US", "America"),
    "VAT": ("Vatican", "Holy See", "Vatican City"),
    "VEN": ("Venezuela",),
    "VGB": ("British Virgin Islands",),
    "VIR": ("US Virgin Islands",),
    "VNM": ("Vietnam",),
}


@dataclass(frozen=True, slots=True)
class State:
    """A state of ISO 3166: the name shown, its alpha-3 code, and other names that find it."""

    name: str
    code: str
    aliases: tuple[str, ...]
    listed: str  # as ISO 3166 lists it: Iran, Islamic Republic of

    @property
    def slug(self) -> str:
        """The name as a slug."""
        return slugify(self.name)


def find_state(text: str) -> State | None:
    """The state of that name, alpha-3 or alpha-2 code or alias, in any case; None where there is none."""
    return _by_key().get(key(text))


def state_names() -> list[str]:
    """The names shown, of every state."""
    return [state.name for state in _states()]


@cache
def _states() -> tuple[State, ...]:
    import pycountry  # 50 ms, needed only for a name that the ledger does not know

    states = []
    for country in pycountry.countries:
        shown, *others = COMMON.get(country.alpha_3, (getattr(country, "common_name", country.name),))
        official = getattr(country, "official_name", country.name)
        names = dict.fromkeys([*others, country.name, official, country.alpha_2])
        aliases = tuple(name for name in names if name != shown and "," not in name)
        states.append(State(shown, country.alpha_3, aliases, country.name))
    return tuple(states)


@cache
def _by_key() -> dict[str, State]:
    """Names before codes: what is one state's name is never another's."""
    found: dict[str, State] = {}
    for state in _states():
        for name in (state.name, state.code, *state.aliases, state.listed):
            found.setdefault(key(name), state)
    return found
