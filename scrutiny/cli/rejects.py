"""Rows that are no signals: the first are said, all are counted by their reasons, and a file keeps them if asked."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TextIO

from scrutiny.cli.shell import say
from scrutiny.core.text import guarded, inert, shortened
from scrutiny.errors import ScrutinyError
from scrutiny.feeds import Found, Row, Skipped

SHOWN = 20  # said one by one
MANY = 1_000  # different reasons that are counted one by one
COLUMNS = ("file", "line", "reason", "row")


class Rejects:
    """The rejects of one import, file after file; `out` takes them as CSV where one is given."""

    def __init__(self, out: TextIO | None = None) -> None:
        self.count = 0
        self.refusing = 0  # those for which nothing is added unless --keep-going is given
        self.reasons = Counter[str]()  # of the present file
        self._name, self._refuses, self._strange = "", False, False
        self._first: list[str] = []
        self._writer = None if out is None else csv.writer(out, lineterminator="\n")
        if self._writer:
            self._writer.writerow(COLUMNS)

    def begin(self, name: str, *, refusing: bool) -> None:
        """Goes on with a file, which is refused whole for any reject or is not."""
        self._name, self._refuses = name, refusing
        self.reasons = Counter()

    def sifted(self, found: Iterable[Found]) -> Iterator[Row]:
        """The signals among what was found; the others are kept here."""
        for one in found:
            if isinstance(one, Skipped):
                self._keep(one)
            else:
                yield one

    def say(self) -> None:
        """Says the first of those that refuse an import."""
        for line in self._first:
            say(shortened(line))
        if self.refusing > len(self._first):
            say(f"... and {self.refusing - len(self._first):,} more")

    def refused(self, *, hint_allies: bool) -> ScrutinyError | None:
        """Why nothing is added; None where nothing stands in the way."""
        if not self.refusing:
            return None
        hint = "add the others with --keep-going"
        if self._strange and hint_allies:
            hint += ", and allies that are no state with --add-allies"
        return ScrutinyError(f"nothing was added: rows rejected: {self.refusing:,}", hint)

    def _keep(self, one: Skipped) -> None:
        self.count += 1
        reason = one.reason if one.reason in self.reasons or len(self.reasons) < MANY else "other reasons"
        self.reasons[reason] += 1
        if self._refuses:
            self.refusing += 1
            self._strange |= one.reason.startswith("no ally")
            if len(self._first) < SHOWN:
                self._first.append(f"{self._name}:{one.line}: {one.reason}")
        if self._writer:
            row = "\t".join(map(inert, one.text.split("\t")))  # a tab steers nothing, and divides a feed's cells
            self._writer.writerow((guarded(inert(self._name)), one.line, guarded(inert(one.reason)), guarded(row)))
