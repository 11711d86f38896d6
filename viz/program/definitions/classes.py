"""Classes: layers (`nn.Module`), functions with a derivative of their own, optimisers, plain ones.

A class may stand anywhere, descend from others of the program's and from classes that can be named,
and hold whatever a program may. `typed.classes` looks at its bases when it is made. It may say what
operators mean (`__add__`, `__iter__`), never how Python itself makes or ends objects (`__new__`,
`__del__`).

What the program stores (`self.linear1 = …`, a method, a field) is a name of its own (`own_names`).
A name that no real object has harms nothing and is written and read as it is. Any other is decided
when it runs, by the object's own class (`typed.attributes`); those of frames, code and types are
never allowed.

Torch's C++ takes numbers from objects that say `__index__` or `__float__` while it goes through a
list, and what a class says there could shorten that list: the two stay out. `__getattr__` is asked
for names of the program's own only (`typed.classes`).
"""

from __future__ import annotations

import ast
from typing import Final

import msgspec

from viz.errors import N_, ProgramRejected, problem
from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.program.names.modules import Modules
from viz.program.slips.spelling import slips
from viz.program.syntax.methods import is_added
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_NAME, Problem, Span

OPERATORS: Final = frozenset(
    words(
        "__init__ __post_init__ __repr__ __str__ __format__ __call__ __len__ __bool__ __contains__"
        " __getitem__ __setitem__ __delitem__ __iter__ __next__ __reversed__ __enter__ __exit__"
        " __eq__ __ne__ __lt__ __gt__ __le__ __ge__ __hash__ __neg__ __pos__ __abs__ __invert__"
        " __int__ __round__ __getattr__"
    )
) | {
    f"__{side}{name}__"
    for name in words("add sub mul truediv floordiv mod divmod pow matmul and or xor lshift rshift")
    for side in ("", "r", "i")
}
"""What a class may say of itself; every other name of Python's own stays Python's."""
OF_ANCESTORS: Final = frozenset(
    words(
        "__init__ __post_init__ __repr__ __str__ __call__ __len__ __getitem__ __setitem__ __iter__"
        " __contains__ __enter__ __exit__ __eq__ __add__ __mul__ __sub__"
    )
)
"""What may be asked of `super()` beside the names that any object may be asked for."""
DECORATORS: Final = frozenset(words("staticmethod classmethod property"))
PLAIN: Final = "object"


def is_super(tree: SyntaxTree, node: ast.Name) -> bool:
    """Whether the name is the `super` of `super().forward(x)` or `super(Net, self).__init__()`."""
    call = tree.parents.get(node)
    attribute = tree.parents.get(call) if call is not None else None
    return (
        node.id == "super"
        and isinstance(call, ast.Call)
        and call.func is node
        and not call.keywords
        and isinstance(attribute, ast.Attribute)
        and isinstance(attribute.ctx, ast.Load)
        and attribute.value is call
        and _names_itself(tree, call)
    )


def _names_itself(tree: SyntaxTree, call: ast.Call) -> bool:
    """Whether `super(…)` stands in a method and says nothing, or a class and the method's self."""
    method = _method_around(tree, call)
    if method is None:
        return False
    first = _self_of(method)
    match call.args:
        case []:
            return bool(first) and isinstance(tree.parents[method], ast.ClassDef)
        case [ast.Name() | ast.Attribute(), ast.Name(id=name)]:
            return [name] == first
        case _:
            return False


def _method_around(tree: SyntaxTree, node: ast.AST) -> ast.FunctionDef | None:
    """The method that a node stands in: of a class, or one that is added to a class."""
    for each in tree.ancestors(node):
        if isinstance(each, ast.FunctionDef) and (
            isinstance(tree.parents[each], ast.ClassDef) or is_added(each)
        ):
            return each
    return None


def _self_of(method: ast.FunctionDef) -> list[str]:
    return [each.arg for each in [*method.args.posonlyargs, *method.args.args]][:1]


def is_of_named_ancestor(tree: SyntaxTree, node: ast.AST) -> bool:
    """Whether it is the `Base.__init__` of `Base.__init__(self, …)` in a method, as it is written
    without `super()`. Whether the object descends from that class is decided when it runs.
    """
    call = tree.parents.get(node)
    match node:
        case ast.Attribute(attr=name, value=ast.Name() | ast.Attribute(), ctx=ast.Load()):
            if name not in OF_ANCESTORS or not isinstance(call, ast.Call) or call.func is not node:
                return False
        case _:
            return False
    method = _method_around(tree, call)
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Name) and method is not None and [first.id] == _self_of(method)


def is_of_ancestors(tree: SyntaxTree, node: ast.Attribute) -> bool:
    """Whether it is the `__init__` of `super().__init__(…)`, called at once."""
    called = tree.parents.get(node)
    match node:
        case ast.Attribute(attr=name, value=ast.Call(func=ast.Name() as function), ctx=ast.Load()):
            return (
                name in OF_ANCESTORS
                and is_super(tree, function)
                and isinstance(called, ast.Call)
                and called.func is node
            )
        case _:
            return False


