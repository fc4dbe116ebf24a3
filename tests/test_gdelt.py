"""GDELT events, in every layout and state in which they come."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.core.acts import Kind
from scrutiny.core.allies import RUSSIA, SEEDS, Roster
from scrutiny.core.signals import Actor, Domain, Signal
from scrutiny.errors import ScrutinyError
from scrutiny.feeds import Found, Row, Skipped, Tally
from scrutiny.feeds.dyads import Direction, Dyads
from scrutiny.feeds.events import gdelt, icews, polecat
from tests.feeds import event_row
from tests.test_dyads import signal_of

REAL = Path(__file__).parents[2] / "shared" / "data" / "feeds" / "gdelt2_20151027.export.CSV"
DYADS = Dyads(Roster(RUSSIA, SEEDS))
URL = "https://news.example/a"


def cells(number: int = 900000001, columns: int = 61, **more: str) -> list[str]:
    """A row's cells: China makes a visit to Russia on 24 February 2026, unless said otherwise."""
    said = {
        "day": "20260224", "name_1": "CHINA", "country_1": "CHN", "name_2": "RUSSIA", "country_2": "RUS",
        "is_root": "1", "code": "042", "goldstein": "1.9", "mentions": "5", "added": "20260224120000", "url": URL,
    } | more  # fmt: skip
    row = [""] * columns
    row[0], row[1], row[2], row[3] = str(number), said["day"], said["day"][:6], said["day"][:4]
    row[5] = row[7] = said["country_1"]
    row[15] = row[17] = said["country_2"]
    row[6], row[16] = said["name_1"], said["name_2"]
    row[25:35] = said["is_root"], said["code"], said["code"], said["code"][:2], "1", said["goldstein"], *(
        said["mentions"], "1", said["mentions"], "-1.5"
    )  # fmt: skip
    row[59 if columns == 61 else 56] = said["added"] if columns == 61 else said["added"][:8]
    if columns != 57:
        row[-1] = said["url"]
    return row


def line(number: int = 900000001, columns: int = 61, **more: str) -> bytes:
    return "\t".join(cells(number, columns, **more)).encode() + b"\n"


def read(lines: Iterable[bytes], dyads: Dyads = DYADS) -> tuple[list[Found], Tally]:
    tally = Tally()
    return list(gdelt.read(lines, dyads, tally)), tally


def only(*lines: bytes) -> Signal:
    """The one signal of these lines."""
    [found] = read(lines)[0]
    assert isinstance(found, Row), found
    return signal_of(found)


def reason(*lines: bytes, dyads: Dyads = DYADS) -> str:
    """Why the one line of these that was skipped was so."""
    [found] = [one for one in read(lines, dyads)[0] if isinstance(one, Skipped)]
    return found.reason


def test_a_row_becomes_a_signal() -> None:
    found, tally = read([line(), line(900000002, country_2="USA"), line(900000003, country_1="")])
    signal = Signal(
        uid="gdelt:900000001", ally="china", happened_on=date(2026, 2, 24), kind=Kind.SUPPORT, score=1.9,
        summary="CHINA > RUSSIA: Make a visit", act="visit", actor=Actor.ALLY, domain=Domain.DIPLOMATIC, source=URL,
        origin="gdelt", cameo="042", mentions=5,
    )  # fmt: skip
    assert found == [event_row(1, signal, "RUSSIA > CHINA: Host a visit")]
    assert tally == Tally(read=3, matched=Counter(china=1))


def test_a_row_of_the_principal_s_act_is_its_own() -> None:
    signal = only(
        line(country_1="RUS", name_1="MOSCOW", country_2="IRN", name_2="IRAN", code="163", goldstein="-8.0")
    )
    assert (signal.ally, signal.actor, signal.kind, signal.act, signal.domain, signal.summary) == (
        "iran", Actor.PRINCIPAL, Kind.SANCTIONS, "impose", Domain.ECONOMIC,
        "MOSCOW > IRAN: Impose embargo, boycott, or sanctions",
    )  # fmt: skip


@pytest.mark.parametrize(("columns", "source"), [(61, URL), (58, URL), (57, None)])
def test_each_layout_is_read(columns: int, source: str | None) -> None:
    assert only(line(columns=columns)).source == source


def test_one_file_may_mix_both_layouts_of_1_0() -> None:
    found, tally = read([line(columns=57), line(2, 58, url="http://b.example"), line(3, 57), b"\n"])
    assert [(one.line, isinstance(one, Row)) for one in found] == [(1, True), (2, True), (3, True)]
    assert tally.read == 3


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
@pytest.mark.parametrize("columns", [57, 58, 61])
def test_the_ends_of_lines_and_a_mark_at_the_beginning_do_no_harm(end: str, columns: int) -> None:
    data = b"\xef\xbb\xbf" + line(columns=columns).removesuffix(b"\n") + end.encode()
    assert gdelt.begins([data])
    assert only(data) == only(line(columns=columns))


