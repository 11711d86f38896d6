"""The course: short lessons, each a program with a few words about it and things to try.

`LESSONS` holds them in the order of the course: the chapter on automatic differentiation, its
exercises, and some beyond it. Links name a lesson by its `key`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from viz.lessons.beyond import BEYOND
from viz.lessons.chapter import CHAPTER
from viz.lessons.exercises import EXERCISES
from viz.lessons.lesson import Lesson, Trial

LESSONS: Final = (*CHAPTER, *EXERCISES, *BEYOND)
BY_KEY: Final = MappingProxyType({lesson.key: lesson for lesson in LESSONS})

__all__ = ["BY_KEY", "LESSONS", "Lesson", "Trial"]
