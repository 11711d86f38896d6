"""Leaving out what cannot be had here, with all that needs it: the rest means what it meant.

`without(source, tree, scopes, places)` puts a `#` before the smallest statements that hold the
places, and before every later one that would see something else without them: that reads a name
they set, or an object they change. It gives the text and the numbers of its lines. Places are nodes
of the tree; of an import those of its names that stay are kept.

A statement here is one of the program's outermost ones, of an `if` among these, of a `main` that
is called there once, or a method that nobody calls.
"""

from __future__ import annotations

import ast
import math
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from viz.program.allowlist.words import words
from viz.program.mending.reaching import Reaching
from viz.program.names.modules import Modules
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree, has_place


def without(
    source: str,
    tree: SyntaxTree,
    scopes: Scopes,
    places: Iterable[ast.AST],
    ends: float = math.inf,
) -> tuple[str, list[int]] | None:
    """The text without what the places need, and the lines it lacks; `None` if nothing is left, or
    if that takes the thread's processor time beyond `ends` (s).
    """
    leaving = _Leaving(tree, Modules(tree, scopes), Reaching(tree, scopes), ends)
    if not all(leaving.take(each) for each in places):
        return None
    leaving.close_all()
    if leaving.is_late() or not leaving.has_something(tree.module.body):
        return None
    return _commented(source, leaving)


