"""Programs of jax, autograd and tensorflow's tape in torch's words, where each word has its like.

`in_torch(source, tree, scopes)` gives the text: imports, functions of arrays, `grad(f)(x)`,
`jit`, `vmap`, `with tf.GradientTape()`, `tf.Variable`, `tape.gradient`. `None` where one use of the
library has no word that means the same. Numbers become tensors where torch takes no others:
those given to a derivative or to a function of the program's own. autograd reckons in doubles, and
so does what comes out.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Final

from viz.program.mending import tapes
from viz.program.mending.rewording import DOUBLES, NoWord, Rewording, has_a_point, numbers
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree


def in_torch(source: str, tree: SyntaxTree, scopes: Scopes) -> str | None:
    """The text in torch's words."""
    found = Rewording(tree, scopes)
    try:
        for node in tree.nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                found.take_import(node)
        if not found.imported or scopes.binders("numpy") or _uses_numpy(tree):
            return None
        _reword(found)
    except NoWord:
        return None
    return found.text(source)


def _uses_numpy(tree: SyntaxTree) -> bool:
    """Whether numpy's own arrays stand beside those of the library."""
    return any(
        isinstance(node, ast.Import) and any(each.name == "numpy" for each in node.names)
        for node in tree.nodes
    )


def _reword(found: Rewording) -> None:
    by_name = tapes.tapes_of(found)
    for node in found.tree.nodes:
        if node in found.done:
            continue
        match node:
            case ast.Call():
                if not tapes.asked(found, node, by_name):
                    _call(found, node)
            case ast.FunctionDef(decorator_list=decorators):
                for each in decorators:
                    _decorator(found, each)
            case ast.Attribute() | ast.Name():
                found.part(node)
            case ast.AugAssign(target=ast.Name()):
                _augmented(found, node)
            case _:
                pass


def _call(words: Rewording, node: ast.Call) -> None:
    name = words.name(node.func)
    if name in _WRITTEN_ANEW:
        _WRITTEN_ANEW[name](words, node)
    elif name is not None:
        words.call(node, name)
    elif _takes_tensors(words, node.func):
        _as_tensors(words, node)


def _decorator(words: Rewording, node: ast.expr) -> None:
    """`@jit`, `@jax.jit`, `@tf.function`: the function runs as it is written."""
    name = words.name(node)
    if name is None:
        return
    if name not in ("jax.jit", "tensorflow.function"):
        raise NoWord
    line, column = words.start(node)
    words.between((line, column - 1), words.end(node), "")
    words.done.update(ast.walk(node))


def _takes_tensors(words: Rewording, function: ast.expr) -> bool:
    """Whether a function that is called is a derivative, or one of the program's own."""
    if isinstance(function, ast.Call):
        return words.name(function.func) is not None or _takes_tensors(words, function.func)
    if not isinstance(function, ast.Name):
        return False
    binders = words.scopes.binders(function.id)
    return bool(binders) and all(
        isinstance(each, ast.FunctionDef) or _is_made(words, each) for each in binders
    )


def _is_made(words: Rewording, node: ast.AST) -> bool:
    """`df = grad(f)`, `f = lambda x: …`."""
    statement = words.tree.parents.get(node)
    if not isinstance(statement, ast.Assign):
        return False
    value = statement.value
    made = isinstance(value, ast.Call) and _takes_tensors(words, value)
    return made or isinstance(value, ast.Lambda)


def _as_tensors(words: Rewording, node: ast.Call) -> None:
    """Python's numbers among the arguments, as tensors."""
    derived = isinstance(node.func, ast.Call) or _is_derived(words, node.func)
    for place, each in enumerate(node.args):
        if isinstance(each, ast.List | ast.Tuple | ast.Dict | ast.Starred):
            raise NoWord
        if words.is_constant(each):
            if has_a_point(each) or (derived and place == 0):
                words.around(each, "torch.tensor(", ")")
        elif isinstance(each, ast.Name):
            for binder in words.scopes.binders(each.id):
                _number_as_tensor(words, binder, each)


def _is_derived(words: Rewording, function: ast.expr) -> bool:
    """Whether a name stands for `grad(f)`."""
    return isinstance(function, ast.Name) and not any(
        isinstance(each, ast.FunctionDef) for each in words.scopes.binders(function.id)
    )


