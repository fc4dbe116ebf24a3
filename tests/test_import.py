"""import of feeds: files as they come, the plan before them, what became of every row, and nothing twice."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from scrutiny.feeds import formats
from tests.conftest import Ran, Run
from tests.stores import is_there
from tests.test_gdelt import line as gdelt
from tests.test_icews import COLUMNS as ICEWS
from tests.test_icews import line as icews
from tests.test_polecat import COLUMNS as POLECAT
from tests.test_polecat import line as polecat

ICEWS_HEAD = "\t".join(ICEWS).encode() + b"\n"
POLECAT_HEAD = "\t".join(POLECAT).encode() + b"\n"
UNDO = "take it back: scrutiny undo {}\n"
VISIT = gdelt()
PRAISE = gdelt(900000002, code="051", goldstein="3.4", url="https://news.example/b")


def file(content: bytes, name: str = "events.CSV") -> str:
    """A file in the test's own folder."""
    Path(name).write_bytes(content)
    return name


def signals(run: Run, *args: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("list", "-f", "json", "--limit", "0", *args).out)["signals"]
    return found


def uids(run: Run) -> set[object]:
    return {one["uid"] for one in signals(run)}


# -- files as they come


def packed_gz(content: bytes) -> bytes:
    return gzip.compress(content)


def packed_zip(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("20260224.export.CSV", content)
    return out.getvalue()


def plain(content: bytes) -> bytes:
    return content


@pytest.mark.parametrize("pack", [plain, packed_gz, packed_zip])
@pytest.mark.parametrize("named", ["events.CSV", "events", "-"])
@pytest.mark.parametrize(
    ("content", "form"),
    [
        (VISIT + PRAISE, "gdelt"),
        (ICEWS_HEAD + icews() + icews(**{"Event ID": "8", "Event Text": "Praise", "CAMEO Code": "051"}), "icews"),
        (POLECAT_HEAD + polecat() + polecat(**{"Event ID": "other"}), "polecat"),
    ],
    ids=["gdelt", "icews", "polecat"],
)
def test_a_feed_is_known_by_its_lines_however_it_is_packed_and_named(
    run: Run, content: bytes, form: str, named: str, pack: Callable[[bytes], bytes]
) -> None:
    stdin = pack(content) if named == "-" else b""
    if named != "-":
        file(pack(content), named)
    ran = run("import", named, stdin=stdin)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith(f"{'stdin' if named == '-' else named}: 2 rows of {form} read, 2 added\n")
    assert {one["origin"] for one in signals(run)} == {form}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (packed_gz(VISIT * 500)[:-30], "it is cut off"),
        (packed_gz(VISIT) [:-8] + b"wrong sum", "what is packed in it is damaged"),
        (packed_zip(VISIT)[:-40], "what is packed in it is damaged"),
        (packed_gz(b"")[:5], "it is cut off"),
    ],
    ids=["a short gz", "a wrong sum", "a short zip", "no header"],
)  # fmt: skip
def test_a_damaged_file_is_refused_before_anything_is_added(run: Run, content: bytes, said: str) -> None:
    good = file(VISIT)
    ran = run("import", good, file(content, "bad"))
    assert ran == Ran(1, "", f"error: bad: {said}\nhint: get it anew\n")
    assert signals(run) == []


def test_an_archive_of_several_files_is_refused(run: Run) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.CSV", VISIT)
        archive.writestr("b.CSV", PRAISE)
    ran = run("import", file(out.getvalue(), "two.zip"))
    assert ran == Ran(1, "", "error: two.zip: it holds 2 files, not one\nhint: unpack it, and name them\n")


def test_an_archive_with_a_password_is_refused(run: Run) -> None:
    packed = bytearray(packed_zip(VISIT))
    for begins in (b"PK\x03\x04", b"PK\x01\x02"):  # the flag stands in both of its headers
        packed[packed.index(begins) + (6 if begins == b"PK\x03\x04" else 8)] |= 1
    ran = run("import", file(bytes(packed), "locked.zip"))
    assert ran == Ran(1, "", "error: locked.zip: it has a password\nhint: unpack it\n")


def test_a_spreadsheet_s_file_is_refused_before_anything_is_added(run: Run) -> None:
    spoilt = VISIT.replace(b"20260224120000", b"2.02602E+13")
    ran = run("import", file(VISIT, "good"), file(spoilt))
    assert ran.code == 1
    assert ran.err.startswith("error: events.CSV: this GDELT file was saved again by a spreadsheet")
    assert signals(run) == []


def test_a_format_that_is_said_is_taken(run: Run) -> None:
    assert run("import", file(VISIT), "--format", "GDELT").code == 0
    ran = run("import", file(VISIT), "--format", "gdlt")
    assert ran == Ran(2, "", "error: no format 'gdlt'; near: gdelt\n")
    assert run("import", file(VISIT), "--format", "icews").code == 1


