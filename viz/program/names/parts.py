"""What was meant by a name behind a module's, told by how it is used.

`of_its_own(tree, node, module)` tells of `torch.sinx(x)`, `torch.Sigmoid(x)` and
`nn.CrossEntropy()`; `fitting(tree, node, names)` leaves what can be called where it is called;
`alias_meant(tree, node)` of `f.relu(x)` and `PLT.plot(y)`, `vector_of_r` of `c(1, 2)`,
`of_mathematica` of `D[x^2, x]` and `Sin[x]`, `with_a_value` of `def f(x): return w * x`, of
`y == x**2` and of `a = 3` above `a*x**2`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Final

import msgspec

from viz.errors import N_, problem
from viz.program.allowlist import allowed
from viz.program.names import remedies
from viz.program.slips.spelling import slips
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_NAME, MAX_TYPED, Problem, Span

_LOSSES: Final = {"torch.nn": "Loss", "torch.nn.functional": "_loss"}
"""What a loss's name ends with."""


def of_its_own(tree: SyntaxTree, node: ast.Attribute, module: str | None) -> str | None:
    """The name of the same module that is meant, where the call tells which."""
    there, name = allowed.MODULES.get(module or "", frozenset()), node.attr
    call = tree.parents.get(node)
    if not there or not isinstance(call, ast.Call) or call.func is not node:
        return None
    match call.args:
        case [ast.Name(id=given), *_] if name.endswith(given) and name[: -len(given)] in there:
            return name[: -len(given)]  # the argument is written twice
        case [_, *_] if (
            module == "torch" and name in allowed.MODULES["torch.nn"] and name.lower() in there
        ):
            return name.lower()
    if module == "torch.nn.functional" and not name.islower() and _takes_values(call):
        plain = {each.replace("_", ""): each for each in there if not each.endswith("_")}
        alike = plain.get(name.lower()) or plain.get(name.lower().removesuffix("loss"))
        if alike is not None:  # `F.ReLU(x)`, `F.MSELoss(y, t)`; `F.Linear(2, 1)` is a layer
            return alike
    ending = _LOSSES.get(module or "")
    if ending is None:
        return None
    found = [each for each in there if each.lower() == f"{name}{ending}".lower()]
    return found[0] if len(found) == 1 else None


def _takes_values(call: ast.Call) -> bool:
    """Whether a call is given something that is computed, and no numbers alone."""
    given = [*call.args, *(each.value for each in call.keywords)]
    return any(isinstance(one, ast.Name) for each in given for one in ast.walk(each))


def of_numpy(node: ast.Attribute, module: str) -> str | None:
    """`np.dot` for `np.linalg.dot`: what numpy itself has, and not a part of it."""
    first: ast.expr = node.value
    while isinstance(first, ast.Attribute):
        first = first.value
    known = module.startswith("numpy.") and node.attr in allowed.MODULES["numpy"]
    return f"{first.id}.{node.attr}" if known and isinstance(first, ast.Name) else None


def fitting(tree: SyntaxTree, node: ast.expr, names: Iterable[str]) -> frozenset[str]:
    """The names without those of numbers and types, where what is meant is called, and without
    those that write into what they are given, where it has no underscore at its end: `tan_h`.
    """
    call = tree.parents.get(node)
    called = isinstance(call, ast.Call) and call.func is node
    without = allowed.NUMBERS | allowed.DTYPES if called else frozenset()
    asked = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    own = (each for each in names if asked.endswith("_") or not each.endswith("_"))
    return frozenset(own) - without


def alias_meant(tree: SyntaxTree, node: ast.Name) -> str | None:
    """The name of a module that is there without an import, written in other letters."""
    part = tree.parents.get(node)
    if not isinstance(part, ast.Attribute):
        return None
    if asks_a_library(tree, node):
        return "torch"
    for name, module in allowed.READY.items():
        if name.lower() == node.id.lower() != "torch" and name != node.id:
            return name if part.attr in allowed.MODULES.get(module, ()) else None
    return None


