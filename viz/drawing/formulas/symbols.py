"""What each node is called in a formula: its variable's name, or a sensible one.

A name that several nodes bear (a variable in a loop) gets a subscript by order: b₁, b₂. An
unnamed result of the program is f (or the function's own name; out of a model), its derivatives
f′, f′′;
other unnamed results v₁, v₂, …; a constant number is written as the number itself.
"""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from viz.drawing import texts
from viz.drawing.formulas import mathml
from viz.drawing.texts import MINUS
from viz.records import Node, Trace

_SUBSCRIPTS: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
LONGEST: Final = 24


@dataclass(frozen=True)
class Symbol:
    """A name with an optional subscript; `number` for a constant written as its value."""

    base: str
    subscript: str = ""
    number: bool = False

    @property
    def markup(self) -> str:
        """In MathML."""
        if self.number:
            return mathml.number(self.base)
        return mathml.name(self.base, self.subscript)

    @property
    def simple(self) -> bool:
        """Whether it can stand behind an operator without brackets."""
        return not (self.number and self.base.startswith(MINUS))

    def __str__(self) -> str:
        return self.base + self.subscript.translate(_SUBSCRIPTS)


_latest: tuple[weakref.ref[Trace], int, Mapping[str, Symbol]] | None = None


def symbols(trace: Trace, digits: int = 4) -> Mapping[str, Symbol]:
    """Each node's symbol by its id. A picture asks several times, a player for each of its
    pictures: those of the trace that was asked for last are kept as long as it lives.
    """
    global _latest
    known = _latest
    if known is None or known[0]() is not trace or known[1] != digits:
        _latest = known = weakref.ref(trace, _forget), digits, _symbols(trace, digits)
    return known[2]


def _forget(trace: weakref.ref[Trace]) -> None:
    global _latest
    if _latest is not None and _latest[0] is trace:
        _latest = None


def _symbols(trace: Trace, digits: int) -> Mapping[str, Symbol]:
    whole = {node.id: _base(trace, node, digits) for node in trace.nodes}
    short = _shortened({base for base in whole.values() if base and len(base) > LONGEST})
    bases = {id: short.get(base, base) if base else base for id, base in whole.items()}
    taken = {base for base in bases.values() if base is not None}
    spare = _Spare(taken)
    function = trace.program.function
    if any(not call.path and call.kind == function for call in trace.modules):
        function = spare.first(("out", "output", "result"))  # a model's class is no function
    elif function is None or not function.isidentifier() or function in taken:
        function = spare.first(("f", "out", "result"))
    fallback = {"constant": spare.first(("k", "const"))}
    other = spare.first(("v", "u", "t"))
    named = {
        node.id: bases[node.id]
        or (function + "′" * node.order if node.kind == "output" else "")
        or fallback.get(node.kind, other)
        for node in trace.nodes
    }
    return MappingProxyType(dict(_numbered(trace.nodes, named, always={other})))


class _Spare:
    """Names that the program does not use itself."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken

    def first(self, wanted: Iterable[str]) -> str:
        """The first of these that is free, the last with primes if none is."""
        last = ""
        for last in wanted:
            if last not in self.taken:
                return last
        while last in self.taken:
            last += "′"
        return last


def _base(trace: Trace, node: Node, digits: int) -> str | None:
    name = node.name
    if name is None and node.call is not None:
        # a composite's inner nodes are not what its result is called
        name = trace.calls[int(node.call[1:])].name if _last_of_call(trace, node) else None
        name = None if name is not None and ", " in name else name  # of several results
    if name is None and node.kind == "constant" and node.value is not None:
        return texts.tensor(node.value, digits) if _scalar(node) else None
    return name


def _shortened(names: set[str]) -> dict[str, str]:
    """Long names, cut at their ends; those that begin alike in the middle: what stays of their ends
    begins with a word, and is as long as it must be to tell them apart."""
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(name[: LONGEST - 1], []).append(name)
    found: dict[str, str] = {}
    for beginning, group in alike.items():
        if len(group) == 1:
            found[group[0]] = beginning + "…"
            continue
        ends = {name: _ends(name) for name in group}
        tries: list[dict[str, str]] = [
            {name: _cut(name, of[min(words, len(of) - 1)]) for name, of in ends.items()}
            for words in range(max(map(len, ends.values())))
        ]
        best = max(tries, key=lambda cut: len(set(cut.values())))
        found |= best
    return found


def _ends(name: str) -> list[int]:
    """Where the words begin with which a name's end may stand alone, the last one first."""
    usual = len(name) - LONGEST // 2
    places = range(usual, len(name) - LONGEST, -1)
    starts = [at for at in places if name[at].isalnum() and not name[at - 1].isalnum()]
    return starts or [usual]


def _cut(name: str, end: int) -> str:
    return f"{name[: LONGEST - 1 - (len(name) - end)]}…{name[end:]}"


def _last_of_call(trace: Trace, node: Node) -> bool:
    place = int(node.id[1:]) + 1
    return place >= len(trace.nodes) or trace.nodes[place].call != node.call


def _scalar(node: Node) -> bool:
    value = node.value
    return value is not None and value.values is not None and value.shape == ()


def _numbered(
    nodes: Iterable[Node], named: Mapping[str, str], always: set[str]
) -> Iterable[tuple[str, Symbol]]:
    counts = Counter(named[node.id] for node in nodes)
    met: Counter[str] = Counter()
    for node in nodes:
        base = named[node.id]
        if node.name is None and node.kind == "constant" and _scalar(node):
            yield node.id, Symbol(base, number=True)
            continue
        met[base] += 1
        several = counts[base] > 1 or base in always
        yield node.id, Symbol(base, str(met[base]) if several else "")
