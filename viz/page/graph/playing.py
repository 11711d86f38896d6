"""The player's steps as the browser takes them: translated, with their formulas as MathML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from viz.drawing.display import Display
from viz.drawing.play.steps import PlayerStep, player
from viz.drawing.view import GraphView
from viz.errors import N_
from viz.page.components.graph import PlayedStep
from viz.page.session.language import _, told
from viz.records import Trace

PHASES: Final = {
    "inputs": N_("Inputs"),
    "forward": N_("Forward"),
    "start": N_("Backward starts"),
    "backward": N_("Backward"),
}


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
    if several and step.run is not None:
        phase += f" {step.run + 1}"
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
