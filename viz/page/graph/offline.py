"""The player in one HTML text that needs no server and no network, for files and for notebooks.

The pictures of what a click can open are made in advance, a few of them; what is not among these
does not offer itself. Where scripts are off the still picture stands in its place. A policy in
the page itself forbids it to load anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Final
from zlib import crc32

from viz.drawing import Drawing, GraphView, fold, folder, standalone, svg
from viz.drawing.colours import CSS, DARK, LIGHT
from viz.drawing.picture.drawing import stills
from viz.drawing.picture.svg import as_image
from viz.errors import DrawingFailed
from viz.page.components.bundle import bundled
from viz.page.components.payload import payload
from viz.page.components.texts import TEXTS
from viz.page.graph.playing import played
from viz.page.session.language import _, spoken
from viz.records import Trace

IN_FILE: Final = 16
"""Pictures in a file, beside the first."""
IN_NOTEBOOK: Final = 4
"""The same in a notebook, which keeps every output that it ever showed."""
NODES_AT_ONCE: Final = 100_000
"""Nodes that a cell goes through for all its pictures together: of a graph that is as large as that
it shows one, and waits no longer for it.
"""
LARGEST: Final = 4_000_000
"""Characters of all pictures together, with their steps, about."""
HEIGHT: Final = 560
"""Pixels of a player in a notebook."""
LEGIBLE: Final = 24
"""Cards that can be read in one."""
COMPONENTS: Final = Path(__file__).resolve().parents[1] / "components"
STYLES: Final = ("shared/base.css", "graph/player.css", "graph/picture/picture.css")
POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
)
FONTS: Final = "--st-font: 'Source Sans', system-ui, sans-serif; --st-code-font: monospace;"
OWN_STYLE: Final = """
.player { height: 100vh !important; min-height: 20rem; border: 0; }
.player header { padding-left: 0.6rem; }
.bar { padding-inline: 0.4rem; }
"""
_ROLES: Final = {
    "text": "ink",
    "background": "paper",
    "blue": "forward",
    "orange": "backward",
    "green": "selection",
    "gray": "muted",
}
_SURFACES: Final = {
    "light": {"secondary-background": "#f5f3ee", "border": "#d9d5ca", "red": "#a8201a"},
    "dark": {"secondary-background": "#1f2227", "border": "#3a3e44", "red": "#f28b82"},
}


def document(drawing: Drawing, pictures: int = IN_FILE) -> str:
    """The HTML of a drawing's player with some further `pictures`; raises `DrawingFailed`."""
    trace = drawing.trace
    assert trace is not None
    records = (f"{_inert(name)}:{record}" for name, record in _pictures(drawing, trace, pictures))
    styles, texts = [*_styles(), OWN_STYLE], {text: _(text) for text in TEXTS}
    data = (
        f'{{"styles":{_inert(styles)},"pictures":{{{",".join(records)}}},"texts":{_inert(texts)}}}'
    )
    program = trace.program.function or trace.program.source[:60] or "graph_of"
    title = escape(f"{program} · Autograd Explorer")
    still = standalone(svg(drawing.view, drawing.display, _))
    return f"""<!doctype html>
<html lang="{escape(spoken())}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{title}</title>
<style>
{_colours(drawing.theme)}
body {{ margin: 0; background: var(--st-background-color); }}
</style>
</head>
<body>
<div id="player">{still}</div>
<script type="application/json" id="run">{data}</script>
<script type="module">
{bundled(COMPONENTS / "offline" / "offline.js")}
const {{ styles, pictures, texts }} = JSON.parse(document.getElementById("run").textContent);
modules["offline/offline.js"].play(document.getElementById("player"), styles, pictures, texts);
</script>
</body>
</html>
"""


def as_file(drawing: Drawing) -> dict[str, str]:
    """What `viz.drawing.Drawing.html` gives."""
    return {"text/html": document(drawing)}


