"""export to a workbook: what the CSV says, as what it is, and nothing in it acts."""

import io
import json
import os
import re
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook  # type: ignore[import-untyped]  # it ships none
from openpyxl.utils.escape import unescape  # type: ignore[import-untyped]  # as above

from scrutiny.core.exported import COLUMNS
from scrutiny.errors import ScrutinyError
from scrutiny.feeds import workbook
from tests import hostile
from tests.conftest import Ran, Run

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
ROW = {"date": "2026-05-01", "ally": "China", "act": "visit", "recorded_at": "2026-05-02T10:00:00Z"}


def sheet(name: str | io.BytesIO = "out.xlsx") -> Any:
    book = load_workbook(name)
    assert book.sheetnames == ["signals"]
    return book["signals"]


def cells(run: Run, *args: str) -> list[dict[str, Any]]:
    """What stands in each row of an export, by the name of its column, as openpyxl's cells."""
    ran = run("export", *args, "--output", "out.xlsx")
    assert ran.code == 0, ran.err
    return [dict(zip(COLUMNS, row, strict=True)) for row in sheet().iter_rows(min_row=2)]


def said(run: Run, *args: str) -> list[dict[str, Any]]:
    """The same as JSON Lines have it."""
    return [json.loads(line) for line in run("export", *args, "-f", "jsonl").out.splitlines()]


def parts(name: str = "out.xlsx") -> dict[str, str]:
    with zipfile.ZipFile(name) as archive:
        return {one: archive.read(one).decode() for one in archive.namelist()}


def stored(*summaries: str) -> list[str]:
    """What stands in a workbook's file for these summaries: openpyxl leaves the codes in a cell as they are."""
    out = io.BytesIO()
    workbook.write_xlsx([tuple(one if name == "summary" else "" for name in COLUMNS) for one in summaries], out)
    (found,) = sheet(out).iter_cols(COLUMNS.index("summary") + 1, COLUMNS.index("summary") + 1, 2, values_only=True)
    return list(found)


def add(run: Run, *rows: dict[str, str]) -> None:
    full = [{"uid": f"x:{n:03}", "summary": "Xi in Moscow"} | ROW | row for n, row in enumerate(rows)]
    ran = run("import", "-", "--keep-going", stdin="".join(json.dumps(one) + "\n" for one in full))
    assert ran.code == 0, ran.err


# -- what stands in it


def test_a_workbook_says_what_the_csv_says(run: Run, sample: Path) -> None:
    run("edit", "90", "--private")
    rows, expected = cells(run), said(run)
    assert [cell.value for cell in sheet()[1]] == list(COLUMNS)
    assert len(rows) == len(expected) == 90
    for row, one in zip(rows, expected, strict=True):
        found = {name: cell.value for name, cell in row.items()}
        assert found.pop("date") == datetime.combine(date.fromisoformat(one.pop("date")), datetime.min.time())
        recorded = datetime.fromisoformat(one.pop("recorded_at")).replace(tzinfo=None)
        assert abs(found.pop("recorded_at") - recorded) <= timedelta(milliseconds=1)
        assert found == one


def test_each_cell_is_what_it_is_and_shown_so(run: Run) -> None:
    add(run, {"score": "-2.25", "act": "criticise", "private": "true", "recorded_by": "boris"}, {"grade": "B2"})
    first, second = cells(run)
    assert (first["date"].value, first["date"].number_format) == (datetime(2026, 5, 1), "yyyy-mm-dd")  # noqa: DTZ001
    assert first["recorded_at"].value == datetime(2026, 5, 2, 10)  # noqa: DTZ001  # a sheet knows no zones
    assert first["recorded_at"].number_format == "yyyy-mm-dd hh:mm:ss"
    assert (first["score"].value, first["score"].number_format) == (-2.25, "+0.0?;-0.0?")
    assert (first["private"].value, second["private"].value) == (True, False)
    assert {name for name, cell in first.items() if cell.value is None} == {
        "domain",
        "driver",
        "source",
        "grade",
        "event",
    }
    assert all(cell.data_type == "n" for cell in first.values() if cell.value is None)


