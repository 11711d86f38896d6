"""The functions of `math` that a program calls, which make plain numbers of its inputs: by their
module, by another name of it, or imported by their own.

`in_torch(source)` gives the first of those that torch has too, and the program with torch's for all
of them.
"""

from __future__ import annotations

import ast
import math
from typing import Final

import torch

from viz.program.allowlist.words import words
from viz.tracing.hints.mends.edits import Edit, edited, names_in, text_of
from viz.tracing.source_map import SourceMap

_NAMED: Final = {"fabs": "abs", "degrees": "rad2deg", "radians": "deg2rad"}
"""How torch calls what math calls otherwise."""
_ALIKE: Final = frozenset(
    words(
        "acos acosh asin asinh atan atanh ceil cos cosh erf erfc exp exp2 expm1 floor lgamma log"
        " log10 log1p log2 pow sin sinh sqrt tan tanh trunc"
    )
)
_NUMBERS: Final = frozenset({"math", "pi", "e", "tau", "inf"})


def in_torch(source: SourceMap) -> tuple[ast.Call, str, str] | None:
    """The first call of such a function, its name, and the program with torch's."""
    found = [(call, name) for call, name in _calls(source) if _meant(call, name)]
    found.sort(key=lambda each: (each[0].lineno, each[0].col_offset))
    if not found:
        return None
    mended = edited(source, [_edit(source, call, name) for call, name in found])
    return None if mended is None else (*found[0], mended)


def _edit(source: SourceMap, call: ast.Call, name: str) -> Edit:
    meant = _meant(call, name) or ""
    if name != "log" or len(call.args) == 1:
        return call.func, meant
    of, base = (text_of(source, each) for each in call.args)
    return call, f"({meant}({of})/math.log({base}))"


def _meant(call: ast.Call, name: str) -> str | None:
    """Torch's function; `None` where it is given numbers alone."""
    meant = _NAMED.get(name, name if name in _ALIKE else None)
    given = [names_in(each) - _NUMBERS for each in call.args]
    if meant is None or call.keywords or not given or not given[0] or not hasattr(torch, meant):
        return None
    fits = len(given) == 1 or (len(given) == len("ab") and name in ("log", "pow"))
    return f"torch.{meant}" if fits and (name != "log" or not any(given[1:])) else None


def _calls(source: SourceMap) -> list[tuple[ast.Call, str]]:
    """The calls of functions of `math`, with their names there."""
    modules, own = {"math"}, dict[str, str]()
    tree = list(ast.walk(source.tree))
    for node in tree:
        match node:
            case ast.Import(names=names):
                modules |= {each.asname for each in names if each.name == "math" and each.asname}
            case ast.ImportFrom(module="math", names=names):
                for each in names:
                    own |= (
                        {each.asname or each.name: each.name}
                        if each.name != "*"
                        else {name: name for name in dir(math)}
                    )
    found = []
    for node in tree:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)):
                if owner in modules:
                    found.append((node, name))
            case ast.Call(func=ast.Name(id=name)) if name in own:
                found.append((node, own[name]))
    return found
