"""A checked program and its inputs' texts → what the tracing room runs. In the child only.

This is the one place in the project where typed text is compiled. Positions stay those of the
source, so that every frame, traceback and span points at what was typed. A text that fails while
it is evaluated raises `InputRejected` (of an input, of `gradient=`) or `ProgramRejected` (of what
stands outside the function), in Python's or torch's own words.
"""

from __future__ import annotations

import ast
import math
import numbers
import warnings
from collections.abc import Callable
from types import CodeType
from typing import Any, Final

import torch

from viz.errors import N_, InputRejected, ProgramRejected, problem
from viz.records import Input, Message, Problem, Program, Question, Span
from viz.sandbox.child.timers import place_of
from viz.tracing.reach import reached
from viz.tracing.runnable import TYPED, CellCode, Runnable, Transcript
from viz.tracing.stopping import TimeIsUp
from viz.tracing.texts import own_words
from viz.tracing.typed.blocks import counted
from viz.tracing.typed.decided.attributes import decided
from viz.tracing.typed.loops import Loops, told
from viz.tracing.typed.numpy.random import seeded

# Python doubts some texts while it compiles them (`x is 1`); where that would be said, nobody
# reads, and nothing may turn it into an error.
warnings.filterwarnings("ignore", category=SyntaxWarning)

Namespace = dict[str, Any]
GRADIENT: Final = "gradient"
"""What the text of `gradient=` is called in messages."""
MOST_WORDS: Final = 900
"""Characters of an exception's words within a message."""
MAX_ELEMENTS: Final = 20_000_000
"""Elements of an input; each takes four bytes, its gradient four more."""


def runnable(question: Question, namespace: Callable[[Transcript], Namespace]) -> Runnable:
    """The question's program with its inputs, ready to run in a namespace of its own.

    Random input texts draw from the question's seed; so does the run, from the start again.
    """
    transcript = Transcript()
    names = namespace(transcript)
    seed(question.seed)
    inputs = tuple(_input(given, question.inputs, names) for given in question.program.inputs)
    seed(question.seed)
    program = question.program
    if program.kind == "script":
        names.update(
            {given.name: value for given, value in zip(program.inputs, inputs, strict=True)}
        )
        loops = Loops()
        cells = _cells(program, names, loops)
        return Runnable(program, None, inputs, cells, names, transcript, loops=loops)
    function = (
        _expression(program, names) if program.kind == "expression" else _last(program, names)
    )
    around = tuple(reached(function))
    return Runnable(program, function, inputs, (), names, transcript, around=around)


def gradient(question: Question, names: Namespace) -> torch.Tensor | None:
    """The value of the question's `gradient=`, drawn from its seed; `None` without one."""
    text = getattr(question, "gradient", None)
    if text is None:
        return None
    seed(question.seed)
    return _as_tensor(_evaluated(GRADIENT, text, names), GRADIENT)


def seed(number: int) -> None:
    """Starts torch's and numpy's random numbers anew, without looking for other devices."""
    torch.default_generator.manual_seed(number)
    seeded(number)


def _expression(program: Program, names: Namespace) -> Callable[..., Any]:
    """`sin(x)*y` as a function of its free names, in the order of the program's inputs."""
    statement = decided(program.source).body[-1]
    assert isinstance(statement, ast.Expr), "the checker found an expression"
    expression = statement.value
    return_ = ast.copy_location(ast.Return(expression), expression)
    function = ast.FunctionDef(
        name="f",
        args=ast.arguments(
            posonlyargs=[],
            args=[ast.copy_location(ast.arg(given.name), expression) for given in program.inputs],
            kwonlyargs=[],
            kw_defaults=[],
            defaults=[],
        ),
        body=[return_],
        decorator_list=[],
    )
    module = ast.Module([ast.copy_location(function, expression)], type_ignores=[])
    _run(ast.fix_missing_locations(module), names)
    return names["f"]  # type: ignore[no-any-return]


def _last(program: Program, names: Namespace) -> Callable[..., Any]:
    """The function whose parameters are the inputs."""
    _run(decided(program.source), names)
    function = names[program.function or ""]
    if not callable(function):
        raise ProgramRejected(
            problem(
                N_("{name} is not a function any more."),
                N_("Do not assign another value to its name."),
                name=str(program.function),
            )
        )
    return function  # type: ignore[no-any-return]


def _run(module: ast.Module, names: Namespace) -> None:
    """Runs what stands outside functions: definitions, imports, default values, decorators."""
    code = _compiled(module, "exec")
    try:
        exec(code, names)  # noqa: S102 - the child is where typed text runs
    except (Exception, TimeIsUp) as error:
        raise ProgramRejected(
            problem(
                N_("{type}: {words}"),
                N_("This happened before the function was called: look at its default values."),
                span=place_of(error, TYPED),
                type=type(error).__name__[:80],
                words=own_words(error, MOST_WORDS),
            )
        ) from error


