"""The program beside its peers: the same deed on stores of the same entries."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tests.benchmarks import made
from tests.benchmarks.figures import Figure, compared
from tests.benchmarks.peers import DAY, DEEDS, EXPORT, IMPORT, LIST, LOG, PEERS, SAID, SEARCH, SUMMARY, Peer, found
from tests.benchmarks.places import Ledgers, ours
from tests.benchmarks.timed import Call, race_of_guests

VERSION = re.compile(r"[0-9]+(\.[0-9]+)+")
PATIENCE = 20.0  # seconds that a peer may take for one deed; for what takes longer it is not asked again
MOST = 1_000_000  # entries above which no peer is tried


def figures(ledgers: Ledgers, sizes: Sequence[int], folder: Path, turns: int) -> Iterator[Figure]:
    """Deed by deed at each size; a peer that is missing, and a deed that took too long, is named."""
    for one in PEERS:
        if not found(one.program):
            yield Figure("peers", one.name, against=one.name, note=f"not installed: {one.get}")
    beside = _Beside(ledgers, folder, turns)
    for size in sizes:
        if size > MOST:
            yield Figure("peers", "all", size=size, note=f"not tried above {MOST:,}")
        else:
            yield from beside.figures(size)


class _Beside:
    """The peers of this machine, and who dropped out of which deed: why, on a store of how many entries."""

    def __init__(self, ledgers: Ledgers, folder: Path, turns: int) -> None:
        self._ledgers = ledgers
        self._folder = folder
        self._turns = turns
        self._here = [(one, program) for one in PEERS if (program := found(one.program))]
        self._out: dict[tuple[str, str], str] = {}

    def figures(self, size: int) -> Iterator[Figure]:
        """All deeds on stores of so many entries."""
        stores = [one(self._folder / f"{one.name}-{size}", program) for one, program in self._here]
        for store in stores:
            store.load(self._ledgers.file(size))
        for deed in DEEDS:
            yield from self._deed(deed, size, stores)
        for store in stores:
            shutil.rmtree(store.folder)

    def _deed(self, deed: str, size: int, stores: Sequence[Peer]) -> Iterator[Figure]:
        """One deed of ours and of everybody who can do it, in the same turns."""
        able = {store.name: store for store in stores if deed in store.deeds()}
        calls = {"scrutiny": self._ours(deed, size)}
        for name, store in able.items():
            if (name, deed) not in self._out:
                calls[name] = replace(store.deeds()[deed], patience=PATIENCE)
        runs, dropped = race_of_guests(calls, self._turns)
        for name, why in dropped.items():
            self._out[name, deed] = f"{why} on {size:,}"
            able[name].load(self._ledgers.file(size))  # it may have been ended as it wrote
        for name in able:
            note = self._out.get((name, deed), "")
            yield compared("peers", deed, runs["scrutiny"], runs.get(name), name, size=size, note=note)

    def _ours(self, deed: str, size: int) -> Call:
        """How we do it."""
        args = {
            LOG: ("log", "china", "visit", SAID, DAY),
            LIST: ("list",),
            SUMMARY: ("summary", "--as-of", DAY),
            SEARCH: ("list", "--search", made.RARE),
            IMPORT: ("import", str(self._ledgers.file(size))),
            EXPORT: ("export", "--output", str(self._folder / "out.csv")),
        }[deed]
        if deed == IMPORT:
            places = self._ledgers.places
            return replace(ours(places.place("imported"), *args), before=lambda: places.gone("imported"))
        return ours(self._ledgers.to_write(size) if deed == LOG else self._ledgers.of(size), *args)


def versions() -> dict[str, str]:
    """What each peer on this machine says of its version."""
    said = {}
    for one in PEERS:
        if program := found(one.program):
            told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=60)
            found_in = VERSION.search(told.stdout)
            said[one.name] = found_in[0] if found_in else "of no known version"
    return said
