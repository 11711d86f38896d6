"""The names that typed code finds: torch and its parts by proxy, Python's harmless functions.

`namespace(transcript)` gives fresh globals for `exec` of checked text. Behind `torch`, `nn`, `F`,
`math` and `plt` stand proxies that hold exactly the allowed names and nothing of the real modules
(torch re-exports os, sys and ctypes); they cannot be written to. What they hold are torch's own
functions and classes, so that calls are seen by function modes and made without a frame between.
`__builtins__` holds the allowed functions only, an `import` that hands out proxies, and a `print`
that writes into the transcript.

The way from torch's own objects back to their modules (`__globals__`, `__class__`) is closed by
the check of the text (`viz.program`), which allows attributes one by one.
"""

from __future__ import annotations

import abc
import builtins
import contextlib
import functools
import importlib
import math
import random
import sys
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any, Final

import torch
import torch.nn.utils.prune

from viz.program.allowlist import allowed
from viz.tracing.runnable import Transcript
from viz.tracing.texts import readable
from viz.tracing.typed.classes import building, dataclass
from viz.tracing.typed.decided import answered, calls, in_place
from viz.tracing.typed.decided.attributes import (
    ANCESTOR,
    CLASS,
    DELETE,
    GET,
    NAMED,
    SET,
    ClassOf,
    Named,
    attribute_of,
    attributes_held,
    delete_attribute,
    has_attribute,
    of_ancestor,
    set_attribute,
)
from viz.tracing.typed.decided.own import OWN
from viz.tracing.typed.decided.sparse import SPARSE, keep_sparse_apart
from viz.tracing.typed.guarded import guard
from viz.tracing.typed.identity import hash_by_number
from viz.tracing.typed.kept_indices import KEPT as KEPT_TENSORS
from viz.tracing.typed.kept_indices import keep_indices_apart
from viz.tracing.typed.libraries.batches import DATA, Dataset
from viz.tracing.typed.libraries.iterating import ITERATING, iterate
from viz.tracing.typed.libraries.layers import FUNCTIONAL, PARAMETRIZED, PRUNING, guard_layers
from viz.tracing.typed.libraries.notebook import displaying, help_on, notebook_parts
from viz.tracing.typed.libraries.progress import tqdm, trange
from viz.tracing.typed.libraries.pure import PURE
from viz.tracing.typed.libraries.random_states import GIVEN
from viz.tracing.typed.libraries.standard import STANDARD, id_of
from viz.tracing.typed.libraries.system import KEPT, SYSTEM, leaving, system_parts
from viz.tracing.typed.libraries.torch_names import TENSORS, TORCH
from viz.tracing.typed.libraries.written import WRITTEN, written_parts
from viz.tracing.typed.numpy.kinds import TYPES
from viz.tracing.typed.numpy.names import NUMPY
from viz.tracing.typed.ordered import OrderedDict, use_ordered
from viz.tracing.typed.part import Part
from viz.tracing.typed.part import begin as begin_parts
from viz.tracing.typed.plot.pyplot import Pyplot
from viz.tracing.typed.python.attention import ATTENTION
from viz.tracing.typed.python.downloads import DOWNLOADS
from viz.tracing.typed.python.enums import BASES as ENUMERATIONS
from viz.tracing.typed.python.enums import ENUM
from viz.tracing.typed.python.files import FILES, HOME
from viz.tracing.typed.python.signatures import SIGNATURES, hash_of
from viz.tracing.typed.python.unmeasured import UNMEASURED
from viz.tracing.typed.type_stand_ins import Abstract, TypeName, TypingName, nothing

FOR_CLASSES: Final = (
    "__build_class__",
    "super",
    "staticmethod",
    "classmethod",
    "property",
    "object",
)
"""What a `class` statement needs; the check lets none of them be named anywhere else."""


