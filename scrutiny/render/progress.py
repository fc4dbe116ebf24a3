"""How far long work is, on a terminal while it lasts."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[int, int], None]  # how much is done, of how much


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