def in_notebook(trace: Trace) -> dict[str, str]:
    """A run in a notebook: the player, the still picture where no frame or no HTML is shown;
    nothing but its text where no picture can be made.
    """
    try:
        drawing = _legible(trace)
        most = min(IN_NOTEBOOK, NODES_AT_ONCE // max(len(trace.nodes), 1))
        # one line: in Markdown, which notebooks are also made into, HTML ends at an empty one
        page = escape(document(drawing, most)).replace("\n", "&#10;")
        frame = (
            f'<iframe title="Autograd Explorer" width="100%" height="{HEIGHT}" style="border:0" '
            f'sandbox="allow-scripts allow-downloads" srcdoc="{page}"></iframe>'
        )
        still = stills(drawing)
        return {"text/html": _in_place_of(still["image/svg+xml"], trace, frame), **still}
    except DrawingFailed:
        return {}


# ── parts ──


def _in_place_of(still: str, trace: Trace, frame: str) -> str:
    """A frame, and where a viewer takes frames and styles out (as JupyterLab does of a notebook
    that somebody else ran), the still picture, which a style hides."""
    name = f"still-{crc32(still.encode()):08x}"  # its own: another cell's style must not hide it
    hidden = f"<style>img.{name} {{ display: none !important; }}</style>"
    return hidden + as_image(still, repr(trace), name) + frame


def _legible(trace: Trace) -> Drawing:
    """The picture to begin with: of a model that is too large to be read its parts as boxes, each
    of which a click opens.
    """
    view = fold(trace)
    if len(view.nodes) > LEGIBLE and trace.modules:
        parts = fold(trace, depth=1)
        if 1 < len(parts.nodes) < len(view.nodes):
            return Drawing(parts, trace=trace, depth=1)
    return Drawing(view, trace=trace)


def _pictures(drawing: Drawing, trace: Trace, most: int) -> Iterator[tuple[str, str]]:
    """The pictures as JSON by what is opened in them, what opens first before what is inside it."""
    states = _states(drawing, trace, most)
    room = LARGEST
    for opened, view in states.items():
        offered = tuple(
            replace(
                node,
                opens=tuple(each for each in node.opens if opened | {each} in states),
                closes=_closing(node.closes, opened, states),
            )
            for node in view.nodes
        )
        view = replace(view, nodes=offered)
        record = _written(payload(played(trace, view, drawing.display)))
        room -= len(record)
        if room < 0 and opened:
            return
        yield " ".join(sorted(opened)), _inside_script(record)


def _states(drawing: Drawing, trace: Trace, most: int) -> dict[frozenset[str], GraphView]:
    """Views by what is opened in them."""
    states = {frozenset[str](): drawing.view}
    fold_with = folder(trace, drawing.display, depth=drawing.depth)
    waiting = [frozenset[str]()]
    while waiting:
        opened = waiting.pop(0)
        for node in states[opened].nodes:
            for name in node.opens:
                further = opened | {name}
                if len(states) <= most and further not in states:
                    states[further] = fold_with(further)
                    waiting.append(further)
    return states


def _closing(
    closes: str | None, opened: frozenset[str], states: dict[frozenset[str], GraphView]
) -> str | None:
    return closes if closes is not None and opened - set(closes.split()) in states else None


def _styles() -> list[str]:
    base, player, picture = ((COMPONENTS / name).read_text("utf-8") for name in STYLES)
    return [base, player, CSS + picture]


def _colours(theme: str) -> str:
    """The page's colours: the reader's own choice of light and dark, or those of a dark drawing;
    on paper ink."""
    light = f":root {{ {_palette(LIGHT, 'light')} color-scheme: light; }}"
    dark = f":root {{ {_palette(DARK, 'dark')} color-scheme: dark; }}"
    asked = "screen" if theme == "dark" else "screen and (prefers-color-scheme: dark)"
    return f"{light}\n@media {asked} {{ {dark} }}"


def _palette(colours: dict[str, str], theme: str) -> str:
    named = {name: colours[role] for name, role in _ROLES.items()} | _SURFACES[theme]
    told = "".join(f"--st-{name}-color: {value}; " for name, value in named.items())
    return f"{FONTS} --st-button-radius: 4px; --st-base-radius: 4px; {told}"


def _written(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False)


def _inside_script(text: str) -> str:
    """JSON inside a script element: nothing in it can end the element."""
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _inert(data: object) -> str:
    return _inside_script(_written(data))
