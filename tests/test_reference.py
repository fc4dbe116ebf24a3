"""The reference of the commands, docs/commands.md, says what the program's own help says.

`python -m tests.test_reference` writes it anew.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer
import typer.main

from scrutiny.cli import app
from scrutiny.cli.commands import COMMANDS
from scrutiny.render.to_markdown import escaped

REFERENCE = Path(__file__).parent.parent / "docs" / "commands.md"
SHARED = ("--as-of", "--window", "--origin", "--by", "--known", "--format", "--output", "--db", "--help")
HEAD = "What `--help` says of each command, written from the program by `python -m tests.test_reference`."
HEAD_OF_SHARED = "Many commands take these and mean the same by them; each says below which it takes."
BLOCK, EXAMPLE = "\b\n", "Example: "  # how paragraphs of a help text begin that are to be typed


@dataclass(frozen=True)
class Entry:
    """An argument, or an option of that name: how it is written and what it means."""

    written: str
    means: str
    name: str = ""

    def __str__(self) -> str:
        return f"- `{self.written}`: {self.means}"


@dataclass(frozen=True)
class Section:
    """A command as its help describes it."""

    path: str
    usage: str
    paragraphs: Sequence[str]
    entries: Sequence[Entry]

    @property
    def depth(self) -> int:
        """0 for the program itself, 1 for a command, 2 for one of a group."""
        return self.path.count(" ")


def reference(found: Sequence[Section]) -> str:
    """The whole file."""
    shared = _shared(found)
    parts = [
        "# Commands",
        HEAD,
        "\n".join(map(_linked, found[1:])),
        "## Shared options",
        HEAD_OF_SHARED,
        "\n".join(map(str, shared)),
    ]
    return "\n\n".join([*parts, *(part for one in found for part in _described(one, shared))]) + "\n"


def sections() -> list[Section]:
    """The program itself, then every command, a group before those in it."""
    return list(_within("scrutiny", typer.main.get_command(app), None))


def _within(name: str, command: Any, above: Any) -> Iterator[Section]:
    context = typer.Context(command, parent=above, info_name=name, **command.context_settings)
    yield Section(
        context.command_path,
        " ".join([context.command_path, *command.collect_usage_pieces(context)]),
        command.help.split("\n\n"),
        [_entry(parameter, context) for parameter in command.get_params(context)],
    )
    for below in getattr(command, "list_commands", lambda _: ())(context):
        yield from _within(below, command.get_command(context, below), context)


def _entry(parameter: Any, context: Any) -> Entry:
    written, told = parameter.get_help_record(context)
    said, _, bounds = told.removesuffix("]").partition("  [")
    means = " ".join([escaped(said), *map(_bound, bounds.split("; ") if bounds else ())])
    if parameter.param_type_name == "argument":  # its record names a type of Python's as well
        return Entry(parameter.metavar, means)
    return Entry(written, means, max(parameter.opts, key=len))


def _bound(text: str) -> str:
    """What the help puts in brackets, as a sentence."""
    if default := re.fullmatch(r"default: \(?(.*?)\)?", text):
        return f"Default: {escaped(default[1])}."
    if limits := re.fullmatch(r"(\d+)<=x<=(\d+)", text):
        return f"Between {limits[1]} and {int(limits[2]):,}."
    return f"{text.capitalize()}."


def _shared(found: Sequence[Section]) -> list[Entry]:
    """What the shared options mean most often; a command that means something else says so itself."""
    often = Counter(entry for one in found for entry in one.entries).most_common()
    return [next(entry for entry, _ in often if entry.name == name) for name in SHARED]


def _linked(one: Section) -> str:
    link = one.path.replace(" ", "-")
    return f"{'  ' * (one.depth - 1)}- [`{one.path}`](#{link}): {escaped(one.paragraphs[0])}"


def _described(one: Section, shared: Sequence[Entry]) -> Iterator[str]:
    first, *others = one.paragraphs
    yield f"{'###' if one.depth > 1 else '##'} {one.path}"
    yield escaped(first)
    yield f"```text\n{one.usage}\n```"
    yield from map(_paragraph, others)
    if own := [str(entry) for entry in one.entries if entry not in shared]:
        yield "\n".join(own)
    yield f"[Shared](#shared-options): {', '.join(f'`{entry.name}`' for entry in one.entries if entry in shared)}"


def _paragraph(text: str) -> str:
    if text.startswith(EXAMPLE):
        return "```sh\n{}\n```".format(" ".join(text.removeprefix(EXAMPLE).splitlines()))
    if text.startswith(BLOCK):
        return "```sh\n{}\n```".format("\n".join(line.strip() for line in text.removeprefix(BLOCK).splitlines()))
    return "\n".join(map(escaped, text.splitlines()))


def test_the_reference_is_what_the_program_says_now() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == reference(sections())


def test_the_reference_has_every_command_and_every_option() -> None:
    found, text = sections(), REFERENCE.read_text(encoding="utf-8")
    assert [one.path.split()[1] for one in found if one.depth == 1] == list(COMMANDS)
    assert {entry.written for one in found for entry in one.entries if f"- `{entry.written}`: " not in text} == set()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("default: (by the file's name)", "Default: by the file's name."),
        ("default: 90", "Default: 90."),
        ("0<=x<=1000000000", "Between 0 and 1,000,000,000."),
        ("required", "Required."),
    ],
)
def test_what_the_help_puts_in_brackets_becomes_a_sentence(said: str, sentence: str) -> None:
    assert _bound(said) == sentence


def test_a_command_that_means_something_else_by_a_shared_option_says_so() -> None:
    found = sections()
    told = {one.path: [str(entry) for entry in one.entries if entry not in _shared(found)] for one in found}
    assert "- `--by ACTOR`: ally, principal or third." in told["scrutiny list"]
    assert not [entry for entry in told["scrutiny summary"] if "--by" in entry]


if __name__ == "__main__":
    REFERENCE.write_text(reference(sections()), encoding="utf-8")
