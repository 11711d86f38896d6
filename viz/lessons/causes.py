"""Why torch refuses: for each kind of failure that a hint helps with, the reason and a lesson.

`cause_of("RuntimeError: …")` finds it by torch's and Python's own words. Where only Python's rules
or the machine are at fault no lesson belongs to it.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from viz.errors import N_


class Cause(NamedTuple):
    """A pattern of the failure's words, why it fails, and the key of the lesson that shows it."""

    pattern: str
    why: str
    lesson: str


CAUSES: Final = (
    Cause(
        r"graph a second time",
        N_("Why: the way back uses up what the graph had saved, to keep memory small."),
        "twice",
    ),
    Cause(
        r"only for scalar outputs|return a scalar|Mismatch in shape: grad_output",
        N_("Why: with several results there are several slopes, and torch does not weigh them."),
        "vector",
    ),
    Cause(
        r"gradient of size",
        N_("Why: a gradient holds one slope for each number of its tensor."),
        "dot",
    ),
    Cause(
        r"not have been used|differentiated Tensors?",
        N_("Why: gradients go along the arrows of the graph only, and none leads to this input."),
        "chain",
    ),
    Cause(
        r"numpy\(\) on Tensor",
        N_("Why: numpy records nothing, so the way back would end there without a word."),
        "nograd",
    ),
    Cause(
        r"require(s)? grad and does not have|retain_grad on|hook on a tensor",
        N_("Why: torch records only for those who ask with requires_grad=True."),
        "asking",
    ),
    Cause(
        r"requires_grad flags of leaf",
        N_("Why: a computed tensor is no leaf; whether it is recorded follows from its inputs."),
        "leaf",
    ),
    Cause(
        r"leaf Variable|inplace|in-place|single memory|refers to a single|no_grad mode",
        N_("Why: the way back needs the old numbers, and writing in place destroys them."),
        "inplace",
    ),
    Cause(
        r"empty parameter list|optimize a non-leaf",
        N_("Why: an optimizer moves what nobody computed, leaves, by the gradients they gather."),
        "leaf",
    ),
    Cause(
        r"NoneType|assigned grad",
        N_("Why: .grad stays None until a backward pass has reached it, and for non-leaves."),
        "leaf",
    ),
    Cause(
        r"floating point|can require gradients|derivative for",
        N_("Why: a slope needs numbers that can change a little; whole numbers only jump."),
        "kink",
    ),
    Cause(
        r"ambiguous|control flow|boolean tensor|\.item\(\) on a Tensor",
        N_("Why: Python must take one branch, and several numbers do not say which."),
        "vectorloop",
    ),
    Cause(
        r"incorrect number of gradients|Legacy autograd function",
        N_("Why: backward hands each argument of forward its gradient; torch calls both itself."),
        "custom",
    ),
    Cause(
        r"step sign",
        N_("Why: steps upwards never reach an end that lies below the start."),
        "",
    ),
    Cause(
        r"between 0 and 1",
        N_("Why: the loss takes logarithms of probabilities, which are numbers from 0 to 1."),
        "",
    ),
    Cause(
        r"Expected more than 1 value per channel",
        N_("Why: a spread cannot be computed from a single number."),
        "batchnorm",
    ),
    Cause(
        r"Module\.__init__|channels",
        N_("Why: a layer makes its weights when it is made, and their shapes stay as they are."),
        "layer",
    ),
    Cause(
        r"shape|size|1D tensors|[Ee]xpected .*D\b|[Dd]imension|0-d|indices|out of |stack"
        r"|target tensor",
        N_("Why: an operation is defined for certain shapes only; each number needs its partner."),
        "tensor",
    ),
    Cause(
        r"dtype|scalar type|result type|but found|not implemented for",
        N_("Why: all numbers of a tensor have one type, and torch does not change it by itself."),
        "tensor",
    ),
    Cause(
        r"object has no attribute|must be Tensor|not callable|converted|integer|function_or_method",
        N_("Why: a plain Python number has no graph; only tensors remember how they were made."),
        "asking",
    ),
    Cause(
        r"singular|positive-definite",
        N_("Why: for such a matrix the result does not exist, so there is no slope either."),
        "kink",
    ),
    Cause(
        r"CUDA|memory|bad_alloc",
        N_("Why: every value of the forward run is kept for the way back, on this machine."),
        "",
    ),
    Cause(
        r"is now removed",
        N_("Why: torch renames functions over the years, and in the end takes the old ones away."),
        "",
    ),
    Cause(
        r"ZeroDivision|OverflowError|domain",
        N_("Why: these are Python's own numbers, which know no infinity here; tensors do."),
        "",
    ),
    Cause(
        r"unpack|argument|missing|UnboundLocal|Recursion|keyword|KeyError|AssertionError"
        r"|concatenate str|must be str|tuple of Tensors|context manager|not iterable|ellipsis"
        r"|is not defined|doesn't define|Missing key|data must be|Module subclass"
        r"|not subscriptable",
        N_("Why: Python stopped before torch had anything to record."),
        "",
    ),
)


def cause_of(words: str) -> Cause | None:
    """The first cause whose pattern is in the failure's words."""
    return next((cause for cause in CAUSES if re.search(cause.pattern, words)), None)
