"""The memo: an ally a paragraph, from what changed to what would change our mind."""

from collections.abc import Sequence
from datetime import date

from scrutiny.core.allies import Principal
from scrutiny.core.bridge import Step
from scrutiny.core.case import Case, unquoted
from scrutiny.core.confidence import turning
from scrutiny.core.filters import Question
from scrutiny.core.names import counted, possessive
from scrutiny.document import Block, Document, Items, Paragraph, Section, Span, named
from scrutiny.reports.judged import only
from scrutiny.reports.naming import dated
from scrutiny.reports.sentences import (
    how_confident,
    how_likely,
    led,
    none_logged,
    not_quoted,
    own_words,
    what_changed,
    why,
    without_news,
    would_change,
)

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
        Section(f"ally-{one.ally.slug}", one.ally.name, _paragraph(one, since, question, principal)) for one in news
    ]
    cited = {number for section in sections for number in named(section.blocks)}
    withheld = unquoted(signal for one in news if one.heard for signal in one.heard.known if signal.id in cited)
    rest = [without_news(quiet)] if quiet else [] if cases else [none_logged(question)]
    return Document(
        title or f"{possessive(principal.name)} allies: memo of {dated(question.as_of)}",
        about,
        [
            *sections,
            *([Section("rest", "The rest" if news else "Nothing new", [Paragraph(rest)])] if rest else []),
            Section("reading", "How to read this", [Paragraph([text]) for text in (WORDS, *not_quoted(withheld))]),
        ],
    )


def _paragraph(one: Case, since: date, question: Question, principal: Principal) -> list[Block]:
    """What is said of an ally in sentences."""
    t, changed = one.changed.now, one.changed
    if one.standing is None:
        return [Paragraph([none_logged(question)]), *own_words(one.noted)]
    said: list[Span] = led("What changed", what_changed(changed, since, question.as_of))
    if t is None or one.account is None:
        return [Paragraph(said), *_why(changed.bridge.steps), *own_words(one.noted)]
    said += led("How likely", how_likely(t, one.ally, question, principal))
    said += led("Confidence", *how_confident(one.account.standing.firm))
    said += led("What would change our mind", would_change(t, turning(t)))
    found: list[Block] = [Paragraph(said)]
    if changed.bridge.steps or not t.direction.is_said:
        return [*found, *_why(changed.bridge.steps), *own_words(one.noted)]
    window = f"Over the {counted(question.window, 'day')} since {dated(question.since)}"
    over = f"No signal came in since {dated(since)}. {window}:"
    return [*found, *_why(one.account.bridge().steps, over), *own_words(one.noted)]


def _why(steps: Sequence[Step], over: str = "") -> list[Block]:
    """The signals that moved it; nothing where there are none."""
    return [Paragraph(led("Why", over)), Items(why(steps, WHY))] if steps else []
