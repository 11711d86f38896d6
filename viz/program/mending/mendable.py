"""A refusal with its mend: one click that mends all that is wrong, and never leads to another.

`mendable(source, found, wrong)` gives the problem with a `replacement` or a whole `mended` text,
where there is one; `wrong` says what is wrong with a text, `None` when it is accepted. What is
refused here and would run elsewhere is written otherwise where something means the same; else it
is left out with all that needs it, and `further` names the lines.
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from viz.errors import N_, ProgramRejected
from viz.program.mending.draws import may_shift
from viz.program.mending.leaving import without
from viz.program.mending.told import of_lines
from viz.program.mending.translating import in_torch
from viz.program.names.missing_imports import with_import
from viz.program.names.modules import Modules
from viz.program.names.unknown import NOT_IMPORTED, UNKNOWN
from viz.program.notation.complaints import (
    MISTYPED,
    NO_BRACKETS,
    TABS,
    UNINDENTED,
    with_blanks,
    with_brackets,
)
from viz.program.notation.joined import derived, in_round_brackets
from viz.program.notation.languages import as_python
from viz.program.notation.notation import NOT_TYPED, WITHOUT
from viz.program.notation.paper import as_code
from viz.program.notation.together import LONG, together
from viz.program.slips.indents import with_blocks, with_level, without_step
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_SOURCE, Message, Problem, Span

Wrong = Callable[[str], Problem | None]

MOST_TAKEN: Final = 0.09
MOST_LINES_ON_PAPER: Final = 40
"""Lines of a program that is looked at as written on paper."""


def mendable(source: str, found: Problem, wrong: Wrong, took: float = 0.0) -> Problem:
    """The problem with a mend for all that is wrong; none that leads to another refusal.

    `took` is the processor time in s that it took to find it: of a text that takes long to look at
    one thing is mended after the other.
    """
    if took > MOST_TAKEN and len(source) > LONG and found.span is not None:
        may = may_be_left_out(found, _FROM_ELSEWHERE.search(source) is not None)
        return (_left_out(source, found, wrong) if may else None) or found
    if (on_paper := _meant_on_paper(source, found, wrong)) is not None:
        return on_paper
    if found.span is None:
        return found
    if found.mended is not None:
        return _with_the_rest(found, found.mended, source, wrong)
    whole = together(source, found, wrong, _with_more)
    if whole is None:
        whole = _in_python(source, wrong) or _in_torch(source, wrong)
    if whole is None:
        return _left_out(source, found, wrong) or _alone(found, source)
    first = found.replacement
    if first is not None and found.span.replaced(source.split("\n"), first) == whole:
        return found
    return msgspec.structs.replace(found, mended=whole)


def _with_the_rest(found: Problem, text: str, source: str, wrong: Wrong) -> Problem:
    """The problem whose own mend is a whole text, with a mend for what is wrong in that as well."""
    following = wrong(text)
    if following is None:
        return found
    rest = mendable(text, following, wrong)
    if rest.mended is None and rest.replacement is not None and rest.span is not None:
        rest = msgspec.structs.replace(
            rest, mended=rest.span.replaced(text.split("\n"), rest.replacement)
        )
    found = msgspec.structs.replace(found, mended=rest.mended)
    return found if found.mended is not None else _alone(found, source)


def _alone(found: Problem, source: str) -> Problem:
    """The problem without a mend; of what runs elsewhere it says that nothing would be left."""
    further = found.further
    if found.replacement is None and may_be_left_out(found) and len(source) <= LONG:
        further = Message(NOTHING_LEFT)
    elif found.span is not None:
        further = further or Message(_UNSURE)
    return msgspec.structs.replace(found, replacement=None, further=further)


_UNSURE: Final = N_("There is no corrected version: what is meant could only be guessed.")
NOTHING_LEFT: Final = N_("It cannot be left out: what the program shows needs it.")


def _in_python(source: str, wrong: Wrong) -> str | None:
    """The text of another language in Python's words, if that is a program."""
    if (meant := as_python(source)) is None:
        return None
    refused = wrong(meant)
    return meant if refused is None else together(meant, refused, wrong, _with_more)