@pytest.mark.parametrize(
    ("more", "summary"),
    [
        ({"name_1": "", "name_2": ""}, "China > Russia: Make a visit"),
        ({"name_1": " XI\x1b[2J  JINPING "}, "XI [2J JINPING > RUSSIA: Make a visit"),
        ({"name_1": "X" * 900}, f"{'X' * 200} > RUSSIA: Make a visit"),
        ({"name_1": "TÜRK"}, "TÜRK > RUSSIA: Make a visit"),
    ],
)
def test_a_name_is_cleaned_or_the_country_s(more: dict[str, Any], summary: str) -> None:
    assert only(line(**more)).summary == summary


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("BBC Monitoring", "BBC Monitoring"),
        ("", None),
        ("  ", None),
        ("http://a.example/\x07bell", "http://a.example/ bell"),
        ("https://a.example/" + "x" * 5_000, "https://a.example/" + "x" * 3_982),
    ],
)
def test_what_is_no_sane_url_is_a_citation(url: str, source: str | None) -> None:
    assert only(line(url=url)).source == source


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"day": "20260230"}, "no day '20260230'"),
        ({"day": "2026-02-24"}, "no day '2026-02-24'"),
        ({"added": "soon"}, "no day 'soon'"),
        ({"code": "---"}, "no CAMEO code '---'"),
        ({"code": "999"}, "no CAMEO code '999'"),
        ({"goldstein": ""}, "no score ''"),
        ({"goldstein": "nan"}, "no score 'nan'"),
        ({"goldstein": "11"}, "no score 11; a score lies between -10 and +10"),
        ({"mentions": "0"}, "no number of mentions '0'"),
        ({"mentions": "9" * 15}, f"no number of mentions '{'9' * 15}'"),
        ({"added": "20260324000000"}, "dated exactly a month before it was added: a parser's slip"),
        ({"added": "20270224000000"}, "dated exactly a year before it was added: a parser's slip"),
        ({"added": "20260401000000"}, "added 36 days after its date, more than --max-lag 31"),
    ],
)
def test_a_wrong_row_is_skipped_with_its_reason(more: dict[str, Any], why: str) -> None:
    row = line(**more)
    found, tally = read([row])
    assert found == [Skipped(1, why, row.decode().rstrip("\n"))]
    assert tally.matched == {"china": 1}


def test_a_slip_of_the_parser_is_rejected_whatever_lag_is_allowed() -> None:
    dyads = replace(DYADS, max_lag=9_999)
    assert reason(line(added="20270224000000"), dyads=dyads).startswith("dated exactly a year before")
    assert len(read([line(added="20260401000000")], dyads)[0]) == 1


def test_an_event_without_a_number_is_skipped() -> None:
    assert reason(b"x" + line()) == "no number of an event 'x900000001'"


@pytest.mark.parametrize(
    ("wrong", "columns"),
    [(b"1\t2\t3\n", 3), (b"\t".join(line().split(b"\t")[:12]) + b"\n", 12), (line()[:-1] + b"\tmore\n", 62)],
)
def test_a_line_with_other_columns_is_skipped(wrong: bytes, columns: int) -> None:
    found, _ = read([line(), wrong, line(2, url="http://b.example")])
    text = wrong.decode().removesuffix("\n")
    assert found[1] == Skipped(2, f"{columns} columns, where GDELT has 61, 58 or 57", text)
    assert [type(one) for one in found] == [Row, Skipped, Row]


def test_a_file_most_lines_of_which_are_wrong_is_refused() -> None:
    with pytest.raises(ScrutinyError, match="this is not GDELT: 2 of 3 lines do not have its columns"):
        read([line(), b"a\tb\n", b"c\td\n"])
    with pytest.raises(ScrutinyError, match="this is not GDELT: 1,501 of 3,001 lines"):
        read([line(country_2="")] * 1_500 + [b"a\tb\n"] * 2_000)


# -- what a spreadsheet leaves behind


