"""Drafts of nodes and edges, and what they are made of: autograd's own nodes, tensors without one.

Direction: a `Use` goes from an input to its result, as the forward run did. Drafts are numbered in
the order met.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import torch

from viz.records import Node, NodeKind, Port, Saved, Tensor
from viz.tracing.recording.nodes.tensor_summary import SHAPELESS, writes

_probe: Any = torch.ones((), requires_grad=True).expand(1).grad_fn
AccumulateGrad: Any = type(_probe.next_functions[0][0])
"""The type of autograd's node that adds a gradient into a leaf's `.grad`."""


def op_of(fn: Any) -> str:
    """What torch calls a node, as it prints it with a tensor: many types have one name."""
    name = type(fn).__name__
    return fn.name().rsplit("::", 1)[-1] if name == "CppFunction" else name


def node_of(tensor: torch.Tensor) -> Any:
    """Autograd's node that a tensor comes from, `None` if it has none.

    Of a view taken inside `no_grad` and written into there torch refuses to tell: it has none.
    """
    try:
        return tensor.grad_fn
    except RuntimeError:
        return None


def gathers(tensor: torch.Tensor) -> bool:
    """Whether a tensor without a node is a leaf into whose `.grad` a backward call adds.

    A view taken inside `no_grad` of what requires grad says that it does as well, and does not
    gather.
    """
    return tensor.requires_grad and not (
        type(tensor) not in SHAPELESS and tensor._is_view() and tensor._base.requires_grad  # type: ignore[union-attr]
    )


class Draft(msgspec.Struct, eq=False, gc=False):
    """A node under construction; `fn` is autograd's own node, `None` where it has none.

    `value` is that of its first output, `others` those of the further ones by place, `names` what
    these are called; `Graph.pruned` settles the `id`. `alone`: the one node of its call, with one
    output. `outputs`: their number, 0 if it is not known. `unpacked`: no hook packed what it saved.
    """

    number: int
    kind: NodeKind
    op: str
    fn: Any = None
    name: str | None = None
    call: int | None = None
    value: Tensor | None = None
    others: dict[int, Tensor] | None = None
    names: dict[int, str] | None = None
    gradients: tuple[Tensor | None, ...] = ()
    saved: tuple[Saved, ...] = ()
    inputs: Sequence[Use | None] = ()
    id: str = ""
    order: int = 0
    alone: bool = False
    outputs: int = 0
    used: bool = False
    captured: bool = False
    unpacked: bool = False
    overwritten: Saved | None = None
    in_place: bool = False
    view: bool = False
    frozen: bool = False
    operand: Tensor | None = None
    """The plain number that is its second operand, where that is known."""
    moves: tuple[Any, ...] | None = None
    """What it passes on to each input, where that is known from what came in (`nodes.moves`)."""

    def output(self, place: int) -> Tensor | None:
        """The value of an output, `None` if it is not known."""
        if place == 0:
            return self.value
        return self.others.get(place) if self.others is not None else None

    def give(self, place: int, value: Tensor) -> None:
        """Writes down the value of an output."""
        if place == 0:
            self.value = value
        elif self.others is None:
            self.others = {place: value}
        else:
            self.others[place] = value

    def called(self, place: int) -> str | None:
        """What an output is called."""
        return self.name if place == 0 else (self.names or {}).get(place)

    def call_output(self, place: int, name: str | None) -> None:
        """Writes down what an output is called."""
        if place == 0:
            self.name = name
        elif name:
            self.names = {**(self.names or {}), place: name}

    def record(self, calls: Sequence[str]) -> Node:
        """The finished node; `calls` are the ids of the calls."""
        call, gradients, saved = self.call, self.gradients, self.saved
        if self.overwritten is not None:
            saved = (self.overwritten, *saved)
        return Node(
            self.id,
            self.kind,
            self.op,
            self.name,
            None if call is None else calls[call],
            self.value,
            gradients[0] if gradients else None,
            saved,
            self._further_outputs() if self.others is not None or len(gradients) > 1 else (),
            self.order,
            self.in_place,
            self.view,
            self.frozen,
        )

    def _further_outputs(self) -> tuple[Port, ...]:
        known = max(len(self.gradients), max(self.others or (0,)) + 1)
        gradients = self.gradients + (None,) * (known - len(self.gradients))
        names = self.names or {}
        return tuple(
            Port(self.output(place), gradients[place], names.get(place))
            for place in range(1, known)
        )


def output_of(source: Draft, tensor: torch.Tensor) -> int:
    """Which output of its node a tensor is."""
    return tensor.output_nr if tensor.requires_grad and source.kind == "operation" else 0


Output = tuple[Draft, int]
"""A result that was returned: its node, and which output of that it is."""


def returned(outputs: Iterable[Output]) -> dict[str, Any]:
    """What a record says of what was returned; ids are settled by then."""
    found = [(draft.id, place) for draft, place in outputs if draft.id][:100]
    places = tuple([place for _, place in found])
    return {
        "outputs": tuple([id for id, _ in found]),
        "output_indices": places if any(places) else (),
    }


class Use(msgspec.Struct, eq=False, gc=False):
    """An edge under construction."""

    source: Draft
    target: Draft
    input_index: int
    output_index: int = 0
    differentiable: bool = False
    local: Tensor | None = None
    contribution: Tensor | None = None


def below(roots: Iterable[Draft]) -> tuple[list[Draft], set[Draft]]:
    """What `Graph.below` tells."""
    seen = dict.fromkeys(roots, 0)  # which of its outputs were met, a bit each
    shared: set[Draft] = set(seen)
    stack = list(seen)
    while stack:
        for use in stack.pop().inputs:
            if use is not None:
                source, output = use.source, 1 << use.output_index
                met = seen.get(source)
                if met is None:
                    seen[source] = output
                    stack.append(source)
                elif met & output:
                    shared.add(source)
                else:
                    seen[source] = met | output
    return list(seen), shared


class Known:
    """What is known of a tensor that autograd has no node for: its draft, or how to make one."""

    __slots__ = ("call", "draft", "name", "op", "path", "ref", "version")

    def __init__(self, tensor: torch.Tensor, op: str = "", name: str | None = None) -> None:
        self.ref = weakref.ref(tensor)
        self.version = writes(tensor)
        self.op = op
        self.name = name
        self.call: int | None = None
        self.draft: Draft | None = None
        self.path = False
        """Whether the name is a parameter's path in its module, which no variable takes away."""
