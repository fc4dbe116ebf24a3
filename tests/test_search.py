"""Search finds the same signals in every store, and those that its plain definition means."""

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import psycopg
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from scrutiny.core.allies import Roster
from scrutiny.core.filters import Filter
from scrutiny.core.signals import Signal
from scrutiny.core.text import folded
from scrutiny.store import search
from scrutiny.store.engines import postgresql, sqlite
from scrutiny.store.ledger import COUNTED, Ledger
from scrutiny.store.opening import open_ledger
from tests.conftest import Clock, Ran, Run, run_program
from tests.feeds import signal
from tests.stores import SORTING

SEED = 20260521
TEXTS = 240  # of which some come by import, some one by one
THEN, LATER = datetime(2026, 5, 1, 9, tzinfo=UTC), datetime(2026, 5, 2, 9, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2026, 2, 9)  # days of the signals
NEWEST = 3  # signals asked for at most, where a limit is

WORDS = """
energy Energía ENERGIE énergie gas gasoline oil a b ab abc 1 12 123 2026-02-24 3.5% B2 Straße
STRASSE strasse GROẞ ﬁne fine İstanbul istanbul ıstanbul ΟΔΥΣΣΕΎΣ Ὀδυσσεύς Ёлка елка привет
مرحبا ﷺ שלום 中国 中 国家 日本語テスト ﾃｽﾄ テスト 한국 हिन्दी ไทย １２３ ½ ² ⅷ viii ǆ 𝔘𝔫 𐐀𐐨
👍 👩‍👩‍👧 🇨🇳 e\u0301 o\u0308 \u0301 don't rock'n'roll O'Neil "quoted" «quoted» C:\\path \\' \\ % _ a_b a%b
AND OR NOT NEAR NEAR(a and or not near * ^ a* ^a - + ( ) { } [ ] : a:b words: words:a rowid rank & | ! <-> a<->b :*
a:* 'a':* '' '' "" ; -- /* */ $1 $$ :asked ? %s {0} . , … — ... https://tass.com/x?a=1&b=%20 null NULL true
""".split()
LONG = [letter * length for letter in ("x", "é", "ß", "ﷺ", "中", "𐐨") for length in (63, 64, 65, 150)]
PIECES = [*WORDS, *LONG]

