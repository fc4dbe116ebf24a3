"""Figures: what was timed, what it is held against, and how they are printed and kept."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.timed import Ran, ratio, seconds

HEADING = f"{'':26}{'signals':>11}{'seconds':>10}{'against':>10}{'ratio':>8}{'aim':>8}{'MB':>6}   against"


@dataclass(frozen=True, slots=True)
class Figure:
    """What something took, beside another thing that it may take so many times as long as.

    `within` and `memory` are the seconds and MiB that it may take itself, `rows` what went in or out in that time.
    Without seconds nothing was timed, and the note says why.
    """

    group: str
    name: str
    seconds: float | None = None
    cpu: float | None = None
    peak: float | None = None
    size: int | None = None
    store: str = "sqlite"
    against: str = ""
    other: float | None = None
    ratio: float | None = None
    aim: float | None = None
    within: float | None = None
    memory: float | None = None
    rows: int | None = None
    turns: int = 0
    note: str = ""

    @property
    def is_missed(self) -> bool:
        """Whether it takes longer, or more memory, than it should."""
        pairs = ((self.ratio, self.aim), (self.seconds, self.within), (self.peak, self.memory))
        return any(found is not None and most is not None and found > most for found, most in pairs)

    @property
    def rate(self) -> float | None:
        """Rows a second."""
        return self.rows / self.seconds if self.rows and self.seconds else None


def compared(group: str, name: str, ours: list[Ran], others: list[Ran] | None, against: str, **more: Any) -> Figure:
    """The figure of some runs beside those of another thing, made in the same turns."""
    return Figure(
        group,
        name,
        seconds=seconds(ours),
        cpu=min(one.cpu for one in ours),
        peak=max(one.peak for one in ours),
        against=against,
        other=seconds(others) if others else None,
        ratio=ratio(ours, others) if others else None,
        turns=len(ours),
        **more,
    )


def line(figure: Figure) -> str:
    """The figure under HEADING."""
    size = "" if figure.size is None else f"{figure.size:,}"
    aim = f"{figure.aim:.2f}" if figure.aim else f"{figure.within:g} s" if figure.within else ""
    cells = f"{_said(figure.seconds, 3):>10}{_said(figure.other, 3):>10}{_said(figure.ratio, 2):>8}{aim:>8}"
    rate, over = "" if figure.rate is None else f"{figure.rate:,.0f} rows/s", "<- over" if figure.is_missed else ""
    told = " · ".join(filter(None, (figure.against, rate, figure.note, over)))
    return f"{figure.name:26}{size:>11}{cells}{_said(figure.peak, 0):>6}   {told}".rstrip()


def _said(number: float | None, decimals: int) -> str:
    return "-" if number is None else f"{number:.{decimals}f}"


def write(path: Path, machine: dict[str, Any], found: Iterable[Figure]) -> None:
    """All figures of a run as JSON, after what they were measured on."""
    said = [asdict(one) | {"rate": one.rate, "missed": one.is_missed} for one in found]
    path.write_text(json.dumps({"machine": machine, "figures": said}, indent=1) + "\n", "utf-8")


def read(path: Path) -> tuple[dict[str, Any], list[Figure]]:
    """What `write` wrote."""
    said = json.loads(path.read_text("utf-8"))
    names = Figure.__dataclass_fields__
    return said["machine"], [Figure(**{name: one[name] for name in names}) for one in said["figures"]]
