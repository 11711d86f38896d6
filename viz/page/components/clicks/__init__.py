"""Clicks in a plotly figure: `place`, the two numbers where somebody clicked, is sent back."""

from __future__ import annotations

from viz.page.components.sent import Sent


class Clicks(Sent, frozen=True):
    """`target` is the key of the figure."""

    target: str
