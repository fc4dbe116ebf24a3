"""A colleague's own file: other separators, headings and dates; changes to signals that it names by uid."""

import json
from pathlib import Path

import pytest

from tests.conftest import Clock, Ran, Run

AGAIN = "take it back: scrutiny undo {}\n"


def file(text: str, name: str = "in.csv") -> str:
    """A file in the test's own folder."""
    Path(name).write_text(text, encoding="utf-8", newline="")
    return name


def exported(run: Run, *columns: str) -> list[tuple[object, ...]]:
    """The ledger's signals, by these columns."""
    rows = [json.loads(line) for line in run("export", "-f", "jsonl").out.splitlines()]
    return [tuple(row[column] for column in columns) for row in rows]


# -- as it comes


@pytest.mark.parametrize("separator", [";", "\t", "|", ","])
def test_the_separator_is_noticed(run: Run, separator: str) -> None:
    rows = [["date", "ally", "score", "summary"], ["2026-02-24", "China", "-1.5", '"Xi, in; Mos|cow\t"']]
    ran = run("import", file("\r\n".join(separator.join(row) for row in rows)))
    assert ran.err == f"in.csv: 1 row read, 1 added\n{AGAIN.format(2)}"
    assert exported(run, "score", "summary") == [(-1.5, "Xi, in; Mos|cow")]


def test_where_semicolons_stand_between_cells_decimals_may_have_commas(run: Run) -> None:
    assert run("import", file("date;ally;score;summary\n2026-02-24;China;-1,5;Xi in Moscow\n")).code == 0
    assert exported(run, "score") == [(-1.5,)]


@pytest.mark.parametrize(
    ("form", "text"),
    [("%d.%m.%Y", "24.02.2026"), ("%m/%d/%Y", "02/24/2026"), ("%d %b %Y", "24 Feb 2026"), ("%Y%m%d", "20260224")],
)
def test_a_date_format_reads_the_dates(run: Run, form: str, text: str) -> None:
    name = file(f"date,ally,act,summary\n{text},China,visit,Xi in Moscow\n")
    assert run("import", name, "--date-format", form).code == 0
    assert exported(run, "date") == [("2026-02-24",)]
    iso = file("date,ally,act,summary\n2026-02-24,China,visit,Xi in Moscow\n")
    assert " 1 already there\n" in run("import", iso).err  # the same row, however its date is written


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("24.02.2026", "%d.%m.%Y"),
        ("02/24/2026", "%m/%d/%Y"),
        ("03/04/2026", "%d/%m/%Y or %m/%d/%Y"),
        ("2026/02/24", "%Y/%m/%d"),
    ],
)
def test_an_ambiguous_date_is_refused_with_the_option_that_helps(run: Run, text: str, forms: str) -> None:
    ran = run("import", file(f"date,ally,act,summary\n{text},China,visit,Xi in Moscow\n"))
    assert ran.code == 1
    assert ran.err.startswith(
        f"in.csv:2: the date '{text}' is not written year-month-day, as in 2026-02-24; "
        f"say how with --date-format {forms}\n"
    )


@pytest.mark.parametrize("form", ["%Y", "%d.%m", "day", "%", "%Q %d %m %Y"])
def test_a_date_format_that_gives_no_whole_date_is_refused(run: Run, form: str) -> None:
    ran = run("import", file("date,ally,act,summary\n"), "--date-format", form)
    assert ran == Ran(
        2, "", f"error: --date-format '{form}' does not give a whole date\nhint: as in %d.%m.%Y or %m/%d/%Y\n"
    )


def test_headings_are_mapped_and_extra_columns_left_out(run: Run) -> None:
    name = file("Datum,Staat,Notiz,Punkte,Redakteur\n2026-02-24,China,Xi in Moscow,2.8,Anna\n")
    ran = run("import", name)
    assert ran.err.startswith("error: in.csv: unknown column 'datum'; near: date\nhint: leave such columns out with ")
    mapped = ("--map", "date=Datum,ally=Staat", "--map", "summary=NOTIZ", "--map", "score=Punkte")
    assert run("import", name, *mapped).err.startswith("error: in.csv: unknown column 'redakteur'")
    assert run("import", name, *mapped, "--ignore-extra").code == 0
    assert exported(run, "date", "ally", "summary", "score") == [("2026-02-24", "china", "Xi in Moscow", 2.8)]


