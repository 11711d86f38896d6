"""The page's entry where the package is installed: `python -m viz serve` starts it.

Its folder holds Streamlit's options, the same as those in the repository's root.
"""

from viz.page import entry

if __name__ == "__main__":
    entry.drawn()
else:
    app = entry.served(__file__)
