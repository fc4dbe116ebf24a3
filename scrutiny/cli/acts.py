"""acts: the coding vocabulary."""

from typing import Annotated

from scrutiny.cli import complete
from scrutiny.cli.options import Format, Output, optional
from scrutiny.cli.present import present
from scrutiny.render import As


def acts(
    kind: Annotated[str | None, optional("--kind", "KIND", "Only acts of this kind.", complete.kinds)] = None,
    format: Format = As.TABLE,
    output: Output = None,
) -> None:
    """Print the coding vocabulary, with examples.

    Example: scrutiny acts --kind sanctions
    """
    from scrutiny.core.acts import Kind
    from scrutiny.core.near import member
    from scrutiny.reports.vocabulary import vocabulary

    present(vocabulary((member(Kind, kind, "kind"),) if kind else ()), format, output)
