"""How far long work is, on a terminal while it lasts."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from scrutiny.core.text import inert

WIDTH = 30  # signs of a name beside a bar
SILENT = 0.3  # seconds of work that need no bar

Progress = Callable[[int, int], None]  # how much is done, of how much
Reading = Callable[[int, int | None, int], None]  # bytes read, of how many where that is known, and rows


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """Draws a bar on stderr that goes when the work is done; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console  # 40 ms, for those who watch
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)


@contextmanager
def reading(what: str) -> Iterator[Reading]:
    """The same of a file: a bar by its bytes, its rows, rows a second, time left; none for what is done at once."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    began, shown = time.monotonic(), list[Reading]()
    with ExitStack() as stack:

        def show(done: int, whole: int | None, rows: int) -> None:
            if not shown and time.monotonic() - began > SILENT:
                shown.append(stack.enter_context(_bar(what, began)))
            for bar in shown:
                bar(done, whole, rows)

        yield show


@contextmanager
def _bar(what: str, began: float) -> Iterator[Reading]:
    from rich.console import Console  # as above
    from rich.markup import escape
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    rows, rate = TextColumn("{task.fields[rows]:>11,} rows"), TextColumn("{task.fields[rate]:>9,} rows/s")
    columns = (TextColumn("{task.description}"), BarColumn(20), rows, rate, TimeRemainingColumn(compact=True))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(escape(inert(what)[:WIDTH]), total=None, rows=0, rate=0)

        def show(done: int, whole: int | None, rows: int) -> None:
            rate = round(rows / (time.monotonic() - began))
            bar.update(task, completed=done, total=whole, rows=rows, rate=rate)

        yield show
