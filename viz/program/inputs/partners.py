"""Where an input starts by what it meets: in `X @ w` with `X = torch.randn(100, 2)` w has two.

The name is followed outwards through what keeps its shape (`torch.sigmoid(w)`, `-w`, `2*w`) to a
product, a loss or a layer's function whose other part has a shape that the text tells.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from viz.program.allowlist.words import words
from viz.program.inputs.layers import Layers
from viz.program.inputs.shapes import ELEMENTWISE, PRODUCTS, TRANSPOSED, Shape, Shapes, is_module
from viz.program.syntax.tree import SyntaxTree

FEW: Final = 8
"""Elements up to which a vector's start is written as `torch.arange`."""
_SEVERAL: Final = 2
"""Columns, or rows, where nothing tells how many."""
_MOST_PARTS: Final = 32
"""Parts of what is joined, and operands of an `einsum`, among which a shape is looked for."""

_LOSSES: Final[dict[str, str]] = {
    **{name: name for name in words("mse_loss l1_loss smooth_l1_loss huber_loss kl_div")},
    **{name: name for name in words("binary_cross_entropy binary_cross_entropy_with_logits")},
    **{name: name for name in words("cross_entropy nll_loss")},
    "MSELoss": "mse_loss",
    "L1Loss": "l1_loss",
    "SmoothL1Loss": "smooth_l1_loss",
    "HuberLoss": "huber_loss",
    "KLDivLoss": "kl_div",
    "BCELoss": "binary_cross_entropy",
    "BCEWithLogitsLoss": "binary_cross_entropy_with_logits",
    "CrossEntropyLoss": "cross_entropy",
    "NLLLoss": "nll_loss",
}
"""What compares its first two arguments, by the function's or the layer's name."""
_OF_CLASSES: Final = ("cross_entropy", "nll_loss")
_ALIKE: Final = frozenset(words("cross dist pairwise_distance cosine_similarity"))
"""Functions of two that are alike."""
_TURNING: Final = frozenset(("t", "transpose"))
_KEEP_ROWS: Final = ELEMENTWISE | {"squeeze", "flatten", "view", "reshape", "unsqueeze"}


