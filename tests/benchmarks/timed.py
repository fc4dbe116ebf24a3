"""Processes that are timed, those that are compared turn by turn."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

PROGRAM = (sys.executable, "-m", "scrutiny")
LAUNCHER = (sys.executable, "-I", "-S", str(Path(__file__).parent / "launch.py"))
MIB = 1024  # KiB, in which the system counts
BUDGET = 60.0  # seconds after which a comparison begins no further turn
SHOWN = 400  # characters of what a process said before it failed


@dataclass(frozen=True, slots=True)
class Ran:
    """What one process took: seconds, those of them on a processor, and MiB at its peak."""

    seconds: float
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Call:
    """A command, what it finds in its environment and on stdin, and what makes it ready, which is not timed.

    One that takes longer than the patience, in seconds, is ended.
    """

    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    stdin: str = ""
    before: Callable[[], object] | None = None
    patience: float | None = None


class TooSlowError(Exception):
    """A process took longer than one was ready to wait."""


def python(code: str) -> Call:
    """A floor: what the interpreter takes for some code."""
    return Call((sys.executable, "-c", code))


def run(call: Call) -> Ran:
    """Runs it; TooSlowError where it was ended, CalledProcessError after what it said where it failed."""
    if call.before:
        call.before()
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
        given.write(call.stdin.encode())
        given.seek(0)
        took = _launched(call, given, said)
        if call.patience and took["seconds"] > call.patience:
            raise TooSlowError
        if took["code"]:
            said.seek(0)
            print(said.read(SHOWN).decode(errors="replace"), file=sys.stderr)
            raise subprocess.CalledProcessError(took["code"], call.command)
    return Ran(took["seconds"], took["cpu"], took["kib"] / MIB)


def _launched(call: Call, given: IO[bytes], said: IO[bytes]) -> dict[str, Any]:
    """What the launcher writes of a command."""
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="utf-8") as out:
        launcher = (*LAUNCHER, str(writing), str(call.patience or 0), *call.command)
        try:
            subprocess.run(
                launcher,
                env=os.environ | call.env,
                stdin=given,
                stdout=subprocess.DEVNULL,
                stderr=said,
                pass_fds=(writing,),
                check=True,
            )
        finally:
            os.close(writing)
        took: dict[str, Any] = json.load(out)
    return took


def race(calls: Mapping[str, Call], turns: int, budget: float = BUDGET) -> dict[str, list[Ran]]:
    """Each of them once a turn, so that what slows the machine slows all of them alike.

    Where there are several turns another one before them warms up, unless that one already took the whole budget.
    """
    return race_of_guests(calls, turns, budget)[0]


def race_of_guests(
    calls: Mapping[str, Call], turns: int, budget: float = BUDGET
) -> tuple[dict[str, list[Ran]], dict[str, str]]:
    """The same, and why who has a patience dropped out of it: too slow, or failed."""
    runs, dropped = {name: list[Ran]() for name in calls}, dict[str, str]()
    began = time.perf_counter()
    for _ in range(turns + (turns > 1)):
        for name, call in calls.items():
            if name in dropped:
                continue
            try:
                runs[name].append(run(call))
            except TooSlowError:
                dropped[name] = f"over {call.patience:g} s"
            except subprocess.CalledProcessError:
                if call.patience is None:
                    raise
                dropped[name] = "failed"
        if time.perf_counter() - began > budget:
            break
    return {name: found[turns > 1 :] or found for name, found in runs.items() if name not in dropped}, dropped


def seconds(runs: list[Ran]) -> float:
    """Their median."""
    return statistics.median(one.seconds for one in runs)


def ratio(ours: list[Ran], others: list[Ran]) -> float:
    """The median of the ratios turn by turn, which a slow machine does not bend."""
    return statistics.median(a.seconds / b.seconds for a, b in zip(ours, others, strict=True))
