"""Whatever is done to a ledger, it stays sound, every past state can be read again, and undo is exact."""

import io
import json
import tempfile
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scrutiny.core.accept import accepted
from scrutiny.core.acts import ACTS
from scrutiny.core.allies import Ally, Newcomers, Principal, Roster
from scrutiny.core.amend import Amendment
from scrutiny.core.arrival import Arrived
from scrutiny.core.filters import Filter
from scrutiny.core.parts import FORCES, PARTS, SIDES
from scrutiny.core.signals import Grade, Signal
from scrutiny.core.words import Words
from scrutiny.errors import ScrutinyError
from scrutiny.feeds import Row, own, written
from scrutiny.store.ledger import Ledger
from scrutiny.store.opening import open_ledger
from tests.stores import Files, Store

NAMES = ("china", "india", "iran", "wagner", "turkey")
ACT_WORDS = ("visit", "abstain", "halt", "joint")
UIDS = tuple(f"row{n}" for n in range(6))
AUTHORS = ("ana", "boris")

names = st.sampled_from(NAMES)
days = st.integers(1, 28).map(lambda day: date(2026, 2, day))


@dataclass(frozen=True)
class Seen:
    """What a ledger shows at a moment."""

    at: datetime
    change: int
    shown: tuple[object, ...]


def shown(ledger: Ledger) -> tuple[object, ...]:
    """All that reading commands are made of: signals to the byte, allies, sums, search, notes."""
    out = io.StringIO()
    with closing(ledger.exported(Filter())) as signals:
        written.write_csv(signals, out)
    signals_ = [(one.id, one.removed, one.change) for one in ledger.signals(Filter())]
    found = ledger.signals(Filter(words=("again",)))
    searched = [one.id for one in found]
    sums = ledger.days(Filter(), (*PARTS, *FORCES, *SIDES)), set(ledger.readings(Filter()))
    return out.getvalue(), ledger.roster(), sums, signals_, searched, ledger.notes()


