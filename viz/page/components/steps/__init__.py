"""The steps as a table; the graph's own record has them, this one only what heads the columns."""

from __future__ import annotations

from viz.page.components.sent import Sent


class Steps(Sent, frozen=True):
    """The heads of the four columns."""

    heads: tuple[str, str, str, str]
