"""Opening a file of signals: its text, and the digest of the bytes that were read."""

import hashlib
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from scrutiny.errors import ScrutinyError

CHUNK = 1 << 16


class Opened(io.RawIOBase):
    """Bytes on their way to a reader, digested as they pass."""

    def __init__(self, name: str, raw: BinaryIO) -> None:
        self.name = name
        self._raw = raw
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # any writable buffer
        """Fills the buffer from the file; how many bytes."""
        chunk = self._raw.read(len(buffer))
        self._digest.update(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    @property
    def sha256(self) -> str:
        """The digest of what was read so far, in hexadecimal digits."""
        return self._digest.hexdigest()

    def lines(self) -> Iterator[str]:
        """The text's lines with their ends; bytes that are not UTF-8 stay as signs that no signal may hold."""
        return iter(io.TextIOWrapper(io.BufferedReader(self, CHUNK), "utf-8-sig", "surrogateescape", newline=""))


@contextmanager
def opened(name: str) -> Iterator[Opened]:
    """The file of that name, - for stdin; ScrutinyError where it cannot be read."""
    if name == "-":
        yield Opened("stdin", sys.stdin.buffer)
        return
    try:
        raw = Path(name).open("rb")  # noqa: SIM115  # closed below, where errors are not those of opening
    except OSError as error:
        raise ScrutinyError(f"cannot read {name}: {error.strerror}") from None
    with raw:
        yield Opened(name, raw)
