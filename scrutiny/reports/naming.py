"""How reports name signals and days in a line of text."""

from collections.abc import Sequence
from datetime import date

from scrutiny.core.days import MONTHS
from scrutiny.core.signals import Signal
from scrutiny.view import score


def cited(signal: Signal) -> str:
    """A signal in one line: number, day, act, score, grade, summary."""
    parts = (f"#{signal.id}", dated(signal.happened_on), signal.word, score(signal.score), signal.grade)
    return f"{' '.join(str(part) for part in parts if part)}  {signal.summary}"


def dated(on: date) -> str:
    """20 May 2026, whatever the locale."""
    return f"{on.day} {MONTHS[on.month - 1][:3].capitalize()} {on.year}"


def numbers(signals: Sequence[Signal | int], most: int) -> str:
    """#82 #90, and how many more there are."""
    named = [f"#{one if isinstance(one, int) else one.id}" for one in signals[:most]]
    return " ".join([*named, *([f"+{len(signals) - most}"] if len(signals) > most else [])])
