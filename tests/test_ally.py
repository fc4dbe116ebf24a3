"""ally and setting: the allies that a ledger knows, and whose allies they are."""

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.conftest import Ran, Run

pytestmark = pytest.mark.usefixtures("new")

SEEDED = ["belarus", "china", "iran", "syria"]


def slugs(run: Run) -> list[str]:
    return [row["ally"] for row in csv.DictReader(run("ally", "list", "-f", "csv").out.splitlines())]


def shown(run: Run, name: str) -> dict[str, Any]:
    """All that the ledger knows of one ally."""
    ran = run("ally", "show", name, "-f", "json")
    assert ran.code == 0, ran.err
    (ally,) = json.loads(ran.out)["allies"]
    assert isinstance(ally, dict)
    return ally


def test_a_new_ledger_knows_four_allies_each_with_its_line(run: Run) -> None:
    run("log", "iran", "visit", "Araghchi in Moscow")
    assert run("ally", "list") == Ran(
        0,
        "Russia's allies in this ledger\n"
        "ally     name     code  stake  signals  basis\n"
        "belarus  Belarus  BLR       -        0  The Union State, basing and joint forces, subsidised energy "
        "and market access\n"
        "china    China    CHN       -        0  Energy and goods trade, a shared distance to the US-led order, "
        "a partnership without a defence pact\n"
        "iran     Iran     IRN       -        1  Arms and drone technology, sanctions evasion, "
        "the 2025 strategic partnership treaty\n"
        "syria    Syria    SYR       -        0  The bases at Tartus and Hmeimim, arms and fuel; "
        "renegotiated after the change of government in 2024\n",
        "",
    )


def test_one_ally_is_shown_whole(run: Run) -> None:
    run("log", "iran", "visit", "Araghchi in Moscow")
    assert run("ally", "show", "persia") == Ran(
        0,
        "Iran · 1 signal\n"
        "Slug     iran\n"
        "Code     IRN\n"
        "Aliases  Islamic Republic of Iran, Persia, IR\n"
        "Stake    not set\n"
        "Basis    Arms and drone technology, sanctions evasion, the 2025 strategic partnership treaty\n",
        "",
    )


def test_an_ally_in_json_has_stable_keys(run: Run) -> None:
    run("ally", "add", "Wagner Group", "--alias", "Wagner")
    assert shown(run, "wagner") == {
        "ally": "wagner-group",
        "name": "Wagner Group",
        "code": None,
        "stake": None,
        "signals": 0,
        "aliases": ["Wagner"],
        "line": "",
    }


def test_an_actor_that_is_no_state_is_added_with_all_it_is_given(run: Run) -> None:
    options = ["--slug", "wagner", "--code", "wgr", "--alias", "PMC  Wagner", "--alias", "Africa Corps",
               "--line", "Deniable force abroad", "--stake", "2.5"]  # fmt: skip
    assert run("ally", "add", "Wagner Group", *options) == Ran(
        0,
        "",
        "added Wagner Group (WGR), known as wagner\n"
        "take it back: scrutiny undo 2\nlog its first signal: scrutiny log wagner ACT SUMMARY\n",
    )
    wagner = shown(run, "WAGNER")
    assert wagner == {
        "ally": "wagner",
        "name": "Wagner Group",
        "code": "WGR",
        "stake": 2.5,
        "signals": 0,
        "aliases": ["PMC Wagner", "Africa Corps"],
        "line": "Deniable force abroad",
    }
    for name in ("wagner group", "wgr", "pmc wagner", "The Africa Corps"):
        assert shown(run, name) == wagner


@pytest.mark.parametrize("name", ["Kazakhstan", "KAZ", "kz", "kazakhstan"])
def test_a_state_comes_with_its_code_and_other_names(run: Run, name: str) -> None:
    assert run("ally", "add", name).err.splitlines()[0] == "added Kazakhstan (KAZ), known as kazakhstan"
    assert shown(run, "kz")["aliases"] == ["Republic of Kazakhstan", "KZ"]


@pytest.mark.parametrize(
    ("args", "what", "holder"),
    [
        (("Foo", "--code", "CHN"), "code 'CHN'", "China"),
        (("Foo", "--alias", "prc"), "alias 'prc'", "China"),
        (("Foo", "--slug", "iran"), "slug 'iran'", "Iran"),
        (("The Islamic Republic of Iran",), "code 'IRN'", "Iran"),
        (("Persia!",), "code 'IRN'", "Iran"),
        (("IRN",), "code 'IRN'", "Iran"),
    ],
)
def test_a_name_that_is_taken_is_refused(run: Run, args: tuple[str, ...], what: str, holder: str) -> None:
    ran = run("ally", "add", *args)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        f"error: the {what} already finds {holder}\nhint: see it with: scrutiny ally show {holder.casefold()}\n"
    )
    assert slugs(run) == SEEDED


