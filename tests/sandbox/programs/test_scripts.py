"""What a notebook's cell may do with autograd, typed, against what torch documents."""

import pytest


def shown(sandbox, script, **options):
    run = sandbox.trace(script, **options)
    assert run.failure is None, run.failure
    return run.cells[-1].shown


X = "x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\n"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            X + "y = x ** 2\ny.backward(gradient=torch.tensor([1.0, 0.5, 0.0]))\nx.grad",
            "[2., 2., 0.]",
        ),
        (X + "y = (x ** 3).sum()\n(g,) = torch.autograd.grad(y, x)\ng", "[ 3., 12., 27.]"),
        (
            X + "y = (x ** 3).sum()\n(g,) = torch.autograd.grad(y, x, create_graph=True)\n"
            "(h,) = torch.autograd.grad(g.sum(), x)\nh",
            "[ 6., 12., 18.]",
        ),
        (X + "y = x * 2\ny.retain_grad()\ny.sum().backward()\ny.grad", "[1., 1., 1.]"),
        (X + "x.register_hook(lambda g: g * 10)\nx.sum().backward()\nx.grad", "[10., 10., 10.]"),
        (X + "w = x.clone()\nw.mul_(2)\nw.sum().backward()\nx.grad", "[2., 2., 2.]"),
        (X + "w = x * 1\nw[0] = 5.0\nw.sum().backward()\nx.grad", "[0., 1., 1.]"),
        (X + "with torch.no_grad():\n    y = x * 2\ny.requires_grad", "False"),
        (X + "torch.autograd.backward([(x * 2).sum(), x.sum()])\nx.grad", "[3., 3., 3.]"),
        (
            X + "z = torch.tensor(2.0, requires_grad=True)\n"
            "(x * z).sum().backward(inputs=[z])\nx.grad is None, z.grad",
            "(True, tensor(6.))",
        ),
        (
            X + "torch.autograd.functional.jacobian(lambda v: v ** 2, x)",
            "[[2., 0., 0.],\n        [0., 4., 0.],\n        [0., 0., 6.]]",
        ),
        (
            X + "torch.autograd.functional.hessian(lambda v: (v ** 3).sum(), x)[2]",
            "[ 0.,  0., 18.]",
        ),
        (
            X + "torch.autograd.functional.vjp(lambda v: v ** 2, x, torch.ones(3))[1]",
            "[2., 4., 6.]",
        ),
        (
            X + "torch.autograd.functional.jvp(lambda v: v ** 2, x, torch.ones(3))[1]",
            "[2., 4., 6.]",
        ),
        ("z = 0\ntorch.func.grad(lambda v: v ** 3)(torch.tensor(2.0))", "12."),
        ("z = 0\ntorch.func.vmap(torch.func.grad(torch.sin))(torch.zeros(3))", "[1., 1., 1.]"),
        ("z = 0\ntorch.func.jacrev(lambda v: v * v)(torch.tensor([1.0, 2.0]))[1]", "[0., 4.]"),
        ("z = 0\ntorch.func.jacfwd(lambda v: v * v)(torch.tensor([1.0, 2.0]))[1]", "[0., 4.]"),
        ("z = 0\ntorch.func.hessian(lambda v: (v ** 3).sum())(torch.tensor([1.0]))", "[[6.]]"),
    ],
)
def test_typed_autograd(sandbox, script, expected):
    assert expected in shown(sandbox, script)


def test_try_around_backward_goes_on(sandbox):
    run = sandbox.trace(
        X + "y = (x * x).sum()\ny.backward()\n"
        "try:\n    y.backward()\nexcept RuntimeError as e:\n    print('again:', str(e)[:26])\n"
    )
    assert run.failure is None
    assert run.printed == "again: Trying to backward through\n"
    assert [len(each.steps) for each in run.passes] == [3, 1]


def test_a_cell_that_fails_keeps_what_came_before(sandbox):
    run = sandbox.trace(
        "x = torch.ones(2)\nprint('one')\nx\n# %%\nx @ torch.ones(3)\n# %%\nx + 1\n"
    )
    assert [cell.ran for cell in run.cells] == [True, True, False]
    assert run.cells[0].shown == "tensor([1., 1.])"
    assert run.cells[1].failure == run.failure
    assert run.failure.span.line == 5


