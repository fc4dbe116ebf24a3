"""PostgreSQL: a server that a team shares."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from scrutiny.core.places import HIDDEN, shown
from scrutiny.errors import ScrutinyError
from scrutiny.store.engines.engine import GIVE_UP_AFTER, SAY_AFTER, WAITING, Fill, Say, dispose, gave_up
from scrutiny.store.tables import SIGNAL

TURN = 0x5C2071  # the number of the advisory lock that writers take in turn
LOCK_TIMED_OUT = "55P03"  # SQLSTATE lock_not_available


class Postgresql:
    """A ledger on a server."""

    schema: str | None = None
    upgrades_itself = False  # others are at work on a server: somebody decides

    def __init__(self, url: sa.URL) -> None:
        self._url = url.set(drivername="postgresql+psycopg")
        self.where = shown(url.render_as_string(hide_password=False))

    def exists(self) -> bool:
        """Whether the database holds any table."""
        connection = self.connect(writing=False)
        try:
            return bool(sa.inspect(connection).get_table_names())
        finally:
            dispose(connection)

    def connect(self, *, writing: bool) -> sa.Connection:
        """A session on the server; a reader's refuses to write."""
        try:
            engine = sa.create_engine(self._url, poolclass=sa.pool.StaticPool, isolation_level="AUTOCOMMIT")
        except ModuleNotFoundError:
            raise ScrutinyError(
                "a ledger on PostgreSQL needs psycopg, which is not installed", "pip install 'scrutiny[postgres]'"
            ) from None
        connection = engine.connect()
        if not writing:
            connection.exec_driver_sql("SET default_transaction_read_only = on")
        return connection

    def begin_reading(self, connection: sa.Connection) -> None:
        """One snapshot for all queries."""
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def begin_writing(self, connection: sa.Connection, say: Say) -> None:
        """Writers take turns by an advisory lock, so that changes are recorded in one order."""
        for patience in (SAY_AFTER, GIVE_UP_AFTER - SAY_AFTER):
            connection.exec_driver_sql("BEGIN")
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(patience * 1000)}")
            try:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({TURN})")
            except sa.exc.OperationalError as error:
                connection.exec_driver_sql("ROLLBACK")
                if getattr(error.orig, "sqlstate", None) != LOCK_TIMED_OUT:
                    raise
                if patience == SAY_AFTER:
                    say(WAITING)
            else:
                return
        raise gave_up(self.where)

    def prepare(self, fill: Fill) -> None:  # other engines fill beforehand
        """Nothing: the database is there, and is filled where it is."""

    def keep_aside(self, why: str) -> None:  # files have copies
        """Nothing: a server is copied by its own tools."""

    def damage(self, say: Say) -> Iterator[str]:  # files are checked
        """Nothing: a server checks itself."""
        yield from ()

    def explained(self, error: BaseException) -> ScrutinyError:
        """What the server says, without its password."""
        said = str(error).strip().split("\n")[0]
        for secret in _secrets(self._url):
            said = said.replace(secret, HIDDEN)
        return ScrutinyError(f"cannot use {self.where}: {said}")

    def instant(self, at: sa.ColumnElement[datetime]) -> sa.ColumnElement[str]:
        """In UTC, whatever the session's zone is."""
        utc = sa.func.timezone("UTC", at)
        fraction = sa.func.replace(sa.func.to_char(utc, ".US"), ".000000", "", type_=sa.String)
        return sa.func.to_char(utc, 'YYYY-MM-DD"T"HH24:MI:SS', type_=sa.String) + fraction + "Z"

    def moment(self, text: sa.ColumnElement[str]) -> sa.ColumnElement[datetime]:
        """Read by the server, which knows the Z for UTC."""
        return sa.cast(text, sa.DateTime(timezone=True))

    def arriving(self, connection: sa.Connection, batch: int) -> AbstractContextManager[None]:  # files are quicker so
        """As any other row, numbered on from the last: a rehearsal or a refusal leaves no gap."""
        last = sa.select(sa.func.coalesce(sa.func.max(SIGNAL.c.id), 0) + 1).scalar_subquery()
        sequence = sa.func.pg_get_serial_sequence(SIGNAL.name, SIGNAL.c.id.name)
        connection.execute(sa.select(sa.func.setval(sequence, last, sa.false())))
        return nullcontext()

    def load(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Sequence[sa.Column[Any]],
        rows: Iterable[Sequence[Any]],
    ) -> None:
        """By COPY."""
        raw: Any = connection.connection.driver_connection
        names = ", ".join(one.name for one in columns)
        failure: type[Exception] = connection.dialect.loaded_dbapi.Error
        try:
            with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        except failure as error:
            raise self.explained(error) from None

    def matches(self, words: Sequence[str]) -> sa.ColumnElement[bool]:
        """A text search vector of the folded words as they are, each asked for as a prefix."""
        vector = sa.func.array_to_tsvector(sa.func.string_to_array(SIGNAL.c.words, " "))
        asked = " & ".join(f"'{word}':*" for word in words)
        return vector.bool_op("@@")(sa.cast(asked, TSQUERY))


def _secrets(url: sa.URL) -> list[str]:
    """The password, and all that the query says, as they are and as they may be written, the longest first."""
    said = [str(url.password or "")]
    for value in url.query.values():
        said += [value] if isinstance(value, str) else value
    return sorted(
        {form for text in said if text for form in (text, quote(text), quote(text, ""))}, key=len, reverse=True
    )
