"""What helps where shapes, types, places or Python itself are at fault: tables of hints."""

from __future__ import annotations

from typing import Final

from viz.errors import N_
from viz.tracing.hints.mended import Hint, reshaped
from viz.tracing.hints.mends import calls, classes, habits
from viz.tracing.hints.mends.slips import constant_at, of_linear
from viz.tracing.hints.shapes import transposed

OVER: Final = r"can't allocate memory|DefaultCPUAllocator|std::bad_alloc|^MemoryError"
"""What is said where memory is over."""

_PRODUCT: Final = (
    r"mat1 and mat2 shapes cannot be multiplied \(\d+x(?P<left>\d+) and (?P<right>\d+)x\d+\)"
)
_BROADCAST: Final = (
    r"size of tensor a \((?P<left>\d+)\) must match the size of tensor b \((?P<right>\d+)\)"
)
_JOINED: Final = r"Sizes of tensors must match except|stack expects each tensor to be equal size"
_TOGETHER: Final = (
    r"(inconsistent tensor size|size mismatch|not broadcastable|shapes .* cannot be"
    r"|Expected size for first two dimensions|[Ee]xpected .*\dD"
    r"|could not be broadcast together|mismatch in its core dimension|shapes .* not aligned)"
)
SHAPES: Final = (
    Hint(
        _PRODUCT,
        N_(
            "nn.Linear(a, b) takes tensors whose last dimension is a: {met}. A vector of numbers "
            "becomes a column by x.unsqueeze(1)."
        ),
        when=of_linear,
    ),
    Hint(
        _PRODUCT,
        N_(
            "A matrix product needs as many rows on the right as columns on the left; here "
            "they are {right} and {left}: {met}. x.T is the transposed matrix."
        ),
        fits=transposed,
    ),
    Hint(
        _BROADCAST,
        N_(
            "Broadcasting compares shapes from the last dimension: two sizes fit if they are "
            "equal or one of them is 1; here {left} meets {right}: {met}. unsqueeze and "
            "reshape change a shape."
        ),
    ),
    Hint(
        _JOINED,
        N_(
            "cat joins tensors whose other dimensions are equal; stack joins tensors of "
            "equal shape: {met}."
        ),
    ),
    Hint(
        _PRODUCT,
        N_(
            "A matrix product needs as many rows on the right as columns on the left; here "
            "they are {right} and {left}. Look at print({each}); x.T is the transposed "
            "matrix."
        ),
    ),
    Hint(
        _BROADCAST,
        N_(
            "Broadcasting compares shapes from the last dimension: two sizes fit if they are "
            "equal or one of them is 1; here {left} meets {right}. Look at print({each}); "
            "unsqueeze and reshape change a shape."
        ),
    ),
    Hint(
        r"both arguments to matmul need to be at least 1D",
        N_("@ is for vectors and matrices; a number is multiplied with *."),
    ),
    Hint(
        r"1D tensors expected(?:, but got (?P<left>\dD) and (?P<right>\dD))?",
        N_(
            "torch.dot is for two vectors, such as torch.arange(4.0). Numbers are multiplied "
            "with *, matrices with @."
        ),
        reads=habits.multiplied,
    ),
    Hint(
        r"shape '\[(?P<shape>[-\d, ]*)\]' is invalid for input of size (?P<size>\d+)",
        N_(
            "The new shape must hold exactly the {size} elements that there are. One "
            "dimension may be -1: torch then works it out."
        ),
        reads=habits.with_the_rest,
    ),
    Hint(
        r"view size is not compatible with input tensor's size and stride",
        N_(
            "view needs elements that lie in a row in memory, which they no longer do after a "
            "transposition. reshape copies them where needed."
        ),
        reshaped,
    ),
    Hint(
        _JOINED,
        N_(
            "cat joins tensors whose other dimensions are equal; stack joins tensors of "
            "equal shape. Look at print({each}) of each."
        ),
    ),
    Hint(
        r"expected input.* to have (?P<wanted>\d+) channels, but got (?P<given>\d+) channels",
        N_(
            "A convolution takes (batch, channels, …): its first argument promised {wanted} "
            "channels, the input has {given}."
        ),
    ),
    Hint(
        _TOGETHER,
        N_(
            "The shapes do not fit together: {met}. A vector is written torch.arange(4.0), a "
            "matrix torch.randn(2, 3)."
        ),
        fits=transposed,
    ),
    Hint(
        _TOGETHER,
        N_(
            "The shapes do not fit together. Look at the inputs' shapes (print({each})); "
            "a vector is written torch.arange(4.0), a matrix torch.randn(2, 3)."
        ),
    ),
    Hint(
        r"Expected more than 1 value per channel when training",
        N_(
            "Batch normalisation compares the samples of a batch: give it two or more, or call "
            "net.eval() first."
        ),
    ),
)

