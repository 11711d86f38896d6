"""How the browser shows the page: light or dark."""

from __future__ import annotations

import streamlit as st


def dark() -> bool:
    """Whether the page is dark."""
    return st.context.theme.type == "dark"
