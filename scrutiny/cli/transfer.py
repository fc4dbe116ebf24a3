"""export and import: signals out, and signals in."""

from contextlib import closing
from enum import StrEnum
from typing import Annotated

import typer

from scrutiny.cli import complete
from scrutiny.cli.endings import EXPORTS
from scrutiny.cli.filtering import Wanted, filtered
from scrutiny.cli.ledgers import reading
from scrutiny.cli.options import KNOWN, MOST, Db, Known, Output, day, listed, optional, today
from scrutiny.cli.present import write, write_bytes
from scrutiny.cli.shell import say
from scrutiny.core.names import counted
from scrutiny.errors import BadValue
from scrutiny.feeds.dyads import MAX_LAG, Direction
from scrutiny.feeds.formats import FEEDS


class FileFormat(StrEnum):
    """The formats that export writes."""

    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


FormatOption = Annotated[
    FileFormat | None, typer.Option("--format", "-f", help="csv, jsonl or xlsx.", show_default="by the file's name")
]
Raw = Annotated[bool, typer.Option("--raw", help="Leave cells that look like formulas as they are.")]
Public = Annotated[
    str | None, optional("--public", "FILE.zip", "Write what others may have: no authors, notes or private signals.")
]


@filtered
def export(
    wanted: Wanted,
    format: FormatOption = None,
    output: Output = None,
    raw: Raw = False,
    public: Public = None,
    known: Known = None,
    db: Db = None,
) -> None:
    """Export signals as CSV, JSON Lines, a workbook, or to publish.

    Example: scrutiny export china --since 2026-01-01 --output china.csv
    """
    if public is not None:
        _refuse_beside_public({"--format": format, "--output": output, "--raw": raw or None})
        count, place = _publish(wanted, public, db), public
    else:
        EXPORTS.check(output)
        place = output or "-"
        count = _export(wanted, place, format or _by_name(place), db, raw=raw)
    if place != "-":
        say(f"{counted(count, 'signal')} written to {place}")


def _export(wanted: Wanted, place: str, form: FileFormat, db: str | None, *, raw: bool) -> int:
    from scrutiny.feeds import workbook, written

    if raw and form is FileFormat.XLSX:
        raise BadValue("--raw is for csv: a workbook holds every text as it is, and runs none")
    with reading(db) as ledger:
        asked = wanted(ledger.roster())
        if form is FileFormat.XLSX:
            workbook.check_size(ledger.count(asked))  # now, not after the minutes that a million rows take
        with closing(ledger.exported(asked)) as signals:
            if form is FileFormat.XLSX:
                return write_bytes(place, lambda out: workbook.write_xlsx(signals, out))
            fill = written.write_jsonl if form is FileFormat.JSONL else written.write_csv
            return write(place, lambda out: fill(signals, out, raw=raw))


def _by_name(place: str) -> FileFormat:
    """The format that a file's name says; CSV where it says none."""
    from scrutiny.feeds import formats

    if place.casefold().endswith(".xlsx"):
        return FileFormat.XLSX
    return FileFormat(formats.by_name(place) or formats.CSV)


def _publish(wanted: Wanted, place: str, db: str | None) -> int:
    from scrutiny.core.published import Published
    from scrutiny.feeds.publication import write_zip
    from scrutiny.render import As, render
    from scrutiny.render.to_markdown import document_to_markdown
    from scrutiny.reports.publication import grades, readme
    from scrutiny.reports.vocabulary import vocabulary

    if not place.casefold().endswith(".zip"):
        raise BadValue(f"--public writes a .zip, and {place} is not called one", "as in: --public signals.zip")
    with reading(db) as ledger:
        roster = ledger.roster()
        asked = wanted(roster)
        known = today() if KNOWN.get() else None

        def others(published: Published) -> dict[str, str]:
            return {
                "acts.csv": render(vocabulary(), As.CSV),
                "grades.csv": render(grades(), As.CSV),
                "README.md": document_to_markdown(readme(published, roster, asked, known)),
            }

        private = ledger.private_uids()
        with closing(ledger.exported(asked)) as signals:
            return write_bytes(place, lambda out: write_zip(signals, private, others, out))


def _refuse_beside_public(given: dict[str, object]) -> None:
    for option, value in given.items():
        if value is not None:
            raise BadValue(
                f"{option} says nothing to --public, which writes files of its own", "leave one of them out"
            )


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
