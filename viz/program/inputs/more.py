"""Whether a function takes what no number stands for: something to call, a model, a device."""

from __future__ import annotations

import ast
from typing import Final

from viz.program.allowlist.words import words
from viz.program.inputs.defaults import is_no_number, meaning
from viz.program.syntax.methods import is_added
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree

DEEPEST: Final = 4
"""Functions one within the other that are looked into, each once: not once for each call."""
_OF_MODELS: Final = frozenset(
    words(
        "parameters named_parameters state_dict load_state_dict zero_grad step train eval modules"
        " children forward append keys values items weight bias named_modules add_module"
    )
)
"""What is asked of layers, optimizers, lists and dicts, and of no tensor."""


def takes_more(
    tree: SyntaxTree, scopes: Scopes, function: ast.stmt, parameters: ast.arguments
) -> bool:
    """Whether a function takes what no number stands for: something to call or to ask for its
    parameters, or a default between others that is none. A function that only draws takes arrays.
    """
    positional = [*parameters.posonlyargs, *parameters.args]
    first = len(positional) - len(parameters.defaults)
    if is_added(function):
        return True
    others = [is_no_number(meaning(tree, scopes, each)) for each in parameters.defaults]
    if others != sorted(others):
        return True
    if _only_draws(tree, function) or _only_acts(tree, function, parameters):
        return True
    if _makes_models(tree, function):
        return True
    if any(_is_said_to_be_more(each.annotation) for each in positional[:first]):
        return True
    required = {each.arg for each in positional[:first]}
    if required & _NAMED_MORE or _differentiates_one_by_another(tree, function, required):
        return True
    return _uses_as_more(tree, function, required)


def _uses_as_more(tree: SyntaxTree, function: ast.AST, names: set[str]) -> bool:
    """Whether a function calls what it is given or asks it for its parameters, there or in a
    function of the text that it hands it to.
    """
    functions, seen = _functions(tree), dict[ast.AST, set[str]]()
    level: dict[ast.AST, set[str]] = {function: names}
    for _ in range(DEEPEST):
        further: dict[ast.AST, set[str]] = {}
        for each, given in level.items():
            fresh = given - seen.setdefault(each, set())
            seen[each] |= fresh
            for node in tree.within(each) if fresh else ():
                if _is_used_as_more(node, fresh):
                    return True
                other = _called(node, functions)
                if other is None or other is each:
                    continue
                for parameter, handed in _handed(node, other):  # type: ignore[arg-type]
                    if isinstance(handed, ast.Name) and handed.id in fresh:
                        further.setdefault(other, set()).add(parameter.arg)
        level = further
    return False


def _handed(call: ast.Call, other: ast.FunctionDef) -> list[tuple[ast.arg, ast.expr]]:
    """The parameters of a function with what a call gives for them."""
    positional = [*other.args.posonlyargs, *other.args.args]
    values = {each.arg: each.value for each in call.keywords}
    takes = (*positional, *other.args.kwonlyargs) if values else ()
    by_name = [(each, values[each.arg]) for each in takes if each.arg in values]
    return [*zip(positional, call.args, strict=False), *by_name]


_NAMED_MORE: Final = frozenset(
    words(
        "model network optimizer criterion loss_fn tokenizer scheduler dataloader data_loader"
        " train_loader test_loader val_loader train_dataloader test_dataloader"
    )
)
"""Names of parameters that are no numbers in any program."""


def _differentiates_one_by_another(tree: SyntaxTree, function: ast.AST, names: set[str]) -> bool:
    """Whether a function is given a tensor and what was computed from it: `grad(y, x)` of its own
    parameters, there or in a function of the text that it hands them to; no two starts are related
    like that.
    """
    functions, seen = _functions(tree), set[ast.AST]()
    level: dict[ast.AST, set[str]] = {function: names}
    for _ in range(DEEPEST):
        further: dict[ast.AST, set[str]] = {}
        for each, given in level.items():
            if _takes_both(tree, each, given):
                return True
            for node in tree.within(each):
                other = _called(node, functions)
                if other is None or other in seen or other is each or len(node.args) < 2:  # type: ignore[attr-defined]
                    continue
                seen.add(other)
                further[other] = {parameter.arg for parameter in other.args.args}
        level = further
    return False


