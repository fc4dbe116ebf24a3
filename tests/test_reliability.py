"""docs/reliability.md names tests that are there."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
NAMED = re.findall(r"`(test_\w+\.py)::(\w+)`", (TESTS.parent / "docs" / "reliability.md").read_text("utf-8"))


@pytest.mark.parametrize(("file", "name"), NAMED, ids=str)
def test_what_shows_a_promise_is_a_test(file: str, name: str) -> None:
    assert re.search(rf"^(def|class) {name}\(", (TESTS / file).read_text("utf-8"), re.MULTILINE)


def test_promises_are_shown() -> None:
    assert len(NAMED) > 30
