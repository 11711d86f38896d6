"""What helps with the usual mistakes, each told by what stands at the failed place.

They come before the tables of torch's and Python's own messages, which say less of the cause.
"""

from __future__ import annotations

import ast
import re
from typing import Final

from viz.errors import N_
from viz.records import Span
from viz.tracing.hints.mended import Hint
from viz.tracing.hints.mends import calls, classes, habits, recorded, slips
from viz.tracing.hints.mends.edits import When, assigned_to, changing, first_of, node_at
from viz.tracing.source_map import SourceMap

Earlier = tuple[Span, ...]


def _reads(pattern: str) -> When:
    """Whether the failed text has a pattern."""
    return lambda source, span, _: re.search(pattern, source.text(span)) is not None


def _is_arithmetic(source: SourceMap, span: Span, earlier: Earlier) -> bool:
    del earlier
    return isinstance(node_at(source, span), ast.BinOp)


def _is_set_outside(source: SourceMap, span: Span, earlier: Earlier) -> bool:
    del earlier
    outside = source.tree.body
    return any(each in outside for each in assigned_to(source, source.text(span)))


CUTS: Final = N_(
    "{found} gives numbers without their history: no gradient comes back through it. Use what "
    "was recorded."
)
_LAYER: Final = N_("nn.… makes a layer, and the layer is called with the tensor: nn.ReLU()(x).")
_STEP: Final = N_(
    "w = w - … makes a computed tensor of the leaf, which keeps no gradient. Step in place inside "
    "torch.no_grad(), w -= …, or make a leaf of it again: (w - …).detach().requires_grad_()."
)
_ONE_OF: Final = N_(
    "This is a tuple, and one of its parts is meant: out, _ = lstm(x), x.max(dim=1).values, or "
    "[0] for the first. A comma at a line's end makes a tuple, too."
)
_WEIGHTS: Final = N_("backward takes its weights as a tensor of the result's shape.")
MISTAKES: Final = (
    Hint(
        r"does not require grad and does not have a grad_fn",
        N_(
            "A gradient is recorded only with create_graph=True, and backward adds up in .grad: "
            "(g,) = torch.autograd.grad(y, x, create_graph=True) keeps the two apart."
        ),
        when=_reads(r"\.grad(?:\.\w+\(\))?\.backward\("),
    ),
    Hint(
        r"does not require grad and does not have a grad_fn|'NoneType'",
        _STEP,
        recorded.stepped,
        changing(recorded.stepped),
    ),
    Hint(
        r"does not require grad and does not have a grad_fn",
        N_(
            "torch.tensor([…]) copies numbers: what was computed stays behind. torch.stack([…])"
            " joins tensors of one shape and keeps their graph."
        ),
        recorded.attached,
        recorded.copies,
    ),
    Hint(
        r"does not require grad and does not have a grad_fn"
        r"|'(float|int)' object has no attribute 'backward'",
        CUTS,
        recorded.attached,
        finds=recorded.cut,
    ),
    Hint(
        r"'(tuple|torch\.return_types\.\w+)' object has no attribute|'tuple' and|and 'tuple'"
        r"|type 'tuple'|only integer tensors of a single element",
        _ONE_OF,
        calls.unpacked,
        changing(calls.unpacked),
    ),
    Hint(
        r"only integer tensors of a single element|unsupported operand .*'list'"
        r"|multiply sequence by",
        N_("A list is no tensor: make one of its numbers with torch.tensor(…)."),
        calls.list_as_tensor,
        _is_arithmetic,
    ),
    Hint(
        r"'list' object has no attribute 'backward'",
        N_("A list of losses is added up first: sum(losses).backward()."),
        calls.summed,
    ),
    Hint(
        r"object is not callable",
        N_("A gradient is no function: read it without brackets, as x.grad."),
        calls.gradient_named,
        _reads(r"\.grad\(\)$"),
    ),
    Hint(
        r"'Tensor' object is not callable",
        N_("It takes the function itself and then its inputs: jacobian(f, x), not jacobian(y, x)."),
        slips.function_given,
        when=_reads(r"(?:jacobian|hessian|[vj][jv]p)\("),
    ),
    Hint(
        r"must be Tensor, got <class",
        N_("torch.func works with tensors: write torch.tensor(2.0) for 2.0."),
        calls.as_tensor,
    ),
    Hint(
        r"Boolean value of Tensor|object has no attribute|__init__\(\) takes",
        _LAYER,
        calls.layer_made,
        changing(calls.layer_made),
    ),
    Hint(
        r"result type \w+ can't be cast to the desired output type",
        N_("The targets of this loss are numbers with a point: torch.tensor([1.0, 0.0])."),
        calls.targets_as_floats,
        changing(calls.targets_as_floats),
    ),
    Hint(
        r"zero-dimensional tensor .*cannot be concatenated",
        N_("cat joins vectors and matrices; of numbers torch.stack makes a vector."),
        calls.stacked,
    ),
    Hint(
        r"must be tuple of Tensors, not Tensor",
        N_("cat and stack take their tensors in a list: torch.cat([a, b])."),
        calls.stacked,
    ),
    Hint(
        r"0D or 1D target tensor expected",
        N_("Each row has one class: y.squeeze(1) makes a vector of a column."),
        slips.in_one_row,
    ),
    Hint(
        r'"bitwise_(and|or)_cpu" not implemented for',
        N_(
            "& and | combine the bits of whole numbers, and come before a comparison: write and,"
            " or, or each comparison in brackets."
        ),
        slips.in_words,
    ),
    Hint(
        r"doesn't define __round__ method",
        N_("torch.round rounds a tensor. Its slope is 0 everywhere: no gradient comes through."),
        slips.rounded,
    ),
    Hint(
        r"not implemented for '(Long|Int|Bool)'",
        N_(
            "This works with numbers that have a point: convert with x.float(). A loss is given "
            "the prediction first, then the targets."
        ),
    ),
    Hint(
        r"elements of input should be between 0 and 1",
        N_(
            "BCELoss takes probabilities: torch.sigmoid(x) makes them, or use "
            "nn.BCEWithLogitsLoss() with the numbers as they are."
        ),
    ),
    Hint(
        r"tensors used as indices must be",
        N_("An index is a whole number: int(x), or x.long() for several."),
    ),
    Hint(
        r"context manager protocol",
        N_("What stands behind with lacks its brackets: with torch.no_grad():"),
        calls.called,
        changing(calls.called),
    ),
    Hint(
        r"params argument given to the optimizer",
        N_("An optimizer takes a list of tensors: [w, b], or net.parameters()."),
        calls.in_a_list,
    ),
    Hint(
        r"'float' object is not iterable|gradients can be either Tensors or None",
        _WEIGHTS,
        calls.weights_as_tensor,
        _reads(r"\.backward\("),
    ),
    Hint(
        r"'(float|int)' object is not iterable",
        N_("Gradients are of tensors: x = torch.tensor(2.0, requires_grad=True)."),
        when=_reads(r"\bgrad\("),
    ),
    Hint(
        r"assigned grad expected to be a Tensor or None",
        N_("A gradient is set back by None: w.grad = None."),
        calls.set_to_none,
    ),
    Hint(
        r"returned an incorrect number of gradients",
        N_("backward gives one gradient for each argument of forward, None for what has none."),
    ),
    Hint(
        r"not enough values to unpack",
        N_("forward saved nothing for backward: call ctx.save_for_backward(x) in it."),
        when=lambda source, span, _: "saved_tensors" in source.lines[span.line - 1],
    ),
    Hint(
        r"Missing key\(s\) in state_dict",
        N_("The keys must be the layer's own: look at print(net.state_dict().keys())."),
    ),
    Hint(
        r"'ellipsis' object",
        N_("… stands for code that was left out: write it here."),
    ),
    Hint(
        r"\.backward\(\) missing \d+ required",
        N_("A Function is not called by its class: write Square.apply(x)."),
        classes.applied,
        changing(classes.applied),
    ),
    Hint(
        r"missing \d+ required positional argument: 'self'|missing \d+ required",
        N_("The class is not made yet: net = Net()."),
        classes.made,
        changing(classes.made),
    ),
    Hint(
        r"(?P<name>\w+)\(\) takes no arguments",
        N_("What {name} is given goes to its method __init__, with two underscores on each side."),
        classes.as_init,
    ),
    Hint(
        r"log\(\) takes 1 positional argument but 2 were given",
        N_("torch's log is the natural one: log2(x), log10(x), log(x)/log(b) for a base b."),
        habits.of_a_base,
        changing(habits.of_a_base),
    ),
    Hint(
        r"takes \d+ positional arguments? but \d+ (was|were) given",
        N_("A method's first argument is the object itself: def forward(self, x)."),
        classes.with_self,
        changing(classes.with_self),
    ),
    Hint(
        r"name '\w+' is not defined",
        N_("super() needs no class here: super().__init__()."),
        classes.own_super,
        changing(classes.own_super),
    ),
    Hint(
        r"name '(?P<name>\w+)' is not defined",
        N_("It belongs to the object: write self.{name}."),
        classes.of_self,
        changing(classes.of_self),
    ),
    Hint(
        r"name '(?P<name>\w+)' is not defined",
        N_("{name} gets its value only below this line: set it before."),
        calls.moved_up,
        _is_set_outside,
    ),
    Hint(
        r"^UnboundLocalError",
        N_(
            "A function that sets a name has one of its own: give it the value as an argument, or "
            "begin it with global and the name."
        ),
        when=_is_set_outside,
    ),
    Hint(
        r"'dict' object has no attribute '(?P<name>\w+)'",
        N_('A dictionary gives its values by key: ["{name}"].'),
        calls.by_key,
    ),
    Hint(
        r"Legacy autograd function",
        N_("forward and backward of a Function stand below @staticmethod: call Square.apply(x)."),
        first_of(classes.as_static, classes.applied),
    ),
    Hint(
        r"data must be a sequence",
        N_("torch.Tensor takes lists and sizes; of a number torch.tensor(2.0) makes a scalar."),
        calls.in_small_letters,
    ),
    Hint(
        r"missing \d+ required .*\"dim\"",
        N_("Say along which dimension: dim=-1 is along each row, dim=0 along each column."),
    ),
    Hint(
        r"'function' object has no attribute",
        N_("This is the function itself: call it first, as in f(x)."),
    ),
    Hint(
        r"object has no attribute '(?P<name>\w+)'",
        N_("Nothing has set self.{name}: it is set in __init__, as self.{name} = …"),
        classes.kept_on_self,
        _reads(r"^self\.\w+$"),
    ),
    Hint(
        r"object has no attribute '(?P<name>\w+)'",
        N_("There is no {name} here: look at how it is spelled."),
        calls.respelt,
        changing(calls.respelt),
    ),
)
