"""What one run recorded, forward and backward."""

from __future__ import annotations

import math
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from viz.records.base import (
    MAX_INPUTS,
    MAX_NODES,
    MAX_ORDER,
    MAX_SAMPLES,
    MAX_SOURCE,
    Count,
    Id,
    Line,
    Measured,
    Message,
    Name,
    Number,
    Place,
    PrintedText,
    Record,
    SampleNumbers,
    Shape,
    SourceText,
    Span,
    TensorValues,
    Text,
    Typed,
)
from viz.records.ids import demand_known
from viz.records.json_form import from_json, to_json
from viz.records.modules import ModuleCall, demand_earlier
from viz.records.plots import Plot
from viz.records.program import Program
from viz.records.shown import shown
from viz.records.table import table_of, two_lines


class Tensor(Measured, frozen=True, gc=False):
    """What a tensor held at one moment.

    `values` is the flat tuple (row-major) of at most `MAX_VALUES` elements, a complex element as
    real part then imaginary part; `None` for a larger tensor, whose `minimum`, `maximum` and
    `mean` then stand in (`None` where they are not defined: complex or empty).
    """

    shape: Shape
    dtype: Name
    values: TensorValues | None
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    requires_grad: bool = False

    @property
    def consistent(self) -> bool:
        """Whether the values fill the shape; whoever takes records from outside must ask
        (`Trace.tensors`, `Jacobian.tensors`): a trace makes too many of them to ask here.
        """
        values, shape = self.values, self.shape
        if values is None:
            return True
        width = 2 if self.dtype.startswith("complex") else 1
        return len(values) == math.prod(shape) * width

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)


class Saved(Measured, frozen=True):
    """What autograd keeps for the backward run: its name there and its value."""

    name: Name
    value: Tensor | Number | str | None


class Port(Record, frozen=True):
    """A further output of a node with several (`split`): what went forward, what came back, and
    the variable or key that it is called by.
    """

    value: Tensor | None
    gradient: Tensor | None
    name: Name | None = None


NodeKind = Literal["leaf", "operation", "constant", "detached", "output"]


class Node(Record, frozen=True):
    """One node of the graph.

    - kind "leaf": a tensor that requires grad and was not computed (`op` is "AccumulateGrad");
      "operation": what autograd recorded (`op` is its name there, `MulBackward0`);
      "output": the operation whose result the program returned;
      "constant": a tensor or number that went in and does not require grad;
      "detached": the result of a call that autograd did not record (`detach()`, `no_grad`, a
      comparison; `op` is the function's name).
    - `name`: the variable it is bound to (`b`, a parameter `0.weight`), `None` when it has none.
    - `call`: the id of the call that made it.
    - `value`, `gradient`: of its first output; those of further outputs are in `more`.
      `gradient` is that of the last backward pass that reached the node.
    - `order`: 0 for the forward run, k for what the k-th derivative's run recorded.
    - `in_place`: the operation wrote into an existing tensor; `view`: its result shares memory
      with its input. `frozen`: a constant that is a parameter, told not to require grad.
    """

    id: Id
    kind: NodeKind
    op: Name
    name: Name | None = None
    call: Id | None = None
    value: Tensor | None = None
    gradient: Tensor | None = None
    saved: Annotated[tuple[Saved, ...], Meta(max_length=64)] = ()
    more: Annotated[tuple[Port, ...], Meta(max_length=MAX_NODES)] = ()
    order: Annotated[int, Meta(ge=0, le=MAX_ORDER)] = 0
    in_place: bool = False
    view: bool = False
    frozen: bool = False

    def port(self, place: int) -> Port:
        """One of its outputs; nothing is known of one that it does not tell of."""
        if place == 0:  # `low, high` names both
            name = self.name.partition(", ")[0] if self.name and self.more else self.name
            return Port(self.value, self.gradient, name)
        return self.more[place - 1] if place <= len(self.more) else Port(None, None)

    def output(self, place: int) -> Tensor | None:
        """The value of an output, `None` where it is not known."""
        return self.port(place).value


class Edge(Record, frozen=True):
    """One use of a result, from `source`'s `output_index` into `target`'s `input_index`.

    - `local`: d(result)/d(input) at the recorded values, in the input's shape: the node's own
      backward formula applied to ones, so for an elementwise operation the derivative itself and
      else 1ᵀJ.
    - `contribution`: the upstream gradient after it went through this edge; a node's gradient is
      the sum of the contributions of its outgoing edges.
    - `differentiable` is false where autograd keeps no connection (dashed in the picture).
    """

    source: Id
    target: Id
    input_index: Place
    differentiable: bool = True
    local: Tensor | None = None
    contribution: Tensor | None = None
    output_index: Place = 0


