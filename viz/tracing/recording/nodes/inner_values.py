"""The values inside a composite call (`linear`, `norm`) and inside a backward formula.

Most of them are kept: what a node saved for its backward run is the value of the node that made
it, a view has its source's numbers in another shape, and a leaf that was only laid out anew is laid
out once more. For the others a dispatch mode would see every operation, and changes what torch
records: while one is on, torch takes formulas and nodes that are safe for tensor subclasses. So the
run itself is watched without one, and a call some of whose nodes kept nothing is made once more
beside it, under a mode: on detached copies, with the same random numbers, and never where it would
write into something. What that second, shadow run computed belongs to the nodes of the first by
order, shape and dtype; what fits no node is "not recorded".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Final, NamedTuple

import torch
from msgspec.structs import replace
from torch.autograd.graph import saved_tensors_hooks
from torch.utils._python_dispatch import TorchDispatchMode

from viz.records import Tensor
from viz.tracing.recording.nodes.computed_values import Tensors, computed, usable
from viz.tracing.recording.nodes.drafts import AccumulateGrad, Draft, node_of, op_of
from viz.tracing.recording.nodes.functions import tensors_in
from viz.tracing.recording.nodes.graph import Graph
from viz.tracing.recording.nodes.node_types import type_of
from viz.tracing.recording.nodes.saved_tensors import (
    as_it_is,
    is_packed,
    is_workspace,
    tensors_held_by,
)
from viz.tracing.recording.nodes.tensor_summary import (
    TORCHS_OWN,
    UNFILLED,
    fill,
    known_shape,
    quiet,
    summary,
)

_number = torch.autograd._get_sequence_nr  # type: ignore[attr-defined]
Summaries = tuple[Tensor | None, ...]


class Again(NamedTuple):
    """A call that can be made once more; `random` is the generator's state before it ran."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    random: torch.Tensor


_CLONE: Final = torch.ops.aten.clone.default


