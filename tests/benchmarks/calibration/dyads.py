"""Dyads: the signal days of pairs of countries, as a CSV file has them."""

import csv
import io
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from scrutiny.core.temperament import SignalDay
from scrutiny.errors import BadValue

SKIP = 10  # signal days of a dyad that are learnt from before any is scored
UNGRADED = 0.25  # the weight of a report without a grade
COLUMNS = ("date", "dyad", "score")


class Signal(NamedTuple):
    """One row of the file."""

    dyad: str
    on: date
    weight: float
    score: float


def read(path: Path) -> dict[str, list[SignalDay]]:
    """Every dyad's signal days in order, from rows in any order; raises BadValue."""
    signals = defaultdict(list)
    for signal in _signals(path):
        if signal.weight:  # one that weighs nothing moves nothing
            signals[signal.dyad, signal.on].append((signal.weight, signal.score))
    dyads: dict[str, list[SignalDay]] = {}
    for dyad, on in sorted(signals):
        dyads.setdefault(dyad, []).append(SignalDay(on, *pooled(signals[dyad, on])))
    return dyads


def pooled(scores: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The sum of weights, and the weighted mean, of pairs of weight and score."""
    total = math.fsum(weight for weight, _ in scores)
    return total, math.fsum(weight * score for weight, score in scores) / total


def mean(days: Sequence[SignalDay]) -> float:
    """The weighted mean of some days' y."""
    return pooled([(day.weight, day.y) for day in days])[1]


def _signals(path: Path) -> Iterator[Signal]:
    try:
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
        missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
        if missing:
            raise BadValue(f"{path} has no column {', '.join(missing)}")
        for row in rows:
            yield _signal({name: (row.get(name) or "").strip() for name in (*COLUMNS, "weight")}, rows.line_num)
    except OSError as error:
        raise BadValue(f"cannot read {path}: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadValue(f"cannot read {path} as CSV: {error}") from None


def _signal(cells: Mapping[str, str], line: int) -> Signal:
    try:
        if not cells["dyad"]:
            raise BadValue("no dyad")
        return Signal(cells["dyad"], _day(cells["date"]), _weight(cells["weight"]), _number("score", cells["score"]))
    except BadValue as error:
        raise BadValue(f"line {line}: {error.message}") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadValue(f"cannot read the date {text!r}, it is not YYYY-MM-DD") from None


def _weight(text: str) -> float:
    weight = _number("weight", text) if text else UNGRADED
    if weight < 0:
        raise BadValue(f"a weight of {weight:g} is below 0")
    return weight


def _number(column: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise BadValue(f"cannot read the {column} {text!r}, it is no number")
    return number
