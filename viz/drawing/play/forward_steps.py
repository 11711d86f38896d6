"""What one operation computes: c = a × b = 2 × 3 = 6, in symbols, numbers and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from viz.drawing import texts
from viz.drawing.display import Display
from viz.drawing.formulas import mathml
from viz.drawing.formulas.expressions import typeset, variables
from viz.drawing.formulas.operations import OPERATORS, base, friendly, last_name, of_function
from viz.drawing.formulas.symbols import Symbol
from viz.drawing.formulas.table import LETTERS, formula_of, saved_values
from viz.drawing.play.chain_rule import Rule
from viz.drawing.texts import MINUS
from viz.drawing.view import ViewNode
from viz.errors import N_
from viz.records import Edge, Message, Trace

ARGUMENTS: Final = 4
"""Inputs of one operation that are written out."""
LONGEST: Final = 60

SPOKEN: Final[Mapping[str, str]] = {
    "+": N_("The sum of {inputs} is {name}: {value}."),
    "−": N_("The difference of {inputs} is {name}: {value}."),
    "×": N_("The product of {inputs} is {name}: {value}."),
    "÷": N_("The quotient of {inputs} is {name}: {value}."),
    "pow": N_("The power of {inputs} is {name}: {value}."),
    "√": N_("The square root of {inputs} is {name}: {value}."),
    "·": N_("The dot product of {inputs} is {name}: {value}."),
    "@": N_("The matrix product of {inputs} is {name}: {value}."),
    **dict.fromkeys("<>≤≥=≠", N_("The comparison {operation} of {inputs} gives {name}: {value}.")),
}
"""What is said of operations that are called by a sign: nobody reads “× of a, b” with ease."""
SPOKEN_ALONE: Final[Mapping[str, str]] = {
    "+": N_("{name} is {inputs} plus a number: {value}."),
    "×": N_("{name} is {inputs} times a number: {value}."),
    "÷": N_("{name} comes from {inputs} by a division: {value}."),
    "pow": N_("{name} is a power of {inputs}: {value}."),
}
"""The same where autograd recorded one operand only, as of what a backward pass computes."""
PART: Final = N_("{name} is a part of {inputs}: {value}.")
NEGATED: Final = N_("{name} is minus {inputs}: {value}.")

Bound = dict[str, tuple[str, bool]]


class Forward:
    """The forward formulas of a trace's cards."""

    def __init__(
        self,
        trace: Trace,
        symbols: Mapping[str, Symbol],
        into: Mapping[str, Sequence[int]],
        display: Display,
    ) -> None:
        self.trace = trace
        self.symbols = symbols
        self.into = into
        self.digits = display.digits
        self.words = display.words

    def rule(self, card: ViewNode) -> Rule:
        """How the card's value came about."""
        edges = self._inputs(card)
        left = self.symbols[card.shown.id].markup
        value = texts.tensor(card.shown.value, self.digits, LONGEST, self.words)
        result = mathml.sign("=") + mathml.number(value) if value else ""
        symbols = self._letters(card)
        if card.single and symbols is not None and (found := formula_of(card.shown)):
            symbolic = left + mathml.sign("=") + typeset(found.result, symbols)
            numbers = self._numbers(card)
            numeric = "" if numbers is None else typeset(found.result, numbers)
            numeric = mathml.sign("=") + numeric if numeric else ""
            numeric = "" if numeric == result else numeric  # a copy: 3, and not 3 = 3
            return Rule(symbolic, numeric + result, self._sentence(card, edges, value))
        if card.kind in ("stack", "group"):
            return Rule("", "", self._sentence(card, edges, value))
        symbolic = left + mathml.sign("=") + self._applied(card, edges)
        return Rule(symbolic, result, self._sentence(card, edges, value))

    def _inputs(self, card: ViewNode) -> list[Edge]:
        """The edges that come from outside the card, in the order of the inputs."""
        inside = set(card.records)
        edges = (self.trace.edges[at] for id in card.records for at in self.into.get(id, ()))
        found = [edge for edge in edges if edge.source not in inside]
        return sorted(found, key=lambda edge: edge.input_index) if card.single else found

    def _letters(self, card: ViewNode) -> Bound | None:
        """Inputs and saved numbers as the formula's letters; `None` when one is missing."""
        found = formula_of(card.shown)
        if found is None:
            return None
        bound = self.bound(card)
        return bound if variables(found.result) <= bound.keys() else None

    def bound(self, card: ViewNode) -> Bound:
        """A single card's inputs and saved numbers by the letters of formulas."""
        bound: Bound = {}
        for letter, edge in self._lettered(card):
            symbol = self.symbols[edge.source]
            bound[letter] = (symbol.markup, symbol.simple)
        return bound | self._saved(card)

    def _lettered(self, card: ViewNode) -> list[tuple[str, Edge]]:
        """The inputs by letter. Autograd counts only what it records: in `2 - x` x is the first,
        and the constant, which then bears the same index, the next."""
        edges = [edge for edge in self._inputs(card) if edge.output_index == 0]
        found: dict[str, Edge] = {}
        for edge in sorted(edges, key=lambda edge: not edge.differentiable):
            free = [letter for letter in LETTERS[edge.input_index :] if letter not in found]
            if free and (free[0] == LETTERS[edge.input_index] or not edge.differentiable):
                found[free[0]] = edge
        return list(found.items())

    def _saved(self, card: ViewNode) -> Bound:
        numbers = {
            name: texts.number(value, self.digits)
            for name, value in saved_values(card.shown).items()
            if isinstance(value, int | float) and not isinstance(value, bool)
        }
        return {
            name: (mathml.number(text), not text.startswith(MINUS))
            for name, text in numbers.items()
        }

    def _numbers(self, card: ViewNode) -> Bound | None:
        """The inputs' values as the formula's letters, where all are numbers."""
        bound = self._saved(card)
        for letter, edge in self._lettered(card):
            value = self.trace.node(edge.source).value
            if value is None or value.shape != () or value.values is None:
                return None
            text = texts.tensor(value, self.digits, words=self.words)
            bound[letter] = (mathml.number(text), not text.startswith(MINUS))
        return bound

    def _applied(self, card: ViewNode, edges: Sequence[Edge]) -> str:
        sources = dict.fromkeys(edge.source for edge in edges)
        arguments = [self.symbols[source].markup for source in list(sources)[:ARGUMENTS]]
        if len(sources) > ARGUMENTS:
            arguments.append(mathml.sign("…"))
        if len(arguments) == 2 and (between := self._infix(card)) is not None:
            sign, turned = between
            first, second = reversed(arguments) if turned else arguments
            if sign == OPERATORS["pow"].sign:
                return mathml.power(first, second)
            return first + mathml.sign(sign) + second
        if len(arguments) == 1 and (found := self._alone(card, arguments[0])):
            return found
        inside = mathml.parenthesised(mathml.joined(",", arguments))
        return mathml.text(self._function(card)) + inside

    def _alone(self, card: ViewNode, argument: str) -> str:
        """An operation of one operand that is written by a sign; empty for any other.

        What autograd did not record beside it is left open: `v·…`, `x[…]`.
        """
        name = self._function(card)
        if name == "getitem" or base(card.shown.op) == "Select":
            return argument + mathml.text(f"[{_index(card)}]")
        operator = OPERATORS.get(name)
        if operator is None or operator.sign not in ("+", "×") or len(card.records) > 1:
            return ""
        sign = "·" if operator.sign == "×" else operator.sign
        return argument + mathml.sign(sign) + mathml.text("…")

    def _infix(self, card: ViewNode) -> tuple[str, bool] | None:
        """The sign that stands between two operands, and whether they are turned (`3 / x`)."""
        name = self._function(card)
        turned = name.startswith("r") and name[1:] in OPERATORS
        operator = OPERATORS.get(name[1:] if turned else name)
        sign = operator.sign if operator else ""
        between = len(sign) == 1 or sign == OPERATORS["pow"].sign
        return (sign, turned) if between and card.kind in ("call", "constant", "detached") else None

    def _function(self, card: ViewNode) -> str:
        """What is applied, as a function is written: `div(…)` rather than `÷(…)`."""
        if card.call is None:
            return base(card.shown.op).lower() or self._operation(card)
        return last_name(card.call.function) or self._operation(card)

    def _operation(self, card: ViewNode) -> str:
        if card.kind == "stack":
            return ", ".join(map(friendly, card.operations))
        if card.kind == "call" and card.call is not None:
            return of_function(card.call.function)
        return friendly(card.shown.op)

    def _sentence(self, card: ViewNode, edges: Sequence[Edge], value: str) -> Message:
        sources = list(dict.fromkeys(edge.source for edge in edges))
        details = {
            "name": str(self.symbols[card.shown.id]),
            "operation": self._operation(card),
            "inputs": ", ".join(str(self.symbols[source]) for source in sources[:ARGUMENTS]),
            "value": value,
            "count": str(card.rounds or len(card.records)),
        }
        if card.kind == "stack" and details["inputs"]:
            more = N_("{count} more rounds of {operation} make {inputs} into {name}: {value}.")
            return Message(more, details)
        if card.kind == "stack":
            return Message(N_("{count} rounds of {operation} give {name}: {value}."), details)
        if card.kind == "group":
            return Message(N_("{count} operations give {name}: {value}."), details)
        if value and (said := _spoken(details["operation"], [edge.source for edge in edges])):
            template, operands = said
            names = ", ".join(str(self.symbols[each]) for each in operands[:ARGUMENTS])
            return Message(template, {**details, "inputs": names})
        if not value:
            return Message(N_("{operation} of {inputs} gives {name}; not recorded."), details)
        return Message(N_("{operation} of {inputs} gives {name}: {value}."), details)


def _spoken(operation: str, operands: list[str]) -> tuple[str, list[str]] | None:
    """The words for an operation that is called by a sign, and its operands: both of `x * x`."""
    if len(operands) == 1:
        if operation == "−":
            return NEGATED, operands
        if operation in ("[ ]", "select"):
            return PART, operands
    table = SPOKEN_ALONE if len(operands) == 1 and operation in SPOKEN_ALONE else SPOKEN
    template = table.get(operation)
    return (template, operands) if template is not None else None


def _index(card: ViewNode) -> str:
    """Which element `x[0]` takes, where it is one of the first dimension's."""
    saved = saved_values(card.shown)
    index = saved.get("index")
    plain = card.single and saved.get("dim") == 0 and isinstance(index, int)
    return str(index) if plain and index in range(2**31) else "…"
