"""What the run printed and showed (key `printed`): of a script, cell by cell."""

from __future__ import annotations

from html import escape

import streamlit as st

from viz.page.session import state
from viz.page.session.language import _
from viz.records import Cell


def printed(now: state.Session) -> None:
    """The printed text of a function, or a script's cells as a notebook shows them."""
    trace = now.trace
    if trace is None:
        return
    with st.container(key="printed"):
        if trace.program.kind == "script":
            for number, cell in enumerate(trace.cells, start=1):
                _cell(number, cell, alone=len(trace.cells) == 1, failed=trace.failure is not None)
        elif trace.printed:
            _text(_("Printed"), trace.printed)


def _text(title: str, text: str) -> None:
    st.html(
        f'<figure class="out"><figcaption>{escape(title)}</figcaption>'
        f"<pre>{escape(text)}</pre></figure>"
    )


def _cell(number: int, cell: Cell, *, alone: bool, failed: bool) -> None:
    title = _("Output") if alone else _("Cell {number}").replace("{number}", str(number))
    if not cell.ran:
        before = _("Did not run: a cell before it failed.")
        _text(title, before if failed else _("Did not run: the program had ended."))
        return
    text = "\n".join(part.rstrip("\n") for part in (cell.printed, cell.shown or "") if part)
    if text:
        _text(title, text)
