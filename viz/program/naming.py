"""Every name, attribute, keyword and import of a program against the allow-list.

`check_names(tree, scopes, inputs)` raises `ProgramRejected` at the first that is not allowed, and
gives the allowed names that are used. `inputs` are the free names of an expression.
"""

from __future__ import annotations

import ast
import builtins
from functools import partial
from typing import Final

from viz.errors import N_, ProgramRejected, problem
from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.program.definitions.classes import (
    OPERATORS,
    check_class,
    is_asked_for,
    is_called_operator,
    is_left_out,
    is_of_ancestors,
    is_of_methods,
    is_of_named_ancestor,
    is_operator,
    is_plain_base,
    is_super,
    is_within_left_out,
)
from viz.program.definitions.own_names import OwnNames, is_slots, own_names, private_name
from viz.program.names import remedies
from viz.program.names.foreign_words import dotted
from viz.program.names.idle import is_idle, is_left
from viz.program.names.lookalikes import Lookalikes
from viz.program.names.missing_imports import import_of
from viz.program.names.modules import Modules, given_names, is_given_a_name
from viz.program.names.parts import of_a_method, of_mathematica
from viz.program.names.unknown import (
    attribute_span,
    bare_module,
    unknown_attribute,
    unknown_name,
)
from viz.program.syntax.placement import parameters
from viz.program.syntax.scopes import Scopes, bound_names
from viz.program.syntax.templates import is_plain_format
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_NAME

MAIN: Final = "__name__"
OF_FILE: Final = frozenset({MAIN, "__file__", "__doc__"})
"""Names of Python's own that may be read, all texts: what the program is called and says."""


TOLD: Final = frozenset(
    f"__{name}__"
    for name in words(
        "all author version date email license copyright status credits maintainer constants"
    )
) | {"__constant__"}
"""What a file or a layer says of itself; Python does nothing with it here."""


def check_names(
    tree: SyntaxTree, scopes: Scopes, inputs: frozenset[str], asked: str | None = ""
) -> set[str]:
    """The allowed names that are used; raises `ProgramRejected`.

    `asked` is the function that is asked about, `None` in a script. In any other function a name
    that nobody sets may stand: whether it is ever read shows when it runs.
    """
    modules = Modules(tree, scopes)
    own = own_names(tree)
    alike = Lookalikes()
    used: set[str] = set()
    for node in tree.nodes:
        for name in _written_names(node):
            _check_identifier(tree, node, name)
        match node:
            case ast.Name(ctx=ast.Load()):
                used |= _read(tree, scopes, modules, node, inputs, asked, alike)
            case ast.Attribute():
                used |= _attribute(tree, modules, node, own, asked, alike)
            case ast.Import() | ast.ImportFrom():
                modules.check_import(node)
            case ast.ClassDef():
                _check_bases(tree, scopes, node, alike)
                check_class(tree, modules, node)
    return used


def _check_bases(tree: SyntaxTree, scopes: Scopes, node: ast.ClassDef, alike: Lookalikes) -> None:
    """`class Square(Function):` in a cell whose import stood in an earlier one."""
    for base in node.bases:
        if isinstance(base, ast.Name) and import_of(base.id) and not scopes.sees(base):
            raise ProgramRejected(unknown_name(tree, scopes, base, alike))


def _written_names(node: ast.AST) -> list[str]:
    """The identifiers that are written at a node itself, attributes aside."""
    match node:
        case ast.Name(id=name) | ast.keyword(arg=str(name)) | ast.arg(arg=name):
            return [name]
        case ast.alias(name=name, asname=other):
            return [*name.split("."), *([other] if other else [])]
        case ast.arguments():
            return []
        case ast.Global(names=declared) | ast.Nonlocal(names=declared):
            return declared
        case _:
            return bound_names(node)