class Partners:
    """What the names of one text meet."""

    def __init__(self, tree: SyntaxTree) -> None:
        self.tree = tree
        self.shapes = Shapes(tree)
        self.layers = Layers(tree)
        self.uses: dict[str, list[ast.Name]] = {}
        """Where names are read, in the order of the text."""
        for node in tree.nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self.uses.setdefault(node.id, []).append(node)

    def start(self, name: ast.Name) -> str | None:
        """The start that this use of a name suggests; `None` where it meets nothing of a known
        shape.
        """
        transposed = squashed = False
        node: ast.AST = name
        for _, node in self._outwards(name, ELEMENTWISE):
            if _turns(node):
                transposed = not transposed
            elif isinstance(node, ast.Call):
                squashed = True
        match parent := self.tree.parents.get(node):
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                other = right if left is node else left
                return self._factor(name, parent, other, left is node, transposed)
            case ast.Attribute():
                return self._method(name, parent, transposed)
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return self._joined(self.tree.parents.get(parent), parts)
            case ast.Call(func=ast.Attribute(value=other, attr=method), args=[_]) if (
                method in PRODUCTS and not is_module(other)
            ):
                return self._factor(name, parent, other, False, transposed, of=method)
            case ast.Call(args=[ast.Constant(value=str(equation)), *operands]):
                return self._summed(equation, operands, node)
            case ast.Call(args=[first, second, *_]) if node in (first, second):
                other = second if first is node else first
                return self._argument(name, parent, node, other, (transposed, squashed))
        return None

    def meets(
        self, node: ast.AST, through: frozenset[str] = _KEEP_ROWS, names: int = 2
    ) -> Shape | None:
        """The shape that an expression's value is compared or joined with first, if it is known;
        under at most so many further names.
        """
        for each, parent in self._outwards(node, through, joins=True):
            if isinstance(parent, ast.BinOp):
                other = parent.right if parent.left is each else parent.left
                if found := self.shapes.of(other):
                    return found
            node = parent
        match self.tree.parents.get(node):
            case ast.Call(args=[first, second, *_]) as call if self._loss(call) and node is first:
                return self.shapes.of(second)
            case ast.Assign(targets=[ast.Name(id=name)]) as assigned if names:
                uses = self.uses.get(name, [])
                after = bisect_right(uses, assigned.lineno, key=_line)
                return self.meets(uses[after], through, names - 1) if after < len(uses) else None
        return None

    def rows(self, call: ast.Call) -> int | None:
        """How many rows a layer's result is compared with."""
        met = self.meets(call)
        return met[0] if met else None

    def _outwards(
        self, node: ast.AST, through: frozenset[str], *, joins: bool = False
    ) -> Iterator[tuple[ast.AST, ast.AST]]:
        """(a part, what is around it) as long as that keeps the part's shape; `joins`: or joins it
        with another one, element by element.
        """
        parents = self.tree.parents
        while (parent := parents.get(node)) is not None:
            match parent:
                case ast.UnaryOp():
                    pass
                case ast.BinOp(op=ast.MatMult()):
                    return
                case ast.BinOp(left=left, right=right):
                    other = right if left is node else left
                    if not joins and self.shapes.of(other) != ():
                        return
                case ast.Attribute(attr=name) if name in TRANSPOSED:
                    pass
                case ast.Attribute(attr=name) if name in through or name in _TURNING:
                    call = parents.get(parent)
                    if not (isinstance(call, ast.Call) and call.func is parent):
                        return
                    parent = call
                case ast.Call(args=[first, *_]) if first is node and _called(parent) in through:
                    pass
                case _:
                    return
            yield node, parent
            node = parent

    def _method(self, name: ast.Name, method: ast.Attribute, transposed: bool) -> str | None:
        """`X.mm(w)`'s left side, or scores that are made a row: `logits.unsqueeze(0)`."""
        call = self.tree.parents.get(method)
        if not (isinstance(call, ast.Call) and call.func is method and call.args):
            return None
        if method.attr in PRODUCTS:
            return self._factor(name, call, call.args[0], True, transposed, of=method.attr)
        match self.tree.parents.get(call):
            case ast.Call(args=[first, second, *_]) as loss if first is call:
                if method.attr == "unsqueeze" and self._loss(loss) in _OF_CLASSES:
                    return _vector(self.shapes.labels(second))
        return None

    def _joined(self, call: ast.AST | None, parts: list[ast.expr]) -> str | None:
        """A part of what is stacked or set side by side, which are alike."""
        if isinstance(call, ast.Call) and _called(call) in ("stack", "cat", "hstack", "vstack"):
            few = parts[:_MOST_PARTS]
            known = next((shape for each in few if (shape := self.shapes.of(each))), None)
            return None if known is None else _of_shape(known)
        return None

    def _summed(self, equation: str, operands: list[ast.expr], node: ast.AST) -> str | None:
        """An operand of `einsum`, by what the others tell of the letters."""
        if len(operands) > _MOST_PARTS:
            return None
        letters = equation.replace(" ", "").partition("->")[0].split(",")
        if len(letters) != len(operands) or not all(map(str.isalpha, letters)):
            return None
        sizes: dict[str, int] = {}
        for each, part in zip(operands, letters, strict=True):
            sizes.update(zip(part, self.shapes.of(each) or (), strict=False))
        mine = next(
            (part for each, part in zip(operands, letters, strict=True) if each is node), ""
        )
        return _of_shape(tuple(sizes.get(letter, 3) for letter in mine)) if mine else None

    def _factor(
        self,
        name: ast.Name,
        product: ast.expr,
        other: ast.expr,
        left: bool,
        transposed: bool,
        of: str = "matmul",
    ) -> str | None:
        """A factor of a product, on its left or its right; `of`: by which function."""
        shape = self.shapes.of(other)
        if not shape:
            return None
        size = shape[-2] if left and len(shape) > 1 else shape[-1]
        if of == "dot":
            return _vector(size)
        if of == "mv" and left:
            return _filled(_SEVERAL, size)
        if of == "mm":
            met = self.meets(product, ELEMENTWISE)
            if left:
                return _filled(met[0] if met else _SEVERAL, size)
            return _filled(size, met[-1] if met else 1)
        if transposed:
            return _filled(size, 1) if left else _filled(_SEVERAL, size)
        if self._comes_back(product, other):
            return _filled(size, size)
        if left:
            rows = name.id[0].isupper() or len(shape) > 2
            met = self.meets(product, ELEMENTWISE) if len(shape) == 1 or rows else None
            count = met[0] if met else _SEVERAL
            return _filled(count, size) if rows or met else _vector(size)
        met = self.meets(product, ELEMENTWISE)
        columns = met[-1] if met and (len(met) > 1 or met[0] != shape[0]) else None
        if columns is None and name.id[0].isupper() and not met:
            columns = _SEVERAL
        return _vector(size) if columns is None else _filled(size, columns)

    def _comes_back(self, product: ast.expr, other: ast.expr) -> bool:
        """Whether the product takes its other factor's place: `s = A @ s`."""
        match self.tree.parents.get(product), other:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Name(id=multiplied):
                return name == multiplied
        return False

    def _argument(
        self,
        name: ast.Name,
        call: ast.Call,
        node: ast.AST,
        other: ast.expr,
        how: tuple[bool, bool],
    ) -> str | None:
        """One of the first two arguments of a function, beside the other."""
        function, first = _called(call), call.args[0] is node
        if loss := self._loss(call):
            return self._compared(loss, other, first, squashed=how[1])
        if function == "layer_norm" and first:
            normal = self.shapes.sizes([other])
            return None if normal is None else _filled(_SEVERAL, *normal)
        shape = self.shapes.of(other)
        if not shape:
            return None
        if function in _ALIKE:
            return _of_shape(shape)
        if function == "bmm" and len(shape) == 3:
            count, rows, columns = shape
            return _filled(count, _SEVERAL, rows) if first else _filled(count, columns, _SEVERAL)
        if function in ("vdot", "inner"):
            return _vector(shape[-1])
        if function in PRODUCTS:
            return self._factor(name, call, other, first, how[0], of=function)
        if function == "solve":
            return _filled(shape[0], shape[0]) if first else _vector(shape[-1])
        if function in ("linear", "cdist"):
            return _filled(_SEVERAL, shape[-1])
        if function in ("conv1d", "conv2d") and len(shape) == (3 if function == "conv1d" else 4):
            if first:
                return _filled(1, shape[1], *(max(6, side) for side in shape[2:]))
            return _filled(1, shape[1], *(min(3, side) for side in shape[2:]))
        return None

    def _compared(self, loss: str, other: ast.expr, first: bool, *, squashed: bool) -> str | None:
        shape = self.shapes.of(other)
        if shape is None:
            return None
        if loss in _OF_CLASSES:
            if not first or len(shape) > 1:
                return None
            classes = self.shapes.labels(other)
            return _filled(*shape, classes) if shape else _vector(classes)
        if not shape:
            return None
        if loss == "binary_cross_entropy" and first and not squashed:
            return f"torch.rand({', '.join(map(str, shape))})"
        return _of_shape(shape)

    def _loss(self, call: ast.Call) -> str | None:
        """Which comparison a call makes: `F.mse_loss(…)`, `nn.MSELoss()(…)`, `criterion(…)`."""
        function: ast.AST | None = call.func
        if isinstance(function, ast.Name) and function.id not in _LOSSES:
            function = self.shapes.value(function)
        if isinstance(function, ast.Call):
            return _LOSSES.get(_called(function))
        return _LOSSES.get(_called(call))


def _called(call: ast.Call) -> str:
    """The name of what a call calls, without the library's; empty of a tensor's own method."""
    match call.func:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name) if is_module(value):
            return name
        case _:
            return ""


def _line(node: ast.Name) -> int:
    return node.lineno


def _turns(node: ast.AST) -> bool:
    """Whether this is a transposition of what is inside."""
    match node:
        case ast.Attribute():
            return True
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _TURNING
        case _:
            return False


def _of_shape(shape: Shape) -> str:
    return _vector(shape[0]) if len(shape) == 1 else _filled(*shape)


def _vector(size: int) -> str:
    if size == 1:
        return "torch.ones(1)"
    return f"torch.arange({size}.0)" if size <= FEW else _filled(size)


def _filled(*sides: int) -> str:
    return f"torch.randn({', '.join(map(str, sides))})"
