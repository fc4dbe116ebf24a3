"""Which commands there are and where each lives; a command's module is loaded when it is called."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
import typer.main


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its module in this package, its function there (or `app` for a group), its help in short.

    All modules together cost 60 ms, which neither --help nor a key press in the shell must pay; a test holds the
    help to the first line of the function's docstring.
    """

    module: str
    function: str
    help: str

    def load(self, name: str) -> Any:
        """The command as the parser wants it."""
        found = getattr(import_module(f"scrutiny.cli.{self.module}"), self.function)
        if isinstance(found, typer.Typer):
            return typer.main.get_command(found)
        one = typer.Typer(add_completion=False, rich_markup_mode=None)
        one.command(name)(found)
        return typer.main.get_command(one)


COMMANDS = {
    "log": Command("log", "log", "Record a signal: one dated act, of one ally or several."),
    "summary": Command("summary", "summary", "Say where each ally stands and which way it moves."),
    "export": Command("transfer", "export", "Export signals as CSV, JSON Lines, a workbook, or to publish."),
    "list": Command("signals", "list_", "List signals, newest first."),
    "show": Command("signals", "show", "Show one signal whole, with its history."),
    "edit": Command("edit", "edit", "Edit a signal; what it said before stays in its history."),
    "remove": Command("edit", "remove", "Remove signals; undo brings them back."),
    "explain": Command("explain", "explain", "Explain why a level moved and what carries it."),
    "changes": Command("changes", "changes", "Say what changed, and which signals changed it."),
    "compare": Command("compare", "compare", "Compare allies side by side."),
    "chart": Command("chart", "chart", "Draw levels over time, with their bands and signals."),
    "note": Command("note", "note", "Record a note: what you make of an ally, or print the notes."),
    "memo": Command("memo", "memo", "Write a memo: what changed, how likely, how sure, and why."),
    "report": Command("report", "report", "Write a report to hand on, as a page or as Markdown."),
    "import": Command("transfer", "import_", "Import signals from files and public event feeds, once each."),
    "batches": Command("batches", "app", "List what each imported file brought, or remove one."),
    "candidates": Command("events", "candidates", "List feed events worth reading up, the weightiest first."),
    "accept": Command("events", "accept", "Accept a feed event: make it a signal of the desk."),
    "undo": Command("undo", "undo", "Take back what a command changed, whole."),
    "redo": Command("undo", "redo", "Reapply what was taken back."),
    "history": Command("history", "history", "Print the history: all changes, one change, or one signal's."),
    "acts": Command("acts", "acts", "Print the coding vocabulary, with examples."),
    "ally": Command("ally", "app", "List, show, add, edit, merge and remove the allies."),
    "setting": Command("setting", "setting", "Show the ledger's settings, or change one."),
    "db": Command("db", "app", "Check, copy, restore and upgrade the ledger as a store."),
    "demo": Command("demo", "demo", "Show the tool at work on a sample ledger."),
}
