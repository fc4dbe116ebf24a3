"""memo: an ally a paragraph in Markdown, built from the figures, with the signals that it rests on."""

import json
import re
from pathlib import Path

import pytest

from tests.conftest import SAMPLE_DAY, Clock, Run

DAY = ("--as-of", SAMPLE_DAY)
URL = "https://example.org/a_(b)?x=1&copy=2|3"


def sections(markdown: str) -> dict[str, str]:
    """What stands below each heading."""
    parts = re.split(r"^## (.*)\n", markdown, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.usefixtures("sample")
def test_an_ally_is_a_paragraph_from_what_changed_to_what_would_change_our_mind(run: Run) -> None:
    assert sections(run("memo", "--since", "7d", *DAY).out)["China"] == (
        "\n**What changed.** China's level rose from +0.2 on 13 May 2026 to +1.0 on 20 May 2026. 1 signal moved it "
        "by +0.81, the passing of time by 0.00. It had no clear direction then and is strengthening now. "
        "**How likely.** It is likely (74%) that China is on Russia's side. "
        "It is likely (66%) that the relationship has strengthened since 19 Feb 2026. "
        "**Confidence.** It is low: without \\#90 nothing is left of it. "
        "**What would change our mind.** One more B1 signal at -0.2 on 20 May 2026 would already take the direction "
        "away; one at -5.5 would turn it.\n\n"
        "**Why.**\n\n"
        "- \\#90, 20 May 2026, joint +5.0, graded C2, moved it by +0.81: Xi and Putin sign a declaration on a "
        "multipolar world in Beijing, days after a visit by Trump. "
        "[theactualnews.org](<https://theactualnews.org/article/141829>)\n\n"
    )


@pytest.mark.usefixtures("sample")
def test_its_figures_are_those_of_changes(run: Run) -> None:
    found = json.loads(run("changes", "--since", "60d", *DAY, "--format", "json").out)
    said = sections(run("memo", "--since", "60d", *DAY).out)
    for one in found["allies"]:
        if one["name"] in said:
            then, now = f"{one['level_then']:+.1f}", f"{one['level']:+.1f}"
            moved = (
                f" from {then} on 21 Mar 2026 to {now} on 20 May 2026." if then != now else f" stayed at {now} from "
            )
            assert moved in said[one["name"]]
            assert all(f"\\#{number}," in said[one["name"]] for number in one["signals"])
    assert {one["name"] for one in found["allies"] if one["signals"] or one["turned"]} == said.keys() - {
        "The rest",
        "How to read this",
    }


@pytest.mark.usefixtures("sample")
def test_likelihood_and_confidence_never_share_a_sentence(run: Run) -> None:
    words = r"(almost certain|likely|unlikely|roughly even chance|almost no chance) \("
    for sentence in re.split(r"(?<=[.!?]) ", run("memo", "--since", "1y", *DAY).out):
        assert not (re.search(words, sentence) and re.search(r"(?i)confidence|hangs|without \\#", sentence)), sentence


@pytest.mark.usefixtures("sample")
def test_allies_without_news_share_a_line(run: Run) -> None:
    said = sections(run("memo", "--since", "1d", *DAY).out)
    assert list(said) == ["China", "The rest", "How to read this"]
    assert "No news of North Korea +4.3, Belarus +3.5, Iran +1.7, Syria +1.5, India -0.7." in said["The rest"]


@pytest.mark.usefixtures("sample")
def test_a_direction_that_turned_by_time_alone_is_explained_by_the_window(run: Run) -> None:
    said = sections(run("memo", "india", "--since", "30d", *DAY).out)["India"]
    assert "No signal came in; the passing of time moved it by -0.05." in said
    assert "**Why.** No signal came in since 20 Apr 2026. Over the 90 days since 19 Feb 2026:\n\n- \\#86," in said


@pytest.mark.usefixtures("sample")
def test_a_note_is_quoted_with_the_model_s_figures_of_its_day(run: Run) -> None:
    run("note", "china", "Beijing hedges", "--on", "2026-05-19")
    run("note", "syria", "Damascus drifts", "--on", "2026-05-18")
    run("note", "china", "Too late to be known", "--on", "2026-05-21")
    said = sections(run("memo", "--since", "7d", *DAY).out)
    assert said["China"].endswith(
        "**In our own words.**\n\n> Beijing hedges\n>\n"
        "> ana, 19 May 2026 · the model for that day, as known now: level +0.2 (-2.9..+3.2), no clear direction\n\n"
    )
    assert "> Damascus drifts" in said["Syria"]  # a note is news, also where no signal is
    assert "Too late" not in str(said)


@pytest.mark.usefixtures("sample")
def test_private_signals_count_and_are_not_quoted(run: Run) -> None:
    before = run("memo", "china", *DAY).out
    assert run("edit", "90", "--private").code == 0
    after = run("memo", "china", *DAY).out
    assert "multipolar" not in after
    assert "theactualnews" not in after
    assert "moved it by +0.81: (private)." in after
    assert "1 signal is private: counted in every figure, but not quoted." in after
    assert run("memo", "china", "--private", *DAY).out == before


@pytest.mark.usefixtures("sample")
def test_a_private_signal_of_the_window_is_counted_where_it_is_cited_and_only_there(run: Run) -> None:
    assert run("edit", "86", "--private").code == 0
    said = run("memo", "india", "--since", "30d", *DAY).out
    assert "moved it by +0.54: (private)." in said
    assert "1 signal is private" in said
    assert run("edit", "13", "--private").code == 0  # an old one of China's, which no memo of the week cites
    assert "private" not in run("memo", "china", *DAY).out


@pytest.mark.usefixtures("new")
def test_what_is_private_now_is_not_quoted_from_before_either(run: Run, clock: Clock) -> None:
    clock("2026-05-10T10:00:00")
    run("log", "iran", "visit", "A secret visit", "2026-05-09", "https://leak.example/1")
    clock("2026-05-11T10:00:00")
    run("edit", "1", "--private")
    clock("2026-05-12T10:00:00")
    for before in ((), ("--known", "2026-05-10")):
        out = run("memo", "--since", "30d", *before).out
        assert "moved it by" in out
        assert "secret" not in out
        assert "leak.example" not in out
    run("edit", "1", "--public")
    assert "secret" in run("memo", "--since", "30d").out
    assert "secret" not in run("memo", "--since", "30d", "--known", "2026-05-11").out


@pytest.mark.usefixtures("sample")
def test_title_and_author_stand_at_the_top_and_a_file_takes_it(run: Run, home: Path) -> None:
    args = ("memo", *DAY, "--title", "Friday *memo*", "--author", "The desk")
    ran = run(*args, "--output", "memo.md")
    assert (ran.code, ran.out) == (0, "")
    text = (home / "memo.md").read_text("utf-8")
    assert text.startswith(
        "# Friday \\*memo\\*\n\n*What changed from 13 May 2026 to 20 May 2026*\n\n*The desk*\n\n## Belarus\n"
    )
    assert text == run(*args).out


@pytest.mark.usefixtures("new")
def test_an_empty_ledger_has_nothing_new(run: Run) -> None:
    ran = run("memo")
    assert ran.code == 0
    assert "## Nothing new\n\nNo signal is logged up to this day." in ran.out


@pytest.mark.usefixtures("new")
def test_an_ally_whose_signals_weigh_nothing_has_no_level_to_speak_of(run: Run) -> None:
    run("log", "iran", "visit", "A rumour", "E5", "2026-05-20")
    said = sections(run("memo").out)["Iran"]
    assert said == (
        "\n**What changed.** Iran has no level: no signal up to 21 May 2026 weighs anything by its grade.\n\n"
        "**Why.**\n\n- \\#1, 20 May 2026, visit +2.8, graded E5, weighs nothing by its grade: A rumour.\n\n"
    )


@pytest.mark.usefixtures("new")
def test_a_note_on_an_ally_without_signals_is_no_word_on_its_level(run: Run) -> None:
    run("note", "china", "Silence so far", "--on", "2026-05-20")
    said = sections(run("memo").out)["China"]
    assert said.startswith("\nNo signal is logged up to this day.\n\n**In our own words.**\n\n> Silence so far\n")


@pytest.mark.usefixtures("new")
def test_a_note_of_the_day_itself_is_no_news_since_it(run: Run) -> None:
    run("note", "china", "Of that day", "--on", "2026-05-14")
    assert "China" not in sections(run("memo", "--since", "2026-05-14", "--as-of", "2026-05-20").out)
    assert "China" in sections(run("memo", "--since", "2026-05-13", "--as-of", "2026-05-20").out)


@pytest.mark.usefixtures("new")
def test_a_first_level_and_too_few_signals_are_said_to_be_so(run: Run) -> None:
    run("log", "iran", "visit", "A visit", "2026-05-20")
    said = sections(run("memo").out)["Iran"]
    assert "Iran had no level on 14 May 2026; on 21 May 2026 it is +1.7." in said
    assert "There are too few signals to say whether it moved over the last 90 days." in said
    assert "**Confidence.** None is stated, since no direction is." in said
    assert (
        "**What would change our mind.** No one more signal can give it a direction while there are too few of them."
        in said
    )
    assert "2026, visit +" in said
    assert "ungraded, moved it by +" in said


@pytest.mark.usefixtures("new")
def test_where_all_signals_are_of_the_window_there_is_nothing_to_compare_with(run: Run) -> None:
    for day in range(1, 6):
        run("log", "iran", "visit", f"Visit {day}", f"2026-05-{day + 10}", "B2")
    said = sections(run("memo").out)["Iran"]
    assert "There is no signal up to 20 Feb 2026 to compare with, so no direction is said." in said
    assert "give it a direction while there are none from before the window to compare with." in said
    assert "too few" not in said


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    "as_of", ["2022-03-05", "2022-06-10", "2023-03-16", "2024-07-09", "2025-03-20", "2025-12-20"]
)
def test_what_was_said_of_a_direction_before_is_said(run: Run, as_of: str) -> None:
    args = ("--since", "40d", "--as-of", as_of)
    out = run("memo", *args).out
    turned = re.findall(r"It (was|had) [a-z ]+ then and (is [a-z]+|has no clear direction) now\.", out)
    changed = json.loads(run("changes", *args, "--format", "json").out)["turned"]
    assert len(turned) == len(changed)


