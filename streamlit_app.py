"""The page's entry: `streamlit run streamlit_app.py`, a public page (viz/page/serving/hosting.py).

The server imports this file for `app`; each visitor's run executes it as a script.
"""

import streamlit as st

from viz.page import entry

if __name__ == "__main__":
    entry.drawn()
else:
    # Streamlit looks for this very call in the file's text, and serves without what stands around
    # the page where it does not find it
    app = st.App(__file__, middleware=entry.around())
