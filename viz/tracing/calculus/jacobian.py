"""All first derivatives of a result, or all second ones of a number: Jacobian and Hessian.

`jacobian(function, *inputs)` and `hessian(function, *inputs)` take a Python function of your own;
`all_derivatives` answers the same of a prepared program. A block is d(flattened result)/d(flattened
input), rows are results. `product` is vᵀJ as `backward(gradient=v)` really left it in `.grad`: it
comes from a backward run of its own and not from the matrix.

Types are those of the inputs (a float is float32), as in a trace. Whole numbers and complex inputs
are held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, cast

import torch

from viz.records import MAX_MATRIX, Block, Jacobian, JacobianQuestion, Tensor
from viz.tracing.calculus.curve import sampling_failure, source_map
from viz.tracing.calculus.own_failure import told
from viz.tracing.recording.nodes.tensor_summary import summary
from viz.tracing.runnable import TYPED, Runnable, copying, of_function, wrote_into_a_leaf
from viz.tracing.sampling.varying import as_tensor, nothing_varies
from viz.tracing.stopping import SPARE, TimeIsUp, breathing, let_go, out_of_memory, stoppable
from viz.tracing.structures import tensors_of
from viz.tracing.typed.numpy.random import seeded
from viz.tracing.untouched import renewal, untouched

MAX_ELEMENTS: Final = 4_000_000
"""Elements of all blocks together that are computed; more is refused with a failure."""
ROWS: Final = 64
"""Rows that are computed in one backward run."""


def jacobian(
    function: Callable[..., Any],
    *inputs: Any,
    gradient: Any = None,
    partial: bool = False,
    **keywords: Any,
) -> Jacobian:
    """The derivatives of f's result with respect to each input, a block for each: as many rows as
    the result has numbers, as many columns as the input. `gradient` is v of vᵀJ, a tensor, an array
    or a list of numbers in the result's shape.

    `inputs` and `keywords` are what f is called with, as in `trace`; raises `InputRejected` where
    none of them holds floating-point numbers, and `FunctionFailed` where f raises, or gives nothing
    that has such derivatives. With `partial` that comes back as a record with a `failure` instead.
    """
    question = _JacobianOptions(1, gradient, partial)
    return _of_ones_own(function, inputs, keywords, question)


def hessian(
    function: Callable[..., Any], *inputs: Any, partial: bool = False, **keywords: Any
) -> Jacobian:
    """The second derivatives of f's result, a single number: a block for each pair of inputs, one
    row of pairs after the other, with a row for each number of the first input of a pair and a
    column for each of the second. Raises as `jacobian` does.
    """
    return _of_ones_own(function, inputs, keywords, _JacobianOptions(2, None, partial))


class _JacobianOptions(NamedTuple):
    order: Literal[1, 2]
    gradient: Any
    partial: bool


def _of_ones_own(
    function: Callable[..., Any],
    inputs: tuple[Any, ...],
    keywords: dict[str, Any],
    asked: _JacobianOptions,
) -> Jacobian:
    runnable = of_function(function, inputs, keywords)
    question = JacobianQuestion(runnable.program, {}, order=asked.order)
    try:
        with untouched(function, (inputs, keywords)):
            found, error = _derived(runnable, question, asked.gradient)
            if wrote_into_a_leaf(error):
                found, error = _derived(copying(runnable), question, asked.gradient)
        return told(found, error, source_map(runnable), partial=asked.partial)
    finally:
        error = None  # what it passed through leads back here, and to the caller's variables


def _varies(value: torch.Tensor | int) -> bool:
    """Whether an input has columns of its own: a matrix is of real numbers."""
    return isinstance(value, torch.Tensor) and value.is_floating_point()


def all_derivatives(
    runnable: Runnable, question: JacobianQuestion, gradient: torch.Tensor | None = None
) -> Jacobian:
    """The answer to a question for a Jacobian or a Hessian; see the module."""
    return _derived(runnable, question, gradient)[0]


def _derived(
    runnable: Runnable, question: JacobianQuestion, gradient: torch.Tensor | None
) -> tuple[Jacobian, BaseException | None]:
    """The answer, and the exception that is its failure; raises `InputRejected` where no input can
    vary.
    """
    if runnable.function is not None and not any(map(_varies, runnable.inputs)):
        raise nothing_varies()
    run = _FreshRun(runnable, question.seed, gradient)
    spare = bytearray(SPARE)
    try:
        return _answered(run, question.order), run.error
    except (Exception, TimeIsUp) as error:  # noqa: BLE001 - typed code may raise anything
        del spare
        if out_of_memory(error):
            let_go(error)
        failure = sampling_failure(error, source_map(runnable))
        shape = () if run.shape is None else run.shape
        return Jacobian(shape, (), question.order, run.value, failure=failure), error
    finally:
        run.error = None  # it holds this frame


@stoppable
def _answered(run: _FreshRun, order: int) -> Jacobian:
    result = run.result()
    run.value = summary(result.detach())
    return _first(run, result) if order == 1 else _second(run, result)


@dataclass
class _FreshRun:
    """One run of the program with leaves of its own."""

    runnable: Runnable
    seed: int
    gradient: Any
    shape: tuple[int, ...] | None = None
    value: Tensor | None = None
    error: BaseException | None = None
    """What was raised by a part of the answer, the rest of which is there."""

    def __post_init__(self) -> None:
        self.leaves: list[torch.Tensor] = []
        self.names: list[str] = []
        self.renew = renewal(self.runnable.function)

    def result(self) -> torch.Tensor:
        """What the function returns; `leaves` and `names` are then those of this run."""
        if self.runnable.function is None:
            raise TypeError("a script has no inputs that could vary")
        arguments: list[Any] = []
        self.leaves, self.names = [], []
        for entry, value in zip(self.runnable.program.inputs, self.runnable.inputs, strict=True):
            if isinstance(value, torch.Tensor):
                value = value.detach().clone()
                if _varies(value):
                    self.leaves.append(value.requires_grad_())
                    self.names.append(entry.name)
            arguments.append(value)
        before = torch.default_generator.get_state()
        torch.default_generator.manual_seed(self.seed)
        seeded(self.seed)
        try:
            result = self._one(self.runnable.function(*arguments))
        finally:
            torch.default_generator.set_state(before)
        self.shape = tuple(result.shape)
        if result.is_complex():
            raise TypeError("the result is complex: take .real, .imag or .abs()")
        return result

    def _one(self, result: Any) -> torch.Tensor:
        """The tensor that was returned; a function of one's own returns no other beside it."""
        if self.runnable.filename == TYPED or isinstance(result, torch.Tensor):
            return as_tensor(result)
        found = tensors_of(result)
        if len(found) > 1:
            raise TypeError(
                f"the result is {len(found)} tensors, not one: return one of them, such as "
                f"f(x){found[0].text}"
            )
        return as_tensor(result)


