"""Every console session in the README prints what the README says, on a terminal of 100 columns.

`python -m tests.test_readme` writes what the sessions print now into the README.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pexpect
import pytest

from scrutiny.cli.commands import COMMANDS
from tests.test_gdelt import line as gdelt

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
SESSION = re.compile(r"(<!-- sample -->\n)?```console\n(.*?)```", re.DOTALL)
COLUMNS = 100
IRAN = {"name_1": "IRAN", "country_1": "IRN"}
RUSSIA_TO_IRAN = {"name_1": "RUSSIA", "country_1": "RUS", "name_2": "IRAN", "country_2": "IRN"}


def screen(command: str, home: Path) -> str:
    """What a person sees who types the command in a folder."""
    program = home / "bin" / "scrutiny"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!{sys.executable}\nfrom scrutiny.__main__ import main\nmain()\n")
    program.chmod(0o755)
    env = {
        **{name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "LANG", "LC_ALL")},
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "SCRUTINY_DB": str(home / "ledger.db"),
        "SCRUTINY_USER": "ana",
        "NO_COLOR": "1",
        "COLUMNS": str(COLUMNS),
    }
    child = pexpect.spawn(
        "/bin/sh", ["-c", command], env=env, cwd=str(home), encoding="utf-8", dimensions=(200, COLUMNS), timeout=60
    )
    child.expect(pexpect.EOF)
    return str(child.before).replace("\r\n", "\n")


def replayed(session: str, home: Path) -> str:
    """The session with what its commands print now."""
    commands = [line[2:] for line in session.splitlines() if line.startswith("$ ")]
    return "".join(f"$ {command}\n{screen(command, home)}" for command in commands)


def load_sample(home: Path) -> None:
    """Makes the sample ledger there."""
    sample = ROOT / "scrutiny" / "sample" / "signals.csv"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "SCRUTINY_DB": str(home / "ledger.db"), "SCRUTINY_USER": "ana"}
    subprocess.run(
        [sys.executable, "-m", "scrutiny", "import", str(sample)], env=env, check=True, capture_output=True
    )


def load_events(home: Path) -> None:
    """Puts a day's events there, as GDELT publishes them."""

    def event(number: int, page: str, **more: str) -> bytes:
        said = IRAN | {"day": "20260519", "added": "20260519121500", "url": f"https://news.example/{page}"} | more
        return gdelt(number, 61, **said)

    rows = [
        event(1, "treaty", code="057", goldstein="8.0", mentions="24"),
        event(2, "treaty", code="057", goldstein="8.0", mentions="3"),
        event(3, "visit", code="042", goldstein="1.9", mentions="8"),
        event(4, "host", **RUSSIA_TO_IRAN, code="043", goldstein="2.8", mentions="6"),
        event(5, "critics", name_1="CHINA", country_1="CHN", code="111", goldstein="-2.0", mentions="10"),
        event(6, "says", code="010", goldstein="0.0"),
        event(7, "slip", code="051", goldstein="3.4", day="20260419"),
        *(event(number, "others", country_1=country) for number, country in enumerate(("USA", "FRA", "", "DEU"), 8)),
    ]
    (home / "20260519121500.export.CSV").write_bytes(b"".join(rows))


@pytest.mark.parametrize(
    "session", SESSION.findall(README.read_text(encoding="utf-8")), ids=lambda s: s[1].split("\n")[0]
)
def test_a_session_prints_what_the_readme_says(session: tuple[str, str], home: Path, sample_template: str) -> None:
    on_sample, text = session
    if on_sample:
        shutil.copyfile(sample_template, home / "ledger.db")
        load_events(home)
    assert replayed(text, home) == text


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_names_every_command(name: str) -> None:
    assert f"scrutiny {name}" in README.read_text(encoding="utf-8")


def _rewrite() -> None:
    def now(found: re.Match[str]) -> str:
        with tempfile.TemporaryDirectory() as folder:
            if found[1]:
                load_sample(Path(folder))
                load_events(Path(folder))
            return f"{found[1] or ''}```console\n{replayed(found[2], Path(folder))}```"

    README.write_text(SESSION.sub(now, README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    _rewrite()
