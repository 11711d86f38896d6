"""What a program sets for all of torch holds for its own run: number type and printing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def settings_kept() -> Iterator[None]:
    """Afterwards the default number type and the way tensors are printed are what they were."""
    dtype = torch.get_default_dtype()
    printed = vars(torch._tensor_str.PRINT_OPTS).copy()
    try:
        yield
    finally:
        torch.set_default_dtype(dtype)
        vars(torch._tensor_str.PRINT_OPTS).update(printed)
