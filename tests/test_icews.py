"""ICEWS events, in every state in which they come."""

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
from scrutiny.core.allies import RUSSIA, SEEDS, Ally, Roster
from scrutiny.core.signals import Actor, Domain, Signal
from scrutiny.errors import ScrutinyError
from scrutiny.feeds import Found, Row, Skipped, Tally
from scrutiny.feeds.dyads import Direction, Dyads
from scrutiny.feeds.events import gdelt, icews, polecat
from tests.feeds import event_row
from tests.test_dyads import signal_of

REAL = Path(__file__).parents[2] / "shared" / "data" / "feeds" / "icews_2018_sample.tab"
DYADS = Dyads(Roster(RUSSIA, SEEDS))
COLUMNS = (
    "Event ID,Event Date,Source Name,Source Sectors,Source Country,Event Text,CAMEO Code,Intensity,Target Name,"
    "Target Sectors,Target Country,Story ID,Sentence Number,Publisher,City,District,Province,Country,Latitude,"
    "Longitude"
).split(",")
ROW = dict.fromkeys(COLUMNS, "NA") | {
    "Event ID": "70000001", "Event Date": "2018-06-08", "Source Name": "Xi Jinping", "Source Country": "China",
    "Event Text": "Consult", "CAMEO Code": "040", "Intensity": "1", "Target Name": "Vladimir Putin",
    "Target Country": "Russian Federation", "Story ID": "80000001", "Publisher": "A Wire",
}  # fmt: skip
HEADER = ("\t".join(COLUMNS) + "\n").encode()


def line(columns: Iterable[str] = COLUMNS, **more: str) -> bytes:
    """A row: Xi Jinping consults Vladimir Putin on 8 June 2018, unless said otherwise (Event_ID for Event ID)."""
    row = ROW | {name.replace("_", " "): cell for name, cell in more.items()}
    return ("\t".join(row[name] for name in columns) + "\n").encode()


def read(*lines: bytes, dyads: Dyads = DYADS) -> tuple[list[Found], Tally]:
    tally = Tally()
    return list(icews.read(lines, dyads, tally)), tally


def only(*lines: bytes) -> Signal:
    """The one signal of a file."""
    [found] = read(*lines)[0]
    assert isinstance(found, Row), found
    return signal_of(found)


def test_a_row_becomes_a_signal() -> None:
    found, tally = read(HEADER, line(), line(Source_Country="France"), line(Source_Country="NA"))
    signal = Signal(
        uid="icews:70000001:2018-06-08", ally="china", happened_on=date(2018, 6, 8), kind=Kind.SUPPORT, score=1.0,
        summary="Xi Jinping > Vladimir Putin: Consult", actor=Actor.ALLY, domain=Domain.DIPLOMATIC, source="A Wire",
        origin="icews", cameo="040",
    )  # fmt: skip
    assert found == [event_row(2, signal, "Vladimir Putin > Xi Jinping: Consult")]
    assert tally == Tally(read=3, matched=Counter(china=1))


def test_the_heading_says_which_column_is_which() -> None:
    columns = list(reversed(COLUMNS))
    header = ("\t".join(columns) + "\n").encode()
    assert icews.begins([header])
    assert only(header, line(columns)) == only(HEADER, line())


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_mark_at_the_beginning_and_the_ends_of_lines_do_no_harm(end: bytes) -> None:
    lines = [b"\xef\xbb\xbf" + HEADER.replace(b"\n", end), line().replace(b"\n", end), end]
    assert icews.begins(lines)
    assert only(*lines) == only(HEADER, line())


@pytest.mark.parametrize(
    ("written", "day"),
    [("2018-06-08", date(2018, 6, 8)), ("6/8/2018", date(2018, 6, 8)), ("12/31/2017", date(2017, 12, 31))],
)
def test_a_day_is_iso_s_or_american(written: str, day: date) -> None:
    signal = only(HEADER, line(Event_Date=written))
    assert (signal.happened_on, signal.uid) == (day, f"icews:70000001:{day}")


def test_a_lone_quote_swallows_nothing() -> None:
    found, _ = read(
        HEADER, line(Source_Name='"Xi'), line(Event_ID="2", Story_ID="2", Source_Name='Xi "the" Jinping"')
    )
    assert [signal_of(one).summary for one in found if isinstance(one, Row)] == [
        '"Xi > Vladimir Putin: Consult', 'Xi "the" Jinping" > Vladimir Putin: Consult'
    ]  # fmt: skip


