"""The way through the course: all lessons in a dialog, with what was answered in this browser.

It sends back `act`: the lesson that was chosen, the text of one of somebody's own, or `leave`: the
quiz is over.
"""

from __future__ import annotations

from viz.page.components.sent import Sent


class ListedLesson(Sent, frozen=True):
    """A lesson in the list: what one learns, how long it takes, what comes before it."""

    key: str
    title: str
    learns: str
    minutes: int
    needs: tuple[str, ...]
    questions: int


class ListedGroup(Sent, frozen=True):
    """Lessons that belong together."""

    title: str
    about: str
    lessons: tuple[ListedLesson, ...]


class CourseOverview(Sent, frozen=True):
    """The whole list; `levels` are the names of the levels of practice, the first is level 1.

    `quiz` are the parts of the quiz that the link asks for, in order; exercises count their
    questions in the browser.
    """

    groups: tuple[ListedGroup, ...]
    levels: tuple[str, ...]
    quiz: tuple[ListedLesson, ...] = ()
