"""Which lines and branches no test ran: `pytest -p tests.covered`.

Coverage is found without a tracer, which would nearly double the time, by marks in the program's own code that are
taken out once they were passed. So this must be loaded before the program is.
"""

import json
from typing import Any

import pytest
import slipcover

AT_LEAST = 95.0  # percent of lines and branches
PROGRAM = "scrutiny"
NOT_RUN = [r"\.\.\.$"]  # what only type checkers read

_marked = slipcover.Slipcover(branch=True, source=[PROGRAM], exclude_also=NOT_RUN)
slipcover.ImportManager(_marked, slipcover.FileMatcher(sources=[PROGRAM])).__enter__()
_found = dict[str, Any]()  # by all workers, or by this process where there are none


def _add(found: dict[str, Any]) -> None:
    if _found:
        slipcover.merge_coverage(_found, found)
    else:
        _found.update(found)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hears from a worker what its tests ran."""
    if said := getattr(node, "workeroutput", {}).get("covered"):
        _add(json.loads(said))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tells what was found; of a run in which all went well but too little was run it makes one that failed."""
    to_controller = getattr(session.config, "workeroutput", None)
    if to_controller is not None:
        to_controller["covered"] = json.dumps(_marked.get_coverage())
        return
    if not _found:
        _add(_marked.get_coverage())
    if session.exitstatus == 0 and _found["summary"]["percent_covered"] < AT_LEAST:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what was not run, file by file."""
    slipcover.print_coverage(_found, outfile=terminalreporter._tw._file, skip_covered=True)
    percent = _found["summary"]["percent_covered"]
    terminalreporter.write_line(f"{percent:.2f}% of lines and branches are covered; at least {AT_LEAST:g}% must be")
