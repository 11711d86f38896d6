"""The mode that watches a run: it sees each call that the typed code makes.

`Recorder` is a `TorchFunctionMode`. It asks the frame where in the source a call stands, runs it,
and hands what it made to `Intake`; tensors that are turned into Python values are decisions.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import torch
from torch.overrides import TorchFunctionMode

from viz.records import MAX_NAME, MAX_NODES, Call, Decision
from viz.tracing.functions import ASKED, PASSIVE, fact, outcome, tensors_in
from viz.tracing.graph import Draft, Graph
from viz.tracing.intake import CallDraft, Event, Intake, Key, Place
from viz.tracing.lines import LineCounter
from viz.tracing.modules import Modules
from viz.tracing.spans import SourceMap
from viz.tracing.values import Values

_transforming = torch._C._functorch.peek_interpreter_stack
_NN = str(Path("torch", "nn", "modules"))
_GRAD = vars(torch._C.TensorBase)["grad"].__get__


class DecisionDraft(NamedTuple):
    """A decision under construction."""

    place: Place
    outcome: bool | int | float
    asked: Any
    node: Draft | None


class Recorder(TorchFunctionMode):
    """Records the calls, the nodes and the decisions of the code that runs inside it."""

    def __init__(self, source: SourceMap, overrides: dict[Any, Callable[..., Any]]) -> None:
        super().__init__()
        self.source = source
        self.lines = LineCounter(source)
        self.overrides = overrides
        self.graph = Graph()
        self.values = Values()
        self.calls: list[CallDraft] = []
        self._intake = Intake(self.graph, self.values, self.calls)
        self.decisions: list[DecisionDraft] = []
        self.rounds: dict[Key, int] = {}
        self._below: FrameType | None = None
        self._modules = Modules(self.graph)

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        if func in PASSIVE:
            return func(*args, **kwargs)
        self.lines.pause()
        try:
            if _transforming() is not None:
                return func(*args, **kwargs)
            if func in self.overrides:
                return self.overrides[func](*args, **kwargs)
            if func == _GRAD:
                return self._leaf_gradient(func, args[0])
            if func in ASKED:
                return self._decided(func, args, kwargs)
            return self._called(func, args, kwargs)
        finally:
            self.lines.resume()

    def finished_calls(self) -> tuple[Call, ...]:
        """The calls, their iterations settled."""
        return tuple(
            Call(
                f"c{place}",
                call.function,
                call.place.site.span if call.place.site else None,
                call.place.site.name if call.place.site else None,
                self._iteration(call.place),
                call.place.scope,
            )
            for place, call in enumerate(self.calls)
        )

    def finished_decisions(self, alive: set[Draft]) -> tuple[Decision, ...]:
        """The decisions, their iterations settled; `alive` are the nodes that the record keeps."""
        return tuple(
            Decision(
                decision.place.site.span if decision.place.site else None,
                decision.outcome,
                decision.asked,
                decision.place.site.statement if decision.place.site else "expression",
                decision.node.id if decision.node in alive else None,
                self._iteration(decision.place),
            )
            for decision in self.decisions
        )

    def _iteration(self, place: Place) -> int | None:
        if place.key is None or place.site is None:
            return None
        return place.iteration if place.site.in_loop or self.rounds[place.key] > 1 else None

    # ── where ──

    def place(self, what: Any) -> Place:
        """Where in the source the call under way stands; `what` tells calls of one span apart."""
        frame: FrameType | None = sys._getframe(2)
        below: FrameType | None = None
        building = False
        modules: list[Any] = []
        filename = self.source.filename
        while frame is not None:
            code = frame.f_code
            if code.co_filename == filename and self.source.owns(frame):
                break
            if code.co_name == "__init__" and _NN in code.co_filename:
                building = True
            elif code.co_name == "_call_impl" and _NN in code.co_filename:
                modules.append(frame.f_locals["self"])
            below = frame
            frame = frame.f_back
        if frame is None:
            return Place(None, None, 0, self._modules.scope(modules, None), building)
        site = self.source.site_at(code, frame.f_lasti)
        if code.co_name == "forward":
            modules += _calling(frame)
        scope = self._modules.scope(modules, frame) if modules else ""
        if site is None:
            return Place(None, None, 0, scope, building)
        key = (id(site), what)
        rounds = self.rounds.get(key, 0)
        if below is None or below is not self._below or not rounds:
            self.rounds[key] = rounds = rounds + 1
            self._below = below
        return Place(site, key, rounds, scope, building)

    # ── decisions ──

    def _decided(self, func: Any, args: tuple[Any, ...], kwargs: Any) -> Any:
        result = func(*args, **kwargs)
        value = outcome(result)
        if value is not None and len(self.decisions) < MAX_NODES:
            node = self.graph.origin(args[0]) if isinstance(args[0], torch.Tensor) else None
            self.decisions.append(DecisionDraft(self.place(func), value, ASKED[func], node))
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

    def _called(self, func: Any, args: tuple[Any, ...], kwargs: Any) -> Any:
        place = self.place(func)
        if place.building or len(self.calls) >= 2 * MAX_NODES:
            return func(*args, **kwargs)
        known = fact(func)
        tensors = tensors_in(args) + tensors_in(kwargs) if kwargs else tensors_in(args)
        before = [self.graph.origin(tensor) for tensor in tensors] if known.writes else None
        self.values.seen.clear()
        if known.single:
            result = func(*args, **kwargs)
        else:
            with self.values:
                result = func(*args, **kwargs)
        results = tensors_in(result) or (tensors[:1] if known.writes else [])
        if known.compared and isinstance(result, bool):
            node = self.graph.origin(tensors[0]) if tensors else None
            self.decisions.append(DecisionDraft(place, result, "bool", node))
        if results:
            self._intake.take(
                Event(CallDraft(known.spelled, place), known, args, tensors, before, results)
            )
        return result


def _calling(frame: FrameType) -> list[Any]:
    """The modules whose call led to a typed `forward`, innermost first."""
    found: list[Any] = []
    above = frame.f_back
    while above is not None:
        if above.f_code.co_name == "_call_impl" and _NN in above.f_code.co_filename:
            found.append(above.f_locals["self"])
        above = above.f_back
    return found
