"""What a page shows: everything that a link must carry to open the same page again.

A `View` is immutable; the page's controls replace it. Its fields are in the units of the typed
function. `None` means "not chosen: take what the program or the page suggests".
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, get_args

from viz.drawing.display import Display
from viz.lessons import Tab
from viz.page.session.sights import Sight

Tool = Literal["secant", "taylor", "newton", "descent", "stacked", "second", "checks"]
TOOLS: Final[tuple[Tool, ...]] = get_args(Tool)
"""What one may add to a curve."""
RATES: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
"""Learning rates of gradient descent, on the curve and on the surface."""
REACHES: Final = (2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.01, 0.001)
"""Δx of the secant."""
HALF: Final = 5.0
"""Half the range of a number where nobody chose one."""
WIDEST: Final = sys.float_info.max / 2
"""The same at most: the length of the range is a number too."""
MOST_WALKED: Final = 40
"""Steps that one may take on a curve."""
MOST_DEPTH: Final = 3
"""Levels of modules that can be boxes; a click opens what is deeper."""
MOST_OPENED: Final = 200
"""Folds of a picture that stay open."""

MOST_STEPS: Final = 100_000
"""Steps that a link may name; the play ends before."""

FIRST_LESSON: Final = "chain"
FIRST: Final = "def f(x, y, z):\n    a = x + y\n    return a * z\n"
FIRST_INPUTS: Final = MappingProxyType({"x": "-2.0", "y": "5.0", "z": "-4.0"})
"""The example that plays when somebody opens the page without a link."""


@dataclass(frozen=True)
class View:
    """One view of one program.

    - `texts`: the typed text of each input by name, also of names that are not inputs just now.
    - `order`: highest derivative of the curve; `graph_order`: of which derivative the graph is.
    - `along`, `of`, `start`, `stop`: what the curve runs over, of which element, and its range.
    - `over`: the two numbers of the surface, `x|y`.
    - `ask`: whether the player asks for each gradient before it shows it.
    - `step`: at which step of the play the picture stands first; `None`: it plays. `speed` of the
      play; `look`: the picture's point in the middle and its scale, empty as pictures open; `card`:
      of which the panel is open; `legend`: whether it is; `sidebar`: whether it is open. These
      change in the browser alone.
    - `sights`: how figures are looked at, where it is not as they are drawn.
    - `second`: a second function to compare the curve with; empty for none.
    - `tools`: what is added to the curve; `rate` its and the surface's learning rate, `reach` Δx,
      `degree` the Taylor polynomial's, `walked` how many steps Newton's method and descent take.
    - `walk`: where gradient descent starts on the surface, two numbers; empty for nowhere.
    - `hessian`: whether the second derivatives stand in the Jacobian's place.
    - `own`: the text of a lesson of somebody's own, in place of one of the course.
    - `quiz`: keys of the lessons and exercises that a quiz leads through; empty for none.
    - `embed`: graph and curve alone, as another site frames them.
    - `depth`: the levels of modules that are boxes in the picture, 0 for none.
    - `opened`: what is opened in the picture, as `viz.drawing.folding.fold` names it.
    """

    source: str = FIRST
    texts: MappingProxyType[str, str] = field(default_factory=lambda: FIRST_INPUTS)
    seed: int = 0
    order: int = 1
    graph_order: int = 1
    gradient: str | None = None
    along: str | None = None
    over: str | None = None
    of: str = "value"
    start: float | None = None
    stop: float | None = None
    second: str = ""
    tab: Tab = "curve"
    display: Display = field(default_factory=lambda: Display(direction="LR"))
    fold: bool = True
    depth: int = 0
    language: str | None = None
    lesson: str | None = None
    own: str = ""
    quiz: tuple[str, ...] = ()
    present: bool = False
    embed: bool = False
    ask: bool = False
    step: int | None = None
    speed: float = 1.0
    look: tuple[float, ...] = ()
    card: str | None = None
    legend: bool = False
    sights: tuple[Sight, ...] = ()
    sidebar: bool = False
    tools: frozenset[Tool] = frozenset()
    rate: float = 0.01
    reach: float = 1.0
    degree: int = 2
    walked: int = 20
    walk: tuple[float, ...] = ()
    hessian: bool = False
    opened: frozenset[str] = frozenset()

    @property
    def bare(self) -> bool:
        """Whether there is neither head nor sidebar: in a lecture, and within another page."""
        return self.present or self.embed


def usual_range(number: float) -> tuple[float, float]:
    """The range where nobody chose one, doubled until the number stands in it."""
    half = HALF
    while abs(number) > half < WIDEST:
        half = min(2 * half, WIDEST)
    return -half, half
