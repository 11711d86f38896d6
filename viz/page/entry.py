"""What a file that Streamlit starts needs: it draws the page, and serves it with its headers.

The server imports the file for `app`, which puts a public page's headers on every answer; each
visitor's run executes it as a script. Such files are `streamlit_app.py` in the root and
`viz/page/app/streamlit_app.py` in an installed package.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.web import cli

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from viz.page.serving.watched import Health


def drawn() -> None:
    """One visitor's run."""
    # the server imports this file too, and needs none of these
    from viz.page.page import dress, page
    from viz.page.session.state import session

    icon = Path(__file__).with_name("icon.svg")
    dress()  # an open sidebar would push aside what is not yet told where to stand
    st.set_page_config(
        page_title="Autograd Explorer",
        page_icon=str(icon),
        layout="wide",
        initial_sidebar_state="expanded" if session().view.sidebar else "collapsed",
    )
    page()


def around() -> list[Any]:
    """What stands around the page in the server, as `st.App` takes it; asked once, at the start."""
    from starlette.middleware import Middleware

    from viz.page.serving.arriving import Arriving
    from viz.page.serving.at_once import send_at_once
    from viz.page.serving.compressed import Compressed
    from viz.page.serving.headers import Headers
    from viz.page.serving.hosting import warn_of_exposure
    from viz.page.serving.logs import quiet
    from viz.page.serving.watched import Watched
    from viz.page.warm import warm

    quiet()
    warn_of_exposure()
    send_at_once()  # the server has its socket by now
    threading.Thread(target=_announce, name="announce", daemon=True).start()
    warm()
    return [
        Middleware(Headers),
        Middleware(Watched, _health, _counted),
        Middleware(Compressed),
        Middleware(Arriving),
    ]


def _health() -> Health:
    from viz.page.asking.health import job  # what it needs is loaded when it is asked for

    return job()


def _announce() -> None:
    from viz.page.asking.health import announce

    announce()


def _counted() -> CollectorRegistry:
    from viz.page.asking.health import registry

    return registry()


def started(options: Sequence[str]) -> int:
    """Serves the page of the installed package until it is ended; the exit status."""
    file = Path(__file__).with_name("app") / "streamlit_app.py"
    # Streamlit would ask for an e-mail address and wait, and would watch every file for changes
    quiet = ["--server.showEmailPrompt=false", "--server.fileWatcherType=none"]
    sys.argv = ["streamlit", "run", str(file), *quiet, *options]
    return int(cli.main(standalone_mode=False) or 0)