class _Watching(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Keeps what the first dispatch at each node's number gave, summarised at once: a composite
    may write into it a moment later. While an operation is dispatched, its node has its number.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.seen: dict[int, Summaries] = {}
        self._last: tuple[torch.Tensor, int, Tensor] | None = None
        self._cloned: tuple[int, Any] = (-1, None)
        """What was cloned last, and the number of the clone's node."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing is compiled here: torch need not wrap the handler, which costs at each op."""
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        with torch._C.DisableTorchFunction():
            result = func(*args, **(kwargs or {}))
            place = _number() - 1
            if func._opname in UNFILLED:
                fill(result)
            if func is _CLONE:
                self._cloned = (place, args[0])
            elif (
                func._schema.is_mutable and place == self._cloned[0] and args[0] is self._cloned[1]
            ):
                place -= 1  # what its node saves of what it writes into is a node as well
            if place not in self.seen:
                results = result if isinstance(result, tuple | list) else (result,)
                self.seen[place] = tuple(
                    self._summary(each)
                    if isinstance(each, torch.Tensor) and not is_workspace(each)
                    else None
                    for each in results
                )
        return result

    def _summary(self, tensor: torch.Tensor) -> Tensor:
        """A summary; of a large tensor that is the one before in another shape with its range."""
        if tensor.layout is not torch.strided or not tensor.is_contiguous():
            return summary(tensor)
        if self._last is not None:
            before, version, known = self._last
            same = before.data_ptr() == tensor.data_ptr() and before.dtype == tensor.dtype
            if same and before.numel() == tensor.numel() and tensor._version == version:
                return replace(known, shape=tuple(tensor.shape))
        found = summary(tensor)
        if found.values is None:
            self._last = (tensor, tensor._version, found)
        return found


_RESHAPING: Final = frozenset(
    f"{name}Backward{number}"
    for name in ("View", "UnsafeView", "ReshapeAlias", "Unsqueeze", "Squeeze", "Alias")
    for number in range(3)
)
"""Nodes whose result holds the numbers of what went in, in the same order."""
_ALIKE: Final = _RESHAPING | {"TBackward0", "TransposeBackward0", "TransposeBackward1"}
"""And those that only change their order."""
_UNSIGNED: Final = 1 << 64
LAID_OUT: Final[dict[str, Callable[[Any, torch.Tensor], torch.Tensor]]] = {
    "TBackward0": lambda _, tensor: tensor.t(),
    "TransposeBackward0": lambda fn, tensor: tensor.transpose(
        _signed(fn._saved_dim0), _signed(fn._saved_dim1)
    ),
    "RepeatBackward0": lambda fn, tensor: tensor.repeat(fn._saved_repeats),
}
"""Nodes that lay out anew what went in, and how that is done once more: for a recurrent layer's
input (`batch_first`) it takes a hundredth of what the layer takes.
"""


def read_off(graph: Graph, drafts: Sequence[Draft]) -> bool:
    """Gives the nodes of a composite call the values that follow from what is known, those that
    other nodes of it kept, and what can be computed of those; `drafts` are in the order of the run.
    Whether all have one now.
    """
    reshaped = [
        (draft, use.source)
        for draft in drafts
        if draft.op in _ALIKE and (use := draft.inputs[0]) is not None
        if use.source.fn is not None and use.output_index == 0
    ]
    new = set(drafts)
    _reshape(reshaped, new)
    if _laid_out([draft for draft in drafts if draft.value is None]):
        return True
    tensors = _kept_by(graph, drafts, new)
    _reshape(reshaped, new)
    return _laid_out([draft for draft in drafts if draft.value is None]) or computed(
        drafts, tensors
    )


def read_off_rest(graph: Graph, drafts: Iterable[Draft]) -> None:
    """The same for nodes of which no call told, as those that a transform of `torch.func` made."""
    missing = [each for each in drafts if each.value is None and each.kind == "operation"]
    if missing:
        new = set(missing)
        users = {use.target for use in graph.uses if use.source in new and use.target.fn}
        read_off(graph, sorted(new | users, key=lambda draft: draft.number))


def _kept_by(graph: Graph, drafts: Sequence[Draft], new: set[Draft]) -> Tensors:
    """The tensors that nodes of a call kept, by where they came from; those of them that are `new`
    and have no value get it.
    """
    tensors: Tensors = {}
    with as_it_is():
        for draft in drafts:
            kind = type_of(draft.fn)
            if kind.native and not kind.packed:
                continue  # it keeps no tensor
            if not draft.unpacked and is_packed(draft.fn, kind):
                continue
            for value in tensors_held_by(draft.fn, kind):
                if not isinstance(value, torch.Tensor) or (fn := node_of(value)) is None:
                    continue
                place = value.output_nr
                if usable(value):
                    tensors[fn, place] = value
                source = graph.by_fn.get(fn)
                if source in new and source.output(place) is None:
                    source.give(place, summary(value))
    return tensors


def _reshape(reshaped: Sequence[tuple[Draft, Draft]], new: set[Draft]) -> None:
    """Gives values to nodes that have the numbers of the one before, and to those before them."""
    for result, source in reversed(reshaped):
        if source in new and source.value is None:
            _give_reshaped(source, result.value, result.op)
    for result, source in reshaped:
        if result.value is None:
            _give_reshaped(result, source.value, result.op)


def _laid_out(missing: Sequence[Draft]) -> bool:
    """Gives values to nodes that laid out a leaf anew; `False`, and nothing done, if some did not:
    then the call is made once more, and that tells all.
    """
    found = [_leaf_before(draft) for draft in missing if draft.op in LAID_OUT]
    leaves = [leaf for leaf in found if leaf is not None]
    if len(leaves) < len(missing):
        return False
    for draft, leaf in zip(missing, leaves, strict=True):
        with quiet():
            value = summary(LAID_OUT[draft.op](draft.fn, leaf))
        draft.give(0, replace(value, requires_grad=True))
    return True


def _leaf_before(draft: Draft) -> torch.Tensor | None:
    """The leaf that went into a node of one input, `None` if it is none, or one that cannot be
    laid out here: of a class of the user's, sparse or nested.
    """
    fn = draft.fn.next_functions[0][0]
    if type(fn) is not AccumulateGrad or type(fn.variable) not in TORCHS_OWN:
        return None
    leaf: torch.Tensor = fn.variable
    return leaf if leaf.layout is torch.strided and not leaf.is_nested else None


def _signed(dimension: int) -> int:
    """A dimension counted from the end: autograd's node tells it without its sign."""
    return dimension - _UNSIGNED if dimension >= _UNSIGNED // 2 else dimension


def _give_reshaped(draft: Draft, value: Tensor | None, op: str) -> None:
    """The value of what `op` stands between, of which only the range is written down if it changes
    the order.
    """
    if value is not None and (op in _RESHAPING or value.minimum is not None):
        shape = known_shape(draft.fn._input_metadata[0])
        if shape is not None:
            draft.give(0, replace(value, shape=shape, requires_grad=True))


def seen_again(again: Again, drafts: Sequence[Draft]) -> None:
    """Gives the nodes of a composite call their values, from a shadow run of the call."""
    if again.kwargs.get("inplace") or again.kwargs.get("out") is not None:
        return
    copies = _Copies()
    try:
        args, kwargs = copies.of(again.args), copies.of(again.kwargs)
    except RuntimeError:  # torch has no copy of it, as inside the `vmap` of `jvp`: not recorded
        return
    after = torch.default_generator.get_state()
    torch.default_generator.set_state(again.random)
    try:
        _shadow(drafts, lambda: again.function(*args, **kwargs))
    finally:
        torch.default_generator.set_state(after)


def seen_of_formula(draft: Draft, came: Iterable[Any], made: Sequence[Draft]) -> None:
    """Gives the nodes that a node's backward formula `made` their values, from a shadow run of the
    formula on what `came`.
    """
    copies = _Copies()
    received = [copies.of(each) for each in came]
    with torch.enable_grad():
        _shadow(made, lambda: _as_the_engine(draft.fn, draft.fn(*received)))


def _as_the_engine(fn: Any, passed: Any) -> list[Any]:
    """What a formula gave, summed down to the shapes that were broadcast: the engine sees to it."""
    gradients = passed if isinstance(passed, tuple) else (passed,)
    return [
        gradient if source is None or gradient is None else _fitted(gradient, source, output)
        for gradient, (source, output) in zip(gradients, fn.next_functions, strict=False)
    ]


def _fitted(gradient: torch.Tensor, source: Any, output: int) -> torch.Tensor:
    gathers = type(source) is AccumulateGrad
    shape = source.variable.shape if gathers else source._input_metadata[output].shape
    return gradient if gradient.shape == tuple(shape) else gradient.sum_to_size(tuple(shape))


def _shadow(drafts: Sequence[Draft], run: Callable[[], Any]) -> None:
    watching = _Watching()
    since = _number()
    try:
        with saved_tensors_hooks(_forget, _forget), watching:
            result = run()
    except Exception:  # noqa: BLE001 - a copy may not do what the original did: not recorded
        return
    nodes = _nodes(tensors_in(result), since)
    for draft, number in _matched(drafts, nodes):
        _give(draft, watching.seen.get(number, ()))


def _forget(_saved: Any) -> Any:
    """A shadow run is never taken backward, and hooks of the program's own do not hear of it."""


class _Copies:
    """Arguments for a shadow run: tensors detached, those without a gradient cloned (a layer's
    running statistics are written into), one tensor for each that there was.
    """

    def __init__(self) -> None:
        self._known: dict[int, torch.Tensor] = {}

    def of(self, value: Any) -> Any:
        """`value` with copies in the place of its tensors."""
        if isinstance(value, torch.Tensor):
            known = self._known.get(id(value))
            if known is None:
                known = value.detach()
                known = known.requires_grad_() if value.requires_grad else known.clone()
                self._known[id(value)] = known
            return known
        if type(value) in (tuple, list):
            return type(value)(self.of(each) for each in value)
        if type(value) is dict:
            return {key: self.of(each) for key, each in value.items()}
        return value


def _nodes(roots: Iterable[torch.Tensor], since: int) -> list[tuple[str, int]]:
    """(name, number) of autograd's nodes that were made since then, oldest first."""
    found: dict[Any, tuple[int, str]] = {}
    stack = [node_of(root) for root in roots]
    while stack:
        fn = stack.pop()
        if fn is None or fn in found or type(fn) is AccumulateGrad or fn._sequence_nr() < since:
            continue
        found[fn] = (fn._sequence_nr(), op_of(fn))
        stack += [source for source, _ in fn.next_functions]
    return [(name, number) for number, name in sorted(found.values())]


def _matched(
    drafts: Sequence[Draft], nodes: Sequence[tuple[str, int]]
) -> Iterator[tuple[Draft, int]]:
    """Which node of the shadow run stands for which of the real one: those of the same name in the
    same order, and as many of other names between them.
    """
    ordered = sorted(drafts, key=lambda draft: draft.fn._sequence_nr())
    ours, theirs = [draft.op for draft in ordered], [name for name, _ in nodes]
    if len(ours) == len(theirs):
        yield from zip(ordered, (number for _, number in nodes), strict=True)
        return
    for kind, start, stop, first, last in SequenceMatcher(None, ours, theirs, False).get_opcodes():
        if kind == "equal" or (kind == "replace" and stop - start == last - first):
            for place in range(stop - start):
                yield ordered[start + place], nodes[first + place][1]


def _give(draft: Draft, seen: Summaries) -> None:
    for place, (value, meta) in enumerate(zip(seen, draft.fn._input_metadata, strict=False)):
        if value is not None and draft.output(place) is None and _fits(value, meta):
            draft.give(place, replace(value, requires_grad=True))


def _fits(value: Tensor, metadata: Any) -> bool:
    """Whether a dispatched result can be the node's own: same shape and dtype."""
    return value.shape == known_shape(metadata) and str(metadata.dtype) == f"torch.{value.dtype}"
