"""The program with torch's functions for numpy's: for the failed one, and for those of the same
function that are given what it is given; where functions are all that there is, for those of all.
"""

from __future__ import annotations

import ast
import re
from typing import Final

from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.records import Span
from viz.tracing.hints.brackets import place_of
from viz.tracing.hints.mends.edits import (
    Edit,
    call_at,
    edited,
    function_around,
    names_in,
    nodes,
    text_of,
)
from viz.tracing.source_map import SourceMap

Earlier = tuple[Span, ...]

_ALIKE: Final = allowed.ELEMENTARY.keys() | set(
    words(
        "abs absolute square sum mean maximum minimum outer sign clip prod power matmul where"
        " zeros_like ones_like full_like argmax argmin einsum stack concatenate vstack hstack"
        " logaddexp isnan trace diff linalg.norm linalg.inv linalg.det linalg.solve"
    )
)
"""What numpy and torch mean the same by; `std`, `median`, `split` and others differ."""
_NAMED: Final = {
    "power": "pow", "max": "amax", "min": "amin", "amax": "amax", "amin": "amin", "dot": "matmul",
}  # fmt: skip
"""How torch calls what numpy calls otherwise."""
_NUMBER: Final = re.compile(r"-?\d[\d.e-]*")
_BOUNDS: Final = {"maximum": "min", "minimum": "max"}
"""The bound of torch.clamp that a number is in these."""


def is_alike(source: SourceMap, span: Span, earlier: Earlier) -> bool:
    """Whether a function of numpy's failed that torch has by the same name."""
    del earlier
    call = call_at(source, span)
    name = "" if call is None else _of_numpy(source, call)
    return call is not None and name in _ALIKE and _bound(call, name) is None


def is_named_otherwise(source: SourceMap, span: Span, earlier: Earlier) -> bool:
    """Whether a function of numpy's failed that torch has by another name."""
    del earlier
    call = call_at(source, span)
    name = "" if call is None else _of_numpy(source, call)
    return call is not None and (name in _NAMED or _bound(call, name) is not None)


