"""The texts of the components in the browser: English templates, translated by the page."""

from __future__ import annotations

from typing import Final

from viz.errors import N_

TEXTS: Final = (
    N_("Close"),
    N_("Documentation"),
    N_("Find a node"),
    N_("First step"),
    N_("Fit"),
    N_("Fold away"),
    N_("Full screen"),
    N_("Gradient"),
    N_("Graph. Arrow keys step, space plays, plus and minus zoom."),
    N_("Last step"),
    N_("Legend"),
    N_("Local derivatives"),
    N_("Next step"),
    N_("Open"),
    N_("Open all rounds"),
    N_("PNG, as shown (2×)"),
    N_("Paths to the result"),
    N_("Pause"),
    N_("Play"),
    N_("Previous step"),
    N_("Result"),
    N_("SVG, as shown"),
    N_("Save the picture"),
    N_("Saved for backward"),
    N_("Speed"),
    N_("Step"),
    N_("Sum: {total}"),
    N_("The chosen node"),
    N_("The graph is too large to say more here."),
    N_("Value"),
    N_("Zoom in"),
    N_("Zoom out"),
    N_("and more: {count} paths in all"),
    N_("constant or detached: no gradient flows"),
    N_("gradient, coming back"),
    N_("leaf: a tensor that asks for its gradient"),
    N_("operation that autograd recorded"),
    N_("repeats: click to open one round"),
    N_("result of the function"),
    N_("round {number}"),
    N_("shares memory with its input"),
    N_("value, going forward"),
    N_("wrote into an existing tensor"),
    N_("{came} nodes came, {went} went"),
)