def is_plain_base(tree: SyntaxTree, node: ast.Name) -> bool:
    """Whether the name is the `object` of `class A(object):`."""
    return node.id == PLAIN and isinstance(tree.parents.get(node), ast.ClassDef)


def is_of_methods(tree: SyntaxTree, node: ast.expr) -> bool:
    """Whether a decorator is `@staticmethod`, `@classmethod`, `@property` or `@name.setter`."""
    method = tree.parents.get(node)
    if not (isinstance(method, ast.FunctionDef) and isinstance(tree.parents[method], ast.ClassDef)):
        return False
    # of all that a definition holds only its decorators stand before it
    if (node.lineno, node.col_offset) >= (method.lineno, method.col_offset):
        return False
    match node:
        case ast.Name(id=name):
            return name in DECORATORS
        case ast.Attribute(value=ast.Name(id=name), attr="setter"):
            return name == method.name
        case _:
            return False


def is_operator(tree: SyntaxTree, node: ast.AST, name: str) -> bool:
    """Whether a node defines what an operator means for a class: `def __add__`, `__radd__ = …`."""
    if name == "__init__" and is_added(node):
        return True
    defines = isinstance(node, ast.FunctionDef) or (
        isinstance(node, ast.Name)
        and (name in _ALIASES or (isinstance(node.ctx, ast.Load) and name in OPERATORS))
    )
    return name in OPERATORS and defines and isinstance(_body_of(tree, node), ast.ClassDef)


LEFT_OUT: Final = frozenset(words("__setstate__ __getstate__ __reduce__"))
"""Methods that only pickling calls, which is nowhere here: they are passed over."""


def is_left_out(tree: SyntaxTree, node: ast.AST | None) -> bool:
    """Whether it is such a method of a class."""
    in_class = isinstance(node, ast.FunctionDef) and isinstance(tree.parents[node], ast.ClassDef)
    return in_class and node.name in LEFT_OUT  # type: ignore[union-attr]


def is_within_left_out(tree: SyntaxTree, node: ast.Attribute) -> bool:
    """Whether it is the `super().__setstate__` within such a method."""
    return node.attr in LEFT_OUT and any(is_left_out(tree, each) for each in tree.ancestors(node))


_ALIASES: Final = frozenset(f"__r{name}__" for name in words("add mul")) | {"__repr__", "__str__"}
"""What a class may give the meaning of another of its own: `__rmul__ = __mul__`."""


_OF_MAKING: Final = frozenset(words("__init__ __post_init__ __getattr__ __hash__"))


def is_called_operator(tree: SyntaxTree, node: ast.Attribute) -> bool:
    """Whether an operator that a class of the program's defines is called by its name:
    `other.__add__(self)`. Whose it is is decided when it runs.
    """
    return (
        node.attr in OPERATORS - _OF_MAKING
        and isinstance(node.ctx, ast.Load)
        and not is_of_ancestors(tree, node)
        and any(
            isinstance(each, ast.FunctionDef)
            and each.name == node.attr
            and isinstance(tree.parents[each], ast.ClassDef)
            for each in tree.nodes
        )
    )


def _defines_anew(tree: SyntaxTree, name: str) -> bool:
    return any(isinstance(each, ast.FunctionDef) and each.name == name for each in tree.nodes)


def _is_of_super(node: ast.Attribute) -> bool:
    asked = node.value.func if isinstance(node.value, ast.Call) else None
    return isinstance(asked, ast.Name) and asked.id == "super"


ASKING: Final = {"__setattr__": 2, "__delattr__": 1, "__getattr__": 1, "__getattribute__": 1}
"""What stands behind `setattr`, `delattr` and `getattr`, and how many arguments it takes."""


def is_asked_for(tree: SyntaxTree, node: ast.AST) -> bool:
    """Whether it is the `x.__setattr__` of `x.__setattr__(name, value)`, which is `setattr`, or
    that of `getattr`; a class of the program's own may say what its `__getattr__` does.
    """
    call = tree.parents.get(node)
    return (
        isinstance(node, ast.Attribute)
        and isinstance(call, ast.Call)
        and call.func is node
        and not _is_of_super(node)
        and len(call.args) == ASKING.get(node.attr)
        and not call.keywords
        and not any(isinstance(each, ast.Starred) for each in call.args)
        and (node.attr != "__getattr__" or not _defines_anew(tree, node.attr))
    )


def _body_of(tree: SyntaxTree, node: ast.AST) -> ast.AST | None:
    parent = tree.parents.get(node)
    return tree.parents.get(parent) if isinstance(parent, ast.Assign) else parent


