"""Where a ledger may be, as it may be shown: a database URL without its secrets."""

import re

HIDDEN = "***"
DATABASE = b"SQLite format 3\0"  # how each file of a database begins
OPEN = (  # what a query may hold that is no secret
    "application_name", "connect_timeout", "host", "port", "service", "sslmode", "sslrootcert",
    "target_session_attrs",
)  # fmt: skip

_URL = re.compile(r"([^:/?#@]*)://(.*)", re.DOTALL)
_OPEN = re.compile(rf"(({'|'.join(OPEN)})=[\w.~/+%:-]*&?)+", re.ASCII)


def is_ambiguous(url: str) -> bool:
    """Whether nobody can tell the password of a URL from the rest: it ought to be encoded."""
    found = _URL.fullmatch(url)
    return bool(found and re.search(r"[@/?#\s]", found[2].rpartition("@")[0]))


def shown(place: str) -> str:
    """A path as it is; a URL without password and query, and where these cannot be told apart, little else."""
    url = _URL.fullmatch(place)
    if url is None:
        return place
    scheme, rest = url.groups()
    if is_ambiguous(place):
        return f"{scheme}://{HIDDEN}"
    who, at, where = rest.rpartition("@")
    user, colon, _ = who.partition(":")
    path, mark, query = where.partition("?")
    path, number_sign, _ = path.partition("#")
    if number_sign or (mark and not _OPEN.fullmatch(query)):
        query, mark = HIDDEN, "?"
    return f"{scheme}://{user}{colon and f':{HIDDEN}'}{at}{path}{mark}{query}"
