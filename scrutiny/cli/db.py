"""db path, check, backup, restore, upgrade, copy: the ledger as a store."""

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from scrutiny import settings
from scrutiny.cli.ledgers import changing, place, reading, upgrading
from scrutiny.cli.options import DB, Db, Format, Output, Yes, argument
from scrutiny.cli.present import present
from scrutiny.cli.shell import Group, confirmed, say
from scrutiny.cli.typed import typed
from scrutiny.core.names import counted
from scrutiny.core.places import shown
from scrutiny.core.text import inert
from scrutiny.errors import BadValue, ScrutinyError
from scrutiny.render import As
from scrutiny.render.progress import progress

if TYPE_CHECKING:
    from scrutiny.store.soundness import Problem

UNSOUND = 4  # the exit code

app = typer.Typer(cls=Group, add_completion=False, no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def root(db: Db = None) -> None:
    """Check, copy, restore and upgrade the ledger as a store.

    Example: scrutiny db check
    """
    DB.set(DB.get() if db is None else db)


@app.command()
def path(db: Db = None) -> None:
    """Print where the ledger is.

    Example: scrutiny db path
    """
    print(inert(shown(place(db))))


@app.command()
def check(
    mend: Annotated[
        bool, typer.Option("--mend", help="Where the sums of signal days are wrong, make them anew.")
    ] = False,
    format: Format = As.TABLE,
    output: Output = None,
    db: Db = None,
) -> None:
    """Check that the ledger is sound, row by row.

    Reports read what the signals of a day come to, which follows from the signals and can be made anew.

    Example: scrutiny db check
    """
    from scrutiny.reports.soundness import soundness

    found = _checked(db)
    if mend and found and any(one.is_of_sums for one in found[0]):
        with changing(db) as ledger:
            say(f"made the sums of {counted(ledger.make_sums_anew(), 'signal day')} anew")
        found = _checked(db)
    if found is None:
        return
    problems, held = found
    told = [(one.what, one.signals) for one in problems]
    can_mend = any(one.is_of_sums for one in problems)
    present(soundness(shown(place(db)), told, *held, can_mend=can_mend), format, output)
    if problems:
        raise typer.Exit(UNSOUND)


def _checked(db: str | None) -> "tuple[list[Problem], tuple[int, int]] | None":
    """What is wrong with the ledger, and how much it holds where nothing is; None where there is none."""
    with reading(db) as ledger:
        if ledger.absent:
            return None
        problems = ledger.problems()
        return problems, (0, 0) if problems else ledger.size()


@app.command()
def backup(
    file: Annotated[str | None, argument("FILE", "The copy.", default="beside the ledger, by the time")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an older copy.")] = False,
    db: Db = None,
) -> None:
    """Copy the ledger while others may write.

    The copy is of one moment, and appears whole or not at all.

    Example: scrutiny db backup copy.db
    """
    from scrutiny.store import keeping

    with progress("copying") as told:
        to = keeping.backup(place(db), settings.expanded(file) if file else None, told, force=force)
    say(f"copied to {to}")
    say(f"bring it back: {typed(f'db restore {shlex.quote(str(to))}', db)}")


@app.command()
def restore(
    file: Annotated[str, argument("FILE", "A copy that backup made.")], yes: Yes = False, db: Db = None
) -> None:
    """Make the ledger what a copy is.

    The copy is looked at first, and the present ledger is kept aside.

    Example: scrutiny db restore copy.db
    """
    from scrutiny.store import keeping

    where = place(db)
    if not confirmed(f"Make {shown(where)} what {file} is?", yes):
        return
    kept = keeping.restore(where, settings.expanded(file), settings.author(), say)
    say(f"the ledger is what {file} is")
    if kept:
        say(f"as it was before, it is kept at {kept}")


@app.command()
def upgrade(db: Db = None) -> None:
    """Upgrade the schema to this program's.

    A file is copied first.

    Example: scrutiny db upgrade
    """
    from scrutiny.store.schema import HEAD

    with upgrading(db) as ledger:
        if ledger.absent:
            raise ScrutinyError(f"there is no ledger at {shown(place(db))}")
        say(f"the ledger has the schema {HEAD}, which is this program's")


@app.command()
def copy(
    source: Annotated[str, argument("FROM", "The ledger's place, a path or a URL.")],
    to: Annotated[str, argument("TO", "A place where nothing is yet, a path or a URL.")],
) -> None:
    """Copy the ledger, history and all, to another file or a server.

    Either may be a file or a PostgreSQL database, as in postgresql://USER@HOST/NAME.
    What came there is read back, and becomes a ledger when it is found the same.
    A copy that was broken off goes on where it stopped when the same is typed again.

    Example: scrutiny db copy ledger.db team.db
    """
    from scrutiny.store import keeping

    if DB.get() is not None:
        raise BadValue("db copy names both places itself", "leave --db out")
    if "" in (source, to):
        raise BadValue("a place is empty", "name a file, or a database's URL")
    DB.set(source)  # which hints are about
    with progress("copying") as told:
        copied = keeping.copy(settings.place(source), settings.place(to), settings.author(), told, say)
    counts = f"{counted(copied.signals, 'signal')} and {counted(copied.changes, 'change')}"
    say(f"copied {counts} to {copied.where}; both sides have the digest {copied.digest}")
    say(f"use it: {typed('summary', to)}")