@pytest.mark.parametrize("name", ["Russia", "RUS", "Russian Federation"])
def test_the_principal_is_not_added(run: Run, name: str) -> None:
    ran = run("ally", "add", name)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.endswith(" is the principal's, which is no ally of itself\n")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("",), "no slug can be made of ''"),
        (("x\x1b[31m",), "the name holds the control character U+001B"),
        (("中国", "--slug", "Not A Slug"), "no slug 'Not A Slug'"),
        (("Foo", "--slug", "a--b"), "no slug 'a--b'"),
        (("Foo", "--slug", "-a"), "no slug '-a'"),
        (("Foo", "--code", "F1"), "no code 'F1'"),
        (("Foo", "--alias", "..."), "the alias '...' has no letter"),
        (("Foo", "--stake", "0"), "no stake 0"),
        (("Foo", "--stake", "-1"), "no stake -1"),
        (("Foo", "--stake", "1001"), "no stake 1001"),
        (("Foo", "--stake", "nan"), "no stake nan"),
        (("Foo", "--stake", "inf"), "no stake inf"),
        (("Foo", "--line", "a\x00b"), "the line holds the control character U+0000"),
    ],
)
def test_a_part_of_no_right_form_is_refused(run: Run, args: tuple[str, ...], said: str) -> None:
    ran = run("ally", "add", *args)
    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (2, "", f"error: {said}")
    assert slugs(run) == SEEDED


def test_a_name_without_ascii_letters_needs_a_slug(run: Run) -> None:
    ran = run("ally", "add", "Вагнер")
    assert (ran.code, ran.err.splitlines()[1][:5]) == (2, "hint:")
    assert run("ally", "add", "Вагнер", "--slug", "wagner").code == 0
    assert shown(run, "вагнер")["ally"] == "wagner"


def test_an_edit_changes_what_it_says_and_nothing_else(run: Run) -> None:
    before = shown(run, "china")
    assert run("ally", "edit", "prc", "--stake", "5") == Ran(
        0, "", "china: China (CHN) is changed\ntake it back: scrutiny undo 2\n"
    )
    assert shown(run, "china") == before | {"stake": 5.0}
    run("ally", "edit", "china", "--line", "Trade", "--alias", "Middle Kingdom", "--drop-alias", "prc")
    assert shown(run, "middle kingdom") == before | {
        "stake": 5.0,
        "line": "Trade",
        "aliases": ["People's Republic of China", "CN", "Middle Kingdom"],
    }
    assert shown(run, "prc")["ally"] == "china"  # still a name of the state, unless another ally takes it
    run("ally", "edit", "china", "--no-stake", "--line", "")
    assert (shown(run, "china")["stake"], shown(run, "china")["line"]) == (None, "")


