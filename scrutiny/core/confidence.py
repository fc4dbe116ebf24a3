"""How firmly a direction stands: on which single signals it hangs, and what one more signal would change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scrutiny.core.heard import Heard
from scrutiny.core.judge import LEAST_DAYS, Direction, Judge, Ruling
from scrutiny.core.lever import weightiest
from scrutiny.core.shares import Days, Reading, left
from scrutiny.core.signals import HIGHEST, Grade, Signal
from scrutiny.core.temperament import SignalDay, SignalDays
from scrutiny.core.trend import Trend

MANY = 5  # signals of a window from which confidence may be high
FEW = 50  # signals of a window up to which each is tried
TRIED = 400  # of more, how many are tried at most
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


def firmness(trend: Trend, heard: Heard) -> Firmness | None:
    """How firmly the direction stands on the signals of its window; None where no direction is said.

    Where the window has few signals, the direction is judged anew without each; of signals that say the same on a day
    one is tried for all. Of many, four hundred at most are tried, those that could take the direction away.
    """
    if not trend.direction.is_said:
        return None
    if has_few(trend, heard.days):
        tried = [one for one in heard.readings(trend.window_days) if one.sixteenths]
        weighing = sum(one.signals for one in tried)
    else:
        tried, weighing = weightiest(trend, heard, TRIED), MANY
    judge = trend.judge.latest(trend.as_of.toordinal() - trend.window)
    needed = [one for one in tried if _without(trend, judge, heard.days, one) is not trend.direction]
    if needed:
        return Firmness(Confidence.LOW, tuple(heard.saying(needed)))
    return Firmness(Confidence.HIGH if weighing >= MANY else Confidence.MODERATE)


def has_few(trend: Trend, days: Days) -> bool:
    """Whether the window has so few signals, or days, that the direction is judged anew without each signal."""
    now = trend.as_of.toordinal()
    window = days.span(now - trend.window + 1, now)
    signals, weight = sum(days.signals[window]), sum(days.weight[window])
    is_short = trend.days <= LEAST_DAYS or sum(map(bool, days.weight[window])) == 1
    return is_short or signals <= FEW or weight < MANY * 16  # then fewer than five may weigh anything


def without(judge: Judge, days: Days, reading: Reading) -> Judge:
    """The judge who did not hear one signal that says this, of a day that is a signal day."""
    at, rest = judge.count(reading.on) - 1, left(days, reading)
    return judge.instead(at, SignalDays.of([rest] if rest else []) + judge.days[at + 1 :])


def _without(trend: Trend, judge: Judge, days: Days, reading: Reading) -> Direction:
    return without(judge, days, reading).ruling(trend.as_of.toordinal(), trend.window).direction


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
