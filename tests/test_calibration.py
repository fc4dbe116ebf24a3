"""The calibration benchmark: its figures held against scipy, plain matrices and counting by hand."""

import json
import math
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from scipy import integrate, special, stats

from scrutiny.core import temperament
from scrutiny.core.student import Mixture, Student
from scrutiny.core.temperament import FORGET, NU0, R_DAY, R_SIG, S2_0, TAILS, TEMPERAMENTS, V_A, Mood, SignalDay
from tests.benchmarks.calibration import __main__ as benchmark
from tests.benchmarks.calibration import dyads
from tests.benchmarks.calibration.baselines import BASELINES, Baseline
from tests.benchmarks.calibration.direction import Bin, Claim, Reliability, claims
from tests.benchmarks.calibration.forecasts import Model
from tests.benchmarks.calibration.local_level import Fitted
from tests.benchmarks.calibration.scores import Estimate, crps
from tests.dense import _conditioned

START = date(2024, 1, 1)
FIGURES = {"log_density", "coverage", "rmse", "crps", "direction"}
NAMES = ["expanding_mean", *(f"ewma_{days}_days" for days in (90, 180, 365, 730)), "rolling_90_days", "local_level"]


def chance_rows(dyad: str, count: int, seed: int) -> Iterator[str]:
    """Signals of a dyad by chance, now and then two on a day, some of them without a weight."""
    chance = np.random.default_rng(seed)
    for on in sorted(chance.choice(25 * count, count)):
        score, weight = chance.choice([-4.0, -1.0, 0.5, 3.5]) + seed, chance.choice(["", "0.25", "0.5625"])
        yield f"{START + timedelta(5 * int(on))},{dyad},{score},{weight}"


ROWS = [
    *chance_rows("Chile / Peru", 24, 1),
    *chance_rows("Mali / Niger", 19, 2),
    *chance_rows("Fiji / Tonga", 16, 3),
    *chance_rows("Iraq / Oman", 5, 4),
]


def written(folder: Path, rows: Sequence[str], header: str = "date,dyad,score,weight") -> Path:
    """A file with these rows."""
    path = folder / "signals.csv"
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return path


def asked(capsys: pytest.CaptureFixture[str], path: Path) -> dict[str, Any]:
    """All figures of a file, as JSON on the standard output."""
    benchmark.main([str(path), "--json", "-"])
    said = capsys.readouterr()
    assert said.err == ""
    figures: dict[str, Any] = json.loads(said.out)
    return figures


def every(gap: int, scores: Sequence[float], weight: float = 0.25) -> list[SignalDay]:
    """Signal days at even distances."""
    return [SignalDay(START + timedelta(gap * at), weight, score) for at, score in enumerate(scores)]


def rows_of(days: Sequence[SignalDay]) -> list[str]:
    return [f"{day.on},Chile / Peru,{day.y},{day.weight}" for day in days]


def test_the_table_is_readable_and_ends_with_a_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    benchmark.main([str(written(tmp_path, ROWS)), "--json", str(tmp_path / "all.json")])
    said = capsys.readouterr()
    assert said.err == ""
    assert max(map(len, said.out.splitlines())) <= 100
    assert "1 dyad with no more left out" in said.out
    for name in ("model", "plain", "expanding mean", "EWMA 365 days", "rolling 90 days", "local level"):
        assert sum(line.startswith(name + " ") for line in said.out.splitlines()) == 3, name
    verdict = " ".join(said.out.rsplit("\n\n", 1)[1].split())
    assert verdict.startswith("The best baseline by log density is ")
    assert verdict.endswith("two standard errors of 90%.")

    found = json.loads((tmp_path / "all.json").read_text("utf-8"))
    assert f"{found['model']['log_density']:.4f}" in said.out
    assert asked(capsys, tmp_path / "signals.csv") == found


