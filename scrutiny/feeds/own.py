"""The program's own CSV and JSON Lines: what export writes and import reads back unchanged."""

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, TextIO

from scrutiny.core.acts import Kind, find_act
from scrutiny.core.near import member, nearest, said_near
from scrutiny.core.signals import DESK, Actor, Domain, Driver, Grade, Signal, read_score, scored
from scrutiny.core.text import dumped, guarded, instant, one_line, unguarded
from scrutiny.errors import BadValue, ScrutinyError
from scrutiny.feeds import FindAlly, Found, Row, Skipped

COLUMNS = tuple(
    "uid date ally act actor kind score summary domain driver source grade "
    "origin event private recorded_at recorded_by".split()
)
TEXT = frozenset({"uid", "ally", "summary", "source", "origin", "event", "recorded_by"})  # may look like formulas
LONGEST_CELL = 1_000_000  # characters; the standard library stops at 131,072 with a message of its own

SHOWN = 40  # characters of a foreign heading that a refusal repeats
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BLANKS = " \t\r\n"
_YES, _NO = ("true", "yes", "1"), ("", "false", "no", "0")


def read_csv(lines: Iterable[str], find: FindAlly, *, raw: bool = False) -> Iterator[Found]:
    """Signals of a CSV file with a header; cells lose export's quote before a formula unless `raw`."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines, strict=True)
    try:
        header = [name.strip(_BLANKS).casefold() for name in next(reader, [])]
        _check_header(header)
        line, seen = reader.line_num + 1, Counter[str]()
        for row in reader:
            if len(row) > len(header):
                yield Skipped(line, f"{len(row)} cells under {len(header)} columns")
            elif any(row):
                cells = dict(zip(header, row, strict=False))
                yield _found(line, cells if raw else _restored(cells), seen, find)
            line = reader.line_num + 1
    except csv.Error as error:
        raise ScrutinyError(f"line {reader.line_num}: this is not CSV: {error}", _NEEDS) from None


def read_jsonl(lines: Iterable[str], find: FindAlly, *, raw: bool = False) -> Iterator[Found]:
    """Signals of a JSON Lines file: an object a line under the CSV's names; `raw` or not, it has no formulas."""
    seen = Counter[str]()
    for line, text in enumerate(lines, 1):
        if text.strip():
            try:
                cells = _cells(json.loads(text))
            except (ValueError, RecursionError):
                yield Skipped(line, "this is not JSON")
            except BadValue as error:
                yield Skipped(line, error.message)
            else:
                yield _found(line, cells, seen, find)