@pytest.mark.parametrize("missing", ["NA", "", " "])
def test_what_is_missing_is_made_up_for_or_left_out(missing: str) -> None:
    signal = only(HEADER, line(Source_Name=missing, Target_Name=missing, Publisher=missing, Intensity=missing))
    assert (signal.summary, signal.source, signal.score) == ("China > Russia: Consult", None, 1.0)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"CAMEO_Code": "NA", "Event_Text": "Criticize", "Intensity": "-2"}, ("Criticize", None, -2.0, "distancing")),
        ({"CAMEO_Code": "", "Event_Text": "Praise"}, ("Praise", None, 1.0, "support")),
        ({"Event_Text": "NA"}, ("Consult", "040", 1.0, "support")),
        (
            {"CAMEO_Code": "163", "Intensity": "-8"},
            ("Impose embargo, boycott, or sanctions", "163", -8.0, "sanctions"),
        ),
    ],
)
def test_an_event_without_a_code_is_read_from_what_there_is(more: dict[str, str], said: tuple[object, ...]) -> None:
    signal = only(HEADER, line(**more))
    assert (signal.summary.partition(": ")[2], signal.cameo, signal.score, signal.kind.value) == said
    assert (signal.domain is None) == (signal.cameo is None)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"Event_Date": "8 June"}, "no day '8 June'"),
        ({"Event_Date": "31/12/2017"}, "no day '31/12/2017'"),
        ({"Event_Date": "NA"}, "no day ''"),
        ({"Event_ID": "NA"}, "there is no Event ID"),
        ({"Event_ID": "7 0"}, "a uid is 1 to 200 visible ASCII characters"),
        ({"CAMEO_Code": "X"}, "no CAMEO code 'X'"),
        ({"CAMEO_Code": "NA", "Event_Text": "NA"}, "there is neither a CAMEO Code nor an Event Text"),
        ({"CAMEO_Code": "NA", "Intensity": "NA", "Event_Text": "Waves"}, "there is no Intensity"),
        ({"Intensity": "high"}, "no score 'high'"),
        ({"Intensity": "-10.5"}, "no score -10.5; a score lies between -10 and +10"),
    ],
)
def test_a_wrong_row_is_skipped_with_its_reason(more: dict[str, str], why: str) -> None:
    row = line(**more)
    assert read(HEADER, row)[0] == [Skipped(2, why, row.decode().rstrip("\n"))]


def test_a_line_with_other_columns_is_skipped() -> None:
    found, _ = read(HEADER, line(), b"cut\toff\n", line(Event_ID="2", Story_ID="2"))
    assert found[1] == Skipped(3, "2 columns under 20", "cut\toff")
    assert [type(one) for one in found] == [Row, Skipped, Row]


def test_a_file_most_lines_of_which_are_wrong_is_refused() -> None:
    with pytest.raises(ScrutinyError, match="this is not ICEWS: 2 of 3 lines do not have its columns"):
        read(HEADER, line(), b"a\n", b"b\n")


def test_a_file_without_a_needed_column_is_refused() -> None:
    with pytest.raises(ScrutinyError, match="this is not ICEWS: there is no column 'Target Country'"):
        read(HEADER.replace(b"Target Country", b"Where"), line())


@pytest.mark.parametrize("separator", [b",", b";"])
def test_a_file_that_a_spreadsheet_saved_with_other_separators_is_refused(separator: bytes) -> None:
    header = b'"' + HEADER.strip().replace(b"\t", b'"' + separator + b'"') + b'"\n'
    assert icews.begins([header])
    with pytest.raises(ScrutinyError, match="saved again by a spreadsheet, which put other signs"):
        read(header)


@pytest.mark.parametrize("code", ["40", "4", "311", "51"])
def test_a_code_that_lost_its_zero_refuses_the_file(code: str) -> None:
    with pytest.raises(ScrutinyError, match="saved again by a spreadsheet, which took zeros from its codes"):
        read(HEADER, line(CAMEO_Code=code))


def test_an_event_without_a_code_is_known_by_its_name() -> None:
    signal = only(HEADER, line(CAMEO_Code="NA", Event_Text="Make a visit", Intensity="1.9"))
    assert (signal.cameo, signal.act, signal.domain) == ("042", "visit", Domain.DIPLOMATIC)


def test_na_is_no_namibia() -> None:
    namibia = DYADS.roster.state("Namibia")
    assert namibia
    dyads = Dyads(DYADS.roster.joined(namibia))
    assert read(HEADER, line(Source_Country="NA"), dyads=dyads)[0] == []
    assert len(read(HEADER, line(Source_Country="Namibia"), dyads=dyads)[0]) == 1