def test_a_slug_outlives_its_name(run: Run) -> None:
    run("log", "syria", "visit", "Sharaa in Moscow", "2026-02-24")
    assert run("ally", "edit", "syria", "--name", "New Syria", "--code", "nsy") == Ran(
        0, "", "syria: New Syria (NSY) is changed\ntake it back: scrutiny undo 3\n"
    )
    assert shown(run, "nsy")["ally"] == shown(run, "new syria")["ally"] == "syria"
    assert run("list", "syria").out.splitlines()[-1].split()[:3] == ["#1", "2026-02-24", "New"]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((), 2, "nothing is to be changed"),
        (("--name", "China"), 2, "nothing is to be changed"),
        (("--name", "Iran"), 1, "the name 'Iran' already finds Iran"),
        (("--code", "IRN"), 1, "the code 'IRN' already finds Iran"),
        (("--alias", "persia"), 1, "the alias 'persia' already finds Iran"),
        (("--alias", "Russia"), 1, "the alias 'Russia' is the principal's, which is no ally of itself"),
        (("--drop-alias", "Cathay"), 2, "China has no alias 'Cathay'"),
        (("--code", "CHINA"), 2, "no code 'CHINA'"),
        (("--stake", "0"), 2, "no stake 0"),
        (("--name", " "), 2, "the name is empty"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_and_changes_nothing(
    run: Run, args: tuple[str, ...], code: int, said: str
) -> None:
    before = shown(run, "china")
    ran = run("ally", "edit", "china", *args)
    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (code, "", f"error: {said}")
    assert shown(run, "china") == before


@pytest.mark.parametrize("command", ["show", "edit"])
def test_an_unknown_ally_is_said_to_be_unknown(run: Run, command: str) -> None:
    ran = run("ally", command, "chinaa")
    assert (ran.code, ran.out, ran.err.splitlines()[-2]) == (3, "", "error: no ally 'chinaa'; near: China")


def test_the_slug_of_an_ally_that_was_taken_back_is_not_given_away(run: Run) -> None:
    run("log", "kazakhstan", "visit", "Tokayev in Moscow")
    run("undo")
    assert slugs(run) == SEEDED
    run("log", "kazakhstan", "visit", "Tokayev in Moscow again")
    assert slugs(run) == [*SEEDED[:3], "kazakhstan", "syria"]


def test_ally_without_a_command_lists_them(run: Run) -> None:
    run("ally", "add", "Wagner Group")
    assert run("ally") == run("ally", "list")
    assert "wagner-group" in run("ally").out


# -- merge


MERGED = ["Republic of India", "IN", "kazakhstan", "KAZ", "Republic of Kazakhstan", "KZ"]


@pytest.fixture
def two(run: Run, new: Path) -> None:
    """Kazakhstan with two signals, one of them removed, and India with one."""
    for args in (("kazakhstan", "visit", "Tokayev in Moscow"), ("kaz", "call", "A call"), ("india", "visit", "Modi")):
        assert run("log", *args, "2026-05-01").code == 0
    assert run("remove", "2", "--yes").code == 0


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(("old", "keep"), [("kazakhstan", "india"), ("KZ", "Republic of India"), ("kaz", "IND")])
def test_a_merge_gives_signals_and_names_to_the_other(run: Run, old: str, keep: str) -> None:
    assert run("ally", "merge", old, "--into", keep) == Ran(
        0,
        "",
        "merged Kazakhstan (KAZ) into India (IND): 2 signals, names and aliases\ntake it back: scrutiny undo 6\n",
    )
    assert slugs(run) == ["belarus", "china", "india", "iran", "syria"]
    india = shown(run, "india")
    assert (india["signals"], india["aliases"], india["code"], india["name"]) == (2, MERGED, "IND", "India")
    for name in ("kazakhstan", "KAZ", "kz", "Republic of Kazakhstan", "the republic of kazakhstan"):
        assert shown(run, name) == india
    assert [row["ally"] for row in csv.DictReader(run("list", "-f", "csv").out.splitlines())] == ["india", "india"]
    assert run("undo", "5").code == 0  # the one that was removed has moved as well
    assert run("list", "kaz").out.startswith("3 signals\n")
    assert run("log", "kazakhstan", "visit", "Another").err.startswith("#4 India  ")


@pytest.mark.usefixtures("two")
def test_the_other_keeps_its_own_line_and_stake(run: Run) -> None:
    run("ally", "edit", "kazakhstan", "--line", "Old ties", "--stake", "7")
    run("ally", "edit", "india", "--line", "Oil", "--stake", "2")
    run("ally", "merge", "kazakhstan", "--into", "india")
    assert (shown(run, "india")["line"], shown(run, "india")["stake"]) == ("Oil", 2.0)


@pytest.mark.usefixtures("two")
def test_a_merge_is_taken_back_whole(run: Run) -> None:
    asked = ("ally list", "ally show india", "ally show kz", "summary", "list")
    shows = [*((*one.split(), "-f", "json") for one in asked), ("export",)]
    before = [run(*one) for one in shows]
    run("ally", "merge", "kazakhstan", "--into", "india")
    assert run("undo").err == "took back change 6 (ally merge: kazakhstan into india), 2 signals\n"
    assert [run(*one) for one in shows] == before
    assert run("redo").code == 0
    assert shown(run, "kz")["ally"] == "india"


def test_merges_in_a_row_leave_one_ally_with_all_names(run: Run) -> None:
    run("ally", "add", "Wagner Group", "--alias", "Wagner", "--code", "WGR")
    run("ally", "add", "Africa Corps", "--alias", "AC")
    run("log", "wagner", "visit", "A visit")
    run("ally", "merge", "wagner", "--into", "africa-corps")
    run("ally", "merge", "ac", "--into", "syria")
    for name in ("wagner", "wgr", "Wagner Group", "wagner-group", "africa-corps", "AC"):
        assert shown(run, name)["ally"] == "syria"
    assert shown(run, "syria")["signals"] == 1
    for change in ("6", "5"):
        assert run("undo", change).code == 0
    assert shown(run, "wagner")["ally"] == "wagner-group"
    assert shown(run, "ac")["ally"] == "africa-corps"


def test_a_merge_judges_the_other_as_if_all_had_been_logged_of_it(run: Run) -> None:
    signals = (("visit", "A visit", "2026-05-01", "B2"), ("abstain", "They abstain", "2026-05-10", "A1"))
    run("log", "kazakhstan", *signals[0])
    run("log", "iran", *signals[1])
    run("ally", "merge", "kazakhstan", "--into", "iran")
    merged = run("summary", "iran", "-f", "json").out
    for signal in signals:
        run("log", "iran", *signal, "--db", "other.db")
    assert run("summary", "iran", "-f", "json", "--db", "other.db").out == merged


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("china", "--into", "china"), 2, "China cannot be merged into itself"),
        (("china", "--into", "PRC"), 2, "China cannot be merged into itself"),
        (("china", "--into", "nowhere"), 3, "no ally 'nowhere'"),
        (("nowhere", "--into", "china"), 3, "no ally 'nowhere'"),
        (("china", "--into", "india"), 3, "no ally 'india' yet"),
        (("china", "--into", "Russia"), 2, "Russia is the principal, and no ally of itself"),
        (("Russia", "--into", "china"), 2, "Russia is the principal, and no ally of itself"),
        (("china",), 2, "missing option '--into'"),
    ],
)
def test_a_merge_that_cannot_be_is_refused(run: Run, args: tuple[str, ...], code: int, said: str) -> None:
    run("ally", "add", "Wagner")
    ran = run("ally", "merge", *args)
    assert (
        ran.code,
        ran.out,
        ran.err.splitlines()[-2].partition(";")[0] if code != 2 else ran.err.splitlines()[0],
    ) == (
        code,
        "",
        f"error: {said}",
    )
    assert slugs(run) == [*SEEDED, "wagner"]


