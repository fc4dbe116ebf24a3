"""Signal days that the model did not see coming."""

from collections.abc import Iterable
from datetime import date

from scrutiny.core.judge import Judge
from scrutiny.core.shares import Days, signal_days

SURPRISING, VERY = 0.1, 0.01  # tail probabilities under which a day surprises, and surprises much


def surprises(judge: Judge, after: date | None = None) -> dict[date, float]:
    """The surprising days later than a day, each with the probability, foretold before it, of one as far out."""
    first = 0 if after is None else judge.count(after)
    found = {judge.days[at].on: judge.surprise(at) for at in range(first, len(judge.days))}
    return {on: probability for on, probability in found.items() if probability < SURPRISING}


def surprises_by_ally(found: Iterable[Days], after: date | None = None) -> dict[str, dict[date, float]]:
    """The surprising days of each ally whose days these are."""
    return {days.ally: surprises(Judge(signal_days(days)), after) for days in found}
