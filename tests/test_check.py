"""db check: what is wrong with a ledger is found wherever it is kept, and whoever reads it is told."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran, Run, import_sample
from tests.stores import Store, lawless, state
from tests.test_store import opened, signal

LOG = ("log", "china", "visit", "Xi in Moscow", "2026-05-01")


@pytest.mark.usefixtures("sample")
def test_a_sound_ledger_is_said_to_be_sound(run: Run, place: str) -> None:
    assert run("db", "check") == Ran(
        0, f"{place} is sound\nChecked  90 signals and 2 changes, every one as it must be\n", ""
    )
    assert json.loads(run("db", "check", "-f", "json").out) == {
        "ledger": place,
        "sound": True,
        "checked": {"signals": 90, "changes": 2},
        "problems": [],
    }


@pytest.mark.usefixtures("sample")
def test_a_ledger_in_use_in_every_way_is_sound(run: Run) -> None:
    for args in (
        LOG,
        ("edit", "91", "B2"),
        ("undo", "--yes"),
        ("redo",),
        ("remove", "4", "5"),
        ("undo", "--yes"),
        ("log", "kazakhstan", "visit", "Tokayev in Moscow"),
        ("undo", "--yes"),
        ("undo", "2", "--yes"),
        ("redo", "2", "--yes"),
        ("note", "syria", "Turns away"),
        ("note", "syria", "Turns back"),
        ("undo", "--yes"),
        ("ally", "merge", "syria", "--into", "iran"),
        ("ally", "edit", "china", "--alias", "PRC", "--stake", "5"),
    ):
        assert run(*args).code == 0, args
    ran = run("db", "check")
    assert ran.code == 0, ran.out


@dataclass(frozen=True)
class Damage:
    """What is done to the sample, what the check says of it, and the signals that it names."""

    how: str | tuple[str, ...]
    said: str
    signals: tuple[int, ...] = ()

    def do(self, place: str) -> None:
        """Does it."""
        with lawless(place) as store:
            for statement in [self.how] if isinstance(self.how, str) else self.how:
                store.exec_driver_sql(statement)


CHINAS = (2, 8, 13, 16, 17, 23, 29, 34, 40, 42, 44, 46, 55, 62, 69, 70, 74, 82, 90)
DAMAGE = {
    "a score of 0": Damage("UPDATE signal SET score = 0 WHERE id = 5", "a score of 0 says nothing", (5,)),
    "a score too high": Damage("UPDATE signal SET score = 11 WHERE id = 5", "no score 11", (5,)),
    "a score too fine": Damage("UPDATE signal SET score = 1.234 WHERE id = 5", "more than two decimals", (5,)),
    "a score in words": Damage("UPDATE signal SET score = 'high' WHERE id = 5", "a cell cannot be read", (5,)),
    "an act against its kind": Damage(
        "UPDATE signal SET kind = 'support', score = 1 WHERE id = 8",
        "the act 'abstain' is distancing, not support",
        (8,),
    ),
    "an unknown act": Damage("UPDATE signal SET act = 'wave' WHERE id = 5", "no act 'wave'", (5,)),
    "an unknown kind": Damage("UPDATE signal SET kind = 'warmth' WHERE id = 5", "a cell cannot be read", (5,)),
    "an unknown actor": Damage("UPDATE signal SET actor = 'me' WHERE id = 5", "a cell cannot be read", (5,)),
    "an unknown domain": Damage("UPDATE signal SET domain = 'magic' WHERE id = 5", "a cell cannot be read", (5,)),
    "a grade of one letter": Damage("UPDATE signal SET grade = 'B' WHERE id = 5", "a cell cannot be read", (5,)),
    "a control character": Damage(
        "UPDATE signal SET summary = summary || '\x1b' WHERE id = 5",
        "the summary holds the control character U+001B",
        (5,),
    ),
    "two of a kind": Damage("UPDATE signal SET act = 'wave' WHERE id IN (5, 7)", "no act 'wave'", (5, 7)),
    "words of another": Damage(
        "UPDATE signal SET words = 'other' WHERE id = 5",
        "what search looks at is not what the summary and source say",
        (5,),
    ),
    "a blob for a text": Damage("UPDATE signal SET summary = x'ff00' WHERE id = 5", "a cell cannot be read", (5,)),
    "a text that is no UTF-8": Damage(
        "UPDATE signal SET summary = CAST(x'41ff42' AS TEXT) WHERE id = 5", "a cell cannot be read", (5,)
    ),
    "an ally that is not there": Damage(
        "UPDATE signal SET ally_id = 999 WHERE id = 5",
        "row 5 of signal refers to a row of ally that is not there",
        (5,),
    ),
    "a change that is not there": Damage(
        "UPDATE signal SET removed_by = 999 WHERE id = 5",
        "row 5 of signal refers to a row of change that is not there",
        (5,),
    ),
    "signals of an ally that was removed": Damage(
        "UPDATE ally SET removed_by = 2 WHERE slug = 'china'", "its ally was removed", CHINAS
    ),
    "removed before it was added": Damage(
        "UPDATE signal SET removed_by = 1 WHERE id = 5", "it was removed before it was added", (5,)
    ),
    "back before it was removed": Damage(
        "INSERT INTO revival VALUES (5, 2, 1)", "it came back before it was removed", (5,)
    ),
    "removed twice at a time": Damage(
        ("INSERT INTO revival VALUES (5, 3, 5)", "INSERT INTO revival VALUES (5, 4, 6)"),
        "it was removed twice at a time",
        (5,),
    ),
    "edited before it was added": Damage(
        "INSERT INTO signal_was SELECT id, 1, ally_id, happened_on, act, actor, kind, score, summary, words, domain,"
        " driver, source, grade, origin, event, private FROM signal WHERE id = 5",
        "it was edited before it was added",
        (5,),
    ),
    "a wrong score before an edit": Damage(
        "INSERT INTO signal_was SELECT id, 3, ally_id, happened_on, act, actor, kind, 0, summary, words, domain,"
        " driver, source, grade, origin, event, private FROM signal WHERE id = 5",
        "a score of 0 says nothing about the relationship, before an edit",
        (5,),
    ),
    "a batch that brought more": Damage(
        "UPDATE batch SET added = 89", "batch 1 (signals.csv) says it added 89 signals, but 90 are there"
    ),
    "a change before its time": Damage(
        "UPDATE change SET at = '1999-01-01 00:00:00.000000' WHERE id = 2", "change 2 is older than the one before it"
    ),
    "removed before it last came back": Damage(
        ("INSERT INTO revival VALUES (5, 3, 5)", "UPDATE signal SET removed_by = 4 WHERE id = 5"),
        "it was removed before it last came back",
        (5,),
    ),
    "an ally that was none": Damage(
        "INSERT INTO ally_was (ally_id, change_id, name, code, line, aliases) VALUES (1, 2, 'X', 'zz', '', '[]')",
        "before change 2: the ally"
    ),
    "a principal that was no state": Damage(
        "INSERT INTO setting_was (name, change_id, value) VALUES ('principal', 2, 'Narnia')",
        "the setting 'principal' was 'Narnia'"
    ),
    "a change that reverses itself": Damage(
        "UPDATE change SET undoes = 6, about = 6 WHERE id = 6", "change 6 reverses what it cannot"
    ),
    "an undo about another change": Damage(
        "UPDATE change SET undoes = 2, about = 1 WHERE id = 6", "change 6 reverses what it cannot"
    ),
    "an undo about nothing": Damage("UPDATE change SET undoes = 2 WHERE id = 6", "change 6 reverses what it cannot"),
    "no undo, yet about a change": Damage(
        "UPDATE change SET about = 2 WHERE id = 6", "change 6 reverses what it cannot"
    ),
    "an undo of nothing": Damage(
        "UPDATE change SET command = 'undo' WHERE id = 6", "change 6 reverses what it cannot"
    ),
    "an alias that does not find": Damage(
        "UPDATE alias SET key = 'other' WHERE name = 'PRC'", "the alias 'PRC' is not found by its name"
    ),
    "no principal": Damage("DELETE FROM setting WHERE name = 'principal'", "the setting 'principal' is missing"),
    "no principal's code": Damage(
        "DELETE FROM setting WHERE name = 'principal-code'", "the setting 'principal-code' is missing"
    ),
    "a principal that is no state": Damage(
        "UPDATE setting SET value = 'Narnia' WHERE name = 'principal'",
        "the principal Narnia is not the state of its code",
    ),
    "an ally's stake": Damage("UPDATE ally SET stake = -1 WHERE slug = 'iran'", "no stake -1"),
    "two allies of one name": Damage(
        "UPDATE ally SET name = 'China', code = 'ZZZ' WHERE slug = 'iran'", "the allies: "
    ),
    "a day that is none": Damage(
        "UPDATE signal SET happened_on = 'soon' WHERE id = 5", "a cell cannot be read", (5,)
    ),
    "a 30 February": Damage(
        "UPDATE signal SET happened_on = '2026-02-30' WHERE id = 5", "a cell cannot be read", (5,)
    ),
    "a moment that is none": Damage(
        "UPDATE signal SET recorded_at = 'soon' WHERE id = 5", "a cell cannot be read", (5,)
    ),
    "a change's moment that is none": Damage("UPDATE change SET at = 'soon' WHERE id = 6", "change 6"),
    "a day's sums with a signal too many": Damage(
        "UPDATE signal_day SET signals = signals + 1 WHERE happened_on = '2026-05-20'",
        "what is kept of the desk signals of china on 2026-05-20 is not what they come to",
    ),
    "a day's sums of another weight": Damage(
        "UPDATE signal_day SET weight = weight + 1, driver_war_weighted = 7",
        "is not what they come to, nor of ",
    ),
    "a day without sums": Damage(
        "DELETE FROM signal_day WHERE happened_on = '2026-05-20'",
        "what is kept of the desk signals of china on 2026-05-20 is not what they come to",
    ),
    "sums of a day without signals": Damage(
        "UPDATE signal_day SET happened_on = '2001-05-20' WHERE happened_on = '2026-05-20'",
        "what is kept of the desk signals of china on 2001-05-20 is not what they come to, nor of 1 other day",
    ),
    "sums of a day of no ally": Damage(
        "UPDATE signal_day SET ally_id = -1 WHERE happened_on = '2026-05-20'",
        "what is kept of the desk signals of no ally on 2026-05-20 is not what they come to, nor of 1 other day",
    ),
    "sums of a day that is a number": Damage(
        "UPDATE signal_day SET happened_on = 5 WHERE happened_on = '2026-05-20'",
        "what is kept of the desk signals of china on 5 is not what they come to, nor of 1 other day",
    ),
    "a day's sum in words": Damage(
        "UPDATE signal_day SET kind_sanctions_weight = 'zz' WHERE happened_on = '2026-05-20'",
        "what is kept of the desk signals of china on 2026-05-20 is not what they come to",
    ),
    "a blob for a day's sum": Damage(
        "UPDATE signal_day SET kind_sanctions_weight = x'00' WHERE happened_on = '2026-05-20'",
        "what is kept of the desk signals of china on 2026-05-20 is not what they come to",
    ),
    "a search index with less": Damage(
        "INSERT INTO signal_search (signal_search, rowid, words) SELECT 'delete', id, words FROM signal WHERE id = 5",
        "the search index does not agree with the signals",
    ),
    "a search index with more": Damage(
        "INSERT INTO signal_search (rowid, words) VALUES (500, 'zebra')",
        "the search index does not agree with the signals",
    ),
}  # fmt: skip


OF_FILES = (  # which a server's types, references and own index rule out
    "a score in words",
    "a blob for a text",
    "a text that is no UTF-8",
    "an ally that is not there",
    "a change that is not there",
    "a day that is none",
    "a 30 February",
    "a moment that is none",
    "a change's moment that is none",
    "sums of a day that is a number",
    "a day's sum in words",
    "a blob for a day's sum",
    "a search index with less",
    "a search index with more",
)


def marked(names: Iterable[str]) -> list[Any]:
    """The names of damages, those marked that only a file can have."""
    return [pytest.param(name, marks=pytest.mark.file) if name in OF_FILES else name for name in names]


NAMES = marked(DAMAGE)
OF_SUMS = marked(name for name, one in DAMAGE.items() if "signal_day" in str(one.how))
OF_THE_REST = marked(name for name, one in DAMAGE.items() if "signal_day" not in str(one.how))


@pytest.fixture(scope="session")
def used_template(store: Store) -> str:
    """The sample and four changes after its own two, made once."""
    place = store.lasting()
    import_sample(place)
    for number in range(4):
        with opened(place) as ledger:
            ledger.add([signal(f"more{number}", "iran")])
    return place


@pytest.fixture
def used(store: Store, home: Path, used_template: str) -> str:
    """The same as the test's own ledger."""
    return store.copy(used_template, home)