class Call(Record, frozen=True):
    """One call that the typed code made; several nodes may share one.

    `function` is torch's name (`torch.Tensor.mul`, `torch.nn.functional.linear`), `name` the
    variable that its result is assigned to, `iteration` the how-manieth time (from 1) this very
    place of the source ran, `None` outside loops where it ran once. `scope` is the path of the
    module that made the call (`0` in a Sequential), empty outside modules; `module` the place of
    that module's call in `Trace.modules`.
    """

    id: Id
    function: Name
    span: Span | None
    name: Name | None = None
    iteration: Count | None = None
    scope: Name = ""
    module: Place | None = None


Asked = Literal["bool", "item", "float", "int", "index", "tolist"]
Statement = Literal["if", "while", "ternary", "assert", "comprehension", "expression"]


class Decision(Measured, frozen=True):
    """A tensor turned into a Python value: where, by what, and what came out.

    `span` is that of the test or the conversion, `statement` the statement whose test it is,
    `node` the node whose value was asked (`None` if it was not recorded).
    """

    span: Span | None
    outcome: Number
    asked: Asked = "bool"
    statement: Statement = "expression"
    node: Id | None = None
    iteration: Count | None = None


class Step(Record, frozen=True):
    """One node's turn in a backward pass.

    `gradients`: dL/d(output) that came in, one for each output of the node; `contributions`: what
    it passed on, one for each input (`None` where nothing flows).
    """

    node: Id
    gradients: tuple[Tensor | None, ...]
    contributions: tuple[Tensor | None, ...]


class LeafGradient(Record, frozen=True):
    """A leaf's `.grad` at one moment; `None` as torch has it before the first backward."""

    node: Id
    name: Name
    gradient: Tensor | None


class Hooked(Record, frozen=True):
    """A gradient that a hook changed: `at` "node" what came in at output `index`, "edge" what went
    on to input `index`, "grad" the leaf's `.grad` after it was added.
    """

    node: Id
    before: Tensor | None
    after: Tensor | None
    at: Literal["node", "edge", "grad"] = "node"
    index: Place = 0


class Pass(Record, frozen=True):
    """One backward call.

    `roots` are the nodes it started from and `gradients` their `gradient=` (ones for a scalar);
    `steps` are in autograd's execution order; `freed` tells whether it freed the graph's buffers;
    `call` is the typed call that asked for it (`None`: the explorer did, for a function's result);
    `kind` "grad" (`torch.autograd.grad`) leaves the leaves' `.grad` alone.
    """

    roots: tuple[Id, ...]
    gradients: tuple[Tensor | None, ...]
    steps: Annotated[tuple[Step, ...], Meta(max_length=3 * MAX_NODES)]
    leaves_before: tuple[LeafGradient, ...] = ()
    leaves_after: tuple[LeafGradient, ...] = ()
    freed: bool = True
    call: Id | None = None
    kind: Literal["backward", "grad"] = "backward"
    order: Annotated[int, Meta(ge=1, le=MAX_ORDER)] = 1
    hooked: Annotated[tuple[Hooked, ...], Meta(max_length=MAX_NODES)] = ()


class Failure(Record, frozen=True):
    """What stopped a run: the exception's type and own words, where, and what helps."""

    type: Name
    message: Text
    span: Span | None = None
    hint: Message | None = None
    replacement: SourceText | None = None
    """A mended program that can be taken over, where there is one."""
    starts: Annotated[dict[Name, Typed], Meta(max_length=MAX_INPUTS)] = msgspec.field(
        default_factory=dict
    )
    """Texts of inputs with which the program runs, where it is their shapes that do not fit."""


class Cell(Record, frozen=True):
    """What one cell of a script showed: its printed text, the value of its last expression, plots.
    One after a failed one, or after `exit()`, did not run: `ran` is false.
    """

    span: Span | None
    ran: bool = True
    printed: PrintedText = ""
    shown: Text | None = None
    plots: Annotated[tuple[Plot, ...], Meta(max_length=8)] = ()
    failure: Failure | None = None


class Series(Measured, frozen=True):
    """A number that the program computes anew in each round: its name, one value a sample."""

    name: Name
    values: SampleNumbers


class Rounds(Record, frozen=True):
    """A loop that made backward calls: its rounds, and which of them the graph holds.

    `line` is where its head stands; `held` are the first and last round of each stretch that was
    recorded, counted from 1; `at` are the rounds after which the `series` were read.
    """

    line: Annotated[int, Meta(ge=1, le=MAX_SOURCE + 1)]
    total: Count
    held: Annotated[tuple[tuple[Count, Count], ...], Meta(max_length=100)]
    at: Annotated[tuple[Count, ...], Meta(max_length=MAX_SAMPLES)] = ()
    series: Annotated[tuple[Series, ...], Meta(max_length=12)] = ()

    @property
    def whole(self) -> bool:
        """Whether every round was recorded."""
        return self.held == ((1, self.total),)


