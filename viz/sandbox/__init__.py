"""Typed text runs here, and only here: in a confined child process, one for each question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viz.sandbox.client import Sandbox
    from viz.sandbox.limits import Limits

__all__ = ["Limits", "Sandbox"]

_HOMES = {"Sandbox": "viz.sandbox.client", "Limits": "viz.sandbox.limits"}


def __getattr__(name: str) -> Any:
    """Imports on demand: a child's process needs nothing of the client's."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
