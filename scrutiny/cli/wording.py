"""What words and long options say together, in the commands that take both."""

from collections.abc import Iterable

from scrutiny.cli.options import actor, day, today
from scrutiny.core.entry import together
from scrutiny.core.near import member
from scrutiny.core.signals import Domain, Driver, Grade
from scrutiny.core.text import checked, one_line
from scrutiny.core.words import Words, read


def worded(
    words: Iterable[str],
    *,
    on: str | None,
    grade: str | None,
    source: str | None,
    domain: str | None,
    driver: str | None,
    by: str | None,
) -> Words:
    """What they say; BadValue where one cannot be read, or both say the same thing."""
    options = Words(
        grade=None if grade is None else Grade.read(grade),
        happened_on=day(on),
        source=None if source is None else checked(one_line(source), "source"),
        domain=None if domain is None else member(Domain, domain, "domain"),
        driver=None if driver is None else member(Driver, driver, "driver"),
        actor=actor(by),
    )
    return together(read(words, today()), options)