def _first(run: _FreshRun, result: torch.Tensor) -> Jacobian:
    size = result.numel()
    _refuse_beyond(size * sum(leaf.numel() for leaf in run.leaves))
    matrices = _rows(result.reshape(-1), run.leaves)
    failure, vector = None, None
    products: Sequence[torch.Tensor | None] = [None] * len(run.leaves)
    try:
        vector, products = _product(run)
    except RuntimeError as error:  # a `gradient=` that does not fit leaves the matrix as it is
        run.error = error
        failure = sampling_failure(error, source_map(run.runnable))
    blocks = tuple(
        _block(name, leaf, matrix, size, product)
        for name, leaf, matrix, product in zip(
            run.names, run.leaves, matrices, products, strict=True
        )
    )
    seen = None if vector is None else summary(vector)
    return Jacobian(tuple(result.shape), blocks, 1, summary(result.detach()), seen, failure)


def _second(run: _FreshRun, result: torch.Tensor) -> Jacobian:
    if result.numel() != 1:
        raise RuntimeError(
            f"a Hessian is of a single number; the result has the shape {tuple(result.shape)}"
        )
    sizes = [leaf.numel() for leaf in run.leaves]
    _refuse_beyond(sum(sizes) ** 2)
    slopes = _derivatives(result.reshape(()), run.leaves)
    blocks: list[Block] = []
    for row, slope in zip(run.names, slopes, strict=True):
        matrices = _rows(slope.reshape(-1), run.leaves)
        for name, leaf, matrix in zip(run.names, run.leaves, matrices, strict=True):
            blocks.append(_block(f"{row}, {name}", leaf, matrix, slope.numel(), None))
    return Jacobian(tuple(result.shape), tuple(blocks), 2, summary(result.detach()))