def test_an_ally_that_is_no_state_is_known_by_its_name() -> None:
    dyads = Dyads(Roster(RUSSIA, (Ally(slug="kosovo", name="Kosovo"),)))
    assert read(HEADER, line(Source_Country="Kosovo"), dyads=dyads)[1].matched == {"kosovo": 1}


# -- what is asked for, and what comes again


@pytest.mark.parametrize(
    ("asked", "left_out"),
    [
        ({"allies": frozenset({"iran"})}, ["--ally"]),
        ({"direction": Direction.PRINCIPAL_TO_ALLY}, ["--direction"]),
        ({"since": date(2018, 6, 9)}, ["--since"]),
        ({"until": date(2018, 6, 7)}, ["--until"]),
        ({"min_mentions": 6, "root_only": True, "max_lag": 0}, []),
    ],
)
def test_an_option_leaves_rows_out_and_counts_them(asked: dict[str, Any], left_out: list[str]) -> None:
    found, tally = read(HEADER, line(), dyads=replace(DYADS, **asked))
    assert (len(found), tally.left_out) == (0 if left_out else 1, Counter(left_out))


@pytest.mark.parametrize(
    ("more", "comes_again"),
    [
        ({}, True),
        ({"Story_ID": "2"}, True),
        ({"Event_ID": "2"}, True),
        ({"Event_ID": "2", "Sentence_Number": "9"}, True),
        ({"Event_ID": "2", "Story_ID": "2"}, False),
        ({"Event_ID": "2", "Story_ID": "NA"}, False),
        ({"Event_Date": "2018-06-09"}, False),
    ],
)
def test_an_event_is_known_by_number_and_day_and_a_story_comes_once(more: dict[str, str], comes_again: bool) -> None:
    found, tally = read(HEADER, line(), line(**more))
    assert (len(found), tally.repeats) == ((1, 1) if comes_again else (2, 0))


def test_reports_of_both_sides_come_once_and_neutral_ones_not_at_all() -> None:
    back = {
        "Event_ID": "2", "Source_Name": "Vladimir Putin", "Source_Country": "Russian Federation",
        "Target_Name": "Xi Jinping", "Target_Country": "China",
    }  # fmt: skip
    found, tally = read(HEADER, line(), line(**back), line(Event_ID="3", CAMEO_Code="010", Intensity="0"))
    assert [one.line for one in found] == [2]
    assert tally == Tally(read=3, matched=Counter(china=3), repeats=1, neutral=1)


def test_icews_is_known_by_its_heading() -> None:
    assert icews.begins([b"\n", HEADER, line()])
    assert not gdelt.begins([HEADER, line()])
    assert not polecat.begins([HEADER, line()])


@pytest.mark.parametrize("first", [b"", b"\n", b"uid,date,ally,act\n", b'{"date": 1}\n', line()])
def test_anything_else_is_not_icews(first: bytes) -> None:
    assert not icews.begins([first])


@pytest.mark.skipif(not REAL.is_file(), reason="the real file is not beside the checkout")
def test_a_real_file_is_read() -> None:
    lines = REAL.read_bytes().splitlines(keepends=True)
    found, tally = read(*lines)
    assert icews.begins(lines[:10])
    assert tally.matched == {"china": 8, "syria": 6, "iran": 4, "belarus": 3}
    assert (tally.read, len(found) + tally.neutral + tally.repeats) == (3705, 21)
    assert all(isinstance(one, Row) for one in found)


PIECES = st.one_of(
    st.binary(max_size=40), st.sampled_from([line(), HEADER, b"China", b"Russian Federation", b"\t", b"\n", b'"'])
)


@settings(deadline=None, max_examples=60)
@given(st.booleans(), st.lists(PIECES, max_size=8))
def test_any_bytes_are_read_or_refused(headed: bool, pieces: list[bytes]) -> None:
    lines = ((HEADER if headed else b"") + b"".join(pieces)).splitlines(keepends=True)
    icews.begins(lines)
    try:
        found, tally = read(*lines)
    except ScrutinyError:
        return
    assert len(found) <= tally.read < max(len(lines), 1)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(st.characters(exclude_categories=["Cs"]), max_size=8)))
def test_any_cells_are_read_or_refused(changes: dict[str, str]) -> None:
    row = ROW | changes
    try:
        read(HEADER, "\t".join(row[name] for name in COLUMNS).encode())
    except ScrutinyError as error:
        assert error.message.startswith("this ")  # noqa: PT017  # not every row is refused
