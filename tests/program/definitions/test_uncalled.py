"""A method that is only named is told; what is called, read or a program's own attribute is not."""

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
