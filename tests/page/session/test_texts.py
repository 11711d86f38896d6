"""Which inputs' texts stay when another program is typed: a visitor's own, not the page's."""

from __future__ import annotations

from viz.page.session.texts import unless_given
from viz.program import read

OWN = {"x": "torch.randn(3, 3)"}
"""What the page starts the first program's x with."""


def test_what_the_page_has_chosen_goes_with_its_program() -> None:
    before = read("x.T @ A @ x")
    assert {each.name: each.start for each in before.inputs}["x"] == OWN["x"]
    assert unless_given(OWN, "sin(x)", before, {}) == {}
    assert unless_given(OWN, "x.T @ A @ x + b", before, {}) == OWN
    typed = {"x": "[1, 2, 3]"}
    assert unless_given(typed, "sin(x)", before, {}) == typed
    assert unless_given(OWN, "sni(x)", before, {}) == OWN


def test_a_start_that_was_taken_stays_while_all_inputs_do() -> None:
    before = read("def f(A, x): return A @ x")
    taken = {"x": ("torch.ones(3)", frozenset({"A", "x"}))}
    texts = {"x": "torch.ones(3)"}
    assert unless_given(texts, "def f(A, x): return A @ x + 1", before, taken) == texts
    assert unless_given(texts, "1/x", before, taken) == {}
    assert unless_given({"x": "[2.0]"}, "1/x", before, taken) == {"x": "[2.0]"}
