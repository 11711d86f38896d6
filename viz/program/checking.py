"""`check`, `read`, `check_input`, `check_gradient`: typed text in, checked text out.

Nothing is executed.
"""

from __future__ import annotations

import ast
import re
import time
import unicodedata
from typing import Final

import msgspec

from viz.errors import N_, InputRejected, ProgramRejected, problem
from viz.program.definitions.calls import check_calls
from viz.program.definitions.uncalled import never_called, uncalled
from viz.program.inputs.inputs import inputs_of, is_whole
from viz.program.inputs.kinds import Outline, outline
from viz.program.inputs.values import as_value, check_numbers, check_sure
from viz.program.mending.mendable import mendable
from viz.program.mending.reports import without_reports
from viz.program.mending.told import of_lines
from viz.program.names.imports import as_allowed
from viz.program.names.unknown import NO_VALUE, UNKNOWN_CALL
from viz.program.naming import check_names
from viz.program.notation.complaints import FALLBACK, MISTYPED
from viz.program.notation.joined import apart, constants_apart, in_round_brackets
from viz.program.notation.notation import NO_SIGN
from viz.program.notation.paper import as_code
from viz.program.notation.pasted import passed_over
from viz.program.syntax.cells import cells_of
from viz.program.syntax.constructs import check_constructs
from viz.program.syntax.copies import check_copies
from viz.program.syntax.outer import check_outer
from viz.program.syntax.placement import check_placement
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_INPUTS, MAX_TYPED, Input, Message, Problem, Program, Span

MOST_NAMED = 12
"""Imports that a note names."""
MAX_NAMES = 2_000
"""Different allowed names that one program may use."""


def check(source: str) -> Program:
    """The checked program of a typed text; raises `ProgramRejected`.

    Line ends become `\\n`; everything else stays as typed, so that spans fit the editor's text.
    """
    source = re.sub(r"\r\n?", "\n", source)
    begins = time.thread_time()
    try:
        return _checked(source)
    except ProgramRejected as error:
        took = time.thread_time() - begins
        if _HALF.search(source):  # no mended text could hold it
            raise
        raise ProgramRejected(mendable(source, error.problem, _wrong, took)) from None


_HALF: Final = re.compile("[\ud800-\udfff]")
"""Half a character, which no text may hold that is sent."""


def read(source: str) -> Program:
    """As `check`, but a formula on one line may be written as on paper: `2x²`, `|x|`, `ln x`.

    It is read as what it means in Python, and a note says so.
    """
    lines = [line for line in source.splitlines() if line.strip()]
    try:
        typed = check(source)
    except ProgramRejected as error:
        is_word = error.problem.message.template == MISTYPED  # `retrun x` is no product
        found = None if is_word else _on_paper(lines)
        if found is None:
            raise
        return found
    if typed.kind == "expression" and len(lines) == 1 and _is_joined(lines[0]):
        return _on_paper(lines) or typed
    return typed


def _on_paper(lines: list[str]) -> Program | None:
    """The program that the only one of the lines means on paper."""
    meant = as_code(lines[0], alone=True) if len(lines) == 1 else None
    found = None if meant is None else _formula(meant)
    if meant is None or found is None:
        return None
    return msgspec.structs.replace(found, notes=(Message(READ_AS, {"meant": meant}), *found.notes))


def _is_joined(line: str) -> bool:
    """Whether what Python reads is something else on paper: `sinx`, `xy`, `x·y`, `xπ`, `sin[x]`."""
    ways = (apart, constants_apart, in_round_brackets)
    return not _ONE_NAME.isdisjoint(line) or any(way(line) != line for way in ways)


_ONE_NAME: Final = frozenset("·・的")
"""What Python takes for a part of a name."""


def _formula(source: str) -> Program | None:
    try:
        found = _checked(source)
    except ProgramRejected:
        return None
    return None if found.kind == "script" else found


READ_AS: Final = N_("Read as: {meant}")


def is_as_typed(program: Program) -> bool:
    """Whether the program's places are those of the typed text."""
    return all(note.template != READ_AS for note in program.notes)


def _wrong(source: str) -> Problem | None:
    try:
        _checked(source)
    except ProgramRejected as error:
        return error.problem
    return None


