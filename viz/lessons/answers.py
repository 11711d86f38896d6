"""What an answer comes to in a run: `evaluated(expression, trace)` gives its numbers, exactly.

```
gradient of x        what came back to a leaf (its .grad at the end) or to a named operation
gradient of x in 2   the same in the second backward pass alone
grad of x after 1    a leaf's .grad after the first backward call; `before 1`: before it
value of a           what went forward; `value of b:3`: of the third result of that name
local of x in a      d(a)/d(x), `contribution of x in a` what went back along that arrow
nodes, nodes of 2    how many nodes the run has; the graph of f alone is 1, of its derivative 2
rounds of 3          how often line 3 ran
shape of a           the lengths of its dimensions
```

Numbers, `+ - * /`, brackets, `sum(…)` and `abs(…)` join them, element by element. An expression is
text of strangers: it is read here, never compiled, and `Unanswerable` says what it lacks.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from viz.errors import N_
from viz.records import Node, Tensor, Trace

MOST_DEEP: Final = 20
"""Brackets within brackets."""
TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:e-?\d+)?)|(?P<word>[A-Za-z_][\w.]*(?::\d+)?)|(?P<sign>[-+*/()]))"
)
Evaluated = tuple[float, ...]
ARITHMETIC: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


class Unanswerable(ValueError):
    """An expression cannot be read, or the run does not hold what it names: a template, a name."""

    def __init__(self, template: str, name: str = "") -> None:
        super().__init__(template.replace("{name}", name))
        self.template = template
        self.name = name


def evaluated(expression: str, trace: Trace) -> Evaluated:
    """The numbers that an expression comes to in a run."""
    reader = _Reader(_tokens(expression), trace)
    found = reader.sum()
    if reader.at < len(reader.tokens):
        raise Unanswerable(N_("“{name}” stands where the answer should end."), reader.peek())
    return found


def holds(proof: str, trace: Trace) -> bool:
    """Whether `left = right` is so in a run, but for rounding."""
    left, equals, right = proof.partition("=")
    if not equals:
        raise Unanswerable(N_("A proof is written left = right: {name}"), proof)
    one, other = _spread(evaluated(left, trace), evaluated(right, trace))
    return all(abs(a - b) <= 1e-6 + 1e-5 * abs(b) for a, b in zip(one, other, strict=True))


def _tokens(expression: str) -> list[str]:
    found, at = [], 0
    while expression[at:].strip():
        token = TOKEN.match(expression, at)
        if token is None:
            raise Unanswerable(N_("An answer cannot have “{name}”."), expression[at:][:20].strip())
        found.append(token[0].strip())
        at = token.end()
    return found


def _spread(one: Evaluated, other: Evaluated) -> tuple[Evaluated, Evaluated]:
    """Both with as many numbers: a single one stands for all."""
    if len(one) == 1:
        one = one * len(other)
    if len(other) == 1:
        other = other * len(one)
    if len(one) != len(other):
        raise Unanswerable(N_("{name} numbers do not fit each other."), f"{len(one)}, {len(other)}")
    return one, other


@dataclass
class _Reader:
    """One walk through an expression's tokens."""

    tokens: Sequence[str]
    trace: Trace
    at: int = 0
    depth: int = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        if not token:
            raise Unanswerable(N_("The answer is not complete."))
        self.at += 1
        return token

    def expect(self, word: str) -> None:
        if self.take() != word:
            raise Unanswerable(N_("“{name}” is missing in the answer."), word)

    def sum(self) -> Evaluated:
        found = self.product()
        while self.peek() in ("+", "-"):
            found = self.joined(found, self.take(), self.product())
        return found

    def product(self) -> Evaluated:
        found = self.factor()
        while self.peek() in ("*", "/"):
            found = self.joined(found, self.take(), self.factor())
        return found

    def joined(self, left: Evaluated, sign: str, right: Evaluated) -> Evaluated:
        left, right = _spread(left, right)
        if sign == "/" and not all(right):
            raise Unanswerable(N_("The answer divides by zero."))
        return tuple(map(ARITHMETIC[sign], left, right))

    def factor(self) -> Evaluated:
        self.depth += 1
        if self.depth > MOST_DEEP:
            raise Unanswerable(N_("The answer has too many brackets."))
        token = self.take()
        found = self.opened(token)
        self.depth -= 1
        return found

    def opened(self, token: str) -> Evaluated:
        if token == "-":
            return tuple(-number for number in self.factor())
        if token == "(" or (token in ("sum", "abs") and self.peek() == "("):
            if token != "(":
                self.take()
            found = self.sum()
            self.expect(")")
            if token == "sum":
                return (sum(found),)
            return tuple(map(abs, found)) if token == "abs" else found
        if token[0].isdigit():
            return (float(token),)
        return self.quantity(token)

    def quantity(self, word: str) -> Evaluated:
        if word == "nodes" and self.peek() != "of":
            return (float(len(self.trace.nodes)),)
        asked = QUANTITIES.get(word)
        if asked is None:
            raise Unanswerable(N_("“{name}” is not a quantity of a run."), word)
        self.expect("of")
        name = self.take()
        link = self.take() if self.peek() in ("in", "after", "before") else ""
        return asked(self.trace, name, link, self.take() if link else "")


