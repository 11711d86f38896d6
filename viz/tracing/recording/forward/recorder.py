"""The mode that watches a run: it sees each call that the typed code makes.

`Recorder` is a `TorchFunctionMode`. It asks the frame where in the source a call stands, runs it,
and hands what it made to `Intake`; tensors that are turned into Python values are decisions.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, NamedTuple

import torch
from torch._functorch.functional_call import construct_stacked_leaf

from viz.records import MAX_NAME, MAX_NODES, Asked, Call, Decision, Span, call_ids
from viz.tracing.decisions import ASKED
from viz.tracing.recording.forward.assigned import Assigned
from viz.tracing.recording.forward.intake import Event, Intake, packing
from viz.tracing.recording.nodes.drafts import Draft
from viz.tracing.recording.nodes.functions import FACTS, Fact, fact, outcome, tensors_in
from viz.tracing.recording.nodes.graph import Graph
from viz.tracing.recording.nodes.inner_values import Again
from viz.tracing.recording.nodes.tensor_summary import (
    UNFILLED,
    fill,
    fill_beyond,
    quiet,
    size_of,
)
from viz.tracing.recording.source.call_sites import CallDraft, CallSites
from viz.tracing.recording.source.line_counts import LineCounter
from viz.tracing.source_map import SourceMap
from viz.tracing.state.one_look import LookingMode
from viz.tracing.typed.plain_sequences import SEQUENCES, demand_plain

RESIZING: Final = ("resize_", "resize_as_")
"""Functions that give a tensor more memory, in which is whatever was there."""
MAX_CALLS: Final = 2 * MAX_NODES
"""Calls that one trace records."""
_TENSOR = torch.Tensor
_frame_at, _settrace = sys._getframe, sys.settrace
_transforming = torch._C._are_functorch_transforms_active
_written_down, _dispatch_modes = torch._C._is_tracing, torch._C._len_torch_dispatch_stack
_PROXIES: Final = torch._C._TorchDispatchModeKey.PROXY
_STACKING = construct_stacked_leaf.__code__
"""What makes one leaf of the parameters that several modules have under a name."""
_GRAD = vars(torch._C.TensorBase)["grad"].__get__


def _on_proxies() -> bool:
    """Whether `torch.export` or `make_fx` writes down all that torch is asked: it would be our
    questions too. (`torch.jit.trace` does so as well.)
    """
    if torch.compiler.is_exporting():
        return True
    before = torch._ops._get_dispatch_mode_pre_dispatch(_PROXIES)  # type: ignore[no-untyped-call]
    return before is not None or torch._C._get_dispatch_mode(_PROXIES) is not None


class DecisionDraft(NamedTuple):
    """A decision under construction."""

    call: CallDraft
    outcome: bool | int | float
    asked: Any
    node: Draft | None


class Recorder(LookingMode):
    """Records the calls, the nodes and the decisions of the code that runs inside it."""

    def __init__(self, source: SourceMap) -> None:
        super().__init__()
        self.lines = LineCounter(source)
        self.overrides: dict[Any, Callable[..., Any]] = {}
        self.pause_hooks: Callable[[bool], object] = bool
        self.graph = Graph()
        self.sites = CallSites(source, self.graph)
        self.calls: list[CallDraft] = []
        self.decisions: list[DecisionDraft] = []
        self._intake = Intake(self.graph, self.calls)
        self.assigned = Assigned(self._intake, self.sites)

    def __enter__(self) -> Recorder:
        self.sites.begin(sys._getframe(1))
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def step_aside(self) -> None:
        self.pause_hooks(True)
        if self.lines.counting:
            _settrace(None)

    def step_back(self) -> None:
        self.pause_hooks(False)
        if self.lines.counting:
            _settrace(self.lines.tracing)

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if SEQUENCES:
            demand_plain(func, (*args, *kwargs.values()) if kwargs else args)
        known = FACTS.get(func) or fact(func)
        if known.passive:
            return func(*args, **(kwargs or {}))
        lines = self.lines
        if lines.counting:  # what runs now is the recorder's own
            _settrace(None)
        try:
            if _transforming() or _written_down() or (_dispatch_modes() and _on_proxies()):
                return func(*args, **(kwargs or {}))
            if known.single and not kwargs:
                frame = _frame_at(1)
                call = self.sites.direct(frame, func) or self.sites.of(func, frame)
                if call.visit != self.assigned.visit:
                    self.assigned.goes_on(call)
                if call.building or len(self.calls) >= MAX_CALLS:
                    return func(*args)
                result = func(*args)
                if not isinstance(result, _TENSOR):  # of a class of the user's
                    return result
                if not self._intake.take_single(call, known, args, result):
                    self._intake.take(_event(call, known, args, result))
                return result
            if func in self.overrides:
                return self.overrides[func](*args, **(kwargs or {}))
            if func == _GRAD:
                return self._leaf_gradient(func, args[0])
            if func in ASKED:
                return self._decided(func, args, kwargs or {})
            return self._called(_frame_at(1), func, known, args, kwargs or {})
        finally:
            if lines.counting:
                _settrace(lines.tracing)

    def let_go(self) -> None:
        """The function has come to its end: what its variables hold is looked at, and let go."""
        with quiet():
            self.assigned.settle()
        self.sites.let_go()

    def cut(self, calls: int, decisions: int) -> None:
        """Keeps the first so many; nothing gets a name any more, it may lie beyond them."""
        del self.calls[calls:]
        del self.decisions[decisions:]
        self.assigned.forget()

    def forget(self) -> None:
        """Lets the frames go, for good."""
        self.sites.forget()
        self.assigned.forget()

    @property
    def full(self) -> bool:
        """Whether a further call would be one more than a record may hold."""
        return len(self.calls) >= MAX_CALLS

    def finished_calls(self) -> tuple[Call, ...]:
        """The calls, their iterations settled."""
        ids = call_ids(len(self.calls))
        return tuple([call.record(id) for call, id in zip(self.calls, ids, strict=True)])

    def decided(self) -> list[tuple[Asked, Span | None]]:
        """What tensors were asked for so far, and where."""
        sites = ((each.asked, each.call.site) for each in self.decisions)
        return [(asked, site.span if site else None) for asked, site in sites]

    def finished_decisions(self) -> tuple[Decision, ...]:
        """The decisions, their iterations settled; nodes without an id are not in the record."""
        return tuple(
            Decision(
                decision.call.site.span if decision.call.site else None,
                decision.outcome,
                decision.asked,
                decision.call.site.statement if decision.call.site else "expression",
                (decision.node.id or None) if decision.node is not None else None,
                decision.call.settled,
            )
            for decision in self.decisions
        )

    # ── decisions ──

    def _decided(self, func: Any, args: tuple[Any, ...], kwargs: Any) -> Any:
        result = func(*args, **kwargs)
        value = outcome(result)
        if value is not None and len(self.decisions) < MAX_NODES:
            node = self.graph.origin(args[0]) if isinstance(args[0], torch.Tensor) else None
            self.decisions.append(DecisionDraft(self.sites.of(func), value, ASKED[func], node))
        return result

    def _leaf_gradient(self, func: Any, tensor: torch.Tensor) -> Any:
        """Reading `x.grad` names what is read."""
        gradient = func(tensor)
        if gradient is not None and self.graph.knowledge(gradient) is None:
            known = self.graph.knowledge(tensor)
            name = known.name if known is not None else None
            self.graph.know(gradient, "", f"{name}.grad"[:MAX_NAME] if name else None)
        return gradient

    # ── calls ──

    def _called(
        self, frame: FrameType, func: Any, known: Fact, args: tuple[Any, ...], kwargs: Any
    ) -> Any:
        call = self.sites.of(func, frame)
        if call.visit != self.assigned.visit:
            self.assigned.goes_on(call)
        if call.building or len(self.calls) >= MAX_CALLS:
            return func(*args, **kwargs)
        tensors = tensors_in(args) + tensors_in(kwargs) if kwargs else tensors_in(args)
        told = _told_to_write(func, args, kwargs)
        writes = known.writes or told
        before = [self.graph.origin(tensor) for tensor in tensors] if writes else None
        again = None
        if not (known.single or writes):
            again = Again(func, args, kwargs, torch.default_generator.get_state())
        unpacked = packing(False) is None
        grown = size_of(tensors[0]) if known.op in RESIZING and tensors else None
        result = func(*args, **kwargs)
        results = tensors_in(result) or (tensors[:1] if known.writes else [])
        if known.op in UNFILLED and results and not tensors_in(kwargs):
            fill(results[0])
        if grown is not None:
            fill_beyond(tensors[0], grown)
        if told and not (tensors and any(each is tensors[0] for each in results)):
            before = None
        if known.compared and isinstance(result, bool):
            node = self.graph.origin(tensors[0]) if tensors else None
            self.decisions.append(DecisionDraft(call, result, "bool", node))
        if results:
            self._intake.take(Event(call, known, args, tensors, before, results, again, unpacked))
            if frame.f_code is _STACKING:
                self._intake.call(results[0], str(frame.f_locals["name"]))
        return result


def _told_to_write(func: Any, args: tuple[Any, ...], kwargs: Any) -> bool:
    """Whether a layer's function was told to write into its input: `inplace=True`."""
    if getattr(func, "__module__", None) != "torch.nn.functional":
        return False
    at = _place_of_inplace(func)
    by_place = at is not None and len(args) > at and args[at] is True
    return by_place or bool(kwargs and kwargs.get("inplace") is True)


@functools.cache
def _place_of_inplace(func: Any) -> int | None:
    """Where a function takes its `inplace`; `None` where it takes none."""
    try:
        names = list(inspect.signature(func).parameters)
    except (TypeError, ValueError):
        return None
    return names.index("inplace") if "inplace" in names else None


def _event(call: CallDraft, known: Fact, args: tuple[Any, ...], result: Any) -> Event:
    return Event(call, known, args, tensors_in(args), None, tensors_in(result))
