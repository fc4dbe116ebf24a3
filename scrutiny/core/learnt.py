"""What a temperament has learnt after each signal day, in little room."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import Struct
from typing import NamedTuple, Self, overload


class State(NamedTuple):
    """What is known after a signal day; covariances in units of s2."""

    day: float  # the date's ordinal
    a: float
    x: float
    aa: float
    ax: float
    xx: float
    freedom: float  # how well s2 is known, in degrees of freedom
    spread: float  # s2 times that: the squared, standardised surprises
    evidence: float  # log marginal likelihood so far
    gain_a: float
    gain_x: float


_WIDTH = len(State._fields)
PACKED = Struct(f"{_WIDTH}d")


@dataclass(frozen=True, slots=True)
class States(Sequence[State]):
    """States in order, one behind the other: as objects they would take four times the room, and longer to keep."""

    packed: "array[float]"

    @classmethod
    def of(cls, first: State) -> Self:
        """That one, after which others are to come."""
        return cls(array("d", first))

    def each(self, part: str) -> Sequence[float]:
        """One part of every state."""
        return self.packed[State._fields.index(part) :: _WIDTH]

    def __len__(self) -> int:
        return len(self.packed) // _WIDTH

    def __iter__(self) -> Iterator[State]:
        return map(State._make, PACKED.iter_unpack(self.packed))

    @overload
    def __getitem__(self, at: int) -> State: ...

    @overload
    def __getitem__(self, at: slice) -> Self: ...

    def __getitem__(self, at: int | slice) -> State | Self:
        if isinstance(at, slice):
            first, end, _ = at.indices(len(self))
            return type(self)(self.packed[first * _WIDTH : end * _WIDTH])
        return State._make(PACKED.unpack_from(self.packed, at * PACKED.size))