@dataclass
class _Leaving:
    """What of a program is left out: whole statements, and some of an import's names."""

    tree: SyntaxTree
    modules: Modules
    reach: Reaching
    ends: float
    gone: set[ast.stmt] = field(default_factory=set)
    names: dict[ast.Import | ast.ImportFrom, list[ast.alias]] = field(default_factory=dict)

    def is_late(self) -> bool:
        """Whether there is no time left: what is still to be done is not done."""
        return time.thread_time() > self.ends

    def take(self, node: ast.AST) -> bool:
        """Leaves out the statement that holds a node; whether there is one."""
        statement = self.tree.parents.get(node)
        if isinstance(node, ast.alias) and isinstance(statement, ast.Import | ast.ImportFrom):
            self.names.setdefault(statement, []).append(node)
            if len(self.names[statement]) < len(statement.names):
                return True
        found = self._holding(node)
        if found is None:
            return False
        self.gone.add(found)
        for each in self._asking(found) if self._names_itself(found) else ():
            self.gone.update(filter(None, [self._holding(each)]))
        return True

    def _holding(self, node: ast.AST) -> ast.stmt | None:
        """A method that nobody calls, else the statement next to the program's outside."""
        around = [node, *self.tree.ancestors(node)]
        found = None
        for each in around:
            if isinstance(each, ast.FunctionDef) and self._is_idle(each):
                return each
            if isinstance(each, ast.stmt) and self.inner(self.tree.parents[each]):
                found = found or each
            elif isinstance(each, ast.stmt):
                found = None if not self.inner(each) else found
        return found

    def inner(self, node: ast.AST) -> bool:
        """Whether what stands in a node's body runs as what stands outside of everything."""
        if isinstance(node, ast.Module):
            return True
        if isinstance(node, ast.If):
            return self.inner(self.tree.parents[node])
        if not isinstance(node, ast.FunctionDef) or node.args.args or node.decorator_list:
            return False
        uses = self._uses(node.name)
        if len(uses) != 1 or not self.inner(self.tree.parents[node]):
            return False
        call = self.tree.parents[uses[0]]
        return isinstance(call, ast.Call) and isinstance(self.tree.parents.get(call), ast.Expr)

    def _uses(self, name: str) -> list[ast.AST]:
        return self.reach.uses.get(name, [])

    def _is_idle(self, function: ast.FunctionDef) -> bool:
        """Whether it is a method that neither the program nor what it descends from calls here."""
        name = function.name
        return (
            isinstance(self.tree.parents[function], ast.ClassDef)
            and name not in _CALLED
            and (not name.startswith("__") or name in _OF_PICKLES)
            and not self._uses(name)
        )

    def close_all(self) -> None:
        """Leaves out all that needs what is left out; a function may name what nobody sets now."""
        while True:
            self.close(self.tree.module.body, set())
            nowhere = self._nowhere()
            further = [
                each
                for each in self.tree.module.body
                if isinstance(each, ast.FunctionDef | ast.ClassDef)
                and each not in self.gone
                and not self.inner(each)
                and self.reach.reads(each) & nowhere
            ]
            if not further or self.is_late():
                return
            self.gone.update(further)

    def _nowhere(self) -> set[str]:
        """The names that only what is left out sets."""
        parts = [each for names in self.names.values() for each in names]
        lost = {*parts, *(one for each in self.gone for one in self.tree.within(each))}
        named = {name for each in self.gone for name in self.reach.sets(each)}
        named |= {each.asname or each.name.split(".")[0] for each in parts}
        binders = self.modules.scopes.binders
        return {name for name in named if all(each in lost for each in binders(name))}

    def close(self, body: list[ast.stmt], missing: set[str]) -> None:
        """Leaves out what reads a missing name; notes what is missing from there on."""
        for each in body:
            if self.is_late():
                return
            if each in self.gone or self._asks(each) & missing:
                self.gone.add(each)
                missing |= self.reach.sets(each) | self._changed(each)
            elif isinstance(each, ast.If | ast.FunctionDef) and self.inner(each):
                if isinstance(each, ast.FunctionDef):  # what it calls may be defined below it
                    missing |= self._nowhere()
                self.close(each.body, missing)
                self.close(getattr(each, "orelse", []), missing)
            elif each in self.names:
                missing |= {one.asname or one.name.split(".")[0] for one in self.names[each]}
            elif isinstance(each, ast.Assign) and self.tree.parents[each] is self.tree.module:
                missing -= self.reach.sets(each)

    def _asks(self, statement: ast.stmt) -> frozenset[str]:
        """What it reads; of one whose body is looked at by itself, what it asks first."""
        if isinstance(statement, ast.If) and self.inner(statement):
            return self.reach.reads(statement.test)
        if isinstance(statement, ast.FunctionDef) and self.inner(statement):
            return frozenset()
        return frozenset() if self._calls_main(statement) else self.reach.reads(statement)

    def _calls_main(self, statement: ast.stmt) -> bool:
        """Whether it calls a function whose body is looked at by itself."""
        call = statement.value if isinstance(statement, ast.Expr) else None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return False
        called = self.modules.scopes.binders(call.func.id)
        return bool(called) and all(
            isinstance(each, ast.FunctionDef) and self.inner(each) for each in called
        )

    def _changed(self, statement: ast.stmt) -> set[str]:
        """The names whose objects a statement changes, and what these were made of: an optimiser
        changes the layers whose parameters it was given, `backward` those that a loss is of.
        """
        if isinstance(statement, ast.Assign) and (
            _COMPILERS.match(self.tree.text(statement)) or self._names_itself(statement)
        ):
            return set()
        found = set(self.reach.changes(statement))
        waiting = list(found)
        while waiting and not self.is_late():
            name = waiting.pop()
            made_of = {one for maker in self._makers(name) for one in self.reach.reads(maker)}
            more = {each for each in made_of - found if self._learns(each)}
            waiting += more
            found |= more
        return found

    def _names_itself(self, statement: ast.stmt) -> bool:
        """Whether it sets what something is called, `f.__doc__ = …`."""
        match statement:
            case ast.Assign(targets=[ast.Attribute(attr="__name__" | "__doc__")]):
                return True
            case _:
                return False

    def _asking(self, statement: ast.stmt) -> list[ast.AST]:
        """Where the program asks for the attribute that a statement sets."""
        [target] = statement.targets  # type: ignore[attr-defined]
        asked = self._uses(target.attr)
        return [each for each in asked if isinstance(each, ast.Attribute) and each is not target]

    def _makers(self, name: str) -> list[ast.Assign]:
        """The assignments that make an object of others."""
        bound = (self.tree.parents.get(each) for each in self.modules.scopes.binders(name))
        return [each for each in bound if isinstance(each, ast.Assign)]

    def _learns(self, name: str) -> bool:
        """Whether a name may stand for something with parameters, or for their optimiser."""
        return any(
            _LEARNING.search(self.tree.text(each))
            or bool(self.reach.definitions.keys() & self.reach.reads(each.value))
            for each in self._makers(name)
        )

    def has_something(self, body: list[ast.stmt]) -> bool:
        """Whether something to look at is left: no import, no text or number that is only set."""
        return any(self._matters(each) for each in body if each not in self.gone)

    def _matters(self, statement: ast.stmt) -> bool:
        if isinstance(statement, ast.If | ast.FunctionDef) and self.inner(statement):
            return self.has_something(statement.body)
        if isinstance(statement, ast.Expr):
            return not isinstance(statement.value, ast.Constant) and not self._calls_main(statement)
        if isinstance(statement, ast.Assign) and (
            all(map(_only_says, ast.walk(statement.value))) or _only_makes(statement.value)
        ):
            return False
        if isinstance(statement, ast.FunctionDef):
            return any(isinstance(each, ast.Return) and each.value for each in ast.walk(statement))
        return not isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass)


