"""What to say of a name that is not known or not allowed: the nearest one that is, or a remedy."""

from __future__ import annotations

import ast
import difflib
from collections import ChainMap
from collections.abc import Callable, Collection, Container
from typing import Final

import msgspec

from viz.errors import N_, problem
from viz.program.allowlist import allowed
from viz.program.names import remedies
from viz.program.names.ancestors import of_super
from viz.program.names.foreign_words import (
    another_meaning,
    argument,
    curve_of,
    layer,
    of_another_language,
    product,
    reciprocal,
    which_grad,
    written_otherwise,
)
from viz.program.names.lookalikes import Lookalikes, nearest
from viz.program.names.missing_imports import import_of
from viz.program.names.parts import (
    alias_meant,
    as_called,
    fitting,
    of_an_owner,
    of_its_own,
    of_numpy,
    vector_of_r,
    with_a_value,
)
from viz.program.names.scripted import scripted
from viz.program.slips.spelling import beside, slips
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_NAME, MAX_TYPED, Problem, Span
from viz.trees import parse

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
_SHORT: Final = {"torch.nn.functional": "F", "torch.nn": "nn"}


def attribute_span(tree: SyntaxTree, node: ast.Attribute) -> Span:
    """Where the attribute's own name stands: the end of `a.b.name`."""
    span = tree.span(node)
    start = max(span.end_column - len(node.attr), 0)
    return Span(span.end_line, start, span.end_line, span.end_column)


def bare_module(tree: SyntaxTree, node: ast.AST, name: str) -> Problem:
    """A module that is used by itself: `y = torch`; `torch.random(3)` is `torch.rand(3)`."""
    parent = tree.parents.get(node)
    drawn = isinstance(parent, ast.Call) and parent.func is node and DRAWN.get(name)
    if drawn:
        found = problem(
            N_("{name} is a module and cannot be called."),
            _IN_ITS_PLACE,
            span=tree.span(node),
            name=name[:MAX_NAME],
            meant=drawn,
        )
        return msgspec.structs.replace(found, replacement=drawn)
    return problem(
        N_("{name} is a module and cannot be used alone here."),
        N_("Write what you need of it, such as {name}.{example}."),
        span=tree.span(node),
        name=name[:MAX_NAME],
        example="sin" if name in ("torch", "math") else "…",
    )


def unknown_name(tree: SyntaxTree, scopes: Scopes, node: ast.Name, alike: Lookalikes) -> Problem:
    """A bare name that nobody defines."""
    span, details = tree.span(node), {"name": node.id[:MAX_NAME]}
    found = _not_imported(tree, node) or of_another_language(tree, node) or layer(tree, node)
    if (found := found or curve_of(tree, node)) is not None:
        return found
    if node.id in remedies.SYNONYMS:
        meant = remedies.SYNONYMS[node.id]
        if meant == "torch" and (other := another_meaning(tree, node)) is not None:
            return other
        found = problem(UNKNOWN, _IN_ITS_PLACE, span=span, meant=meant, **details)
        return msgspec.structs.replace(found, replacement=meant)
    if node.id in remedies.NAMES:
        message = N_("{name} is not allowed here.")
        found = problem(message, remedies.NAMES[node.id], span=span, **details)
        if (code := _evaluated(tree, node) or _typed_in(tree, node)) is not None:
            return msgspec.structs.replace(
                found, span=tree.span(tree.parents[node]), replacement=code
            )
        return msgspec.structs.replace(found, replacement=which_grad(tree, node, node.id))
    known = ChainMap(scopes.anywhere, _LETTERS if _is_expression(tree) else {})
    if (found := product(tree, known, node) or reciprocal(tree, node)) is not None:
        return found
    if (alias := alias_meant(tree, node)) is not None:
        found = problem(UNKNOWN, _IN_ITS_PLACE, span=span, meant=alias, **details)
        return msgspec.structs.replace(found, replacement=alias)
    close = as_called(tree, node) or _close(scopes, node, alike)
    if node.id in remedies.ELSEWHERE and close not in scopes.names():
        example = remedies.ELSEWHERE[node.id]
        return problem(UNKNOWN, remedies.IN_ANOTHER_CELL, span=span, example=example, **details)
    if close is not None:
        return msgspec.structs.replace(
            problem(UNKNOWN, N_("Did you mean {close}?"), span=span, close=close, **details),
            replacement=close,
        )
    parent = tree.parents.get(node)
    if isinstance(parent, ast.Call) and parent.func is node:
        called = _called_input(tree, parent, node) or vector_of_r(tree, parent, node)
        remedy = remedies.CALLED.get(node.id, UNKNOWN_CALL)
        return called or problem(UNKNOWN, remedy, span=span, **details)
    if (line := argument(tree, node)) is not None:
        return problem(UNKNOWN, NOT_IMPORTED, span=span, line=line, **details)
    found = of_an_owner(tree, node) or with_a_value(tree, node)
    found = found or _lone_assignment(tree, details)
    return found or problem(UNKNOWN, NO_VALUE, span=span, **details)


