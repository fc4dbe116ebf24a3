"""Full text search beyond an engine's index: by the text itself, among the most recent, and the newest of few."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from scrutiny.store.tables import SIGNAL

RECENT = 5_000  # signals, at most, whose texts are read before an index is asked: 10 ms


def by_text(words: Sequence[str], text: sa.ColumnElement[str] = SIGNAL.c.words) -> sa.ColumnElement[bool]:
    """The signals in which each word begins a word of the folded text, as an engine's index would find them."""
    begins = (
        text.startswith(word, autoescape=True) | text.contains(f" {word}", autoescape=True)
        for word in sorted(words, key=len, reverse=True)  # after a long one, which is rare, few are left
    )
    return sa.and_(*begins)


def before_recent(connection: sa.Connection) -> date | None:
    """The day after which there are no more than RECENT signals; None where a ledger has no more."""
    days = sa.select(SIGNAL.c.happened_on).order_by(SIGNAL.c.happened_on.desc())
    return connection.scalar(days.offset(RECENT).limit(1))


def newest(meant: sa.Select[int], limit: int) -> sa.Select[int, int]:
    """The numbers of the newest of the signals meant, each with how many are meant; all of them are found first.

    A server that is asked for the newest alone may well go through the whole ledger, newest first, making a text
    search vector of each signal to see whether it is one of them.
    """
    found = meant.add_columns(SIGNAL.c.happened_on).cte("found")
    count = sa.select(sa.func.count()).select_from(found).scalar_subquery()
    return sa.select(found.c.id, count).order_by(found.c.happened_on.desc(), found.c.id.desc()).limit(limit)
