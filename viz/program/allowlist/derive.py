"""Derives the allow-list (`names.json`, `taken.txt`, `kept_out.txt`, `homes.txt`) from torch and a
review.

    python -m viz.program.allowlist.derive            prints what would change; 1 if anything would
    python -m viz.program.allowlist.derive --write    writes the files, and prints what changed

A command that nothing imports: it is the one file of this room that loads torch.

What is derived: every operator of PyTorch's own operator database, under its names and aliases,
as a function and as a method (in place too). What is reviewed, in `reviewed.py`: which of
them stay out and why, and what else is let in (the autograd vocabulary, layers, Python's own
methods). A test compares the outcome with names.json: a new torch that changes it needs a new
review. Raises `LookupError` when a reviewed name no longer exists.

`homes.txt` has what further files of torch's have that is allowed elsewhere: the same object under
an allowed name. Nothing new is allowed by it: an import from such a file is read as one from there.

`kept_out.txt` has the public names of the reviewed modules that are not allowed, so that none of
them is taken for a slip of the fingers. It only grows as well.

`taken.txt` is derived by walking classes: all that Python, torch, numpy and the libraries that come
along with them have made in this process, under every name in their dictionaries and every name
that their methods store. It only grows: what another Python or torch has stays taken.
"""

from __future__ import annotations

import dis
import functools
import importlib
import json
import pkgutil
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from viz.program.allowlist import allowed, homes, libraries
from viz.program.allowlist import reviewed as review
from viz.program.allowlist.words import these

TARGET = Path(__file__).with_name("names.json")
TAKEN = Path(__file__).with_name("taken.txt")
KEPT_OUT = Path(__file__).with_name("kept_out.txt")
SPACES = {
    "": "torch",
    "nn.functional": "torch.nn.functional",
    "linalg": "torch.linalg",
    "fft": "torch.fft",
    "special": "torch.special",
    "torch.special": "torch.special",
}


