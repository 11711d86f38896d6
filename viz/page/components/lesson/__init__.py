"""A lesson's words and questions beside the figure that they drive.

It sends back `act`: what a word, an answer or a button asks of the page (see `received.Act`). What
was answered stays in the browser.
"""

from __future__ import annotations

from viz.page.components.sent import Sent

Ends = tuple[str, str | None]
"""A card (its node's id, nothing) or an arrow (the ids of its two ends)."""


class LessonRun(Sent, frozen=True):
    """Words of a paragraph: plain, as code, or with a target that they drive the figure to."""

    text: str
    code: bool = False
    target: str = ""


Runs = tuple[LessonRun, ...]


class JudgedMistake(Sent, frozen=True):
    """What somebody answers who makes a known mistake, and its explanation."""

    values: tuple[float, ...]
    ends: tuple[Ends, ...]
    say: Runs


class OfferedChoice(Sent, frozen=True):
    """One of the answers to choose from."""

    text: Runs
    right: bool
    say: Runs


class ListedEnd(Sent, frozen=True):
    """A card or an arrow by its name, for those who choose from a list."""

    label: str
    end: Ends


class AskedTask(Sent, frozen=True):
    """A question with what is right, from the run that it is about.

    `truth` are numbers, `ends` cards or arrows. `elsewhere`: its run is not that of the lesson's
    own program, and the page puts it up when the question is answered. `problem`: why there is no
    answer.
    """

    number: int
    kind: str
    ask: Runs
    then: Runs
    truth: tuple[float, ...]
    ends: tuple[Ends, ...]
    mistakes: tuple[JudgedMistake, ...]
    choices: tuple[OfferedChoice, ...]
    hints: tuple[Runs, ...]
    listed: tuple[ListedEnd, ...]
    at: tuple[float, ...]
    hold: str
    play: str
    veil: bool
    elsewhere: bool
    problem: str


class LessonPart(Sent, frozen=True):
    """A paragraph, or a question."""

    runs: Runs
    question: AskedTask | None = None


class LessonText(Sent, frozen=True):
    """The open lesson.

    `exact`: its own program with its own inputs is what runs; `veiled`: results stay hidden until
    they are asked for; `fails`: the program fails on purpose. `quiz`: which
    part of a quiz it is, in words; empty if of none.
    """

    key: str
    title: str
    about: str
    parts: tuple[LessonPart, ...]
    exact: bool
    veiled: bool
    fails: bool
    quiz: str = ""
