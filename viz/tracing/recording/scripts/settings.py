"""What a program sets for all of torch holds for its own run: number type, printing, and where
torch's random numbers are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def settings_kept() -> Iterator[None]:
    """Afterwards the default number type, the way tensors are printed and the random state are
    what they were.
    """
    dtype = torch.get_default_dtype()
    drawn = torch.default_generator.get_state()
    printed = vars(torch._tensor_str.PRINT_OPTS).copy()
    try:
        yield
    finally:
        torch.set_default_dtype(dtype)
        torch.default_generator.set_state(drawn)
        vars(torch._tensor_str.PRINT_OPTS).update(printed)
