"""setting: what the ledger as a whole is about."""

from typing import Annotated

from scrutiny.cli.ledgers import reading, say_undo, writing
from scrutiny.cli.options import Db, Format, Known, Output, argument
from scrutiny.cli.present import present
from scrutiny.cli.shell import say
from scrutiny.core.allies import Principal
from scrutiny.errors import BadValue
from scrutiny.render import As

NAMES = ("principal",)


def setting(
    name: Annotated[str | None, argument("NAME", "principal.")] = None,
    value: Annotated[str | None, argument("VALUE", "Its new value.")] = None,
    known: Known = None,
    format: Format = As.TABLE,
    output: Output = None,
    db: Db = None,
) -> None:
    """Show the ledger's settings, or change one.

    The principal is the state whose relationships are followed.

    Example: scrutiny setting principal "United States"
    """
    if name is not None and name not in NAMES:
        raise BadValue(f"no setting '{name}'; known: {', '.join(NAMES)}")
    if value is None:
        from scrutiny.reports.settings import settings

        with reading(db) as ledger:
            principal = ledger.roster().principal
        present(settings(principal), format, output)
        return
    if known is not None:
        raise BadValue("--known shows the past, which cannot be changed")
    principal = Principal.read(value)
    with writing(db) as ledger:
        change = ledger.set_principal(principal)
    say(f"this ledger follows {principal.name} ({principal.code}){'' if change else ' already'}")
    say_undo(change, db)
