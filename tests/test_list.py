"""list and show: every filter, every form, and what is said when not all is shown."""

import csv
import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from scrutiny.core.days import HINT
from scrutiny.core.filters import Filter
from scrutiny.core.judge import Judge
from scrutiny.core.shares import signal_days
from scrutiny.store.opening import open_ledger
from tests.conftest import Ran, Run, run_program
from tests.stores import Store, is_there

Row = dict[str, str]

KEYS = (
    "id uid date ally act actor kind score grade domain driver origin private source recorded_at recorded_by summary"
).split()

ROWS = list(csv.DictReader(files("scrutiny.sample").joinpath("signals.csv").read_text("utf-8").splitlines()))


def listed(run: Run, *args: str) -> list[dict[str, Any]]:
    """The signals that a list shows, newest first."""
    ran = run("list", "--limit", "0", *args, "-f", "json")
    assert (ran.code, ran.err) == (0, "")
    signals: list[dict[str, Any]] = json.loads(ran.out)["signals"]
    return signals


def ids(run: Run, *args: str) -> list[int]:
    return [signal["id"] for signal in listed(run, *args)]


def rows(of: Callable[[Row], bool]) -> list[int]:
    """The numbers of the sample's rows of which it holds, the newest first; the file is in order."""
    return [number for number, row in reversed(list(enumerate(ROWS, 1))) if of(row)]


@pytest.mark.parametrize(
    ("asked", "of"),
    [
        ("", lambda r: True),
        ("china", lambda r: r["ally"] == "China"),
        ("CHN", lambda r: r["ally"] == "China"),
        ("china dprk", lambda r: r["ally"] in ("China", "North Korea")),
        ("china,DPRK,china", lambda r: r["ally"] in ("China", "North Korea")),
        ("--kind sanctions", lambda r: r["kind"] == "sanctions"),
        ("--kind support --kind distancing", lambda r: r["kind"] != "sanctions"),
        ("--kind support,Distancing", lambda r: r["kind"] != "sanctions"),
        ("--act abstain", lambda r: r["act"] == "abstain"),
        ("--act abstain,joint --act Veto", lambda r: r["act"] in ("abstain", "joint", "veto")),
        ("--by third", lambda r: r["actor"] == "third"),
        ("--by third,principal", lambda r: r["actor"] != "ally"),
        ("--domain energy", lambda r: r["domain"] == "energy"),
        ("--domain energy,technology", lambda r: r["domain"] in ("energy", "technology")),
        ("--driver power-shift", lambda r: r["driver"] == "power-shift"),
        ("--driver home-politics,war", lambda r: r["driver"] in ("home-politics", "war")),
        ("--grade B2", lambda r: r["grade"] == "B2"),
        ("--grade b", lambda r: r["grade"].startswith("B")),
        ("--grade B1,C", lambda r: r["grade"] == "B1" or r["grade"].startswith("C")),
        ("--origin desk", lambda r: True),
        ("--origin feeds", lambda r: False),
        ("--origin all", lambda r: True),
        ("--origin gdelt", lambda r: False),
        ("--batch 1", lambda r: True),
        ("--batch 2", lambda r: False),
        ("--since 2026-02-24", lambda r: r["date"] >= "2026-02-24"),
        ("--until 2022-03-02", lambda r: r["date"] <= "2022-03-02"),
        ("--since 2026-02-24 --until 2026-02-24", lambda r: r["date"] == "2026-02-24"),
        ("--since 90d", lambda r: r["date"] >= "2026-02-20"),
        ("--recorded-by ana", lambda r: True),
        ("--recorded-by boris", lambda r: False),
        ("--no-act", lambda r: r["act"] == ""),
        (
            "china --kind sanctions --domain economic --since 2024-01-01",
            lambda r: (
                r["ally"] == "China"
                and r["kind"] == "sanctions"
                and r["domain"] == "economic"
                and r["date"] >= "2024-01-01"
            ),
        ),
    ],
)
def test_a_filter_shows_what_it_says_and_nothing_else(
    run: Run, sample: Path, asked: str, of: Callable[[Row], bool]
) -> None:
    assert ids(run, *asked.split()) == rows(of)


