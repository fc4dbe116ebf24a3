"""A view as CSV: the first table, one value a cell, no totals."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from scrutiny.core.text import guarded, instant
from scrutiny.view import Column, View, Where


def to_csv(view: View) -> str:
    """A header of stable keys and a line a row; a column of parts becomes a column each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    table = next(table for table in view.tables if table.where is not Where.SCREEN)
    shown = [(at, one) for at, one in enumerate(table.columns) if one.where in (Where.ALWAYS, Where.DATA)]
    writer.writerow(key for _, column in shown for key in _keys(column))
    for row in table.rows:
        writer.writerow(_cell(value) for at, column in shown for value in _values(column, row[at]))
    return out.getvalue()


def _keys(column: Column) -> Iterator[str]:
    yield from (f"{column.key}_{part}" for part in column.parts) if column.parts else (column.key,)


def _values(column: Column, cell: Any) -> Iterator[Any]:
    yield from (cell and cell[part] for part in column.parts) if column.parts else (cell,)


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, (int, float)):
        return value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, (list, tuple)):
        return guarded("; ".join(str(one) for one in value))
    return guarded(str(value))
