"""Rows as people wrote them made into what a signal is written as; cells that come again are read once."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from operator import itemgetter

from scrutiny.core.acts import Kind, find_act
from scrutiny.core.exported import COLUMNS, PRIVATE, TEXT, Alike, check_own
from scrutiny.core.near import member
from scrutiny.core.signals import DESK, Actor, Domain, Driver, Grade, Signal, read_score, scored
from scrutiny.core.text import LONGEST_OTHER, one_line, unguarded
from scrutiny.errors import BadValue
from scrutiny.feeds import FindAlly, Row

BLANKS = " \t\r\n"
MANY = 1 << 14  # different days, and different rows less what tells each apart, that are remembered

TELLING = ("uid", "date", "ally", "summary", "source")  # the columns whose cells tell rows apart
SHORT = 4_000  # characters that uid, summary and source may have together and each still be short enough

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBERS = re.compile(r"([0-9]{1,4})([./-])([0-9]{1,2})\2[0-9]{1,4}")
_YES, _NO = (PRIVATE, "yes", "1"), ("", "false", "no", "0")


class Rows:
    """Makes of the rows of one file what a signal is written as, in their order.

    A row is a signal whole where it holds a cell that no row before it had. After that its cells are known to be good
    but for uid, summary and source, which are looked at each time: a tenth of the work.
    """

    def __init__(
        self,
        find: FindAlly,
        date_format: str | None = None,
        header: Sequence[str | None] = COLUMNS,
        *,
        guarded: bool = False,
        commas: bool = False,
    ) -> None:
        """`header` says which column of ours each cell is, None for none. Texts may be `guarded`; decimals may be
        divided by `commas`."""
        self._find = find
        self._date_format = date_format
        self._header = header
        self._guarded = guarded
        self._commas = commas
        self._telling = itemgetter(*(header.index(name) if name in header else len(header) for name in TELLING))
        self._repeating = itemgetter(*(at for at, name in enumerate(header) if name and name not in TELLING))
        self._seen: dict[int, int] = {}
        self._days: dict[str, str] = {}
        self._allies: dict[str, str] = {}
        self._alike: dict[object, Alike] = {}

    def row(self, line: int, cells: Sequence[str]) -> Row:
        """What a row's signal is written as; BadValue or Unknown says what is wrong with it.

        The cells are one a column, and an empty one after them for the columns that are not there.
        """
        uid, day, ally, summary, source = self._telling(cells)
        on, slug, alike = self._days.get(day), self._allies.get(ally), self._alike.get(self._repeating(cells))
        if on and slug and alike:
            if _are_plain(uid, summary, source):
                return Row(line, uid, on, slug, summary, source, alike)
            uid = self._said("uid", uid)
            summary, source = one_line(self._said("summary", summary)), one_line(self._said("source", source))
            if uid and summary:
                check_own(uid, summary, source)
                return Row(line, uid, on, slug, summary, source, alike)
        return self._whole(line, cells)

    def _whole(self, line: int, cells: Sequence[str]) -> Row:
        """The same of a row with something new, which is remembered once the row is a signal."""
        named = zip(self._header, cells, strict=False)
        said = {name: bare for name, cell in named if name and (bare := self._said(name, cell))}
        found = Row.of(line, self._signal(said))
        if len(self._alike) > MANY:
            self._alike.clear()
        if len(self._days) > MANY:
            self._days.clear()
        _, day, ally, *_ = self._telling(cells)
        self._days[day], self._allies[ally] = found.on, found.ally
        self._alike[self._repeating(cells)] = found.alike
        return found

    def _said(self, name: str, cell: str) -> str:
        """What a cell says."""
        if self._guarded and name in TEXT:
            cell = unguarded(cell)
        if self._commas and name == "score":
            cell = cell.replace(",", ".")
        return cell.strip(BLANKS)

    def _signal(self, said: Mapping[str, str]) -> Signal:
        """The signal of a row, of which only the cells are given that say something."""
        for name in ("date", "ally", "summary"):
            if name not in said:
                raise BadValue(f"there is no {name}")
        get = said.get
        act = find_act(said["act"]) if "act" in said else None
        kind = member(Kind, said["kind"], "kind") if "kind" in said else None
        of, score = scored(act, kind, read_score(said["score"]) if "score" in said else None)
        on = _day(said["date"], self._date_format)
        return Signal(
            uid=get("uid") or self._uid(said, on),
            ally=self._find(said["ally"]).slug,
            happened_on=on,
            kind=of,
            score=score,
            summary=one_line(said["summary"]),
            act=act.word if act else None,
            actor=member(Actor, said["actor"], "actor") if "actor" in said else Actor.ALLY,
            domain=member(Domain, said["domain"], "domain") if "domain" in said else None,
            driver=member(Driver, said["driver"], "driver") if "driver" in said else None,
            source=one_line(said["source"]) if "source" in said else None,
            grade=Grade.read(said["grade"]) if "grade" in said else None,
            origin=get("origin", DESK),
            event=get("event"),
            private=_yes(get("private", "")),
            recorded_at=_instant(said["recorded_at"]) if "recorded_at" in said else None,
            recorded_by=get("recorded_by"),
        )

    def _uid(self, said: Mapping[str, str], on: date) -> str:
        """The hash of the row's own cells, and its occurrence among equal rows, so that real repeats survive."""
        canonical = {"date": on.isoformat()}
        if "score" in said:
            canonical["score"] = repr(read_score(said["score"]))
        cells = json.dumps(sorted((dict(said) | canonical).items()), ensure_ascii=True)
        digest = hashlib.sha256(cells.encode()).hexdigest()[:32]
        key = int(digest[:16], 16)  # half the memory of the text, for each row that has no uid
        self._seen[key] = times = self._seen.get(key, 0) + 1
        return f"row:{digest}" + (f"-{times}" if times > 1 else "")