def _gradient(trace: Trace, name: str, link: str, other: str) -> Evaluated:
    if link == "in" and other.isdecimal():
        ids = {node.id for node in named(trace, name)}
        steps = trace.passes[_place(other, len(trace.passes))].steps
        found = next((step.gradients[0] for step in steps if step.node in ids), None)
        return _numbers(found, name)
    if link:
        raise Unanswerable(N_("A gradient is of a name, in the pass of a number: {name}"), other)
    if name in trace.gradients:
        return _numbers(trace.gradients[name], name)
    return _numbers(_one(trace, name).gradient, name)


def _grad(trace: Trace, name: str, link: str, other: str) -> Evaluated:
    if link not in ("before", "after"):
        raise Unanswerable(N_("Say which backward call: grad of {name} after 1."), name)
    pass_ = trace.passes[_place(other, len(trace.passes))]
    leaves = pass_.leaves_after if link == "after" else pass_.leaves_before
    return _numbers(next((leaf.gradient for leaf in leaves if leaf.name == name), None), name)


def _value(trace: Trace, name: str, _link: str, _other: str) -> Evaluated:
    return _numbers(_one(trace, name).value, name)


def _shape(trace: Trace, name: str, _link: str, _other: str) -> Evaluated:
    value = _one(trace, name).value
    if value is None:
        raise Unanswerable(N_("The run has no number for “{name}”."), name)
    return tuple(map(float, value.shape))


def _edge(part: str) -> Callable[[Trace, str, str, str], Evaluated]:
    def found(trace: Trace, name: str, _link: str, other: str) -> Evaluated:
        sources = {node.id for node in named(trace, name)}
        targets = {node.id for node in named(trace, other)}
        all_ = [edge for edge in trace.edges if edge.source in sources and edge.target in targets]
        if not all_:
            raise Unanswerable(N_("There is no arrow between “{name}”."), f"{name}, {other}")
        return _numbers(getattr(all_[0], part), name)

    return found


def _nodes(trace: Trace, name: str, _link: str, _other: str) -> Evaluated:
    return (float(trace.counts[_place(name, len(trace.counts))]),)


def _rounds(trace: Trace, name: str, _link: str, _other: str) -> Evaluated:
    found = [line.count for line in trace.lines if str(line.number) == name]
    if not found:
        raise Unanswerable(N_("No line “{name}” ran."), name)
    return (float(found[0]),)


QUANTITIES: Final = {
    "gradient": _gradient,
    "grad": _grad,
    "value": _value,
    "shape": _shape,
    "local": _edge("local"),
    "contribution": _edge("contribution"),
    "nodes": _nodes,
    "rounds": _rounds,
}


def named(trace: Trace, name: str) -> list[Node]:
    """The nodes of this name in the order met; `b:3` is the third of them.

    `result` is what was returned, `MulBackward0` what autograd calls so, where no variable is.
    """
    name, colon, place = name.partition(":")
    found = [node for node in trace.nodes if node.name == name]
    if not found and name == "result":
        found = [trace.node(id) for id in trace.outputs]
    found = found or [node for node in trace.nodes if node.op == name]
    if colon:
        found = found[int(place) - 1 : int(place)] if int(place) > 0 else []
    if not found:
        raise Unanswerable(N_("The run has no node named “{name}”."), name + colon + place)
    return found


def _one(trace: Trace, name: str) -> Node:
    return named(trace, name)[-1]


def _place(text: str, count: int) -> int:
    if not text.isdecimal() or not 0 < int(text) <= count:
        raise Unanswerable(N_("“{name}” does not count any of the run's parts."), text)
    return int(text) - 1


def _numbers(tensor: Tensor | None, name: str) -> Evaluated:
    if tensor is None or tensor.values is None:
        raise Unanswerable(N_("The run has no number for “{name}”."), name)
    return tuple(map(float, tensor.values))
