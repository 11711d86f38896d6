"""What a lesson is: a program, a few words about it, things to try, a question, what it must show.

Texts are English templates for the page to translate; in them `backticks` hold code. They are
paragraphs without markup of any other kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Gradients = Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class Trial:
    """One thing to try: new texts of inputs, or another source; `gradients` is what comes of it.

    `gradient` are the weights that the backward pass starts with, `graph_order` says of which
    derivative the graph is.
    """

    label: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None
    gradient: str | None = None
    graph_order: int = 1
    gradients: Gradients = field(default_factory=dict)


@dataclass(frozen=True)
class Lesson:
    """A program to start from; `inputs` are the texts of its inputs, `tab` what is open below it.

    `gradients` are the numbers of each input's (or leaf's) gradient, from calculus, not from torch.
    """

    key: str
    title: str
    source: str
    text: tuple[str, ...]
    inputs: Mapping[str, str] = field(default_factory=dict)
    trials: tuple[Trial, ...] = ()
    question: str = ""
    answer: str = ""
    order: int = 1
    graph_order: int = 1
    tab: str = "curve"
    gradients: Gradients = field(default_factory=dict)
