"""export and import: signals out, and signals in."""

from contextlib import closing
from enum import StrEnum
from typing import Annotated

import typer

from scrutiny.cli import complete
from scrutiny.cli.filtering import Wanted, filtered
from scrutiny.cli.ledgers import reading
from scrutiny.cli.options import MOST, Db, Known, Output, day, listed, optional
from scrutiny.cli.present import write
from scrutiny.cli.shell import say
from scrutiny.core.names import counted
from scrutiny.errors import BadValue
from scrutiny.feeds.dyads import MAX_LAG, Direction
from scrutiny.feeds.formats import FEEDS


class FileFormat(StrEnum):
    """The formats that export writes."""

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
    from scrutiny.feeds import formats, written

    is_jsonl = (format or formats.by_name(output or "-")) == formats.JSONL
    fill = written.write_jsonl if is_jsonl else written.write_csv
    with reading(db) as ledger, closing(ledger.exported(wanted(ledger.roster()))) as signals:
        count = write(output or "-", lambda out: fill(signals, out, raw=raw))
    if output not in (None, "-"):
        say(f"{counted(count, 'signal')} written to {output}")


def import_(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE", help="Files to read, or folders of them; - is stdin.", show_default=False),
    ] = None,
    format: Annotated[
        str | None,
        optional(
            "--format/-f",
            "FORMAT",
            f"csv, jsonl, or a feed: {', '.join(FEEDS)}.",
            complete.formats,
            default="guessed",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
    rejects: Annotated[
        str | None, optional("--rejects", "FILE", "Keep every rejected row, with why, as CSV.")
    ] = None,
    ally: Annotated[list[str] | None, optional("--ally", "ALLY", "Only these allies.", complete.allies)] = None,
    since: Annotated[str | None, optional("--since", "DATE", "Only from this day on.")] = None,
    until: Annotated[str | None, optional("--until", "DATE", "Only up to this day.")] = None,
    direction: Annotated[Direction, typer.Option("--direction", help="Feeds: whose acts.")] = Direction.BOTH,
    grade: Annotated[str | None, optional("--grade", "B2", "Feeds: the grade of all.", default="none")] = None,
    min_mentions: Annotated[
        int | None,
        typer.Option(
            "--min-mentions",
            metavar="N",
            min=1,
            max=MOST,
            help="GDELT: at least so many mentions.",
            show_default=False,
        ),
    ] = None,
    root_only: Annotated[bool, typer.Option("--root-only", help="GDELT: only what a report is about.")] = False,
    max_lag: Annotated[
        int | None,
        typer.Option(
            "--max-lag",
            metavar="DAYS",
            min=0,
            max=MOST,
            help="GDELT: at most so long from event to report.",
            show_default=str(MAX_LAG),
        ),
    ] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Own files: add what is right even where other rows are not.")
    ] = False,
    add_allies: Annotated[
        bool, typer.Option("--add-allies", help="Own files: add allies that are no known state.")
    ] = False,
    update: Annotated[
        bool, typer.Option("--update", help="Own files: edit signals of which a file says something else.")
    ] = False,
    map: Annotated[
        list[str] | None, optional("--map", "OURS=THEIRS", "Own files: what a column is called there.")
    ] = None,
    date_format: Annotated[
        str | None, optional("--date-format", "FORM", "Own files: as in %d.%m.%Y.", default="%Y-%m-%d")
    ] = None,
    ignore_extra: Annotated[
        bool, typer.Option("--ignore-extra", help="Own files: leave out columns that are none of ours.")
    ] = False,
    raw: Raw = False,
    template: Annotated[bool, typer.Option("--template", help="Print an empty CSV with one example row.")] = False,
    db: Db = None,
) -> None:
    """Import signals from files and public event feeds, once each.

    Reads CSV, JSON Lines and public feeds, plain or packed (.gz, .zip). A feed's events stay out of every level until
    they are accepted. Rows without a uid are known by what they say, so importing a file twice adds nothing. An own
    file with a row that is no signal is refused whole, unless --keep-going is given.

    Example: scrutiny import signals.csv
    """
    from scrutiny.cli import importing
    from scrutiny.cli.rejects import Rejects
    from scrutiny.core.signals import Grade
    from scrutiny.feeds import formats, own
    from scrutiny.feeds.rows import checked_date_format

    if template:
        print(own.template(), end="")
        return
    if not files:
        raise BadValue(
            "FILE is missing", "as in: scrutiny import signals.csv; an empty file: scrutiny import --template"
        )
    first, last = day(since), day(until)
    if first and last and first > last:
        raise BadValue(f"--since {first} is after --until {last}")
    layout = own.Layout(
        raw=raw,
        named=_mapped(listed(map)),
        date_format=None if date_format is None else checked_date_format(date_format),
        ignore_extra=ignore_extra,
    )
    feeds = {"--direction": direction is not Direction.BOTH, "--grade": grade, "--min-mentions": min_mentions}
    feeds |= {"--root-only": root_only, "--max-lag": max_lag is not None}
    ours = {"--map": map, "--date-format": date_format, "--ignore-extra": ignore_extra, "--raw": raw}
    ours |= {"--update": update, "--add-allies": add_allies}
    wanted = importing.Wanted(
        format=None if format is None else formats.named(format),
        layout=layout,
        allies=listed(ally),
        since=first,
        until=last,
        direction=direction,
        grade=None if grade is None or grade.casefold() == "none" else Grade.read(grade),
        min_mentions=min_mentions or 1,
        root_only=root_only,
        max_lag=max_lag,
        keep_going=keep_going,
        add_allies=add_allies,
        update=update,
        for_feeds=[option for option, given in feeds.items() if given],
        for_own=[option for option, given in ours.items() if given],
    )
    files = importing.listed(files)
    if rejects is None:
        importing.bring(files, wanted, Rejects(), db, dry_run=dry_run)
    else:
        importing.bring_and_keep(files, wanted, rejects, db, dry_run=dry_run)


def _mapped(pairs: list[str]) -> dict[str, str]:
    """What --map says: a name of ours, and the file's own for it."""
    found = {}
    for pair in pairs:
        ours, equals, theirs = pair.partition("=")
        if not (equals and ours.strip() and theirs.strip()):
            raise BadValue(f"--map: '{pair}' is no pair of names", "as in --map date=Datum,summary=Notes")
        found[ours.strip().casefold()] = theirs.strip()
    return found
