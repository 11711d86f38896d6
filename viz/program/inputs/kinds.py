"""What kind of program a text is, and which names it takes.

- "expression": one expression; its free names are the inputs.
- "function": the last statement is a `def` (or `f = lambda …`), and beside it there are only
  imports, a docstring, further functions and assignments; the parameters are the inputs.
- "script": anything else, run top to bottom; it has no inputs. So is a function that takes a model,
  an optimizer or a function, or gives a model, and a method that is added to a class: nothing here
  can be put in their places. And so are definitions that the last function has no use for, unless
  that one only reckons with what it is given: of a file of many none is the one that is asked
  about, nor where all of them are written for numpy's arrays.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Final

from msgspec import structs

from viz.errors import N_, ProgramRejected, problem
from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.program.inputs.defaults import is_no_number, meaning, start_text
from viz.program.inputs.more import takes_more
from viz.program.names import remedies
from viz.program.names.parts import asks_a_library
from viz.program.syntax.scopes import Scopes, bound_names
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_INPUTS, Kind, Problem, Program

_IMPORTS = (ast.Import, ast.ImportFrom, ast.Pass)
_BESIDE = (*_IMPORTS, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
_NEVER_INPUTS: Final = frozenset(
    {"__name__", "__file__", "__doc__", *remedies.SYNONYMS, *remedies.NAMES}
)
_LEAVES: Final = frozenset(words("nn requires_grad requires_grad_ Parameter grad"))
_TAKES_FUNCTIONS: Final = frozenset(
    words("map filter vmap grad grad_and_value jacrev jacfwd hessian jacobian vjp jvp")
)


@dataclass(frozen=True)
class Outline:
    """A program's kind, the function that is asked about, its inputs and their given starts."""

    kind: Kind
    function: str | None = None
    inputs: tuple[str, ...] = ()
    starts: dict[str, str] = field(default_factory=dict)


def outline(tree: SyntaxTree, scopes: Scopes) -> Outline:
    """The kind of a program and its inputs; raises `ProgramRejected` for unusable parameters."""
    body = tree.module.body
    if len(body) == 1 and isinstance(body[0], ast.Expr):
        if isinstance(body[0].value, ast.Lambda):
            raise ProgramRejected(_nameless(tree, body[0].value))
        free = tuple(_free_names(tree, scopes))
        differentiates = _differentiates(tree) and not _is_printed(body[0].value)
        return Outline("expression" if free or differentiates else "script", inputs=free)
    if not body:
        raise ProgramRejected(
            problem(
                N_("There are only comments here."),
                N_("Type an expression such as sin(x)*x**2, or a function: def f(x): return x**2"),
            )
        )
    found = _defined(body[-1])
    if found is None or not all(_beside(each) for each in body):
        return Outline("script")
    name, parameters = found
    if takes_more(tree, scopes, body[-1], parameters):
        return Outline("script")
    if _is_of_many(body) and not (
        reckons_with(tree, body[-1], _names_of(parameters)) and not _takes_arrays(tree)
    ):
        return Outline("script")
    return of_function(tree, scopes, name, parameters)


def given_starts(program: Program) -> dict[str, str]:
    """The starts that a checked program's text itself gives its inputs, by their names."""
    if program.kind != "function":
        return {}
    tree = SyntaxTree.of(program.source)
    return outline(tree, Scopes(tree)).starts


def _names_of(parameters: ast.arguments) -> set[str]:
    return {each.arg for each in (*parameters.posonlyargs, *parameters.args)}


def reckons_with(tree: SyntaxTree, function: ast.stmt, names: set[str]) -> bool:
    """Whether a function only reckons with what it is given: it goes through nothing, indexes
    nothing and hands nothing to other functions of the text, whose demands nobody knows here.
    """
    own = {each.name for each in tree.module.body if isinstance(each, ast.FunctionDef)}
    for node in tree.within(function):
        if not isinstance(node, ast.Name) or node.id not in names:
            continue
        match tree.parents.get(node):
            case ast.For() | ast.comprehension() | ast.Subscript() | ast.Starred():
                return False
            case ast.Call(func=ast.Name(id=called)) if called in own:
                return False
            case ast.Attribute(attr=attribute) if attribute not in allowed.ATTRIBUTES["Tensor"]:
                return False
    return True


def _is_of_many(body: list[ast.stmt]) -> bool:
    """Whether functions or classes are defined that the last statement does not come to use."""
    definitions = ast.FunctionDef | ast.ClassDef
    defined = [
        each for each in body[:-1] if isinstance(each, definitions) and not each.decorator_list
    ]
    if not defined:
        return False
    by_name: dict[str, list[ast.stmt]] = {}
    for each in body[:-1]:
        parts = [each] if isinstance(each, definitions) else ast.walk(each)
        for name in {name for part in parts for name in bound_names(part)}:
            by_name.setdefault(name, []).append(each)
    reached: set[int] = set()
    stack: list[ast.stmt] = [body[-1]]
    while stack:
        for node in ast.walk(stack.pop()):
            for each in by_name.pop(node.id, ()) if isinstance(node, ast.Name) else ():
                if id(each) not in reached:
                    reached.add(id(each))
                    stack.append(each)
    return any(id(each) not in reached for each in defined)


