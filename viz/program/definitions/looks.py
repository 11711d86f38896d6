"""The looks that matplotlib's lines and points may be given: `plt.plot(x, y, lable='f')` raises.

`unknown_look(tree, modules, call)` gives the first keyword that neither the function nor what it
draws takes, and what is meant by it.
"""

from __future__ import annotations

import ast
import re
from typing import Final

from viz.program.allowlist.words import words
from viz.program.names.lookalikes import nearest
from viz.program.names.modules import Modules
from viz.program.slips.spelling import slips
from viz.program.syntax.tree import SyntaxTree

_ANY: Final = words(
    "aa agg_filter alpha animated antialiased clip_box clip_on clip_path color figure gid"
    " in_layout label linestyle linewidth ls lw mouseover path_effects picker rasterized"
    " sketch_params snap transform url visible zorder data"
)
_LINE: Final = frozenset(_ANY) | frozenset(
    words(
        "c dash_capstyle dash_joinstyle dashes drawstyle ds fillstyle gapcolor marker"
        " markeredgecolor markeredgewidth markerfacecolor markerfacecoloralt markersize markevery"
        " mec mew mfc mfcalt ms pickradius solid_capstyle solid_joinstyle xdata ydata scalex scaley"
    )
)
_SCALED: Final = _LINE | frozenset(words("base subs nonpositive"))
LOOKS: Final = {
    "plot": _LINE,
    "semilogx": _SCALED,
    "semilogy": _SCALED,
    "loglog": _SCALED,
    "step": _LINE | frozenset(words("x y where")),
    "axhline": _LINE | frozenset(words("y xmin xmax")),
    "axvline": _LINE | frozenset(words("x ymin ymax")),
    "scatter": frozenset(_ANY)
    | frozenset(
        words(
            "x y s c marker cmap norm vmin vmax linewidths edgecolors colorizer plotnonfinite"
            " antialiaseds array capstyle clim dashes ec edgecolor facecolor facecolors fc hatch"
            " hatch_linewidth hatchcolor joinstyle linestyles offset_transform offsets paths"
            " pickradius sizes transOffset urls zs zdir depthshade"
        )
    ),
}
"""By function all that matplotlib 3.11 takes, in three dimensions too."""
_MEANT: Final = {
    "legend": "label", "name": "label", "lbl": "label", "colour": "color", "style": "linestyle",
    "thickness": "linewidth", "linestyles": "linestyle", "colors": "color", "width": "linewidth",
    "size": "s markersize",
}  # fmt: skip
"""What is meant by words that look otherwise, the first that a function takes."""
_AN_AREA: Final = re.compile(r"(?:ax\w{0,20}|plt\.gca\(\)|fig\w{0,9}\.gca\(\))(?:\[[\d, ]{1,9}\])?")
MOST_SLIPS: Final = 2


def unknown_look(
    tree: SyntaxTree, modules: Modules, node: ast.Call
) -> tuple[ast.keyword, str | None] | None:
    """A keyword of a call that matplotlib does not take there, and the one that is meant."""
    if not node.keywords or (name := _drawn(tree, modules, node.func)) is None:
        return None
    for each in node.keywords:
        if each.arg is None or each.arg in LOOKS[name]:
            continue
        known = words(_MEANT.get(each.arg, ""))
        meant = next((one for one in known if one in LOOKS[name]), None)
        if meant is not None and isinstance(each.value, ast.List | ast.Tuple):
            meant = None  # of several lines, or of none
        close = nearest(each.arg, LOOKS[name])
        if meant is None and close is not None and slips(each.arg, close) <= MOST_SLIPS:
            meant = close
        given = {one.arg for one in node.keywords}
        return each, meant if meant not in given else None
    return None


def _drawn(tree: SyntaxTree, modules: Modules, called: ast.expr) -> str | None:
    """The function of pyplot's that is called, or the method of a drawing area's."""
    if not isinstance(called, ast.Attribute) or called.attr not in LOOKS:
        return None
    full = modules.full_name(called)
    if full is not None:
        return called.attr if full == f"matplotlib.pyplot.{called.attr}" else None
    of_its_own = called.attr in tree.functions or isinstance(called.value, ast.Constant)
    area = _AN_AREA.fullmatch(tree.text(called.value)) is not None
    return called.attr if area and not of_its_own else None
