"""Libraries that are programs in the language of typed code: `d2l`, as far as it needs no files,
`einops` and `torchsummary`.

Each is run like any other program (`WRITTEN` has their texts): what it defines can do no more than
what a visitor types, and each run has classes of its own. Its frames are a library's: a record
speaks of the line that calls it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import CodeType
from typing import Any, Final

from viz.program.allowlist import allowed
from viz.tracing.typed.decided.attributes import decided
from viz.tracing.typed.part import Part

WRITTEN: Final[Mapping[str, tuple[str, ...]]] = {
    library: tuple(
        Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8") for name in names
    )
    for library, names in (
        # of "Dive into Deep Learning"
        ("d2l", ("book", "book_networks", "book_attention", "book_training")),
        ("einops", ("einops",)),
        ("torchsummary", ("torchsummary",)),
    )
}
"""Each library's texts: a later one uses names of those before."""
_CODE: Final[Mapping[str, tuple[CodeType, ...]]] = {
    library: tuple(
        compile(decided(text), f"<{library}>", "exec", dont_inherit=True) for text in texts
    )
    for library, texts in WRITTEN.items()
}


def arguments_of_caller() -> dict[str, Any]:
    """The arguments of the method that has called the method that calls this: its own by name.

    Raises `TypeError` where that is none of typed code: what a library's frames hold is its own.
    """
    frame = sys._getframe(2)
    if frame.f_builtins is not sys._getframe(1).f_builtins:
        raise TypeError("save_hyperparameters() is called in a method of your own")
    code = frame.f_code
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return {name: frame.f_locals[name] for name in names if name in frame.f_locals}


def written_parts(library: str, names: dict[str, Any], parts: Mapping[str, Any]) -> dict[str, Part]:
    """A library and its modules by full name, made in fresh globals of typed code; `parts` are the
    other modules.
    """
    names |= {"arguments_of_caller": arguments_of_caller, "__name__": library}
    for code in _CODE[library]:
        exec(code, names)  # noqa: S102 - this project's own text, in typed code's own globals
    torch = parts["torch"]
    made: dict[str, Part] = {}
    modules = [name for name in allowed.MODULES if name.partition(".")[0] == library]
    for module in sorted(modules, key=len, reverse=True):
        found = {}
        for name in allowed.MODULES[module]:
            full = f"{module}.{name}"
            if full in made:
                found[name] = made[full]
            elif full in allowed.ALIASES:
                found[name] = parts[allowed.ALIASES[full]]
            else:
                found[name] = names[name] if name in names else vars(torch)[name]
        made[module] = Part(module, found)
    return made
