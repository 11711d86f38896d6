"""The course: which lessons there are, in which groups and order, read when they are asked for.

`lesson(key, language)` is one lesson, `groups(language)` the way through all of them. Each lesson
is a file `texts/<key>.en.md`; `texts/<key>.<language>.md` lays its words over that one. The order
stands in `texts/course.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from viz.lessons.lesson import Lesson, LessonHead
from viz.lessons.reading import heading, read
from viz.records import ENGLISH

FOLDER: Final = Path(__file__).resolve().parent / "texts"
KEPT: Final = 128
"""Lessons and heads that stay in memory; all of the course in two languages."""


class LessonGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lessons that belong together: a title and a sentence by language, and their keys."""

    title: dict[str, str]
    about: dict[str, str]
    lessons: tuple[str, ...]

    def words(self, language: str) -> tuple[str, str]:
        """Title and sentence in a language; in English where it has none."""
        title, about = (text.get(language, text[ENGLISH]) for text in (self.title, self.about))
        return title, about


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `course.toml`."""

    group: tuple[LessonGroup, ...]


def _order() -> tuple[LessonGroup, ...]:
    table = tomllib.loads((FOLDER / "course.toml").read_text("utf-8"))
    return msgspec.convert(table, Course, strict=True).group


GROUPS: Final = _order()
KEYS: Final = tuple(key for group in GROUPS for key in group.lessons)
"""The keys of all lessons, in the order of the course; links name a lesson by its key."""
LANGUAGES: Final = sorted(set.intersection(*(set(group.title) for group in GROUPS)))
"""The languages that the whole course is written in: every group has its title in these."""


def file_of(key: str, language: str) -> Path:
    """Where a lesson is written in a language; the file need not be there."""
    return FOLDER / f"{key}.{language}.md"


@lru_cache(maxsize=KEPT)
def lesson(key: str, language: str = ENGLISH) -> Lesson | None:
    """A lesson of the course; in English where it has no file in this language."""
    texts = _texts(key, language)
    return None if texts is None else read(key, *texts)


@lru_cache(maxsize=KEPT)
def head(key: str, language: str = ENGLISH) -> LessonHead | None:
    """What stands at the top of a lesson, without reading the rest."""
    texts = _texts(key, language)
    return None if texts is None else heading(*texts)


def _texts(key: str, language: str) -> tuple[str, str | None] | None:
    """A lesson's file and the one that it is laid over."""
    if key not in KEYS:
        return None
    english = file_of(key, ENGLISH).read_text("utf-8")
    translated = file_of(key, language)
    if language == ENGLISH or not translated.exists():
        return english, None
    return translated.read_text("utf-8"), english


def lacking(files: Sequence[Path]) -> Iterator[str]:
    """What the course names and no file tells, and the other way round, with the remedy."""
    there = {file.name for file in files}
    for key in KEYS:
        for language in LANGUAGES:
            if (name := file_of(key, language).name) not in there:
                yield f"{FOLDER / name}: This lesson is named in course.toml. Write this file."
    for name in sorted(there):
        if name.partition(".")[0] not in KEYS:
            yield f"{FOLDER / name}: This lesson is in no group. Add its key to course.toml."


def following(key: str) -> str | None:
    """The key of the lesson after this one."""
    place = KEYS.index(key) + 1 if key in KEYS else len(KEYS)
    return KEYS[place] if place < len(KEYS) else None


__all__ = [
    "GROUPS",
    "KEYS",
    "LANGUAGES",
    "LessonGroup",
    "file_of",
    "following",
    "head",
    "lacking",
    "lesson",
]
