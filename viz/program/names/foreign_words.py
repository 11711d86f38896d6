"""Names of other languages and libraries that are typed without an import: what they mean here.

`another_meaning` tells of names that torch has as well and means otherwise, `of_another_language`
of `end`, `x <- 3` and `console.log`, `layer` of `Relu()` and Keras's `Dense(8)`, `product` of
`xsin(x)` and `xy` as on paper, `dotted` of `w.x`, `argument` of `f(x)` where no x is; all give
`None` of any other name.
"""

from __future__ import annotations

import ast
from collections.abc import Container
from typing import Final

import msgspec

from viz.errors import N_, problem
from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.program.names import remedies
from viz.program.names.libraries import (
    CALLED_OTHERWISE,
    DIFFERENT,
    LIBRARIES,
    NO_SUCH,
    NUMPY_S,
    OF_ALL,
    SAME,
)
from viz.program.notation.bars import NAMES
from viz.program.notation.joined import RECIPROCALS, parts_of
from viz.program.notation.paper import as_code
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_NAME, Problem, Span

_UNKNOWN: Final = N_("The name {name} is not known.")
_WRITE: Final = N_("Write {meant} in its place.")


def another_meaning(tree: SyntaxTree, node: ast.Name) -> Problem | None:
    """`np.gradient(x)`, `np.std(x)`: a name that torch has as well and means otherwise."""
    part = tree.parents.get(node)
    if not isinstance(part, ast.Attribute):
        return None
    outer = tree.parents.get(part)
    name = f"{part.attr}.{outer.attr}" if isinstance(outer, ast.Attribute) else part.attr
    of_all = isinstance(outer, ast.Call) and len(outer.args) == 1 and not outer.keywords
    of_all = of_all and name in OF_ALL
    own = node.id == "tf" and SAME["tensorflow"].get(name) == f"torch.{name}"
    if name in NUMPY_S or of_all or own:
        return None
    meant = CALLED_OTHERWISE.get(name) if node.id != "tf" else None
    found = problem(
        N_("The name {owner} is not known, and torch has no {name} that means the same."),
        DIFFERENT.get(part.attr, NO_SUCH if meant is None else _WRITE),
        span=tree.span(part),
        owner=node.id,
        name=name[:MAX_NAME],
        **({} if meant is None else {"meant": meant}),
    )
    return found if meant is None else msgspec.structs.replace(found, replacement=meant)


def of_another_language(tree: SyntaxTree, node: ast.Name) -> Problem | None:
    """`end` below a block, `x <- 3`, `console.log(x)`."""
    parent = tree.parents.get(node)
    match parent:
        case ast.Expr() if node.id in _ENDS:
            found = problem(_NO_END, N_("Take {name} away."), span=tree.span(node), name=node.id)
            return msgspec.structs.replace(found, replacement="")
        case ast.Compare(
            left=left, ops=[ast.Lt()], comparators=[ast.UnaryOp(op=ast.USub()) as set_to]
        ):
            start, end = tree.span(left), tree.span(set_to)
            between = Span.in_line(end.line, max(end.column - 1, 0), end.column + 1)
            alone = isinstance(tree.parents.get(parent), ast.Expr) and left is node
            if not alone or between.text(tree.lines) != "<-" or start.line != end.line:
                return None
            found = problem(_NO_ARROW, _WRITE, span=between, meant="=", name=node.id[:MAX_NAME])
            return msgspec.structs.replace(found, replacement="=")
        case ast.Attribute(attr="log") if node.id == "console":
            found = problem(_UNKNOWN, _WRITE, span=tree.span(parent), name="console", meant="print")
            return msgspec.structs.replace(found, replacement="print")
        case _:
            return None


_ENDS: Final = frozenset({"end", "endif", "endfor", "endwhile", "endfunction", "fi", "done"})
_NO_END: Final = N_("Python has no {name}: a block ends where its indentation does.")
_NO_ARROW: Final = N_("A name is set by = in Python: x <- 3 asks whether x is less than -3.")


