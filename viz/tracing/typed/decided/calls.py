"""Calls that are decided when they run: `**`, `device=`, and `out=` of torch's functions.

`look_at(call, modules)` writes one anew in a checked tree, in place; positions stay. What the tree
then calls is in `CALLED`, under names that cannot be typed:

- `f(**given)`: the names that are given to a library's function are reviewed as those that are
  written out; a function or class of the program's own takes any. Raises `TypeError`.
- `device=`: one that may be named, or `RuntimeError`; torch says itself that it is not there.
- `torch.add(a, b, out=c)`: the result is copied into c. Torch itself would make a c that is too
  small larger, while other tensors and arrays look at the memory that it had.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Callable, Mapping
from typing import Any, Final

import torch

from viz.program.allowlist import allowed
from viz.program.definitions.calls import into, is_own_function
from viz.program.names import remedies
from viz.program.names.modules import Modules
from viz.tracing.runnable import TYPED
from viz.tracing.typed.decided.own import OWN
from viz.tracing.typed.numpy.attributes import line_of
from viz.tracing.typed.type_stand_ins import device as named

_KEPT_OUT: Final = allowed.KEPT_OUT_KEYWORDS | remedies.KEYWORDS.keys()


def keywords(called: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """What stands behind `**`, if the called may be given it; raises `TypeError`."""
    found = {**given}
    if _is_own(called):
        return found
    for name in found:
        if name == "device":
            found[name] = here(found[name])
        elif name in _KEPT_OUT and name not in allowed.KEYWORDS:
            raise TypeError(f"the argument {str(name)[:80]}= is not allowed here")
    return found


def _is_own(called: Any) -> bool:
    if type(called) is types.FunctionType:
        return called.__code__.co_filename == TYPED
    if not isinstance(called, type) or called not in OWN:
        return called is dict
    making = next(each for each in line_of(called) if "__init__" in vars(each))
    return making in OWN or making is object


def here(device: Any) -> Any:
    """A device as a function is told of it; what is no device stays as it is."""
    if isinstance(device, str | int) and not isinstance(device, bool):
        named(device)
    return device


def put_into(out: Any, value: Any) -> Any:
    """`out=`: raises torch's own errors for tensors that require grad or are of another kind."""
    if not isinstance(out, torch.Tensor) or not isinstance(value, torch.Tensor):
        raise TypeError(f"out must be Tensor, not {type(out).__name__}")
    if torch.is_grad_enabled() and (out.requires_grad or value.requires_grad):
        raise RuntimeError(
            "functions with out=... arguments don't support automatic differentiation, but one of"
            " the arguments requires grad."
        )
    if not torch.can_cast(value.dtype, out.dtype):
        raise RuntimeError(
            f"result type {value.dtype} can't be cast to the desired output type {out.dtype}"
        )
    if out.shape == value.shape:
        return out.copy_(value)
    demand_shape(out, value)
    with torch._C.DisableTorchFunction():
        out.data = value.to(out.dtype)
    return out


def demand_shape(of: Any, value: Any) -> None:
    """Raises `RuntimeError` for data of another shape if a graph has kept the tensor, whether it
    requires grad or not: a pass backward may read and write places in it that it no longer has.
    """
    if isinstance(of, torch.Tensor) and isinstance(value, torch.Tensor):
        demand_kept(of, tuple(value.shape))


def demand_kept(of: torch.Tensor, shape: tuple[int, ...]) -> None:
    """Raises `RuntimeError` where it has another shape and somebody else has it as well: a graph,
    or a pass that is under way.
    """
    holders: int = of._use_count()  # type: ignore[attr-defined]
    if tuple(of.shape) != shape and holders > 1:
        raise RuntimeError(
            f"a graph has kept this tensor of shape {tuple(of.shape)}: its data cannot have the"
            f" shape {shape} here, make a new tensor"
        )


CALLED: Final[Mapping[str, Callable[..., Any]]] = {
    "<keywords>": keywords,
    "<here>": here,
    "<into>": put_into,
}


def look_at(node: ast.Call, modules: Modules) -> None:
    """Writes a call as it is to run."""
    if is_own_function(modules.scopes, node.func):
        return
    out = into(modules, node)
    for keyword in node.keywords:
        if keyword.arg is None:
            called = node.func if isinstance(node.func, ast.Name) else ast.Constant(None)
            keyword.value = _called("<keywords>", [called, keyword.value], keyword.value)
        elif keyword.arg == "device":
            keyword.value = _called("<here>", [keyword.value], keyword.value)
    if out is not None:
        rest = [each for each in node.keywords if each is not out]
        made = ast.copy_location(ast.Call(node.func, node.args, rest), node)
        node.func = ast.copy_location(ast.Name("<into>", ast.Load()), node)
        node.args, node.keywords = [out.value, made], []


def _called(name: str, given: list[ast.expr], where: ast.expr) -> ast.Call:
    made = ast.Call(ast.Name(name, ast.Load()), given, [])
    for each in (made, made.func, *given):
        if not hasattr(each, "lineno"):
            ast.copy_location(each, where)
    return made
