"""What one call made, taken into the graph: autograd's nodes, constants, and what it left out."""

from __future__ import annotations

from typing import Any

import msgspec
import torch

from viz.records import MAX_DIMENSIONS, MAX_NAME, MAX_NODES
from viz.tracing.recording.nodes.drafts import Draft, Known, Use, node_of, op_of, output_of
from viz.tracing.recording.nodes.functions import Fact
from viz.tracing.recording.nodes.graph import Graph
from viz.tracing.recording.nodes.inner_values import Again, read_off, seen_again
from viz.tracing.recording.nodes.overwritten import Aliases
from viz.tracing.recording.nodes.tensor_summary import (
    TORCHS_OWN,
    function_modes,
    number,
    summary,
    summary_of,
    writes,
)
from viz.tracing.recording.source.call_sites import CallDraft
from viz.tracing.recording.source.targets import names_of

_NUMBERS = (int, float)
packing = torch._C._autograd._top_saved_tensors_default_hooks
"""The hooks that pack what nodes save from now on, `None` where there are none."""


class Event(msgspec.Struct, eq=False):
    """A call that has just run; `before` are its tensors' origins if it writes into the first."""

    call: CallDraft
    known: Fact
    args: tuple[Any, ...]
    tensors: list[torch.Tensor]
    before: list[Draft | None] | None
    results: list[torch.Tensor]
    again: Again | None = None
    """How to make it once more, for a call that may have made several nodes."""
    unpacked: bool = False
    """No hook was up that packs away what nodes save."""