def product(tree: SyntaxTree, known: Container[str], node: ast.Name) -> Problem | None:
    """`xsin(x)`, `sinx`, `xy` and `x·y` as on paper: names that the program knows, as one."""
    outer = tree.parents.get(node)
    called = isinstance(outer, ast.Call) and outer.func is node
    parts = node.id.split("·") if "·" in node.id else parts_of(node.id, called)
    if not parts and not called and len({*node.id}) == len(node.id) <= _LETTERS:
        parts = list(node.id)
    names = [each for each in parts if each not in allowed.BARE and each not in NAMES]
    if not names or not all(each.lstrip("0123456789") in known for each in names):
        return None
    code = as_code(f"{' '.join(parts)}{'(1)' if called else ''}")
    if code is None:
        return None
    meant = code.removesuffix("(1)") if called else code
    found = problem(_UNKNOWN, _WRITE, span=tree.span(node), meant=meant, name=node.id[:MAX_NAME])
    around = tree.parents.get(outer) if called and outer is not None else outer
    match around:
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult()) | ast.Call() | ast.Return():
            return msgspec.structs.replace(found, replacement=meant)
        case ast.Assign() | ast.Expr() | ast.Compare() | ast.IfExp() | ast.UnaryOp():
            return msgspec.structs.replace(found, replacement=meant)
        case _:  # `1/xy` may be read in two ways
            return found


_OF_AN_INPUT: Final = 2
"""Letters of an input's name: `x.foo` asks for something that x has."""


def dotted(tree: SyntaxTree, scopes: Scopes, node: ast.Attribute) -> Problem | None:
    """`w.x + b` as on paper: the product of two inputs."""
    owner, around = node.value, tree.parents.get(node)
    if not isinstance(owner, ast.Name) or max(len(owner.id), len(node.attr)) > _OF_AN_INPUT:
        return None
    if scopes.sees(owner) and node.attr not in scopes.anywhere:
        return None
    found = problem(
        N_("A dot is no product: it asks {first} for its {second}."),
        N_("Write {first}*{second}, or {first} @ {second} for the product of two vectors."),
        span=tree.span(node),
        first=owner.id,
        second=node.attr,
    )
    match around:
        case ast.Call(func=called) if called is node:
            return None
        case (
            ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult())
            | ast.Expr() | ast.Return() | ast.Assign() | ast.Call() | ast.UnaryOp()
        ):  # fmt: skip
            return msgspec.structs.replace(found, replacement=f"{owner.id}*{node.attr}")
        case _:  # `1/w.x` may be read in two ways
            return found


def reciprocal(tree: SyntaxTree, node: ast.Name) -> Problem | None:
    """`cot(x)`, which torch has not: one over `tan(x)`."""
    call = tree.parents.get(node)
    if node.id not in RECIPROCALS or not isinstance(call, ast.Call) or call.func is not node:
        return None
    if len(call.args) != 1 or call.keywords or isinstance(call.args[0], ast.Starred):
        return None
    meant = f"(1/torch.{RECIPROCALS[node.id]}({tree.text(call.args[0])}))"
    found = problem(_UNKNOWN, _WRITE, span=tree.span(call), meant=meant[:300], name=node.id)
    return msgspec.structs.replace(found, replacement=meant) if len(meant) < MAX_NAME else found


def argument(tree: SyntaxTree, node: ast.Name) -> str | None:
    """The line that gives `x` a value, of `f(x)` behind `def f(x)`: what is called with the names
    of its parameters."""
    call = tree.parents.get(node)
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return None
    around = [*tree.ancestors(node)]
    for each in tree.functions.get(call.func.id, ()):
        names = (one.arg for one in each.args.args if one.annotation is None)
        if each not in around and node.id in names and "range(" not in tree.source:
            return f"{node.id} = torch.tensor(1.0, requires_grad=True)"
    return None


_LETTERS: Final = 3
"""Letters of a name that may be a product of names of one letter each."""