def _checked(source: str) -> Program:
    typed = source
    tree = SyntaxTree.of_typed(source)
    code = tree.source
    scopes = Scopes(tree)
    tree, scopes, reports = _without_reports(tree, scopes)
    tree, scopes, passed = _with_allowed_imports(tree, scopes)
    source = tree.source
    _check_raised(tree)
    check_constructs(tree)
    check_placement(tree)
    check_copies(tree)
    check_outer(tree, scopes)
    found = outline(tree, scopes)
    if found.kind == "expression":
        check_numbers(tree)
    inputs = _inputs(tree, found)
    free = found.inputs if found.kind == "expression" else ()
    used = check_names(tree, scopes, frozenset(free), _asked(found))
    check_calls(tree, scopes, frozenset(each.name for each in inputs if each.integer))
    return Program(
        source=source,
        kind=found.kind,
        inputs=inputs,
        function=found.function,
        names=tuple(sorted(used)[:MAX_NAMES]),
        cells=cells_of(tree) if found.kind == "script" else (_whole(tree),),
        notes=(
            *_left_out(typed, code),
            *_said_of(reports),
            *_passed_over(passed),
            *uncalled(tree),
            *(never_called(tree) if found.kind == "script" else ()),
            *{
                _NOTES[each].template: _NOTES[each] for each in sorted(used & _NOTES.keys())
            }.values(),
        ),
    )


def _asked(found: Outline) -> str | None:
    """The function that is asked about; of an expression all is, of a script none."""
    return None if found.kind == "script" else found.function or ""


_STOPS = Message(N_("The program does not stop here for a debugger: that line does nothing."))
_NOTES = {
    "builtins.breakpoint": _STOPS,
    "pdb.set_trace": _STOPS,
    "ipdb.set_trace": _STOPS,
    **dict.fromkeys(
        ("torch.empty", "torch.empty_like"),
        Message(N_("torch.empty holds zeros here, and elsewhere whatever stood in that memory.")),
    ),
    "torch.save": Message(
        N_("torch.save writes no file here: what it was given is kept until the run ends.")
    ),
    "torch.compile": Message(
        N_("torch.compile compiles nothing here: the code runs as it is written.")
    ),
}
"""What is to be said of names whose effect is not quite what it is elsewhere."""


def _left_out(typed: str, code: str) -> tuple[Message, ...]:
    """What is to be said of lines that are no code and were passed over."""
    passed = passed_over(typed, code)
    return (of_lines(*NO_CODE, passed),) if passed else ()


NO_CODE: Final = (
    N_("Skipped, because it is not code: line {lines}."),
    N_("Skipped, because it is not code: lines {lines}."),
)


def _without_reports(tree: SyntaxTree, scopes: Scopes) -> tuple[SyntaxTree, Scopes, list[int]]:
    """The tree without what only writes files or logs, and the lines of that."""
    source, lines = without_reports(tree, scopes)
    if not lines:
        return tree, scopes, []
    tree = SyntaxTree.of(source)
    return tree, Scopes(tree), lines


def _said_of(reports: list[int]) -> tuple[Message, ...]:
    """What is to be said of reports that were passed over."""
    return (of_lines(*REPORTED, reports),) if reports else ()


REPORTED: Final = (
    N_(
        "Skipped, because nothing is written or sent from here, and no number depends on it:"
        " line {lines}."
    ),
    N_(
        "Skipped, because nothing is written or sent from here, and no number depends on it:"
        " lines {lines}."
    ),
)


def _with_allowed_imports(tree: SyntaxTree, scopes: Scopes) -> tuple[SyntaxTree, Scopes, list[str]]:
    """The tree without imports that cannot be had and that nothing uses, and what they named."""
    if not any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in tree.nodes):
        return tree, scopes, []
    source, passed = as_allowed(tree, scopes)
    if source == tree.source or not source.strip():
        return tree, scopes, []
    try:
        tree = SyntaxTree.of(source)
    except ProgramRejected:
        return tree, scopes, []
    return tree, Scopes(tree), passed


def _passed_over(names: list[str]) -> tuple[Message, ...]:
    """What is to be said of imports that were passed over."""
    if not names:
        return ()
    shown = ", ".join(names[:MOST_NAMED]) + (", …" if names[MOST_NAMED:] else "")
    return (Message(PASSED_OVER, {"names": shown[:900]}),)


PASSED_OVER: Final = N_("Not imported, because it is not here and nothing uses it: {names}.")


def _check_raised(tree: SyntaxTree) -> None:
    """`xⁿ` is one name to Python, and another than meant."""
    if not any(unicodedata.decomposition(each).startswith("<super>") for each in set(tree.source)):
        return
    for node in tree.nodes:
        if isinstance(node, ast.Name) and (text := tree.text(node)) != node.id:
            raise ProgramRejected(
                problem(
                    N_("Python takes {found} for the name {name}."),
                    N_("Write a power with two stars: x**n."),
                    span=tree.span(node),
                    found=text[:80],
                    name=node.id[:80],
                )
            )