class Intake:
    """Takes events into a graph, and their calls into `calls`."""

    def __init__(self, graph: Graph, calls: list[CallDraft]) -> None:
        self.graph = graph
        self.calls = calls
        self._at = -1
        """The place of the call that is taken in."""
        graph.applied_at = lambda draft, inner: self.applied(draft, self.calls[inner])
        self.bearer: tuple[CallDraft, Draft | Known] | None = None
        self._blank: dict[Draft, int] = {}
        self._aliases = Aliases(graph)

    def take(self, event: Event) -> None:
        """Takes in what a call made; a call that only gave back what it got leaves no trace."""
        by_fn = self.graph.by_fn
        fresh: list[Any] = []
        left_out: list[torch.Tensor] = []
        for tensor in event.results:
            fn = node_of(tensor)
            if fn is not None:
                if fn not in by_fn:
                    fresh.append(fn)
                elif event.before is not None:
                    self._aliases.written(tensor)
            elif event.before is not None or not _among(tensor, event.tensors):
                left_out.append(tensor)
        if not fresh and not left_out:
            self._named(event)
            return
        event.call.function = event.known.spelled
        self._at = len(self.calls)
        self.calls.append(event.call)
        if fresh:
            self._recorded(event, fresh)
        for tensor in left_out:
            self._left_out(event, tensor)

    # ── the short way, for a call that made exactly one node: most calls, so every step counts ──

    def take_single(self, call: CallDraft, known: Fact, args: tuple[Any, ...], result: Any) -> bool:
        """Takes in the one node of a call whose arguments are earlier results, or of a binary
        operator one earlier result and then a number. False, and nothing done, if it is not that
        simple.
        """
        graph, fn, calls = self.graph, result.grad_fn, self.calls
        if fn is None or self._blank or fn in graph.by_fn or len(graph.nodes) >= MAX_NODES:
            return False
        by_fn, count = graph.by_fn, len(args)
        if numbered := count == 2 and known.binary and type(args[1]) in _NUMBERS:
            count = 1
        came: list[tuple[Draft, int]] = []
        for earlier, output in fn.next_functions:
            source = by_fn.get(earlier)
            if source is None or (source.kind == "leaf" and not self._is_latest(source)):
                break
            came.append((source, output))
        if len(came) != count:
            return False
        constant = self._number(args[1]) if numbered else None
        value, call.function, place = summary(result), known.spelled, len(calls)
        self._at = place
        calls.append(call)  # first: time may be up at any moment
        name = None if call.spot is None else call.spot.alone
        draft = graph.operation(op_of(fn), fn, name, place, value)
        draft.alone, draft.unpacked = True, packing(False) is None
        inputs: list[Use | None] = []
        for source, output in came:
            inputs.append(Use(source, draft, len(inputs), output, True))
            source.used = True
        graph.uses += inputs  # type: ignore[arg-type]
        if constant is not None:
            if type(args[0]) in TORCHS_OWN and not function_modes():
                draft.operand = constant.value  # nobody can have given torch another one
            inputs += [None] * (len(fn.next_functions) - 1)
            graph.uses.append(Use(constant, draft, 1))
            constant.used = True
        draft.inputs = inputs
        if call.visit:
            self._bear(call, draft, name)
        return True

    def _is_latest(self, leaf: Draft) -> bool:
        """Whether a leaf is as it was when it was met."""
        return self.graph.leaf(leaf.fn.variable) is leaf

    # ── names ──

    def _bear(self, call: CallDraft, bearer: Draft | Known, name: str | None) -> None:
        """Gives a call's result its variable's name; of all that a library's Python makes for one
        expression (the layers of a `Sequential`) only the last is its result.
        """
        if call.visit and self.bearer is not None and self.bearer[0].visit == call.visit:
            before, other = self.bearer
            if before is not call:
                before.inner = True
                rename(other, None)
        self.bearer = (call, bearer)
        rename(bearer, name)

    def applied(self, draft: Draft, made: CallDraft) -> int:
        """The place of the call that applied a custom Function, whose node `draft` is: it stands
        where the one inside does that `made` the result, and bears its name."""
        function = draft.op.removesuffix("Backward")
        call = CallDraft(made.spot, made.iteration, made.scope, function=function)
        call.module, call.visit, call.inner, made.inner = made.module, made.visit, made.inner, True
        if self.bearer is not None and self.bearer[0] is made:
            self.bearer = (call, draft)
        self.calls.append(call)
        return len(self.calls) - 1

    def _written_through(self, view: Draft, tensor: torch.Tensor) -> None:
        """What a view looks into was written into as well, and keeps its name: `y[0].mul_(2)`."""
        while view.view and view.inputs and view.inputs[0] is not None:
            view = view.inputs[0].source
        fn = node_of(tensor._base) if tensor._base is not None else None
        written = self.graph.by_fn.get(fn) if fn is not None else None
        if written is not None:
            written.name = written.name or view.name

    def _name_of(self, event: Event, draft: Draft) -> str | None:
        """The variable of a node's results; what is written into keeps its name: `y[1] = …`."""
        before = event.before[0] if event.before else None
        name = event.call.name
        if before is not None and (name is None or name.startswith(f"{before.name}[")):
            return before.name
        mine = [each for each in event.results if self.graph.by_fn.get(node_of(each)) is draft]
        for each in mine if len(mine) > 1 and name is not None and "," in name else ():
            draft.call_output(each.output_nr, _part(event, each))
        parts = dict.fromkeys(part for each in mine if (part := _part(event, each)))
        return ", ".join(parts)[:MAX_NAME] or None

    def _name_others(self, event: Event, last: Draft) -> None:
        """The nodes of a call's other results, where each has a variable: `h, c = cell(x)`."""
        for tensor in event.results if len(event.results) > 1 else ():
            draft = self.graph.by_fn.get(node_of(tensor))
            part = _part(event, tensor)
            if draft is not None and draft is not last and part != event.call.name:
                draft.name = draft.name or part

    # ── what autograd recorded ──

    def _recorded(self, event: Event, fns: list[Any]) -> None:
        constants = self._constants(event)
        drafts = self.graph.adopt(fns, self._at)
        if not drafts:
            return
        for draft in drafts:
            draft.unpacked = event.unpacked
        last = self._valued(event)
        if len(drafts) > 1:
            if event.again is not None and not read_off(self.graph, drafts):
                seen_again(event.again, drafts)
            for draft in drafts:
                if draft.value is None and event.before is not None:
                    self._blank[draft] = writes(event.results[0])
        if last is not None:
            self._bear(event.call, last, self._name_of(event, last))
            self._name_others(event, last)
        if event.before and event.before[0] is not None and event.results[0]._is_view():
            self._written_through(event.before[0], event.results[0])
            self._aliases.written(event.results[0])  # under `no_grad` its base has no new node
        reflected = event.known.reflected
        for place, source in constants:
            target, slot = _slot(drafts, 1 - place if reflected else place)
            self.graph.join(source, target, slot)

    def _valued(self, event: Event) -> Draft | None:
        """Gives the nodes of the results their values; the last of them."""
        last: Draft | None = None
        for tensor in event.results:
            fn = node_of(tensor)
            draft = self.graph.by_fn.get(fn) if fn is not None else None
            if draft is not None:
                last = draft
                draft.give(tensor.output_nr, summary(tensor))
                draft.in_place = event.before is not None
                draft.view = event.before is None and tensor._is_view()
        return last

    def _constants(self, event: Event) -> list[tuple[int, Draft]]:
        """What went in without a gradient, by place: plain tensors and numbers. Leaves that went
        in are met here too, so that they are numbered before what was computed from them.
        """
        uses: list[tuple[int, Draft]] = []
        for place, tensor in enumerate(event.tensors):
            if event.before is not None:
                draft = event.before[place]
            elif (fn := node_of(tensor)) is not None:
                if fn not in self.graph.by_fn:
                    self.graph.origin(tensor)  # made where no call was seen, by a typed Function
                elif self._blank:
                    self._fill(self.graph.by_fn[fn], tensor)
                continue
            else:
                draft = self.graph.origin(tensor)
            if draft is not None and draft.kind in ("constant", "detached"):
                uses.append((place, draft))
        return uses + self._numbers(event)

    def _fill(self, draft: Draft, tensor: torch.Tensor) -> None:
        """A tensor that was written into through a view of it shows its value when it is used, if
        nobody wrote into it in between.
        """
        if self._blank.pop(draft, -1) == writes(tensor):
            draft.give(tensor.output_nr, summary(tensor))

    def _numbers(self, event: Event) -> list[tuple[int, Draft]]:
        """The plain numbers among an operator's operands, by place."""
        if not event.known.binary:
            return []
        found: list[tuple[int, Draft]] = []
        for place, value in enumerate(event.args[:2]):
            if type(value) in _NUMBERS:
                draft = self._number(value)
                if draft is not None:
                    found.append((place, draft))
        return found

    def _number(self, value: int | float) -> Draft | None:
        draft = self.graph.add("constant", "")
        if draft is not None:
            draft.value = number(value)
        return draft

    # ── what autograd left out ──

    def _left_out(self, event: Event, tensor: torch.Tensor) -> None:
        """A result that autograd did not record: remembered; a node if it came from somewhere."""
        graph = self.graph
        if tensor.dim() > MAX_DIMENSIONS:
            summary(tensor)  # refuses it here, at the call that made it
        sources = event.before
        if sources is None:
            sources = [graph.origin(each) for each in event.tensors]
        if event.before is not None:
            self._aliases.written(tensor)
        elif event.tensors:
            self._aliases.learn(tensor, event.tensors[0])
        known = graph.knowledge(tensor) if event.before is not None else None
        if known is None:
            known = graph.know(tensor, event.known.op)
        known.call = self._at
        if sources:
            known.draft = self._draft(event, tensor, sources) or known.draft
            if node_of(tensor) is None:
                known.version = writes(tensor)
        if known.name is None:
            self._bear(event.call, known, _part(event, tensor))
        elif known.draft is not None:
            known.draft.name = known.name

    def _draft(
        self, event: Event, tensor: torch.Tensor, sources: list[Draft | None]
    ) -> Draft | None:
        plain = all(source is None or source.kind == "constant" for source in sources)
        numbers = self._numbers(event)
        first = 1 if any(place == 0 for place, _ in numbers) else 0
        draft = self.graph.add("constant" if plain else "detached", event.known.op)
        if draft is None:
            return None
        draft.call = self._at
        draft.in_place = event.before is not None
        draft.value = summary_of(tensor, event.known.op)
        for place, (source, given) in enumerate(zip(sources, event.tensors, strict=True), first):
            if source is not None:
                self.graph.join(source, draft, place, output_of(source, given))
        for place, value in numbers:
            self.graph.join(value, draft, place)
        return draft

    def call(self, tensor: torch.Tensor, name: str) -> None:
        """Names what has no node by what the library calls it, until a variable holds it."""
        known = self.graph.knowledge(tensor)
        if known is not None:
            rename(known, name[:MAX_NAME])
            self.bearer = None

    def _named(self, event: Event) -> None:
        """A call that gave back what it got may still bind a name: `x = x.requires_grad_()`."""
        given = event.results[0]
        if len(event.results) == 1 and node_of(given) is None and event.call.name is not None:
            known = self.graph.knowledge(given) or self.graph.know(given)
            known.name = known.name or event.call.name


def rename(bearer: Draft | Known, name: str | None) -> None:
    bearer.name = name
    if isinstance(bearer, Known) and bearer.draft is not None:
        bearer.draft.name = name


def _part(event: Event, result: torch.Tensor) -> str | None:
    """The variable that one of a call's results is assigned to: `v, i = x.max(0)` has two."""
    name = event.call.name
    if name is None:
        return None
    parts = names_of(name, len(event.results))
    return next(part for part, each in zip(parts, event.results, strict=True) if each is result)


def _among(tensor: torch.Tensor, tensors: list[torch.Tensor]) -> bool:
    return any(tensor is each for each in tensors)


def _slot(fresh: list[Draft], place: int) -> tuple[Draft, int]:
    """Which input of which new node a constant at an argument's place fills."""
    inputs = fresh[0].inputs
    if len(fresh) == 1 and place < len(inputs) and inputs[place] is None:
        return fresh[0], place
    free = [
        (draft, index) for draft in fresh for index, use in enumerate(draft.inputs) if use is None
    ]
    exact = [each for each in free if each[1] == place]
    return (exact or free or [(fresh[0], place)])[0]
