"""The tab Steps (key `steps`): the play as text, and what the passes left in `.grad`."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from viz.drawing import texts
from viz.drawing.display import Display
from viz.drawing.texts import called, primed
from viz.page import components
from viz.page.asking.answers import Traced
from viz.page.components.steps import Steps
from viz.page.graph.graph import worded
from viz.page.session import state
from viz.page.session.language import _, plain
from viz.records import LeafGradient, Pass, Trace

MOST_LEAVES: Final = 1_000
"""Rows of what the passes left in `.grad`, of all of them together."""


def steps(now: state.Session, _asked: Traced) -> None:
    """A list that can be read without the picture."""
    trace = now.trace
    if trace is None:
        return
    st.caption(plain(counted(trace)))
    heads = (_("Step"), _("Phase"), _("What happens"), _("Chain rule"))
    components.show(Steps(heads))
    display, room = worded(now.view.display), MOST_LEAVES
    for number, pass_ in enumerate(trace.passes, start=1):
        if room > 0:
            st.html(_leaves(number, pass_, display, room))
        room -= len(pass_.leaves_after)
    if room < 0:
        st.caption(plain(_("{count} more").replace("{count}", f"{-room:,}")))


def counted(trace: Trace) -> str:
    """How many nodes each derivative's graph has: why a second derivative costs more."""
    if not trace.counts:
        return _("{count} nodes recorded.").replace("{count}", f"{len(trace.nodes):,}")
    of = called(trace.program)
    parts = [f"{primed(order, of)}: {count:,}" for order, count in enumerate(trace.counts)]
    return _("Nodes in the graph of {counts}.").replace("{counts}", _(", ").join(parts))


def _leaves(number: int, pass_: Pass, display: Display, most: int) -> str:
    title = _("Backward {number}: .grad before and after").replace("{number}", str(number))
    if pass_.freed:
        title += " · " + _("the graph was freed")
    before = {leaf.node: leaf for leaf in pass_.leaves_before}
    rows = "".join(
        f"<tr><td><i>{escape(leaf.name)}</i></td><td>{_grad(before.get(leaf.node), display)}</td>"
        f"<td class='backward'>{_grad(leaf, display)}</td></tr>"
        for leaf in pass_.leaves_after[:most]
    )
    return f'<table class="steps"><caption>{escape(title)}</caption><tbody>{rows}</tbody></table>'


def _grad(leaf: LeafGradient | None, display: Display) -> str:
    if leaf is None or leaf.gradient is None:
        return "None"
    return escape(texts.whole(leaf.gradient, display.digits, display.words))