def test_days_that_excel_cannot_hold_are_texts(run: Run) -> None:
    days = ["0001-01-01", "1899-12-31", "1900-02-28", "1900-03-01", "9999-12-31"]
    add(run, *({"date": on, "recorded_at": f"{max(on, '0001-01-02')}T12:00:00Z"} for on in days))
    rows = cells(run)
    assert [row["date"].value for row in rows] == [
        *days[:3],
        datetime(1900, 3, 1),  # noqa: DTZ001
        datetime(9999, 12, 31),  # noqa: DTZ001
    ]
    assert [row["recorded_at"].value for row in rows][2:4] == [
        "1900-02-28T12:00:00Z",
        datetime(1900, 3, 1, 12),  # noqa: DTZ001
    ]


def test_a_cell_that_other_programs_broke_is_a_text() -> None:
    broken = {"uid": "a", "date": "soon", "score": "much", "recorded_at": "", "private": "", "summary": "x"}
    out = io.BytesIO()
    assert workbook.write_xlsx([tuple(broken.get(name) for name in COLUMNS)], out) == 1
    found = dict(zip(COLUMNS, next(sheet(out).iter_rows(min_row=2, values_only=True)), strict=True))
    assert (found["date"], found["score"], found["recorded_at"], found["private"]) == ("soon", "much", None, False)
    out = io.BytesIO()
    workbook.write_xlsx([tuple((broken | {"score": float("inf")}).get(name) for name in COLUMNS)], out)
    assert sheet(out)["G2"].value == "inf"


def test_an_empty_ledger_gives_the_header_alone(run: Run) -> None:
    ran = run("export", "-o", "out.xlsx")
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "0 signals written to out.xlsx")
    assert [[cell.value for cell in row] for row in sheet().iter_rows()] == [list(COLUMNS)]


def test_filters_and_known_hold_for_a_workbook(run: Run, sample: Path, clock: Any) -> None:
    assert {row["ally"].value for row in cells(run, "china", "--kind", "support")} == {"china"}
    add(run, {"summary": "Logged today"})
    assert len(cells(run)) == 91
    assert run("export", "--known", "2020-01-01", "-o", "out.xlsx").code == 1


# -- how it looks


def test_a_sheet_is_made_to_be_read_and_printed(run: Run, sample: Path) -> None:
    cells(run)
    found = sheet()
    assert all(cell.font.bold for cell in found[1])
    assert (found.freeze_panes, found.auto_filter.ref, found.print_title_rows) == ("A2", "A1:Q91", "$1:$1")
    page = found.page_setup
    assert (page.orientation, page.paperSize, page.fitToHeight, found.sheet_properties.pageSetUpPr.fitToPage) == (
        "landscape",
        9,
        0,
        True,
    )
    widths = {name: found.column_dimensions[chr(65 + at)].width for at, name in enumerate(COLUMNS)}
    assert round(widths["summary"]) == 81
    assert 11 < widths["date"] < 13
    assert max(widths, key=widths.__getitem__) == "summary"
    assert min(widths.values()) > 8
    foot = found.oddFooter
    assert (foot.left.text, foot.center.text, foot.right.text) == ("&A", None, "&P / &N")


def test_a_uid_of_digits_is_not_marked_as_a_slip(run: Run) -> None:
    add(run, {"uid": "20260501000000000001"}, {})
    assert cells(run)[0]["uid"].value == "20260501000000000001"
    assert '<ignoredError sqref="A1:Q3" numberStoredAsText="1"/>' in parts()["xl/worksheets/sheet1.xml"]


