"""The one place where errors become words on stderr and an exit code."""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from typer.core import TyperGroup

from scrutiny.cli.commands import COMMANDS
from scrutiny.cli.typed import typed
from scrutiny.core.near import nearest, said_near
from scrutiny.core.text import inert, shortened
from scrutiny.errors import BadValue, ScrutinyError

if TYPE_CHECKING:
    from scrutiny.core.allies import Ally

INTERRUPTED = 130
PLAINLY = {  # how the parser's library speaks, and how people do
    "Value error, ": "",
    "Input should be a valid (integer|number), unable to parse string as an? (integer|number)": r"it is no \1",
    "Input should": "it should",
}
USAGE = 2
_COMMAND = re.compile(r"\bscrutiny ([a-z]+)(?= |$)")  # in a hint, which is to be typed


def say(text: str) -> None:
    """Says something about the work, on stderr; text from the web cannot steer the terminal."""
    with suppress(OSError):  # nobody listens, but the work goes on
        typer.echo(inert(text), err=True)


def say_new(allies: "Iterable[Ally]") -> None:
    """Says which allies the ledger has met for the first time."""
    for ally in allies:
        say(f"note: {called(ally)} is new here and was added to the allies")


def confirmed(question: str, yes: bool) -> bool:
    """Whether the analyst agrees; nobody is asked where --yes is given or nobody sits at a terminal."""
    if yes or not sys.stdin.isatty():
        return True
    if typer.confirm(inert(question), err=True):
        return True
    say("nothing was changed")
    return False


def called(ally: "Ally") -> str:
    """An ally's name, with its code where it has one."""
    return f"{ally.name} ({ally.code})" if ally.code else ally.name


class Group(TyperGroup):
    """Commands under one name."""

    def resolve_command(self, ctx: typer.Context, args: list[str]) -> Any:  # type: ignore[override]  # Typer's own
        """The command that the arguments begin with; BadValue names the nearest ones."""
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-") and not ctx.resilient_parsing:
            near = said_near(nearest(args[0], known))
            raise BadValue(f"no command '{args[0]}'{near}", f"see: {ctx.command_path} --help")
        return super().resolve_command(ctx, args)


class Shell(Group):
    """The program's commands, run so that nobody meets a traceback for what a person can cause."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # Typer's name for its own
        """The commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]  # as above
        """The command of that name, loaded now."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            self.commands[cmd_name] = COMMANDS[cmd_name].load(cmd_name)
            if ctx.resilient_parsing:
                _take_as_typed(self.commands[cmd_name], ctx)
        return self.commands.get(cmd_name)

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # as above
        """Reads the options that stand before the command."""
        if ctx.resilient_parsing:
            _take_as_typed(self, ctx)
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]  # as above
        """The list of commands, none of them loaded."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.help) for name, command in COMMANDS.items()])

    def make_context(self, *args: Any, **given: Any) -> Any:
        """Reads the arguments, and shows help where they ask for it."""
        with _reader_may_leave():
            return super().make_context(*args, **given)

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # as above
        """Runs the command."""
        with _reader_may_leave():
            found = super().invoke(ctx)
            sys.stdout.flush()
            return found

    def main(  # type: ignore[override]  # typer's own signature, whose other arguments are handed on
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        """Runs the command and exits with its code."""
        extra["standalone_mode"] = False
        try:
            code = super().main(args=args, prog_name=prog_name, **extra)
        except ScrutinyError as error:
            sys.exit(_refused(error.message, error.hint, error.exit_code))
        except typer.TyperException as error:
            sys.exit(_misused(error))
        except typer.Abort:
            say("")
            sys.exit(INTERRUPTED)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            sys.exit(_refused(f"{where}{error.strerror or error}", None, 1))
        sys.exit(code if isinstance(code, int) else 0)


@contextmanager
def _reader_may_leave() -> Iterator[None]:
    """A reader of stdout that has gone away ends the command quietly: nothing is wrong."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def _take_as_typed(command: Any, ctx: typer.Context) -> None:
    """Leaves a command's values unread while the shell completes: reading them loads pydantic, 100 ms a key press."""
    for parameter in command.get_params(ctx):  # --help among them
        parameter.process_value = lambda _ctx, value: value
    for one in getattr(command, "commands", {}).values():
        _take_as_typed(one, ctx)


def _refused(message: str, hint: str | None, code: int) -> int:
    say(f"error: {shortened(message)}")
    if hint:
        say(f"hint: {shortened(_COMMAND.sub(lambda found: typed(found[1], None), hint))}")
    return code


def _misused(error: typer.TyperException) -> int:
    """What the parser refuses, in this program's manner."""
    message = error.format_message().rstrip(".")
    for jargon, plain in PLAINLY.items():
        message = re.sub(jargon, plain, message)
    context = getattr(error, "ctx", None)
    hint = f"see: {context.command_path} --help" if context else None
    option = str(getattr(error, "option_name", ""))
    if option.lstrip("-+").replace(".", "").isdigit() and context and context.command_path.endswith(" log"):
        hint = f"a score is given as --score {option}; a text that begins with - comes after --"
    return _refused(message[:1].lower() + message[1:], hint, USAGE)
