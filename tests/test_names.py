"""Names of files: one that promises what is not written under it is refused, with what to type instead."""

import shlex
from pathlib import Path

import pytest

from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("sample")
VIEWED = (
    "summary",
    "summary iran",
    "list",
    "explain china",
    "compare china iran",
    "changes",
    "history",
    "ally list",
    "acts",
)


@pytest.mark.parametrize(
    ("command", "ending", "hint"),
    [
        ("export --output signals.zip", ".zip", "--public signals.zip"),
        ("export --format csv --output signals.csv.ZIP", ".zip", "--public signals.zip"),
        ("export -o signals.csv.gz", ".gz", "--output signals.csv"),
        ("export -o signals.tsv", ".tsv", "--output signals.csv"),
        *((f"export -o signals{one}", one, "--output signals.xlsx") for one in (".xls", ".xlsb", ".xlsm", ".ods")),
        ("export -o signals.json", ".json", "--output signals.jsonl"),
        ("export -o signals.md", ".md", "scrutiny list --format markdown --output signals.md"),
        *((f"export -o a{one}", one, "scrutiny report a.html") for one in (".html", ".pdf", ".docx")),
        *((f"export -o a{one}", one, "scrutiny chart --output a.png") for one in (".svg", ".png")),
        *((f"chart -o a{one}", one, "--output a.png") for one in (".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".html")),
        *((f"memo -o memo{one}", one, "scrutiny report memo.html") for one in (".html", ".pdf", ".docx")),
        ("memo -o memo.csv", ".csv", "--output memo.md"),
        *((f"{one} -o a.xlsx", ".xlsx", "--format csv --output a.csv") for one in VIEWED),
        ("list -f csv -o a.zip", ".zip", "--format csv --output a.csv"),
        ("list -f json -o a.jsonl", ".jsonl", "--format json --output a.json"),
        ("summary -o a.html", ".html", "scrutiny report a.html"),
        ("summary -o a.svg", ".svg", "scrutiny chart --output a.png"),
        ("summary -o 'my $(x).docx'", ".docx", "scrutiny report 'my $(x).html'"),
    ],
)
def test_a_name_that_promises_something_else_is_refused(
    run: Run, home: Path, command: str, ending: str, hint: str
) -> None:
    before = sorted(home.iterdir())
    ran = run(*shlex.split(command))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"error: no {ending} is written here, and {shlex.split(command)[-1]} is called one\nhint: {hint}\n"
    )
    assert [path for path in sorted(home.iterdir()) if "ledger.db-" not in path.name] == before


@pytest.mark.parametrize(
    "command",
    ["export -o a.zip", "export -o a.xls", "export -o a.json", "export -o a.md", "summary -o a.zip", "memo -o a.csv"],
)
def test_what_the_hint_says_can_be_typed(run: Run, home: Path, command: str) -> None:
    words = shlex.split(command)
    hint = shlex.split(run(*words).err.split("hint: ")[1])
    asked = hint[1:] if hint[0] == "scrutiny" else [words[0], *hint]
    assert run(*asked).code == 0
    assert (home / asked[-1]).exists()


@pytest.mark.parametrize("name", ["a", "a.txt", "a.out", ".zip", "a.zip.txt", "v1.2", "a.Csv"])
@pytest.mark.parametrize("command", ["export", "summary", "chart"])
def test_any_other_name_is_taken(run: Run, home: Path, command: str, name: str) -> None:
    assert run(command, "-o", name).code == 0
    assert (home / name).exists()


@pytest.mark.parametrize(
    "command", ["list -o a.md", "list -f table -o a.json", "memo -o a.txt", "memo -o a.markdown"]
)
def test_a_name_for_another_format_of_the_command_is_taken(run: Run, command: str) -> None:
    assert run(*shlex.split(command)).code == 0
