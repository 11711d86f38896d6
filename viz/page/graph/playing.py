"""A trace as the player takes it: the picture, its steps, what the panel says; all translated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from viz.drawing import svg
from viz.drawing.display import Display
from viz.drawing.play.coaching import coached
from viz.drawing.play.details import details
from viz.drawing.play.steps import PlayerStep, player
from viz.drawing.view import GraphView, ViewNode
from viz.errors import N_
from viz.page.components.graph import AnsweredMistake, GraphPlayer, PlayedStep, StepHelp
from viz.page.session.language import _, told
from viz.records import Trace

PHASES: Final = {
    "inputs": N_("Inputs"),
    "forward": N_("Forward"),
    "start": N_("Backward starts"),
    "backward": N_("Backward"),
}


def played(
    trace: Trace,
    view: GraphView,
    display: Display,
    widths: Mapping[str, float] = MappingProxyType({}),
    made: int = 0,
) -> GraphPlayer:
    """The record of the player for a view of a trace: cards are at least as wide as `widths` says,
    `made` numbers the pictures.
    """
    told_ = details(trace, view, display)
    return GraphPlayer(
        made=made,
        program=trace.program.source,
        svg=svg(view, display, _, widths),
        steps=steps(trace, view, display, widths),
        details={id: replace(one, title=_(one.title)) for id, one in told_.items()},
        calls={node.id: _calls(trace, node) for node in view.nodes},
        note=note_of(view, failed=trace.failure is not None) or without_graph(trace),
    )


def helped(trace: Trace, view: GraphView, display: Display) -> dict[int, StepHelp]:
    """Help with each step whose gradient is asked for, translated."""
    return {
        place: StepHelp(
            tuple(map(told, help.hints)),
            tuple(AnsweredMistake(each.values, told(each.say)) for each in help.mistakes),
        )
        for place, help in coached(trace, view, display).items()
    }


def _calls(trace: Trace, card: ViewNode) -> tuple[str, ...]:
    """The calls that a card stands for."""
    called = (trace.node(id).call for id in card.records)
    return tuple(sorted({call for call in called if call is not None}))


def note_of(view: GraphView, *, failed: bool = False) -> str:
    """How much of the run is in the picture, where that is not all."""
    parts = [_("up to where the code stopped")] if failed else []
    if len(view.nodes) < view.recorded - view.hidden:
        text = _("{recorded} recorded nodes, shown as {shown}")
        text = text.replace("{recorded}", f"{view.recorded:,}")
        parts.append(text.replace("{shown}", str(len(view.nodes))))
    if view.truncated:
        parts.append(_("not all of the run was recorded"))
    return _("; ").join(parts)


def without_graph(trace: Trace) -> str:
    """Why a run that went well has no graph at all; nothing where it has one."""
    if trace.nodes or trace.failure is not None or not any(cell.ran for cell in trace.cells):
        return ""
    if _NUMPY.search(trace.program.source):
        return _(
            "There is no graph: numpy computes but records nothing. Tensors record: x = "
            "torch.tensor([1.0, 2.0], requires_grad=True)."
        )
    return _("There is no graph: no tensor of this run requires grad.")


_NUMPY: Final = re.compile(r"^\s*(import|from)\s+numpy\b", re.MULTILINE)


def steps(
    trace: Trace, view: GraphView, display: Display, least: Mapping[str, float]
) -> tuple[PlayedStep, ...]:
    """One entry for each step, in the order of play; of a very long run the first ones and all."""
    several = len(trace.passes) > 1
    played = player(trace, view, display, least)
    made = [_step(step, several=several) for step in played.steps]
    if played.cut:
        made.append(_all())
    return tuple(made)


def _all() -> PlayedStep:
    """A last step that shows every number at once."""
    said = _("The run is too long to be played to its end; all numbers are shown.")
    return PlayedStep(_("All"), "backward", None, (), (), (), (), (), said, all=True)


def _step(step: PlayerStep, *, several: bool) -> PlayedStep:
    phase = _(PHASES[step.phase])
    if several and step.pass_number is not None:
        phase += f" {step.pass_number + 1}"
    return PlayedStep(
        phase=phase,
        direction=step.direction,
        node=step.node,
        nodes=step.nodes,
        edges=step.edges,
        arrived=step.arrived,
        changes=tuple((change.target, change.part, change.text) for change in step.changes),
        formula=step.formulas,
        said=told(step.sentence),
        answer=step.answer,
    )
