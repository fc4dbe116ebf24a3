"""A view as CSV: the first table, one value a cell, no totals."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scrutiny.core.text import guarded, instant
from scrutiny.view import View, Where


def to_csv(view: View) -> str:
    """A header of stable keys and a line a row; a cell of counts becomes a column each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    table = next(table for table in view.tables if table.where is not Where.SCREEN)
    shown = [at for at, column in enumerate(table.columns) if column.where in (Where.ALWAYS, Where.DATA)]
    spread = {at: tuple(row[at]) for at in shown for row in table.rows[:1] if isinstance(row[at], Mapping)}
    writer.writerow(
        key
        for at in shown
        for key in (
            [f"{table.columns[at].key}_{part}" for part in spread[at]] if at in spread else [table.columns[at].key]
        )
    )
    for row in table.rows:
        writer.writerow(
            _cell(value)
            for at in shown
            for value in ([row[at][part] for part in spread[at]] if at in spread else [row[at]])
        )
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, (int, float)):
        return value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, (list, tuple)):
        return " ".join(str(_cell(one)) for one in value)
    return guarded(str(value))