@pytest.mark.parametrize(
    ("row", "did"),
    [
        (line(added="2.02602E+13"), "took zeros from its codes"),
        (line(added="2,02602E+13"), "took zeros from its codes"),
        (line().replace(b"\t042\t042\t04\t", b"\t42\t42\t4\t"), "took zeros from its codes"),
        (line().replace(b"\t", b","), "put other signs between the columns"),
        (line().replace(b"\t", b";"), "put other signs between the columns"),
        (",".join(f'"{cell}"' for cell in cells(name_1="Salem, Oregon")).encode(), "put other signs"),
    ],
)
def test_a_file_that_a_spreadsheet_saved_is_refused_with_that_explanation(row: bytes, did: str) -> None:
    assert gdelt.begins([row])
    with pytest.raises(
        ScrutinyError, match=f"this GDELT file was saved again by a spreadsheet, which {did}"
    ) as raised:
        read([row, row])
    assert raised.value.hint == "get the file anew from GDELT and import it as it comes"


def test_what_a_spreadsheet_did_is_seen_in_any_row_that_counts() -> None:
    with pytest.raises(ScrutinyError, match="saved again by a spreadsheet"):
        read([*[line(country_1="")] * 1_500, line(added="2.02E+13")])


# -- what is asked for, and what comes again


@pytest.mark.parametrize(
    ("asked", "left_out"),
    [
        ({"allies": frozenset({"iran"})}, "--ally"),
        ({"direction": Direction.PRINCIPAL_TO_ALLY}, "--direction"),
        ({"since": date(2026, 2, 25)}, "--since"),
        ({"until": date(2026, 2, 23)}, "--until"),
        ({"min_mentions": 6}, "--min-mentions"),
        ({"root_only": True}, "--root-only"),
    ],
)
def test_an_option_leaves_rows_out_and_counts_them(asked: dict[str, Any], left_out: str) -> None:
    found, tally = read([line(is_root="0")], replace(DYADS, **asked))
    assert found == []
    assert tally == Tally(read=1, matched=Counter(china=1), left_out=Counter([left_out]))


def test_neutral_rows_and_the_same_story_under_another_number_are_counted() -> None:
    rows = [
        line(1),
        line(2),
        line(2, url="http://b.example"),
        line(3, code="010", goldstein="0.0"),
        line(1, day="20260223"),
    ]
    found, tally = read(rows)
    assert [one.line for one in found] == [1, 3]
    assert tally == Tally(read=5, matched=Counter(china=5), neutral=1, repeats=2)


@pytest.mark.parametrize("url", ["", "BBC Monitoring"])
def test_without_a_url_no_two_rows_are_the_same_story(url: str) -> None:
    assert len(read([line(1, url=url), line(2, url=url)])[0]) == 2


def test_a_visit_reported_by_both_sides_comes_once() -> None:
    host = line(2, country_1="RUS", name_1="RUSSIA", country_2="CHN", name_2="CHINA", code="043", goldstein="2.8")
    found, tally = read([line(1), host])
    assert ([one.line for one in found], tally.repeats) == ([1], 1)


# -- telling the feeds apart


def test_gdelt_is_known_by_its_first_lines() -> None:
    assert gdelt.begins([b"\n", line()])
    assert not icews.begins([line()])
    assert not polecat.begins([line()])


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"uid,date,ally,act,actor,kind,score,summary\n",
        b'{"date": "2026-02-24"}\n',
        b"123\t20260224\tshort\n",
        b"123,20260224,short\n",
        b"\x00" * 100,
    ],
)
def test_anything_else_is_not_gdelt(first: bytes) -> None:
    assert not gdelt.begins([first])


@pytest.mark.skipif(not REAL.is_file(), reason="the real file is not beside the checkout")
def test_a_real_file_is_read() -> None:
    lines = REAL.read_bytes().splitlines(keepends=True)
    found, tally = read(lines)
    assert gdelt.begins(lines[:10])
    assert tally == Tally(read=2116, matched=Counter(syria=19, iran=2), repeats=5)
    assert Counter(signal_of(one).ally if isinstance(one, Row) else one.reason for one in found) == {
        "syria": 14,
        "iran": 2,
    }


PIECES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([line(), line(columns=58), b"RUS", b"CHN", b"\t" * 8, b"\t" * 9, b"042", b"\n", b"20260224"]),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES, max_size=8))
def test_any_bytes_are_read_or_refused(pieces: list[bytes]) -> None:
    lines = b"".join(pieces).splitlines(keepends=True)
    gdelt.begins(lines)
    try:
        found, tally = read(lines)
    except ScrutinyError:
        return
    assert len(found) <= tally.read <= len(lines)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 60), st.text(max_size=6)), max_size=3))
def test_any_cells_are_read_or_refused(changes: list[tuple[int, str]]) -> None:
    row = cells()
    for at, text in changes:
        row[at] = text
    try:
        read(["\t".join(row).encode("utf-8", "surrogatepass")])
    except ScrutinyError as error:
        assert "spreadsheet" in error.message or "not GDELT" in error.message  # noqa: PT017  # either may come