def test_headings_are_mapped_in_json_too(run: Run) -> None:
    name = file(
        '{"Datum": "2026-02-24", "ally": "China", "Notiz": "Xi in Moscow", "act": "visit", "x": 1}\n', "in.jsonl"
    )
    options = ("--map", "date=Datum,summary=Notiz")
    assert "no key 'x'" in run("import", name, *options).err
    assert run("import", name, *options, "--ignore-extra").code == 0
    assert exported(run, "date", "summary") == [("2026-02-24", "Xi in Moscow")]


@pytest.mark.parametrize(
    ("option", "code", "said"),
    [
        ("day=Datum", 2, "error: --map: no column 'day'"),
        ("date", 2, "error: --map: 'date' is no pair of names"),
        ("=Datum", 2, "error: --map: '=Datum' is no pair of names"),
        ("grade=Note", 1, "error: in.csv: there is no column 'note' to map"),
    ],
)
def test_a_map_that_fits_nothing_is_refused(run: Run, option: str, code: int, said: str) -> None:
    ran = run("import", file("date,ally,act,summary\n"), "--map", option)
    assert (ran.code, ran.err.splitlines()[0]) == (code, said)


def test_the_template_is_a_file_that_comes_in(run: Run) -> None:
    ran = run("import", "--template")
    assert (ran.code, ran.err) == (0, "")
    assert run("import", file(ran.out)).err.startswith("in.csv: 1 row read, 1 added\n")
    assert exported(run, "ally", "act", "grade") == [("china", "abstain", "A1")]


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (("--ally", "china"), "--ally (1)"),
        (("--since", "2026-02-25"), "--since (2)"),
        (("--until", "2026-02-24"), "--until (1)"),
    ],
)
def test_own_files_too_are_cut_to_allies_and_days(run: Run, options: tuple[str, ...], left: str) -> None:
    name = file(
        "date,ally,act,summary\n2026-02-24,China,visit,Xi\n2026-02-24,China,visit,Wang\n2026-02-26,Iran,visit,Raisi\n"
    )
    ran = run("import", name, *options)
    count = int(left[-2])
    assert ran.err.splitlines()[:2] == [
        f"in.csv: 3 rows read, {3 - count} added, {count} left out",
        f"  left out by: {left}",
    ]


# -- rejects


def test_rejects_are_kept_also_where_the_import_is_refused(run: Run) -> None:
    name = file('date,ally,act,summary\n2026-02-24,China,meets,"=Xi, in Moscow"\n2026-02-24,Nowhere,visit,x y\n')
    ran = run("import", name, "--rejects", "rejects.csv")
    assert ran.code == 1
    assert "2 rejected rows written to rejects.csv\n" in ran.err
    assert Path("rejects.csv").read_text() == (
        "file,line,reason,row\n"
        'in.csv,2,"no act \'meets\'; near: visit, joint","2026-02-24,China,meets,""=Xi, in Moscow"""\n'
        "in.csv,3,no ally 'Nowhere',\"2026-02-24,Nowhere,visit,x y\"\n"
    )


def test_a_reject_that_begins_like_a_formula_is_inert_in_its_file(run: Run) -> None:
    run("import", file("date,ally,act,summary\n=1+1,China,visit,Xi\n"), "--rejects", "rejects.csv")
    assert "'=1+1,China" in Path("rejects.csv").read_text()


def test_without_rejects_their_file_says_so(run: Run) -> None:
    ran = run("import", file("date,ally,act,summary\n2026-02-24,China,visit,Xi\n"), "--rejects", "rejects.csv")
    assert ran.err.endswith("0 rejected rows written to rejects.csv\n")
    assert Path("rejects.csv").read_text() == "file,line,reason,row\n"


def test_endless_reasons_are_counted_together(run: Run) -> None:
    from scrutiny.cli import rejects

    rows = "".join(f"2026-02-24,China,no{number},Xi\n" for number in range(rejects.MANY + 5))
    assert "rows rejected: 1,005" in run("import", file("date,ally,act,summary\n" + rows)).err


# -- changes


FIRST = (
    "uid,date,ally,act,summary,grade\n"
    "a,2026-02-24,China,visit,Xi in Moscow,B2\nb,2026-02-25,Iran,visit,Raisi in Moscow,\n"
)
OTHER = FIRST.replace("B2", "A1").replace("Iran,visit,Raisi in Moscow", "India,pledge,Modi promises")


def test_what_a_file_says_otherwise_is_left_alone_unless_update_is_given(run: Run) -> None:
    run("import", file(FIRST))
    assert ", 2 differing and left as they are\n" in run("import", file(OTHER)).err
    ran = run("import", file(OTHER), "--update")
    assert ran.err == (
        "note: India (IND) is new here and was added to the allies\n"
        f"in.csv: 2 rows read, 0 added, 2 updated\n{AGAIN.format(3)}"
    )
    assert exported(run, "uid", "ally", "act", "score", "grade") == [
        ("a", "china", "visit", 2.8, "A1"),
        ("b", "india", "pledge", 4.5, None),
    ]
    assert " 0 added, 2 already there\n" in run("import", file(OTHER), "--update").err


