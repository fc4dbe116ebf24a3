"""What every level rests on: how signals weigh, and the constants of the model."""

from typing import Any

from scrutiny.core.likelihood import percent
from scrutiny.core.signals import CREDIBILITY, RELIABILITY, UNGRADED, Signal
from scrutiny.core.temperament import FORGET, NU0, R_DAY, R_SIG, S2_0, TAILS, TEMPERAMENTS, V_A
from scrutiny.core.trend import Trend

WEIGHTS = (
    "weight: reliability ("
    + ", ".join(f"{letter}: {value / 4:.4g}".replace("0.", ".") for letter, value in RELIABILITY.items())
    + ") x credibility ("
    + ", ".join(f"{digit}: {value / 4:.4g}".replace("0.", ".") for digit, value in CREDIBILITY.items())
    + f"); no grade {UNGRADED / 16:.4g}".replace("0.", ".")
)


def model(t: Trend) -> str:
    """The constants and the temperaments in one line."""
    of = ", ".join(
        f"{name} {mood.variance:g} over {mood.tau:g} days ({percent(t.temperaments[name])}%)"
        for name, mood in TEMPERAMENTS.items()
    )
    return (
        f"model: noise of a day {R_DAY:g} + {R_SIG:g}/weight, tails of {TAILS:g} degrees; lasting part {V_A:g}; "
        f"moods {of}; scale {S2_0:g} at {NU0:g} degrees, keeping {FORGET:g} a day · docs/method.md"
    )


def constants() -> dict[str, Any]:
    """The same for machines."""
    moods = {name: {"variance": mood.variance, "days": mood.tau} for name, mood in TEMPERAMENTS.items()}
    return {
        "lasting": V_A,
        "noise_day": R_DAY,
        "noise_signal": R_SIG,
        "tails": TAILS,
        "scale": S2_0,
        "scale_freedom": NU0,
        "scale_kept": FORGET,
        "moods": moods,
    }


def weighs(signal: Signal) -> str:
    """C2 .38."""
    return f"{signal.grade or 'none'} {short(signal.sixteenths / 16)}"


def weighed(signal: Signal) -> str:
    """How the weight comes about."""
    grade = signal.grade
    if grade is None:
        return f"no grade weighs {short(UNGRADED / 16)}"
    of, by = RELIABILITY[grade.reliability] / 4, CREDIBILITY[grade.credibility] / 4
    source = f"reliability {grade.reliability} {short(of)}"
    return f"{source} x credibility {grade.credibility} {short(by)} = {short(of * by)}"


def short(weight: float) -> str:
    """.38, 1, 0."""
    return f"{weight:.2g}".removeprefix("0") if 0 < weight < 1 else f"{weight:g}"