def either(of_tensors: Callable[..., Any], of_numbers: Callable[[float], float]) -> Any:
    """A function that takes a plain number too: `sqrt(2) * x` then means what it says.

    Outside the function's domain a number gives NaN or an infinity, as a tensor does.
    """

    @functools.wraps(of_numbers)
    def function(*given: Any, **options: Any) -> Any:
        if len(given) != 1 or options or not isinstance(given[0], int | float):
            return of_tensors(*given, **options)
        try:
            return of_numbers(given[0])
        except (OverflowError, ValueError):
            with torch._C.DisableTorchFunction():  # a number's own affair, not the graph's
                return of_tensors(torch.tensor(float(given[0]), dtype=torch.float64)).item()

    del function.__wrapped__
    return function


_INSTEAD: Final[Mapping[str, Any]] = {
    **TORCH,
    **NUMPY,
    **DATA,
    **STANDARD,
    **ITERATING,
    "collections.OrderedDict": OrderedDict,
    **SYSTEM,
    **{
        f"functorch.{name}": getattr(torch.func, name)
        for name in allowed.MODULES["functorch"]
        if hasattr(torch.func, name)
    },
    **FUNCTIONAL,
    "abc.ABCMeta": TypingName("ABCMeta"),
    "torch.nn.parameter.Parameter": TENSORS[torch.nn.Parameter],
    "dataclasses.dataclass": dataclass,
    **PRUNING,
    **PARAMETRIZED,
    **SPARSE,
    **KEPT_TENSORS,
    **PURE,
    **{
        f"{module}.{name}": TypingName(name)
        for module in ("typing", "typing_extensions")
        for name in allowed.MODULES[module]
    },
    **{f"collections.abc.{name}": Abstract(name) for name in allowed.MODULES["collections.abc"]},
    **ENUM,
    **FILES,
    **SIGNATURES,
    **UNMEASURED,
    **DOWNLOADS,
    **ATTENTION,
    **dict.fromkeys(("typing.TYPE_CHECKING", "typing_extensions.TYPE_CHECKING"), False),
    **dict.fromkeys(("typing.cast", "typing_extensions.cast"), lambda _typ, val: val),
    **{
        f"{module}.{name}": lambda f: f
        for module in ("typing", "typing_extensions")
        for name in ("final", "overload", "runtime_checkable", "no_type_check", "override")
    },
    "typing.NewType": lambda _name, _tp: lambda value: value,
    "torch.nn.utils.stateless.functional_call": torch.func.functional_call,
    **{f"tqdm{part}.tqdm": tqdm for part in ("", ".auto", ".notebook")},
    "tqdm.tqdm_notebook": tqdm,
    **{f"tqdm{part}.trange": trange for part in ("", ".auto", ".notebook")},
}
"""What stands in for an allowed name that must not be handed out as it is."""
OF_A_RUN: Final = (
    "random",
    "matplotlib",
    "matplotlib.animation",
    "matplotlib.pyplot",
    "matplotlib.pylab",
    "matplotlib.cm",
    "matplotlib.patches",
    "matplotlib.lines",
    "matplotlib.gridspec",
    "matplotlib.colors",
    "matplotlib.ticker",
    "graphviz",
    "matplotlib_inline",
    "matplotlib_inline.backend_inline",
    "sys",
    "os",
    "os.path",
    "logging",
    "pprint",
    "IPython",
    "IPython.display",
    "d2l",
    "d2l.torch",
    "einops",
    "einops.layers",
    "einops.layers.torch",
    "torchsummary",
)
"""Modules whose proxies are made anew for each run: they draw, print or count."""


@functools.cache
def parts() -> Mapping[str, Part]:
    """The proxies by module's name; `torch` holds its parts, as the module does."""
    made: dict[str, Part] = {}
    for module in sorted(allowed.MODULES, key=len, reverse=True):
        if module not in OF_A_RUN:
            found = {name: _part(f"{module}.{name}", made) for name in allowed.MODULES[module]}
            made[module] = Part(module, found)
    return made


