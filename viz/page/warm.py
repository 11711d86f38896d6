"""What the first run of the page would spend half a second on is done while the server starts.

`warm` loads what a run loads, Streamlit's own late imports included, and makes what every visitor
is sent: scripts, lessons, the opening lesson's picture. It is done before the server answers: in a
thread beside it each of the hundred files that a first browser asks for would wait for its turn.
"""

from __future__ import annotations

import gc
import inspect
from contextlib import suppress
from importlib import import_module
from typing import Final

import msgspec

from viz.errors import DrawingFailed
from viz.page.session import state
from viz.program import read

LATE: Final = (
    "viz.page.page",
    "pandas",
    "PIL.ImageFile",
    "streamlit.components.v2.manifest_scanner",
    "streamlit.emojis",
    "streamlit.material_icon_names",
)
"""Modules that are loaded by the first run of the page, and not by the server."""


def warm() -> None:
    """Makes ready what the first visitor needs; nothing of it depends on who that is."""
    gc.disable()  # loading leaves hardly any garbage to look for
    try:
        for name in LATE:
            import_module(name)
    finally:
        gc.enable()
    inspect.stack()  # Streamlit looks for the file of every module, once
    _scripts()
    _opening()
    gc.collect()
    gc.freeze()  # what is loaded stays, and is not looked through at each collection


def _scripts() -> None:
    from viz.page import components, masthead

    components.shell_code()
    masthead.listed()


def _opening() -> None:
    """The picture of the lesson that the bare page opens, from the record that ships."""
    from viz.page.asking.answers import question_of
    from viz.page.asking.shipped import shipped
    from viz.page.graph.graph import drawn_of

    view, _problems = state.linked({})
    question = question_of(view, read(view.source))
    trace = shipped(question, msgspec.msgpack.encode(question))
    if trace is not None:
        with suppress(DrawingFailed):  # whoever opens the lesson is told
            drawn_of(state.Session(view), trace)