@pytest.mark.parametrize("name", NAMES)
def test_damage_is_found_and_the_signals_it_touches_are_named(run: Run, used: str, name: str) -> None:
    damage = DAMAGE[name]
    damage.do(used)
    before = state(used)
    ran = run("db", "check", "-f", "json")
    assert (ran.code, ran.err) == (4, "")
    answer = json.loads(ran.out)
    assert (answer["ledger"], answer["sound"]) == (used, False)
    found = [one for one in answer["problems"] if damage.said in one["problem"]]
    assert [tuple(one["signals"]) for one in found] == [damage.signals], answer["problems"]
    assert len(answer["problems"]) == 1
    assert state(used) == before


def test_what_is_wrong_is_told_in_the_order_of_the_signals(run: Run, used: str) -> None:
    how = ("UPDATE signal SET act = 'a' WHERE id = 9", "UPDATE signal SET act = 'b' WHERE id = 7")
    Damage((*how, "UPDATE signal SET act = 'a' WHERE id = 5"), "").do(used)
    problems = json.loads(run("db", "check", "-f", "json").out)["problems"]
    assert [(one["problem"][:10], one["signals"]) for one in problems] == [
        ("no act 'a'", [5, 9]),
        ("no act 'b'", [7]),
    ]


READERS = (("list", "--limit", "0"), ("summary",), ("history",))


