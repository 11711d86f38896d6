"""Every Python function that typed code can reach and that could reach further is reviewed by name.

The walk of `test_namespace_crawl`, from more objects, collects the functions: those that an allowed
name leads to, those behind methods, wrappers and properties, and those that Python itself calls for
an object (`__init__`, `__iter__`, `__repr__`). Whichever names `__dict__`, `__class__`,
`__reduce__`, `deepcopy`, `setattr`, `getattr` with a variable, `eval`, `exec`, an import, `globals`
or `open` stands in `reviewed_functions.txt` with the reason why typed code gains nothing by it.
A function that is new there fails the test: review it, then add it, or keep it out.
"""

from __future__ import annotations

import ast
import dis
import functools
import inspect
import sys
import textwrap
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch

from tests.tracing.typed.test_namespace_crawl import everything_reached
from viz.program.allowlist import allowed
from viz.program.allowlist.allowed import is_free
from viz.program.allowlist.words import words
from viz.tracing.typed.guarded import Method
from viz.tracing.typed.namespace import guard_named_classes
from viz.tracing.typed.type_stand_ins import TypeName

guard_named_classes()

REVIEWED = Path(__file__).with_name("reviewed_functions.txt")
BUILTINS = frozenset(
    words("getattr setattr delattr eval exec compile open globals vars locals __import__ dir")
)
"""Functions of Python's own that reach into objects, or out."""
ATTRIBUTES = frozenset(
    words(
        "__dict__ __class__ __reduce__ __reduce_ex__ __deepcopy__ __globals__ __code__ __closure__"
        " __subclasses__ __bases__ __builtins__ __getattribute__ deepcopy import_module"
        " f_globals f_builtins f_back tb_frame gi_frame"
    )
)
DISPATCHER = type(numpy.mean)
"""What numpy's functions are: C around a function in Python, which it asks its arguments for."""
NEVER = frozenset(
    words(
        "__reduce__ __reduce_ex__ __getstate__ __setstate__ __deepcopy__ __copy__ __dir__"
        " __del__ __sizeof__ __class_getitem__ __init_subclass__ __set_name__ __dlpack__"
        " __dlpack_device__ __array__ __array_wrap__"
    )
)
"""What Python calls for copies, listings and other libraries: typed code cannot have it called."""


def test_what_is_never_called_cannot_be_named() -> None:
    assert not NEVER & (allowed.OBJECT_ATTRIBUTES | allowed.BARE.keys())
    assert not any(is_free(name) for name in NEVER)


def functions_of(value: Any) -> Iterator[types.FunctionType]:
    """The Python functions behind a value: a method's, a wrapper's, those that it closes over."""
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        match each:
            case types.MethodType():
                waiting.append(each.__func__)
            case Method():
                waiting.append(each._function)
            case TypeName():
                waiting.append(each._made)
            case functools.partial():
                waiting.append(each.func)
            case _ if type(each) is DISPATCHER:
                waiting.append(each._implementation)
            case property():
                waiting += [each.fget, each.fset]
            case types.FunctionType() if each.__code__.co_filename != "<program>":
                yield each
                waiting += [*_closed_over(each), getattr(each, "__wrapped__", None)]


def _closed_over(function: types.FunctionType) -> list[Any]:
    found = []
    for cell in function.__closure__ or ():
        try:
            found.append(cell.cell_contents)
        except ValueError:  # not set yet
            continue
    return found


def called_by_python(kind: type) -> Iterator[Any]:
    """What a class says of operators, and its properties under allowed names."""
    for each in kind.__mro__:
        for name, value in vars(each).items():
            if isinstance(value, property):
                asked = name in allowed.OBJECT_ATTRIBUTES or is_free(name)
            else:
                asked = name.startswith("__") and name.endswith("__") and name not in NEVER
            if asked:
                yield value


@functools.cache
def reachable_functions() -> dict[types.FunctionType, str]:
    """Every Python function that typed code can have called, with a way to it."""
    found: dict[types.FunctionType, str] = {}
    kinds: dict[type, str] = {}
    for way, value in everything_reached():
        for function in functions_of(value):
            found.setdefault(function, way)
        kinds.setdefault(value if isinstance(value, type) else type(value), way)
    for kind, way in kinds.items():
        for each in called_by_python(kind):
            for function in functions_of(each):
                found.setdefault(function, f"{way}: {function.__name__}")
    return found


def reaches(function: types.FunctionType) -> set[str]:
    """What a function's code names of what could reach further."""
    codes = list(_codes(function.__code__))
    named = {name for code in codes for name in code.co_names}
    instructions = [each for code in codes for each in dis.get_instructions(code)]
    found = named & ATTRIBUTES
    if any(each.opname == "IMPORT_NAME" for each in instructions):
        found.add("import")
    if named & BUILTINS:
        found |= named & BUILTINS & _called_or_handed(function)
    return found


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield from _codes(each)


