"""A lesson's file, read strictly: `read(key, text)` gives the `Lesson` or raises `LessonRejected`.

```
+++
title = "The chain rule"            the head: TOML, the fields of `LessonHead`
+++

A paragraph, with `code`, and [words](back:x) that drive the figure.

~~~python                            (three backticks in the file) the program, once
def f(x): …
~~~

~~~ask                               a question: TOML, the fields of `Task`
~~~

~~~try                               a thing to try: TOML, the fields of `Trial`
~~~
```

A translation (`base`, the file in English) says only words: blocks that it has in common with the
English file are laid over those there, field by field and in order. What drives the figure is a
link of these forms: `step:3`, `start`, `forward`, `end`, `forward:a`, `back:a`, `set:x=2; y=1`,
`tab:steps`, `card:a`, `lesson:key`, and `line:4` or `line:4-6`, which marks lines of the program.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from viz.errors import N_, LessonRejected, problem
from viz.lessons.lesson import (
    MOST_PARTS,
    TABS,
    Lesson,
    LessonHead,
    LessonSection,
    Prose,
    Task,
    TextRun,
    Trial,
)
from viz.records import MAX_SOURCE, Span

LONGEST: Final = MAX_SOURCE
"""Characters of a lesson's file."""
FENCE: Final = re.compile(r"```\s*([a-z]*)\s*$")
INLINE: Final = re.compile(r"`([^`\n]+)`|\[([^\[\]]+)\]\(([^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)")
TARGET: Final = re.compile(
    r"start|forward|end|step:\d{1,5}|line:\d{1,4}(?:-\d{1,4})?|(?:forward|back):[\w.]{1,80}(?::\d{1,3})?|card:[\w.]{1,80}"
    rf"|tab:(?:{'|'.join(TABS)})"
    r"|lesson:[a-z][a-z0-9_-]{0,39}"
    r"|set:\s*\w+\s*=[^;]+(?:;\s*\w+\s*=[^;]+)*"
)
Kind = TypeVar("Kind", LessonHead, Task, Trial)


class FilePiece(NamedTuple):
    """A piece of a file: its kind, its text, and the line that the text begins at (from 1)."""

    kind: str
    text: str
    line: int


def read(key: str, text: str, base: str | None = None) -> Lesson:
    """The lesson of a file's text; `base` is the text that this one translates."""
    blocks = tuple(cut(text))
    under = None if base is None else tuple(cut(base))
    if under is not None:
        blocks = laid_over(under, blocks)
    head = _converted(LessonHead, blocks[0], _under(under, 0))
    sources = [block for block in blocks if block.kind == "python"]
    if len(sources) != 1:
        raise rejected(
            sources[1].line if sources else blocks[0].line,
            N_("A lesson has one program."),
            N_("Write it once, between ```python and ```."),
        )
    source = sources[0].text
    if len(source.splitlines()) == 1:
        source = source.strip()
    if not 0 < len(source) <= MAX_SOURCE:
        raise rejected(
            sources[0].line, N_("The program is empty or too long."), N_("Write a shorter one.")
        )
    parts = tuple(_parts(blocks, under))
    if len(parts) > MOST_PARTS:
        raise rejected(
            1,
            N_("The lesson has too many parts."),
            N_("At most {most} paragraphs, questions and trials fit."),
            most=str(MOST_PARTS),
        )
    lesson = Lesson(key, head, source, parts)
    _replaceable(lesson, blocks)
    return lesson


def rejected(line: int, message: str, remedy: str, **details: str) -> LessonRejected:
    """What to raise for a line of the file."""
    return LessonRejected(problem(message, remedy, span=Span.in_line(line, 0, 0), **details))


def heading(text: str, base: str | None = None) -> LessonHead:
    """The head of a file alone; `base` as of `read`."""
    above = next(cut(base)) if base is not None else None
    return _converted(LessonHead, next(cut(text)), above)


def cut(text: str) -> Iterator[FilePiece]:
    """The head, then paragraphs and fenced blocks in order."""
    if len(text) > LONGEST:
        raise rejected(
            1,
            N_("The file is too long."),
            N_("It may have at most {most} characters."),
            most=f"{LONGEST:,}",
        )
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].strip() != "+++" or "+++" not in [line.strip() for line in lines[1:]]:
        raise rejected(
            1,
            N_("The head is missing."),
            N_("Begin with a line +++, the head in TOML, and a line +++ again."),
        )
    end = [line.strip() for line in lines[1:]].index("+++") + 1
    yield FilePiece("head", "\n".join(lines[1:end]), 2)
    yield from _body(lines, end + 1)


