"""What turns a tensor into a Python value, so that the program may go one way or another.

Both who records a run and who samples a program ask this table.
"""

from __future__ import annotations

from typing import Any, Final

import torch

from viz.records import Asked

ASKED: Final[dict[Any, Asked]] = {
    torch.Tensor.__bool__: "bool",
    torch.Tensor.item: "item",
    torch.Tensor.__float__: "float",
    torch.Tensor.__int__: "int",
    torch.Tensor.__index__: "index",
    torch.Tensor.tolist: "tolist",
}
"""Functions of a tensor that answer with a Python value, by what they were asked for."""
