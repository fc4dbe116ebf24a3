"""What a file's ending promises, and which command keeps it: no file is to be taken for what it is not."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import PurePath

from scrutiny.errors import BadValue


class Promise(Enum):
    """What somebody who reads the name of a file expects in it."""

    PAGE = auto()
    PICTURE = auto()
    WORKBOOK = auto()
    ARCHIVE = auto()
    MARKDOWN = auto()
    JSON = auto()
    ROWS = auto()


PROMISES = {  # any other ending promises nothing
    **dict.fromkeys((".html", ".htm", ".pdf", ".docx", ".doc", ".odt"), Promise.PAGE),
    **dict.fromkeys((".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp"), Promise.PICTURE),
    **dict.fromkeys((".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"), Promise.WORKBOOK),
    ".zip": Promise.ARCHIVE,
    **dict.fromkeys((".md", ".markdown"), Promise.MARKDOWN),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), Promise.JSON),
    **dict.fromkeys((".csv", ".tsv", ".gz", ".bz2", ".xz", ".7z"), Promise.ROWS),
}


@dataclass(frozen=True, slots=True)
class Written:
    """The endings that a command keeps; what to type instead of others, with {} for the name without its ending."""

    endings: tuple[str, ...]
    otherwise: str
    nearest: Mapping[Promise, str] = field(default_factory=dict)

    def check(self, output: str | None) -> None:
        """BadValue for a name that promises what is not written."""
        bare = PurePath(output or "-")
        ending = bare.suffix.casefold()
        if ending not in PROMISES or ending in self.endings:
            return
        while bare.suffix.casefold() in PROMISES:
            bare = bare.with_suffix("")
        command, _, name = self.nearest.get(PROMISES[ending], self.otherwise).rpartition(" ")
        raise BadValue(
            f"no {ending} is written here, and {output} is called one",
            f"{command} {shlex.quote(name.format(bare))}",
        )


REPORT, PICTURE = "scrutiny report {}.html", "scrutiny chart --output {}.png"
VIEWS = Written(
    (".csv", ".json", ".md", ".markdown"),
    "--format csv --output {}.csv",
    {Promise.PAGE: REPORT, Promise.PICTURE: PICTURE, Promise.JSON: "--format json --output {}.json"},
)
CHARTS = Written((*VIEWS.endings, ".svg", ".png"), "--output {}.png")
MEMOS = Written((".md", ".markdown"), "--output {}.md", {Promise.PAGE: REPORT})
EXPORTS = Written(
    (".csv", ".jsonl", ".ndjson", ".xlsx"),
    "--output {}.csv",
    {
        Promise.PAGE: REPORT,
        Promise.PICTURE: PICTURE,
        Promise.WORKBOOK: "--output {}.xlsx",
        Promise.ARCHIVE: "--public {}.zip",
        Promise.MARKDOWN: "scrutiny list --format markdown --output {}.md",
        Promise.JSON: "--output {}.jsonl",
    },
)
