"""The house: imports point one way only."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import scrutiny

HOUSE = Path(scrutiny.__file__).parent
MODULES = sorted(path.relative_to(HOUSE.parent) for path in HOUSE.rglob("*.py") if "migrations" not in path.parts)

# What each part may import besides the standard library: the longest name that fits a module decides.
ALLOWED: dict[str, tuple[str, ...]] = {
    "scrutiny": (),
    "scrutiny.__main__": ("scrutiny.cli",),
    "scrutiny.errors": (),
    "scrutiny.settings": ("platformdirs", "scrutiny.errors"),
    "scrutiny.view": (),
    "scrutiny.document": ("scrutiny.view",),
    "scrutiny.core": ("scrutiny.core", "scrutiny.errors"),
    "scrutiny.core.states": ("scrutiny.core", "scrutiny.errors", "pycountry"),
    "scrutiny.feeds": ("scrutiny.feeds", "scrutiny.core", "scrutiny.errors"),
    "scrutiny.feeds.workbook": ("scrutiny.feeds", "scrutiny.core", "scrutiny.errors", "xlsxwriter"),
    "scrutiny.store": ("scrutiny.store", "scrutiny.core", "scrutiny.errors", "sqlalchemy", "sqlmodel", "alembic"),
    "scrutiny.reports": ("scrutiny.reports", "scrutiny.core", "scrutiny.view", "scrutiny.document"),
    "scrutiny.render": (
        "scrutiny.render",
        "scrutiny.core.names",
        "scrutiny.core.text",
        "scrutiny.document",
        "scrutiny.errors",
        "scrutiny.view",
        "jinja2",
        "plotext",
        "rich",
        "vl_convert",
    ),
    "scrutiny.sample": (),
    "scrutiny.cli": ("scrutiny", "typer"),
}


def name_of(module: Path) -> str:
    """scrutiny/core/acts.py is scrutiny.core.acts, scrutiny/core/__init__.py is scrutiny.core."""
    parts = module.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(module: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it, other than the standard library's."""
    for node in ast.walk(ast.parse((HOUSE.parent / module).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno} imports by dots"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name for name in names if name.partition(".")[0] not in sys.stdlib_module_names)


def within(name: str, part: str) -> bool:
    return name == part or name.startswith(f"{part}.")


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_imports_only_what_its_place_allows(module: Path) -> None:
    name = name_of(module)
    place = max((part for part in ALLOWED if part == name or (part != "scrutiny" and within(name, part))), key=len)
    assert [one for one in imported(module) if not any(within(one, part) for part in ALLOWED[place])] == []


def test_every_part_of_the_house_is_looked_at() -> None:
    names = {name_of(module) for module in MODULES}
    assert names >= {part for part in ALLOWED if part != "scrutiny.sample"}
    assert len(names) > 40


def test_the_core_reads_no_clock_file_or_environment() -> None:
    forbidden = ("os", "io", "time", "pathlib", "sqlite3", "subprocess", "random", "tempfile", "socket", "logging")
    for module in MODULES:
        if not within(name_of(module), "scrutiny.core"):
            continue
        tree = ast.parse((HOUSE.parent / module).read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert not {alias.name.partition(".")[0] for alias in node.names} & set(forbidden), module
            elif isinstance(node, ast.ImportFrom):
                assert (node.module or "").partition(".")[0] not in forbidden, module
            elif isinstance(node, ast.Call):
                called = node.func
                word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                assert word not in ("print", "open", "now", "today", "utcnow"), f"{module}:{node.lineno}"
