"""What the allowlist allows also works behind every layer of the system.

Each allowed function of torch and numpy is called with a few arguments in one child: they may
refuse the arguments in their own words, but nothing may miss a file, a thread or a module. By
default a sample; `HOSTILE=full` takes every name.
"""

import os

import pytest

from viz.program.allowlist import allowed

ARGUMENTS = [
    *("torch.randn(4)", "torch.randn(3, 3)", "torch.randn(3, 3), torch.randn(3, 3)"),
    *("torch.randn(4), 2", "torch.randn(2, 3, 4, 4)", "3", "torch.arange(4)"),
]
LAYERS = [
    f"m = {{name}}({made})\nm({given})"
    for made in ("", "3", "3, 4", "1, 2, 3")
    for given in ("torch.randn(2, 3)", "torch.randn(1, 1, 6, 6)")
]
OPTIMIZER = [
    "x = torch.ones(2, requires_grad=True)\no = {name}([x], lr=0.1)\nx.sum().backward()\no.step()"
]
OF_NUMPY = [
    *("numpy.ones(4)", "numpy.eye(3)", "numpy.eye(3), numpy.eye(3)", "numpy.arange(4), 2"),
    *("3", "numpy.eye(3), 0", "(2, 3)", "[1, 2], [3, 4]", "'int8'"),
]
TRIALS = {
    "torch": [f"{{name}}({given})" for given in ARGUMENTS],
    "numpy": [f"{{name}}({given})" for given in OF_NUMPY],
    "torch.nn": LAYERS,
    "torch.optim": OPTIMIZER,
    "torch.nn.init": ["{name}(torch.ones(2, 3))"],
}
SKIPPED = ("torch.autograd", "torch.cuda")

NAMES = [
    (module, f"{module}.{name}")
    for module in sorted(allowed.MODULES)
    if module.startswith(("torch", "numpy")) and not module.startswith(SKIPPED)
    for name in sorted(allowed.MODULES[module])
    if allowed.submodule(module, name) is None
]
TRIED = NAMES if os.environ.get("HOSTILE") == "full" else NAMES[::15]

SIGNS = ("PermissionError", "not permitted", "No module", "ImportError", "Resource temporarily")


def program(module: str, name: str) -> str:
    """A script that tries each way to call it."""
    numpy = module.startswith("numpy")
    text = "import numpy\n" if numpy else ""
    steps = module.split(".")
    if steps[0] not in ("torch", "numpy"):
        text = f"import {steps[0]}\n"
    ways = [(".".join(steps[:place]), steps[place]) for place in range(1, len(steps))]
    if any(last not in allowed.MODULES[above] for above, last in ways):  # it is only imported from
        name = name.rpartition(".")[2]
        text = f"from {module} import {name}\n"
    for trial in TRIALS.get("numpy" if numpy else module, TRIALS["torch"]):
        lines = "".join(f"    {line}\n" for line in trial.format(name=name).split("\n"))
        text += f"try:\n{lines}except Exception as e:\n    print(repr(e))\n"
    return text


@pytest.mark.parametrize(("module", "name"), TRIED, ids=lambda each: each)
def test_an_allowed_function_works_behind_the_layers(sandbox, module, name):
    trace = sandbox.trace(program(module, name))
    assert trace.failure is None
    assert not [line for line in trace.printed.splitlines() if any(sign in line for sign in SIGNS)]