def in_torch(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with `torch.sin(…)` for the failed `np.sin(…)`."""
    del earlier
    failed = call_at(source, span)
    if failed is None:
        return None
    function = function_around(source, failed)
    meant = [failed]
    last = source.tree.body[-1]
    together = [each for each in source.tree.body if isinstance(each, ast.FunctionDef)]
    if function is not None and last not in together:
        together = [function]  # others may be given arrays
    for each in together if function is not None else ():
        given = _given(each)
        calls = (call for call in ast.walk(each) if isinstance(call, ast.Call))
        meant += [call for call in calls if call is not failed and names_in(call) & given]
    return edited(source, [edit for each in meant for edit in _edits(source, each)])


def _of_numpy(source: SourceMap, call: ast.Call) -> str:
    """The name of the function behind `np.`, with `linalg.` before it, or of one that an import
    brings from there; nothing for others'."""
    before, _, name = ast.unparse(call.func).partition(".")
    if isinstance(call.func, ast.Name):
        return next((name for node in nodes(source) if (name := _brought(node, before))), "")
    return name if before in ("np", "numpy") else ""


def _brought(node: ast.AST, name: str) -> str:
    """The name in numpy of what `from numpy import sin as s` calls by a name."""
    if not isinstance(node, ast.ImportFrom) or node.module != "numpy":
        return ""
    own = (each.name for each in node.names if (each.asname or each.name) == name)
    starred = any(each.name == "*" for each in node.names)
    return next(own, name if starred and name in _ALIKE else "")


def _edits(source: SourceMap, call: ast.Call) -> list[Edit]:
    name = _of_numpy(source, call)
    if name not in _ALIKE and name not in _NAMED:
        return []
    bound = _bound(call, name)
    if bound is None:
        return [(call.func, f"torch.{_NAMED.get(name, name)}")]
    limit = f"{_BOUNDS[name]}={ast.unparse(bound)}"
    if bound is call.args[1]:
        return [(call.func, "torch.clamp"), (bound, limit)]
    first, second = (place_of(each, source.lines) for each in call.args)
    behind = Span(second.end_line, second.end_column, second.end_line, second.end_column)
    before = Span(first.line, first.column, second.line, second.column)
    return [(call.func, "torch.clamp"), (before, ""), (behind, f", {limit}")]


def _bound(call: ast.Call, name: str) -> ast.expr | None:
    """The number that `np.maximum(0, x)` compares with."""
    if name not in _BOUNDS or len(call.args) != 2 or call.keywords:
        return None
    numbers = [each for each in call.args if _NUMBER.fullmatch(ast.unparse(each))]
    return numbers[0] if len(numbers) == 1 else None


def _given(function: ast.FunctionDef) -> set[str]:
    """The names that hold what a function is given, or what was computed from it."""
    given = {each.arg for each in (*function.args.posonlyargs, *function.args.args)}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and names_in(node.value) & given:
            given |= {name for each in node.targets for name in names_in(each)}
    return given


def reshaped_anew(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with `x = x.reshape(2, 3)` for the failed `x.shape = (2, 3)`."""
    del earlier
    for node in nodes(source):
        match node:
            case ast.Assign(targets=[ast.Attribute(value=owner, attr="shape") as target]):
                if place_of(target, source.lines) == span and _is_its_own(source, owner):
                    text = text_of(source, owner)
                    return edited(
                        source, [(node, f"{text} = {text}.reshape({text_of(source, node.value)})")]
                    )
    return None


def _is_its_own(source: SourceMap, owner: ast.expr) -> bool:
    """Whether a name may be set where it stands: in a function it is one of the function's."""
    if not isinstance(owner, ast.Name):
        return isinstance(owner, ast.Attribute)
    around = function_around(source, owner)
    if around is None:
        return True
    given = (*around.args.posonlyargs, *around.args.args, *around.args.kwonlyargs)
    return owner.id in {each.arg for each in given} | {
        each.id
        for each in ast.walk(around)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }


_DTYPES: Final = {
    "float": "torch.float64",
    "int": "torch.int64",
    "bool": "torch.bool",
    **{
        written.format(kind): f"torch.{kind}"
        for kind in words("float16 float32 float64 int8 int16 int32 int64 uint8")
        for written in ("np.{}", "numpy.{}", "'{}'", "torch.{}")
    },
    **{f"'{kind}'": meant for kind, meant in (("float", "torch.float64"), ("int", "torch.int64"))},
}
"""numpy's types, as they are written, and torch's."""


def of_tensors(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with a tensor's own method for the failed one of an array: `astype`, `copy`."""
    del earlier
    failed = next(
        (
            node
            for node in nodes(source)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and span in (place_of(node.func, source.lines), place_of(node, source.lines))
        ),
        None,
    )
    if failed is None or not isinstance(failed.func, ast.Attribute):
        return None
    owner = text_of(source, failed.func)[: -len(failed.func.attr)].rstrip().removesuffix(".")
    match failed.func.attr, [ast.unparse(each) for each in failed.args], failed.keywords:
        case "astype", [kind], [] if kind in _DTYPES:
            return edited(source, [(failed, f"{owner}.to({_DTYPES[kind]})")])
        case "copy", [], []:
            return edited(source, [(failed, f"{owner}.clone()")])
        case "fill", [value], []:
            return edited(source, [(failed, f"{owner}.fill_({value})")])
        case "asnumpy", [], []:
            return edited(source, [(failed, f"{owner}.detach().numpy()")])
        case _:
            return None


def of_the_function(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The function alone for `diff(x**2, x)`, where nothing else is in the program."""
    del span, earlier
    match source.tree.body:
        case [ast.Expr(value=ast.Call(func=ast.Name(id="diff"), args=[of, *more], keywords=[]))]:
            alone = all(isinstance(each, ast.Name) for each in more) and len(more) < len("xy")
            return text_of(source, of) if alone else None
        case _:
            return None