def test_every_feed_offers_what_is_asked_of_one() -> None:
    assert {"gdelt", "icews", "polecat"} <= set(formats.FEEDS)
    for name in formats.FEEDS:
        assert callable(formats.feed(name).begins)
        assert callable(formats.feed(name).read)


def test_many_files_come_in_as_one_change_and_a_batch_each(run: Run) -> None:
    ran = run("import", file(VISIT, "one"), file(ICEWS_HEAD + icews(), "two"), file(PRAISE, "three"))
    assert ran.err == (
        "one: 1 row of gdelt read, 1 added\n  matched: China (1)\n"
        "two: 1 row of icews read, 1 added\n  matched: China (1)\n"
        "three: 1 row of gdelt read, 1 added\n  matched: China (1)\n" + UNDO.format(2)
    )
    found = json.loads(run("batches", "-f", "json").out)["batches"]
    assert [(one["file"], one["change"], one["format"]) for one in found] == [
        ("three", 2, "gdelt"), ("two", 2, "icews"), ("one", 2, "gdelt")
    ]  # fmt: skip


# -- what became of every row


EVERYTHING = b"".join(
    [
        VISIT,
        gdelt(900000003, country_2="USA"),
        gdelt(900000004, goldstein="0.0"),
        gdelt(900000005),  # the same story under another number
        gdelt(
            900000006, name_1="RUSSIA", country_1="RUS", name_2="CHINA", country_2="CHN", code="043", goldstein="2.8"
        ),
        gdelt(900000007, country_2="RUS", country_1="IRN", name_1="IRAN", mentions="1"),
        gdelt(900000008, day="20260124"),
        gdelt(900000009, day="20250224"),
        gdelt(900000010, day="20251224"),
        gdelt(900000011, goldstein="-11", url="https://news.example/c"),
    ]
)


def test_every_row_is_counted_once_and_every_reject_has_its_reason(run: Run) -> None:
    ran = run("import", file(EVERYTHING), "--min-mentions", "2", "--rejects", "rejects.csv")
    assert ran.err == (
        "events.CSV: 10 rows of gdelt read, 1 added, 1 neutral, 2 repeated, 4 rejected,"
        " 2 of other dyads or left out\n"
        "  matched: China (8) · Iran (1)\n"
        "  left out by: --min-mentions (1)\n"
        "  rejected: added 62 days after its date, more than --max-lag 31 (1)"
        " · dated exactly a month before it was added: a parser's slip (1)"
        " · dated exactly a year before it was added: a parser's slip (1)"
        " · no score -11; a score lies between -10 and +10 (1)\n"
        + UNDO.format(2)
        + "4 rejected rows written to rejects.csv\n"
    )
    rows = Path("rejects.csv").read_text().splitlines()
    assert rows[0] == "file,line,reason,row"
    assert [row.split(",")[:2] for row in rows[1:]] == [["events.CSV", str(n)] for n in (7, 8, 9, 10)]
    assert rows[1].endswith(f",{EVERYTHING.splitlines()[6].decode()}")
    (batch,) = json.loads(run("batches", "-f", "json").out)["batches"]
    parts = "added known differing updated revived removed rejected neutral repeats others".split()
    assert batch["read"] == 10 == sum(batch[part] for part in parts)


def test_the_plan_says_what_the_import_then_does(run: Run, place: str) -> None:
    name = file(EVERYTHING)
    planned = run("import", name, "--dry-run")
    assert (planned.code, planned.err) == (
        0,
        f"note: there is no ledger at {place} yet; the first signal makes it\n",
    )
    assert not is_there(place)
    done = run("import", name).err.splitlines()
    assert done[0].removeprefix("events.CSV: ") in planned.out
    assert [part.strip() for part in done[1:3]] == [part.strip() for part in planned.out.splitlines()[2:4]]
    assert "CHINA > RUSSIA: Make a visit" in planned.out
    assert len(signals(run)) == 2


