"""Help for somebody who is asked for a gradient: hints that go further, known mistakes.

`coached(trace, view, display)` gives a `Coaching` for each step of the play that has an answer: the
rule, the numbers to put in, the step itself; and what people answer who make a mistake, each with
its explanation. All sentences are English templates.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from viz.drawing import texts
from viz.drawing.display import Display
from viz.drawing.formulas.operations import base, friendly
from viz.drawing.formulas.symbols import symbols
from viz.drawing.formulas.table import saved_values
from viz.drawing.play.pass_index import Backward, Term, backward, inputs_of
from viz.drawing.play.steps import PlayerStep, player
from viz.drawing.view import GraphView
from viz.errors import N_
from viz.records import Message, Node, Tensor, Trace

MOST: Final = 120
"""Steps of one play that are helped with."""
SHORT: Final = 30
"""Characters of a tensor within a hint."""
NEAR: Final = 0.01
"""Part of the answer within which the browser takes a number for it."""

RULES: Final = {
    "Add": N_("“+” passes what arrives on unchanged."),
    "Sub": N_("“−” passes what arrives on: unchanged to the first number, to the one that is "
              "subtracted with the other sign."),
    "Mul": N_("A product sends each factor what arrives, times the other factor."),
    "Pow": N_("The slope of aⁿ is n · aⁿ⁻¹. Multiply what arrives by it."),
    "Relu": N_("ReLU passes what arrives on where its input is positive. Elsewhere it passes 0."),
    "Sum": N_("sum() passes what arrives on to each of its numbers, unchanged."),
    "Mv": N_("y = W · x: row i of the gradient of W is what arrives at yᵢ, times x. The gradient "
             "of x is the sum of the rows of W, each times what arrives at its yᵢ."),
}  # fmt: skip
"""By operation, what its backward pass does; others have the general rule."""
GENERAL: Final = N_(
    "Multiply what arrives at {target} by the local derivative of {operation} there."
)
USES: Final = N_(
    "{name} is used {count} times. For each use: what arrives there times the local derivative. "
    "Then add."
)

FlatNumbers = tuple[float, ...]
BinaryOperation = Callable[[float, float], float]


@dataclass(frozen=True)
class KnownMistake:
    """What somebody answers who makes it, and its explanation."""

    values: FlatNumbers
    say: Message


@dataclass(frozen=True)
class Coaching:
    """Help with one question, hints one after the other."""

    hints: tuple[Message, ...]
    mistakes: tuple[KnownMistake, ...]


def coached(trace: Trace, view: GraphView, display: Display) -> dict[int, Coaching]:
    """The help by the place of the step in the play."""
    into = inputs_of(trace)
    shown = {card.id: card.shown for card in view.nodes}
    asked = [
        (place, step)
        for place, step in enumerate(player(trace, view, display).steps)
        if step.answer is not None and step.node in shown and step.pass_number is not None
    ]
    asked = asked[:MOST]
    played = {step.pass_number or 0 for _, step in asked}
    passes = {number: backward(trace, trace.passes[number], into) for number in played}
    coach = _Coach(trace, display)
    return {
        place: coach.of(shown[step.node or ""], passes[step.pass_number or 0], step)
        for place, step in asked
    }


class _Coach:
    """What is the same for all questions of one run."""

    def __init__(self, trace: Trace, display: Display) -> None:
        self.trace = trace
        self.digits = display.digits
        self.words = display.words
        self.symbols = symbols(trace, display.digits)

    def of(self, node: Node, indexed: Backward, step: PlayerStep) -> Coaching:
        terms = indexed.terms.get(node.id, [])
        truth = step.answer or ()
        known: list[KnownMistake] = []
        before = next(
            (leaf.gradient for leaf in indexed.pass_.leaves_before if leaf.node == node.id), None
        )
        brought = indexed.received.get(node.id, (None,))[0]
        adds = bool(step.grad)
        found = self._mistakes(node, indexed, terms, truth)
        for values, say in self._of_adding(node, before, brought) if adds else found:
            taken = [truth, *(each.values for each in known)]
            if values and len(values) <= 2 * len(truth) and not any(
                _alike(values, each) for each in taken
            ):  # fmt: skip
                known.append(KnownMistake(values, say))
        if adds:
            return Coaching(self._adding(node, before, brought, truth), tuple(known))
        return Coaching(self._hints(node, terms, truth), tuple(known))

    def _said(self, template: str, node: Node, term: Term | None = None, **more: str) -> Message:
        details = {"name": str(self.symbols[node.id]), **more}
        if term is not None:
            details["target"] = str(self.symbols[term.edge.target])
            details["operation"] = friendly(self.trace.node(term.edge.target).op)
        used = {name: text for name, text in details.items() if "{" + name + "}" in template}
        return Message(template, used)

    # ── hints ──

    def _hints(self, node: Node, terms: Sequence[Term], truth: FlatNumbers) -> tuple[Message, ...]:
        if not terms:
            return ()
        result = self._numbers(truth)
        if len(terms) > 1:
            rule = self._said(USES, node, count=str(len(terms)))
        else:
            rule = self._said(RULES.get(self._op(terms[0]), GENERAL), node, terms[0])
        if not all(term.elementwise for term in terms):
            return rule, self._arriving(node, terms), self._is(node, result)
        products = " + ".join(map(self._product, terms))
        put = N_("Put in the numbers: {numbers}.")
        sum_ = " + ".join(self._bracketed(term.contribution) for term in terms)
        whole = f"{products} = {sum_} = {result}" if len(terms) > 1 else f"{products} = {result}"
        return rule, self._said(put, node, numbers=products), self._is(node, whole)

    def _adding(
        self, node: Node, before: Tensor | None, brought: Tensor | None, truth: FlatNumbers
    ) -> tuple[Message, ...]:
        """Hints for a leaf whose `.grad` holds something already."""
        rule = N_("A backward pass adds to what {name}.grad holds. It replaces nothing.")
        put = N_("{name}.grad holds {before}, and this pass brings {brought}.")
        told = {"before": self._short(before), "brought": self._short(brought)}
        whole = f"{told['before']} + {self._bracketed(brought)} = {self._numbers(truth)}"
        is_ = N_("{name}.grad is then {numbers}.")
        return (
            self._said(rule, node),
            self._said(put, node, None, **told),
            self._said(is_, node, numbers=whole),
        )

    def _of_adding(
        self, node: Node, before: Tensor | None, brought: Tensor | None
    ) -> Iterator[tuple[FlatNumbers, Message]]:
        say = N_("That is what this pass brings. It does not replace what {name}.grad holds: it is "
                 "added.")  # fmt: skip
        yield _flat(brought), self._said(say, node)
        say = N_("That is what {name}.grad held before. This pass brings something too.")
        yield _flat(before), self._said(say, node)
        say = N_("You multiplied. A backward pass adds to what {name}.grad holds.")
        yield _joined(_flat(before), _flat(brought), lambda a, b: a * b), self._said(say, node)
        say = N_("You subtracted. A backward pass adds to what {name}.grad holds.")
        yield _joined(_flat(before), _flat(brought), lambda a, b: a - b), self._said(say, node)

    def _is(self, node: Node, numbers: str) -> Message:
        return self._said(N_("The gradient of {name}: {numbers}."), node, numbers=numbers)

    def _arriving(self, node: Node, terms: Sequence[Term]) -> Message:
        """Of a matrix: what arrives, and what stands beside it."""
        found = [
            f"∂/∂{self.symbols[term.edge.target]} = {self._short(term.upstream)}" for term in terms
        ]
        beside = [
            f"{self.symbols[other.id]} = {self._short(other.value)}"
            for term in terms
            for other in self._siblings(term)
        ]
        return self._said(
            N_("Put in the numbers: {numbers}."), node, numbers=", ".join([*found, *beside])
        )

    def _product(self, term: Term) -> str:
        return f"{self._bracketed(term.upstream)} × {self._bracketed(term.edge.local)}"

    def _bracketed(self, tensor: Tensor | None) -> str:
        text = self._short(tensor)
        return f"({text})" if text.startswith(texts.MINUS) else text

    def _short(self, tensor: Tensor | None) -> str:
        return texts.tensor(tensor, self.digits, SHORT, self.words)

    def _numbers(self, values: FlatNumbers) -> str:
        return ", ".join(texts.number(value, self.digits) for value in values)

    # ── mistakes ──

    def _mistakes(
        self, node: Node, indexed: Backward, terms: Sequence[Term], truth: FlatNumbers
    ) -> Iterator[tuple[FlatNumbers, Message]]:
        if len(terms) == 1:
            yield from self._of_one_use(node, terms[0], truth)
        elif terms:
            yield from self._of_several_uses(node, terms)
        if len(truth) > 1:
            say = N_("A gradient is not added up: it holds one slope for each number of {name}.")
            yield (sum(truth),), self._said(say, node)
        yield from self._of_sign(node, terms, truth)
        say = N_("That is the value of {name}. The gradient says how much the result changes "
                 "when {name} does.")  # fmt: skip
        yield _flat(node.value), self._said(say, node)
        for root in indexed.pass_.roots:
            say = N_("That is the result itself. The gradient says by how much it changes.")
            yield _flat(self.trace.node(root).value), self._said(say, node)

    def _of_one_use(
        self, node: Node, term: Term, truth: FlatNumbers
    ) -> Iterator[tuple[FlatNumbers, Message]]:
        above, local = _flat(term.upstream), _flat(term.edge.local)
        yield from self._of_operation(node, term, above, truth)
        if self._op(term) not in ("Add", "Sub"):
            say = N_("That is what arrives at {target}. The inner derivative is forgotten: go on "
                     "to {name}, and multiply by the local derivative.")  # fmt: skip
            yield above, self._said(say, node, term)
        say = N_("That is the local derivative alone. Multiply it by what arrives at {target}.")
        yield local, self._said(say, node, term)
        for other in self._siblings(term) if self._op(term) != "Sub" else ():
            say = N_("That is what goes to {other}. {name} gets another number.")
            values = self._sent_to(other, term)
            yield values, self._said(say, node, term, other=str(self.symbols[other.id]))
        if term.elementwise:
            say = N_("You added. Along one path the factors are multiplied.")
            yield _joined(above, local, lambda a, b: a + b), self._said(say, node)

    def _of_operation(
        self, node: Node, term: Term, above: FlatNumbers, truth: FlatNumbers
    ) -> Iterator[tuple[FlatNumbers, Message]]:
        """Mistakes that belong to one operation."""
        target = self.trace.node(term.edge.target)
        if self._op(term) == "Mul":
            say = N_("You took {name} itself. A product sends each factor the other factor.")
            yield _joined(above, _flat(node.value), lambda a, b: a * b), self._said(say, node)
        exponent = saved_values(target).get("exponent")
        if self._op(term) == "Pow" and isinstance(exponent, int | float) and exponent:
            say = N_("The factor {exponent} is missing: the slope of aⁿ is n · aⁿ⁻¹.")
            told = texts.number(exponent, self.digits)
            yield tuple(each / exponent for each in truth), self._said(say, node, exponent=told)
        if len(truth) == 4 and term.contribution.shape == (2, 2):
            say = N_("Rows and columns are exchanged: row i belongs to the i-th result.")
            yield (truth[0], truth[2], truth[1], truth[3]), self._said(say, node)

    def _of_several_uses(
        self, node: Node, terms: Sequence[Term]
    ) -> Iterator[tuple[FlatNumbers, Message]]:
        for term in terms:
            say = N_("That is what one use of {name} brings, the one in {target}. Add what the "
                     "others bring.")  # fmt: skip
            yield _flat(term.contribution), self._said(say, node, term)
        say = N_("You multiplied. Along one path factors are multiplied; where paths meet, "
                 "they are added.")  # fmt: skip
        brought = [_flat(term.contribution) for term in terms]
        yield _all(brought, lambda a, b: a * b), self._said(say, node)
        say = N_("You subtracted. Where paths meet, what they bring is added.")
        yield _all(brought, lambda a, b: a - b), self._said(say, node)
        say = N_("The inner derivatives are forgotten: multiply what arrives at each use by the "
                 "local derivative there, then add.")  # fmt: skip
        yield _all([_flat(t.upstream) for t in terms], lambda a, b: a + b), self._said(say, node)
        say = N_("These are the local derivatives alone. Multiply each by what arrives there.")
        yield _all([_flat(t.edge.local) for t in terms], lambda a, b: a + b), self._said(say, node)

    def _of_sign(
        self, node: Node, terms: Sequence[Term], truth: FlatNumbers
    ) -> Iterator[tuple[FlatNumbers, Message]]:
        say = N_("The size is right; look at the sign.")
        if len(terms) == 1 and self._op(terms[0]) == "Sub":
            say = N_("Look at the sign: what is subtracted gets the gradient with the other sign; "
                     "the number before the minus gets it unchanged.")  # fmt: skip
        yield tuple(-each for each in truth), self._said(say, node)

    # ── what stands around ──

    def _op(self, term: Term) -> str:
        return base(self.trace.node(term.edge.target).op)

    def _siblings(self, term: Term) -> list[Node]:
        """What else goes into the same operation."""
        return [
            self.trace.node(edge.source)
            for edge in self.trace.edges
            if edge.target == term.edge.target and edge.source != term.edge.source
        ]

    def _sent_to(self, other: Node, term: Term) -> FlatNumbers:
        edges = (
            edge
            for edge in self.trace.edges
            if (edge.source, edge.target) == (other.id, term.edge.target) and edge.differentiable
        )
        return _flat(next((edge.contribution for edge in edges), None))


def _flat(tensor: Tensor | None) -> FlatNumbers:
    """A tensor's numbers; none where they are not to be had as finite real ones."""
    if tensor is None or tensor.values is None or tensor.dtype.startswith("complex"):
        return ()
    numbers = tuple(map(float, tensor.values))
    return numbers if all(map(math.isfinite, numbers)) else ()


def _joined(left: FlatNumbers, right: FlatNumbers, how: BinaryOperation) -> FlatNumbers:
    """Both element by element; a single number stands for all."""
    if not left or not right:
        return ()
    left = left * len(right) if len(left) == 1 else left
    right = right * len(left) if len(right) == 1 else right
    return tuple(map(how, left, right)) if len(left) == len(right) else ()


def _all(rows: Iterable[FlatNumbers], how: BinaryOperation) -> FlatNumbers:
    first, *others = rows
    for row in others:
        first = _joined(first, row, how)
    return first


def _alike(one: FlatNumbers, other: FlatNumbers) -> bool:
    """Whether the browser would take one answer for the other."""
    return len(one) == len(other) and all(
        abs(a - b) <= NEAR * abs(b) + NEAR for a, b in zip(one, other, strict=True)
    )