def asks_a_library(tree: SyntaxTree, node: ast.Name) -> bool:
    """Whether a name is a library's: `sp.sin(x)`, where a tensor's own `w.sin()` takes nothing."""
    part = tree.parents.get(node)
    match tree.parents.get(part) if isinstance(part, ast.Attribute) else None:
        case ast.Call(func=called, args=[_, *_]) if called is part:
            return isinstance(part, ast.Attribute) and part.attr in allowed.ELEMENTARY
    return False


LEAST_LISTED: Final = 2
"""Numbers of a list: `c(2)` may be a product."""


def vector_of_r(tree: SyntaxTree, call: ast.Call, node: ast.Name) -> Problem | None:
    """`c(1, 2, 3)` of R, of numbers alone: they have a point there."""
    if (
        node.id != "c"
        or len(call.args) < LEAST_LISTED
        or call.keywords
        or not all(map(_is_number, call.args))
    ):
        return None
    numbers = (tree.text(each) for each in call.args)
    points = ", ".join(each if "." in each or "e" in each else f"{each}.0" for each in numbers)
    found = problem(
        N_("The name {name} is not known."),
        remedies.CALLED["c"],
        span=tree.span(call),
        name=node.id,
    )
    return msgspec.structs.replace(found, replacement=f"torch.tensor([{points}])"[:MAX_TYPED])


def _is_number(node: ast.expr) -> bool:
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(inner, ast.Constant) and type(inner.value) in (int, float)


def of_mathematica(tree: SyntaxTree, node: ast.Name) -> Problem | None:
    """`D[x^2, x]` as the function alone, `Sin[x]` as `sin(x)`."""
    match tree.parents.get(node):
        case (
            ast.Subscript(
                value=ast.Name(id="D") as of, slice=ast.Tuple(elts=[function, ast.Name()])
            )
            | ast.Subscript(
                value=ast.Name(id="Plot") as of, slice=ast.Tuple(elts=[function, ast.Set()])
            ) as whole
        ) if of is node:
            meant = tree.text(function)
        case ast.Subscript(value=ast.Name() as of, slice=given) as whole if (
            of is node
            and node.id[:1].isupper()
            and node.id.lower() in allowed.ELEMENTARY
            and node.id != node.id.upper()
        ):
            meant = f"{node.id.lower()}({tree.text(given)})"
        case _:
            return None
    found = problem(
        N_("{found} is a sign of another language."),
        N_("Write {meant} in its place."),
        span=tree.span(whole),
        found=f"{node.id}[…]"[:MAX_NAME],
        meant=meant[:300],
    )
    return msgspec.structs.replace(found, replacement=meant[:MAX_TYPED])


def of_an_owner(tree: SyntaxTree, node: ast.Name) -> Problem | None:
    """`mymath.cube(x)`: a name that nobody sets, asked for what no tensor has."""
    part = tree.parents.get(node)
    if not isinstance(part, ast.Attribute) or part.attr in allowed.ATTRIBUTES["Tensor"]:
        return None
    return problem(
        N_("The name {name} is not known."),
        N_("Set it above, or import it; look at how it is spelled, too."),
        span=tree.span(node),
        name=node.id[:MAX_NAME],
    )


def as_called(tree: SyntaxTree, node: ast.Name) -> str | None:
    """Torch's name of a function that books call otherwise, where it is called."""
    call = tree.parents.get(node)
    called = isinstance(call, ast.Call) and call.func is node
    return _CALLED_AS.get(node.id) if called else None


_CALLED_AS: Final = {
    "mod": "remainder",
    "tr": "trace",
    "log_e": "log",
    "rank": "torch.linalg.matrix_rank",
    "sh": "sinh",
    "ch": "cosh",
    "th": "tanh",
    "arsinh": "asinh",
    "arcosh": "acosh",
    "lb": "log2",
    "rad": "deg2rad",
    "radians": "deg2rad",
    "deg": "rad2deg",
    "degrees": "rad2deg",
    "arg": "angle",
    "re": "real",
    "im": "imag",
    "swish": "F.silu",
}


