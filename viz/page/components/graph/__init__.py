"""The graph player: the picture, its steps, and what the panel says of each card.

It sends back `fold` (which folds were opened or closed, as far as the page has not said that it
heard: `folded` is when the last one was that it did), `ask` (questions first, or no longer),
`leave` (the lecture is over), `stop` (when the run was not wanted any more). What must not be lost
among what else is sent is a state.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from viz.drawing.play.details import Details
from viz.drawing.play.stage import ShownPart
from viz.page.components.sent import Sent

SPEEDS: Final = (0.5, 1.0, 2.0, 4.0)
"""How fast the play may go, beside its usual pace."""


class PlayedStep(Sent, frozen=True):
    """One step of the play, as `viz.drawing.play.steps` tells it, in the spoken language.

    `changes` are the texts that appear: of a card or an edge, on which part, the text. `formula` is
    the step's rule in MathML, piece by piece: with symbols, with numbers, what it adds to a leaf.
    `answer` is the gradient that a quiz asks for (what `.grad` holds, where the formula has its
    third piece), `None` where there is nothing to ask. `all`:
    every number of the picture is on show.
    """

    phase: str
    direction: Literal["forward", "backward"]
    node: str | None
    nodes: tuple[str, ...]
    edges: tuple[str, ...]
    arrived: tuple[str, ...]
    changes: tuple[tuple[str, ShownPart, str], ...]
    formula: tuple[str, ...]
    said: str
    answer: tuple[float, ...] | None = None
    all: bool = False


class AnsweredMistake(Sent, frozen=True):
    """What somebody answers who makes a known mistake, and its explanation."""

    values: tuple[float, ...]
    say: str


class StepHelp(Sent, frozen=True):
    """Help with the question of a step: hints one after the other, known mistakes."""

    hints: tuple[str, ...]
    mistakes: tuple[AnsweredMistake, ...]


class GraphPlayer(Sent, frozen=True):
    """A picture and how it is shown.

    `made` numbers the pictures, `asked` is as in `Source`; `program` is the source of this one,
    which may be older than the editor's (`stale`). `details` and `calls` are by the card's id.
    `saved_outside`: the page around it has the menu of files.

    `kept` is the exercise of a quiz whose answers the browser remembers, empty for none.
    `help` is by the place of the step; there is none unless gradients are asked for (`ask`).

    `entry` is the browser's history entry that the picture belongs to.
    How the first picture of a link stands (`gone` tells it from the one before): at `step` (`None`:
    it plays), at one of the `speeds`, seen as `look` says (which of its points is in the middle,
    and how large; empty: as pictures open), with the panel of `card` and the `legend` open.
    The browser adds to the address what becomes of it.
    """

    made: int
    program: str
    svg: str
    steps: tuple[PlayedStep, ...]
    details: dict[str, Details]
    calls: dict[str, tuple[str, ...]]
    note: str
    asked: int = 0
    folded: int = 0
    stale: bool = False
    saved_outside: bool = False
    present: bool = False
    ask: bool = False
    kept: str = ""
    help: dict[int, StepHelp] = msgspec.field(default_factory=dict)
    entry: int = 0
    gone: int = 0
    step: int | None = None
    speeds: tuple[float, ...] = SPEEDS
    speed: float = 1.0
    look: tuple[float, ...] = ()
    card: str | None = None
    legend: bool = False
