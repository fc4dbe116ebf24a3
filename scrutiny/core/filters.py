"""Which signals are meant: the filters of list and export, as a value."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scrutiny.core.acts import Kind
from scrutiny.core.signals import DESK, Actor, Domain, Driver

FEEDS, ALL = "feeds", "all"  # origins that stand for several


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Every part that is given must hold; of several values in one part any may. Allies are slugs.

    grades are whole (`B2`), a reliability (`B`) or `none`; origins are names, `feeds` or `all`; words are folded,
    and each must begin a word of the signal's summary or source. Times are UTC: of what the ledger holds now,
    arrived_until asks for what it held then as it is now, arrived_after for what it did not, or held otherwise.
    """

    allies: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    acts: tuple[str, ...] = ()
    no_act: bool = False
    actors: tuple[Actor, ...] = ()
    domains: tuple[Domain, ...] = ()
    drivers: tuple[Driver, ...] = ()
    grades: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    batch: int | None = None
    since: date | None = None
    until: date | None = None
    after: date | None = None
    days: tuple[date, ...] = ()
    words: tuple[str, ...] = ()
    recorded_by: str | None = None
    arrived_after: datetime | None = None
    arrived_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a judging report is asked: as of which day, over how many days, by whose signals and acts."""

    as_of: date
    window: int
    origin: str = DESK  # or a feed's name, `feeds`, `all`
    by: Actor | None = None

    @property
    def since(self) -> date:
        """The day with which the window begins, or the calendar's first."""
        return self.as_of - timedelta(days=min(self.window, self.as_of.toordinal() - 1))

    def in_window(self, *allies: str) -> Filter:
        """The signals of the window that may answer it."""
        reaches_back = self.window >= self.as_of.toordinal()  # before the calendar's first day, which is then within
        return replace(self.wanted(*allies), after=None if reaches_back else self.since)

    def holds(self, on: date) -> bool:
        """Whether a day is in the window."""
        return 0 <= (self.as_of - on).days < self.window

    def wanted(self, *allies: str, later: bool = False) -> Filter:
        """The signals that may answer it, or those dated too late for that."""
        by = () if self.by is None else (self.by,)
        until, after = (None, self.as_of) if later else (self.as_of, None)
        return Filter(allies=allies, actors=by, origins=(self.origin,), until=until, after=after)
