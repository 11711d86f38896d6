"""The names that a program itself gives to attributes: stored, defined, in slots, private.

- `own_names(tree)`: all of them; raises `ProgramRejected` for one that is never allowed.
- `private_name(tree, node, name)`: what Python makes of `__x` within `class C`: `_C__x`, which no
  real object has.
- `slots_of(tree, node)`: the names in a class's `__slots__`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from viz.errors import N_, ProgramRejected, problem
from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.program.names.unknown import attribute_span
from viz.program.syntax.placement import parameters
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_NAME, Problem

SLOTS: Final = "__slots__"
_STORING: Final = frozenset(
    words("setattr register_buffer register_parameter register_module add_module add_to_class")
)


@dataclass(frozen=True)
class OwnNames:
    """The names that a program stores behind a dot; `any` where it makes them up as it runs.

    With classes of the program's own such a name may be any: whose it is is decided as it runs.
    """

    names: frozenset[str]
    any: bool = False
    classes: bool = False

    def __contains__(self, name: str) -> bool:
        return name in self.names or (self.any and (self.classes or allowed.is_free(name)))


def own_names(tree: SyntaxTree) -> OwnNames:
    """The names that the program itself gives to attributes; raises `ProgramRejected` for one that
    is never allowed.
    """
    found: set[str] = set()
    made_up = classes = False
    for node in tree.nodes:
        classes = classes or isinstance(node, ast.ClassDef) or _is_of_any_names(node)
        for name, where in _stored(tree, node):
            made_up = made_up or name is None
            if name in allowed.NEVER:
                raise ProgramRejected(_never(tree, where, str(name)))
            found.add(name or "")
    return OwnNames(frozenset(found), made_up, classes)


def _is_of_any_names(node: ast.AST) -> bool:
    """Whether it names `types.SimpleNamespace`, whose objects have what they are given."""
    match node:
        case ast.alias(name=name) | ast.Attribute(attr=name):
            return name == "SimpleNamespace"
        case _:
            return False


def _stored(tree: SyntaxTree, node: ast.AST) -> Iterator[tuple[str | None, ast.AST]]:
    """What a node stores behind a dot: an assignment, a name in a class's body, a `setattr`.

    `None` stands for a name that is made up as the program runs.
    """
    match node:
        case ast.Attribute(attr="__dict__") | ast.Call(func=ast.Name(id="vars")):
            yield None, node
        case ast.Attribute(attr=name, ctx=ast.Store()):
            yield private_name(tree, node, name) or name, node
        case (
            ast.FunctionDef(name=name)
            | ast.ClassDef(name=name)
            | ast.Name(id=name, ctx=ast.Store())
        ) if in_class_body(tree, node):
            yield from ((each, node) for each in slots_of(tree, node))
            yield (None if name == "__getattr__" else private_name(tree, node, name) or name), node
        case ast.FunctionDef(name=name, decorator_list=[_, *_]):  # @add_to_class(A)
            yield name, node
        case ast.Call(
            func=ast.Name(id=called) | ast.Attribute(attr=called), args=args, keywords=said_by_name
        ) if called in _STORING:
            by_name = [each.value for each in said_by_name if each.arg == "name"]
            names = [each for each in by_name or args[:2] if not isinstance(each, ast.Name)]
            constant = next((each for each in names if isinstance(each, ast.Constant)), None)
            said = constant.value if constant else None
            yield (said if isinstance(said, str) else None), node
        case ast.Call(
            func=ast.Name(id="hasattr" | "getattr"),
            args=[_, ast.Constant(value=str(name)), *_],
        ) if allowed.is_free(name):  # whether it is there shows when it runs
            yield name, node
        case ast.Call(func=ast.Attribute(attr="add_argument")):
            texts = [word.lstrip("-").replace("-", "_") for word in _written_in(node)]
            yield from ((word, node) for word in texts if word.isidentifier())
        case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called)) if called in _NAMING:
            yield None, node
            yield from ((name, node) for name in fields_of_namedtuple(node))
            if called == "save_hyperparameters":
                yield from ((name, node) for name in _parameters_around(tree, node))


_NAMING: Final = frozenset(
    words(
        "OrderedDict ModuleDict namedtuple save_hyperparameters SimpleNamespace Enum IntEnum"
        " StrEnum Flag IntFlag"
    )
)
"""What gives names to attributes that stand in a text or in a dictionary."""


def fields_of_namedtuple(node: ast.AST) -> list[str]:
    """The names that are written in a call of `namedtuple`."""
    match node:
        case ast.Call(func=ast.Name(id="namedtuple") | ast.Attribute(attr="namedtuple")):
            return _written_in(node)
        case _:
            return []


def _written_in(node: ast.AST) -> list[str]:
    """The words of the texts within a call."""
    texts = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
    return [word for text in texts if isinstance(text, str) for word in text.split()]


def _parameters_around(tree: SyntaxTree, node: ast.AST) -> list[str]:
    """The parameters of the function that a node stands in."""
    around = (each for each in tree.ancestors(node) if isinstance(each, ast.FunctionDef))
    method = next(around, None)
    return [each.arg for each in parameters(method.args)] if method is not None else []


def in_class_body(tree: SyntaxTree, node: ast.AST) -> bool:
    """Whether a node belongs to the statements of a class rather than to a function in it."""
    inner = ast.FunctionDef | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp
    for each in tree.ancestors(node):
        if isinstance(each, ast.ClassDef):
            return True
        if isinstance(each, inner | ast.GeneratorExp):
            return False
    return False


def private_name(tree: SyntaxTree, node: ast.AST, name: str) -> str | None:
    """The name under which Python keeps `__x` within a class, if no real object has it."""
    if not name.startswith("__") or name.endswith("__"):
        return None
    if not isinstance(node, ast.Attribute | ast.Name | ast.FunctionDef):
        return None
    child: ast.AST = node
    for each in tree.ancestors(node):
        if isinstance(each, ast.ClassDef) and child in each.body:
            mangled = f"_{each.name.lstrip('_')}{name}"
            return mangled if each.name.strip("_") and allowed.is_free(mangled) else None
        child = each
    return None


def slots_of(tree: SyntaxTree, node: ast.AST) -> list[str]:
    """The names that `__slots__ = ("a", "b")` lists; none for anything else than written texts."""
    statement = tree.parents.get(node)
    if not isinstance(node, ast.Name) or node.id != SLOTS or not isinstance(statement, ast.Assign):
        return []
    return slots_in(statement)


def slots_in(statement: ast.Assign) -> list[str]:
    """The same of the statement itself."""
    match statement.value:
        case ast.Constant(value=str(name)):
            names: list[object] = [name]
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            names = [getattr(each, "value", None) for each in parts]
        case _:
            return []
    texts = [each for each in names if isinstance(each, str) and not each.startswith("__")]
    return texts if len(texts) == len(names) else []


def is_slots(tree: SyntaxTree, node: ast.AST) -> bool:
    """Whether a name is the `__slots__` of a class, with written texts."""
    return (
        bool(slots_of(tree, node))
        and isinstance(statement := tree.parents[node], ast.Assign)
        and len(statement.targets) == 1
        and isinstance(tree.parents.get(statement), ast.ClassDef)
    )


def _never(tree: SyntaxTree, node: ast.AST, name: str) -> Problem:
    span = attribute_span(tree, node) if isinstance(node, ast.Attribute) else tree.first_line(node)
    return problem(
        N_("{name} is a name of Python's own inner objects."),
        N_("Give it another name, such as {other}."),
        span=span,
        name=name[:MAX_NAME],
        other=f"my_{name}"[:MAX_NAME],
    )
