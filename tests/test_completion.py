"""Shell completion: commands, options, allies, acts and words, from any ledger, and never an error."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran, Run

Offered = Callable[[str], list[str]]
pytestmark = pytest.mark.file  # a server is not asked


@pytest.fixture
def offered(run: Run, monkeypatch: pytest.MonkeyPatch) -> Offered:
    """What bash offers after a line that ends where Tab is pressed."""

    def complete(line: str) -> list[str]:
        monkeypatch.setenv("_SCRUTINY_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
        ran = run()
        assert (ran.code, ran.err) == (0, "")
        return ran.out.split()

    return complete


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("scrutiny lo", ["log"]),
        ("scrutiny s", ["summary", "show", "setting"]),
        ("scrutiny ally ", ["list", "show", "add", "edit", "merge", "remove"]),
        ("scrutiny --v", ["--version"]),
        ("scrutiny list --si", ["--since"]),
        ("scrutiny summary --as", ["--as-of"]),
        ("scrutiny ally edit --al", ["--alias"]),
        ("scrutiny log ch", ["china"]),
        ("scrutiny log ", ["belarus", "china", "iran", "syria"]),
        ("scrutiny log china,", [f"china,{slug}" for slug in ("belarus", "china", "iran", "syria")]),
        ("scrutiny log china,iran,sy", ["china,iran,syria"]),
        ("scrutiny log narnia", []),
        ("scrutiny log china vi", ["visit"]),
        ("scrutiny log china co", ["concern", "condemn", "counter"]),
        ("scrutiny log china visit Xi dip", ["diplomatic"]),
        ("scrutiny log china visit Xi B2 by:", ["by:ally", "by:principal", "by:third"]),
        ("scrutiny log china visit Xi --driver ho", ["home-politics"]),
        ("scrutiny log china visit Xi --domain te", ["technology"]),
        ("scrutiny log china visit Xi --by t", ["third"]),
        ("scrutiny summary ir", ["iran"]),
        ("scrutiny note ir", ["iran"]),
        ("scrutiny no", ["note"]),
        ("scrutiny list china sy", ["syria"]),
        ("scrutiny list --kind s", ["support", "sanctions"]),
        ("scrutiny list --act ve", ["veto"]),
        ("scrutiny export be", ["belarus"]),
        ("scrutiny ally show sy", ["syria"]),
        ("scrutiny acts --kind d", ["distancing"]),
    ],
)
def test_what_can_stand_there_is_offered(offered: Offered, home: Path, line: str, found: list[str]) -> None:
    assert sorted(offered(line)) == sorted(found)
    assert not (home / "ledger.db").exists()


def test_every_command_is_offered(offered: Offered) -> None:
    assert set(offered("scrutiny ")) >= set("log summary export list show import undo acts ally setting demo".split())


def test_the_ledgers_own_allies_are_offered(offered: Offered, sample: Path) -> None:
    assert offered("scrutiny log n") == ["north-korea"]
    assert offered("scrutiny summary i") == ["india", "iran"]


@pytest.mark.parametrize("line", ["scrutiny --db other.db log ka", "scrutiny log --db other.db ka",
                                  "scrutiny --db sqlite:///other.db summary ka"])  # fmt: skip
def test_db_stands_before_the_command_or_after_it(run: Run, offered: Offered, sample: Path, line: str) -> None:
    run("ally", "add", "Kazakhstan", "--db", "other.db")
    assert offered(line) == ["kazakhstan"]
    assert offered("scrutiny log ka") == []


@pytest.mark.parametrize(
    "content", [b"a text", b"SQLite format 3\x00", None], ids=["a text", "a header alone", "a folder"]
)
def test_a_ledger_that_cannot_be_read_offers_nothing_and_says_nothing(
    offered: Offered, home: Path, content: bytes | None
) -> None:
    if content is None:
        (home / "ledger.db").mkdir()
    else:
        (home / "ledger.db").write_bytes(content)
    assert set(offered("scrutiny log ch")) <= {"china"}
    assert offered("scrutiny log china vi") == ["visit"]


def test_a_damaged_ledger_offers_nothing(offered: Offered, sample: Path) -> None:
    sample.write_bytes(sample.read_bytes()[:5000])
    assert offered("scrutiny log ch") == []


@pytest.mark.parametrize("place", ["postgresql://user@localhost/none", "nonsense://x"])
def test_a_server_is_not_asked_and_nonsense_is_no_error(offered: Offered, place: str) -> None:
    assert set(offered(f"scrutiny --db {place} log narnia")) == set()


def test_completion_writes_nothing(offered: Offered, sample: Path, home: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()}
    offered("scrutiny log ch")
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("shell", "begins"), [("bash", "_scrutiny_completion() {"), ("zsh", "#compdef scrutiny"), ("fish", "complete ")]
)
def test_the_script_for_a_shell_is_shown(run: Run, monkeypatch: pytest.MonkeyPatch, shell: str, begins: str) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    ran = run("--show-completion", shell)
    assert (ran.code, ran.err, ran.out[: len(begins)]) == (0, "", begins)
    assert "_SCRUTINY_COMPLETE" in ran.out


def test_other_shells_are_answered_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_SCRUTINY_COMPLETE", "complete_zsh")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "scrutiny log ch")
    assert run() == Ran(0, "_arguments '*: :((\"china\"))'\n", "")
