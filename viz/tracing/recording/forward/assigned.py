"""Which results of a function the variables hold: `y, w = attention(x)`, `loss = loss_fn(y, t)`.

For one expression of the source a function makes many calls, and hands back what some of them gave:
not always the last, nor in order. So the variables themselves are looked at, once the expression is
over: when the next call is made elsewhere. What a function of the program's own gives keeps the
name that it has in there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from types import FrameType
from typing import Any, Final

import msgspec
import torch

from viz.records import MAX_NAME
from viz.tracing.recording.forward.intake import Intake, rename
from viz.tracing.recording.nodes.drafts import Draft, Known, node_of
from viz.tracing.recording.source.bound_names import places_in
from viz.tracing.recording.source.call_sites import CallDraft, CallSites, Spot
from viz.tracing.recording.source.targets import names_of, variables
from viz.tracing.source_map import Site

MOST: Final = 100
"""What is looked at of a list or dict."""
DEEPEST: Final = 60
"""Frames among which it is looked who called a function of the program's."""


class _Expression(msgspec.Struct, eq=False):
    """An expression of the source: its frame, where in there, and its first call with its place;
    `inside`: the frame of the program's own function that it calls, `None` of a library's.
    """

    frame: FrameType
    lasti: int
    call: CallDraft
    first: int
    inside: FrameType | None = None

    @property
    def site(self) -> Site | None:
        """Its place of the source."""
        return self.call.site

    @property
    def name(self) -> str | None:
        """What its result is assigned to."""
        return None if self.call.site is None else self.call.site.name


class Assigned:
    """Names what the calls of an expression gave by the variables that hold it."""

    def __init__(self, intake: Intake, sites: CallSites) -> None:
        self.intake = intake
        self.sites = sites
        self.visit = 0
        """The visit of the library that is under way; whoever sees another one says `goes_on`."""
        self._expression: _Expression | None = None
        self._inside: list[_Expression] = []
        sites.enters = self._enters

    def goes_on(self, call: CallDraft) -> None:
        """The next call is of another visit."""
        before = None if self._settled() else self._expression
        self.visit, self._expression = call.visit, None
        frame = self.sites.visited
        if not call.visit or frame is None or call.site is None or call.site.name is None:
            self._expression = before  # code of the program's own runs within the library's
            return
        first = len(self.intake.calls)
        if before is not None and (before.frame, before.lasti) == (frame, frame.f_lasti):
            first = before.first
        self._expression = _Expression(frame, frame.f_lasti, call, first)

    def settle(self) -> None:
        """The program has come to its end: what is held now is looked at."""
        self._settled()
        while self._inside:
            self._returned(self._inside.pop())

    def forget(self) -> None:
        """Lets the frames go; the names that were given until then stay."""
        self._expression = None
        self._inside.clear()

    # ── what a library gives ──

    def _settled(self) -> bool:
        """Gives the names, if the variables hold what the expression gave."""
        expression = self._expression
        if expression is None:
            return True
        found = self._found(expression, lambda made: self._gave(made.call, expression))
        if not found:
            return False
        self._expression = None
        self._unname(expression, found)
        _give(found)
        return True

    def _gave(self, place: int | None, expression: _Expression) -> bool:
        """Whether a call is one of the expression's."""
        if place is None or place < expression.first:
            return False
        return self.intake.calls[place].site is expression.site

    def _unname(self, expression: _Expression, found: dict[Draft | Known, Any]) -> None:
        """What the expression made on the way has no name."""
        bearer = self.intake.bearer
        if bearer is not None and bearer[1] not in found and bearer[0].site is expression.site:
            rename(bearer[1], None)
        for draft in reversed(self.intake.graph.nodes):
            if draft.call is not None and draft.call < expression.first:
                break
            if draft.name and draft not in found and self._gave(draft.call, expression):
                draft.name = draft.names = None

    # ── what the program's own functions return ──

    def _enters(self, frame: FrameType) -> None:
        """The next call is made by another frame of the program's."""
        chain: list[FrameType] = []
        above: FrameType | None = frame
        while above is not None and above is not self.sites.names.top and len(chain) < DEEPEST:
            chain.append(above)
            above = above.f_back
        while self._inside and self._inside[-1].inside not in chain:
            self._returned(self._inside.pop())
        own = [each for each in chain if self.sites.source.owns(each)]
        known = {id(each.inside) for each in self._inside}
        for inside, caller in reversed(list(pairwise(own))):
            site = self.sites.source.site_at(caller.f_code, caller.f_lasti)
            if site is not None and id(inside) not in known:
                call, first = CallDraft(Spot(site, None)), len(self.intake.calls)
                self._inside.append(_Expression(caller, caller.f_lasti, call, first, inside))

    def _returned(self, expression: _Expression) -> None:
        """Gives names to what a function of the program's own has given and not named itself."""

        def unnamed(made: Draft | Known) -> bool:
            return not made.name and made.call is not None and made.call >= expression.first

        _give(self._found(expression, unnamed))

    # ── both ──

    def _found(
        self, expression: _Expression, wanted: Callable[[Draft | Known], bool]
    ) -> dict[Draft | Known, dict[int, str | None]]:
        """What the expression made and its variables hold, with their names, by output."""
        found: dict[Draft | Known, dict[int, str | None]] = {}
        if expression.name is None:
            return found
        for name, tensor in _held(expression):
            made = self._made(tensor, expression)
            if made is not None and wanted(made):
                found.setdefault(made, {}).setdefault(tensor.output_nr, name)
        return found

    def _made(self, tensor: torch.Tensor, expression: _Expression) -> Draft | Known | None:
        """What bears the name of a tensor."""
        graph, fn = self.intake.graph, node_of(tensor)
        if fn is None:
            return graph.knowledge(tensor)
        made = graph.by_fn.get(fn)
        if made is None and isinstance(fn, torch._C._FunctionBase):
            made = graph.origin(tensor)
            if made is not None and made.call is None:  # its `forward` made no other tensor
                made.call = self.intake.applied(made, expression.call)
        return made


def _give(found: dict[Draft | Known, dict[int, str | None]]) -> None:
    """Gives the names."""
    for made, parts in found.items():
        if isinstance(made, Draft) and len(parts) > 1:
            for place, part in parts.items():
                made.call_output(place, part)
        names = dict.fromkeys(filter(None, parts.values()))
        rename(made, ", ".join(names)[:MAX_NAME] or None)


def _held(expression: _Expression) -> Iterator[tuple[str | None, torch.Tensor]]:
    """The tensors that an expression's variables hold, each with what the code calls it."""
    variables_there = expression.frame.f_locals
    for variable in variables(expression.name or ""):
        value = variables_there.get(variable.removeprefix("*"))
        if isinstance(value, torch.Tensor):
            yield names_of(variable, 1)[0], value
            continue
        for place, each in islice(places_in(value), MOST):
            if isinstance(each, torch.Tensor):
                yield (variable if variable[0] == "*" else variable + place), each
