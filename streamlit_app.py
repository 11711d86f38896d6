"""The page's entry: `streamlit run streamlit_app.py`."""

import streamlit as st

st.set_page_config(page_title="Autograd Explorer", layout="wide")
st.title("Autograd Explorer")
st.caption("Under construction: the rooms are being built, nothing can be typed yet.")