@pytest.mark.parametrize("args", [("--origin", "feeds"), ("--by", "third")])
@pytest.mark.usefixtures("new")
def test_where_only_other_signals_are_logged_it_is_such_that_are_missing(run: Run, args: tuple[str, ...]) -> None:
    run("log", "iran", "visit", "A visit", "2026-05-20")
    assert "No such signal is logged up to this day." in run("memo", *args).out


@pytest.mark.usefixtures("new")
def test_many_signals_are_cut_to_those_that_moved_most_and_the_rest_is_summed(run: Run) -> None:
    for day in range(1, 9):
        run("log", "iran", "visit", f"Visit {day}", f"2026-05-{day + 10}", "B2")
    said = sections(run("memo", "--since", "30d").out)["Iran"]
    assert len(re.findall(r"^- \\#", said, re.MULTILINE)) == 5
    assert re.search(r"^- 3 others, together \+0\.\d\d\.$", said, re.MULTILINE)


@pytest.mark.usefixtures("new")
def test_what_moved_most_comes_first_whichever_way(run: Run) -> None:
    for day, act in enumerate(("visit", "visit", "curb", "visit", "halt"), 11):
        run("log", "iran", act, f'He said "on day {day}."', f"2026-05-{day}", "B2")
    said = sections(run("memo", "--since", "30d").out)["Iran"]
    moved = list(map(float, re.findall(r"moved it by ([+-][0-9.]+):", said)))
    assert len(moved) == 5
    assert moved == sorted(moved, key=abs, reverse=True)
    assert moved != sorted(moved, reverse=True)
    assert said.count('."\n') == 5  # where a sentence has ended already


