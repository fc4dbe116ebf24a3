"""Sentences built from an ally's figures, which a memo and a report share.

How likely something is and how much that owes to any one signal never share a sentence (ICD 203).
"""

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date

from scrutiny.core.allies import Ally, Principal
from scrutiny.core.bridge import Step
from scrutiny.core.changed import Changed
from scrutiny.core.confidence import Firmness, Turning
from scrutiny.core.filters import Question
from scrutiny.core.judge import Direction
from scrutiny.core.likelihood import likelihood, percent
from scrutiny.core.names import counted, possessive
from scrutiny.core.notes import Noted
from scrutiny.core.signals import DESK, Signal
from scrutiny.core.trend import Trend
from scrutiny.document import Block, Paragraph, Quote, Ref, Span, Strong, source
from scrutiny.reports import doubt
from scrutiny.reports.judged import has_no_before
from scrutiny.reports.naming import dated
from scrutiny.reports.notes import modelled
from scrutiny.view import level, part, score

_NUMBERED = re.compile(r"#([0-9]+)")
_PERFECT = {Direction.STRENGTHENING: "strengthened", Direction.WEAKENING: "weakened"}
_CLOSING = "\"'”’»)]"  # what may stand behind the end of a sentence


def what_changed(one: Changed, since: date, until: date) -> str:
    """From which level to which, by what, and whether the direction turned."""
    name, then, now = one.ally.name, one.then, one.now
    if now is None:
        return f"{name} has no level: no signal up to {dated(until)} weighs anything by its grade."
    said = [_moved(name, then, now, since, until), *_by_what(one)]
    if one.turned:
        said.append(_turned(then, now))
    return " ".join(said)


def _moved(name: str, then: Trend | None, now: Trend, since: date, until: date) -> str:
    if then is None:
        return f"{name} had no level on {dated(since)}; on {dated(until)} it is {level(now.level)}."
    before, after = level(then.level), level(now.level)
    if before == after:
        return f"{possessive(name)} level stayed at {after} from {dated(since)} to {dated(until)}."
    way = "rose" if now.level > then.level else "fell"
    return f"{possessive(name)} level {way} from {before} on {dated(since)} to {after} on {dated(until)}."


def _by_what(one: Changed) -> list[str]:
    """What the signals did and what the passing of time did; together the whole move."""
    time = f"the passing of time moved it by {part(one.bridge.time)}"
    if not one.signals:
        return [f"No signal came in; {time}."] if one.then else []
    by = math.fsum(step.moved for step in one.bridge.steps)
    and_time = f", the passing of time by {part(one.bridge.time)}" if one.then else ""
    return [f"{counted(one.signals, 'signal')} moved it by {part(by)}{and_time}."]


def _turned(then: Trend | None, now: Trend) -> str:
    is_now = f"is {now.direction} now" if now.direction.is_said else "has no clear direction now"
    return f"It {_was(then)} and {is_now}." if then else f"It {is_now}."


def _was(then: Trend) -> str:
    """What was said of its direction then."""
    if then.direction.is_said:
        return f"was {then.direction} then"
    if has_no_before(then):
        return "had nothing to compare with then"
    said = {Direction.UNCLEAR: "no clear direction", Direction.NO_NEWS: "no news"}
    return f"had {said.get(then.direction, 'too few signals for a direction')} then"


def how_likely(t: Trend, ally: Ally, question: Question, principal: Principal) -> str:
    """How likely the ally is on the principal's side, and how likely it moved over the window."""
    side = _likely(t.p_positive, f"{ally.name} is on {possessive(principal.name)} side")
    if t.p_direction is not None:
        moved = f"the relationship has {_PERFECT[t.direction]} since {dated(question.since)}"
        return f"{side} {_likely(t.p_direction, moved)}"
    return f"{side} {_no_direction(t, question)}"


def _likely(probability: float, what: str) -> str:
    """It is likely (66%) that something is so."""
    word, shown = likelihood(probability), percent(probability)
    if word.endswith("chance"):
        return f"There is {'a ' if word.startswith('roughly') else ''}{word} ({shown}%) that {what}."
    return f"It is {word} ({shown}%) that {what}."


def _no_direction(t: Trend, question: Question) -> str:
    window = counted(question.window, "day")
    if t.direction is Direction.NO_NEWS:
        quiet = counted((question.as_of - t.last).days, "day")
        return f"There has been no news for {quiet}, and silence is not movement."
    if has_no_before(t):
        return f"There is no signal up to {dated(question.since)} to compare with, so no direction is said."
    if t.direction is Direction.TOO_FEW:
        return f"There are too few signals to say whether it moved over the last {window}."
    return f"Over the last {window} it has no clear direction."


