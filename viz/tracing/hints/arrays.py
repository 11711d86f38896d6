"""What helps with numpy's and other libraries' ways of asking a tensor: tables of hints."""

from __future__ import annotations

from typing import Final

from viz.errors import N_
from viz.tracing.hints.mended import Hint
from viz.tracing.hints.mends import arrays

OF_OTHERS: Final = (
    Hint(
        r"attribute 'shape' of 'torch\._C\.TensorBase' objects is not writable"
        r"|'torch\.Size' object does not support item assignment",
        N_("The shape of a tensor is only read. Make another tensor of it: x = x.reshape(2, 3)."),
        arrays.reshaped_anew,
    ),
    Hint(
        r"'Tensor' object has no attribute '(?P<name>astype|copy|fill|append|asnumpy|assign)'",
        N_(
            "This is what arrays and lists are asked for; a tensor has to(torch.float64) for"
            " astype(float), clone() for copy(), fill_(…) for fill(…), and torch.cat adds to it."
        ),
        arrays.of_tensors,
    ),
    Hint(
        r"diff expects input to be at least one-dimensional"
        r"|diff\(\): argument 'n' \(position 2\) must be int, not Tensor",
        N_(
            "torch.diff subtracts neighbours in a vector. The derivative is not typed: it is shown"
            " beside the function."
        ),
        arrays.of_the_function,
    ),
)