def _takes_both(tree: SyntaxTree, function: ast.AST, names: set[str]) -> bool:
    """Whether `grad(y, x)` stands in a function, of parameters both."""
    of: dict[str, set[str]] = {each: {each} for each in names}
    for node in tree.within(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name not in of:
                of[name] = set().union(*(of.get(each, set()) for each in _names_in(value)))
    for node in tree.within(function):
        match node:
            case ast.Call(func=ast.Name(id="grad") | ast.Attribute(attr="grad"), args=[y, x, *_]):
                above = set().union(*(of.get(each, set()) for each in _names_in(y)))
                if isinstance(x, ast.Name) and x.id in names and above and x.id not in above:
                    return True
    return False


def _names_in(node: ast.AST) -> list[str]:
    return [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]


def _functions(tree: SyntaxTree) -> dict[str, ast.FunctionDef]:
    """The functions of a text by their names, of two of one name the first."""
    return {name: found[0] for name, found in tree.functions.items()}


def _called(node: ast.AST, functions: dict[str, ast.FunctionDef]) -> ast.FunctionDef | None:
    """The function of the text that a node calls."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return functions.get(name)
        case _:
            return None


_MORE: Final = frozenset(
    words(
        "Module Optimizer DataLoader Dataset Callable LRScheduler Iterator Iterable str dict Dict"
    )
)
"""Types of what no number stands for."""


def _is_said_to_be_more(annotation: ast.expr | None) -> bool:
    """Whether a parameter is said to be a model, an optimizer, a function or a text."""
    match annotation:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in _MORE
        case ast.Subscript(value=value):
            return _is_said_to_be_more(value)
        case _:
            return False


def _only_acts(tree: SyntaxTree, function: ast.stmt, parameters: ast.arguments) -> bool:
    """Whether a function takes nothing and gives nothing: it is there to be called."""
    takes = (parameters.posonlyargs, parameters.args, parameters.kwonlyargs)
    return isinstance(function, ast.FunctionDef) and not any(takes) and not _gives(tree, function)


def _gives(tree: SyntaxTree, function: ast.stmt) -> bool:
    """Whether a function gives something back."""
    inside = tree.within(function)
    return any(isinstance(each, ast.Return | ast.Yield) and each.value for each in inside)


def _makes_models(tree: SyntaxTree, function: ast.stmt) -> bool:
    """Whether all that a function gives back are layers: made by a class of the text or by torch's,
    there or under a name that holds nothing else.
    """
    layers: set[str] = set()
    for each in tree.module.body:
        if isinstance(each, ast.ClassDef) and any(
            tree.text(base).rpartition(".")[2] in {"Module", *layers} for base in each.bases
        ):
            layers.add(each.name)
    made: dict[str, bool] = {}
    inside = tree.within(function)
    for node in inside:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                made[name] = made.get(name, True) and _is_layer(tree, value, layers)
            case ast.Name(id=name, ctx=ast.Store()):
                made.setdefault(name, False)
    given = [each.value for each in inside if isinstance(each, ast.Return)]
    return bool(given) and all(
        made.get(each.id, False) if isinstance(each, ast.Name) else _is_layer(tree, each, layers)
        for each in given
    )


_LAYERS: Final = frozenset(words("nn torch.nn"))
"""How the module of torch's layers is written."""


def _is_layer(tree: SyntaxTree, node: ast.expr | None, layers: set[str]) -> bool:
    """Whether an expression makes a layer: `Net(3)` of the text's own, `nn.Conv2d(3, 8, 3)`."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in layers
        case ast.Call(func=ast.Attribute(value=module, attr=name)):
            return name[0].isupper() and name != "Parameter" and tree.text(module) in _LAYERS
        case _:
            return False


def _only_draws(tree: SyntaxTree, function: ast.stmt) -> bool:
    """Whether a function gives nothing back and draws: arrays are no inputs to differentiate."""
    inside = tree.within(function)
    draws = any(isinstance(each, ast.Name) and each.id == "plt" for each in inside)
    return draws and isinstance(function, ast.FunctionDef) and not _gives(tree, function)


def _is_used_as_more(node: ast.AST, names: set[str]) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in names
        case ast.Attribute(value=ast.Name(id=name), attr=asked):
            return name in names and asked in _OF_MODELS
        case (
            ast.Call(func=ast.Attribute(attr="to"), args=[ast.Name(id=name)])
            | ast.keyword(arg="device" | "dtype", value=ast.Name(id=name))
        ):
            return name in names
        case _:
            return False
