"""Editing a signal: what one command says otherwise, made into the signal as it then is."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from scrutiny.core.acts import ACTS, Kind
from scrutiny.core.allies import Ally, Roster
from scrutiny.core.entry import read_act, read_summary
from scrutiny.core.names import with_article
from scrutiny.core.signals import Signal, scored
from scrutiny.core.words import Words
from scrutiny.errors import BadValue

CLEARABLE = ("act", "domain", "driver", "source", "grade")


@dataclass(frozen=True, slots=True)
class Amendment:
    """What one edit says otherwise; None or empty where it leaves things as they are. Ally and act are as typed."""

    said: Words
    ally: str | None = None
    act: str | None = None
    kind: Kind | None = None
    score: float | None = None
    summary: str | None = None
    private: bool | None = None
    clear: Collection[str] = ()

    def __post_init__(self) -> None:
        for part in self.clear:
            if getattr(self if part == "act" else self.said, part) is not None:
                raise BadValue(f"{with_article(part)} is given and cleared; choose")

    def of(self, signal: Signal, known: Roster) -> tuple[Signal, Ally | None]:
        """The signal as it then is, and its ally where that is another; BadValue for what cannot be."""
        ally = None if self.ally is None else known.ally_or_state(self.ally)
        act, kind, score = self._scored(signal)
        said = self.said
        changed: dict[str, Any] = {
            "happened_on": said.happened_on,
            "actor": said.actor,
            "domain": said.domain,
            "driver": said.driver,
            "source": said.source,
            "grade": said.grade,
            "summary": None if self.summary is None else read_summary(self.summary),
            "private": self.private,
            "ally": ally and ally.slug,
        }
        given = {part: value for part, value in changed.items() if value is not None}
        cleared: dict[str, Any] = dict.fromkeys(part for part in self.clear if part != "act")
        return replace(signal, act=act, kind=kind, score=score, **cleared | given), ally

    def _scored(self, signal: Signal) -> tuple[str | None, Kind, float]:
        """A new act sets kind and score anew; without one they stay but for what is given."""
        if self.act is not None:
            word, of = read_act(self.act)
            if of and self.kind and of is not self.kind:
                raise BadValue(f"--act {of} and --kind {self.kind} disagree")
            return word, *scored(ACTS[word] if word else None, of or self.kind, self.score)
        word = None if "act" in self.clear else signal.act
        if word and self.kind not in (None, signal.kind):
            raise BadValue(
                f"the act '{word}' is {signal.kind}, not {self.kind}", "give another with --act, or --clear act"
            )
        score = signal.score if self.score is None else self.score
        return word, *scored(ACTS[word] if word else None, self.kind or signal.kind, score)


def clearable(text: str) -> str:
    """A part that can be cleared; BadValue names those that can."""
    if text.casefold() not in CLEARABLE:
        raise BadValue(f"no part '{text}' that can be cleared; these can: {', '.join(CLEARABLE)}")
    return text.casefold()