joints = st.sampled_from([" ", " ", " ", "-", "/", "'", '"', "_", "\u00a0", "\u200d", ""])
pieces = st.sampled_from(PIECES) | st.sampled_from(PIECES).map(lambda one: one[: len(one) // 2 + 1])
searches = st.lists(st.tuples(pieces, joints), min_size=1, max_size=4).map(
    lambda some: "".join(piece + joint for piece, joint in some)
) | st.text(max_size=6)


def fits(signal: Signal, asked: str) -> bool:
    """What search means: all words, each the beginning of a word."""
    words = folded(f"{signal.summary} {signal.source or ''}").split()
    return all(any(word.startswith(begins) for word in words) for begins in folded(asked).split())


def written(count: int) -> Iterator[Signal]:
    """Signals of the same pieces, some of them of one day, some with a source, some events of a feed."""
    dice = random.Random(SEED)  # noqa: S311  # reproducible, not secret
    joints = (" ", " ", " ", "-", "/", "", "\u00a0")
    for number in range(count):
        summary, source = (
            "".join(piece + dice.choice(joints) for piece in dice.choices(PIECES, k=dice.randint(1, 5))).strip()
            for _ in range(2)
        )
        yield signal(
            f"uid{number}",
            str(FIRST + timedelta(days=dice.randrange((LAST - FIRST).days + 1))),
            dice.choice(("visit", "abstain")),
            ally=dice.choice(("china", "iran")),
            origin=dice.choice(("desk", "gdelt")),
            summary=summary or "...",
            source=dice.choice((source or None, None)),
        )


def row(one: Signal) -> dict[str, object]:
    """As export writes it, in what matters here."""
    on, source = str(one.happened_on), one.source or ""
    said = {"uid": one.uid, "date": on, "ally": one.ally, "act": one.act, "origin": one.origin}
    return {**said, "summary": one.summary, "source": source}


def fill(place: str, folder: Path) -> None:
    """Half by import, half one by one; then some are edited, some removed, some brought back."""
    signals = list(written(TEXTS))
    file = folder / "signals.jsonl"
    file.write_text("".join(json.dumps(row(one)) + "\n" for one in signals[::2]), "utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_USER", "ana")
        patched.setattr("scrutiny.store.opening.open_ledger", partial(open_ledger, now=lambda: THEN))
        ran = run_program("import", str(file), "--db", place)
        assert (ran.code, "rejected" in ran.err) == (0, False), ran.err
    with open_ledger(place, writing=True, author="ana", now=lambda: THEN) as ledger:
        ledger.add(signals[1::2])
        ledger.remove(range(3, TEXTS, 9))
    with open_ledger(place, writing=True, author="ana", now=lambda: LATER) as ledger:
        for number in range(5, TEXTS, 10):
            if not ledger.signal(number).removed:
                summary = signals[number - 5].summary
                ledger.edit(number, partial(told_otherwise, summary))
        change, _ = ledger.remove(range(4, TEXTS, 36))
        ledger.remove(range(10, TEXTS, 36))
        ledger.undo(change)


def told_otherwise(summary: str, one: Signal, _: Roster) -> tuple[Signal, None]:
    return replace(one, summary=summary), None


@dataclass(frozen=True)
class Kept:
    """The same signals in two stores, as they are and as they were."""

    ledgers: dict[str, Ledger]
    signals: dict[str, list[Signal]]


@pytest.fixture(scope="module")
def kept(running: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("search")
    with psycopg.connect(f"{running}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE search {SORTING}".encode())
    ledgers = {}
    with ExitStack() as stack:
        for name, place in (("sqlite", str(folder / "ledger.db")), ("postgresql", f"{running}/search")):
            fill(place, folder)
            opened = partial(open_ledger, place, writing=False, author="ana")
            ledgers[f"{name} now"] = stack.enter_context(opened())
            ledgers[f"{name} then"] = stack.enter_context(opened(known=THEN))
        yield Kept(ledgers, {name: ledger.signals(Filter()) for name, ledger in ledgers.items()})


@contextmanager
def words_are(common: bool) -> Iterator[None]:
    """Within, any word is common, or none, however many signals have it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(postgresql, "SAMPLED", 100)
        for engine, bound in ((postgresql, "COMMON"), (sqlite, "COMMON"), (sqlite, "MANY")):
            patched.setattr(engine, bound, 10**6 if common else 1)
        yield


def answers(ledger: Ledger, wanted: Filter) -> tuple[list[int | None], ...]:
    """The numbers of the signals that a search finds, by each question that a ledger is asked."""
    with closing(ledger.exported(wanted)) as rows:
        exported = {str(uid) for uid, *_ in rows}
    found = ledger.signals(wanted)
    assert (ledger.count(wanted), ledger.has(wanted)) == (len(found), bool(found))
    assert exported == {one.uid for one in found}
    for recent, counted in ((search.RECENT, COUNTED), (TEXTS // 4, NEWEST + 1)):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(search, "RECENT", recent)
            patched.setattr("scrutiny.store.ledger.COUNTED", counted)
            newest = ledger.newest(wanted, NEWEST)
        assert newest.signals == found[:NEWEST]
        assert (newest.count, newest.is_exact) == (min(len(found), counted), len(found) <= counted)
    events = [one.event.id for one in ledger.candidates(wanted)]
    assert ledger.count_candidates(wanted) == len(events)
    return [one.id for one in found], sorted(events, key=str)


def expected(
    signals: Sequence[Signal], asked: str, ally: str | None, since: date | None
) -> tuple[list[int | None], ...]:
    meant = [one for one in signals if ally in (None, one.ally) and (since is None or since <= one.happened_on)]
    found = [one for one in meant if fits(one, asked)]
    return [one.id for one in found], sorted((one.id for one in found if one.origin != "desk"), key=str)


def test_the_stores_hold_the_same(kept: Kept) -> None:
    now, then = kept.signals["sqlite now"], kept.signals["sqlite then"]
    assert [one.id for one in now] == [one.id for one in kept.signals["postgresql now"]]
    assert [one.summary for one in then] == [one.summary for one in kept.signals["postgresql then"]]
    assert {one.summary for one in now} != {one.summary for one in then}
    assert TEXTS / 2 < len(now) < len(then) < TEXTS


def test_a_server_knows_after_an_import_what_to_search_in(kept: Kept, running: str) -> None:
    with psycopg.connect(f"{running}/search") as connection:
        known = connection.execute("SELECT FROM pg_stats WHERE tablename = 'signal_search'")
        assert known.rowcount == 1


@pytest.mark.parametrize("common", [False, True])
@given(asked=searches, ally=st.sampled_from([None, "china"]), since=st.none() | st.dates(FIRST, LAST))
@example(asked="a", ally=None, since=None)
@example(asked="a", ally=None, since=LAST - timedelta(2))
@example(asked="gas gasoline a", ally=None, since=None)
@example(asked="x" * 64, ally="china", since=None)
@example(asked=" ".join(PIECES), ally=None, since=None)
@settings(max_examples=12, deadline=None)
def test_every_store_finds_what_the_definition_means(
    kept: Kept, common: bool, asked: str, ally: str | None, since: date | None
) -> None:
    words = tuple(dict.fromkeys(folded(asked).split()))
    assume(words)
    wanted = Filter(words=words, allies=(ally,) if ally else (), since=since)
    with words_are(common):
        for name, ledger in kept.ledgers.items():
            assert (name, answers(ledger, wanted)) == (name, expected(kept.signals[name], asked, ally, since))


@pytest.mark.parametrize("common", [False, True])
def test_every_word_of_every_text_finds_it_by_its_beginning(kept: Kept, common: bool) -> None:
    dice = random.Random(SEED)  # noqa: S311  # reproducible, not secret
    with words_are(common):
        for name, ledger in kept.ledgers.items():
            for one in dice.sample(kept.signals[name], 40):
                if words := folded(f"{one.summary} {one.source or ''}").split():
                    begins = dice.choice(words)[: dice.randint(1, 64)]
                    found = ledger.newest(Filter(words=(begins,)), TEXTS)
                    assert one in found.signals, (name, begins)


@pytest.mark.parametrize("sign", ["ﷺ", "中", "𐐨", "ß", "x"])
def test_the_longest_texts_are_kept_and_found(run: Run, place: str, sign: str) -> None:
    """A server has limits of its own for words and for texts, which nothing that can be logged may reach."""
    dice = random.Random(SEED)  # noqa: S311  # reproducible, not secret
    words: list[str] = []
    left = 10_000
    while left > 80:
        words.append(sign * dice.randint(1, 70) + str(len(words)))
        left -= len(words[-1]) + 1
    summary, source = " ".join(words), sign * 4_000
    with open_ledger(place, writing=True, author="ana") as ledger:
        ledger.add([signal("long", "2026-05-01", "visit", origin="desk", summary=summary, source=source)])
        for asked in (words[0], words[-1], sign * 64, sign * 70):
            assert ledger.count(Filter(words=tuple(folded(asked).split()))) == 1
    assert run("db", "check").code == 0


def test_as_many_words_are_searched_for_as_a_sentence_has(run: Run, clock: Clock) -> None:
    words = [f"word{number}" for number in range(101)]
    clock("2026-05-20T09:00")
    assert run("log", "china", "visit", " ".join(words)).code == 0
    asked = "list", "--search", " ".join(words[:100] * 2)
    for known in ((), ("--known", "today")):
        assert run(*asked, *known).out.startswith("1 signal\n")
    assert run("list", "--search", " ".join(words)) == Ran(
        2, "", "error: 101 words are searched for; at most 100 can be, at once\n"
    )
