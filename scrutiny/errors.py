"""What can go wrong in the person's words: a message, a hint that can be typed, an exit code."""


class ScrutinyError(Exception):
    """Refused or failed by the state of the ledger or the world."""

    exit_code = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class MissingExtra(ScrutinyError):
    """Work that needs the libraries of an extra; `what` is said as its subject: "an .xlsx workbook"."""

    def __init__(self, extra: str, what: str) -> None:
        super().__init__(
            f"{what} needs the extra scrutiny[{extra}], which is not installed", f'pip install "scrutiny[{extra}]"'
        )


class BadValue(ScrutinyError):
    """A word, option or cell that cannot be what it was given as."""

    exit_code = 2


class Unknown(ScrutinyError):
    """An ally or a signal that the ledger does not have."""

    exit_code = 3


class BrokenLedger(ScrutinyError):
    """The file is no ledger, or its schema or integrity is not what it must be."""

    exit_code = 4