def test_an_update_is_an_edit_in_the_history_and_can_be_undone_and_redone(run: Run) -> None:
    run("import", file(FIRST))
    before = run("export").out
    run("import", file(OTHER), "--update")
    after = run("export").out
    assert "grade B2 -> A1 (import: in.csv)" in " ".join(run("history", "1").out.split())
    assert run("db", "check").code == 0
    assert run("undo").err == "took back change 3 (import: in.csv), 2 signals\n"
    assert run("export").out == before
    assert run("redo").err == "reapplied change 3 (import: in.csv), 2 signals\n"
    assert run("export").out == after
    assert run("db", "check").code == 0


def test_an_update_finds_the_words_of_the_new_summary(run: Run) -> None:
    run("import", file(FIRST))
    run("import", file(FIRST.replace("Xi in Moscow", "Zebra in Kazan")), "--update")
    assert len(json.loads(run("list", "--search", "zebra", "-f", "json").out)["signals"]) == 1
    assert json.loads(run("list", "--search", "moscow", "-f", "json").out)["signals"][0]["uid"] == "b"


def test_an_update_leaves_what_was_removed(run: Run) -> None:
    run("import", file(FIRST))
    run("remove", "1")
    ran = run("import", file(OTHER), "--update")
    assert ", 1 updated, 1 left out, since somebody removed them\n" in ran.err


def test_an_update_that_stands_twice_in_a_file_takes_the_first_and_names_the_other(run: Run) -> None:
    run("import", file(FIRST))
    twice = FIRST.splitlines()[0] + "\na,2026-02-24,China,visit,Xi goes\na,2026-02-24,China,visit,Xi stays\n"
    ran = run("import", file(twice), "--update")
    assert ran.err.startswith(
        "in.csv:3: differs from #1, which stays as it is\n"
        "in.csv: 2 rows read, 0 added, 1 updated, 1 differing and left as they are\n"
    )
    assert exported(run, "summary")[0] == ("Xi goes",)


def test_an_update_of_what_was_taken_back_brings_it_as_the_file_has_it(run: Run, clock: Clock) -> None:
    clock("2026-05-01T09:00")
    run("import", file(FIRST))
    run("undo")
    was = run("export").out
    clock("2026-05-02T09:00")
    ran = run("import", file(FIRST.replace("B2", "A1")), "--update")
    assert "in.csv: 2 rows read, 0 added, 1 updated, 1 brought back\n" in ran.err
    assert exported(run, "uid", "ally", "grade") == [("a", "china", "A1"), ("b", "iran", None)]
    assert "grade B2 -> A1 (import: in.csv)" in " ".join(run("history", "1").out.split())
    after = run("export").out
    assert run("db", "check").code == 0
    for command, stands in (("undo", was), ("redo", after), ("undo", was)):
        assert run(command).err.endswith("change 4 (import: in.csv), 2 signals\n")
        assert run("export").out == stands
        assert run("db", "check").code == 0
    assert run("export", "--known", "2026-05-01").out == was
    clock("2026-05-03T09:00")
    run("import", file(OTHER), "--update")
    assert exported(run, "uid", "ally", "grade") == [("a", "china", "A1"), ("b", "india", None)]
    assert run("export", "--known", "2026-05-02").out == was


def test_files_of_one_update_follow_each_other(run: Run) -> None:
    run("import", file(FIRST))
    second, third = file(OTHER, "second.csv"), file(FIRST.replace("B2", "C3"), "third.csv")
    assert run("import", second, third, "--update").code == 0
    assert exported(run, "uid", "ally", "grade") == [("a", "china", "C3"), ("b", "iran", None)]
    assert run("db", "check").code == 0
    run("undo")
    assert exported(run, "uid", "ally", "grade") == [("a", "china", "B2"), ("b", "iran", None)]
    new = file("uid,date,ally,act,summary\nc,2026-02-24,China,visit,New\n", "new.csv")
    newer = file("uid,date,ally,act,summary\nc,2026-02-24,China,visit,Newer\n", "newer.csv")
    assert run("import", new, newer, "--update").code == 0
    assert run("db", "check").code == 0
    assert ("Newer",) in exported(run, "summary")


