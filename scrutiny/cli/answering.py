"""What is said of signals that were written: each in a line, and what they may repeat."""

from collections.abc import Mapping, Sequence
from datetime import date

from scrutiny.cli.options import today
from scrutiny.cli.shell import say
from scrutiny.core.signals import Signal
from scrutiny.view import score as points_text

REPEATS = 3  # likely repeats that a warning names


def answer(signals: Sequence[Signal], names: Mapping[str, str]) -> None:
    """Says what was written; `names` are the allies' by slug."""
    shown = [names[signal.ally] for signal in signals]
    if len(shown) > 1:
        from scrutiny.render.columns import padded  # 10 ms, which one signal need not pay

        shown = padded(shown)
    for signal, name in zip(signals, shown, strict=True):
        scored = f"{signal.kind} {points_text(signal.score)}" + (f" ({signal.act})" if signal.act else "")
        on = f"{signal.happened_on:%a} {signal.happened_on}"
        say(f"#{signal.id} {name}  {scored}  {on}  {signal.grade or 'no grade'}")


def warn(written: Signal, repeats: Sequence[Signal]) -> None:
    """Says what may be wrong with it: a day to come, and signals that it may repeat."""
    warn_of_future(written.happened_on)
    for one in repeats[:REPEATS]:
        same = "summary" if one.summary == written.summary else "source"
        say(f"warning: #{one.id} has the same ally, date and {same}: {one.summary}")
    if len(repeats) > REPEATS:
        say(f"warning: and {len(repeats) - REPEATS:,} more")


def warn_of_future(on: date) -> None:
    """Says of a day to come that it is one."""
    if on > today():
        say(f"warning: {on} is in the future")
