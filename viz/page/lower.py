"""The tabs under the graph: Curve, Surface, Jacobian, Steps, Code. Only the open one is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from viz.errors import N_
from viz.page.asking.answers import Traced
from viz.page.calculus.curve import curve
from viz.page.calculus.jacobian import jacobian
from viz.page.calculus.surface import surface
from viz.page.code import code
from viz.page.session import state
from viz.page.session.language import _
from viz.page.steps import steps

Maker = Callable[[state.Session, Traced], None]

TABS: Final[dict[str, tuple[str, Maker]]] = {
    "curve": (N_("Curve"), curve),
    "surface": (N_("Surface"), surface),
    "jacobian": (N_("Jacobian"), jacobian),
    "steps": (N_("Steps"), steps),
    "code": (N_("Code"), code),
}


def lower(now: state.Session, asked: Traced) -> None:
    """The tabs, and the content of the open one."""
    now.charted = None
    keys = list(TABS)
    titles = [_(title) for title, _make in TABS.values()]
    tabs = st.tabs(
        titles,
        default=titles[keys.index(now.view.tab)] if now.view.tab in keys else None,
        key="tabs",
        on_change=lambda: _opened(keys, titles),
    )
    for tab, (_title, make) in zip(tabs, TABS.values(), strict=True):
        if tab.open:
            with tab:
                make(now, asked)
    with st.container(key="withheld"):  # in the place of what a question hides
        st.caption(_("The results stay hidden until you answer."))


def _opened(keys: list[str], titles: list[str]) -> None:
    title = st.session_state["tabs"]
    if title in titles:
        state.change(tab=keys[titles.index(title)])