def _check_identifier(tree: SyntaxTree, node: ast.AST, name: str) -> None:
    if name in OF_FILE and isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        return
    if name in TOLD and isinstance(node, ast.Name):
        return
    if (
        is_left_out(tree, node)
        or is_operator(tree, node, name)
        or is_slots(tree, node)
        or private_name(tree, node, name)
    ):
        return
    if name.startswith("__"):
        raise ProgramRejected(
            of_a_method(tree, node, name, OPERATORS)
            or problem(
                N_("{name} is not allowed: names with two underscores are Python's own."),
                _WHY_NOT.get(name, N_("Use a name without underscores in front.")),
                span=tree.first_line(node),
                name=name[:MAX_NAME],
            )
        )
    if len(name) > MAX_NAME:
        raise ProgramRejected(
            problem(
                N_("A name is too long."),
                N_("At most {limit} characters are allowed."),
                span=tree.first_line(node),
                limit=str(MAX_NAME),
            )
        )


_WHY_NOT: Final = {
    **dict.fromkeys(
        ("__index__", "__float__", "__complex__"),
        N_("Give it a method of another name, such as value(self), and call that."),
    ),
    "__slots__": N_("Write the names themselves: __slots__ = ('x', 'y')."),
    **dict.fromkeys(("__new__", "__del__"), N_("Write it in __init__, or in a method of its own.")),
}
"""What to write in place of a name of Python's own."""


def _read(
    tree: SyntaxTree,
    scopes: Scopes,
    modules: Modules,
    node: ast.Name,
    inputs: frozenset[str],
    asked: str | None,
    alike: Lookalikes,
) -> set[str]:
    """The full name behind a bare one; nothing for the program's own."""
    if node.id in inputs:
        if (found := of_mathematica(tree, node)) is not None:
            raise ProgramRejected(found)
        return set()
    module = modules.of(node)
    if module == "numpy" and asked is not None and not scopes.sees(node):
        raise ProgramRejected(unknown_name(tree, scopes, node, alike))  # of inputs torch's is meant
    if module is not None:
        if not _is_asked(tree, modules, node):
            raise ProgramRejected(bare_module(tree, node, node.id))
        return {module}
    if scopes.sees(node):
        return set()
    if node.id in OF_FILE or _is_of_a_class(tree, node) or _is_object_dtype(tree, node):
        return set()
    if node.id in allowed.BARE:
        _check_operand(tree, node)
        return {allowed.BARE[node.id]}
    parent = tree.parents.get(node)
    called = isinstance(parent, ast.Call) and parent.func is node
    meant = node.id in remedies.NAMES and (called or node.id != "grad")
    known = hasattr(builtins, node.id) or meant
    if not known and alike.had_enough() and is_idle(tree, node, asked):
        return set()
    found = unknown_name(tree, scopes, node, alike)
    if not known and is_left(tree, node, found, asked):
        return set()
    raise ProgramRejected(found)


def _is_of_a_class(tree: SyntaxTree, node: ast.Name) -> bool:
    """Whether it is one of the three names of Python's own that belong to a `class` statement."""
    return is_super(tree, node) or is_of_methods(tree, node) or is_plain_base(tree, node)


def _is_object_dtype(tree: SyntaxTree, node: ast.Name) -> bool:
    """Whether it is the `object` of numpy's `dtype=object` or `.astype(object)`."""
    match tree.parents.get(node):
        case ast.keyword(arg="dtype") | ast.Call(func=ast.Attribute(attr="astype")):
            return node.id == "object"
        case _:
            return False


def _check_operand(tree: SyntaxTree, node: ast.Name) -> None:
    """A function may be called and handed over, and is no number to reckon with: `sin * x`."""
    if node.id in allowed.NUMBERS or node.id in allowed.DTYPES:
        return
    parent = tree.parents.get(node)
    if isinstance(parent, ast.BinOp | ast.UnaryOp) and not _is_type_or_type(node, parent):
        raise ProgramRejected(
            problem(
                N_("{name} is a function."),
                N_("Write {name}(…) with its argument in parentheses, or use another name."),
                span=tree.span(node),
                name=node.id,
            )
        )