def operators() -> dict[str, set[str]]:
    """The operator database's names by namespace, and under "Tensor" the methods."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torch.testing._internal.common_methods_invocations import op_db
    found: dict[str, set[str]] = {space: set() for space in SPACES.values()}
    found["Tensor"] = set()
    for operator in op_db:
        for variant in (operator, *operator.aliases):
            space, _, name = variant.name.rpartition(".")
            if space in SPACES and not name.startswith("_"):
                found[SPACES[space]].add(name)
            for method in (variant.method_variant, variant.inplace_variant):
                name = method_name(method)
                if name and not name.startswith("_"):
                    found["Tensor"].add(name)
    return found


def method_name(method: Any) -> str | None:
    """The name under which a tensor has this method, `None` if it has not."""
    import torch

    name = getattr(method, "__name__", None)
    return name if name is not None and hasattr(torch.Tensor, name) else None


def space(name: str) -> Any:
    """The real module of a namespace, `Tensor` included."""
    import torch
    import torch.nn.utils.prune  # it is no part of torch.nn.utils before

    return torch.Tensor if name == "Tensor" else importlib.import_module(name)


def reviewed(name: str, derived: set[str]) -> list[str]:
    """What of one namespace is let in; everything else of it has been kept out by name."""
    real = space(name)
    kept_out = review.KEPT_OUT.get(name, set())
    let_in = review.LET_IN.get(name, set())
    with warnings.catch_warnings():  # numpy loads some of its parts when they are asked for
        warnings.simplefilter("ignore")
        gone = sorted(each for each in let_in | kept_out if not hasattr(real, each))
    existing = {each for each in derived if hasattr(real, each)}
    if gone:
        raise LookupError(f"{name} has no {', '.join(gone)}: review them again")
    if both := sorted(let_in & kept_out):
        raise LookupError(f"{name}: {', '.join(both)} are both let in and kept out")
    return sorted((existing - kept_out) | let_in)


@functools.cache
def derived_text() -> str:
    """The text of names.json as it follows from the installed torch and the review."""
    found = operators()
    modules = {
        name: reviewed(name, found.get(name, set()))
        for name in [*dict.fromkeys(SPACES.values()), *review.FURTHER_MODULES]
    }
    kinds = {"Tensor": reviewed("Tensor", found["Tensor"])}
    kinds |= {kind: sorted(names) for kind, names in review.ATTRIBUTES.items()}
    names = {
        "modules": modules,
        "stand_ins": {name: sorted(names) for name, names in libraries.STAND_INS.items()},
        "attributes": kinds,
        "builtins": sorted(review.BUILTINS),
        "keywords": sorted(review.KEYWORDS),
        "kept_out_keywords": sorted(review.KEPT_OUT_KEYWORDS),
        "assignable": sorted(review.ASSIGNABLE),
    }
    return json.dumps(names, indent=1) + "\n"


LIBRARIES = these(
    "torch torch.distributions torch.utils.data torch.utils.checkpoint torch.func"
    " torch.nn.utils.prune torch.amp json statistics fractions decimal heapq"
    " torch.autograd.forward_ad torch.autograd.functional torch.optim.lr_scheduler"
    " torch.optim.swa_utils numpy numpy.random numpy.linalg numpy.fft numpy.testing numpy.ma"
    " numpy.polynomial random"
    " functools itertools collections contextlib dataclasses"
    " typing copy re math time datetime warnings string operator enum weakref types abc builtins"
)
"""What is loaded before the classes are walked."""


def classes() -> Iterator[type]:
    """Every class of these libraries that there is."""
    homes = {importlib.import_module(name).__name__.partition(".")[0] for name in LIBRARIES}
    seen: set[type] = set()
    waiting: list[type] = [object]
    while waiting:
        kind = waiting.pop()
        if kind not in seen:
            seen.add(kind)
            waiting.extend(type.__subclasses__(kind))
            if str(kind.__module__).partition(".")[0].lstrip("_") in homes:
                yield kind


def names_of(kind: type) -> set[str]:
    """The names that a class's objects have, or are given by its methods."""
    found = {name for base in [*kind.__mro__, *type.mro(type(kind))] for name in vars(base)}
    for value in vars(kind).values():
        for each in (value, *(getattr(value, name, None) for name in ("__func__", "fget", "fset"))):
            if isinstance(each, FunctionType):
                found |= stored_by(each.__code__)
    return found


def stored_by(code: CodeType) -> set[str]:
    """The names of the attributes that a function's code stores."""
    instructions = dis.get_instructions(code)
    found = {str(each.argval) for each in instructions if each.opname == "STORE_ATTR"}
    return found.union(*(stored_by(each) for each in code.co_consts if isinstance(each, CodeType)))


def taken() -> set[str]:
    """The names that no program may take for its own without a look at the object."""
    import torch

    found: set[str] = set(vars(torch.nn.Module())) | review.FURTHER_TAKEN
    for kind in classes():
        found |= names_of(kind)
    return {each for each in found if each.isidentifier() and not each.startswith("__")}


def taken_text() -> str:
    """The text of taken.txt: what it holds, and what this torch and this Python add to it."""
    return "\n".join(sorted(taken().union(TAKEN.read_text().split()))) + "\n"


def kept_out_text() -> str:
    """The text of kept_out.txt: one line for each module, what it holds already included. The files
    of a package are in it whether or not somebody has imported them.
    """
    found = {
        module: set(names.split())
        for line in KEPT_OUT.read_text().splitlines()
        for module, _, names in [line.partition(": ")]
    }
    for module, names in json.loads(derived_text())["modules"].items():
        files = pkgutil.iter_modules(getattr(space(module), "__path__", ()))
        real = {*dir(space(module)), *(each.name for each in files)}
        real = {each for each in real if not each.startswith("_")}
        stand_ins = allowed.MODULES.get(module, frozenset())
        found[module] = (found.get(module, set()) | real) - set(names) - stand_ins
    return "".join(f"{module}: {' '.join(sorted(found[module]))}\n" for module in sorted(found))


