"""A control that the page has replaced changes nothing, whatever the browser still sends of it."""

from __future__ import annotations

import pytest

from viz.page.session import state
from viz.page.session.texts import as_read
from viz.page.session.view import View
from viz.program import read


def test_only_the_controls_of_this_edition_count(monkeypatch: pytest.MonkeyPatch) -> None:
    now = state.Session(View())
    monkeypatch.setattr(state.st, "session_state", {"session": now})
    first = state.turning("order")
    state.st.session_state[first["key"]] = 2
    first["on_change"]()
    assert now.view.order == 2

    state.show("sqrt(x)", {"x": "1.0"}, order=1)
    second = state.turning("order")
    assert second["key"] != first["key"]
    first["on_change"]()
    assert (now.view.order, now.view.source) == (1, "sqrt(x)")
    state.st.session_state[second["key"]] = 3
    second["on_change"]()
    assert now.view.order == 3


def test_a_start_that_is_typed_counts_more_than_what_was_moved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = state.Session(View(source="x**2 + y", texts={"x": "5.0", "y": "2.0"}))
    now.program = read("x**2 + y")
    monkeypatch.setattr(state.st, "session_state", {"session": now})
    for text, texts in (
        ("f(x) = x^2 + 1", {"x": "5.0", "y": "2.0"}),
        ("f(x) = x^2, x = 3", {"y": "2.0"}),
        ("def f(x=3.0): return x**2 + x", {"x": "4.0", "y": "2.0"}),  # moved meanwhile
        ("def f(x=3.0", {"x": "4.0", "y": "2.0"}),
        ("def f(x=1.0): return x**2 + x", {"y": "2.0"}),
    ):
        monkeypatch.setattr(state, "received", lambda *_, sent=text: sent)
        state.typed()
        assert now.view.source == text
        assert now.view.texts == texts
        if "x = 3" in text:
            now.program = read(text)
            state.change(texts={"x": "4.0", "y": "2.0"})


def test_a_value_as_it_is_typed_leaves_the_field_as_it_is_read() -> None:
    program = read("x**2")
    for text, meant in (("x=3", "3"), ("1 2", "[1, 2]"), ("－2", "-2"), ("2.50", "2.50")):
        assert as_read("x", text, program) == meant
