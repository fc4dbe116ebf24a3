"""How firmly a direction stands: on which single signals it hangs, and what one more signal would change."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from scrutiny.core.judge import Direction, Judge, Ruling
from scrutiny.core.shares import day_of
from scrutiny.core.signals import HIGHEST, Grade, Signal
from scrutiny.core.temperament import SignalDay
from scrutiny.core.trend import Trend

MANY = 5  # signals of a window from which confidence may be high
TRIED = 400  # signal days of a window that are tried at most
ONE_MORE = Grade("B", "1")  # of what grade the signal is that is asked after
SCORES = int(HIGHEST * 10)  # tenths of a score that are tried on either side


class Confidence(StrEnum):
    """How much a direction owes to any one signal."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Firmness:
    """How sure one may be of a direction, and the signals without any one of which it does not stand."""

    confidence: Confidence
    hangs_on: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class Turning:
    """The mildest scores at which one more B1 signal on the day would change the direction; None where none would.

    `ends` takes a direction away that is said; `up` and `down` make one that is not.
    """

    ends: float | None
    up: float | None
    down: float | None


def firmness(trend: Trend, window: Iterable[Signal]) -> Firmness | None:
    """How firmly the direction stands on all the signals of its window; None where no direction is said.

    Of more than four hundred signal days in the window those are tried that moved the forecast most.
    """
    if not trend.direction.is_said:
        return None
    weighing = sorted((one for one in window if one.sixteenths), key=lambda one: (one.happened_on, one.uid))
    of_day = {on: list(group) for on, group in groupby(weighing, key=lambda one: one.happened_on)}
    judge = trend.judge.latest(trend.as_of.toordinal() - trend.window)
    tried = (
        sorted(of_day, key=lambda on: -abs(_revision(trend, judge, on)))[:TRIED] if len(of_day) > TRIED else of_day
    )
    hangs_on = [one for on in sorted(tried) for one in _needed(trend, judge, of_day[on])]
    if hangs_on:
        return Firmness(Confidence.LOW, tuple(hangs_on))
    return Firmness(Confidence.HIGH if len(weighing) >= MANY else Confidence.MODERATE)


def without(judge: Judge, on: date, rest: Sequence[Signal]) -> Judge:
    """The judge who heard only these signals of a day that is a signal day."""
    at, left = judge.count(on) - 1, day_of(rest)
    return judge.instead(at, [*([left] if left else []), *judge.days[at + 1 :]])


def _revision(trend: Trend, judge: Judge, on: date) -> float:
    """By how much a signal day changed the forecast for the day asked about."""
    now, count = trend.as_of.toordinal(), judge.count(on)
    return judge.level_by(now, count).mean - judge.level_by(now, count - 1).mean


def _needed(trend: Trend, judge: Judge, signals: Sequence[Signal]) -> Iterator[Signal]:
    """The signals of a day without any one of which the direction does not stand."""
    stands: dict[tuple[int, float], bool] = {}  # those that say the same are missed alike
    for place, one in enumerate(signals):
        said = one.sixteenths, one.score
        if said not in stands:
            left = without(judge, one.happened_on, [*signals[:place], *signals[place + 1 :]])
            stands[said] = left.ruling(trend.as_of.toordinal(), trend.window).direction is trend.direction
        if not stands[said]:
            yield one


def turning(trend: Trend) -> Turning | None:
    """What one more B1 signal on the day would change; None where no direction could be said with it either.

    Of scores a tenth apart, those that change it are looked for from the score that bears the direction out most.
    """
    outcomes = _outcomes(trend)
    said = {score: ruling.direction for score, ruling in outcomes.items()}
    if Direction.TOO_FEW in said.values():
        return None
    if trend.direction is Direction.STRENGTHENING:
        firmest = max(outcomes, key=lambda score: outcomes[score].p_up)
        falling = [score for score in sorted(said, reverse=True) if score <= firmest]
        ends = next((score for score in falling if said[score] is not trend.direction), None)
        return Turning(ends, up=None, down=_first(falling, said, Direction.WEAKENING))
    if trend.direction is Direction.WEAKENING:
        firmest = max(outcomes, key=lambda score: outcomes[score].p_down)
        rising = [score for score in sorted(said) if score >= firmest]
        ends = next((score for score in rising if said[score] is not trend.direction), None)
        return Turning(ends, up=_first(rising, said, Direction.STRENGTHENING), down=None)
    up = _first(sorted(said), said, Direction.STRENGTHENING)
    return Turning(None, up, _first(sorted(said, reverse=True), said, Direction.WEAKENING))


def _first(scores: Iterable[float], said: Mapping[float, Direction], wanted: Direction) -> float | None:
    return next((score for score in scores if said[score] is wanted), None)


def _outcomes(trend: Trend) -> dict[float, Ruling]:
    """What would be ruled with one more signal on the day, by its score."""
    now, more = trend.as_of.toordinal(), ONE_MORE.sixteenths / 16
    judge = trend.judge.latest(now - trend.window)
    at = judge.at(trend.as_of)
    weight, weighted = (0.0, 0.0) if at is None else (judge.days[at].weight, judge.days[at].weight * judge.days[at].y)
    found = {}
    for tenths in range(-SCORES, SCORES + 1):
        if score := tenths / 10:  # a score of 0 says nothing
            day = SignalDay(trend.as_of, weight + more, (weighted + more * score) / (weight + more))
            found[score] = judge.instead(len(judge.days) if at is None else at, [day]).ruling(now, trend.window)
    return found
