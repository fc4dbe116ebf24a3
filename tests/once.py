"""What the program does once a process, and tests thousands of times in theirs, is done once there too."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from typing import Any

import pytest
import sqlalchemy as sa
import typer

from scrutiny.__main__ import GARBAGE
from scrutiny.cli import app
from scrutiny.core import trend
from scrutiny.store import schema

Heard = dict[str, list[tuple[str, Any]]]  # what was said to a store, by its dialect


@contextmanager
def once() -> Iterator[None]:
    """Within, statements are compiled, the schema migrated and bands of the same level found once.

    Garbage is looked for as seldom as in the program.
    """
    gc.set_threshold(GARBAGE)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sa, "create_engine", partial(_create, sa.create_engine, {}))
        patched.setattr(schema, "upgrade", partial(_upgrade, schema.upgrade, {}))
        patched.setattr(trend, "_band", lru_cache(4096)(trend._band))
        yield


def program() -> Any:
    """The program as the parser knows it; new where completion is at work, which changes it."""
    return typer.main.get_command(app) if any("_COMPLETE" in name for name in os.environ) else _program()


@cache
def _program() -> Any:
    return typer.main.get_command(app)


def _create(made: Callable[..., sa.Engine], first: dict[str, sa.Engine], url: Any, **given: Any) -> sa.Engine:
    """An engine that shares its compiled statements, which SQLAlchemy keeps by engine and dialect, with its kind."""
    engine = made(url, **given)
    same = first.get(engine.dialect.name)
    if same is None or same.dialect.default_schema_name is None:  # which never reached its store
        first[engine.dialect.name] = engine
    else:
        engine.dialect.initialize = _nothing  # type: ignore[assignment]  # which its kind has found out
        engine.dialect = engine.pool._dialect = same.dialect
        engine._compiled_cache = same._compiled_cache
    return engine


def _nothing(_: object) -> None:
    pass


def _upgrade(migrated: Callable[[sa.Connection], None], heard: Heard, connection: sa.Connection) -> None:
    """The migrations; in an empty store what they said to the first such one is said again."""
    if sa.inspect(connection).get_table_names():
        migrated(connection)
        return
    if connection.dialect.name in heard:
        for statement, parameters in heard[connection.dialect.name]:
            connection.exec_driver_sql(statement, parameters)
        return
    said = list[tuple[str, Any]]()

    def hear(_: Any, __: Any, statement: str, parameters: Any, *more: Any) -> None:
        said.append((statement, parameters))

    sa.event.listen(connection, "before_cursor_execute", hear)
    try:
        migrated(connection)
    finally:
        sa.event.remove(connection, "before_cursor_execute", hear)
    heard[connection.dialect.name] = said
