"""The texts of the components in the browser: English templates, translated by the page."""

from __future__ import annotations

from typing import Final

from viz.errors import N_

TEXTS: Final = (
    N_("Find a node"),
    N_("First step"),
    N_("Fit"),
    N_("Full screen"),
    N_("Graph. Arrow keys step, space plays, plus and minus zoom."),
    N_("Last step"),
    N_("Legend"),
    N_("Next step"),
    N_("PNG, as shown (2×)"),
    N_("Pause"),
    N_("Play"),
    N_("Previous step"),
    N_("SVG, as shown"),
    N_("Save the picture"),
    N_("Speed"),
    N_("Step"),
    N_("Zoom in"),
    N_("Zoom out"),
    N_("constant or detached: no gradient flows"),
    N_("gradient, coming back"),
    N_("leaf: a tensor that asks for its gradient"),
    N_("operation that autograd recorded"),
    N_("repeats: click to open one round"),
    N_("result of the function"),
    N_("value, going forward"),
    N_("{came} nodes came, {went} went"),
)
