"""The program as processes on a ledger in a folder of their own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 300  # seconds after which a command counts as stuck
WRONG = ("error", "Traceback", "locked")  # what no stderr may say


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with a ledger in it."""

    folder: Path

    @property
    def ledger(self) -> Path:
        """The ledger's file, which need not exist yet."""
        return self.folder / "ledger.db"

    @property
    def env(self) -> dict[str, str]:
        """The environment in which the program works on this ledger as Ana."""
        home = {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder), "TZ": "UTC"}
        return os.environ | home | {"SCRUTINY_DB": str(self.ledger), "SCRUTINY_USER": "ana"}

    def command(self, *args: str) -> list[str]:
        """The program with its arguments."""
        return [sys.executable, "-m", "scrutiny", *args]

    def run(self, *args: str) -> "subprocess.CompletedProcess[str]":
        """Runs the program to its end."""
        return subprocess.run(
            self.command(*args), env=self.env, check=False, capture_output=True, text=True, timeout=PATIENCE
        )

    def start(self, command: list[str]) -> "subprocess.Popen[str]":
        """Starts a command in a session of its own, so that all of it can be killed at once."""
        return subprocess.Popen(
            command,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def size(self) -> int:
        """How many signals the ledger has, by a check that must find it sound; AssertionError where it does not."""
        ran = self.run("db", "check", "-f", "json")
        if ran.returncode:
            raise AssertionError(f"db check says {ran.returncode}: {ran.stdout}{ran.stderr}")
        checked: dict[str, Any] = json.loads(ran.stdout)
        return int(checked["checked"]["signals"])

    def summaries(self) -> list[str]:
        """All summaries."""
        return [json.loads(line)["summary"] for line in self.run("export", "-f", "jsonl").stdout.splitlines()]


def wrong(said: str) -> str | None:
    """The first line of a stderr that no stderr may have."""
    return next((line for line in said.splitlines() if any(word in line for word in WRONG)), None)


def last_line(error: Exception) -> str:
    """What went wrong, in a line: of a traceback the last one."""
    return (str(error).strip().splitlines() or [repr(error)])[-1]


def rows(path: Path, count: int, prefix: str) -> Path:
    """A file of that many signals."""
    lines = (f"{prefix}:{n},2026-05-{1 + n % 20:02},China,visit,{prefix} number {n}\n" for n in range(count))
    path.write_text("uid,date,ally,act,summary\n" + "".join(lines))
    return path
