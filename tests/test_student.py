"""Student's t and its mixtures, held against scipy."""

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from scrutiny.core.student import Mixture, Student

LAWS = settings(deadline=None, derandomize=True, max_examples=100)
FREEDOMS = [1.0, 2.0, 3.5, 5.0, 6.0, 8.0, 10.0, 30.0, 50.0, 205.0, 1005.0, 5005.0]
MIDDLE = [float(z) for z in np.linspace(-12, 12, 241)]
OUTER = [float(sign * z) for sign in (-1, 1) for z in np.logspace(-5, 8, 66)]
TAIL = [float(-z) for z in np.logspace(0.25, 2, 50)]  # -1.8 to -100
SMALLEST = 1e-280  # below it floating point itself loses digits

STUDENTS = st.builds(
    Student,
    weight=st.just(1.0),
    mean=st.floats(-12, 12),
    scale=st.floats(0.05, 20),
    freedom=st.sampled_from(FREEDOMS[3:]),
)


@st.composite
def mixtures(draw: st.DrawFn) -> Mixture:
    """One to four parts whose weights sum to 1."""
    parts = draw(st.lists(STUDENTS, min_size=1, max_size=4))
    shares = draw(st.lists(st.integers(1, 1000), min_size=len(parts), max_size=len(parts)))
    return Mixture(
        tuple(
            Student(share / sum(shares), part.mean, part.scale, part.freedom)
            for share, part in zip(shares, parts, strict=True)
        )
    )


@pytest.mark.parametrize("freedom", FREEDOMS)
def test_below_is_the_distribution_function(freedom: float) -> None:
    student = Student(1.0, 0.0, 1.0, freedom)
    for z in MIDDLE + OUTER:
        assert student.below(z) == pytest.approx(float(stats.t.cdf(z, freedom)), rel=0, abs=1e-11), z


@pytest.mark.parametrize("freedom", FREEDOMS)
def test_the_lower_tail_keeps_its_digits(freedom: float) -> None:
    student = Student(1.0, 0.0, 1.0, freedom)
    for z in TAIL:
        wanted = float(stats.t.cdf(z, freedom))
        if wanted > SMALLEST:
            assert student.below(z) == pytest.approx(wanted, rel=1e-9, abs=0), z


@pytest.mark.parametrize("freedom", FREEDOMS)
def test_the_log_density_is_the_log_density(freedom: float) -> None:
    student = Student(1.0, 0.0, 1.0, freedom)
    for z in MIDDLE + OUTER:
        wanted = float(stats.t.logpdf(z, freedom))
        assert student.log_density(z) == pytest.approx(wanted, rel=1e-10, abs=1e-10), z
        assert student.density(z) == pytest.approx(math.exp(wanted), rel=1e-6, abs=0), z


@LAWS
@given(STUDENTS, st.floats(-100, 100))
def test_a_student_lies_where_its_mean_and_scale_put_it(student: Student, x: float) -> None:
    frozen = stats.t(student.freedom, loc=student.mean, scale=student.scale)
    assert student.below(x) == pytest.approx(float(frozen.cdf(x)), rel=0, abs=1e-11)
    assert student.log_density(x) == pytest.approx(float(frozen.logpdf(x)), rel=1e-10, abs=1e-10)


@LAWS
@given(STUDENTS, st.floats(0, 200))
def test_a_student_is_alike_on_both_sides_of_its_mean(student: Student, off: float) -> None:
    left, right = student.below(student.mean - off), student.below(student.mean + off)
    assert left + right == pytest.approx(1, rel=0, abs=1e-12)


@pytest.mark.parametrize("freedom", FREEDOMS)
def test_below_rises_all_the_way_from_0_to_1(freedom: float) -> None:
    student = Student(1.0, 0.0, 1.0, freedom)
    found = [student.below(z) for z in sorted(MIDDLE + OUTER)]
    assert all(one <= other + 1e-13 for one, other in pairwise(found))
    assert 0 <= found[0] < 1e-7
    assert 1 - 1e-7 < found[-1] <= 1
    assert student.below(0.0) == 0.5


@LAWS
@given(mixtures(), st.floats(-50, 50))
def test_a_mixture_is_its_parts_by_their_weights(mixture: Mixture, x: float) -> None:
    below = sum(p.weight * float(stats.t.cdf(x, p.freedom, p.mean, p.scale)) for p in mixture.parts)
    assert mixture.below(x) == pytest.approx(below, rel=0, abs=1e-11)
    assert mixture.mean == pytest.approx(sum(p.weight * p.mean for p in mixture.parts), rel=0, abs=1e-12)


@LAWS
@given(mixtures(), st.floats(1e-4, 1 - 1e-4))
def test_quantile_is_the_inverse_of_below(mixture: Mixture, probability: float) -> None:
    assert mixture.below(mixture.quantile(probability)) == pytest.approx(probability, rel=0, abs=1e-12)


