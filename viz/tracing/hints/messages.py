"""What helps: Python's and torch's own error messages, and the remedy that belongs to each.

The message shown is always torch's; a `Hint` adds a sentence below it and, where the mend is
mechanical, the mended program. What a pattern names (`(?P<size>…)`) fills the sentence's places.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Final

from viz.errors import N_
from viz.records import MAX_SOURCE, Message, Span
from viz.tracing.hints import brackets, mended
from viz.tracing.hints.arrays import HABITS, OF_OTHERS, SLIPS
from viz.tracing.hints.mended import Hint
from viz.tracing.hints.mends import arrays, calls, mismatches, recorded, renamed, slips
from viz.tracing.hints.mends.edits import first_of
from viz.tracing.hints.mends.habits import on_the_cpu
from viz.tracing.hints.mistakes import MISTAKES
from viz.tracing.hints.refused import REFUSED
from viz.tracing.hints.remedies import LIBRARY, PLACES, PYTHON, SHAPES, TYPES
from viz.tracing.hints.shapes import ShapesByName, looked_at, told
from viz.tracing.source_map import SourceMap
from viz.tracing.stopping import memory_limit
from viz.trees import parse

WHOLE_NUMBERS: Final = N_(
    "Whole numbers have no slopes. Write them with a point: torch.tensor([1.0, 2.0]), "
    "torch.arange(4.0), or convert with x.float()."
)
_BACKWARD: Final = (
    Hint(
        r"not compiled with CUDA|no NVIDIA driver|initialize CUDA|only the device 'cpu'"
        r"|KeyError: 'cuda\.\w+Tensor'"
        r"|access accelerator device when none",
        N_(
            "Everything runs on the CPU here: leave .cuda() out, or ask first with"
            " torch.cuda.is_available()."
        ),
        on_the_cpu,
    ),
    Hint(
        r"backward through the graph a second time",
        N_(
            "Each round goes back through earlier rounds too, and their graph was freed. "
            "Compute the result again in every round, cut off the past with detach(), or "
            "keep the graph with retain_graph=True."
        ),
        recorded.kept_in_rounds,
        mended.again_here,
    ),
    Hint(
        r"backward through the graph a second time",
        N_(
            "The first backward freed what it no longer needed. Keep it with "
            "backward(retain_graph=True) in the earlier call; gradients then add up in .grad."
        ),
        mended.keep_graph,
    ),
    Hint(
        r"grad can be implicitly created only for scalar outputs",
        N_(
            "A gradient belongs to a scalar. Give backward the weights of the elements, for "
            "example torch.ones_like(…) for their sum, or call .sum() first."
        ),
        first_of(mended.seed_with_ones, calls.weighted),
    ),
    Hint(
        r"does not require grad and does not have a grad_fn",
        N_(
            "torch.autograd.grad gives plain numbers. With create_graph=True it also records "
            "how it computed them; otherwise a gradient cannot be differentiated again."
        ),
        mended.record_gradient,
        mended.of_unrecorded_gradient,
    ),
    Hint(
        r"does not require grad and does not have a grad_fn",
        N_(
            "Nothing here was computed from a tensor that requires grad. Make the input with "
            "requires_grad=True, and look for detach(), no_grad() or .item() on the way."
        ),
        recorded.asking,
    ),
    Hint(
        r"differentiated Tensors? .*appears to not have been used in the graph",
        N_("The result does not depend on this input. Pass allow_unused=True to get None for it."),
        mended.allow_unused,
    ),
    Hint(
        r"differentiated Tensors? .*does not require grad",
        N_(
            "Gradients exist only for what was recorded: make this input with requires_grad=True "
            "before the result is computed from it."
        ),
    ),
    Hint(
        r"Mismatch in shape: grad_output.*Size\(\[(?P<given>[\d, ]*)\]\).*"
        r"Size\(\[(?P<wanted>[\d, ]*)\]\)",
        N_(
            "backward takes one weight for each element of the result: a tensor of its shape "
            "[{wanted}], not [{given}]. torch.ones_like(result) weighs all alike."
        ),
    ),
    Hint(
        r"^(Type|Attribute|Runtime)Error: .*\b(builtin_function_or_method|method)\b",
        N_("{found} lacks its brackets: write {found}() to call it."),
        finds=brackets.lacking,
    ),
    Hint(
        r"(unsupported operand type|not supported between|must be Tensor|argument).*"
        r"'?(builtin_function_or_method|method)'?",
        N_("This function is used without its brackets: write sum(), not sum, to call it."),
    ),
    Hint(
        r"attempting to assign a gradient of size",
        N_("A gradient has the shape of its tensor: one slope for each element."),
    ),
    Hint(
        r"can't retain_grad on|register a hook on a tensor that doesn't require grad",
        N_(
            "No gradient will come to this tensor: it was not computed from one with "
            "requires_grad=True, or inside no_grad() or after detach()."
        ),
    ),
    Hint(
        r"only change requires_grad flags of leaf variables",
        N_(
            "A computed tensor keeps its history. To use its value without the history, write "
            "y.detach()."
        ),
    ),
    Hint(
        r"[Oo]nly Tensors of floating point (and complex )?dtype can require gradients",
        WHOLE_NUMBERS,
        first_of(mismatches.whole_numbers_asked, mended.as_floats, slips.floats_made),
    ),
)

_WRITING: Final = (
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
            "A step against the gradient is not part of the function: take it inside "
            "torch.no_grad(), so that autograd does not record it."
        ),
        mended.unrecorded,
        mended.of_gradient,
    ),
    Hint(
        r"a leaf Variable that requires grad is being used in an in-place operation",
        N_(
            "A leaf's value is what the gradient refers to, so autograd does not let it be "
            "overwritten. Write y = x * 2 instead of x *= 2, or update it inside torch.no_grad()."
        ),
        recorded.leaf_renewed,
    ),
    Hint(
        r"modified by an inplace operation",
        N_(
            "Backward needs a value that was overwritten after it was used. Use the operation "
            "that makes a new tensor (y = y * 2 instead of y *= 2), or clone() before writing."
        ),
        recorded.renewed,
    ),
    Hint(
        r"is a view and (its base|is being) .*modified inplace|view was created in no_grad mode",
        N_(
            "This tensor shares its memory with another in a way that autograd cannot follow when "
            "it is overwritten. Write y = y + 1 instead of y += 1, or work on a copy (y.clone())."
        ),
    ),
    Hint(
        r"more than one element of the written-to tensor refers to a single memory",
        N_("After expand() several elements are the same memory. Write into a copy: y.clone()."),
    ),
    Hint(
        r"result type (?P<given>\w+) can't be cast to the desired output type (?P<wanted>\w+)",
        N_(
            "An in-place operation keeps the tensor's type, {wanted}, which cannot hold "
            "{given}. Use floating-point numbers (1.0), or write x = x + 0.5 instead of x += "
            "0.5."
        ),
    ),
)

_OF_ARRAYS: Final = (
    r"(Can't call numpy\(\) on Tensor that requires grad|got an unexpected keyword argument"
    r" 'axis'|received an invalid combination of arguments|must be int, not NoneType)"
)
_VALUES: Final = (
    Hint(
        _OF_ARRAYS,
        N_("numpy's functions leave the graph: torch has one of the same name that is recorded."),
        arrays.in_torch,
        when=arrays.is_alike,
    ),
    Hint(
        _OF_ARRAYS,
        N_(
            "numpy's functions leave the graph: torch's amax, amin, clamp, pow and matmul compute "
            "the same and are recorded."
        ),
        arrays.in_torch,
        when=arrays.is_named_otherwise,
    ),
    Hint(
        r"deprecated since version \S+ and is now removed",
        N_("torch.linalg has what torch no longer has: eigh, eig, solve, lstsq, matrix_rank."),
        renamed.in_linalg,
    ),
    Hint(
        r"Can't call numpy\(\) on Tensor that requires grad",
        N_("Take the values out of the graph first: tensor.detach().numpy()."),
        first_of(mended.detached, calls.values_taken),
    ),
    Hint(
        r"Boolean value of Tensor with more than one value is ambiguous",
        N_(
            "Python's max and min choose one of their arguments. To compare element by element "
            "write torch.clamp(x, min=0), or torch.maximum(a, b)."
        ),
        slips.clamped,
        mended.of_max,
    ),
    Hint(
        r"Boolean value of Tensor with (more than one value|no values) is ambiguous",
        N_(
            "if and while need one truth value: reduce the tensor with .all(), .any(), .sum() or "
            ".norm(), or choose elementwise with torch.where(condition, a, b)."
        ),
    ),
    Hint(
        r"(elements? cannot be converted to Scalar|only one element tensors can be converted)",
        N_(
            "Only a tensor with one element is a number. Take one element (x[0].item()), reduce "
            "with .sum() or .mean(), or take all with x.tolist()."
        ),
    ),
    Hint(
        r"only integer tensors of a single element can be converted to an index"
        r"|object cannot be interpreted as an integer",
        N_("range() and an index need an int: give the input as a whole number, or use int(x)."),
        calls.whole_count,
    ),
    Hint(
        r"'?NoneType'?",
        N_("{found} is not called, so no gradient has come: write {found}()."),
        when=mended.of_gradient,
        finds=brackets.backward_named,
    ),
    Hint(
        r"'NoneType'|must be real number, not NoneType",
        N_(
            ".grad is None until a backward pass has reached this tensor, and only a leaf keeps "
            "it: a computed tensor (x = x - …) needs retain_grad() before backward."
        ),
        recorded.asked_first,
        mended.of_gradient,
    ),
    Hint(
        r"'NoneType'",
        N_("Something here is None. A function without return gives None: end it with return …"),
        calls.returned,
    ),
    Hint(
        r"'(float|int|bool)' object has no attribute",
        N_(
            "This is a plain Python number, not a tensor: make it with torch.tensor(…). After "
            ".item() and float() nothing is recorded any more."
        ),
        first_of(recorded.as_leaves, slips.numbers_as_leaves),
    ),
    Hint(
        r"'(?P<kind>list|tuple)' object has no attribute",
        N_(
            "This is a Python {kind}, not a tensor: torch.tensor(…) makes one of numbers, "
            "torch.stack(…) one of tensors."
        ),
    ),
    Hint(
        r"'(float|int|Tensor)' object is not callable",
        N_(
            "There is a number before a bracket: multiplication is written with *, as in 2*(x + 1)."
        ),
        mended.as_product,
    ),
    Hint(
        r"(?:\(position (?P<place>\d{1,2})\) )?must be Tensor, not (float|int|bool)",
        N_(
            "torch's functions take tensors: write torch.tensor(1.5), or the name without "
            "torch (sin(1.5), exp(2)), which takes plain numbers too."
        ),
        reads=slips.tensor_at,
    ),
    Hint(
        r"must be Tensor, not (list|tuple)",
        N_("Make a tensor of the numbers first: torch.tensor([1.0, 2.0])."),
        calls.as_tensor,
    ),
)

HINTS: Final = (
    *MISTAKES, *HABITS,
    *_BACKWARD, *_WRITING, *_VALUES, *OF_OTHERS, *SLIPS,
    *SHAPES, *TYPES, *PLACES, *PYTHON, *LIBRARY, *REFUSED,
)  # fmt: skip
ROUNDS_LEFT: Final = N_(
    "The run did not come to an end in time: the loop on line {line} was in round {round} of "
    "{all}. Fewer rounds or smaller tensors help."
)
TOO_MANY: Final = N_(
    "The run did not come to an end in time. Fewer rounds of this loop or smaller tensors help."
)
TOO_MUCH: Final = N_("The run did not come to an end in time. Smaller tensors or fewer calls help.")
TOO_LONG: Final = N_(
    "The run did not come to an end in time. Look at the loop on this line: does its condition "
    "ever become false? Fewer rounds or smaller tensors help too."
)


MOST_CHARACTERS: Final = 6_000
"""Of a program in which the cause of a mistake is looked for."""


_WANTS_NO_GRAD: Final = "requires_grad flags of leaf variables|input requires_grad to False"
_WITHOUT_GRAD: Final = N_(
    "Inputs require grad while a run is recorded: requires_grad={'{name}': False} hands that one "
    "over without."
)


def hint_for(
    error: str,
    message: str,
    source: SourceMap,
    span: Span | None,
    earlier: tuple[Span, ...],
    shapes: ShapesByName | None = None,
) -> tuple[Message | None, str | None]:
    """The remedy for an exception and, where there is one, the mended program.

    `error` is the exception's type; `earlier` are the spans of the backward calls that succeeded
    before, `shapes` those that met at the place.
    """
    if error == "TimeIsUp":
        return Message(_without_end(source, span)), None
    length = sum(map(len, source.lines))
    for hint in HINTS if length <= MOST_CHARACTERS else HINTS[len(MISTAKES) :]:
        found = re.search(hint.pattern, f"{error}: {message}")
        if found is None or (
            hint.when is not None and not (span and hint.when(source, span, earlier))
        ):
            continue
        details = {name: text[:80] for name, text in found.groupdict("").items()}
        details["each"] = looked_at(source, span)
        if "{limit}" in hint.remedy:
            if not (limit := memory_limit()):
                continue
            details["limit"] = limit
        details["met"] = told(source, span, shapes or {})
        if "{met}" in hint.remedy and not details["met"]:
            continue
        better = hint.mend(source, span, earlier) if hint.mend and span else None
        if span and hint.reads is not None:
            better = hint.reads(source, span, found)
        elif span and shapes and hint.fits is not None:
            better = hint.fits(source, span, shapes)
        if hint.finds is not None:
            place = hint.finds(source, span) if span else None
            if place is None:
                continue
            details["found"] = source.text(place)[:80]
            if hint.mend is None:
                better = place.replaced(source.lines, f"{source.text(place)}()")
        return Message(hint.remedy, details), better if better and _runs(better) else None
    return None, None


def without_grad(message: str, inputs: Iterable[str]) -> Message | None:
    """What helps a function of one's own that wants an input which does not require grad, as it
    has when nobody looks; `inputs` are those that were made to."""
    name = next(iter(inputs), None)
    if name is None or not re.search(_WANTS_NO_GRAD, message):
        return None
    return Message(_WITHOUT_GRAD, {"name": name})


def _without_end(source: SourceMap, span: Span | None) -> str:
    """What helps a run that takes too long, by the loops around the line where it was."""
    around = source.loops_around(span.line).values() if span else ()
    if ast.While in around or span is None:
        return TOO_LONG
    return TOO_MANY if ast.For in around else TOO_MUCH


def _runs(program: str) -> bool:
    """Whether a mended text is a program: a comment within a call may have swallowed the change."""
    if len(program) > MAX_SOURCE:
        return False
    try:
        parse(program)
    except SyntaxError:
        return False
    return True
