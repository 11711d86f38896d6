"""What a script plotted, and the numbers of its loops: where a function has its curve."""

from __future__ import annotations

import streamlit as st

from viz.drawing.figures.rounds import held, rounds_figure
from viz.page.calculus.own_graph import OWN_GRAPHS, own_graph
from viz.page.calculus.ready import Ready
from viz.page.plots import figure
from viz.page.session import state, theme
from viz.page.session.language import _, plain, told
from viz.records import Plot, Rounds


def plotted(now: state.Session) -> bool:
    """Shows a script's plots and loops; whether there was anything to show."""
    trace = now.trace
    if trace is None or trace.program.kind != "script":
        return False
    plots = [
        (f"plot-{number}-{place}", plot)
        for number, cell in enumerate(trace.cells, start=1)
        for place, plot in enumerate(cell.plots)
    ]
    patience = OWN_GRAPHS
    for key, plot in plots:
        if plot.graph is not None:
            patience -= own_graph(now, plot.graph, key, patience)
            continue
        row = _one_row(plot)  # it has the curve's place: see theme.css
        st.plotly_chart(
            Ready(figure(plot, dark=theme.dark())),
            key=f"row-{key}" if row else key,
            theme=None,
            height="stretch" if row else "content",
        )
    for place, rounds in enumerate(trace.rounds):
        _loop(place, rounds)
    return bool(plots or trace.rounds)


def _one_row(plot: Plot) -> bool:
    return len(plot.axes) <= (plot.columns or len(plot.axes))


def _loop(place: int, rounds: Rounds) -> None:
    """The rounds of a loop: which the graph holds, and the numbers over all of them."""
    st.caption(plain(told(held(rounds))))
    if rounds.series:
        drawn = rounds_figure(rounds, title=_("round"), dark=theme.dark())
        st.plotly_chart(Ready(drawn), key=f"rounds-{place}", theme=None)