def test_an_update_leaves_alone_what_the_file_does_not_name(run: Run) -> None:
    run("import", file(
        "uid,date,ally,act,score,summary,grade,domain,driver,source,origin,event,private,actor\n"
        "a,2026-02-24,China,visit,3.5,Xi in Moscow,B2,energy,war,https://x.org/zebra,gdelt,gdelt:1,true,principal\n"
    ))  # fmt: skip
    before = run("export").out
    few = "uid,date,ally,act,summary\na,2026-02-24,China,visit,Xi in Moscow\n"
    assert " 0 added, 1 already there\n" in run("import", file(few)).err
    assert " 1 updated" in run("import", file(few.replace("Moscow", "Kazan")), "--update").err
    assert run("export").out == before.replace("Xi in Moscow", "Xi in Kazan")
    for word, count in (("zebra", 1), ("kazan", 1), ("moscow", 0)):
        assert len(json.loads(run("list", "--search", word, "-f", "json").out)["signals"]) == count
    assert run("db", "check").code == 0


@pytest.mark.parametrize(
    ("columns", "cells", "act", "kind", "score"),
    [
        ("act", "visit", "visit", "support", 3.5),
        ("act", "halt", "halt", "sanctions", -4.5),
        ("kind", "support", "visit", "support", 3.5),
        ("kind", "distancing", None, "distancing", -2.0),
        ("score", "1.5", "visit", "support", 1.5),
        ("score", "-1.5", None, "distancing", -1.5),
        ("act,score", "visit,1.5", "visit", "support", 1.5),
    ],
)
def test_an_update_of_act_kind_or_score_keeps_them_in_agreement(
    run: Run, columns: str, cells: str, act: str | None, kind: str, score: float
) -> None:
    run("import", file("uid,date,ally,act,score,summary\na,2026-02-24,China,visit,3.5,Xi\n"))
    run("import", file(f"uid,date,ally,summary,{columns}\na,2026-02-24,China,Xi,{cells}\n"), "--update")
    assert exported(run, "act", "kind", "score") == [(act, kind, score)]
    assert run("db", "check").code == 0


def test_an_update_in_json_changes_what_every_object_names(run: Run) -> None:
    run("import", file(FIRST))
    name = file('{"uid":"a","date":"2026-02-24","ally":"China","act":"visit","summary":"Wang"}\n', "in.jsonl")
    assert " 1 updated" in run("import", name, "--update").err
    assert exported(run, "summary", "grade")[0] == ("Wang", "B2")


def test_allies_come_only_with_signals_that_are_added_or_changed(run: Run) -> None:
    rows = "uid,date,ally,act,summary\na,2026-02-24,China,visit,Xi\nb,2026-02-24,Kazakhstan,visit,Tokayev\n"
    run("import", file(rows), "--ally", "china")
    run("import", file(rows.replace("b,2026-02-24,Kazakhstan", "a,2026-02-24,Armenia"), "other.csv"))
    run("import", file(rows.replace("visit,Tokayev", "visits,Tokayev"), "wrong.csv"), "--keep-going")
    assert not {"kazakhstan", "armenia"} & set(run("ally", "list", "-f", "csv").out.replace("\n", ",").split(","))
    run("import", file(rows))
    assert "kazakhstan" in run("ally", "list", "-f", "csv").out


def test_an_update_that_names_a_uid_twice_settles(run: Run) -> None:
    rows = "uid,date,ally,act,summary\na,2026-02-24,China,visit,Xi goes\na,2026-02-24,China,visit,Xi stays\n"
    assert "in.csv:3: differs from #1" in run("import", file(rows), "--update").err
    for _ in range(2):
        assert " 0 added, 1 already there, 1 differing" in run("import", file(rows), "--update").err
    assert exported(run, "summary") == [("Xi goes",)]


def test_a_row_in_another_encoding_is_kept_among_the_rejects(run: Run) -> None:
    Path("in.csv").write_bytes("date,ally,act,summary\n2026-02-24,China,visit,Café\n".encode("latin-1"))
    ran = run("import", "in.csv", "--rejects", "rejects.csv")
    assert (ran.code, "Traceback" in ran.err) == (1, False)
    assert "Caf\\udce9" in Path("rejects.csv").read_text()
    Path("head.csv").write_bytes("date,ally,act,summary,Übersicht\n".encode("latin-1"))
    assert run("import", "head.csv").err == "error: head.csv: its header is not UTF-8\nhint: save it as UTF-8\n"


def test_commas_in_quoted_headings_are_no_separators(run: Run) -> None:
    name = file('"date";"ally";"act";"summary (who, what, where, when, why)"\n2026-02-24;China;visit;Xi\n')
    assert "unknown column" in run("import", name).err