def _body(lines: list[str], at: int) -> Iterator[FilePiece]:
    while at < len(lines):
        fence = FENCE.match(lines[at])
        start = at
        if fence is not None:
            if fence[1] not in ("python", "ask", "try"):
                raise rejected(
                    at + 1,
                    N_("A block “{name}” is not known."),
                    N_("Use python, ask or try."),
                    name=fence[1],
                )
            ends = (row for row in range(at + 1, len(lines)) if lines[row].rstrip() == "```")
            at = next(ends, 0)
            if not at:
                raise rejected(
                    start + 1, N_("This block has no end."), N_("End it with a line ```.")
                )
            yield FilePiece(fence[1], "\n".join(lines[start + 1 : at]) + "\n", start + 2)
            at += 1
        elif lines[at].strip():
            while at < len(lines) and lines[at].strip() and not FENCE.match(lines[at]):
                at += 1
            yield FilePiece("words", " ".join(map(str.strip, lines[start:at])), start + 1)
        else:
            at += 1


def laid_over(under: tuple[FilePiece, ...], blocks: tuple[FilePiece, ...]) -> tuple[FilePiece, ...]:
    """A translation's blocks, with the program of the file below where it has none."""
    kinds = [[block.kind for block in side if block.kind in ("ask", "try")] for side in
             (under, blocks)]  # fmt: skip
    if kinds[0] != kinds[1]:
        raise rejected(
            1,
            N_("Its blocks are “{found}”; the English file has “{wanted}”."),
            N_("A translation has the same questions and trials in the same order."),
            found=" ".join(kinds[1]),
            wanted=" ".join(kinds[0]),
        )
    if any(block.kind == "python" for block in blocks):
        return blocks
    return (*blocks, *(block for block in under if block.kind == "python"))


def _under(under: tuple[FilePiece, ...] | None, place: int, kind: str = "head") -> FilePiece | None:
    if under is None:
        return None
    return [block for block in under if block.kind == kind][place]


def _parts(
    blocks: tuple[FilePiece, ...], under: tuple[FilePiece, ...] | None
) -> Iterator[LessonSection]:
    seen = {"ask": 0, "try": 0}
    for block in blocks:
        if block.kind == "words":
            yield words(block.text, block.line)
        elif block.kind in seen:
            below = _under(under, seen[block.kind], block.kind)
            seen[block.kind] += 1
            yield (_task(block, below) if block.kind == "ask" else _converted(Trial, block, below))


def words(text: str, line: int = 1) -> Prose:
    """A paragraph as runs; raises where a link drives nothing."""
    runs, at = [], 0
    for found in INLINE.finditer(text):
        runs += [TextRun(text[at : found.start()])] if found.start() > at else []
        at = found.end()
        if found[1] is not None:
            runs.append(TextRun(found[1], code=True))
            continue
        if not TARGET.fullmatch(found[3]):
            raise rejected(
                line,
                N_("The link “{target}” drives nothing."),
                N_(
                    "Write start, forward, end, step:3, forward:a, back:a, card:a, line:4, "
                    "set:x=2, tab:steps or lesson:key."
                ),
                target=found[3],
            )
        runs.append(TextRun(found[2], target=found[3]))
    runs += [TextRun(text[at:])] if at < len(text) else []
    if any("`" in run.text or "](" in run.text for run in runs if not run.code):
        raise rejected(
            line, N_("A backtick or a link is not closed."), N_("Close it in its paragraph.")
        )
    return tuple(runs)


def _converted(kind: type[Kind], block: FilePiece, below: FilePiece | None) -> Kind:
    """A block's TOML as its record; a fault is told with its line."""
    fields = _toml(block)
    if below is not None:
        fields = _merged(_toml(below), fields, block)
    try:
        return msgspec.convert(fields, kind, strict=True)
    except msgspec.ValidationError as error:
        line, what, needed = _fault(str(error), block)
        remedy = N_("Write {needed} = …") if needed else N_("See “To write a lesson”.")
        raise rejected(
            line, N_("A field is wrong: {what}."), remedy, what=what, needed=needed
        ) from error


