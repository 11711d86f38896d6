"""The page by a server that seldom comes to send what is written, and in which a run of the whole
page does not end before its visitor has done something: on a busy machine both happen by chance.

`tests/browser/serving/test_delivered.py` serves it.
"""

import time

from streamlit.runtime import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from viz.page import page
from viz.page.asking.answers import Traced
from viz.page.session.state import Session

runtime.MESSAGE_FLUSH_INTERVAL_SECS = 0.6  # type: ignore[misc]
LONGEST = 10.0
"""Seconds that a run waits for its visitor."""


def graph(now: Session, asked: Traced, drawn=page.graph) -> None:  # type: ignore[no-untyped-def]
    context = get_script_run_ctx()
    assert context is not None
    assert context.script_requests is not None
    if now.complete and not context.fragment_ids_this_run:
        until = time.monotonic() + LONGEST
        while context.script_requests._state is not ScriptRequestType.RERUN:
            assert time.monotonic() < until, "nobody did anything"
            time.sleep(0.01)
    drawn(now, asked)


if __name__ == "__main__":
    import streamlit as st

    if page.graph.__module__ != __name__:
        page.graph = graph
    st.set_page_config(layout="wide")
    page.page()
