"""What explains published signals: the key to the grades, and the text that goes with the files."""

from collections.abc import Iterator
from datetime import date

from scrutiny.core.acts import KIND_RULE, Kind
from scrutiny.core.allies import RUSSIA, Principal, Roster
from scrutiny.core.filters import Filter
from scrutiny.core.grades import CREDIBILITY_SAID, RELIABILITY_SAID
from scrutiny.core.names import counted, possessive
from scrutiny.core.published import Published
from scrutiny.core.signals import CREDIBILITY, RELIABILITY, UNGRADED, Actor, Domain, Driver
from scrutiny.core.states import find_state
from scrutiny.document import Code, Document, Grid, Items, Paragraph, Section, Span, Strong
from scrutiny.view import Column, Form, Table, View

FILES = {
    "signals.csv": "the signals, a line each",
    "acts.csv": "the vocabulary: each act with its kind, its score, its CAMEO code, what it means, and an example",
    "grades.csv": "the grades: what each letter and digit means, and what it weighs",
    "README.md": "this text",
}
MEANS = {
    "uid": "what identifies the signal in every ledger",
    "date": "the day of the act, year-month-day",
    "ally": "the ally, by its short name, as listed above",
    "act": "the word of acts.csv for what was done, which fixes kind and score; empty where there is none",
    "actor": f"whose act it was: {', '.join(Actor)}",
    "kind": f"what the act does: {', '.join(Kind)}; {KIND_RULE.removesuffix('.')}",
    "score": "what it does to the relationship, from -10 to +10, never 0",
    "summary": "what happened",
    "domain": f"where the effect falls, if that was said: {', '.join(Domain)}",
    "driver": f"the force behind it, if that was said: {', '.join(Driver)}",
    "source": "the address of the report, or a citation",
    "grade": "how far the report can be trusted, as grades.csv says; empty where it was not graded",
    "origin": "desk for what an analyst logged or accepted, else the feed of machine-coded events that it came from",
    "event": "the uid of the feed's event that an analyst accepted as this signal",
}
SCALE = (
    "Scores are on the conflict and cooperation scale of Goldstein (A Conflict-Cooperation Scale for WEIS "
    "Events Data, Journal of Conflict Resolution 36, 1992), as CAMEO (Schrodt, Conflict and Mediation Event "
    "Observations, 2012) assigns it to its event codes. An act takes the score of the code that stands beside it "
    "in acts.csv. A * marks acts for which CAMEO has no code that fits: their scores are a convention of this "
    "vocabulary. An analyst may have scored a signal otherwise than its act does."
)
GRADES = (
    "A grade is the Admiralty code of a report: a letter for how reliable the source is, a digit for how "
    "credible the information is, as in B2. F and 6 say that it cannot be judged, not that it is bad. Where "
    "signals are averaged, one weighs what its letter weighs times what its digit weighs; without a grade it "
    "weighs {}. The weights are a convention, the values of MISP's admiralty-scale."
)
WITHHELD = (
    "Who recorded a signal and at what time, the analysts' notes, and signals marked private are never in a "
    "publication; nor is the event of a signal named where that event is marked private."
)
READING = (
    "The files are CSV in UTF-8 with a header, lines ending in a line feed. A text that a spreadsheet would run "
    "as a formula has one more ' before it. What follows takes that off again, and adds the signals to a ledger that "
    "follows {}, once each:"
)

_GRADES = (
    Column("part", "part"),
    Column("code", "code"),
    Column("means", "means", Form.PROSE),
    Column("weight", "weight", Form.NUMBER),
)


def grades() -> View:
    """The letters and digits of a grade, in words, with their weights."""
    parts = (("reliability", RELIABILITY_SAID, RELIABILITY), ("credibility", CREDIBILITY_SAID, CREDIBILITY))
    rows = [(part, code, means, weights[code] / 4) for part, said, weights in parts for code, means in said.items()]
    return View(title="The Admiralty code", tables=[Table("grades", _GRADES, rows)])


