"""The page's entry where the package is installed: `python -m viz serve` starts it.

Its folder holds Streamlit's options, the same as those in the repository's root.
"""

import streamlit as st

from viz.page import entry

if __name__ == "__main__":
    entry.drawn()
else:
    # Streamlit looks for this very call in the file's text, and serves without what stands around
    # the page where it does not find it
    app = st.App(__file__, middleware=entry.around())
