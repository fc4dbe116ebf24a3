"""The printed text: tables of all figures, and the verdict in words."""

import textwrap
from collections.abc import Iterable, Iterator

from tests.benchmarks.calibration.direction import Bin
from tests.benchmarks.calibration.figures import BANDS, Calibration, Figures, Lead
from tests.benchmarks.calibration.local_level import REFIT_DAYS, REFIT_GROWTH
from tests.benchmarks.calibration.scores import Estimate

WIDTH = 98


def table(found: Calibration) -> str:
    """All figures to be read at 100 columns, and the verdict in words."""
    parts = (
        _wrapped(_heading(found)),
        _wrapped(
            "Log predictive density in nats a signal day; by how much the model is ahead, with its standard error by "
            "resampling dyads; root mean square error of the mean, and continuous ranked probability score."
        ),
        "\n".join(_densities(found)),
        "Signal days within the central predictive bands.",
        "\n".join(_coverages(found)),
        _wrapped(
            f"Direction: the probability that the mean of the next {found.window} days' signals lies above the level "
            f"of {found.window} days ago. Each is asked about its own level, so these scores compare only roughly."
        ),
        "\n".join(_directions(found)),
        "\n".join(_reliability(found)),
        _wrapped(
            "plain: the model that came before, with Gaussian noise, nothing forgotten and every mood of 180 days. "
            f"rolling: stays as on the last signal day once {found.window} days have passed without one. local "
            f"level: reads signal days as evenly spaced; from {found.skip} of them on it is fitted by maximum "
            f"likelihood, again when they have grown by {REFIT_GROWTH}% or by {REFIT_DAYS}, and filtered with the "
            "last fit in between."
        ),
        _wrapped(" ".join(_verdict(found))),
    )
    return "\n\n".join(parts) + "\n"


def _heading(found: Calibration) -> str:
    left_out = f"; {_many(found.dyads_left_out, 'dyad')} with no more left out" if found.dyads_left_out else ""
    return (
        f"{_many(found.signal_days, 'signal day')} of {_many(found.dyads, 'dyad')}{left_out}. The first {found.skip} "
        f"of a dyad are learnt from; the other {found.scored_days:,} are scored, each as foretold by those before it."
    )


def _densities(found: Calibration) -> Iterator[str]:
    yield f"{'':20}{'log density':>12}{'model ahead by':>21}{'in s.e.':>10}{'RMSE':>10}{'CRPS':>10}"
    for name, one in _named(found):
        lead = found.model_ahead.get(name)
        ahead = _with_error(lead, "+.4f") if lead else ""
        units = _or_dash(lead.in_standard_errors, "+.1f") if lead else ""
        yield f"{_label(name):20}{one.log_density:12.4f}{ahead:>21}{units:>10}{one.rmse:10.4f}{one.crps:10.4f}"


def _coverages(found: Calibration) -> Iterator[str]:
    yield f"{'':20}" + "".join(f"{f'{band}% band':>18}" for band in BANDS)
    for name, one in _named(found):
        yield f"{_label(name):20}" + "".join(f"{_with_error(share, '.1%'):>18}" for share in one.coverage.values())


def _directions(found: Calibration) -> Iterator[str]:
    yield f"{'':20}{'claims':>12}{'Brier score':>15}{'calibration error':>21}"
    for name, one in _named(found):
        brier, error = (_or_dash(figure, ".4f") for figure in (one.direction.brier, one.direction.calibration_error))
        yield f"{_label(name):20}{one.direction.claims:12,}{brier:>15}{error:>21}"


def _reliability(found: Calibration) -> Iterator[str]:
    best = found.verdict.best_baseline
    yield f"{'':20}{'model':>30}{_label(best):>36}"
    yield f"{'probability':20}" + "      ".join([f"{'claims':>12}{'said':>9}{'came':>9}"] * 2)
    for pair in zip(found.model.direction.bins, found.baselines[best].direction.bins, strict=True):
        yield f"{pair[0].low:.1f} to {pair[0].high:.1f}{'':10}" + "      ".join(map(_bin, pair))


def _bin(one: Bin) -> str:
    return f"{one.count:12,}{_or_dash(one.mean_probability, '.3f'):>9}{_or_dash(one.observed_share, '.3f'):>9}"


def _verdict(found: Calibration) -> Iterator[str]:
    """Sentence by sentence."""
    verdict, bands = found.verdict, found.model.coverage["90"]
    lead = found.model_ahead[verdict.best_baseline]
    side = "ahead of" if lead.value >= 0 else "behind"
    error = "" if lead.standard_error is None else f" ± {lead.standard_error:.4f}"
    units = "" if lead.in_standard_errors is None else f" ({abs(lead.in_standard_errors):.1f} standard errors)"
    yield f"The best baseline by log density is {_label(verdict.best_baseline)}:"
    yield f"the model is {side} it by {abs(lead.value):.4f}{error} nats a signal day{units}."
    if verdict.behind is None:
        yield "One dyad leaves no standard errors to say more by."
        return
    yield f"It is behind {', '.join(map(_label, verdict.behind)) or 'no baseline'} by more than one standard error."
    holds = "within" if verdict.bands_hold else "not within"
    yield f"Its 90% bands hold {_with_error(bands, '.1%')} of the signal days, {holds} two standard errors of 90%."


def _named(found: Calibration) -> Iterable[tuple[str, Figures]]:
    return {"model": found.model, "plain": found.plain, **found.baselines}.items()


def _label(name: str) -> str:
    return name.replace("ewma", "EWMA").replace("_", " ")


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH)


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _with_error(estimate: Estimate | Lead, form: str) -> str:
    return f"{estimate.value:{form}} ± {_or_dash(estimate.standard_error, form.removeprefix('+'))}"


def _or_dash(figure: float | None, form: str) -> str:
    return "-" if figure is None else f"{figure:{form}}"
