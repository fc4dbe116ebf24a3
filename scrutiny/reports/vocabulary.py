"""The coding vocabulary as a table, with an example of each act."""

from scrutiny.core.acts import ACTS, DEFAULTS, KIND_RULE, Kind
from scrutiny.view import Column, Form, Table, View, score

_COLUMNS = (
    Column("act", "act"),
    Column("kind", "kind"),
    Column("score", "score", Form.SCORE),
    Column("cameo", "CAMEO", drop=2),
    Column("means", "means", Form.PROSE),
    Column("example", "example", Form.PROSE, drop=1),
)


def vocabulary(kinds: tuple[Kind, ...] = ()) -> View:
    """Every act, or those of some kinds."""
    shown = [act for act in ACTS.values() if not kinds or act.kind in kinds]
    bare = ", ".join(f"{kind} {score(of)}" for kind, of in DEFAULTS.items())
    return View(
        title=f"{len(shown)} acts: the word after the ally, which fixes kind and score",
        tables=[Table("acts", _COLUMNS, [(a.word, a.kind, a.score, a.cameo, a.means, a.example) for a in shown])],
        notes=[
            "* our own convention, where CAMEO has no code that fits",
            f"A bare kind is legal too: {bare}.",
            f"Which kind? {KIND_RULE}",
        ],
    )
