"""ally list, show, add, edit, merge, remove: the allies that the ledger knows."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from scrutiny.cli import complete
from scrutiny.cli.ledgers import changing, reading, say_undo, writing
from scrutiny.cli.options import DB, NAMED, Db, Format, Known, Output, Yes, argument, optional
from scrutiny.cli.present import present
from scrutiny.cli.shell import Group, called, confirmed, say
from scrutiny.cli.typed import typed
from scrutiny.core.allies import Ally
from scrutiny.core.names import key, slugify
from scrutiny.core.text import one_line
from scrutiny.errors import BadValue, ScrutinyError
from scrutiny.render import As

if TYPE_CHECKING:
    from scrutiny.store.ledger import Ledger

app = typer.Typer(cls=Group, add_completion=False, invoke_without_command=True, rich_markup_mode=None)

Name = Annotated[str, argument("ALLY", NAMED, complete.allies)]
Code = Annotated[str | None, optional("--code", "ABC", "ISO 3166 alpha-3 code.")]
Aliases = Annotated[list[str] | None, optional("--alias", "NAME", "Another name; may be repeated.")]
RestsOn = Annotated[str | None, optional("--line", "TEXT", "What the relationship rests on.")]
Stake = Annotated[float | None, optional("--stake", "N", "The principal's stake, against the other allies'.")]


@app.callback()
def root(ctx: typer.Context, db: Db = None) -> None:
    """List, show, add, edit, merge and remove the allies.

    Example: scrutiny ally list
    """
    DB.set(DB.get() if db is None else db)
    if ctx.invoked_subcommand is None:
        list_()


@app.command("list")
def list_(known: Known = None, format: Format = As.TABLE, output: Output = None, db: Db = None) -> None:
    """List the allies, each with how many signals it has.

    Example: scrutiny ally list
    """
    from scrutiny.reports.allies import allies

    with reading(db) as ledger:
        roster, counts = ledger.roster(), ledger.signal_counts()
    present(allies(roster.allies, counts, roster.principal), format, output)


@app.command()
def show(name: Name, known: Known = None, format: Format = As.TABLE, output: Output = None, db: Db = None) -> None:
    """Show one ally and all that finds it.

    Example: scrutiny ally show china
    """
    from scrutiny.reports.allies import ally

    with reading(db) as ledger:
        found, counts = ledger.roster().ally(name), ledger.signal_counts()
    present(ally(found, counts.get(found.slug, 0)), format, output)


@app.command()
def add(
    name: Annotated[str, argument("NAME", "The name to show.")],
    slug: Annotated[str | None, optional("--slug", "SLUG", "Its lasting short name.", default="from NAME")] = None,
    code: Code = None,
    alias: Aliases = None,
    line: RestsOn = None,
    stake: Stake = None,
    db: Db = None,
) -> None:
    """Add an ally; a state comes with its code and its other names.

    Example: scrutiny ally add "Wagner Group" --alias Wagner --line "Deniable force abroad"
    """
    name = one_line(name)
    if not (slug or slugify(name)):
        raise BadValue(f"no slug can be made of '{name}'", "give one in ASCII letters: --slug a-name")
    with writing(db) as ledger:
        known = ledger.roster().state(name) or Ally(slug=slug or slugify(name), name=name)
        made = replace(
            known,
            slug=slug or known.slug,
            code=code.upper() if code else known.code,
            aliases=(*known.aliases, *map(one_line, alias or ())),
            line=one_line(line or ""),
            stake=stake,
        )
        change = ledger.add_ally(made)
    say(f"added {called(made)}, known as {made.slug}")
    say_undo(change, db)
    say(f"log its first signal: {typed(f'log {made.slug}', db)} ACT SUMMARY")


@app.command()
def edit(
    name: Name,
    new_name: Annotated[str | None, optional("--name", "NAME", "The name to show.")] = None,
    code: Code = None,
    alias: Aliases = None,
    drop_alias: Annotated[list[str] | None, optional("--drop-alias", "NAME", "An alias to take away.")] = None,
    line: RestsOn = None,
    stake: Stake = None,
    no_stake: Annotated[bool, typer.Option("--no-stake", help="Take the stake away.")] = False,
    db: Db = None,
) -> None:
    """Edit an ally; its slug never changes.

    Example: scrutiny ally edit china --stake 5
    """

    def edited(old: Ally) -> Ally:
        dropped = {key(one) for one in drop_alias or ()}
        if missing := [one for one in drop_alias or () if key(one) not in map(key, old.aliases)]:
            raise BadValue(f"{old.name} has no alias '{missing[0]}'")
        new = replace(
            old,
            name=old.name if new_name is None else one_line(new_name),
            code=old.code if code is None else code.upper() or None,
            aliases=(*(one for one in old.aliases if key(one) not in dropped), *map(one_line, alias or ())),
            line=old.line if line is None else one_line(line),
            stake=None if no_stake else old.stake if stake is None else stake,
        )
        if new == old:
            raise BadValue("nothing is to be changed", "say what: --name, --code, --alias, --line, --stake")
        return new

    with writing(db) as ledger:
        change, ally = ledger.edit_ally(name, edited)
    say(f"{ally.slug}: {called(ally)} is changed")
    say_undo(change, db)


@app.command()
def merge(
    name: Name,
    into: Annotated[
        str, optional("--into", "ALLY", "The ally that its signals, notes and names go to.", complete.allies)
    ],
    yes: Yes = False,
    db: Db = None,
) -> None:
    """Merge an ally into another: its signals, its notes and all that finds it.

    What the other relationship rests on, and its stake, stay as they are.

    Example: scrutiny ally merge syria --into iran
    """
    with _standing(db) as ledger, ledger.rehearsed():
        _, old, keep, moved = ledger.merge_allies(name, into)
    if not confirmed(f"Merge {old.name} ({moved.said}) into {keep.name}?", yes):
        return
    with writing(db) as ledger:
        change, old, keep, moved = ledger.merge_allies(old.slug, keep.slug)
    say(f"merged {called(old)} into {called(keep)}: {moved.said}, names and aliases")
    say_undo(change, db)


@app.command()
def remove(name: Name, yes: Yes = False, db: Db = None) -> None:
    """Remove an ally that no signal and no note refers to.

    Example: scrutiny ally remove wagner-group
    """
    with _standing(db) as ledger, ledger.rehearsed():
        _, ally = ledger.remove_ally(name)
    if not confirmed(f"Remove {called(ally)}?", yes):
        return
    with writing(db) as ledger:
        change, ally = ledger.remove_ally(ally.slug)
    say(f"removed {called(ally)}")
    say_undo(change, db)


def _standing(db: str | None) -> "Ledger":
    """The ledger, which must be there."""
    ledger = changing(db)
    if ledger.absent:
        raise ScrutinyError("there is no ledger yet, and no ally in it")
    return ledger
