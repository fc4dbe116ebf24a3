"""`python -m tests.endurance`: kills, many writers, a team, fuzzing, long lives; half an hour; 1 on any finding."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.endurance import Done
from tests.endurance.crowd import Crowd, crowded
from tests.endurance.fuzz import fuzzed
from tests.endurance.kills import killed_imports, killed_logs
from tests.endurance.writers import writers
from tests.server import programs
from tests.test_past import Lives

ROWS = 50_000  # of an import that is killed
ROWS_BESIDE = 5_000  # of an import beside others who write
TEAM = Crowd(writers=32, logs=100, importers=4, rows=50_000)  # on a server
STEPS = 50  # of a life


def main() -> None:
    """Prints what was done and found, a line each as it comes."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="half of them of imports, half of logs; 0 leaves out")
    parser.add_argument("--writers", type=int, default=16, help="processes at once; 0 leaves them out")
    parser.add_argument("--logs", type=int, default=50, help="signals of each of them")
    parser.add_argument("--no-team", action="store_true", help="leave out a team at work on a server")
    parser.add_argument("--minutes", type=float, default=10, help="of fuzzing; 0 leaves it out")
    parser.add_argument("--no-pieces", action="store_true", help="leave out every hostile piece for every command")
    parser.add_argument("--lives", type=int, default=100, help="ledgers to which anything is done; 0 leaves them out")
    findings = 0
    for done in _all(parser.parse_args()):
        print(f"{done.what:16}  {len(done.findings)} found  {done.figures}", flush=True)
        for finding in done.findings:
            print(f"    {finding}", flush=True)
        findings += len(done.findings)
    sys.exit(int(findings > 0))


def lives(times: int, steps: int) -> Done:
    """What tests.test_past does a few times, many times."""
    how = settings(
        max_examples=times, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    began, findings = time.perf_counter(), list[str]()
    try:
        run_state_machine_as_test(Lives, settings=how)
    except Exception as error:  # whatever it is, it is what was looked for
        findings.append(f"{error!r} {'; '.join(getattr(error, '__notes__', ()))}")
    figures = f"{times} lives of up to {steps} steps in {time.perf_counter() - began:.0f} s"
    return Done("lives", figures, tuple(findings))


def pieces() -> Done:
    """tests.test_hostile, with every piece for every command."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "--tb=no", "tests/test_hostile.py"],
        env=os.environ | {"EVERY_PIECE": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    *_, figures = ran.stdout.strip().splitlines() or [ran.stderr]
    failed = [line for line in ran.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return Done("hostile pieces", figures, tuple(failed or [figures] * bool(ran.returncode)))


def _all(asked: argparse.Namespace) -> Iterator[Done]:
    if asked.kills:
        yield killed_imports(asked.kills - asked.kills // 2, ROWS)
        yield killed_logs(asked.kills // 2)
    if asked.writers:
        yield writers(asked.writers, asked.logs, ROWS_BESIDE)
    if not asked.no_team:
        yield crowded(TEAM) if programs() else Done("a team at once", "left out: no PostgreSQL server is installed")
    if asked.lives:
        yield lives(asked.lives, STEPS)
    if not asked.no_pieces:
        yield pieces()
    if asked.minutes:
        yield from fuzzed(asked.minutes)


if __name__ == "__main__":
    main()
