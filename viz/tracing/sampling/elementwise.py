"""Which torch calls are elementwise: applied to many samples, each gets what it would get alone.

Only calls whose every option is elementwise too are listed; calls that write in place, change the
type, or look at a shape are not. Whoever relies on this list must still check the arguments (see
`viz.tracing.sampling.batch_modes.Pointwise`).
"""

from __future__ import annotations

from typing import Any, Final

import torch
import torch.nn.functional as F

_NAMES: Final = """
abs absolute neg negative positive sign sgn reciprocal square sqrt rsqrt exp exp2 expm1
log log2 log10 log1p sin cos tan asin acos atan arcsin arccos arctan sinh cosh tanh asinh acosh
atanh arcsinh arccosh arctanh sigmoid relu floor ceil round trunc fix frac erf erfc erfinv
lgamma digamma logit sinc deg2rad rad2deg expit entr i0 i0e i1 ndtr
add sub subtract mul multiply div divide true_divide pow float_power maximum minimum fmax fmin
atan2 arctan2 hypot copysign remainder fmod floor_divide logaddexp xlogy where clamp clip
lt le gt ge eq ne less less_equal greater greater_equal not_equal isnan isinf isfinite
logical_and logical_or logical_xor logical_not detach
__add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __truediv__ __rtruediv__ __div__ __rdiv__
__pow__ __rpow__ __neg__ __pos__ __abs__ __mod__ __rmod__ __floordiv__ __rfloordiv__
__lt__ __le__ __gt__ __ge__ __eq__ __ne__ __and__ __or__ __xor__ __invert__
"""

_FUNCTIONAL: Final = """
relu relu6 elu selu celu leaky_relu softplus softsign tanhshrink softshrink hardshrink
hardsigmoid hardswish hardtanh silu mish gelu logsigmoid sigmoid tanh
"""


def _named(names: str, *places: Any) -> set[Any]:
    return {
        getattr(place, name) for place in places for name in names.split() if hasattr(place, name)
    }


ELEMENTWISE: Final[frozenset[Any]] = frozenset(
    _named(_NAMES, torch, torch.Tensor, torch.special) | _named(_FUNCTIONAL, F)
)
ALIAS: Final[frozenset[Any]] = frozenset(_named("sum mean prod", torch, torch.Tensor))
"""Of a single number these give the number itself."""
FIRST_ORDER: Final[dict[Any, Any]] = {
    torch.Tensor.norm: torch.abs,
    torch.norm: torch.abs,
    torch.linalg.norm: torch.abs,
}
"""Of a single number a norm is its absolute value, and so is its first derivative."""
SCALAR_FACTORIES: Final[frozenset[Any]] = frozenset(
    _named("tensor zeros ones full scalar_tensor", torch)
)
DIVISIONS: Final[dict[Any, int]] = {
    **dict.fromkeys(_named("div divide true_divide __truediv__ __div__", torch, torch.Tensor), 1),
    **dict.fromkeys(_named("reciprocal __rtruediv__ __rdiv__", torch, torch.Tensor), 0),
}
"""Which argument divides: where it is zero the result may have a hole."""
POWERS: Final[frozenset[Any]] = frozenset(_named("pow __pow__", torch, torch.Tensor))
"""With a negative exponent these divide too."""
COMPARISONS: Final[frozenset[Any]] = frozenset(
    _named("lt le gt ge less less_equal greater greater_equal", torch, torch.Tensor)
)
"""What is true on one side of an equality: between two outcomes the difference has a root."""


def divisor(function: Any, args: tuple[Any, ...]) -> Any:
    """The tensor that a call divides by, `None` if it does not."""
    place = DIVISIONS.get(function)
    if function in POWERS and len(args) > 1 and isinstance(args[1], int | float) and args[1] < 0:
        place = 0
    found = args[place] if place is not None and place < len(args) else None
    return found if isinstance(found, torch.Tensor) else None
