"""Opening a file of signals, plain or packed: its lines, and the digest of the bytes that were read."""

import gzip
import hashlib
import io
import lzma
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import IO, BinaryIO

from scrutiny.errors import ScrutinyError

CHUNK = 1 << 18  # bytes unpacked at once
WHOLE = 1 << 21  # bytes of the file itself read at once: many, so that their digest waits for few turns
PEEKED = 10  # lines looked at to tell a format
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"  # how packed files begin
WORKBOOK = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")  # in archives that are .xlsx, .xlsb, .ods
KEPT = 1 << 22  # bytes of an archive that stay in memory; a larger one is copied, since its contents stand at its end
BROKEN = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError)


class Passing(io.RawIOBase):
    """Bytes on their way to a reader, counted as they pass."""

    def __init__(self, raw: IO[bytes], size: int | None = None) -> None:
        self.done = 0
        self.size = size  # None where that is not known
        self.heard: Callable[[], None] | None = None  # told when more was read
        self._raw = raw

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # any writable buffer
        """Fills the buffer; how many bytes."""
        try:
            count: int = self._raw.readinto(buffer)  # type: ignore[attr-defined]  # every kind of file here has it
        except OSError as error:  # bzip2 says so of what is damaged, too
            raise ScrutinyError(f"it cannot be read: {error.strerror or error}") from None
        self.done += count
        self._see(memoryview(buffer)[:count])
        if self.heard:
            self.heard()
        return count

    def _see(self, chunk: memoryview) -> None:
        """What else is to be done with bytes that pass."""


class _Digested(Passing):
    """The same, and digested by a thread of their own, while the reader goes on with them."""

    def __init__(self, raw: IO[bytes], size: int | None, stack: ExitStack) -> None:
        super().__init__(raw, size)
        self._digest = hashlib.sha256()
        self._beside = stack.enter_context(ThreadPoolExecutor(1))
        self._last: Future[None] | None = None

    def _see(self, chunk: memoryview) -> None:
        self._wait()
        self._last = self._beside.submit(self._digest.update, bytes(chunk))  # copied: the buffer is used again

    def _wait(self) -> None:
        if self._last:
            self._last.result()

    def hexdigest(self) -> str:
        """The digest of all that passed."""
        self._wait()
        return self._digest.hexdigest()


class _Joined(Passing):
    """What was looked at already, then the rest."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        super().__init__(rest)
        self._head = head

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # as above
        """Fills the buffer; how many bytes."""
        chunk, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        if not chunk:
            return super().readinto(buffer)
        buffer[: len(chunk)] = chunk
        return len(chunk)


class Opened:
    """A file that is read once from its beginning to its end, as lines of bytes or as text.

    `head` is its first lines, `passed` knows how far it was read.
    """

    def __init__(self, name: str, raw: IO[bytes], stack: ExitStack, size: int | None = None) -> None:
        self.name = name
        self._bytes = _Digested(raw, size, stack)
        self._whole = io.BufferedReader(self._bytes, WHOLE)
        self.passed: Passing = self._bytes
        self._unpacked: IO[bytes] = self._whole
        self.head: list[bytes] = []

    def unpack(self, stack: ExitStack) -> None:
        """Goes on with what is packed in the file, if anything is, and looks at its first lines."""
        begins = self._whole.peek(len(ZIP))
        if begins.startswith(GZIP):
            self._unpacked = io.BufferedReader(gzip.GzipFile(fileobj=self._whole), CHUNK)
        elif begins.startswith(ZIP):
            copy = stack.enter_context(tempfile.SpooledTemporaryFile(KEPT))  # noqa: SIM115  # closed by the stack
            shutil.copyfileobj(self._whole, copy, CHUNK)
            archive = stack.enter_context(zipfile.ZipFile(copy))
            member = self._member(archive)
            self.passed = Passing(stack.enter_context(archive.open(member)), member.file_size)
            self._unpacked = io.BufferedReader(self.passed, CHUNK)
        self.head = list(islice(self._unpacked, PEEKED))

    def _member(self, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
        """The one file of an archive; ScrutinyError where there is another, a password, or a workbook."""
        found = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
        if any(one.filename in WORKBOOK for one in found):
            raise ScrutinyError("it is a spreadsheet's own file", "save it as CSV (UTF-8) there, and import that")
        if len(found) != 1:
            raise ScrutinyError(f"it holds {len(found)} files, not one", "unpack it, and name them")
        if found[0].flag_bits & 1:
            raise ScrutinyError("it has a password", "unpack it")
        return found[0]

    def lines(self) -> Iterator[bytes]:
        """The lines with their ends."""
        return chain(self.head, self._unpacked)

    def text(self) -> Iterator[str]:
        """The text's lines with their ends; bytes that are not UTF-8 stay as signs that no signal may hold."""
        joined = io.BufferedReader(_Joined(b"".join(self.head), self._unpacked), CHUNK)
        return iter(io.TextIOWrapper(joined, "utf-8-sig", "surrogateescape", newline=""))

    @property
    def sha256(self) -> str:
        """The digest of the file as it lies on the disk, in hexadecimal digits, once it was read."""
        return self._bytes.hexdigest()


@contextmanager
def opened(name: str) -> Iterator[Opened]:
    """The file of that name, - for stdin, unpacked; ScrutinyError where it cannot be read, at once or later."""
    with ExitStack() as stack:
        if name == "-":
            file = Opened("stdin", sys.stdin.buffer, stack)
        else:
            raw, size = _file(name)
            file = Opened(name, stack.enter_context(raw), stack, size)
        with damage_said(file.name):
            try:
                file.unpack(stack)
            except ScrutinyError as error:
                raise ScrutinyError(f"{file.name}: {error.message}", error.hint) from None
            yield file


@contextmanager
def damage_said(name: str) -> Iterator[None]:
    """ScrutinyError where what is packed in a file cannot be unpacked."""
    try:
        yield
    except BROKEN as error:
        why = "it is cut off" if isinstance(error, EOFError) else "what is packed in it is damaged"
        raise ScrutinyError(f"{name}: {why}", "get it anew") from None


def _file(name: str) -> tuple[BinaryIO, int]:
    """The file and its size."""
    try:
        raw = Path(name).open("rb", buffering=0)  # noqa: SIM115  # closed by the caller
        return raw, Path(name).stat().st_size
    except OSError as error:
        raise ScrutinyError(f"cannot read {name}: {error.strerror}") from None
