"""Hand-made records: scalar graphs with their local derivatives and one backward pass.

The backward pass here is written anew, from the chain rule alone, so that what the drawing room
says can be compared with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from viz.records import (
    Call,
    Decision,
    Edge,
    Input,
    LeafGradient,
    Node,
    Pass,
    Program,
    Span,
    Step,
    Tensor,
    Trace,
)


def scalar(value: float | bool | int) -> Tensor:
    """A number as a tensor."""
    return Tensor((), "float32", (value,))


def vector(*values: float) -> Tensor:
    """Numbers as a tensor of one dimension."""
    return Tensor((len(values),), "float32", values)


@dataclass
class Made:
    """A graph under construction; each method gives the new node's id."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    def leaf(self, name: str | None, value: float | None = 1.0) -> str:
        return self._node("leaf", "AccumulateGrad", name, value)

    def constant(self, value: float | None = 2.0, name: str | None = None) -> str:
        return self._node("constant", "", name, value)

    def op(
        self,
        op: str,
        *inputs: str | tuple[str, float],
        value: float | None = 1.0,
        name: str | None = None,
        function: str | None = None,
        line: int | None = None,
        iteration: int | None = None,
        call: str | None = None,
        kind: str = "operation",
    ) -> str:
        """An operation of `inputs`, each with its local derivative (1 where none is given)."""
        if function is not None:
            span = Span(line, 0, line, 4) if line is not None else None
            call = f"c{len(self.calls)}"
            self.calls.append(Call(call, function, span, name, iteration))
        id = self._node(kind, op, name, value, call)
        for index, given in enumerate(inputs):
            source, local = given if isinstance(given, tuple) else (given, 1.0)
            smooth = kind != "detached" and self.nodes[int(source[1:])].kind not in (
                "constant",
                "detached",
            )
            self.edges.append(Edge(source, id, index, smooth, scalar(local) if smooth else None))
        return id

    def _node(self, kind, op, name, value, call=None) -> str:
        id = f"n{len(self.nodes)}"
        held = None if value is None else scalar(value)
        self.nodes.append(Node(id, kind, op, name=name, call=call, value=held))
        return id

    def trace(self, *outputs: str, source: str = "f", backward: bool = True) -> Trace:
        """The record, with one backward pass from the first output."""
        names = tuple(
            Input(node.name, "1") for node in self.nodes if node.kind == "leaf" and node.name
        )
        program = Program(source, "expression", names[:32])
        nodes = [
            node
            if node.id not in outputs
            else Node(node.id, "output", node.op, node.name, node.call, node.value)
            for node in self.nodes
        ]
        passes: tuple[Pass, ...] = ()
        if outputs and backward:
            gradients, run = backpropagated(self.edges, outputs[0], [node.kind for node in nodes])
            nodes = [
                Node(
                    node.id,
                    node.kind,
                    node.op,
                    node.name,
                    node.call,
                    node.value,
                    None if node.id not in gradients else scalar(gradients[node.id]),
                )
                for node in nodes
            ]
            passes = (run,)
        return Trace(
            program,
            tuple(nodes),
            tuple(self.edges),
            tuple(self.calls),
            tuple(self.decisions),
            passes,
            outputs,
        )


def backpropagated(edges: list[Edge], root: str, kinds: list[str]) -> tuple[dict[str, float], Pass]:
    """Reverse mode over nodes that are numbered in the order of the run."""
    into: dict[str, list[Edge]] = {}
    for edge in edges:
        into.setdefault(edge.target, []).append(edge)
    gradients = {root: 1.0}
    steps = []
    for number in range(int(root[1:]), -1, -1):
        id = f"n{number}"
        if id not in gradients:
            continue
        inputs = into.get(id, [])
        passed: list[Tensor | None] = [None] * len(inputs)
        for edge in inputs:
            if edge.differentiable:
                amount = gradients[id] * float(edge.local.values[0])
                gradients[edge.source] = gradients.get(edge.source, 0.0) + amount
                passed[edge.input_index] = scalar(amount)
        steps.append(Step(id, (scalar(gradients[id]),), tuple(passed)))
    leaves = [step.node for step in steps if kinds[int(step.node[1:])] == "leaf"]
    after = tuple(LeafGradient(leaf, leaf, scalar(gradients[leaf])) for leaf in leaves)
    before = tuple(LeafGradient(leaf, leaf, None) for leaf in leaves)
    return gradients, Pass((root,), (None,), tuple(steps), before, after)


def product() -> Trace:
    """(x + y) · z at −2, 5, −4."""
    made = Made()
    x, y = made.leaf("x", -2.0), made.leaf("y", 5.0)
    total = made.op("AddBackward0", x, y, value=3.0, function="torch.Tensor.add", line=1)
    z = made.leaf("z", -4.0)
    result = made.op(
        "MulBackward0", (total, -4.0), (z, 3.0), value=-12.0, function="torch.Tensor.mul", line=1
    )
    return made.trace(result, source="(x + y)*z")


def loop(rounds: int, start: float = 0.001) -> Trace:
    """b = a·2, doubled `rounds` times in a while loop; the course's control flow in short."""
    made = Made()
    value = start * 2
    b = made.op(
        "MulBackward0",
        (made.leaf("a", start), 2.0),
        made.constant(),
        value=value,
        name="b",
        function="torch.Tensor.mul",
        line=2,
    )
    for number in range(1, rounds + 1):
        norm = made.op(
            "LinalgVectorNormBackward0",
            b,
            value=value,
            function="torch.Tensor.norm",
            line=3,
            iteration=number,
        )
        test = made.op(
            "lt",
            norm,
            value=True,
            function="torch.Tensor.lt",
            line=3,
            iteration=number,
            kind="detached",
        )
        made.decisions.append(Decision(Span(3, 6, 3, 10), True, "bool", "while", test, number))
        value *= 2
        b = made.op(
            "MulBackward0",
            (b, 2.0),
            made.constant(),
            value=value,
            name="b",
            function="torch.Tensor.mul",
            line=4,
            iteration=number,
        )
    return made.trace(b, source="while …")
