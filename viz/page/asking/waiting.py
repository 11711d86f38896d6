"""Whether this run of the script still has somebody who waits for what it asks.

While a question is out, the run's thread stands still, and Streamlit only notes what happens
meanwhile: the visitor typed on, changed a control, closed the page. So the sandbox is given
`Waiting.wanted` to look at, and a run that was overtaken ends by `give_way`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType

GRACE: Final = 0.4
"""Seconds that a question is left alone: while one drags, each answer shall still arrive."""


def _requests() -> ScriptRequests | None:
    context = get_script_run_ctx(suppress_warning=True)
    return None if context is None else context.script_requests


@dataclass(frozen=True)
class Waiting:
    """One question's wait, from now on; made in the thread of the script."""

    requests: ScriptRequests | None = field(default_factory=_requests)
    began: float = field(default_factory=time.monotonic)

    @property
    def overtaken(self) -> bool:
        """Whether a newer run, or the end, has been asked for; Streamlit has no public word."""
        requests = self.requests
        return requests is not None and requests._state is not ScriptRequestType.CONTINUE

    def wanted(self) -> bool:
        """Whether the answer is worth its run; may be called from any thread."""
        return time.monotonic() < self.began + GRACE or not self.overtaken


def give_way() -> None:
    """Ends this run of the script at once; what was asked for meanwhile begins, with its input."""
    context = get_script_run_ctx(suppress_warning=True)
    st.rerun(scope="fragment" if context and context.fragment_ids_this_run else "app")
