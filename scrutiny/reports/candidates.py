"""Feed events worth reading up, as a list."""

from collections.abc import Mapping, Sequence

from scrutiny.core.events import Candidate
from scrutiny.core.names import counted
from scrutiny.reports.signals import with_more
from scrutiny.view import Column, Form, View, Where

NEXT = "days on which the desk has nothing first, then by |score| x mentions · next: show ID, accept ID [ACT] [WORDS]"
BRING = "no feed events yet; they come with: import FILE --format gdelt"
_MORE = (
    Column("mentions", "mentions", Form.NUMBER),
    Column("cameo", where=Where.DATA),
    Column("desk", "desk", Form.NUMBER, drop=4),
    Column("feed", "feed", where=Where.SCREEN, drop=5),
    Column("read", "source", where=Where.SCREEN, drop=6),
)
_QUIET = ("grade", "domain", "driver")


def candidates(found: Sequence[Candidate], names: Mapping[str, str], *, has_feeds: bool) -> View:
    """Candidates in their order; `names` are the allies' by slug, `has_feeds` whether there is any feed event."""
    events = [one.event for one in found]
    more = [(one.mentions, one.cameo, of.desk, one.origin, one.source) for of, one in zip(found, events, strict=True)]
    return View(
        title=counted(len(found), "candidate"),
        tables=[with_more("candidates", events, names, _MORE, more, _QUIET)],
        notes=[NEXT] if found else () if has_feeds else [BRING],
    )
