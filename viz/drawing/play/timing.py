"""When each card appears: before which backward pass it was computed, and with what."""

from __future__ import annotations

from viz.drawing.view import GraphView, ViewNode
from viz.records import Trace


class Timing:
    """The cards of a view by the pass before which they were computed.

    `first` are the leaves (and unused constants) that are there before anything runs; other leaves
    and constants appear with the first card that uses them.
    """

    def __init__(self, trace: Trace, view: GraphView) -> None:
        self._calls = [
            int(pass_.call[1:]) if pass_.call is not None else None for pass_ in trace.passes
        ]
        self._orders = [pass_.order for pass_ in trace.passes]
        targets = {edge.target for edge in view.edges}
        given = [
            card
            for card in view.nodes
            if card.kind in ("leaf", "constant") and card.id not in targets
        ]
        waiting = {card.id for card in given}
        self._by_pass: dict[int, list[ViewNode]] = {}
        for card in view.nodes:
            if card.id not in waiting:
                self._by_pass.setdefault(self._pass_of(card), []).append(card)
        self._appearing, self.first = self._appearances(view, given)

    def cards(self, number: int) -> list[ViewNode]:
        """What is computed after pass `number` − 1 and before pass `number`."""
        return self._by_pass.get(number, [])

    def appearing(self, card: ViewNode) -> list[ViewNode]:
        """The leaves and constants that appear with a card."""
        return self._appearing.get(card.id, [])

    def _pass_of(self, card: ViewNode) -> int:
        """How many passes had run before the card was computed."""
        shown, order = card.shown, card.shown.order
        if order:
            made = (place for place, of in enumerate(self._orders) if of == order)
            return next((place + 1 for place in made), len(self._orders))
        if shown.call is None:
            return 0
        call = int(shown.call[1:])
        return sum(1 for made in self._calls if made is not None and made < call)

    def _appearances(
        self, view: GraphView, given: list[ViewNode]
    ) -> tuple[dict[str, list[ViewNode]], list[ViewNode]]:
        at = {
            card.id: (number, place)
            for number, cards in sorted(self._by_pass.items())
            for place, card in enumerate(cards)
        }
        users: dict[str, list[str]] = {}
        for edge in view.edges:
            users.setdefault(edge.source, []).append(edge.target)
        appearing: dict[str, list[ViewNode]] = {}
        first: list[ViewNode] = []
        for card in given:
            user = min(
                (each for each in users.get(card.id, ()) if each in at),
                key=at.__getitem__,
                default=None,
            )
            if user is None or (card.kind == "leaf" and at[user][0] == 0):
                first.append(card)
            else:
                appearing.setdefault(user, []).append(card)
        return appearing, first
