"""How a report was judged: constants, the words and grades it speaks in, what it rests on, how to make it again."""

from collections.abc import Sequence

from scrutiny.core.case import Case
from scrutiny.core.grades import CREDIBILITY_SAID, RELIABILITY_SAID
from scrutiny.core.history import Change
from scrutiny.core.likelihood import ranges
from scrutiny.core.signals import CREDIBILITY, RELIABILITY, UNGRADED
from scrutiny.core.temperament import FORGET, NU0, R_DAY, R_SIG, S2_0, TAILS, TEMPERAMENTS, V_A
from scrutiny.document import Block, Code, Grid, Paragraph, Section
from scrutiny.reports.basis import short
from scrutiny.reports.doubt import MARKS
from scrutiny.view import Column, Form, Table

MODEL = (
    "Signals of one day are one reading of the level, weighed by their grades. The level is the sum of a lasting "
    "part and a mood that fades; three temperaments, which differ in how far and how long a mood strays, run side "
    "by side and are averaged by how well each foretold the signals. Every figure rests only on signals dated up "
    "to the day it speaks of. Silence is never movement."
)
SCORES = (
    "A signal's score runs from -10 to +10 on the Goldstein scale (Goldstein 1992, as CAMEO codes it), by the act "
    "that it reports; where CAMEO has no code that fits, by a convention of this vocabulary. A level runs over "
    "the same scale."
)


def method(cases: Sequence[Case], revision: Change | None, command: str) -> Section:
    """The section; `command` is what makes the same report again from the same ledger."""
    return Section(
        "method",
        "How this was judged",
        [
            Paragraph([MODEL]),
            Paragraph([SCORES]),
            Grid("Constants of the model; variances in units of each ally's own noisiness", _constants()),
            Grid("Temperaments of a mood", _moods()),
            Grid("Likelihoods, in the words of ICD 203 (2015)", _likelihoods()),
            Grid("Reliability of a source (Admiralty code)", _graded(RELIABILITY_SAID, RELIABILITY)),
            Grid("Credibility of the information (Admiralty code)", _graded(CREDIBILITY_SAID, CREDIBILITY)),
            Paragraph([_weights()]),
            Paragraph([f"Surprising signals: {MARKS}."]),
            *_ungraded(cases),
            Paragraph([f"The ledger {_revision(revision)}. From it this report is made again, to the byte, by:"]),
            Code(command),
        ],
    )


def _weights() -> str:
    none = short(UNGRADED / 16)
    return (
        f"A signal weighs the product of the two; without a grade it weighs {none}. What cannot be judged (F, 6) "
        "is not the worst grade, but one in the middle. A signal that weighs 0 is kept and shown and moves nothing. "
        "The weights are a convention (the values of MISP's admiralty-scale)."
    )


def _constants() -> Table:
    rows = [
        ("variance of the lasting part", f"{V_A:g}"),
        ("noise of a day", f"{R_DAY:g} + {R_SIG:g} / weight"),
        ("degrees of freedom of a day's noise", f"{TAILS:g}"),
        ("scale of the noise before any signal", f"{S2_0:g}, at {NU0:g} degrees of freedom"),
        ("what a signal day leaves of what was known of the scale", f"{FORGET:g}"),
    ]
    return Table("constants", (Column("constant", "constant", Form.PROSE), Column("value", "value")), rows)


def _moods() -> Table:
    columns = (
        Column("temperament", "temperament"),
        Column("variance", "variance", Form.NUMBER),
        Column("tau", "fades to 1/e in days", Form.NUMBER),
        Column("half", "halves in days", Form.NUMBER),
    )
    rows = [(name, f"{of.variance:g}", f"{of.tau:g}", f"{of.half_life:.0f}") for name, of in TEMPERAMENTS.items()]
    return Table("moods", columns, rows)


def _likelihoods() -> Table:
    columns = Column("word", "word"), Column("percent", "of the percent shown")
    return Table("likelihoods", columns, [(word, f"{low} to {high}") for word, low, high in ranges()])


def _graded(said: dict[str, str], weights: dict[str, int]) -> Table:
    columns = Column("code", "code"), Column("means", "means"), Column("weight", "weight", Form.NUMBER)
    return Table("grades", columns, [(code, means, short(weights[code] / 4)) for code, means in said.items()])


def _ungraded(cases: Sequence[Case]) -> list[Block]:
    """How many signals of each ally have no grade, and how many weigh nothing."""
    if not cases:
        return []
    of = [(one.ally.name, one.signals) for one in cases]
    every = tuple(signal for one in cases for signal in one.signals)
    rows = [
        (
            name,
            len(signals),
            sum(signal.grade is None for signal in signals),
            sum(not signal.sixteenths for signal in signals),
        )
        for name, signals in [*of, *([("all", every)] if len(of) > 1 else [])]
    ]
    columns = (
        Column("ally", "ally", Form.NAME),
        Column("signals", "signals", Form.NUMBER),
        Column("ungraded", "ungraded", Form.NUMBER),
        Column("weightless", "that weigh nothing", Form.NUMBER),
    )
    return [Grid("Signals that this report rests on", Table("counts", columns, rows))]


def _revision(change: Change | None) -> str:
    if change is None:
        return "is empty"
    at = change.at.isoformat(sep=" ", timespec="seconds").replace("+00:00", " UTC")
    return f"is read as it stood after change {change.number} of {at}"