def layer(tree: SyntaxTree, node: ast.Name) -> Problem | None:
    """A layer of numbers by its name alone: `Relu()`, `MaxPool2d(2)`, `Conv2D(3, 8, 3)`, or one of
    Keras's, such as `Dense(8)`.
    """
    call = tree.parents.get(node)
    if not node.id[:1].isupper() or not isinstance(call, ast.Call) or call.func is not node:
        return None
    span, name = tree.span(node), node.id[:MAX_NAME]
    meant = _LAYERS.get(node.id.lower())
    said = {each.arg for each in call.keywords}
    few = node.id.startswith("Conv") and len(call.args) < _OF_CONV and "kernel_size" not in said
    if node.id in _OF_KERAS or (meant is not None and (few or said & _SAID_TO_KERAS)):
        return problem(_UNKNOWN, LIBRARIES["keras"], span=span, name=name)
    given = [*call.args, *(each.value for each in call.keywords)]
    as_numbers = all(isinstance(one, _NUMBERS) for each in given for one in ast.walk(each))
    if meant is None or not as_numbers:
        return None
    found = problem(_UNKNOWN, _WRITE, span=span, meant=meant, name=name)
    return msgspec.structs.replace(found, replacement=meant)


def curve_of(tree: SyntaxTree, node: ast.Name) -> Problem | None:
    """`plot(f)` behind `def f(x)`: the curve of a function is drawn without a word."""
    call = tree.parents.get(node)
    match call:
        case ast.Call(func=func, args=[ast.Name(id=function), *_]) if func is node and node.id in (
            "plot",
            "fplot",
            "ezplot",
        ):
            pass
        case _:
            return None
    statement = tree.parents.get(call)
    if function not in tree.functions or not isinstance(statement, ast.Expr):
        return None
    found = problem(
        _UNKNOWN, _DRAWN, span=tree.span(statement), name=node.id, function=function[:MAX_NAME]
    )
    return msgspec.structs.replace(found, replacement="")


_DRAWN: Final = N_("Leave the line out: the curve of {function} is drawn by itself.")


def which_grad(tree: SyntaxTree, node: ast.expr, name: str) -> str | None:
    """`grad(y, x)` is one of a result, `grad(f)(x)` one of a function."""
    called = tree.parents.get(node)
    if name != "grad" or not isinstance(called, ast.Call) or called.func is not node:
        return None
    given = len(called.args) + len(called.keywords)
    if not given:
        return None
    again = tree.parents.get(called)
    if isinstance(again, ast.Call) and again.func is called:
        return "torch.func.grad"
    if given > 1:
        return "torch.autograd.grad"
    match called:
        case ast.Call(args=[ast.Name(id=function)]) if any(
            isinstance(each, ast.FunctionDef) and each.name == function for each in tree.nodes
        ):
            return "torch.func.grad"
        case _:
            return None


def written_otherwise(tree: SyntaxTree, node: ast.Attribute, module: str | None) -> str | None:
    """What is written in the place of a name behind a dot: one that a library had, `Linear` of
    `nn.linear(2, 1)`, `grad` of `x.gradient`.
    """
    name, call = node.attr, tree.parents.get(node)
    if (meant := remedies.OF_OLD.get(module or "", {}).get(name)) is not None:
        return meant
    called = isinstance(call, ast.Call) and call.func is node
    if module is None:
        return "grad" if name in ("gradient", "gradients", "grads") and not called else None
    meant = _LAYERS.get(name.lower(), "").removeprefix("nn.")
    if module != "torch.nn" or not called or not meant or name == meant:
        return None
    assert isinstance(call, ast.Call)
    given = [*call.args, *(each.value for each in call.keywords)]
    as_numbers = all(isinstance(one, _NUMBERS) for each in given for one in ast.walk(each))
    match tree.parents.get(call):
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"))]):
            return meant
        case ast.Call(func=ast.Attribute(attr="Sequential") | ast.Name(id="Sequential")):
            return meant
        case _:
            return meant if as_numbers else None


_LAYERS: Final = {
    each.lower(): f"nn.{each}"
    for each in allowed.MODULES["torch.nn"]
    if each[0].isupper() and not each.startswith("Transformer")
}
"""Layers by their names in small letters; many have a transformer of their own."""
_OF_CONV: Final = 3
"""Arguments without which `nn.Conv2d` makes no layer, as Keras's does."""
_NUMBERS: Final = (ast.Constant, ast.Tuple, ast.UnaryOp, ast.unaryop, ast.expr_context)
_OF_KERAS: Final = words(
    "Dense MaxPooling1D MaxPooling2D AveragePooling2D GlobalAveragePooling2D BatchNormalization"
    " Conv2DTranspose SeparableConv2D UpSampling2D"
)
_SAID_TO_KERAS: Final = frozenset(words("activation strides input_shape name units"))
