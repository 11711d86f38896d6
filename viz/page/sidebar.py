"""The sidebar: how the graph is drawn, and how typed text is confined."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from viz.drawing.display import MOST_DIGITS, SHOWN
from viz.drawing.texts import called, primed
from viz.errors import N_, SandboxUnavailable
from viz.page.asking.answers import sandbox
from viz.page.session import state
from viz.page.session.language import _, plain, told
from viz.page.session.view import MOST_DEPTH
from viz.records import MAX_GRAPH_ORDER

LINES: Final = {
    "operation": N_("operation"),
    "variable": N_("variable"),
    "value": N_("value"),
    "gradient": N_("gradient"),
    "shape": N_("shape"),
    "saved": N_("saved tensors"),
}
LEVELS: Final = {
    "full": N_("Typed code runs fully isolated."),
    "partial": N_("Typed code runs only partly isolated. Missing here: {missing}."),
    "weak": N_(
        "Typed code runs weakly isolated: do not make this page public. Missing: {missing}."
    ),
}


def sidebar(now: state.Session) -> None:
    """How the graph is drawn."""
    st.subheader(_("How the graph is drawn"), anchor=False)
    _display(now)


def _keyed(field: str) -> dict[str, Any]:
    """A control's key, and what is done when it is turned."""

    def chosen(value: object) -> None:
        state.display(**{field: frozenset(value) if isinstance(value, list) else value})

    return state.turned(field, chosen)


def _display(now: state.Session) -> None:
    drawn = now.view.display
    st.pills(
        _("A node shows"),
        options=list(SHOWN),
        selection_mode="multi",
        default=[name for name in SHOWN if name in drawn.show],
        format_func=lambda name: _(LINES[name]),
        **_keyed("show"),
    )
    st.segmented_control(
        _("Direction of the forward run"),
        options=["LR", "TB"],
        default=drawn.direction,
        required=True,
        format_func=lambda way: _("to the right") if way == "LR" else _("downwards"),
        **_keyed("direction"),
    )
    st.slider(_("Digits"), 1, MOST_DIGITS, drawn.digits, **_keyed("digits"))
    for field, label in (
        ("friendly", _("Friendly names (× for MulBackward0)")),
        ("constants", _("Constants")),
        ("detached", _("Detached parts")),
    ):
        st.toggle(label, getattr(drawn, field), **_keyed(field))
    _graph_of(now)


def _graph_of(now: state.Session) -> None:
    """Which graph is drawn: folded or whole, of f or of a derivative."""
    st.toggle(_("Fold repeats"), now.view.fold, **state.turning("fold"))
    st.segmented_control(
        _("Levels of modules drawn as boxes"),
        options=list(range(MOST_DEPTH + 1)),
        default=now.view.depth,
        required=True,
        disabled=not now.view.fold,
        **state.turning("depth"),
    )
    st.segmented_control(
        _("Show the graph of"),
        options=list(range(1, MAX_GRAPH_ORDER + 1)),
        default=now.view.graph_order,
        required=True,
        format_func=lambda order: plain(primed(order - 1, called(now.program))),
        **state.turning("graph_order"),
    )


def confinement() -> None:
    """How typed text is confined here; waits for the sandbox's self-test."""
    box = sandbox()
    try:
        missing = _(", ").join(_(one) for one in box.missing)
        st.caption(plain(_(LEVELS[box.level]).replace("{missing}", missing)))
    except SandboxUnavailable as unavailable:
        st.caption(plain(told(unavailable.problem.message)))
