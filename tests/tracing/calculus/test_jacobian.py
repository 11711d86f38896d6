"""Jacobians and Hessians against torch's own, and vᵀJ against `backward`."""

import pytest
import torch

from viz.errors import FunctionFailed, InputRejected
from viz.records import JacobianQuestion
from viz.tracing.calculus.jacobian import all_derivatives, hessian, jacobian
from viz.tracing.runnable import of_function

approx = pytest.approx


def values(block):
    return torch.tensor(block.values, dtype=torch.float64).reshape(block.shape)


torch.manual_seed(0)
X, W, V = torch.randn(4), torch.randn(3, 4), torch.randn(3)

FUNCTIONS = {
    "elementwise": (lambda x: x * x, (X,)),
    "matrix times vector": (lambda w, x: w @ x, (W, X)),
    "softmax": (lambda w, x: torch.softmax(w @ x, 0), (W, X)),
    "scalar": (lambda x: (x**3).sum(), (X,)),
    "scalar of scalars": (lambda a, b: a * b.sin(), (torch.tensor(2.0), torch.tensor(3.0))),
    "matrix": (lambda w: torch.outer(w[0], w[1]), (W,)),
    "sort": (lambda x: x.sort().values, (X,)),
    "cumulative": (lambda x: x.cumsum(0) * x, (X,)),
    "one input unused": (lambda x, w: x.exp(), (X, W)),  # noqa: ARG005
    "branches": (lambda x: x * 2 if x.sum() > 0 else x**2, (X,)),
    "norm": (lambda x: x / x.norm(), (X,)),
    "convolution": (
        lambda x, w: torch.nn.functional.conv1d(x.view(1, 1, 4), w[:, :2].unsqueeze(1)),
        (X, W),
    ),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_matrix_is_that_of_torchs_functional(name):
    function, inputs = FUNCTIONS[name]
    found = jacobian(function, *inputs)
    assert found.failure is None
    expected = torch.autograd.functional.jacobian(function, inputs)
    assert found.output_shape == tuple(function(*inputs).shape)
    for block, exact, value in zip(found.blocks, expected, inputs, strict=True):
        assert block.input_shape == tuple(value.shape)
        assert torch.allclose(values(block).float(), exact.reshape(block.shape), atol=1e-6)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_product_is_what_backward_left_in_grad(name):
    function, inputs = FUNCTIONS[name]
    vector = torch.randn(function(*inputs).shape)
    found = jacobian(function, *inputs, gradient=vector)
    leaves = [value.clone().requires_grad_() for value in inputs]
    function(*leaves).backward(gradient=vector)
    for block, leaf in zip(found.blocks, leaves, strict=True):
        if leaf.grad is None:
            assert block.product is None
            continue
        assert block.product.values == approx(leaf.grad.flatten().tolist())
        by_matrix = vector.flatten().double() @ values(block)
        assert by_matrix.tolist() == approx(leaf.grad.flatten().tolist(), abs=1e-5)


@pytest.mark.parametrize("name", ["scalar", "scalar of scalars"])
def test_hessians_are_torchs(name):
    function, inputs = FUNCTIONS[name]
    found = hessian(function, *inputs)
    expected = torch.autograd.functional.hessian(function, inputs)
    flat = [block for row in expected for block in row]
    assert found.order == 2
    for block, exact in zip(found.blocks, flat, strict=True):
        assert torch.allclose(values(block).float(), exact.reshape(block.shape), atol=1e-5)


def test_the_hessian_of_two_inputs_names_its_blocks():
    found = hessian(lambda x, y: (x * x).sum() * y, X, torch.tensor(3.0))
    assert [block.name for block in found.blocks] == ["x, x", "x, y", "y, x", "y, y"]
    assert values(found.blocks[0]).tolist() == approx(6 * torch.eye(4).double().numpy())
    assert values(found.blocks[1]).flatten().tolist() == approx((2 * X).tolist())


def test_a_hessian_needs_a_number():
    found = hessian(lambda x: x * x, X, partial=True)
    assert found.failure.type == "RuntimeError"
    assert "single number" in found.failure.message


def test_large_matrices_are_summarised():
    found = jacobian(lambda x: 3 * x, torch.ones(100))
    (block,) = found.blocks
    assert block.values is None
    assert (block.summary.minimum, block.summary.maximum) == (0.0, 3.0)
    assert block.summary.mean == approx(0.03)


def test_sixty_four_by_sixty_four_is_written_out():
    (block,) = jacobian(lambda x: torch.tril(torch.ones(64, 64)) @ x, torch.ones(64)).blocks
    assert values(block).tolist() == torch.tril(torch.ones(64, 64)).tolist()


def test_too_many_elements_are_refused_in_words():
    found = jacobian(lambda x: x * 2, torch.ones(3_000), partial=True)
    assert found.failure.type == "MemoryError"
    assert "9,000,000" in found.failure.message


def test_a_vector_that_does_not_fit_leaves_the_matrix():
    found = jacobian(lambda x: x * x, X, gradient=torch.ones(3), partial=True)
    assert found.failure.type == "RuntimeError"
    assert "Mismatch in shape" in found.failure.message
    assert values(found.blocks[0]).diagonal().tolist() == approx((2 * X).tolist())
    assert found.blocks[0].product is None


def test_a_vector_result_without_gradient_has_no_product():
    found = jacobian(lambda x: x * x, X)
    assert found.vector is None
    assert found.blocks[0].product is None


def test_a_failure_names_the_line():
    def function(x):
        y = x * 2
        return y @ torch.ones(7)

    found = jacobian(function, X, partial=True)
    assert found.blocks == ()
    assert found.failure.span.line == 3


def test_a_random_function_is_differentiated_at_one_draw():
    def function(x):
        return x * torch.rand(4)

    runnable = of_function(function, (X,))
    found = all_derivatives(runnable, JacobianQuestion(runnable.program, {}, seed=3), torch.ones(4))
    (block,) = found.blocks
    assert values(block).diagonal().tolist() == approx(block.product.values)


def test_formulas_that_cannot_be_batched_are_taken_row_by_row():
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return grad * 2 * float(x[0]) * (1 if bool(grad.sum() > -1e9) else 0)

    (block,) = jacobian(lambda x: Square.apply(x), torch.tensor([3.0])).blocks
    assert block.values == ((6.0,),)


def test_keywords_and_a_tensor_in_a_dict():
    found = jacobian(lambda x, *, k: {"y": x * k}, X, k=torch.tensor(2.0))
    assert [block.name for block in found.blocks] == ["x", "k"]
    assert values(found.blocks[1]).flatten().tolist() == approx(X.tolist())
    assert [block.name for block in hessian(lambda x, *, k: x * k * k, 1.0, k=2.0).blocks] == [
        "x, x",
        "x, k",
        "k, x",
        "k, k",
    ]


def test_what_has_no_jacobian_says_why():
    with pytest.raises(FunctionFailed, match="2 tensors"):
        jacobian(lambda x: (x**2, x.sum()), X)
    with pytest.raises(InputRejected, match="no input that could vary"):
        jacobian(lambda x: x * torch.ones(1), 2)


def test_a_complex_input_is_held():
    """The derivative by it is no row of real numbers, which is all that a record holds."""
    z = torch.tensor(3 + 4j)
    found = jacobian(lambda z, x: z.abs() * x, z, 2.0)
    assert [(block.name, block.values) for block in found.blocks] == [("x", ((5.0,),))]
    for of in (jacobian, hessian):
        with pytest.raises(InputRejected, match="no input that could vary"):
            of(lambda z: z.abs(), z)
