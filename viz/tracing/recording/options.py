"""What the public functions are given beside a function and its inputs: orders, numbers, names.

What is clearly meant is taken (`points=1e3`, `names=model.named_parameters()`); anything else
raises `InputRejected` with the option's name.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import torch

from viz.errors import N_, InputRejected, problem
from viz.records import MAX_NAME, MAX_ORDER
from viz.tracing.reach import TORCHS_OWN, unwrapped
from viz.tracing.state.one_look import by_itself
from viz.tracing.structures import parts, tensors_of
from viz.tracing.texts import readable

SEEDS: Final = range(-(1 << 63), 1 << 64)
"""The seeds that torch takes."""
Members = list[tuple[str, torch.Tensor]]
LISTED: Final = 1_000
"""How long lists and dictionaries are that a module's tensors are looked for in."""
_TOLD: Final = {"named_parameters", "named_buffers", "named_modules"}
"""Torch's own ways to a module's tensors, if no attribute of the user's is called so."""
_PARTS: Final = ("_parameters", "_buffers", "_modules")


# ── numbers ──


@by_itself()
def whole_number(name: str, given: Any) -> int:
    """An option that counts."""
    whole = isinstance(given, float) and given.is_integer()
    try:
        return int(given) if whole else operator.index(given)
    except (TypeError, ValueError):
        raise InputRejected(
            problem(
                N_("{name} is not a whole number: {given}."),
                N_("Write an int: {name}=2."),
                name=name,
                given=_told(given),
            )
        ) from None


@by_itself()
def number(name: str, given: Any) -> float:
    """One end of a range; a tensor or array with one element is a number too."""
    try:
        return float(given)
    except (TypeError, ValueError, RuntimeError):
        raise InputRejected(
            problem(
                N_("{name} is not a number: {given}."),
                N_("Give two different finite numbers."),
                name=name,
                given=_told(given),
            )
        ) from None


def order_of(given: Any, least: int = 1) -> int:
    """The order of a derivative."""
    order = whole_number("order", given)
    if not least <= order <= MAX_ORDER:
        raise InputRejected(
            problem(
                N_("{order} is not the order of a derivative."),
                N_("Choose an order from 1 to {most}."),
                order=str(order),
                most=str(MAX_ORDER),
            )
        )
    return order


def samples(given: Any) -> int:
    """How many points a curve has, or a surface along each side."""
    points = whole_number("points", given)
    if points < 2:
        raise InputRejected(
            problem(
                N_("A curve or a surface of {points} samples has no extent."),
                N_("Take 2 or more."),
                points=str(points),
            )
        )
    return points


def seed_of(given: Any) -> int:
    """The number that random numbers are drawn from."""
    seed = whole_number("seed", given)
    if seed not in SEEDS:
        raise InputRejected(
            problem(
                N_("{seed} is too large for a seed."),
                N_("Choose one with at most 64 bits."),
                seed=str(seed)[:MAX_NAME],
            )
        )
    return seed


# ── what takes part in a graph ──


def named_tensors(names: Any) -> Members:
    """The tensors of `names=`, also within lists and dicts, each with its name."""
    if names is None:
        return []
    pairs = list(names.items()) if isinstance(names, Mapping) else _pairs(names)
    if pairs is None or not all(isinstance(name, str) for name, _ in pairs):
        raise InputRejected(
            problem(
                N_("The names come as a dictionary."),
                N_('Several tensors go into a list: graph_of([y, z], names={"x": x}).'),
            )
        )
    found: Members = []
    for name, value in pairs:
        tensors = tensors_of(value)
        if not tensors and value is not None:
            raise InputRejected(
                problem(
                    N_("“{name}” in names= is no tensor: {given}."),
                    N_("Parameters and buffers get their names by modules=model."),
                    name=name[:MAX_NAME],
                    given=_told(value),
                )
            )
        found += [(name + each.text, each.value) for each in tensors]
    return found