def _part(name: str, made: Mapping[str, Part]) -> Any:
    """What stands behind a full name: a proxy, a stand-in, or the real thing."""
    if name in made:
        return made[name]
    module, _, last = name.rpartition(".")
    if name not in _INSTEAD:
        return getattr(importlib.import_module(module), last)
    instead = _INSTEAD[name]
    if not isinstance(instead, FunctionType) or module not in sys.modules:
        return instead
    real = getattr(sys.modules[module], last, None)
    return TypeName(real, instead) if isinstance(real, type) else instead


def _bare(origin: str) -> Any:
    """What a bare name stands for, given its full name."""
    module, _, name = origin.rpartition(".")
    value = getattr(builtins if module == "builtins" else parts()[module], name)
    if module == "torch" and name in allowed.ELEMENTARY:
        return either(value, getattr(math, allowed.ELEMENTARY[name]))
    return value


@functools.cache
def _shared() -> Mapping[str, Any]:
    """The names that are the same in every run."""
    bare = {
        name: _bare(origin) for name, origin in allowed.BARE.items() if name not in allowed.BUILTINS
    }
    ready = {name: parts()[module] for name, module in allowed.READY.items() if name != "plt"}
    return bare | ready


@functools.cache
def _types() -> Mapping[type, Any]:
    """The types that typed code can name, with what it has in their place."""
    named = [getattr(builtins, name, None) for name in allowed.BUILTINS if name != "type"]
    types = [each for each in named if isinstance(each, type)] + named_classes()
    return {**{each: each for each in types}, **TENSORS, **TYPES}


def named_classes() -> list[type]:
    """The classes that the proxies hold: their methods can be asked of the class itself."""
    held = [each for part in parts().values() for each in vars(part).values()]
    return [each for each in held if isinstance(each, type)]


@functools.cache
def bases() -> frozenset[type]:
    """What a class of typed code may descend from, beside its own: layers, losses, optimisers,
    functions with a derivative of their own, exceptions.
    """
    open_ = (
        torch.nn.Module,
        torch.optim.Optimizer,
        torch.autograd.Function,
        Exception,
        Dataset,
        abc.ABC,
        torch.optim.lr_scheduler.LRScheduler,
        torch.utils.data.Sampler,
        contextlib.ContextDecorator,
        contextlib.AbstractContextManager,
        torch.nn.utils.prune.BasePruningMethod,
        *ENUMERATIONS,
    )
    named = named_classes()
    named += [getattr(builtins, name) for name in allowed.BUILTINS if name[0].isupper()]
    return frozenset(each for each in named if isinstance(each, type) and issubclass(each, open_))


@functools.cache
def guard_named_classes() -> None:
    """From now on the methods of all these classes demand a self of their own class, and sets of
    tensors have one order.

    For processes that run typed text and end: torch itself is changed.
    """
    guard_layers()
    keep_indices_apart()  # before any of its names is handed out
    keep_sparse_apart()
    use_ordered()
    guard(named_classes())
    hash_by_number()


class Interrupted(Exception):
    """`KeyboardInterrupt`: nobody presses Ctrl+C here, and raised it ends the run as any other."""


Interrupted.__name__ = Interrupted.__qualname__ = "KeyboardInterrupt"


def type_of(value: Any) -> Any:
    """`type(x)` of typed code: the type where it can be named anyway, else a stand-in for it."""
    found = type(value)
    if found in _types():
        return _types()[found]
    return found if found in OWN else TypeName(found)


def random_part() -> Part:
    """The allowed part of `random`, its numbers drawn from torch's seed: a run can be repeated."""
    state = random.Random(torch.default_generator.initial_seed())
    names = allowed.MODULES["random"] - {"Random"}
    found = {name: getattr(state, name) for name in names}
    return Part("random", found | {"Random": PURE["random.Random"]})


