"""The program with torch.linalg's functions for those that torch itself no longer has."""

from __future__ import annotations

import ast
from typing import Final

from viz.records import Span
from viz.tracing.hints.mends.edits import Edit, ancestors, call_at, edited, nodes, text_of
from viz.tracing.source_map import SourceMap

Earlier = tuple[Span, ...]

_TWO: Final = {"solve": "torch.linalg.solve({1}, {0})",
               "lstsq": "torch.linalg.lstsq({1}, {0}).solution"}  # fmt: skip
"""What gave a result with its factors, of a right side and a matrix, and gives the result alone."""


def in_linalg(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with the call of torch.linalg that computes the same; `None` where the results
    differ (`torch.eig`) or go where nobody sees what is done with the factors.
    """
    del earlier
    call = call_at(source, span)
    if call is None or not isinstance(call.func, ast.Attribute):
        return None
    given = [text_of(source, each) for each in call.args]
    if ast.unparse(call.func.value) != "torch":
        given = [text_of(source, call.func.value), *given]
    options = {each.arg: each.value for each in call.keywords}
    match call.func.attr, given:
        case "matrix_rank", [_, *_]:
            return edited(source, [(call.func, "torch.linalg.matrix_rank")])
        case "symeig", [matrix] if options.keys() <= {"eigenvectors", "upper"}:
            edits = _of_symmetric(source, call, matrix, options)
        case ("solve" | "lstsq") as name, [_, _] if not options:
            edits = _first_alone(source, call, _TWO[name].format(*given))
        case _:
            return None
    return edited(source, edits)


def _of_symmetric(
    source: SourceMap, call: ast.Call, matrix: str, options: dict[str | None, ast.expr]
) -> list[Edit]:
    upper = options.get("upper")
    side = "L" if isinstance(upper, ast.Constant) and not upper.value else "U"
    with_vectors = options.get("eigenvectors")
    if isinstance(with_vectors, ast.Constant) and with_vectors.value:
        return [(call, f'torch.linalg.eigh({matrix}, UPLO="{side}")')]
    return _first_alone(source, call, f'torch.linalg.eigvalsh({matrix}, UPLO="{side}")')


def _first_alone(source: SourceMap, call: ast.Call, text: str) -> list[Edit]:
    """The call where only the first of its two results is used, as `x, _ = …` and `…[0]`."""
    match next(ancestors(source, call), None):
        case ast.Assign(targets=[ast.Tuple(elts=[first, ast.Name(id=rest)]) as both]):
            names = (each for each in nodes(source) if isinstance(each, ast.Name))
            if any(each.id == rest and isinstance(each.ctx, ast.Load) for each in names):
                return []
            return [(both, text_of(source, first)), (call, text)]
        case ast.Subscript(slice=ast.Constant(value=0)) as outer:
            return [(outer, text)]
        case ast.Attribute(attr="solution" | "eigenvalues") as outer:
            return [(outer, text)]
        case _:
            return []