@pytest.fixture(scope="module")
def desk_template(store: Store) -> str:
    """A few signals that differ in what search and the rarer filters look at."""
    place = store.lasting()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCRUTINY_DB", place)
        patched.setenv("SCRUTINY_USER", "ana")
        for args in (
            ("china", "visit", "Wang Yi visits Kazań, Crème brûlée served", "2026-01-01", "B2"),
            ("china", "support", "The STRASSE of Großstadt is named for Şahin", "2026-01-02", "https://tass.com/x"),
            ("iran", "sanctions", "UN-sanctioned tankers; Ὀδυσσεύς sails", "2026-01-03", "D6"),
            ("iran", "deny", "Tehran's answer: 'nothing'", "2026-01-04", "--source", "Le Monde, p. 3"),
        ):
            assert run_program("log", *args).code == 0
    return place


@pytest.fixture
def desk(store: Store, home: Path, desk_template: str) -> str:
    """The same as the test's own ledger."""
    return store.copy(desk_template, home)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("wang", [1]),
        ("WANG", [1]),
        ("visi", [1]),
        ("isit", []),
        ("wang moscow", []),
        ("served wang", [1]),
        ("kazan", [1]),
        ("KAZAŃ", [1]),
        ("creme brulee", [1]),
        ("strasse", [2]),
        ("grossstadt", [2]),
        ("GROẞSTADT", [2]),
        ("sahin", [2]),
        ("οδυσσευσ", [3]),
        ("un sanctioned", [3]),
        ("UN-sanctioned", [3]),
        ("tass", [2]),
        ("https://tass.com/x", [2]),
        ("monde", [4]),
        ("tehran's", [4]),
        ('"nothing"', [4]),
        ("na* OR wa*", []),
        ("wang AND yi", []),
        ("-served", [1]),
        ("wa ka", [1]),
        ("T", [4, 3, 2]),
    ],
)
@pytest.mark.usefixtures("desk")
def test_search_asks_for_every_word_as_the_beginning_of_one(run: Run, text: str, found: list[int]) -> None:
    assert ids(run, f"--search={text}") == found


@pytest.mark.parametrize("text", ["", "  ", "...", '"'])
def test_search_without_a_word_is_refused(run: Run, text: str) -> None:
    assert run("list", "--search", text) == Ran(2, "", f"error: '{text}' has no word to search for\n")


@pytest.mark.parametrize(
    ("asked", "found"), [("--no-act", [3, 2]), ("--grade none", [4, 2]), ("--grade none,B", [4, 2, 1])]
)
@pytest.mark.usefixtures("desk")
def test_what_is_absent_can_be_asked_for(run: Run, asked: str, found: list[int]) -> None:
    assert ids(run, *asked.split()) == found


@pytest.mark.usefixtures("desk")
def test_recorded_by_tells_authors_apart(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRUTINY_USER", "boris")
    run("log", "syria", "visit", "Sharaa in Moscow")
    assert (ids(run, "--recorded-by", "boris"), len(ids(run, "--recorded-by", "ana"))) == ([5], 4)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("--kind suport", "error: no kind 'suport'; near: support\n"),
        ("--by me", "error: no actor 'me'; known: ally, principal, third\n"),
        ("--domain energie", "error: no domain 'energie'; near: energy\n"),
        ("--driver wars", "error: no driver 'wars'; near: war\n"),
        (
            "--act meets",
            "error: no act 'meets'; near: visit, joint\nhint: see the whole vocabulary with: scrutiny acts\n",
        ),
        ("--grade B7", "error: no grade 'B7'\nhint: a grade is B2, a letter of ABCDEF, or none\n"),
        ("--since soon", f"error: no date 'soon'\nhint: {HINT}\n"),
        ("--since 2026-03-01 --until 2026-02-01", "error: --since 2026-03-01 is after --until 2026-02-01\n"),
    ],
)  # fmt: skip
def test_a_wrong_filter_is_refused_by_name_with_the_nearest(run: Run, sample: Path, asked: str, said: str) -> None:
    assert run("list", *asked.split()) == Ran(2, "", said)


