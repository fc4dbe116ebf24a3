"""compare: allies side by side."""

from typing import Annotated

from scrutiny.cli import complete
from scrutiny.cli.ledgers import reading
from scrutiny.cli.options import AsOf, By, Db, Format, Known, Origin, Output, Window, argument, asked, listed
from scrutiny.cli.present import present
from scrutiny.core.days import WINDOW
from scrutiny.core.parts import PARTS, SIDES
from scrutiny.core.shares import Days
from scrutiny.core.standing import firm, standing
from scrutiny.errors import BadValue
from scrutiny.render import As
from scrutiny.reports.compared import compared


def compare(
    allies: Annotated[list[str], argument("ALLY ALLY...", "Two or more allies.", complete.allies)],
    as_of: AsOf = None,
    window: Window = WINDOW,
    origin: Origin = "desk",
    by: By = None,
    known: Known = None,
    format: Format = As.TABLE,
    output: Output = None,
    db: Db = None,
) -> None:
    """Compare allies side by side.

    Below the figures: how far their levels are apart, and how likely the first stands higher.

    Example: scrutiny compare china iran --as-of 2026-05-20
    """
    question = asked(as_of, window, origin, by)
    with reading(db) as ledger:
        roster = ledger.roster()
        named = {ally.slug: ally for ally in (roster.ally(name) for name in listed(allies))}
        if len(named) < 2:
            raise BadValue("comparing takes two different allies", "scrutiny compare china iran")
        days = {one.ally: one for one in ledger.days(question.wanted(*named), (*PARTS, *SIDES))}
        found = [
            standing(ally, days.get(slug, Days(slug)), question.as_of, question.window)
            for slug, ally in named.items()
        ]
        found = firm(found, question, ledger)
        later = ledger.count(question.wanted(*named, later=True))
    present(compared(found, question, roster.principal, later=later, bands=format is As.JSON), format, output)
