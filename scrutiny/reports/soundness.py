"""Whether a ledger is sound, in words."""

from collections.abc import Sequence

from scrutiny.core.names import counted
from scrutiny.view import Column, Form, Line, Table, View, Where

SHOWN = 10  # signals named on a screen; JSON has all

_COLUMNS = (
    Column("problem", "what is wrong", Form.PROSE),
    Column("signals", where=Where.DATA),
    Column("touched", "signals", Form.NAME, Where.SCREEN),
)


def soundness(
    place: str, problems: Sequence[tuple[str, tuple[int, ...]]], signals: int, changes: int, *, can_mend: bool = False
) -> View:
    """What is wrong, each with the signals that it touches, and how to mend what can be; counts where nothing is."""
    rows = [(what, list(numbers), _named(numbers)) for what, numbers in problems]
    held = f"{counted(signals, 'signal')} and {counted(changes, 'change')}, every one as it must be"
    return View(
        title=f"{place} is {'not sound' if problems else 'sound'}",
        facts={"ledger": place, "sound": not problems, "checked": {"signals": signals, "changes": changes}},
        lines=[] if problems else [Line("Checked", held)],
        tables=[Table("problems", _COLUMNS, rows)],
        notes=["next: db check --mend"] if can_mend else (),
    )


def _named(numbers: Sequence[int]) -> str:
    more = f" and {len(numbers) - SHOWN:,} more" if len(numbers) > SHOWN else ""
    return ", ".join(f"#{number}" for number in numbers[:SHOWN]) + more