def _called_or_handed(function: types.FunctionType) -> set[str]:
    """The bare names in a function's source, but no `getattr(x, "name")`; all that is watched for
    where there is no source."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (SyntaxError, OSError, TypeError):
        return set(BUILTINS)
    nodes = list(ast.walk(tree))
    plain = {each.func for each in nodes if isinstance(each, ast.Call) and _is_plain_getattr(each)}
    return {each.id for each in nodes if isinstance(each, ast.Name) and each not in plain}


def _is_plain_getattr(call: ast.Call) -> bool:
    match call:
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
            return name not in ATTRIBUTES
        case _:
            return False


def full_name(function: types.FunctionType) -> str:
    # a stand-in of one of Python's own functions bears that one's name; its code has its own
    stands_in = function.__module__.startswith("viz.") and function.__qualname__ in allowed.BUILTINS
    name = function.__code__.co_qualname if stands_in else function.__qualname__
    return f"{function.__module__}.{name}"


def reviewed() -> dict[str, str]:
    """The reviewed functions with their reasons: a block is its reason, then the names. What only
    later Pythons have says since which.
    """
    found: dict[str, str] = {}
    for block in REVIEWED.read_text().strip().split("\n\n"):
        lines = block.splitlines()
        reason = " ".join(line[2:] for line in lines if line.startswith("# "))
        for line in lines:
            name, _, since = line.partition(" since ")
            if not line.startswith("# ") and sys.version_info >= tuple(map(int, since.split())):
                found[name] = reason
    return found


def test_the_walk_finds_the_functions() -> None:
    names = {full_name(function) for function in reachable_functions()}
    assert len(names) > 600
    for name in (
        "torch.optim.lr_scheduler.LRScheduler.state_dict",
        "torch.optim.optimizer.Optimizer.load_state_dict",
        "torch.autograd.function.FunctionCtx.save_for_backward",
        "torch.utils.hooks.RemovableHandle.remove",
        "torch.nn.modules.module.Module.__setattr__",
        "viz.tracing.typed.decided.attributes.attribute_of",
    ):
        assert name in names


@functools.cache
def that_could_reach_further() -> dict[str, str]:
    """The functions to be reviewed by name, with what they reach and a way to them."""
    found: dict[str, str] = {}
    for function, way in reachable_functions().items():
        if names := reaches(function):
            found[full_name(function)] = f"names {', '.join(sorted(names))}; reached by {way}"
    return found


def test_each_that_could_reach_further_is_reviewed() -> None:
    found = that_could_reach_further()
    assert [f"{name} {found[name]}" for name in sorted(found.keys() - reviewed().keys())] == []
    # what a run makes is there only where a test before had one
    lasting = {name for name in reviewed() if "<locals>" not in name}
    assert sorted(lasting - found.keys()) == [], "not reached: take it off the list"


def test_every_reviewed_function_has_a_reason_and_stands_once() -> None:
    lines = [line for line in REVIEWED.read_text().splitlines() if line and line[0] != "#"]
    assert len(lines) == len(set(lines))
    assert all(len(reason.split()) > 4 for reason in reviewed().values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("return vars(x)", {"vars"}),
        ("return x.__dict__", {"__dict__"}),
        ("return getattr(x, y)", {"getattr"}),
        ("return getattr(x, 'a')", set()),
        ("return getattr(x, '__class__')", {"getattr"}),
        ("return map(getattr, x, y)", {"getattr"}),
        ("import os", {"import"}),
        ("return lambda: eval(x)", {"eval"}),
        ("return x.eval()", set()),
        ("return x.copy()", set()),
        ("import copy\n    return copy.deepcopy(x)", {"import", "deepcopy"}),
    ],
)
def test_what_a_function_reaches_is_read_from_its_code(
    text: str, expected: set[str], tmp_path: Path
) -> None:
    file = tmp_path / "written.py"
    file.write_text(f"def written(x, y):\n    {text}\n")
    held: dict[str, Any] = {}
    exec(compile(file.read_text(), str(file), "exec"), held)  # noqa: S102
    assert reaches(held["written"]) == expected


def test_classes_lead_to_checked_functions_only() -> None:
    """A Python method that is asked of a class is the one that looks at its self first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        unchecked = [
            f"{way}.{name}"
            for way, value in everything_reached()
            if isinstance(value, type) and value.__module__ != "__main__"
            for name in dir(value)
            if (name in allowed.OBJECT_ATTRIBUTES or is_free(name))
            and isinstance(getattr(value, name), types.FunctionType)
            and getattr(value, name).__code__.co_name != "of_its_own"
        ]
    function = torch.autograd.Function
    static = {"forward", "backward", "setup_context"}  # they have no self
    mask = {"generate_square_subsequent_mask"}  # no more has it
    assert {way.rpartition(".")[2] for way in unchecked} <= static | mask, unchecked
    assert all(isinstance(vars(function.__mro__[1])[name], staticmethod) for name in static)
