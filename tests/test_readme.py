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

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
SESSION = re.compile(r"(<!-- sample -->\n)?```console\n(.*?)```", re.DOTALL)
COLUMNS = 100


def screen(command: str, home: Path) -> str:
    """What a person sees who types the command in a folder."""
    program = home / "bin" / "scrutiny"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!{sys.executable}\nfrom scrutiny.cli import main\nmain()\n")
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


@pytest.mark.parametrize(
    "session", SESSION.findall(README.read_text(encoding="utf-8")), ids=lambda s: s[1].split("\n")[0]
)
def test_a_session_prints_what_the_readme_says(session: tuple[str, str], home: Path, sample_template: Path) -> None:
    on_sample, text = session
    if on_sample:
        shutil.copyfile(sample_template, home / "ledger.db")
    assert replayed(text, home) == text


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_names_every_command(name: str) -> None:
    assert f"scrutiny {name}" in README.read_text(encoding="utf-8")


def _rewrite() -> None:
    def now(found: re.Match[str]) -> str:
        with tempfile.TemporaryDirectory() as folder:
            if found[1]:
                load_sample(Path(folder))
            return f"{found[1] or ''}```console\n{replayed(found[2], Path(folder))}```"

    README.write_text(SESSION.sub(now, README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    _rewrite()
