"""`torch.nn` modules in a run: the path of the module at work, the names of parameters."""

from __future__ import annotations

from types import FrameType, FunctionType, MethodType
from typing import Any, Final, NamedTuple

import torch
from torch.nn.parameter import UninitializedTensorMixin  # type: ignore[attr-defined]

from viz.records import MAX_NODES, ModuleCall
from viz.records.modules import COMPILED_FUNCTION
from viz.tracing.bytecode.callables import innermost
from viz.tracing.reach import unwrapped
from viz.tracing.recording.nodes.graph import Graph
from viz.tracing.recording.source.bound_names import BoundNames
from viz.tracing.recording.source.module_frames import method_at, module_at
from viz.tracing.texts import shortened

MAX_CALLS: Final = 2 * MAX_NODES
"""Calls of modules that one trace records."""


Parameters = dict[str, torch.nn.Parameter]
_NAMED_MODULES: Final = torch.nn.Module.named_modules


class Inside(NamedTuple):
    """What is inside a module."""

    paths: dict[int, str]
    """The path of each module, itself included, by identity."""
    parameters: Parameters
    """By path."""
    lazy: bool
    """Whether a parameter gets its shape only at the first call."""


class _UnderWay(NamedTuple):
    """A call of a module that has not come to its end."""

    frame: FrameType
    module: torch.nn.Module
    place: int | None


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
        """The module that each path without a variable belongs to."""
        self._several = False
        """Whether there were several, and paths begin with variables."""
        self.calls: list[ModuleCall] = []
        self._first: dict[int, tuple[torch.nn.Module, int]] = {}
        self._under_way: list[_UnderWay] = []
        self._itself: Any = None
        """The module that is recorded, or whose method is."""

    def call(self, frames: list[FrameType]) -> int | None:
        """The place in `calls` of the innermost call under way; `frames` are those of all of
        them, innermost first. A call that was met before is known by its frame."""
        known, last = self._under_way, len(frames) - 1
        same = 0
        for each in known:
            if same > last or frames[last - same] is not each.frame:
                break
            same += 1
        del known[same:]
        around = known[-1].place if known else None
        for depth in range(same, len(frames)):
            frame = frames[last - depth]
            module = module_at(frame)
            outer = (each.module for each in reversed(known))
            around = self._begun([module, *outer], around, method_at(frame))
            known.append(_UnderWay(frame, module, around))
        return around

    def _begun(self, modules: list[torch.nn.Module], around: int | None, method: str) -> int | None:
        """Writes down a call of the first of these modules, which the others are calling, or of its
        `method`."""
        place = len(self.calls)
        if place >= MAX_CALLS:
            return None
        first = self._first.setdefault(id(modules[0]), (modules[0], place))[1]
        kind = shortened(".".join(filter(None, (type(modules[0]).__name__, method))))
        known = None if first == place else first
        inner = around is not None or modules[0] is self._itself
        name = "" if inner else self._held_as(modules[0]) or ""
        self.calls.append(ModuleCall(self.scope(modules), kind, around, known, shortened(name)))
        return place

    def runs_compiled(self, function: Any, itself: bool) -> None:
        """Writes down that a compiled function runs, once; `itself`: it is the one recorded. Of a
        compiled module torch compiles a function of its own.
        """
        name = "" if itself else shortened(getattr(function, "__name__", ""))
        called = ModuleCall("", COMPILED_FUNCTION, name=name)
        own = isinstance(function, FunctionType) and not function.__module__.startswith("torch.")
        if own and called not in self.calls:
            self.calls.append(called)

    def scope_of(self, place: int | None) -> str:
        """The path of the module of the innermost call under way, which `call` has just told."""
        told = "" if place is None else self.calls[place].path
        return told or self.scope([each.module for each in reversed(self._under_way)])

    @property
    def settled(self) -> bool:
        """Whether paths are known of what is under way: not before a lazy layer's first call."""
        return not self._under_way or id(self._under_way[0].module) in self._paths

    def forget(self) -> None:
        """Lets the frames go."""
        self._under_way.clear()

    def begin(self, function: Any) -> None:
        """Learns the names inside a module that is to be run, as they are before its code puts
        other parameters in their place (`torch.func.functional_call`).
        """
        root = innermost(function)
        self._itself = root.__self__ if isinstance(root, MethodType) else root
        if isinstance(root, torch.nn.Module):
            root = _made_of(root)
            found = inside_of(root)
            if not found.lazy:
                self._paths[id(root)] = (root, found.paths)
                self.name(root, "self", found.parameters)

    def scope(self, stack: list[Any]) -> str:
        """The path of the innermost module (`0` in a Sequential); `stack` is innermost first."""
        if not stack:
            return ""
        root = _made_of(stack[-1])
        known = self._paths.get(id(root)) or self._of_itself(root)
        if known is None:
            found = inside_of(root)
            if found.lazy:
                # its layers get their shapes, and its parameters their names, from the first input
                return shortened(found.paths.get(id(stack[0]), ""))
            self._paths[id(root)] = (root, found.paths)
            owner, variable = self.names.holder(root) or (root, None)
            names = found.parameters if owner is root else None
            if owner is root:
                variable = self._held_as(root)
            self.name(owner, variable or type(root).__name__, names)
            if variable is None:  # a library's own, put around what the function has
                self._name_inside(root)
            known = self._paths[id(root)]
        path = known[1].get(id(stack[0]))
        return shortened(self._met_late(root, stack[0]) if path is None else path)

    def _of_itself(self, root: torch.nn.Module) -> tuple[torch.nn.Module, dict[int, str]] | None:
        """What is known inside the module that is recorded, of one of its parts: of one with a
        `__call__` of its own torch does not call `forward`."""
        known = self._paths.get(id(self._itself))
        if known is None or id(root) not in known[1]:
            return None
        self._paths[id(root)] = known
        return known

    def _met_late(self, root: torch.nn.Module, module: torch.nn.Module) -> str:
        """The path of a module that came into another one while that ran; of one that is no part
        of it, as those are that a `forward` makes for itself or keeps in a plain list, what the
        code calls it. What has no name gets one."""
        found, paths = inside_of(root), self._paths[id(root)][1]
        for each, path in found.paths.items():
            paths.setdefault(each, path)
        if id(module) in found.paths:
            self._give(root, "", self._nameless(found.parameters, within=True))
        else:
            found_as = self.around.get(id(module)) or self.names.of(module)
            variable = found_as or type(module).__name__
            inside = inside_of(module)
            self._give(module, f"{variable}.", self._nameless(inside.parameters))
            for each, path in inside.paths.items():
                paths.setdefault(each, f"{variable}.{path}" if path else variable)
        return paths[id(module)]

    def _nameless(self, parameters: Parameters, *, within: bool = False) -> Parameters:
        """Those that have no name; of what lies `within` a module, no path."""
        found: Parameters = {}
        for name, each in parameters.items():
            known = self.graph.knowledge(each)
            if known is None or not (known.path if within else known.name is not None):
                found[name] = each
        return found

    def _name_inside(self, root: torch.nn.Module) -> None:
        """Gives the modules around the function that stand in another one their own names again.

        Where one is all that there is in it, so are the paths its own.
        """
        named: dict[str, torch.nn.Module] = {}
        for path, each in _modules_in(root)[1:]:
            if id(each) in self.around and not any(path.startswith(f"{one}.") for one in named):
                named[path] = each
                self.name(each, self.around[id(each)])
        if len(named) == 1:
            (within,) = named.values()
            own = inside_of(within)
            if len(own.parameters) == len(inside_of(root).parameters):
                self._paths[id(root)] = (root, own.paths)

    def known_as(self, tensor: torch.Tensor, name: str | None) -> str | None:
        """What a leaf is called: by its name, unless that was a function's own and is gone; else
        by what holds it now, a module's parameter by its path in there."""
        several = name is not None and ", " in name  # `a, b = …` of a call that made more
        if name is not None and not several and (not name.isidentifier() or self.names.sees(name)):
            return name
        if name is not None:
            return self.names.of(tensor) or name
        found = self.names.holder(tensor)
        if found is None:
            return self.names.of(tensor)
        self.name(*found)
        known = self.graph.knowledge(tensor)
        return None if known is None else known.name

    def name(self, root: torch.nn.Module, variable: str, names: Parameters | None = None) -> None:
        """Names a module's parameters by their paths; where there is another with parameters of its
        own, the variables that hold the two modules stand before them. `names` are the paths, if
        known."""
        if names is None:
            names = inside_of(root).parameters
        root = _made_of(root)
        others = self._others(root, names)
        plain = any(each is root for each in self._plain.values())  # it may have got more
        if not others and (plain or not self._several) and self.taken.isdisjoint(names):
            self._give(root, "", names)
            return
        self._several = True
        for other in others:
            if (prefix := self._held_as(other)) is not None:
                self._give(other, f"{prefix}.", inside_of(other).parameters)
        if not plain:
            self._give(root, f"{variable}.", names)

    def _others(self, root: torch.nn.Module, named: Parameters) -> list[torch.nn.Module]:
        """The other modules with plain paths that share no parameter with these, or have one of
        their names; a module without parameters has none beside it."""
        plain = {id(each): each for each in self._plain.values()} if named else {}
        own = {id(each) for each in named.values()}
        alike = {id(self._plain[name]) for name in named if name in self._plain}
        plain.pop(id(root), None)
        return [
            other
            for other in plain.values()
            if id(other) in alike or own.isdisjoint(map(id, inside_of(other).parameters.values()))
        ]

    def _held_as(self, module: torch.nn.Module) -> str | None:
        """What the code calls a module, or one that it is inside of; a loop's variable, which soon
        means another one, comes last."""
        lasting = self.around.get(id(module)) or self.names.of(module, passing=False)
        if lasting is not None:
            return lasting
        owner, variable = self.names.holder(module) or (module, "")
        path = inside_of(owner).paths.get(id(module))
        return f"{variable}.{path}" if path else variable or self.names.of(module)

    def _give(self, root: torch.nn.Module, prefix: str, named: Parameters) -> None:
        for name, parameter in named.items():
            known = self.graph.knowledge(parameter) or self.graph.know(parameter)
            known.name, known.path = shortened(prefix + name), True
            if known.draft is not None:
                known.draft.name = known.name
            if prefix:
                self._plain.pop(name, None)
                self.taken.add(name)
            else:
                self._plain[name] = root


