"""The page's entry: `streamlit run streamlit_app.py`, which makes it public (viz/page/hosting.py).

The server imports this file for `app`; each visitor's run executes it as a script.
"""

from viz.page import entry

if __name__ == "__main__":
    entry.drawn()
else:
    app = entry.served(__file__)
