"""A PostgreSQL server of the tests' own, on loopback, gone with them."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder of the newest server's programs on this machine; None where there is none."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Runs a server whose files are in the folder; its URL, less the database's name."""
    bin_ = programs()
    assert bin_, "no PostgreSQL server is installed"
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    if user:
        shutil.chown(folder, user)
    port = _free_port()
    cluster = str(folder / "cluster")

    def call(*command: str) -> None:
        subprocess.run([str(bin_ / command[0]), *command[1:]], user=user, check=True, capture_output=True, cwd="/")

    call("initdb", "-D", cluster, "-U", "scrutiny", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    call("pg_ctl", "-D", cluster, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://scrutiny@127.0.0.1:{port}"
    finally:
        call("pg_ctl", "-D", cluster, "-m", "immediate", "stop")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def folder() -> Iterator[Path]:
    """A short path that the server's own user can enter, as pytest's own cannot be."""
    path = Path(tempfile.mkdtemp(prefix="scrutiny-pg-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
