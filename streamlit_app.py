"""The page's entry: `streamlit run streamlit_app.py`."""

from pathlib import Path

import streamlit as st

from viz.page.page import page

ICON = Path(__file__).parent / "viz" / "page" / "icon.svg"

st.set_page_config(page_title="Autograd Explorer", page_icon=str(ICON), layout="wide")
page()
