"""`torch.get_rng_state` and its siblings, for the one generator that a run draws from.

`set_rng_state` takes only a state that the run was given before, whole and unchanged: torch reads
places in memory out of such a tensor. Raises `RuntimeError` for any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch

MOST_KEPT: Final = 100
"""States that are known; of further ones the oldest is forgotten."""
GIVEN: Final[dict[bytes, None]] = {}
"""The states that the run was given."""


def get_rng_state() -> torch.Tensor:
    """Where the random numbers stand, as a tensor."""
    state = torch.default_generator.get_state()
    if len(GIVEN) >= MOST_KEPT:
        del GIVEN[next(iter(GIVEN))]
    GIVEN[_bytes(state)] = None
    return state


def set_rng_state(new_state: torch.Tensor) -> None:
    """Goes on from a state that `get_rng_state` gave."""
    if type(new_state) is not torch.Tensor or new_state.dtype != torch.uint8:
        raise TypeError("expected a torch.ByteTensor")
    with torch._C.DisableTorchFunction():
        state = new_state.detach().clone()
    if _bytes(state) not in GIVEN:
        raise RuntimeError("only a state that torch.get_rng_state() gave can be set here")
    torch.default_generator.set_state(state)


def _bytes(state: torch.Tensor) -> bytes:
    with torch._C.DisableTorchFunction():
        return state.numpy().tobytes()


class ForkedNumbers:
    """`with torch.random.fork_rng():` what is drawn within does not count outside."""

    __slots__ = ("_before", "_on")

    def __init__(self, on: bool) -> None:
        self._on = on
        self._before: torch.Tensor | None = None

    def __enter__(self) -> None:
        self._before = torch.default_generator.get_state() if self._on else None

    def __exit__(self, *_raised: object) -> None:
        if self._before is not None:
            torch.default_generator.set_state(self._before)


def fork_rng(_devices: Any = None, enabled: bool = True, **_elsewhere: Any) -> ForkedNumbers:
    """The context in which random numbers are drawn aside; there is no other device."""
    return ForkedNumbers(bool(enabled))


STATES: Final[Mapping[str, Any]] = {
    **{
        f"{module}.{each.__name__}": each
        for module in ("torch", "torch.random")
        for each in (get_rng_state, set_rng_state)
    },
    "torch.random.fork_rng": fork_rng,
}
"""What stands in for names of torch, by full name."""
