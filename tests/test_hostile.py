"""Text from anywhere, through every door and out again: refused by name or kept whole, and shown as text alone."""

import csv
import io
import json
import os
import re
import subprocess
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.cells import cell_len

from scrutiny.core.words import shapes_of
from scrutiny.settings import expanded
from tests import hostile
from tests.conftest import Ran, Run, run_program
from tests.feeds import bring, signal
from tests.stores import Store

CODES = {0, 1, 2, 3, 4}  # docs/formats.md
REFUSAL = re.compile(r"([^\n]+\n)*error: [^\n]+\n(hint: [^\n]+\n)?")
STEERING_BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
UNSEEN = set("\u00ad\u061c\u180e\u200b\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\ufff9\ufffa\ufffb")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
MOST_SAID = 2_000  # signs of a line of a refusal
SHARE = 1 if os.environ.get("EVERY_PIECE") else 12  # a command takes one piece in so many; tests.endurance gives all

# An argument cannot hold NUL, and holds bytes that are not UTF-8 as the codes DC80 to DCFF.
ENDLESS = {"LONG_LINE", "LONG_WORD", "MOST_WORDS"}
PIECES = {name: text for name, text in hostile.PIECES.items() if name not in ENDLESS}
ARGUMENTS = {
    name: text for name, text in PIECES.items() if "\0" not in text and not re.search("[\ud800-\udc7f]", text)
}
NAMES = (  # of allies in reports: what is wide, deep, marked up, or begins a formula
    "ISOLATES EMBEDDINGS ZERO_WIDTH BYTE_ORDER TAGS JOINERS HEBREW ARABIC FILLERS ZALGO DEEP_ZALGO COMBINING_FIRST "
    "WIDE FULL_WIDTH HANGUL_PARTS KANA FAMILY_NAMED FLAGS_NAMED TAMIL DEVANAGARI LIGATURE PRIVATE_USE RICH_COLOUR "
    "RICH_LINK MARKDOWN_LINK MARKDOWN_TABLE MARKDOWN_CODE MARKDOWN_STRONG MARKDOWN_ESCAPES HTML SCRIPT FORMULA_CALL "
    "SHELL BRACES"
).split()


def controls(text: str, *, is_data: bool = False) -> set[str]:
    """The signs in it that a terminal obeys; as data, direction and width are kept as they are."""
    found = {sign for sign in text if unicodedata.category(sign) in ("Cc", "Cs") and sign != "\n"}
    if not is_data:
        found |= {sign for sign in text if sign in UNSEEN or unicodedata.bidirectional(sign) in STEERING_BIDI}
        found |= {sign for sign in text if unicodedata.category(sign) in ("Zl", "Zp")}
        found |= {sign for sign in text if "\U000e0000" <= sign < "\U000e0080"}
    return found


def longest_line(text: str) -> int:
    return max(map(len, text.splitlines()), default=0)


def share(nth: int) -> list[tuple[str, str]]:
    """The pieces that the nth command of a list takes; bytes that are not UTF-8 each of them."""
    return list(
        ({"ESCAPED_BYTE": hostile.ESCAPED_BYTE} | dict(list(ARGUMENTS.items())[nth % SHARE :: SHARE])).items()
    )


def inoffensive(ran: Ran, *, is_data: bool = False) -> None:
    """What every command must be, whatever it was given: a documented exit code, and nothing that steers."""
    assert ran.code in CODES
    assert not controls(ran.out, is_data=is_data)
    assert not controls(ran.err)
    assert "Traceback" not in ran.err
    if ran.code:
        assert longest_line(ran.err) < MOST_SAID
        assert REFUSAL.fullmatch(ran.err), ran.err


def kept(text: str) -> str | None:
    """The text as a ledger keeps it, None where it is refused; by the documented rule, not the program's code."""
    line = re.sub("[ \t\r\n]+", " ", text).strip(" ")
    refused = not line.strip() or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in line)
    return None if refused or len(line) > 10_000 else line


KEPT = {name: line for name, text in hostile.PIECES.items() if (line := kept(text)) is not None}