def with_a_value(tree: SyntaxTree, node: ast.Name) -> Problem | None:
    """What is meant by a name that nothing gives a value."""
    return _compared(tree, node) or _as_parameter(tree, node) or _as_input(tree, node)


def _as_parameter(tree: SyntaxTree, node: ast.Name) -> Problem | None:
    """`def f(x, w):` for the function that is asked about, which reads a `w` that nobody sets.

    Only where nobody calls it, and its parameters stand on one line.
    """
    last = tree.module.body[-1]
    if not isinstance(last, ast.FunctionDef) or last.decorator_list:
        return None
    if [each for each in tree.ancestors(node) if isinstance(each, ast.FunctionDef)] != [last]:
        return None
    called = (each for each in tree.nodes if isinstance(each, ast.Name) and each.id == last.name)
    place = _for_one_more(tree, last)
    if place is None or any(called):
        return None
    column, more = place[0], place[1].format(node.id)
    line = tree.lines[last.lineno - 1]
    ends = "…)" if last.args.defaults else ")"
    found = problem(
        N_("The name {name} is not known."),
        N_("Make it a parameter, {head}, or give it a value above the function."),
        span=tree.span(node),
        name=node.id[:MAX_NAME],
        head=f"{line[last.col_offset : column]}{more}"[:300] + ends,
    )
    whole = Span.in_line(last.lineno, column, column).replaced(tree.lines, more)
    return msgspec.structs.replace(found, mended=whole)


def _for_one_more(tree: SyntaxTree, function: ast.FunctionDef) -> tuple[int, str] | None:
    """The column of the head where one more parameter would stand, and how it is written."""
    given, line = function.args, tree.lines[function.lineno - 1]
    plain = given.args[: len(given.args) - len(given.defaults)]
    if given.vararg or given.kwonlyargs or given.kwarg or given.posonlyargs:
        return None
    if given.defaults:
        place = tree.span(given.args[len(plain)])
        return (place.column, "{}, ") if place.line == function.lineno else None
    if plain:
        place = tree.span(plain[-1])
        end = place.end_column
        closed = line[end:].lstrip().startswith(")") and place.end_line == function.lineno
        return (end, ", {}") if closed else None
    end = line.find("()", function.col_offset)
    return (end + 1, "{}") if end >= 0 else None


_OF_LAYERS: Final = {"__forward__": "forward", "__backward__": "backward", "__string__": "__str__"}
MOST_SLIPS: Final = 2


def of_a_method(
    tree: SyntaxTree, node: ast.AST, name: str, operators: frozenset[str]
) -> Problem | None:
    """`def __forward__(self, x)` and `def __inti__(self)` as they are meant."""
    of = tree.parents.get(node)
    if not isinstance(node, ast.FunctionDef) or not isinstance(of, ast.ClassDef):
        return None
    close = min(operators, key=lambda each: (slips(name, each), each != "__init__", each))
    meant = _OF_LAYERS.get(name, close if slips(name, close) <= MOST_SLIPS else "")
    there = (each.name for each in of.body if isinstance(each, ast.FunctionDef))
    if not meant or meant in there:
        return None
    span = tree.first_line(node)
    column = tree.lines[span.line - 1].find(name, span.column)
    found = problem(
        N_("{name} is not allowed: names with two underscores are Python's own."),
        N_("Did you mean {close}?"),
        span=Span.in_line(span.line, column, column + len(name)) if column >= 0 else span,
        name=name[:MAX_NAME],
        close=meant,
    )
    whole = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", meant, tree.source)
    return msgspec.structs.replace(found, mended=whole)


def _compared(tree: SyntaxTree, node: ast.Name) -> Problem | None:
    """`y == x**2` on a line of its own, of a name that nothing else gives a value."""
    match tree.parents.get(node):
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[value]) as whole if left is node:
            pass
        case _:
            return None
    if not isinstance(tree.parents.get(whole), ast.Expr):
        return None
    start, end = tree.span(node), tree.span(value)
    between = Span(start.end_line, start.end_column, end.line, end.column)
    if between.line != between.end_line or between.text(tree.lines).strip() != "==":
        return None
    found = problem(
        N_("Two = compare, and set no name."),
        N_("To give {name} its value write = in their place."),
        span=between,
        name=node.id[:MAX_NAME],
    )
    return msgspec.structs.replace(found, replacement=" = ")