def _number_as_tensor(words: Rewording, binder: ast.AST, used: ast.Name) -> None:
    """`x = 2.0`, of what a derivative is taken at; what a loop counts is made one where it is."""
    statement = words.tree.parents.get(binder)
    if isinstance(statement, ast.Assign):
        if isinstance(statement.value, ast.List | ast.Tuple | ast.Dict):
            raise NoWord
        if words.is_constant(statement.value) and has_a_point(statement.value):
            words.around(statement.value, "torch.tensor(", ")")
    elif isinstance(statement, ast.For | ast.comprehension):
        over = statement.iter
        if not (isinstance(over, ast.Call) and words.tree.text(over.func) == "range"):
            words.around(used, "torch.as_tensor(", ")")


def _augmented(words: Rewording, node: ast.AugAssign) -> None:
    """`x -= 0.1 * g`, which makes a new array there and would change the tensor here."""
    operator = _OPERATORS.get(type(node.op))
    if operator is None or words.imported == {"tensorflow"}:
        raise NoWord
    target = words.tree.text(node.target)
    start, end = words.end(node.target), words.start(node.value)
    words.between(start, end, f" = {target} {operator} (")
    words.between(words.end(node.value), words.end(node.value), ")")


_OPERATORS: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_KINDS: Final = {"float32": "torch.float32", "float64": "torch.float64", "float": "torch.float64"}


def _array(words: Rewording, node: ast.Call) -> None:
    """`jnp.array([1.0, 2.0])` of numbers."""
    kind = ""
    for each in node.keywords:
        text = words.tree.text(each.value).rpartition(".")[2]
        if each.arg != "dtype" or text not in _KINDS:
            raise NoWord
        kind = f", dtype={_KINDS[text]}"
    if len(node.args) != 1 or not numbers(node.args[0]):
        raise NoWord
    words.replace(node, f"torch.tensor({words.tree.text(node.args[0])}{kind})")


def _steps(words: Rewording, node: ast.Call) -> None:
    """`linspace(a, b, n)` and `arange(3.0)`, given as torch takes them."""
    name = (words.name(node.func) or "").rpartition(".")[2]
    if node.keywords or (name == "linspace" and len(node.args) != 3):
        raise NoWord
    words.replace(node.func, f"torch.{name}")


def _chosen(words: Rewording, node: ast.Call) -> None:
    """`where(condition, a, b)` and `clip(x, low, high)`."""
    if len(node.args) != 3 or node.keywords:
        raise NoWord
    words.replace(node.func, f"torch.{(words.name(node.func) or '').rpartition('.')[2]}")


def _plain(words: Rewording, node: ast.Call) -> None:
    """`jit(f)`, which is f."""
    if len(node.args) != 1 or node.keywords:
        raise NoWord
    words.replace(node.func, "")


def _settings(words: Rewording, node: ast.Call) -> None:
    """`jax.config.update("jax_enable_x64", True)`."""
    if [words.tree.text(each).strip("\"'") for each in node.args] != ["jax_enable_x64", "True"]:
        raise NoWord
    words.replace(node, DOUBLES)


def _with_value(words: Rewording, node: ast.Call) -> None:
    """`value_and_grad(f)(x)`, which torch gives the other way round."""
    outer = words.tree.parents.get(node)
    called = isinstance(outer, ast.Call) and outer.func is node
    if not called or any(each.arg != "argnums" for each in node.keywords):
        raise NoWord
    words.replace(node.func, "torch.func.grad_and_value")
    end = words.end(outer)  # type: ignore[arg-type]
    words.between(end, end, "[::-1]")


def _each_element(words: Rewording, node: ast.Call) -> None:
    """`elementwise_grad(f)`, the gradient of the elements' sum."""
    if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
        raise NoWord
    words.replace(node.func, "torch.func.grad")
    words.around(node.args[0], "lambda v_: (", ")(v_).sum()")


_ARRAYS: Final = ("jax.numpy", "autograd.numpy")
_WRITTEN_ANEW: Final[dict[str | None, Callable[[Rewording, ast.Call], None]]] = {
    **{f"{each}.array": _array for each in _ARRAYS},
    **{f"{each}.{name}": _steps for each in _ARRAYS for name in ("linspace", "arange")},
    **{f"{each}.{name}": _chosen for each in _ARRAYS for name in ("where", "clip")},
    "tensorflow.constant": _array,
    "tensorflow.Variable": tapes.variable,
    "tensorflow.linspace": _steps,
    "tensorflow.where": _chosen,
    "jax.jit": _plain,
    "jax.value_and_grad": _with_value,
    "autograd.elementwise_grad": _each_element,
    "jax.config.update": _settings,
}