# -- remove


def test_an_ally_without_signals_is_removed_and_comes_back(run: Run) -> None:
    before = run("ally", "list").out, shown(run, "china")
    assert run("ally", "remove", "prc") == Ran(0, "", "removed China (CHN)\ntake it back: scrutiny undo 2\n")
    assert slugs(run) == ["belarus", "iran", "syria"]
    ran = run("ally", "show", "china")
    assert (ran.code, ran.err.splitlines()[0]) == (3, "error: no ally 'china' yet")
    assert run("undo").code == 0
    assert (run("ally", "list").out, shown(run, "china")) == before


def test_what_finds_a_removed_ally_is_free(run: Run) -> None:
    run("ally", "add", "Wagner Group", "--alias", "Wagner", "--code", "WGR")
    run("ally", "remove", "wagner")
    assert run("ally", "edit", "syria", "--alias", "Wagner", "--code", "WGR").code == 0
    ran = run("undo", "3")
    assert (ran.code, ran.out) == (1, "")
    assert "already finds Syria" in ran.err
    run("undo")
    assert run("undo", "3").code == 0
    assert shown(run, "wgr")["ally"] == "wagner-group"


@pytest.mark.parametrize(("logged", "signals"), [(1, "1 signal"), (2, "2 signals")])
def test_an_ally_with_signals_is_not_removed(run: Run, logged: int, signals: str) -> None:
    for _ in range(logged):
        run("log", "iran", "visit", "A visit")
    assert run("ally", "remove", "iran") == Ran(
        1,
        "",
        f"error: Iran has {signals}\nhint: give them to another ally with: scrutiny ally merge iran --into ALLY\n",
    )
    run("ally", "merge", "iran", "--into", "china")
    assert slugs(run) == ["belarus", "china", "syria"]


def test_an_ally_whose_signals_were_removed_may_go_and_they_still_have_their_name(run: Run) -> None:
    run("log", "iran", "visit", "A visit")
    run("remove", "1")
    assert run("ally", "remove", "iran").code == 0
    assert run("show", "1").out.startswith("#1 Iran · support +2.8 · removed\n")
    assert run("history", "1").out.startswith("#1 Iran · support +2.8 · removed\n")
    assert run("history", "--change", "2").code == run("history", "--change", "3").code == 0
    assert run("undo", "3").code == 1
    assert slugs(run) == ["belarus", "china", "syria"]


def test_a_removed_state_comes_again_with_its_next_signal(run: Run) -> None:
    run("ally", "remove", "iran")
    assert run("log", "iran", "visit", "A visit").err.startswith(
        "note: Iran (IRN) is new here and was added to the allies\n#1 Iran"
    )
    assert slugs(run) == SEEDED


@pytest.mark.parametrize("name", ["nowhere", "wagner"])
def test_an_unknown_ally_is_not_removed(run: Run, name: str) -> None:
    ran = run("ally", "remove", name)
    assert (ran.code, ran.err.splitlines()[0].partition(";")[0]) == (3, f"error: no ally '{name}'")