def test_a_filter_for_an_unknown_ally_is_refused(run: Run, sample: Path) -> None:
    ran = run("list", "china,narnia")
    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (3, "", "error: no ally 'narnia'")


def test_fifty_are_shown_unless_told_otherwise_and_the_cut_is_said(run: Run, sample: Path) -> None:
    cut = run("list", "-f", "json")
    assert [signal["id"] for signal in json.loads(cut.out)["signals"]] == list(range(90, 40, -1))
    assert cut.err == "note: 50 of 90 signals are shown; --limit 0 shows all\n"
    assert run("list", "--limit", "90").err == ""
    assert run("list", "--limit", "0").err == ""
    assert run("list", "china", "--limit", "2").err == "note: 2 of 19 signals are shown; --limit 0 shows all\n"


@pytest.mark.parametrize(("counted", "said"), [(18, "over 18"), (19, "19"), (20, "19")])
def test_of_many_that_have_to_be_counted_one_by_one_it_says_that_they_are_more(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch, counted: int, said: str
) -> None:
    monkeypatch.setattr("scrutiny.store.ledger.COUNTED", counted)
    cut = "signals are shown; --limit 0 shows all\n"
    for asked in (("list", "china", "--batch", "1"), ("list", "china", "--search", "a")):
        assert run(*asked, "--limit", "2").err == f"note: 2 of {said} {cut}", asked
    level = run("explain", "china", "--as-of", "2026-05-20", "--level", "--batch", "1", "--limit", "2")
    assert level.err == f"note: 2 of {said} {cut}"
    assert run("list", "--limit", "2").err == f"note: 2 of 90 {cut}"  # which the sums tell


@pytest.mark.parametrize("counted", [5, 18])
def test_a_cut_is_said_however_many_are_shown(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch, counted: int
) -> None:
    monkeypatch.setattr("scrutiny.store.ledger.COUNTED", counted)
    asked = ("list", "china", "--batch", "1", "--limit")
    assert run(*asked, "18").err == "note: 18 of over 18 signals are shown; --limit 0 shows all\n"
    assert run(*asked, "19").err == ""


@pytest.fixture
def two(run: Run) -> None:
    """Two signals, one with all its parts and one with none."""
    run("log", "china", "abstain", "China | abstains", "2026-02-24", "C2", "https://x.org/a_b", "diplomatic", "war",
        "by:third")  # fmt: skip
    run("log", "iran", "support", "Iran <agrees>", "2026-02-25")


@pytest.mark.usefixtures("two")
def test_the_table_is_whole_and_plain_when_piped(run: Run) -> None:
    assert run("list") == Ran(
        0,
        "2 signals\n"
        "    date        ally   act      by     score  grade  domain      driver  summary\n"
        "#2  2026-02-25  Iran   support  ally    +3.5                             Iran <agrees>\n"
        "#1  2026-02-24  China  abstain  third   -1.0  C2     diplomatic  war     China | abstains\n",
        "",
    )


@pytest.mark.usefixtures("two")
def test_markdown_shows_text_as_text(run: Run) -> None:
    assert run("list", "-f", "markdown") == Ran(
        0,
        "# 2 signals\n\n"
        "|  | date | ally | act | by | score | grade | domain | driver | summary |\n"
        "| ---: | --- | --- | --- | --- | ---: | --- | --- | --- | --- |\n"
        "| \\#2 | 2026-02-25 | Iran | support | ally | +3.5 |  |  |  | Iran \\<agrees\\> |\n"
        "| \\#1 | 2026-02-24 | China | abstain | third | -1.0 | C2 | diplomatic | war | China \\| abstains |\n",
        "",
    )