def test_what_is_said_of_the_whole_sheet_holds_for_whatever_columns_there_are(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(workbook, "COLUMNS", COLUMNS[:3])
    with (home / "out.xlsx").open("wb") as out:
        workbook.write_xlsx([("1", "2026-05-01", "china")], out)
    assert sheet().auto_filter.ref == "A1:C2"
    assert '<ignoredError sqref="A1:C2" ' in parts()["xl/worksheets/sheet1.xml"]


def test_a_summary_is_wrapped_and_one_that_has_no_end_is_cut(run: Run) -> None:
    add(run, {"summary": "word " * 20}, {"summary": "word " * 1999}, {"source": "https://example.org/" + "x" * 500})
    short, endless, sourced = cells(run)
    assert short["summary"].alignment.wrap_text
    assert (endless["summary"].alignment.wrap_text, endless["summary"].alignment.horizontal) == (None, "fill")
    assert len(endless["summary"].value) == 9994
    assert (sourced["source"].alignment.horizontal, len(sourced["source"].value)) == ("fill", 520)
    assert {cell.alignment.vertical for cell in short.values() if cell.value is not None} == {"top"}


# -- nothing acts


RICH = {  # what the library would take for XML that is ready, and what it writes control characters as
    "RICH": "<r><t>x</t></r>",
    "RICH_OUT": '<r></t></is></c><c r="B2"><f>HYPERLINK("http://evil.example")</f></c></r>',
    "RICH_CODE": "<r>_x0041_</r>",
    "CODE": "_x0041_ _x005F_ =1",
    "CODES_THAT_SHARE": "_x0041_x0042_ x",
    "CODES_IN_SMALL": "_x00e9_x00E9_x005f_",
    "RICH_CODES": "<r>_x0041_x003C_</r>",
    "FULL_WIDTH_FORMULA": "＝1+1",
    "BLANK_FORMULA": "\u00a0=1+1",
}


def test_no_text_acts_in_a_workbook_and_each_stays_exact(run: Run) -> None:
    pieces = [*hostile.PIECES.values(), *RICH.values()]
    rows = [{"summary": one, "source": one[:4000].strip(), "recorded_by": one[:200]} for one in pieces]
    ran = run("import", "-", "--keep-going", stdin="".join(
        json.dumps(ROW | row | {"uid": f"={n:03}"}) + "\n" for n, row in enumerate(rows)
    ))  # fmt: skip
    assert ran.code == 0
    expected, found = said(run), cells(run)
    assert len(found) == len(expected) > 100
    for row, one in zip(found, expected, strict=True):
        for name in ("uid", "summary", "source", "recorded_by"):
            cell = row[name]
            assert unescape(cell.value) == one[name]
            assert (cell.data_type, cell.hyperlink) == ("s", None)
            if one[name].startswith((*FORMULAS, "'", "＝", "\u00a0")):
                assert cell.quotePrefix, one[name]
    assert not found[0]["ally"].quotePrefix
    made = parts()
    assert not re.search("<f[ >]|hyperlink|<is><r>", made["xl/worksheets/sheet1.xml"])
    assert {name for name in made if "rels" in name} == {"_rels/.rels", "xl/_rels/workbook.xml.rels"}
    assert not re.search("External|http://evil", "".join(text for name, text in made.items() if "rels" in name))


CODES = {  # by hand, after ECMA-376 part 1, 22.9.2.19 and 22.4.2.4
    "_x0041_": "_x005F_x0041_",
    "_x0041_x0042_ x": "_x005F_x0041_x005F_x0042_ x",
    "_x0041_x0042_x0043_": "_x005F_x0041_x005F_x0042_x005F_x0043_",
    "__x00e9__": "__x005F_x00e9__",
    "_x005F_x0041_": "_x005F_x005F_x005F_x0041_",
    "_x0041": "_x0041",
    "_X0041_ _x041_ _x004G_ snake_case": "_X0041_ _x041_ _x004G_ snake_case",
    "a\x01b\rc\x1f": "a_x0001_b_x000D_c_x001F_",  # which no ledger holds unless another program wrote it
    "\ufffe\uffff": "_xFFFE__xFFFF_",
    "_x0041\x01": "_x005F_x0041_x0001_",
}


def test_a_text_that_looks_like_codes_is_stored_so_that_none_of_it_is_read_as_one() -> None:
    assert dict(zip(CODES, stored(*CODES), strict=True)) == CODES
    assert [unescape(code) for code in CODES.values()] == list(CODES)


PIECES = (*"_x04Af", "_x0041_", "x005F_", "\x01", "\uffff", "<r>", "</r>")


@settings(deadline=None, derandomize=True)  # each is a workbook, written and read
@given(st.lists(st.lists(st.sampled_from(PIECES), min_size=1), min_size=1, max_size=20))
@example([["_x0041_", "x005F_", "x005F_"], ["<r>", "_x0041_", "x005F_", "</r>"]])
def test_texts_of_pieces_of_codes_come_back_from_a_workbook(pieces: list[list[str]]) -> None:
    texts = ["".join(some) for some in pieces]
    assert [unescape(one) for one in stored(*texts)] == texts


@pytest.mark.parametrize("name", workbook.METHODS)
def test_a_library_that_writes_texts_otherwise_is_refused(
    run: Run, sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delattr(f"xlsxwriter.xmlwriter.XMLwriter.{name}")
    assert run("export", "-o", "out.xlsx") == Ran(
        1,
        "",
        "error: this version of xlsxwriter may write texts as something else\n"
        'hint: pip install "xlsxwriter==3.3.1"\n',
    )
    assert not (home / "out.xlsx").exists()


def test_more_addresses_than_a_sheet_may_link_are_texts_like_any(run: Run) -> None:
    add(run, {"source": "https://example.org/1", "summary": "https://example.org/2"})
    (row,) = cells(run)
    assert (row["source"].hyperlink, row["source"].value) == (None, "https://example.org/1")
    assert "xl/worksheets/_rels/sheet1.xml.rels" not in parts()


# -- the file


def test_a_ledger_gives_the_same_bytes_on_every_day(
    run: Run, sample: Path, zone: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("export", "-o", "one.xlsx")
    zone("XXX-11")
    before = os.umask(0)
    monkeypatch.setattr(time, "time", lambda: 2e9)
    monkeypatch.setenv("SCRUTINY_USER", "boris")
    try:
        run("export", "-f", "xlsx", "-o", "two.bin")
    finally:
        os.umask(before)
    assert Path("one.xlsx").read_bytes() == Path("two.bin").read_bytes()


def test_the_properties_name_no_author_and_no_day(run: Run, sample: Path) -> None:
    run("export", "-o", "out.xlsx")
    about = load_workbook("out.xlsx").properties
    assert (about.creator, about.lastModifiedBy, about.title) == (None, None, "Signals")
    assert about.created.replace(tzinfo=UTC) == datetime(1980, 1, 1, tzinfo=UTC)
    assert "ana" not in "".join(text for name, text in parts().items() if name.startswith("docProps"))


@pytest.mark.parametrize("args", [("-o", "OUT.XLSX"), ("-f", "xlsx", "-o", "OUT.XLSX"), ("-f", "xlsx", "-o", "OUT")])
def test_a_workbook_is_asked_for_by_name_or_format(run: Run, sample: Path, home: Path, args: tuple[str, ...]) -> None:
    assert run("export", *args) == Ran(0, "", f"90 signals written to {args[-1]}\n")
    made = home / args[-1]
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert sheet(io.BytesIO(made.read_bytes())).max_row == 91
    assert [path.name for path in home.iterdir() if "OUT" in path.name] == [args[-1]]


def test_a_format_outweighs_the_name(run: Run, sample: Path) -> None:
    assert run("export", "-f", "csv", "-o", "out.xlsx").code == 0
    assert Path("out.xlsx").read_text().startswith("uid,date")


def test_a_pipe_gets_the_bytes_of_the_file(run: Run, sample: Path) -> None:
    run("export", "-o", "out.xlsx")
    command = [sys.executable, "-m", "scrutiny", "export", "-f", "xlsx"]
    ran = subprocess.run([*command, "-o", "-"], check=True, capture_output=True)
    assert (ran.stdout, ran.stderr) == (Path("out.xlsx").read_bytes(), b"")


def test_a_terminal_is_not_given_a_workbook(run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.conftest.io.TextIOWrapper", Terminal)
    assert run("export", "-f", "xlsx") == Ran(
        2,
        "",
        "error: a terminal cannot show such a file\nhint: name a file for it: --output signals.xlsx\n",
    )
    assert run("export", "-f", "xlsx", "-o", "out.xlsx").code == 0


class Terminal(io.TextIOWrapper):
    """A stream at which somebody looks."""

    def isatty(self) -> bool:
        return True


def test_raw_means_nothing_to_a_workbook(run: Run, sample: Path, home: Path) -> None:
    assert run("export", "--raw", "-o", "out.xlsx") == Ran(
        2, "", "error: --raw is for csv: a workbook holds every text as it is, and runs none\n"
    )
    assert not (home / "out.xlsx").exists()


def test_without_the_library_the_extra_is_named(
    run: Run, sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    before = sorted(home.iterdir())
    assert run("export", "-o", "out.xlsx") == Ran(
        1,
        "",
        "error: an .xlsx workbook needs the extra scrutiny[xlsx], which is not installed\n"
        'hint: pip install "scrutiny[xlsx]"\n',
    )
    assert [path for path in sorted(home.iterdir()) if "ledger.db-" not in path.name] == before
    assert run("export", "-o", "out.csv").code == 0


def test_more_signals_than_a_sheet_holds_are_refused_at_once(
    run: Run, sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert workbook.MOST == 2**20 - 1
    workbook.check_size(workbook.MOST)
    monkeypatch.setattr(workbook, "MOST", 89)
    begun = list[str]()

    def read(*_: object) -> Iterator[tuple[str, ...]]:
        begun.append("reading")
        return (() for _ in ())

    def written(*_: object) -> int:
        begun.append("writing")
        return 0

    with monkeypatch.context() as patched:
        patched.setattr("scrutiny.store.ledger.Ledger.exported", read)
        patched.setattr(workbook, "write_xlsx", written)
        ran = run("export", "-o", "out.xlsx")
    assert (ran.code, begun) == (1, [])
    assert ran.err == (
        "error: a sheet holds 89 signals, and these are 90\n"
        "hint: export fewer, as in --since 2026-01-01, or all of them as CSV: --format csv\n"
    )
    assert not (home / "out.xlsx").exists()
    assert run("export", "-o", "out.xlsx", "china").code == 0


def test_a_sheet_is_never_written_beyond_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the count said."""
    monkeypatch.setattr(workbook, "MOST", 1)
    out = io.BytesIO()
    with pytest.raises(ScrutinyError, match="a sheet holds 1 signals"):
        workbook.write_xlsx([tuple("" for _ in COLUMNS)] * 2, out)
    assert out.getvalue() == b""


def test_what_breaks_half_way_leaves_what_was_there(run: Run, sample: Path, home: Path) -> None:
    def half() -> Iterator[tuple[str, ...]]:
        yield tuple("x" for _ in COLUMNS)
        raise OSError(28, "No space left on device")

    from scrutiny.cli.present import write_bytes

    (home / "out.xlsx").write_text("what was there before")
    before = sorted(home.iterdir())
    with pytest.raises(ScrutinyError, match=r"cannot write out\.xlsx: No space left on device"):
        write_bytes("out.xlsx", lambda out: workbook.write_xlsx(half(), out))
    assert (home / "out.xlsx").read_text() == "what was there before"
    assert sorted(home.iterdir()) == before


def test_a_full_disk_is_said_so(run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Path("out.xlsx").symlink_to("/dev/full")
    assert run("export", "-o", "out.xlsx") == Ran(1, "", "error: cannot write out.xlsx: No space left on device\n")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    assert run("export", "-o", "other.xlsx").code == 1


def test_a_workbook_that_cannot_be_packed_is_said_so(
    run: Run, sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(zipfile.ZipFile):
        def write(self, *_args: object, **_given: object) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("xlsxwriter.workbook.ZipFile", Full)
    assert run("export", "-o", "out.xlsx") == Ran(1, "", "error: cannot write out.xlsx: No space left on device\n")
    assert not (home / "out.xlsx").exists()


def test_a_workbook_of_more_than_four_gibibytes_is_packed(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million long summaries are as much; here the limit is a thousand bytes."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)
    assert len(cells(run)) == 90


def test_import_says_how_a_workbook_gets_in(run: Run, sample: Path) -> None:
    run("export", "-o", "out.xlsx")
    assert run("import", "out.xlsx") == Ran(
        1,
        "",
        "error: out.xlsx: it is a spreadsheet's own file\nhint: save it as CSV (UTF-8) there, and import that\n",
    )
