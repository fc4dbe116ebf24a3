"""Files to be timed on, made by a seeded generator in the layouts that export and GDELT write."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

from scrutiny.core.acts import ACTS
from scrutiny.core.exported import COLUMNS

SEED = 20260224
FIRST, DAYS = date(2005, 1, 1), 7300  # twenty years
MATCHING = 0.02  # of GDELT's rows: those between the principal and an ally
ALLIES = ("china", "belarus", "iran", "syria")
CODES = {"china": "CHN", "belarus": "BLR", "iran": "IRN", "syria": "SYR"}
OTHERS = (*("USA", "FRA", "DEU", "", "", "", "GBR", "UKR", "ISR", "TUR") * 2, "RUS")  # by themselves of no dyad
EVENTS = (("010", "0.0"), ("042", "1.9"), ("036", "4.0"), ("051", "3.4"), ("111", "-2.0"), ("190", "-10.0"))
WORDS = (
    "talks trade gas oil minister envoy pact drills statement Moscow Beijing Tehran visit signs delays bank payments "
    "export curbs tanker meets leader council vote draft resolution energy pipeline army arms summit border ports "
    "agree defence"
).split()


def own_csv(path: Path, rows: int) -> None:
    """Signals as export writes them, by date: one in four of each ally, twelve words a summary, a source each."""
    dice = random.Random(SEED)  # noqa: S311  # reproducible, not secret
    days = sorted(dice.randrange(DAYS) for _ in range(rows))
    acts = list(ACTS.values())
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for day in days:
            act = dice.choice(acts)
            on = (FIRST + timedelta(days=day)).isoformat()
            summary = " ".join(dice.choices(WORDS, k=12)).capitalize()
            source = f"https://news.example.org/{dice.randrange(10**6)}/{dice.randrange(10**6)}"
            what = on, dice.choice(ALLIES), act.word, "ally", act.kind, act.score, summary
            where = dice.choice(("diplomatic", "economic", "military", "")), dice.choice(("war", "", "power-shift"))
            known = source, dice.choice(("B2", "C3", "A1", "")), "desk", "", "", "2026-01-05T09:30:00Z", "bench"
            writer.writerow((f"{dice.getrandbits(128):032x}", *what, *where, *known))


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