def _compiled(tree: ast.Module | ast.Expression, mode: str) -> CodeType:
    """The code of a tree; some errors of syntax are found only here."""
    try:
        return compile(tree, TYPED, mode, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, OverflowError) as error:
        line = getattr(error, "lineno", None)
        raise ProgramRejected(
            problem(
                N_("Python does not take this program: {words}"),
                N_("Write this part more simply."),
                span=Span.in_line(line, 0, 0) if line else None,
                words=own_words(error, MOST_WORDS),
            )
        ) from error


def _cells(program: Program, names: Namespace, loops: Loops) -> tuple[CellCode, ...]:
    """Each cell's statements, and its last expression apart unless a semicolon hides it."""
    module = decided(program.source)
    counted(module, loops.blocks)
    told(module)
    names.update({**loops.names(), **loops.blocks.names()})
    lines = program.source.split("\n")
    return tuple(
        _cell(
            [node for node in module.body if span.line <= node.lineno <= span.end_line],
            lines,
            names,
        )
        for span in program.cells
    )


def _cell(statements: list[ast.stmt], lines: list[str], names: Namespace) -> CellCode:
    last: CodeType | None = None
    if statements and isinstance(shown := statements[-1], ast.Expr) and not _hidden(shown, lines):
        statements = statements[:-1]
        last = _compiled(ast.Expression(shown.value), "eval")
    body = _compiled(ast.Module(statements, type_ignores=[]), "exec")

    def run() -> Any:
        exec(body, names)  # noqa: S102 - the child is where typed text runs
        return None if last is None else eval(last, names)  # noqa: S307 - likewise

    return run


def _hidden(expression: ast.Expr, lines: list[str]) -> bool:
    """Whether a semicolon follows, as in a notebook."""
    line = lines[(expression.end_lineno or expression.lineno) - 1]
    rest = line.encode()[expression.end_col_offset or 0 :]
    return rest.lstrip().startswith(b";")


def _input(given: Input, texts: dict[str, str], names: Namespace) -> torch.Tensor | int:
    value = _evaluated(given.name, texts.get(given.name, given.start), names)
    if given.integer:
        return _as_int(value, given.name)
    return _as_tensor(value, given.name)


def _evaluated(name: str, text: str, names: Namespace) -> Any:
    """What an input's text means; in a namespace that forgets what the text might bind."""
    try:
        statement = decided(text.strip()).body[0]
        assert isinstance(statement, ast.Expr), "the checker found an expression"
        tree = ast.Expression(statement.value)
        code = compile(tree, f"<{name}>", "eval", dont_inherit=True)
        return eval(code, dict(names))  # noqa: S307 - the child is where typed text runs
    except (Exception, TimeIsUp) as error:
        raise _rejected(
            N_("{type}: {words}"),
            N_("Change the text of {name}."),
            name,
            type=type(error).__name__[:80],
            words=own_words(error, MOST_WORDS),
        ) from error


def _as_int(value: Any, name: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    single = isinstance(value, torch.Tensor) and value.numel() == 1
    if (single or isinstance(value, float)) and float(value).is_integer():
        return int(float(value))
    raise _rejected(
        N_("{name} is used as a count or an index, so it must be a whole number."),
        N_("Write one, such as 3."),
        name,
    )


def _as_tensor(value: Any, name: str) -> torch.Tensor:
    if isinstance(value, torch.Tensor):
        return _without_history(value, name)
    if isinstance(value, bool) or not isinstance(value, (numbers.Real, list, tuple)):
        raise _rejected(
            N_("{name} is a {type}, not a number or a tensor."),
            N_("Write a number, a list such as [1, 2, 3], or torch.arange(4.0)."),
            name,
            type=type(value).__name__[:80],
        )
    try:
        return torch.tensor(value, dtype=torch.float32)
    except OverflowError as error:
        raise _rejected(
            N_("{words}"),
            N_("Write a smaller number, such as 1e6."),
            name,
            words=own_words(error, MOST_WORDS),
        ) from error
    except (ValueError, TypeError, RuntimeError) as error:
        raise _rejected(
            N_("{words}"),
            N_("Write rows of equal length, such as [[1, 2], [3, 4]]."),
            name,
            words=own_words(error, MOST_WORDS),
        ) from error


def _without_history(value: torch.Tensor, name: str) -> torch.Tensor:
    """The tensor without a history, if it is one on which a run can compute."""
    if value.device.type != "cpu" or value.layout != torch.strided:
        raise _rejected(
            N_("{name} is a tensor without values here ({kind})."),
            N_("Use a dense tensor on the CPU."),
            name,
            kind=f"{value.device.type}, {value.layout}"[:80],
        )
    if math.prod(value.shape) > MAX_ELEMENTS:
        raise _rejected(
            N_("{name} has {count} elements."),
            N_("Use at most 20 million."),
            name,
            count=str(math.prod(value.shape)),
        )
    return value.detach().clone()


def _rejected(message: str, remedy: str, name: str, **details: str) -> InputRejected:
    details["name"] = name[:80]
    return InputRejected(
        Problem(Message(message, details), Message(remedy, details), input=name[:80])
    )
