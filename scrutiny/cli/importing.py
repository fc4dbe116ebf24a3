"""What import does: reads each file into the ledger's waiting place, then brings all of them in as one change."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from scrutiny.cli.ledgers import rehearsing, say_undo, writing
from scrutiny.cli.present import present, write
from scrutiny.cli.rejects import Rejects
from scrutiny.cli.shell import called, say, say_new
from scrutiny.core.allies import Newcomers, Roster
from scrutiny.core.arrival import Arrived, Merged
from scrutiny.core.names import counted
from scrutiny.core.signals import Grade
from scrutiny.errors import BadValue, ScrutinyError
from scrutiny.feeds import Found, Row, Skipped, Tally, formats, own
from scrutiny.feeds.dyads import Direction, Dyads
from scrutiny.feeds.files import Opened, opened
from scrutiny.render.progress import progress, reading
from scrutiny.reports import arrivals
from scrutiny.settings import expanded

if TYPE_CHECKING:
    from scrutiny.store.ledger import Ledger
    from scrutiny.store.waiting import Staged


NOT_BY_ALL = ("--min-mentions", "--root-only", "--max-lag")  # options that a feed may be unable to follow
QUICK = 20_000  # signals that are added at once


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an import was told. `for_feeds` and `for_own` name the options that were given for one of them alone."""

    format: str | None = None
    layout: own.Layout = own.PLAIN
    allies: Sequence[str] = ()
    since: date | None = None
    until: date | None = None
    direction: Direction = Direction.BOTH
    grade: Grade | None = None
    min_mentions: int = 1
    root_only: bool = False
    max_lag: int | None = None
    keep_going: bool = False
    add_allies: bool = False
    update: bool = False
    for_feeds: Sequence[str] = ()
    for_own: Sequence[str] = ()

    def check(self, form: str) -> None:
        """BadValue where an option is given that a file of this format cannot follow."""
        if form not in formats.FEEDS:
            wrong, others = self.for_feeds, "feeds"
        elif self.for_own:
            wrong, others = self.for_own, "csv and jsonl"
        else:
            can = formats.feed(form).FOLLOWS
            wrong = [one for one in self.for_feeds if one in NOT_BY_ALL and one not in can]
            others = ", ".join(one for one in formats.FEEDS if set(wrong) & formats.feed(one).FOLLOWS)
        if wrong:
            raise BadValue(f"{wrong[0]} is for {others}, and this is {form}")

    def dyads(self, roster: Roster) -> Dyads:
        """What is asked of a feed."""
        slugs = frozenset(roster.ally(one).slug for one in self.allies)
        lag = {} if self.max_lag is None else {"max_lag": self.max_lag}
        return Dyads(
            roster,
            slugs,
            self.direction,
            self.since,
            self.until,
            self.grade,
            self.min_mentions,
            self.root_only,
            **lag,
        )


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that waits, and its format where its name does not say it."""

    staged: "Staged"
    arrived: Arrived
    said: str


def bring(files: Sequence[str], wanted: Wanted, rejects: Rejects, db: str | None, *, dry_run: bool) -> None:
    """Imports the files, or rehearses it; says what became of their rows."""
    with (rehearsing if dry_run else writing)(db) as ledger:
        newcomers = Newcomers(ledger.roster(), add_all=wanted.add_allies)
        read = [stage(ledger, name, wanted, newcomers, rejects) for name in files]
        rejects.say()
        refused = rejects.refused(hint_allies=not wanted.add_allies) if not wanted.keep_going else None
        if refused and not dry_run:
            raise refused
        waiting = [(one.staged, one.arrived) for one in read]
        with progress("adding") if sum(one.rows for one, _ in waiting) > QUICK else nullcontext():
            brought = ledger.merge(waiting, newcomers.allies.values(), update=wanted.update)
        names = ledger.ally_names() | {ally.slug: ally.name for ally in brought.allies}
    pairs = [(merged, one.said) for merged, one in zip(brought.files, read, strict=True)]
    if dry_run:
        present(arrivals.rehearsal(pairs, names, brought.sample, list(map(called, brought.allies))))
        if refused:
            raise refused
        return
    say_new(brought.allies)
    _tell(pairs, names)
    say_undo(brought.change, db)


def listed(names: Sequence[str]) -> list[str]:
    """The files; of a folder those in it, by name. ScrutinyError for an empty folder."""
    found = list[str]()
    for name in names:
        path = expanded(name)
        if name == "-" or not path.is_dir():
            found.append(name)
            continue
        within = sorted(str(one) for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
        if not within:
            raise ScrutinyError(f"there is no file in the folder {name}")
        found += within
    return found


def bring_and_keep(files: Sequence[str], wanted: Wanted, place: str, db: str | None, *, dry_run: bool) -> None:
    """The same; the rejects go to a file, also where the import is refused for them."""
    if place == "-" and dry_run:
        raise BadValue("--dry-run and --rejects - both write to stdout", "name a file: --rejects rejects.csv")
    if any(
        name != "-" and Path(place).exists() and Path(place).samefile(name) for name in files if Path(name).exists()
    ):
        raise BadValue(f"--rejects {place} would overwrite a file that is imported", "name another file")
    refused: list[ScrutinyError] = []

    def fill(out: TextIO) -> int:
        rejects = Rejects(out)
        try:
            bring(files, wanted, rejects, db, dry_run=dry_run)
        except ScrutinyError as error:
            refused.append(error)
        return rejects.count

    count = write(place, fill)
    say(f"{counted(count, 'rejected row')} written to {place}")
    for error in refused:
        raise error


def _tell(pairs: Iterable[tuple[Merged, str]], names: Mapping[str, str]) -> None:
    for merged, form in pairs:
        name = merged.arrived.name
        for line, number in merged.differences:
            say(f"{name}:{line}: differs from #{number}, which stays as it is")
        if (more := merged.differing - len(merged.differences)) > 0:
            say(f"... and {more:,} more")
        say(f"{name}: {arrivals.counts(merged, form)}")
        for detail in arrivals.details(merged, names):
            say(f"  {detail}")


def stage(ledger: "Ledger", name: str, wanted: Wanted, newcomers: Newcomers, rejects: Rejects) -> _Read:
    """Reads a file into the ledger's waiting place."""
    with opened(name if name == "-" else str(expanded(name))) as file, reading(file.name) as show:
        form = wanted.format or formats.guessed(file.name, file.head)
        tally = Tally()
        file.passed.heard = lambda: show(file.passed.done, file.passed.size, tally.read)
        before = rejects.count
        rejects.begin(file.name, refusing=form not in formats.FEEDS)
        try:
            wanted.check(form)
            staged = ledger.stage(rejects.sifted(_found(file, form, wanted, newcomers, ledger.roster(), tally)))
        except ScrutinyError as error:
            raise type(error)(f"{file.name}: {error.message}", error.hint) from None
        arrived = _arrived(file, form, tally, rejects.count - before, staged.rows, rejects.reasons)
    is_said = formats.by_name(name) == form
    return _Read(staged, arrived, "" if is_said else form)