def _whole(tree: SyntaxTree) -> Span:
    return Span(1, 0, len(tree.lines), len(tree.lines[-1]))


def _inputs(tree: SyntaxTree, found: Outline) -> tuple[Input, ...]:
    """The inputs; raises `ProgramRejected` if there are too many, or a default may not stand."""
    if len(found.inputs) > MAX_INPUTS:
        raise ProgramRejected(
            problem(
                N_("The expression has too many names: {count}."),
                N_("At most {limit} are allowed: put several numbers into one tensor."),
                count=str(len(found.inputs)),
                limit=str(MAX_INPUTS),
            )
        )
    return inputs_of(tree, found.inputs, found.starts)


def check_input(name: str, text: str, program: Program) -> str:
    """The checked text of an input, without surrounding blanks; raises `InputRejected`.

    A number (`1.5`, `-pi/2`), a list of numbers, or a call that makes a tensor; an integer input
    takes a whole number.
    """
    known = {each.name: each for each in program.inputs}
    if name not in known:
        raise InputRejected(
            problem(
                N_("The program has no input named {name}."),
                N_("Its inputs are: {inputs}.") if known else N_("It has no inputs."),
                name=name[:80].encode(errors="replace").decode(),
                inputs=", ".join(known),
            )
        )
    checked = _checked_value(text, name)
    if known[name].integer and not is_whole(checked):
        raise InputRejected(
            msgspec.structs.replace(
                problem(
                    N_("{name} counts or indexes: it takes a whole number."),
                    N_("Type a whole number such as 3."),
                    name=name,
                ),
                input=name,
            )
        )
    return checked


def read_input(name: str, text: str, program: Program) -> str:
    """As `check_input`, but the text may be written as on paper or with a Chinese keyboard's signs:
    `－４`, `［１，２］`, `2π`, `√2`, or as numbers are typed: `x = 3`, `1 2 3`, `1,000`. It gives
    the text in Python's signs.
    """
    starts = {each.name: each.start for each in program.inputs}
    check_sure(text, name, starts.get(name, ""))
    if (value := as_value(text, name)) is not None:
        text = value
    try:
        return check_input(name, text, program)
    except InputRejected as error:
        meant = as_code(text)
        if meant is None:
            raise
        try:
            return check_input(name, meant, program)
        except InputRejected as other:
            if error.problem.message.template == NO_SIGN:
                said = msgspec.structs.replace(other.problem, span=None)
                raise InputRejected(said) from None  # `3x`: its mend would be refused as well
        raise


def check_gradient(text: str) -> str:
    """The checked text of `gradient=`; raises `InputRejected`."""
    return _checked_value(text, "gradient")


def _checked_value(text: str, name: str) -> str:
    """A text that is one expression without names of its own."""
    value = text.strip()
    try:
        if not value or len(value) > MAX_TYPED or "\n" in value:
            raise ProgramRejected(
                problem(
                    N_("This is not a value: it is empty or too long."),
                    _EXAMPLES,
                )
            )
        _check_expression(value)
    except ProgramRejected as error:
        found = error.problem
        if found.remedy.template in (
            NO_VALUE,
            UNKNOWN_CALL,
            FALLBACK,
        ):  # a value has no names of its own
            found = msgspec.structs.replace(found, remedy=Message(_EXAMPLES))
        lead = len(text) - len(text.lstrip())
        raise InputRejected(
            msgspec.structs.replace(found, input=name[:80], span=_moved(found.span, lead))
        ) from None
    return value


_EXAMPLES = N_("Type a number, a list such as [1, 2, 3], or torch.randn(2, 3).")


def _moved(span: Span | None, columns: int) -> Span | None:
    if span is None:
        return None
    return Span(span.line, span.column + columns, span.end_line, span.end_column + columns)


def _check_expression(value: str) -> None:
    tree = SyntaxTree.of(value)
    check_constructs(tree)
    check_placement(tree)
    scopes = Scopes(tree)
    body = tree.module.body
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        raise ProgramRejected(problem(N_("This is a statement, not a value."), _EXAMPLES))
    for node in tree.nodes:
        if isinstance(node, ast.Lambda | ast.NamedExpr | ast.JoinedStr):
            raise ProgramRejected(
                problem(N_("This is not a value."), _EXAMPLES, span=tree.span(node))
            )
    check_names(tree, scopes, frozenset())
    check_calls(tree, scopes, frozenset())