def _takes_arrays(tree: SyntaxTree) -> bool:
    """Whether numpy is imported and torch is not in it: such functions are written for arrays."""
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else each.name
        for node in tree.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for each in node.names
    }
    of_torch = _TORCH.isdisjoint(each.id for each in tree.nodes if isinstance(each, ast.Name))
    return any(each.partition(".")[0] == "numpy" for each in imported) and of_torch


_TORCH: Final = frozenset({"torch", "nn", "F"})


def _differentiates(tree: SyntaxTree) -> bool:
    """Whether an expression without inputs may have something to differentiate all the same: a
    layer, a leaf. `3` and `print(torch.ones(2))` have not: they are shown as a notebook does.
    """
    for node in tree.nodes:
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                if name in _LEAVES:
                    return True
    return False


def _is_printed(node: ast.expr) -> bool:
    """Whether an expression is a `print(…)`, whose value is nothing."""
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Name) and called.id == "print"


def _beside(node: ast.stmt) -> bool:
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return docstring or isinstance(node, _BESIDE)


def _defined(node: ast.stmt) -> tuple[str, ast.arguments] | None:
    """The name and parameters of the function that a statement defines."""
    match node:
        case ast.FunctionDef(name=name, args=parameters):
            return name, parameters
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=parameters)):
            return name, parameters
        case _:
            return None


def _free_names(tree: SyntaxTree, scopes: Scopes) -> list[str]:
    """The free names of an expression in the order met; called ones are functions."""
    free: dict[str, None] = {}
    called: set[str] = set()
    for node in tree.nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if not scopes.sees(node):
                free |= {name: None} if _is_input(tree, node) else {}
            case ast.Call(func=ast.Name(id=name)):
                called.add(name)
            case ast.Attribute(value=ast.Name(id="F")):
                called.add("F")
    return [name for name in free if name not in called]


def _is_input(tree: SyntaxTree, node: ast.Name) -> bool:
    """Whether a free name is an input rather than one of torch's or Python's names.

    `t`, `mean`, `std` are functions of torch and good names for a variable: where they are not
    called they are variables. The elementary functions and Python's own names never are.
    """
    name = node.id
    if name == "F":
        return True  # a force, unless it is asked for a function: F.relu
    if asks_a_library(tree, node):
        return False
    if (
        name in _NEVER_INPUTS
        or name in allowed.READY
        or name in allowed.NUMBERS
        or name in allowed.ELEMENTARY
    ):
        return False
    origin = allowed.BARE.get(name)
    if origin is None:
        return True
    if origin.startswith("builtins.") or name in allowed.DTYPES:
        return False
    return not _handed_over(tree, node)


def _handed_over(tree: SyntaxTree, node: ast.Name) -> bool:
    """Whether the name is given to a function that takes functions: `vmap(relu)(x)`."""
    match tree.parents.get(node):
        case ast.Call(func=ast.Name(id=function) | ast.Attribute(attr=function)):
            return function in _TAKES_FUNCTIONS
        case _:
            return False


def of_function(tree: SyntaxTree, scopes: Scopes, name: str, parameters: ast.arguments) -> Outline:
    positional = [*parameters.posonlyargs, *parameters.args]
    missing: list[ast.expr | None] = [None] * (len(positional) - len(parameters.defaults))
    taken: list[str] = []
    starts: dict[str, str] = {}
    for each, default in zip(positional, [*missing, *parameters.defaults], strict=True):
        value = None if default is None else meaning(tree, scopes, default)
        if value is not None and is_no_number(value):
            continue
        taken.append(each.arg)
        if value is not None and (text := start_text(tree, scopes, value, each.arg)):
            starts[each.arg] = text
    if required := _required_by_name(parameters):
        raise ProgramRejected(_by_name_only(tree, required))
    if len(taken) > MAX_INPUTS:
        raise ProgramRejected(_too_many(tree, positional[MAX_INPUTS]))
    return Outline("function", name, tuple(taken), starts)


def _required_by_name(parameters: ast.arguments) -> ast.arg | None:
    """The first parameter after `*` that has no default."""
    for each, default in zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True):
        if default is None:
            return each
    return None


def _nameless(tree: SyntaxTree, node: ast.Lambda) -> Problem:
    text = tree.text(node)
    found = problem(
        N_("This function has no name."),
        N_("Give it one: f = {text}"),
        span=tree.span(node),
        text=text[:900],
    )
    return structs.replace(found, replacement=f"f = {text}" if len(text) < 900 else None)


def _by_name_only(tree: SyntaxTree, node: ast.arg) -> Problem:
    return problem(
        N_("The parameter {name} can only be given by its name."),
        N_("Remove the * before it, or give it a default value."),
        span=tree.span(node),
        name=node.arg,
    )


def _too_many(tree: SyntaxTree, node: ast.arg) -> Problem:
    return problem(
        N_("The function has too many parameters."),
        N_("At most {limit} are allowed: put several numbers into one tensor."),
        span=tree.span(node),
        limit=str(MAX_INPUTS),
    )