def are_modules(given: Any) -> bool:
    """Whether something is a module, or a list, tuple or dict of modules."""
    rows = given.values() if isinstance(given, Mapping) else given
    inside = list(rows) if isinstance(given, Mapping | list | tuple) else [given]
    return bool(inside) and all(isinstance(each, torch.nn.Module) for each in inside)


def members(modules: Any) -> Members:
    """The parameters and buffers of the modules of `modules=`, each with its name, and what these
    keep besides: `layers[0].weight` of modules in a plain list, as code spells it.
    """
    found: Members = []
    for name, module in _modules(modules):
        told = _told_by_torch(module, name) if _untouched(module) else []
        known = {id(tensor) for _, tensor in told}
        before = f"{name}." if name else ""
        kept = [(before + path, each) for path, each in _kept(module) if id(each) not in known]
        found += [*told, *kept]
    return found


def _untouched(module: torch.nn.Module) -> bool:
    """Whether torch's own ways to its tensors are as they were, in the modules inside as well."""
    waiting, seen = [module], {id(module)}
    while waiting:
        own = vars(waiting.pop())
        if _TOLD & own.keys():
            return False
        inner = [each for each in own.get("_modules", {}).values() if id(each) not in seen]
        seen.update(map(id, inner))
        waiting += [each for each in inner if each is not None]
    return True


def _told_by_torch(module: torch.nn.Module, name: str) -> Members:
    return [
        (unwrapped(path), tensor)
        for each in (module.named_parameters, module.named_buffers)
        for path, tensor in each(prefix=name)
    ]


def _kept(root: torch.nn.Module) -> Iterator[tuple[str, torch.Tensor]]:
    """The tensors that a module has, and those of its lists and dictionaries of at most `LISTED`
    and of the modules in there."""
    seen: set[int] = set()
    waiting: list[tuple[str, Any]] = [("", root)]
    while waiting:
        path, each = waiting.pop()
        if isinstance(each, torch.Tensor):
            yield unwrapped(path), each
        elif isinstance(each, torch.nn.Module) and id(each) not in seen:
            seen.add(id(each))
            inside = [(f"{path}.{name}" if path else name, inner) for name, inner in _inside(each)]
            waiting += reversed(inside)


def _inside(module: torch.nn.Module) -> Iterator[tuple[str, Any]]:
    """What a module has under names, what stands there in lists and dictionaries one by one."""
    for key, each in vars(module).items():
        if key in _PARTS:
            yield from each.items()
        elif isinstance(each, list | tuple | dict) and key not in TORCHS_OWN:
            found = parts(each) if len(each) <= LISTED else []
            yield from ((key + part.text, part.value) for part in found)
        else:
            yield key, each


def _modules(modules: Any) -> Iterator[tuple[str, torch.nn.Module]]:
    if modules is None:
        return
    if isinstance(modules, torch.nn.Module):
        pairs: Any = [("", modules)]
    elif isinstance(modules, Mapping):
        pairs = list(modules.items())
    else:
        given = _listed(modules)
        listed = [modules] if given is None else given
        pairs = _pairs(given) or [("", each) for each in listed]
    for name, module in pairs:
        if not isinstance(module, torch.nn.Module) or not isinstance(name, str):
            raise InputRejected(
                problem(
                    N_("modules= takes modules, not {given}."),
                    N_('Hand over one, a list of them, or some by name: modules={"net": net}.'),
                    given=_told(module if isinstance(name, str) else name),
                )
            )
        yield name, module


def _pairs(given: Any) -> list[tuple[str, Any]] | None:
    """What `named_parameters()` and its kin give: a row of names and values."""
    found = _listed(given)
    paired = found and all(
        isinstance(each, tuple) and len(each) == 2 and isinstance(each[0], str) for each in found
    )
    return found if paired else None


def _listed(given: Any) -> list[Any] | None:
    """What is in a row of things; `None` of one thing."""
    single = isinstance(given, str | torch.Tensor) or not isinstance(given, Iterable)
    return None if single else list(given)


def _told(given: Any) -> str:
    return " ".join(readable(repr(given)).split())[:MAX_NAME]
