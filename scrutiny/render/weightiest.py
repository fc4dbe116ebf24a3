"""Which of very many signals are drawn."""

import heapq
from collections.abc import Sequence
from datetime import date

from scrutiny.view import Mark

SLICES = 40  # of the span, from each of which as many are taken while it has some


def weightiest(marks: Sequence[Mark], since: date, until: date, most: int) -> list[Mark]:
    """The signals of most weight and largest score, by day; each slice of the span has as many of them, or all."""
    if len(marks) <= most:
        return list(marks)
    slices: dict[int, list[Mark]] = {}
    for mark in marks:
        slices.setdefault((mark.on - since).days * SLICES // ((until - since).days + 1), []).append(mark)
    ranked = [
        (rank, *_order(mark), mark)
        for of_slice in slices.values()
        for rank, mark in enumerate(heapq.nsmallest(most, of_slice, key=_order))
    ]
    chosen = heapq.nsmallest(most, ranked, key=lambda one: one[:-1])
    return sorted((one[-1] for one in chosen), key=lambda mark: (mark.on, mark.number or 0))


def _order(mark: Mark) -> tuple[float, date, int]:
    return -mark.weight * abs(mark.score), mark.on, mark.number or 0
