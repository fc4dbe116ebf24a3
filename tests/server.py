"""A PostgreSQL server of the tests' own, on loopback, gone with them."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

MEMORY = Path("/dev/shm")  # where a database is made and dropped in half the time
ROOM = 2**30


def programs() -> Path | None:
    """The folder of the newest server's programs on this machine; None where there is none."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server that can be stopped and started again; `folder` has its files."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Its URL, less the database's name."""
        return f"postgresql://scrutiny@127.0.0.1:{self.port}"

    def start(self, *options: str) -> None:
        """Starts it with further settings, each a NAME=VALUE.

        It does not wait for its disk, which it need not unless the whole machine goes down.
        """
        ours = ("listen_addresses=127.0.0.1", f"port={self.port}", f"unix_socket_directories={self.folder}")
        told = " ".join(f"-c {one}" for one in (*ours, "fsync=off", *options))
        self.call("pg_ctl", "-D", self.cluster, "-w", "-l", str(self.folder / "log"), "-o", told, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stops it; at once, which ends all sessions as a crash would, unless told otherwise."""
        self.call("pg_ctl", "-D", self.cluster, "-m", mode, "stop")

    def kill(self) -> None:
        """Kills it and whoever serves its sessions, as a power cut would."""
        with psycopg.connect(f"{self.url}/postgres") as connection:
            serving = connection.execute("SELECT pid FROM pg_stat_activity").fetchall()
        first = int((Path(self.cluster) / "postmaster.pid").read_text("utf-8").split()[0])
        for pid in (first, *(pid for (pid,) in serving)):
            with suppress(ProcessLookupError):  # some leave when the first is gone
                os.kill(pid, signal.SIGKILL)
        while _is_there(first):
            time.sleep(0.01)

    @property
    def cluster(self) -> str:
        """The folder of its data."""
        return str(self.folder / "cluster")

    def call(self, program: str, *args: str) -> None:
        """Runs one of the server's own programs, as the user whose the files are."""
        subprocess.run([_path(program), *args], user=_user(), check=True, capture_output=True, cwd="/")


@contextmanager
def cluster(folder: Path, *options: str) -> Iterator[Cluster]:
    """Makes a server whose files are in the folder, and runs it; it ends with this process, however that ends."""
    if user := _user():
        shutil.chown(folder, user)
    made = Cluster(folder, _free_port())
    made.call("initdb", "-D", made.cluster, "-U", "scrutiny", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
    with _ended_with_us(made):
        made.start(*options)
        yield made


@contextmanager
def standby(of: Cluster, folder: Path) -> Iterator[Cluster]:
    """Runs a server that follows another, and is only read; its files are in a folder of their own."""
    if user := _user():
        shutil.chown(folder, user)
    made = Cluster(folder, _free_port())
    of.call("pg_basebackup", "-d", f"{of.url}/postgres", "-D", made.cluster, "-R", "-c", "fast", "-N")
    with _ended_with_us(made):
        made.start()
        yield made


@contextmanager
def _ended_with_us(made: Cluster) -> Iterator[None]:
    """Somebody waits for the end of a pipe that only this process holds, and then stops the server."""
    left = subprocess.Popen(
        ["sh", "-c", 'cat; "$0" -D "$1" -m immediate stop; rm -rf "$2"', _path("pg_ctl"), made.cluster, made.folder],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        user=_user(), cwd="/", start_new_session=True,
    )  # fmt: skip
    with left:
        yield


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Runs a server whose files are in the folder; its URL, less the database's name."""
    with cluster(folder) as running:
        yield running.url


def _path(program: str) -> str:
    bin_ = programs()
    assert bin_, "no PostgreSQL server is installed"
    return str(bin_ / program)


def _user() -> str | None:
    """Whose the server is; it refuses to run as root."""
    return "postgres" if os.geteuid() == 0 else None


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def has_room(path: Path) -> bool:
    return os.access(path, os.W_OK) and shutil.disk_usage(path).free > ROOM


@contextmanager
def folder(*, on_disk: bool = False) -> Iterator[Path]:
    """A short path that the server's own user can enter, as pytest's own cannot be."""
    in_memory = not on_disk and has_room(MEMORY)
    path = Path(tempfile.mkdtemp(prefix="scrutiny-pg-", dir=MEMORY if in_memory else None))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
