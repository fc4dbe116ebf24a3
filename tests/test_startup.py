"""Start-up: what need not be loaded is not loaded, so that the program answers at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import os, sys
os._exit = sys.exit  # so that there is an end at which to look
sys.argv = ["scrutiny", *sys.argv[1:]]
from scrutiny.__main__ import main
assert "typer" not in sys.modules  # of which the collector of garbage would make much work
try:
    main()
finally:
    print("\\n".join(sorted(sys.modules)), file=sys.stderr)
"""
ORM = {"sqlmodel", "sqlalchemy", "alembic", "pycountry"}
HEAVY = ORM | {"rich.table", "plotext"}


def loaded(*args: str, code: int = 0, more: dict[str, str] | None = None) -> set[str]:
    """The modules that a run of the program has loaded when it ends."""
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, *args],
        capture_output=True,
        check=False,
        text=True,
        env=os.environ | (more or {}),
        stdin=subprocess.DEVNULL,
    )
    assert ran.returncode == code, ran.stderr
    modules = set(ran.stderr.splitlines())
    assert "scrutiny.cli" in modules
    return modules


@pytest.mark.file
@pytest.mark.parametrize("args", [("--help",), ("--version",), ("log", "--help"), ("bogus",)], ids=" ".join)
def test_help_and_version_load_neither_the_store_nor_tables(args: tuple[str, ...]) -> None:
    assert not loaded(*args, code=2 if args == ("bogus",) else 0) & HEAVY


@pytest.mark.file
@pytest.mark.parametrize("line", ["scrutiny log ch", "scrutiny su", "scrutiny log china vi"])
def test_completion_loads_neither_the_store_nor_tables(sample: Path, line: str) -> None:
    pressed = {"_SCRUTINY_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)}
    assert not loaded(more=pressed) & (HEAVY | {"pydantic"})


@pytest.mark.file
@pytest.mark.parametrize(
    ("args", "draws"),
    [
        (("log", "china,north-korea", "visit", "Xi in Moscow", "B2"), False),
        (("export",), False),
        (("list", "--search", "moscow", "-f", "json"), False),
        (("summary",), True),
        (("summary", "iran"), True),
        (("chart", "iran", "-f", "json"), False),
        (("chart", "iran"), True),
    ],
    ids=str,
)
def test_on_a_current_ledger_of_known_allies_only_what_is_needed_is_loaded(
    sample: Path, args: tuple[str, ...], draws: bool
) -> None:
    modules = loaded(*args)
    assert "sqlmodel" in modules
    assert not modules & {"alembic", "pycountry", "sqlalchemy.dialects.postgresql"}
    assert ("scrutiny.core.trend" in modules) is (args[0] in ("summary", "chart"))
    assert ("rich.table" in modules) is draws
    assert ("plotext" in modules) is (draws and args[0] == "chart")


def test_nobody_looks_through_all_packages_for_plugins() -> None:
    code = "import scrutiny.store.tables, pydantic.plugin._loader as plugins; print(plugins._plugins)"
    clean = {name: value for name, value in os.environ.items() if name != "PYDANTIC_DISABLE_PLUGINS"}
    assert subprocess.check_output([sys.executable, "-c", code], env=clean, text=True) == "None\n"
