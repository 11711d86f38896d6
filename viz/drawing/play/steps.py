"""A run as steps to be played: forward, one card at a time, then each backward pass.

The browser starts from a picture whose values, gradients and contributions are blanked, and shows
at step k the `changes` of the steps 0 … k: what has not been computed by then stays blank. All is
plain data (`player(…).steps`; `msgspec.to_builtins` or `dataclasses.asdict` makes it JSON-able):

- `phase`: "inputs" (the leaves' values), "forward", "start" (a backward pass begins), "backward".
- `node` is the card that the step is about, `nodes` all that light up, `edges` those along which
  something flows now (forward: into the card; backward: out of it to its inputs), `arrived` those
  whose contributions the formula sums.
- `changes`: a text for a part ("value" or "gradient" of a card, "contribution" of an edge). Each
  number comes at the step whose formula it is: until then an edge says by what it will multiply
  (`×3`). An empty text blanks what an earlier pass left.
- `symbolic`, `numeric`: MathML rows for `mathml.math`, and `grad`, what a leaf's `.grad` adds up
  to; `formula` is all as one `<math>`, `formulas` each as one.
- `sentence`: the same in words, for screen readers; an English template to be translated.
- `answer`: the gradient that the numbers of a backward step come to (where there is a `grad`, what
  `.grad` then holds), element by element, where a reader could work it out: finite real numbers,
  at most `MOST_ASKED` of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from viz.drawing.display import Display
from viz.drawing.formulas import mathml
from viz.drawing.picture.cards import faces
from viz.drawing.play.backward_steps import Backpropagation
from viz.drawing.play.stage import Change, Stage
from viz.drawing.play.timing import Timing
from viz.drawing.view import GraphView, ViewNode
from viz.errors import N_
from viz.records import Message, Pass, Tensor, Trace

LARGEST: Final = 280_000
"""Characters of all steps as JSON, about; formulas are dropped first, then the last steps."""
STEPS: Final = 1_500
MOST_ASKED: Final = 6
"""Numbers of a gradient that a quiz asks for; a longer one is not typed by anybody."""

NAMED: Final = 8
"""Inputs that are named in one sentence; of more those that were handed in."""
Phase = Literal["inputs", "forward", "start", "backward"]


@dataclass(frozen=True)
class PlayerStep:
    """One step of the play; see the module's text."""

    phase: Phase
    node: str | None
    nodes: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()
    arrived: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    symbolic: str = ""
    numeric: str = ""
    grad: str = ""
    sentence: Message = field(default_factory=lambda: Message(""))
    answer: tuple[float, ...] | None = None
    pass_number: int | None = None

    @property
    def direction(self) -> Literal["forward", "backward"]:
        """Which way things flow."""
        return "forward" if self.phase in ("inputs", "forward") else "backward"

    @property
    def formula(self) -> str:
        """The step's formula as one piece of MathML, empty where there is none."""
        added = mathml.text(",  ") + self.grad if self.grad else ""
        return mathml.math(self.symbolic, self.numeric, added) if self.symbolic else ""

    @property
    def formulas(self) -> tuple[str, ...]:
        """The same in pieces: where there is no room for all, each takes a line of its own."""
        parts = (self.symbolic, self.numeric, self.grad)
        return tuple(mathml.math(part) for part in parts if part)

    @property
    def weight(self) -> int:
        """Characters that the step takes as JSON, about."""
        changes = sum(len(change.text) + len(change.target) + 40 for change in self.changes)
        ids = 12 * (len(self.nodes) + len(self.edges) + len(self.arrived))
        return 300 + len(self.formula) + changes + ids


@dataclass(frozen=True)
class Player:
    """The steps; `cut`: there would have been more."""

    steps: tuple[PlayerStep, ...]
    cut: bool = False


def player(
    trace: Trace,
    view: GraphView,
    display: Display | None = None,
    least: Mapping[str, float] | None = None,
) -> Player:
    """The steps of a trace on a view of it, whose cards are at least as wide as `least` says."""
    display = display or Display()
    stage = Stage(trace, view, display, faces(view, display, least=least))
    return _bounded(_steps(stage, Timing(trace, view)))


def _steps(stage: Stage, timing: Timing) -> Iterator[PlayerStep]:
    """All steps, each made when it is asked for: a long run has far more than there is room for."""
    yield _inputs(stage, timing)
    for number in range(len(stage.trace.passes) + 1):
        yield from (_forward(stage, timing, card) for card in timing.cards(number))
        if number < len(stage.trace.passes):
            yield from _backward(stage, stage.trace.passes[number], number)


