"""What the panel of a chosen node shows."""

from __future__ import annotations

from typing import Any

from viz.drawing import texts
from viz.drawing.display import Display
from viz.drawing.view import GraphView


def details(view: GraphView, display: Display) -> dict[str, Any]:
    """By card: title, value, gradient."""
    return {
        node.id: {
            "op": node.shown.op,
            "value": texts.whole(node.shown.value, display.digits),
            "gradient": texts.whole(node.shown.gradient, display.digits),
        }
        for node in view.nodes
    }
