"""Which module's call made what: the calls that a run recorded; where it recorded none (a graph
that a tensor already had), what the names of the parameters tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from viz.records import Trace
from viz.records.modules import COMPILED, COMPILED_FUNCTION


@dataclass(frozen=True)
class Box:
    """One call of a module: its path and class (empty where that is not known), which module
    it was, by the number of its first call, and what the outermost one around it is called, where
    there are several."""

    number: int
    path: str
    kind: str
    module: int
    outermost: str = ""

    @property
    def title(self) -> str:
        """What its card is called."""
        return ".".join(filter(None, (self.outermost, self.path)))


Around = tuple[Box, ...]
"""The calls around a node, the outermost first; without that of the whole model, if it is one."""
DEEPEST: Final = 64
"""Calls within each other that are told apart."""


def levels(path: str) -> list[str]:
    """The levels of a module's path; a number belongs to the list that it counts (`layers.0`)."""
    return re.findall(r"[^.\d][^.]*\.\d+(?=\.|$)|[^.]+", path)


def chains(trace: Trace, order: Sequence[int]) -> Mapping[int, Around]:
    """By place in `trace.nodes` the calls around what was computed there; `order` has the places in
    the order of the run."""
    recorded = _recorded(trace, order) if trace.calls else {}
    # a script module runs where no call is seen
    silent = [place for place in order if _is_computed(trace, place) and place not in recorded]
    silent = [place for place in silent if trace.nodes[place].call is None]
    known = {call.path for call in trace.modules} - {""}
    named = _by_names(trace, order, silent)
    return {**{place: boxes for place, boxes in named.items() if _new(boxes, known)}, **recorded}


def _is_computed(trace: Trace, place: int) -> bool:
    return trace.nodes[place].kind not in ("leaf", "constant")


def _new(boxes: Around, known: set[str]) -> bool:
    """Whether none of the calls is of a module that a recorded one is of."""
    return known.isdisjoint(box.path for box in boxes)


# ── recorded ──


def _recorded(trace: Trace, order: Sequence[int]) -> Mapping[int, Around]:
    around: list[Around] = []
    boxed, kinds = _outermost(trace), _compiled_kinds(trace)
    for number, call in enumerate(trace.modules):
        outer = around[call.around] if call.around is not None else ()
        first = number if call.first is None else call.first
        outermost = outer[0].outermost if outer else boxed.get(first, "")
        # what only wraps a module has the same path
        wraps = bool(outer) and outer[-1].path == call.path
        new = (call.path or first in boxed) and not wraps and len(outer) < DEEPEST
        kind = kinds.get(number, call.kind)
        box = Box(number, call.path, kind, first, outermost)
        around.append((*outer, box) if new else outer)
    made_by = {call.id: call.module for call in trace.calls}
    modules = ((place, made_by.get(trace.nodes[place].call or "")) for place in order)
    return {place: around[module] for place, module in modules if module is not None}


def _compiled_kinds(trace: Trace) -> dict[int, str]:
    """What a compiled module is: `compiled Linear`, by the one that it was made of."""
    return {
        call.around: f"compiled {call.kind}"
        for call in trace.modules
        if call.around is not None
        and (outer := trace.modules[call.around]).kind == COMPILED
        and outer.path == call.path
    }


def _outermost(trace: Trace) -> dict[int, str]:
    """The modules that no other calls, by the number of their first call, with what they are
    called: each is a box. What has parts, the only model that a function uses, is shown without a
    box around it, beside it what is no model (a loss); and so is a module that is the function."""
    first = {
        number: call
        for number, call in enumerate(trace.modules)
        if not call.path and call.around is None and call.first is None
        if call.kind != COMPILED_FUNCTION
    }
    whole = {call.around for call in trace.modules if call.around in first}
    models = whole | (first.keys() & _with_parameters(trace))
    itself = len(first) == 1 and not next(iter(first.values())).name
    boxed = first.keys() - whole if len(models) == len(whole) == 1 else first.keys()
    return {} if itself else {each: first[each].name or first[each].kind for each in boxed}


def _with_parameters(trace: Trace) -> set[int | None]:
    """The modules' calls that compute with leaves that are no inputs."""
    given = {each.name for each in trace.program.inputs}
    own = {node.id for node in trace.nodes if node.kind == "leaf" and node.name not in given}
    made_by = {call.id: call.module for call in trace.calls}
    users = (trace.node(edge.target).call for edge in trace.edges if edge.source in own)
    return {made_by.get(call or "") for call in users}


# ── by the names of parameters ──


def _by_names(trace: Trace, order: Sequence[int], computed: Sequence[int]) -> Mapping[int, Around]:
    if not computed:
        return {}
    owners = _owners(trace, order)
    paths = _filled([owners.get(place, "") for place in computed])
    return _runs(computed, paths, DEEPEST * len(trace.modules))


def _owners(trace: Trace, order: Sequence[int]) -> Mapping[int, str]:
    """By place the path of the one module whose parameters are used there, as they are or after
    an operation on nothing else."""
    into: dict[int, list[int]] = {}
    for edge in trace.edges:
        into.setdefault(int(edge.target[1:]), []).append(int(edge.source[1:]))
    owner: dict[int, str] = {}
    given: dict[int, str] = {}
    for place in order:
        node = trace.nodes[place]
        if node.kind in ("leaf", "constant"):
            given[place] = (node.name or "").rpartition(".")[0]
            continue
        sources = into.get(place, [])
        owned = {given[source] for source in sources if given.get(source)}
        if len(owned) == 1:
            owner[place] = owned.pop()
            if all(given.get(source) for source in sources):
                given[place] = owner[place]
    return owner


def _filled(paths: Sequence[str]) -> list[list[str]]:
    """Each path's levels; what lies between two parts of one module lies in it as well."""
    found = [levels(path)[:DEEPEST] for path in paths]
    last: int | None = None
    for at, path in enumerate(paths):
        if not path:
            continue
        if last is not None and paths[last] != path:
            found[last + 1 : at] = [_shared(found[last], found[at])] * (at - last - 1)
        last = at
    return found


def _shared(some: Sequence[str], others: Sequence[str]) -> list[str]:
    pairs = list(zip(some, others, strict=False))
    alike = next((at for at, (one, other) in enumerate(pairs) if one != other), len(pairs))
    return list(some[: min(alike, len(some) - 1, len(others) - 1)])


def _runs(
    places: Sequence[int], paths: Sequence[Sequence[str]], taken: int
) -> Mapping[int, Around]:
    """Neighbours in one module are one call of it; their numbers begin behind those `taken`."""
    found: dict[int, Around] = {}
    first: dict[str, int] = {}
    before: Around = ()
    for place, path in zip(places, paths, strict=True):
        before = found[place] = tuple(_chain(before, path, place * DEEPEST + taken, first))
    return found


def _chain(before: Around, path: Sequence[str], start: int, first: dict[str, int]) -> Iterator[Box]:
    """The calls around a place, numbered from `start`; those that its neighbour `before` lies in as
    well go on.
    """
    same = True
    for depth in range(len(path)):
        name = ".".join(path[: depth + 1])
        same = same and depth < len(before) and before[depth].path == name
        if same:
            yield before[depth]
        else:
            number = start + depth
            yield Box(number, name, "", first.setdefault(name, number))
