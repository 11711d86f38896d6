"""What the panel says of a card: its operation, its numbers, its derivatives, its paths.

`details(trace, view)` gives one `Details` a card, plain data to be sent to the browser (about
`LARGEST` bytes in all; what does not fit loses its formulas and paths and says so: `cut`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from viz.drawing import texts
from viz.drawing.display import Display
from viz.drawing.formulas import mathml
from viz.drawing.formulas.expressions import typeset, variables
from viz.drawing.formulas.symbols import Symbol
from viz.drawing.formulas.table import formula_of
from viz.drawing.picture.cards import operation_text, saved_text
from viz.drawing.play.heat import Heat, heat
from viz.drawing.play.pass_index import Backward, backward
from viz.drawing.play.paths import Way, counts, ways
from viz.drawing.play.references import link
from viz.drawing.play.stage import Stage
from viz.drawing.view import GraphView, ViewNode
from viz.records import Edge, Tensor, Trace

LARGEST: Final = 280_000
"""Bytes of all details as JSON, about."""
LONGEST: Final = 700
"""Characters of one tensor's text."""
INPUTS: Final = 8
"""Inputs whose derivative is written out."""
FACTORS: Final = 8
"""Factors of a path's product that are written out."""
CARDS: Final = 60
"""Cards of a path that are named, so that they can light up."""


@dataclass(frozen=True)
class Quantity:
    """A tensor in the panel: its text, shape and type, and a heat map where it is a small one."""

    text: str
    shape: str
    dtype: str
    heat: Heat | None = None


@dataclass(frozen=True)
class PathText:
    """One way to the end: the cards on it, its names, and its product in MathML."""

    cards: tuple[str, ...]
    names: str
    math: str


@dataclass(frozen=True)
class Paths:
    """Some of the ways; `count` all of them (a text: it may be 10^300), `total` their sum."""

    listed: tuple[PathText, ...]
    count: str
    more: bool
    total: str


@dataclass(frozen=True)
class Details:
    """Everything the panel shows of a card; texts are escaped by whoever inserts them."""

    title: str
    name: str
    op: str
    function: str
    link: str | None
    value: Quantity | None
    gradient: Quantity | None
    saved: tuple[tuple[str, str], ...]
    result: str
    derivatives: tuple[str, ...]
    paths: Paths | None
    iteration: int | None = None
    in_place: bool = False
    view: bool = False
    frozen: bool = False
    cut: bool = False

    @property
    def weight(self) -> int:
        """Bytes that it takes as JSON."""
        return len(msgspec.json.encode(self))


def details(trace: Trace, view: GraphView, display: Display | None = None) -> Mapping[str, Details]:
    """The panel's content by card."""
    display = display or Display()
    stage = Stage(trace, view, display, {})
    last = backward(trace, trace.passes[-1], stage.into) if trace.passes else None
    panel = _Panel(stage, last)
    found: dict[str, Details] = {}
    room = LARGEST
    for card in view.nodes:
        full = panel.of(card)
        if full.weight > room:
            full = replace(full, result="", derivatives=(), paths=None, saved=(), cut=True)
        room -= full.weight
        found[card.id] = full
    return found


