"""report: everything as one document, the same as Markdown and as a page, and the same bytes from the same ledger."""

import json
import re
import shlex
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from scrutiny.document import (
    Code,
    Document,
    Fact,
    Facts,
    Grid,
    Items,
    Link,
    Paragraph,
    Quote,
    Ref,
    Section,
    Span,
    Strong,
    source,
)
from scrutiny.render.to_html import to_html
from scrutiny.render.to_markdown import document_to_markdown
from scrutiny.view import Column, Form, Table
from tests.conftest import SAMPLE_DAY, Clock, Run
from tests.stores import is_there
from tests.test_hostile import KEPT

DAY = ("--as-of", SAMPLE_DAY)
SAMPLE = Path(__file__).parent.parent / "scrutiny" / "sample" / "signals.csv"
ALLIES = ["North Korea", "Belarus", "Iran", "Syria", "China", "India"]


def sections(markdown: str) -> dict[str, str]:
    """What stands below each heading."""
    parts = re.split(r"^## (.*)\n", markdown, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def written(run: Run, *args: str, to: str = "out.md") -> str:
    """The report that the program writes."""
    assert run("report", to, *args).code == 0
    return Path(to).read_text("utf-8")


class Text(HTMLParser):
    """What a page shows in words, without scripts and styles, and all its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._within = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within not in ("script", "style"):
            self.words.append(data)


@pytest.mark.usefixtures("sample")
def test_it_goes_from_the_overview_by_what_changed_and_each_ally_to_the_method(run: Run) -> None:
    assert list(sections(written(run, *DAY))) == [
        "Where the relationships stand",
        "All levels over time",
        "What changed since 20 Apr 2026",
        "What it rests on",
        *ALLIES,
        "How this was judged",
    ]


@pytest.mark.usefixtures("sample")
def test_its_overview_is_that_of_summary(run: Run) -> None:
    shown = sections(written(run, *DAY))["Where the relationships stand"]
    for line in run("summary", *DAY, "--format", "markdown").out.splitlines():
        if line.startswith("| ") and "---" not in line and "level" not in line:
            assert "|".join(line.split("|")[:9]) in shown


@pytest.mark.usefixtures("sample")
def test_every_signal_that_a_section_names_is_cited_there_with_date_grade_and_link(run: Run) -> None:
    signals = {one["id"]: one for one in json.loads(run("list", "--limit", "0", "--format", "json").out)["signals"]}
    found = sections(written(run, *DAY))
    for ally in ALLIES:
        text, _, cited = found[ally].partition("**Signals cited**")
        rows = dict(re.findall(r"^\| \\#(\d+) \| (.*) \|$", cited, re.MULTILINE))
        assert set(re.findall(r"\\#(\d+)", text)) <= rows.keys()
        explained = json.loads(run("explain", ally, *DAY, "--format", "json").out)
        assert {str(one["id"]) for one in explained["carries"]} <= rows.keys()
        for number, row in rows.items():
            one = signals[int(number)]
            assert row.startswith(f"{one['date']} | {one['act']} | {one['score']:+.1f} | {one['grade']} | ")
            assert f"](<{one['source'].replace('&', '&amp;')}>)" in row


@pytest.mark.usefixtures("sample")
def test_a_section_has_the_figures_of_the_dossier(run: Run) -> None:
    said = sections(written(run, *DAY))["China"]
    for words in (
        "- **Level** +1.0, band -1.6 to +3.9\n- **Direction** ▲ strengthening\n",
        "**How likely.** It is likely (74%) that China is on Russia's side. It is likely (66%) that the relationship",
        "- **Both sides** yes: over the last year +2.2 for, -1.2 against · ambivalence +0.7",
        "| Level of support | 7 | +4.9 | +2.1 | \\#90 |",
        "**What would change our mind.** One more B1 signal at -0.2 on 20 May 2026 would already",
        "**Why.** Over the last 90 days the signals moved the level by +0.70, the passing of time by +0.02.",
    ):
        assert words in said
    assert "- **Surprising** 5 Dec 2025 \\#76 \\!\\! 0.7%" in sections(written(run, *DAY))["India"]


@pytest.mark.usefixtures("sample")
def test_the_method_has_constants_tables_counts_revision_and_command(run: Run) -> None:
    run("log", "china", "visit", "Ungraded", "2026-05-01")
    run("log", "china", "visit", "Worthless", "2026-05-02", "E5")
    said = sections(written(run, *DAY))["How this was judged"]
    for words in (
        "| variance of the lasting part | 16 |",
        "| volatile | 2 | 40 | 28 |",
        "| roughly even chance | 45 to 55 |",
        "| B | usually reliable | .75 |",
        "| 6 | truth cannot be judged | .5 |",
        "| China | 21 | 1 | 1 |",
        "| all | 92 | 1 | 1 |",
        "The ledger is read as it stood after change 4 of 20",
        "```text\nscrutiny report out.md --since 2026-04-20 --as-of 2026-05-20 --known '20",
    ):
        assert words in said


@pytest.mark.file
@pytest.mark.parametrize("to", ["a.md", "a.html"])
@pytest.mark.usefixtures("new")
def test_the_command_at_its_end_makes_it_again_to_the_byte(run: Run, clock: Clock, to: str) -> None:
    clock("2026-05-20T10:00:00")
    run("import", str(SAMPLE))
    options = (
        "--since",
        "60d",
        "--ally",
        "china,iran",
        "--title",
        "A 'title'",
        "--author",
        "X & Y",
        "--window",
        "60",
    )
    run("note", "china", "Written first", "--on", "2026-05-01")
    before = written(run, *DAY, *options, to=to)
    (command,) = re.findall(r"scrutiny report a\.\w+ .*Z&#39;|scrutiny report a\.\w+ .*Z'", before)
    clock("2026-05-20T10:00:01")
    run("log", "china", "visit", "Logged after", "2026-05-03", "B2")
    run("remove", "90")
    run("note", "china", "Written after", "--on", "2026-05-10")
    assert written(run, *DAY, *options, to=to) != before
    words = shlex.split(command.replace("&#39;", "'").replace("&amp;", "&").replace("&#34;", '"'))
    assert words[:2] == ["scrutiny", "report"]
    assert run(*words[1:]).code == 0
    assert Path(to).read_text("utf-8") == before


@pytest.mark.usefixtures("new")
def test_what_is_logged_in_the_second_of_the_report_is_not_in_it_when_it_is_made_again(run: Run) -> None:
    run("log", "iran", "visit", "First", "2026-05-01")
    before = written(run)
    (command,) = re.findall(r"^scrutiny (report out\.md .*Z')$", before, re.MULTILINE)
    run("log", "iran", "visit", "Right after", "2026-05-02")
    assert written(run) != before
    assert run(*shlex.split(command)).code == 0
    assert Path("out.md").read_text("utf-8") == before


@pytest.mark.file
@pytest.mark.usefixtures("sample")
def test_a_page_says_all_that_the_markdown_says(run: Run) -> None:
    page = " ".join("".join(Text(written(run, *DAY, to="out.html")).words).split())
    plain = MarkdownIt("commonmark").enable("table").parse(written(run, *DAY))
    for token in plain:
        for child in token.children or ():
            if child.type == "text" and not re.search("[▁▂▃▄▅▆▇█]|^ level .*, band |its 90% band,", child.content):
                for words in child.content.split("out.md"):
                    assert " ".join(words.split()) in page


@pytest.mark.file
@pytest.mark.usefixtures("sample")
def test_a_page_is_one_file_that_allows_no_network(run: Run) -> None:
    page = Text(written(run, *DAY, to="out.html"))
    (policy,) = [of["content"] for tag, of in page.tags if of.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert re.fullmatch(
        r"default-src 'none'; script-src 'sha256-[A-Za-z0-9+/]{43}='; style-src 'unsafe-inline'; img-src data:; "
        r"base-uri 'none'; form-action 'none'",
        policy,
    )
    for tag, of in page.tags:
        assert not {"src", "srcset", "action", "data", "poster", "background"} & of.keys()
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form", "use")
        if tag == "a":
            assert of["href"]
            assert of["href"].startswith("#") or of["rel"] == "noopener noreferrer"


@pytest.mark.file
@pytest.mark.usefixtures("sample")
def test_a_page_is_built_for_who_hears_it_or_goes_by_keys(run: Run) -> None:
    tags = Text(written(run, *DAY, to="out.html")).tags
    names = [tag for tag, _ in tags]
    assert names.count("h1") == 1
    assert names.count("h2") == 5 + len(ALLIES)
    assert names.count("caption") == names.count("table")
    assert all("scope" in of for tag, of in tags if tag == "th")
    assert all(of.get("aria-label") or of.get("aria-hidden") or of.get("role") for tag, of in tags if tag == "svg")
    ids = [of["id"] for _, of in tags if "id" in of]
    assert len(ids) == len(set(ids))
    assert {str(of["href"])[1:] for tag, of in tags if tag == "a" and str(of["href"]).startswith("#")} <= set(ids)
    assert dict(tags)["html"] == {"lang": "en"}


@pytest.mark.file
@pytest.mark.usefixtures("sample")
def test_what_is_drawn_is_said_too(run: Run) -> None:
    page = written(run, *DAY, to="out.html")
    assert '<span class="unseen">-1.6 to +3.9</span><svg class="bar"' in page
    assert '<span class="unseen">from +0.9 to +1.0</span><svg class="spark"' in page


@pytest.mark.file
@pytest.mark.usefixtures("sample")
def test_names_and_slugs_that_look_like_parts_of_a_page_are_none(run: Run) -> None:
    for slug, name in {"china-heading": "Group #1", "method": "Method", "china-chart": "#2"}.items():
        assert run("ally", "add", name, "--slug", slug).code == 0
        assert run("log", slug, "visit", "A visit of #3", "2026-05-01").code == 0
    assert run("ally", "add", "Bloc #90").code == 0
    page = Text(written(run, *DAY, to="out.html"))
    ids = [of["id"] for _, of in page.tags if "id" in of]
    assert len(ids) == len(set(ids))
    assert not {"#signal-1", "#signal-3"} & {of.get("href") for tag, of in page.tags if tag == "a"} - {
        f"#{one}" for one in ids
    }


@pytest.mark.usefixtures("sample")
def test_only_some_allies_leave_out_what_all_rest_on(run: Run) -> None:
    found = sections(written(run, *DAY, "--ally", "china", "--ally", "iran"))
    assert "What it rests on" not in found
    assert [name for name in found if name in ALLIES] == ["Iran", "China"]
    assert "| North Korea |" not in found["Where the relationships stand"]


@pytest.mark.usefixtures("sample")
def test_an_ally_that_is_silent_or_weighs_nothing_says_so(run: Run) -> None:
    run("ally", "add", "Wagner Group")
    run("log", "mali", "visit", "A rumour", "E5", "2026-05-01")
    run("note", "wagner-group", "Dissolved, but not gone", "--on", "2026-05-01")
    found = sections(written(run, *DAY))
    assert found["Wagner Group"].startswith(
        "\nNo signal is logged up to this day.\n\n**In our own words.**\n\n> Dissolved"
    )
    assert found["Mali"].startswith("\nNo level: no signal weighs anything by its grade.\n\n**Signals cited**")
    only = sections(written(run, *DAY, "--ally", "wagner-group"))
    assert "There is no level to draw yet." in only["All levels over time"]


@pytest.mark.usefixtures("new")
@pytest.mark.parametrize("to", ["empty.md", "empty.html"])
def test_an_empty_ledger_makes_a_report_that_says_so(run: Run, to: str) -> None:
    said = written(run, to=to)
    assert "No signal is logged up to this day." in said
    assert "There is no level to draw yet." in said


def test_no_ledger_makes_one_too_and_no_ledger(run: Run, place: str) -> None:
    ran = run("report", "none.md")
    assert (ran.code, is_there(place)) == (0, False)
    assert "The ledger is empty." in Path("none.md").read_text("utf-8")


@pytest.mark.usefixtures("sample")
def test_private_signals_count_and_are_not_quoted(run: Run) -> None:
    run("edit", "90", "--private")
    for to in ("out.md", "out.html"):
        text = written(run, *DAY, to=to)
        assert "multipolar" not in text
        assert "theactualnews" not in text
        assert "1 signal is private: counted in every figure, but not quoted." in text
        shown = written(run, *DAY, "--private", to=to)
        assert "multipolar" in shown
        assert re.search(r"--known .*Z('|&#39;) --private", shown)


@pytest.mark.usefixtures("new")
@pytest.mark.parametrize("to", ["out.md", "out.html"])
def test_what_is_private_now_is_not_quoted_from_before_either(run: Run, clock: Clock, to: str) -> None:
    clock("2026-05-10T10:00:00")
    run("log", "iran", "visit", "A secret visit", "2026-05-09", "https://leak.example/1")
    assert "secret" in written(run, to=to)
    clock("2026-05-11T10:00:00")
    run("edit", "1", "--private")
    again = written(run, "--known", "2026-05-10", to=to)
    assert "visit" in again
    assert "secret" not in again
    assert "leak.example" not in again


@pytest.mark.usefixtures("new")
def test_a_chart_goes_back_a_year_at_least(run: Run) -> None:
    run("log", "iran", "visit", "A visit", "2026-05-09")
    run("log", "china", "visit", "A visit", "2020-02-01")
    found = sections(written(run, "--as-of", "2026-05-20"))
    assert "*From 20 May 2025 to 20 May 2026: " in found["Iran"]
    assert "*From 1 Feb 2020 to 20 May 2026: " in found["China"]


@pytest.mark.usefixtures("sample")
def test_title_author_and_origin_are_said(run: Run) -> None:
    text = written(run, *DAY, "--title", "Who stands where", "--author", "The desk", "--by", "ally")
    assert text.startswith(
        "# Who stands where\n\n*71 signals up to 20 May 2026 · the allies' own acts only*\n\n"
        "*Direction over 90 days, since 19 Feb 2026*\n\n*The desk*\n\n"
    )


@pytest.mark.usefixtures("sample")
def test_a_report_is_its_owner_s_alone_and_says_what_was_written(run: Run) -> None:
    ran = run("report", "out.md", *DAY)
    assert (ran.out, ran.err) == ("", "6 allies and 90 signals written to out.md\n")
    assert Path("out.md").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("args", "code", "refused"),
    [
        (["out.pdf"], 2, "'out.pdf' is neither a page nor Markdown"),
        (["-"], 2, "'-' is neither a page nor Markdown"),
        (["out.md", "--since", "2026-06-01"], 2, "--since 2026-06-01 is after --as-of 2026-05-20"),
        (["out.md", "--title", " "], 2, "the title is empty"),
        (["no/such/folder/out.md"], 1, "cannot write no/such/folder/out.md: No such file or directory"),
        (["out.md", "--ally", "chnia"], 3, "no ally 'chnia'"),
    ],
)
@pytest.mark.usefixtures("sample")
def test_what_makes_no_report_is_refused(run: Run, args: list[str], code: int, refused: str) -> None:
    ran = run("report", *args, *DAY)
    assert (ran.code, ran.out) == (code, "")
    assert f"error: {refused}" in ran.err


@pytest.mark.file
@pytest.mark.parametrize("library", ["jinja2", "vl_convert"])
@pytest.mark.usefixtures("sample")
def test_a_page_without_the_extra_names_it(run: Run, monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    for name in ("scrutiny.render.to_html._template", "scrutiny.render.embedding.bundle"):  # which are made once
        monkeypatch.setattr(
            name, __import__(name.rpartition(".")[0], fromlist=["x"]).__dict__[name.rpartition(".")[2]].__wrapped__
        )
    ran = run("report", "out.html", *DAY)
    assert ran.code == 1
    assert "scrutiny[report]" in ran.err.splitlines()[0]
    assert ran.err.splitlines()[1] == 'hint: pip install "scrutiny[report]"'
    assert not Path("out.html").exists()
    assert run("report", "out.md", *DAY).code == 0


# -- hostile text


def _spans(text: str) -> list[Span]:
    link = source(f"https://x.example/{text}")
    return [text, Strong(text), Ref(1), *([link] if isinstance(link, Link) else [])]


@pytest.fixture(scope="module")
def hostile() -> Document:
    """A document of every piece that can be kept, in every place where words may stand."""
    pieces = [text[:500] for text in KEPT.values()]
    spans = [_spans(text) for text in pieces]
    columns = Column("a", pieces[0]), Column("b", pieces[1], Form.PROSE), Column("c", "", Form.SOURCE)
    table = Table("t", columns, [(text, text, source(text)) for text in pieces])
    return Document(
        pieces[2],
        pieces,
        [
            Section(
                f"s{n}",
                text,
                [
                    Paragraph(of),
                    Items([Paragraph(of)]),
                    Quote(text, text),
                    Facts([Fact(text, of)]),
                    Code(text),
                ],
            )
            for n, (text, of) in enumerate(zip(pieces, spans, strict=True))
        ]
        + [Section("t", "Table", [Grid("caption", table)])],
    )


def test_no_text_acts_in_markdown(hostile: Document) -> None:
    allowed = set(
        "paragraph heading bullet_list list_item blockquote table thead tbody tr th td inline fence text "
        "text_special softbreak strong em link".split()
    )
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(document_to_markdown(hostile))
    kinds = {
        one.type.removesuffix("_open").removesuffix("_close")
        for token in tokens
        for one in (token, *(token.children or ()))
    }
    assert kinds <= allowed
    assert sum(token.type == "heading_open" for token in tokens) == 1 + len(hostile.sections)
    assert sum(token.type == "bullet_list_open" for token in tokens) == 2 * (len(hostile.sections) - 1)
    links = [
        str(child.attrs["href"]) for token in tokens for child in token.children or () if child.type == "link_open"
    ]
    assert links
    assert all(re.match("https?://", link) for link in links)


def test_no_text_acts_on_a_page(hostile: Document) -> None:
    page = Text(to_html(hostile))
    assert {tag for tag, _ in page.tags} <= set(
        "html head meta title style body a header h1 h2 p nav ul li main section strong blockquote footer dl dt dd "
        "pre code div table caption thead tbody tr th td script".split()
    )
    for _, of in page.tags:
        assert not [name for name in of if name.startswith("on")]
        assert re.match("https?://|#", of.get("href") or "#")
    shown = "".join(page.words)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert KEPT["SCRIPT"] in shown
    assert KEPT["HTML"] in shown


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://www.kremlin.ru/events/1", Link("kremlin.ru", "https://www.kremlin.ru/events/1")),
        ("HTTP://Example.org", Link("example.org", "HTTP://Example.org")),
        ("https://safe.example@evil.example/", Link("evil.example", "https://safe.example@evil.example/")),
        ("https://x.example/a b", "https://x.example/a b"),
        ("https://x.example/é\u202e", Link("x.example", "https://x.example/%C3%A9%E2%80%AE")),
        ("https://[::1", "https://[::1"),
        ("https://www./x", Link("www.", "https://www./x")),
        ("https:///nowhere", "https:///nowhere"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("data:text/html,x", "data:text/html,x"),
        ("Kommersant, p. 3", "Kommersant, p. 3"),
        (None, None),
    ],
)
def test_only_an_address_of_the_web_is_a_link(text: str | None, link: Link | str | None) -> None:
    assert source(text) == link