@pytest.mark.parametrize("name", NAMES)
def test_whatever_reads_a_damaged_ledger_works_or_says_so(run: Run, used: str, name: str) -> None:
    """A row that breaks a rule is the ledger's fault, not that of the arguments: exit code 4, and no traceback."""
    DAMAGE[name].do(used)
    for args in READERS:
        ran = run(*args)
        assert ran.code == 0 or (ran.code, ran.err[:7]) == (4, "error: "), (args, ran)


SETTINGS_GONE = Damage("DELETE FROM setting", "the setting 'principal' is missing")
ALIASES_WERE = Damage("UPDATE ally_was SET aliases = 'x'", "before change 7: ")
WRITERS = {  # what is done before the damage, the damage, and who then cannot write
    "no settings": ((), SETTINGS_GONE, LOG),
    "no aliases that were": (("ally", "edit", "china", "--alias", "Foo"), ALIASES_WERE, ("undo", "--yes")),
}


@pytest.mark.parametrize("name", WRITERS)
def test_whoever_cannot_write_a_damaged_ledger_is_told_why(run: Run, used: str, name: str) -> None:
    before, damage, args = WRITERS[name]
    assert not before or run(*before).code == 0
    damage.do(used)
    ran = run(*args)
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.startswith(f"error: {used} is not sound: {damage.said}")
    assert ran.err.endswith("\nhint: see all that is wrong with: scrutiny db check\n")


