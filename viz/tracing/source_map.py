"""Where in the source: from a running frame to the exact sub-expression and what it is part of.

`SourceMap.site_at(code, lasti)` tells for an instruction of a frame which `Span` of the source it
belongs to, the name its value is assigned to, whether it stands in a loop, and the statement whose
test it is. Positions come from the code object (`co_positions`), their meaning from the syntax
tree of the same text. Nothing is executed here.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import CodeType, FrameType, FunctionType, TracebackType
from typing import Any, Final, Literal

from viz.program.syntax.placement import FUNCTIONS
from viz.records import MAX_NAME, Span, Statement, characters
from viz.tracing.bytecode.callables import innermost, own_call, unwrapped
from viz.tracing.bytecode.stored_names import COMPARING, in_loop, stored_name, variables, within
from viz.trees import parse, parse_expression

LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
Position = tuple[int, int, int, int]
Role = Literal["own", "own method", "method", "building", "calling", "other", "compiled"]
"""Of code: the program's own, a module's method, what makes modules' parameters, what calls a
module, or else."""
MOST_LEARNT: Final = 1_000
NOWHERE = "<no source>"
"""The file of what is not written in Python: no frame runs it."""


@dataclass(frozen=True)
class Site:
    """A place of the source that does something: its span (`None` where nobody kept the text), and
    what it is part of.
    """

    span: Span | None
    name: str | None = None
    in_loop: bool = False
    statement: Statement = "expression"


class SourceMap:
    """The spans of one program; `first_line` and `indent` place it in its file."""

    def __init__(self, source: str, filename: str, first_line: int = 1, indent: int = 0) -> None:
        self.filename = filename
        self.first_line = first_line
        self.indent = indent
        self.lines = source.split("\n")
        self.last_line = first_line + len(self.lines) - 1
        self.tree = parsed(source)
        self._parents = {
            child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)
        }
        self._nodes = _by_position(self.tree)
        # keyed by id, because hashing a code object hashes its constants; `_codes` keeps them alive
        self._sites: dict[tuple[int, int], Site | None] = {}
        self._places: dict[tuple[int, Position], Site] = {}
        self._codes: list[CodeType] = []
        self._decoded: dict[int, list[tuple[int | None, ...]]] = {}
        self.roles: dict[int, Role] = {}
        """What code is for this program, by identity; see `learn`."""
        self._learnt: list[CodeType] = []

    def learn(self, code: CodeType, role: Role) -> None:
        """Keeps what some code is for this program."""
        if len(self._learnt) >= MOST_LEARNT:
            self.roles.clear()
            self._learnt.clear()
        self._learnt.append(code)  # holds what it names: an id is only good while its object lives
        self.roles[id(code)] = role

    def owns(self, frame: FrameType) -> bool:
        """Whether a frame runs code of this program."""
        code = frame.f_code
        return (
            code.co_filename == self.filename
            and self.first_line <= code.co_firstlineno <= self.last_line
        )

    def site_at(self, code: CodeType, lasti: int) -> Site | None:
        """The place of one instruction; one object for all instructions of one span."""
        key = (id(code), lasti)
        if key not in self._sites:
            self._sites[key] = self._looked_up(code, lasti)
        return self._sites[key]

    def failure_span(self, traceback: TracebackType | None) -> Span | None:
        """The innermost place of this program that an exception passed through."""
        found: Span | None = None
        while traceback is not None:
            if self.owns(traceback.tb_frame):
                site = self.site_at(traceback.tb_frame.f_code, traceback.tb_lasti)
                # a frame that had just been entered stands at no text yet: its call is the place
                if site is not None and site.span is not None and self.text(site.span):
                    found = site.span
            traceback = traceback.tb_next
        return found

    @cached_property
    def statement_lines(self) -> list[int]:
        """The lines on which a statement starts, ascending; docstrings and `def` lines left out."""
        statements = (node for node in ast.walk(self.tree) if isinstance(node, ast.stmt))
        return sorted({node.lineno for node in statements if _runs(node)})

    @cached_property
    def inner_lines(self) -> set[int]:
        """The lines of statements inside functions: those that run when one is called."""
        functions = (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef))
        return {
            node.lineno
            for function in functions
            for part in function.body
            for node in ast.walk(part)
            if isinstance(node, ast.stmt)
        }

    @cached_property
    def heads(self) -> dict[int, int]:
        """First line → last line, of statements that Python comes back to before they are done.

        It visits the first line of a call over several lines again when the arguments are there,
        and that of a `with` when its block is left: not another turn.
        """
        statements = (node for node in ast.walk(self.tree) if isinstance(node, ast.stmt))
        return {
            node.lineno: last for node in statements if (last := _last_of_head(node)) > node.lineno
        }

    @cached_property
    def assigned(self) -> set[str]:
        """The names that the program itself gives, parameters included."""
        stored: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                stored.add(node.id)
            elif isinstance(node, ast.arg):
                stored.add(node.arg)
        return stored

    @cached_property
    def running(self) -> set[str]:
        """The variables of loops."""
        loops = (ast.For, ast.comprehension)
        targets = (node.target for node in ast.walk(self.tree) if isinstance(node, loops))
        return {
            node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)
        }

    def comprehends(self, code: CodeType, lasti: int) -> bool:
        """Whether an instruction stands in a comprehension that Python runs as a part of the
        statement around it (from 3.12 on): its rounds are not the statement's.
        """
        if not self._comprehensions:
            return False
        position = self._position_of(code, lasti)
        return position is not None and any(
            start <= position[:2] and position[2:] <= end for start, end in self._comprehensions
        )

    @cached_property
    def _comprehensions(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Where each list, set and dict that is written with `for` begins and ends."""
        if sys.hexversion < 0x030C0000:  # 3.12
            return []
        return [
            ((node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0))
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp)
        ]

    def text(self, span: Span) -> str:
        """The source text of a span."""
        return span.text(self.lines)

    def _looked_up(self, code: CodeType, lasti: int) -> Site | None:
        position = self._position_of(code, lasti)
        if position is None or not 1 <= position[0] <= position[2] <= len(self.lines):
            return None
        key = (id(code), position)
        if key not in self._places:
            self._places[key] = self._made(position)
        return self._places[key]

    def _position_of(self, code: CodeType, lasti: int) -> Position | None:
        """Where an instruction stands in the text."""
        if id(code) not in self._decoded:
            # Python decodes them from the first on, whichever is looked for
            self._decoded[id(code)] = list(code.co_positions())
            self._codes.append(code)
        places = self._decoded[id(code)]
        place = places[lasti // 2] if 0 <= lasti // 2 < len(places) else (None,) * 4
        line, end_line, column, end_column = place
        if line is None or end_line is None or column is None or end_column is None:
            return None
        before, indent = self.first_line - 1, self.indent
        return line - before, column - indent, end_line - before, end_column - indent

    def _made(self, position: Position) -> Site:
        node = self._nodes.get(position)
        around = self._parents.get(node) if isinstance(node, ast.Constant) else None
        if isinstance(around, ast.While) and around.test is node:
            # `while True` tests nothing: from 3.12 on its jump back has the place of `True`
            return self._made(_position(around))
        span = self._span(position)
        if node is None:
            return Site(span)
        return Site(span, self._target(node), self._in_loop(node), self._statement(node))

    def _span(self, position: Position) -> Span:
        line, column, end_line, end_column = position
        return Span(
            line,
            characters(self.lines[line - 1], column),
            end_line,
            characters(self.lines[end_line - 1], end_column),
        )

    def _ancestors(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        """Each (child, parent) from a node up to the root."""
        while node in self._parents:
            parent = self._parents[node]
            yield node, parent
            node = parent

    def _target(self, node: ast.AST) -> str | None:
        """The name that a node's value is assigned to."""
        if isinstance(node, ast.AugAssign):
            return _spelled(node.target)
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in COMPARING:
            return None
        parent = self._parents.get(node)
        if isinstance(parent, ast.Assign):
            return _spelled(parent.targets[0])
        if isinstance(parent, ast.AnnAssign | ast.NamedExpr | ast.AugAssign):
            return _spelled(parent.target) if parent.value is node else None
        if isinstance(parent, ast.Tuple):
            return self._tuple_target(node, parent)
        return None

    def _tuple_target(self, node: ast.AST, values: ast.Tuple) -> str | None:
        statement = self._parents.get(values)
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Tuple):
            return None
        targets = statement.targets[0].elts
        if len(targets) != len(values.elts):
            return None
        return _spelled(targets[[id(value) for value in values.elts].index(id(node))])

    def loops_around(self, line: int) -> dict[int, type[ast.AST]]:
        """The loops in whose rounds a line runs: the line of each head, `ast.For` or `While`."""
        return {
            node.lineno: type(node)
            for node in self._parents
            if isinstance(node, ast.For | ast.While)
            and node.lineno <= line <= (node.end_lineno or node.lineno)
        }

    def _in_loop(self, node: ast.AST) -> bool:
        for child, parent in self._ancestors(node):
            if isinstance(parent, FUNCTIONS):
                return False
            if isinstance(parent, LOOPS) and child is not getattr(parent, "iter", None):
                return True
        return False

    def _statement(self, node: ast.AST) -> Statement:
        for child, parent in self._ancestors(node):
            if child is getattr(parent, "test", None):
                return _STATEMENTS.get(type(parent), "expression")
            if isinstance(parent, ast.comprehension) and child in parent.ifs:
                return "comprehension"
            if isinstance(parent, ast.stmt):
                break
        return "expression"


class BareMap(SourceMap):
    """The places of a function whose text nobody kept (`exec`, `python -c`): their names alone."""

    def __init__(self, code: CodeType, filename: str) -> None:
        super().__init__("", filename, code.co_firstlineno)
        self._own = {code}
        waiting = [code]
        while waiting:
            inner = list(within(waiting.pop()))
            self._own.update(inner)
            waiting += inner
        self.assigned, self.running = variables(code)

    def owns(self, frame: FrameType) -> bool:
        """Whether a frame runs code of this function."""
        return frame.f_code in self._own

    def _looked_up(self, code: CodeType, lasti: int) -> Site | None:
        position = self._position_of(code, lasti)
        if position is None:
            return None
        key = (id(code), position)
        if key not in self._places:
            # the test of a `while` stands before its loop, and once more at its end
            same = [
                at for at in self._instructions(code) if self._position_of(code, at) == position
            ]
            name = stored_name(code, lasti)
            looped = any(in_loop(code, at) for at in same)
            self._places[key] = Site(None, name[:MAX_NAME] if name else None, looped)
        return self._places[key]

    def _instructions(self, code: CodeType) -> range:
        return range(0, 2 * len(self._decoded[id(code)]), 2)


_STATEMENTS: dict[type[ast.AST], Statement] = {
    ast.If: "if",
    ast.While: "while",
    ast.IfExp: "ternary",
    ast.Assert: "assert",
}


def parsed(source: str) -> ast.Module:
    """The syntax tree of a module's text; an expression may be indented or span lines."""
    try:
        return parse(source)
    except SyntaxError:
        body = ast.Expr(parse_expression(source.lstrip()))
        return ast.Module([ast.copy_location(body, body.value)], [])


def source_of(function: Callable[..., Any]) -> tuple[str, SourceMap]:
    """The dedented source of a Python function and its map; empty source when it cannot be read."""
    code = code_of(function)
    return _nowhere() if code is None else _source_of(code, code.co_filename)


def code_of(function: Callable[..., Any]) -> CodeType | None:
    """The code of a Python function, of the innermost one where decorators or partials wrap it; of
    a module that is not torch's own that of its `forward`, of what has its own `__call__` that.
    """
    inner = innermost(function)
    forward = getattr(type(inner), "forward", None)
    if (call := own_call(type(inner))) is not None:
        inner = unwrapped(call)
    elif isinstance(forward, FunctionType) and not type(inner).__module__.startswith("torch."):
        inner = unwrapped(forward)
    code = getattr(inner, "__code__", None)
    return code if isinstance(code, CodeType) else None


@lru_cache(maxsize=32)
def _source_of(code: CodeType, filename: str) -> tuple[str, SourceMap]:
    # equal code of two files compares equal: the file's name is asked for as well
    try:
        rows, first_line = inspect.getsourcelines(code)
        text = "".join(rows)
        dedented = textwrap.dedent(text).rstrip("\n")
        # what was taken off is less than the first line has where a text in the function has less
        indent = len(rows[0].rstrip("\n")) - len(dedented.split("\n")[0])
        return dedented, SourceMap(dedented, filename, max(first_line, 1), indent)
    except (OSError, SyntaxError, TypeError):
        return "", BareMap(code, filename)


@lru_cache(maxsize=1)
def _nowhere() -> tuple[str, SourceMap]:
    """Of what is not written in Python: the same map each time, for it never fills."""
    return "", SourceMap("", NOWHERE)


def _by_position(tree: ast.AST) -> dict[Position, ast.AST]:
    """The innermost node of each position; an expression wins over the statement around it."""
    found: dict[Position, ast.AST] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.expr | ast.stmt):
            found[_position(node)] = node
    return found


def _position(node: Any) -> Position:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _spelled(target: ast.AST) -> str | None:
    """How an assignment's target is written: `b`, `a, b`, `y[0]`."""
    if isinstance(target, ast.Tuple):
        return ast.unparse(target).removeprefix("(").removesuffix(")").rstrip(",")[:MAX_NAME]
    if isinstance(target, ast.Name | ast.List | ast.Subscript | ast.Attribute):
        return ast.unparse(target)[:MAX_NAME]
    return None


def _last_of_head(node: ast.stmt) -> int:
    """The last line up to which a statement is one: a block below it is not part of it."""
    match node:
        case ast.If(test=head) | ast.While(test=head) | ast.For(iter=head):
            return head.end_lineno or node.lineno
        case ast.FunctionDef() | ast.ClassDef() | ast.Try():
            return node.lineno
    return node.end_lineno or node.lineno


def _runs(node: ast.stmt) -> bool:
    """Whether a statement's line is counted: it does something when it is reached."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return False
    return not isinstance(node, ast.FunctionDef | ast.ClassDef)
