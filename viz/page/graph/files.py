"""The menu of files: the run and the curve on show in every form, each made when it is asked for.

The graph as it stands (SVG, PNG: the browser makes them), as PDF and DOT; the player as one HTML
file, the record as JSON, what was typed as a script and as a notebook; the curve's samples and its
figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

import streamlit as st

from viz.drawing import Drawing, fold
from viz.drawing.display import Display
from viz.drawing.figures.chart import Chart
from viz.drawing.figures.files import as_csv, as_html
from viz.drawing.picture.layout import layout
from viz.drawing.texts import called
from viz.errors import N_, DrawingFailed, problem
from viz.page import components
from viz.page.asking.answers import checked_texts
from viz.page.asking.pictures import picture_turn
from viz.page.components.as_shown import AsShown
from viz.page.graph.graph import drawn_of, worded
from viz.page.graph.offline import document
from viz.page.graph.script import Choices, as_notebook, as_script
from viz.page.serving import hosting
from viz.page.session import state
from viz.page.session.language import _, plain, speak, spoken, told
from viz.records import Curve, Program, Trace

FileForm = tuple[str, Callable[[], str | bytes], str, str]
"""A form: its label, what makes it, the file's name, its MIME type."""


def files(now: state.Session) -> None:
    """One menu of all forms; of one that this machine cannot make it says why."""
    if now.trace is None:
        return
    with (
        st.container(key="save", width="content"),
        st.popover(_("Save"), icon=":material/download:", type="tertiary"),
        st.container(key="formats"),
    ):
        now.making.clear()
        for label, make, name, kind in _entries(now, now.trace):
            now.making[label] = cache(make)  # however often a browser asks
            made = partial(_made, now, label, hosting.address())
            st.download_button(plain(label), made, name, kind, type="tertiary", on_click="ignore")


def _made(now: state.Session, label: str, address: str) -> str | bytes:
    """A file, made; Streamlit holds on to this and must not hold on to the records by it."""
    make = now.making.get(label)
    if make is None:
        raise DrawingFailed(problem(
            N_("The server needed the room that this run took."),
            N_("Change an input, or load the page again: then the file is made."),
        ))  # fmt: skip
    with picture_turn(now.name, address, label):
        return make()


def _entries(now: state.Session, trace: Trace) -> Iterator[FileForm]:
    display = worded(now.view.display)
    try:
        drawing = Drawing(drawn_of(now, trace).view, display, trace)
    except DrawingFailed:  # the player's place says why there is no picture
        pass
    else:
        yield from _pictures(drawing)
    yield from _texts(now, display, trace)
    if now.charted is not None:
        figure, curve = now.charted
        yield from _of_curve(figure, curve, trace.program)


def _pictures(drawing: Drawing) -> Iterator[FileForm]:
    components.show(AsShown({"svg": _("SVG, as shown"), "png": _("PNG, as shown (2×)")}))
    try:
        _able()
    except DrawingFailed as failed:
        st.caption(plain(f"{told(failed.problem.message)} {told(failed.problem.remedy)}"))
    else:
        yield "PDF", drawing.pdf, "autograd.pdf", "application/pdf"
    yield "DOT", lambda: str(drawing.dot.source), "autograd.dot", "text/vnd.graphviz"


@cache
def _able() -> None:
    """Raises `DrawingFailed` where this machine has no fonts for a PDF."""
    layout("digraph {}", "pdf")


def _texts(now: state.Session, display: Display, trace: Trace) -> Iterator[FileForm]:
    """The forms beside the picture."""
    view = now.view
    reach = None
    if view.start is not None and view.stop is not None:
        reach = (view.start, view.stop)
    program, weights = trace.program, view.gradient or None
    choices = Choices(view.graph_order, view.seed, reach, view.along, weights)
    language, depth = spoken(), view.depth or None
    yield (
        _("HTML, plays offline"),
        lambda: _offline(trace, display, language, depth),
        "autograd.html",
        "text/html",
    )
    yield "JSON", lambda: trace.to_json(indent=1), "autograd.json", "application/json"
    yield (
        _("Python script"),
        lambda: as_script(program, checked_texts(view, program), choices),
        "autograd.py",
        "text/x-python",
    )
    yield (
        _("Notebook"),
        lambda: as_notebook(program, checked_texts(view, program), choices),
        "autograd.ipynb",
        "application/x-ipynb+json",
    )


def _of_curve(figure: Chart, curve: Curve, program: Program) -> Iterator[FileForm]:
    name, title = called(program), program.source
    yield _("Curve: samples (CSV)"), lambda: as_csv(curve, name), "curve.csv", "text/csv"
    yield _("Curve: figure (HTML)"), lambda: as_html(figure, title), "curve.html", "text/html"


def _offline(trace: Trace, display: Display, language: str, depth: int | None) -> str:
    """The player's file: its pictures from the beginning on, whatever is open on the page.

    It is made when it is asked for, in a thread that does not know the page's language.
    """
    speak(language)
    view = fold(trace, display=display, depth=depth)
    return document(Drawing(view, display, trace, depth=depth))
