"""PostgreSQL: a server that a team shares."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Timer
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from scrutiny.core.places import HIDDEN, OPEN, shown
from scrutiny.errors import MissingExtra, ScrutinyError
from scrutiny.store.conditions import IN_LEDGER
from scrutiny.store.engines import refusals
from scrutiny.store.engines.engine import GIVE_UP_AFTER, SAY_AFTER, WAITING, Fill, Say, dispose, gave_up
from scrutiny.store.search import by_text
from scrutiny.store.tables import SIGNAL

COMMON = 3  # of so many signals one has the words: reading all takes a server as long as looking these up
SAMPLED = 0.1  # percent of the pages: of a million signals, about a thousand
TURN = 0x5C2071  # the number of the advisory lock that writers take in turn
CONNECT_WITHIN = 10  # seconds, unless the URL or PGCONNECT_TIMEOUT says otherwise
ENCODING = "UTF8"  # as the server calls it; in any other a ledger's texts have no room, or no order by their bytes
NOT_OF_URLS = (  # what the driver would take out of a query, and SQLAlchemy the last; a server knows none of them
    "autocommit", "conninfo", "context", "cursor_factory", "prepare_threshold", "row_factory", "plugin",
)  # fmt: skip
NOTICED = {  # within a minute, that the line to the other side is dead, for which the system would take hours
    "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000,
}  # fmt: skip
MANY = """
SELECT count(*) > (SELECT reltuples / 10 FROM pg_class WHERE oid = CAST('signal' AS regclass))
FROM signal WHERE batch_id = :batch"""  # a tenth, as the server's own autovacuum has it
UNSEEN = """
SELECT nspname, nspname = ANY (
  string_to_array(translate(replace(current_setting('search_path'), '$user', current_user), ' "', ''), ',')
) AND NOT has_schema_privilege(pg_namespace.oid, 'USAGE')
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relname IN ('alembic_version', 'signal') AND relkind = 'r' AND NOT pg_table_is_visible(pg_class.oid)
GROUP BY pg_namespace.oid, nspname HAVING count(*) = 2 ORDER BY nspname"""  # schemas with a ledger; whether closed


class Postgresql:
    """A ledger on a server."""

    schema: str | None = None
    upgrades_itself = False  # others are at work on a server: somebody decides

    def __init__(self, url: sa.URL) -> None:
        self._url = url.set(drivername="postgresql+psycopg")
        self.where = shown(url.render_as_string(hide_password=False))
        self._is_writing = False

    def exists(self) -> bool:
        """A database is there, or connecting to it says that it is not; whether it is empty, the schema says."""
        return True

    def connect(self, *, writing: bool) -> sa.Connection:
        """A session on the server; a reader's refuses to write."""
        self._is_writing = writing
        for name in self._url.query:
            if name in NOT_OF_URLS:
                raise self._refused(f'invalid connection option "{name}"')
        try:
            engine = sa.create_engine(
                self._url,
                poolclass=sa.pool.StaticPool,
                isolation_level="AUTOCOMMIT",
                connect_args=self._unless_said() | {"client_encoding": "utf8"},
                use_native_hstore=False,  # which each session would look for, in three questions
            )
        except ImportError:  # also of a driver without the library that it drives
            raise MissingExtra("postgres", "a ledger on PostgreSQL") from None
        except sa.exc.ArgumentError as error:  # ports that are no numbers, or not as many as hosts
            raise self.explained(error) from None
        connection = engine.connect()
        try:
            self._refuse_encoding(connection)
            if not writing:
                connection.exec_driver_sql("SET default_transaction_read_only = on")
        except BaseException:
            dispose(connection)
            raise
        return connection

    def _refuse_encoding(self, connection: sa.Connection) -> None:
        """ScrutinyError for a database that cannot hold every text; which it is the server has said already."""
        session: Any = connection.connection.driver_connection
        found = session.info.parameter_status("server_encoding")
        if found not in (ENCODING, None):  # which a pooler may not pass on
            raise ScrutinyError(
                f"cannot use {self.where}: its encoding is {found}, and not {ENCODING}",
                f"whoever runs the server makes one that has it: createdb -E {ENCODING} -T template0 NAME",
            )

    def _unless_said(self) -> dict[str, Any]:
        """How to connect where neither URL nor environment says it, nor a service file, which this would outdo."""
        ours: dict[str, Any] = {"fallback_application_name": "scrutiny"}
        if "service" not in self._url.query and not os.environ.get("PGSERVICE"):
            within = {} if os.environ.get("PGCONNECT_TIMEOUT") else {"connect_timeout": CONNECT_WITHIN}
            ours |= NOTICED | within
        return {name: value for name, value in ours.items() if name not in self._url.query}

    def refuse_closed(self, connection: sa.Connection) -> None:
        """ScrutinyError where the tables are in a schema that this user may not use, or does not look into.

        So a dump of the database, which does not hold its search_path, is not taken for an empty one.
        """
        session: Any = connection.connection.driver_connection
        quote = connection.dialect.identifier_preparer.quote
        database = quote(session.info.dbname)
        for schema, is_closed in connection.exec_driver_sql(UNSEEN):
            if is_closed:
                raise self._refused(f"its schema {schema} is closed to this user", refusals.NOT_ALLOWED)
            raise ScrutinyError(
                f"the ledger of {self.where} is in its schema {schema}, which the search_path does not name",
                f"as whoever owns it: ALTER DATABASE {database} SET search_path = {quote(schema)}",
            )

    def begin_reading(self, connection: sa.Connection) -> None:
        """One snapshot for all queries; what is streamed is read to its end, and planned so."""
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.exec_driver_sql("SET LOCAL cursor_tuple_fraction = 1")

    def begin_writing(self, connection: sa.Connection, say: Say) -> None:
        """Writers take turns by an advisory lock, in the order in which they came.

        Each sees all that those before it wrote, whatever isolation the database prefers. One that falls silent while
        it is its turn, as on a laptop that was shut, is ended by the server.
        """
        patience = round(GIVE_UP_AFTER * 1000)
        connection.exec_driver_sql(
            f"BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = {patience};"
            f" SET LOCAL idle_in_transaction_session_timeout = {patience}"
        )
        told = Timer(SAY_AFTER, say, (WAITING,))
        told.start()
        try:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({TURN})")
        except sa.exc.DBAPIError as error:
            with suppress(sa.exc.SQLAlchemyError):
                connection.exec_driver_sql("ROLLBACK")
            timed_out = getattr(error.orig, "sqlstate", None) == refusals.LOCK_TIMED_OUT
            raise (gave_up(self.where) if timed_out else self.explained(error.orig or error)) from None
        finally:
            told.cancel()
            told.join()

    def prepare(self, fill: Fill) -> None:  # other engines fill beforehand
        """Nothing: the database is there, and is filled where it is."""

    def keep_aside(self, why: str) -> None:  # files have copies
        """Nothing: a server is copied by its own tools."""

    def damage(self, say: Say) -> Iterator[tuple[str, tuple[int, ...]]]:  # files are checked
        """Nothing: a server checks itself."""
        yield from ()

    def explained(self, error: BaseException) -> ScrutinyError:
        """What the server says, without its password, and what to do about it."""
        said = str(error).strip().split("\n")[0]
        for secret in _secrets(self._url):
            said = said.replace(secret, HIDDEN)
        return self._refused(said, getattr(error, "sqlstate", None))

    def _refused(self, words: str, state: str | None = None) -> ScrutinyError:
        return refusals.refusal(self.where, words, state, writing=self._is_writing)

    def instant(self, at: sa.ColumnElement[datetime]) -> sa.ColumnElement[str]:
        """In UTC, whatever the session's zone is."""
        utc = sa.func.timezone("UTC", at)
        fraction = sa.func.replace(sa.func.to_char(utc, ".US"), ".000000", "", type_=sa.String)
        return sa.func.to_char(utc, 'YYYY-MM-DD"T"HH24:MI:SS', type_=sa.String) + fraction + "Z"

    def moment(self, text: sa.ColumnElement[str]) -> sa.ColumnElement[datetime]:
        """Read by the server, which knows the Z for UTC."""
        return sa.cast(text, sa.DateTime(timezone=True))

    @contextmanager
    def arriving(self, connection: sa.Connection, batch: int) -> Iterator[None]:
        """As any other row, numbered on from the last: a rehearsal or a refusal leaves no gap.

        After many the planner hears at once what there is, and not in a minute: from the owner, since from others the
        server takes no such word, and warns of it where nobody is told.
        """
        last = sa.select(sa.func.coalesce(sa.func.max(SIGNAL.c.id), 0) + 1).scalar_subquery()
        sequence = sa.func.pg_get_serial_sequence(SIGNAL.name, SIGNAL.c.id.name)
        connection.execute(sa.select(sa.func.setval(sequence, last, sa.false())))
        yield
        if connection.scalar(sa.text(MANY), {"batch": batch}):
            connection.exec_driver_sql("ANALYZE signal")

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

    def written(self, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
        """As SQLite keeps it."""
        kind = getattr(column.type, "impl", column.type)
        if isinstance(kind, sa.DateTime):
            return sa.func.to_char(sa.func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US", type_=sa.String)
        return sa.func.to_char(column, "YYYY-MM-DD", type_=sa.String) if isinstance(kind, sa.Date) else column

    @contextmanager
    def filling(self, connection: sa.Connection, say: Say) -> Iterator[None]:
        """The turn is the session's for as long as it lasts, and so are times in UTC.

        Between its transactions nothing but the line itself tells the server that the writer is gone.
        """
        for name, value in NOTICED.items():
            connection.exec_driver_sql(f"SET tcp_{name.removeprefix('tcp_')} = {value}")
        self.begin_writing(connection, say)
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({TURN})")
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("SET TIME ZONE 'UTC'")
        yield

    def clear(self, connection: sa.Connection, tables: Sequence[sa.Table]) -> None:
        """All at once."""
        connection.exec_driver_sql(f"TRUNCATE {', '.join(table.name for table in tables)}")

    def settle(self, connection: sa.Connection, tables: Sequence[sa.Table]) -> None:
        """Also tells the planner what is in the tables, for which it would not wait a minute."""
        for table in tables:
            if "id" in table.c:
                last = sa.select(sa.func.max(table.c.id)).scalar_subquery()
                sequence = sa.func.pg_get_serial_sequence(table.name, "id")
                next_ = sa.func.coalesce(last + 1, 1)
                connection.execute(sa.select(sa.func.setval(sequence, next_, sa.false())))
        connection.exec_driver_sql(f"VACUUM (ANALYZE) {', '.join(table.name for table in tables)}")

    def are_common(self, connection: sa.Connection, words: Sequence[str]) -> bool:
        """As far as a sample of the pages shows."""
        sampled = SIGNAL.tablesample(sa.func.system(SAMPLED), seed=sa.literal(0))
        having = by_text(words, sampled.c.words)
        asked = sa.select(sa.func.count(), sa.func.count().filter(having)).select_from(sampled)
        all_, found = connection.execute(asked).one()
        return int(found) * COMMON > int(all_)

    def at_most(self, meant: sa.Select[int], most: int) -> sa.FromClause:
        """Planned as if all were to be found, and found one by one: for few it would make vectors of all signals."""
        found = meant.cte("found").prefix_with("MATERIALIZED")
        return sa.select(found).limit(most).subquery()

    def count(self, connection: sa.Connection, words: Sequence[str], most: int | None = None) -> int:
        """One by one, since the index does not say which were taken out."""
        meant = sa.select(SIGNAL.c.id).where(IN_LEDGER, self.matches(connection, words))
        kept = meant.subquery() if most is None else self.at_most(meant, most)
        return connection.scalar(sa.select(sa.func.count()).select_from(kept)) or 0

    def newest(self, connection: sa.Connection, words: Sequence[str], limit: int) -> None:  # its planner finds them
        """None."""

    def matches(self, connection: sa.Connection, words: Sequence[str]) -> sa.ColumnElement[bool]:
        """By a text search vector of the folded words as they are, each asked for as a prefix, unless many have them.

        The server would then prefer to read all signals, and think that making vectors of them costs nothing.
        """
        if self.are_common(connection, words):
            return by_text(words)
        vector = sa.func.array_to_tsvector(sa.func.string_to_array(SIGNAL.c.words, " "))
        asked = " & ".join(f"'{word}':*" for word in words)
        return vector.bool_op("@@")(sa.cast(asked, TSQUERY))


def _secrets(url: sa.URL) -> list[str]:
    """The password, and what the query says unless it is open, in each way of writing, the longest first."""
    said = [str(url.password or "")]
    for name, value in url.query.items():
        if name not in OPEN:
            said += [value] if isinstance(value, str) else value
    return sorted(
        {form for text in said if text for form in (text, quote(text), quote(text, ""))}, key=len, reverse=True
    )
