"""Mends of classes: `self`, `super().__init__()`, names of methods, brackets behind a class.

Each takes the source, the span that failed and the spans of the backward calls before it; it gives
the whole program anew, or `None` where the change is not that simple.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from viz.program.slips.spelling import slips
from viz.records import Span
from viz.tracing.hints.mends.edits import Edit, assigned_to, call_at, edited, nodes, text_of
from viz.tracing.source_map import SourceMap

Earlier = tuple[Span, ...]


def _classes(source: SourceMap) -> Iterator[ast.ClassDef]:
    return (each for each in nodes(source) if isinstance(each, ast.ClassDef))


def _methods(of: ast.ClassDef) -> dict[str, ast.FunctionDef]:
    return {each.name: each for each in of.body if isinstance(each, ast.FunctionDef)}


def with_self(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with `self` in the one method that lacks it."""
    del span, earlier
    edits: list[Edit] = []
    for each in _classes(source):
        for method in _methods(each).values():
            given = method.args.posonlyargs + method.args.args
            lacks = not given or given[0].arg not in ("self", "cls", "ctx")
            if lacks and not method.decorator_list and "Function" not in _bases(each):
                line = source.lines[method.lineno - 1]
                column = line.index("(", method.col_offset) + 1
                place = Span.in_line(method.lineno, column, column)
                edits.append((place, "self, " if given or method.args.kwonlyargs else "self"))
    return edited(source, edits) if len(edits) == 1 else None


def _bases(of: ast.ClassDef) -> str:
    return " ".join(map(ast.unparse, of.bases))


def with_super(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with `super().__init__()` where the `__init__` around the place begins."""
    del earlier
    for each in _classes(source):
        method = _methods(each).get("__init__")
        if method is None or not method.lineno <= span.line <= (method.end_lineno or 0):
            continue
        first = method.body[0]
        if "super" in text_of(source, method) or first.lineno == method.lineno:
            return None
        lines = list(source.lines)
        lines.insert(first.lineno - 1, " " * first.col_offset + "super().__init__()")
        return "\n".join(lines)
    return None


def own_super(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`super(Other, self)` as `super()`."""
    del earlier
    for node in nodes(source):
        match node:
            case ast.Call(func=ast.Name(id="super"), args=[ast.Name(id=name), _]) if (
                node.lineno == span.line and name == source.text(span)
            ):
                return edited(source, [(node, "super()")])
    return None


def of_self(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`fc(x)` in a method as `self.fc(x)`, where `__init__` sets that."""
    del earlier
    name = source.text(span)
    for each in _classes(source):
        inside = each.lineno <= span.line <= (each.end_lineno or 0)
        if inside and name.isidentifier() and _sets(each, name):
            return span.replaced(source.lines, f"self.{name}")
    return None


def _sets(of: ast.ClassDef, name: str) -> bool:
    return any(
        isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and each.attr == name
        for each in ast.walk(of)
    )


def kept_on_self(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`fc = nn.Linear(2, 1)` of an `__init__` as `self.fc = …`, if a method asks for `self.fc`."""
    del earlier
    asked = re.fullmatch(r"self\.(\w+)", source.text(span))
    if asked is None:
        return None
    for each in _classes(source):
        if not each.lineno <= span.line <= (each.end_lineno or 0):
            continue
        methods = _methods(each)
        if "__init__" not in methods:
            return _renamed(source, methods, "__init__")
        for node in methods["__init__"].body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name) as target]) if name == asked[1]:
                    return edited(source, [(target, f"self.{name}")])
    return None


def as_forward(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`def foward(self, x)` by its right name; one that stands within `__init__` beside it."""
    del span, earlier
    for each in _classes(source):
        methods = _methods(each)
        if "forward" in methods or "Module" not in _bases(each):
            continue
        for outer in methods.values():
            for inner in outer.body:
                if isinstance(inner, ast.FunctionDef) and inner.name == "forward":
                    return _beside(source, inner, outer)
        return _renamed(source, methods, "forward")
    return None


def as_init(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`def _init_(self, data)`, `def __int__(self, data)` of the called class by its right name."""
    del earlier
    call = call_at(source, span)
    for each in _classes(source):
        methods = _methods(each)
        called = call is not None and isinstance(call.func, ast.Name) and call.func.id == each.name
        if called and "__init__" not in methods:
            return _renamed(source, methods, "__init__")
    return None


def _renamed(source: SourceMap, methods: dict[str, ast.FunctionDef], meant: str) -> str | None:
    """The program with the one method by another name that this one was mistyped for."""
    near = [
        each
        for name, each in methods.items()
        if slips(name.strip("_"), meant.strip("_")) <= 1 and name != meant
    ]
    if len(near) != 1:
        return None
    line = source.lines[near[0].lineno - 1]
    column = line.index(near[0].name, near[0].col_offset + len("def"))
    place = Span.in_line(near[0].lineno, column, column + len(near[0].name))
    return place.replaced(source.lines, meant)


def _beside(source: SourceMap, inner: ast.FunctionDef, outer: ast.FunctionDef) -> str | None:
    less = inner.col_offset - outer.col_offset
    lines = list(source.lines)
    for number in range(inner.lineno, (inner.end_lineno or 0) + 1):
        if lines[number - 1].strip():
            lines[number - 1] = lines[number - 1][less:]
    return "\n".join(lines) if less > 0 and inner is outer.body[-1] else None


def made(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`net = Net` as `net = Net()`, of a class that is made of nothing."""
    del earlier
    root = re.match(r"\w+", source.text(span))
    given = re.search(r"\((\w+)\.parameters\(\)", source.text(span))
    name = given[1] if given else root[0] if root else ""
    simple = {each.name for each in _classes(source) if _takes_nothing(each)}
    edits: list[Edit] = [
        (each.value, f"{each.value.id}()")
        for each in assigned_to(source, name)
        if isinstance(each.value, ast.Name) and each.value.id in simple
    ]
    return edited(source, edits) if len(edits) == 1 else None


def _takes_nothing(of: ast.ClassDef) -> bool:
    method = _methods(of).get("__init__")
    return method is None or len(method.args.args) - len(method.args.defaults) == 1


def applied(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`Square(x)` of a Function as `Square.apply(x)`, and `Square()(x)` too."""
    del earlier, span
    own = {each.name for each in _classes(source) if _FUNCTION.search(_bases(each))}
    edits: list[Edit] = []
    for node in nodes(source):
        match node:
            case ast.Call(func=ast.Name(id=name) as function, args=[_, *_]) if name in own:
                edits.append((function, f"{name}.apply"))
            case ast.Call(func=ast.Call(func=ast.Name(id=name), args=[]) as function) if (
                name in own
            ):
                edits.append((function, f"{name}.apply"))
    return edited(source, edits)


def as_static(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """A Function as torch had it: `@staticmethod` above its methods, called by `apply`."""
    methods = [
        method
        for each in _classes(source)
        if _FUNCTION.search(_bases(each))
        for method in _methods(each).values()
        if method.name in ("forward", "backward") and not method.decorator_list
    ]
    lines = list(source.lines)
    for each in sorted(methods, key=lambda one: -one.lineno):
        lines.insert(each.lineno - 1, " " * each.col_offset + "@staticmethod")
    text = "\n".join(lines)
    if not methods:
        return None
    return applied(SourceMap(text, source.filename), span, earlier) or text


_FUNCTION: Final = re.compile(r"(?:^|\.)Function\b")
