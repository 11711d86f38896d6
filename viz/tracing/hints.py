"""What helps: torch's own error messages, and the remedy that belongs to each.

The message shown is always torch's; a `Hint` adds a sentence below it and, where the mend is
mechanical, the mended program.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from viz.errors import N_
from viz.records import MAX_SOURCE, Message, Span
from viz.tracing.spans import SourceMap

Mend = Callable[[SourceMap, Span, tuple[Span, ...]], str | None]


class Hint(NamedTuple):
    """A pattern of an exception's message, the sentence that helps, and the mend."""

    pattern: str
    remedy: str
    mend: Mend | None = None


def keep_graph(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
    """The program with `retain_graph=True` in the backward call before the failed one."""
    del span
    return _with_argument(source, earlier[-1], "retain_graph=True") if earlier else None


def seed_with_ones(source: SourceMap, span: Span, earlier: tuple[Span, ...]) -> str | None:
    """The program with `torch.ones_like(…)` given to the failed `backward()`."""
    del earlier
    called = re.fullmatch(r"(.+)\.backward\((.*)\)", source.text(span), re.DOTALL)
    if called is None:
        return None
    return _with_argument(source, span, f"torch.ones_like({called[1]})", first=True)


HINTS: tuple[Hint, ...] = (
    Hint(
        r"backward through the graph a second time",
        N_(
            "The first backward freed what it no longer needed. Keep it with "
            "backward(retain_graph=True) in the earlier call; gradients then add up in .grad."
        ),
        keep_graph,
    ),
    Hint(
        r"grad can be implicitly created only for scalar outputs",
        N_(
            "A gradient belongs to one number. Give backward the weights of the elements, "
            "for example torch.ones_like(…) for their sum, or call .sum() first."
        ),
        seed_with_ones,
    ),
    Hint(
        r"does not require grad and does not have a grad_fn",
        N_(
            "Nothing here was computed from a tensor that requires grad. Make the input with "
            "requires_grad=True, and look for detach(), no_grad() or .item() on the way."
        ),
    ),
    Hint(
        r"view of a leaf Variable that requires grad is being used in an in-place",
        N_(
            "This writes into a part of a leaf that requires grad. Work on a copy "
            "(y = x.clone()), or write inside torch.no_grad()."
        ),
    ),
    Hint(
        r"a leaf Variable that requires grad is being used in an in-place operation",
        N_(
            "A leaf's value is what the gradient refers to, so autograd does not let it be "
            "overwritten. Write y = x * 2 instead of x *= 2, or update it inside torch.no_grad()."
        ),
    ),
    Hint(
        r"modified by an inplace operation",
        N_(
            "Backward needs a value that was overwritten after it was used. Use the operation "
            "that makes a new tensor (y = y * 2 instead of y *= 2), or clone() before writing."
        ),
    ),
    Hint(
        r"Can't call numpy\(\) on Tensor that requires grad",
        N_("Take the values out of the graph first: tensor.detach().numpy()."),
    ),
    Hint(
        r"One of the differentiated Tensors appears to not have been used in the graph",
        N_("The result does not depend on this input. Pass allow_unused=True to get None for it."),
    ),
    Hint(
        r"Boolean value of Tensor with (more than one value|no values) is ambiguous",
        N_(
            "if and while need one truth value: reduce the tensor with .all(), .any(), .sum() or "
            ".norm(), or choose elementwise with torch.where(condition, a, b)."
        ),
    ),
    Hint(
        r"(mat1 and mat2 shapes cannot be multiplied|inconsistent tensor size|size mismatch"
        r"|must match the size of tensor|1D tensors expected|not broadcastable"
        r"|shapes .* cannot be)",
        N_(
            "The shapes do not fit together. Look at the inputs' shapes (print(x.shape)); "
            "a vector for dot is written torch.arange(4.0), a matrix torch.randn(2, 3)."
        ),
    ),
    Hint(
        r"Only Tensors of floating point (and complex )?dtype can require gradients",
        N_("Write the numbers with a point: torch.tensor([1.0, 2.0]) instead of [1, 2]."),
    ),
    Hint(
        r"only integer tensors of a single element can be converted to an index",
        N_("range() and an index need an int: give the input as a whole number, or use int(x)."),
    ),
    Hint(
        r"can't allocate memory|DefaultCPUAllocator|not enough memory|^$",
        N_("The run asked for more memory than it may have. Use smaller tensors."),
    ),
)


def hint_for(
    error: str, message: str, source: SourceMap, span: Span | None, earlier: tuple[Span, ...]
) -> tuple[Message | None, str | None]:
    """The remedy for an exception and, where there is one, the mended program.

    `earlier` are the spans of the backward calls that succeeded before.
    """
    if error == "MemoryError":
        message = "not enough memory"
    if error == "TimeIsUp":
        return Message(TOO_LONG), None
    for hint in HINTS:
        if message and re.search(hint.pattern, message):
            mended = hint.mend(source, span, earlier) if hint.mend and span else None
            return Message(hint.remedy), mended[:MAX_SOURCE] if mended else None
    return None, None


TOO_LONG = N_(
    "The run did not come to an end in time. Look at the loop on this line: does its condition "
    "ever become false? Fewer rounds or smaller tensors help too."
)


def _with_argument(source: SourceMap, span: Span, argument: str, first: bool = False) -> str | None:
    """The program with one more argument in the call that ends where `span` ends."""
    line = source.lines[span.end_line - 1]
    before, after = line[: span.end_column], line[span.end_column :]
    if not before.endswith(")"):
        return None
    inside = before[:-1].rstrip()
    empty = inside.endswith("(")
    if first and not empty:
        return None
    joined = f"{inside}{'' if empty else ', '}{argument}){after}"
    return "\n".join([*source.lines[: span.end_line - 1], joined, *source.lines[span.end_line :]])
