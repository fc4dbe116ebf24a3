"""Every command has help that begins with a verb and ends with an example, and the example works."""

import re
import shlex
from pathlib import Path

import pytest

from scrutiny import __version__
from scrutiny.cli.commands import COMMANDS
from tests.conftest import SAMPLE_DAY, Run
from tests.feeds import bring, signal
from tests.stores import is_there

GROUPS = {
    "ally": ("list", "show", "add", "edit", "merge", "remove"),
    "db": ("path", "check", "backup", "restore", "upgrade", "copy"),
}
NAMES = (
    [name for name in COMMANDS if name not in GROUPS]
    + [f"{group} {one}" for group in GROUPS for one in GROUPS[group]]
    + ["batches remove"]
)
COPIES = ("db backup", "db restore", "db copy")  # which are files
SAMPLE = Path(__file__).parent.parent / "scrutiny" / "sample" / "signals.csv"
VERBS = {
    "Accept",
    "Record",
    "Say",
    "Export",
    "List",
    "Show",
    "Import",
    "Take",
    "Print",
    "Add",
    "Edit",
    "Draw",
    "Explain",
    "Compare",
    "Remove",
    "Reapply",
    "Merge",
    "Check",
    "Check,",
    "Copy",
    "Make",
    "Upgrade",
    "Write",
}
BEFORE = {  # what makes an example's command possible
    "redo": ("undo", "2"),
    "ally remove": ("ally", "add", "Wagner Group"),
    "db restore": ("db", "backup", "copy.db"),
}


def help_of(run: Run, name: str) -> str:
    """The command's help with its lines joined."""
    ran = run(*name.split(), "--help")
    assert ran.code == 0
    return re.sub(r"\s*\n\s*", " ", ran.out)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_the_command_itself_says(run: Run, name: str) -> None:
    assert COMMANDS[name].help in help_of(run, name)
    assert re.search(rf"^  {name} +{re.escape(COMMANDS[name].help)}$", run("--help").out, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_help_begins_with_a_verb(run: Run, name: str) -> None:
    usage, text, *_ = run(*name.split(), "--help").out.split("\n\n")
    assert usage.startswith(f"Usage: scrutiny {name}")
    assert text.split()[0] in VERBS


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=pytest.mark.file) if one in COPIES else one for one in NAMES]
)
def test_the_example_in_the_help_works(run: Run, name: str, home: Path, request: pytest.FixtureRequest) -> None:
    (home / "signals.csv").write_bytes(SAMPLE.read_bytes())
    if name != "setting":  # which is of a ledger without signals
        request.getfixturevalue("sample")
    if name == "accept":  # the example's event, after the sample's ninety
        bring([signal("gdelt:1", "2026-05-01", "praise")])
    if name in BEFORE:
        assert run(*BEFORE[name]).code == 0
    found = re.search(r"Example: scrutiny (.*?) (Arguments|Options):", help_of(run, name))
    assert found, "the help has no example"
    ran = run(*shlex.split(found[1]))
    assert (ran.code, "error:" in ran.err) == (0, False)


def test_both_ways_to_start_give_the_version(run: Run) -> None:
    assert run("--version").out == f"scrutiny {__version__}\n"


def test_help_has_the_three_uses_first(run: Run) -> None:
    said = run("--help").out
    assert said.index("scrutiny log") < said.index("scrutiny summary") < said.index("scrutiny export")
    assert list(COMMANDS)[:3] == ["log", "summary", "export"]


def test_log_help_has_the_rule_that_tells_the_kinds_apart(run: Run) -> None:
    assert (
        "sanctions is somebody's sanctions measure or its direct result; an ally's own free choice is support or "
        "distancing." in help_of(run, "log")
    )


def test_the_demo_shows_overview_and_dossier_and_its_commands_work(run: Run) -> None:
    ran = run("demo")
    assert ran.code == 0
    assert f"Russia's allies on {SAMPLE_DAY}" in ran.out
    assert f"China and Russia on {SAMPLE_DAY}" in ran.out
    commands = re.findall(r"^  scrutiny (--db .*)$", ran.out, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        assert run(*shlex.split(command)).code == 0


def test_the_demo_leaves_the_users_own_ledger_alone(run: Run, place: str) -> None:
    run("demo")
    assert not is_there(place)
