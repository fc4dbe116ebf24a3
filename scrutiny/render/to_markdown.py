"""A view as Markdown that shows text from the web as text."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from scrutiny.core.text import inert
from scrutiny.render.charts import caption, drawings
from scrutiny.view import PLAIN, RIGHT, Chart, Form, Line, Table, View, Where, word

WIDTH = 80  # columns of a chart

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#!|~$&@])")
_LINK = re.compile(r"(?i)(https?|ftp|www)(://|\.)")  # a bare address would become a link by itself


def to_markdown(view: View) -> str:
    """A heading, the lines as a list, charts as blocks of code, the tables, the notes."""
    blocks = [f"# {escaped(view.title)}", _lines(view.lines), *_panels(view.charts)]
    blocks += [_table(table) for table in view.tables if table.where in (Where.ALWAYS, Where.SCREEN) and table.rows]
    blocks += [_lines(view.below), *(f"*{escaped(note)}*" for note in _notes(view))]
    return "\n\n".join(block for block in blocks if block) + "\n"


def escaped(text: str) -> str:
    """The text with every sign that Markdown or HTML would act on taken literally."""
    return _LINK.sub(_broken, _SPECIAL.sub(r"\\\1", inert(text)))


def _panels(charts: Sequence[Chart]) -> Iterator[str]:
    """Each chart under its name, drawn in ASCII, which stands in line whatever the font."""
    for chart, drawing in zip(charts, drawings(charts, WIDTH), strict=True):
        yield f"**{escaped(chart.name)}** {escaped(caption(chart))}\n\n```text\n{drawing.translate(PLAIN)}\n```"


def _notes(view: View) -> Iterator[str]:
    """The notes, with the signs with which charts are drawn here."""
    yield from (note.translate(PLAIN) for note in view.notes) if view.charts else view.notes


def _broken(found: re.Match[str]) -> str:
    return f"{found[1]}&#{ord(found[2][0])};{found[2][1:]}"


def _lines(lines: Sequence[Line]) -> str:
    return "\n".join(f"- **{escaped(line.label)}** {escaped(line.text)}" for line in lines)


def _table(table: Table) -> str:
    shown = [(at, column) for at, column in enumerate(table.columns) if column.where in (Where.ALWAYS, Where.SCREEN)]
    head = [_drawn(column.heading) if column.form is Form.BAR else escaped(column.heading) for _, column in shown]
    rule = ["---:" if column.form in RIGHT else "---" for _, column in shown]
    body = [[_cell(row[at], column.form) for at, column in shown] for row in table.rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *body))


def _cell(cell: Any, form: Form) -> str:
    said = word(cell, form)
    return _drawn(said) if form in (Form.BAR, Form.SPARK) and said else escaped(said)


def _drawn(signs: str) -> str:
    """Signs that stand at fixed places: a span of code, in which blanks count."""
    return f"`{signs}`"