def names_of(value: Any) -> list[str]:
    """`dir`: what may be asked of a value."""
    if isinstance(value, Part):
        real = sys.modules.get(value._shown)
        return sorted(vars(value)) if real is None else dir(real)
    return dir(value._type if isinstance(value, TypeName) else value)


def _print(transcript: Transcript) -> Callable[..., None]:
    """A `print` that writes into the transcript."""

    def write(*values: Any, sep: str | None = " ", end: str | None = "\n", **_ways: Any) -> None:
        """Writes the values below the editor."""
        separator, ending = " " if sep is None else sep, "\n" if end is None else end
        transcript.printed.append(readable(separator.join(map(str, values)) + ending))

    write.__name__ = write.__qualname__ = "print"
    return write


def _import(
    of_this_run: Mapping[str, Any],
    when_asked: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Part]]],
) -> Callable[..., Any]:
    """An `import` that hands out proxies and never looks for a module on behalf of typed code.

    Torch's own C++ code imports through the running frame's `__import__` too. It gives an empty
    list where the `import` statement gives a tuple or nothing, and takes the module from
    `sys.modules` afterwards, not from here: it gets nothing, once the module is loaded. What is
    made `when_asked` for, by its top name, gets the modules that there are and gives its own.
    """
    known: dict[str, Any] = {**parts(), **of_this_run}

    def load(
        name: str, _globals: Any = None, _locals: Any = None, taken: Any = (), level: int = 0
    ) -> Any:
        if isinstance(taken, list):
            importlib.import_module(name)
            return None
        if level or name not in allowed.MODULES:
            raise ImportError(f"{name} may not be imported here")
        top = name.split(".")[0]
        if top not in known:
            known.update(when_asked[top](known))
        return known[name if taken else top]

    return load


def namespace(transcript: Transcript) -> dict[str, object]:
    """Fresh globals for typed code; what it prints and plots goes into the transcript."""
    KEPT.clear()
    GIVEN.clear()
    answered.Handles.begin()
    begin_parts()
    plt = Pyplot(transcript)
    write = _print(transcript)
    display = displaying(write)
    found = {name: getattr(builtins, name, None) for name in allowed.BUILTINS}
    found |= {"print": write, "display": display, "id": id_of, "dir": names_of, "iter": iterate}
    found |= dict.fromkeys(("exit", "quit"), leaving(write))
    found |= {"vars": attributes_held, "hash": hash_of, "delattr": delete_attribute}
    found["KeyboardInterrupt"] = Interrupted
    found["breakpoint"] = nothing
    found["help"] = lambda value: write(help_on(value))
    found |= {name: getattr(builtins, name) for name in FOR_CLASSES}
    found |= {
        "__build_class__": building(bases()),
        "type": type_of,
        "getattr": attribute_of,
        "hasattr": has_attribute,
        "setattr": set_attribute,
        NAMED: Named,
        DELETE: delete_attribute,
        ANCESTOR: of_ancestor,
        CLASS: lambda value, _name: ClassOf(type_of(value)),
        GET: attribute_of,
        SET: set_attribute,
        **calls.CALLED,
        **in_place.CALLED,
    }
    _called(found)
    names = {**_shared(), "plt": plt, "__builtins__": found, "__name__": "__main__"}
    names |= {"__file__": f"{HOME}/program.py", "__doc__": None}
    found["__import__"] = _import(
        {**notebook_parts(display, plt, transcript), **system_parts(write, parts)},
        {
            # not before: the seed of the run is set by now
            "random": lambda _known: {"random": random_part()},
            **{each: functools.partial(written_parts, each, {**names}) for each in WRITTEN},
        },
    )
    return names


def _called(found: Mapping[str, Any]) -> None:
    """Python's words for a wrong call have a function's own name: that of what it stands in for."""
    for name in sorted(allowed.BUILTINS & found.keys()):
        function = found[name]
        if isinstance(function, FunctionType) and function.__qualname__ not in allowed.BUILTINS:
            function.__name__ = function.__qualname__ = name
