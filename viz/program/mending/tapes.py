"""tensorflow's variables and tape in torch's words.

torch records by itself, so that `with tf.GradientTape() as tape:` becomes `with
torch.enable_grad():`, and `tape.gradient(y, x)` a call of `torch.autograd.grad`, which adds up what
is no scalar as the tape does.
"""

from __future__ import annotations

import ast
from typing import Final

from viz.program.mending.rewording import NoWord, Rewording, has_a_point, numbers

MAKERS: Final = frozenset({"tensorflow.Variable", "tensorflow.constant"})
TAPE: Final = "tensorflow.GradientTape"


def tapes_of(words: Rewording) -> dict[str, ast.With]:
    """The tapes of a program by their names; the statements that open them are written anew."""
    found: dict[str, ast.With] = {}
    for node in words.tree.nodes:
        if not isinstance(node, ast.With):
            continue
        for each in node.items:
            call, name = each.context_expr, each.optional_vars
            if not isinstance(call, ast.Call) or words.name(call.func) != TAPE:
                continue
            plain = all(one.arg == "persistent" for one in call.keywords) and not call.args
            if not isinstance(name, ast.Name) or not plain:
                raise NoWord
            found[name.id] = node
            words.replace(call, "torch.enable_grad()")
            words.between(words.end(call), words.end(name), "")
            words.done.add(name)
    return found


def asked(words: Rewording, node: ast.Call, tapes: dict[str, ast.With]) -> bool:
    """Rewrites `tape.gradient(y, x)`, `tape.watch(x)`, `x.assign_sub(…)`; whether it is one."""
    function = node.func
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr in ("assign_sub", "assign_add"):
        _assigned(words, node, function)
        return True
    if not isinstance(function.value, ast.Name) or function.value.id not in tapes:
        return False
    if function.attr == "watch" and len(node.args) == 1 and isinstance(node.args[0], ast.Name):
        words.replace(node, f"{node.args[0].id}.requires_grad_()")
        return True
    if function.attr != "gradient" or len(node.args) != 2 or node.keywords:
        raise NoWord
    result, inputs = node.args
    several = isinstance(inputs, ast.List | ast.Tuple)
    one = isinstance(inputs, ast.Name) and _is_one(words, inputs.id)
    if not isinstance(result, ast.Name) or not (several or one):
        raise NoWord
    inside = any(each in tapes.values() for each in words.tree.ancestors(node))
    more = "create_graph=True" if inside else "retain_graph=True"
    text = (
        f"torch.autograd.grad({result.id}, {words.tree.text(inputs)},"
        f" torch.ones_like({result.id}), {more}, allow_unused=True)"
    )
    words.replace(node, text if several else f"{text}[0]")
    return True


def _is_one(words: Rewording, name: str) -> bool:
    """Whether a name is surely one tensor, and no list of them."""
    bound = [words.tree.parents.get(each) for each in words.scopes.binders(name)]
    return bool(bound) and all(
        isinstance(each, ast.Assign)
        and isinstance(each.value, ast.Call)
        and words.name(each.value.func) in MAKERS
        for each in bound
    )


def _assigned(words: Rewording, node: ast.Call, function: ast.Attribute) -> None:
    """`x.assign_sub(0.1 * g)` on a line of its own."""
    statement = words.tree.parents.get(node)
    if not isinstance(statement, ast.Expr) or len(node.args) != 1 or node.keywords:
        raise NoWord
    line, column = words.start(statement)
    if words.tree.lines[line - 1][:column].strip():
        raise NoWord
    sign = "-=" if function.attr == "assign_sub" else "+="
    words.between((line, column), (line, column), "with torch.no_grad(): ")
    words.between(words.end(function.value), words.start(node.args[0]), f" {sign} ")
    words.between(words.end(node.args[0]), words.end(node), "")
    words.done.add(function)


def variable(words: Rewording, node: ast.Call) -> None:
    """`tf.Variable(2.0)`."""
    plain = len(node.args) == 1 and all(each.arg == "name" for each in node.keywords)
    if not plain or not numbers(node.args[0]) or not has_a_point(node.args[0]):
        raise NoWord
    words.replace(node, f"torch.tensor({words.tree.text(node.args[0])}, requires_grad=True)")
