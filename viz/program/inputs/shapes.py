"""The shapes that a text tells of what it makes: `torch.randn(100, 2)` has 100 rows of two.

Nothing is run. A name has the shape of what was assigned to it last above its use; what cannot be
read off the text has none.
"""

from __future__ import annotations

import ast
import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from viz.program.allowlist.words import words
from viz.program.syntax.tree import SyntaxTree
from viz.trees import parse

Shape = tuple[int, ...]

MODULES: Final = frozenset(
    words("torch np numpy F nn functional random math Tensor linalg special")
)
"""What stands before a function's name, where another name is the tensor whose method it is."""
ELEMENTWISE: Final = frozenset(
    words(
        "abs acos arccos asin atan ceil clamp clip clone contiguous cos cosh cpu cumsum detach"
        " double elu erf exp expm1 float floor gelu half leaky_relu log log1p log2 neg negative pow"
        " relu requires_grad_ rsqrt sigmoid sign silu sin sinh softmax log_softmax softplus sqrt"
        " square tan tanh to type Parameter Variable"
    )
)
"""Functions and methods that keep the shape of what they get."""
PRODUCTS: Final = frozenset(words("matmul mm mv dot"))
"""Products of matrices and vectors."""
TRANSPOSED: Final = frozenset(("T", "mT", "H", "mH"))

_OF_SIZES: Final = frozenset(words("zeros ones rand randn empty random_sample standard_normal"))
_OF_WHAT_IS_GIVEN: Final = frozenset(
    words("tensor as_tensor array asarray from_numpy FloatTensor LongTensor DoubleTensor")
)
_LIKE: Final = frozenset(words("zeros_like ones_like rand_like randn_like full_like empty_like"))
_MOST: Final = 1_000_000
"""Elements along a side; what is longer is nobody's example."""
_MOST_SIDES: Final = 64
"""As in torch."""
_DEEPEST: Final = 20
"""Steps from an expression to what its names stand for."""


