"""The page's components in the browser: one shell that carries all code, and small ones beside it.

Streamlit sends a component's JS and CSS again with every change of its data. So the shell alone
carries them, once (its message never changes and is cached by the browser's session); the others
hold three lines that wait for the shell and open their kind. All pictures and texts arrive as
data; nothing typed ever becomes code or markup here.

A folder for each component has the record that it is sent (`__init__.py`), its script and its
style; `shared` what several need. `contract` writes the records down as the scripts' types.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from viz.drawing.colours import CSS
from viz.page.components.again import AskAgain
from viz.page.components.as_shown import AsShown
from viz.page.components.bundle import bundled
from viz.page.components.course import CourseOverview
from viz.page.components.first import FirstPicture
from viz.page.components.graph import GraphPlayer
from viz.page.components.inputs import Inputs
from viz.page.components.lesson import LessonText
from viz.page.components.overlay import CurveSamples, Overlay
from viz.page.components.payload import written
from viz.page.components.sending import sending
from viz.page.components.sent import Sent
from viz.page.components.shell import Shell
from viz.page.components.sights import Sights
from viz.page.components.source import Source
from viz.page.components.steps import Steps

HERE: Final = Path(__file__).resolve().parent

STYLES: Final = {
    "base": "shared/base.css",
    "editor": "source/editor.css",
    "inputs": "inputs/inputs.css",
    "player": "graph/player.css",
    "picture": "graph/picture/picture.css",
    "overlay": "overlay/overlay.css",
    "lesson": "lesson/lesson.css",
    "course": "course/course.css",
    "steps": "steps/steps.css",
    "as_shown": "as_shown/as_shown.css",
}

# waits for the shell; whichever of the two comes first makes the meeting place
MEETING: Final = """
globalThis.autogradExplorer ??= (() => {
  let open;
  const rooms = new Promise((resolve) => { open = resolve; });
  return { rooms, open };
})();
"""


@cache
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


KINDS: Final[dict[type[Sent], str]] = {
    Shell: "shell",
    Source: "source",
    Inputs: "inputs",
    GraphPlayer: "graph",
    Overlay: "overlay",
    CurveSamples: "samples",
    Steps: "steps",
    LessonText: "lesson",
    CourseOverview: "course",
    Sights: "sights",
    AsShown: "as_shown",
    AskAgain: "again",
    FirstPicture: "first",
}
"""The component of each record, which is its Streamlit key too; as in `shell/kinds.js`."""


@cache
def _component(kind: str) -> Callable[..., Any]:
    """A component as Streamlit knows it: made when first shown, once."""
    import streamlit as st  # what else is in here is needed without a page as well

    return st.components.v2.component(
        f"explorer_{kind}",
        html='<div class="root"></div>',
        js=shell_code() if kind == "shell" else _waiting(kind),
    )


def show(record: Sent, **changed: Callable[[], None]) -> None:
    """Puts the record's component on the page; `on_<name>_change` hear of what it sends back."""
    kind = KINDS[type(record)]
    plain, text = written(record)
    plain["sent"] = sending().numbered(kind, text)  # as `shell/places.js` reads it
    _component(kind)(key=kind, data=plain, **changed)
