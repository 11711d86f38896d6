"""The record of every differentiable operator that PyTorch knows, against plain torch.

Samples are those of PyTorch's own operator database, in float64. The oracle of the graph is a walk
over `next_functions` of the tensors that the operator returned; of gradients, `torch.autograd.grad`
of a second run; of values inside composites, what autograd itself saved for the backward run.
"""

import math

import pytest
import torch

from tests.tracing.operators import flat, samples, seed
from viz.records import Program
from viz.tracing.recording.nodes.functions import SINGLE
from viz.tracing.recording.trace import Run
from viz.tracing.runnable import Runnable

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations of the operators themselves


def walk(roots):
    """Autograd's own nodes below some roots: (names sorted, number of edges)."""
    seen, stack, edges = {}, [torch.autograd.graph.get_gradient_edge(r).node for r in roots], 0
    while stack:
        fn = stack.pop()
        if fn not in seen:
            seen[fn] = type(fn).__name__
            stack += [source for source, _ in fn.next_functions if source is not None]
            edges += sum(source is not None for source, _ in fn.next_functions)
    return sorted(seen.values()), edges


def recorded(function, leaves):
    """One recorded run with backward from ones; the run itself, the results, and the record."""
    returned = []

    def kept():
        returned.append(function())
        return returned[0]

    for leaf in leaves:
        leaf.grad = None
    run = Run(Runnable(Program("", "function"), kept, filename="<none>"))
    run.function(1, None)
    return run, flat(returned), run.finished()


def same(a, b):
    a, b = (each if each.layout is torch.strided else each.to_dense() for each in (a, b))
    return torch.allclose(a, b, rtol=1e-9, atol=1e-9, equal_nan=True)


def numbers(record):
    """A recorded tensor as a real float64 tensor (complex parts as a last dimension of two)."""
    values = torch.tensor(record.values, dtype=torch.float64)
    return values.reshape(record.shape + ((2,) if record.dtype.startswith("complex") else ()))


@pytest.fixture(scope="module")
def database():
    """For each sample: its name, the run, its results, the record, gradients and the oracle's."""
    found = []
    for name, function, leaves in samples():
        seed()
        try:
            plain = [each for each in flat(function()) if each.requires_grad]
            weights = [torch.ones_like(each) for each in plain]
            expected = torch.autograd.grad(plain, leaves, weights, allow_unused=True)
        except (RuntimeError, NotImplementedError):
            continue  # the operator itself cannot be differentiated at this sample
        seed()
        run, returned, record = recorded(function, leaves)
        found.append((name, run, returned, record, [leaf.grad for leaf in leaves], expected))
    return found


def test_the_database_is_large(database):
    assert len(database) > 900


def test_no_run_fails(database):
    assert [(name, record.failure) for name, _, _, record, _, _ in database if record.failure] == []


def test_graphs_equal_a_plain_walk(database):
    wrong = []
    for name, _, returned, record, _, _ in database:
        outputs = [each for each in returned if each.requires_grad]
        names, edges = walk(outputs)
        below = reached(record)
        ours = sorted(record.node(id).op for id in below)
        ours_edges = [e for e in record.edges if e.differentiable and e.target in below]
        if ours != names or len(ours_edges) != edges:
            wrong.append((name, ours, names, len(ours_edges), edges))
    assert wrong == []


def reached(record):
    """The ids that a backward run from the outputs reaches."""
    sources = {}
    for edge in record.edges:
        if edge.differentiable:
            sources.setdefault(edge.target, []).append(edge.source)
    seen, stack = set(), list(record.outputs)
    while stack:
        id = stack.pop()
        if id not in seen and record.node(id).kind != "constant":
            seen.add(id)
            stack += sources.get(id, [])
    return {id for id in seen if record.node(id).kind != "detached"}


def test_gradients_equal_autograd_grad(database):
    wrong = []
    for name, _, _, _, found, expected in database:
        for ours, plain in zip(found, expected, strict=True):
            if (ours is None) != (plain is None) or (plain is not None and not same(ours, plain)):
                wrong.append((name, ours, plain))
    assert wrong == []


def test_values_of_results_are_those_returned(database):
    wrong = []
    for name, run, returned, _, _, _ in database:
        for tensor in returned:
            draft = run.graph.by_fn.get(tensor.grad_fn) if tensor.grad_fn is not None else None
            value = draft.output(tensor.output_nr) if draft is not None else None
            if value is None or value.values is None:
                continue
            real = torch.view_as_real(tensor.resolve_conj()) if tensor.is_complex() else tensor
            if not same(numbers(value), real.detach().double()):
                wrong.append(name)
    assert wrong == []


def test_values_inside_composites_are_what_autograd_saved(database):
    """Where a node saved its only differentiable input, that is the value of the node before."""
    wrong, compared = [], 0
    for name, _, _, record, _, _ in database:
        for node in record.nodes:
            saved = {each.name: each.value for each in node.saved}
            edges = [edge for edge in record.edges if edge.target == node.id]
            if "self" not in saved or saved["self"] is None or isinstance(saved["self"], str):
                continue
            for edge in edges:
                if edge.input_index or not edge.differentiable or edge.output_index:
                    continue
                value = record.node(edge.source).value
                kept = saved["self"]
                if value is None or value.values is None or kept.values is None:
                    continue
                if value.shape != kept.shape or value.dtype != kept.dtype:
                    continue
                compared += 1
                if not same(numbers(value), numbers(kept)):
                    wrong.append((name, node.op, value, kept))
    assert wrong == []
    assert compared > 400


def test_nearly_all_values_are_recorded(database):
    nodes = [record.node(id).value for _, _, _, record, _, _ in database for id in reached(record)]
    assert sum(value is not None for value in nodes) / len(nodes) >= 0.99


def test_a_nodes_gradient_is_the_sum_of_its_contributions(database):
    wrong = []
    for name, _, _, record, _, _ in database:
        for node in record.nodes:
            parts = [e.contribution for e in record.edges if e.source == node.id]
            if node.id in record.outputs or node.gradient is None or node.more:
                continue
            if any(part is None for part in parts) or any(
                part.values is None or part.shape != node.gradient.shape for part in parts
            ):
                continue
            total = sum(numbers(part) for part in parts)
            if not same(total, numbers(node.gradient)):
                wrong.append((name, node.op))
    assert wrong == []


def test_single_functions_make_one_node(database):
    wrong = set()
    for name, run, _, _, _, _ in database:
        made = {}
        for draft in run.graph.nodes:
            if draft.kind in ("operation", "output") and draft.call is not None:
                made[draft.call] = made.get(draft.call, 0) + 1
        spelled = {f"torch.{each.__name__}" for each in SINGLE if hasattr(each, "__name__")}
        wrong |= {
            (name, run.recorder.calls[call].function)
            for call, count in made.items()
            if count > 1 and run.recorder.calls[call].function in spelled
        }
    assert wrong == set()


def test_no_value_is_larger_than_its_shape(database):
    for _, _, _, record, _, _ in database:
        for node in record.nodes:
            if node.value is not None and node.value.values is not None:
                width = 2 if node.value.dtype.startswith("complex") else 1
                assert len(node.value.values) == math.prod(node.value.shape) * width
