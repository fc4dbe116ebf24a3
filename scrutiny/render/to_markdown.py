"""A view or a document as Markdown that shows text from the web as text."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from scrutiny.core.text import inert
from scrutiny.document import (
    Block,
    Code,
    Document,
    Facts,
    Figure,
    Grid,
    Items,
    Link,
    Paragraph,
    Quote,
    Ref,
    Span,
    Strong,
)
from scrutiny.render.charts import caption, drawings
from scrutiny.view import DRAWN, PLAIN, RIGHT, Chart, Form, Line, Table, View, Where, bar_heading, word

WIDTH = 80  # columns of a chart

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#!|~$&@])")
_BEGINNING = re.compile(r"^(\d*)([-+=.)])")
_LINK = re.compile(r"(?i)(https?|ftp|www)(://|\.)")  # a bare address would become a link by itself


def to_markdown(view: View) -> str:
    """A heading, the lines as a list, charts as blocks of code, the tables, the notes."""
    blocks = [f"# {escaped(view.title)}", _lines(view.lines), *_panels(view.charts)]
    blocks += [_table(table) for table in view.tables if table.where in (Where.ALWAYS, Where.SCREEN) and table.rows]
    blocks += [_lines(view.below), *(f"*{escaped(note)}*" for note in _notes(view))]
    return "\n\n".join(block for block in blocks if block) + "\n"


def document_to_markdown(document: Document) -> str:
    """The title, what stands below it, and every section under its heading."""
    blocks = [f"# {escaped(document.title)}", *(f"*{escaped(line)}*" for line in document.about)]
    for section in document.sections:
        blocks += [f"## {escaped(section.heading)}", *(_block(block) for block in section.blocks)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def escaped(text: str) -> str:
    """The text with every sign that Markdown or HTML would act on taken literally."""
    return _LINK.sub(_broken, _SPECIAL.sub(r"\\\1", inert(text)))


def _block(block: Block) -> str:  # noqa: PLR0911  # one of each kind
    match block:
        case Paragraph():
            return _spans(block.spans)
        case Items():
            return "\n".join(f"- {_spans(item.spans)}" for item in block.items)
        case Quote():
            return f"> {_begun(escaped(block.text))}\n>\n> {_begun(escaped(block.about))}"
        case Facts():
            return "\n".join(f"- **{escaped(fact.label)}** {_inline(fact.spans)}" for fact in block.facts)
        case Figure():
            return "\n\n".join([*_panels(block.charts), f"*{escaped(f'{block.caption}: {DRAWN}'.translate(PLAIN))}*"])
        case Grid():
            return f"**{escaped(block.caption)}**\n\n{_table(block.table)}"
        case Code():
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", block.text)), default=0))
            return f"{fence}text\n{inert(block.text)}\n{fence}"


def _spans(spans: Sequence[Span]) -> str:
    return _begun(_inline(spans))


def _inline(spans: Sequence[Span]) -> str:
    return "".join(map(_span, spans)).strip(" ")


def _begun(text: str) -> str:
    """The text so that its beginning makes no list, rule or heading of it."""
    return _BEGINNING.sub(r"\1\\\2", text)


def _span(span: Span) -> str:
    match span:
        case Link():
            return f"[{escaped(span.text)}](<{span.url.replace('&', '&amp;')}>)"  # in which &copy; would be a sign
        case Strong():
            return f"**{escaped(span.text)}**"
        case Ref():
            return escaped(f"#{span.number}")
    return escaped(span)


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
    shown = table.seen()
    headings = [column.heading for _, column in shown]
    head = [_drawn(heading) if heading == bar_heading() else escaped(heading) for heading in headings]
    rule = ["---:" if column.form in RIGHT else "---" for _, column in shown]
    body = [[_cell(row[at], column.form) for at, column in shown] for row in table.rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *body))


def _cell(cell: Any, form: Form) -> str:
    if isinstance(cell, Link):
        return _span(cell)
    said = word(cell, form)
    return _drawn(said) if form in (Form.BAR, Form.SPARK) and said else escaped(said)


def _drawn(signs: str) -> str:
    """Signs that stand at fixed places: a span of code, in which blanks count."""
    return f"`{signs}`"
