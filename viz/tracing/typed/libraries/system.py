"""What scripts ask of the system, answered without one: `sys`, `os`, `gc`, `logging`, `argparse`.

- `system_parts(write)`: `sys.stdout.write` and `pprint` print; `os.environ` is an empty dictionary,
  no file is there and making a folder does nothing; what is logged nobody reads.
- `SYSTEM` has the stand-ins by full name: `argparse` gives every argument its default.
- `KEPT`: what `torch.save` is given stays in memory until the run ends; `torch.load` copies it.
"""

from __future__ import annotations

import posixpath
import sys
import time
from collections.abc import Callable, Mapping
from pprint import pformat
from typing import Any, Final

import numpy

from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.tracing.stopping import Left
from viz.tracing.typed.decided.answered import Buffer, Stream
from viz.tracing.typed.identity import number_of
from viz.tracing.typed.libraries.copies import deepcopy
from viz.tracing.typed.libraries.standard import demand_own_names, own_class
from viz.tracing.typed.part import Part
from viz.tracing.typed.python.files import FURTHER_PATHS, OF_OS, FilePath
from viz.tracing.typed.type_stand_ins import Frozen, TypeName, nothing


def leaving(write: Callable[..., None]) -> Callable[..., None]:
    """`sys.exit`, `exit` and `quit`: the run ends there; a text that is given is told before."""

    def leave(status: Any = None) -> None:
        if isinstance(status, str):
            write(status)
        raise Left("sys.exit() ends the program here")

    leave.__name__ = leave.__qualname__ = "exit"
    return leave


def system_parts(
    write: Callable[..., None], modules: Callable[[], Mapping[str, Part]]
) -> Mapping[str, Part]:
    """`sys`, `os` and `logging` of one run, by full name; `modules` are those that there are."""
    told = {
        "stdout": Stream(write),
        "stderr": Stream(None),
        "version": sys.version,
        "version_info": tuple(sys.version_info),
        "maxsize": sys.maxsize,
        "platform": sys.platform,
        "argv": ["program.py"],
        "path": [],
        "modules": {**modules()},
        "exit": leaving(write),
        "setrecursionlimit": nothing,
        "getrecursionlimit": sys.getrecursionlimit,
        "getsizeof": lambda value, *_default: object.__sizeof__(value),
        "executable": "/usr/bin/python3",
        "byteorder": sys.byteorder,
        "exc_info": _error_told,
        "getrefcount": lambda _object: 2,
        "float_info": sys.float_info,
        "implementation": "cpython",
    }
    path = Part("os.path", OF_PATHS)
    nowhere = {"environ": {}, "sep": "/", "cpu_count": lambda: 1, "path": path, **OF_OS}
    unheard = dict.fromkeys(UNHEARD, nothing)
    pretty = {
        "pprint": lambda value, **_ways: write(pformat(value)),
        "pformat": lambda value, **_ways: pformat(value),
    }
    pretty["pp"] = pretty["pprint"]
    return {
        "pprint": Part("pprint", pretty),
        "sys": Part("sys", told),
        "os": Part("os", nowhere | dict.fromkeys(("makedirs", "mkdir"), nothing)),
        "os.path": path,
        "logging": Part("logging", unheard | LEVELS | LOGGERS),
    }


def _error_told() -> tuple[Any, Any, None]:
    """`sys.exc_info()`: the error's type and the error, and no frames."""
    error = sys.exc_info()[1]
    return (None if error is None else TypeName(type(error)), error, None)


# ── files that are not there ──


def _is_there(_path: Any) -> bool:
    return False


OF_PATHS: Final = {
    "join": posixpath.join,
    "basename": posixpath.basename,
    "dirname": posixpath.dirname,
    "splitext": posixpath.splitext,
    **dict.fromkeys(("exists", "isfile", "isdir"), _is_there),
    **FURTHER_PATHS,
}


def timed_again(
    stmt: Any = None, setup: Any = None, *, repeat: int = 5, number: int = 1_000_000
) -> list[float]:
    """`timeit.repeat` of functions."""
    return [timed(stmt, setup, number=number) for _ in range(repeat)]


def timed(stmt: Any = None, setup: Any = None, *, number: int = 1_000_000) -> float:
    """`timeit.timeit` of functions: how many seconds so many calls take."""
    for each in (stmt, setup):
        if each is not None and not callable(each):
            raise TypeError("timeit takes functions here, no texts: timeit.timeit(lambda: …)")
    began = time.perf_counter()
    if setup is not None:
        setup()
    for _ in range(number if stmt is not None else 0):
        stmt()
    return time.perf_counter() - began


