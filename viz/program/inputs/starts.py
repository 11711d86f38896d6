"""Where an input starts when the source does not say: what its name is first used for.

| the name is used …                                   | it starts as |
|---|---|
| beside what has a shape in the text: `X @ w`          | as it fits (`partners`)       |
| as a factor of `@`, in `det`, `inv`, `.T`, …          | a matrix, `torch.randn(3, 3)` |
| in `dot`, `softmax`, `len`, with an index, in a loop  | a vector, `torch.arange(4.0)` |
| along a second side: `sum(dim=1)`, `x[0, 1]`          | `torch.randn(2, 3)` |
| in `reshape(2, 3)`, `view(-1, 4)`                     | as many numbers as fit |
| unpacked: `a, b = x`                                  | as many numbers as names |
| in a layer: `nn.Linear(5, 1)(x)`                      | rows as the layer takes them |
| in `asin`, `erfinv`, … / in `acosh`                   | 0.5 / 2.0, where they are smooth |
| in any other way                                     | the number 1.0 |
"""

from __future__ import annotations

import ast
import math
import re
from typing import Final

from viz.program.allowlist.words import words
from viz.program.inputs.partners import Partners
from viz.program.syntax.tree import SyntaxTree

VECTOR: Final = "torch.arange(4.0)"
MATRIX: Final = "torch.randn(3, 3)"
BATCH: Final = "torch.randn(2, 3)"
IMAGE: Final = "torch.randn(1, 1, 6, 6)"
SIGNAL: Final = "torch.randn(1, 1, 8)"
SCALAR: Final = "1.0"
INSIDE: Final = "0.5"
OUTSIDE: Final = "2.0"

_BY_USE: Final[dict[str, str]] = {
    **dict.fromkeys(words("asin acos atanh arcsin arccos arctanh erfinv logit ndtri"), INSIDE),
    **dict.fromkeys(words("acosh arccosh"), OUTSIDE),
    **dict.fromkeys(
        words(
            "dot inner outer vdot len cumsum cumprod cummax sort argsort topk diff trapezoid"
            " trapz softmax log_softmax logsumexp norm vector_norm normalize prod mean std var"
            " median layer_norm cosine_similarity cross_entropy mse_loss l1_loss unbind flip roll"
            " chunk split cat concat concatenate stack hstack vstack cartesian_prod meshgrid"
            " enumerate zip min max sum amax amin argmax argmin tolist fft rfft diag"
        ),
        VECTOR,
    ),
    **dict.fromkeys(
        words(
            "matmul mm mv det slogdet inv inverse trace eig eigh eigvals eigvalsh svd svdvals"
            " qr cholesky solve matrix_exp matrix_power matrix_norm pinv T mT t tril triu"
            " logdet transpose swapaxes rot90 einsum"
        ),
        MATRIX,
    ),
    **dict.fromkeys(words("linear addmm batch_norm scaled_dot_product_attention cdist"), BATCH),
    **dict.fromkeys(words("conv2d max_pool2d avg_pool2d adaptive_avg_pool2d pixel_shuffle"), IMAGE),
    **dict.fromkeys(words("conv1d max_pool1d avg_pool1d adaptive_avg_pool1d"), SIGNAL),
    "bmm": "torch.randn(2, 3, 3)",
}
"""Start values by the function or attribute that the name is first used with."""

_PLAIN_OF_NUMBERS: Final = frozenset(words("sum min max"))
"""Python's own functions of these names take plain numbers too: `max(x, 0)`."""

_LONG: Final = {2: BATCH, 3: "torch.randn(2, 3, 4)", 4: "torch.randn(1, 2, 4, 4)"}
"""Starts by how many places an index has."""
_LATER: Final = (1, 2, 3)
"""Sides that a vector has not."""
_MOST: Final = 64
_MOST_USES: Final = 100
"""Uses of a name that are looked at: what tells nothing so often tells nothing."""


def start_of(partners: Partners, name: str) -> str:
    """The start value that the name's first telling use suggests."""
    tree = partners.tree
    uses = partners.uses.get(name, [])
    first = uses[:_MOST_USES]
    for node in first:
        if found := partners.start(node):
            partners.shapes.start(name, found)
            return found
    for node in first:
        if found := _suggested(tree, node, partners):
            return _long_enough(tree, found, uses)
    partners.shapes.start(name, SCALAR)
    return SCALAR


def _suggested(tree: SyntaxTree, node: ast.Name, partners: Partners) -> str | None:
    parent = tree.parents.get(node)
    match parent:
        case ast.BinOp(op=ast.MatMult()):
            return MATRIX
        case ast.Attribute(attr="shape" | "size"):
            return _of_sides(tree, parent)
        case ast.Attribute(attr=attribute):
            return _of_method(tree.parents.get(parent), parent, attribute)
        case ast.Subscript(value=value, slice=part) if value is node:
            return _LONG.get(len(part.elts), VECTOR) if isinstance(part, ast.Tuple) else VECTOR
        case ast.For(iter=value) | ast.comprehension(iter=value) if value is node:
            return VECTOR
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=value) if value is node:
            return f"torch.arange(1.0, {len(names) + 1}.0)" if len(names) <= _MOST else VECTOR
        case ast.List() | ast.Tuple():
            return _in_a_list(tree.parents.get(parent))
        case ast.Call(func=called) if node is not called:
            return _of_call(parent, partners)
        case _:
            return None