def _derivatives(result: torch.Tensor, leaves: list[torch.Tensor]) -> list[torch.Tensor]:
    """The gradient as a graph of its own; zeros where the result does not depend on an input."""
    if not result.requires_grad:
        return [torch.zeros_like(leaf) for leaf in leaves]
    breathing(result)
    found = torch.autograd.grad(result, leaves, create_graph=True, allow_unused=True)
    return [
        torch.zeros_like(leaf) if slope is None else slope
        for leaf, slope in zip(leaves, found, strict=True)
    ]


def _rows(results: torch.Tensor, leaves: list[torch.Tensor]) -> list[torch.Tensor]:
    """d(results)/d(leaf) as a matrix for each leaf, some rows in each backward run."""
    if not results.requires_grad or not len(results):
        return [leaf.new_zeros(len(results), leaf.numel()) for leaf in leaves]
    breathing(results)
    parts: list[list[torch.Tensor]] = [[] for _ in leaves]
    for chosen in torch.split(torch.eye(len(results), dtype=results.dtype), ROWS):
        for part, rows in zip(parts, _some_rows(results, leaves, chosen), strict=True):
            part.append(rows)
    return [torch.cat(part) for part in parts]


def _some_rows(
    results: torch.Tensor, leaves: list[torch.Tensor], chosen: torch.Tensor
) -> list[torch.Tensor]:
    found: Sequence[torch.Tensor | None]
    try:
        found = torch.autograd.grad(
            results, leaves, chosen, retain_graph=True, allow_unused=True, is_grads_batched=True
        )
    except RuntimeError:  # a backward formula that cannot be batched: one row at a time
        found = list(_one_row_each(results, leaves, chosen))
    return [
        leaf.new_zeros(len(chosen), leaf.numel())
        if rows is None
        else rows.reshape(len(chosen), leaf.numel())
        for leaf, rows in zip(leaves, found, strict=True)
    ]


def _one_row_each(
    results: torch.Tensor, leaves: list[torch.Tensor], chosen: torch.Tensor
) -> Iterator[torch.Tensor | None]:
    runs = [
        torch.autograd.grad(results, leaves, row, retain_graph=True, allow_unused=True)
        for row in chosen
    ]
    for rows in zip(*runs, strict=True):
        known = cast(list[torch.Tensor], [row for row in rows if row is not None])
        yield torch.stack(known) if known else None


def _product(run: _FreshRun) -> tuple[torch.Tensor | None, list[torch.Tensor | None]]:
    """v, and what `backward(gradient=v)` leaves in each leaf's `.grad`, in a run of its own."""
    if run.renew is not None:  # what the first run counted, averaged or kept is not the second's
        run.renew()
    again = _FreshRun(run.runnable, run.seed, run.gradient)
    result = again.result()
    vector = None if run.gradient is None else torch.as_tensor(run.gradient)
    if vector is None and result.numel() == 1:
        vector = torch.ones_like(result)
    if vector is None:
        return None, [None] * len(again.leaves)
    vector = vector.detach().to(result.dtype)
    if result.requires_grad:
        breathing(result)
        # for these leaves alone; a graph that was there before and is shared stays usable
        torch.autograd.backward(result, vector, inputs=again.leaves, retain_graph=True)
    return vector, [leaf.grad for leaf in again.leaves]


def _block(
    name: str,
    leaf: torch.Tensor,
    matrix: torch.Tensor,
    size: int,
    product: torch.Tensor | None,
) -> Block:
    small = max(matrix.shape) <= MAX_MATRIX
    return Block(
        name=name,
        shape=(size, leaf.numel()),
        input_shape=tuple(leaf.shape),
        values=tuple(tuple(row) for row in matrix.tolist()) if small else None,
        summary=None if small else summary(matrix),
        product=None if product is None else summary(product),
    )


def _refuse_beyond(elements: int) -> None:
    if elements > MAX_ELEMENTS:
        raise MemoryError(
            f"the matrix would have {elements:,} elements; {MAX_ELEMENTS:,} are shown"
        )
