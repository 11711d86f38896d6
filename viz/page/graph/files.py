"""The whole graph as files to take along: SVG, PDF and DOT, each made when it is asked for."""

from __future__ import annotations

import streamlit as st

from viz.drawing import Drawing
from viz.errors import DrawingFailed
from viz.page.graph.graph import drawn_of, worded
from viz.page.session import state
from viz.page.session.language import _, told


def files(now: state.Session) -> None:
    """A menu of formats; a format that this machine cannot make says so when it is opened."""
    if now.trace is None:
        return
    try:
        drawing = Drawing(drawn_of(now, now.trace).view, worded(now.view.display))
    except DrawingFailed:
        return
    with st.popover(_("Save the whole graph"), icon=":material/download:"):
        st.download_button(
            "SVG", lambda: drawing.svg(), "autograd.svg", "image/svg+xml", on_click="ignore"
        )
        st.download_button(
            "DOT",
            lambda: drawing.dot.source,
            "autograd.dot",
            "text/vnd.graphviz",
            on_click="ignore",
        )
        if st.button(_("Make a PDF")):
            try:
                pdf = drawing.pdf()
            except DrawingFailed as failed:
                st.caption(f"{told(failed.problem.message)} {told(failed.problem.remedy)}")
            else:
                st.download_button("PDF", pdf, "autograd.pdf", "application/pdf", on_click="ignore")