@pytest.mark.usefixtures("two")
def test_csv_has_one_value_a_cell_under_stable_keys(run: Run) -> None:
    found = list(csv.reader(run("list", "-f", "csv").out.splitlines()))
    keys = found[0]
    assert keys == KEYS
    bare = [{key: cell for key, cell in zip(keys, row, strict=True)} for row in found[1:]]  # noqa: C416
    for row in bare:
        assert (len(row.pop("uid")), row.pop("recorded_at")[-1]) == (32, "Z")
    assert [list(row.values()) for row in bare] == [
        ["2", "2026-02-25", "iran", "", "ally", "support", "3.5", "", "", "", "desk", "false", "", "ana",
         "Iran <agrees>"],
        ["1", "2026-02-24", "china", "abstain", "third", "distancing", "-1.0", "C2", "diplomatic", "war", "desk",
         "false", "https://x.org/a_b", "ana", "China | abstains"],
    ]  # fmt: skip


@pytest.mark.usefixtures("two")
def test_json_has_null_where_there_is_nothing(run: Run) -> None:
    first = listed(run)[0]
    assert [key for key, value in first.items() if value is None] == ["act", "grade", "domain", "driver", "source"]


@pytest.mark.usefixtures("two")
def test_a_list_goes_into_a_file(run: Run, home: Path) -> None:
    out = run("list", "-f", "csv").out
    assert run("list", "-f", "csv", "--output", "signals.csv") == Ran(0, "", "")
    assert (home / "signals.csv").read_text("utf-8") == out


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("table", "0 signals\n"),
        ("json", '{\n  "signals": []\n}\n'),
        (
            "csv",
            f"{','.join(KEYS)}\n",
        ),
    ],
)
def test_nothing_found_is_said_in_every_form(run: Run, sample: Path, form: str, said: str) -> None:
    assert run("list", "--search", "unfindable", "-f", form) == Ran(0, said, "")


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("name", ["1", "#1"])
def test_show_gives_one_signal_whole(run: Run, name: str) -> None:
    ran = run("show", name)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[:10] == [
        "#1 China · distancing -1.0",
        "Summary   China | abstains",
        "Date      Tue 2026-02-24",
        "Act       abstain: abstains against its wish",
        "Actor     third",
        "Domain    diplomatic",
        "Driver    war",
        "Source    https://x.org/a_b",
        "Grade     C2, weighs 0.375",
        "Origin    desk",
    ]
    assert lines[10].startswith("Recorded  ")
    assert lines[10].endswith(" by ana (change 2)")
    assert lines[11].startswith("uid       ")
    assert lines[12].split() == ["change", "when", "who"]
    assert lines[13].endswith("ana  added (log: china abstain)")
    assert len(lines) == 14


@pytest.mark.usefixtures("two")
def test_show_says_what_is_absent(run: Run) -> None:
    said = run("show", "2").out.splitlines()
    assert [line for line in said if line.startswith(("Act ", "Grade", "Domain", "Driver", "Source"))] == [
        "Act       none: scored by its kind alone",
        "Grade     none, weighs 0.25",
    ]


@pytest.mark.usefixtures("two")
def test_last_is_the_signal_logged_last(run: Run) -> None:
    assert run("show", "last") == run("show", "2")
    run("undo")
    assert run("show", "Last") == run("show", "1")


@pytest.mark.usefixtures("two")
def test_show_in_json_and_csv_has_the_same_keys(run: Run) -> None:
    (shown,) = json.loads(run("show", "1", "-f", "json").out)["signal"]
    (row,) = csv.DictReader(run("show", "1", "-f", "csv").out.splitlines())
    assert list(shown) == list(row)
    assert (shown["weight"], shown["removed"], shown["change"]) == (0.375, False, 2)