def _only_says(node: ast.AST) -> bool:
    """Whether a part of a value is a number or a text that is written out: `batch_size = 128`."""
    return isinstance(node, _WRITTEN_OUT) or not has_place(node)


def _only_makes(value: ast.expr) -> bool:
    """Whether a value is what a computation begins with: a tensor of numbers, a layer."""
    if not isinstance(value, ast.Call):
        return False
    match value.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            inside = [each for one in (*value.args, *value.keywords) for each in ast.walk(one)]
            calls = any(isinstance(each, ast.Call | ast.BinOp) for each in inside)
            return not calls and (name in _MAKERS or name[0].isupper())
        case _:
            return False


_MAKERS: Final = frozenset(
    words(
        "tensor as_tensor array asarray ones zeros randn rand randint arange linspace full eye"
        " empty normal"
    )
)
_WRITTEN_OUT: Final = (*(ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.UnaryOp, ast.BinOp),)


_LEARNING: Final = re.compile(r"requires_grad|parameters\(|\bnn\.|Parameter|optim|Variable")
_COMPILERS: Final = re.compile(r"torch\._(?:dynamo|inductor|functorch)\.config\.")
"""How torch's compilers are told what to do: it changes no number."""
_CALLED: Final = frozenset(words("forward backward step setup_context jvp vmap extra_repr"))
_OF_PICKLES: Final = frozenset(words("__setstate__ __getstate__ __reduce__ __del__"))


def _commented(source: str, leaving: _Leaving) -> tuple[str, list[int]] | None:
    """The text with `# ` before every line of what is left out, `pass` where one has to stand."""
    lines, told = source.split("\n"), set[int]()
    shared = [each for each in leaving.gone if not _stands_alone(leaving.tree, each)]
    for each in sorted(shared, key=lambda one: (-one.lineno, -one.col_offset)):
        if not _in_place(leaving.tree, lines, each, "pass"):
            return None
        told.add(each.lineno)
    for statement, missing in leaving.names.items():
        if statement not in leaving.gone:
            text = leaving.modules.without(statement, missing)
            if not _in_place(leaving.tree, lines, statement, text):
                return None
            told.add(statement.lineno)
    for number in sorted({n for each in leaving.gone - {*shared} for n in _lines_of(each)}):
        if leaving.tree.lines[number - 1].strip():
            lines[number - 1] = _behind_indent(leaving, lines, number, "# ")
            told.add(number)
    for body in _empty(leaving):
        if body[0] not in shared:
            first = _lines_of(body[0])[0]
            lines[first - 1] = _behind_indent(leaving, lines, first, "pass  ")
    return "\n".join(lines), sorted(told)


def _in_place(tree: SyntaxTree, lines: list[str], statement: ast.stmt, text: str) -> bool:
    """Writes a text in a statement's place, if nothing else stands between its lines."""
    span = tree.span(statement)
    first, last = lines[span.line - 1], lines[span.end_line - 1]
    if span.line != span.end_line and last[span.end_column :].strip()[:1] not in ("", "#"):
        return False
    lines[span.line - 1] = (
        first[: span.column]
        + text
        + (last[span.end_column :] if span.line == span.end_line else "")
    )
    lines[span.line : span.end_line] = [""] * (span.end_line - span.line)
    return True


def _behind_indent(leaving: _Leaving, lines: list[str], number: int, text: str) -> str:
    code, line = leaving.tree.lines[number - 1], lines[number - 1]
    column = len(code) - len(code.lstrip())
    return f"{line[:column]}{text}{line[column:]}"


def _lines_of(statement: ast.stmt) -> range:
    decorators = [each.lineno for each in getattr(statement, "decorator_list", ())]
    first = min([statement.lineno, *decorators])
    return range(first, (statement.end_lineno or first) + 1)


def _empty(leaving: _Leaving) -> Iterator[list[ast.stmt]]:
    """The blocks of which nothing is left."""
    for node in leaving.tree.nodes:
        if isinstance(node, ast.If | ast.FunctionDef | ast.ClassDef):
            for body in (node.body, getattr(node, "orelse", [])):
                if (
                    body
                    and all(each in leaving.gone for each in body)
                    and not _within(leaving, node)
                ):
                    yield body


def _within(leaving: _Leaving, node: ast.AST) -> bool:
    return any(each in leaving.gone for each in [node, *leaving.tree.ancestors(node)])


def _stands_alone(tree: SyntaxTree, statement: ast.stmt) -> bool:
    """Whether nothing else stands on a statement's lines, comments aside."""
    span = tree.span(statement)
    before = tree.lines[span.line - 1][: span.column]
    after = tree.lines[span.end_line - 1][span.end_column :]
    return not before.strip() and after.strip()[:1] in ("", "#")
