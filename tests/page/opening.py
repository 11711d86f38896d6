"""The page's script without a browser, as a link opens it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from viz.page.session.state import Session, linked

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "streamlit_app.py"


def begun(**parameters: str) -> AppTest:
    """The page of a link before its first run, which sends no more than the first picture."""
    app = AppTest.from_file(str(SCRIPT), default_timeout=60)
    for name, text in parameters.items():
        app.query_params[re.sub(r"^in_", "in.", name)] = text
    return app


def opened(**parameters: str) -> AppTest:
    """The whole page of a link; dots in names are written `in_x`."""
    app = begun(**parameters)
    app.session_state["session"] = Session(*linked(dict(app.query_params)), complete=True)
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All that the page says as HTML."""
    return " ".join(element.proto.body for element in app.get("html"))


def sent(app: AppTest, name: str) -> dict[str, Any]:
    """The data that the page sent to one of its components."""
    for element in app.get("bidi_component"):
        proto = element.proto
        if proto.component_name == f"explorer_{name}":
            data: dict[str, Any] = json.loads(proto.json or proto.mixed.json)
            del data["sent"]  # which data these are, for the browser
            return data
    raise AssertionError(f"no component {name}")