def _made_of(module: torch.nn.Module) -> torch.nn.Module:
    """The module that a compiled one was made of; another as it is."""
    while "_orig_mod" in module._modules:
        module = module._modules["_orig_mod"]  # type: ignore[assignment]
    return module


def inside_of(root: torch.nn.Module) -> Inside:
    """What torch's `named_modules` and `named_parameters` tell of a module; each module and each
    parameter has the name under which it is met first.
    """
    paths: dict[int, str] = {}
    parameters: dict[str, torch.nn.Parameter] = {}
    named: set[int] = set()
    lazy = False
    for path, module in _modules_in(root):
        paths[id(module)] = path
        for name, each in module._parameters.items():
            if each is None or id(each) in named:
                continue
            named.add(id(each))
            parameters[f"{path}.{name}" if path else name] = each
            lazy = lazy or isinstance(each, UninitializedTensorMixin)
    return Inside(paths, parameters, lazy)


def _modules_in(root: torch.nn.Module) -> list[tuple[str, torch.nn.Module]]:
    found: list[tuple[str, torch.nn.Module]] = []
    seen: set[int] = set()
    waiting: list[tuple[str, torch.nn.Module]] = [("", root)]
    while waiting:
        path, module = waiting.pop()
        if id(module) in seen:
            continue
        if type(module).named_modules is not _NAMED_MODULES:
            told = type(root).named_modules(root)  # an attribute of the user's may be called so
            return [(unwrapped(path), each) for path, each in told]
        seen.add(id(module))
        found.append((unwrapped(path), module))
        if inner := module._modules:
            before = f"{path}." if path else ""
            waiting += [
                (before + name, each) for name, each in reversed(inner.items()) if each is not None
            ]
    return found
