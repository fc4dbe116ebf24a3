"""Rows in bulk: what was seen before is not looked at again, and yet nothing gets in that a signal may not be."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny import feeds
from scrutiny.core.acts import Kind
from scrutiny.core.allies import RUSSIA, SEEDS, Newcomers, Roster
from scrutiny.core.exported import COLUMNS, cells, in_file
from scrutiny.core.signals import Actor, Domain, Driver, Grade, Signal
from scrutiny.core.text import folded
from scrutiny.errors import ScrutinyError
from scrutiny.feeds.rows import Rows
from scrutiny.store import waiting
from scrutiny.store.tables import CELLS, row_of
from tests.conftest import Run

GOOD = {
    "uid": "a:1", "date": "2026-02-24", "ally": "China", "act": "visit", "summary": "Xi in Moscow", "grade": "B2",
    "domain": "energy", "source": "https://x.org", "recorded_at": "2026-02-25T09:00:00Z", "recorded_by": "boris",
}  # fmt: skip
ODD = st.sampled_from(
    "2026-02-30|2026-02-24|china|Iran|Russia|nowhere|visit|halt|support|-1|11|0|nan|1.234|third|war|energy|B2|G9|desk|"
    "My feed|true|maybe|a\x1bb|ä|\ud800| x\ty |2026-02-25T09:00:00+02:00|noon|'=x||x|  ".split("|")
) | st.sampled_from(["u" * 201, "x" * 10_001])


def row(said: Mapping[str, str]) -> list[str]:
    return [said.get(name, "") for name in COLUMNS]


def read(rows: Rows, said: Mapping[str, str]) -> object:
    try:
        return rows.row(2, row(said)).cells
    except ScrutinyError as error:
        return error.message


def fresh() -> Rows:
    return Rows(Newcomers(Roster(RUSSIA, SEEDS)))


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), ODD, max_size=3), min_size=1, max_size=5))
def test_a_row_that_comes_in_bulk_is_a_signal_or_is_refused_as_one(changes: list[dict[str, str]]) -> None:
    """Whatever stood before it in the file, a row is read as if it stood alone."""
    used = fresh()
    for said in (GOOD, *(GOOD | changed for changed in changes), GOOD, *(GOOD | changed for changed in changes)):
        alone = read(fresh(), said)
        assert read(used, said) == alone or not said.get("uid", "").strip()  # whose occurrences are numbered


@pytest.mark.parametrize(
    ("column", "cell"),
    [("uid", "a b"), ("uid", "u" * 201), ("summary", "a\x1bb"), ("summary", "x" * 10_001), ("summary", "\ud800"),
     ("source", "a\x1bb"), ("source", "x" * 4_001), ("source", "\ud800")],
    ids=lambda text: text[:9].encode("ascii", "backslashreplace").decode(),
)  # fmt: skip
def test_what_no_signal_may_be_is_refused_after_any_number_of_good_rows(column: str, cell: str) -> None:
    rows = fresh()
    assert read(rows, GOOD) == read(rows, GOOD) == read(fresh(), GOOD)
    refused = read(rows, GOOD | {column: cell})
    assert isinstance(refused, str)
    assert refused == read(fresh(), GOOD | {column: cell})


def test_cells_of_a_file_are_those_that_are_exported() -> None:
    signal = Signal(
        uid="a", ally="iran", happened_on=date(2026, 2, 24), kind=Kind.SUPPORT, score=2.8, summary="x y", act="visit",
        actor=Actor.THIRD, domain=Domain.ENERGY, driver=Driver.WAR, grade=Grade("B", "2"), private=True,
        recorded_at=datetime.fromisoformat("2026-02-25T09:00:00.5+00:00"),
    )  # fmt: skip
    assert dict(zip(COLUMNS, in_file(signal), strict=True)) == {
        "uid": "a", "date": "2026-02-24", "ally": "iran", "act": "visit", "actor": "third", "kind": "support",
        "score": 2.8, "summary": "x y", "domain": "energy", "driver": "war", "source": "", "grade": "B2",
        "origin": "desk", "event": "", "private": "true", "recorded_at": "2026-02-25T09:00:00.500000Z",
        "recorded_by": "",
    }  # fmt: skip
    assert [cell for cell in cells(signal) if cell is None] == [None] * 3
    assert fresh().row(2, [str(cell) for cell in in_file(signal)]).cells == in_file(signal)


def test_the_store_names_the_cells_in_the_order_in_which_a_row_has_them() -> None:
    signal = Signal(uid="a", ally="iran", happened_on=date(2026, 2, 24), kind=Kind.SUPPORT, score=2.8, summary="x y")
    assert tuple(row_of(signal)) == CELLS


def test_a_file_comes_back_as_it_was_however_few_of_its_rows_are_held_at_once(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What many rows say alike is written down but once, as long as it is remembered."""
    out = run("export").out
    head, *lines = out.splitlines(keepends=True)
    Path("first.csv").write_text("".join([head, *lines[:40]]), "utf-8")
    Path("second.csv").write_text("".join([head, *lines[40:]]), "utf-8")
    for module, name, few in ((waiting, "CHUNK", 7), (waiting, "MANY", 3), (feeds.rows, "MANY", 2)):
        monkeypatch.setattr(module, name, few)
    assert run("import", "first.csv", "second.csv", "--db", "other.db").code == 0
    assert run("export", "--db", "other.db").out == out


@pytest.mark.parametrize("place", ["first", "between", "last"])
def test_a_word_of_any_length_is_found_by_its_first_64_letters(place: str) -> None:
    words = {"first": "{} a b", "between": "a {} b", "last": "a b {}"}[place]
    assert folded(words.format("X" * 64)) == words.format("x" * 64)
    assert folded(words.format("X" * 65)) == words.format("x" * 64)
    assert folded(words.format("\u00c9" * 65)) == words.format("e" * 64)
