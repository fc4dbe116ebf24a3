"""The parts of the benchmarks; none of these tests asks how long anything took."""

import csv
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from scrutiny.core.exported import COLUMNS
from tests.benchmarks import __main__, beside, figures, made, page, peers, timed
from tests.benchmarks.figures import Figure
from tests.benchmarks.places import Files, Ledgers
from tests.benchmarks.timed import Call, Ran
from tests.conftest import Run

SLEEPER = timed.python("import time; time.sleep(60)")
SLOW, QUICK = Ran(4.0, 3.0, 80.0), Ran(2.0, 1.0, 40.0)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_makes_the_same_file_and_another_other_signals(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        made.own_csv(tmp_path / name, 300, made.TWELVE, seed)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "again").read_bytes()
    one, other = ({row["uid"] for row in rows_of(tmp_path / name)} for name in ("one", "other"))
    assert len(one) == 300
    assert not one & other


def test_no_ally_has_two_signals_on_a_day_as_long_as_there_are_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made, "DAYS", 10)
    for rows in (39, 40, 400):
        made.own_csv(tmp_path / f"{rows}", rows)
        days = [(row["date"], row["ally"]) for row in rows_of(tmp_path / f"{rows}")]
        assert days == sorted(days, key=lambda one: (one[0], made.ALLIES.index(one[1])))
        assert len(days) == rows
        assert len(set(days)) == min(rows, 40)


def test_a_made_file_is_imported_whole_and_exported_as_it_was(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "made.csv"
    made.own_csv(file, 60, made.TWELVE)
    assert run("import", str(file)).code == 0
    back = run("export").out.splitlines()
    assert back[0] == ",".join(COLUMNS)
    assert sorted(back) == sorted(file.read_text("utf-8").splitlines())


def test_the_rare_word_is_in_every_made_file(tmp_path: Path) -> None:
    made.own_csv(tmp_path / "made.csv", 1)
    assert made.RARE in rows_of(tmp_path / "made.csv")[0]["summary"]


@pytest.mark.parametrize("name", [one.name for one in peers.PEERS])
def test_a_peer_that_is_not_installed_is_named_with_how_to_get_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "found", lambda _: None)
    ledgers = Ledgers(Files(tmp_path), tmp_path)
    said = {one.name: one.note for one in beside.figures(ledgers, [], tmp_path, 1)}
    assert said[name].startswith("not installed: ")


