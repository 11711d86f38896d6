"""What a callable is behind decorators and partials, and what it calls its parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from types import FunctionType, MethodType
from typing import Any, Final

import torch

_BY_PLACE: Final = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
)


MOST_WRAPPERS: Final = 5_000
"""Decorators around one function that are looked through."""


def unwrapped(function: Any) -> Any:
    """What decorators were put around; `inspect.unwrap` raises where they are many, or go round."""
    met: set[int] = set()
    while id(function) not in met and len(met) < MOST_WRAPPERS and hasattr(function, "__wrapped__"):
        met.add(id(function))
        function = function.__wrapped__
    return function


def innermost(function: Callable[..., Any]) -> Any:
    """What decorators were put around, and what a partial calls."""
    inner: Any = unwrapped(function)
    while isinstance(inner, partial):
        inner = unwrapped(inner.func)
    return inner


def own_call(kind: type) -> FunctionType | None:
    """The `__call__` of a class, unless it is torch's, or not written in Python."""
    call: Any = kind.__call__
    own = isinstance(call, FunctionType) and not call.__module__.startswith("torch.")
    return call if own else None


def parameter_names(function: Callable[..., Any], count: int) -> list[str]:
    """The names of the first `count` parameters; those of a module are its `forward`'s, unless it
    is called in another way."""
    while isinstance(function, torch.nn.Module) and "_orig_mod" in function._modules:
        function = function._modules["_orig_mod"]  # type: ignore[assignment]
    if isinstance(function, torch.jit.ScriptModule):  # asked for its `forward` it would keep that
        schema = function._c._get_method("forward").schema
        names = [each.name for each in schema.arguments[1:]][:count]
        return names + [f"x{place}" for place in range(len(names), count)]
    given = function.func if isinstance(function, partial) else function
    forwards = isinstance(given, torch.nn.Module) and own_call(type(given)) is None
    signed: Any = getattr(given, "forward", given) if forwards else given
    if isinstance(function, partial):
        signed = partial(signed, *function.args, **function.keywords)
    bound = isinstance(signed, MethodType)
    plain: Any = signed.__func__ if isinstance(signed, MethodType) else signed
    if type(plain) is FunctionType and not vars(plain):
        # as `inspect.signature` would tell of a function that nothing was wrapped around
        code = plain.__code__
        names = list(code.co_varnames[bound : code.co_argcount])[:count]
    else:
        names = _signed_names(signed)[:count]
    return names + [f"x{place}" for place in range(len(names), count)]


def _signed_names(signed: Callable[..., Any]) -> list[str]:
    for follow in (True, False):  # decorators that go round have an end only where none is followed
        try:
            parameters = inspect.signature(signed, follow_wrapped=follow).parameters.values()
        except (TypeError, ValueError):
            continue
        return [each.name for each in parameters if each.kind in _BY_PLACE]
    return []
