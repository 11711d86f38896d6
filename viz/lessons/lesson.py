"""What a lesson is: a program, words about it, questions before the answers, things to try.

A lesson is written in a file (see `viz.lessons.reading`); these are the records that come of it.
Prose are plain text cut into runs: text, `code`, or words that drive the figure (`target`).
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import Meta

from viz.records import (
    MAX_GRAPH_ORDER,
    MAX_INPUTS,
    MAX_NAME,
    MAX_ORDER,
    MAX_SEED,
    MAX_SOURCE,
    MAX_TYPED,
)

MOST_CHOICES: Final = 6
MOST_WRONG: Final = 12
MOST_HINTS: Final = 5
MOST_PARTS: Final = 60
"""Paragraphs, questions and things to try of one lesson."""

Sentence = Annotated[str, Meta(min_length=1, max_length=MAX_TYPED)]
"""A sentence or a short paragraph, or an expression of an answer."""
ShortName = Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
Texts = Annotated[dict[ShortName, Sentence], Meta(max_length=MAX_INPUTS)]
"""The texts of inputs by name."""
FewNumbers = Annotated[tuple[float, ...], Meta(max_length=64)]
Gradients = Annotated[dict[ShortName, FewNumbers], Meta(max_length=MAX_INPUTS)]
"""What each input's or leaf's gradient must be: from calculus, not from torch."""
Replaced = Annotated[dict[Sentence, Annotated[str, Meta(max_length=MAX_TYPED)]], Meta(max_length=8)]
GraphOrder = Annotated[int, Meta(ge=1, le=MAX_GRAPH_ORDER)]
Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Tab = Literal["curve", "surface", "jacobian", "steps", "code"]
"""The page's tabs by name: what a lesson may open."""
TABS: Final[tuple[Tab, ...]] = get_args(Tab)


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is decoded from a file, strictly: a field that does not exist is a fault."""


class Variation(Written, frozen=True, kw_only=True):
    """A change of the lesson's program: other texts of inputs, another source, other weights.

    `replace` are texts of the lesson's source and what stands in their places; `gradient` are the
    weights that the backward pass starts with, `graph_order` says of which derivative the graph is.
    """

    set: Texts = {}
    source: Annotated[str, Meta(max_length=MAX_SOURCE)] | None = None
    replace: Replaced = {}
    gradient: Sentence | None = None
    graph_order: GraphOrder | None = None


class Trial(Variation, frozen=True, kw_only=True):
    """One thing to try; `gradients` is what comes of it, `fails` torch's words if it must fail."""

    label: Sentence
    gradients: Gradients = {}
    fails: Sentence = ""


class Choice(Written, frozen=True, kw_only=True):
    """One of several answers: its text, whether it is right, and what is said when it is wrong.

    With `value`, an expression, its number is written after the text (or in place of it).
    """

    text: Annotated[str, Meta(max_length=MAX_TYPED)] = ""
    value: Sentence | None = None
    right: bool = False
    say: Annotated[str, Meta(max_length=MAX_TYPED)] = ""


class Mistake(Written, frozen=True, kw_only=True):
    """A wrong answer that people give, and the explanation that belongs to it.

    `value` is an expression of the numbers that somebody then answers, or a card (`x`) or an arrow
    (`x -> a`).
    """

    value: Sentence
    say: Sentence


Kind = Literal["number", "choice", "card", "arrow", "sketch"]


class Task(Variation, frozen=True, kw_only=True):
    """A question to the reader, asked before it is shown. What the fields of `Variation` say is the
    run that it is about.

    - `answer`: an expression of numbers, the name of a card, or an arrow; none for a choice.
    - `proof`: `expression = expression`, which must hold in the run.
    - `hold`: until where the player may go while the question is open; `play`: where it is set
      then. `veil` false: nothing is hidden.
    - `at`: of a sketch, the three values of the input `along`; `hints` come one after the other.
    """

    kind: Kind
    ask: Sentence
    then: Sentence
    answer: Annotated[str, Meta(max_length=MAX_TYPED)] = ""
    proof: Annotated[str, Meta(max_length=MAX_TYPED)] = ""
    choice: Annotated[tuple[Choice, ...], Meta(max_length=MOST_CHOICES)] = ()
    wrong: Annotated[tuple[Mistake, ...], Meta(max_length=MOST_WRONG)] = ()
    hints: Annotated[tuple[Sentence, ...], Meta(max_length=MOST_HINTS)] = ()
    hold: ShortName = "forward"
    play: ShortName = "end"
    veil: bool = True
    at: tuple[float, float, float] | None = None
    along: ShortName | None = None


class TextRun(msgspec.Struct, frozen=True):
    """A piece of a paragraph: text, code, or words that do something (`target`)."""

    text: str
    code: bool = False
    target: str = ""


Prose = tuple[TextRun, ...]
LessonSection = Prose | Task | Trial


class LessonHead(Written, frozen=True, kw_only=True):
    """What stands at the top of a lesson's file.

    `learns` says in a sentence what one can do afterwards, `needs` names lessons that come before,
    `fails` are words of torch's own error if the program fails on purpose.
    """

    title: Sentence
    learns: Sentence
    minutes: Annotated[int, Meta(ge=1, le=60)]
    needs: Annotated[tuple[Key, ...], Meta(max_length=6)] = ()
    inputs: Texts = {}
    gradients: Gradients = {}
    order: Annotated[int, Meta(ge=0, le=MAX_ORDER)] = 1
    graph_order: GraphOrder = 1
    tab: Tab = "curve"
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 0
    fails: Annotated[str, Meta(max_length=MAX_TYPED)] = ""


class Lesson(msgspec.Struct, frozen=True):
    """A lesson in one language; `parts` in the order in which they are read."""

    key: str
    head: LessonHead
    source: str
    parts: tuple[LessonSection, ...]

    @property
    def title(self) -> str:
        return self.head.title

    @property
    def inputs(self) -> dict[str, str]:
        """The texts of the program's inputs by name."""
        return self.head.inputs

    @property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(part for part in self.parts if isinstance(part, Task))

    @property
    def trials(self) -> tuple[Trial, ...]:
        return tuple(part for part in self.parts if isinstance(part, Trial))

    @property
    def prose(self) -> tuple[Prose, ...]:
        """Its paragraphs."""
        return tuple(part for part in self.parts if isinstance(part, tuple))

    @property
    def marked(self) -> tuple[int, ...]:
        """The lines of the program (from 1) that its words speak of."""
        targets = (run.target for prose in self.prose for run in prose)
        return tuple(sorted({line for target in targets for line in lines_of(target)}))

    def source_of(self, change: Variation) -> str:
        """The source with what a change says."""
        source = self.source if change.source is None else change.source
        for text, new in change.replace.items():
            source = source.replace(text, new)
        return source


def lines_of(target: str) -> range:
    """The lines of the program that a word marks: `line:3`, `line:3-5`; none for another target."""
    kind, _colon, rest = target.partition(":")
    if kind != "line":
        return range(0)
    first, _dash, last = rest.partition("-")
    return range(int(first), int(last or first) + 1)
