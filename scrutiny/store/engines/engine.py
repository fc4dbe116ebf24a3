"""What every engine offers, whatever store is behind it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from scrutiny.errors import ScrutinyError

SAY_AFTER = 1.0  # seconds that a writer waits in silence
GIVE_UP_AFTER = 60.0  # seconds that it waits at all
WAITING = "waiting for another program to finish writing the ledger ..."

Say = Callable[[str], None]
Fill = Callable[[sa.Connection], None]  # puts schema and seeds into an empty store


def gave_up(where: str) -> ScrutinyError:
    """What a writer says whose turn never came."""
    return ScrutinyError(
        f"another program has been writing {where} for {GIVE_UP_AFTER:.0f} s; nothing was written",
        "try again when it has finished",
    )


def unanswered(where: str, look: str = "scrutiny history") -> ScrutinyError:
    """What a writer says whose last word got no answer."""
    return ScrutinyError(
        f"the server of {where} went away at the last moment: it is not known whether this was written",
        f"look, before you run it again: {look}",
    )


class Engine(Protocol):
    """One kind of store."""

    where: str
    schema: str | None  # where the tables are, on an engine whose relations would otherwise refer to themselves
    upgrades_itself: bool  # a writer brings an older ledger up to date without being told to

    def exists(self) -> bool:
        """Whether there is anything yet."""
        ...

    def connect(self, *, writing: bool) -> sa.Connection:
        """A connection in autocommit: transactions are begun by name, below."""
        ...

    def refuse_closed(self, connection: sa.Connection) -> None:
        """ScrutinyError where there is a ledger that looks like none to somebody who cannot see it."""
        ...

    def begin_reading(self, connection: sa.Connection) -> None:
        """Begins a transaction in which every query sees the same ledger."""
        ...

    def begin_writing(self, connection: sa.Connection, say: Say) -> None:
        """Begins a transaction once it is this writer's turn; says so when that takes long."""
        ...

    def prepare(self, fill: Fill) -> None:
        """Makes a place for a new ledger, filled or empty; harmless where another program makes it first."""
        ...

    def explained(self, error: BaseException) -> ScrutinyError:
        """What the engine says, in the analyst's words."""
        ...

    def keep_aside(self, why: str) -> Path | None:
        """Copies the ledger beside itself under a name that says why; None where the engine has no such copies."""
        ...

    def damage(self, say: Say) -> Iterator[tuple[str, tuple[int, ...]]]:
        """What the engine itself finds wrong with the store, in words, each with the signals that it touches.

        BrokenLedger where it cannot be read.
        """
        ...

    def instant(self, at: sa.ColumnElement[datetime]) -> sa.ColumnElement[str]:
        """A time as text, 2026-02-24T09:30:00Z, with a fraction where there is one."""
        ...

    def moment(self, text: sa.ColumnElement[str]) -> sa.ColumnElement[datetime]:
        """A time of such a text."""
        ...

    def arriving(self, connection: sa.Connection, batch: int) -> AbstractContextManager[None]:
        """Within, rows of a batch are added that are known to break no rule; after it, search finds them."""
        ...

    def load(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Sequence[sa.Column[Any]],
        rows: Iterable[Sequence[Any]],
    ) -> None:
        """Writes rows into columns of a table, as fast as the engine takes them."""
        ...

    def written(self, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
        """A column as all engines write it alike: days, and times in UTC, as text. While filling, `load` reads it."""
        ...

    def filling(self, connection: sa.Connection, say: Say) -> AbstractContextManager[None]:
        """Within, a copy is filled with rows that broke no rule where they come from, by nobody else at a time.

        Others wait for their turn at that as writers do.
        """
        ...

    def clear(self, connection: sa.Connection, tables: Sequence[sa.Table]) -> None:
        """Takes all rows out of tables, of which none is referred to by others than these and those before it."""
        ...

    def settle(self, connection: sa.Connection, tables: Sequence[sa.Table]) -> None:
        """Makes of a store that was filled one that is in use: numbers go on from the last, search finds all."""
        ...

    def are_common(self, connection: sa.Connection, words: Sequence[str]) -> bool:
        """Whether so many signals have all these words that looking for the newest does not take long."""
        ...

    def at_most(self, meant: sa.Select[int], most: int) -> sa.FromClause:
        """Those that are meant, or so many of them, whichever are found first."""
        ...

    def count(self, connection: sa.Connection, words: Sequence[str], most: int | None = None) -> int:
        """How many signals in the ledger have all these words, or `most` where there are more."""
        ...

    def newest(self, connection: sa.Connection, words: Sequence[str], limit: int) -> Sequence[int] | None:
        """The numbers of the newest signals in the ledger that have all these words.

        None where this is found as fast as with other filters.
        """
        ...

    def matches(self, connection: sa.Connection, words: Sequence[str]) -> sa.ColumnElement[bool]:
        """The signals in which each word begins a word of the folded text."""
        ...


def dispose(connection: sa.Connection) -> None:
    """Closes a connection and the engine behind it, whatever has become of the server."""
    with suppress(sa.exc.SQLAlchemyError):
        connection.close()
    connection.engine.dispose()
