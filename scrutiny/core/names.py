"""Names compared as people mean them: without case, accents, articles or punctuation."""

import re

from scrutiny.core.text import folded


def key(name: str) -> str:
    """What two spellings of one name have in common; empty for a name without letters."""
    words = folded(name.replace("'", "").replace("’", "").replace(".", "")).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def slugify(name: str) -> str:
    """The name as a slug of ASCII letters, digits and hyphens; empty where it has none."""
    return re.sub(r"[^a-z0-9]+", "-", key(name)).strip("-")


def possessive(name: str) -> str:
    """Russia's, the Philippines'."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def with_article(noun: str) -> str:
    """A grade, an actor."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """1 signal, 1,234 signals."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