# -- on a terminal


def typed(command: str, *answers: str) -> tuple[int | None, str]:
    """What a command says on a terminal where these answers are given to it."""
    args = ["-m", "scrutiny", "ally", *command.split()]
    child = pexpect.spawn(sys.executable, args, encoding="utf-8", timeout=15)
    said = ""
    for answer in answers:
        child.expect_exact("[y/N]: ")
        said += f"{child.before}[y/N]: "
        child.sendline(answer)
    asked = child.expect([pexpect.EOF, r"\[y/N\]: "])
    said += str(child.before)
    child.close(force=True)
    assert asked == 0, f"asked: {said}"
    return child.exitstatus, said


@pytest.mark.file
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.parametrize(
    ("command", "answers", "said", "left"),
    [
        (
            "merge syria --into iran",
            "y",
            "Merge Syria (1 signal) into Iran? [y/N]: y\r\nmerged Syria (SYR) into Iran ",
            3,
        ),
        ("merge syria --into iran", "n", "Merge Syria (1 signal) into Iran? [y/N]: n\r\nnothing was changed\r\n", 4),
        ("merge syria --into iran --yes", "", "merged Syria (SYR) into Iran (IRN): 1 signal, names and aliases", 3),
        ("remove belarus", "y", "Remove Belarus (BLR)? [y/N]: y\r\nremoved Belarus (BLR)\r\n", 3),
        ("remove belarus", "n", "Remove Belarus (BLR)? [y/N]: n\r\nnothing was changed\r\n", 4),
    ],
)
def test_on_a_terminal_merge_and_remove_ask_first(run: Run, command: str, answers: str, said: str, left: int) -> None:
    run("log", "syria", "visit", "A visit")
    code, found = typed(command, *answers)
    assert (code, found[: len(said)], len(slugs(run))) == (0, said, left)


@pytest.mark.file
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("merge china --into prc", 2, "error: China cannot be merged into itself\r\n"),
        ("remove iran", 1, "error: Iran has 1 signal\r\n"),
    ],
)
def test_what_cannot_be_is_refused_before_anybody_is_asked(run: Run, command: str, code: int, said: str) -> None:
    run("log", "iran", "visit", "A visit")
    exit_code, found = typed(command)
    assert (exit_code, found[: len(said)]) == (code, said)


# -- the principal


def test_the_principal_is_russia_unless_told_otherwise(run: Run) -> None:
    assert run("setting").out == "Settings\nsetting    value   code\nprincipal  Russia  RUS\n"
    assert json.loads(run("setting", "principal", "-f", "json").out) == {
        "settings": [{"setting": "principal", "value": "Russia", "code": "RUS"}]
    }


@pytest.mark.parametrize("name", ["United States", "usa", "US", "America"])
def test_another_principal_has_no_allies_yet(run: Run, name: str) -> None:
    assert run("setting", "principal", name) == Ran(
        0, "", "this ledger follows United States (USA)\ntake it back: scrutiny undo 2\n"
    )
    assert slugs(run) == []
    assert run("log", "russia", "visit", "A visit to Washington").code == 0
    assert slugs(run) == ["russia"]
    assert run("summary", "russia").out.startswith("Russia and United States on ")
    assert (
        run("log", "usa", "visit", "A visit").err == "error: United States is the principal, and no ally of itself\n"
    )


def test_a_new_principals_own_record_goes_and_other_allies_stay(run: Run) -> None:
    run("ally", "add", "India")
    run("ally", "add", "Wagner Group")
    assert run("setting", "principal", "india").code == 0
    assert slugs(run) == ["wagner-group"]


def test_russias_allies_come_back_with_russia(run: Run) -> None:
    before = run("ally", "list").out
    run("setting", "principal", "China")
    assert slugs(run) == []
    run("setting", "principal", "Russia")
    assert run("ally", "list").out == before


def test_the_principal_is_not_changed_once_there_are_signals(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow")
    run("undo")
    for name in ("China", "India"):
        assert run("setting", "principal", name) == Ran(
            1,
            "",
            "error: the principal cannot be changed once the ledger has signals\n"
            "hint: follow another principal in a ledger of its own: --db other.db\n",
        )
    assert slugs(run) == SEEDED


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("principal", "Narnia"), 3, "no state 'Narnia'; near: Armenia, Argentina, Mauritania"),
        (("principl",), 2, "no setting 'principl'; known: principal"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(run: Run, args: tuple[str, ...], code: int, said: str) -> None:
    ran = run("setting", *args)
    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (code, "", f"error: {said}")
