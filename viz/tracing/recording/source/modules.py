"""`torch.nn` modules in a run: the path of the module at work, the names of parameters."""

from __future__ import annotations

from types import FrameType
from typing import Any, Final

import torch

from viz.records import MAX_NODES, ModuleCall
from viz.tracing.reach import unwrapped
from viz.tracing.recording.nodes.graph import Graph
from viz.tracing.recording.source.bound_names import BoundNames
from viz.tracing.texts import shortened

MAX_CALLS: Final = 2 * MAX_NODES
"""Calls of modules that one trace records."""


class CalledModules:
    """The modules that a run has called, by identity; names their parameters in the graph.

    `calls` are their calls in the order begun.
    """

    def __init__(self, graph: Graph, names: BoundNames) -> None:
        self.graph = graph
        self.names = names
        self.taken: set[str] = set()
        """Names that no parameter gets: the inputs', and those of other modules' parameters."""
        self.around: dict[int, str] = {}
        """What the function calls the modules around it, by identity."""
        self._paths: dict[int, tuple[torch.nn.Module, dict[int, str]]] = {}
        self._plain: dict[str, torch.nn.Module] = {}
        self.calls: list[ModuleCall] = []
        self._first: dict[int, tuple[torch.nn.Module, int]] = {}
        self._under_way: list[tuple[FrameType, int | None]] = []

    def call(self, frames: list[FrameType]) -> int | None:
        """The place in `calls` of the innermost call under way; `frames` are those of all of
        them, innermost first. A call that was met before is known by its frame."""
        known, under_way = self._under_way, []
        around: int | None = None
        for depth, frame in enumerate(reversed(frames)):
            if depth < len(known) and known[depth][0] is frame:
                around = known[depth][1]
            else:
                known, around = [], self._begun(frames[len(frames) - 1 - depth :], around)
            under_way.append((frame, around))
        self._under_way = under_way
        return around

    def _begun(self, frames: list[FrameType], around: int | None) -> int | None:
        place = len(self.calls)
        if place >= MAX_CALLS:
            return None
        modules = [frame.f_locals["self"] for frame in frames]
        first = self._first.setdefault(id(modules[0]), (modules[0], place))[1]
        kind = shortened(type(modules[0]).__name__)
        known = None if first == place else first
        name = "" if around is not None else self._held_as(modules[0]) or ""
        self.calls.append(ModuleCall(self.scope(modules), kind, around, known, shortened(name)))
        return place

    def forget(self) -> None:
        """Lets the frames go."""
        self._under_way.clear()

    def scope(self, stack: list[Any]) -> str:
        """The path of the innermost module (`0` in a Sequential); `stack` is innermost first."""
        if not stack:
            return ""
        root = stack[-1]
        if id(root) not in self._paths:
            found = list(root.named_modules())
            if any(map(_is_lazy, found)):
                return ""  # its layers get their shapes, and it its names, from the first input
            paths = {id(module): unwrapped(name) for name, module in found}
            self._paths[id(root)] = (root, paths)
            owner, variable = self.names.holder(root) or (root, self._held_as(root))
            self.name(owner, variable or type(root).__name__)
        return shortened(self._paths[id(root)][1].get(id(stack[0]), ""))

    def known_as(self, tensor: torch.Tensor, name: str | None) -> str | None:
        """What a leaf is called: by its name, unless that was a function's own and is gone; else
        by what holds it now, a module's parameter by its path in there."""
        if name is not None and (not name.isidentifier() or self.names.sees(name)):
            return name
        if name is not None:
            return self.names.of(tensor) or name
        found = self.names.holder(tensor)
        if found is None:
            return self.names.of(tensor)
        self.name(*found)
        known = self.graph.knowledge(tensor)
        return None if known is None else known.name

    def name(self, root: torch.nn.Module, variable: str) -> None:
        """Names a module's parameters by their paths; where another has such a path already, the
        variables that hold the two modules stand before them."""
        names = _named_parameters(root)
        others = {id(self._plain[name]): self._plain[name] for name in names if name in self._plain}
        if others.keys() <= {id(root)} and self.taken.isdisjoint(names):  # it may have got more
            self._give(root, "", names)
            return
        for other in others.values():
            if other is not root and (prefix := self._held_as(other)) is not None:
                self._give(other, f"{prefix}.", _named_parameters(other))
        if id(root) not in others:
            self._give(root, f"{variable}.", names)

    def _held_as(self, module: torch.nn.Module) -> str | None:
        return self.names.of(module) or self.around.get(id(module))

    def _give(
        self, root: torch.nn.Module, prefix: str, named: dict[str, torch.nn.Parameter]
    ) -> None:
        for name, parameter in named.items():
            known = self.graph.knowledge(parameter) or self.graph.know(parameter)
            known.name = shortened(prefix + name)
            if known.draft is not None:
                known.draft.name = known.name
            if prefix:
                self._plain.pop(name, None)
                self.taken.add(name)
            else:
                self._plain[name] = root


def _named_parameters(root: torch.nn.Module) -> dict[str, torch.nn.Parameter]:
    return {unwrapped(name): parameter for name, parameter in root.named_parameters()}


def _is_lazy(named: tuple[str, torch.nn.Module]) -> bool:
    parameters = named[1]._parameters.values()
    return any(torch.nn.parameter.is_lazy(each) for each in parameters if each is not None)
