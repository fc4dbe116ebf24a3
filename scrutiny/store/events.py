"""Feed events in the store: which are worth reading up, which may become the desk's, which report the same."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from scrutiny.core.acts import ACTS
from scrutiny.core.events import Candidate, Report
from scrutiny.core.signals import DESK, Signal
from scrutiny.errors import ScrutinyError
from scrutiny.store import edits
from scrutiny.store.conditions import ACCEPTED, HUNDREDTHS, IN_LEDGER
from scrutiny.store.tables import ALLY, SIGNAL, SIGNALS, signal_of

Ask = Callable[[sa.Select[Any]], sa.CursorResult[*tuple[Any, ...]]]  # runs a query on the ledger as it is known

IS_CANDIDATE = (SIGNAL.c.origin != DESK) & ~ACCEPTED

_ROOTS = {act.word: act.root for act in ACTS.values() if act.root}
_ROOT = sa.func.coalesce(sa.func.substr(SIGNAL.c.cameo, 1, 2), sa.case(_ROOTS, value=SIGNAL.c.act))
_IS_URL = sa.or_(
    sa.func.lower(sa.func.substr(SIGNAL.c.source, 1, 7)) == "http://",
    sa.func.lower(sa.func.substr(SIGNAL.c.source, 1, 8)) == "https://",
)


def is_page(source: str | None) -> bool:
    """Whether a source is one page, and not a publisher, whom a feed names for all that it publishes."""
    return (source or "").casefold().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepting did: its change, the event, the desk's signal, and what may be repeats of that."""

    change: int
    event: Signal
    signal: Signal
    repeats: tuple[Signal, ...]


def desk_days() -> sa.FromClause:
    """How many signals the desk has of each ally and day of which it has any."""
    of_day = (SIGNAL.c.ally_id, SIGNAL.c.happened_on)
    days = sa.select(*of_day, sa.func.count().label("signals")).where(IN_LEDGER, SIGNAL.c.origin == DESK)
    return days.group_by(*of_day).subquery("desk")


def candidates(
    ask: Ask, wanted: Callable[[sa.Select[Any]], sa.Select[Any]], desk: sa.FromClause, limit: int | None
) -> list[Candidate]:
    """The feed events that are wanted, those of days on which the desk has nothing first, then the weightiest.

    All are ranked by their numbers alone: sorting whole signals takes as long again.
    """
    told = sa.func.coalesce(SIGNAL.c.mentions, 1) * sa.cast(sa.func.abs(HUNDREDTHS), sa.BigInteger)
    asked = (
        sa.select(SIGNAL.c.id, sa.func.coalesce(desk.c.signals, 0))
        .join_from(SIGNAL, ALLY)
        .outerjoin(desk, (desk.c.ally_id == SIGNAL.c.ally_id) & (desk.c.happened_on == SIGNAL.c.happened_on))
        .where(IS_CANDIDATE)
        .order_by(desk.c.signals.is_not(None), told.desc(), SIGNAL.c.happened_on.desc(), SIGNAL.c.id)
    )
    ranked = ask(wanted(asked).limit(limit)).all()
    signals = numbered(ask, [number for number, _ in ranked])
    return [Candidate(signal, count) for signal, (_, count) in zip(signals, ranked, strict=True)]


def acceptable(connection: sa.Connection, event: Signal) -> Signal:
    """The event; ScrutinyError where it is none, or no longer in the ledger, or accepted already."""
    if event.removed:
        raise edits.removed(event.id)
    if event.origin == DESK:
        raise ScrutinyError(f"#{event.id} is a desk signal already", f"change it with: scrutiny edit {event.id}")
    if other := accepted_as(connection.execute, event):
        raise ScrutinyError(
            f"#{event.id} was accepted already, as #{other}", f"change it with: scrutiny edit {other}"
        )
    return event


def accepted_as(ask: Ask, event: Signal) -> int | None:
    """The number of the desk's signal that a feed event became; None where it became none."""
    if event.origin == DESK:
        return None
    asked = sa.select(SIGNAL.c.id).where(IN_LEDGER, SIGNAL.c.event == event.uid, SIGNAL.c.origin == DESK)
    return ask(asked.order_by(SIGNAL.c.id).limit(1)).scalar()


def alike(ask: Ask, allies: Sequence[str]) -> Iterator[tuple[int, Report]]:
    """Each report that another origin has too, with the number of the first of those that it is like by one rule.

    Alike are signals of one ally, of one day, kind and CAMEO root, or from one URL; of some allies where these are
    named. Events that were accepted speak through the desk's signal alone.
    """
    of_some = [ALLY.c.slug.in_(allies)] if allies else []
    for parts, rule in (
        ((SIGNAL.c.happened_on, SIGNAL.c.kind, _ROOT), _ROOT.is_not(None)),
        ((SIGNAL.c.source,), _IS_URL),
    ):
        keys = [part.label(f"key{at}") for at, part in enumerate((SIGNAL.c.ally_id, *parts))]
        of = sa.select(SIGNAL.c.id, SIGNAL.c.happened_on, SIGNAL.c.origin, *keys).join_from(SIGNAL, ALLY)
        for leader, number, on, origin in ask(_grouped(of.where(IN_LEDGER, ~ACCEPTED, rule, *of_some), keys)):
            yield leader, Report(number, on, origin == DESK)


def _grouped(of: sa.Select[Any], keys: Sequence[sa.Label[Any]]) -> sa.Select[Any]:
    """Those that have the same keys as one of another origin, each with the first of its group.

    The keys are columns by then: SQLite sorts once for windows that it can see to be the same.
    """
    keyed = of.subquery("keyed")
    same = [keyed.c[key.name] for key in keys]
    lowest, highest = (end(keyed.c.origin).over(partition_by=same) for end in (sa.func.min, sa.func.max))
    told = sa.select(
        sa.func.min(keyed.c.id).over(partition_by=same).label("leader"),
        keyed.c.id,
        keyed.c.happened_on,
        keyed.c.origin,
        (lowest != highest).label("is_told_by_several"),
    ).subquery("told")
    return sa.select(*told.c[:4]).where(told.c.is_told_by_several)


def numbered(ask: Ask, numbers: Sequence[int]) -> list[Signal]:
    """The signals of those numbers, in their order."""
    found: dict[int, Signal] = {}
    for at in range(0, len(numbers), edits.CHUNK):
        asked = SIGNALS.where(SIGNAL.c.id.in_(numbers[at : at + edits.CHUNK]))
        found |= {row["id"]: signal_of(row) for row in ask(asked).mappings()}
    return [found[number] for number in numbers]
