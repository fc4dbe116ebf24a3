"""export and import: signals out, and back in unchanged."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from enum import StrEnum
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated

import typer

from scrutiny.cli.filtering import Wanted, filtered
from scrutiny.cli.ledgers import reading, say_undo, writing
from scrutiny.cli.options import Db, Known, Output
from scrutiny.cli.present import write
from scrutiny.cli.shell import say, say_new
from scrutiny.core.allies import Newcomers
from scrutiny.core.names import counted
from scrutiny.core.text import shortened
from scrutiny.errors import ScrutinyError
from scrutiny.settings import expanded

if TYPE_CHECKING:
    from scrutiny.feeds import Found, Row, Skipped
    from scrutiny.store.incoming import Arrived, Merged
    from scrutiny.store.ledger import Ledger

SHOWN = 20  # rejects said one by one
PEEKED = 10  # lines looked at to tell a format


class FileFormat(StrEnum):
    """The formats of files."""

    CSV = "csv"
    JSONL = "jsonl"


FormatOption = Annotated[
    FileFormat | None, typer.Option("--format", "-f", help="csv or jsonl.", show_default="by the file's name")
]
Raw = Annotated[bool, typer.Option("--raw", help="Leave cells that look like formulas as they are.")]


@filtered
def export(
    wanted: Wanted,
    format: FormatOption = None,
    output: Output = None,
    raw: Raw = False,
    known: Known = None,
    db: Db = None,
) -> None:
    """Export signals as CSV or JSON Lines.

    Example: scrutiny export china --since 2026-01-01 --output china.csv
    """
    from scrutiny.feeds import own

    fill = own.write_jsonl if (format or _by_name(output or "-")) is FileFormat.JSONL else own.write_csv
    with reading(db) as ledger, closing(ledger.exported(wanted(ledger.roster()))) as signals:
        count = write(output or "-", lambda out: fill(signals, out, raw=raw))
    if output not in (None, "-"):
        say(f"{counted(count, 'signal')} written to {output}")


def import_(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Files to read; - is stdin.", show_default=False)
    ],
    format: FormatOption = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Add what is right even where other rows are not.")
    ] = False,
    add_allies: Annotated[bool, typer.Option("--add-allies", help="Add allies that are no known state.")] = False,
    raw: Raw = False,
    db: Db = None,
) -> None:
    """Import signals from CSV or JSON Lines, once each.

    Rows without a uid are known by what they say, so importing a file twice adds nothing. A file with a row that
    is no signal is refused whole, unless --keep-going is given.

    Example: scrutiny import signals.csv
    """
    with writing(db) as ledger:
        newcomers = Newcomers(ledger.roster(), add_all=add_allies)
        read = [staged(ledger, place, name, format, newcomers, raw) for place, name in enumerate(files)]
        rejects = [(arrived.name, one) for arrived, skipped in read for one in skipped]
        _say_some([f"{name}:{one.line}: {one.reason}" for name, one in rejects])
        if rejects and not keep_going:
            strange = any(one.reason.startswith("no ally") for _, one in rejects) and not add_allies
            hint = "add the others with --keep-going" + (", and allies that are no state with --add-allies" * strange)
            raise ScrutinyError(f"nothing was added: rows rejected: {len(rejects):,}", hint)
        brought = ledger.merge([arrived for arrived, _ in read], newcomers.allies.values())
    say_new(brought.allies)
    for merged in brought.files:
        _say_some(
            [
                f"{merged.name}:{line}: differs from #{number}, which stays as it is"
                for line, number in merged.differing
            ]
        )
        say(f"{merged.name}: {_counted(merged)}")
    say_undo(brought.change, db)


def staged(
    ledger: "Ledger", place: int, name: str, format: FileFormat | None, find: Newcomers, raw: bool
) -> "tuple[Arrived, list[Skipped]]":
    """Reads a file into the ledger's waiting place: what arrived, and what was skipped."""
    from scrutiny.feeds import Skipped, own
    from scrutiny.feeds.files import opened
    from scrutiny.store.incoming import Arrived

    skipped: list[Skipped] = []

    def signals(found: "Iterable[Found]") -> "Iterator[Row]":
        for one in found:
            if isinstance(one, Skipped):
                skipped.append(one)
            else:
                yield one

    with opened(name if name == "-" else str(expanded(name))) as file:
        lines = file.lines()
        begun = list(islice(lines, PEEKED))
        kind = format or _by_name(name, next((line for line in begun if line.strip()), ""))
        read = own.read_jsonl if kind is FileFormat.JSONL else own.read_csv
        try:
            ledger.stage(place, signals(read(chain(begun, lines), find, raw=raw)))
        except ScrutinyError as error:
            raise type(error)(f"{file.name}: {error.message}", error.hint) from None
        return Arrived(file.name, file.sha256, kind, len(skipped)), skipped


def _counted(merged: "Merged") -> str:
    counts = (
        (merged.known, "already there"),
        (len(merged.differing), "differing and left as they are"),
        (merged.revived, "brought back"),
        (merged.removed, "left out, since somebody removed them"),
        (merged.rejected, "rejected"),
    )
    more = "".join(f", {count:,} {what}" for count, what in counts if count)
    return f"{counted(merged.read, 'row')} read, {merged.added:,} added{more}"


def _say_some(lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        say(shortened(line))
    if len(lines) > SHOWN:
        say(f"... and {len(lines) - SHOWN:,} more")


def _by_name(name: str, begins: str = "") -> FileFormat:
    """The format that a file's name says, or the way in which it begins."""
    is_json = name.casefold().endswith((".jsonl", ".ndjson")) or begins.lstrip().startswith("{")
    return FileFormat.JSONL if is_json else FileFormat.CSV