def test_words_that_an_older_program_kept_whole_are_sound_and_found(run: Run, place: str) -> None:
    """Of a text of 64 characters at most, though each becomes several letters."""
    said = "\ufb03" * 40
    assert run("log", "china", "visit", said).code == 0
    Damage(f"UPDATE signal SET words = '{'ffi' * 40}'", "").do(place)  # noqa: S608  # ours
    assert run("db", "check").code == 0
    for asked in (said, "ffi" * 40, "ffi" * 30, "ffi"):
        assert run("list", "--search", asked).out.startswith("1 signal\n"), asked
    Damage(f"UPDATE signal SET words = '{'ffi' * 20}'", "").do(place)  # noqa: S608  # ours
    assert run("db", "check").code == 4


# -- sums of signal days


READERS_OF_SUMS = (("summary",), ("summary", "china"), ("compare", "china", "iran"), ("chart",), ("explain", "china"))
UNTOUCHED = (*READERS_OF_SUMS, ("export",), ("history", "--limit", "0", "-f", "json"))
MEND = "hint: make the sums anew: scrutiny db check --mend"


def as_before_sums(place: str) -> None:
    """Makes of a ledger one of the program that kept no sums yet."""
    with lawless(place) as store:
        store.exec_driver_sql("DROP TABLE signal_day")
        store.exec_driver_sql("UPDATE alembic_version SET version_num = '0004'")


