"""What the figures were measured on."""

import os
import platform
import sqlite3
import subprocess
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrutiny import __version__
from tests import server

GIB = 1 << 30


def machine() -> dict[str, Any]:
    """The machine, what runs on it, and when it was looked at."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB),
        "load": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": _postgresql(),
        "scrutiny": __version__,
    }


def sentence(said: dict[str, Any]) -> str:
    """The same in words."""
    engines = f"SQLite {said['sqlite']}" + (f", PostgreSQL {said['postgresql']}" if said["postgresql"] else "")
    return (
        f"{said['processor']}, {said['cores']} cores, {said['memory_gib']} GiB, {said['system']}, "
        f"Python {said['python']}, {engines}; {said['date']}"
    )


def _processor() -> str:
    with suppress(OSError):  # Linux alone has it there
        for row in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if row.startswith("model name"):
                return row.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _postgresql() -> str | None:
    """The version of the server that this machine could run."""
    folder = server.programs()
    if folder is None:
        return None
    said = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True).stdout
    return said.split()[2]