# --- forward -------------------------------------------------------------------------------------


def _inputs(stage: Stage, timing: Timing) -> PlayerStep:
    """The leaves that are there before anything runs; what was handed in is named first."""
    leaves = [card for card in timing.first if card.kind == "leaf"]
    changes = tuple(change for card in timing.first for change in stage.value(card))
    names = [str(stage.symbols[card.shown.id]) for card in leaves]
    words, more = N_("The inputs: {names}.") if names else N_("There are no inputs."), 0
    if len(names) > NAMED:
        given = {each.name for each in stage.trace.program.inputs}
        own = [name for card, name in zip(leaves, names, strict=True) if card.shown.name in given]
        told = (own or names)[: NAMED - 1]
        words, more = N_("The inputs: {names} and {count} more."), len(names) - len(told)
        names = told
    sentence = Message(words, {"names": ", ".join(names)} | ({"count": str(more)} if more else {}))
    return PlayerStep(
        phase="inputs",
        node=None,
        nodes=tuple(card.id for card in leaves),
        changes=changes,
        sentence=sentence,
    )


def _forward(stage: Stage, timing: Timing, card: ViewNode) -> PlayerStep:
    """One card is computed; constants that it is the first to use appear with it."""
    edges = stage.edges_into(card)
    given = timing.appearing(card)
    rule = stage.forward.rule(card)
    changes = [change for each in [*given, card] for change in stage.value(each)]
    return PlayerStep(
        phase="forward",
        node=card.id,
        nodes=(card.id, *(each.id for each in given)),
        edges=tuple(edge.id for edge in edges),
        changes=tuple(changes),
        symbolic=rule.symbolic,
        numeric=rule.numeric,
        sentence=rule.sentence,
    )


# --- backward ------------------------------------------------------------------------------------


def _backward(stage: Stage, pass_: Pass, number: int) -> Iterable[PlayerStep]:
    flow = Backpropagation(stage, pass_)
    yield _start(stage, flow, number)
    for card, turns in flow.turns():
        rule = flow.rule(card, turns)
        yield PlayerStep(
            phase="backward",
            node=card.id,
            nodes=(card.id,),
            edges=flow.leaving(card, turns),
            arrived=flow.arriving(card),
            changes=(*flow.arrived(turns), *flow.own(card, turns), *flow.sent(turns)),
            symbolic=rule.symbolic,
            numeric=rule.numeric,
            grad=rule.grad,
            sentence=rule.sentence,
            answer=_answer(flow.gradient(card, turns))
            if flow.arriving(card) and rule.numeric and not flow.hooked(card)
            else None,
            pass_number=number,
        )


def _answer(gradient: Tensor | None) -> tuple[float, ...] | None:
    """The numbers of a gradient as a quiz asks for them; `None` where it has none to ask for."""
    if gradient is None or not gradient.values or gradient.dtype.startswith("complex"):
        return None
    numbers = tuple(map(float, gradient.values))
    return numbers if len(numbers) <= MOST_ASKED and all(map(math.isfinite, numbers)) else None


STARTS: Final = N_("Backward pass {number} starts from {names}.")
UNKNOWN_START: Final = N_("Backward pass {number} starts from a result that was not recorded.")
"""Where a run has more operations than a record holds, or was ended."""


def _start(stage: Stage, flow: Backpropagation, number: int) -> PlayerStep:
    pass_ = flow.pass_
    roots = dict.fromkeys(card for root in pass_.roots if (card := stage.view.card.get(root)))
    details = {
        "number": str(number + 1),
        "names": ", ".join(str(stage.symbols[root]) for root in pass_.roots[:4]),
    }
    return PlayerStep(
        phase="start",
        node=next(iter(roots), None),
        nodes=tuple(roots),
        changes=flow.cleared(first=number == 0),
        sentence=Message(STARTS if pass_.roots else UNKNOWN_START, details),
        pass_number=number,
    )


# --- limits --------------------------------------------------------------------------------------


def _bounded(steps: Iterable[PlayerStep]) -> Player:
    """As many steps as fit; formulas go before steps do. No more are asked for than one that does
    not.
    """
    room, cut = LARGEST, False
    kept: list[PlayerStep] = []
    for step in steps:
        room -= step.weight - len(step.formula)
        cut = room < 0 or len(kept) == STEPS
        if cut:
            break
        kept.append(step)
    for place, step in enumerate(kept):
        room -= len(step.formula)
        if room < 0 and step.symbolic:
            kept[place] = replace(step, symbolic="", numeric="", grad="", answer=None)
    return Player(tuple(kept), cut=cut)
