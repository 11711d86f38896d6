"""A control that the page has replaced changes nothing, whatever the browser still sends of it."""

from __future__ import annotations

import pytest

from viz.page.components.received import SentText
from viz.page.graph.graph import folded, stopped
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


@pytest.mark.parametrize("first", ["run", "stop"])
@pytest.mark.parametrize(("run", "stop"), [(5, 6), (6, 5)])
def test_of_a_run_and_its_stop_the_later_counts_in_whatever_order_they_are_heard(
    monkeypatch: pytest.MonkeyPatch, first: str, run: int, stop: int
) -> None:
    """Streamlit calls for one run all that was sent while the last one went."""
    now = state.Session(View(source="x"), asked=4)
    sent = {"source": {"text": {"text": "x", "at": run}}, "graph": {"stop": stop}}
    monkeypatch.setattr(state.st, "session_state", {"session": now, **sent})
    heard = [state.typed, stopped] if first == "run" else [stopped, state.typed]
    for each in heard:
        each()
    assert (now.ended > now.asked) is (stop > run)


def test_folds_that_are_clicked_during_a_run_are_all_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = state.Session(View(source="x"))
    clicks = [{"opens": "n4+", "at": 1}, {"opens": "n8+", "at": 2}, {"closes": "n4+ n5+", "at": 3}]
    for sent, opened in ((clicks[:2], {"n4+", "n8+"}), (clicks[1:], {"n8+"}), (clicks, {"n8+"})):
        session = {"session": now, "graph": {"fold": sent}}
        monkeypatch.setattr(state.st, "session_state", session)
        folded(now)
        assert now.view.opened == opened
    assert now.folded == 3


def test_a_text_that_was_typed_before_the_page_put_one_up_does_not_come_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = state.Session(View(source="x"), edition=3)
    monkeypatch.setattr(state.st, "session_state", {"session": now})
    for edition, source in ((2, "x"), (3, "x + 1")):
        monkeypatch.setattr(state, "received", lambda *_, by=edition: SentText("x + 1", by, by))
        state.typed()
        assert (now.view.source, now.asked) == (source, edition)


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
        monkeypatch.setattr(state, "received", lambda *_, text=text: SentText(text, 1))
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
