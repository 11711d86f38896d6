"""`torch.nn` modules in a run: the path of the module at work, the names of parameters."""

from __future__ import annotations

from types import FrameType
from typing import Any

import torch

from viz.records import MAX_NAME
from viz.tracing.recording.graph import Graph


class CalledModules:
    """The modules that a run has called, by identity; names their parameters in the graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._paths: dict[int, tuple[torch.nn.Module, dict[int, str]]] = {}
        self._taken: set[str] = set()

    def scope(self, stack: list[Any], typed: FrameType | None) -> str:
        """The path of the innermost module (`0` in a Sequential); `stack` is innermost first."""
        if not stack:
            return ""
        root = stack[-1]
        if any(torch.nn.parameter.is_lazy(each) for each in root.parameters()):
            return ""  # its layers get their shapes, and it its names, from the first input
        if id(root) not in self._paths:
            paths = {id(module): name for name, module in root.named_modules()}
            self._paths[id(root)] = (root, paths)
            self._name_parameters(root, typed)
        return self._paths[id(root)][1].get(id(stack[0]), "")[:MAX_NAME]

    def _name_parameters(self, root: torch.nn.Module, typed: FrameType | None) -> None:
        names = dict(root.named_parameters())
        prefix = f"{_variable(root, typed)}." if self._taken & names.keys() else ""
        for name, parameter in names.items():
            known = self.graph.knowledge(parameter) or self.graph.know(parameter)
            known.name = (prefix + name)[:MAX_NAME]
            if known.draft is not None:
                known.draft.name = known.name
            self._taken.add(prefix + name)


def _variable(module: torch.nn.Module, frame: FrameType | None) -> str:
    """The variable that holds a module in the typed code, else its class's name."""
    if frame is not None:
        for names in (frame.f_locals, frame.f_globals):
            for name, value in names.items():
                if value is module:
                    return name
    return type(module).__name__