def check_class(tree: SyntaxTree, modules: Modules, node: ast.ClassDef) -> None:
    """Raises `ProgramRejected` for what a class may not be made with: a metaclass, decorators, or a
    base that is neither the program's own nor one of those that may be built upon.
    """
    plain = all(_is_abstract(modules, each) for each in node.keywords)
    enumerated = any(modules.full_name(each) in ENUMERATIONS for each in node.bases)
    bases = [each for each in node.bases if not (enumerated and _is_plain_value(each))]
    if not plain or not all(_may_be_base(modules, each) for each in bases):
        raise ProgramRejected(_other_base(tree, modules, node))
    for each in node.decorator_list:
        called = each.func if isinstance(each, ast.Call) else each
        if modules.full_name(called) not in CLASS_DECORATORS:
            raise ProgramRejected(
                problem(
                    N_("This decorator is not allowed."),
                    N_("A class may have the decorator @dataclass or none."),
                    span=tree.first_line(each),
                )
            )


CLASS_DECORATORS: Final = frozenset(
    words(
        "dataclasses.dataclass functools.total_ordering typing.final typing.runtime_checkable"
        " typing_extensions.final typing_extensions.runtime_checkable enum.unique"
    )
)
"""What may stand before a class, however it is imported."""


def _is_plain_value(base: ast.expr) -> bool:
    """Whether it is the `str` of `class Mode(str, Enum):`."""
    return isinstance(base, ast.Name) and base.id in ("str", "int", "float")


ENUMERATIONS: Final = frozenset(
    f"enum.{name}" for name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag")
)


def _is_abstract(modules: Modules, keyword: ast.keyword) -> bool:
    """Whether it is `metaclass=ABCMeta`."""
    return keyword.arg == "metaclass" and modules.full_name(keyword.value) == "abc.ABCMeta"


def _may_be_base(modules: Modules, base: ast.expr) -> bool:
    """Whether a base may be one; of a name that the program binds it is seen as it runs."""
    if isinstance(base, ast.Subscript):  # Generic[T]
        base = base.value
    match base:
        case ast.Name(id=name) if modules.scopes.binders(name):
            full = modules.full_name(base)
        case ast.Name(id=name):
            full = None
            if name != PLAIN and not (name in allowed.BUILTINS and name[0].isupper()):
                return False
        case ast.Attribute():
            full = modules.full_name(base)
            if full is None:
                return False
        case _:
            return False
    return full is None or full.rpartition(".")[0] in _BUILT_UPON or full in BASES


BASES: Final = ENUMERATIONS.union(
    words(
        "torch.autograd.Function torch.autograd.function.Function typing.NamedTuple typing.Generic"
        " torch.autograd.function.InplaceFunction torch.nn.utils.prune.BasePruningMethod"
        " typing.Protocol typing.TypedDict typing_extensions.Protocol typing_extensions.NamedTuple"
        " typing_extensions.Generic typing_extensions.TypedDict torch.nn.modules.module.Module"
        " contextlib.ContextDecorator contextlib.AbstractContextManager"
    )
)
_BUILT_UPON: Final = frozenset(
    words(
        "torch.nn torch.optim torch.optim.lr_scheduler torch.utils.data abc d2l.torch"
        " torch.optim.optimizer torch.optim.sgd torch.optim.adam torch.optim.adamw"
        " torch.nn.modules torch.nn.modules.conv torch.nn.modules.linear"
        " torch.nn.modules.batchnorm torch.utils.data.sampler torch.utils.data.dataset"
        " torch.nn.modules.loss torch.optim.swa_utils"
    )
)
"""Modules on whose classes others may be built."""


def _other_base(tree: SyntaxTree, modules: Modules, node: ast.ClassDef) -> Problem:
    found = problem(
        N_("A class may only be a layer, a function with its own derivative, or a plain class."),
        N_(
            "Write class {name}(nn.Module): or class {name}(torch.autograd.Function):"
            " or class {name}:"
        ),
        span=tree.first_line(node),
        name=node.name[:MAX_NAME],
    )
    for base in node.bases:
        if isinstance(base, ast.Attribute) and (meant := _mistyped(modules, base)) is not None:
            span = tree.span(base)
            place = Span.in_line(span.end_line, span.end_column - len(base.attr), span.end_column)
            return msgspec.structs.replace(found, span=place, replacement=meant)
    return found


def _mistyped(modules: Modules, base: ast.Attribute) -> str | None:
    """`Module` of `nn.module` and `nn.Modul`, if that alone is near."""
    owner = modules.of(base.value) or ""
    near = [
        each
        for each in allowed.MODULES.get(owner, ())
        if each[:1].isupper()
        and f"{owner}.{each}" in _OFTEN_BUILT_UPON
        and slips(base.attr.lower(), each.lower()) <= 1
    ]
    return near[0] if len(near) == 1 and near[0] != base.attr else None


_OFTEN_BUILT_UPON: Final = frozenset(
    words(
        "torch.nn.Module torch.autograd.Function torch.nn.Sequential torch.optim.Optimizer"
        " torch.utils.data.Dataset"
    )
)