class _Panel:
    def __init__(self, stage: Stage, last: Backward | None) -> None:
        self.stage = stage
        self.last = last
        self.counted = counts(last) if last is not None else {}
        self.display = stage.display
        self.derivatives = _Derivatives(stage)

    def of(self, card: ViewNode) -> Details:
        """The content for one card."""
        shown, call = card.shown, card.call
        rule = self.stage.forward.rule(card) if card.kind not in ("leaf", "constant") else None
        return Details(
            title=operation_text(card, self.display),
            name=card.name,
            op=shown.op,
            function=call.function if call is not None else "",
            link=link(call.function) if call is not None and card.kind != "group" else None,
            value=self._quantity(shown.value),
            gradient=self._quantity(shown.gradient),
            saved=self._saved(card),
            result=mathml.math(rule.symbolic, rule.numeric) if rule is not None else "",
            derivatives=tuple(self.derivatives.of(card)),
            paths=self._paths(shown.id),
            iteration=call.iteration if call is not None else None,
            in_place=shown.in_place,
            view=shown.view,
            frozen=card.frozen,
        )

    def _quantity(self, value: Tensor | None) -> Quantity | None:
        if value is None:
            return None
        digits, words = self.display.digits, self.display.words
        text = texts.whole(value, digits, words)
        if len(text) > LONGEST:
            text = text[: LONGEST - 1] + "…"
        return Quantity(text, texts.shape(value.shape, words), value.dtype, heat(value, digits))

    def _saved(self, card: ViewNode) -> tuple[tuple[str, str], ...]:
        saved = card.shown.saved if card.single else ()
        shown = ((each.name, saved_text(each, self.display)) for each in saved)
        return tuple((name, text[:LONGEST]) for name, text in shown if text)

    def _paths(self, node: str) -> Paths | None:
        found = ways(self.last, node, self.counted) if self.last is not None else None
        if found is None:
            return None
        return Paths(
            listed=tuple(self._path(way) for way in found.listed),
            count=found.count_text,
            more=found.count > len(found.listed),
            total="" if found.total is None else texts.number(found.total, self.display.digits),
        )

    def _path(self, way: Way) -> PathText:
        cards = dict.fromkeys(
            card for node in way.nodes if (card := self.stage.view.card.get(node)) is not None
        )
        nodes, digits = way.nodes, self.display.digits
        symbols = [str(self.stage.symbols[node]) for node in nodes[:FACTORS] + nodes[FACTORS:][-1:]]
        if len(nodes) > FACTORS + 1:
            symbols.insert(FACTORS, "…")
        factors = [mathml.behind(texts.number(each, digits)) for each in way.factors[:FACTORS]]
        if len(way.factors) > FACTORS:
            factors.append(mathml.sign("…"))
        product = mathml.number(texts.number(way.product, digits))
        left = mathml.joined("×", factors) + mathml.sign("=") if len(factors) > 1 else ""
        return PathText(tuple(cards)[:CARDS], " → ".join(symbols), mathml.math(left, product))


class _Derivatives:
    """The derivatives of a single card by its inputs: ∂c/∂a = b = 3."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.digits, self.words = stage.display.digits, stage.display.words

    def of(self, card: ViewNode) -> Sequence[str]:
        """In MathML, by input; empty for folded cards and what has no inputs."""
        if not card.single:
            return ()
        edges = self.stage.edges_into(card)
        places = [place for edge in edges for place in edge.records][:INPUTS]
        recorded = (self.stage.trace.edges[place] for place in places)
        return [
            self._math(card, edge, self.stage.symbols[edge.source])
            for edge in recorded
            if edge.differentiable
        ]

    def _math(self, card: ViewNode, edge: Edge, by: Symbol) -> str:
        result = self.stage.symbols[card.shown.id].markup
        formula = self._formula(card, edge)
        if formula is not None and not formula[1]:
            left = mathml.text("vᵀ") + mathml.derivative(result, by.markup)
            return mathml.math(left, mathml.sign("="), formula[0])
        left = mathml.derivative(result, by.markup)
        middle = mathml.sign("=") + formula[0] if formula is not None else ""
        value = texts.tensor(edge.local, self.digits, 40, self.words) if edge.local else ""
        if not value or middle.endswith(mathml.sign("=") + mathml.number(value)):
            return mathml.math(left, middle)
        # of what is not elementwise the record holds the sum over all results, 1ᵀJ
        elementwise = formula is not None or (edge.local is not None and edge.local.shape == ())
        ones = "" if elementwise else mathml.text("1ᵀ")
        return mathml.math(ones, left, middle, mathml.sign("="), mathml.number(value))

    def _formula(self, card: ViewNode, edge: Edge) -> tuple[str, bool] | None:
        """The formula with the graph's own names; whether it is the derivative itself."""
        found = formula_of(card.shown)
        if found is None or edge.input_index >= len(found.derivatives) or edge.output_index:
            return None
        part = found.derivatives[edge.input_index]
        bound = self.stage.forward.bound(card)
        bound["y"] = (self.stage.symbols[card.shown.id].markup, True)
        if found.back:
            bound["g"] = (mathml.name("v"), True)
        if not variables(part) <= bound.keys():
            return None
        return typeset(part, bound), bool(found.local)
