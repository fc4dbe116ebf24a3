"""A real browser for tests: Debian's chromium, driven by Playwright, with nothing of the network within its reach."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()

needs_a_browser = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"),
    reason="no chromium is installed (Debian: apt install chromium)",
)


@dataclass
class Seen:
    """A page as somebody who opened it by double click has it before them, and what it did on the way."""

    page: Page
    said: list[str] = field(default_factory=list)  # on the console, errors among it
    asked: list[str] = field(default_factory=list)  # what it asked the network or the disk for

    def count(self, selector: str) -> int:
        """How many such elements there are."""
        return self.page.locator(selector).count()

    def runs(self, script: str) -> Any:
        """What a script gives on the page."""
        return self.page.evaluate(script)


@contextmanager
def browser() -> Iterator[Browser]:
    """The browser, started for as long as it is needed."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@contextmanager
def opened(browser: Browser, path: Path, *, width: int = 1000, scheme: Any = "light", **more: Any) -> Iterator[Seen]:
    """A file as a page in a window so wide; whatever it asks for besides itself is noted and refused."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
    seen = Seen(context.new_page())
    seen.page.on("console", lambda message: seen.said.append(message.text))
    seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
    seen.page.on("request", lambda request: seen.asked.append(request.url))
    seen.page.on("dialog", partial(_dismissed, seen))
    seen.page.goto(path.as_uri())
    yield seen
    context.close()


def _dismissed(seen: Seen, dialog: Dialog) -> None:
    seen.said.append(dialog.message)
    dialog.dismiss()
