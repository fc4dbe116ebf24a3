"""A view: what a report says, before how it looks. Cells are raw values; word() says them to people."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Any, NamedTuple


class Form(Enum):
    """How people read a cell."""

    TEXT = "text"
    NAME = "name"  # text that may be broken between words
    PROSE = "prose"  # text that may be broken over lines
    NUMBER = "number"
    ID = "id"
    DATE = "date"
    MOMENT = "moment"
    DAYS = "days"
    SCORE = "score"
    LEVEL = "level"
    PART = "part"  # of a level, to two decimals, so that a sum can be seen to be one
    LIKELY = "likely"
    MOVE = "move"
    SOURCE = "source"  # an address of the web, or a citation
    BAR = "bar"
    SPARK = "spark"


class Where(Enum):
    """Which renderers show a part."""

    ALWAYS = "always"
    SCREEN = "screen"  # table and Markdown: drawn from figures that stand elsewhere
    DATA = "data"  # JSON and CSV
    JSON = "json"  # nested


class Likely(NamedTuple):
    """A probability in words and percent."""

    word: str
    percent: int


class Move(NamedTuple):
    """A direction: its sign (None where none can be said), its words, and how likely it is."""

    sign: int | None
    words: str
    likely: Likely | None = None


class Bar(NamedTuple):
    """A level with its band on a scale."""

    low: float
    level: float
    high: float


class Spark(NamedTuple):
    """A path to be drawn small, None where there is nothing, and the scale it shares with others."""

    points: tuple[float | None, ...]
    low: float
    high: float


class Point(NamedTuple):
    """A level with its band as judged on a day; None before there was anything."""

    on: date
    level: float | None
    low: float | None
    high: float | None


class Said(NamedTuple):
    """A cell among others of other forms, with its own."""

    cell: Any
    form: Form


class Mark(NamedTuple):
    """A signal as a point in time: its score, its weight from 0 to 1, and what is read of it by who points at it."""

    on: date
    score: float
    weight: float
    number: int | None = None
    act: str = ""
    grade: str | None = None
    said: str = ""
    source: str | None = None


SCALE = 10  # bars run from -10 to +10
BAR_WIDTHS = (21, 17, 15, 11, 9)  # signs: one a point of the scale, or fewer where room is short
SPARKS = "▁▂▃▄▅▆▇█"
ARROWS = {1: "▲", -1: "▼", 0: "─", None: " "}
HOLLOW = {1: "△", -1: "▽"}  # a signal that moves nothing
LINE, EDGE = "━", "·"  # a level over time, and either edge of its band
DRAWN = f"{LINE} level as judged each day, {EDGE} its 90% band, {ARROWS[1]} {ARROWS[-1]} signals at their scores"
PLAIN = str.maketrans(  # all signs that are drawn with, where there is no Unicode
    "·●─┼▲▼△▽▁▂▃▄▅▆▇█…’←│┤├└┬━┃┏┓┗┛",
    ".o-+^vnu_.,-=+*#.'<|++++=|++++",
)
RIGHT = frozenset({Form.NUMBER, Form.ID, Form.DAYS, Form.SCORE, Form.LEVEL, Form.PART})


BLANK = frozenset(  # for None
    {Form.TEXT, Form.NAME, Form.PROSE, Form.SOURCE, Form.BAR, Form.SPARK, Form.ID, Form.DATE, Form.PART}
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: a stable key, the heading people read, its form; the higher `drop`, the sooner it makes room.

    A cell that is a mapping has these `parts`, each of which is a column of its own in CSV.
    """

    key: str
    heading: str = ""
    form: Form = Form.TEXT
    where: Where = Where.ALWAYS
    drop: int = 0
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of raw cells under columns; JSON lists them under the key.

    One that folds shows columns for which there is no room below the others, after the first again.
    """

    key: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Any, ...]]
    where: Where = Where.ALWAYS
    folds: bool = False

    def seen(self) -> tuple[tuple[int, Column], ...]:
        """The columns that people see, each with its place in a row."""
        return tuple((at, one) for at, one in enumerate(self.columns) if one.where in (Where.ALWAYS, Where.SCREEN))


@dataclass(frozen=True, slots=True)
class Line:
    """A labelled line for people; what it says stands in the facts for machines."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """An ally's level over time, from the first of its points to the last, and the signals of those days.

    Drawn for people, all charts of a view on one scale. The tables have the same signals, and the path at even steps;
    the points stand closer where signals move the level.
    """

    ally: str
    name: str
    points: Sequence[Point]
    marks: Sequence[Mark] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A report: title, facts under stable keys, lines above and below charts and tables, notes that explain."""

    title: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    lines: Sequence[Line] = ()
    charts: Sequence[Chart] = ()
    tables: Sequence[Table] = ()
    below: Sequence[Line] = ()
    notes: Sequence[str] = ()