@pytest.mark.parametrize("name", OF_THE_REST)
def test_a_damaged_ledger_is_brought_up_to_date_and_its_damage_is_named(run: Run, used: str, name: str) -> None:
    damage = DAMAGE[name]
    damage.do(used)
    as_before_sums(used)
    assert run("db", "upgrade").code == 0
    problems = json.loads(run("db", "check", "-f", "json").out)["problems"]
    assert [tuple(one["signals"]) for one in problems if damage.said in one["problem"]] == [damage.signals]
    assert len(problems) == 1


@pytest.mark.parametrize("name", OF_SUMS)
def test_sums_that_are_wrong_are_made_anew_when_told(run: Run, used: str, name: str) -> None:
    before = [run(*args) for args in UNTOUCHED]
    DAMAGE[name].do(used)
    for args in READERS_OF_SUMS:
        told = run(*args)
        assert told.code == 0 or (told.code, told.err.splitlines()[-1]) == (4, MEND), (args, told)
    assert run("db", "check").out.endswith("\nnext: db check --mend\n")
    ran = run("db", "check", "--mend")
    assert (ran.code, ran.out.splitlines()[0]) == (0, f"{used} is sound")
    assert re.fullmatch(r"made the sums of \d+ signal days? anew\n", ran.err)
    assert run("db", "check", "--mend") == Ran(0, ran.out, "")
    assert [run(*args) for args in UNTOUCHED] == before


def test_how_many_signal_days_were_wrong_is_said(run: Run, used: str) -> None:
    Damage(
        "UPDATE signal_day SET weight = weight + 1 WHERE ally_id = (SELECT id FROM ally WHERE slug = 'china')", ""
    ).do(used)
    assert run("db", "check", "--mend").err == f"made the sums of {len(CHINAS)} signal days anew\n"


def test_sums_are_compared_unless_something_is_wrong_with_signals(run: Run, used: str) -> None:
    batch, sums = DAMAGE["a batch that brought more"], DAMAGE["a day without sums"]
    batch.do(used)
    sums.do(used)
    first, second = json.loads(run("db", "check", "-f", "json").out)["problems"]
    assert (first["problem"], second["problem"].startswith(sums.said)) == (batch.said, True)
    ran = run("db", "check", "--mend", "-f", "json")
    assert (ran.code, [one["problem"] for one in json.loads(ran.out)["problems"]]) == (4, [batch.said])
    sums.do(used)
    DAMAGE["a grade of one letter"].do(used)
    ran = run("db", "check", "--mend", "-f", "json")
    assert (ran.code, ran.err) == (4, "")
    assert [one["signals"] for one in json.loads(ran.out)["problems"]] == [[5], []]
