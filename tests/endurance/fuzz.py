"""Bytes that search for what breaks: guided by coverage where atheris is there, else Hypothesis without an end."""

import importlib.util
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import hostile
from tests.endurance import Done

INSTALL = "coverage-guided fuzzing needs atheris: pip install atheris==3.0.0 (CPython 3.11 to 3.13, Linux)"
LONGEST = 4096  # bytes of an input
SLOWEST = 20  # seconds of one input, after which it counts as endless
MOST_FINDINGS = 5  # of a target, after which it is left
EXAMPLES = 1_000  # Hypothesis's, between two looks at the clock
_RUNS = re.compile(r"#(\d+)\s+DONE|stat::number_of_executed_units:\s+(\d+)")
_COVERAGE = re.compile(r"cov: (\d+)")


def fuzzed(minutes: float) -> Iterator[Done]:
    """Fuzzes each target in turn for its share of the minutes."""
    from tests.endurance.targets import TARGETS

    guided = importlib.util.find_spec("atheris") is not None
    if not guided:
        print(f"note: {INSTALL}; Hypothesis takes its time instead", file=sys.stderr)
    seconds = minutes * 60 / len(TARGETS)
    for name in TARGETS:
        yield (_guided if guided else _at_random)(name, seconds)


def _guided(name: str, seconds: float) -> Done:
    """A target in a process of its own, begun again after each finding."""
    findings, runs, covered, until = list[str](), 0, 0, time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        corpus, found = Path(folder) / "corpus", Path(folder) / "found"
        found.mkdir()
        _plant(corpus)
        while (left := int(until - time.monotonic())) > 0 and len(findings) < MOST_FINDINGS:
            ran = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "tests.endurance.fuzz",
                    name,
                    f"-max_total_time={left}",
                    f"-max_len={LONGEST}",
                    f"-timeout={SLOWEST}",
                    f"-artifact_prefix={found}/",
                    "-print_final_stats=1",
                    str(corpus),
                ],
                capture_output=True,
                check=False,
            )
            said = ran.stderr.decode(errors="replace") + ran.stdout.decode(errors="replace")
            runs += sum(int(one or other) for one, other in _RUNS.findall(said)[-1:])
            covered = max([covered, *map(int, _COVERAGE.findall(said))])
            if ran.returncode:
                findings.append(_finding(found, said))
    findings = list({finding.partition(": ")[2]: finding for finding in findings}.values())
    return Done(
        f"fuzzed {name}", f"{runs:,} inputs in {seconds:.0f} s, coverage {covered:,} (atheris)", tuple(findings)
    )


def _plant(corpus: Path) -> None:
    """What is hostile, as the inputs that mutation begins with."""
    corpus.mkdir()
    row = hostile.HEADER + hostile.ROW
    for number, text in enumerate(hostile.PIECES.values()):
        content = text.encode(errors="surrogatepass")[:LONGEST]
        (corpus / f"piece{number}").write_bytes(content)
        (corpus / f"row{number}").write_bytes(row + b'"' + content.replace(b'"', b'""') + b'"\n')
    for number, content in enumerate(hostile.FILES.values()):
        (corpus / f"file{number}").write_bytes(content[:LONGEST])
    for number, text in enumerate(("24feb", "3d", "B2", "2026-02-24", "-2.5", "by:third", "energy", "https://x")):
        (corpus / f"word{number}").write_bytes(text.encode())
    (corpus / "object").write_bytes(
        b'{"uid": "a", "date": "2026-02-24", "ally": "Iran", "score": -2, "summary": "x", "grade": "B2", '
        b'"private": true, "recorded_at": "2026-02-24T09:30:00+02:00", "recorded_by": "b", "source": null}'
    )


def _finding(found: Path, said: str) -> str:
    """The input that broke it, and the end of the traceback; the input goes."""
    inputs = sorted(found.iterdir())
    content = inputs[0].read_bytes() if inputs else b""
    for one in inputs:
        one.unlink()
    trace = said.partition("Traceback (most recent call last):")[2].partition("== ERROR")[0] or said[-2000:]
    where = [line.strip() for line in trace.splitlines() if line.startswith("  File")]
    return f"{content!r}: {', '.join(where[-2:]) or trace.strip()}"


def _at_random(name: str, seconds: float) -> Done:
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    from tests.endurance.targets import TARGETS

    inputs = st.binary(max_size=LONGEST) | st.text().map(lambda text: text.encode(errors="surrogatepass"))
    runs, until = 0, time.monotonic() + seconds

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(inputs)
    def hold(content: bytes) -> None:
        TARGETS[name](content)

    while time.monotonic() < until:
        runs += EXAMPLES
        try:
            hold()
        except Exception as error:  # whatever it is, it is what was looked for
            notes = "; ".join(getattr(error, "__notes__", ()))
            return Done(f"fuzzed {name}", f"{runs:,} inputs (Hypothesis)", (f"{error!r} {notes}",))
    return Done(f"fuzzed {name}", f"{runs:,} inputs in {seconds:.0f} s (Hypothesis)")


def main() -> None:
    """`python -m tests.endurance.fuzz TARGET [libFuzzer's options] [corpus]`, exits as libFuzzer does."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["scrutiny"]):
        from tests.endurance.targets import TARGETS
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
