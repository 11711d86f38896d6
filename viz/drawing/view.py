"""A graph as it is to be drawn: few cards, each standing for one or many recorded nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from viz.records import Call, Node, Tensor

ViewKind = Literal["leaf", "operation", "constant", "detached", "output", "call", "stack", "group"]


@dataclass(frozen=True)
class FurtherOutput:
    """What else flows out of a card: its name, empty where it has none; its place, from 2 on."""

    name: str
    place: int
    value: Tensor | None
    gradient: Tensor | None


@dataclass(frozen=True)
class ViewNode:
    """One card.

    - `id`: the id of the first recorded node it stands for; unique in its view.
    - `kind`: the recorded node's kind, or "call" (a composite such as `linear`), "stack" (the
      middle rounds of a repeat, `rounds` of them), "group" (neighbours put together only because
      the graph is large).
    - `records`: the ids it stands for, in the order of the run.
    - `shown`: the node whose value and gradient the card shows: the last whose result is used
      outside; `symbol` is what formulas call it, empty for a number.
    - `further`: its other outputs that are used or returned, of one operation or one module.
    - `alone`: it is the only node of its call.
    - `opens`: what a click may add to `opened`: one thing, and for a stack also all its rounds.
    - `closes`: what to take out of `opened` to fold it away again.
    """

    id: str
    kind: ViewKind
    records: tuple[str, ...]
    shown: Node
    symbol: str = ""
    call: Call | None = None
    rounds: int = 0
    operations: tuple[str, ...] = ()
    output: bool = False
    alone: bool = False
    opens: tuple[str, ...] = ()
    closes: str | None = None
    further: tuple[FurtherOutput, ...] = ()
    title: str = ""
    """The path of the module that made all that it stands for, empty where there is none."""
    module: str = ""
    """That module's class, where it is a box."""
    raised: str = ""
    """What formulas call what a power is of."""
    parameters: tuple[str, ...] = ()
    """The names of what it stands for, if that is nothing but parameters of one module."""
    frozen: bool = False
    """Parameters are among what it stands for, and none requires grad."""

    @property
    def single(self) -> bool:
        """Whether the card is one recorded node."""
        return len(self.records) == 1

    @property
    def name(self) -> str:
        """The variable that its result is bound to, at full length; else its symbol."""
        call = self.call.name if self.call is not None and self.single else None
        return self.shown.name or call or self.symbol


@dataclass(frozen=True)
class ViewEdge:
    """One arrow, from input to result; `records` are the places in `trace.edges` it stands for."""

    id: str
    source: str
    target: str
    records: tuple[int, ...]
    differentiable: bool


@dataclass(frozen=True)
class GraphView:
    """What `fold` returns: cards and arrows in the order of the run, never a cycle.

    `card` maps each recorded node that is drawn to the id of its card; `recorded` counts the
    nodes of the trace, `hidden` those that the display leaves out.
    """

    nodes: tuple[ViewNode, ...]
    edges: tuple[ViewEdge, ...]
    card: Mapping[str, str] = field(repr=False)
    recorded: int = 0
    hidden: int = 0
    truncated: bool = False

    def node(self, id: str) -> ViewNode:
        """The card with this id; raises `KeyError` if there is none."""
        for node in self.nodes:
            if node.id == id:
                return node
        raise KeyError(id)