@pytest.mark.parametrize("peer", peers.PEERS)
def test_a_peers_store_holds_the_entries_and_its_deeds_are_commands_of_its_own(
    peer: type[peers.Peer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: None)  # sqlite-utils would index its store
    made.own_csv(tmp_path / "made.csv", 5)
    one = peer(tmp_path / "store", f"/bin/{peer.program}")
    one.load(tmp_path / "made.csv")
    files = [one for one in (tmp_path / "store").rglob("*") if one.is_file() and one.name != "entries.csv"]
    kept = b"".join(one.read_bytes() for one in files)
    assert all(entry.ally.encode() in kept for entry in made.entries(tmp_path / "made.csv"))
    deeds = one.deeds()
    assert deeds.keys() <= set(peers.DEEDS)
    assert {"log", "list", "summary", "export"} <= deeds.keys()
    assert {call.command[0] for call in deeds.values()} == {f"/bin/{peer.program}"}
    assert all(Path(call.env["HOME"]).is_relative_to(tmp_path) for call in deeds.values())


@pytest.mark.parametrize("peer", peers.PEERS)
def test_a_peer_that_is_installed_takes_an_entry_and_finds_one(peer: type[peers.Peer], tmp_path: Path) -> None:
    program = peers.found(peer.program)
    if program is None:
        pytest.skip(f"{peer.name} is not installed: {peer.get}")
    made.own_csv(tmp_path / "made.csv", 5)
    one = peer(tmp_path / "store", program)
    one.load(tmp_path / "made.csv")
    deeds = one.deeds()
    for call in (deeds[peers.LOG], deeds.get(peers.SEARCH, deeds[peers.SUMMARY])):
        assert timed.run(call).seconds > 0


def test_a_process_that_takes_too_long_is_ended_and_one_that_fails_is_no_figure() -> None:
    with pytest.raises(timed.TooSlowError):
        timed.run(replace(SLEEPER, patience=0.2))
    with pytest.raises(subprocess.CalledProcessError):
        timed.run(timed.python("raise SystemExit(3)"))


def test_a_process_is_measured_and_not_who_started_it() -> None:
    held = bytearray(300 << 20)
    held[:: 1 << 12] = b"x" * len(held[:: 1 << 12])  # each page is touched
    ran = timed.run(timed.python("sum(range(10**6))"))
    assert ran.peak < 100
    assert ran.cpu > 0
    assert timed.run(timed.python(f"bytearray(b'x') * ({len(held)} >> 1)")).peak > 150


def test_calls_take_turns_and_are_made_ready_before_each(tmp_path: Path) -> None:
    told, log = list[str](), tmp_path / "log"

    def call(name: str) -> Call:
        code = f"import sys; open({str(log)!r}, 'a').write(sys.stdin.read())"
        return Call(timed.python(code).command, stdin=name, before=lambda: told.append(name))

    runs = timed.race({"a": call("a"), "b": call("b")}, 2)
    assert {name: len(found) for name, found in runs.items()} == {"a": 2, "b": 2}
    assert "".join(told) == log.read_text("utf-8") == "ababab"


def test_who_is_too_slow_or_fails_drops_out_of_the_race() -> None:
    quick, wrong = timed.python(""), timed.python("raise SystemExit(3)")
    guests = {"slow": replace(SLEEPER, patience=0.2), "wrong": replace(wrong, patience=60.0)}
    runs, dropped = timed.race_of_guests({"quick": quick, **guests}, 2)
    assert {name: len(found) for name, found in runs.items()} == {"quick": 2}
    assert dropped == {"slow": "over 0.2 s", "wrong": "failed"}
    with pytest.raises(subprocess.CalledProcessError):
        timed.race({"quick": quick, "wrong": wrong}, 2)


def test_no_further_turn_begins_when_the_time_is_over() -> None:
    assert len(timed.race({"a": timed.python("")}, 5, budget=0)["a"]) == 1


def test_a_ratio_is_the_median_of_the_turns() -> None:
    assert timed.ratio([SLOW, QUICK, QUICK], [QUICK, QUICK, SLOW]) == 1.0


@pytest.mark.parametrize(
    ("limits", "is_missed"),
    [
        ({}, False),
        ({"aim": 2.0, "within": 4.0, "memory": 80.0}, False),
        ({"aim": 1.99}, True),
        ({"within": 3.9}, True),
        ({"memory": 79.0}, True),
    ],
)
def test_a_figure_over_an_aim_is_missed(limits: dict[str, float], is_missed: bool) -> None:
    one = figures.compared("sizes", "log", [SLOW], [QUICK], "a floor", **limits)
    assert one.is_missed is is_missed
    assert ("<- over" in figures.line(one)) is is_missed


def test_a_printed_line_stands_under_its_heading() -> None:
    one = figures.compared("sizes", "import", [SLOW], [QUICK], "a floor", size=10_000, rows=10_000, aim=2.5)
    assert f"{figures.HEADING}\n{figures.line(one)}\n{figures.line(Figure('peers', 'jrnl', note='missing'))}" == (
        "                              signals   seconds   against   ratio     aim    MB   against\n"
        "import                         10,000     4.000     2.000    2.00    2.50    80   a floor · 2,500 rows/s\n"
        "jrnl                                          -         -       -             -   missing"
    )


def test_figures_are_read_as_they_were_written(tmp_path: Path) -> None:
    found = [
        figures.compared("files", "import", [SLOW], [QUICK], "a floor", rows=8, aim=1.0),
        Figure("peers", "jrnl", note="missing"),
    ]
    figures.write(tmp_path / "found.json", {"cores": 2}, found)
    assert figures.read(tmp_path / "found.json") == ({"cores": 2}, found)
    first, second = json.loads((tmp_path / "found.json").read_text("utf-8"))["figures"]
    assert (first["rate"], first["missed"], second["seconds"]) == (2.0, True, None)


def test_a_ledger_is_made_once_and_found_again_in_a_folder_that_is_kept(tmp_path: Path) -> None:
    first = Ledgers(Files(tmp_path), tmp_path)
    place = first.of(20)
    assert (first.of(20), list(first.imports)) == (place, [20])
    again = Ledgers(Files(tmp_path), tmp_path)
    assert (again.of(20), again.imports) == (place, {})
    assert again.to_write(20) != place


@pytest.mark.parametrize(
    ("words", "sizes", "rows"),
    [
        ([], (1_000, 10_000, 100_000), 1_000_000),
        (["--rows", "2e3"], (1_000,), 2_000),
        (["--sizes", "1e7,1e3"], (1_000, 10_000_000), 1_000_000),
        (["--rows", "0"], (1_000, 10_000, 100_000), 0),
    ],
)
def test_sizes_are_said_as_powers_of_ten_and_are_small_where_files_are(
    words: list[str], sizes: tuple[int, ...], rows: int
) -> None:
    asked = __main__.read(words)
    assert (asked.sizes, asked.rows) == (sizes, rows)


@pytest.mark.parametrize("words", [["--sizes", "1e8"], ["--sizes", "ten"], ["--store", "oracle"], ["--rows", "0.5"]])
def test_what_cannot_be_timed_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        __main__.read(words)
    assert "error: argument" in capsys.readouterr().err


@pytest.mark.parametrize(("aim", "code"), [(2.5, None), (1.5, __main__.OVER)])
def test_a_run_prints_its_figures_keeps_them_and_exits_by_their_aims(
    aim: float, code: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one = figures.compared("files", "import", [SLOW], [QUICK], "a floor", aim=aim)
    monkeypatch.setattr(__main__, "_parts", lambda *_: iter([("files in and out", [one])]))
    monkeypatch.setattr(beside, "versions", lambda: {"jrnl": "4.6"})
    try:
        __main__.main(["--json", str(tmp_path / "found.json")])
        found = None
    except SystemExit as done:
        found = done.code
    assert found == code
    assert capsys.readouterr().out.endswith(f"files in and out\n{figures.HEADING}\n{figures.line(one)}\n")
    machine, kept = figures.read(tmp_path / "found.json")
    assert (kept, machine["peers"]) == ([one], {"jrnl": "4.6"})
    assert machine["cores"] >= 1


def test_the_tables_of_a_page_hold_what_was_measured(tmp_path: Path) -> None:
    quick = figures.compared("sizes", "log", [QUICK], [QUICK], "a floor", size=10_000)
    slow = figures.compared("sizes", "log", [SLOW], [QUICK], "that on 10,000 signals", size=10**6, aim=1.1)
    other = figures.compared("peers", "log", [QUICK], [SLOW], "jrnl", size=100_000)
    never = figures.compared("peers", "log", [QUICK], None, "hledger", size=100_000, note="over 20 s on 100,000")
    figures.write(tmp_path / "sqlite.json", {}, [quick, slow, other, never])
    runs = page.measured(tmp_path)
    tables = "".join(f"<!-- measured: {name} -->\n<!-- end -->\n" for name in ("short", "short beside", "postgresql"))
    assert page.filled(tables, runs) == (
        "<!-- measured: short -->\n"
        "| signals | 10<sup>4</sup> | 10<sup>6</sup> | growth, and its bound |\n"
        "|---|---|---|---|\n"
        "| `log` | 2.00 s | 4.00 s | 2.00 × that on 10,000 signals (≤ 1.1) |\n"
        "<!-- end -->\n"
        "<!-- measured: short beside -->\n"
        "| seconds, 10<sup>5</sup> entries | scrutiny | jrnl | hledger |\n"
        "|---|---|---|---|\n"
        "| log | 2.00 | 4.00 | over 20 s |\n"
        "<!-- end -->\n"
        "<!-- measured: postgresql -->\n"
        "Not measured.\n"
        "<!-- end -->\n"
    )
    assert page.filled(page.filled(tables, runs), runs) == page.filled(tables, runs)


@pytest.mark.parametrize("path", page.PAGES, ids=lambda path: path.name)
def test_a_page_shows_what_was_measured_last(path: Path) -> None:
    text = path.read_text("utf-8")
    assert page.PART.search(text)
    assert page.filled(text, page.measured()) == text
