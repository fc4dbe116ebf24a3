"""Feed events beside the desk's signals: those worth reading up, and several reports of one event."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from scrutiny.core.signals import Signal


@dataclass(frozen=True, slots=True)
class Candidate:
    """A feed event that nobody accepted yet, and how many signals the desk has of that ally on that day."""

    event: Signal
    desk: int


@dataclass(frozen=True, slots=True)
class Report:
    """A signal as one of several reports of an event: its number, its day, whether it is the desk's."""

    number: int
    on: date
    by_desk: bool


Group = tuple[Report, ...]


def together(alike: Iterable[tuple[int, Report]]) -> list[Group]:
    """Groups of reports, the newest first, the desk's first in each, then the newest.

    Each report comes with the number of another that it is like, or its own; what is like the same is one group.
    """
    reports: dict[int, Report] = {}
    above: dict[int, int] = {}  # a forest: whoever leads up to the same root is of one group

    def root(number: int) -> int:
        while (up := above.setdefault(number, number)) != number:
            above[number] = above[up]
            number = up
        return number

    for number, report in alike:
        reports[report.number] = report
        one, other = sorted((root(number), root(report.number)))
        above[other] = one
    groups: dict[int, list[Report]] = {}
    for number, report in reports.items():
        groups.setdefault(root(number), []).append(report)
    ordered = [tuple(sorted(group, key=_in_group, reverse=True)) for group in groups.values()]
    return sorted(ordered, key=_newest, reverse=True)


def shown(groups: Sequence[Group], limit: int) -> list[tuple[Report, Group]]:
    """The reports, each with its group, of the first groups that come whole to at most so many; 0 is all.

    Only where the very first group has more by itself is it cut.
    """
    found = [(report, group) for group in groups[:1] for report in group[: limit or None]]
    for group in groups[1:]:
        if limit and len(found) + len(group) > limit:
            break
        found += [(report, group) for report in group]
    return found


def _in_group(report: Report) -> tuple[bool, date, int]:
    return report.by_desk, report.on, report.number


def _newest(group: Group) -> tuple[date, int]:
    return max((report.on, report.number) for report in group)
