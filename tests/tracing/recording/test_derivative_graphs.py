"""The graph, and that of a derivative, is the one that torch records when nobody watches.

While a dispatch mode is on, torch takes other nodes and backward formulas for some operators
(`reshape`, `prod`, `eigh`, `ctc_loss`). The oracle is a walk over the graph of
`torch.autograd.grad(…, create_graph=True)` without any mode, for functions and for each operator
of PyTorch's own database.
"""

import collections
import itertools
import os

import pytest
import torch

from tests.tracing.operators import flat, samples, seed
from viz.records import Program
from viz.tracing.recording.trace import Run, trace
from viz.tracing.runnable import Runnable

VECTOR = torch.tensor([1.0, 2.0, 3.0])
SYMMETRIC = torch.tensor([[2.0, 0.3, 0.1], [0.3, 1.5, -0.2], [0.1, -0.2, 1.1]])
FUNCTIONS = {
    "prod": (lambda x: x.prod(), VECTOR),
    "prod of rows": (lambda x: x.prod(0).sum(), SYMMETRIC),
    "cumprod": (lambda x: x.cumprod(0).sum(), VECTOR),
    "qr": (lambda x: sum(part.sum() for part in torch.linalg.qr(x)), SYMMETRIC),
    "eigenvalues": (lambda x: torch.linalg.eigh(x)[0].prod(), SYMMETRIC),
    "eigenvectors": (lambda x: torch.linalg.eigh(x)[1].sum(), SYMMETRIC),
    "det": (torch.linalg.det, SYMMETRIC),
    "matrix_exp": (lambda x: torch.matrix_exp(x).sum(), SYMMETRIC),
    "sine": (lambda x: x.sin().sum(), VECTOR),
    "softmax": (lambda x: x.softmax(0)[0], VECTOR),
}


def walked(roots):
    """How many nodes of each kind there are below some tensors."""
    seen, stack = {}, [root.grad_fn for root in roots]
    while stack:
        fn = stack.pop()
        if fn is not None and fn not in seen:
            seen[fn] = type(fn).__name__
            stack += [source for source, _ in fn.next_functions]
    return collections.Counter(seen.values())


def below(run, roots):
    """The same of a record: the nodes from which arrows lead to `roots`."""
    sources = {}
    for edge in run.edges:
        if edge.differentiable:
            sources.setdefault(edge.target, []).append(edge.source)
    seen, stack = set(), list(roots)
    while stack:
        id = stack.pop()
        if id not in seen:
            seen.add(id)
            stack += sources.get(id, [])
    return collections.Counter(run.node(id).op for id in seen)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_graph_of_a_derivative_is_torchs(name):
    function, start = FUNCTIONS[name]
    x = start.clone().requires_grad_()
    (first,) = torch.autograd.grad(function(x), x, torch.ones(()), create_graph=True)
    run = trace(function, start, order=2)
    assert run.counts[1] == walked([first]).total()
    assert below(run, run.passes[1].roots) == walked([first])


@pytest.mark.parametrize(
    ("function", "start", "slope"),
    [
        (lambda x: (x.max() - 5).sqrt(), [9.0, 9.0], [-0.015625, -0.015625]),
        (lambda x: x[:, :1].reshape(2).square().sum(), [[1.0, 2.0], [3.0, 4.0]], None),
    ],
)
def test_second_derivatives_are_those_of_a_run_that_nobody_watches(function, start, slope):
    x = torch.tensor(start, requires_grad=True)
    (first,) = torch.autograd.grad(function(x), x, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x)
    found = trace(function, torch.tensor(start), order=2).gradients["x"].values
    assert found == pytest.approx(second.flatten().tolist())
    assert slope is None or found == pytest.approx(slope)


def test_without_inputs_the_second_derivative_is_by_what_the_function_holds():
    w = torch.tensor(2.0, requires_grad=True)
    run = trace(lambda: w**3 + w, order=2)
    assert run.gradients["w"].values == (12.0,)
    layer = torch.nn.Linear(2, 1)
    held = trace(lambda x: layer(x).square().sum(), torch.ones(2), order=2, requires_grad=False)
    # y = w₁ + w₂ + b: each of the three slopes of y² is 2y, and what they add up to 6y
    assert [each.values for each in held.gradients.values()] == [(6.0, 6.0), (6.0,)]


STRIDE = 1 if os.environ.get("OPERATORS") == "full" else 3
"""Every third of the operators' samples is asked for the second graph; all with OPERATORS=full."""


@pytest.mark.filterwarnings("ignore")  # deprecations of the operators themselves
def test_every_operators_graphs_are_those_of_a_run_that_nobody_watches():
    compared, wrong, nodes, valued = 0, [], 0, 0
    for name, function, leaves in itertools.islice(samples(), 0, None, STRIDE):
        try:
            seed()
            results = [each for each in flat(function()) if each.requires_grad]
            seeds = [torch.ones_like(each) for each in results]
            found = torch.autograd.grad(
                results, leaves, seeds, create_graph=True, allow_unused=True
            )
        except (RuntimeError, NotImplementedError):
            continue  # cannot be differentiated twice at this sample
        ours, first, second = recorded(function, leaves)
        compared += 1
        plain = walked(results), walked([each for each in found if each is not None])
        if (first, second) != plain:
            wrong.append((name, plain[0] - first, first - plain[0], plain[1] - second))
        of_first = [node for node in ours if node.order == 1 and node.kind == "operation"]
        nodes += len(of_first)
        valued += sum(node.value is not None for node in of_first)
    assert compared > 700 / STRIDE
    assert wrong == []
    assert valued / nodes > 0.95  # left: what is written in place in formulas of matrices


def recorded(function, leaves):
    """The nodes of a recorded run with one differentiable pass, and the graphs of f and of f'."""
    kept = []

    def twice():
        results = [each for each in flat(function()) if each.requires_grad]
        seeds = [torch.ones_like(each) for each in results]
        found = torch.autograd.grad(results, leaves, seeds, create_graph=True, allow_unused=True)
        kept[:] = results, [each for each in found if each is not None]
        return kept

    seed()
    run = Run(Runnable(Program("", "function"), twice, filename="<none>"))
    run.function(1, None)
    record = run.finished()
    assert kept, f"it runs without the recorder: {record.failure}"
    ids = [[run.graph.by_fn[each.grad_fn].id for each in group if each.grad_fn] for group in kept]
    run.released()
    return record.nodes, below(record, ids[0]), below(record, ids[1])
