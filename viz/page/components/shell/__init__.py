"""The shell: it brings all code, styles and texts to the browser once, and dresses the document.

It sends back `held`, what the browser holds (`Brought`), where another session answers than
before, and `back`, so that the page runs as a whole, when a server answers again.
"""

from __future__ import annotations

from viz.page.components.sent import Sent


class Shell(Sent, frozen=True):
    """`texts`: English template → the spoken language; `language` as HTML names it.

    `session` names the session that answers; `adopted`: it shows what the browser told it; `backs`
    counts how often the browser asked for the whole page: that it has come is seen by that.
    """

    texts: dict[str, str]
    language: str
    present: bool
    title: str
    session: str
    adopted: bool
    backs: int