class Trace(Record, frozen=True, gc=True, weakref=True):
    """What one run recorded, forward and backward.

    - `nodes` and `edges` in the order met; `outputs` are the ids of the returned values, and
      `output_indices` which output of its node each is (empty: the first of each).
    - `gradients` maps a leaf's name to its `.grad` at the end (`None`: nothing arrived).
    - `counts[k]` is the number of nodes of the graph of the k-th derivative (0: of f itself).
    - `failure` tells what stopped the run; what was recorded up to there is kept.
    - `truncated`: more than `MAX_NODES` operations (or twice as many other nodes) were met; what
      is here is right, and not all.
    - `rounds`: the loops that made several backward calls, in the order begun.
    - `modules`: the calls of `torch.nn` modules that computed something, in the order begun.
    - `frozen`: the names of parameters that do not require grad, used or not.
    """

    program: Program
    nodes: Annotated[tuple[Node, ...], Meta(max_length=3 * MAX_NODES)] = ()
    edges: Annotated[tuple[Edge, ...], Meta(max_length=8 * MAX_NODES)] = ()
    calls: Annotated[tuple[Call, ...], Meta(max_length=2 * MAX_NODES)] = ()
    decisions: Annotated[tuple[Decision, ...], Meta(max_length=MAX_NODES)] = ()
    passes: Annotated[tuple[Pass, ...], Meta(max_length=100)] = ()
    outputs: Annotated[tuple[Id, ...], Meta(max_length=100)] = ()
    gradients: Annotated[dict[Name, Tensor | None], Meta(max_length=MAX_NODES)] = msgspec.field(
        default_factory=dict
    )
    cells: Annotated[tuple[Cell, ...], Meta(max_length=100)] = ()
    printed: PrintedText = ""
    lines: Annotated[tuple[Line, ...], Meta(max_length=MAX_SOURCE)] = ()
    failure: Failure | None = None
    truncated: bool = False
    counts: Annotated[tuple[Count, ...], Meta(max_length=MAX_ORDER + 1)] = ()
    rounds: Annotated[tuple[Rounds, ...], Meta(max_length=20)] = ()
    modules: Annotated[tuple[ModuleCall, ...], Meta(max_length=2 * MAX_NODES)] = ()
    frozen: Annotated[tuple[Name, ...], Meta(max_length=MAX_NODES)] = ()
    output_indices: Annotated[tuple[Place, ...], Meta(max_length=100)] = ()

    def table(self) -> Any:
        """One row a node: a `pandas.DataFrame` where pandas is installed, else a `Table`."""
        found = table_of(self)
        return found if find_spec("pandas") is None else found.frame()

    def to_json(self, indent: int | None = None) -> str:
        """As JSON with field names; see `viz.records.json_form`."""
        return to_json(self, indent)

    @staticmethod
    def from_json(text: str | bytes) -> Trace:
        """The trace that `to_json` wrote, in this version or before; raises `ValueError`."""
        return from_json(text, Trace)

    def __repr__(self) -> str:
        return two_lines(self)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return shown(self)

    def node(self, id: str) -> Node:
        """The node with this id; raises `KeyError` if there is none."""
        number = id.removeprefix("n")
        if id == number or not number.isdecimal() or int(number) >= len(self.nodes):
            raise KeyError(id)
        return self.nodes[int(number)]

    def tensors(self) -> Iterator[Tensor]:
        """Every tensor in it."""
        for node in self.nodes:
            yield from _present(node.value, node.gradient)
            for port in node.more:
                yield from _present(port.value, port.gradient)
            yield from (kept.value for kept in node.saved if isinstance(kept.value, Tensor))
        for edge in self.edges:
            yield from _present(edge.local, edge.contribution)
        for pass_ in self.passes:
            yield from _present(*pass_.gradients)
            for step in pass_.steps:
                yield from _present(*step.gradients, *step.contributions)
            for leaf in pass_.leaves_before + pass_.leaves_after:
                yield from _present(leaf.gradient)
            for change in pass_.hooked:
                yield from _present(change.before, change.after)
        yield from _present(*self.gradients.values())

    @property
    def value(self) -> Tensor | None:
        """The value of the first output, `None` if there is none."""
        return next((node.output(place) for node, place in self.returned()), None)

    def returned(self) -> Iterator[tuple[Node, int]]:
        """The nodes whose results were returned, in order, and which output of each."""
        places = self.output_indices or (0,) * len(self.outputs)
        return zip(map(self.node, self.outputs), places, strict=True)

    def __post_init__(self) -> None:
        """Every id that is named exists: readers may follow them without asking."""
        demand_known(self)
        if self.output_indices and len(self.output_indices) != len(self.outputs):
            raise ValueError("not every output tells which one of its node it is")
        demand_earlier(self.modules, [call.module for call in self.calls])


def _present(*tensors: Tensor | None) -> Iterator[Tensor]:
    return (tensor for tensor in tensors if tensor is not None)
