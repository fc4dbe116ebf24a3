"""What --update does: signals become what a file says of their uid, as far as it says anything."""

from typing import Any

import sqlalchemy as sa

from scrutiny.core.acts import Kind
from scrutiny.core.text import folded
from scrutiny.store import edits
from scrutiny.store.tables import ALLY, CONTENT, SIGNAL, SIGNAL_WAS
from scrutiny.store.waiting import INCOMING, MATCHED, State, apart, is_named, said, signals_in


def update(connection: sa.Connection, named: frozenset[str] | None, change: int) -> tuple[int, int]:
    """Makes of the signals that differ what the file says, where it says several things the first.

    How many, and how many of these the same file brought back a moment before.
    """
    live = MATCHED.c.state.in_([State.SAME.value, State.DIFFERS.value, State.BACK.value])
    first = sa.select(sa.func.min(MATCHED.c.place)).where(live).group_by(MATCHED.c.signal_id)
    differing = (
        sa.select(MATCHED.c.place)
        .join_from(MATCHED, INCOMING, INCOMING.c.place == MATCHED.c.place)
        .join(SIGNAL, SIGNAL.c.id == MATCHED.c.signal_id)
        .join(ALLY, ALLY.c.id == SIGNAL.c.ally_id)
        .where(apart(named))
    )
    counts = [
        connection.execute(
            sa.update(MATCHED)
            .where(MATCHED.c.place.in_(first), MATCHED.c.state == state.value, MATCHED.c.place.in_(differing))
            .values(state=State.UPDATED.value)
        ).rowcount
        for state in (State.BACK, State.DIFFERS)
    ]
    mine = SIGNAL.c.id.in_(signals_in(State.UPDATED))
    kept = sa.select(SIGNAL_WAS.c.signal_id).where(SIGNAL_WAS.c.change_id == change)
    edits.keep(connection, mine & (SIGNAL.c.added_by != change) & SIGNAL.c.id.not_in(kept), change)
    of = (MATCHED.c.signal_id == SIGNAL.c.id) & (MATCHED.c.place == INCOMING.c.place)
    ally = sa.select(ALLY.c.id).where(ALLY.c.slug == INCOMING.c.ally).scalar_subquery()
    new = {name: said(name) for name in CONTENT if is_named(name, named)} | _scored(named) | {"ally_id": ally}
    is_updated = MATCHED.c.state == State.UPDATED.value
    worded = [is_named(name, named) for name in ("summary", "source")]
    if all(worded):
        new["words"] = INCOMING.c.words
    connection.execute(sa.update(SIGNAL).where(of, is_updated).values(new))
    if any(worded) and not all(worded):
        _reword(connection, mine)
    return sum(counts), counts[0]


def _scored(named: frozenset[str] | None) -> dict[str, sa.ColumnElement[Any]]:
    """Act, kind and score after an update; what the file does not name follows from what it does, as in an edit."""
    if named is None or {"act", "kind", "score"} <= named:
        return {}
    act, kind, score = (said(name) for name in ("act", "kind", "score"))
    if "act" in named:
        stays = SIGNAL.c.act.is_not_distinct_from(act)
    elif "kind" in named:
        stays = SIGNAL.c.kind == kind
    else:
        stays = (SIGNAL.c.kind == Kind.SANCTIONS.value) | (SIGNAL.c.score * score > 0)
    old = {name: sa.case((stays, SIGNAL.c[name]), else_=new) for name, new in (("act", act), ("kind", kind))}
    return old | ({} if "score" in named else {"score": sa.case((stays, SIGNAL.c.score), else_=score)})


def _reword(connection: sa.Connection, signals: sa.ColumnElement[bool]) -> None:
    """Makes what search looks at what summary and source now say, of which the file has but one."""
    asked = sa.select(SIGNAL.c.id, SIGNAL.c.summary, SIGNAL.c.source, SIGNAL.c.words).where(signals)
    rows = ((row.id, row.words, folded(f"{row.summary} {row.source or ''}")) for row in connection.execute(asked))
    wrong = [{"number": number, "new": words} for number, old, words in rows if old != words]
    if wrong:
        mine = SIGNAL.c.id == sa.bindparam("number")
        connection.execute(sa.update(SIGNAL).where(mine).values(words=sa.bindparam("new")), wrong)