def _is_type_or_type(node: ast.Name, parent: ast.AST) -> bool:
    """Whether a type stands beside others: `isinstance(x, int | float)`, `n: int | None`."""
    either = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.BitOr)
    return either and node.id in allowed.TYPES


def _is_asked(tree: SyntaxTree, modules: Modules, node: ast.AST) -> bool:
    """Whether a module is used as `torch.something`, or looked at: `dir(torch.nn)`."""
    parent = tree.parents.get(node)
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
        return parent.func.id in ("dir", "help", "hasattr", "getattr") and node is parent.args[0]
    if isinstance(node, ast.Attribute) and is_given_a_name(tree, node):
        statement = tree.parents[parent] if isinstance(parent, ast.Tuple) else parent
        assert isinstance(statement, ast.Assign)
        name = next(name for name, value in given_names(statement) if value is node)
        return modules.of(name) is not None
    return isinstance(parent, ast.Attribute) and parent.value is node


def _attribute(
    tree: SyntaxTree,
    modules: Modules,
    node: ast.Attribute,
    own: OwnNames,
    asked: str | None,
    alike: Lookalikes,
) -> set[str]:
    if (
        is_of_ancestors(tree, node)
        or is_of_methods(tree, node)
        or is_plain_format(tree, node)
        or (_is_name_of(node) and not _is_of_module(modules, node))
        or is_called_operator(tree, node)
        or is_of_named_ancestor(tree, node)
        or is_asked_for(tree, node)
        or is_within_left_out(tree, node)
    ):
        return set()
    module = modules.of(node.value)
    known = _allowed_of(module) if module is not None else _OF_OBJECTS
    if isinstance(node.value, ast.Constant):
        known -= _FORMATTING  # the text stands there: `is_plain_format` has looked at it
    if node.attr not in known and not (
        module is None and (_is_own(tree, node, own) or _is_of_self(tree, node, own, alike))
    ):
        _refuse_part(tree, modules, node.value, asked, alike)
        harmless = module is None or _is_nowhere(module, node.attr)
        harmless = harmless and node.attr not in _TOLD_OF and node.attr[:2] != "__"
        if harmless and alike.had_enough() and is_idle(tree, node, asked):
            return set()
        found = dotted(tree, modules.scopes, node) or unknown_attribute(
            tree, node, module, lambda: known | own.names, alike
        )
        if harmless and is_left(tree, node, found, asked):
            return set()
        raise ProgramRejected(found)
    if not isinstance(node.ctx, ast.Load):
        _check_assignable(tree, node, module, own)
    if modules.of(node) is not None and not _is_asked(tree, modules, node):
        raise ProgramRejected(bare_module(tree, node, tree.text(node)))
    return {f"{module or ''}.{node.attr}"}


def _is_nowhere(module: str, name: str) -> bool:
    """Whether the real module has no such name either: elsewhere such a program fails, too."""
    return module in allowed.REAL and name not in allowed.REAL[module] and name[:1] != "_"


_TOLD_OF: Final = allowed.NEVER | remedies.ATTRIBUTES.keys()
_OF_OBJECTS: Final = allowed.OBJECT_ATTRIBUTES | allowed.ANSWERED


def _is_of_self(tree: SyntaxTree, node: ast.Attribute, own: OwnNames, alike: Lookalikes) -> bool:
    """Whether a method asks its own object for a name that the program never sets: whether it is
    there shows when it runs. A name that is nearly one that it sets was mistyped.
    """
    name = node.attr
    if not isinstance(node.value, ast.Name) or name.startswith("__") or name in allowed.NEVER:
        return False
    method = next(
        (each for each in tree.ancestors(node) if isinstance(each, ast.FunctionDef)), None
    )
    if method is None or not isinstance(tree.parents[method], ast.ClassDef):
        return False
    first = parameters(method.args)[:1]
    if not first or first[0].arg != node.value.id:
        return False
    return name in allowed.TAKEN or alike.nearest(name, "own", lambda: own.names) is None


