"""`python -m tests.benchmarks.calibration FILE.csv`: how well the trend model foretells signals, beside simple means.

Every forecast of a signal day is made by the days before it. A baseline has the model's scale and noise, so that only
the mean is compared; `plain` is the model that came before, for reference.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from scrutiny.errors import BadValue
from tests.benchmarks.calibration import dyads, printed
from tests.benchmarks.calibration.figures import Calibration


def main(argv: Sequence[str] | None = None) -> None:
    """Prints the figures of a file, or writes them as JSON; exits 2 where the file cannot be read as signals."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.calibration", description=__doc__)
    parser.add_argument("file", type=Path, help="CSV with columns date, dyad, score and, if any, weight")
    parser.add_argument("--json", metavar="OUT.json", help="write all figures there; - is stdout, without the table")
    asked = parser.parse_args(argv)
    try:
        found = Calibration.of(dyads.read(asked.file))
        text = json.dumps(asdict(found), indent=2, allow_nan=False) + "\n"
        sys.stdout.write(text if asked.json == "-" else printed.table(found))
        if asked.json not in (None, "-"):
            _write(Path(asked.json), text)
    except BadValue as error:
        print(f"error: {error.message}", file=sys.stderr)
        sys.exit(error.exit_code)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise BadValue(f"cannot write {path}: {error.strerror}") from None


if __name__ == "__main__":
    main()
