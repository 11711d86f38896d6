"""Whether a program raises the same whatever its numbers are: then it does so without knowing them.

Such a run has `meta` tensors for what varies: a shape and no value. Where shapes do not fit, a name
is missing or a number is none, it raises what any sample does, at the cost of one; as soon as
something hangs on a value it raises something else, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from viz.errors import InputRejected
from viz.tracing.sampling.tape import GivenUp
from viz.tracing.stopping import TimeIsUp, let_go
from viz.tracing.texts import own_words

Told = tuple[str, str]


def told(error: BaseException) -> Told:
    """What tells exceptions apart: the type, and its own words."""
    return type(error).__name__, own_words(error)


def raised_unknowing(run: Callable[[list[torch.Tensor]], Any], count: int) -> Told | None:
    """What a run raises that knows nothing of its `count` numbers; `None` if it ends."""
    unknown = [torch.empty((), dtype=torch.float64, device="meta") for _ in range(count)]
    try:
        run([one.requires_grad_() for one in unknown])
    except (TimeIsUp, InputRejected):
        raise
    except (GivenUp, Exception) as error:  # noqa: BLE001 - typed code may raise anything
        let_go(error)
        return told(error)
    return None