class Lives(RuleBasedStateMachine):
    """One ledger, two authors, a clock that the test turns."""

    store: Store = Files(Path)

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.place = self.store.fresh(Path(self.folder.name))
        self.time = datetime(2026, 3, 1, tzinfo=UTC)
        self.seen: list[Seen] = []
        with self.opened("ana") as ledger:
            assert ledger.roster().allies
        self.look()

    def teardown(self) -> None:
        if hasattr(self, "seen"):
            for one in self.seen:
                self.check(one)
            self.folder.cleanup()

    def opened(self, author: str, *, writing: bool = True, known: Any = None) -> Ledger:
        self.time += timedelta(seconds=1)
        return open_ledger(self.place, writing=writing, author=author, now=lambda: self.time, known=known)

    def look(self) -> tuple[object, ...]:
        with self.opened("ana", writing=False) as ledger:
            found, changes = shown(ledger), ledger.changes()
        self.seen.append(Seen(self.time, changes[0].number, found))
        return found

    def check(self, one: Seen) -> None:
        with self.opened("ana", writing=False, known=one.at) as ledger:
            assert shown(ledger) == one.shown
            assert ledger.changes()[0].number == one.change

    def do(self, author: str, what: Any) -> Any:
        """Does it; what is refused changes nothing."""
        before = self.seen[-1].shown
        try:
            with self.opened(author) as ledger:
                return what(ledger)
        except ScrutinyError:
            assert self.look() == before
            return None
        finally:
            self.look()

    # -- what people do

    @rule(author=st.sampled_from(AUTHORS), name=names, act=st.sampled_from(ACT_WORDS), on=days)
    def log(self, author: str, name: str, act: str, on: date) -> None:
        def add(ledger: Ledger) -> None:
            ally = ledger.roster().ally_or_state(name)
            kind, score = ACTS[act].kind, ACTS[act].score
            made = Signal(
                uid=f"u{self.time:%H%M%S}",
                ally=ally.slug,
                happened_on=on,
                kind=kind,
                score=score,
                summary="Once",
                act=act,
            )
            ledger.add([made], [ally])

        self.do(author, add)

    @rule(
        author=st.sampled_from(AUTHORS),
        which=st.lists(st.sampled_from(UIDS), min_size=1),
        name=names,
        act=st.sampled_from(ACT_WORDS),
        origin=st.sampled_from(["desk", "gdelt"]),
        update=st.booleans(),
    )
    def bring(self, author: str, which: list[str], name: str, act: str, origin: str, update: bool) -> None:
        said = {"ally": name, "date": "2026-02-03", "act": act, "summary": "Row", "origin": origin}

        def bring(ledger: Ledger) -> None:
            lines = "".join(json.dumps({"uid": uid} | said) + "\n" for uid in which)
            newcomers = Newcomers(ledger.roster())
            found = list(own.read_jsonl(io.StringIO(lines), newcomers))
            staged = ledger.stage([one for one in found if isinstance(one, Row)])
            arrived = Arrived("rows.jsonl", "0" * 64, "jsonl", len(found))
            ledger.merge([(staged, arrived)], newcomers.allies.values(), update=update)

        self.do(author, bring)
        with self.opened(author, writing=False) as ledger:
            assert not update or {one.act for one in ledger.signals(Filter()) if one.uid in which} <= {act}

    @rule(author=st.sampled_from(AUTHORS), number=st.integers(1, 12), grade=st.sampled_from(["B2", "A1"]))
    def accept(self, author: str, number: int, grade: str) -> None:
        said = Amendment(said=Words(grade=Grade.read(grade)))
        self.do(author, lambda ledger: ledger.accept(number, partial(accepted, said)))

    @rule(author=st.sampled_from(AUTHORS), number=st.integers(1, 6), even=st.booleans())
    def remove_batch(self, author: str, number: int, even: bool) -> None:
        self.do(author, lambda ledger: ledger.remove_batch(number, even_edited=even))

    @rule(
        author=st.sampled_from(AUTHORS),
        number=st.integers(1, 12),
        change=st.one_of(
            st.sampled_from(ACT_WORDS).map(lambda act: {"act": act}),
            names.map(lambda name: {"ally": name}),
            days.map(lambda on: {"said": Words(happened_on=on)}),
            st.sampled_from(["Once", "Again and again"]).map(lambda text: {"summary": text}),
            st.sampled_from(["B2", "A1"]).map(lambda text: {"said": Words(grade=Grade.read(text))}),
            st.booleans().map(lambda private: {"private": private}),
        ),
    )
    def edit(self, author: str, number: int, change: dict[str, Any]) -> None:
        self.do(author, lambda ledger: ledger.edit(number, Amendment(**{"said": Words()} | change).of))

    @rule(author=st.sampled_from(AUTHORS), name=names, on=days, text=st.sampled_from(["Warmer", "Colder"]))
    def note(self, author: str, name: str, on: date, text: str) -> None:
        self.do(author, lambda ledger: ledger.note(name, on, text))

    @rule(author=st.sampled_from(AUTHORS), numbers=st.lists(st.integers(1, 12), min_size=1, max_size=3))
    def remove(self, author: str, numbers: list[int]) -> None:
        self.do(author, lambda ledger: ledger.remove(numbers))

    @rule(author=st.sampled_from(AUTHORS), old=names, into=names)
    def merge(self, author: str, old: str, into: str) -> None:
        self.do(author, lambda ledger: ledger.merge_allies(old, into))

    @rule(author=st.sampled_from(AUTHORS), name=names)
    def remove_ally(self, author: str, name: str) -> None:
        self.do(author, lambda ledger: ledger.remove_ally(name))

    @rule(author=st.sampled_from(AUTHORS), name=st.sampled_from(["Wagner", "India", "China", "Bharat"]))
    def add_ally(self, author: str, name: str) -> None:
        def add(ledger: Ledger) -> None:
            known: Roster = ledger.roster()
            ledger.add_ally(known.state(name) or Ally(slug=name.lower(), name=name, aliases=("Bharat Front",)))

        self.do(author, add)

    @rule(author=st.sampled_from(AUTHORS), name=names, alias=st.sampled_from(["Wagner", "Zhongguo", "Bharat"]))
    def edit_ally(self, author: str, name: str, alias: str) -> None:
        self.do(author, lambda ledger: ledger.edit_ally(name, lambda old: replace(old, aliases=(alias,), stake=2.0)))

    @rule(author=st.sampled_from(AUTHORS), state=st.sampled_from(["Russia", "China", "India"]))
    def follow(self, author: str, state: str) -> None:
        self.do(author, lambda ledger: ledger.set_principal(Principal.read(state)))

    # -- taking back

    @rule(author=st.sampled_from(AUTHORS), anyone=st.booleans(), even=st.booleans())
    def undo_latest(self, author: str, anyone: bool, even: bool) -> None:
        self.do(author, lambda ledger: ledger.undo(ledger.to_undo(None, anyone=anyone).number, even_edited=even))

    @rule(author=st.sampled_from(AUTHORS), anyone=st.booleans())
    def redo_latest(self, author: str, anyone: bool) -> None:
        self.do(author, lambda ledger: ledger.redo(ledger.to_redo(None, anyone=anyone).number, even_edited=True))

    @rule(author=st.sampled_from(AUTHORS), number=st.integers(1, 30), undoing=st.booleans())
    def reverse_any(self, author: str, number: int, undoing: bool) -> None:
        self.do(author, lambda ledger: (ledger.undo if undoing else ledger.redo)(number, even_edited=True))

    @precondition(lambda self: len(self.seen) > 1)
    @rule(author=st.sampled_from(AUTHORS))
    def undo_and_redo(self, author: str) -> None:
        """Reapplying what was just taken back leaves everything as it was; and taking it back again, as then."""
        before = self.seen[-1].shown
        done = self.do(author, lambda ledger: ledger.undo(ledger.to_undo(None, anyone=True).number, even_edited=True))
        if done is not None:
            between = self.seen[-1].shown
            assert self.do(author, lambda ledger: ledger.redo(done.change.number, even_edited=True)) is not None
            assert self.seen[-1].shown == before
            assert self.do(author, lambda ledger: ledger.undo(done.change.number, even_edited=True)) is not None
            assert self.seen[-1].shown == between

    @rule(author=st.sampled_from(AUTHORS))
    def try_only(self, author: str) -> None:
        before = self.seen[-1].shown

        def rehearse(ledger: Ledger) -> None:
            with ledger.rehearsed():
                ledger.undo(ledger.to_undo(None).number, even_edited=True)

        self.do(author, rehearse)
        assert self.seen[-1].shown == before

    # -- what must hold

    @invariant()
    def is_sound(self) -> None:
        if hasattr(self, "seen"):
            with self.opened("ana", writing=False) as ledger:
                assert ledger.problems() == []

    @invariant()
    def whoever_has_notes_is_there(self) -> None:
        if hasattr(self, "seen"):
            with self.opened("ana", writing=False) as ledger:
                assert {note.ally for note in ledger.notes()} <= {ally.slug for ally in ledger.roster().allies}

    @precondition(lambda self: hasattr(self, "seen"))
    @rule(data=st.data())
    def look_back(self, data: st.DataObject) -> None:
        self.check(data.draw(st.sampled_from(self.seen)))


class TestLives(Lives.TestCase):  # type: ignore[misc,valid-type]  # made by Hypothesis at run time
    """A few such lives."""

    @pytest.fixture(autouse=True)
    def lived(self, store: Store, place: str) -> None:
        """Where the run keeps its ledgers."""
        Lives.store = store


TestLives.settings = settings(
    max_examples=3, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