def test_the_keys_of_the_json_are_these(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, written(tmp_path, ROWS))
    counts = ["dyads", "dyads_left_out", "signal_days", "scored_days", "skip", "window", "draws", "seed"]
    assert list(found) == [*counts, "model", "plain", "baselines", "model_ahead", "verdict"]
    assert list(found["baselines"]) == NAMES
    assert list(found["model_ahead"]) == ["plain", *NAMES]
    assert set(found["verdict"]) == {"best_baseline", "behind", "bands_hold"}
    assert {frozenset(lead) for lead in found["model_ahead"].values()} == {
        frozenset(("value", "standard_error", "in_standard_errors"))
    }
    for figures in (found["model"], found["plain"], *found["baselines"].values()):
        assert set(figures) == FIGURES
        assert list(figures["coverage"]) == ["50", "80", "90", "95"]
        assert {frozenset(share) for share in figures["coverage"].values()} == {
            frozenset(("value", "standard_error"))
        }
        assert set(figures["direction"]) == {"claims", "brier", "calibration_error", "bins"}
        assert [set(one) for one in figures["direction"]["bins"]] == [
            {"low", "high", "count", "mean_probability", "observed_share"}
        ] * 10


def test_what_is_said_of_the_figures_adds_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, written(tmp_path, ROWS))
    days = {tuple(row.split(",")[:2]) for row in ROWS if "Oman" not in row}
    assert (found["dyads"], found["dyads_left_out"]) == (3, 1)
    assert (found["signal_days"], found["scored_days"]) == (len(days), len(days) - 30)
    for name, figures in found["baselines"].items():
        lead = found["model_ahead"][name]
        assert lead["value"] == pytest.approx(found["model"]["log_density"] - figures["log_density"], abs=1e-12)
        assert lead["in_standard_errors"] == pytest.approx(lead["value"] / lead["standard_error"])
        assert sum(one["count"] for one in figures["direction"]["bins"]) == figures["direction"]["claims"] > 0
    best = found["verdict"]["best_baseline"]
    assert found["baselines"][best]["log_density"] == max(one["log_density"] for one in found["baselines"].values())


def test_the_order_of_rows_is_irrelevant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    in_order = asked(capsys, written(tmp_path, ROWS))
    assert asked(capsys, written(tmp_path, ROWS[::-2] + ROWS[-2::-2])) == in_order


def test_one_dyad_has_no_standard_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, rows_of(every(20, [3.5, -4, 2, 0.5] * 3)))
    found = asked(capsys, path)
    assert found["model_ahead"]["ewma_90_days"]["value"] != 0
    assert found["model_ahead"]["ewma_90_days"]["standard_error"] is None
    assert found["model_ahead"]["ewma_90_days"]["in_standard_errors"] is None
    assert found["model"]["coverage"]["90"]["standard_error"] is None
    assert (found["verdict"]["behind"], found["verdict"]["bands_hold"]) == (None, None)
    benchmark.main([str(path)])
    verdict = " ".join(capsys.readouterr().out.rsplit("\n\n", 1)[1].split())
    assert verdict.endswith(" nats a signal day. One dyad leaves no standard errors to say more by.")
    assert "±" not in verdict


def test_without_signals_a_window_before_or_after_no_direction_is_claimed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = asked(capsys, written(tmp_path, rows_of(every(91, [3.5, -4, 2, 0.5] * 3))))
    direction = found["model"]["direction"]
    assert (direction["claims"], direction["brier"], direction["calibration_error"]) == (0, None, None)
    assert direction["bins"][3] == {
        "low": 0.3,
        "high": 0.4,
        "count": 0,
        "mean_probability": None,
        "observed_share": None,
    }


