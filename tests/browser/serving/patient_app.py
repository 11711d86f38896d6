"""The page with a sandbox in which a run may last a minute: what ends sooner was ended by the page.

`tests/browser/serving/test_leaving.py` serves it.
"""

from functools import partial

from viz.page.asking import answers
from viz.sandbox import Limits, Sandbox

answers.Sandbox = partial(  # type: ignore[misc, assignment]
    Sandbox, limits=Limits(soft=60, notice=80, hard=90, processor=90, places=2)
)

if __name__ == "__main__":
    import streamlit as st

    from viz.page.page import page

    st.set_page_config(layout="wide")
    page()
