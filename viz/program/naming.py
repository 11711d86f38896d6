"""Every name, attribute, keyword and import of a program against the allow-list.

`check_names(tree, scopes, inputs)` raises `ProgramRejected` at the first that is not allowed, and
gives the allowed names that are used. `inputs` are the free names of an expression.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable
from typing import Final

from viz.errors import N_, ProgramRejected, problem
from viz.program import names, remedies
from viz.program.modules import Modules
from viz.program.scopes import Scopes, bound_names
from viz.program.syntax import SyntaxTree
from viz.records import MAX_NAME, Problem, Span

_FALLBACK: Final = N_("Allowed are the names that the program defines, torch, math, F, nn and plt.")


def check_names(tree: SyntaxTree, scopes: Scopes, inputs: frozenset[str]) -> set[str]:
    """The allowed names that are used; raises `ProgramRejected`."""
    modules = Modules(tree, scopes)
    used: set[str] = set()
    for node in tree.nodes:
        for name in [*bound_names(node), *_further_names(node)]:
            _check_identifier(tree, node, name)
        match node:
            case ast.Name(ctx=ast.Load()):
                used |= _read(tree, scopes, modules, node, inputs)
            case ast.Attribute():
                used |= _attribute(tree, modules, node)
            case ast.Import() | ast.ImportFrom():
                modules.check_import(node)
    return used


def _further_names(node: ast.AST) -> list[str]:
    """Names that are written at a node and that `bound_names` does not list."""
    match node:
        case ast.Name(id=name) | ast.keyword(arg=str(name)):
            return [name]
        case ast.alias(name=name):
            return name.split(".")
        case _:
            return []


def _check_identifier(tree: SyntaxTree, node: ast.AST, name: str) -> None:
    if name.startswith("__"):
        raise ProgramRejected(
            problem(
                N_("{name} is not allowed: names with two underscores are Python's own."),
                N_("Use a name without underscores in front."),
                span=tree.first_line(node),
                name=name[:MAX_NAME],
            )
        )
    if len(name) > MAX_NAME:
        raise ProgramRejected(
            problem(
                N_("A name is too long."),
                N_("At most {limit} characters are allowed."),
                span=tree.first_line(node),
                limit=str(MAX_NAME),
            )
        )


def _read(
    tree: SyntaxTree, scopes: Scopes, modules: Modules, node: ast.Name, inputs: frozenset[str]
) -> set[str]:
    """The full name behind a bare one; nothing for the program's own."""
    module = modules.of(node)
    if module is not None:
        if not _is_asked(tree, node):
            raise ProgramRejected(_bare_module(tree, node, node.id))
        return {module}
    if scopes.sees(node) or node.id in inputs:
        return set()
    if node.id in names.BARE:
        return {names.BARE[node.id]}
    raise ProgramRejected(_unknown_name(tree, scopes, node))


def _is_asked(tree: SyntaxTree, node: ast.AST) -> bool:
    """Whether a module is used as `torch.something`."""
    parent = tree.parents.get(node)
    return isinstance(parent, ast.Attribute) and parent.value is node


def _attribute(tree: SyntaxTree, modules: Modules, node: ast.Attribute) -> set[str]:
    module = modules.of(node.value)
    allowed = names.OBJECT_ATTRIBUTES if module is None else names.MODULES[module]
    if node.attr not in allowed:
        raise ProgramRejected(_unknown_attribute(tree, node, module, allowed))
    if not isinstance(node.ctx, ast.Load):
        _check_assignable(tree, node, module)
    if modules.of(node) is not None and not _is_asked(tree, node):
        raise ProgramRejected(_bare_module(tree, node, tree.text(node)))
    return {f"{module or ''}.{node.attr}"}


def _check_assignable(tree: SyntaxTree, node: ast.Attribute, module: str | None) -> None:
    if module is None and node.attr in names.ASSIGNABLE:
        return
    raise ProgramRejected(
        problem(
            N_("{name} may not be assigned to."),
            N_("These attributes may be: {allowed}. Use a name of your own for anything else."),
            span=attribute_span(tree, node),
            name=node.attr[:MAX_NAME],
            allowed=", ".join(sorted(names.ASSIGNABLE)),
        )
    )


def attribute_span(tree: SyntaxTree, node: ast.Attribute) -> Span:
    """Where the attribute's own name stands: the end of `a.b.name`."""
    span = tree.span(node)
    start = max(span.end_column - len(node.attr), 0)
    return Span(span.end_line, start, span.end_line, span.end_column)


def _bare_module(tree: SyntaxTree, node: ast.AST, name: str) -> Problem:
    return problem(
        N_("{name} is a module and stands here alone."),
        N_("Write what you need of it, such as {name}.{example}."),
        span=tree.span(node),
        name=name[:MAX_NAME],
        example="sin" if name in ("torch", "math") else "…",
    )


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that looks most like a name, `None` if none does."""
    found = difflib.get_close_matches(name[:MAX_NAME], list(candidates), n=1, cutoff=0.6)
    return found[0] if found else None


def _unknown_name(tree: SyntaxTree, scopes: Scopes, node: ast.Name) -> Problem:
    close = nearest(node.id, {*names.BARE, *names.READY, *scopes.names()} - {node.id})
    if node.id in remedies.NAMES:
        message, remedy = N_("{name} is not allowed here."), remedies.NAMES[node.id]
    elif close is not None:
        message, remedy = N_("The name {name} is not known."), N_("Did you mean {close}?")
    else:
        message, remedy = N_("The name {name} is not known."), _FALLBACK
    return problem(
        message, remedy, span=tree.span(node), name=node.id[:MAX_NAME], close=close or ""
    )


def _unknown_attribute(
    tree: SyntaxTree, node: ast.Attribute, module: str | None, allowed: frozenset[str]
) -> Problem:
    shown = node.attr[:MAX_NAME]
    details = {"name": shown, "owner": module or "", "close": nearest(shown, allowed) or ""}
    message = N_("{owner}.{name} is not allowed.") if module else N_(".{name} is not allowed.")
    elsewhere = next((m for m in _ELSEWHERE if m != module and shown in names.MODULES[m]), None)
    if node.attr.startswith("__"):
        remedy = N_("Names with two underscores are Python's own: use what torch documents.")
    elif node.attr in remedies.ATTRIBUTES:
        remedy = remedies.ATTRIBUTES[node.attr]
    elif elsewhere is not None and module is not None:
        remedy, details["close"] = N_("Did you mean {close}?"), f"{elsewhere}.{shown}"
    elif details["close"]:
        remedy = N_("Did you mean {close}?")
    else:
        remedy = N_("Use what PyTorch's documentation lists for autograd, tensors and layers.")
    return problem(message, remedy, span=attribute_span(tree, node), **details)


_ELSEWHERE: Final = (
    "torch",
    "torch.nn.functional",
    "torch.nn",
    "torch.linalg",
    "torch.func",
    "torch.autograd",
    "torch.autograd.functional",
    "torch.special",
    "math",
)