def test_signals_of_a_day_become_one_signal_day(tmp_path: Path) -> None:
    path = written(tmp_path, ["2024-02-01,Mali, 2 ,", "2024-01-01,Mali,-4,1", "2024-02-01,Mali,-3,0.75"])
    assert dyads.read(path) == {"Mali": [SignalDay(START, 1.0, -4.0), SignalDay(date(2024, 2, 1), 1.0, -1.75)]}
    bare = written(tmp_path, ["3.5,Mali,2024-01-01,x"], "\ufeffscore,dyad,date,source")
    assert dyads.read(bare) == {"Mali": [SignalDay(START, 0.25, 3.5)]}


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        ("date,dyad", "2024-01-01,Mali", "{path} has no column score"),
        ("on,who,score", "2024-01-01,Mali,1", "{path} has no column date, dyad"),
        ("date,dyad,score", "1 May,Mali,1", "line 2: cannot read the date '1 May', it is not YYYY-MM-DD"),
        ("date,dyad,score", "2024-01-01,Mali", "line 2: cannot read the score '', it is no number"),
        ("date,dyad,score", "2024-01-01,Mali,nan", "line 2: cannot read the score 'nan', it is no number"),
        ("date,dyad,score", "2024-01-01,,1", "line 2: no dyad"),
        ("date,dyad,score,weight", "2024-01-01,Mali,1,B2", "line 2: cannot read the weight 'B2', it is no number"),
        ("date,dyad,score,weight", "2024-01-01,Mali,1,-1", "line 2: a weight of -1 is below 0"),
        (
            "date,dyad,score",
            "2024-01-01,Mali,1",
            "no dyad has more than the 10 signal days that are learnt from before any is scored",
        ),
    ],
)
def test_what_is_no_file_of_signals_is_refused_in_a_line(
    header: str, row: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, [row], header)
    with pytest.raises(SystemExit) as left:
        benchmark.main([str(path)])
    assert left.value.code == 2
    assert capsys.readouterr() == ("", f"error: {said.format(path=path)}\n")


def test_files_that_cannot_be_opened_are_refused_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "latin.csv").write_bytes(b"date,dyad,score\n2024-01-01,M\xe9xico,1\n")
    for name, said in (
        ("none.csv", "No such file or directory"),
        ("", "Is a directory"),
        ("latin.csv", "as CSV: 'utf-8' codec can't decode"),
    ):
        with pytest.raises(SystemExit) as left:
            benchmark.main([str(tmp_path / name)])
        assert left.value.code == 2
        err = capsys.readouterr().err
        assert err.startswith(f"error: cannot read {tmp_path / name}")
        assert said in err
        assert err.count("\n") == 1


def test_a_place_that_cannot_be_written_to_is_refused_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, rows_of(every(20, [3.5] * 11)))
    with pytest.raises(SystemExit) as left:
        benchmark.main([str(path), "--json", str(tmp_path / "none" / "all.json")])
    assert left.value.code == 2
    assert capsys.readouterr().err == f"error: cannot write {tmp_path}/none/all.json: No such file or directory\n"


def test_the_models_log_density_is_that_of_plain_matrices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = every(17, [3.5, -4, 2, 0.5, 6, -1, 0, 2, -5, 8, -2.5], weight=0.5625)
    found = asked(capsys, written(tmp_path, rows_of(days)))
    evidence = [
        special.logsumexp([_conditioned(days[:count], 0, mood).log_likelihood for mood in TEMPERAMENTS.values()])
        for count in (10, 11)
    ]
    assert found["scored_days"] == 1
    assert found["model"]["log_density"] == pytest.approx(evidence[1] - evidence[0], abs=1e-9)


def test_a_baselines_figures_are_those_of_scipy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    y = [3.5, -4, 2, 0.5, 6, -1, 0, 2, -5, 8, -2.5]
    found = asked(capsys, written(tmp_path, rows_of(every(17, y))))["baselines"]["expanding_mean"]
    noise, freedom, spread = R_DAY + R_SIG / 0.25, NU0, NU0 * S2_0
    for at in range(10):
        off = y[at] - (float(np.mean(y[:at])) if at else 0.0)
        trust = (TAILS + 1) / (TAILS + off**2 / (spread / freedom * noise))
        freedom = NU0 + FORGET * (freedom - NU0) + 1
        spread = NU0 * S2_0 + FORGET * (spread - NU0 * S2_0) + trust * off**2 / noise
    tails, scale = 1 / (1 / freedom + 1 / TAILS), math.sqrt(spread / freedom * noise)
    foretold = stats.t(tails, float(np.mean(y[:10])), scale)
    assert found["log_density"] == pytest.approx(float(foretold.logpdf(y[10])), abs=1e-10)
    assert found["rmse"] == pytest.approx(abs(y[10] - float(np.mean(y[:10]))), abs=1e-12)
    inside = [abs(float(foretold.cdf(y[10])) - 0.5) <= band / 2 for band in (0.5, 0.8, 0.9, 0.95)]
    assert [share["value"] for share in found["coverage"].values()] == inside


