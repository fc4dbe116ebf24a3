"""The commands: each reads its arguments, opens the ledger, calls one function and shows one view."""

import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn, TextIO

import typer

from scrutiny import __version__
from scrutiny.cli.options import DB, KNOWN, Db
from scrutiny.cli.shell import Shell

app = typer.Typer(
    name="scrutiny",
    cls=Shell,
    invoke_without_command=True,
    rich_markup_mode=None,  # plain help: Rich's costs 60 ms
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"scrutiny {__version__}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    db: Db = None,
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Keep a ledger of dated signals, and say where each alliance stands.

    Log a signal, print an ally's summary, export a CSV:

    \b
      scrutiny log china abstain "China abstains on the resolution" 2026-02-24 C2
      scrutiny summary china
      scrutiny export --output signals.csv
    """
    DB.set(db)
    KNOWN.set(None)
    if ctx.invoked_subcommand is None:
        from scrutiny.cli.summary import begin

        begin()


def main() -> None:
    """The program `scrutiny`."""
    sys.stdout, sys.stderr = _showing(sys.stdout), _showing(sys.stderr)
    sys.stdin = sys.stdin or Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  # open as long as the program
    try:
        app(prog_name="scrutiny")
    except SystemExit as done:
        _leave(done.code if isinstance(done.code, int) else 0)


def _showing(stream: TextIO | None) -> TextIO:
    """The stream so that it shows any text, or none of it where the program was started without the stream."""
    found = stream or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # open as long as the program
    if isinstance(found, TextIOWrapper):
        found.reconfigure(errors="backslashreplace")
    return found


def _leave(code: int) -> NoReturn:
    """Ends the process at once: taking the libraries apart first costs 100 ms a command and changes nothing."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # what could not be written has been said already
            stream.flush()
    os._exit(code)
