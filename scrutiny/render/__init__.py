"""One file a form: a view as a table for a terminal, as JSON, CSV or Markdown."""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrutiny.view import View  # 5 ms, which --help must not pay


class As(StrEnum):
    """The forms that a report can take."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"


def render(view: "View", form: As, *, width: int | None = None, styled: bool = False, plain: bool = False) -> str:
    """The view in a form, ending in a line break; width, style and plain signs concern the table alone.

    Without a width nothing is cut or broken.
    """
    match form:
        case As.JSON:
            from scrutiny.render.to_json import to_json

            return to_json(view)
        case As.CSV:
            from scrutiny.render.to_csv import to_csv

            return to_csv(view)
        case As.MARKDOWN:
            from scrutiny.render.to_markdown import to_markdown

            return to_markdown(view)
        case As.TABLE:
            from scrutiny.render.to_table import to_table  # Rich's tables cost 40 ms

            return to_table(view, width=width, styled=styled, plain=plain)
