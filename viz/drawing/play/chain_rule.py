"""The chain rule of one node in one backward pass: in symbols, in numbers, and in a sentence.

∂y/∂b = Σ ∂y/∂c · ∂c/∂b over the uses c of b. Where a contribution is not the product of upstream
gradient and local derivative element by element (a matrix product, a sum), it is written as the
vector–Jacobian product with its shapes. A product is written only where it was checked against
what autograd passed on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from viz.drawing import texts
from viz.drawing.formulas import mathml
from viz.drawing.formulas.arithmetic import close, total
from viz.drawing.formulas.symbols import Symbol
from viz.drawing.play.pass_index import Backward, Term
from viz.errors import N_
from viz.records import Hooked, Message, Tensor, Trace

TERMS: Final = 4
"""Contributions of one sum that are written out."""
SHORT: Final = 22
"""Characters of a tensor among the numbers; a longer one gives way to its shape."""

_BY_A_HOOK: Final = {
    "node": N_("A hook changed the gradient of {name}: {before} → {after}."),
    "edge": N_(
        "The gradient of {name} is {gradient}. "
        "A hook changed what it passed on: {before} → {after}."
    ),
    "grad": N_(
        "The gradient of {name} is {gradient}. A hook changed its .grad: {before} → {after}."
    ),
}
_ON_THE_WAY: Final = N_(
    "The gradient of {name} is {gradient}. A hook changed what came to it: {before} → {after}."
)


@dataclass(frozen=True)
class Rule:
    """A formula, ready to be set: left side and symbols, then numbers; and the same in words.

    `grad` is a second formula for what was added to a leaf's `.grad`, where something was there:
    `Backpropagation.rule` adds it, which knows the leaves before the pass and after; of a `Chain`
    alone it is empty.
    """

    symbolic: str
    numeric: str
    sentence: Message
    grad: str = ""


class Chain:
    """The chain rules of one pass."""

    def __init__(
        self,
        trace: Trace,
        backward: Backward,
        symbols: Mapping[str, Symbol],
        digits: int = 4,
        words: texts.Words = texts.ENGLISH,
    ) -> None:
        self.trace = trace
        self.backward = backward
        self.symbols = symbols
        self.digits = digits
        self.words = words
        self.top = self._top()

    def _top(self) -> Symbol:
        """What is differentiated: the root itself if it is a number started from 1, else L."""
        roots = self.backward.pass_.roots
        if len(roots) == 1:
            seed = self.backward.seeds[roots[0]]
            shape = seed.shape if seed is not None else ()
            if not shape and (seed is None or seed.values == (1.0,)):
                return self.symbols[roots[0]]
        taken = {symbol.base for symbol in self.symbols.values()}
        return Symbol(next((name for name in ("L", "ℓ", "Loss") if name not in taken), "L′"))

    def rule(self, node: str) -> Rule:
        """How the node's gradient came about."""
        terms = self.backward.terms.get(node, [])
        received = self.received(node)
        left = mathml.derivative(self.top.markup, self.symbols[node].markup)
        symbolic = left + self._symbolic(node, terms)
        numeric = self._numeric(node, terms, received)
        return Rule(symbolic, numeric, self._sentence(node, terms, received))

    def received(self, node: str) -> Tensor | None:
        """The gradient that came back to the node (of its first output)."""
        gradients = self.backward.received.get(node, ())
        return gradients[0] if gradients else None

    # ── symbols ──

    def _symbolic(self, node: str, terms: Sequence[Term]) -> str:
        parts = [self._factors(term, terms) for term in terms[:TERMS]]
        if node in self.backward.seeds and (terms or self.top != self.symbols[node]):
            parts.insert(0, self._seed_symbol(node))
        if len(terms) > TERMS:
            parts.append(mathml.sign("…"))
        return mathml.sign("=") + mathml.joined("+", parts) if parts else ""

    def _seed_symbol(self, node: str) -> str:
        if self.top == self.symbols[node]:
            return mathml.number("1")
        return mathml.name("v")

    def _factors(self, term: Term, terms: Sequence[Term]) -> str:
        target = self.symbols[term.edge.target].markup
        upstream = mathml.derivative(self.top.markup, target)
        local = mathml.derivative(target, self.symbols[term.edge.source].markup)
        uses = sorted(t.edge.input_index for t in terms if t.edge.target == term.edge.target)
        if len(uses) > 1:  # x * x: which of them is meant
            use = min(uses.index(term.edge.input_index), len(self.words.uses) - 1)
            local = mathml.indexed(local, mathml.text(self.words.uses[use]))
        if not term.elementwise:
            upstream = mathml.power(mathml.parenthesised(upstream), mathml.name("T"))
        return upstream + mathml.sign("⊙" if term.elementwise and _both_many(term) else "·") + local

    # ── numbers ──

    def _numeric(self, node: str, terms: Sequence[Term], received: Tensor | None) -> str:
        if received is None:
            return ""
        change = self.backward.hooked.get((node, "node", 0))
        result = mathml.number(self._whole(received)) if change is None else self.hooked(change)
        if not terms or not self._adds_up(node, terms, received):
            return mathml.sign("=") + result
        seeded = node in self.backward.seeds
        parts = [
            self._numbers(term, first=place == 0 and not seeded)
            for place, term in enumerate(terms[:TERMS])
        ]
        if seeded:
            seed = self.backward.seeds[node]
            parts.insert(
                0, mathml.number(texts.tensor(seed, self.digits, words=self.words) if seed else "1")
            )
        if len(terms) > TERMS:
            parts.append(mathml.sign("…"))
        return mathml.sign("=") + mathml.joined("+", parts) + mathml.sign("=") + result

    def _whole(self, tensor: Tensor | None) -> str:
        if tensor is None:
            return "None"
        return texts.tensor(tensor, self.digits, 3 * SHORT, self.words)

    def hooked(self, change: Hooked) -> str:
        """before → after (a hook)"""
        before, after = (mathml.number(self._whole(each)) for each in (change.before, change.after))
        return before + mathml.sign("→") + after + mathml.text(f" ({self.words.hook})")

    def _numbers(self, term: Term, *, first: bool) -> str:
        """What arrived times the local derivative; `first`: no sum stands before it."""
        if term.hooked is not None:
            return mathml.parenthesised(self.hooked(term.hooked))
        if not term.elementwise:
            return self._shapes(term)
        upstream, local = self._short(term.upstream), self._short(term.edge.local)
        left = mathml.number(upstream) if first else mathml.behind(upstream)
        return left + mathml.sign("⊙" if _both_many(term) else "×") + mathml.behind(local)

    def _short(self, tensor: Tensor | None) -> str:
        if tensor is None:
            return ""
        text = texts.written(tensor, self.digits, SHORT)
        return f"({texts.shape(tensor.shape, self.words)})" if text is None else text

    def _shapes(self, term: Term) -> str:
        """(3) · (3×2): the upstream gradient's shape and the Jacobian's."""
        above = term.upstream
        upstream = "…" if above is None else texts.shape(above.shape, self.words)
        result = texts.shape(term.contribution.shape, self.words)
        return mathml.text(f"({upstream}) · ({upstream} × {result})")

    def _adds_up(self, node: str, terms: Sequence[Term], received: Tensor) -> bool:
        """Whether the contributions are what arrived, before a hook changed it there."""
        change = self.backward.hooked.get((node, "node", 0))
        if change is not None:
            received = change.before or received
        parts: list[Tensor | None] = [term.contribution for term in terms]
        if node in self.backward.seeds:
            parts.append(self.backward.seeds[node] or _one(received))
        if any(part is not None and part.values is None for part in parts):
            return True  # too large to have been written down: nothing speaks against it
        return close(total(parts), received)

    # ── words ──

    def _changed(self, node: str, terms: Sequence[Term], details: dict[str, str]) -> Message | None:
        """What a hook did at a node, on the way from it or on the way to it."""
        here = [each for each in self.backward.pass_.hooked if each.node == node]
        coming = [term.hooked for term in terms if term.hooked is not None]
        if not here and not coming:
            return None
        change = (here or coming)[0]
        told = {"before": self._whole(change.before), "after": self._whole(change.after)}
        return Message(_BY_A_HOOK[change.at] if here else _ON_THE_WAY, {**details, **told})

    def _sentence(self, node: str, terms: Sequence[Term], received: Tensor | None) -> Message:
        details = {
            "name": str(self.symbols[node]),
            "result": str(self.top),
            "gradient": texts.tensor(received, self.digits, 3 * SHORT, self.words),
            "count": str(len(terms)),
        }
        if received is None:
            return Message(N_("No gradient came back to {name}."), details)
        changed = self._changed(node, terms, details)
        if changed is not None:
            return changed
        if not terms and node not in self.backward.seeds:
            return Message(N_("The gradient of {name} is {gradient}."), details)
        if not self._adds_up(node, terms, received):
            return Message(
                N_("The gradient of {name} is {gradient}: not the plain sum, it was changed."),
                details,
            )
        if not terms:
            return Message(N_("The backward run starts at {name} with {gradient}."), details)
        if len(terms) == 1 and terms[0].elementwise:
            details["upstream"] = self._short(terms[0].upstream)
            details["local"] = self._short(terms[0].edge.local)
            details["target"] = str(self.symbols[terms[0].edge.target])
            return Message(
                N_(
                    "The gradient of {name} is {upstream} times {local}: {gradient}. "
                    "It comes from {target}."
                ),
                details,
            )
        if len(terms) == 1:
            details["target"] = str(self.symbols[terms[0].edge.target])
            return Message(
                N_(
                    "The gradient of {name} is {gradient}: a vector–Jacobian product. "
                    "It comes from {target}."
                ),
                details,
            )
        return Message(
            N_("The gradient of {name} is {gradient}: the sum of {count} contributions."), details
        )


def _both_many(term: Term) -> bool:
    """Whether upstream gradient and local derivative both have several elements."""
    parts = (term.upstream, term.edge.local)
    return all(part is not None and part.size > 1 for part in parts)


def _one(like: Tensor) -> Tensor:
    """Ones in the shape of a tensor; not written out where its own elements are not."""
    plain = like.values is not None and not like.dtype.startswith("complex")
    return Tensor(like.shape, like.dtype, (1.0,) * like.size if plain else None)