@pytest.mark.parametrize("y", [-30.0, -1.0, 0.2, 9.0])
@pytest.mark.parametrize(
    "parts",
    [
        (Student(1.0, 0.5, 2.0, 3.6),),
        (Student(0.2, -1.0, 0.6, 4.0), Student(0.8, 3.0, 3.0, 11.0)),
        (Student(0.5, -3.0, 1.0, 3.6), Student(0.3, 4.0, 0.5, 8.0), Student(0.2, 0.0, 5.0, 5.0)),
    ],
)
def test_crps_is_the_integral_it_stands_for(parts: tuple[Student, ...], y: float) -> None:
    def below(x: float) -> float:
        return sum(p.weight * float(special.stdtr(p.freedom, (x - p.mean) / p.scale)) for p in parts)

    ends = sorted([-1e4, -100.0, y, *(part.mean for part in parts), 100.0, 1e4])
    wanted = sum(
        integrate.quad(lambda x, up=low >= y: (below(x) - up) ** 2, low, high, epsabs=1e-9)[0]
        for low, high in pairwise(ends)
    )
    assert crps(Mixture(parts), y) == pytest.approx(wanted, abs=1e-6)


def test_the_mean_of_one_day_ahead_is_foretold_as_that_day_is() -> None:
    days = every(23, [3.5, -4, 2, 0.5, 6, -1, 0, 2], weight=0.5625)
    for forecast in (Model(days), Baseline(days, BASELINES["ewma_180_days"])):
        for at in range(len(days) - 1):
            ahead, foretold = forecast.ahead(at, days[at + 1 : at + 2]), forecast.foretold(at + 1)
            for one, other in zip(ahead.parts, foretold.parts, strict=True):
                assert (one.weight, one.mean, one.scale, one.freedom) == pytest.approx(
                    (other.weight, other.mean, other.scale, other.freedom), abs=1e-12
                )


@pytest.mark.parametrize("mood", TEMPERAMENTS.values(), ids=TEMPERAMENTS)
def test_the_mean_of_days_ahead_is_that_of_plain_matrices(mood: Mood) -> None:
    gaps, weights = [0, 9, 30, 31, 90, 92, 120, 160, 175], [0.25, 1.0, 0.5, 0.25, 0.75, 0.25, 1.5, 0.25, 0.5625]
    y = np.array([3.5, -4.0, 2.0, 0.5, 6.0, 0.0, 0.0, 0.0, 0.0])
    days = [SignalDay(START + timedelta(g), w, s) for g, w, s in zip(gaps, weights, y, strict=True)]
    with mock.patch.object(temperament, "TAILS", 1e12):  # every day is trusted, so that matrices need no recursion
        model = Model(days[:5], [mood])
        (found,) = model.ahead(4, days[5:]).parts
        state = model.judge.temperaments[0].states[5]
    at, noise = np.array(gaps), np.diag([R_DAY + R_SIG / weight for weight in weights])
    joint = V_A + mood.variance * np.exp(-np.abs(at[:, None] - at) / mood.tau) + noise
    gains = np.linalg.solve(joint[:5, :5], joint[:5, 5:]).T
    shares = np.array(weights[5:]) / sum(weights[5:])
    variance = shares @ (joint[5:, 5:] - gains @ joint[:5, 5:]) @ shares
    assert found.mean == pytest.approx(float(shares @ gains @ y[:5]), abs=1e-10)
    assert found.scale == pytest.approx(math.sqrt(state.spread / state.freedom * variance), abs=1e-10)


def test_a_baseline_takes_its_level_as_constant_ahead() -> None:
    days = every(10, [3.5, -4, 2, 6], weight=0.5)
    later = [SignalDay(START + timedelta(50), 1.0, 0.0), SignalDay(START + timedelta(60), 0.25, 0.0)]
    baseline = Baseline(days, BASELINES["expanding_mean"])
    (found,) = baseline.ahead(3, later).parts
    freedom, spread = baseline.known[4]
    assert found.mean == pytest.approx(1.875)
    assert found.scale**2 == pytest.approx(spread / freedom * (0.8**2 * 4 + 0.2**2 * 13))


