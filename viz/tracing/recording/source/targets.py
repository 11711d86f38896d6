"""Which variables an assignment's target has, and which of a call's results each one takes."""

from __future__ import annotations

import ast
from functools import lru_cache


@lru_cache(maxsize=1024)
def variables(target: str) -> tuple[str, ...]:
    """The variables of a target, in order: of `o, (h, c)` or `[o, (h, c)]` o, h and c. One that
    takes all that is left has its star.
    """
    if "(" not in target and "[" not in target:
        return tuple(target.split(", "))
    try:
        waiting: list[ast.AST] = [ast.parse(target, mode="eval").body]
    except SyntaxError:  # it was too long, and is cut
        return (target,)
    found: list[str] = []
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.Tuple | ast.List):
            waiting += reversed(part.elts)
        else:
            found.append(ast.unparse(part))
    return tuple(found)


@lru_cache(maxsize=1024)
def names_of(target: str, count: int) -> tuple[str | None, ...]:
    """What `count` results that are assigned to a target are called: of three that `p, *q` takes
    p, *q and *q. Results that are not as many as its variables have no names: of `p, q = x.sin()`
    the sine is neither, its two rows are; nor is it `*q` of `*q, = x.sin()`. What goes to `_` has
    none.
    """
    return tuple(None if part == "_" else part for part in _parts(variables(target), count))


def _parts(parts: tuple[str, ...], count: int) -> tuple[str | None, ...]:
    starred = next((place for place, part in enumerate(parts) if part.startswith("*")), None)
    if starred is not None and count >= max(len(parts) - 1, 2):
        rest = (parts[starred],) * (count - len(parts) + 1)
        return (*parts[:starred], *rest, *parts[starred + 1 :])
    if starred is None and len(parts) in (1, count):
        return parts * (count // len(parts))
    return (None,) * count