class Shapes:
    """What a text tells of the shapes in it."""

    def __init__(self, tree: SyntaxTree) -> None:
        self.tree = tree
        self._assigned: dict[str, tuple[list[int], list[ast.expr | None]]] = {}
        """The lines in which a name is assigned to, in order, and what is assigned there."""
        self._known: dict[ast.AST, Shape | None] = {}
        self._classes: dict[ast.AST, int] = {}
        self._inputs: dict[str, Shape] = {}
        for node in tree.nodes:
            match node:
                case ast.Assign(targets=[target], value=value):
                    self._learn(target, value)
                case ast.For(target=target) | ast.comprehension(target=target):
                    self._learn(target, None)

    def of(self, node: ast.AST, depth: int = 0) -> Shape | None:
        """The shape of an expression's value, `()` of a number; `None` where it is not known."""
        if node not in self._known:
            found = self._found(node, depth + 1) if depth < _DEEPEST else None
            self._known[node] = found if found is not None and _is_usual(found) else None
        return self._known[node]

    def _found(self, node: ast.AST, depth: int) -> Shape | None:
        match node:
            case ast.Constant(value=bool() | int() | float()):
                return ()
            case ast.UnaryOp(operand=operand):
                return self.of(operand, depth)
            case ast.Name(id=name):
                value = self.value(node)
                return self._inputs.get(name) if value is None else self.of(value, depth)
            case ast.BinOp(left=left, op=operator, right=right):
                join = _product if isinstance(operator, ast.MatMult) else _broadcast
                return join(self.of(left, depth), self.of(right, depth))
            case ast.Attribute(value=value, attr=name) if name in TRANSPOSED:
                found = self.of(value, depth)
                return None if found is None else found[::-1]
            case ast.Subscript(value=ast.Attribute(attr="shape")):
                return ()
            case ast.Subscript(value=value, slice=part):
                return _picked(self.of(value, depth), part)
            case ast.List(elts=rows) | ast.Tuple(elts=rows):
                inner = self.of(rows[0], depth) if rows else ()
                return None if inner is None else (len(rows), *inner)
            case ast.Call():
                return self._of_call(node, depth)
            case _:
                return None

    def start(self, name: str, text: str) -> None:
        """Learns where an input starts."""
        found = self.of(parse(text).body[0].value)  # type: ignore[attr-defined]
        if found is not None:
            self._known.clear()
            self._inputs[name] = found

    def value(self, name: ast.Name) -> ast.expr | None:
        """What a name was assigned last above its use; `None` for an input, or in a loop."""
        for around in self.tree.ancestors(name):
            if isinstance(around, ast.FunctionDef | ast.Lambda):
                arguments = around.args
                if name.id in {
                    each.arg
                    for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
                }:
                    return None
        lines, values = self._assigned.get(name.id, ((), ()))
        before = bisect_left(lines, name.lineno)
        return values[before - 1] if before else None

    def whole(self, node: ast.expr, depth: int = 0) -> int | None:
        """The whole number that an expression is: `3`, `-1`, `n` with `n = 100` above."""
        match node:
            case ast.Constant(value=int(number)) if type(number) is int:
                return number if number <= _MOST else None
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                positive = self.whole(operand, depth + 1)
                return None if positive is None else -positive
            case ast.Name() if depth < _DEEPEST and (value := self.value(node)) is not None:
                return self.whole(value, depth + 1)
            case _:
                return None

    def labels(self, node: ast.expr) -> int:
        """How many classes the whole numbers of an expression tell apart; 3 where none stand."""
        value = self.value(node) if isinstance(node, ast.Name) else node
        if value is None:
            return 3
        if value not in self._classes:
            numbers = (each.value for each in ast.walk(value) if isinstance(each, ast.Constant))
            found = [each + 1 for each in numbers if type(each) is int and each < _MOST]
            self._classes[value] = max([3, *found])
        return self._classes[value]

    def _learn(self, target: ast.expr, value: ast.expr | None) -> None:
        match target, value:
            case ast.Name(id=name), _:
                lines, values = self._assigned.setdefault(name, ([], []))
                lines.append(target.lineno)
                values.append(value)
            case (ast.Tuple(elts=names), ast.Tuple(elts=values)) if len(names) == len(values):
                for each, part in zip(names, values, strict=True):
                    self._learn(each, part)
            case ((ast.Tuple(elts=names) | ast.List(elts=names)), _):
                for each in names:
                    self._learn(each, None)

    def _of_call(self, call: ast.Call, depth: int) -> Shape | None:
        match call.func:
            case ast.Attribute(attr=name, value=value) if not is_module(value):
                if name in PRODUCTS and call.args:
                    return _product(self.of(value, depth), self.of(call.args[0], depth))
                return self._of_method(name, self.of(value, depth), call.args)
            case ast.Attribute(attr=name) | ast.Name(id=name):
                return self._of_function(name, call, depth)
            case _:
                return None

    def _of_function(self, name: str, call: ast.Call, depth: int) -> Shape | None:
        args = call.args
        named = {each.arg: each.value for each in call.keywords}
        if name in ("randint", "normal", "uniform", "full"):
            sizes = named.get("size", args[0] if name == "full" and args else None)
            sizes = sizes or (args[2] if len(args) > 2 else None)
            return None if sizes is None else self.sizes([sizes])
        if name in _OF_SIZES:
            return self.sizes([named["size"]] if "size" in named else args)
        if not args:
            return None
        if name in ("Tensor", "FloatTensor") and not isinstance(args[0], ast.List | ast.Tuple):
            return self.sizes(args)
        if name == "Tensor" or name in _OF_WHAT_IS_GIVEN or name in _LIKE:
            return self.of(args[0], depth)
        if name in ("eye", "arange", "linspace", "logspace"):
            return self._of_series(name, args)
        if name in PRODUCTS and len(args) > 1:
            return _product(self.of(args[0], depth), self.of(args[1], depth))
        return self._of_method(name, self.of(args[0], depth), args[1:])

    def _of_series(self, name: str, args: Sequence[ast.expr]) -> Shape | None:
        if name in ("linspace", "logspace"):
            return self.sizes(args[2:3]) if len(args) > 2 else None
        if name == "eye":
            sides = self.sizes(args[:2])
            return (sides[0], sides[-1]) if sides else None
        ends = [each for each in map(self._number, args[:3]) if each is not None]
        if len(ends) < len(args):
            return None
        start, stop, step = (0, *ends, 1) if len(ends) == 1 else (*ends, 1)[:3]
        if not step or not math.isfinite(count := (stop - start) / step):
            return None
        return (math.ceil(count),) if 0 < count <= _MOST else None

    def _number(self, node: ast.expr) -> float | None:
        match node:
            case ast.Constant(value=int() | float() as number):
                return number if abs(number) < _MOST else None
            case _:
                return self.whole(node)

    def _of_method(self, name: str, of: Shape | None, args: Sequence[ast.expr]) -> Shape | None:
        if name in ("dim", "numel", "item") or (name == "size" and args):
            return ()
        if of is None or name in ELEMENTWISE:
            return of
        if name == "diag":
            return (of[0], of[0]) if len(of) == 1 else of[:1]
        if name == "t":
            return of[::-1]
        if name in ("reshape", "view"):
            sizes = self.sizes(args, filled=True)
            if sizes is None or sizes.count(-1) != 1:
                return sizes
            rest = -math.prod(sizes)
            filled = math.prod(of) // rest if rest else 0
            return tuple(filled if each < 0 else each for each in sizes)
        if name in ("flatten", "ravel") and not args:
            return (math.prod(of),)
        if name == "unsqueeze" and args and (place := self.whole(args[0])) is not None:
            place = place if place >= 0 else len(of) + 1 + place
            return (*of[:place], 1, *of[place:])
        if name == "squeeze" and not args:
            return tuple(each for each in of if each != 1)
        if name in ("sum", "mean", "norm") and not args:
            return ()
        return None

    def sizes(self, args: Sequence[ast.expr], *, filled: bool = False) -> Shape | None:
        """Sizes as they are written: numbers or one row of them; `filled`: -1 among them is one."""
        if len(args) == 1 and isinstance(args[0], ast.Tuple | ast.List):
            args = args[0].elts
        found = [size for each in args if (size := self.whole(each)) is not None]
        fit = all(0 < size <= _MOST or (filled and size == -1) for size in found)
        return tuple(found) if fit and len(found) == len(args) else None


