"""What becomes of a row of a dyad: left out by an option, without a say, a repeat, or a signal."""

from datetime import date
from typing import NamedTuple

from scrutiny.core.exported import Alike, check_own
from scrutiny.core.signals import Actor, Signal
from scrutiny.errors import ScrutinyError
from scrutiny.feeds import Row, Tally
from scrutiny.feeds.cameo import Coded
from scrutiny.feeds.dyads import Direction, Dyads, Side

MANY = 1 << 12  # codes with a score that are remembered: feeds have some hundred, nonsense any number
PATIENCE = 100  # lines that may be wrong before it matters how many are
_DIRECTIONS = {Actor.ALLY: Direction.ALLY_TO_PRINCIPAL, Actor.PRINCIPAL: Direction.PRINCIPAL_TO_ALLY}
_OTHER = {Actor.ALLY: Actor.PRINCIPAL, Actor.PRINCIPAL: Actor.ALLY}


class Event(NamedTuple):
    """A row of a dyad as its feed has it, read but not judged; `story` tells two reports of one event apart."""

    uid: str
    side: Side
    happened_on: date
    source: str  # who acted, empty where the feed has no name
    target: str
    coded: Coded
    score: float
    citation: str = ""
    story: str = ""
    mentions: int | None = None


class Sieve:
    """One reading of one file: lets pass what is asked for, once each, and counts the rest in the tally.

    It remembers a number for each row that passed, not the row.
    """

    def __init__(self, feed: str, dyads: Dyads, tally: Tally) -> None:
        self._feed = feed
        self._dyads = dyads
        self._tally = tally
        self._names = {ally.slug: ally.name for ally in dyads.roster.allies}
        self._seen: set[int] = set()
        self._unpaired: dict[int, int] = {}
        self._alike: dict[tuple[Actor, Coded, float], Alike] = {}
        self._misfits = 0

    def is_asked(self, of: Side) -> bool:
        """Counts a row of a dyad; whether it is an ally's and in the direction that is asked for."""
        self._tally.matched[of.ally] += 1
        if self._dyads.allies and of.ally not in self._dyads.allies:
            return self._left_out("--ally")
        if self._dyads.direction not in (Direction.BOTH, _DIRECTIONS[of.actor]):
            return self._left_out("--direction")
        return True

    def is_prominent(self, *, is_root: bool, mentions: int) -> bool:
        """Whether the row stands at the root of a story, and in as many places, as is asked for."""
        if self._dyads.root_only and not is_root:
            return self._left_out("--root-only")
        if mentions < self._dyads.min_mentions:
            return self._left_out("--min-mentions")
        return True

    def is_in_time(self, day: date) -> bool:
        """Whether the options on the date let the row pass."""
        if self._dyads.since and day < self._dyads.since:
            return self._left_out("--since")
        if self._dyads.until and day > self._dyads.until:
            return self._left_out("--until")
        return True

    def row(self, line: int, event: Event) -> Row | None:
        """The event as a signal; None for one that says nothing or came before. BadValue where it can be none."""
        if event.score == 0:
            self._tally.neutral += 1
            return None
        coded, (ally, actor) = event.coded, event.side
        source, target = self._named(event)
        summary = f"{source} > {target}: {coded.name}"
        mirror = coded.mirrored and f"{target} > {source}: {coded.mirrored}"
        where = (event.happened_on.toordinal(), ally)
        keys = {hash(event.uid)}
        if event.story:
            keys.add(hash((*where, actor, summary, coded.cameo, event.story)))
        if not self._seen.isdisjoint(keys):
            self._tally.repeats += 1
            return None
        found = self._row(line, event, summary, mirror or "")
        self._seen |= keys
        if mirror and self._pairs(hash((*where, actor, summary)), hash((*where, _OTHER[actor], mirror))):
            self._tally.repeats += 1
            return None
        return found

    def _row(self, line: int, event: Event, summary: str, mirror: str) -> Row:
        """What the event is written as. A signal whole where no event before it was of the same side, code and score;
        the next ones then say alike all but what tells each apart."""
        (ally, actor), coded, score = event.side, event.coded, event.score
        alike = self._alike.get(key := (actor, coded, score))
        if alike and (event.mentions is None or event.mentions > 0):
            check_own(event.uid, summary, event.citation)
            own = (event.uid, event.happened_on.isoformat(), ally, summary, event.citation)
            return Row(line, *own, alike, mirror, event.mentions or 0)
        signal = Signal(
            uid=event.uid,
            ally=ally,
            happened_on=event.happened_on,
            kind=coded.kind(score),
            score=score,
            summary=summary,
            act=coded.word(score),
            actor=actor,
            domain=coded.domain,
            source=event.citation or None,
            grade=self._dyads.grade,
            origin=self._feed,
            cameo=coded.cameo,
            mentions=event.mentions,
        )
        found = Row.of(line, signal, mirror)
        if len(self._alike) > MANY:
            self._alike.clear()
        self._alike[key] = found.alike
        return found

    def misfit(self, reason: str) -> str:
        """The reason again, for a line that does not have the feed's columns; ScrutinyError once most are such."""
        self._misfits += 1
        if self._misfits > PATIENCE:
            self.end()
        return reason

    def end(self) -> None:
        """ScrutinyError where most of the lines that were read did not have the feed's columns."""
        if self._misfits * 2 > self._tally.read:
            raise not_of(self._feed, self._misfits, self._tally.read)

    def _left_out(self, option: str) -> bool:
        self._tally.left_out[option] += 1
        return False

    def _named(self, event: Event) -> tuple[str, str]:
        """Both sides by name, a side without one by its country's."""
        ally, principal = self._names[event.side.ally], self._dyads.roster.principal.name
        acting, acted_on = (principal, ally) if event.side.actor is Actor.PRINCIPAL else (ally, principal)
        return event.source or acting, event.target or acted_on

    def _pairs(self, this: int, other: int) -> bool:
        """Whether an event was reported by the other side, whose report then is used up: they pair one to one."""
        if waiting := self._unpaired.get(other):
            if waiting == 1:
                del self._unpaired[other]
            else:
                self._unpaired[other] = waiting - 1
            return True
        self._unpaired[this] = self._unpaired.get(this, 0) + 1
        return False


def not_of(feed: str, misfits: int, read: int) -> ScrutinyError:
    """Why a file is not read in which so many of the lines that were read do not have the feed's columns."""
    return ScrutinyError(f"this is not {feed.upper()}: {misfits:,} of {read:,} lines do not have its columns")
