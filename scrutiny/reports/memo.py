"""The memo: an ally a paragraph, from what changed to what would change our mind."""

from collections.abc import Sequence
from datetime import date

from scrutiny.core.allies import Principal
from scrutiny.core.case import Case, unquoted
from scrutiny.core.confidence import turning
from scrutiny.core.filters import Question
from scrutiny.core.names import counted, possessive
from scrutiny.document import Block, Document, Items, Paragraph, Section, Span, named
from scrutiny.reports import sentences
from scrutiny.reports.judged import dated, only
from scrutiny.reports.sentences import led, none_logged, without_news

WHY = 5  # signals cited an ally
WORDS = (
    "Likelihoods are said in the words of ICD 203. Levels run from -10 (rupture) to +10 (alliance); a level lies in "
    "its band nine times of ten. Grades are Admiralty codes of the report: the source's reliability A to F, the "
    "information's credibility 1 to 6."
)


def memo(
    cases: Sequence[Case],
    since: date,
    question: Question,
    principal: Principal,
    *,
    title: str | None = None,
    author: str | None = None,
) -> Document:
    """The document of allies with news since a day, strongest move first."""
    news = [one for one in cases if one.is_news_since(since)]
    news.sort(key=lambda one: (-abs(one.changed.moved), one.ally.name))
    quiet = [one.changed for one in cases if not one.is_news_since(since)]
    period = f"{dated(since)} to {dated(question.as_of)}"
    about = [f"What changed from {period}{only(question, principal)}", *([author] if author else [])]
    sections = [
        Section(f"ally-{one.ally.slug}", one.ally.name, paragraph(one, since, question, principal)) for one in news
    ]
    cited = {number for section in sections for number in named(section.blocks)}
    withheld = unquoted(signal for one in news for signal in one.signals if signal.id in cited)
    rest = [without_news(quiet)] if quiet else [] if cases else [none_logged(question)]
    return Document(
        title or f"{possessive(principal.name)} allies: memo of {dated(question.as_of)}",
        about,
        [
            *sections,
            *([Section("rest", "The rest" if news else "Nothing new", [Paragraph(rest)])] if rest else []),
            Section("reading", "How to read this", [Paragraph([text]) for text in (WORDS, *private(withheld))]),
        ],
    )


def paragraph(one: Case, since: date, question: Question, principal: Principal) -> list[Block]:
    """What is said of an ally in sentences."""
    t, changed = one.changed.now, one.changed
    said: list[Span] = led("What changed", sentences.what_changed(changed, since, question.as_of))
    if t is None or one.account is None:
        return [Paragraph(said), *_own_words(one)]
    said += led("How likely", sentences.how_likely(t, one.ally, question, principal))
    said += led("Confidence", *sentences.how_confident(one.account.standing.firm))
    said += led("What would change our mind", sentences.would_change(t, turning(t)))
    found: list[Block] = [Paragraph(said)]
    if steps := changed.bridge.steps:
        found += [Paragraph(led("Why")), Items(sentences.why(steps, WHY))]
    elif t.direction.is_said:
        over = (
            f"No signal came in since {dated(since)}. Over the {question.window} days since {dated(question.since)}:"
        )
        found += [Paragraph(led("Why", over)), Items(sentences.why(one.account.bridge().steps, WHY))]
    return [*found, *_own_words(one)]


def private(withheld: int) -> list[str]:
    """What is said of signals whose words are not shown; nothing where there are none."""
    if not withheld:
        return []
    are = "is" if withheld == 1 else "are"
    return [f"{counted(withheld, 'signal')} {are} private: counted in every figure, but not quoted."]


def _own_words(one: Case) -> list[Block]:
    if one.noted is None:
        return []
    return [Paragraph(led("In our own words")), sentences.assessment(one.noted)]
