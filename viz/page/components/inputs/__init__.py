"""The inputs: a slider and a number for each scalar, a text for each tensor, and the seed.

It sends back `values`: a `Values`.
"""

from __future__ import annotations

from typing import Literal

from viz.page.components.sent import Sent


class Control(Sent, frozen=True):
    """One input, its text, and what sets it."""

    name: str
    text: str
    kind: Literal["number", "integer", "text"]


class Labels(Sent, frozen=True):
    """What the controls are called; `value` and `back` have a place for a name."""

    inputs: str
    value: str
    seed: str
    anew: str
    back: str


class Inputs(Sent, frozen=True):
    """`edition` as of the editor's; `echo` is the number of the newest values that came here.

    `wrong` names the input whose text is refused; `random`: the seed matters; `stale`: they belong
    to a program from before, which the editor's text is not yet.
    """

    edition: int
    echo: int
    inputs: tuple[Control, ...]
    seed: int
    random: bool
    stale: bool
    wrong: str | None
    labels: Labels
