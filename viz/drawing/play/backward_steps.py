"""A backward pass as it is played: whose turn it is, what flows, what has added up by then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from viz.drawing import texts
from viz.drawing.formulas import mathml
from viz.drawing.formulas.arithmetic import total
from viz.drawing.play.chain_rule import Chain, Rule
from viz.drawing.play.pass_index import Term, backward
from viz.drawing.play.stage import Change, Stage
from viz.drawing.view import ViewNode
from viz.records import Pass, Tensor

CardTurn = tuple[ViewNode, list[int]]
FLOWING: Final = 14
"""Characters on an arrow; of a longer tensor the shape alone is shown."""
_FACTOR: Final = {True: "×", False: "⊙"}
"""Before a local derivative: what it does to a number, and to several, element by element."""


class Backpropagation:
    """The state of one pass while it is played; ask for its turns in their order."""

    def __init__(self, stage: Stage, pass_: Pass) -> None:
        self.stage = stage
        self.pass_ = pass_
        self.indexed = backward(stage.trace, pass_, stage.into)
        digits, words = stage.display.digits, stage.display.words
        self.chain = Chain(stage.trace, self.indexed, stage.symbols, digits, words)
        self.before = {leaf.node: leaf.gradient for leaf in pass_.leaves_before}
        self.after = {leaf.node: leaf.gradient for leaf in pass_.leaves_after}
        self._taking_turns = {step.node for step in pass_.steps if step.node in stage.view.card}

    def turns(self) -> list[CardTurn]:
        """The cards in the order of execution, with their places in the pass's steps.

        Steps of one card that follow each other are one turn. Should cards take turns too often
        (two folded branches run side by side), each has one turn only: its last.
        """
        card_of = self.stage.view.card
        turns: list[tuple[str, list[int]]] = []
        for place, step in enumerate(self.pass_.steps):
            card = card_of.get(step.node)
            if card is None:
                continue
            if turns and turns[-1][0] == card:
                turns[-1][1].append(place)
            else:
                turns.append((card, [place]))
        if len(turns) > 2 * len(self.stage.cards):
            turns = _merged(turns)
        return [(self.stage.cards[card], places) for card, places in turns]

    def sent(self, places: Sequence[int]) -> list[Change]:
        """By what each edge out of these steps will multiply: the local derivative stands there
        until the product does, which comes at its receiver's turn, together with its formula."""
        changes: list[Change] = []
        for edge, terms in self._by_edge(t for at in places for t in self.indexed.sent.get(at, ())):
            coming = [term for term in terms if term.edge.source in self._taking_turns]
            if not coming:
                changes += self._product(edge, terms)
            elif len(terms) == 1 and terms[0].elementwise:
                changes += self._on_edge(edge, terms[0].edge.local, _FACTOR[_is_number(terms[0])])
        for node in self._without_turn(places):
            changes += self._gradient_of(node)
        return changes

    def arrived(self, places: Sequence[int]) -> list[Change]:
        """The contributions that make up the gradients of these steps' nodes, on their edges."""
        nodes = dict.fromkeys(self.pass_.steps[place].node for place in places)
        terms = (term for node in nodes for term in self.indexed.terms.get(node, ()))
        return [
            change for edge, found in self._by_edge(terms) for change in self._product(edge, found)
        ]

    def _by_edge(self, terms: Iterable[Term]) -> Iterable[tuple[str, list[Term]]]:
        """The terms by the arrow that they flow along, of those that are drawn."""
        found: dict[str, list[Term]] = {}
        for term in terms:
            edge = self.stage.edge_at.get(term.place)
            if edge is not None:
                found.setdefault(edge.id, []).append(term)
        return found.items()

    def _product(self, edge: str, terms: Sequence[Term]) -> list[Change]:
        """What flows along an arrow; nothing where the arrow stands for several sums."""
        if len({(term.edge.source, term.edge.output_index) for term in terms}) > 1:
            return []
        flows = terms[0].contribution if len(terms) == 1 else total(t.contribution for t in terms)
        return self._on_edge(edge, flows)

    def _on_edge(self, edge: str, tensor: Tensor | None, before: str = "") -> list[Change]:
        if tensor is None:
            return self.stage.write(edge, "contribution", "")
        short = texts.written(tensor, self.stage.display.digits, FLOWING)
        if short is None:
            short = "" if before else texts.extent(tensor.shape)
        return self.stage.write(edge, "contribution", before + short if short else "")

    def _without_turn(self, places: Sequence[int]) -> Iterable[str]:
        """Nodes that these steps send something to and that have no turn of their own."""
        terms = (term for place in places for term in self.indexed.sent.get(place, ()))
        nodes = dict.fromkeys(term.edge.source for term in terms)
        return [node for node in nodes if node not in self._taking_turns]

    def _gradient_of(self, node: str) -> list[Change]:
        card = self.stage.cards.get(self.stage.view.card.get(node, ""))
        if card is None or card.shown.id != node or self.before.get(node) is not None:
            return []
        added = total(term.contribution for term in self.indexed.terms[node])
        return self.stage.write(card.id, "gradient", self.stage.text(card.id, "gradient", added))

    def own(self, card: ViewNode, places: Sequence[int]) -> list[Change]:
        """The card's gradient, whole at its turn; a leaf shows its `.grad` with what was there."""
        if all(self.pass_.steps[place].node != card.shown.id for place in places):
            return []
        text = self.stage.text(card.id, "gradient", self.gradient(card, places))
        return self.stage.write(card.id, "gradient", text)

    def gradient(self, card: ViewNode, places: Sequence[int]) -> Tensor | None:
        """What the card shows at its turn; `None` where the turn is not its shown node's."""
        node = card.shown.id
        if all(self.pass_.steps[place].node != node for place in places):
            return None
        gradient = self.chain.received(node)
        if card.kind == "leaf" and self.pass_.kind == "backward":
            return self.after.get(node, gradient)
        return gradient

    def leaving(self, card: ViewNode, places: Sequence[int]) -> tuple[str, ...]:
        """The edges along which these steps send something out of the card."""
        terms = (term for place in places for term in self.indexed.sent.get(place, ()))
        edges = (self.stage.edge_at.get(term.place) for term in terms)
        return tuple(
            dict.fromkeys(edge.id for edge in edges if edge is not None and edge.target == card.id)
        )

    def arriving(self, card: ViewNode) -> tuple[str, ...]:
        """The edges whose contributions made the card's gradient."""
        terms = (term for id in card.records for term in self.indexed.terms.get(id, ()))
        edges = (self.stage.edge_at.get(term.place) for term in terms)
        return tuple(
            dict.fromkeys(edge.id for edge in edges if edge is not None and edge.source == card.id)
        )

    def hooked(self, card: ViewNode) -> bool:
        """Whether a hook had its hand in the card's gradient or `.grad`: then no product, and no
        sum, comes to it."""
        coming = (term for id in card.records for term in self.indexed.terms.get(id, ()))
        here = ((id, at, 0) for id in card.records for at in ("node", "grad"))
        return any(place in self.indexed.hooked for place in here) or any(
            term.hooked is not None for term in coming
        )

    def rule(self, card: ViewNode, places: Sequence[int]) -> Rule:
        """The chain rule of the card's shown node, or of the last that had its turn."""
        executed = [self.pass_.steps[place].node for place in places]
        node = card.shown.id if card.shown.id in executed else executed[-1]
        rule = self.chain.rule(node)
        before, after = self.before.get(node), self.after.get(node)
        change = self.indexed.hooked.get((node, "grad", 0))
        if change is not None:
            left = mathml.text(f"{self.stage.symbols[node]}.grad") + mathml.sign("=")
            return replace(rule, grad=left + self.chain.hooked(change))
        if before is None or after is None or self.pass_.kind != "backward":
            return rule
        return replace(rule, grad=self._added(node, before, after))

    def _added(self, node: str, before: Tensor, after: Tensor) -> str:
        """x.grad = what was there + what came = what is there now"""
        display = self.stage.display
        parts = (before, self.chain.received(node), after)
        old, new, now = (texts.tensor(part, display.digits, words=display.words) for part in parts)
        grad = mathml.text(f"{self.stage.symbols[node]}.grad")
        equal = mathml.sign("=")
        sum_ = mathml.number(old) + mathml.sign("+") + mathml.behind(new)
        return grad + equal + sum_ + equal + mathml.number(now)

    def cleared(self, *, first: bool) -> tuple[Change, ...]:
        """What earlier passes left blanked; the leaves as they are before this one."""
        stage = self.stage
        leaves = {stage.view.card[node]: node for node in self.before if node in stage.view.card}
        changes: list[Change] = []
        if not first:
            for (target, part), _ in list(stage.written.items()):
                if part != "value" and target not in leaves:
                    changes += stage.write(target, part, "")
        for card, node in leaves.items():
            if stage.cards[card].shown.id == node:
                text = stage.text(card, "gradient", self.before[node])
                changes += stage.write(card, "gradient", text)
        return tuple(changes)


def _is_number(term: Term) -> bool:
    return term.edge.local is not None and term.edge.local.size == 1


def _merged(turns: Sequence[tuple[str, list[int]]]) -> list[tuple[str, list[int]]]:
    """One turn a card, at its last place."""
    last: dict[str, list[int]] = {}
    for card, places in turns:
        last[card] = [*last.pop(card, ()), *places]
    return list(last.items())