def _is_own(tree: SyntaxTree, node: ast.Attribute, own: OwnNames) -> bool:
    """Whether the program itself stores an attribute of this name, which it may."""
    if private := private_name(tree, node, node.attr):
        return private in own
    name = node.attr
    return name in own and not name.startswith("__") and name not in allowed.NEVER


def _allowed_of(module: str) -> frozenset[str]:
    return allowed.MODULES.get(module, frozenset())


def _refuse_part(
    tree: SyntaxTree, modules: Modules, node: ast.expr, asked: str | None, alike: Lookalikes
) -> None:
    """Refuses what a refused name is asked of, if that is a part of a module which is not allowed
    itself, or a name that nobody sets: of `torch.testing.make_tensor` and `toch.tensor` the nearer
    one is to blame.
    """
    while isinstance(node, ast.Attribute) and not _is_name_of(node):
        module = modules.of(node.value)
        if module is not None and node.attr not in _allowed_of(module):
            known = partial(_allowed_of, module)
            raise ProgramRejected(unknown_attribute(tree, node, module, known, alike))
        node = node.value
    if not isinstance(node, ast.Name) or modules.scopes.sees(node):
        return
    if import_of(node.id) or remedies.SYNONYMS.get(node.id) == "torch":
        raise ProgramRejected(unknown_name(tree, modules.scopes, node, alike))
    if asked == "" or node.id in _KNOWN or is_idle(tree, node, asked):
        return
    if not _is_of_a_class(tree, node):
        raise ProgramRejected(unknown_name(tree, modules.scopes, node, alike))


_KNOWN: Final = frozenset({MAIN, *allowed.BARE, *allowed.READY, *vars(builtins)})


def _is_name_of(node: ast.Attribute) -> bool:
    """`f.__name__` and `f.__doc__` are texts, `x.__class__` is what `type(x)` gives; `x.__dict__`
    is `vars(x)`, which looks at x when it runs.
    """
    read = isinstance(node.ctx, ast.Load)
    return read and node.attr in (MAIN, "__doc__", "__class__", "__dict__")


def _is_of_module(modules: Modules, node: ast.Attribute) -> bool:
    """Whether it is the `__dict__` of a module, which is nobody's own."""
    return node.attr == "__dict__" and modules.of(node.value) is not None


_FORMATTING: Final = frozenset({"format", "format_map"})


_OF_TENSORS: Final = allowed.NEVER.union(
    allowed.ATTRIBUTES["Tensor"],
    allowed.ATTRIBUTES["ndarray"],
    allowed.ANSWERED,
    remedies.ASSIGNED,
)


SETTABLE: Final = frozenset({"torch.pi"})
"""What a program may set of a module, as it did before torch had it."""


def _check_assignable(
    tree: SyntaxTree, node: ast.Attribute, module: str | None, own: OwnNames
) -> None:
    """What a tensor or an array has is not written; layers and objects of the program's classes
    have names of their own, and whose one is is decided when it runs.
    """
    if f"{module}.{node.attr}" in SETTABLE:
        return
    if module is None and (
        own.classes
        or node.attr in allowed.ASSIGNABLE | allowed.SETTINGS
        or node.attr in allowed.OF_ARRAYS | allowed.OF_GRAPHS
        or node.attr not in _OF_TENSORS
        or allowed.is_free(node.attr)
    ):
        return
    remedy = N_("These attributes may be: {allowed}. Use a name of your own for anything else.")
    raise ProgramRejected(
        problem(
            N_("{name} may not be assigned to."),
            remedies.ASSIGNED.get(node.attr, remedy),
            span=attribute_span(tree, node),
            name=node.attr[:MAX_NAME],
            allowed=", ".join(sorted(allowed.ASSIGNABLE)),
        )
    )
