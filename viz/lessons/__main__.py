"""`python -m viz.lessons check [files]`: what is wrong with lessons, with file, line and remedy.

Each file is read, then its program, trials and answers are run in the sandbox. Without files the
whole course is checked, and that it lacks no lesson in any of its languages. A file `x.zh.md` is
laid over `x.en.md` beside it. Exits with 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from viz.errors import LessonRejected
from viz.lessons.course import FOLDER, lacking
from viz.lessons.examining import faults
from viz.lessons.reading import read
from viz.records import ENGLISH
from viz.sandbox import Limits, Sandbox


def main(arguments: Sequence[str]) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m viz.lessons", description=__doc__)
    parser.add_argument("command", choices=["check"])
    parser.add_argument("files", nargs="*", type=Path)
    asked = parser.parse_args(arguments)
    files = asked.files or sorted(FOLDER.glob("*.md"))
    wrong = [] if asked.files else list(lacking(files))
    with Sandbox(limits=Limits()) as sandbox:  # as strangers find it
        wrong += [fault for file in files for fault in checked(file, sandbox)]
    print(*wrong or [praise(files)], sep="\n")
    return 1 if wrong else 0


def named(file: Path) -> tuple[str, str]:
    """The key of a lesson's file and its language, English where it names none."""
    key, _dot, language = file.name.removesuffix(".md").partition(".")
    return key, language or ENGLISH


def praise(files: Sequence[Path]) -> str:
    """What is said when nothing is wrong: how many lessons there are, in which languages."""
    lessons, languages = (set(found) for found in zip(*map(named, files), strict=True))
    counted = "1 lesson is" if len(lessons) == 1 else f"{len(lessons)} lessons are"
    read = "1 file" if len(files) == 1 else f"{len(files)} files"
    return f"{counted} right ({', '.join(sorted(languages))}: {read})."


def checked(file: Path, sandbox: Sandbox) -> Iterator[str]:
    """What is wrong with one file."""
    key, language = named(file)
    english = file.with_name(f"{key}.{ENGLISH}.md")
    over = language != ENGLISH and english.exists()
    try:
        base = english.read_text("utf-8") if over else None
        shown = read(key, file.read_text("utf-8"), base)
    except LessonRejected as error:
        found = error.problem
        line = found.span.line if found.span else 1
        yield f"{file}:{line}: {found.message} {found.remedy}"
    except (OSError, UnicodeDecodeError) as error:
        yield f"{file}: {error}"
    else:
        yield from (f"{file}: {fault}" for fault in faults(shown, sandbox))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