TYPES: Final = (
    Hint(
        r"expected target dtype to be Long|expected scalar type Long",
        N_("Classes are whole numbers: torch.tensor([0, 2]), without a point."),
        calls.classes_as_whole,
    ),
    Hint(
        r"same dtype|expected scalar type|but found (Long|Float|Double)",
        N_(
            "Both sides must hold numbers of one type. x.float() makes float32 of whole numbers "
            "and of float64; write 1.0 and torch.arange(4.0) for floats from the start."
        ),
        calls.of_one_kind,
    ),
    Hint(
        r"could not infer output dtype|std and var only support floating point"
        r"|norm: Expected a floating point",
        N_("Whole numbers have no mean of their type: convert them first with x.float()."),
        habits.of_floats,
    ),
    Hint(
        r"expected condition to be a boolean tensor",
        N_("The first argument is a comparison, such as x > 0."),
    ),
)

PLACES: Final = (
    Hint(
        r"out of bounds for dimension (?P<dimension>\d+) with size (?P<size>\d+)",
        N_("There are {size} elements here, counted from 0; the last one is also -1."),
    ),
    Hint(
        r"(list|tuple|string) index out of range|index \d+ is out of range",
        N_("Positions are counted from 0; the last one is len(…) - 1, or -1."),
    ),
    Hint(
        r"Dimension out of range",
        N_("Dimensions are counted from 0; the last one is also -1. Look at print({each})."),
    ),
    Hint(
        r"too many indices for tensor of dimension (?P<dimension>\d+)",
        N_(
            "Give at most one index for each dimension; this tensor has {dimension}: see "
            "print({each})."
        ),
    ),
    Hint(
        r"invalid index of a 0-dim tensor|(iteration over|len\(\) of) a 0-d tensor",
        N_("This tensor is a scalar, without elements to choose: use it as it is."),
        habits.without_index,
    ),
    Hint(
        r"index out of range in self",
        N_("An Embedding has rows 0 to its first argument minus 1; an index lies outside."),
    ),
    Hint(
        r"Target (?P<target>-?\d+) is out of bounds",
        N_(
            "Classes are counted from 0 to the number of columns minus 1; {target} is not "
            "among them."
        ),
    ),
    Hint(
        r"^KeyError: ",
        N_("This dictionary has no such key: look at print(….keys())."),
    ),
    Hint(
        r"(too many|not enough) values to unpack",
        N_("There must be as many names on the left as there are values on the right."),
    ),
)

