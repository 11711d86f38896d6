"""Which of torch's ways attention is computed in: `with sdpa_kernel(SDPBackend.MATH):`.

`ATTENTION` has the stand-ins by full name. A way is a name here and torch's own where it is asked;
the flags are this process's, and as they were when the `with` is left.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

from torch.nn import attention

from viz.program.allowlist.words import words
from viz.tracing.typed.type_stand_ins import Frozen


class AttentionKind(Frozen):
    """One way to compute attention: `SDPBackend.MATH`."""

    __slots__ = ("_name",)
    _name: str

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    def __repr__(self) -> str:
        return f"<SDPBackend.{self._name}: {int(_KINDS[self._name])}>"

    def __str__(self) -> str:
        return f"SDPBackend.{self._name}"


_KINDS: Final = {
    name: getattr(attention.SDPBackend, name)
    for name in words("MATH FLASH_ATTENTION EFFICIENT_ATTENTION CUDNN_ATTENTION")
}


_NAMED: Final = {name: AttentionKind(name) for name in _KINDS}


class AttentionKinds(Frozen):
    """`torch.nn.attention.SDPBackend`: the ways by name."""

    __slots__ = ()
    MATH, FLASH_ATTENTION, EFFICIENT_ATTENTION, CUDNN_ATTENTION = _NAMED.values()


class AttentionBy(Frozen):
    """`with sdpa_kernel(SDPBackend.MATH):`, and the same before a function."""

    __slots__ = ("_made", "_values")
    _values: tuple[list[Any], bool]
    _made: list[Any]

    def __init__(self, backends: Any, set_priority: bool = False) -> None:
        given = backends if isinstance(backends, list) else [backends]
        if not all(isinstance(each, AttentionKind) for each in given):
            raise AssertionError(
                "Backend must be an instance of SDPBackend or a list of SDPBackend instances, got"
                f" {type(backends).__name__}"
            )
        kinds = [_KINDS[each._name] for each in given]
        object.__setattr__(self, "_values", (kinds, bool(set_priority)))
        object.__setattr__(self, "_made", [])

    def __enter__(self) -> dict[str, Any]:
        entered = attention.sdpa_kernel(*self._values)
        found: dict[str, Any] = entered.__enter__()
        self._made.append(entered)
        return found

    def __exit__(self, *raised: Any) -> None:
        self._made.pop().__exit__(*raised)

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def within(*given: Any, **ways: Any) -> Any:
            with self:
                return function(*given, **ways)

        return within


def sdp_kernel(
    enable_flash: bool = True,
    enable_math: bool = True,
    enable_mem_efficient: bool = True,
    enable_cudnn: bool = True,
) -> AttentionBy:
    """`torch.backends.cuda.sdp_kernel`, the name of old."""
    chosen = (enable_math, enable_flash, enable_mem_efficient, enable_cudnn)
    kinds = [_NAMED[name] for name, on in zip(_KINDS, chosen, strict=True) if on]
    return AttentionBy(kinds)


ATTENTION: Final[Mapping[str, Any]] = {
    "torch.nn.attention.sdpa_kernel": AttentionBy,
    "torch.nn.attention.SDPBackend": AttentionKinds(),
    "torch.backends.cuda.sdp_kernel": sdp_kernel,
}
