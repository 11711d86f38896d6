"""What the page says of programs that run: how they were read, where they left the graph."""

import pytest

from viz.page.asking.answers import Traced
from viz.page.writing.messages import asides_of
from viz.program import check


@pytest.fixture(scope="module")
def asides(sandbox):
    def of(source):
        return asides_of(Traced(check(source), sandbox.trace(source), None))

    return of


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("%matplotlib inline\n!pip install torch\nx = torch.ones(2)\nx", "lines 1, 2"),
        (">>> torch.ones(1)\ntensor([1.])\n>>> 3\n3", "lines 2, 4"),
        ("In [1]: 3\nOut[1]: 3", "line 2"),
        ("Some words.\n```python\ntorch.ones(1)\n```\nMore words.", "lines 1, 2, 4, 5"),
        ("%time torch.ones(1)\n" + "!ls\n" * 20, "lines 2–21"),
    ],
)
def test_what_was_passed_over_is_said(asides, source, lines):
    (notice,) = asides(source)
    assert notice.remedy == f"Skipped, because it is not code: {lines}."
    assert 'role="status"' in notice.markup()


@pytest.mark.parametrize(
    ("source", "mended"),
    [
        ("x*math.sin(x)", "x*torch.sin(x)"),
        ("math.sin(x * math.cos(x)) + x", "torch.sin(x * torch.cos(x)) + x"),
        (
            "import math\ndef f(x):\n    y = x * math.exp(x)\n    return y + math.sqrt(x) + x",
            "import math\ndef f(x):\n    y = x * torch.exp(x)\n    return y + torch.sqrt(x) + x",
        ),
        (
            "def f(x):\n    for k in range(3):\n        x = x * math.cos(x)\n    return x",
            "def f(x):\n    for k in range(3):\n        x = x * torch.cos(x)\n    return x",
        ),
    ],
)
def test_a_number_that_left_the_graph_is_said_with_its_mend(asides, source, mended):
    (notice,) = asides(source)
    assert notice.span is not None
    assert notice.replacement == mended
    assert asides(mended) == []


@pytest.mark.parametrize(
    "source",
    ["sin(x)", "x*math.pi", "def f(x):\n    return x * math.sin(2.0)", "x = torch.ones(2)\nx"],
)
def test_of_others_nothing_is_said(asides, source):
    assert asides(source) == []


@pytest.mark.parametrize(
    ("source", "mended"),
    [
        ("x = 3", "x = torch.tensor(3.0, requires_grad=True)\ny = x**2\n"),
        ("x = 3\ny = x * 2", "x = torch.tensor(3.0, requires_grad=True)\ny = x * 2\n"),
        ("x=3; y=x**2", "x = torch.tensor(3.0, requires_grad=True); y=x**2\n"),
        (
            "def f(x):\n    return x**2\nprint(f(3))",
            "def f(x):\n    return x**2\nprint(f(torch.tensor(3.0, requires_grad=True)))",
        ),
        (
            "f = lambda x, y: x*y\nf(2, -1.5)",
            "f = lambda x, y: x*y\nf(torch.tensor(2.0, requires_grad=True),"
            " torch.tensor(-1.5, requires_grad=True))",
        ),
        ("def f(n):\n    return [1] * n\nf(3)", None),
        ("def f(n):\n    return int(n / 2)\nf(3)", None),
        ("n = 3\nfor i in range(n):\n    print(i)", None),
        ("x = torch.ones(2)", None),
    ],
)
def test_of_numbers_alone_a_tensor_is_offered(asides, source, mended):
    found = asides(source)
    assert [notice.replacement for notice in found] == ([mended] if mended else [])
    if mended:
        assert asides(mended) == []