PYTHON: Final = (
    Hint(
        r"^RuntimeError: ZeroDivisionError",
        N_("Whole numbers have no infinity. With floating-point numbers (1.0) the result is inf."),
    ),
    Hint(
        r"^ZeroDivisionError",
        N_("Python does not divide by zero; a tensor does and gives inf: torch.tensor(1.0) / 0."),
    ),
    Hint(
        r"^OverflowError|math domain error",
        N_("Python's own numbers stop here; a tensor goes on with inf or nan: torch.tensor(…)."),
    ),
    Hint(
        r"can only concatenate str|must be str, not ",
        N_("A text is joined with texts only: write str(x), or print('x =', x)."),
        calls.as_text,
    ),
    Hint(
        r"^AssertionError",
        N_("The program itself demands what does not hold here: print both sides before it."),
    ),
    Hint(
        r"optimizer got an empty parameter list",
        N_("There is nothing to learn: give the optimizer net.parameters(), or a list [w, b]."),
    ),
    Hint(
        r"can't optimize a non-leaf Tensor",
        N_(
            "An optimizer changes leaves only: make the tensor by its values first, then let it"
            " ask for its gradient: w = (2 * torch.ones(2)).requires_grad_()."
        ),
    ),
    Hint(
        r"missing \d+ required",
        N_("The call must give every argument that has no default value."),
    ),
    Hint(
        r"unexpected keyword argument|takes .*positional arguments? but|takes no arguments",
        N_("Compare the call with the def line: the names and the number of the arguments."),
        calls.renamed,
    ),
    Hint(
        r"invalid combination of arguments",
        N_(
            "The function does not have such arguments. The ways to call it are listed below "
            "“expected one of”; a dimension is named dim, a shape is given as whole numbers."
        ),
        calls.renamed,
    ),
    Hint(
        r"name '(?P<name>\w+)' is not defined",
        N_("Nothing gives {name} a value before this: set it above, or hand it to the function."),
    ),
    Hint(
        r"^UnboundLocalError",
        N_("It gets a value only in a branch or loop that did not run. Give it one before."),
    ),
    Hint(
        r"^RecursionError",
        N_(
            "The function calls itself again and again. It needs a case in which it returns "
            "without calling itself, and must come nearer to it each time."
        ),
    ),
    Hint(
        r"before Module\.__init__\(\) call",
        N_("Begin __init__ with super().__init__()."),
        classes.with_super,
    ),
    Hint(
        r'missing the required "forward" function',
        N_("A module needs def forward(self, x): what it computes. Look at its indentation, too."),
        classes.as_forward,
    ),
)

LIBRARY: Final = (
    Hint(
        r"derivative for (aten::)?_scaled_dot_product_\w+ is not implemented",
        N_(
            "Attention in one piece has no second derivative. Write torch.softmax(q @ k.mT / "
            "q.shape[-1]**0.5, -1) @ v; with modules, put "
            "torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH) around the call."
        ),
    ),
    Hint(
        r"not differentiable with respect to argument '(?P<argument>\w+)'"
        r"|derivative for '\w+: (?P<part>\w+)' is not implemented",
        N_(
            "torch has no derivative with respect to this argument. With detach() it counts as a "
            "constant."
        ),
        reads=constant_at,
    ),
    Hint(
        r"derivative for '?(aten::)?(?P<name>\w+)'? is not implemented",
        N_(
            "torch cannot differentiate {name}. Build it from other operations, such as "
            "torch.floor(x / y) for x // y, or take its value only, with detach()."
        ),
    ),
    Hint(
        r"Expected f\(\*args\) to return a scalar",
        N_(
            "torch.func.grad is for functions whose result is a scalar: end it with .sum(), "
            "or use torch.func.jacrev."
        ),
    ),
    Hint(
        r"data-dependent control flow|call \.item\(\) on a Tensor",
        N_(
            "vmap runs all samples at once, so if cannot choose for each. Choose elementwise with "
            "torch.where(condition, a, b)."
        ),
    ),
    Hint(
        r"inconsistent with step sign",
        N_("Counting downwards needs a negative step: torch.arange(5, 0, -1)."),
    ),
    Hint(
        r"stack expects a non-empty|expected a non-empty list of Tensors",
        N_("The list is empty. Put at least one tensor into it before they are joined."),
    ),
    Hint(
        r"input matrix is singular",
        N_("The determinant is 0: this matrix has no inverse."),
    ),
    Hint(
        r"not positive-definite",
        N_(
            "Cholesky's decomposition is for symmetric positive definite matrices: all "
            "eigenvalues are positive."
        ),
    ),
    Hint(
        OVER,
        N_(
            "The run asked for more memory than it may have: {limit}. Use smaller tensors or fewer "
            "steps. While few others compute it may be more; a page of your own gives a run as "
            "many MB as AUTOGRAD_EXPLORER_RUN_MEMORY says."
        ),
    ),
    Hint(OVER, N_("The run asked for more memory than there is. Use smaller tensors.")),
)