@LAWS
@given(mixtures(), st.sampled_from([0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999]))
def test_quantile_finds_what_a_root_finder_finds(mixture: Mixture, probability: float) -> None:
    def off(x: float) -> float:
        return sum(p.weight * float(stats.t.cdf(x, p.freedom, p.mean, p.scale)) for p in mixture.parts) - probability

    reach = 100 * max(part.scale for part in mixture.parts) + 12
    root = float(optimize.brentq(off, -reach, reach, xtol=1e-13, rtol=1e-15))
    assert mixture.quantile(probability) == pytest.approx(root, rel=0, abs=1e-9)


@pytest.mark.parametrize("probability", [0.05, 0.3, 0.49, 0.51, 0.7, 0.95])
def test_quantile_crosses_the_gap_between_two_far_parts(probability: float) -> None:
    mixture = Mixture((Student(0.5, -9.0, 0.01, 6.0), Student(0.5, 9.0, 0.01, 6.0)))
    found = mixture.quantile(probability)
    assert math.copysign(1, found) == (1 if probability > 0.5 else -1)
    assert abs(found) == pytest.approx(9, abs=0.1)
    assert mixture.below(found) == pytest.approx(probability, rel=0, abs=1e-12)


def test_a_single_student_has_its_own_quantiles() -> None:
    found = [Mixture((Student(1.0, 2.0, 3.0, 5.0),)).quantile(p) for p in (0.05, 0.5, 0.95)]
    assert found == pytest.approx([float(stats.t.ppf(p, 5.0, 2.0, 3.0)) for p in (0.05, 0.5, 0.95)], rel=0, abs=1e-10)


# One above the other


def by_quadrature(one: Mixture, other: Mixture) -> float:
    """The probability that a draw of the one lies above one of the other, by Gauss's rule between telling points."""
    parts = [*one.parts, *other.parts]
    ends = sorted({p.mean + side * reach * p.scale for p in parts for side in (-1, 1) for reach in (0, 1, 3, 9, 60)})

    def density(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        here = sum(p.weight * stats.t.pdf(x, p.freedom, p.mean, p.scale) for p in one.parts)
        return np.asarray(here * sum(p.weight * stats.t.cdf(x, p.freedom, p.mean, p.scale) for p in other.parts))

    beyond = sum(p.weight * float(stats.t.sf(ends[-1], p.freedom, p.mean, p.scale)) for p in one.parts)
    return beyond + sum(float(integrate.fixed_quad(density, low, high, n=30)[0]) for low, high in pairwise(ends))


@settings(LAWS, max_examples=15)
@given(mixtures(), mixtures())
def test_above_is_the_integral_of_one_density_times_the_others_below(one: Mixture, other: Mixture) -> None:
    assert one.above(other) == pytest.approx(by_quadrature(one, other), rel=0, abs=1e-5)


@settings(LAWS, max_examples=15)
@given(mixtures(), mixtures())
def test_one_of_two_lies_above_the_other(one: Mixture, other: Mixture) -> None:
    assert one.above(other) + other.above(one) == pytest.approx(1, rel=0, abs=1e-9)
    assert 0 <= one.above(other) <= 1


@settings(LAWS, max_examples=10)
@given(mixtures())
def test_of_two_that_are_equal_neither_is_likelier_above(one: Mixture) -> None:
    assert one.above(one) == pytest.approx(0.5, rel=0, abs=1e-9)


@settings(LAWS, max_examples=15)
@given(mixtures(), mixtures())
def test_mirrored_what_lay_above_lies_below(one: Mixture, other: Mixture) -> None:
    def mirrored(of: Mixture) -> Mixture:
        return Mixture(tuple(Student(p.weight, -p.mean, p.scale, p.freedom) for p in of.parts))

    assert mirrored(other).above(mirrored(one)) == pytest.approx(one.above(other), rel=0, abs=1e-9)


def test_what_lies_far_above_is_certain_and_far_below_impossible() -> None:
    high, low = (Mixture((Student(1.0, mean, 0.2, 55.0),)) for mean in (9.0, -9.0))
    assert high.above(low) == pytest.approx(1, rel=0, abs=1e-9)
    assert low.above(high) == pytest.approx(0, rel=0, abs=1e-9)


def test_a_narrow_part_beside_a_wide_one_is_seen() -> None:
    mixed = Mixture((Student(0.9, 0.0, 9.0, 6.0), Student(0.1, 7.0, 0.01, 55.0)))
    other = Mixture((Student(0.5, 6.0, 0.3, 8.0), Student(0.5, 9.0, 3.0, 6.0)))
    assert mixed.above(other) == pytest.approx(by_quadrature(mixed, other), rel=0, abs=1e-5)
    assert other.above(mixed) == pytest.approx(by_quadrature(other, mixed), rel=0, abs=1e-5)


@pytest.mark.parametrize("apart", [0.0, 0.7, 2.0, 3.3, 5.9])
def test_a_level_known_from_years_lies_above_one_known_from_a_day_as_often_as_it_should(apart: float) -> None:
    years, day = Mixture((Student(1.0, apart, 0.05, 55.0),)), Mixture((Student(1.0, 0.0, 2.6, 6.0),))
    assert years.above(day) == pytest.approx(by_quadrature(years, day), rel=0, abs=1e-5)
    assert day.above(years) == pytest.approx(by_quadrature(day, years), rel=0, abs=1e-5)
