"""Frames in which a module works: torch's call of it, and its methods.

A part of a model is also reached by another way than its call: `self.vae.encode(x)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, Final

import torch

from viz.tracing.bytecode.callables import unwrapped

CALLING: Final = torch.nn.Module._call_impl.__code__
"""What calls a module."""
_TORCH: Final = str(Path(torch.__file__).parent)
_HELD_BY: Final = vars(type)["__mro__"].__get__


def is_method(frame: FrameType) -> bool:
    """Whether a frame runs a method of a module, not one of torch's own, nor how it is made."""
    code = frame.f_code
    if not code.co_argcount or code.co_name.startswith("__") or _is_torchs(code):
        return False
    first = frame.f_locals.get(code.co_varnames[0])
    if not isinstance(first, torch.nn.Module):
        return False
    held = (vars(each).get(code.co_name) for each in _HELD_BY(type(first)))
    return any(_code_of(each) is code for each in held)


def _is_torchs(code: CodeType) -> bool:
    return code.co_filename.startswith(_TORCH)


def _code_of(held: Any) -> CodeType | None:
    """The code of a method, also where something was put around it."""
    if not isinstance(held, FunctionType):
        return None
    inner = unwrapped(held)
    return inner.__code__ if isinstance(inner, FunctionType) else None


def module_at(frame: FrameType) -> Any:
    """The module that works in a frame."""
    return frame.f_locals[frame.f_code.co_varnames[0]]


def method_at(frame: FrameType) -> str:
    """By which method it is reached; empty where it is called."""
    return "" if frame.f_code is CALLING else frame.f_code.co_name


def reaching_parts(frames: Sequence[FrameType]) -> list[FrameType]:
    """Those of the frames, innermost first, in which another module begins to work than the one
    around: a method that a module calls of its own is not another part of the model.
    """
    found: list[FrameType] = []
    for frame in reversed(frames):
        code = frame.f_code
        if code is not CALLING:
            called = frame.f_back is not None and _is_torchs(frame.f_back.f_code)
            if not found or (code.co_name == "forward" and called):
                continue
            if module_at(frame) is module_at(found[-1]):  # asked last: it lays out all locals
                continue
        found.append(frame)
    return found[::-1]