def how_confident(firm: Firmness | None) -> list[Span]:
    """How firmly the direction stands, and on which signals it hangs."""
    lines = doubt.confidence(firm)
    if not lines:
        return ["None is stated, since no direction is."]
    return cited(f"It is {lines[0].text}.")


def would_change(t: Trend, turn: Turning | None) -> str:
    """What one more signal would have to say."""
    if turn is None:
        why = "none from before the window to compare with" if has_no_before(t) else "too few of them"
        return f"No one more signal can give it a direction while there are {why}."
    on = dated(t.as_of)
    if not t.direction.is_said:
        ways = ((turn.up, "strengthening"), (turn.down, "weakening"))
        made = [f"at {score(at)} would already make it {way}" for at, way in ways if at is not None]
        if not made:
            return f"No single B1 signal on {on} would give it a direction."
        return f"One more B1 signal on {on} {', one '.join(made)}."
    other = turn.down if t.direction is Direction.STRENGTHENING else turn.up
    turns = "none would turn it" if other is None else f"one at {score(other)} would turn it"
    if turn.ends is None:
        return f"No single B1 signal on {on} would take the direction away."
    return f"One more B1 signal at {score(turn.ends)} on {on} would already take the direction away; {turns}."


def why(steps: Iterable[Step], most: int) -> list[Paragraph]:
    """The signals that moved the level most, largest first, each with its date, grade and source."""
    moving = sorted(steps, key=lambda step: (-abs(step.moved), step.signal.happened_on, step.signal.uid))
    found = [Paragraph(_step(step)) for step in moving[:most]]
    if rest := moving[most:]:
        by = f"{'together ' if len(rest) > 1 else ''}{part(math.fsum(step.moved for step in rest))}"
        found.append(Paragraph([f"{counted(len(rest), 'other')}, {by}."]))
    return found


def _step(step: Step) -> list[Span]:
    moved = f"moved it by {part(step.moved)}" if step.signal.sixteenths else "weighs nothing by its grade"
    return [*_signal(step.signal), f", {moved}: {ended(step.signal.summary)}", *_from(step.signal)]


def _signal(one: Signal) -> list[Span]:
    """#90, 20 May 2026, joint +5.0, graded C2."""
    graded = f"graded {one.grade}" if one.grade else "ungraded"
    number: list[Span] = [] if one.id is None else [Ref(one.id), ", "]
    return [*number, f"{dated(one.happened_on)}, {one.word} {score(one.score)}, {graded}"]


def _from(one: Signal) -> list[Span]:
    found = source(one.source)
    return [] if found is None else [" ", found] if not isinstance(found, str) else [f" {ended(found)}"]


def ended(text: str) -> str:
    """The text, ended as a sentence is."""
    return text if text.rstrip(_CLOSING)[-1:] in tuple(".!?…") else f"{text}."


def _assessment(noted: Noted) -> Quote:
    """The analyst's own words, and what the model says of that day."""
    note = noted.note
    return Quote(note.text, f"{note.author}, {dated(note.noted_on)} · {modelled(noted.trend)}")


def own_words(noted: Noted | None) -> list[Block]:
    """The latest note, if there is one, under words that lead it."""
    return [] if noted is None else [Paragraph(led("In our own words")), _assessment(noted)]


def led(lead: str, *spans: Span) -> list[Span]:
    """A sentence with the words that lead it."""
    return [Strong(f"{lead}."), " ", *spans, " "]


def cited(text: str) -> list[Span]:
    """Words of our own in which signals are named by number, each as one that is cited."""
    found: list[Span] = []
    for at, piece in enumerate(_NUMBERED.split(text)):
        found.append(Ref(int(piece)) if at % 2 else piece)
    return [piece for piece in found if piece != ""]


def without_news(quiet: Sequence[Changed]) -> str:
    """The allies of which there is nothing new, each with its level."""
    named = ", ".join(f"{one.ally.name} {level(one.now.level) if one.now else '(no level)'}" for one in quiet)
    return f"No news of {named}."


def not_quoted(withheld: int) -> list[str]:
    """What is said of signals whose words are not shown; nothing where there are none."""
    if not withheld:
        return []
    are = "is" if withheld == 1 else "are"
    return [f"{counted(withheld, 'signal')} {are} private: counted in every figure, but not quoted."]


def none_logged(question: Question) -> str:
    """That there is no signal of those that were asked about."""
    such = "" if question.origin == DESK and question.by is None else "such "
    return f"No {such}signal is logged up to this day."