def _not_imported(tree: SyntaxTree, node: ast.Name) -> Problem | None:
    """A name that an import brings, which stands in another cell of the notebook it is from."""
    line = import_of(node.id, _given(tree, node))
    said = node.id in remedies.SYNONYMS or node.id.lower() in allowed.BARE  # `Tanh(x)`
    if line is None or (said and _is_expression(tree)):
        return None
    message = N_("{name} is used here before it is imported.")
    return problem(message, NOT_IMPORTED, span=tree.span(node), name=node.id, line=line)


def _given(tree: SyntaxTree, node: ast.expr) -> int | None:
    """How many arguments it is called with, if it is."""
    match tree.parents.get(node):
        case ast.Call(func=called, args=given, keywords=named) if called is node:
            return len(given) + len(named)
        case _:
            return None


def _is_expression(tree: SyntaxTree) -> bool:
    body = tree.module.body
    return len(body) == 1 and isinstance(body[0], ast.Expr)


_LETTERS: Final[dict[str, list[ast.AST]]] = {each: [] for each in "xyzt"}
"""Names of an expression's inputs that a product is looked for among."""
NOT_IMPORTED: Final = N_("Write {line} above it.")


def _evaluated(tree: SyntaxTree, node: ast.Name) -> str | None:
    """The code of `eval("x ** 2")`, where it is one expression that is written out."""
    match tree.parents.get(node):
        case ast.Call(func=called, args=[ast.Constant(value=str(code))]) if (
            called is node and node.id == "eval" and "\n" not in code and len(code) < MAX_NAME
        ):
            pass
        case _:
            return None
    try:
        body = parse(code.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return f"({code.strip()})" if len(body) == 1 and isinstance(body[0], ast.Expr) else None


def _typed_in(tree: SyntaxTree, node: ast.Name) -> str | None:
    """A text in the place of `input("x? ")`, which what is around it can read."""
    call = tree.parents.get(node)
    if node.id != "input" or not isinstance(call, ast.Call) or call.func is not node:
        return None
    match tree.parents.get(call):
        case ast.Call(func=ast.Name(id="float")):
            return '"1.0"'
        case ast.Call(func=ast.Name(id="int")):
            return '"3"'
        case ast.Attribute(attr="split"):
            return '"1 2"'
        case _:
            return '"1"'


def _close(scopes: Scopes, node: ast.Name, alike: Lookalikes) -> str | None:
    """The known name that was probably meant; of one letter only the program's own."""
    places: list[Container[str]] = [scopes.bound[scope] for scope in scopes.around(node)]
    if len(node.id) == 1:
        return alike.mistyped(node.id, places)
    known = alike.mistyped(node.id, [*places, _NOT_IN_PLACE, allowed.READY])
    known = known or alike.close_to(
        node.id, "name", lambda: {*_NOT_IN_PLACE, *allowed.READY, *scopes.names()}
    )
    return None if known is not None and _is_no_value(scopes, node, known) else known


_NOT_IN_PLACE: Final = frozenset(each for each in allowed.BARE if not each.endswith("_"))
"""Nobody who mistypes `log2` means `log2_`, which changes what it is given."""


def _is_no_value(scopes: Scopes, node: ast.Name, known: str) -> bool:
    """Whether a function looks like the name of something that is asked for its parts, or handed
    over: of `model.state_dict()` nobody means `mode`.
    """
    is_function = known in allowed.BARE and known not in allowed.NUMBERS | allowed.DTYPES
    parent = scopes.tree.parents.get(node)
    called = isinstance(parent, ast.Call) and parent.func is node
    used = isinstance(parent, ast.Attribute | ast.Subscript | ast.Call | ast.keyword)
    return is_function and known not in scopes.anywhere and used and not called


UNKNOWN: Final = N_("The name {name} is not known.")
_IN_ITS_PLACE: Final = N_("Write {meant} in its place.")
UNKNOWN_CALL: Final = N_(
    "For a product write {name}*(…); for a function of your own add def {name}(…): return …"
)
NO_VALUE: Final = N_(
    "Give it a value first, such as {name} = torch.tensor(1.0, requires_grad=True),"
    " or make it a parameter of the function that reads it."
)


def _called_input(tree: SyntaxTree, call: ast.Call, node: ast.Name) -> Problem | None:
    """`x(x + 1)`, a product without its sign, of an expression's input."""
    body = tree.module.body
    if len(body) > 1 or not isinstance(body[0], ast.Expr):
        return None
    reads = (each for each in tree.nodes if isinstance(each, ast.Name) and each.id == node.id)
    if all(_is_called(tree, each) for each in reads) or len(call.args) != 1 or call.keywords:
        return None
    meant = f"{node.id}*({tree.text(call.args[0])})"
    found = problem(
        N_("{name} is an input, and is called like a function."),
        N_("A product needs its sign: {meant}"),
        span=tree.span(node),
        name=node.id[:MAX_NAME],
        meant=meant[:300],
    )
    return msgspec.structs.replace(
        found, replacement=f"{node.id}*" if _stands_alone(tree, call) else None
    )


def _is_called(tree: SyntaxTree, node: ast.Name) -> bool:
    parent = tree.parents.get(node)
    return isinstance(parent, ast.Call) and parent.func is node


def _stands_alone(tree: SyntaxTree, call: ast.Call) -> bool:
    """Whether a product in the place of a call is read in one way: `1/x(x+1)` may be two."""
    match tree.parents.get(call):
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult()) | ast.Expr():
            return not isinstance(call.args[0], ast.Starred)
        case ast.Call(args=args):
            return call in args and not isinstance(call.args[0], ast.Starred)
        case _:
            return False


