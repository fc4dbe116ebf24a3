"""What takes minutes: the long forms of what the suite tries briefly."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Done:
    """What was tried, in figures, and what was found wrong with it; nothing, where all is well."""

    what: str
    figures: str
    findings: tuple[str, ...] = ()
