"""export --public: what others may have, and nothing that is not theirs."""

import csv
import io
import json
import os
import re
import shlex
import stat
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from markdown_it import MarkdownIt

from scrutiny.core import exported
from scrutiny.core.published import COLUMNS
from scrutiny.core.signals import CREDIBILITY, RELIABILITY
from scrutiny.reports.publication import FILES, MEANS
from tests import hostile
from tests.conftest import Clock, Ran, Run

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
ROW = {"date": "2026-05-01", "ally": "China", "act": "visit", "summary": "Xi in Moscow"}


def publish(run: Run, *args: str, name: str = "out.zip") -> dict[str, str]:
    """The files of a publication by name."""
    ran = run("export", "--public", name, *args)
    assert (ran.code, ran.out) == (0, ""), ran.err
    with zipfile.ZipFile(name) as archive:
        assert archive.testzip() is None
        return {one: archive.read(one).decode() for one in archive.namelist()}


def rows(files: dict[str, str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files["signals.csv"])))


def add(run: Run, *signals: dict[str, str], options: tuple[str, ...] = ()) -> None:
    full = [ROW | {"uid": f"x:{n:03}"} | one for n, one in enumerate(signals)]
    ran = run("import", "-", "--keep-going", *options, stdin="".join(json.dumps(one) + "\n" for one in full))
    assert ran.code == 0, ran.err


# -- what is in it


def test_a_publication_holds_the_signals_and_what_explains_them(run: Run, sample: Path) -> None:
    files = publish(run)
    assert list(files) == list(FILES) == ["signals.csv", "acts.csv", "grades.csv", "README.md"]
    private = {"private", "recorded_at", "recorded_by"}
    expected = [
        {name: cell for name, cell in row.items() if name not in private}
        for row in csv.DictReader(io.StringIO(run("export").out))
    ]
    assert rows(files) == expected
    assert files["signals.csv"].splitlines()[0] == ",".join(COLUMNS)
    assert set(exported.COLUMNS) - set(COLUMNS) == private
    assert files["acts.csv"] == run("acts", "-f", "csv").out


def test_the_grades_are_said_in_words_with_their_weights(run: Run, sample: Path) -> None:
    found = list(csv.DictReader(io.StringIO(publish(run)["grades.csv"])))
    assert found[1] == {"part": "reliability", "code": "B", "means": "usually reliable", "weight": "0.75"}
    assert found[-1] == {"part": "credibility", "code": "6", "means": "truth cannot be judged", "weight": "0.5"}
    assert {row["code"]: float(row["weight"]) * 4 for row in found} == RELIABILITY | CREDIBILITY


def test_the_text_says_what_it_is_of_what_and_from_when_to_when(run: Run, sample: Path) -> None:
    add(run, {"date": "2026-05-21"})
    text = publish(run)["README.md"]
    assert text.startswith("# Signals on Russia's allies\n\n## What this is\n\n")
    assert "It holds 91 signals on 6 allies, dated 2022-02-02 to 2026-05-21." in text
    assert "| north-korea | North Korea | 11 | 2022-03-02 | 2026-03-16 |" in text
    named = re.findall(r"(?m)^\| ([a-z-]+) \| .+ \| 20..-..-.. \|$", text)
    assert len(named) == 6
    assert named == sorted(named)
    assert "All that the ledger holds, but for what is always left out." in text
    for said in ("Goldstein", "CAMEO", "Admiralty", "usually reliable", "without a grade it weighs 0.25"):
        assert said in text


def test_each_column_and_each_file_is_explained(run: Run, sample: Path) -> None:
    assert tuple(MEANS) == COLUMNS
    text = publish(run)["README.md"]
    for name in (*COLUMNS, *FILES):
        assert f"| {name} | " in text