def write_csv(signals: Iterable[Signal], out: TextIO, *, raw: bool = False) -> int:
    """Writes signals under a header; text that a spreadsheet would run is guarded unless `raw`. How many."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for signal in signals:
        cells = _exported(signal)
        writer.writerow(
            guarded(cells[name]) if name in TEXT and cells[name] and not raw else cells[name] for name in COLUMNS
        )
        count += 1
    return count


def write_jsonl(signals: Iterable[Signal], out: TextIO, *, raw: bool = False) -> int:
    """Writes signals as an object a line, `raw` or not; what is absent is null. How many."""
    count = 0
    for signal in signals:
        out.write(dumped(_exported(signal) | {"private": signal.private}) + "\n")
        count += 1
    return count


_NEEDS = "the header names date, ally, summary and one of act, kind, score"


def _check_header(header: list[str]) -> None:
    if not header:
        raise ScrutinyError("the file is empty", _NEEDS)
    if any("\0" in name for name in header):
        raise ScrutinyError("this is not text", _NEEDS)
    if len(header) == 1 and (found := next((sign for sign in SEPARATORS if sign in header[0]), None)):
        raise ScrutinyError(f"its columns are separated by {SEPARATORS[found]}", "save it with commas")
    if twice := [name for name, times in Counter(header).items() if times > 1]:
        raise ScrutinyError(f"two columns are called '{twice[0]}'")
    for name in header:
        if name not in COLUMNS:
            near = said_near(nearest(name, COLUMNS))
            raise ScrutinyError(f"unknown column '{name[:SHOWN]}'{near}", f"known: {', '.join(COLUMNS)}")
    missing = [name for name in ("date", "ally", "summary") if name not in header]
    if missing or not {"act", "kind", "score"} & set(header):
        raise ScrutinyError(f"there is no column '{(missing or ['act'])[0]}'", _NEEDS)


def _restored(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: unguarded(cell) if name in TEXT else cell for name, cell in cells.items()}


def _cells(found: Any) -> dict[str, str]:
    """A JSON object as the cells of a CSV row."""
    if not isinstance(found, dict):
        raise BadValue("this is no JSON object")
    if unknown := found.keys() - set(COLUMNS):
        raise BadValue(f"no key '{min(unknown)}'")
    return {name: _cell(name, value) for name, value in found.items() if value is not None}


def _cell(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if name == "private" and isinstance(value, bool):
        return "true" if value else ""
    if name == "score" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value)
    raise BadValue(f"the {name} is no {'number' if name == 'score' else 'text'}")


def _found(line: int, cells: Mapping[str, str], seen: Counter[str], find: FindAlly) -> Found:
    try:
        return Row(line, _signal(cells, seen, find))
    except ScrutinyError as error:
        return Skipped(line, error.message)


def _signal(cells: Mapping[str, str], seen: Counter[str], find: FindAlly) -> Signal:
    """The signal of a row; BadValue or Unknown says what is wrong with it."""
    said = {name: bare for name, cell in cells.items() if (bare := cell.strip(_BLANKS))}
    for name in ("date", "ally", "summary"):
        if name not in said:
            raise BadValue(f"there is no {name}")
    act = find_act(said["act"]) if "act" in said else None
    kind = member(Kind, said["kind"], "kind") if "kind" in said else None
    score = read_score(said["score"]) if "score" in said else None
    kind, score = scored(act, kind, score)
    on = _day(said["date"])
    canonical = {"score": repr(score)} if "score" in said else {}
    return Signal(
        uid=said.get("uid") or _uid(said | canonical, seen),
        ally=find(said["ally"]).slug,
        happened_on=on,
        kind=kind,
        score=score,
        summary=one_line(said["summary"]),
        act=act.word if act else None,
        actor=member(Actor, said["actor"], "actor") if "actor" in said else Actor.ALLY,
        domain=member(Domain, said["domain"], "domain") if "domain" in said else None,
        driver=member(Driver, said["driver"], "driver") if "driver" in said else None,
        source=one_line(said["source"]) if "source" in said else None,
        grade=Grade.read(said["grade"]) if "grade" in said else None,
        origin=said.get("origin", DESK),
        event=said.get("event"),
        private=_yes(said.get("private", "")),
        recorded_at=_instant(said["recorded_at"]) if "recorded_at" in said else None,
        recorded_by=said.get("recorded_by"),
    )


def _uid(said: Mapping[str, str], seen: Counter[str]) -> str:
    """The hash of the row's own cells, and its occurrence among equal rows, so that real repeats survive."""
    cells = json.dumps(sorted(said.items()), ensure_ascii=True)
    digest = hashlib.sha256(cells.encode()).hexdigest()[:32]
    seen[digest] += 1
    return f"row:{digest}" + (f"-{seen[digest]}" if seen[digest] > 1 else "")


def _day(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise BadValue(f"the date '{text}' is not written year-month-day, as in 2026-02-24")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadValue(f"the calendar has no {text}") from None


def _yes(text: str) -> bool:
    if text.casefold() not in _YES + _NO:
        raise BadValue(f"private is true or false, not '{text}'")
    return text.casefold() in _YES


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise BadValue(f"recorded_at '{text}' is no time, as in 2026-02-24T09:30:00Z") from None


def _exported(signal: Signal) -> dict[str, Any]:
    return {
        "uid": signal.uid,
        "date": signal.happened_on.isoformat(),
        "ally": signal.ally,
        "act": signal.act,
        "actor": signal.actor.value,
        "kind": signal.kind.value,
        "score": signal.score,
        "summary": signal.summary,
        "domain": signal.domain and signal.domain.value,
        "driver": signal.driver and signal.driver.value,
        "source": signal.source,
        "grade": signal.grade and str(signal.grade),
        "origin": signal.origin,
        "event": signal.event,
        "private": "true" if signal.private else "",
        "recorded_at": signal.recorded_at and instant(signal.recorded_at),
        "recorded_by": signal.recorded_by,
    }
