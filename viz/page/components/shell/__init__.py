"""The shell: it brings all code, styles and texts to the browser once, and dresses the document."""

from __future__ import annotations

from viz.page.components.sent import Sent


class Shell(Sent, frozen=True):
    """`texts`: English template → the spoken language; `language` as HTML names it."""

    texts: dict[str, str]
    language: str
    present: bool
    title: str
