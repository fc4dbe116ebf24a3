"""A ledger copied whole into another store, history and all, and shown to be the same there before it is one."""

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

import sqlalchemy as sa

from scrutiny.core.names import counted
from scrutiny.errors import BrokenLedger, ScrutinyError
from scrutiny.store import schema, sides
from scrutiny.store.engines import engine
from scrutiny.store.engines.engine import Say, dispose, unanswered
from scrutiny.store.sides import TABLES, Digest, Row, Side, Told
from scrutiny.store.tables import CHANGE, CHECK, SIGNAL

Progress = Callable[[int, int], None]  # rows read, here and there, of how many


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied where, and the digest that both sides have."""

    where: str
    signals: int
    changes: int
    digest: str


def copy(source: Side, to: str, progress: Progress, say: Say) -> Copied:
    """Copies a ledger, which the caller's transaction reads, to an empty place, or goes on with such a copy.

    ScrutinyError where there is a ledger already.
    """
    store = engine(to)
    with sides.explained(store):
        if not store.exists():
            store.prepare(lambda fresh: _make_ready(Side(store, fresh), say))
        target = Side(store, store.connect(writing=True))
    try:
        _make_ready(target, say)
        with sides.explained(store), store.filling(target.connection, say):
            _is_ready(target)  # or else another copy has finished it while this one waited
            return _filled(source, target, progress, say)
    finally:
        dispose(target.connection)


def _make_ready(target: Side, say: Say) -> None:
    """Makes the tables of a copy where there are none."""
    if not _is_ready(target):
        with target.writing(say):
            if not _is_ready(target):  # another may have been first
                target.store.refuse_closed(target.connection)
                schema.upgrade(target.connection)
                schema.mark(target.connection, finished=False)


def _is_ready(target: Side) -> bool:
    """Whether the tables of an unfinished copy are there; ScrutinyError where others are."""
    where = target.store.where
    try:
        found = schema.revision(target.connection, where)
    except schema.UnfinishedCopy as unfinished:
        if unfinished.revision != schema.HEAD:
            raise ScrutinyError(
                f"{where} is the unfinished copy by another version of this program", "copy to another place"
            ) from None
        return True
    except BrokenLedger as other:
        other.hint = "copy to another place"
        raise
    if found is not None:
        raise ScrutinyError(f"there is a ledger at {where} already", "copy to another place")
    return False


def _filled(source: Side, target: Side, progress: Progress, say: Say) -> Copied:
    """Copies what is not there yet, and makes a ledger of it once all that is there is found to be as it is here."""
    there, whole, done = target.count(), 2 * source.count(), 0

    def told(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done, whole)

    if there:
        say(f"note: going on with a copy that was broken off, of which {counted(there, 'row')} came there")
    digests = {table.name: _copy(source, target, table, told, say) for table in TABLES}
    for table in TABLES:
        _compare(target, table, digests[table.name], told)
    target.settle()
    where = target.store.where
    with target.writing(say, unanswered(where, f"scrutiny --db {shlex.quote(where)} db check")):
        schema.mark(target.connection, finished=True)
    signals, changes = (digests[table.name].rows for table in (SIGNAL, CHANGE))
    return Copied(where, signals, changes, sides.of_all(digests))


def _copy(source: Side, target: Side, table: sa.Table, told: Told, say: Say) -> Digest:
    """Copies those rows of a table that are not there yet; its digest, of the rows as they were read here."""
    there = target.digest(table, lambda _: None)
    rows, digest = chain.from_iterable(source.rows(table)), Digest()
    for chunk in _chunks(islice(rows, there.rows)):
        digest.add(chunk)
        told(len(chunk))
    if str(digest) != str(there):
        say(f"note: the ledger has changed since then; its table {table.name} is copied anew")
        with target.writing(say):
            target.store.clear(target.connection, _with_those_that_refer_to(table))
        told(-digest.rows)
        rows, digest = chain.from_iterable(source.rows(table)), Digest()
    for chunk in _chunks(rows):
        with target.writing(say):
            target.load(table, chunk)
        digest.add(chunk)
        told(len(chunk))
    return digest


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, sides.CHUNK)):
        yield chunk


def _with_those_that_refer_to(table: sa.Table) -> list[sa.Table]:
    """A table and all that refer to it, themselves or by way of others, each after those that it refers to."""
    found = [table]
    for one in TABLES:
        if one is not table and any(key.column.table in found for key in one.foreign_keys):
            found.append(one)
    return found


def _compare(target: Side, table: sa.Table, digest: Digest, told: Told) -> None:
    """BrokenLedger where what is read back from a table is not what was read here."""
    found = target.digest(table, told)
    if str(found) != str(digest):
        raise BrokenLedger(
            f"the table {table.name} of {target.store.where} is not the ledger's: {found}, and not {digest}",
            f"type the same db copy again, which copies it anew; if it differs again: {CHECK}",
        )
