"""The run as files to take along, each made when it is asked for: the graph as SVG, PDF and DOT,
the player as one HTML file, the record as JSON, what was typed as a script and as a notebook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import streamlit as st

from viz.drawing import Drawing, fold
from viz.drawing.display import Display
from viz.errors import DrawingFailed
from viz.page.graph.graph import drawn_of, worded
from viz.page.graph.offline import document
from viz.page.graph.script import USUAL, Choices, as_notebook, as_script
from viz.page.session import state
from viz.page.session.language import _, speak, spoken, told
from viz.records import Trace


def files(now: state.Session) -> None:
    """A menu of formats; a format that this machine cannot make says so when it is opened."""
    if now.trace is None:
        return
    try:
        display = worded(now.view.display)
        drawing = Drawing(drawn_of(now, now.trace).view, display, now.trace)
    except DrawingFailed:
        return
    with (
        st.container(key="save", width="content"),
        st.popover(_("Save"), icon=":material/download:", type="tertiary"),
    ):
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
        for label, make, name, kind in _texts(now, display, now.trace):
            st.download_button(label, make, name, kind, on_click="ignore")
        if st.button(_("Make a PDF")):
            try:
                pdf = drawing.pdf()
            except DrawingFailed as failed:
                st.caption(f"{told(failed.problem.message)} {told(failed.problem.remedy)}")
            else:
                st.download_button("PDF", pdf, "autograd.pdf", "application/pdf", on_click="ignore")


def _texts(
    now: state.Session, display: Display, trace: Trace
) -> Iterator[tuple[str, Callable[[], str], str, str]]:
    """(label, what makes it, file's name, MIME type) of the forms beside the picture."""
    view = now.view
    reach = USUAL.reach
    if view.start is not None and view.stop is not None:
        reach = (view.start, view.stop)
    program, texts = trace.program, dict(view.texts)
    choices = Choices(view.graph_order, view.seed, reach)
    language = spoken()
    yield (
        _("HTML, plays offline"),
        lambda: _offline(trace, display, language),
        "autograd.html",
        "text/html",
    )
    yield "JSON", lambda: trace.to_json(indent=1), "autograd.json", "application/json"
    yield (
        _("Python script"),
        lambda: as_script(program, texts, choices),
        "autograd.py",
        "text/x-python",
    )
    yield (
        _("Notebook"),
        lambda: as_notebook(program, texts, choices),
        "autograd.ipynb",
        "application/x-ipynb+json",
    )


def _offline(trace: Trace, display: Display, language: str) -> str:
    """The player's file: its pictures from the beginning on, whatever is open on the page.

    It is made when it is asked for, in a thread that does not know the page's language.
    """
    speak(language)
    return document(Drawing(fold(trace, display=display), display, trace))
