"""Classes: simple layers (`nn.Module`) and functions with a derivative of their own.

A class stands at the top of the program, has `nn.Module` or `torch.autograd.Function` as its one
base, and holds a docstring and methods. What it stores (`self.linear1 = …`) may be read of any
object afterwards, so its own attributes have reviewed names too: words such as `linear`, `hidden`
or `scale`, combined by underscores and numbered (`linear_relu_stack`, `fc1`, `W_xh`). A test
holds that no such name leads to anything but layers and numbers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from viz.errors import N_, ProgramRejected, problem
from viz.program import names
from viz.program.modules import Modules
from viz.program.syntax import SyntaxTree
from viz.program.unknown import attribute_span
from viz.program.words import words
from viz.records import MAX_NAME, Problem

BASES: Final = frozenset({"torch.nn.Module", "torch.autograd.Function"})
METHODS: Final = frozenset(words("__init__ forward backward setup_context"))
WORDS: Final = frozenset(
    words(
        "layer layers linear lin fc flat dense conv pool norm bn ln drop dropout act activation"
        " relu tanh sigmoid gelu softmax flatten hidden input inputs output outputs first second"
        " third"
        " last encoder decoder embed embedding head heads net network model block"
        " blocks stack seq main features classifier regressor loss criterion weight weights bias"
        " biases scale shift gain rate alpha beta gamma mu sigma theta phi omega param params coef"
        " coefs slope intercept poly degree order factor query key value attn attention proj up"
        " down left right mean std var eps dim size width height depth kernel memory cell gate"
        " forget update reset lam temperature tau noise mask count total result saved target"
        " targets rnn lstm gru unit units neuron vec vector matrix num in out hidden residual"
        " branch mlp predict score energy potential distance radius center amplitude frequency"
        " phase period growth decay threshold margin power exponent step steps xh hh hx hq"
        " ih ho xz xr hz hr lr helper compute string describe"
    )
)
MAX_OWN: Final = 40
"""Characters of such a name."""
_PART: Final = re.compile(r"[A-Za-z]?\d{0,3}|([A-Za-z]+?)\d{0,3}")


def is_own_word(name: str) -> bool:
    """Whether a class may store an attribute under this name."""
    return 0 < len(name) <= MAX_OWN and all(_is_word(part) for part in name.split("_"))


def _is_word(part: str) -> bool:
    found = _PART.fullmatch(part)
    return bool(part) and found is not None and (found[1] is None or found[1].lower() in WORDS)


def own_attributes(tree: SyntaxTree, modules: Modules) -> frozenset[str]:
    """The names that the program's classes define; raises `ProgramRejected` for other classes."""
    found: set[str] = set()
    for node in tree.nodes:
        if isinstance(node, ast.ClassDef):
            _check_class(tree, modules, node)
            for name, where in _stored(node):
                if name in METHODS or name in names.ASSIGNABLE:
                    continue
                if not is_own_word(name):
                    raise ProgramRejected(_odd_word(tree, where, name))
                found.add(name)
    return frozenset(found)


def _check_class(tree: SyntaxTree, modules: Modules, node: ast.ClassDef) -> None:
    base = modules.full_name(node.bases[0]) if len(node.bases) == 1 else None
    if base not in BASES or node.keywords or node.decorator_list:
        raise ProgramRejected(_other_base(tree, node))
    if tree.parents[node] is not tree.module:
        raise ProgramRejected(_not_on_top(tree, node))
    for statement in node.body:
        docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not (docstring or isinstance(statement, ast.FunctionDef | ast.Pass)):
            raise ProgramRejected(_only_methods(tree, statement))


def _stored(node: ast.ClassDef) -> Iterator[tuple[str, ast.AST]]:
    """The names of a class's methods and of what they store on their first parameter."""
    for method in node.body:
        if not isinstance(method, ast.FunctionDef):
            continue
        yield method.name, method
        own = [*method.args.posonlyargs, *method.args.args][:1]
        stack: list[ast.AST] = [method]
        while stack:
            each = stack.pop()
            stack.extend(ast.iter_child_nodes(each))
            match each:
                case ast.Attribute(value=ast.Name(id=owner), attr=name, ctx=ast.Store()):
                    if own and owner == own[0].arg:
                        yield name, each


def is_super_init(tree: SyntaxTree, node: ast.AST) -> bool:
    """Whether an attribute is the one of `super().__init__(…)` inside a class's `__init__`."""
    match node:
        case ast.Attribute(attr="__init__", value=ast.Call(func=ast.Name(id="super")), ctx=ctx):
            called = tree.parents.get(node)
            inside = next((e for e in tree.ancestors(node) if isinstance(e, ast.FunctionDef)), None)
            return (
                isinstance(ctx, ast.Load)
                and isinstance(called, ast.Call)
                and called.func is node
                and inside is not None
                and inside.name == "__init__"
                and isinstance(tree.parents[inside], ast.ClassDef)
            )
        case _:
            return False


def is_super(tree: SyntaxTree, node: ast.Name) -> bool:
    """Whether the name is the `super` of `super().__init__(…)`."""
    call = tree.parents.get(node)
    return (
        node.id == "super"
        and isinstance(call, ast.Call)
        and call.func is node
        and is_super_init(tree, tree.parents.get(call) or node)
    )


def is_static(tree: SyntaxTree, node: ast.expr) -> bool:
    """Whether a decorator is `@staticmethod` on a method."""
    method = tree.parents.get(node)
    return (
        isinstance(node, ast.Name)
        and node.id == "staticmethod"
        and isinstance(method, ast.FunctionDef)
        and node in method.decorator_list
        and isinstance(tree.parents[method], ast.ClassDef)
    )


def is_init(tree: SyntaxTree, node: ast.AST, name: str) -> bool:
    """Whether a node defines a class's `__init__`."""
    return (
        name == "__init__"
        and isinstance(node, ast.FunctionDef)
        and isinstance(tree.parents[node], ast.ClassDef)
    )


def _other_base(tree: SyntaxTree, node: ast.ClassDef) -> Problem:
    return problem(
        N_("A class may only be a layer or a function with its own derivative."),
        N_("Write class {name}(nn.Module): or class {name}(torch.autograd.Function):"),
        span=tree.first_line(node),
        name=node.name[:MAX_NAME],
    )


def _not_on_top(tree: SyntaxTree, node: ast.ClassDef) -> Problem:
    return problem(
        N_("A class stands inside something else."),
        N_("Move it to the top level of the program."),
        span=tree.first_line(node),
    )


def _only_methods(tree: SyntaxTree, node: ast.stmt) -> Problem:
    return problem(
        N_("A class may hold methods only."),
        N_("Set it in __init__: self.scale = 2.0, or outside the class."),
        span=tree.first_line(node),
    )


def _odd_word(tree: SyntaxTree, node: ast.AST, name: str) -> Problem:
    span = attribute_span(tree, node) if isinstance(node, ast.Attribute) else tree.first_line(node)
    return problem(
        N_("The name {name} is not on the list of names for a class's own."),
        N_("Use words such as linear1, conv2, hidden, layers, scale, or one letter: w, b, W_xh."),
        span=span,
        name=name[:MAX_NAME],
    )
