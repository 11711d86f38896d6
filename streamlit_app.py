"""The page's entry: `streamlit run streamlit_app.py`, which makes it public (viz/page/hosting.py).

The server imports this file for `app`, which puts a public page's headers on every answer; each
visitor's run executes it as a script, which draws the page.
"""

from pathlib import Path

import streamlit as st

if __name__ == "__main__":
    from viz.page.page import page

    icon = Path(__file__).parent / "viz" / "page" / "icon.svg"
    st.set_page_config(page_title="Autograd Explorer", page_icon=str(icon), layout="wide")
    page()
else:
    from starlette.middleware import Middleware

    from viz.page.headers import Headers
    from viz.page.hosting import warn_of_exposure

    warn_of_exposure()
    app = st.App(__file__, middleware=[Middleware(Headers)])
