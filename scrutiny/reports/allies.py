"""The allies that a ledger knows, and one of them whole."""

from collections.abc import Mapping, Sequence

from scrutiny.core.allies import Ally, Principal
from scrutiny.core.names import counted, possessive
from scrutiny.view import Column, Form, Line, Table, View, Where

_COLUMNS = (
    Column("ally", "ally"),
    Column("name", "name", Form.NAME),
    Column("code", "code"),
    Column("stake", "stake", Form.NUMBER, drop=2),
    Column("signals", "signals", Form.NUMBER),
    Column("aliases", where=Where.DATA),
    Column("line", "basis", Form.PROSE, drop=1),
)


def allies(known: Sequence[Ally], counts: Mapping[str, int], principal: Principal) -> View:
    """All allies by name, each with how many signals it has."""
    return View(
        title=f"{possessive(principal.name)} allies in this ledger",
        facts={"principal": principal.name, "principal_code": principal.code},
        tables=[Table("allies", _COLUMNS, [_row(ally, counts.get(ally.slug, 0)) for ally in known])],
    )


def ally(one: Ally, signals: int) -> View:
    """One ally and all that finds it."""
    stake = "not set" if one.stake is None else f"{one.stake:g}"
    return View(
        title=f"{one.name} · {counted(signals, 'signal')}",
        lines=[
            Line("Slug", one.slug),
            Line("Code", one.code or "none"),
            Line("Aliases", ", ".join(one.aliases) or "none"),
            Line("Stake", stake),
            Line("Basis", one.line or "not said"),
        ],
        tables=[Table("allies", _COLUMNS, [_row(one, signals)], Where.DATA)],
    )


def _row(one: Ally, signals: int) -> tuple[object, ...]:
    return one.slug, one.name, one.code, one.stake, signals, list(one.aliases), one.line
