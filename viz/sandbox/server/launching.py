"""How the sandbox's own interpreters are started: with which environment, finding which modules."""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from functools import cache
from pathlib import Path
from typing import Final

from viz.errors import N_, SandboxUnavailable, problem

WARM_UP: Final = 120.0
"""Seconds that importing torch may take on a slow machine before the start counts as failed."""

ENVIRONMENT: Final = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}
"""All that their environment holds: no secret can leak from it."""

_ROOT: Final = Path(__file__).resolve().parents[3]
_FIRST: Final = _ROOT / "viz" / "sandbox" / "child" / "start.py"

_WINDOWS: Final = ("SYSTEMROOT", "TEMP", "PATH")
"""Without these Windows loads no library."""


def environment() -> dict[str, str]:
    """The environment of an interpreter of the sandbox's."""
    if sys.platform == "win32":
        return ENVIRONMENT | {name: os.environ[name] for name in _WINDOWS if name in os.environ}
    return dict(ENVIRONMENT)


def command(module: str, *arguments: str) -> list[str]:
    """The command line of an interpreter of the sandbox's that calls a module's `main`.

    Raises `SandboxUnavailable` within such an interpreter: one would start the next without end.
    """
    if str(_FIRST) in sys.orig_argv:
        raise no_process()
    return [sys.executable, "-P", str(_FIRST), _search_path(), module, *arguments]


def _search_path() -> str:
    """Where it finds modules, as JSON: this project first, then what is installed here.

    The folder of the script that started us, and others of the user's own, are not among them: a
    `cuda.py` there is no module that torch means, and what it does is not the child's to do.
    """
    folders = dict.fromkeys(str(Path(entry).resolve()) for entry in sys.path if entry)
    return json.dumps([str(_ROOT), *filter(_is_installed, folders)])


@cache
def _is_installed(folder: str) -> bool:
    """Whether packages are installed there: Python's own, or any that say so; archives too."""
    there, paths = Path(folder), sysconfig.get_paths()
    own = {Path(paths[name]).resolve() for name in ("stdlib", "platstdlib")}
    return (
        not there.is_dir()
        or bool(own & {there, there.parent})
        or any(any(there.glob(f"*.{kind}")) for kind in ("dist-info", "egg-info"))
    )


def no_process() -> SandboxUnavailable:
    """The refusal when an interpreter could not be started."""
    return SandboxUnavailable(
        problem(
            N_("The process that runs programs could not be started."),
            N_("The server's log says why."),
        )
    )