def test_second_derivative_nodes_have_values(sandbox):
    run = sandbox.trace(
        X + "y = (x ** 3).sum()\n(g,) = torch.autograd.grad(y, x, create_graph=True)\n"
        "g.sum().backward()\n"
    )
    ours = [node for node in run.nodes if node.order == 1]
    assert ours
    assert all(node.value is not None for node in ours)
    assert [each.order for each in run.passes] == [1, 2]


@pytest.mark.parametrize(
    ("script", "words", "helps"),
    [
        (X + "x.mul_(2)", "a leaf Variable that requires grad", "no_grad"),
        (X + "y = x.exp()\ny.mul_(2)\ny.sum().backward()", "modified by an inplace", "clone"),
        (X + "x[0] = 1.0", "view of a leaf Variable", "clone"),
        (X + "x.numpy()", "Can't call numpy() on Tensor", "detach"),
        (X + "if x > 0:\n    pass", "Boolean value of Tensor", "torch.where"),
        ("torch.ones(2).sum().backward()", "does not require grad", "requires_grad=True"),
        ("torch.tensor([1, 2], requires_grad=True)", "floating point", "1.0"),
    ],
)
def test_torchs_errors_come_with_what_helps(sandbox, script, words, helps):
    run = sandbox.trace(script)
    assert words in run.failure.message
    assert helps in str(run.failure.hint)


def test_in_place_operations_are_shown_as_what_they_are(sandbox):
    run = sandbox.trace(X + "w = x * 1\nw.mul_(2)\nw[0] = 5.0\nw += 1\nw.sum().backward()\n")
    found = {node.op: node for node in run.nodes if node.in_place}
    assert {"MulBackward0", "CopySlices", "AddBackward0"} <= set(found)
    assert found["CopySlices"].value.values == (5.0, 4.0, 6.0)
    assert run.gradients["x"].values == (0.0, 2.0, 2.0)


def test_a_view_says_so(sandbox):
    run = sandbox.trace(
        "def f(x=torch.arange(4.0)):\n    v = x.view(2, 2)\n    return (v * v).sum()\n"
    )
    assert [node.name for node in run.nodes if node.view] == ["v"]


def test_layers_have_named_parameters_and_scopes(sandbox):
    script = (
        "net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))\n"
        "x = torch.ones(2, 3)\n"
        "loss = F.mse_loss(net(x), torch.zeros(2, 1))\n"
        "loss.backward()\n"
    )
    run = sandbox.trace(script, seed=3)
    assert run.failure is None
    leaves = [node.name for node in run.nodes if node.kind == "leaf"]
    assert sorted(leaves) == ["0.bias", "0.weight", "2.bias", "2.weight"]
    assert [call.scope for call in run.calls if call.function.endswith("linear")] == ["0", "2"]
    assert run == sandbox.trace(script, seed=3)


@pytest.mark.parametrize(
    "layer",
    [
        "nn.Conv1d(1, 2, 3)(torch.ones(1, 1, 5))",
        "nn.Conv2d(1, 2, 3)(torch.ones(1, 1, 5, 5))",
        "nn.BatchNorm1d(3)(torch.randn(4, 3))",
        "nn.LayerNorm(3)(torch.randn(4, 3))",
        "nn.Embedding(5, 2)(torch.tensor([1, 2]))",
        "nn.Linear(3, 1)(torch.ones(3))",
    ],
)
def test_layers_are_traced(sandbox, layer):
    run = sandbox.trace(f"y = {layer}\ny.sum().backward()\n")
    assert run.failure is None
    assert any(name.endswith("weight") for name in run.gradients)
    assert all(gradient is not None for gradient in run.gradients.values())


def test_a_training_loop_shows_each_rounds_weight(sandbox):
    run = sandbox.trace(
        "w = torch.tensor(1.0, requires_grad=True)\n"
        "for _ in range(3):\n    loss = (w - 3.0) ** 2\n    loss.backward()\n"
        "    with torch.no_grad():\n        w -= 0.25 * w.grad\n    w.grad = None\n"
    )
    assert run.failure is None, run.failure
    weights = [node.value.values[0] for node in run.nodes if node.kind == "leaf"]
    assert weights == [1.0, 2.0, 2.5]