def test_the_text_says_by_what_the_signals_were_chosen(run: Run, sample: Path) -> None:
    options = "china,iran --kind support,distancing --since 2023-01-01 --until 2026-05-20 --grade B --search moscow"
    files = publish(run, *options.split(), "--act", "joint", "--origin", "desk")
    assert {row["ally"] for row in rows(files)} == {"china"}
    for said in (
        "- **Allies** China, Iran\n",
        "- **Kinds** support, distancing\n",
        "- **Acts** joint\n",
        "- **Grades** B\n",
        "- **From** 2023-01-01\n",
        "- **Up to** 2026-05-20\n",
        "- **Words in summary or source** moscow\n",
        "- **Origins** desk\n",
    ):
        assert said in files["README.md"]
    more = "--by ally --domain energy --driver sanctions --no-act --batch 1"
    text = publish(run, *more.split())["README.md"]
    for said in (
        "**Actors** ally",
        "**Domains** energy",
        "**Drivers** sanctions",
        "**Acts** none: scored without one",
    ):
        assert said in text
    assert "**Import** one file's" in text


def test_an_empty_ledger_gives_a_publication_that_says_so(run: Run) -> None:
    ran = run("export", "--public", "out.zip")
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "0 signals written to out.zip")
    files = publish(run)
    assert files["signals.csv"] == ",".join(COLUMNS) + "\n"
    assert "There is no signal in it." in files["README.md"]
    assert "**The allies**" not in files["README.md"]


def commands(files: dict[str, str]) -> list[str]:
    """What the text says is to be typed."""
    return [one.content.strip() for one in MarkdownIt().parse(files["README.md"]) if one.type == "fence"]