def _lone_assignment(tree: SyntaxTree, details: dict[str, str]) -> Problem | None:
    """`y = x**2` and nothing else: the right side alone is a program."""
    match tree.module.body:
        case [ast.Assign(targets=[ast.Name(id=target)], value=value)]:
            meant = tree.text(value)
        case _:
            return None
    found = problem(
        UNKNOWN,
        N_("Type only what is to the right of {target} =: its free names are the inputs."),
        span=tree.span(tree.module.body[0]),
        target=target[:MAX_NAME],
        **details,
    )
    return msgspec.structs.replace(found, replacement=meant if len(meant) <= MAX_TYPED else None)


def unknown_attribute(
    tree: SyntaxTree,
    node: ast.Attribute,
    module: str | None,
    known: Callable[[], Collection[str]],
    alike: Lookalikes,
) -> Problem:
    """An attribute that is not allowed, of a module or of any object."""
    name, span = node.attr[:MAX_NAME], attribute_span(tree, node)
    message = N_("{owner}.{name} is not allowed.") if module else N_(".{name} is not allowed.")
    details = {"name": name, "owner": module or ""}
    if isinstance(owner := node.value, ast.Name) and (meant := _CAPITALS.get(owner.id)):
        found = problem(UNKNOWN, _IN_ITS_PLACE, span=tree.span(owner), name=owner.id, meant=meant)
        return msgspec.structs.replace(found, replacement=meant)
    if name.startswith("__"):
        return of_super(tree, node, span) or problem(message, _PYTHONS_OWN, span=span, **details)
    if (meant := written_otherwise(tree, node, module)) is not None:
        found = problem(message, _IN_ITS_PLACE, span=span, meant=meant, **details)
        return msgspec.structs.replace(found, replacement=meant)
    if (compiled := scripted(tree, node, module)) is not None:
        return compiled
    if (remedy := remedies.of_attribute(module, name)) is not None:
        return problem(message, remedy, span=span, **details)
    if module == "math" and name in _OF_PYTHON:
        found = problem(message, _IN_ITS_PLACE, span=tree.span(node), meant=name, **details)
        return msgspec.structs.replace(found, replacement=name)
    if (meant := of_its_own(tree, node, module)) is not None:
        found = problem(message, _IN_ITS_PLACE, span=span, meant=meant, **details)
        return msgspec.structs.replace(found, replacement=meant)
    small = name.lower() if name.lower() not in allowed.MODULES.get(module or "", ()) else name
    if module is not None and (
        elsewhere := _elsewhere(name, module) or _elsewhere(small, module) or of_numpy(node, module)
    ):
        whole = tree.span(node)
        elsewhere = which_grad(tree, node, name) or elsewhere
        found = problem(message, N_("Did you mean {close}?"), span=span, close=elsewhere, **details)
        return found if whole.line != whole.end_line else _at_whole(found, whole, elsewhere)
    return _looking_alike(tree, node, module, known, alike) or problem(
        message, _DOCUMENTED, span=span, **details
    )


