"""Imports as they may stand here: what nothing uses is passed over, `*` becomes the names meant.

`as_allowed(tree, scopes)` gives the source with as many lines and the names that it lacks now. In
place of an import of what is not here stands nothing, or `pass`, if the program uses nothing of
it: a notebook has that module, and is none the wiser. `from math import *` becomes an import of the
names of `math` that the program reads; what is taken from a file of torch's that is not looked at
(`from torch.functional import F`) is taken from where torch documents the same. All else stays
where it stood.
"""

from __future__ import annotations

import ast

from viz.program.allowlist import allowed
from viz.program.allowlist.homes import home_of, package_of
from viz.program.names.modules import Modules
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_NAME, Span

AS_PART = {"torch.backends.cudnn": "torch.backends"}
"""Modules that stand here as a part of another one."""


def as_allowed(tree: SyntaxTree, scopes: Scopes) -> tuple[str, list[str]]:
    """The source, its imports as they may stand, and the full names that were passed over."""
    modules = Modules(tree, scopes)
    lines = list(tree.lines)
    passed: list[str] = []
    edits: list[tuple[Span, str]] = []
    for node in tree.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            missing, text = _stands(node, modules)
            passed += [_full_name(node, each) for each in missing]
            if text is not None:
                edits.append((tree.span(node), text))
        elif isinstance(node, ast.Attribute) and (package := _within_file(modules, node)):
            edits.append((tree.span(node.value), tree.text(package)))
        elif isinstance(node, ast.Attribute) and _is_torch_of_torch(modules, node):
            edits.append((tree.span(node), tree.text(node.value)))
    for span, text in sorted(edits, key=lambda each: (each[0].line, each[0].column), reverse=True):
        _write(lines, span, text)
    return "\n".join(lines), passed


def _stands(
    node: ast.Import | ast.ImportFrom, modules: Modules
) -> tuple[list[ast.alias], str | None]:
    """What an import brings that nothing uses and is not here, and what may stand in its place."""
    homes = _homes(node, modules)
    missing = [each for each in modules.left_out(node) if each not in homes]
    if not missing and not homes:
        return [], _as_part(node) or modules.of_star(node)
    rest = modules.without(node, [*missing, *homes])
    texts = [] if homes and rest in ("", "pass") else [rest]
    return missing, "; ".join([*texts, *homes.values()])


def _full_name(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    taken_from = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
    return f"{taken_from}{alias.name}"[:MAX_NAME]


def _as_part(node: ast.Import | ast.ImportFrom) -> str | None:
    """`import torch.backends.cudnn as cudnn`, said as `from torch.backends import cudnn`."""
    match node:
        case ast.Import(names=[ast.alias(name=name, asname=str(other))]) if name in AS_PART:
            part = name.rpartition(".")[2]
            return f"from {AS_PART[name]} import {part}" + (f" as {other}" if other != part else "")
        case _:
            return None


def _homes(node: ast.Import | ast.ImportFrom, modules: Modules) -> dict[ast.alias, str]:
    """What is missing and allowed elsewhere, with the imports of the same from there."""
    homes = {each: _home(node, each) for each in modules.missing(node)}
    return {each: home for each, home in homes.items() if home is not None}


def _home(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str | None:
    """An import of one name from where it is allowed."""
    if isinstance(node, ast.Import):
        package = package_of(alias.name)
        return package and (
            _imported(package, alias.asname) if alias.asname else f"import {package}"
        )
    known = alias.asname or alias.name
    module = "" if node.level else node.module or ""
    if (found := home_of(module, alias.name)) is not None:
        return _imported(".".join(filter(None, found)), known)
    package = package_of(f"{module}.{alias.name}")
    return package and _imported(package, known)


def _imported(full: str, known: str) -> str:
    module, _, name = full.rpartition(".")
    start = f"from {module} import {name}" if module else f"import {name}"
    return start if known == name else f"{start} as {known}"


def _is_torch_of_torch(modules: Modules, node: ast.Attribute) -> bool:
    """Whether it is `torch.torch`, which is torch."""
    alone = isinstance(node.value, ast.Name) and node.lineno == node.end_lineno
    return alone and node.attr == "torch" and modules.of(node.value) == "torch"


def _within_file(modules: Modules, node: ast.Attribute) -> ast.expr | None:
    """The package in `nn.modules.loss.L1Loss`, if it has the same by that name."""
    names: list[str] = []
    part: ast.expr = node.value
    while isinstance(part, ast.Attribute) and modules.of(part) is None and len(names) < DEEPEST:
        names.insert(0, part.attr)
        part = part.value
    file = ".".join([modules.of(part) or "", *names])
    if node.attr in allowed.MODULES.get(file, ()):
        return None
    package = package_of(file)
    if package is None or home_of(file, node.attr) != (package, node.attr):
        return None
    while isinstance(part, ast.Attribute) and modules.of(part) != package:
        part = part.value
    on_one_line = part.end_lineno == node.value.end_lineno
    return part if on_one_line and modules.of(part) == package else None


DEEPEST = 4
"""Names in a row below a module that are looked at."""


def _write(lines: list[str], span: Span, text: str) -> None:
    """Puts a text in a place: what follows it keeps its line, and its column if there is room."""
    first, last = span.line - 1, span.end_line - 1
    before, after = lines[first][: span.column], lines[last][span.end_column :]
    lines[first : last + 1] = [before + text, *[""] * (last - first)]
    width = span.end_column if after.strip() else 0
    lines[last] = lines[last].ljust(width) + after.rstrip()