@pytest.mark.parametrize(
    "script",
    [
        "def f(x):\n    while True:\n        x = x * 1\n",
        "x = torch.ones(1, requires_grad=True)\nwhile True:\n    x = x.sin()\n",
    ],
)
def test_an_endless_loop_is_told_with_its_lines_and_its_beginning(sandbox, script):
    run = sandbox.trace(script)
    # a graph that grows for five seconds may take all the memory before the time is up
    assert run.failure.type in ("TimeIsUp", "MemoryError") or "alloc" in run.failure.message
    assert run.failure.hint is not None
    assert run.failure.span.line in (2, 3)
    assert run.truncated
    assert 0 < len(run.nodes) <= 1_000


@pytest.mark.parametrize("said", ["std::bad_alloc", "[enforce fail a", "can't allocate memory: 8"])
def test_where_memory_is_over_the_beginning_is_told(sandbox, said):
    loop = "x = torch.ones(1, requires_grad=True)\nfor k in range(2_000):\n    x = x.sin()\n"
    run = sandbox.trace(f'{loop}raise RuntimeError("{said}")\n')
    assert run.truncated
    assert 0 < len(run.nodes) <= 1_000


def test_a_typed_modules_parameters_have_their_path(sandbox):
    run = sandbox.trace(
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.fc = nn.Linear(3, 4)\n        self.w = nn.Parameter(torch.ones(4, 1))\n"
        "    def forward(self, x):\n        return torch.tanh(self.fc(x)) @ self.w\n"
        "net = Net()\nnet(torch.ones(2, 3)).sum().backward()\n"
    )
    assert run.failure is None
    leaves = sorted(node.name for node in run.nodes if node.kind == "leaf")
    assert leaves == ["fc.bias", "fc.weight", "w"]
    assert [call.scope for call in run.calls if call.function.endswith("linear")] == ["fc"]


def test_a_typed_function_of_autograd_has_a_value(sandbox):
    run = sandbox.trace(
        "class Cubic(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n"
        "        ctx.save_for_backward(x)\n        return x ** 3\n"
        "    @staticmethod\n    def backward(ctx, g):\n        (x,) = ctx.saved_tensors\n"
        "        return 3 * x ** 2 * g\n"
        "x = torch.tensor(2.0, requires_grad=True)\ny = Cubic.apply(x) * 1\ny.backward()\nx.grad\n"
    )
    assert run.failure is None
    assert run.cells[0].shown == "tensor(12.)"
    (cubic,) = [node for node in run.nodes if node.op == "CubicBackward"]
    assert (cubic.value.values, cubic.gradient.values) == ((8.0,), (1.0,))


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (
            X + "y = x * 2\ny.sum().backward()\nfor _ in range(3):\n    y.grad\n",
            "not a leaf Tensor",
        ),
        (X + "torch.tensor(x)", "recommended to use sourceTensor.detach().clone()"),
        (X + "F.mse_loss(x, torch.zeros(3, 1))", "incorrect results due to broadcasting"),
        (X + "float(x.sum())", "Consider using tensor.detach() first."),
    ],
)
def test_what_torch_warns_of_is_printed_once(sandbox, script, words):
    run = sandbox.trace(script)
    assert run.failure is None
    assert run.printed.startswith("UserWarning: ")
    assert words in run.printed
    assert run.printed.count("UserWarning: ") == 1
    assert "Triggered internally" not in run.printed
    assert run.cells[0].printed == run.printed
    assert run == sandbox.trace(script)


def test_a_warning_stands_between_the_lines_that_were_printed(sandbox):
    run = sandbox.trace(X + "y = x * 2\nprint('before')\ny.grad\nprint('after')\n")
    first, warning, last = run.printed.splitlines()
    assert (first, warning[:12], last) == ("before", "UserWarning:", "after")


def test_a_leaf_is_no_matter_for_a_warning(sandbox):
    run = sandbox.trace(X + "(x * x).sum().backward(create_graph=True)\nx.grad.norm().item()\n")
    assert run.failure is None
    assert run.printed == ""


def test_each_cell_shows_its_own_figures(sandbox):
    cells = [f"# %%\nplt.plot([{number}, 1])" for number in range(11)]
    run = sandbox.trace("\n".join(cells))
    drawn = [[plot.axes[0].marks[0].y[0] for plot in cell.plots] for cell in run.cells]
    assert drawn == [[number] for number in range(11)]


def test_a_text_of_methods_alone_is_no_function_of_numbers(sandbox):
    text = (
        "from d2l import torch as d2l\nclass A:\n    pass\n"
        "@d2l.add_to_class(A)\ndef shout(self, x):\n    return x"
    )
    run = sandbox.trace(text)
    assert (run.program.kind, run.failure) == ("script", None)
