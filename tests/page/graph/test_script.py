"""The script and the notebook: they run as they are, and their numbers are those of a run."""

from __future__ import annotations

import json
import math
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from viz.drawing.display import Display
from viz.page.graph import files
from viz.page.graph.script import Choices, as_notebook, as_script
from viz.page.session.view import View
from viz.program import check
from viz.records import Trace
from viz.sandbox import Sandbox

if TYPE_CHECKING:
    from viz.page.session.state import Session

CASES = {
    "expression": ("sin(x)*x**2 + sqrt(2)", {"x": "1.5"}),
    "two inputs": ("(x + y) * exp(-y)", {"x": "2", "y": "torch.tensor([1.0, 2.0])"}),
    "function": (
        "def g(a, n=3):\n    b = a\n    for _ in range(n):\n        b = b*a\n    return F.relu(b)",
        {"a": "2.0"},
    ),
    "layers around it": (
        "net = nn.Sequential(nn.Linear(2, 3), nn.Tanh())\n\ndef f(x):\n    return net(x).sum()",
        {"x": "2.0 * torch.ones(2)"},
    ),
    "drawn around it": (
        "w = torch.rand(1)\ndef f(x, b=torch.rand(1)):\n    return w * x + b",
        {"x": "0.25"},
    ),
    "constants": ("cos(pi * x) * math.pi", {"x": "0.25"}),
    "a number alone": ("relu(x) + torch.tanh(x)", {"x": "0.3"}),
}


@pytest.mark.parametrize("name", CASES)
def test_the_numbers_are_those_of_the_page(
    name: str, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, texts = CASES[name]
    monkeypatch.chdir(tmp_path)
    ran: dict[str, object] = {}
    exec(as_script(check(source), texts), ran)  # noqa: S102 - a text of this test's own
    run = sandbox.trace(source, texts)
    assert run.value is not None
    found = ran["results"][0].detach().flatten().tolist()
    assert found == pytest.approx(list(run.value.values))
    for key in texts:
        gradient = run.gradients[key]
        assert gradient is not None
        assert ran[key].grad.flatten().tolist() == pytest.approx(list(gradient.values))
    assert "Backward" in (tmp_path / "graph.gv").read_text("utf-8")
    assert (tmp_path / "curve.html").exists() == texts[next(iter(texts))].replace(".", "").isdigit()


def test_the_second_derivative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran: dict[str, object] = {}
    text = as_script(check("sin(x)"), {"x": "0.5"}, Choices(order=2))
    text, _, curve = text.partition("# %% The curve")
    assert "linspace(-5.0, 5.0, 200" in curve, "what the page shows"
    assert "linspace(-20.0, 20.0, 200" in as_script(check("sin(x)"), {"x": "-12"})
    exec(text, ran)  # noqa: S102 - a text of this test's own
    assert ran["x"].grad.item() == pytest.approx(-math.sin(0.5))


def test_the_weights_of_a_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran: dict[str, object] = {}
    weighed = Choices(gradient="[1, 0, 2]")
    exec(as_script(check("x**2"), {"x": "torch.arange(3.)"}, weighed), ran)  # noqa: S102
    assert ran["x"].grad.tolist() == [0.0, 0.0, 8.0]


def test_a_result_of_several_tensors_and_names_that_the_script_has_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = "def sample(values, go):\n    return {'a': (values * go, [go.exp()]), 'b': None}"
    ran: dict[str, object] = {}
    texts, chosen = {"values": "2.0", "go": "0.0"}, Choices(along="go", reach=(0.0, 1.0))
    text = as_script(check(source), texts, chosen)
    assert "linspace(0.0, 1.0, 200" in text
    exec(text, ran)  # noqa: S102 - a text of this test's own
    assert (ran["values"].grad.item(), ran["go"].grad.item()) == (0.0, 3.0)
    assert ran["slopes"] == pytest.approx([2.0] * 200)


def test_what_a_function_holds_has_its_gradients(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    source = (
        "net = nn.PReLU(init=3.0)\n"
        "scale = torch.tensor(2.0, requires_grad=True)\nheld_leaves = 1.0\n"
        "def f(x):\n    return scale * net(x).sum() * held_leaves"
    )
    text = as_script(check(source), {"x": "torch.tensor([-5.0])"})
    exec(text, {})  # noqa: S102 - a text of this test's own
    assert capsys.readouterr().out.splitlines() == [
        "f = tensor(-30.)",
        *("d/dx = tensor([6.])", "d/dnet.weight = tensor([-10.])", "d/dscale = tensor(-15.)"),
    ]
    assert "net.weight" in (tmp_path / "graph.gv").read_text()


def test_texts_stand_in_python_s_signs() -> None:
    view = View(source="x**2", texts=MappingProxyType({"x": "－２π"}))
    now = cast("Session", SimpleNamespace(view=view, charted=None))
    made = {label: make for label, make, *_ in files._texts(now, Display(), Trace(check("x**2")))}
    assert "as_leaf(-2*pi)" in made["Python script"]()
    assert "as_leaf(-2*pi)" in made["Notebook"]()


def test_a_script_stays_itself(capsys: pytest.CaptureFixture[str]) -> None:
    source = "x = torch.tensor(3.0, requires_grad=True)\ny = x * x\ny.backward()\nprint(x.grad)"
    exec(as_script(check(source), {}), {})  # noqa: S102 - a text of this test's own
    assert capsys.readouterr().out == "tensor(6.)\n"


@pytest.mark.parametrize(
    "source",
    [
        "  x = torch.ones(1)\n  y = x*2\n", "  def f(x):\n    return x*x\n  f(2.0)\n",
        "  x = '''a\nb'''\n  y = x\n", "\n\n    x*2", "  (x\n+ 2)", "  def f(x):\n    return x*2\n",
        "  def f(x):\n    '''a\nb'''\n    return x*2\n",
    ],
)  # fmt: skip
def test_what_was_copied_with_an_indent_stands_at_the_margin(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(as_script(check(source), {"x": "2.0"}).partition("# %% The curve")[0], {})  # noqa: S102


def test_the_notebook_has_the_same_code() -> None:
    source, texts = CASES["expression"]
    book = json.loads(as_notebook(check(source), texts))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    codes = [cell["source"] for cell in book["cells"] if cell["cell_type"] == "code"]
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])
    script = as_script(check(source), texts)
    assert all(code.splitlines()[0] in script for code in codes)
    for code in codes:
        compile(code, "cell", "exec")