@pytest.mark.usefixtures("new")
def test_a_source_is_a_link_named_by_its_host_and_a_citation_stays_text(run: Run) -> None:
    run("log", "iran", "visit", "One", "2026-05-20", URL)
    run("log", "iran", "visit", "Two", "2026-05-19", "--source", "Kommersant, p. 3")
    run("log", "iran", "visit", "Three", "2026-05-18", "--source", "https://safe.example@evil.example/x y")
    run("log", "iran", "visit", "Four", "2026-05-17", "https://safe.example@evil.example/<b>")
    out = run("memo").out
    assert "One. [example.org](<https://example.org/a_(b)?x=1&amp;copy=2%7C3>)\n" in out
    assert "Two. Kommersant, p. 3.\n" in out
    assert "Three. https&#58;//safe.example\\@evil.example/x y.\n" in out
    assert "Four. [evil.example](<https://safe.example@evil.example/%3Cb%3E>)\n" in out


@pytest.mark.parametrize(
    ("args", "refused"),
    [
        (["--since", "2026-06-01"], "--since 2026-06-01 is after --as-of 2026-05-20"),
        (["--title", ""], "the title is empty"),
        (["--author", "\x1b[31m"], "the author holds the control character U+001B"),
    ],
)
@pytest.mark.usefixtures("sample")
def test_what_makes_no_memo_is_refused(run: Run, args: list[str], refused: str) -> None:
    ran = run("memo", *args, *DAY)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {refused}\n")


@pytest.mark.usefixtures("sample")
def test_an_unknown_ally_is_named_with_its_exit_code(run: Run) -> None:
    assert run("memo", "chnia").code == 3
