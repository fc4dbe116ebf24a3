"""Files to be timed on, made by a seeded generator in the layouts that export and GDELT write."""

import csv
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from scrutiny.core.acts import ACTS
from scrutiny.core.exported import COLUMNS

SEED = 20260224
FIRST, DAYS = date(2005, 1, 1), 7300  # twenty years
LAST = FIRST + timedelta(days=DAYS - 1)
MATCHING = 0.02  # of GDELT's rows: those between the principal and an ally
ALLIES = ("china", "belarus", "iran", "syria")
TWELVE = (*ALLIES, *"north-korea india turkey serbia venezuela cuba nicaragua kazakhstan".split())
CODES = {"china": "CHN", "belarus": "BLR", "iran": "IRN", "syria": "SYR"}
OTHERS = (*("USA", "FRA", "DEU", "", "", "", "GBR", "UKR", "ISR", "TUR") * 2, "RUS")  # by themselves of no dyad
EVENTS = (("010", "0.0"), ("042", "1.9"), ("036", "4.0"), ("051", "3.4"), ("111", "-2.0"), ("190", "-10.0"))
WORDS = (
    "talks trade gas oil minister envoy pact drills statement Moscow Beijing Tehran visit signs delays bank payments "
    "export curbs tanker meets leader council vote draft resolution energy pipeline army arms summit border ports "
    "agree defence"
).split()
SYLLABLES = "ba den fo gri hal jo ka lem mi nor pas que ros sta tul var wen yo zi".split()
NAMES = 2000  # of persons and places, which are rarer than words
FREQUENT, RARE = "talks", "nickel"  # one says the word in a fifth of the signals, the other in one of ten thousand
PHRASES = 30_000  # four words each, of which a summary has three
CHUNK = 10_000  # rows that are made at once


class Entry(NamedTuple):
    """What any program that keeps entries can keep of a signal."""

    uid: str
    on: str
    ally: str
    act: str
    score: str
    summary: str


def own_csv(path: Path, rows: int, allies: Sequence[str] = ALLIES, seed: int = SEED) -> None:
    """Signals as export writes them, by date: twelve words a summary, a source each.

    As long as there are days enough no ally has two on one day; after that each has one on every day, and then more.
    """
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(",".join(COLUMNS) + "\n")
        made = _rows(rows, allies, random.Random(seed))  # noqa: S311  # reproducible, not secret
        while chunk := list(islice(made, CHUNK)):
            out.writelines(chunk)


def entries(path: Path) -> Iterator[Entry]:
    """The rows of such a file."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Entry(row["uid"], row["date"], row["ally"], row["act"], row["score"], row["summary"])


def _rows(rows: int, allies: Sequence[str], dice: random.Random) -> Iterator[str]:
    """The lines, of which all that is picked is picked for many at once."""
    phrases, acts = _phrases(dice), [f"{one.word},ally,{one.kind},{one.score}" for one in ACTS.values()]
    days = [(FIRST + timedelta(days=day)).isoformat() for day in range(DAYS)]
    ends = [f"{grade},desk,,,2026-01-05T09:30:00Z,bench\n" for grade in ("B2", "C3", "A1", "")]
    places = [f"{domain},{driver}" for domain in ("diplomatic", "economic", "military", "") for driver in _DRIVERS]
    slots, told = _slots(rows, len(allies), dice), phrases[0]  # the first summary says the rare word
    while some := list(islice(slots, CHUNK)):
        uids = dice.randbytes(16 * len(some)).hex()
        pages = dice.randbytes(5 * len(some)).hex()
        picked = (dice.choices(pool, k=len(some)) for pool in (acts, phrases, phrases, phrases, places, ends))
        for at, (slot, act, one, two, three, place, end) in enumerate(zip(some, *picked, strict=True)):
            day, ally = divmod(slot, len(allies))
            uid, page = uids[32 * at : 32 * at + 32], pages[10 * at : 10 * at + 10]
            source = f"https://news.example.org/{page[:5]}/{page[5:]}"
            said, told = f"{one[0].upper()}{one[1:]} {two} {told or three}", ""
            yield f"{uid},{days[day]},{allies[ally]},{act},{said},{place},{source},{end}"


_DRIVERS = ("war", "", "power-shift")


def _slots(rows: int, allies: int, dice: random.Random) -> Iterator[int]:
    """The days of each ally that get a signal, numbered by day, then ally, in order."""
    days = DAYS * allies
    if rows <= days:
        return iter(sorted(dice.sample(range(days), rows)))
    return (row * days // rows for row in range(rows))


def _phrases(dice: random.Random) -> list[str]:
    names = ["".join(dice.choices(SYLLABLES, k=3)) for _ in range(NAMES)]
    found = [" ".join([*dice.choices(WORDS, k=3), dice.choice(names)]) for _ in range(PHRASES)]
    found[0] += f" {RARE}"
    return found


def gdelt(path: Path, rows: int) -> None:
    """GDELT 2.0 events, some 400 bytes a row, of which one in fifty is of a dyad that is followed."""
    dice = random.Random(SEED)  # noqa: S311  # as above
    place = ["1", "Moscow, Moskva, Russia", "RS", "RS48", "", "55.7522", "37.6156", "-2960561"]
    with path.open("w", encoding="utf-8", newline="") as out:
        for number in range(rows):
            day = f"{FIRST + timedelta(days=number * DAYS // rows):%Y%m%d}"
            code, goldstein = dice.choice(EVENTS)
            sides = [dice.choice(OTHERS), dice.choice(OTHERS)]
            if dice.random() < MATCHING:
                sides = ["RUS", CODES[dice.choice(ALLIES)]]
                dice.shuffle(sides)
            named = [[side and f"{side}GOV", f"NAME {side}", side, *[""] * 7] for side in sides]
            event = ["1", code, code, code[:2], "1", goldstein, str(dice.randrange(1, 40)), "1", "4", "-1.76470588"]
            url = f"https://news.example.org/world/{day}/a-story-of-some-length-{dice.randrange(10**9)}"
            cells = [str(4 * 10**8 + number), day, day[:6], day[:4], f"{day[:4]}.1479", *named[0], *named[1], *event]
            out.write("\t".join([*cells, *place, *place, *place, f"{day}120000", url]) + "\n")
