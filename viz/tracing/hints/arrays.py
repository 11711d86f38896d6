"""What helps with numpy's ways of asking a tensor, and with small slips: tables of hints."""

from __future__ import annotations

from typing import Final

from viz.errors import N_
from viz.tracing.hints.mended import Hint
from viz.tracing.hints.mends import arrays, habits, mismatches, slips
from viz.tracing.hints.mends.edits import changing, first_of

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
        first_of(arrays.of_tensors, habits.joined_on),
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
HABITS: Final = (
    Hint(
        r"Boolean value of Tensor with (more than one value|no values) is ambiguous",
        N_(
            "and, or, not and 0 < x < 1 ask for one truth value. Element by element it is"
            " (a) & (b), (a) | (b), ~(a)."
        ),
        mismatches.by_elements,
        changing(mismatches.by_elements),
    ),
    Hint(
        r"only one element tensors can be converted",
        N_("math takes one number: torch has a function of the same name for all elements."),
        mismatches.of_torch,
        changing(mismatches.of_torch),
    ),
    Hint(
        r"mat1 and mat2 shapes cannot be multiplied"
        r" \(\d+x(?P<left>\d+) and (?P<right>\d+)x(?P<out>\d+)\)",
        N_(
            "A linear layer's first number is how many features it is given: here {left} meet"
            " Linear({right}, {out})."
        ),
        when=mismatches.in_a_row,
        reads=mismatches.layers_fitted,
    ),
    Hint(
        r"must have the same dtype, but got (?P<first>Double|Long|Int|Half) and (?P<second>Float)",
        N_("A layer's weights are float32, and what it is given must be, too: x.float()."),
        when=mismatches.of_a_layer,
        reads=mismatches.input_as_floats,
    ),
    Hint(
        r"invalid data type 'str'|too many dimensions 'str'",
        N_("A tensor holds numbers and no texts: torch.tensor(3.0), without quotes."),
        mismatches.without_quotes,
    ),
    Hint(
        r"new\(\) received an invalid combination of arguments",
        N_("Numbers come in one list, rows in a list of lists: torch.tensor([[1.0], [2.0]])."),
        mismatches.of_one_list,
        changing(mismatches.of_one_list),
    ),
    Hint(
        r"differentiated Tensors? .*appears to not have been used in the graph",
        N_("The result comes first, then what it is differentiated by: autograd.grad(y, x)."),
        mismatches.swapped,
        changing(mismatches.swapped),
    ),
    Hint(
        r"'NoneType' object is not callable",
        N_(
            ".grad is read without brackets, once a backward pass has come. Of y by x the gradient"
            " is torch.autograd.grad(y, x)[0]."
        ),
        habits.gradient_asked,
        changing(habits.gradient_asked),
    ),
    Hint(
        r"'Tensor' object is not callable",
        N_("A tensor is no function: an element is read with square brackets, x[0]."),
        when=habits.is_element,
        fits=habits.as_element,
    ),
    Hint(
        r"got an unexpected keyword argument 'requires_grad'",
        N_("numpy's arrays know of no gradients: torch.tensor([1.0, 2.0], requires_grad=True)."),
        habits.made_by_torch,
        changing(habits.made_by_torch),
    ),
    Hint(
        r"transpose\(\) missing 2 required",
        N_("Say which dimensions change places: x.transpose(0, 1). Of a matrix it is x.t()."),
        fits=habits.turned,
    ),
)
SLIPS: Final = (
    Hint(
        r"'(torch\.Size|tuple|bool|int|Tensor|torch\.dtype|torch\.device)' object is not callable",
        N_("This is read without brackets, as x.shape and x.T; x.requires_grad_() has its own."),
        slips.read_only,
        changing(slips.read_only),
    ),
    Hint(
        r"'int' object is not iterable",
        N_("A loop goes through range(n), which counts from 0 to n - 1."),
        slips.counted,
        changing(slips.counted),
    ),
    Hint(
        r"object is not iterable",
        N_("An optimizer takes what is to be learnt: net.parameters()."),
        slips.parameters_given,
        changing(slips.parameters_given),
    ),
    Hint(
        r"torch\.nn\.modules\.\S+ is not a Module subclass",
        N_("A layer is made by its brackets: nn.ReLU()."),
        slips.layer_called,
    ),
    Hint(
        r"list is not a Module subclass",
        N_("nn.Sequential takes its layers one by one, without a list around them."),
        slips.spread,
    ),
    Hint(
        r"'Tensor' object has no attribute 'zero_grad'",
        N_("A tensor's gradient is set back by x.grad = None; zero_grad is of optimizers."),
        slips.without_gradient,
    ),
    Hint(
        r"'(Area|Axes)\w*' object has no attribute"
        r" '(?P<name>title|[xy](label|lim|ticks|scale))'",
        N_("What plt.{name} does, axes do by ax.set_{name}."),
        slips.set_on_axes,
        changing(slips.set_on_axes),
    ),
    Hint(
        r"grad\(\) missing 1 required positional argument: 'inputs'",
        N_("Say what to differentiate by: torch.autograd.grad(y, x)."),
        slips.with_the_leaf,
    ),
    Hint(
        r"object is not subscriptable",
        N_("A function is called with round brackets: torch.tensor([1.0, 2.0])."),
        slips.as_called,
        changing(slips.as_called),
    ),
    Hint(
        r"(lin|log)space\(\) received an invalid combination of arguments",
        N_("Say how many points: torch.linspace(-5, 5, 100)."),
        slips.points_counted,
        changing(slips.points_counted),
    ),
    Hint(
        r"'function' object is not iterable",
        N_("torch.autograd.grad takes a result; of a function it is torch.func.grad(f)(x)."),
        slips.function_given,
    ),
)