def word(cell: Any, form: Form, width: int = BAR_WIDTHS[0]) -> str:
    """What people read in place of a cell; `width` is a bar's."""
    if isinstance(cell, Said):
        return word(*cell).strip()
    if cell is None:
        return "" if form in BLANK else "-"
    if form is Form.BAR:
        return bar(cell, width)
    return _SAID.get(form, _text)(cell)


def _text(cell: Any) -> str:
    return cell.value if isinstance(cell, StrEnum) else str(cell)


def day(on: date) -> str:
    """2026-02-24."""
    return on.isoformat()


def moment(at: datetime) -> str:
    """2026-02-24 09:30 in the reader's own time zone; in UTC where that zone has no such year."""
    with suppress(OverflowError, ValueError):
        at = at.astimezone()
    return f"{at:%Y-%m-%d %H:%M}"


def score(value: float) -> str:
    """+2.8, -1.25: as many decimals as it has, one at least."""
    text = f"{value:+.2f}"
    return text.removesuffix("0")


def level(value: float) -> str:
    """+1.0; what rounds to nothing is 0.0."""
    text = f"{value:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text


def part(value: float) -> str:
    """+0.28; what rounds to nothing is 0.00."""
    text = f"{value:+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text


def move(cell: Move) -> str:
    """▲ likely 77%."""
    said = likely(cell.likely) if cell.likely else cell.words
    return f"{ARROWS[cell.sign]} {said}"


def bar(cell: Bar, width: int = BAR_WIDTHS[0]) -> str:
    """·········[┼●──]······ from -10 to +10, zero in the middle."""

    def at(value: float) -> int:
        return round((value + SCALE) / (2 * SCALE) * (width - 1))

    signs = ["·"] * width
    low, high = at(cell.low), at(cell.high)
    signs[low : high + 1] = "─" * (high + 1 - low)
    signs[at(0)] = "┼"
    signs[low], signs[high] = "[", "]"
    signs[at(cell.level)] = "●"
    return "".join(signs)


def bar_heading(width: int = BAR_WIDTHS[0]) -> str:
    """-10       0       +10, as wide as the bars below it."""
    return f"-{SCALE}{'0':^{width - 6}}+{SCALE}"


def spark(cell: Spark) -> str:
    """▁▂▄▆ over time, blank before there was anything."""
    span = (cell.high - cell.low) or 1.0
    steps = len(SPARKS) - 1
    return "".join(" " if at is None else SPARKS[round((at - cell.low) / span * steps)] for at in cell.points)


def likely(cell: Likely) -> str:
    """very likely 89%."""
    return f"{cell.word.removesuffix(' chance')} {cell.percent}%"


_SAID: Mapping[Form, Callable[[Any], str]] = {
    Form.ID: "#{}".format,
    Form.DATE: day,
    Form.MOMENT: moment,
    Form.DAYS: "{}d".format,
    Form.SCORE: score,
    Form.LEVEL: level,
    Form.PART: part,
    Form.LIKELY: likely,
    Form.MOVE: move,
    Form.SPARK: spark,
}
