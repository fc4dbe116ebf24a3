"""Any bytes and any words: only the program's own refusals come out, and what is read comes back as it was."""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import typer.main
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scrutiny.cli import app
from scrutiny.core import days, words
from scrutiny.core.signals import Grade, read_score
from scrutiny.errors import ScrutinyError
from tests import hostile
from tests.conftest import Ran, run_program
from tests.endurance.targets import TARGETS, TODAY
from tests.stores import Store
from tests.test_hostile import ARGUMENTS, COLUMNS, REFUSAL, controls

BRIEFLY = settings(deadline=None, derandomize=True, max_examples=25)
CODES = {0, 1, 2, 3, 4, 10}  # docs/formats.md; nobody interrupts
MOST = 20_000  # signs of a text, where a longer one takes only longer
OUTSIDE = {hostile.UP, hostile.ROOT_HOME}  # real places outside of the test's own

FREE = st.text(st.characters(exclude_characters="/~\0", exclude_categories=["Cs"]), max_size=12)
PIECES = st.sampled_from([text for text in ARGUMENTS.values() if text not in OUTSIDE])
USUAL = st.sampled_from(
    "China iran visit sanction Summary -2 2.5 B2 24feb 2026-05-01 3d by:third energy 1 last".split()
)
WORDS = st.one_of(USUAL, PIECES, FREE)
ROWS = st.lists(
    st.dictionaries(st.sampled_from(COLUMNS), st.one_of(WORDS, st.none(), st.floats(), st.booleans())), max_size=4
)


def commands() -> dict[tuple[str, ...], list[str]]:
    """Every command with its options, as the program itself knows them; but demo, which makes a place of its own."""
    group: Any = typer.main.get_command(app)
    context = group.make_context("scrutiny", ["list"], resilient_parsing=True)
    found: dict[tuple[str, ...], list[str]] = {}
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        inner = getattr(command, "commands", {})
        for words_, one in {(name,): command, **{(name, sub): one for sub, one in inner.items()}}.items():
            found[words_] = [
                flag for parameter in one.params for flag in (*parameter.opts, *parameter.secondary_opts)
            ]
    return {
        name: [flag for flag in flags if flag.startswith("-")] for name, flags in found.items() if name != ("demo",)
    }


COMMANDS = commands()


@st.composite
def arguments(draw: st.DrawFn) -> list[str]:
    """A command of the program, most of the times, with options and words that may be its own."""
    name = draw(st.sampled_from(list(COMMANDS)))
    flags = st.sampled_from([*COMMANDS[name], "--help", "--"])
    given_ = st.one_of(
        WORDS.map(lambda word: [word]),
        flags.map(lambda flag: [flag]),
        st.tuples(flags, WORDS).map(list),
        st.tuples(flags, WORDS).map(lambda pair: ["=".join(pair)]),
    )
    parts = draw(st.lists(given_, max_size=5))
    before = draw(st.sampled_from([[], [], [], ["--db", "other.db"], ["--version"]]))
    return [*before, *name, *(word for part in parts for word in part)]


@contextmanager
def copy_of(ledger: str, store: Store) -> Iterator[None]:
    """An empty home with a copy of the ledger."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        patched.setenv("HOME", folder)
        patched.setenv("SCRUTINY_DB", store.copy(ledger, Path(folder)))
        yield


@pytest.fixture(scope="module")
def small(store: Store) -> str:
    """A ledger of two signals."""
    place = store.lasting()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_DB", place)
        patched.setenv("SCRUTINY_USER", "ana")
        for ally in ("china", "iran"):
            assert run_program("log", ally, "visit", "A visit to Moscow", "2026-05-01", "B2").code == 0
    return place


def proper(ran: Ran) -> None:
    """Ended as documented, and its talk cannot steer a terminal."""
    assert ran.code in CODES
    assert not controls(ran.err)
    if ran.code not in (0, 10):
        assert REFUSAL.fullmatch(ran.err), ran.err


# -- commands


@settings(BRIEFLY, max_examples=60)
@given(args=arguments())
@example(args=["list", "--recorded-by", hostile.ESCAPED_BYTE])
@example(args=["log", "china", "visit", "Summary", "--score", "6\x1d"])
@example(args=["changes", "--exit-code", "--recorded-since", "0001-01-01"])
def test_any_arguments_are_obeyed_or_refused(store: Store, small: str, args: list[str]) -> None:
    with copy_of(small, store):
        proper(run_program(*args))
        assert run_program("db", "check").code == 0


@BRIEFLY
@given(content=st.one_of(st.binary(max_size=200), st.sampled_from(list(hostile.FILES.values()))))
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_any_bytes_are_imported_or_refused(store: Store, small: str, form: str, content: bytes) -> None:
    with copy_of(small, store):
        proper(run_program("import", "-", "--format", form, stdin=content))


@BRIEFLY
@given(rows=ROWS)
@example(rows=[{"date": "2026-05-01", "ally": "China", "summary": "Summary", "score": "6\x1d"}])
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_any_rows_are_imported_or_refused_and_come_back_as_they_were(
    store: Store, small: str, form: str, rows: list[dict[str, object]]
) -> None:
    with copy_of(small, store):
        args = ("-", "--format", form, "--keep-going", "--add-allies")
        proper(run_program("import", *args, stdin=written(rows, form)))
        out = run_program("export", "--format", form)
        again = run_program("import", *args, stdin=out.out.encode())
        assert (again.code, " 0 added" in again.err) == (0, True)
        assert run_program("export", "--format", form) == out


def written(rows: list[dict[str, object]], form: str) -> bytes:
    if form == "jsonl":
        return "".join(json.dumps(row) + "\n" for row in rows).encode()
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(errors="surrogateescape")


# -- functions


@settings(BRIEFLY, max_examples=200)
@given(content=st.one_of(st.binary(max_size=400), st.text().map(lambda text: text.encode())))
@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_what_is_fuzzed_at_length_holds_briefly(target: Callable[[bytes], None], content: bytes) -> None:
    target(content)


@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_what_is_hostile_breaks_no_law(target: Callable[[bytes], None]) -> None:
    for text in hostile.PIECES.values():
        target(text[:MOST].encode(errors="surrogatepass"))
        target(hostile.HEADER + hostile.ROW + b'"' + text.replace('"', '""').encode(errors="surrogatepass") + b'"\n')
    for content in hostile.FILES.values():
        target(content[:MOST])


READERS: dict[str, Callable[[str], object]] = {
    "when": lambda text: days.when(text, TODAY),
    "words": lambda text: words.read([text], TODAY),
    "grade": Grade.read,
    "score": read_score,
}
LIKELY = st.text(
    st.sampled_from("0123456789.+-eE_ bBfFxX/dwmyjan\x1c\x1d\x1f\x85\u00a0\u2003\u0665\uff11²"), max_size=8
)


@settings(BRIEFLY, max_examples=200)
@given(text=st.one_of(st.text(), LIKELY, PIECES))
@example(text="6\x1d")
@example(text="\x1c1")
@pytest.mark.parametrize("read", READERS.values(), ids=list(READERS))
def test_what_cannot_be_read_is_refused_in_the_programs_words(read: Callable[[str], object], text: str) -> None:
    with suppress(ScrutinyError):
        read(text)


# -- what was found


@pytest.mark.parametrize("text", ["6\x1d", "\x1c6", "6\x1e", "\x1f6"])
def test_a_score_among_separators_is_refused(text: str) -> None:
    with pytest.raises(ScrutinyError):
        read_score(text)
