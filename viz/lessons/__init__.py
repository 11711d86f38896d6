"""The course: short lessons, each a program, words about it, questions, and things to try.

`lesson(key, language)` reads one, `KEYS` are all of them in the order of the course, `GROUPS` how
they belong together. `read` reads a lesson of somebody's own. A lesson is a file of `texts`;
`python -m viz.lessons check` says what is wrong with one.
"""

from __future__ import annotations

from viz.lessons.course import GROUPS, KEYS, LessonGroup, following, head, lesson
from viz.lessons.lesson import (
    TABS,
    Choice,
    Lesson,
    LessonHead,
    Mistake,
    Prose,
    Tab,
    Task,
    TextRun,
    Trial,
    Variation,
)
from viz.lessons.reading import LONGEST, read, words

__all__ = [
    "GROUPS",
    "KEYS",
    "LONGEST",
    "TABS",
    "Choice",
    "Lesson",
    "LessonGroup",
    "LessonHead",
    "Mistake",
    "Prose",
    "Tab",
    "Task",
    "TextRun",
    "Trial",
    "Variation",
    "following",
    "head",
    "lesson",
    "read",
    "words",
]
