"""POLECAT events, in every state in which they come."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
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

DYADS = Dyads(Roster(RUSSIA, SEEDS))
COLUMNS = (
    "Event ID,Event Date,Event Type,Event Mode,Intensity,Quad Code,Contexts,Actor Name,Actor Country,Actor COW,"
    "Primary Actor Sector,Actor Sectors,Actor Title,Actor Name Raw,Wikipedia Actor ID,Recipient Name,"
    "Recipient Country,Recipient COW,Primary Recipient Sector,Recipient Sectors,Recipient Title,Recipient Name Raw,"
    "Wikipedia Recipient ID,Placename,City,District,Province,Country,Latitude,Longitude,GeoNames ID,Raw Placename,"
    "Feature Type,Source,Publication Date,Story People,Story Organizations,Story Locations,Language,Version"
).split(",")
ROW = dict.fromkeys(COLUMNS, "None") | {
    "Event ID": "20230103_7_1", "Event Date": "2023-01-03", "Event Type": "CONSULT", "Event Mode": "phone",
    "Intensity": "1.5", "Contexts": "diplomatic", "Actor Name": "Ebrahim Raisi", "Actor Country": "IRN",
    "Recipient Name": "Vladimir Putin", "Recipient Country": "RUS", "Source": "A Wire",
}  # fmt: skip
HEADER = ("\t".join(COLUMNS) + "\n").encode()


def line(columns: Iterable[str] = COLUMNS, form: str = "utf-8", **more: str) -> bytes:
    """A row: Raisi telephones Putin on 3 January 2023, unless said otherwise (Event_ID for Event ID)."""
    row = ROW | {name.replace("_", " "): cell for name, cell in more.items()}
    return ("\t".join(row[name] for name in columns) + "\n").encode(form)


def read(*lines: bytes, dyads: Dyads = DYADS) -> tuple[list[Found], Tally]:
    tally = Tally()
    return list(polecat.read(lines, dyads, tally)), tally


def only(*lines: bytes) -> Signal:
    """The one signal of a file."""
    [found] = read(*lines)[0]
    assert isinstance(found, Row), found
    return signal_of(found)


def test_a_row_becomes_a_signal() -> None:
    found, tally = read(HEADER, line(), line(Actor_Country="FRA"), line(Actor_Country="None"))
    signal = Signal(
        uid="polecat:20230103_7_1", ally="iran", happened_on=date(2023, 1, 3), kind=Kind.SUPPORT, score=1.5,
        summary="Ebrahim Raisi > Vladimir Putin: Consult (phone)", actor=Actor.ALLY, domain=Domain.DIPLOMATIC,
        source="A Wire", origin="polecat", cameo="04",
    )  # fmt: skip
    assert found == [event_row(2, signal, "Vladimir Putin > Ebrahim Raisi: Consult (phone)")]
    assert tally == Tally(read=3, matched=Counter(iran=1))


def test_the_heading_says_which_column_is_which() -> None:
    columns = list(reversed(COLUMNS))
    header = ("\t".join(columns) + "\n").encode()
    assert polecat.begins([header])
    assert only(header, line(columns)) == only(HEADER, line())


def test_another_heading_of_the_intensity_is_known() -> None:
    assert only(HEADER.replace(b"\tIntensity", b"\tEvent Intensity"), line(Intensity="2")).score == 2.0


@pytest.mark.parametrize("form", ["utf-8", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_either_encoding_is_read(form: str, end: str) -> None:
    lines = [HEADER.replace(b"\n", end.encode()), line(form=form, Actor_Name="Raïssi").replace(b"\n", end.encode())]
    assert polecat.begins(lines)
    assert only(*lines).summary == "Raïssi > Vladimir Putin: Consult (phone)"


def test_a_mark_at_the_beginning_does_no_harm() -> None:
    assert polecat.begins([b"\xef\xbb\xbf" + HEADER])
    assert only(b"\xef\xbb\xbf" + HEADER, line()) == only(HEADER, line())


@pytest.mark.parametrize("missing", ["None", "", " "])
def test_what_is_missing_is_made_up_for_or_left_out(missing: str) -> None:
    more = dict.fromkeys("Event_Mode Intensity Contexts Actor_Name Recipient_Name Source".split(), missing)
    signal = only(HEADER, line(**more))
    assert (signal.summary, signal.source, signal.score) == ("Iran > Russia: Consult", None, 2.5)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("AGREE", "None", "economic"), ("03", "pledge", "support", 2.5, "economic")),
        (("ACCUSE", "None", "legal"), ("11", None, "distancing", -3.0, "diplomatic")),
        (("COERCE", "restrict", "diplomatic"), ("17", None, "sanctions", -7.0, "diplomatic")),
        (("RETREAT", "ease", "economic"), ("08", None, "sanctions", 6.5, "economic")),
        (("SANCTION", "expel", "diplomatic"), ("16", None, "distancing", -5.5, "diplomatic")),
        (("MOBILIZE", "troops", "None"), ("15", None, "distancing", -6.5, "military")),
    ],
)  # fmt: skip
def test_an_event_without_an_intensity_takes_plover_s_score(cells: tuple[str, ...], said: tuple[object, ...]) -> None:
    event, mode, contexts = cells
    signal = only(HEADER, line(Event_Type=event, Event_Mode=mode, Contexts=contexts, Intensity="None"))
    assert (signal.cameo, signal.act, signal.kind.value, signal.score, str(signal.domain)) == said


@pytest.mark.parametrize("country", ["IRN", "Iran", "Islamic Republic of Iran", "USA;IRN", "Iran | China"])
def test_a_country_is_a_code_or_a_name_and_the_first_ally_of_several_counts(country: str) -> None:
    assert only(HEADER, line(Actor_Country=country)).ally == "iran"


def test_several_actors_are_named_with_commas() -> None:
    row = line(Actor_Name="China;Iran", Actor_Country="CHN;IRN")
    assert only(HEADER, row).summary == "China, Iran > Vladimir Putin: Consult (phone)"


# -- cells too many, cells too few


@pytest.mark.parametrize("more", [b"\t", b"\t\t\t"])
def test_tabs_that_are_too_many_do_no_harm(more: bytes) -> None:
    assert only(HEADER, line().replace(b"\n", more + b"\n")) == only(HEADER, line())
    assert only(HEADER.replace(b"\n", more + b"\n"), line()) == only(HEADER, line())


@pytest.mark.parametrize("at", [0, 10, 40])
def test_a_column_that_only_the_heading_has_is_passed_over(at: int) -> None:
    columns = [*COLUMNS[:at], "Headline", *COLUMNS[at:]]
    header = ("\t".join(columns) + "\n").encode()
    assert only(header, line()) == only(HEADER, line())
    assert only(header, line(columns, Headline="Raisi calls")) == only(HEADER, line())


def test_a_line_cut_off_behind_the_recipient_is_read() -> None:
    cut = b"\t".join(line().split(b"\t")[:20])
    assert only(HEADER, cut) == replace(only(HEADER, line()), source=None)


@pytest.mark.parametrize(
    ("wrong", "columns"), [(b"\t".join(line().split(b"\t")[:16]), 16), (line()[:-1] + b"\tmore", 41), (b"rest", 1)]
)
def test_a_line_of_which_nobody_knows_what_is_where_is_skipped(wrong: bytes, columns: int) -> None:
    found, _ = read(HEADER, line(), wrong + b"\n", line(Event_ID="2"))
    assert found[1] == Skipped(3, f"{columns} columns under 40", wrong.decode())
    assert [type(one) for one in found] == [Row, Skipped, Row]


def test_a_file_most_lines_of_which_are_wrong_is_refused() -> None:
    with pytest.raises(ScrutinyError, match="this is not POLECAT: 2 of 3 lines do not have its columns"):
        read(HEADER, line(), b"a\n", b"b\n")


def test_a_file_without_a_needed_column_is_refused() -> None:
    with pytest.raises(ScrutinyError, match="this is not POLECAT: there is no column 'Event Mode'"):
        read(HEADER.replace(b"Event Mode", b"Mood"), line())


def test_a_file_that_a_spreadsheet_saved_with_other_separators_is_refused() -> None:
    header = HEADER.replace(b"\t", b";")
    assert polecat.begins([header])
    with pytest.raises(ScrutinyError, match="this POLECAT file was saved again by a spreadsheet"):
        read(header)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"Event_Date": "20230103"}, "no day '20230103'"),
        ({"Event_Date": "2023-02-30"}, "no day '2023-02-30'"),
        ({"Event_ID": "None"}, "there is no Event ID"),
        ({"Event_ID": "é"}, "a uid is 1 to 200 visible ASCII characters"),
        ({"Event_Type": "None"}, "no PLOVER event ''"),
        ({"Event_Type": "VISIT"}, "no PLOVER event 'VISIT'"),
        ({"Intensity": "strong"}, "no score 'strong'"),
        ({"Intensity": "12"}, "no score 12; a score lies between -10 and +10"),
    ],
)
def test_a_wrong_row_is_skipped_with_its_reason(more: dict[str, str], why: str) -> None:
    row = line(Intensity="1.5") if not more else line(**more)
    assert read(HEADER, row)[0] == [Skipped(2, why, row.decode().rstrip("\n"))]


# -- what is asked for, and what comes again


@pytest.mark.parametrize(
    ("asked", "left_out"),
    [
        ({"allies": frozenset({"china"})}, ["--ally"]),
        ({"direction": Direction.PRINCIPAL_TO_ALLY}, ["--direction"]),
        ({"since": date(2023, 1, 4)}, ["--since"]),
        ({"until": date(2023, 1, 2)}, ["--until"]),
        ({"min_mentions": 6, "root_only": True, "max_lag": 0}, []),
    ],
)
def test_an_option_leaves_rows_out_and_counts_them(asked: dict[str, Any], left_out: list[str]) -> None:
    found, tally = read(HEADER, line(), dyads=replace(DYADS, **asked))
    assert (len(found), tally.left_out) == (0 if left_out else 1, Counter(left_out))


def test_what_comes_again_or_from_the_other_side_or_says_nothing_is_counted() -> None:
    back = {
        "Event_ID": "2", "Actor_Name": "Vladimir Putin", "Actor_Country": "RUS",
        "Recipient_Name": "Ebrahim Raisi", "Recipient_Country": "IRN",
    }  # fmt: skip
    request = line(Event_ID="3", Event_Type="REQUEST", Event_Mode="meet", Intensity="None")
    found, tally = read(HEADER, line(), line(**back), line(), request)
    assert [one.line for one in found] == [2]
    assert tally == Tally(read=4, matched=Counter(iran=4), repeats=2, neutral=1)


def test_polecat_is_known_by_its_heading() -> None:
    assert polecat.begins([b"\n", HEADER, line()])
    assert not gdelt.begins([HEADER, line()])
    assert not icews.begins([HEADER, line()])


@pytest.mark.parametrize("first", [b"", b"\n", b"uid,date,ally,act\n", b'{"date": 1}\n', line()])
def test_anything_else_is_not_polecat(first: bytes) -> None:
    assert not polecat.begins([first])


PIECES = st.one_of(
    st.binary(max_size=40), st.sampled_from([line(), HEADER, b"IRN", b"RUS", b"\t" * 17, b"\t", b"\n", b"Headline"])
)


@settings(deadline=None, max_examples=60)
@given(st.booleans(), st.lists(PIECES, max_size=8))
def test_any_bytes_are_read_or_refused(headed: bool, pieces: list[bytes]) -> None:
    lines = ((HEADER if headed else b"") + b"".join(pieces)).splitlines(keepends=True)
    polecat.begins(lines)
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
