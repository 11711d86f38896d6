"""A graph that the program drew itself with graphviz's words, below each other with its plots.

It is an image: what is in it loads nothing, runs nothing and has no styles of the page's. One that
is wider than its place is moved within it.
"""

from __future__ import annotations

import base64
import time
from functools import partial
from html import escape
from typing import Final

import streamlit as st

from viz.drawing.own_graphs.own_graph import own_picture
from viz.errors import DrawingFailed
from viz.page.asking.pictures import picture_turn
from viz.page.serving import hosting
from viz.page.session import state, theme
from viz.page.session.language import _
from viz.page.writing.messages import of_drawing
from viz.records import OwnGraph

OWN_GRAPHS: Final = 8.0
"""Seconds that Graphviz may take for all of a program's own graphs; a picture that is there costs a
second for each million of its characters, which the browser has to hold."""
LARGE: Final = 1_000_000


def own_graph(now: state.Session, graph: OwnGraph, key: str, seconds: float) -> float:
    """Shows it, or why there is no picture; gives what it cost."""
    begun, cost = time.monotonic(), 0.0
    with st.container(key=f"own-{key}"):
        try:
            turn = partial(picture_turn, now.name, hosting.address())
            made = own_picture(graph, dark=theme.dark(), seconds=seconds, turn=turn)
        except DrawingFailed as failed:
            st.html(of_drawing(now, failed).markup())
        else:
            cost = len(made.svg) / LARGE
            data = base64.b64encode(made.svg.encode("utf-8", "replace")).decode()
            told = escape(_("the graph that the program draws"))
            st.html(
                f'<div class="own-graph" role="group" tabindex="0" aria-label="{told}">'
                f'<img alt="{told}" width="{made.width:.0f}"'
                f' height="{made.height:.0f}" src="data:image/svg+xml;base64,{data}"></div>'
            )
    return cost + time.monotonic() - begun
