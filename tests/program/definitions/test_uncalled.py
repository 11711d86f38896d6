"""What is only named or defined is told; what is called, read or a program's own is not."""

from __future__ import annotations

import pytest

from viz.program import check

START = "x = torch.tensor([1.0, 2.0], requires_grad=True)\ny = (x * x).sum()\n"


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("y.backward\nx.grad", [("3", "y.backward")]),
        ("y.backward()\nx.grad.zero_", [("4", "x.grad.zero_")]),
        ("o = torch.optim.SGD([x], lr=0.1)\no.zero_grad\ny.backward()\no.step", [
            ("4", "o.zero_grad"), ("6", "o.step"),
        ]),
        ("y.backward()\nx.grad", []),
        ("x.grad", []),
        ("x.shape", []),
        ("back = y.backward\nback()", []),
    ],
)  # fmt: skip
def test_what_is_named_and_not_called(rest: str, told: list[tuple[str, str]]) -> None:
    notes = [note for note in check(START + rest).notes if "not called" in note.template]
    assert [(note.details["line"], note.details["name"]) for note in notes] == told


UNCALLED = {
    "def train(model, x):\n    return model(x)": "train(model, x)",
    "def step(opt, lr=0.1):\n    opt.zero_grad()": "step(opt, lr)",
    "def f(x, way=torch.optim.SGD, lr=0.1):\n    return x": "f(x, way, lr)",
}


@pytest.mark.parametrize("source", UNCALLED)
def test_a_function_of_more_than_numbers_is_a_script_and_told_to_be_uncalled(source: str) -> None:
    program = check(source)
    assert program.kind == "script"
    assert [note.details["call"] for note in program.notes] == [UNCALLED[source]]
    assert not check(f"{source}\n{UNCALLED[source].split('(')[0]}").notes
