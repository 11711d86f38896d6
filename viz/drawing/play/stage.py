"""What every step of a play needs to know of a trace and its view, looked up once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from viz.drawing.display import Display
from viz.drawing.formulas.symbols import symbols
from viz.drawing.picture.cards import TEXT, Face, fitted_tensor
from viz.drawing.picture.text_width import width
from viz.drawing.play.forward_steps import Forward
from viz.drawing.play.pass_index import inputs_of
from viz.drawing.view import GraphView, ViewEdge, ViewNode
from viz.records import Tensor, Trace

ShownPart = Literal["value", "gradient", "contribution"]


@dataclass(frozen=True)
class Change:
    """A text that appears on a part of a card or an edge; an empty one blanks it."""

    target: str
    part: ShownPart
    text: str


class Stage:
    """A trace, a view of it, and where its parts are; `written` is what is on show by now."""

    def __init__(
        self, trace: Trace, view: GraphView, display: Display, faces: Mapping[str, Face]
    ) -> None:
        self.trace = trace
        self.view = view
        self.display = display
        self.faces = faces
        self.symbols = symbols(trace, display.digits)
        self.into = inputs_of(trace)
        self.forward = Forward(trace, self.symbols, self.into, display)
        self.cards = {card.id: card for card in view.nodes}
        self.edge_at = {place: edge for edge in view.edges for place in edge.records}
        self.written: dict[tuple[str, ShownPart], str] = {}
        self._into: dict[str, list[ViewEdge]] = {}
        for edge in view.edges:
            self._into.setdefault(edge.target, []).append(edge)

    def edges_into(self, card: ViewNode) -> list[ViewEdge]:
        """The arrows that end at a card."""
        return self._into.get(card.id, [])

    def value(self, card: ViewNode) -> list[Change]:
        """The card's value, as it appears."""
        return self.write(card.id, "value", self.text(card.id, "value", card.shown.value))

    def text(self, card: str, part: ShownPart, tensor: Tensor | None, more: str = "") -> str:
        """A tensor's text, cut to the room that the card has for it."""
        face = self.faces[card]
        if not any(row.kind == part for row in face.rows):
            return ""
        room = face.text_room - width(more, TEXT)
        return fitted_tensor(tensor, self.display, room) + more

    def write(self, target: str, part: ShownPart, text: str) -> list[Change]:
        """The change that puts a text up; none when it is there already."""
        if self.written.get((target, part), "") == text:
            return []
        self.written[target, part] = text
        return [Change(target, part, text)]
