"""log, end to end: what is recorded, what is answered, and what is refused, warned of or asked for."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.conftest import Ran, Run
from tests.stores import is_there

WHEN = "2026-02-24"
TAKE_BACK = "take it back: scrutiny undo 2\n"


def logged(run: Run) -> list[dict[str, Any]]:
    """The signals in the ledger, newest first."""
    import json

    signals: list[dict[str, Any]] = json.loads(run("list", "--limit", "0", "-f", "json").out)["signals"]
    return signals


def refused(ran: Ran, code: int, *lines: str) -> None:
    assert ran == Ran(code, "", "".join(f"{line}\n" for line in lines))


def test_one_ally_is_answered_in_one_line_and_how_to_take_it_back(run: Run) -> None:
    assert run("log", "china", "abstain", "China abstains", WHEN, "C2") == Ran(
        0, "", f"#1 China  distancing -1.0 (abstain)  Tue 2026-02-24  C2\n{TAKE_BACK}"
    )


def test_every_part_of_a_signal_is_kept(run: Run) -> None:
    run("log", "iran", "listed", "The EU lists a drone maker", WHEN, "b1", "https://x.org/a", "Military", "war",
        "by:third")  # fmt: skip
    (signal,) = logged(run)
    for own in ("uid", "recorded_at"):
        assert signal.pop(own)
    assert signal == {
        "id": 1,
        "date": "2026-02-24",
        "ally": "iran",
        "act": "listed",
        "actor": "third",
        "kind": "sanctions",
        "score": -1.5,
        "grade": "B1",
        "domain": "military",
        "driver": "war",
        "origin": "desk",
        "private": False,
        "source": "https://x.org/a",
        "recorded_by": "ana",
        "summary": "The EU lists a drone maker",
    }


def test_without_words_a_signal_is_of_today_by_the_ally_and_ungraded(run: Run) -> None:
    assert run("log", "syria", "visit", "Sharaa in Moscow") == Ran(
        0, "", f"#1 Syria  support +2.8 (visit)  Thu 2026-05-21  no grade\n{TAKE_BACK}"
    )
    (signal,) = logged(run)
    assert [signal[key] for key in ("actor", "grade", "domain", "driver", "source")] == ["ally", *[None] * 4]


def test_several_allies_take_one_change_and_one_line_each(run: Run) -> None:
    assert run("log", "china,IRN, belarus", "abstain", "They abstain", WHEN, "C2") == Ran(
        0,
        "",
        "#1 China    distancing -1.0 (abstain)  Tue 2026-02-24  C2\n"
        "#2 Iran     distancing -1.0 (abstain)  Tue 2026-02-24  C2\n"
        f"#3 Belarus  distancing -1.0 (abstain)  Tue 2026-02-24  C2\n{TAKE_BACK}",
    )
    assert len({signal["uid"] for signal in logged(run)}) == 3


def test_an_ally_named_twice_gets_one_signal(run: Run) -> None:
    assert run("log", "china,PRC,CHN", "visit", "Wang Yi in Moscow", WHEN).code == 0
    assert [signal["ally"] for signal in logged(run)] == ["china"]


@pytest.mark.parametrize("name", ["DPRK", "PRK", "kp", "north korea", "North-Korea", "NORTH KOREA"])
def test_a_state_is_added_at_its_first_signal_and_said_so(run: Run, name: str) -> None:
    answer = "  support +3.4 (praise)  Tue 2026-02-24  no grade\n"
    assert run("log", name, "praise", "Kim praises the army", WHEN) == Ran(
        0,
        "",
        "note: North Korea (PRK) is new here and was added to the allies\n"
        f"#1 North Korea{answer}take it back: scrutiny undo 2\n",
    )
    assert run("log", name, "praise", "Kim praises it again", WHEN) == Ran(
        0, "", f"#2 North Korea{answer}take it back: scrutiny undo 3\n"
    )


def test_words_are_known_by_their_shape_in_any_order(run: Run) -> None:
    words = ["B2", WHEN, "https://x.org", "energy", "power-shift", "by:principal"]
    for turn in range(len(words)):
        assert run("log", "iran", "deal", f"A pipeline, told in way {turn}", *words[turn:], *words[:turn]).code == 0
    said = {
        tuple(signal[key] for key in ("grade", "date", "source", "domain", "driver", "actor"))
        for signal in logged(run)
    }
    assert said == {("B2", WHEN, "https://x.org", "energy", "power-shift", "principal")}


def test_words_may_stand_among_options(run: Run) -> None:
    assert run("log", "--grade", "B2", "iran", "deal", "--on", "24feb", "A pipeline", "energy").code == 0
    (signal,) = logged(run)
    assert (signal["grade"], signal["date"], signal["domain"]) == ("B2", WHEN, "energy")


def test_each_word_has_its_long_option(run: Run) -> None:
    options = ["--on", "24feb", "--grade", "b2", "--source", "Kommersant,  24 February, p. 3", "--domain", "ENERGY",
               "--driver", "war", "--by", "third", "--score", "+6.25"]  # fmt: skip
    assert run("log", "iran", "deal", "A pipeline", *options) == Ran(
        0, "", f"#1 Iran  support +6.25 (deal)  Tue 2026-02-24  B2\n{TAKE_BACK}"
    )
    (signal,) = logged(run)
    said = [signal[key] for key in ("date", "grade", "source", "domain", "driver", "actor", "score")]
    assert said == [WHEN, "B2", "Kommersant, 24 February, p. 3", "energy", "war", "third", 6.25]


@pytest.mark.parametrize(
    ("word", "option", "said"),
    [
        ("B2", ["--grade", "C3"], "'B2' is given as a word and 'C3' as an option; say it once"),
        (WHEN, ["--on", WHEN], "'2026-02-24' is given as a word and '2026-02-24' as an option; say it once"),
        (
            "https://x.org",
            ["--source", "y"],
            "'https://x.org' is given as a word and 'y' as an option; say it once",
        ),
        ("war", ["--driver", "war"], "'war' is given as a word and 'war' as an option; say it once"),
        ("energy", ["--domain", "war"], "no domain 'war'; known: "),
        ("by:third", ["--by", "ally"], "'third' is given as a word and 'ally' as an option; say it once"),
    ],
)
def test_what_a_word_and_an_option_both_say_is_refused(run: Run, word: str, option: list[str], said: str) -> None:
    ran = run("log", "iran", "deal", "A pipeline", word, *option)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {said}")
    assert logged(run) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["B2", "C3"], "error: two grades are given: 'B2' and 'C3'\n"),
        ([WHEN, "yesterday"], "error: two dates are given: '2026-02-24' and 'yesterday'\n"),
        (["war", "sanctions"], "error: two drivers are given: 'war' and 'sanctions'\n"),
    ],
)
def test_a_shape_given_twice_is_refused(run: Run, words: list[str], said: str) -> None:
    assert run("log", "iran", "deal", "A pipeline", *words) == Ran(2, "", said)


def test_a_word_of_no_shape_is_refused_with_the_nearest(run: Run) -> None:
    refused(
        run("log", "iran", "deal", "A pipeline", "millitary"),
        2,
        "error: 'millitary' is none of log's words; near: military",
        "hint: words are a grade (B2), a date (24feb, yesterday, 3d), a URL, a domain, a driver, or by:third",
    )


def test_like_takes_date_source_and_grade_from_another(run: Run) -> None:
    run("log", "china", "abstain", "China abstains", WHEN, "C2", "https://x.org", "military", "war", "by:third")
    run("log", "china", "concern", "And voices concern", "--like", "1")
    run("log", "iran", "abstain", "So does Iran", "--like", "last", "B1")
    run("log", "syria", "defend", "But not Syria", "--like", "#1", "--on", "3mar", "--source", "TASS")
    said = [
        tuple(signal[key] for key in ("id", "date", "source", "grade", "domain", "driver", "actor"))
        for signal in logged(run)
    ]
    assert said == [
        (4, "2026-03-03", "TASS", "C2", None, None, "ally"),
        (3, WHEN, "https://x.org", "B1", None, None, "ally"),
        (2, WHEN, "https://x.org", "C2", None, None, "ally"),
        (1, WHEN, "https://x.org", "C2", "military", "war", "third"),
    ]


@pytest.mark.parametrize(
    ("other", "code", "lines"),
    [
        ("7", 3, ("error: no signal #7", "hint: see them with: scrutiny list")),
        ("last", 3, ("error: the ledger has no signal yet",)),
        (
            "first",
            2,
            (
                "error: no signal number 'first'",
                "hint: a signal is named by its number, as in 12, or by: last",
            ),
        ),
    ],
)
def test_like_needs_a_signal_that_is_there(run: Run, other: str, code: int, lines: tuple[str, ...]) -> None:
    refused(run("log", "china", "visit", "Wang Yi in Moscow", "--like", other), code, *lines)
    assert logged(run) == []


@pytest.mark.parametrize(
    ("act", "score", "answered"),
    [
        ("visit", "3.25", "support +3.25 (visit)"),
        ("abstain", "-2", "distancing -2.0 (abstain)"),
        ("listed", "2", "sanctions +2.0 (listed)"),
        ("support", "10", "support +10.0"),
        ("SANCTIONS", ".5", "sanctions +0.5"),
    ],
)
def test_a_score_of_ones_own_keeps_the_act(run: Run, act: str, score: str, answered: str) -> None:
    assert run("log", "iran", act, "Something happens", WHEN, "--score", score) == Ran(
        0, "", f"#1 Iran  {answered}  Tue 2026-02-24  no grade\n{TAKE_BACK}"
    )


@pytest.mark.parametrize(
    ("act", "score", "lines"),
    [
        ("visit", "-2", ("error: a support signal scores above 0, not -2",)),
        ("abstain", "2", ("error: a distancing signal scores below 0, not +2",)),
        ("visit", "10.5", ("error: no score 10.5; a score lies between -10 and +10",)),
        ("visit", "1.005", ("error: the score 1.005 has more than two decimals",)),
        (
            "listed",
            "0",
            ("error: a score of 0 says nothing about the relationship", "hint: leave the signal out"),
        ),
        (
            "visit",
            "nan",
            ("error: no score 'nan'", "hint: a score is a number between -10 and +10, as in -2 or 3.5"),
        ),
        (
            "visit",
            "1e1",
            ("error: no score '1e1'", "hint: a score is a number between -10 and +10, as in -2 or 3.5"),
        ),
    ],
)
def test_a_score_outside_its_kind_or_scale_is_refused(run: Run, act: str, score: str, lines: tuple[str, ...]) -> None:
    refused(run("log", "iran", act, "Something happens", "--score", score), 2, *lines)
    assert logged(run) == []


@pytest.mark.parametrize(
    ("kind", "score"), [("support", "+3.5"), ("distancing", "-2.0"), ("sanctions", "-2.0"), ("Support", "+3.5")]
)
def test_a_bare_kind_takes_its_default_and_no_act(run: Run, kind: str, score: str) -> None:
    assert run("log", "iran", kind, "Something happens", WHEN) == Ran(
        0, "", f"#1 Iran  {kind.casefold()} {score}  Tue 2026-02-24  no grade\n{TAKE_BACK}"
    )
    assert [signal["act"] for signal in logged(run)] == [None]


@pytest.mark.parametrize(
    ("act", "near"), [("meets", "; near: visit, joint"), ("abstian", "; near: abstain"), ("zzz", "")]
)
def test_an_unknown_act_is_refused_with_the_nearest(run: Run, act: str, near: str) -> None:
    refused(
        run("log", "china", act, "Wang Yi in Moscow"),
        2,
        f"error: no act '{act}'{near}",
        "hint: see the whole vocabulary with: scrutiny acts",
    )


def test_an_unknown_ally_is_refused_with_the_command_that_adds_it(run: Run) -> None:
    refused(
        run("log", "Wagner Group", "arms", "It fights"),
        3,
        "error: no ally 'Wagner Group'",
        "hint: to follow an actor that is no state: scrutiny ally add 'Wagner Group'",
    )


def test_an_unknown_ally_is_refused_with_the_nearest(run: Run) -> None:
    refused(
        run("log", "belaruss", "arms", "It fights"),
        3,
        "error: no ally 'belaruss'; near: Belarus",
        "hint: to follow an actor that is no state: scrutiny ally add belaruss",
    )


def test_one_unknown_ally_among_several_leaves_nothing_behind(run: Run) -> None:
    assert run("log", "china,kazakhstan,atlantis", "visit", "Wang Yi in Moscow").code == 3
    assert logged(run) == []
    assert "kazakhstan" not in run("ally", "list", "-f", "csv").out


@pytest.mark.parametrize("name", ["", ",", " , "])
def test_no_ally_at_all_is_refused(run: Run, name: str) -> None:
    refused(run("log", name, "visit", "Wang Yi in Moscow"), 2, "error: no ally is named")


@pytest.mark.parametrize("name", ["russia", "RUS", "Russian Federation", "ru", "china,Russia"])
def test_the_principal_is_no_ally_of_itself(run: Run, name: str) -> None:
    refused(
        run("log", name, "visit", "Putin stays at home"),
        2,
        "error: Russia is the principal, and no ally of itself",
    )
    assert logged(run) == []


@pytest.mark.parametrize(
    ("summary", "shape"),
    [
        ("B2", "grade"),
        ("24feb", "date"),
        ("2026-02-24", "date"),
        ("yesterday", "date"),
        ("3d", "date"),
        ("https://x.org", "source"),
        ("war", "driver"),
        ("Military", "domain"),
        ("by:third", "actor"),
    ],
)
def test_a_summary_that_looks_like_a_word_was_forgotten(run: Run, summary: str, shape: str) -> None:
    refused(
        run("log", "china", "visit", summary),
        2,
        f"error: the summary '{summary}' looks like a {shape}; was the summary forgotten?".replace(
            "a actor", "an actor"
        ),
        'hint: say first what happened: scrutiny log china visit "Wang Yi in Moscow" B2',
    )


def test_a_negative_word_is_answered_with_the_score_option(run: Run) -> None:
    refused(
        run("log", "china", "-2", "It abstains"),
        2,
        "error: no such option: -2",
        "hint: a score is given as --score -2; a text that begins with - comes after --",
    )


def test_a_summary_that_begins_with_a_hyphen_comes_after_two(run: Run) -> None:
    assert run("log", "--grade", "B2", "--", "china", "visit", "-2 degrees in Moscow", WHEN).code == 0
    (signal,) = logged(run)
    assert (signal["summary"], signal["grade"]) == ("-2 degrees in Moscow", "B2")


def test_a_date_in_the_future_is_kept_and_warned_of(run: Run) -> None:
    assert run("log", "china", "visit", "Xi in Moscow", "2026-05-22") == Ran(
        0,
        "",
        f"#1 China  support +2.8 (visit)  Fri 2026-05-22  no grade\n{TAKE_BACK}"
        "warning: 2026-05-22 is in the future\n",
    )


@pytest.mark.parametrize(
    ("summary", "source", "said"),
    [
        ("Xi in Moscow", "https://y.org", "warning: #1 has the same ally, date and summary: Xi in Moscow\n"),
        ("Xi at the Kremlin", "https://x.org", "warning: #1 has the same ally, date and source: Xi in Moscow\n"),
        ("Xi at the Kremlin", "https://y.org", ""),
    ],
)
def test_a_likely_repeat_is_kept_and_warned_of(run: Run, summary: str, source: str, said: str) -> None:
    run("log", "china", "visit", "Xi in Moscow", WHEN, "https://x.org")
    assert run("log", "china", "visit", summary, WHEN, source) == Ran(
        0,
        "",
        "#2 China  support +2.8 (visit)  Tue 2026-02-24  no grade\ntake it back: scrutiny undo 3\n" + said,
    )


@pytest.mark.parametrize(
    "other", [("china", "visit", "Xi in Moscow", "23feb"), ("iran", "visit", "Xi in Moscow", WHEN)]
)
def test_another_day_or_ally_is_no_repeat(run: Run, other: tuple[str, ...]) -> None:
    run("log", "china", "visit", "Xi in Moscow", WHEN, "https://x.org")
    assert "warning" not in run("log", *other, "https://x.org").err


def test_what_was_taken_back_is_no_repeat(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow", WHEN)
    run("undo")
    assert "warning" not in run("log", "china", "visit", "Xi in Moscow", WHEN).err


@pytest.mark.parametrize(("given", "missing"), [((), "ALLY"), (("china",), "ACT"), (("china", "visit"), "SUMMARY")])
@pytest.mark.parametrize("flags", [(), ("--no-input",)])
def test_missing_words_without_a_terminal_are_refused_not_asked_for(
    run: Run, place: str, given: tuple[str, ...], missing: str, flags: tuple[str, ...]
) -> None:
    refused(
        run("log", *given, *flags, stdin="china\nvisit\nXi in Moscow\n\n\n\n"),
        2,
        f"error: {missing} is missing",
        'hint: as in: scrutiny log china visit "Wang Yi in Moscow" B2',
    )
    assert not is_there(place)


@pytest.mark.parametrize("summary", ["a\tb\nc", "a\r\nb   c", "  a b c\n"])
def test_tabs_and_line_breaks_in_a_summary_become_one_space(run: Run, summary: str) -> None:
    assert run("log", "china", "visit", summary).code == 0
    assert [signal["summary"] for signal in logged(run)] == ["a b c"]


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x80", "\x9b"])
def test_control_characters_are_refused(run: Run, sign: str) -> None:
    code = f"U+{ord(sign):04X}"
    refused(
        run("log", "china", "visit", f"Xi{sign}[31m"), 2, f"error: the summary holds the control character {code}"
    )
    refused(
        run("log", "china", "visit", "Xi in Moscow", "--source", f"a{sign}"),
        2,
        f"error: the source holds the control character {code}",
    )
    refused(
        run("log", "china", "visit", "Xi in Moscow", f"https://x{sign}.org"),
        2,
        f"error: the source holds the control character {code}",
    )
    assert logged(run) == []


def test_a_bidi_control_is_kept_and_shown_as_its_code(run: Run) -> None:
    assert run("log", "china", "visit", "Xi \u202ein Moscow").code == 0
    assert "Xi \\u202ein Moscow\n" in run("show", "1").out
    assert [signal["summary"] for signal in logged(run)] == ["Xi \u202ein Moscow"]


@pytest.mark.parametrize("summary", ["", "   ", "\n"])
def test_an_empty_summary_is_refused(run: Run, summary: str) -> None:
    refused(run("log", "china", "visit", summary), 2, "error: the summary is empty")


@pytest.mark.parametrize(
    ("length", "code"),
    [(10_000, 0), (10_001, 2)],
)
def test_an_endless_summary_is_refused(run: Run, length: int, code: int) -> None:
    assert run("log", "china", "visit", "a" * length).code == code


def test_help_states_the_rule_that_tells_the_kinds_apart(run: Run) -> None:
    said = " ".join(run("log", "--help").out.split())
    assert (
        "Which kind? sanctions is somebody's sanctions measure or its direct result; "
        "an ally's own free choice is support or distancing."
    ) in said


Spawn = Callable[..., "pexpect.spawn[str]"]


@pytest.fixture
def terminal(home: Path) -> Spawn:
    """The program on a real terminal."""

    def spawn(*args: str) -> "pexpect.spawn[str]":
        return pexpect.spawn(
            sys.executable,
            ["-m", "scrutiny", *args],
            encoding="utf-8",
            timeout=10,
            env={**os.environ, "TERM": "dumb"},
        )

    return spawn


def ended(child: "pexpect.spawn[str]") -> tuple[str, int | None]:
    """What was said to the end, and the exit code."""
    child.expect(pexpect.EOF)
    child.close()
    return (child.before or "").replace("\r\n", "\n"), child.exitstatus


forks = pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")


@pytest.mark.file
@forks
def test_on_a_terminal_what_is_missing_is_asked_for_until_it_can_be_read(terminal: Spawn, run: Run) -> None:
    child = terminal("log")
    for label, wrong, complaint, right in (
        ("Ally: ", "belaruss", "no ally 'belaruss'; near: Belarus", "belarus"),
        ("Act: ", "meets", "no act 'meets'; near: visit, joint", "visit"),
        ("Summary: ", "B2", "the summary 'B2' looks like a grade", "Lukashenko in Sochi"),
        ("Grade (as B2; empty for none): ", "Z9", "no grade 'Z9'", "b2"),
        ("Date (empty for today): ", "01/02/2026", "can be read in more than one way", WHEN),
    ):
        child.expect_exact(label)
        child.sendline(wrong)
        child.expect_exact(complaint)
        child.expect_exact(label)
        child.sendline(right)
    child.expect_exact("Source (empty for none): ")
    child.sendline("")
    said, code = ended(child)
    assert code == 0
    assert "#1 Belarus  support +2.8 (visit)  Tue 2026-02-24  B2\n" in said
    (signal,) = logged(run)
    assert (signal["summary"], signal["grade"], signal["source"]) == ("Lukashenko in Sochi", "B2", None)


@pytest.mark.file
@forks
def test_on_a_terminal_only_what_is_missing_is_asked_for(terminal: Spawn, run: Run) -> None:
    child = terminal("log", "china", "visit", "--on", WHEN, "--grade", "B2", "--source", "TASS")
    child.expect_exact("Summary: ")
    child.sendline("Wang Yi in Moscow")
    said, code = ended(child)
    assert (code, "?" in said, ": " in said.partition("#1")[0]) == (0, False, False)
    assert [signal["summary"] for signal in logged(run)] == ["Wang Yi in Moscow"]


@pytest.mark.file
@forks
def test_blanks_are_no_answer_to_what_must_be_said(terminal: Spawn, run: Run) -> None:
    child = terminal("log", "--on", WHEN, "--grade", "B2", "--source", "TASS")
    for label, complaint, right in (
        ("Ally: ", "no ally is named", "china"),
        ("Act: ", "no act", "visit"),
        ("Summary: ", "the summary is empty", "Wang Yi in Moscow"),
    ):
        child.expect_exact(label)
        child.sendline("  ")
        child.expect_exact(complaint)
        child.expect_exact(label)
        child.sendline(right)
    assert ended(child)[1] == 0
    assert [signal["summary"] for signal in logged(run)] == ["Wang Yi in Moscow"]


@pytest.mark.file
@forks
def test_no_input_is_not_asked_for_on_a_terminal_either(terminal: Spawn) -> None:
    said, code = ended(terminal("log", "china", "--no-input"))
    assert (said.splitlines()[0], code) == ("error: ACT is missing", 2)


@pytest.mark.file
@forks
@pytest.mark.parametrize("key", ["c", "d"])
def test_leaving_a_prompt_is_quiet_and_records_nothing(terminal: Spawn, run: Run, key: str) -> None:
    child = terminal("log", "china", "visit")
    child.expect_exact("Summary: ")
    child.sendcontrol(key)
    said, code = ended(child)
    assert (said.replace("^C", "").replace("^D", "").replace("\x08", "").strip(), code) == ("", 130)
    assert logged(run) == []