def test_a_plan_changes_nothing_and_shows_ten(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow")
    before = run("history", "-f", "json").out, run("export").out
    many = b"".join(gdelt(number, url=f"https://news.example/{number}") for number in range(1, 31))
    planned = run("import", file(many), "--dry-run").out
    assert planned.count("CHINA > RUSSIA") == 10
    assert "the first 10 of 30 that would be added" in planned
    assert (run("history", "-f", "json").out, run("export").out) == before
    assert "nothing would be changed" in run("import", file(b"date,ally,act,summary\n", "none.csv"), "--dry-run").out


def test_a_plan_of_a_file_that_would_be_refused_says_so_after_it(run: Run) -> None:
    rows = b"date,ally,act,summary\n2026-02-24,China,visit,Xi in Moscow\n2026-02-24,China,visits,Xi\n"
    ran = run("import", file(rows, "in.csv"), "--dry-run")
    assert (ran.code, "2 rows read, 1 added, 1 rejected" in ran.out) == (1, True)
    assert "error: nothing was added: rows rejected: 1\n" in ran.err


def test_a_plan_names_the_allies_that_would_be_new(run: Run) -> None:
    rows = file(b"date,ally,act,summary\n2026-02-24,India,visit,Modi in Moscow\n", "in.csv")
    assert "India (IND) would be added to the allies" in run("import", rows, "--dry-run").out
    assert "India" not in run("ally", "list").out


# -- nothing twice


def test_the_same_file_adds_nothing_and_an_overlapping_one_only_what_is_new(run: Run) -> None:
    many = [gdelt(number, url=f"https://news.example/{number}") for number in range(1, 7)]
    run("import", file(b"".join(many[:4])))
    assert " 0 added, 4 already there\n" in run("import", file(b"".join(many[:4]))).err
    assert " 2 added, 2 already there\n" in run("import", file(b"".join(many[2:]))).err
    assert len(signals(run)) == 6


def test_a_story_of_an_earlier_file_does_not_come_in_under_another_number(run: Run) -> None:
    run("import", file(VISIT))
    again = gdelt(900000020)
    other_side = gdelt(900000021, name_1="RUSSIA", country_1="RUS", name_2="CHINA", country_2="CHN", code="043",
                       goldstein="2.8", url="https://news.example/elsewhere")  # fmt: skip
    elsewhere = gdelt(900000022, url="https://news.example/elsewhere")
    ran = run("import", file(again + other_side + elsewhere, "later"))
    assert ran.err.startswith("later: 3 rows of gdelt read, 1 added, 2 repeated\n")
    assert uids(run) == {"gdelt:900000001", "gdelt:900000022"}


def test_a_story_that_somebody_removed_stays_out_and_one_that_was_taken_back_may_come(run: Run) -> None:
    run("import", file(VISIT))
    run("remove", "1")
    assert " 0 added, 1 left out, since somebody removed them\n" in run("import", file(VISIT)).err
    assert " 0 added, 1 repeated\n" in run("import", file(gdelt(900000020))).err
    run("undo")
    run("undo")
    assert signals(run) == []
    assert " 1 added\n" in run("import", file(gdelt(900000020))).err


def test_feeds_never_add_an_ally(run: Run) -> None:
    ran = run("import", file(gdelt(country_1="KAZ", name_1="KAZAKHSTAN")))
    assert ran.err == "events.CSV: 1 row of gdelt read, 0 added, 1 of other dyads or left out\n"
    assert "kazakhstan" not in run("ally", "list", "-f", "csv").out


# -- options


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ((), 3),
        (("--direction", "ally-to-principal"), 2),
        (("--direction", "principal-to-ally"), 1),
        (("--ally", "iran"), 1),
        (("--ally", "iran,China"), 3),
        (("--since", "2026-02-25"), 1),
        (("--until", "2026-02-24"), 2),
        (("--min-mentions", "9"), 1),
        (("--root-only",), 2),
        (("--max-lag", "0"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_an_option_leaves_out_what_it_says(run: Run, options: tuple[str, ...], count: int) -> None:
    rows = [
        gdelt(1, is_root="0"),
        gdelt(2, country_1="IRN", name_1="IRAN", mentions="9"),
        gdelt(3, country_1="RUS", name_1="RUSSIA", country_2="CHN", name_2="CHINA", day="20260225", code="051",
              added="20260226000000"),
    ]  # fmt: skip
    run("import", file(b"".join(rows)), *options)
    assert len(signals(run)) == count


def test_events_have_no_grade_unless_one_is_given(run: Run) -> None:
    run("import", file(VISIT))
    run("import", file(PRAISE), "--grade", "c3")
    assert {one["uid"]: one["grade"] for one in signals(run)} == {"gdelt:900000001": None, "gdelt:900000002": "C3"}


@pytest.mark.parametrize(
    ("content", "option", "said"),
    [
        (b"date,ally,act,summary\n", ("--root-only",), "--root-only is for feeds, and this is csv"),
        (b"date,ally,act,summary\n", ("--max-lag", "0"), "--max-lag is for feeds, and this is csv"),
        (b'{"date": 1}\n', ("--grade", "B2"), "--grade is for feeds, and this is jsonl"),
        (ICEWS_HEAD, ("--root-only",), "--root-only is for gdelt, and this is icews"),
        (POLECAT_HEAD, ("--max-lag", "3"), "--max-lag is for gdelt, and this is polecat"),
        (VISIT, ("--update",), "--update is for csv and jsonl, and this is gdelt"),
        (VISIT, ("--map", "date=Datum"), "--map is for csv and jsonl, and this is gdelt"),
    ],
)
def test_an_option_that_the_file_cannot_follow_is_refused(
    run: Run, content: bytes, option: tuple[str, ...], said: str
) -> None:
    ran = run("import", file(content, "some"), *option)
    assert ran == Ran(2, "", f"error: some: {said}\n")


def test_without_a_file_the_refusal_leads_on(run: Run) -> None:
    hint = "as in: scrutiny import signals.csv; an empty file: scrutiny import --template"
    assert run("import") == Ran(2, "", f"error: FILE is missing\nhint: {hint}\n")


# -- every command that reads


def test_what_a_feed_brought_is_read_by_every_command(run: Run) -> None:
    run("import", file(VISIT + PRAISE), file(ICEWS_HEAD + icews(), "two"))
    assert {one["uid"] for one in signals(run, "--origin", "gdelt")} == {"gdelt:900000001", "gdelt:900000002"}
    assert [one["origin"] for one in signals(run, "--batch", "2")] == ["icews"]
    assert len(signals(run, "--origin", "feeds")) == 3
    for command in ("show 1", "history 1", "export", "candidates", "list"):
        assert run(*command.split()).code == 0
    for command in ("explain china", "chart china", "changes", "compare china iran", "summary china", "summary"):
        assert run(*command.split(), "--origin", "gdelt").code == 0
    out = run("export", "--origin", "feeds").out
    assert run("import", "-", "--db", "other.db", stdin=out).code == 0
    assert run("export", "--db", "other.db").out == out


# -- what is brought again


def test_several_files_that_were_taken_back_come_again_and_are_counted_each(run: Run) -> None:
    one, two = file(VISIT, "one"), file(PRAISE, "two")
    run("import", one, two)
    run("undo")
    planned = run("import", one, two, "--dry-run")
    assert planned.code == 0
    assert "1 brought back" in planned.out
    assert "nothing would be" not in planned.out
    ran = run("import", one, two)
    assert [line for line in ran.err.splitlines() if "read" in line] == [
        f"{name}: 1 row of gdelt read, 0 added, 1 brought back" for name in ("one", "two")
    ]
    assert run("db", "check").code == 0


def test_a_story_that_is_there_under_another_number_does_not_come_back(run: Run) -> None:
    run("import", file(VISIT, "one"))
    run("undo")
    run("import", file(gdelt(900000020), "two"))
    assert " 0 added, 1 repeated\n" in run("import", "one").err
    assert uids(run) == {"gdelt:900000020"}


def test_an_event_that_was_accepted_again_since_is_not_accepted_twice_by_an_import(run: Run) -> None:
    run("import", file(VISIT, "one"))
    rows = b"uid,date,ally,act,summary,event\nd,2026-02-24,China,visit,Xi in Moscow,gdelt:900000001\n"
    run("import", file(rows, "desk.csv"))
    run("undo")
    assert run("accept", "1", "B2").code == 0
    ran = run("import", "desk.csv")
    assert (ran.code, ran.err) == (
        1,
        "error: the event of #2 was accepted again since, as #3\nhint: first: scrutiny remove 3\n",
    )


def test_the_files_of_a_folder_are_imported(run: Run) -> None:
    Path("day").mkdir()
    file(VISIT, "day/b.CSV")
    file(PRAISE, "day/a.CSV")
    file(b"", "day/.hidden")
    ran = run("import", "day")
    assert [line.partition(":")[0] for line in ran.err.splitlines() if "read" in line] == ["day/a.CSV", "day/b.CSV"]
    Path("none").mkdir()
    assert run("import", "none") == Ran(1, "", "error: there is no file in the folder none\n")


def test_rejects_do_not_overwrite_what_is_imported_nor_mix_with_the_plan(run: Run) -> None:
    name = file(b"date,ally,act,summary\n", "in.csv")
    assert "would overwrite a file that is imported" in run("import", name, "--rejects", "in.csv").err
    assert run("import", name, "--rejects", "-", "--dry-run").code == 2
    assert Path("in.csv").read_bytes() == b"date,ally,act,summary\n"


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_a_damaged_member_of_an_archive_is_named(run: Run, method: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("a.CSV", b"".join(gdelt(number) for number in range(1, 200)))
    spoilt = bytearray(out.getvalue())
    spoilt[120:160] = bytes(40)
    ran = run("import", file(bytes(spoilt), "bad.zip"))
    assert (ran.code, ran.err.startswith("error: bad.zip: ")) == (1, True)
    assert signals(run) == []
