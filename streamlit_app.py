"""The page's entry: `streamlit run streamlit_app.py`."""

import streamlit as st

from viz.page.page import page

st.set_page_config(page_title="Autograd Explorer", page_icon=":material/graph_3:", layout="wide")
page()
