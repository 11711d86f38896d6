"""What a page shows: everything that a link must carry to open the same page again.

A `View` is immutable; the page's controls replace it. Its fields are in the units of the typed
function. `None` means "not chosen: take what the program or the page suggests".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from viz.drawing.display import Display

Tab = Literal["curve", "surface", "jacobian", "steps", "code"]

TABS: Final = ("curve", "surface", "jacobian", "steps", "code")

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
    - `second`: a second function to compare the curve with; empty for none.
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
    language: str | None = None
    lesson: str | None = None
    present: bool = False
    ask: bool = False
