"""What stands around the page in the server: headers, compressed files, health, metrics, the log.

ASGI middleware that the entry puts before Streamlit (`viz/page/entry.py`), and what the host has
said of its place (`hosting`). Needs the components' names, nothing of a session.
"""
