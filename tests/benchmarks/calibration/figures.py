"""Figures: what is found of the model, of plain and of every baseline; the fields' names are the keys of the JSON."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from statistics import fmean
from typing import NamedTuple, Self

from scrutiny.core.days import WINDOW
from scrutiny.core.temperament import SignalDay
from scrutiny.errors import BadValue
from tests.benchmarks.calibration.baselines import BASELINES, Baseline
from tests.benchmarks.calibration.direction import Claim, Reliability, claims
from tests.benchmarks.calibration.dyads import SKIP
from tests.benchmarks.calibration.forecasts import Forecast, Model, plain, plain_constants
from tests.benchmarks.calibration.scores import DRAWS, SEED, Estimate, Score, scores

BANDS = (50, 80, 90, 95)  # percent


class Run(NamedTuple):
    """What one way to foretell made of all dyads."""

    scores: list[list[Score]]  # by dyad
    claims: list[Claim]

    @classmethod
    def of(cls, make: Callable[[Sequence[SignalDay]], Forecast], dyads: Sequence[Sequence[SignalDay]]) -> Self:
        """The run over these dyads."""
        forecasts = [(make(days), days) for days in dyads]
        claimed = chain.from_iterable(claims(forecast, days) for forecast, days in forecasts)
        return cls([list(scores(forecast, days)) for forecast, days in forecasts], list(claimed))


@dataclass(frozen=True, slots=True)
class Figures:
    """What is said of one way to foretell; the log density is in nats a signal day."""

    log_density: float
    coverage: dict[str, Estimate]  # by the band's percent
    rmse: float
    crps: float
    direction: Reliability

    @classmethod
    def of(cls, run: Run) -> Self:
        """The figures of one run."""
        days = list(chain.from_iterable(run.scores))
        within = {band: [[float(day.is_within(band)) for day in dyad] for dyad in run.scores] for band in BANDS}
        return cls(
            log_density=fmean(day.log_density for day in days),
            coverage={str(band): Estimate.of(held) for band, held in within.items()},
            rmse=math.sqrt(fmean(day.off**2 for day in days)),
            crps=fmean(day.crps for day in days),
            direction=Reliability.of(run.claims),
        )


@dataclass(frozen=True, slots=True)
class Lead:
    """By how many nats a signal day the model is ahead, day by day; None where there is no error to speak of."""

    value: float
    standard_error: float | None
    in_standard_errors: float | None

    @classmethod
    def of(cls, model: Run, other: Run) -> Self:
        """The model's lead over another way to foretell."""
        pairs = zip(model.scores, other.scores, strict=True)
        lead = Estimate.of([a.log_density - b.log_density for a, b in zip(*dyad, strict=True)] for dyad in pairs)
        error = lead.standard_error
        return cls(lead.value, error, lead.value / error if error else None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The model against the baselines; None where one dyad leaves no standard error to say it by."""

    best_baseline: str  # by log density
    behind: tuple[str, ...] | None  # baselines ahead of the model by more than one standard error
    bands_hold: bool | None  # the 90% bands hold 90% of the days, give or take two standard errors

    @classmethod
    def of(cls, model: Figures, baselines: Mapping[str, Figures], leads: Mapping[str, Lead]) -> Self:
        """The verdict by these figures."""
        best, bands = max(baselines, key=lambda name: baselines[name].log_density), model.coverage["90"]
        if bands.standard_error is None:
            return cls(best, None, None)
        behind = tuple(name for name in baselines if leads[name].value < -(leads[name].standard_error or 0))
        return cls(best, behind, abs(bands.value - 0.9) <= 2 * bands.standard_error)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Every figure of one file."""

    dyads: int
    dyads_left_out: int
    signal_days: int
    scored_days: int
    skip: int
    window: int
    draws: int
    seed: int
    model: Figures
    plain: Figures
    baselines: dict[str, Figures]
    model_ahead: dict[str, Lead]  # of plain and the baselines
    verdict: Verdict

    @classmethod
    def of(cls, dyads: Mapping[str, Sequence[SignalDay]]) -> Self:
        """The figures of the dyads with days to score; raises BadValue where there are none."""
        known = [days for days in dyads.values() if len(days) > SKIP]
        if not known:
            raise BadValue(f"no dyad has more than the {SKIP} signal days that are learnt from before any is scored")
        model = Run.of(Model, known)
        with plain_constants():
            before = Run.of(plain, known)
        runs = {name: Run.of(partial(Baseline, make=make), known) for name, make in BASELINES.items()}
        ours, baselines = Figures.of(model), {name: Figures.of(run) for name, run in runs.items()}
        leads = {name: Lead.of(model, run) for name, run in {"plain": before, **runs}.items()}
        return cls(
            dyads=len(known),
            dyads_left_out=len(dyads) - len(known),
            signal_days=sum(map(len, known)),
            scored_days=sum(map(len, model.scores)),
            skip=SKIP,
            window=WINDOW,
            draws=DRAWS,
            seed=SEED,
            model=ours,
            plain=Figures.of(before),
            baselines=baselines,
            model_ahead=leads,
            verdict=Verdict.of(ours, baselines, leads),
        )
