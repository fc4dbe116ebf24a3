"""A view as JSON: raw cells under stable keys."""

from datetime import date, datetime
from typing import Any

from scrutiny.core.text import dumped, instant
from scrutiny.view import View, Where


def to_json(view: View) -> str:
    """One object: the facts, then each table as a list of objects."""
    found = dict(view.facts)
    for table in view.tables:
        if table.where is not Where.SCREEN:
            shown = [(at, column.key) for at, column in enumerate(table.columns) if column.where is not Where.SCREEN]
            found[table.key] = [{key: row[at] for at, key in shown} for row in table.rows]
    return dumped(found, indent=2, default=_plain) + "\n"


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)  # a grade
