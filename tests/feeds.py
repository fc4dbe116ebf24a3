"""Feed events for tests: written straight into a ledger, as an import brings them."""

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from scrutiny.core.acts import ACTS, Kind
from scrutiny.core.signals import Signal
from scrutiny.feeds import Row
from scrutiny.store.opening import open_ledger

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)


def signal(uid: str, on: str, word: str, *, ally: str = "china", origin: str = "gdelt", **more: Any) -> Signal:
    """A feed event by an act's word, or by its score alone."""
    act = ACTS.get(word)
    score = act.score if act else float(word)
    kind = act.kind if act else Kind.SUPPORT if score > 0 else Kind.DISTANCING
    said: dict[str, Any] = {"summary": f"{uid} happened", "act": act and act.word} | more
    return Signal(
        uid=uid, ally=ally, happened_on=date.fromisoformat(on), kind=kind, score=score, origin=origin, **said
    )


def event_row(line: int, of: Signal, mirror: str = "") -> Row:
    """The row that a feed makes of such an event."""
    return Row.of(line, of, mirror)


def bring(signals: Sequence[Signal], db: str | None = None, now: datetime = NOW) -> None:
    """Adds them to a ledger, the test's own unless told otherwise, as one change."""
    with open_ledger(db or os.environ["SCRUTINY_DB"], writing=True, author="ana", now=lambda: now) as ledger:
        ledger.add(signals)
