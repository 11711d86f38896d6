"""A control that the page has replaced changes nothing, whatever the browser still sends of it."""

from __future__ import annotations

import pytest

from viz.page.session import state
from viz.page.session.view import View


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
