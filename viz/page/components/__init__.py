"""The page's components in the browser: one shell that carries all code, and small ones beside it.

Streamlit sends a component's JS and CSS again with every change of its data. So the shell alone
carries them, once (its message never changes and is cached by the browser's session); the others
hold three lines that wait for the shell and open their kind. All pictures and texts arrive as
data; nothing typed ever becomes code or markup here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import streamlit as st

from viz.drawing.look import CSS
from viz.page.components.bundle import bundled
from viz.page.components.payload import payload

HERE: Final = Path(__file__).resolve().parent

STYLES: Final = {
    "base": "shared/base.css",
    "editor": "source/editor.css",
    "inputs": "inputs/inputs.css",
    "player": "graph/player.css",
    "picture": "graph/picture.css",
    "overlay": "overlay/overlay.css",
    "steps": "steps/steps.css",
}

# waits for the shell; whichever of the two comes first makes the meeting place
MEETING: Final = """
globalThis.autogradExplorer ??= (() => {
  let open;
  const rooms = new Promise((resolve) => { open = resolve; });
  return { rooms, open };
})();
"""


def shell_code() -> str:
    """All scripts in one module, with the styles as texts."""
    styles = {name: (HERE / file).read_text("utf-8") for name, file in STYLES.items()}
    styles["picture"] = CSS + styles["picture"]
    return "\n".join(
        [
            MEETING,
            f"globalThis.autogradExplorer.styles = {json.dumps(styles)};",
            bundled(HERE / "shell" / "shell.js"),
            'export default modules["shell/shell.js"].shell;',
        ]
    )


def _waiting(kind: str) -> str:
    return (
        f"{MEETING}export default async (component) =>\n"
        f"  (await globalThis.autogradExplorer.rooms).open({json.dumps(kind)}, component);\n"
    )


def _registered(kind: str, code: str | None = None) -> Callable[..., Any]:
    mounted = st.components.v2.component(
        f"explorer_{kind}", html='<div class="root"></div>', js=code or _waiting(kind)
    )

    def component(*, data: Any, **options: Any) -> Any:
        return mounted(data=payload(data), **options)

    return component


shell = _registered("shell", shell_code())
editor = _registered("source")
inputs = _registered("inputs")
graph = _registered("graph")
overlay = _registered("overlay")
steps = _registered("steps")
clicks = _registered("clicks")