_LETTER: Final = re.compile(r"[^\W\d_]_?\d?")
"""What formulas call their variables."""
MOST: Final = 40
"""Statements that are looked at as one formula's."""
_ACTS: Final = frozenset({"backward", "grad", "requires_grad", "requires_grad_", "retain_grad"})
_PLAIN: Final = (ast.Assign, ast.AugAssign, ast.Expr)


def _as_input(tree: SyntaxTree, node: ast.Name) -> Problem | None:
    """`a = 3` and then `a*x**2`: a function of the letter that has no value; where the program
    prints or goes back itself, a tensor for it.
    """
    body = tree.module.body
    if _LETTER.fullmatch(node.id) is None or not 1 < len(body) <= MOST or _is_called(tree, node):
        return None
    if any(isinstance(each, ast.FunctionDef | ast.ClassDef) for each in body):
        return None
    reads = [each for each in body if any(_is_read(one, node.id) for one in ast.walk(each))]
    found = _as_function(tree, node.id, body[body.index(reads[0]) :]) if reads else None
    if found is not None:
        told = problem(
            N_("The name {name} is not known."),
            N_("Make a function of it, whose input it is: def f({name}): return …"),
            span=tree.span(node),
            name=node.id[:MAX_NAME],
        )
        return msgspec.structs.replace(told, mended=found)
    first = reads[0].lineno - 1 if reads and reads[0].col_offset == 0 else None
    if first is None:
        return None
    line = f"{node.id} = torch.tensor(1.0, requires_grad=True)"
    told = problem(
        N_("The name {name} is not known."),
        N_("Write {line} above it."),
        span=tree.span(node),
        name=node.id[:MAX_NAME],
        line=line,
    )
    mended = "\n".join([*tree.lines[:first], line, *tree.lines[first:]])
    return msgspec.structs.replace(told, mended=mended)


def _is_read(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)


def _is_called(tree: SyntaxTree, node: ast.Name) -> bool:
    """Whether it is called, asked for a part or gone through: then it is no number."""
    parent = tree.parents.get(node)
    whole = isinstance(parent, ast.Attribute) and parent.attr not in _ACTS
    return (
        whole
        or isinstance(parent, ast.For | ast.comprehension | ast.Subscript | ast.Starred)
        or (isinstance(parent, ast.Call) and parent.func is node)
    )


def _as_function(tree: SyntaxTree, name: str, rest: list[ast.stmt]) -> str | None:
    """The program with its last statements as a function of a name."""
    last, lines = rest[-1], tree.lines
    nodes = [each for statement in rest for each in ast.walk(statement)]
    acts = any(
        (isinstance(each, ast.Attribute) and each.attr in _ACTS)
        or (isinstance(each, ast.Name) and each.id in ("print", "plt", "f"))
        or (isinstance(each, ast.Constant) and each.lineno != each.end_lineno)
        for each in nodes
    )
    if acts or not all(isinstance(each, _PLAIN) for each in rest) or rest[0].col_offset:
        return None
    if any(line.lstrip().startswith("# %%") for line in lines):
        return None
    top, end = lines[: rest[0].lineno - 1], [f"    {each}" for each in lines[last.end_lineno :]]
    body = lines[rest[0].lineno - 1 : last.end_lineno]
    match last:
        case ast.Assign(targets=[ast.Name(id=given)]):
            body.append(f"return {given}")
        case ast.Expr():
            row, column = last.lineno - rest[0].lineno, tree.span(last).column
            body[row] = f"{body[row][:column]}return {body[row][column:]}"
        case _:
            return None
    rows = [f"    {each}" if each.strip() else each for each in body]
    return "\n".join([*top, f"def f({name}):", *rows, *(each for each in end if each.strip())])