def _held_by(f: Any) -> str:
    """What a file, or a buffer in place of one, is held by."""
    if isinstance(f, Buffer):
        return f"buffer {number_of(f)}"
    if not isinstance(f, str | FilePath):
        raise TypeError("torch.save takes the name of a file here")
    return posixpath.normpath(str(f))


class SavedObjects:
    """What a run has saved, by file name."""

    def __init__(self) -> None:
        self._held: dict[str, Any] = {}

    def clear(self) -> None:
        """A new run begins."""
        self._held.clear()

    def save(self, obj: Any, f: Any, *_ways: Any, **_named: Any) -> None:
        """`torch.save`: keeps a copy for this run; no file is written."""
        self._held[_held_by(f)] = deepcopy(obj)

    def load(self, f: Any, *_ways: Any, **_named: Any) -> Any:
        """`torch.load`: a copy of what was saved under this name."""
        if _held_by(f) not in self._held:
            raise FileNotFoundError(2, "No such file or directory: nothing was saved here", str(f))
        return deepcopy(self._held[_held_by(f)])


KEPT: Final = SavedObjects()


# ── logging ──

LEVELS: Final = {
    "NOTSET": 0, "DEBUG": 10, "INFO": 20, "WARN": 30, "WARNING": 30, "ERROR": 40, "CRITICAL": 50,
}  # fmt: skip
UNHEARD: Final = words(
    "basicConfig debug info warning error disable critical exception log captureWarnings"
)


class Logger(Frozen):
    """A logger: what it is told goes where nobody reads, as it does beside what is printed."""

    __slots__ = ()

    def _unheard(self, *_given: Any, **_ways: Any) -> None:
        """Says nothing."""

    debug = info = warning = error = setLevel = addHandler = _unheard
    critical = exception = log = setFormatter = removeHandler = _unheard


LOGGERS: Final[dict[str, Any]] = {
    "getLogger": lambda _name="": Logger(),
    **dict.fromkeys(
        ("StreamHandler", "FileHandler", "Formatter", "NullHandler"),
        lambda *_given, **_ways: Logger(),
    ),
}


# ── argparse ──


class _Arguments:
    """`argparse.ArgumentParser`: nobody types arguments, so each has its default."""

    __slots__ = ("_defaults",)

    def __init__(self, *_given: Any, **_ways: Any) -> None:
        self._defaults: dict[str, Any] = {}

    def add_argument(self, *names: Any, **ways: Any) -> None:
        """An argument, by its names: the longest counts."""
        texts = [str(name) for name in names]
        long = next((each for each in texts if each.startswith("--")), texts[0])
        name = str(ways.get("dest") or long.lstrip("-").replace("-", "_"))
        if not name.isidentifier() or name in allowed.NEVER or name.startswith("__"):
            raise ValueError(f"{name[:80]!r} cannot be the name of an argument")
        switch = {"store_true": False, "store_false": True}.get(str(ways.get("action")))
        value = ways.get("default", switch)
        if isinstance(value, str) and ways.get("type") in (int, float):
            value = ways["type"](value)
        self._defaults[name] = value

    def parse_args(self, *_given: Any) -> Any:
        """An object that has the arguments."""
        return _namespace(self._defaults)

    def parse_known_args(self, *_given: Any) -> Any:
        """The same, and no others."""
        return self.parse_args(), []


def _namespace(values: Mapping[str, Any]) -> Any:
    """An object of a class of the program's own, which has these attributes."""

    def shown(self: Any) -> str:
        return f"Namespace({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"

    demand_own_names(values)
    made = own_class("Namespace", {"__repr__": shown})()
    vars(made).update(values)
    return made


SYSTEM: Final[Mapping[str, Any]] = {
    "timeit.timeit": timed,
    "timeit.repeat": timed_again,
    "timeit.default_timer": time.perf_counter,
    "gc.collect": lambda _generation=2: 0,
    "gc.isenabled": lambda: True,
    **dict.fromkeys(("gc.enable", "gc.disable"), nothing),
    **dict.fromkeys(("numbers.Number", "numbers.Complex"), (int, float, complex, numpy.number)),
    "numbers.Real": (int, float, numpy.floating, numpy.integer),
    "numbers.Integral": (int, numpy.integer),
    "argparse.ArgumentParser": _Arguments,
    "argparse.Namespace": lambda **values: _namespace(values),
    "torch.save": KEPT.save,
    "torch.load": KEPT.load,
}
"""What stands in for names of the system, by full name."""