def _of_sides(tree: SyntaxTree, sides: ast.Attribute) -> str | None:
    """`rows, columns = x.shape`, `x.shape[1]`, `x.size(1)`."""
    around = tree.parents.get(sides)
    match around:
        case ast.Subscript(slice=ast.Constant(value=int(side))) if side in _LATER:
            return _LONG[side + 1]
        case ast.Call(args=[ast.Constant(value=int(side))]) if side in _LATER:
            return _LONG[side + 1]
        case _:
            pass
    if isinstance(around, ast.Call):
        around = tree.parents.get(around)
    match around:
        case ast.Assign(targets=[ast.Tuple(elts=names)]):
            return _LONG.get(len(names), VECTOR)
        case _:
            return None


def _of_method(call: ast.AST | None, attribute: ast.Attribute, name: str) -> str | None:
    """`x.sum(dim=1)`, `x.view(2, 3)`, `x.T`."""
    if isinstance(call, ast.Call) and call.func is attribute:
        if name in ("view", "reshape", "unflatten"):
            return _filling(call.args)
        return _along(call.args, call.keywords) or _BY_USE.get(name)
    return _BY_USE.get(name)


def _of_call(call: ast.Call, partners: Partners) -> str | None:
    """`torch.sum(x, dim=1)`, `softmax(x)`, `nn.Linear(5, 1)(x)`, `model(x)`."""
    match call.func:
        case ast.Call():
            return partners.layers.start(call.func, partners.rows(call))
        case ast.Name(id=name) if made := partners.layers.made(name):
            return partners.layers.start(made, partners.rows(call))
        case ast.Attribute(attr="reshape"):
            return _filling(call.args[1:])
        case ast.Name(id=name) if name in _PLAIN_OF_NUMBERS and len(call.args) > 1:
            return None
        case ast.Attribute(attr="max" | "min") if len(call.args) > 1 and not _is_side(call.args[1]):
            return None  # the greater of two
        case ast.Name(id=name) | ast.Attribute(attr=name):
            sides = call.args[1:] if name in _BY_USE else []
            return _along(sides, call.keywords) or _BY_USE.get(name)
        case _:
            return None


def _long_enough(tree: SyntaxTree, start: str, uses: list[ast.Name]) -> str:
    """A start that the name's whole-number indices do not go beyond."""
    if start not in (VECTOR, *_LONG.values()):
        return start
    sides = [4] if start == VECTOR else [*map(int, re.findall(r"\d+", start))]
    for use in uses:
        match tree.parents.get(use):
            case ast.Subscript(value=value, slice=part) if value is use:
                places = part.elts if isinstance(part, ast.Tuple) else [part]
                for at, place in zip(range(len(sides)), places, strict=False):
                    sides[at] = max(sides[at], _reaches(place))
    if start == VECTOR:
        return f"torch.arange({sides[0]}.0)"
    return f"torch.randn({', '.join(map(str, sides))})"


def _reaches(place: ast.expr) -> int:
    """How many elements a whole-number index asks for; 0 of any other, and of one beyond reason."""
    match place:
        case ast.Constant(value=int(index)) if type(index) is int:
            wanted = index + 1
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(index))):
            wanted = index
        case _:
            return 0
    return wanted if wanted <= _MOST else 0


def _is_side(node: ast.expr) -> bool:
    """Whether an argument says along which side: a whole number."""
    match node:
        case ast.Constant(value=side) | ast.UnaryOp(operand=ast.Constant(value=side)):
            return type(side) is int
        case _:
            return False


def _in_a_list(call: ast.AST | None) -> str | None:
    """`torch.cat([x, y])`: numbers alone cannot be joined."""
    match call:
        case ast.Call(func=ast.Attribute(attr=name)) if name in ("cat", "concat", "concatenate"):
            return VECTOR
        case _:
            return None


def _along(values: list[ast.expr], keywords: list[ast.keyword]) -> str | None:
    """Two sides, where a function works along the second."""
    named = [each.value for each in keywords if each.arg in ("dim", "axis")]
    match named or values[:1]:
        case [ast.Constant(value=1) as side] if _is_side(side):
            return BATCH
        case [ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=2))]:
            return BATCH
        case _:
            return None


def _filling(sizes: list[ast.expr]) -> str:
    """As many numbers as a shape holds; a side of -1 counts as two."""
    if len(sizes) == 1 and isinstance(sizes[0], ast.Tuple | ast.List):
        sizes = sizes[0].elts
    sides = []
    for size in sizes:
        match size:
            case ast.Constant(value=int(side)):
                sides.append(side)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
                sides.append(2)
            case _:
                return VECTOR
    count = math.prod(sides)
    return f"torch.arange({count}.0)" if 0 < count <= 1_000 else VECTOR