def _looking_alike(
    tree: SyntaxTree,
    node: ast.Attribute,
    module: str | None,
    known: Callable[[], Collection[str]],
    alike: Lookalikes,
) -> Problem | None:
    """An attribute that looks like one that is allowed."""
    name, span = node.attr[:MAX_NAME], attribute_span(tree, node)
    if name in (allowed.REAL.get(module, ()) if module else allowed.TAKEN):
        close = None
    elif module is None:
        close = alike.swapped(name, known) if len(name) >= SHORT else None
        close = close or alike.close_to(name, f"of {module}", known)
        if close is not None and sorted(close) != sorted(name) and not _is_a_slip(name, close):
            return None
    else:
        there = fitting(tree, node, allowed.MODULES.get(module, frozenset()))
        close = alike.mistyped(name, [there]) or beside(name, there)
        close = close or alike.close_to(name, f"of {module}, {len(there)}", lambda: there)
    if close is None:
        return None
    message = N_("{owner}.{name} is not allowed.") if module else N_(".{name} is not allowed.")
    better, whole = _of_functions(name, close, module), tree.span(node)
    found = problem(
        message,
        N_("Did you mean {close}?"),
        span=span,
        name=name,
        owner=module or "",
        close=better or close,
    )
    if better is None:
        return msgspec.structs.replace(found, replacement=close)
    return found if whole.line != whole.end_line else _at_whole(found, whole, better)


DRAWN: Final = {"torch.random": "torch.rand", "np.random": "np.random.rand"}
"""Modules that are called for the numbers that they draw, and what does."""
_CAPITALS: Final = {"Torch": "torch", "TORCH": "torch", "Numpy": "numpy", "NN": "nn"}
_OF_PYTHON: Final = frozenset({"abs", "max", "min", "round", "sum", "len"})
"""What other languages have among their functions of mathematics: `Math.abs`."""


def _is_a_slip(name: str, close: str) -> bool:
    """Whether a name behind a dot is another one mistyped: any object may have names of its own,
    and `conv3` is no `conv2`, nor `tgt` a `gt`.
    """
    digits = [sorted(filter(str.isdigit, each)) for each in (name, close)]
    if {name[:4], close[:4]} == {"get_", "set_"}:
        return False
    most = 1 if len(name) < LONG else 2
    return digits[0] == digits[1] and len(name) > SHORT and slips(name, close) <= most


SHORT: Final = 3
LONG: Final = 12


def _at_whole(found: Problem, whole: Span, meant: str) -> Problem:
    """The problem with another name in the place of a whole one, its module included."""
    return msgspec.structs.replace(found, span=whole, replacement=meant)


_PYTHONS_OWN: Final = N_("Names with two underscores are Python's own: use what torch documents.")
_DOCUMENTED: Final = N_(
    "It is not among the reviewed names: write it with others of torch's, or leave it out."
)


def _of_functions(name: str, close: str, module: str | None) -> str | None:
    """The function of `torch.nn.functional` that looks more like a name than torch's own does:
    of `torch.gel` nobody knows that `ge` is meant.
    """
    if module != "torch":
        return None
    other = nearest(name, allowed.MODULES["torch.nn.functional"])
    if other is None or other in allowed.MODULES["torch"]:
        return None
    alike = [difflib.SequenceMatcher(None, each, name).ratio() for each in (close, other)]
    return f"F.{other}" if alike[1] > alike[0] else None


def _elsewhere(name: str, module: str) -> str | None:
    """Where a name of another module is to be found: `torch.relu` for `nn.relu`."""
    if module.startswith(("numpy", "matplotlib")):
        return None  # torch's would mean something else
    owner = next((m for m in _ELSEWHERE if m != module and name in allowed.MODULES[m]), None)
    return f"{_SHORT.get(owner, owner)}.{name}" if owner else None