def _in_torch(source: str, wrong: Wrong) -> str | None:
    """The text of another library's in torch's words, if that is a program."""
    if not _LIBRARY.search(source):
        return None
    try:
        tree = SyntaxTree.of(source)
    except ProgramRejected:
        return None
    meant = in_torch(source, tree, Scopes(tree))
    refused = None if meant is None else wrong(meant)
    if meant is None or refused is None:
        return meant
    return together(meant, refused, wrong, _with_more)


_LIBRARY: Final = re.compile(
    r"^[ \t]*(?:from|import)[ \t]+(?:jax|autograd|tensorflow)\b", re.MULTILINE
)


def _with_more(source: str, found: Problem) -> str | None:
    """The text with an import on top, with the whole name of one of torch's functions, with blanks
    for its tabs, or with brackets for each `print` of Python 2.
    """
    reason = found.message.details.get("reason", "")
    if reason.startswith(TABS):
        return with_blanks(source)
    if reason.startswith(NO_BRACKETS):
        return with_brackets(source)
    if found.message.details.get("found") in _CURLY and _THREE.search(source):
        return _THREE.sub('"""', source)
    if reason.startswith(UNINDENTED) and found.span and found.replacement is None:
        if reason.startswith(UNINDENTED[0]):
            return with_blocks(source, found.span.line)
        level = with_level(source, found.span.line)
        deeper = reason.startswith(UNINDENTED[2]) and level is None
        return without_step(source, found.span.line) if deeper else level
    if found.remedy.template == NOT_IMPORTED:
        return with_import(source, found.remedy.details["line"])
    if found.span and found.replacement and found.replacement.startswith("torch."):
        return found.span.replaced(source.split("\n"), found.replacement)
    return None


_CURLY: Final = ("“", "”")
_THREE: Final = re.compile("[“”]{3}")
"""Three quotes, as a program for letters writes them."""


def _meant_on_paper(source: str, found: Problem, wrong: Wrong) -> Problem | None:
    """The problem with one mend for all that is written as on paper, if that is all there is."""
    lines = source.split("\n")
    alone = sum(1 for line in lines if line.strip()) == 1
    if found.span is None or len(lines) > MOST_LINES_ON_PAPER or found.message.template == MISTYPED:
        return None
    number = found.span.line
    line = lines[number - 1]
    if alone and (inner := derived(in_round_brackets(line.strip()))) is not None:
        return _of_the_function(source, found, wrong, *inner)
    if (code := as_code(line, alone)) is None:
        return None
    code = line[: len(line) - len(line.lstrip())] + code
    if wrong("\n".join([*lines[: number - 1], code, *lines[number:]])) is not None:
        return None
    return msgspec.structs.replace(
        found,
        remedy=Message(N_("Write it as: {meant}"), {"meant": code.strip()[:900]}),
        span=Span.in_line(number, 0, len(line)),
        replacement=code,
    )


def _of_the_function(
    source: str, found: Problem, wrong: Wrong, sign: str, function: str
) -> Problem | None:
    """The problem of `d(x^2)/dx`, `derivative(x^2)`: the function alone is what is typed."""
    code = as_code(function, alone=True) or function
    if wrong(code) is not None:
        return None
    lines = source.split("\n")
    number = next(number for number, line in enumerate(lines, 1) if line.strip())
    return msgspec.structs.replace(
        found,
        message=Message(NOT_TYPED),
        remedy=Message(WITHOUT, {"found": sign}),
        span=Span.in_line(number, 0, len(lines[number - 1])),
        replacement=code,
        mended=None,
    )