class named:  # noqa: N801  # reads as a word: with named(...)
    """Says which piece it was where something goes wrong with it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        """Nothing."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is not None:
            error.add_note(f"the piece is {self.name}")


def objects(run: Run, *args: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("export", "-f", "jsonl", *args).out.splitlines()]


@pytest.fixture(scope="module")
def template(store: Store, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A ledger with every piece that can be kept, as summary, source, author, an ally's name or line."""
    place, folder = store.lasting(), tmp_path_factory.mktemp("hostile")
    rows = [
        {"uid": f"p:{n}", "date": "2026-05-01", "ally": "China", "act": "visit", "summary": line}
        | {"source": line[:4000], "recorded_by": line[:200].strip(), "recorded_at": "2026-05-02T10:00:00Z"}
        for n, line in enumerate(["To be edited", *KEPT.values()])
    ]
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_DB", place)
        patched.setenv("SCRUTINY_USER", KEPT["RICH_COLOUR"])
        assert run_program("import", str(folder / "in.jsonl")).code == 0
        for n, name in enumerate(NAMES):
            line = f"{KEPT[name].replace(',', '')} {n}"
            options = (f"--slug=a{n}", f"--line={line}", f"--alias={line} also")
            assert run_program("ally", "add", *options, "--", line).code == 0, name
        assert (
            run_program("log", ",".join(f"a{n}" for n in range(len(NAMES))), "praise", "MARK", "2026-05-02").code == 0
        )
        assert (
            run_program("edit", "1", f"--summary={KEPT['MARKDOWN_TABLE']}", f"--source={KEPT['OVERRIDE']}").code == 0
        )
        assert run_program("ally", "edit", "a7", f"--line={KEPT['HTML']}", f"--name={KEPT['OVERRIDE']}").code == 0
        for text in KEPT.values():
            assert run_program("note", "china", "--on=2026-05-03", "--", text[:10_000].strip()).code == 0
        bring(
            [
                signal(
                    f"{origin}:{n}", "2026-05-03", "visit", origin=origin, summary=line, source=line[:4000].strip()
                )
                for n, line in enumerate(KEPT.values())
                for origin in ("gdelt", "icews")
            ]
        )
    return place


@pytest.fixture
def full(store: Store, home: Path, template: str) -> str:
    """That ledger as the test's own."""
    return store.copy(template, home)


def on_a_terminal(patched: pytest.MonkeyPatch, width: int) -> None:
    """Makes stdout a terminal of so many columns, without colours."""
    patched.setenv("NO_COLOR", "1")
    patched.setenv("COLUMNS", str(width))
    patched.setattr("scrutiny.cli.present._width", lambda: width)


# -- in


TYPED = [  # {} is the piece; summaries, sources, names and lines are below
    "log {} visit Summary 2026-05-01",
    "log china {} Summary",
    "log china visit Summary {}",
    "log china visit Summary --on={}",
    "log china visit Summary --grade={}",
    "log china visit Summary --domain={}",
    "log china visit Summary --driver={}",
    "log china visit Summary --by={}",
    "log china visit Summary --score={}",
    "log china visit Summary --like={}",
    "edit 1 --ally={}",
    "edit 1 --act={}",
    "edit 1 --kind={}",
    "edit 1 --clear={}",
    "edit 1 --on={}",
    "edit 1 --score={}",
    "edit 1 -- {}",
    "edit {} --grade=B2",
    "remove -- {}",
    "ally {}",
    "ally add Friend --slug={}",
    "ally add Friend --code={}",
    "ally edit china --drop-alias={}",
    "ally edit china --code={}",
    "ally edit china --stake={}",
    "ally edit -- {}",
    "ally show -- {}",
    "ally merge --into=china -- {}",
    "ally merge china --into={}",
    "ally remove -- {}",
    "setting principal -- {}",
    "setting -- {}",
    "undo -- {}",
    "redo -- {}",
    "import --format={}",
    "{}",
    "--{}",
    "list -- {}",
    "list --search={}",
    "list --recorded-by={}",
    "list --origin={}",
    "list --grade={}",
    "list --since={}",
    "list --limit={}",
    "list --batch={}",
    "list --format={}",
    "list --known={}",
    "candidates -- {}",
    "candidates --origin={}",
    "accept {}",
    "accept 2 -- {}",
    "accept 2 visit -- {}",
    "accept 2 --summary={}",
    "accept 2 --source={}",
    "accept 2 --score={}",
    "show -- {}",
    "summary -- {}",
    "summary --as-of={}",
    "summary --window={}",
    "explain --level china --until={}",
    "explain china --signal={}",
    "changes --since={}",
    "changes --recorded-since={}",
    "compare china -- {}",
    "chart --since={}",
    "note -- {}",
    "note china -- {}",
    "note -- {} Drifts",
    "note china Drifts --on={}",
    "note --limit={}",
    "history -- {}",
    "history --recorded-by={}",
    "history --ally={}",
    "history --change={}",
    "export --recorded-by={}",
    "acts --kind={}",
    "db {}",
]


def typed(command: str, piece: str) -> list[str]:
    return [part.replace("{}", piece) for part in command.split()]


@pytest.mark.parametrize("command", TYPED)
def test_whatever_is_typed_anywhere_is_taken_or_refused_by_name(run: Run, home: Path, command: str) -> None:
    run("log", "china", "visit", "Xi in Moscow", "2026-05-01")
    if command.startswith("accept"):
        bring([signal("gdelt:1", "2026-05-01", "visit")])
    for name, piece in share(TYPED.index(command)):
        with named(name):
            inoffensive(run(*typed(command, piece)))
    assert run("db", "check").code == 0
    assert not (home / "owned").exists()


def test_an_endless_word_is_refused_in_a_short_line(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow", "2026-05-01")
    bring([signal("gdelt:1", "2026-05-01", "visit")])
    said = {command: longest_line(run(*typed(command, hostile.LONG_WORD)).err) for command in TYPED}
    assert [command for command, length in said.items() if length > MOST_SAID] == []


def logged(run: Run) -> list[dict[str, Any]]:
    """The signals in the order in which they were logged."""
    found = json.loads(run("list", "--limit", "0", "-f", "json").out)["signals"]
    return sorted(found, key=lambda one: int(one["id"]))


def test_what_an_analyst_types_is_kept_whole_or_refused(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow", "2026-05-01")
    sources, edited = list[str](), list[str]()
    for name, piece in {**ARGUMENTS, "LONG_LINE": hostile.LONG_LINE, "MOST_WORDS": hostile.MOST_WORDS}.items():
        with named(name):
            line = kept(piece)
            source = None if line is None or len(line) > 4000 else line
            inoffensive(
                ran := run("log", "china", "visit", "--on=2026-05-01", f"--source={piece}", "--", f"_{piece}")
            )
            assert ran.code == (2 if source is None else 0)
            sources += [source] if source else []
            inoffensive(ran := run("edit", "1", f"--summary={piece}"))
            assert ran.code == (2 if line is None or shapes_of(line) or line in edited[-1:] else 0)
            edited += [line] if line and ran.code == 0 else []
    assert [one["source"] for one in logged(run)][1:] == sources
    history = json.loads(run("history", "1", "-f", "json").out)["history"]
    assert [one["after"] for one in history if one["part"] == "summary"] == edited


def test_an_ally_is_called_what_it_was_called_or_refused(run: Run) -> None:
    called: dict[str, object] = {}
    for n, (name, piece) in enumerate(dict(share(0) + share(1)).items()):
        line = kept(piece)
        may_be = line is not None and len(line) < 195 and "," not in line and re.search(r"[^\W_]", line)
        with named(name):
            ran = run("ally", "add", f"--slug=s{n}", f"--alias={piece} also", f"--line={piece}", "--", piece)
            inoffensive(ran)
            if ran.code == 0:
                inoffensive(run("ally", "edit", f"s{n}", f"--name={piece} too", f"--line={piece}s"))
                called[f"s{n}"] = kept(f"{piece} too"), kept(f"{piece}s"), kept(f"{piece} also")
            else:
                assert not may_be or "already finds" in ran.err, ran.err
    found = {one["ally"]: one for one in json.loads(run("ally", "list", "-f", "json").out)["allies"]}
    told = {slug: (found[slug]["name"], found[slug]["line"], found[slug]["aliases"][-1]) for slug in called}
    assert told == called
    assert len(called) > 8


def test_an_author_of_any_name_is_kept_or_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    authors: list[str] = []
    for name, piece in dict(share(0) + share(2)).items():
        if author := piece.strip():
            monkeypatch.setenv("SCRUTINY_USER", piece)
            with named(name):
                inoffensive(ran := run("log", "china", "visit", "Xi in Moscow", "2026-05-01"))
                may_be = len(author) <= 200 and not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in author)
                assert ran.code == (0 if may_be else 2)
                authors += [author] if may_be else []
    monkeypatch.setenv("SCRUTINY_USER", "ana")
    assert [one["recorded_by"] for one in logged(run)] == authors
    for author in authors[::5]:
        assert {one["recorded_by"] for one in objects(run, f"--recorded-by={author}")} == {author}


PLACES = [
    "export --output={}",
    "list --format=csv --output={}",
    "import -- {}",
    "db backup -- {}",
    "db restore -- {}",
    "db check --db={}",
    "--db={} list",
]


@pytest.mark.file
@pytest.mark.parametrize("command", PLACES)
def test_a_place_of_any_name_is_found_or_refused(run: Run, home: Path, command: str) -> None:
    run("log", "china", "visit", "Xi in Moscow", "2026-05-01")
    (home / "in").mkdir()
    for name, piece in share(PLACES.index(command)):
        with named(name):
            if not piece.startswith(("~root", "..")):  # which are real places
                inoffensive(run(*typed(command, piece)), is_data=command.startswith("export"))
    assert run("export").out.count("\n") == 2


NAMED_SO = "COLOUR OSC_IN_ONE NEWLINE OVERRIDE ESCAPED_BYTE FAMILY SQL OPTION URI_OPTIONS SEMICOLON".split()


@pytest.mark.file
@pytest.mark.parametrize("name", NAMED_SO)
def test_a_ledger_of_any_name_is_made_and_found_again(run: Run, name: str) -> None:
    db = f"--db={hostile.PIECES[name]}"
    for command in ("log china visit Summary 2026-05-01", "list", "db check", "undo --yes"):
        inoffensive(ran := run(*command.split(), db))
        assert ran.code == 0
    assert Path(hostile.PIECES[name]).exists()


@pytest.mark.file
def test_what_is_written_to_a_file_of_any_name_can_be_read_from_it(run: Run, home: Path) -> None:
    run("log", "china", "visit", "Xi in Moscow", "2026-05-01")
    written = run("export").out
    for name, piece in dict(share(1) + share(3)).items():
        if (
            0 < len(piece.encode(errors="surrogateescape")) < 200
            and "/" not in piece
            and piece not in ("-", ".", "..")
        ):
            with named(name):
                inoffensive(ran := run("export", f"--output={piece}"))
                assert ran.code == 0
                assert expanded(piece).read_text() == written
                inoffensive(ran := run("import", "--format=csv", "--", piece))
                assert (ran.code, "1 already there" in ran.err) == (0, True)


@pytest.mark.parametrize(
    "name", ["COLOUR", "CSI_IN_ONE", "NEWLINE", "BELL", "OVERRIDE", "ZERO_WIDTH", "ESCAPED_BYTE"]
)
def test_a_file_of_any_name_is_told_inert_by_the_history(run: Run, name: str) -> None:
    piece = ARGUMENTS[name]
    Path(piece).write_text("date,ally,act,summary\n2026-05-01,China,visit,Xi\n")
    inoffensive(run("import", "--", piece))
    for form in FORMS:
        for args in ((), ("1",), ("--change", "2")):
            ran = run("history", *args, "-f", form)
            inoffensive(ran, is_data=form == "csv")
            assert ran.code == 0


# -- imports


def rows(pieces: Mapping[str, str], column: str) -> list[dict[str, str]]:
    """A row a piece, which stands in that column."""
    row = {"date": "2026-05-01", "ally": "China", "act": "visit", "summary": "Summary"}
    return [{"uid": f"r:{n}"} | row | {column: piece} for n, piece in enumerate(pieces.values())]


def as_csv(many: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(many[0]), quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(many)
    return out.getvalue().encode(errors="surrogatepass")


def as_jsonl(many: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in many).encode()


COLUMNS = (
    "uid date ally act actor kind score summary domain driver source grade "
    "origin event private recorded_at recorded_by"
).split()


@pytest.mark.parametrize("write", [as_csv, as_jsonl])
@pytest.mark.parametrize("column", COLUMNS)
def test_whatever_stands_in_a_cell_is_imported_or_rejected_by_its_line(
    run: Run, column: str, write: Callable[[list[dict[str, str]]], bytes]
) -> None:
    form = "--format=csv" if write is as_csv else "--format=jsonl"
    file = write(rows(PIECES, column))
    inoffensive(run("import", "-", form, "--raw", stdin=file))
    inoffensive(ran := run("import", "-", form, "--raw", "--keep-going", "--add-allies", stdin=file))
    assert ran.code == 0
    assert run("db", "check").code == 0
    inoffensive(run("export"), is_data=True)


@pytest.mark.parametrize("write", [as_csv, as_jsonl])
def test_an_endless_cell_is_refused_in_a_short_line(run: Run, write: Callable[[list[dict[str, str]]], bytes]) -> None:
    form = "--format=csv" if write is as_csv else "--format=jsonl"
    for column in COLUMNS:
        with named(column):
            inoffensive(ran := run("import", "-", form, stdin=write(rows({"LONG": hostile.LONG_WORD}, column))))
            assert ran.code == 1


@pytest.mark.parametrize("write", [as_csv, as_jsonl])
def test_summaries_sources_and_authors_come_back_exactly(
    run: Run, write: Callable[[list[dict[str, str]]], bytes]
) -> None:
    many = rows(hostile.PIECES, "summary")
    for row in many:
        row["source"] = row["summary"][:4000]
    form = "--format=csv" if write is as_csv else "--format=jsonl"
    assert run("import", "-", form, "--raw", "--keep-going", stdin=write(many)).code == 0
    back = objects(run)
    assert sorted(row["summary"] for row in back) == sorted(KEPT.values())
    assert {row["source"] for row in back} == {kept(line[:4000]) for line in KEPT.values()}


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("raw", [[], ["--raw"]])
def test_what_is_hostile_goes_out_and_comes_back_to_the_same_bytes(
    run: Run, full: Path, form: str, raw: list[str]
) -> None:
    run("export", "-f", form, *raw, "-o", f"one.{form}")
    ran = run("import", f"one.{form}", "--add-allies", *raw)
    assert (ran.code, " 0 added" in ran.err, "differ" in ran.err) == (0, True, False)
    with_china = ["china", "-f", form, *raw]
    one = run("export", *with_china).out
    assert run("import", "-", "-f", form, "--db", "other.db", *raw, stdin=one.encode()).code == 0
    assert run("export", *with_china, "--db", "other.db").out == one


@pytest.mark.file
@pytest.mark.parametrize("name", hostile.FILES)
@pytest.mark.parametrize("form", ["", "--format=csv", "--format=jsonl"])
def test_a_file_of_any_bytes_is_imported_or_refused(run: Run, name: str, form: str) -> None:
    Path("in").write_bytes(hostile.FILES[name])
    ran = run("import", "in", *filter(None, [form]))
    inoffensive(ran)
    assert run("db", "check").code == 0
    if name in ("a key twice", "many columns", "old line ends"):
        return
    assert ran.code or " 0 added" in ran.err or name in ("UTF-16",), ran


def test_a_heading_of_any_name_is_refused_in_short(run: Run) -> None:
    for name, piece in dict(share(1), LONG_LINE=hostile.LONG_LINE, NUL=hostile.NUL).items():
        header = io.StringIO()
        csv.writer(header).writerow(["date", "ally", "act", "summary", piece])
        with named(name):
            inoffensive(run("import", "-", "-f", "csv", stdin=header.getvalue().encode(errors="surrogatepass")))
            twice = header.getvalue().replace("date", f"date,{header.getvalue().partition('summary,')[2].strip()}", 1)
            inoffensive(run("import", "-", "-f", "csv", stdin=twice.encode(errors="surrogatepass")))


# -- out

FORMS = ("table", "json", "csv", "markdown")
WIDTHS = (60, 100)
REPORTS = (
    "list --limit 0",
    "list --surprising",
    "list --duplicates --limit 0",
    "candidates --limit 0",
    "show 1",
    "show last",
    "summary --as-of 2026-05-20",
    "summary china --as-of 2026-05-20",
    "explain china --as-of 2026-05-20",
    "explain china --as-of 2026-05-20 --level --limit 0",
    "explain china --as-of 2026-05-20 --signal 1",
    "changes --since 30d --as-of 2026-05-20",
    "changes --recorded-since 2020-01-01 --as-of 2026-05-20",
    "compare china a1 a5 a12 --as-of 2026-05-20",
    "chart china a2 a12 --as-of 2026-05-20",
    "note --limit 0",
    "note china --limit 0",
    "history --limit 0",
    "history 1",
    "history --change 2 --limit 0",
    "history --change 3",
    "ally list",
    "ally show a1",
    "ally show a7",
)


@pytest.fixture(scope="module")
def shown(template: str, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Ran]:
    """Every report in every form, and on terminals, of the ledger with every piece."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_DB", template)
        patched.setenv("SCRUTINY_USER", "ana")
        found = {(one, form): run_program(*one.split(), "-f", form) for one in REPORTS for form in FORMS}
        for width in WIDTHS:
            on_a_terminal(patched, width)
            found |= {(one, str(width)): run_program(*one.split()) for one in REPORTS}
    return found


@pytest.mark.parametrize("report", REPORTS)
def test_no_report_steers_a_terminal_or_runs_in_a_spreadsheet(shown: dict[tuple[str, str], Ran], report: str) -> None:
    for form in (*FORMS, *map(str, WIDTHS)):
        ran = shown[report, form]
        assert (ran.code, ran.err) == (0, "")
        inoffensive(ran, is_data=form == "csv")
    assert json.loads(shown[report, "json"].out)
    for cells in csv.reader(io.StringIO(shown[report, "csv"].out)):
        assert not [cell for cell in cells if cell.startswith(FORMULAS) and not is_number(cell)]


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal(shown: dict[tuple[str, str], Ran], report: str, width: int) -> None:
    for line in shown[report, str(width)].out.splitlines():
        assert cell_len(line) <= width, line


MARKDOWN_TEXT = {"text", "text_special", "strong_open", "strong_close", "em_open", "em_close"}
DRAWN = set("·[]─┼●▁▂▃▄▅▆▇█ -+01")


def is_number(cell: str) -> bool:
    return re.fullmatch(r"[-+]?[0-9.]+(e-?[0-9]+)?", cell) is not None


@pytest.mark.parametrize("args", [["-f", "csv"], ["-f", "jsonl"], ["-f", "jsonl", "--raw"]])
def test_an_export_holds_no_control_character_and_no_formula(run: Run, full: Path, args: list[str]) -> None:
    ran = run("export", *args)
    inoffensive(ran, is_data="csv" in args)
    if "csv" in args:
        _, *lines = csv.reader(io.StringIO(ran.out))
        assert len(lines) > len(KEPT)
        assert not [c for cells in lines for c in cells if c.startswith(FORMULAS) and not is_number(c)]


def read_markdown(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


@pytest.mark.parametrize("report", REPORTS)
def test_markdown_shows_text_from_the_web_as_text(shown: dict[tuple[str, str], Ran], report: str) -> None:
    out = shown[report, "markdown"].out
    assert not re.search(r"(?i)(https?|ftp)://|www\.", out)  # which GitHub makes a link of
    for token in read_markdown(out):
        assert token.type not in {"html_block", "blockquote_open", "hr", "ordered_list_open", "code_block"}, token
        assert token.type != "fence" or token.info == "text"
        for child in token.children or ():
            assert child.type in MARKDOWN_TEXT or (child.type == "code_inline" and set(child.content) <= DRAWN), child


@pytest.mark.parametrize("command", ["memo --since 1y --as-of 2026-05-20", "report out.md --as-of 2026-05-20"])
def test_memo_and_report_show_text_from_the_web_as_text(run: Run, full: Path, command: str) -> None:
    ran = run(*command.split())
    inoffensive(ran)
    out = ran.out or Path("out.md").read_text("utf-8")
    assert not controls(out)
    for token in read_markdown(out):
        assert token.type not in {"html_block", "hr", "ordered_list_open", "code_block"}, token
        assert token.type != "fence" or token.info == "text"
        for child in token.children or ():
            if child.type == "link_open":
                assert re.match("https?://", str(child.attrs["href"]))
            elif child.type != "link_close":
                assert child.type in MARKDOWN_TEXT or (child.type == "code_inline" and set(child.content) <= DRAWN)


def test_markdown_says_every_summary_word_for_word(shown: dict[tuple[str, str], Ran]) -> None:
    cells = [
        "".join(child.content for child in token.children or ())
        for token in read_markdown(shown["list --limit 0", "markdown"].out)
        if token.type == "inline"
    ]
    for name, line in KEPT.items():
        if not controls(line):
            with named(name):
                assert line in cells


@pytest.mark.parametrize("width", [100, 140, None])
def test_columns_stand_in_line_whatever_is_written_in_them(
    run: Run, full: Path, monkeypatch: pytest.MonkeyPatch, width: int | None
) -> None:
    if width:
        on_a_terminal(monkeypatch, width)
    lines = run("list", "--search", "mark", "--since", "2026-05-02", "--limit", "0").out.splitlines()
    marked = [line for line in lines if line.endswith("MARK")]
    assert len(marked) == len(NAMES)
    assert {cell_len(line.partition("MARK")[0]) for line in marked} == {cell_len(lines[1].partition("summary")[0])}


def test_what_log_answers_for_several_allies_stands_in_line(run: Run) -> None:
    run("ally", "add", "习近平访问", "--slug", "wide")
    run("ally", "add", hostile.ZALGO, "--slug", "deep")
    lines = run("log", "wide,iran,deep", "visit", "Xi in Moscow", "2026-05-01").err.splitlines()[:3]
    assert len({cell_len(line.partition("support")[0]) for line in lines}) == 1


@pytest.mark.parametrize("name", ["SHELL", "SHELL_QUOTES", "RICH_LINK", "FTS_QUOTE", "SQL", "PERCENT"])
def test_a_command_in_a_hint_is_one_that_a_shell_takes_as_text(run: Run, name: str) -> None:
    """Whoever types what the hint says runs nothing of what stands in the name."""
    piece = hostile.PIECES[name]
    _, found, command = run("summary", "--", piece).err.partition("scrutiny ally add ")
    if found:
        script = f'set -- {command.strip()}; printf %s "$1"'
        said = subprocess.run(["sh", "-c", script], check=False, capture_output=True, text=True)
        assert (said.returncode, said.stdout, said.stderr) == (0, piece, "")
    assert not Path("owned").exists()


def test_search_finds_what_was_written(run: Run, full: Path) -> None:
    for name, line in KEPT.items():
        words = [word for word in line.split() if len(word) > 3 and word.isascii() and word.isalnum()][:3]
        if words:
            with named(name):
                found = run("list", f"--search={' '.join(words)}", "--limit=0", "-f", "json")
                assert line in [signal["summary"] for signal in json.loads(found.out)["signals"]]