def test_a_publication_comes_back_to_the_same_bytes(run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(run, {"summary": "=1+1", "source": "'-2", "grade": "F6", "event": "gdelt:1"}, {"ally": "Wagner"},
        options=("--add-allies",))  # fmt: skip
    before = publish(run)
    Path("signals.csv").write_text(before["signals.csv"])
    monkeypatch.setenv("SCRUTINY_DB", "other.db")
    assert commands(before) == ["scrutiny import signals.csv --add-allies"]
    ran = run(*shlex.split(commands(before)[0])[1:])
    assert (ran.code, "92 rows read, 92 added" in ran.err) == (0, True)
    assert publish(run)["signals.csv"] == before["signals.csv"]
    assert '"summary": "=1+1"' in run("export", "-f", "jsonl").out


@pytest.mark.parametrize(
    ("principal", "ally", "typed"),
    [
        ("Russia", "China", ["scrutiny import signals.csv"]),
        ("Russia", "Mali", ["scrutiny import signals.csv"]),
        ("Russia", "Wagner Group", ["scrutiny import signals.csv --add-allies"]),
        ("United States", "Russia", ["scrutiny setting principal USA", "scrutiny import signals.csv"]),
        (
            "United States",
            "Contras",
            ["scrutiny setting principal USA", "scrutiny import signals.csv --add-allies"],
        ),
    ],
)
def test_what_the_text_says_is_to_be_typed_fills_a_new_ledger(
    run: Run, monkeypatch: pytest.MonkeyPatch, principal: str, ally: str, typed: list[str]
) -> None:
    assert run("setting", "principal", principal).code == 0
    add(run, {"ally": ally}, options=("--add-allies",))
    before = publish(run)
    assert commands(before) == typed
    assert f"a ledger that follows {principal}, once each" in before["README.md"]
    Path("signals.csv").write_text(before["signals.csv"])
    monkeypatch.setenv("SCRUTINY_DB", "other.db")
    for command in typed:
        program, *args = shlex.split(command)
        assert (program, run(*args).code) == ("scrutiny", 0)
    assert publish(run)["signals.csv"] == before["signals.csv"]


# -- what is not


def test_private_signals_authors_and_notes_are_left_out(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRUTINY_USER", "Nadezhda")
    run("log", "china", "visit", "Xi in Moscow", "2026-05-01")
    run("log", "mali", "visit", "What nobody may know", "2026-05-02", "--source", "a friend at court")
    run("edit", "2", "--private")
    assert run("note", "china", "What I make of it", "--on", "2026-05-03").code == 0
    files = publish(run, "--recorded-by", "Nadezhda")
    assert [row["summary"] for row in rows(files)] == ["Xi in Moscow"]
    whole = "".join(files.values())
    for secret in ("Nadezhda", "What nobody may know", "a friend at court", "Mali", "2026-05-02", "What I make"):
        assert secret not in whole
    assert "- **Author** one analyst's\n" in files["README.md"]
    assert "It holds 1 signal on 1 ally, dated 2026-05-01 to 2026-05-01." in files["README.md"]


def test_when_a_signal_was_recorded_is_not_said(run: Run, clock: Clock) -> None:
    clock("2033-04-05T06:07")
    add(run, {"summary": "One", "recorded_at": "2031-02-03T23:00:00Z"}, {"summary": "Two"})
    files = publish(run, "--search", "One")
    assert [row["summary"] for row in rows(files)] == ["One"]
    assert not re.search(r"2031|2033|\d\d:\d\d", "".join(files.values()))


def test_of_known_the_text_says_the_day_alone(run: Run, clock: Clock, zone: Any) -> None:
    clock("2026-05-01T10:00")
    add(run, {})
    zone("XXX+8")
    for known in ("2026-05-05", "2026-05-05 21:22"):  # both are another day in UTC
        files = publish(run, "--known", known)
        assert "- **Ledger** as it stood on 2026-05-05\n" in files["README.md"]
        assert not re.search(r"05-06|\d\d:\d\d|UTC|[Rr]ecorded by", files["README.md"])


@pytest.mark.parametrize(("args", "asked"), [((), 1), (("--known", "2026-05-05"), 2)])
def test_what_is_private_is_asked_once_for_each_time_that_counts(
    run: Run, clock: Clock, args: tuple[str, ...], asked: int
) -> None:
    clock("2026-05-01T10:00")
    add(run, {})
    heard = list[str]()

    def hear(_: Any, __: Any, statement: str, *more: Any) -> None:
        heard.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", hear)
    try:
        assert run("export", "--public", "out.zip", *args).code == 0
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", hear)
    assert len([one for one in heard if re.search(r"(?s)SELECT signal\.uid\s+FROM", one)]) == asked, heard


@pytest.mark.parametrize("gone", [False, True])
def test_an_event_that_is_private_is_not_named(run: Run, gone: bool) -> None:
    add(
        run,
        {"uid": "gdelt:1", "origin": "gdelt", "private": "true"},
        {"uid": "gdelt:2", "origin": "gdelt"},
        {"uid": "a", "event": "gdelt:1"},
        {"uid": "b", "event": "gdelt:2"},
        {"uid": "c"},
    )
    if gone:
        assert run("remove", "1").code == 0
    files = publish(run)
    events = {row["uid"]: row["event"] for row in rows(files)}
    assert events == {"a": "", "b": "gdelt:2", "c": "", "gdelt:2": ""}
    assert "gdelt:1" not in "".join(files.values())


def test_what_is_private_now_is_not_published_as_of_before(run: Run, clock: Clock) -> None:
    clock("2026-05-01T10:00")
    add(
        run,
        {"summary": "First"},
        {"summary": "Second"},
        {"summary": "Third"},
        {"summary": "Fourth", "private": "true"},
    )
    clock("2026-05-10T10:00")
    run("edit", "2", "--private")
    run("edit", "3", "--private")
    run("remove", "3")
    run("edit", "4", "--public")
    add(run, {"summary": "Fifth", "uid": "x:005"})
    clock("2026-05-20T10:00")
    assert [row["summary"] for row in rows(publish(run))] == ["First", "Fourth", "Fifth"]
    ran = run("export", "--public", "out.zip", "--known", "2026-05-05")
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "1 signal written to out.zip")
    files = publish(run, "--known", "2026-05-05")
    assert [row["summary"] for row in rows(files)] == ["First"]


# -- nothing acts


def test_no_text_from_the_web_acts_in_a_publication(run: Run) -> None:
    names = [one for name, one in hostile.PIECES.items() if name.startswith(("MARKDOWN", "HTML", "SCRIPT", "RICH"))]
    for n, name in enumerate(names):
        run("ally", "add", f"--slug=a{n}", "--", f"{name.replace(',', '')} {n}")
    texts = [{"summary": one, "source": one[:4000].strip()} for one in hostile.PIECES.values()]
    add(run, *texts, *({"ally": f"a{n}", "uid": f"=a{n}"} for n in range(len(names))))
    files = publish(run)
    found = rows(files)
    assert len({row["ally"] for row in found}) > len(names) * 0.8
    assert len(found) > 100
    for row in found:
        assert not [name for name, cell in row.items() if name != "score" and cell.startswith(FORMULAS)]
    said = {one["uid"]: one["summary"] for one in map(json.loads, run("export", "-f", "jsonl").out.splitlines())}
    raw = {row["uid"].removeprefix("'"): row["summary"] for row in found}
    assert set(raw) == set(said)
    tokens = MarkdownIt("commonmark").enable("table").parse(files["README.md"])
    for token in tokens:
        assert token.type != "html_block"
        for child in token.children or ():
            assert child.type in {"text", "text_special", "strong_open", "strong_close"}, child
    assert not {sign for text in files.values() for sign in text if sign < " " and sign != "\n"}


# -- the file


def test_a_ledger_gives_the_same_archive_on_every_day(
    run: Run, sample: Path, zone: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("export", "--public", "one.zip")
    zone("XXX-11")
    before = os.umask(0)
    monkeypatch.setattr(time, "time", lambda: 2e9)
    monkeypatch.setenv("SCRUTINY_USER", "boris")
    monkeypatch.setattr("sys.platform", "win32")
    try:
        run("export", "--public", "two.zip")
    finally:
        os.umask(before)
    assert Path("one.zip").read_bytes() == Path("two.zip").read_bytes()
    with zipfile.ZipFile("one.zip") as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {one.external_attr >> 16 for one in archive.infolist()} == {0o100644}


def test_how_many_were_written_is_said_and_the_file_is_the_owners(run: Run, sample: Path, home: Path) -> None:
    run("edit", "90", "--private")
    assert run("export", "--public", "OUT.ZIP") == Ran(0, "", "89 signals written to OUT.ZIP\n")
    assert stat.S_IMODE((home / "OUT.ZIP").stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir() if "OUT" in path.name] == ["OUT.ZIP"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--format", "csv"), "--format"),
        (("--format", "xlsx"), "--format"),
        (("--output", "out.csv"), "--output"),
        (("--raw",), "--raw"),
    ],
)
def test_what_contradicts_a_publication_is_refused(
    run: Run, sample: Path, home: Path, args: tuple[str, ...], said: str
) -> None:
    assert run("export", "--public", "out.zip", *args) == Ran(
        2, "", f"error: {said} says nothing to --public, which writes files of its own\nhint: leave one of them out\n"
    )
    assert not [path for path in home.iterdir() if path.name.startswith("out")]


@pytest.mark.parametrize("name", ["out.csv", "-", "out", "zip"])
def test_a_publication_is_called_a_zip(run: Run, sample: Path, home: Path, name: str) -> None:
    assert run("export", "--public", name) == Ran(
        2, "", f"error: --public writes a .zip, and {name} is not called one\nhint: as in: --public signals.zip\n"
    )
    assert not (home / name).exists()


def test_an_archive_is_written_whole_or_not_at_all(
    run: Run, sample: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "out.zip").write_text("what was there before")
    Path("full.zip").symlink_to("/dev/full")
    before = {path for path in home.iterdir() if "ledger.db-" not in path.name}
    assert run("export", "--public", "full.zip") == Ran(
        1, "", "error: cannot write full.zip: No space left on device\n"
    )

    def broken(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scrutiny.reports.publication.readme", broken)
    assert run("export", "--public", "out.zip").code == 1
    assert (home / "out.zip").read_text() == "what was there before"
    assert {path for path in home.iterdir() if "ledger.db-" not in path.name} == before


def test_an_archive_of_more_than_four_gibibytes_is_packed(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here the limit is a thousand bytes."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)
    assert len(rows(publish(run))) == 90


def test_a_publication_tells_import_how_to_read_it(run: Run, sample: Path) -> None:
    publish(run)
    assert run("import", "out.zip") == Ran(
        1, "", "error: out.zip: it holds 4 files, not one\nhint: unpack it, and name them\n"
    )
