"""What the code under way calls a tensor or a module that no assignment of a call has named.

`x = nn.Parameter(…)`, `a = init(2)`, `p['w']`, `layers[0]`: the names are read off the frames of
the program, the outermost first, for what is called there lasts longest. A variable comes before a
place in a list or dict, but for the variables of loops, which soon mean something else.

Only plain lists, tuples, dicts and `torch.nn` modules are looked into, and only so far: a search
costs no more than `MOST` comparisons whatever the code holds, and calls nothing of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from types import FrameType
from typing import Any, Final

import torch

from viz.records import MAX_NAME
from viz.tracing.source_map import NOWHERE, SourceMap

MOST: Final = 2_000
"""Objects that one search compares with what it looks for."""
ALTOGETHER: Final = 400_000
"""The same of all searches of a run: what is met later than that stays without a name."""
DEEPEST: Final = 2
"""How deep lists and dicts are looked into."""


class BoundNames:
    """Finds names in the frames of one program."""

    def __init__(self, source: SourceMap) -> None:
        self.source = source
        self.top: FrameType | None = None
        """The frame that calls the program: nothing above it is asked."""
        self._left = ALTOGETHER

    def of(self, wanted: Any, *, passing: bool = True) -> str | None:
        """The name of an object in the program's code under way; `None` if it has none there.
        Without `passing` that of a loop's variable is none.
        """
        for names in self._namespaces():
            found = self._in(names, wanted, passing)
            if found is not None:
                return found[:MAX_NAME]
        return None

    def sees(self, name: str) -> bool:
        """Whether the code under way has a variable of this name somewhere."""
        return any(name in names for names in self._namespaces())

    def holder(self, wanted: Any) -> tuple[torch.nn.Module, str] | None:
        """The module that a variable holds, or a list or dict of one, and that has this module or
        parameter inside; what the code calls it, `net` or `nets[1]`."""
        spaces = list(self._namespaces())
        for names in spaces:
            for name, value in self._own(names):
                if isinstance(value, torch.nn.Module) and name not in self.source.running:
                    parts = _parts(value)
                    if value is wanted or any(each is wanted for each in parts):
                        return value, name
        return next((each for names in spaces if (each := self._in_lists(names, wanted))), None)

    def _in_lists(
        self, names: Mapping[str, Any], wanted: Any
    ) -> tuple[torch.nn.Module, str] | None:
        """The same among what stands in the lists and dicts of a namespace."""
        room = min(MOST, self._left)
        for name, value in self._own(names):
            for place, inside in places_in(value):
                parts = [inside, *_parts(inside)] if isinstance(inside, torch.nn.Module) else []
                room -= 1 + len(parts)
                self._left -= 1 + len(parts)
                if room <= 0:
                    return None
                if any(each is wanted for each in parts):
                    return inside, (name + place)[:MAX_NAME]
        return None

    def _namespaces(self) -> Iterable[Mapping[str, Any]]:
        """The variables of the program's frames, the outermost first; those of its file at last."""
        if self.source.filename == NOWHERE:
            return ()
        frames: list[FrameType] = []
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and frame is not self.top:
            if self.source.owns(frame):
                frames.append(frame)
            frame = frame.f_back
        variables = [frame.f_locals for frame in reversed(frames)]
        if frames and variables[0] is not frames[-1].f_globals:
            variables.append(frames[-1].f_globals)
        return variables

    def _own(self, names: Mapping[str, Any]) -> list[tuple[str, Any]]:
        assigned = self.source.assigned
        return [(name, value) for name, value in list(names.items()) if name in assigned]

    def _in(self, names: Mapping[str, Any], wanted: Any, passing: bool) -> str | None:
        own = self._own(names)
        for name, value in own:
            if value is wanted and name not in self.source.running:
                return name
        room = min(MOST, self._left)
        for name, value in own:
            for place, inside in places_in(value):
                room -= 1
                self._left -= 1
                if inside is wanted:
                    return name + place
                if room <= 0:
                    return None
        return next((name for name, value in own if passing and value is wanted), None)


def places_in(value: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """What stands in a plain list, tuple or dict, and how it is written: `[0]`, `['w']`."""
    if type(value) is list or type(value) is tuple:
        places = ((f"[{place}]", each) for place, each in enumerate(value))
    elif type(value) is dict:
        places = (
            (f"[{key!r}]", each)
            for key, each in list(value.items())
            if (type(key) is str and len(key) < MAX_NAME) or (type(key) is int and 0 <= key < 10**9)
        )
    else:
        return
    for place, each in places:
        yield place, each
        if depth + 1 < DEEPEST:
            for deeper, inner in places_in(each, depth + 1):
                yield place + deeper, inner


def _parts(module: torch.nn.Module) -> Iterator[Any]:
    """The modules and parameters inside a module, `MOST` at most; a typed class's own methods are
    not asked."""
    waiting, seen = [module], {id(module)}
    while waiting and len(seen) < MOST:
        members = object.__getattribute__(waiting.pop(), "__dict__")
        yield from members.get("_parameters", {}).values()
        for inner in members.get("_modules", {}).values():
            if isinstance(inner, torch.nn.Module) and id(inner) not in seen:
                seen.add(id(inner))
                waiting.append(inner)
                yield inner
