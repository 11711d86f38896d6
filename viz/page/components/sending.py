"""Which data of a component are the newest: on their way in the browser they overtake each other.

Streamlit calls a component's script with each data once the script has arrived, and browsers let
those who wait for one script go on in any order.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

import streamlit as st


@dataclass
class Sending:
    """A session's numbers: for each component that of its data, which grows when they change."""

    session: str = field(default_factory=lambda: uuid.uuid4().hex)
    last: dict[str, tuple[int, int]] = field(default_factory=dict)

    def numbered(self, kind: str, written: str) -> tuple[str, int]:
        """The session, and the number of these data, which are the same if they are written so."""
        number, before = self.last.get(kind, (0, 0))
        mark = hash(written)
        if not number or mark != before:
            number += 1
            self.last[kind] = number, mark
        return self.session, number


def sending() -> Sending:
    """That of the running session."""
    if "sending" not in st.session_state:
        st.session_state["sending"] = Sending()
    found: Sending = st.session_state["sending"]
    return found