def _is_usual(shape: Shape) -> bool:
    """Whether an example has such a shape."""
    return len(shape) <= _MOST_SIDES and all(side <= _MOST for side in shape)


def is_module(node: ast.expr) -> bool:
    """Whether what stands before a dot is a library's: `torch`, `np.random`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in MODULES


def _product(left: Shape | None, right: Shape | None) -> Shape | None:
    if not left or not right or len(left) > 2 or len(right) > 2:
        return None
    return (*left[:-1], *right[1:])


def _broadcast(left: Shape | None, right: Shape | None) -> Shape | None:
    if left is None or right is None:
        return None
    short, long = sorted((left, right), key=len)
    padded = (1,) * (len(long) - len(short)) + short
    return tuple(max(pair) for pair in zip(padded, long, strict=True))


def _picked(of: Shape | None, part: ast.expr) -> Shape | None:
    """The shape of `x[0]`, `x[:, None]`, `x[:, :1]`."""
    if of is None:
        return None
    left, found = list(of), []
    for each in part.elts if isinstance(part, ast.Tuple) else [part]:
        match each:
            case ast.Constant(value=None):
                found.append(1)
            case ast.Constant(value=int()) | ast.UnaryOp() if left:
                left.pop(0)
            case ast.Slice(lower=None, upper=None, step=None) if left:
                found.append(left.pop(0))
            case ast.Slice(
                lower=None | ast.Constant(value=0), upper=ast.Constant(value=int(stop)), step=None
            ) if left and stop >= 0:
                found.append(min(stop, left.pop(0)))
            case _:
                return None
    return (*found, *left)
