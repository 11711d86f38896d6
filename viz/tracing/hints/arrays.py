"""What helps with numpy's ways of asking a tensor, and with small slips: tables of hints."""

from __future__ import annotations

from typing import Final

from viz.errors import N_
from viz.tracing.hints.mended import Hint
from viz.tracing.hints.mends import arrays, habits, slips
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