FILED = these("torch.nn torch.optim torch.distributions torch.autograd torch.utils.data torch.amp")
"""Packages in whose files the same things are found."""
FILES = these("torch.functional torch.random torch.utils.checkpoint torch.nested torch.func")


def files() -> list[str]:
    """The public files of these packages, by module's name."""
    found = set(FILES)
    for package in FILED:
        found.add(package)
        path, start = importlib.import_module(package).__path__, f"{package}."
        found |= {each.name for each in pkgutil.iter_modules(path, start)}
        if package == "torch.nn":
            for inner in ("torch.nn.modules", "torch.nn.utils"):
                path = importlib.import_module(inner).__path__
                found |= {each.name for each in pkgutil.iter_modules(path, f"{inner}.")}
    return sorted(each for each in found if "._" not in each)


def homes_text() -> str:
    """The text of homes.txt: a file, a module that has the same by allowed names, and the names."""
    modules = {name: set(names) for name, names in json.loads(derived_text())["modules"].items()}
    lines = []
    for file in files():
        found: dict[str, set[str]] = {}
        real = space(file)
        for name in sorted(set(dir(real)) - modules.get(file, set())):
            place = None if name.startswith("__") else home(getattr(real, name), name, modules)
            if place is not None and place[0] != file:
                module, there = place
                found.setdefault(module, set()).add(name if there == name else f"{name}={there}")
        lines += [
            f"{file} {module or '.'}: {' '.join(sorted(found[module]))}" for module in sorted(found)
        ]
    return "".join(f"{line}\n" for line in lines)


def home(value: Any, name: str, modules: dict[str, set[str]]) -> tuple[str, str] | None:
    """The module that has the same object by an allowed name, and its name there."""
    if isinstance(value, ModuleType):
        module, _, there = value.__name__.rpartition(".")
        known = value.__name__ in modules and (not module or there in modules.get(module, ()))
        return (module, there) if known else None
    if not (callable(value) and getattr(value, "__module__", None)):
        return None
    having = [each for each, names in modules.items() if name in names and each[:5] == "torch"]
    same = [each for each in having if getattr(space(each), name, None) is value]
    near = f"{value.__module__}."
    around = [each for each in same if near.startswith(f"{each}.")]
    return (min(around or same, key=len), name) if same else None


def listed(text: str) -> dict[str, set[str]]:
    """The names of a file by the list that they stand in; one list in a file of bare names."""
    if not text.startswith("{"):
        return {"": set(text.split())}
    found: dict[str, set[str]] = {}
    for part, names in json.loads(text).items():
        lists = names if isinstance(names, dict) else {"": names}
        found |= {f"{part} {name}".strip(): set(each) for name, each in lists.items()}
    return found


def changes(file: Path, text: str) -> Iterator[str]:
    """What another text changes in a file, one line for each list of names."""
    old, new = listed(file.read_text()), listed(text)
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name, set()), new.get(name, set())
        signed = [f"+{each}" for each in sorted(after - before)]
        signed += [f"-{each}" for each in sorted(before - after)]
        if signed:
            yield f"{file.name} {name}".strip() + ": " + " ".join(signed)


def main(arguments: Sequence[str]) -> int:
    """The command; returns its exit status."""
    # the operator database loads many classes that typed code cannot come by: after the others
    texts = {TAKEN: taken_text(), TARGET: derived_text(), KEPT_OUT: kept_out_text()}
    texts[homes.TARGET] = homes_text()
    changed = [line for file, text in texts.items() for line in changes(file, text)]
    print(*changed or ["unchanged"], sep="\n")
    if "--write" not in arguments:
        return 1 if changed else 0
    for file, text in texts.items():
        file.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
