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
from viz.page.components.payload import payload

HERE: Final = Path(__file__).resolve().parent

# in the order of use: a file may use what stands in the files before it
SCRIPTS: Final = (
    "bus",
    "editor",
    "inputs",
    "panzoom",
    "picture",
    "panel",
    "downloads",
    "heading",
    "quiz",
    "player",
    "overlay",
    "steps",
    "clicks",
    "kinds",
    "shell",
)

STYLES: Final = ("base", "editor", "inputs", "player", "picture", "overlay", "steps")

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
    styles = {name: (HERE / "css" / f"{name}.css").read_text("utf-8") for name in STYLES}
    styles["picture"] = CSS + styles["picture"]
    scripts = [(HERE / "js" / f"{name}.js").read_text("utf-8") for name in SCRIPTS]
    return "\n".join([MEETING, f"const STYLES = {json.dumps(styles)};", *scripts])


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
