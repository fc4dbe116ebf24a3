"""Student's t and mixtures of it: density, distribution and quantiles, without a numeric library."""

import math
from dataclasses import dataclass
from functools import lru_cache

_TINY = 1e-300
_CLOSE = 1e-15
_QUANTILE_STEPS = 200  # Newton needs five or six
_QUANTILE_CLOSE = 1e-13
_TUKEY = 0.135  # Tukey's lambda: nearly the normal quantile, where Newton begins
_REACH, _ABOVE_STEPS = 8.0, 80  # sinh(8) is some 1,500 scales out
_STEPS = 100_000  # the fraction needs about the square root of the freedom


@dataclass(frozen=True, slots=True)
class Student:
    """A Student t with location, scale and degrees of freedom, and its weight in a mixture."""

    weight: float
    mean: float
    scale: float
    freedom: float

    def density(self, x: float) -> float:
        """The density at x."""
        return math.exp(self.log_density(x))

    def log_density(self, x: float) -> float:
        """The natural logarithm of the density at x, in nats."""
        half, z = self.freedom / 2, (x - self.mean) / self.scale
        return log_peak(self.freedom) - math.log(self.scale) - (half + 0.5) * math.log1p(z * z / self.freedom)

    def below(self, x: float) -> float:
        """The probability of a value below x."""
        z = (x - self.mean) / self.scale
        if z * z < 1:  # in the middle the tail's complement keeps more digits
            half = 0.5 * _incomplete_beta(0.5, self.freedom / 2, z * z / (self.freedom + z * z))
            return 0.5 + math.copysign(half, z)
        tail = 0.5 * _incomplete_beta(self.freedom / 2, 0.5, self.freedom / (self.freedom + z * z))
        return tail if z < 0 else 1 - tail

    def above(self, other: "Student") -> float:
        """The probability that a draw lies above an independent one of the other: one's density times other's below.

        The trapezoid rule over x = mean + scale sinh(u) of the narrower, where the wider is smooth.
        """
        if self.scale > other.scale:
            return 1 - other.above(self)
        step, total = _REACH / _ABOVE_STEPS, 0.0
        for at in range(-_ABOVE_STEPS, _ABOVE_STEPS + 1):
            x = self.mean + self.scale * math.sinh(at * step)
            total += self.density(x) * other.below(x) * math.cosh(at * step)
        return min(1.0, total * self.scale * step)


@dataclass(frozen=True, slots=True)
class Mixture:
    """Several Student t whose weights sum to 1."""

    parts: tuple[Student, ...]

    @property
    def mean(self) -> float:
        """The mean."""
        return math.fsum(part.weight * part.mean for part in self.parts)

    def below(self, x: float) -> float:
        """The probability of a value below x."""
        return math.fsum(part.weight * part.below(x) for part in self.parts)

    def density(self, x: float) -> float:
        """The density at x."""
        return math.fsum(part.weight * part.density(x) for part in self.parts)

    def above(self, other: "Mixture") -> float:
        """The probability that a draw lies above an independent one of the other."""
        return math.fsum(a.weight * b.weight * a.above(b) for a in self.parts for b in other.parts)

    def quantile(self, probability: float) -> float:
        """The value below which this probability lies: Newton's steps from near it, held in a growing bracket."""
        low, high = -math.inf, math.inf
        widest = max(part.scale for part in self.parts)
        x = self.mean + widest * (math.pow(probability, _TUKEY) - math.pow(1 - probability, _TUKEY)) / 0.1975
        for _ in range(_QUANTILE_STEPS):
            off = self.below(x) - probability
            low, high = (low, x) if off > 0 else (x, high)
            slope = self.density(x)
            step = x - off / slope if slope else math.nan  # between parts far apart there may be no slope to follow
            if abs(step - x) <= _QUANTILE_CLOSE * (1 + abs(x)):
                return step
            if not low < step < high:
                step = _between(low, high, widest)
                widest *= 2
            x = step
        return x


@lru_cache(4096)
def log_peak(freedom: float) -> float:
    """The natural logarithm of the density at the mean of a Student t of scale 1."""
    half = freedom / 2
    return math.lgamma(half + 0.5) - math.lgamma(half) - 0.5 * math.log(freedom * math.pi)


def _between(low: float, high: float, stride: float) -> float:
    """A point inside the bracket, a stride beyond its one end where the other is open."""
    if math.isinf(low):
        return high - stride
    return low + stride if math.isinf(high) else (low + high) / 2


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(b, a, 1 - x)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(front) / a * _fraction(a, b, x)


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of DLMF 8.17.22, summed by Lentz's method."""
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or _TINY)
    total = d
    for m in range(1, _STEPS):
        at = a + 2 * m
        even = m * (b - m) * x / ((at - 1) * at)
        d = 1 / (1 + even * d or _TINY)
        c = 1 + even / c or _TINY
        total *= c * d
        odd = -(a + m) * (a + b + m) * x / (at * (at + 1))
        d = 1 / (1 + odd * d or _TINY)
        c = 1 + odd / c or _TINY
        total *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return total