def test_a_signal_taken_back_is_shown_as_removed_and_not_listed(run: Run) -> None:
    run("log", "china", "visit", "Xi in Moscow")
    run("undo")
    assert run("show", "1").out.splitlines()[0] == "#1 China · support +2.8 · removed"
    assert run("list").out == "0 signals\n"


@pytest.mark.parametrize(
    ("name", "ran"),
    [
        ("3", Ran(3, "", "error: no signal #3\nhint: see them with: scrutiny list\n")),
        ("0", Ran(3, "", "error: no signal #0\nhint: see them with: scrutiny list\n")),
        (
            "x",
            Ran(2, "", "error: no signal number 'x'\n"
                       "hint: a signal is named by its number, as in 12, or by: last\n"),
        ),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("two")
def test_an_unknown_signal_is_said_to_be_unknown(run: Run, name: str, ran: Ran) -> None:
    assert run("show", name) == ran


def test_the_last_of_none_is_unknown(run: Run, place: str) -> None:
    ran = run("show", "last")
    assert (ran.code, ran.err.splitlines()[-1]) == (3, "error: the ledger has no signal yet")
    assert not is_there(place)


# -- the days that the model did not see coming


def foreseen(place: str) -> dict[tuple[str, str], float]:
    """How far out each signal day of the sample was, by ally and day, as the judge says."""
    found: dict[tuple[str, str], float] = {}
    with open_ledger(place, writing=False, author="ana") as ledger:
        for days in ledger.days(Filter(origins=("desk",))):
            judge = Judge(signal_days(days))
            found |= {(days.ally, day.on.isoformat()): judge.surprise(at) for at, day in enumerate(judge.days)}
    return found


def test_surprising_are_the_signals_of_days_under_a_tenth(run: Run, sample: Path, place: str) -> None:
    out = {key: surprise for key, surprise in foreseen(place).items() if surprise < 0.1}
    signals = listed(run)
    assert [(one["id"], one["surprise"]) for one in listed(run, "--surprising")] == [
        (one["id"], out[one["ally"], one["date"]]) for one in signals if (one["ally"], one["date"]) in out
    ]
    assert ids(run, "--surprising") == [76, 56, 54, 52, 48, 37, 30, 22, 21, 3]


def test_surprising_reads_as_people_read_it(run: Run, sample: Path) -> None:
    assert run("list", "india", "iran", "--surprising", "--since", "2025-01-01") == Ran(
        0,
        "2 signals of surprising days\n"
        "     date        ally   act     by    score  grade  domain      driver       surprise  summary\n"
        "#76  2025-12-05  India  deal    ally   +6.4  B1     economic    power-shift  !! 0.7%   "
        "Modi and Putin adopt an economic programme to 2030 in Delhi and pledge to widen trade\n"
        "#56  2025-01-17  Iran   treaty  ally   +8.0  B1     diplomatic  power-shift  ! 3.7%    "
        "Putin and Pezeshkian sign a treaty on comprehensive strategic partnership in Moscow\n"
        "! a day as far out as this had less than 10% probability, !! less than 1%\n",
        "",
    )


@pytest.mark.parametrize(
    "asked",
    [
        "india",
        "india,PRK",
        "--kind distancing",
        "--kind support --domain economic",
        "--since 2024-01-01 --until 2025-06-30",
        "--driver war",
        "--grade B1",
        "--by third",
        "--search Moscow",
        "--act deal",
        "--batch 1",
        "--origin desk",
        "--origin all",
    ],
)
def test_a_filter_chooses_among_surprising_signals_and_changes_no_surprise(
    run: Run, sample: Path, asked: str
) -> None:
    chosen = set(ids(run, *asked.split()))
    assert listed(run, "--surprising", *asked.split()) == [
        one for one in listed(run, "--surprising") if one["id"] in chosen
    ]


def test_a_surprise_is_foretold_by_one_origin_alone(run: Run, sample: Path) -> None:
    desk = listed(run, "--surprising")
    text = "uid,date,ally,kind,score,summary,grade,origin\n" + "".join(
        f"g{day},2026-03-{day:02},iran,distancing,-10,A machine-coded event,A1,gdelt\n" for day in range(1, 20)
    )
    run("import", "-", stdin=text)
    assert listed(run, "--surprising") == desk
    (event,) = listed(run, "--surprising", "--origin", "gdelt", "--until", "2026-03-01")
    assert (event["date"], event["origin"], event["surprise"] < 0.1) == ("2026-03-01", "gdelt", True)
    assert listed(run, "--surprising", "--origin", "gdelt") == listed(run, "--surprising", "--origin", "feeds")
    together = listed(run, "iran", "--surprising", "--origin", "all")
    assert {one["origin"] for one in together} == {"desk", "gdelt"}
    before = [one for one in together if one["date"] < "2026-03-01"]
    assert before == [one for one in desk if one["ally"] == "iran"]


def test_surprises_are_those_of_one_origin(run: Run, sample: Path) -> None:
    for origins in (("--origin", "desk", "--origin", "gdelt"), ("--origin", "desk,gdelt")):
        assert run("list", "--surprising", *origins) == Ran(
            2, "", "error: --surprising looks at one origin\nhint: leave --origin out for desk\n"
        )


def test_only_a_list_of_surprises_says_how_surprising(run: Run, sample: Path) -> None:
    assert [list(one) for one in listed(run, "--surprising")] == [[*KEYS[:-1], "surprise", "summary"]] * 10
    assert all(list(one) == KEYS for one in listed(run))
    header = run("list", "--surprising", "-f", "csv").out.splitlines()[0]
    assert header == ",".join([*KEYS[:-1], "surprise", "summary"])
    rows = csv.DictReader(run("list", "--surprising", "-f", "csv").out.splitlines())
    assert [float(row["surprise"]) for row in rows] == [one["surprise"] for one in listed(run, "--surprising")]


def test_a_list_without_surprises_says_so(run: Run, sample: Path) -> None:
    said = "0 signals of surprising days\n! a day as far out as this had less than 10% probability, !! less than 1%\n"
    assert run("list", "china", "--surprising") == Ran(0, said, "")
    assert run("list", "--surprising", "-f", "json", "china").out == '{\n  "signals": []\n}\n'


def test_an_empty_ledger_has_no_surprises(run: Run) -> None:
    ran = run("list", "--surprising")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "0 signals of surprising days")
    assert ran.err.startswith("note: there is no ledger at ")


def test_signals_that_weigh_nothing_surprise_nobody(run: Run) -> None:
    run("log", "iran", "rupture", "A rumour", "2026-05-01", "E5")
    assert ids(run, "--surprising") == []
    run("log", "iran", "distancing", "They break relations", "2026-05-01", "A1", "--score", "-10")
    assert ids(run, "--surprising") == [2, 1]
    assert len({one["surprise"] for one in listed(run, "--surprising")}) == 1


def test_signals_dated_later_than_today_can_surprise(run: Run) -> None:
    run("log", "iran", "distancing", "They will break relations", "2027-05-01", "A1", "--score", "-10")
    assert [one["date"] for one in listed(run, "--surprising")] == ["2027-05-01"]


def test_a_cut_list_of_surprises_says_how_many_there_are(run: Run, sample: Path) -> None:
    ran = run("list", "--surprising", "--limit", "3", "-f", "csv")
    assert [row["id"] for row in csv.DictReader(ran.out.splitlines())] == ["76", "56", "54"]
    assert ran.err == "note: 3 of 10 signals are shown; --limit 0 shows all\n"
    assert run("list", "--surprising", "--limit", "10").err == ""


@pytest.mark.parametrize("number", ["99999999999", "999999999999999999"])
def test_a_number_that_no_signal_can_have_is_unknown(run: Run, sample: Path, number: str) -> None:
    for command in ("show", "history", "remove"):
        assert run(command, number) == Ran(3, "", f"error: no signal #{number}\nhint: see them with: scrutiny list\n")