def _left_out(source: str, found: Problem, wrong: Wrong) -> Problem | None:
    """The problem with a text that lacks what is not allowed here, and all that needs it."""
    starred = _FROM_ELSEWHERE.search(source) is not None
    if found.replacement is None and not may_be_left_out(found, starred):
        return None
    numbers: set[int] = set()
    text, following = source, found
    ends = time.thread_time() + MOST_SECONDS
    for _ in range(MOST_STEPS):
        less = _one_less(text, following, starred, ends)
        if less is None or len(less[0]) > MAX_SOURCE or time.thread_time() > ends:
            return None
        text = less[0]
        numbers.update(less[1])
        refused = wrong(text)
        if refused is None:
            told = _said_of(text, numbers) if numbers else None
            return msgspec.structs.replace(found, replacement=None, mended=text, further=told)
        following = refused
    return None


def may_be_left_out(found: Problem, starred: bool = False) -> bool:
    """Whether what was found runs elsewhere; `starred` programs take names out of modules without
    naming them.
    """
    template = found.message.template
    return _NOT_HERE.search(template) is not None or (starred and template == UNKNOWN)


def _said_of(text: str, left_out: set[int]) -> Message:
    """Which lines are left out, and whether random numbers may be others without them."""
    try:
        moved = may_shift(text.split("\n"), left_out, SyntaxTree.of_typed(text))
    except ProgramRejected:
        moved = False
    return of_lines(*(LEFT_OUT_SHIFTS if moved else LEFT_OUT), sorted(left_out))


LEFT_OUT: Final = (
    N_("The corrected version leaves out what needs it, as comments: line {lines}."),
    N_("The corrected version leaves out what needs it, as comments: lines {lines}."),
)
LEFT_OUT_SHIFTS: Final = (
    N_(
        "The corrected version leaves out what needs it, as comments: line {lines}. Random numbers"
        " drawn later may differ from those elsewhere."
    ),
    N_(
        "The corrected version leaves out what needs it, as comments: lines {lines}. Random numbers"
        " drawn later may differ from those elsewhere."
    ),
)
"""What is said of one line, and of several."""
_FROM_ELSEWHERE: Final = re.compile(r"^[ \t]*from [\w.]{1,80} import \*", re.MULTILINE)
MOST_SECONDS: Final = 0.12
"""Of processor time; what takes longer has no such mend."""
MOST_STEPS: Final = 24
"""Refusals that are met one after the other."""
_NOT_HERE: Final = re.compile(
    r"(?<!:=) (?:is|are) not allowed|may not be (?:imported|assigned)|may only be a layer"
    r"|cannot be used alone here|A case may be"
)
"""What is said of what runs elsewhere; all else stops elsewhere, too."""


def _one_less(
    source: str, found: Problem, starred: bool, ends: float
) -> tuple[str, list[int]] | None:
    """The text without what was found, or with its mend, and the lines that were left out."""
    span = found.span
    if span is None or span.end_line > source.count("\n") + 1:
        return None
    if found.replacement is not None and not (starred and found.message.template == UNKNOWN):
        return span.replaced(source.split("\n"), found.replacement), []
    if found.remedy.template == NOT_IMPORTED:
        text = _with_more(source, found)
        return None if text is None else (text, [])
    if not may_be_left_out(found, starred):
        return None
    try:
        tree = SyntaxTree.of_typed(source)
    except ProgramRejected:
        return None
    scopes = Scopes(tree)
    places = dict.fromkeys(_imports(tree, scopes))
    where = _at(tree, span)
    if where is not None and not any(tree.parents[each] is where for each in places):
        places[where] = None
    return without(source, tree, scopes, places, ends)


def _imports(tree: SyntaxTree, scopes: Scopes) -> Iterator[ast.AST]:
    """All that is imported and is not here."""
    modules = Modules(tree, scopes)
    for node in tree.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from modules.missing(node)


def _at(tree: SyntaxTree, span: Span) -> ast.AST | None:
    """The smallest part of the program that a place lies in."""
    start, end = (span.line, span.column), (span.end_line, span.end_column)
    found = None
    for node in tree.nodes:
        if not getattr(node, "lineno", 1) <= span.line <= (getattr(node, "end_lineno", 1) or 1):
            continue
        own = tree.span(node)
        if (own.line, own.column) <= start and end <= (own.end_line, own.end_column):
            found = node
    return None if isinstance(found, ast.Module) else found
