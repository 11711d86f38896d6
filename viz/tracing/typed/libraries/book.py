"""`d2l`, the library of the book "Dive into Deep Learning", as far as it needs no files.

It is a program in the language of typed code (`BOOK`, in four texts), run like any other: what it
defines can do no more than what a visitor types, and each run has classes of its own. Its frames
are a library's: a record speaks of the line that calls it.
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

BOOK: Final = tuple(
    Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")
    for name in ("book", "book_networks", "book_attention", "book_training")
)
"""The program's texts: a later one uses names of those before."""
_CODE: Final[tuple[CodeType, ...]] = tuple(
    compile(decided(text), "<d2l>", "exec", dont_inherit=True) for text in BOOK
)


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


def book_parts(names: dict[str, Any], parts: Mapping[str, Any]) -> dict[str, Part]:
    """`d2l` and `d2l.torch`, made in fresh globals of typed code; `parts` are the modules by full
    name.
    """
    names["arguments_of_caller"] = arguments_of_caller
    for code in _CODE:
        exec(code, names)  # noqa: S102 - this project's own text, in typed code's own globals
    torch = parts["torch"]
    found = {}
    for name in allowed.MODULES["d2l.torch"]:
        alias = allowed.ALIASES.get(f"d2l.torch.{name}")
        if alias is not None:
            found[name] = parts[alias]
        else:
            found[name] = names[name] if name in names else vars(torch)[name]
    book = Part("d2l.torch", found)
    return {"d2l": Part("d2l", {"torch": book}), "d2l.torch": book}