_DEEP: Final = re.compile(r"(?:^|[\[{,])[ \t]*(?:[\w\"'-]+[ \t]*\.[ \t]*){9}", re.MULTILINE)
"""A name with dots that no lesson has: the reader's time grows with the square of their number."""


def _toml(block: FilePiece) -> dict[str, Any]:
    if _DEEP.search(block.text):
        raise _nested(block)
    try:
        return tomllib.loads(block.text)
    except ValueError as error:  # TOML's own, or a number of thousands of digits
        place = re.search(r"at line (\d+)", str(error))
        line = block.line + int(place[1]) - 1 if place else block.line
        what = re.sub(r" \(at .*\)$", "", str(error))
        raise rejected(
            line, N_("This is not TOML: {what}."), N_('Write name = "text" or name = 3.'), what=what
        ) from error
    except RecursionError as error:
        raise _nested(block) from error


def _nested(block: FilePiece) -> LessonRejected:
    return rejected(block.line, N_("This is nested too deeply."), N_("Write it flat."))


def _merged(under: Any, over: Any, block: FilePiece) -> Any:
    if isinstance(under, dict) and isinstance(over, dict):
        return {**under, **{k: _merged(under.get(k), v, block) for k, v in over.items()}}
    tables = [isinstance(side, list) and all(isinstance(one, dict) for one in side) and bool(side)
              for side in (under, over)]  # fmt: skip
    if all(tables):
        if len(under) != len(over):
            raise rejected(
                block.line,
                N_("There are {found} tables here and {wanted} in the English file."),
                N_("A translation has as many, in the same order."),
                found=str(len(over)),
                wanted=str(len(under)),
            )
        return [_merged(one, other, block) for one, other in zip(under, over, strict=True)]
    return over


def _fault(message: str, block: FilePiece) -> tuple[int, str, str]:
    """msgspec's message as a line of the file, what is wrong there, and the field it needs."""
    path = re.search(r" - at `\$(?:\.([\w.]+))?", message)
    name = (path[1] or "").split(".")[-1] if path else ""
    unknown = re.search(r"unknown field `([^`]*)`", message)
    needed = re.search(r"required field `([^`]*)`", message)
    sought = unknown[1] if unknown else name
    rows = block.text.split("\n")
    at = next((i for i, row in enumerate(rows) if re.match(rf"\s*{re.escape(sought)}\b", row)), 0)
    what = re.sub(r" - at `.*$", "", message)
    told = f"{what} ({name})" if name else what
    return block.line + at, told[:500], needed[1] if needed else ""


def _task(block: FilePiece, below: FilePiece | None) -> Task:
    task = _converted(Task, block, below)
    right = [choice for choice in task.choice if choice.right]
    wanting = [choice for choice in task.choice if not choice.right and not choice.say]
    if task.kind == "choice" and (len(right) != 1 or len(task.choice) < 2 or wanting):
        raise rejected(
            block.line,
            N_("A choice has at least two answers, one of them right, the others with say."),
            N_("Write [[choice]] tables: text, and right = true or say."),
        )
    if task.kind != "choice" and (task.choice or not task.answer):
        raise rejected(
            block.line,
            N_("A question of this kind has an answer and no choices."),
            N_('Write answer = "gradient of x", or kind = "choice".'),
        )
    if (task.kind == "sketch") != (task.at is not None and task.along is not None):
        raise rejected(
            block.line,
            N_("A sketch, and only a sketch, has at and along."),
            N_('Write at = [-1.0, 0.0, 1.0] and along = "x".'),
        )
    for text in (task.ask, task.then, *task.hints, *(one.say for one in task.wrong),
                 *(one.text + one.say for one in task.choice)):  # fmt: skip
        words(text, block.line)
    return task


def _replaceable(lesson: Lesson, blocks: tuple[FilePiece, ...]) -> None:
    """Whether what is to be replaced is there."""
    changes = (part for part in lesson.parts if not isinstance(part, tuple))
    places = (block.line for block in blocks if block.kind in ("ask", "try"))
    for change, line in zip(changes, places, strict=True):
        for text in change.replace:
            if text not in (change.source or lesson.source):
                raise rejected(
                    line,
                    N_("The program has no “{text}” to replace."),
                    N_("Copy it exactly."),
                    text=text[:80],
                )
