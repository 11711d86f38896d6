"""What mends have in common: texts in the place of nodes, and where names come from."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from viz.records import Span
from viz.tracing.hints.brackets import place_of
from viz.tracing.source_map import SourceMap

Mend = Callable[[SourceMap, Span, tuple[Span, ...]], str | None]
When = Callable[[SourceMap, Span, tuple[Span, ...]], bool]
Edit = tuple[ast.expr | ast.stmt | Span, str]


def first_of(*mends: Mend) -> Mend:
    """The first of several mends that has something to change."""

    def mend(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
        found = (each(source, span, earlier) for each in mends)
        return next((each for each in found if each is not None), None)

    return mend


def changing(mend: Mend) -> When:
    """Whether a mend has something to change."""
    return lambda source, span, earlier: mend(source, span, earlier) is not None


def edited(source: SourceMap, edits: Iterable[Edit]) -> str | None:
    """The program with each text in its node's place; `None` where there are none, or two meet."""
    places = [
        (node if isinstance(node, Span) else place_of(node, source.lines), text)
        for node, text in edits
    ]
    places.sort(key=lambda each: (each[0].line, each[0].column), reverse=True)
    lines, before = source.lines, (len(source.lines) + 1, 0)
    for place, text in places:
        if (place.end_line, place.end_column) > before:
            return None
        before = (place.line, place.column)
        lines = place.replaced(lines, text).split("\n")
    return "\n".join(lines) if places else None


def text_of(source: SourceMap, node: ast.expr | ast.stmt) -> str:
    """A node's own text."""
    return source.text(place_of(node, source.lines))


def nodes(source: SourceMap) -> Iterator[ast.AST]:
    """All nodes of the program."""
    return ast.walk(source.tree)


def assigned_to(source: SourceMap, name: str) -> list[ast.Assign | ast.AugAssign]:
    """The statements that give a name its value."""
    return _assignments(source).get(name, [])


@functools.lru_cache(maxsize=1)
def _assignments(source: SourceMap) -> dict[str, list[ast.Assign | ast.AugAssign]]:
    found: dict[str, list[ast.Assign | ast.AugAssign]] = {}
    for node in nodes(source):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=target)])
                | ast.AugAssign(target=ast.Name(id=target))
            ):
                found.setdefault(target, []).append(node)
    return found


def names_in(node: ast.AST) -> set[str]:
    """The names that are read in a node."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def history(source: SourceMap, span: Span) -> list[ast.Assign | ast.AugAssign]:
    """The assignments that the failed expression's names come from, each once."""
    waiting = re.findall(r"(?<![\w.])[^\W\d]\w*", source.text(span))
    seen, found = set(waiting), dict[ast.Assign | ast.AugAssign, None]()
    while waiting:
        for each in assigned_to(source, waiting.pop()):
            found[each] = None
            more = names_in(each.value) - seen
            seen |= more
            waiting += more
    return list(found)


def node_at(source: SourceMap, span: Span) -> ast.expr | ast.stmt | None:
    """The expression or statement that failed."""
    for node in nodes(source):
        if isinstance(node, ast.expr | ast.stmt) and place_of(node, source.lines) == span:
            return node.value if isinstance(node, ast.Expr) else node
    return None


def call_at(source: SourceMap, span: Span) -> ast.Call | None:
    """The call that failed; of an attribute the call that it is of."""
    node = node_at(source, span)
    return node if isinstance(node, ast.Call) else None


def with_argument(source: SourceMap, call: ast.Call, argument: str) -> Edit:
    """The call with one more argument."""
    text = text_of(source, call)
    inside = text[:-1].rstrip().removesuffix(",")
    return call, f"{inside}{'' if inside.endswith('(') else ', '}{argument})"


def ancestors(source: SourceMap, node: ast.AST) -> Iterator[ast.AST]:
    """The nodes around a node."""
    around = _around(source)
    while (outer := around.get(node)) is not None:
        yield outer
        node = outer


def function_around(source: SourceMap, node: ast.AST) -> ast.FunctionDef | None:
    """The innermost function that a node stands in."""
    around = ancestors(source, node)
    return next((each for each in around if isinstance(each, ast.FunctionDef)), None)


@functools.lru_cache(maxsize=1)
def _around(source: SourceMap) -> dict[ast.AST, ast.AST]:
    return {child: each for each in nodes(source) for child in ast.iter_child_nodes(each)}


def is_unrecorded(node: ast.AST) -> bool:
    """Whether it is a `with torch.no_grad():`."""
    return isinstance(node, ast.With) and any(
        _NO_GRAD.search(ast.unparse(each.context_expr)) for each in node.items
    )


_NO_GRAD: Final = re.compile(r"\b(?:no_grad|inference_mode)\b")
