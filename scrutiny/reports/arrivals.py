"""What became of the rows of an import, in words; and the batches as a list."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from scrutiny.core.arrival import Batch, Merged
from scrutiny.core.names import counted
from scrutiny.core.signals import Signal
from scrutiny.reports.signals import listed
from scrutiny.view import Column, Form, Line, Table, View, Where

REASONS = 5  # named, the most frequent first
_SAID = {  # what became of rows, in the order of reading
    "added": "added",
    "updated": "updated",
    "known": "already there",
    "differing": "differing and left as they are",
    "revived": "brought back",
    "removed": "left out, since somebody removed them",
    "neutral": "neutral",
    "repeats": "repeated",
    "rejected": "rejected",
    "others": "left out",
}
_OTHERS = "of other dyads or left out"  # of a feed


def counts(merged: Merged, form: str = "") -> str:
    """3 rows read, 2 added, 1 already there; `form` is the format, where that is worth saying."""
    known = merged.counts
    said = _SAID | {"others": _OTHERS} if merged.arrived.is_feed else _SAID
    more = [f"{known[name]:,} {what}" for name, what in said.items() if known[name] or name == "added"]
    rows = counted(known["read"], "row")
    return f"{rows}{f' of {form}' if form else ''} read, {', '.join(more)}"


def details(merged: Merged, names: Mapping[str, str]) -> list[str]:
    """The dyads of a feed that were matched, what options left out, why rows were rejected, a line each."""
    arrived = merged.arrived
    matched = ((names.get(slug, slug), count) for slug, count in arrived.matched.items())
    lines: dict[str, Mapping[str, int]] = {"matched": dict(matched), "left out by": arrived.left_out}
    if arrived.is_feed:
        lines["rejected"] = arrived.reasons
    return [f"{what}: {_most(found)}" for what, found in lines.items() if found]


def _most(found: Mapping[str, int]) -> str:
    order = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    more = f" · and {len(order) - REASONS:,} more" if len(order) > REASONS else ""
    return " · ".join(f"{what} ({count:,})" for what, count in order[:REASONS]) + more


def rehearsal(
    files: Sequence[tuple[Merged, str]], names: Mapping[str, str], sample: Sequence[Signal], new: Sequence[str]
) -> View:
    """What an import would do, a file with its format where that is worth saying; `new` allies by name and code."""
    lines = []
    for merged, form in files:
        lines.append(Line(PurePath(merged.arrived.name).name, counts(merged, form)))
        lines += [Line("", text) for text in (*details(merged, names), *differing(merged))]
    if new:
        lines.append(Line("Allies", f"{', '.join(new)} would be added to the allies"))
    added = sum(merged.added for merged, _ in files)
    shown = [replace(signal, id=None) for signal in sample]
    notes = []
    if shown:
        rest = f"the first {len(shown)} of {added:,} that" if added > len(shown) else "these"
        notes.append(f"{rest} would be added")
    is_news = any(merged.is_news for merged, _ in files)
    notes.append("import them: the same command without --dry-run" if is_news else "nothing would be changed")
    return View(
        title=f"A rehearsal: nothing was added from {counted(len(files), 'file')}",
        lines=lines,
        tables=listed(shown, names).tables if shown else (),
        notes=notes,
    )


def differing(merged: Merged) -> list[str]:
    """The first lines that say something else than the ledger and left it as it is."""
    lines = [f"line {line} differs from #{number}, which stays as it is" for line, number in merged.differences]
    more = merged.differing - len(merged.differences)
    return lines + ([f"... and {more:,} more"] if more > 0 else [])


_BATCHES = (
    Column("batch", "", Form.NUMBER),
    Column("change", "change", Form.NUMBER, drop=2),
    Column("at", "when", Form.MOMENT, drop=4),
    Column("author", "who", Form.NAME, drop=5),
    Column("file", "file", Form.NAME),
    Column("format", "format", drop=3),
    Column("read", "rows", Form.NUMBER, drop=1),
    Column("added", "added", Form.NUMBER, drop=1),
    *(Column(name, where=Where.DATA) for name in Merged.COUNTS[2:]),
    Column("held", "there now", Form.NUMBER),
    Column("sha256", where=Where.DATA),
)


def batches(found: Sequence[Batch]) -> View:
    """The batches in their order."""
    rows = [
        (one.number, one.change, one.at, one.author, one.name, one.format, *one.counts.values(), one.held, one.sha256)
        for one in found
    ]
    return View(
        title=counted(len(found), "batch", "batches"),
        tables=[Table("batches", _BATCHES, rows)],
        notes=["next: list --batch N, batches remove N"] if found else ["import files with: import FILE"],
    )
