"""The settings of a ledger."""

from scrutiny.core.allies import Principal
from scrutiny.view import Column, Table, View

_COLUMNS = (Column("setting", "setting"), Column("value", "value"), Column("code", "code"))


def settings(principal: Principal) -> View:
    """Each setting with its value."""
    return View("Settings", tables=[Table("settings", _COLUMNS, [("principal", principal.name, principal.code)])])