def readme(published: Published, roster: Roster, asked: Filter, known: date | None) -> Document:
    """What the files are, for whoever finds them; `known` is the day on which the ledger stood so, if not today."""
    of = roster.principal.name
    what = (
        f"A signal is one dated act or statement that shows how an ally of {of} stands towards it, or what sanctions "
        "do to their relationship, with its source and a grade. These are signals of a ledger that analysts keep "
        f"of {of} and its allies."
    )
    chosen = Items([Paragraph(one) for one in _asked(asked, roster, known)])
    return Document(
        f"Signals on {possessive(of)} allies",
        [],
        [
            Section("what", "What this is", [Paragraph([what]), Paragraph([_held(published)])]),
            Section("which", "Which signals", [chosen, *_allies(published, roster), Paragraph([WITHHELD])]),
            Section(
                "files",
                "What the files say",
                [
                    _named("The files", "file", FILES),
                    _named("The columns of signals.csv", "column", MEANS),
                    Paragraph([READING.format(of)]),
                    *map(Code, _commands(published, roster.principal)),
                ],
            ),
            Section("scores", "Where the scores come from", [Paragraph([SCALE])]),
            Section(
                "grades",
                "What a grade means",
                [Paragraph([GRADES.format(UNGRADED / 16)]), Grid("The Admiralty code", grades().tables[0])],
            ),
        ],
    )


def _held(published: Published) -> str:
    if not published.allies:
        return "There is no signal in it."
    first = min(ally.first for ally in published.allies.values())
    last = max(ally.last for ally in published.allies.values())
    return (
        f"It holds {counted(published.signals, 'signal')} on {counted(len(published.allies), 'ally', 'allies')}, "
        f"dated {first} to {last}."
    )


def _commands(published: Published, principal: Principal) -> Iterator[str]:
    """What is typed to bring the signals into a ledger; a new one follows Russia, and knows no ally but states."""
    if principal != RUSSIA:
        yield f"scrutiny setting principal {principal.code}"
    others = any(find_state(slug) is None for slug in published.allies)
    yield f"scrutiny import signals.csv{' --add-allies' if others else ''}"


def _asked(asked: Filter, roster: Roster, known: date | None) -> Iterator[list[Span]]:
    """What the signals were chosen by. An author or the number of an import is nobody else's business."""
    names = {ally.slug: ally.name for ally in roster.allies}
    any_of = {
        "Allies": [names[slug] for slug in asked.allies],
        "Kinds": asked.kinds,
        "Acts": ["none: scored without one"] if asked.no_act else asked.acts,
        "Actors": asked.actors,
        "Domains": asked.domains,
        "Drivers": asked.drivers,
        "Grades": asked.grades,
        "Origins": asked.origins,
        "From": [asked.since] if asked.since else [],
        "Up to": [asked.until] if asked.until else [],
        "Words in summary or source": asked.words,
        "Import": ["one file's"] if asked.batch is not None else [],
        "Author": ["one analyst's"] if asked.recorded_by else [],
        "Ledger": [f"as it stood on {known}"] if known else [],
    }
    said = {label: ", ".join(map(str, chosen)) for label, chosen in any_of.items() if chosen}
    for label, chosen in said.items():
        yield [Strong(label), f" {chosen}"]
    if not said:
        yield ["All that the ledger holds, but for what is always left out."]


def _allies(published: Published, roster: Roster) -> Iterator[Grid]:
    if not published.allies:
        return
    names = {ally.slug: ally.name for ally in roster.allies}
    columns = (
        Column("ally", "ally"),
        Column("name", "name", Form.NAME),
        Column("signals", "signals", Form.NUMBER),
        Column("first", "first"),
        Column("last", "last"),
    )
    rows = [(slug, names[slug], ally.signals, ally.first, ally.last) for slug, ally in published.allies.items()]
    yield Grid("The allies", Table("allies", columns, rows))


def _named(caption: str, what: str, said: dict[str, str]) -> Grid:
    columns = Column("name", what), Column("means", "what it says", Form.PROSE)
    return Grid(caption, Table("named", columns, list(said.items())))