def _are_plain(uid: str, summary: str, source: str) -> bool:
    """Whether they may stand in a signal as they are, as nearly all may; looked at together, which is cheaper."""
    text = f" {uid} {summary} {source}"
    return (
        text.isprintable()
        and "  " not in text  # nor is one empty, but for the source, or begins with a space
        and " '" not in text  # which a guarded one would begin with
        and uid.isascii()
        and " " not in uid
        and source[-1:] != " "
        and len(uid) <= LONGEST_OTHER
        and len(text) <= SHORT
    )


def checked_date_format(form: str) -> str:
    """A form that strptime reads days by; BadValue for one that gives no whole dates."""
    day = datetime(2001, 2, 3)  # noqa: DTZ001  # a day has no zone
    try:
        if datetime.strptime(day.strftime(form), form) == day:  # noqa: DTZ007  # as above
            return form
    except ValueError:
        pass
    raise BadValue(f"--date-format '{form}' does not give a whole date", "as in %d.%m.%Y or %m/%d/%Y")


def _day(text: str, form: str | None) -> date:
    if form is not None:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            raise BadValue(f"the date '{text}' is not written as {form}") from None
    if not _DATE.fullmatch(text):
        raise BadValue(f"the date '{text}' is not written year-month-day, as in 2026-02-24{_otherwise(text)}")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadValue(f"the calendar has no {text}") from None


def _otherwise(text: str) -> str:
    """The end of a refusal that says how to have such a date read."""
    found = _NUMBERS.fullmatch(text)
    if not found:
        return ""
    first, mark, second = found.groups()
    if len(first) == 4:
        forms = ["%Y-%m-%d"]
    elif int(first) > 12:
        forms = ["%d-%m-%Y"]
    else:
        forms = ["%m-%d-%Y"] if int(second) > 12 else ["%d-%m-%Y", "%m-%d-%Y"]
    return f"; say how with --date-format {' or '.join(form.replace('-', mark) for form in forms)}"


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
