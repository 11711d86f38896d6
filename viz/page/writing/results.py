"""What the run printed, showed and plotted (key `printed`): of a script, cell by cell."""

from __future__ import annotations

from html import escape

import streamlit as st

from viz.drawing.figures.rounds import held, rounds_figure
from viz.page.plots import figure
from viz.page.session import look, state
from viz.page.session.language import _, told
from viz.records import Cell, Rounds


def printed(now: state.Session) -> None:
    """The printed text of a function, or a script's cells as a notebook shows them."""
    trace = now.trace
    if trace is None:
        return
    with st.container(key="printed"):
        if trace.program.kind == "script":
            for number, cell in enumerate(trace.cells, start=1):
                _cell(number, cell, alone=len(trace.cells) == 1)
            for place, rounds in enumerate(trace.rounds):
                _loop(place, rounds)
        elif trace.printed:
            _text(_("Printed"), trace.printed)


def _loop(place: int, rounds: Rounds) -> None:
    """The rounds of a loop: which the graph holds, and the numbers over all of them."""
    st.caption(told(held(rounds)))
    if rounds.series:
        drawn = rounds_figure(rounds, title=_("round"), dark=look.dark())
        st.plotly_chart(drawn, key=f"rounds-{place}", theme=None)


def _text(title: str, text: str) -> None:
    st.html(
        f'<figure class="out"><figcaption>{escape(title)}</figcaption>'
        f"<pre>{escape(text)}</pre></figure>"
    )


def _cell(number: int, cell: Cell, *, alone: bool) -> None:
    title = _("Output") if alone else _("Cell {number}").replace("{number}", str(number))
    if not cell.ran:
        _text(title, _("Did not run: a cell before it failed."))
        return
    text = "\n".join(part.rstrip("\n") for part in (cell.printed, cell.shown or "") if part)
    if text:
        _text(title, text)
    for place, plot in enumerate(cell.plots):
        st.plotly_chart(figure(plot, dark=look.dark()), key=f"plot-{number}-{place}", theme=None)