def test_claims_are_counted_and_binned() -> None:
    found = Reliability.of([Claim(0.0, False), Claim(0.625, True), Claim(0.6875, False), Claim(1.0, True)])
    assert found.claims == 4
    assert found.brier == pytest.approx((0.375**2 + 0.6875**2) / 4)
    assert found.calibration_error == pytest.approx(2 * 0.15625 / 4)
    assert found.bins[0] == Bin(0.0, 0.1, 1, 0.0, 0.0)
    assert found.bins[6] == Bin(0.6, 0.7, 2, 0.65625, 0.5)
    assert found.bins[9] == Bin(0.9, 1.0, 1, 1.0, 1.0)
    assert sum(one.count for one in found.bins) == 4


def test_a_direction_is_claimed_of_the_next_window_against_the_last() -> None:
    days = every(45, [1.0] * 12 + [7.0, 5.0, -9.0])
    found = list(claims(Baseline(days, BASELINES["rolling_90_days"]), days))
    # Origins are the 11th to 14th day: their next two are 1 and 7, 7 and 5, 5 and -9, -9; the level was 1 each time.
    assert [claim.came_true for claim in found] == [True, True, False, False]
    assert all((claim.probability > 0.5) == (at >= 2) for at, claim in enumerate(found))


def test_the_standard_error_resamples_dyads() -> None:
    assert Estimate.of([[1.0, 3.0], [5.0, 7.0]]).value == 4.0
    error = Estimate.of([[1.0, 3.0], [5.0, 7.0]]).standard_error
    assert error == pytest.approx(4 / math.sqrt(8), rel=0.05)  # 2, 4, 4 or 6, each as likely
    assert Estimate.of([[1.0, 3.0]]).standard_error is None


def test_means_of_the_past_are_what_they_are_called() -> None:
    days = [
        SignalDay(START, 0.25, 4.0),
        SignalDay(START + timedelta(60), 0.75, 0.0),
        SignalDay(START + timedelta(120), 0.25, -2.0),
    ]
    now = days[2].on.toordinal()
    levels = {name: make(days) for name, make in BASELINES.items()}
    assert {level(now, 0) for level in levels.values()} == {0.0}
    assert levels["expanding_mean"](now, 3) == pytest.approx((0.25 * 4 - 0.25 * 2) / 1.25)
    faded = [0.25 * 0.5 ** (120 / 90), 0.75 * 0.5 ** (60 / 90), 0.25]
    assert levels["ewma_90_days"](now, 3) == pytest.approx((4 * faded[0] - 2 * faded[2]) / sum(faded))
    rolling = levels["rolling_90_days"]
    assert rolling(now, 3) == pytest.approx(-0.5)
    assert rolling(now + 29, 3) == pytest.approx(-0.5)
    assert rolling(now + 30, 3) == pytest.approx(-2.0)  # the window is (day - 90, day]
    assert rolling(now + 900, 3) == pytest.approx(-0.5)


def test_the_local_level_between_fits_is_statsmodels_own() -> None:
    from statsmodels.tsa.statespace.structural import UnobservedComponents  # saves other tests a second

    y = [3.0, 2.0, 4.0, 3.5, 1.0, -2.0, -3.0, -1.5, -4.0, -2.0, 0.5]
    fitted = Fitted.to(y[:10])
    own = UnobservedComponents(np.array(y), level="llevel").filter([fitted.noise, fitted.drift])
    assert fitted.after(y[10]).level == pytest.approx(float(own.filtered_state[0, -1]), abs=1e-9)
    level = BASELINES["local_level"](every(10, y))
    assert level(0, 9) == pytest.approx(float(np.mean(y[:9])))
    assert level(0, 10) == fitted.level


def test_a_flat_dyad_has_figures_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, written(tmp_path, rows_of(every(7, [3.5] * 12))))
    assert found["baselines"]["local_level"]["rmse"] == pytest.approx(0, abs=1e-9)
    assert found["model"]["coverage"]["50"]["value"] == 1.0