def _found(file: Opened, form: str, wanted: Wanted, find: Newcomers, roster: Roster, tally: Tally) -> Iterator[Found]:
    """The rows of a file, whatever its format."""
    if form in formats.FEEDS:
        yield from formats.feed(form).read(file.lines(), wanted.dyads(roster), tally)
        return
    read: Callable[..., Iterator[Found]] = own.read_jsonl if form == formats.JSONL else own.read_csv
    slugs = {find(one).slug for one in wanted.allies}
    rows = read(file.text(), find, wanted.layout, tally)
    if not (slugs or wanted.since or wanted.until):
        yield from rows
        return
    for one in rows:
        if isinstance(one, Skipped) or (option := _left_out(one, slugs, wanted)) is None:
            yield one
        else:
            tally.left_out[option] += 1


def _left_out(row: Row, slugs: set[str], wanted: Wanted) -> str | None:
    """The option that leaves out a row of the program's own formats."""
    if slugs and row.ally not in slugs:
        return "--ally"
    if wanted.since and row.on < wanted.since.isoformat():
        return "--since"
    return "--until" if wanted.until and row.on > wanted.until.isoformat() else None


def _arrived(
    file: Opened, form: str, tally: Tally, rejected: int, signals: int, reasons: Mapping[str, int]
) -> Arrived:
    return Arrived(
        name=file.name,
        sha256=file.sha256,
        format=form,
        read=tally.read,
        rejected=rejected,
        neutral=tally.neutral,
        repeats=tally.repeats,
        others=tally.read - signals - rejected - tally.neutral - tally.repeats,
        is_feed=form in formats.FEEDS,
        named=tally.named,
        matched=tally.matched,
        left_out=tally.left_out,
        reasons=reasons,
    )
